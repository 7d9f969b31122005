//! `delegation remove`.

use clap::Args;

use super::{PathsArgs, delegation_name, find_ids, say, shown, shown_ids};
use crate::commands::publish::auto_publish;
use crate::commands::{Session, staging};
use crate::error::{CliError, Exit};
use crate::keys::IdPrefix;
use crate::remote::Access;
use crate::repo::delegate::Removal;
use crate::tuf::role::{Gun, RoleName};

/// Stage the removal of a delegation, or of some of its keys and paths
///
/// With ids of keys or with paths, notes that these are to be removed from the delegation; without,
/// that all of the delegation is. Then the question must be answered with yes. `notary publish` signs
/// and uploads it with the key of the role above.
///
/// What only the removed keys have signed is not trusted any more, once that is published. Therefore
/// `notary publish` signs it again as it is, if enough of the keys that are left are on this machine,
/// and says so; else it says who can, with `notary witness`. When a key was stolen, look at what the
/// role has signed before (`notary list --roles`), and remove what should not be there.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary delegation remove example.com/scripts targets/releases 7c4528d
  notary delegation remove example.com/scripts targets/releases --paths old/
  notary delegation remove example.com/scripts targets/releases --yes --publish")]
pub struct RemoveArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Name of the delegation, such as targets/releases
    #[arg(value_parser = delegation_name)]
    role: RoleName,

    /// Ids of keys to remove; of those that are known here the first 7 or more digits suffice
    #[arg(value_name = "ID")]
    ids: Vec<IdPrefix>,

    #[command(flatten)]
    paths: PathsArgs,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// Publish everything that is staged right away
    #[arg(short, long)]
    publish: bool,
}

/// Runs `delegation remove`.
pub fn remove(session: &mut Session<'_>, args: &RemoveArgs) -> Result<(), CliError> {
    let (role, gun) = (&args.role, &args.gun);
    // Notary-go: all paths replace those that are named.
    let paths = args.paths.prefixes()?.filter(|_| !args.paths.all_paths);
    let all_paths = args.paths.all_paths;
    let has_paths = all_paths || paths.as_ref().is_some_and(|paths| !paths.is_empty());
    // An empty variable must not remove all of it.
    if paths.is_some() && !has_paths && args.ids.is_empty() {
        let words = "there is nothing to remove: `--paths` names no path";
        return Err(CliError::new(Exit::Usage, words).hint("`--all-paths` removes all paths"));
    }
    let opened = session.open(gun, Access::push_if(args.publish))?;
    let collection = opened.collection();
    let failed = |error| opened.failed(error);
    if args.ids.is_empty() && !has_paths {
        const QUESTION: &str = "Are you sure you want to remove all data for this delegation?";
        if !args.yes && !session.ui.confirm(QUESTION) {
            return Err(session.declined("`--yes` removes without asking"));
        }
        let report = collection.stage_delegation_removal(role, &Removal::Everything);
        staging::tell(session, gun, &report.map_err(failed)?);
        session.ui.line("")?;
        let line = format!(
            "Forced removal (including all keys and paths) of delegation role {role} to \
             repository \"{gun}\" staged for next publish."
        );
        say(session.ui, &line)?;
        return auto_publish(session, &opened, args.publish);
    }
    let known = collection.known_delegation_keys(Some(role));
    let keys = find_ids(&args.ids, &known, role.as_str())?;
    let mut what = String::new();
    if !keys.is_empty() {
        what.push_str(&format!("with keys {}, ", shown_ids(&keys)));
    }
    if all_paths {
        what.push_str("with all paths, ");
    }
    if let Some(paths) = &paths {
        what.push_str(&format!("with paths [{}], ", shown(paths)));
    }
    let removal = Removal::Parts { all_paths, paths: paths.unwrap_or_default(), keys };
    let report = collection.stage_delegation_removal(role, &removal).map_err(failed)?;
    staging::tell(session, gun, &report);
    let line = format!(
        "Removal of delegation role {role} {what}to repository \"{gun}\" staged for next publish."
    );
    say(session.ui, &line)?;
    auto_publish(session, &opened, args.publish)
}
