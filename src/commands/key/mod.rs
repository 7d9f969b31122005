//! `key`: the private keys of this machine.

mod generate;
mod list;
mod remember;

use clap::{Args, Subcommand};

use super::Session;
use crate::error::CliError;

/// Manage private keys
#[derive(Args, Debug)]
pub struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    Forget(remember::ForgetArgs),
    Generate(generate::GenerateArgs),
    List(list::ListArgs),
    Remember(remember::RememberArgs),
}

/// Runs a command below `key`.
pub fn key(session: &mut Session<'_>, args: &KeyArgs) -> Result<(), CliError> {
    match &args.command {
        KeyCommand::Forget(args) => remember::forget(session, args),
        KeyCommand::Generate(args) => generate::generate(session, args),
        KeyCommand::List(args) => list::list(session, args),
        KeyCommand::Remember(args) => remember::remember(session, args),
    }
}
