//! Showing and writing publications that are signed on several machines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::Serialize;
use zeroize::Zeroizing;

use super::list::hex_hashes;
use super::new_file::{NewFile, STREAM, read_stdin};
use super::push;
use super::state::{self, timestamp};
use super::{Opened, Session};
use crate::changelist::Change;
use crate::error::{CliError, Exit, shell_word};
use crate::fsutil;
use crate::repo::Error as RepoError;
use crate::repo::partial::{PrepareReport, RoleReport};
use crate::repo::rebase::summary;
use crate::tuf::canonical;
use crate::tuf::key::{Base64, KeyId};
use crate::tuf::metadata::FileMeta;
use crate::tuf::partial::differences::{KeysDifference, Signatories, TargetDifference};
use crate::tuf::partial::judge::Signing;
use crate::tuf::partial::{MAX_BYTES, Partial};
use crate::tuf::role::{Gun, RoleName};
use crate::ui::Ui;

/// Targets that one role adds and that are shown where nobody is asked; more are counted.
const MAX_ADDED: usize = 40;

/// Bytes of custom data that are shown as text; of more there is the hash.
const MAX_CUSTOM: usize = 400;

/// Where a partial publication goes.
pub struct Destination {
    name: PathBuf,
    /// `None` for stdout.
    file: Option<NewFile>,
}

impl Destination {
    /// Makes sure that it can be written, before anybody types anything. With `json`, stdout is
    /// for something else.
    pub fn new(
        session: &Session<'_>,
        name: &Path,
        replace: bool,
        json: bool,
    ) -> Result<Self, CliError> {
        let file = match name == Path::new(STREAM) {
            true if json => {
                let words = "the file and JSON cannot both go to stdout";
                return Err(CliError::new(Exit::Usage, words).hint("give the name of a file"));
            }
            true => None,
            false => Some(NewFile::new(session.cwd.join(name), replace)?),
        };
        Ok(Self { name: name.to_owned(), file })
    }

    /// Whether stdout is taken.
    pub fn is_stdout(&self) -> bool {
        self.file.is_none()
    }

    /// What the user calls it.
    pub fn name(&self) -> String {
        self.name.display().to_string()
    }

    /// The file as it can be pasted into a shell.
    pub fn word(&self) -> String {
        match self.is_stdout() {
            true => "FILE".to_owned(),
            false => shell_word(&self.name()),
        }
    }

    /// Writes it.
    pub fn write(&self, session: &mut Session<'_>, partial: &Partial) -> Result<(), CliError> {
        let bytes = partial.to_bytes();
        if bytes.len() as u64 > MAX_BYTES {
            let words = format!("what is to be signed has more than {} MiB", MAX_BYTES >> 20);
            return Err(CliError::new(Exit::Failed, words).hint("publish it in several parts"));
        }
        let Some(file) = &self.file else {
            return Ok(session.ui.stdout().write_all(&bytes)?);
        };
        file.write(&bytes, |written| match written == bytes {
            true => Ok(()),
            false => {
                let words = format!("`{}` was not written as it should be", self.name());
                Err(CliError::new(Exit::Failed, words))
            }
        })
    }
}

/// Reads a partial publication, also from stdin.
pub fn read(session: &mut Session<'_>, file: &Path) -> Result<Partial, CliError> {
    let bytes = match file == Path::new(STREAM) {
        true => read_stdin(session, MAX_BYTES)?.ok_or_else(|| {
            let words = format!("stdin has more than {} MiB", MAX_BYTES >> 20);
            CliError::new(Exit::Failed, words)
        })?,
        false => {
            let path = session.cwd.join(file);
            let bytes = fsutil::read_bounded(&path, MAX_BYTES)?;
            Zeroizing::new(bytes.ok_or_else(|| fsutil::missing(&path))?)
        }
    };
    Partial::parse(&bytes).map_err(|why| CliError::of_partial(file, why))
}

/// Says that the publication was prepared for another server than the one that is asked.
pub fn tell_server(session: &mut Session<'_>, opened: &Opened, partial: &Partial) {
    let server = opened.collection().remote.server().to_owned();
    if partial.server != server {
        session.ui.note(&format!(
            "it was prepared for the collection on {}; this is about {server}",
            partial.server
        ));
    }
}

/// Says which staged changes the publication names although the collection does not have them.
pub fn tell_kept(session: &mut Session<'_>, kept: &Result<Vec<Change>, RepoError>) {
    match kept {
        Ok(kept) => {
            for change in kept {
                let words = "stays staged, since it is not in the collection";
                session.ui.note(&format!("  {}: {words}", summary(change)));
            }
        }
        Err(error) => {
            let words = "the changes that were published are still staged";
            session.ui.warning_about(&format!("{words}: {error}"), error);
        }
    }
}

