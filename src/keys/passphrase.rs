//! Where passphrases come from: the environment, then the person at the terminal.
//!
//! A passphrase belongs to one key. What was found for a key is used for that key only, and the
//! failure of a value from the environment is told before anybody is asked to type.

use std::collections::BTreeMap;
use std::path::Path;

use thiserror::Error;
use zeroize::Zeroizing;

use super::{OpenError, PrivateKey, StoredKey};
use crate::tuf::key::KeyId;
use crate::tuf::role::RoleName;

/// A passphrase, wiped when dropped.
pub type Passphrase = Zeroizing<String>;

/// How often somebody may mistype the passphrase of an existing key.
pub const TRIES: u32 = 3;
/// How often somebody may fail to choose a new passphrase.
const TRIES_FOR_NEW: u32 = 12;
/// The fewest bytes of a passphrase that is chosen at the terminal.
const MIN_BYTES: usize = 8;

const ROOT: &str = "root";

/// The person at the terminal, who is asked for secrets there and nowhere else.
pub trait Prompt {
    /// Asks for a secret with `question`, which is shown as it is; white space around the answer
    /// does not count.
    fn ask(&self, question: &str) -> Result<Passphrase, PromptError>;

    /// Shows one line.
    fn tell(&self, line: &str) -> Result<(), PromptError>;
}

/// Why nobody answered.
#[derive(Debug, Error)]
pub enum PromptError {
    /// Ctrl-C or Ctrl-D.
    #[error("interrupted")]
    Interrupted,
    /// The terminal failed.
    #[error("the terminal cannot be used")]
    Io(#[source] std::io::Error),
    /// Nobody is there.
    #[error("there is no terminal")]
    NoTerminal,
}

/// The passphrases given beforehand, by the name of their environment variable.
pub type Given = BTreeMap<&'static str, Passphrase>;

/// The environment variable with the passphrase of keys of this role; Notary has none for
/// timestamp keys, which clients do not hold.
pub fn variable(role: &str) -> Option<&'static str> {
    match role {
        ROOT => Some("NOTARY_ROOT_PASSPHRASE"),
        "snapshot" => Some("NOTARY_SNAPSHOT_PASSPHRASE"),
        "targets" => Some("NOTARY_TARGETS_PASSPHRASE"),
        "timestamp" => None,
        _ => Some("NOTARY_DELEGATION_PASSPHRASE"),
    }
}

/// All environment variables with passphrases.
pub const VARIABLES: [&str; 4] = [
    "NOTARY_DELEGATION_PASSPHRASE",
    "NOTARY_ROOT_PASSPHRASE",
    "NOTARY_SNAPSHOT_PASSPHRASE",
    "NOTARY_TARGETS_PASSPHRASE",
];

/// Why a key could not be opened, or a passphrase for a new one be had; `key` says which one.
#[derive(Debug, Error)]
pub enum PassphraseError {
    /// The key file itself is the problem.
    #[error("{key} cannot be opened")]
    Key {
        /// Which key.
        key: String,
        /// What is wrong with it.
        #[source]
        source: OpenError,
    },
    /// Nobody could be asked and nothing was given.
    #[error("there is no passphrase for {key}")]
    NoSource {
        /// The role of the key, which decides about the environment variable.
        role: String,
        /// Which key.
        key: String,
    },
    /// Asking failed.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// No new passphrase was chosen.
    #[error("no passphrase was chosen in {TRIES_FOR_NEW} tries")]
    TooManyTries,
    /// Three wrong answers.
    #[error("wrong passphrase for {key} ({TRIES} tries)")]
    WrongPassphrase {
        /// Which key.
        key: String,
    },
    /// The given value is wrong and nobody could be asked.
    #[error("the value of {variable} does not open {key}")]
    WrongValue {
        /// The environment variable.
        variable: &'static str,
        /// Which key.
        key: String,
    },
}

/// Finds passphrases.
pub struct Passphrases<'a> {
    given: &'a Given,
    prompt: &'a dyn Prompt,
}

impl<'a> Passphrases<'a> {
    /// Takes passphrases from `given`, else asks.
    pub fn new(given: &'a Given, prompt: &'a dyn Prompt) -> Self {
        Self { given, prompt }
    }

    /// Opens a key from the key store.
    pub fn open(&self, key: &StoredKey) -> Result<PrivateKey, PassphraseError> {
        let (role, id) = (key.info.role.as_str(), &key.info.id);
        let question = format!("Enter passphrase for {role} key with ID {}: ", id.short());
        let which = format!("{role} key {id}");
        self.open_with(role, &which, &question, |passphrase| key.open(passphrase))
    }

