//! `delegation purge`.

use clap::Args;

use super::find_ids;
use crate::cli::Words;
use crate::commands::publish::auto_publish;
use crate::commands::{Session, staging};
use crate::error::{CliError, Exit};
use crate::keys::IdPrefix;
use crate::remote::Access;
use crate::tuf::role::Gun;

/// Stage the removal of keys from all delegations
///
/// Notes that the keys are to be removed wherever a delegation lists them, for instance because
/// somebody left or a key was lost. `notary publish` signs and uploads it: the roles whose keys are
/// on this machine, it names those that others must sign.
///
/// What only the removed keys have signed is not trusted any more, once that is published. Therefore
/// `notary publish` signs it again as it is, if enough of the keys that are left are on this machine,
/// and says so; else it says who can, with `notary witness`. When a key was stolen, look at what the
/// role has signed before (`notary list --roles`), and remove what should not be there.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary delegation purge example.com/scripts --key 7c4528d --publish")]
pub struct PurgeArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Ids of the keys, separated by commas or by repeating the option; of those that are known here
    /// the first 7 or more digits suffice
    #[arg(long = "key", value_name = "IDS", required = true)]
    keys: Vec<Words>,

    /// Publish everything that is staged right away
    #[arg(short, long)]
    publish: bool,
}

/// Runs `delegation purge`.
pub fn purge(session: &mut Session<'_>, args: &PurgeArgs) -> Result<(), CliError> {
    let words = args.keys.iter().flat_map(|words| &words.0);
    let prefixes = words.map(|word| {
        let usage = |why| CliError::new(Exit::Usage, format!("{word:?} is no key: {why}"));
        word.parse::<IdPrefix>().map_err(usage)
    });
    let prefixes = prefixes.collect::<Result<Vec<_>, _>>()?;
    if prefixes.is_empty() {
        return Err(CliError::new(Exit::Usage, "`--key` names no key"));
    }
    let opened = session.open(&args.gun, Access::push_if(args.publish))?;
    let collection = opened.collection();
    let known = collection.known_delegation_keys(None);
    let keys = find_ids(&prefixes, &known, "a delegation")?;
    let report = collection.stage_purge(&keys).map_err(|error| opened.failed(error))?;
    staging::tell(session, &args.gun, &report);
    session.ui.line(&format!(
        "Removal of the following keys from all delegations in {} staged for next publish:",
        args.gun
    ))?;
    keys.iter().try_for_each(|id| session.ui.item(id.as_str()))?;
    auto_publish(session, &opened, args.publish)
}