/// Says what was prepared, for people, and what comes next.
pub fn tell_prepared(
    session: &mut Session<'_>,
    opened: &Opened,
    destination: &Destination,
    report: &PrepareReport,
) {
    let ui = &mut *session.ui;
    state::warnings(ui, &report.warnings);
    push::tell_changes(ui, &report.changes);
    for note in &report.notes {
        push::tell_note(ui, &opened.gun, note);
    }
    for role in &report.roles {
        ui.note(&format!("prepared {}", signed_line(role)));
    }
    for role in &report.removed {
        ui.note(&format!("prepared the removal of the file of {role}"));
    }
    ui.note(match report.changes.is_empty() {
        true => "nothing was uploaded",
        false => "nothing was uploaded; the changes are still staged",
    });
    tell_next(ui, &opened.gun, destination, report.roles.iter().all(RoleReport::is_complete));
}

/// Says what comes next.
pub fn tell_next(ui: &mut Ui, gun: &Gun, file: &Destination, is_complete: bool) {
    let word = file.word();
    ui.hint(&match is_complete {
        true => format!("`notary publish {} --from {word}` uploads it", shell_word(gun.as_str())),
        false => {
            format!("`notary sign {word}` adds the signatures that are missing, where the keys are")
        }
    });
}

/// The roles that somebody has signed.
pub fn signed_roles(roles: &[RoleReport]) -> Vec<RoleName> {
    let signed =
        roles.iter().filter(|role| role.signings.iter().any(|it| !it.signed_by.is_empty()));
    signed.map(|role| role.role.clone()).collect()
}

/// Who has signed the next file of a role, in a line.
pub fn signed_line(report: &RoleReport) -> String {
    let RoleReport { role, version, .. } = report;
    let expires = timestamp(report.expires);
    let signings: Vec<_> = report.signings.iter().map(signing_words).collect();
    format!("{role} version {version}, valid until {expires}: {}", signings.join("; "))
}

fn signing_words(signing: &Signing) -> String {
    let short = |ids: &mut dyn Iterator<Item = &KeyId>| {
        ids.map(|id| id.short().to_owned()).collect::<Vec<_>>().join(", ")
    };
    let (have, all) = (signing.signed_by.len(), signing.keys.canonical_ids().len());
    let by = match have {
        0 => "signed by nobody".to_owned(),
        _ => format!("signed by {}", short(&mut signing.signed_by.iter())),
    };
    let mut words = format!("{by}{}", push::how_many(have, all, signing.keys.needed()));
    if signing.lacking() > 0 {
        let missing = signing.missing();
        words.push_str(&format!(", {} can still sign", short(&mut missing.iter())));
    }
    words
}

/// What the next file of a role changes, in lines: first what becomes of what is there, and who may
/// sign; then what is added, of which all is shown if somebody has to decide about it.
pub fn difference_lines(report: &RoleReport, all: bool) -> Vec<String> {
    let differences = &report.differences;
    let what = match differences.role == RoleName::ROOT {
        true => "role",
        false => "delegation",
    };
    let mut lines: Vec<String> = differences.roles.iter().map(|it| keys_line(what, it)).collect();
    if let Some(order) = &differences.order {
        lines.push(format!("  puts the delegations in this order: {}", order.join(", ")));
    }
    let (added, others): (Vec<_>, Vec<_>) =
        differences.targets.iter().partition(|target| target.before.is_none());
    lines.extend(others.into_iter().map(target_line));
    let shown = if all { added.len() } else { MAX_ADDED };
    lines.extend(added.iter().take(shown).map(|target| target_line(target)));
    if lines.is_empty() {
        lines.push("  changes nothing but version and expiry".to_owned());
    }
    if let more @ 1.. = added.len().saturating_sub(shown) {
        lines.push(format!("  and adds {more} more; `--json` has all of them"));
    }
    lines
}

fn target_line(target: &TargetDifference) -> String {
    let name = &target.name;
    match (&target.before, &target.after) {
        (None, Some(after)) => format!("  adds {name:?}: {}", meta_words(after)),
        (Some(before), None) => format!("  removes {name:?}: {}", meta_words(before)),
        (Some(before), Some(after)) => {
            format!("  changes {name:?}: {} -> {}", meta_words(before), meta_words(after))
        }
        (None, None) => format!("  leaves {name:?}"),
    }
}

/// All that is signed about a target, so that no two that differ look alike.
fn meta_words(meta: &FileMeta) -> String {
    let hash = |(name, hash): (&String, &Base64)| format!("{name} {}", HEXLOWER.encode(&hash.0));
    let mut words = vec![format!("{} bytes", meta.length)];
    words.extend(meta.hashes.iter().map(hash));
    if let Some(custom) = &meta.custom {
        let text = canonical::to_vec(custom);
        words.push(match text.len() <= MAX_CUSTOM {
            true => format!("custom data {}", String::from_utf8_lossy(&text)),
            false => {
                let hash = FileMeta::of(&text).sha256().unwrap_or_default();
                format!("custom data of {} bytes with sha256 {hash}", text.len())
            }
        });
    }
    words.join(", ")
}

fn keys_line(what: &str, difference: &KeysDifference) -> String {
    let role = &difference.role;
    match (&difference.before, &difference.after) {
        (None, Some(after)) => format!("  adds {what} {role}: {}", signatories_words(after)),
        (Some(before), None) => format!("  removes {what} {role}: {}", signatories_words(before)),
        (Some(before), Some(after)) => {
            // A key that gets another certificate is the same key under another id.
            let is_certificate = before.keys == after.keys && before.key_ids != after.key_ids;
            format!(
                "  changes {what} {role}: {} -> {}{}",
                signatories_words(before),
                signatories_words(after),
                if is_certificate { ", with other certificates" } else { "" }
            )
        }
        (None, None) => format!("  leaves {what} {role}"),
    }
}

