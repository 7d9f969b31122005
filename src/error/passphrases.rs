//! Failures to find passphrases.

use super::{CliError, Exit};
use crate::keys::KeyError;
use crate::keys::passphrase::{Origin, PassphraseError, RememberedError};
use crate::secret::SecretStoreError;

impl From<PassphraseError> for CliError {
    fn from(error: PassphraseError) -> Self {
        KeyError::from(error).into()
    }
}

impl From<RememberedError> for CliError {
    fn from(error: RememberedError) -> Self {
        let hints = match &error {
            RememberedError::Store(error) => return error.clone().into(),
            RememberedError::Damaged { .. } => {
                vec!["remove the file; what is in the secret store stays there".to_owned()]
            }
            RememberedError::Path(_) => Vec::new(),
        };
        Self { exit: Exit::Failed, error: Some(Box::new(error)), hints }
    }
}

impl From<SecretStoreError> for CliError {
    fn from(error: SecretStoreError) -> Self {
        let hint = "passphrases can come from files and commands, too: `--passphrase-file`, \
                    `--passphrase-command`";
        Self { exit: Exit::Key, error: Some(Box::new(error)), hints: vec![hint.to_owned()] }
    }
}

/// Where a passphrase could have come from.
pub(super) fn hints(error: &PassphraseError) -> Vec<String> {
    match error {
        PassphraseError::NoSource { kind, .. } => {
            let names = kind.names();
            let set = names
                .map(|names| format!("set {} or {}, or ", names.variable, names.file_variable));
            let give = names.map(|names| format!("`--passphrase-file {}=FILE` or ", names.word));
            vec![
                format!("{}run this on a terminal", set.unwrap_or_default()),
                format!("or give {}`--passphrase-command COMMAND`", give.unwrap_or_default()),
            ]
        }
        PassphraseError::WrongValues { origins, .. } => {
            let places: Vec<_> = origins.iter().map(Origin::place).collect();
            vec![format!("correct {}, or run this on a terminal", places.join(" and "))]
        }
        _ => Vec::new(),
    }
}
