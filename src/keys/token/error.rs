//! Why a hardware token cannot be used.
//!
//! Labels come from tokens; they are kept raw, printing escapes them.

use std::path::PathBuf;

use cryptoki::error::{Error as Pkcs11Error, RvError};
use thiserror::Error;

use crate::keys::passphrase::{PassphraseError, PromptError};
use crate::tuf::key::KeyId;

/// Why a token cannot be used, or cannot do what it was asked.
#[derive(Debug, Error)]
pub enum TokenError {
    /// The token refused or failed.
    #[error("the token {token} cannot {action}: {reason}")]
    Failed {
        /// What was tried, as a verb with its object.
        action: &'static str,
        /// What the module said.
        reason: String,
        /// The label of the token.
        token: String,
    },
    /// The module cannot be loaded, or is none.
    #[error("the PKCS#11 module `{}` cannot be used: {reason}", module.display())]
    Module {
        /// The path.
        module: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// No token is configured.
    #[error("no token is configured")]
    None,
    /// No user PIN has been set.
    #[error("the token {token} has no user PIN yet")]
    NoPinSet {
        /// The label of the token.
        token: String,
    },
    /// None of the tokens that are there is meant.
    #[error(
        "there is no token {wanted}; the PKCS#11 module `{}` finds {}",
        module.display(),
        present.join(", ")
    )]
    NoSuchToken {
        /// The path.
        module: PathBuf,
        /// What there is.
        present: Vec<String>,
        /// What was looked for.
        wanted: String,
    },
    /// No token is there.
    #[error("the PKCS#11 module `{}` finds no token", module.display())]
    NoToken {
        /// The path.
        module: PathBuf,
    },
    /// Everything on a token is destroyed for good, so only a key that is there can be.
    #[error("key {id} is not on the token {token}")]
    NotThere {
        /// The canonical id.
        id: KeyId,
        /// The label of the token.
        token: String,
    },
    /// Too many wrong PINs were tried, now or before.
    #[error("the PIN of the token {token} is locked")]
    PinLocked {
        /// The label of the token.
        token: String,
    },
    /// There is no PIN, or only wrong ones.
    #[error(transparent)]
    Pin(#[from] PassphraseError),
    /// Several tokens could be meant.
    #[error("there are several tokens: {}", tokens.join(", "))]
    SeveralTokens {
        /// What there is.
        tokens: Vec<String>,
    },
    /// A program that is linked statically has no way to load modules.
    #[error("the PKCS#11 module `{}` cannot be used: this is a static build", module.display())]
    StaticBuild {
        /// The path.
        module: PathBuf,
    },
    /// The kind of key is not for tokens.
    #[error("{0} keys cannot be made on a token")]
    UnsuitableKind(&'static str),
    /// A wrong PIN was typed on the token itself.
    #[error("a wrong PIN was typed on the token {token}")]
    WrongPinThere {
        /// The label of the token.
        token: String,
    },
}

impl TokenError {
    /// Whether somebody ended it who was asked for the PIN.
    pub fn is_interruption(&self) -> bool {
        matches!(self, Self::Pin(PassphraseError::Prompt(PromptError::Interrupted)))
    }
}

/// What a module said, in few words; the library's own are paragraphs of the standard.
pub(super) fn explain(error: &Pkcs11Error) -> String {
    match error {
        Pkcs11Error::Pkcs11(RvError::TokenNotPresent | RvError::DeviceRemoved, _) => {
            "it is not there any more".to_owned()
        }
        Pkcs11Error::Pkcs11(RvError::TokenWriteProtected, _) => "it is write-protected".to_owned(),
        Pkcs11Error::Pkcs11(RvError::DeviceMemory, _) => "it is full".to_owned(),
        Pkcs11Error::Pkcs11(RvError::UserNotLoggedIn, _) => {
            "it wants to be unlocked in another way".to_owned()
        }
        Pkcs11Error::Pkcs11(value, function) => format!("C_{function} failed with {value:?}"),
        Pkcs11Error::LibraryLoading(error) => error.to_string(),
        other => other.to_string(),
    }
}