fn signatories_words(signatories: &Signatories) -> String {
    let keys = match signatories.keys.is_empty() {
        true => "no keys".to_owned(),
        false => state::join(&signatories.keys),
    };
    let paths: Vec<_> = signatories.paths.iter().map(|path| format!("{path:?}")).collect();
    let paths = match paths.is_empty() {
        true => String::new(),
        false => format!(", paths {}", paths.join(", ")),
    };
    format!("{} of {keys}{paths}", signatories.threshold)
}

/// A publication for several signers, in JSON.
#[derive(Serialize)]
pub struct PartialOutput<'a> {
    gun: &'a Gun,
    file: String,
    server: &'a str,
    /// Whether enough keys have signed everything.
    complete: bool,
    roles: Vec<RoleOutput<'a>>,
    /// Roles whose files are removed.
    removed: Vec<&'a RoleName>,
    /// Roles that were signed by this run.
    signed: Vec<&'a RoleName>,
}

#[derive(Serialize)]
struct RoleOutput<'a> {
    role: &'a RoleName,
    version: u64,
    present_version: Option<u64>,
    expires: String,
    complete: bool,
    signatures: Vec<SigningOutput<'a>>,
    targets: Vec<TargetOutput<'a>>,
    roles: Vec<KeysOutput<'a>>,
    order: Option<&'a [String]>,
}

#[derive(Serialize)]
struct SigningOutput<'a> {
    keys: Vec<String>,
    threshold: u64,
    signed_by: Vec<&'a str>,
    lacking: u64,
}

#[derive(Serialize)]
struct TargetOutput<'a> {
    name: &'a str,
    before: Option<MetaOutput<'a>>,
    after: Option<MetaOutput<'a>>,
}

#[derive(Serialize)]
struct MetaOutput<'a> {
    length: i64,
    hashes: BTreeMap<&'a str, String>,
    custom: Option<&'a crate::tuf::json::Json>,
}

#[derive(Serialize)]
struct KeysOutput<'a> {
    role: &'a str,
    before: Option<SignatoriesOutput<'a>>,
    after: Option<SignatoriesOutput<'a>>,
}

#[derive(Serialize)]
struct SignatoriesOutput<'a> {
    keys: Vec<&'a str>,
    /// The ids by which the metadata lists them.
    listed_as: Vec<&'a str>,
    threshold: i64,
    paths: &'a [String],
}

impl<'a> PartialOutput<'a> {
    /// The output for what is in `file` now.
    pub fn of(
        gun: &'a Gun,
        file: String,
        partial: &'a Partial,
        (roles, removed): (&'a [RoleReport], &'a BTreeSet<RoleName>),
        signed: &'a [RoleName],
    ) -> Self {
        Self {
            gun,
            file,
            server: &partial.server,
            complete: roles.iter().all(RoleReport::is_complete),
            roles: roles.iter().map(RoleOutput::of).collect(),
            removed: removed.iter().collect(),
            signed: signed.iter().collect(),
        }
    }
}

impl<'a> RoleOutput<'a> {
    fn of(report: &'a RoleReport) -> Self {
        let signatures = report.signings.iter().map(|signing| SigningOutput {
            keys: signing.keys.canonical_ids().iter().map(ToString::to_string).collect(),
            threshold: signing.keys.needed(),
            signed_by: signing.signed_by.iter().map(KeyId::as_str).collect(),
            lacking: signing.lacking(),
        });
        let targets = report.differences.targets.iter().map(|target| TargetOutput {
            name: &target.name,
            before: target.before.as_ref().map(MetaOutput::of),
            after: target.after.as_ref().map(MetaOutput::of),
        });
        let roles = report.differences.roles.iter().map(|role| KeysOutput {
            role: &role.role,
            before: role.before.as_ref().map(SignatoriesOutput::of),
            after: role.after.as_ref().map(SignatoriesOutput::of),
        });
        Self {
            role: &report.role,
            version: report.version,
            present_version: report.differences.present_version,
            expires: timestamp(report.expires),
            complete: report.is_complete(),
            signatures: signatures.collect(),
            targets: targets.collect(),
            roles: roles.collect(),
            order: report.differences.order.as_deref(),
        }
    }
}

impl<'a> MetaOutput<'a> {
    fn of(meta: &'a FileMeta) -> Self {
        Self { length: meta.length, hashes: hex_hashes(meta), custom: meta.custom.as_ref() }
    }
}

impl<'a> SignatoriesOutput<'a> {
    fn of(signatories: &'a Signatories) -> Self {
        Self {
            keys: signatories.keys.iter().map(KeyId::as_str).collect(),
            listed_as: signatories.key_ids.iter().map(KeyId::as_str).collect(),
            threshold: signatories.threshold,
            paths: &signatories.paths,
        }
    }
}
