//! The secret store of the operating system: Keychain, Credential Manager or Secret Service.
//!
//! What is kept there is named by a service, which says what kind of secrets they are, and an
//! account. This is the only way to it; who uses it also keeps a list of what is there, so that a
//! store which may ask somebody to unlock it is not asked in vain.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyring_core::{Entry, Error};
use thiserror::Error as ThisError;
use zeroize::Zeroizing;

use super::Secret;

/// How long a store may take. It may ask somebody to unlock it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why a secret store could not do what it was asked. It has no secret in it.
#[derive(Clone, Debug, Eq, PartialEq, ThisError)]
#[error("the secret store of this system cannot be used: {0}")]
pub struct SecretStoreError(pub String);

/// A store of secrets of one kind, by their accounts.
pub trait SecretStore {
    /// Fails if there is no store.
    fn check(&self) -> Result<(), SecretStoreError>;

    /// The secret of an account, if there is one.
    fn read(&self, account: &str) -> Result<Option<Secret>, SecretStoreError>;

    /// Keeps the secret of an account in place of what was kept before.
    fn write(&self, account: &str, secret: &Secret) -> Result<(), SecretStoreError>;

    /// Removes the secret of an account; returns whether there was one.
    fn remove(&self, account: &str) -> Result<bool, SecretStoreError>;
}

/// The store that the operating system has. It is not looked for before it is needed.
#[derive(Clone, Copy, Debug)]
pub struct SystemStore {
    service: &'static str,
}

impl SystemStore {
    /// Logins; the account is the address of the server.
    pub const LOGINS: Self = Self { service: "notary login" };
    /// Passphrases; the account is the id of the key.
    pub const PASSPHRASES: Self = Self { service: "notary" };

    /// Does something with the entry of an account.
    fn on_entry<T: Send + 'static>(
        self,
        account: &str,
        act: impl FnOnce(Entry) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<T, SecretStoreError> {
        let account = account.to_owned();
        patiently(move || {
            keyring::Entry::store_status().as_ref().map_err(explain)?;
            Entry::new(self.service, &account).and_then(act).map_err(|error| explain(&error))
        })
    }
}

impl SecretStore for SystemStore {
    fn check(&self) -> Result<(), SecretStoreError> {
        patiently(|| keyring::Entry::store_status().as_ref().map_err(explain).copied())
    }

    fn read(&self, account: &str) -> Result<Option<Secret>, SecretStoreError> {
        let secret = self.on_entry(account, |entry| unless_absent(entry.get_secret()))?;
        let secret = secret.map(Zeroizing::new);
        let text = secret.as_deref().map(|secret| std::str::from_utf8(secret));
        // Whoever changed it, this is not what was put there.
        text.transpose()
            .map(|text| text.map(Secret::from))
            .map_err(|_| SecretStoreError(NOT_TEXT.to_owned()))
    }

    fn write(&self, account: &str, secret: &Secret) -> Result<(), SecretStoreError> {
        let secret = secret.clone();
        self.on_entry(account, move |entry| entry.set_secret(secret.as_bytes()))
    }

    fn remove(&self, account: &str) -> Result<bool, SecretStoreError> {
        let removed = self.on_entry(account, |entry| unless_absent(entry.delete_credential()))?;
        Ok(removed.is_some())
    }
}

const NOT_TEXT: &str = "what it has there is not what was kept";

fn unless_absent<T>(result: keyring_core::Result<T>) -> keyring_core::Result<Option<T>> {
    match result {
        Err(Error::NoEntry) => Ok(None),
        result => result.map(Some),
    }
}

/// Waits for a store, but not for ever.
fn patiently<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, SecretStoreError> + Send + 'static,
) -> Result<T, SecretStoreError> {
    let (sender, receiver) = mpsc::channel();
    // If nobody waits any more, nobody wants the answer.
    thread::spawn(move || sender.send(act()));
    receiver.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        let seconds = PATIENCE.as_secs();
        Err(SecretStoreError(format!("it did not answer within {seconds} seconds")))
    })
}

/// Why it did not work, without what may be secret: some errors carry the secret.
fn explain(error: &Error) -> SecretStoreError {
    SecretStoreError(match error {
        Error::PlatformFailure(cause) | Error::NoStorageAccess(cause) => cause.to_string(),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => NOT_TEXT.to_owned(),
        Error::Ambiguous(_) => "it has several secrets of this name".to_owned(),
        Error::BadStoreFormat(_) => "it is damaged".to_owned(),
        Error::TooLong(_, most) => format!("it keeps at most {most} characters"),
        Error::NoEntry => "it has nothing of this name".to_owned(),
        Error::NoDefaultStore => "there is none".to_owned(),
        Error::Invalid(..) | Error::NotSupportedByStore(_) => {
            "there is none for this system".to_owned()
        }
        _ => "for a reason that it does not tell".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_tells_a_secret() {
        let secret = || b"hunter2".to_vec();
        let cause = || Box::<dyn std::error::Error + Send + Sync>::from("cause");
        for (error, words) in [
            (Error::BadEncoding(secret()), NOT_TEXT),
            (Error::BadDataFormat(secret(), cause()), NOT_TEXT),
            (Error::PlatformFailure(cause()), "cause"),
            (Error::NoStorageAccess(cause()), "cause"),
            (Error::Ambiguous(Vec::new()), "several"),
        ] {
            let error = explain(&error);
            assert!(error.to_string().ends_with(words) || error.0.contains(words), "{error}");
            let bytes = format!("{:?}", secret());
            for shown in [error.to_string(), format!("{error:?}")] {
                assert!(!shown.contains("hunter2") && !shown.contains(&bytes), "{shown}");
            }
        }
    }
}
