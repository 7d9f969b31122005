//! `key`: the private keys of this machine.

mod generate;
mod list;

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
    Generate(generate::GenerateArgs),
    List(list::ListArgs),
}

/// Runs a command below `key`.
pub fn key(session: &mut Session<'_>, args: &KeyArgs) -> Result<(), CliError> {
    match &args.command {
        KeyCommand::Generate(args) => generate::generate(session, args),
        KeyCommand::List(args) => list::list(session, args),
    }
}
