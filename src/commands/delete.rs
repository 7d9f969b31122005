//! `delete`.

use clap::Args;

use super::Session;
use crate::error::CliError;
use crate::remote::Access;
use crate::store::MetadataStore as _;
use crate::tuf::role::{Gun, RoleName};

/// Remove a collection from this machine, and from the server if asked to
///
/// Removes the metadata and the staged changes of the collection. Keys are never removed. Staged
/// changes, a collection that was never published, and with --remote the collection on the server
/// cannot be had again; if any of that would be lost, the question must be answered with yes.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary delete example.com/scripts
  notary delete example.com/scripts --remote --yes")]
pub struct DeleteArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Remove it from the server, too
    #[arg(long)]
    remote: bool,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    #[arg(hide = true)]
    extra: Vec<String>,
}

/// Runs `delete`.
pub fn delete(session: &mut Session<'_>, args: &DeleteArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let opened = session.open_unpinned(&args.gun, Access::All);
    let deletable = opened.collection().check_deletable(&opened.store, args.remote);
    deletable.map_err(|error| opened.failed(error))?;
    if !args.yes {
        let lost = what_is_lost(args, &opened)?;
        let question = format!("Are you sure you want to remove {}?", lost.join(" and "));
        if !lost.is_empty() && !session.ui.confirm(&question) {
            return Err(session.declined("`--yes` deletes without asking"));
        }
    }
    session.ui.line(&format!("Deleting trust data for repository {}", args.gun))?;
    {
        let known = opened.store.exists().map_err(|error| opened.failed(error))?;
        let _lock = known.then(|| session.lock_for_publishing(&opened)).transpose()?;
        let deleted = opened.collection().delete(&opened.store, args.remote);
        deleted.map_err(|error| opened.failed(error))?;
    }
    let what = if args.remote { "local and remote" } else { "local" };
    let line = format!("Successfully deleted {what} trust data for repository {}", args.gun);
    Ok(session.ui.line(&line)?)
}

/// What nobody could bring back.
fn what_is_lost(args: &DeleteArgs, opened: &super::Opened) -> Result<Vec<String>, CliError> {
    let mut lost = Vec::new();
    if args.remote {
        let server = opened.collection().remote.server();
        lost.push(format!("the collection {} from {server}", args.gun));
    }
    let status = opened.collection().status().map_err(|error| opened.failed(error))?;
    match status.staged.len() {
        0 => {}
        1 => lost.push("1 staged change".to_owned()),
        count => lost.push(format!("{count} staged changes")),
    }
    if status.unpublished {
        let root = opened.store.location(&RoleName::ROOT);
        lost.push(format!("the unpublished collection with the root `{}`", root.display()));
    }
    Ok(lost)
}