    /// Opens a key in a file that is to become a key of `role`.
    pub fn open_file(
        &self,
        question: &str,
        role: &RoleName,
        path: &Path,
        open: impl Fn(Option<&str>) -> Result<PrivateKey, OpenError>,
    ) -> Result<PrivateKey, PassphraseError> {
        let which = format!("the key in `{}`", path.display());
        self.open_with(role.as_str(), &which, question, open)
    }

    /// Opens a key from anywhere: `open` is called without a passphrase first, and with the ones
    /// that are found until one fits.
    fn open_with(
        &self,
        role: &str,
        which: &str,
        question: &str,
        open: impl Fn(Option<&str>) -> Result<PrivateKey, OpenError>,
    ) -> Result<PrivateKey, PassphraseError> {
        let key = || which.to_owned();
        let failed = |source| PassphraseError::Key { key: key(), source };
        match open(None) {
            Err(OpenError::PassphraseNeeded) => {}
            result => return result.map_err(failed),
        }
        let wrong_value = match self.given(role) {
            Some((variable, value)) => match open(Some(value)) {
                Err(OpenError::WrongPassphrase) => Some(variable),
                result => return result.map_err(failed),
            },
            None => None,
        };
        let nobody = || match wrong_value {
            Some(variable) => PassphraseError::WrongValue { variable, key: key() },
            None => PassphraseError::NoSource { role: role.to_owned(), key: key() },
        };
        if let Some(variable) = wrong_value {
            self.tell(&format!("The value of {variable} does not open {which}."), nobody)?;
        }
        for tried in 1..=TRIES {
            let passphrase = self.ask(question, nobody)?;
            match open(Some(&passphrase)) {
                Err(OpenError::WrongPassphrase) if tried == TRIES => {}
                Err(OpenError::WrongPassphrase) => {
                    self.tell("Passphrase incorrect. Please retry.", nobody)?;
                }
                result => return result.map_err(failed),
            }
        }
        Err(PassphraseError::WrongPassphrase { key: key() })
    }

    /// Gets a passphrase to protect a key that is about to be stored.
    pub fn choose(&self, role: &str, id: &KeyId) -> Result<Passphrase, PassphraseError> {
        if let Some((_, value)) = self.given(role) {
            return Ok(value.clone());
        }
        let nobody = || {
            let key = format!("the new {role} key {id}");
            PassphraseError::NoSource { role: role.to_owned(), key }
        };
        if role == ROOT {
            for line in ROOT_WARNING {
                self.tell(line, nobody)?;
            }
        }
        let key = format!("passphrase for new {role} key with ID {}: ", id.short());
        for _ in 0..TRIES_FOR_NEW {
            let passphrase = self.ask(&format!("Enter {key}"), nobody)?;
            if passphrase.len() < MIN_BYTES {
                self.tell(TOO_SHORT, nobody)?;
            } else if self.ask(&format!("Repeat {key}"), nobody)? == passphrase {
                return Ok(passphrase);
            } else {
                self.tell("Passphrases do not match. Please retry.", nobody)?;
            }
        }
        Err(PassphraseError::TooManyTries)
    }

    /// The passphrase given beforehand for keys of this role.
    pub fn given_for(&self, role: &str) -> Option<&'a Passphrase> {
        self.given(role).map(|(_, value)| value)
    }

    fn given(&self, role: &str) -> Option<(&'static str, &'a Passphrase)> {
        let variable = variable(role)?;
        self.given.get(variable).map(|value| (variable, value))
    }

    fn ask(
        &self,
        question: &str,
        nobody: impl Fn() -> PassphraseError,
    ) -> Result<Passphrase, PassphraseError> {
        or_nobody(self.prompt.ask(question), nobody)
    }

    fn tell(
        &self,
        line: &str,
        nobody: impl Fn() -> PassphraseError,
    ) -> Result<(), PassphraseError> {
        or_nobody(self.prompt.tell(line), nobody)
    }
}

/// Says what was needed when there is nobody to ask.
fn or_nobody<T>(
    answer: Result<T, PromptError>,
    nobody: impl Fn() -> PassphraseError,
) -> Result<T, PassphraseError> {
    answer.map_err(|error| match error {
        PromptError::NoTerminal => nobody(),
        other => other.into(),
    })
}

const TOO_SHORT: &str = "Passphrase is too short. Please use a password manager to generate and \
                         store a good random passphrase.";

/// What is said before the first passphrase of a root key is chosen.
const ROOT_WARNING: [&str; 6] = [
    "You are about to create a new root signing key passphrase. This passphrase",
    "will be used to protect the most sensitive key in your signing system. Please",
    "choose a long, complex passphrase and be careful to keep the password and the",
    "key file itself secure and backed up. It is highly recommended that you use a",
    "password manager to generate the passphrase and keep it safe. There will be no",
    "way to recover this key. You can find the key in your config directory.",
];
