//! What is said about a collection that was changed on its server.

use serde::Serialize;

use super::change::EditOutput;
use super::state::{self, timestamp};
use super::{Opened, Session};
use crate::changelist::Change;
use crate::config::Server;
use crate::error::{hints_for, shell_word};
use crate::repo::push::{Outcome, PublishedFile, Pushed};
use crate::repo::rebase::summary;
use crate::repo::republish::Again;
use crate::tuf::edit::{Effect, Note};
use crate::tuf::key::KeyId;
use crate::tuf::role::{Gun, RoleName};
use crate::ui::{Ui, text};

/// Changes that are named in a note; more are counted.
const MAX_NAMED_CHANGES: usize = 20;

/// Says what was pushed, for people, and which staged `changes` that were.
pub fn tell(
    session: &mut Session<'_>,
    opened: &Opened,
    report: &Pushed,
    changes: &[(Change, Effect)],
) {
    let ui = &mut *session.ui;
    state::warnings(ui, &report.warnings);
    if let Some(again) = &report.again {
        tell_again(ui, opened, again);
    }
    if let Some(created) = &report.created {
        ui.note(&format!("made the collection; its root key is {}", created.root_key));
    }
    tell_changes(ui, changes);
    for note in &report.notes {
        tell_note(ui, &opened.gun, note);
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
            if !changes.is_empty() {
                ui.note("all staged changes were in the collection already; they are dropped");
            }
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
        (report.first, &report.outcome, session.config.servers.of(&opened.gun))
    {
        session.ui.note(&format!(
            "no server is configured, so it is published in `{}` on this machine; `notary serve` \
             serves it to others, `-s URL` publishes on another server",
            path.display()
        ));
    }
}

/// Names the staged changes that were applied.
pub fn tell_changes(ui: &mut Ui, changes: &[(Change, Effect)]) {
    for (change, effect) in changes.iter().take(MAX_NAMED_CHANGES) {
        let already = match effect {
            Effect::Changed => "",
            Effect::Unchanged => " (already so)",
        };
        let edit = EditOutput::of(change).map(|edit| format!(": {}", edit.words(change.action)));
        ui.note(&format!("  {}{}{already}", summary(change), edit.unwrap_or_default()));
    }
    let unnamed = changes.len().saturating_sub(MAX_NAMED_CHANGES);
    if unnamed > 0 {
        ui.note(&format!("  and {unnamed} more changes"));
    }
}

/// Says what the publisher should know.
pub fn tell_note(ui: &mut Ui, gun: &Gun, note: &Note) {
    let witness = |role: &RoleName| {
        let gun = shell_word(gun.as_str());
        format!("`notary witness {gun} {role} -p`")
    };
    match note {
        Note::FewerKeysThanThreshold { role, threshold } => {
            ui.warning(&format!(
                "{role} has fewer keys than its threshold of {threshold}; it cannot be used until \
                 keys are added"
            ));
            let gun = shell_word(gun.as_str());
            ui.hint(&format!("`notary delegation add {gun} {role} FILE` adds keys"));
        }
        Note::NotPurged { role } => ui.warning(&format!(
            "{role} lists keys that are being purged, but no key to sign it is here; they stay \
             in {role} and in the roles directly below it"
        )),
        Note::RefusedBefore { role, why } => {
            ui.warning(&format!(
                "{role} is not signed again, although its keys have changed, since its file was \
                 refused before: {why}"
            ));
            ui.hint(&format!("{} signs it again as it is", witness(role)));
        }
        Note::LostSignatures { role, need, former, targets, signed_again: true, .. } => {
            let why = match former.is_empty() {
                true => format!("it needs {need} signatures now"),
                false => format!(
                    "it was signed by {}, which may not sign it any more",
                    state::join(former)
                ),
            };
            let targets = text::count(*targets, "target");
            ui.note(&format!("signs {role} again as it is, with {targets}, since {why}"));
        }
        Note::LostSignatures { role, need, have, keys, .. } => {
            ui.warning(&format!(
                "{role} needs signatures by {need} of its keys and has only {have} that count; \
                 nothing in it is shown until enough of these keys have signed it again: {}",
                state::join(keys)
            ));
            ui.hint(&match need {
                ..=1 => format!("whoever has one of them can: {}", witness(role)),
                _ => {
                    let gun = shell_word(gun.as_str());
                    format!(
                        "whoever has some of them can begin it with `notary witness {gun} {role}` \
                         and `notary publish {gun} --sign-only --out FILE`"
                    )
                }
            });
        }
        Note::MadeAnew { role, version, begun: true, .. } => ui.note(&format!(
            "begins {role} with an empty file, since a role of this name existed before, up to \
             version {version}"
        )),
        Note::MadeAnew { role, version, keys, .. } => {
            ui.warning(&format!(
                "a role {role} existed before, up to version {version}: until somebody publishes \
                 into the new one, servers may still show the file of the former one, and readers \
                 who knew it withhold what lower roles have signed for its paths"
            ));
            ui.hint(&format!("whoever has one of these keys should: {}", state::join(keys)));
        }
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
    let (all, need) = (file.keys.len(), file.threshold);
    let have = file.keys.iter().filter(|id| file.signed_by.contains(id)).count();
    // One of one need not be counted.
    let counted = (all > 1 || need > 1).then(|| how_many(have, all, need));
    format!(
        "{verb} {role} version {version}, signed by {}{}{}",
        keys.join(", "),
        counted.unwrap_or_default(),
        until.unwrap_or_default()
    )
}

/// How many of the keys of a role have signed, and how many must.
pub fn how_many(have: usize, all: usize, need: u64) -> String {
    format!(" ({have} of {all} keys, {need} needed)")
}

#[derive(Serialize)]
pub struct FileOutput<'a> {
    role: &'a RoleName,
    version: u64,
    /// Canonical ids.
    signed_by: Vec<&'a str>,
    /// Canonical ids of the keys that the role has.
    keys: Vec<&'a str>,
    /// How many of them must sign.
    threshold: u64,
    expires: Option<String>,
}

#[derive(Serialize)]
pub struct SnapshotOutput {
    /// `client` or `server`.
    made_by: &'static str,
    version: Option<u64>,
}

/// What was pushed, in JSON.
#[derive(Serialize)]
pub struct PushedOutput<'a> {
    /// `published`, `already-published` or `dry-run`.
    outcome: &'static str,
    /// Whether it is the first publication of the collection.
    first: bool,
    files: Vec<FileOutput<'a>>,
    snapshot: Option<SnapshotOutput>,
}

impl<'a> PushedOutput<'a> {
    /// The output for `pushed`.
    pub fn of(pushed: &'a Pushed) -> Self {
        let maker = |server: bool| if server { "server" } else { "client" };
        let (outcome, snapshot) = match &pushed.outcome {
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
            signed_by: file.signed_by.iter().map(KeyId::as_str).collect(),
            keys: file.keys.iter().map(KeyId::as_str).collect(),
            threshold: file.threshold,
            expires: file.expires.map(timestamp),
        };
        Self {
            outcome,
            first: pushed.first,
            files: pushed.files.iter().map(file).collect(),
            snapshot,
        }
    }
}
