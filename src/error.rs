//! How a run ends: exit codes, and the words and hints for errors.
//!
//! The layers below say what happened; this file decides which kind of failure that is and which
//! command would help. Hints are born here and nowhere else.

mod backup;
mod changes;
mod keys;
mod logins;
mod partial;
mod passphrases;
mod pins;
pub mod registry;
mod remote;
mod roles;
mod token;

use std::error::Error as StdError;
use std::io;
use std::path::Path;

use crate::changelist;
use crate::config::ConfigError;
use crate::fsutil::PathError;
use crate::keys::{KeyError, KeyStoreError};
use crate::repo::Error as RepoError;
use crate::repo::create::Place;
use crate::repo::stage::StageError;
use crate::server::StorageError;
use crate::server::http::ListenError;
use crate::store::StoreError;
use crate::tuf::edit::EditError;
use crate::tuf::error::Error as TrustError;
use crate::tuf::key::KeyId;
use crate::tuf::partial::PartialError;
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::sign::SignError;
use crate::ui::Ui;
use pins::Doing;

/// The exit codes; part of what scripts rely on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Failed, or a question was answered with no.
    Failed = 1,
    /// The command line or the configuration makes no sense.
    Usage = 2,
    /// Signatures, hashes, versions, expiry or pins do not allow it.
    Trust = 3,
    /// No such collection, target or key.
    NotFound = 4,
    /// Network or TLS.
    Network = 5,
    /// The server wants a login, or refuses the user.
    Auth = 6,
    /// A key or its passphrase is not available.
    Key = 7,
    /// It exists already, or somebody else was faster.
    Conflict = 8,
    /// Ctrl-C.
    Interrupted = 130,
}

/// A run that did not succeed.
#[derive(Debug)]
pub struct CliError {
    /// The exit code.
    pub exit: Exit,
    /// What failed; `None` when there is nothing to say.
    pub error: Option<Box<dyn StdError>>,
    /// What the user could do.
    pub hints: Vec<String>,
}

/// A failure that has no type of its own.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);

/// Data that could not be written where it was to go.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to stdout")]
struct Unwritable(#[source] io::Error);

impl CliError {
    /// Fails with these words.
    pub fn new(exit: Exit, words: impl Into<String>) -> Self {
        Self { exit, error: Some(Box::new(Failure(words.into()))), hints: Vec::new() }
    }

    /// The user said no.
    pub fn declined() -> Self {
        Self::new(Exit::Failed, "cancelled; nothing was changed")
    }

    /// Adds a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// An error of a use case on a collection; `config_file` is where pins are configured.
    pub fn of(gun: &Gun, config_file: &Path, error: RepoError) -> Self {
        let exit = exit_of(&error);
        let hints = hints_for(gun, config_file, &error);
        Self { exit, error: Some(Box::new(error)), hints }
    }

    /// Prints the error block.
    pub fn render(&self, ui: &mut Ui) {
        let Some(error) = &self.error else { return };
        let mut causes = Vec::new();
        match error.downcast_ref() {
            Some(RepoError::Mismatch(mismatch)) => {
                causes.extend(crate::commands::verify::differences(mismatch));
            }
            // Two things are in the way, and each has causes.
            Some(RepoError::NoUsableCopy { remote, .. }) => causes.extend(causes_of(remote)),
            _ => {}
        }
        causes.extend(causes_of(&**error));
        let mut headline = error.to_string();
        if headline.is_empty() {
            headline.push_str("failed");
        }
        ui.error(&headline, &causes, &self.hints);
    }
}

/// The causes of an error from the outside in, each said once.
pub fn causes_of(error: &(dyn StdError + 'static)) -> Vec<String> {
    let mut said = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if said.last() != Some(&text) {
            said.push(text);
        }
        next = cause.source();
    }
    said.split_off(1)
}

impl From<io::Error> for CliError {
    /// An error of stdout, which is the only stream whose errors matter.
    fn from(error: io::Error) -> Self {
        // Whoever closed the pipe has seen enough.
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { exit: Exit::Done, error: None, hints: Vec::new() };
        }
        Self { exit: Exit::Failed, error: Some(Box::new(Unwritable(error))), hints: Vec::new() }
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        let exit = match error {
            ConfigError::Path(_) => Exit::Failed,
            _ => Exit::Usage,
        };
        let hints = match &error {
            ConfigError::HalfClientCertificate => {
                vec!["`--tlscert FILE --tlskey FILE` gives both".to_owned()]
            }
            _ => Vec::new(),
        };
        Self { exit, error: Some(Box::new(error)), hints }
    }
}

