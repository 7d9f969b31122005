//! `witness`.

use clap::Args;

use super::publish::auto_publish;
use super::{Session, staging};
use crate::error::CliError;
use crate::remote::Access;
use crate::tuf::role::{Gun, RoleName};

/// Stage roles to be signed again as they are
///
/// Notes that `notary publish` shall sign the targets of the roles again with the keys that are here,
/// and with a new expiry. That brings back a delegation whose file expired, or whose signatures do not
/// suffice any more because a key was removed from it.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary witness example.com/scripts targets/releases
  notary witness example.com/scripts targets targets/ci --publish")]
pub struct WitnessArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// `targets` and delegations such as targets/releases
    #[arg(value_name = "ROLES", required = true, value_parser = witnessed_role)]
    roles: Vec<RoleName>,

    /// Publish everything that is staged right away
    #[arg(short, long)]
    publish: bool,
}

fn witnessed_role(text: &str) -> Result<RoleName, String> {
    let role = RoleName::parse(text).map_err(|error| error.to_string())?;
    match role.holds_targets() {
        true => Ok(role),
        false => Err("only `targets` and delegations can be signed again in this way".to_owned()),
    }
}

/// Runs `witness`.
pub fn witness(session: &mut Session<'_>, args: &WitnessArgs) -> Result<(), CliError> {
    let opened = session.open(&args.gun, Access::push_if(args.publish))?;
    let report =
        opened.collection().stage_witness(&args.roles).map_err(|error| opened.failed(error))?;
    staging::tell(session, &args.gun, &report);
    let line = "The following roles were successfully marked for witnessing on the next publish:";
    session.ui.line(line)?;
    args.roles.iter().try_for_each(|role| session.ui.item(role.as_str()))?;
    auto_publish(session, &opened, args.publish)
}
