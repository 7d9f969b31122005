//! `publish`, and publishing right after another command.

use clap::Args;
use serde::Serialize;

use super::push::{self, PushedOutput};
use super::{Opened, OutputArgs, Session};
use crate::changelist::Change;
use crate::error::CliError;
use crate::repo::publish::PublishReport;
use crate::repo::push::{Options, Outcome};
use crate::tuf::edit::Effect;
use crate::tuf::role::Gun;

/// Sign the staged changes and upload them
///
/// Gets the present state of the collection from the server, applies the staged changes to it in
/// their order, signs what has changed, checks the result as a reader would, and uploads all of it
/// at once. When somebody else publishes at the same time, the changes are applied to their state
/// and tried again. The changes stay staged until the server has accepted them.
///
/// Passphrases are taken from the environment or asked for on the terminal. The snapshot is signed
/// here if its key is here, and else by the server.
///
/// A collection that the server does not have is published if `notary init` made it on this
/// machine; with --init it is made on the way.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary publish example.com/scripts
  notary publish example.com/scripts --dry-run
  notary publish example.com/scripts --json | jq '.files'")]
pub struct PublishArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Make the collection if it does not exist
    #[arg(long)]
    init: bool,

    /// Show what would be published, without signing or uploading anything
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    output: OutputArgs,

    #[arg(hide = true)]
    extra: Vec<String>,
}

/// Runs `publish`.
pub fn publish(session: &mut Session<'_>, args: &PublishArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let opened = session.open(&args.gun)?;
    let options = Options { create: args.init, dry_run: args.dry_run };
    let json = args.output.is_json();
    if !json && !args.dry_run {
        session.ui.line(&format!("Pushing changes to {}", args.gun))?;
    }
    let report = run(session, &opened, options)?;
    push::tell(session, &opened, &report.pushed, &report.changes);
    if json {
        let output = PublishOutput::of(&args.gun, &report);
        return Ok(session.ui.json(&output)?);
    }
    match report.pushed.outcome {
        Outcome::DryRun { .. } => Ok(()),
        Outcome::AlreadyPublished | Outcome::Published { .. } => succeeded(session, &args.gun),
    }
}

/// Publishes after a command that was given `--publish`.
pub fn auto_publish(
    session: &mut Session<'_>,
    opened: &Opened,
    wanted: bool,
) -> Result<(), CliError> {
    if !wanted {
        return Ok(());
    }
    session.ui.line(&format!("Auto-publishing changes to {}", opened.gun))?;
    let report = run(session, opened, Options::default())?;
    push::tell(session, opened, &report.pushed, &report.changes);
    succeeded(session, &opened.gun)
}

fn run(
    session: &mut Session<'_>,
    opened: &Opened,
    options: Options,
) -> Result<PublishReport, CliError> {
    // A dry run changes nothing, so it need not wait for others.
    let lock = (!options.dry_run).then(|| session.lock_for_publishing(opened));
    let _lock = lock.transpose()?;
    let _keys = (options.create && !options.dry_run).then(|| session.lock_keys());
    let store = session.key_store();
    let mut keychain = session.keychain(&store);
    let report = opened.collection().publish(&mut keychain, options);
    report.map_err(|error| opened.failed(error))
}

fn succeeded(session: &mut Session<'_>, gun: &Gun) -> Result<(), CliError> {
    let line = format!("Successfully published changes for repository {gun}");
    Ok(session.ui.line(&line)?)
}

#[derive(Serialize)]
struct PublishOutput<'a> {
    gun: &'a Gun,
    changes: Vec<ChangeOutput<'a>>,
    #[serde(flatten)]
    pushed: PushedOutput<'a>,
}

#[derive(Serialize)]
struct ChangeOutput<'a> {
    action: &'static str,
    role: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    path: &'a str,
    /// Whether it made a difference.
    changed: bool,
}

impl<'a> ChangeOutput<'a> {
    fn of((change, effect): &'a (Change, Effect)) -> Self {
        Self {
            action: change.action.as_str(),
            role: &change.role,
            kind: change.kind.as_str(),
            path: &change.path,
            changed: *effect == Effect::Changed,
        }
    }
}

impl<'a> PublishOutput<'a> {
    fn of(gun: &'a Gun, report: &'a PublishReport) -> Self {
        let changes = report.changes.iter().map(ChangeOutput::of).collect();
        Self { gun, changes, pushed: PushedOutput::of(&report.pushed) }
    }
}