impl From<PathError> for CliError {
    fn from(error: PathError) -> Self {
        Self { exit: Exit::Failed, error: Some(Box::new(error)), hints: Vec::new() }
    }
}

impl From<ListenError> for CliError {
    fn from(error: ListenError) -> Self {
        let exit = match error {
            ListenError::Bind { .. } => Exit::Network,
            ListenError::Tls { .. } => Exit::Usage,
        };
        Self { exit, error: Some(Box::new(error)), hints: Vec::new() }
    }
}

impl From<StorageError> for CliError {
    fn from(error: StorageError) -> Self {
        Self { exit: Exit::Failed, error: Some(Box::new(error)), hints: Vec::new() }
    }
}

impl From<KeyStoreError> for CliError {
    fn from(error: KeyStoreError) -> Self {
        Self { exit: exit_of_key_store(&error), error: Some(Box::new(error)), hints: Vec::new() }
    }
}

impl From<KeyError> for CliError {
    fn from(error: KeyError) -> Self {
        let (exit, hints) = (exit_of_key(&error), hints_for_key(&error));
        Self { exit, error: Some(Box::new(error)), hints }
    }
}

impl From<StageError> for CliError {
    fn from(error: StageError) -> Self {
        Self { exit: exit_of_stage(&error), error: Some(Box::new(error)), hints: Vec::new() }
    }
}

fn exit_of(error: &RepoError) -> Exit {
    match error {
        RepoError::BrokenRootChain { .. }
        | RepoError::Mismatch(_)
        | RepoError::NoKnownHash { .. }
        | RepoError::TargetWithheld { .. }
        | RepoError::Trust(_)
        | RepoError::UnusableAnchor { .. } => Exit::Trust,
        RepoError::Change { why, .. } => changes::exit_of_change(why),
        RepoError::Image(error) => roles::exit_of_image(error),
        RepoError::Unfit { why, .. } => changes::exit_of_unfit(why),
        RepoError::ChangeFile(_)
        | RepoError::Path(_)
        | RepoError::Payload(_)
        | RepoError::Store(_) => Exit::Failed,
        RepoError::LateFirstRoot { .. } => Exit::Failed,
        RepoError::ServerKeyChanged { .. } => Exit::Key,
        RepoError::CollectionGone { .. }
        | RepoError::CopyGone { .. }
        | RepoError::IncompleteCopy { .. }
        | RepoError::NoCopy { .. }
        | RepoError::NoSuchCollection { .. }
        | RepoError::NoSuchTarget { .. }
        | RepoError::NothingToDelete { .. } => Exit::NotFound,
        RepoError::Edit(EditError::NoKey { .. }) => Exit::Key,
        RepoError::Edit(_) => Exit::Failed,
        RepoError::Rotate(error) => keys::exit_of_rotation(error),
        RepoError::Unconfirmed { why: Some(why), .. } => exit_of(why),
        RepoError::Unconfirmed { why: None, .. } => Exit::Failed,
        RepoError::Exists { .. } | RepoError::LostRaces { .. } => Exit::Conflict,
        RepoError::Key(error) => exit_of_key(error),
        RepoError::Partial(error) => partial::exit_of(error),
        RepoError::NothingToSign { .. } | RepoError::Unpublished { .. } => Exit::Failed,
        RepoError::UnderSigned { .. } => Exit::Key,
        RepoError::NoUsableCopy { .. } => Exit::Network,
        RepoError::Offline => Exit::Usage,
        RepoError::Remote(error) => remote::exit_of(&error.kind),
        RepoError::SeveralRootKeys { .. } | RepoError::SnapshotKeyElsewhere { .. } => Exit::Key,
        RepoError::Sign(error) => match error {
            SignError::Key(_) | SignError::NotEnoughKeys { .. } => Exit::Key,
            SignError::SelfCheck(_) => Exit::Trust,
            SignError::VersionLimit { .. } => Exit::Failed,
        },
        RepoError::Role(error) => roles::exit_of(error),
        RepoError::Stage(error) => exit_of_stage(error),
    }
}

