//! Failures of commands that manage keys.

use super::{CliError, Exit};
use crate::keys::passphrase::PassphraseError;
use crate::keys::{KeyError, KeyFilesError, NoMatch};

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

impl From<PassphraseError> for CliError {
    fn from(error: PassphraseError) -> Self {
        KeyError::from(error).into()
    }
}
