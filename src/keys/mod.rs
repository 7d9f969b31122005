//! Private keys: opening, sealing, signing, certificates, and where they are kept: in files, and on
//! hardware tokens.
//!
//! Key files are those of Go's Notary (`formats.md` §2), so both programs can use one trust
//! directory in turn. The invariants:
//!
//! * A key is only used under the id that is computed from its public half.
//! * What a passphrase decrypts to is a key or the passphrase was wrong; there is no third case.
//! * A stored key is never overwritten.
//! * Secrets are wiped from memory when they are no longer needed, and never printed.

mod archive;
mod asn1;
pub mod backup;
mod block;
mod certificate;
mod error;
mod export;
mod file_store;
mod generate;
mod id;
mod import;
pub mod jwe;
mod key_files;
mod keychain;
mod pair;
pub mod passphrase;
mod pbes2;
mod pkcs8;
mod private;
mod public;
mod reseal;
mod rfc1423;
mod role;
mod size;
mod store;
mod token;

pub use block::{
    GUN_HEADER, ROLE_HEADER, inspect, is_encrypted, is_private_key, open, public_block, seal,
    unlock,
};
pub use certificate::{CertificateError, root_certificate};
pub use error::{OpenError, Unsupported};
pub use export::{ExportError, Exported, Selection};
pub use file_store::{FileKeyStore, KeysLock};
pub use generate::{NewKeyKind, UnknownKeyKind};
pub use id::{IdPrefix, NoMatch};
pub use import::{ImportError, ImportOptions, Imported, Outcome, PemFile, should_be_private_key};
pub use key_files::{KeyFiles, KeyFilesError, PATH_HEADER};
pub use keychain::{KeyError, Keychain, NewKey, OpenedKeys};
pub use pair::KeyPair;
pub use pkcs8::{from_raw, to_raw};
pub use private::PrivateKey;
pub use public::{GivenKey, MAX_PUBLIC_BYTES, PublicKeyError};
pub use reseal::ResealError;
pub use role::{InvalidKeyRole, KeyRole, belongs_to_one_gun};
pub use store::{
    Added, KeyInfo, KeyStore, KeyStoreError, Listing, StoredKey, Unreadable, UnreadableReason,
};
pub use token::{SkippedKey, Token, TokenAddress, TokenError, TokenKey, TokenKeyInfo, TokenPlace};
