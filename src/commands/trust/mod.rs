//! `trust`: which roots are trusted, and why.

mod forget;
mod pin;
mod show;

use clap::{Args, Subcommand};

use super::Session;
use crate::error::CliError;

/// See, pin and forget which roots are trusted
///
/// Whoever has seen a collection once accepts only what follows from the root that was seen first.
/// Pins say which root certificates are right, so that the first contact is safe as well.
#[derive(Args, Debug)]
pub struct TrustArgs {
    #[command(subcommand)]
    command: TrustCommand,
}

#[derive(Debug, Subcommand)]
enum TrustCommand {
    Forget(forget::ForgetArgs),
    Pin(pin::PinArgs),
    Show(show::ShowArgs),
}

/// Runs a command below `trust`.
pub fn trust(session: &mut Session<'_>, args: &TrustArgs) -> Result<(), CliError> {
    match &args.command {
        TrustCommand::Forget(args) => forget::forget(session, args),
        TrustCommand::Pin(args) => pin::pin(session, args),
        TrustCommand::Show(args) => show::show(session, args),
    }
}
