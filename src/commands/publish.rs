//! `publish`, and publishing right after another command.

use clap::Args;
use serde::Serialize;

use super::state::{self, timestamp};
use super::{Opened, OutputArgs, Session};
use crate::changelist::Change;
use crate::config::Server;
use crate::error::{CliError, hints_for};
use crate::repo::publish::{Options, Outcome, PublishReport, PublishedFile};
use crate::repo::rebase::summary;
use crate::repo::republish::Again;
use crate::tuf::edit::{Effect, Note};
use crate::tuf::role::{Gun, RoleName};
use crate::ui::Ui;

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

/// Changes that are named in a note; more are counted.
const MAX_NAMED_CHANGES: usize = 20;

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
    tell(session, &opened, &report);
    if json {
        let output = PublishOutput::of(&args.gun, &report);
        return Ok(session.ui.json(&output)?);
    }
    match report.outcome {
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
    tell(session, opened, &report);
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

/// Says what was done, for people.
fn tell(session: &mut Session<'_>, opened: &Opened, report: &PublishReport) {
    let ui = &mut *session.ui;
    state::warnings(ui, &report.warnings);
    if let Some(again) = &report.again {
        tell_again(ui, opened, again);
    }
    if let Some(created) = &report.created {
        ui.note(&format!("made the collection; its root key is {}", created.root_key));
    }
    for (change, effect) in report.changes.iter().take(MAX_NAMED_CHANGES) {
        let already = match effect {
            Effect::Changed => "",
            Effect::Unchanged => " (already so)",
        };
        ui.note(&format!("  {}{already}", summary(change)));
    }
    let unnamed = report.changes.len().saturating_sub(MAX_NAMED_CHANGES);
    if unnamed > 0 {
        ui.note(&format!("  and {unnamed} more changes"));
    }
    for note in &report.notes {
        match note {
            Note::FewerKeysThanThreshold { role, threshold } => ui.warning(&format!(
                "{role} has fewer keys than its threshold of {threshold}; it cannot be used until \
                 keys are added"
            )),
            Note::NotPurged { role } => ui.warning(&format!(
                "{role} lists keys that are being purged, but no key to sign it is here; they stay \
                 in {role} and in the roles directly below it"
            )),
        }
    }
    if report.root_needs_renewal {
        ui.warning(
            "the root expires soon, and no root key could be used to sign it again; whoever has one \
             should publish",
        );
    }
    if report.lost_races > 0 {
        let times = report.lost_races;
        ui.note(&format!("others published meanwhile; applied the changes anew ({times} times)"));
    }
    let verb = match report.outcome {
        Outcome::AlreadyPublished => {
            ui.note("all staged changes were in the collection already; they are dropped");
            return;
        }
        Outcome::DryRun { .. } => "would publish",
        Outcome::Published { .. } => "published",
    };
    for file in &report.files {
        ui.note(&line(verb, file));
    }
    match &report.outcome {
        Outcome::AlreadyPublished => {}
        Outcome::DryRun { server_makes_snapshot } => {
            if *server_makes_snapshot {
                ui.note("the server would make the snapshot");
            }
            ui.note("nothing was signed or uploaded");
        }
        Outcome::Published { server_made_snapshot, snapshot_version } => match snapshot_version {
            Ok(version) if *server_made_snapshot => {
                ui.note(&format!("the server made snapshot version {version}"));
            }
            Ok(_) => {}
            Err(error) => {
                let words = "the server accepted it, but the collection could not be read back";
                ui.warning_about(&format!("{words}: {error}"), &**error);
                for hint in hints_for(&opened.gun, &opened.config_file, error) {
                    ui.hint(&hint);
                }
            }
        },
    }
    if let (true, Outcome::Published { .. }, Server::Directory { path, is_default: true }) =
        (report.first, &report.outcome, &session.config.server)
    {
        session.ui.note(&format!(
            "no server is configured, so it is published in `{}` on this machine; `notary serve` \
             serves it to others, `-s URL` publishes on another server",
            path.display()
        ));
    }
}

/// Says what it means for readers that the server begins anew.
fn tell_again(ui: &mut Ui, opened: &Opened, again: &Again) {
    for role in again.rekeyed() {
        ui.warning(&format!(
            "the server has another {role} key than before; the root is signed anew with it"
        ));
    }
    let is_rekeyed = again.rekeyed().any(|role| *role == RoleName::TIMESTAMP);
    if again.timestamp > 0 && !is_rekeyed {
        ui.warning(&format!(
            "the server counts timestamps from 1 again; readers who know up to version {} refuse \
             them until they run `notary delete {}`",
            again.timestamp, opened.gun
        ));
    }
}

fn line(verb: &str, file: &PublishedFile) -> String {
    let keys: Vec<_> = file.signed_by.iter().map(|id| id.short()).collect();
    let until = file.expires.map(|at| format!(", valid until {}", timestamp(at)));
    let (role, version) = (&file.role, file.version);
    format!(
        "{verb} {role} version {version}, signed by {}{}",
        keys.join(", "),
        until.unwrap_or_default()
    )
}

#[derive(Serialize)]
struct PublishOutput<'a> {
    gun: &'a Gun,
    /// `published`, `already-published` or `dry-run`.
    outcome: &'static str,
    /// Whether it is the first publication of the collection.
    first: bool,
    changes: Vec<ChangeOutput<'a>>,
    files: Vec<FileOutput<'a>>,
    snapshot: Option<SnapshotOutput>,
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

#[derive(Serialize)]
struct FileOutput<'a> {
    role: &'a RoleName,
    version: u64,
    /// Canonical ids.
    signed_by: Vec<&'a str>,
    expires: Option<String>,
}

#[derive(Serialize)]
struct SnapshotOutput {
    /// `client` or `server`.
    made_by: &'static str,
    version: Option<u64>,
}

impl<'a> PublishOutput<'a> {
    fn of(gun: &'a Gun, report: &'a PublishReport) -> Self {
        let maker = |server: bool| if server { "server" } else { "client" };
        let (outcome, snapshot) = match &report.outcome {
            Outcome::AlreadyPublished => ("already-published", None),
            Outcome::DryRun { server_makes_snapshot } => {
                let made_by = maker(*server_makes_snapshot);
                ("dry-run", Some(SnapshotOutput { made_by, version: None }))
            }
            Outcome::Published { server_made_snapshot, snapshot_version } => {
                let version = snapshot_version.as_ref().ok().copied();
                let made_by = maker(*server_made_snapshot);
                ("published", Some(SnapshotOutput { made_by, version }))
            }
        };
        let file = |file: &'a PublishedFile| FileOutput {
            role: &file.role,
            version: file.version,
            signed_by: file.signed_by.iter().map(|id| id.as_str()).collect(),
            expires: file.expires.map(timestamp),
        };
        Self {
            gun,
            outcome,
            first: report.first,
            changes: report.changes.iter().map(ChangeOutput::of).collect(),
            files: report.files.iter().map(file).collect(),
            snapshot,
        }
    }
}
