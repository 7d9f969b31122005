//! Failures of commands that manage keys.

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::path::{Path, PathBuf};

use super::{CliError, Exit, shell_word};
use crate::keys::{
    ExportError, ImportError, KeyError, KeyFilesError, NoMatch, PublicKeyError, ResealError,
};
use crate::repo::Error as RepoError;
use crate::repo::rebase::ChangeProblem;
use crate::repo::rotate::RotateError;
use crate::tuf::edit::EditError;
use crate::tuf::key::KeyId;
use crate::tuf::sign::SignError;

impl From<KeyFilesError> for CliError {
    fn from(error: KeyFilesError) -> Self {
        let (exit, hints) = match &error {
            KeyFilesError::Exists { .. } => (
                Exit::Conflict,
                vec!["use another PREFIX, or replace it with `--force`".to_owned()],
            ),
            KeyFilesError::Path(_) => (Exit::Failed, Vec::new()),
        };
        Self { exit, error: Some(Box::new(error)), hints }
    }
}

fn missing_for_edit(error: &EditError) -> &[KeyId] {
    match error {
        EditError::NoKey { keys, .. } => keys,
        _ => &[],
    }
}

fn missing(error: &KeyError) -> &[KeyId] {
    match error {
        KeyError::NotHere { keys, .. } => keys,
        _ => &[],
    }
}

impl CliError {
    /// The keys for the want of which it failed.
    fn missing_keys(&self) -> &[KeyId] {
        let Some(error) = &self.error else { return &[] };
        match error.downcast_ref() {
            Some(RepoError::Change { why, .. }) => match &**why {
                ChangeProblem::Edit(error) => missing_for_edit(error),
                _ => &[],
            },
            Some(RepoError::Edit(error)) => missing_for_edit(error),
            Some(RepoError::Key(error)) => missing(error),
            Some(RepoError::Sign(SignError::NotEnoughKeys { keys, .. })) => keys,
            Some(RepoError::SnapshotKeyElsewhere { keys, .. }) => keys,
            Some(_) => &[],
            None => error.downcast_ref().map_or(&[], missing),
        }
    }

    /// Adds, to a failure for the want of keys, how to bring those back that are `archived`.
    pub fn with_archived(self, archived: impl FnOnce() -> Vec<KeyId>) -> Self {
        let wanted = self.missing_keys().to_vec();
        if wanted.is_empty() {
            return self;
        }
        let here = archived().into_iter().filter(|id| wanted.contains(id));
        here.collect::<BTreeSet<_>>().into_iter().fold(self, |error, id| {
            let id = id.short();
            let hint =
                format!("key {id} is in the archive; `notary key unarchive {id}` brings it back");
            error.hint(hint)
        })
    }
}

impl From<RotateError> for CliError {
    fn from(error: RotateError) -> Self {
        Self { exit: exit_of_rotation(&error), error: Some(Box::new(error)), hints: Vec::new() }
    }
}

pub(super) fn exit_of_rotation(error: &RotateError) -> Exit {
    match error {
        RotateError::AlreadyUsed { .. } => Exit::Conflict,
        RotateError::NotByClient(_)
        | RotateError::NotByServer(_)
        | RotateError::NotRotatable(_)
        | RotateError::NotShared(_)
        | RotateError::TooFewKeys { .. } => Exit::Usage,
        RotateError::Unpublished => Exit::NotFound,
    }
}

pub(super) fn hints_for_rotation(gun: &str, error: &RotateError) -> Vec<String> {
    match error {
        RotateError::TooFewKeys { have, .. } => vec![
            "`--key FILE` and `--key-id ID` can be repeated, once for each new key".to_owned(),
            format!("`--threshold {have}` has fewer of them sign from now on"),
        ],
        RotateError::Unpublished => vec![format!("`notary publish {gun}` publishes it")],
        RotateError::AlreadyUsed { .. }
        | RotateError::NotByClient(_)
        | RotateError::NotByServer(_)
        | RotateError::NotRotatable(_)
        | RotateError::NotShared(_) => Vec::new(),
    }
}