fn exit_of_key(error: &KeyError) -> Exit {
    match error {
        _ if error.is_interruption() => Exit::Interrupted,
        KeyError::Certificate(_)
        | KeyError::NotHere { .. }
        | KeyError::Passphrase(_)
        | KeyError::Token(_) => Exit::Key,
        KeyError::Store(error) => exit_of_key_store(error),
    }
}

fn exit_of_key_store(error: &KeyStoreError) -> Exit {
    match error {
        KeyStoreError::Io(_) | KeyStoreError::Unreadable(_) => Exit::Failed,
        KeyStoreError::RoleConflict { .. } => Exit::Conflict,
    }
}

fn exit_of_stage(error: &StageError) -> Exit {
    match error {
        StageError::NotUnicode { .. } | StageError::TargetName { .. } => Exit::Usage,
        StageError::Custom { .. }
        | StageError::Empty { .. }
        | StageError::Path(_)
        | StageError::SameName { .. }
        | StageError::Walk { .. } => Exit::Failed,
    }
}

/// What the user could do about an error.
pub fn hints_for(gun: &Gun, config_file: &Path, error: &RepoError) -> Vec<String> {
    let gun = shell_word(gun.as_str());
    let one = |hint: String| vec![hint];
    match error {
        RepoError::Change { index, why, .. } => {
            let mut hints = changes::hints_for_problem(&gun, why);
            hints.push(format!(
                "`notary status {gun}` shows it, `notary reset {gun} -n {index}` drops it"
            ));
            hints
        }
        RepoError::Unfit { why, .. } => changes::hints_for_problem(&gun, why),
        RepoError::ChangeFile(_) => one(drop_staged(&gun)),
        RepoError::CollectionGone { .. } => vec![
            format!("`notary delete {gun}` forgets the copy on this machine"),
            format!("`notary publish --init {gun}` publishes that copy again"),
        ],
        RepoError::Edit(EditError::NoKey { .. }) => {
            one("`notary key list` shows the keys that are here, also archived ones".to_owned())
        }
        RepoError::Exists { place: Place::Here, .. } => one(format!(
            "`notary publish {gun}` publishes it, `notary delete {gun}` removes it from this machine"
        )),
        RepoError::Exists { place: Place::Server(_), .. } => {
            one(format!("`notary list {gun}` shows it; use another name for a new collection"))
        }
        RepoError::Key(error) => {
            let mut hints = hints_for_key(error);
            if matches!(error, KeyError::NotHere { role, .. } if *role == RoleName::SNAPSHOT) {
                hints.push(partial::leave_snapshot_to_server(&gun));
            }
            hints
        }
        RepoError::Partial(PartialError::Trust(TrustError::Pin(error))) => {
            pins::hints(&gun, config_file, Doing::Trusting, error)
        }
        RepoError::Partial(error) => partial::hints_for(&gun, error),
        RepoError::UnderSigned { lacking } => partial::hints_for_missing_signatures(lacking),
        RepoError::Unpublished { .. } => one(format!("`notary publish {gun}` publishes it")),
        RepoError::LostRaces { .. } => {
            one(format!("the changes are still staged; `notary publish {gun}` tries again"))
        }
        RepoError::CopyGone { .. } | RepoError::LateFirstRoot { .. } => vec![
            format!("`notary delete {gun}` forgets the copy on this machine"),
            format!("then `notary init {gun}` makes a new collection of that name"),
        ],
        RepoError::IncompleteCopy { .. } | RepoError::NoCopy { .. } => {
            one(format!("`notary list {gun}` gets it, if the server has it"))
        }
        RepoError::NoSuchCollection { .. } => vec![
            "check the name, and the server with `-s URL`".to_owned(),
            format!("`notary init {gun}` makes a new collection"),
        ],
        RepoError::NoSuchTarget { .. } => one(format!("`notary list {gun}` shows all targets")),
        RepoError::NoUsableCopy { .. } => one("check the server's address (`-s URL`)".to_owned()),
        RepoError::Offline => one("run it without `--offline`".to_owned()),
        RepoError::Remote(error) => remote::hints_for(&error.kind),
        RepoError::SeveralRootKeys { keys } => {
            let known = keys.iter().map(|key| format!("`--root-key-id {key}`"));
            let mut hints = vec![format!("choose one with `notary init {gun} --root-key-id ID`:")];
            hints.extend(known);
            hints
        }
        RepoError::ServerKeyChanged { .. } => {
            one(format!("run `notary publish --init {gun}` where the root key is"))
        }
        RepoError::SnapshotKeyElsewhere { keys, .. } => {
            let begin = "nothing was uploaded, and nothing staged is lost; publish where the \
                         snapshot key is:";
            let mut hints = vec![begin.to_owned()];
            hints.extend(keys.iter().map(KeyId::to_string));
            hints.push(partial::leave_snapshot_to_server(&gun));
            hints
        }
        RepoError::Trust(error) => hints_for_trust(&gun, config_file, error),
        RepoError::UnusableAnchor { source: TrustError::Pin(error), .. } => {
            pins::hints(&gun, config_file, Doing::Trusting, error)
        }
        RepoError::UnusableAnchor { .. } => one(format!(
            "`notary delete {gun}` forgets it, so that the collection is trusted anew at the next use"
        )),
        RepoError::NothingToDelete { .. } => {
            one(format!("`notary delete {gun} --remote` deletes it from the server"))
        }
        RepoError::Path(error) => hints_for_path(&gun, error),
        RepoError::Rotate(error) => keys::hints_for_rotation(&gun, error),
        RepoError::Image(_) => one(format!("`notary list {gun}` shows who signed what")),
        RepoError::Role(error) => roles::hints(&gun, error),
        RepoError::Unconfirmed { .. } => {
            one("repeat the command when the server can be read: it finishes the rotation"
                .to_owned())
        }
        RepoError::Sign(SignError::SelfCheck(TrustError::Pin(error))) => {
            pins::hints(&gun, config_file, Doing::Publishing, error)
        }
        RepoError::Store(StoreError::DamagedPins { .. }) => one(pins::damaged_pins()),
        RepoError::Store(StoreError::Damaged { .. }) => one(format!(
            "`notary delete {gun}` removes it together with the copy of the collection; the next \
             use begins anew"
        )),
        _ => Vec::new(),
    }
}

