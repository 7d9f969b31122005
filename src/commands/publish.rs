//! `publish`, and publishing right after another command.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::partial::{self, Destination, PartialOutput};
use super::push::{self, PushedOutput};
use super::{Opened, OutputArgs, Session, key};
use crate::changelist::Change;
use crate::error::{CliError, shell_word};
use crate::remote::Access;
use crate::repo::inventory::Inventory;
use crate::repo::partial::UploadReport;
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
///
/// Where a role needs more keys than one machine has, --sign-only writes a file with what the keys
/// at hand have signed. `notary sign` adds the signatures of others, and --from uploads it. It can
/// be uploaded as long as nobody has changed the roles in it, or those above them. The changes stay
/// staged where it was prepared until it is uploaded from there, or `notary publish` finds that
/// they are in the collection already.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary publish example.com/scripts
  notary publish example.com/scripts --dry-run
  notary publish example.com/scripts --sign-only --out release.json
  notary publish example.com/scripts --from release.json
  notary publish example.com/scripts --json | jq '.files'")]
pub struct PublishArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Make the collection if it does not exist
    #[arg(long)]
    init: bool,

    /// Show what would be published, without signing or uploading anything
    #[arg(long, conflicts_with = "sign_only")]
    dry_run: bool,

    /// Sign with the keys that are here and write a file for others to sign, instead of uploading
    #[arg(long, requires = "out", conflicts_with_all = ["from", "init"])]
    sign_only: bool,

    /// The file to write; `-` for stdout
    #[arg(long, value_name = "FILE", requires = "sign_only")]
    out: Option<PathBuf>,

    /// Replace the file if it exists
    #[arg(long, requires = "out")]
    force: bool,

    /// Upload such a file, which enough keys have signed, instead of what is staged; `-` for stdin
    #[arg(long, value_name = "FILE", conflicts_with = "init")]
    from: Option<PathBuf>,

    #[command(flatten)]
    output: OutputArgs,

    #[arg(hide = true)]
    extra: Vec<String>,
}

/// Runs `publish`.
pub fn publish(session: &mut Session<'_>, args: &PublishArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let opened = session.open(&args.gun, Access::Push)?;
    if let Some(out) = &args.out {
        return prepare(session, &opened, args, out);
    }
    if let Some(file) = &args.from {
        return publish_file(session, &opened, args, file);
    }
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

/// Writes a file for others to sign.
fn prepare(
    session: &mut Session<'_>,
    opened: &Opened,
    args: &PublishArgs,
    out: &Path,
) -> Result<(), CliError> {
    let json = args.output.is_json();
    let destination = Destination::new(session, out, args.force, json)?;
    let report = {
        let _lock = session.lock_for_publishing(opened)?;
        let store = session.key_store();
        let mut keychain = session.keychain(&store);
        let prepared = opened.collection().prepare(&mut keychain);
        prepared.map_err(|error| opened.failed(error))?
    };
    destination.write(session, &report.partial)?;
    partial::tell_prepared(session, opened, &destination, &report);
    if json {
        let signed: Vec<_> = partial::signed_roles(&report.roles);
        let (file, roles) = (destination.name(), (&report.roles[..], &report.removed));
        let output = PartialOutput::of(&args.gun, file, &report.partial, roles, &signed);
        return Ok(session.ui.json(&output)?);
    }
    if destination.is_stdout() {
        return Ok(());
    }
    let line = format!(
        "Successfully prepared changes for repository {} in {}",
        args.gun,
        destination.name()
    );
    Ok(session.ui.line(&line)?)
}

/// Uploads a file that others have signed.
fn publish_file(
    session: &mut Session<'_>,
    opened: &Opened,
    args: &PublishArgs,
    file: &Path,
) -> Result<(), CliError> {
    let found = partial::read(session, file)?;
    let json = args.output.is_json();
    if !json && !args.dry_run {
        session.ui.line(&format!("Pushing changes to {}", args.gun))?;
    }
    let UploadReport { pushed, removed, kept, retired } = {
        let lock = (!args.dry_run).then(|| session.lock_for_publishing(opened));
        let _lock = lock.transpose()?;
        let _keys = (!args.dry_run).then(|| session.lock_keys());
        let store = session.key_store();
        let mut keychain = session.keychain(&store);
        let trust_dir = session.config.trust_dir.clone();
        let inventory = || Inventory::of(&trust_dir);
        let collection = opened.collection();
        let pushed = collection.publish_partial(&mut keychain, &found, args.dry_run, &inventory);
        pushed.map_err(|error| opened.failed(error).naming(file))?
    };
    partial::tell_server(session, opened, &found);
    push::tell(session, opened, &pushed, &[]);
    for role in &removed {
        session.ui.note(&match pushed.outcome {
            Outcome::DryRun { .. } => format!("would remove the file of {role}"),
            _ => format!("removed the file of {role}"),
        });
    }
    if let Outcome::AlreadyPublished = pushed.outcome {
        session.ui.note("the collection has all of it already");
    }
    partial::tell_kept(session, &kept);
    for retired in &retired {
        match retired {
            Ok(retired) => key::tell_retired(session.ui, retired),
            Err(error) => session.ui.warning_about(&error.to_string(), error),
        }
    }
    let report = PublishReport { changes: Vec::new(), pushed };
    if json {
        return Ok(session.ui.json(&PublishOutput::of(&args.gun, &report))?);
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
    let command = format!("notary publish {}", shell_word(opened.gun.as_str()));
    report.map_err(|error| opened.failed(error).or_sign_elsewhere(&command))
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