impl From<NoMatch> for CliError {
    fn from(error: NoMatch) -> Self {
        let hints = match &error {
            NoMatch::Ambiguous { ids, .. } => ids.iter().map(ToString::to_string).collect(),
            NoMatch::Unknown { .. } => {
                vec!["`notary key list` shows the keys that are here".into()]
            }
        };
        Self { exit: Exit::NotFound, error: Some(Box::new(error)), hints }
    }
}

impl From<ExportError> for CliError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::NoMatch(error) => error.into(),
            ExportError::Store(error) => error.into(),
            ExportError::NoKeys | ExportError::NoKeysOf { .. } => {
                let hint = "`notary key list` shows the keys that are here, `--archived` exports \
                            archived ones, too";
                Self {
                    exit: Exit::NotFound,
                    error: Some(Box::new(error)),
                    hints: vec![hint.into()],
                }
            }
        }
    }
}

impl From<ResealError> for CliError {
    fn from(error: ResealError) -> Self {
        let exit = match error {
            ResealError::Changed { .. } => Exit::Conflict,
            ResealError::Path(_) | ResealError::Store(_) | ResealError::Unverified { .. } => {
                Exit::Failed
            }
        };
        Self { exit, error: Some(Box::new(error)), hints: Vec::new() }
    }
}

/// A file that is no public key for a delegation.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be used as a delegation key", path.display())]
struct NotAPublicKey {
    path: PathBuf,
    #[source]
    why: PublicKeyError,
}

impl CliError {
    /// The file at `path` is no public key for a delegation.
    pub fn not_a_public_key(path: &Path, why: PublicKeyError) -> Self {
        let file = shell_word(&path.display().to_string());
        let hint = match &why {
            PublicKeyError::Compressed => {
                Some(format!("`openssl ec -pubin -in {file} -conv_form uncompressed` writes all"))
            }
            PublicKeyError::Ed25519Certificate => {
                Some(format!("`openssl x509 -in {file} -noout -pubkey` prints the bare public key"))
            }
            PublicKeyError::Private => {
                Some(format!("`openssl pkey -in {file} -pubout` prints its public key"))
            }
            _ => None,
        };
        let error = NotAPublicKey { path: path.to_owned(), why };
        Self { exit: Exit::Failed, error: Some(Box::new(error)), hints: hint.into_iter().collect() }
    }
}

/// A key, or a file of them, that is where it was.
#[derive(Debug, thiserror::Error)]
#[error("{place} was not imported")]
struct NotImported {
    place: String,
    #[source]
    why: Option<Box<dyn StdError>>,
}

impl CliError {
    /// Says what it is that was not imported.
    pub fn not_imported(place: &str, why: Self) -> Self {
        let Self { exit, error: why, hints } = why;
        let error = NotImported { place: place.to_owned(), why };
        Self { exit, error: Some(Box::new(error)), hints }
    }

    /// One failure for several that were told already: with their exit code if they have the same,
    /// and with all hints.
    pub fn several(failures: Vec<Self>, words: &str) -> Self {
        let mut exits: Vec<Exit> = failures.iter().map(|failure| failure.exit).collect();
        exits.dedup();
        let exit = if let [exit] = exits[..] { exit } else { Exit::Failed };
        let mut error = Self::new(exit, words);
        for hint in failures.into_iter().flat_map(|failure| failure.hints) {
            if !error.hints.contains(&hint) {
                error.hints.push(hint);
            }
        }
        error
    }
}

impl From<ImportError> for CliError {
    fn from(error: ImportError) -> Self {
        let (exit, hints) = match error {
            ImportError::Passphrase(error) => return error.into(),
            ImportError::Store(error) => return error.into(),
            ImportError::Write(error) => return error.into(),
            ImportError::NoGun { .. } => (Exit::Usage, vec!["give it with `--gun GUN`".to_owned()]),
            ImportError::Gun { .. } | ImportError::Role(_) => (Exit::Failed, Vec::new()),
        };
        Self { exit, error: Some(Box::new(error)), hints }
    }
}