fn hints_for_path(gun: &str, error: &PathError) -> Vec<String> {
    match error.source.kind() {
        io::ErrorKind::IsADirectory if error.action == "read" => {
            let path = shell_word(&error.path.display().to_string());
            vec![format!("`notary add {gun} --recursive {path}` adds the files in it")]
        }
        _ if error.action == changelist::STAGE_BEHIND => vec![drop_staged(gun)],
        _ => Vec::new(),
    }
}

fn drop_staged(gun: &str) -> String {
    format!("`notary status {gun}` shows its number, `notary reset {gun} -n NUMBER` drops it")
}

fn hints_for_trust(gun: &str, config_file: &Path, error: &TrustError) -> Vec<String> {
    match error {
        TrustError::Rollback { .. } | TrustError::RootRotation => vec![format!(
            "if the collection was deleted and made anew on purpose, `notary delete {gun}` forgets \
             the old one"
        )],
        TrustError::Pin(error) => pins::hints(gun, config_file, Doing::Trusting, error),
        _ => Vec::new(),
    }
}

fn hints_for_key(error: &KeyError) -> Vec<String> {
    match error {
        KeyError::NotHere { keys, .. } => {
            let mut hints =
                vec!["`notary key list` shows the keys that are here; needed are:".to_owned()];
            hints.extend(keys.iter().map(|key| key.to_string()));
            hints
        }
        KeyError::Passphrase(error) => passphrases::hints(error),
        KeyError::Token(error) => token::hints(error),
        _ => Vec::new(),
    }
}

/// A word as it can be pasted into a shell.
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+,=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
