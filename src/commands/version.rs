//! `version`.

use clap::Args;
use serde::Serialize;

use super::{OutputArgs, Session};
use crate::error::CliError;

/// Print the version of the program
#[derive(Args, Debug)]
pub struct VersionArgs {
    #[command(flatten)]
    output: OutputArgs,

    #[arg(hide = true)]
    extra: Vec<String>,
}

#[derive(Serialize)]
struct VersionOutput {
    version: &'static str,
    commit: Option<&'static str>,
}

/// The commit that the program was built from, if whoever built it said so.
const COMMIT: Option<&str> = option_env!("NOTARY_GIT_COMMIT");

/// Runs `version`.
pub fn version(session: &mut Session<'_>, args: &VersionArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let version = env!("CARGO_PKG_VERSION");
    if args.output.is_json() {
        return Ok(session.ui.json(&VersionOutput { version, commit: COMMIT })?);
    }
    session.ui.line("notary")?;
    session.ui.line(&format!(" Version:    {version}"))?;
    Ok(session.ui.line(&format!(" Git commit: {}", COMMIT.unwrap_or("unknown")))?)
}
