//! Failures to find and to keep logins.

use super::{CliError, Exit, remote};
use crate::credentials::StoredError;
use crate::remote::RemoteError;
use crate::secret::SecretStoreError;

impl CliError {
    /// The secret store cannot be used for logins.
    pub fn of_login_store(error: SecretStoreError) -> Self {
        let hints = [
            "`docker login` keeps logins in a file, which are used, too",
            "in scripts, set `NOTARY_AUTH` to the base64 of NAME:PASSWORD",
        ];
        let hints = hints.map(str::to_owned).to_vec();
        Self { exit: Exit::Key, error: Some(Box::new(error)), hints }
    }
}

impl From<StoredError> for CliError {
    fn from(error: StoredError) -> Self {
        let hints = match error {
            StoredError::Store(error) => return Self::of_login_store(error),
            StoredError::Damaged { .. } => {
                vec!["remove the file; what is in the secret store stays there".to_owned()]
            }
            StoredError::Path(_) => Vec::new(),
        };
        Self { exit: Exit::Failed, error: Some(Box::new(error)), hints }
    }
}

/// A failed request that is not about a collection.
impl From<RemoteError> for CliError {
    fn from(error: RemoteError) -> Self {
        let (exit, hints) = (remote::exit_of(&error.kind), remote::hints_for(&error.kind));
        Self { exit, error: Some(Box::new(error)), hints }
    }
}
