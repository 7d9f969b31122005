//! Why a private key cannot be opened.
//!
//! Names in these messages may come out of a stranger's file; they are kept raw, printing escapes
//! them.

use thiserror::Error;

use crate::tuf::key::KeyId;

/// Why no key came out of a block.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum OpenError {
    /// The block is not of the form that its label promises.
    #[error("the private key is malformed: {0}")]
    Malformed(&'static str),
    /// The key is a good one, but not the one that the name of its file promises.
    #[error("the file of key {expected} holds key {found}")]
    OtherKey {
        /// The canonical id that was asked for.
        expected: KeyId,
        /// The canonical id of the key in the file.
        found: KeyId,
    },
    /// The key is encrypted and no passphrase was given.
    #[error("the private key is encrypted")]
    PassphraseNeeded,
    /// The key may be fine, but this program cannot use it.
    #[error("{0} is not supported")]
    Unsupported(Unsupported),
    /// What the passphrase decrypts to is no key.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
}

/// What about a private key goes beyond this program, as a noun.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum Unsupported {
    /// A kind of key other than elliptic curve, RSA and Ed25519; its object identifier.
    #[error("a private key of the algorithm {0}")]
    Algorithm(String),
    /// A curve other than P-256, P-384 and P-521; its name or object identifier.
    #[error("the elliptic curve {0}")]
    Curve(String),
    /// A way to encrypt; its name or object identifier.
    #[error("encryption with {0}")]
    Encryption(String),
    /// A key derivation that would take minutes or gigabytes.
    #[error("a passphrase derivation of such a high cost")]
    ExcessiveCost,
    /// A PEM block that is not a private key.
    #[error("a PEM block with the label `{0}`")]
    Label(String),
    /// A later edition of the PKCS#8 container.
    #[error("version {0} of PKCS#8")]
    Version(u8),
}

impl From<Unsupported> for OpenError {
    fn from(what: Unsupported) -> Self {
        Self::Unsupported(what)
    }
}
