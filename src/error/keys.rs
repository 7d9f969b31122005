//! Failures of commands that manage keys.

use super::{CliError, Exit};
use crate::keys::{ExportError, KeyFilesError, NoMatch, ResealError};
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
