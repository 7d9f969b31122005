//! Failures of commands that manage keys.

use std::error::Error as StdError;

use super::{CliError, Exit};
use crate::keys::{ExportError, ImportError, KeyFilesError, NoMatch, ResealError};
use crate::repo::rotate::RotateError;

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
        | RotateError::TooFewKeys { .. } => Exit::Usage,
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
