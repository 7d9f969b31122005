//! Where a server keeps collections: metadata files, the feed of changes, and its own keys.
//!
//! A [`Storage`] decides nothing about trust. What it guarantees: an update is stored completely or
//! not at all, no version of a role is ever replaced, and of two updates that were built on the
//! same state only one succeeds.

use std::fmt;

use thiserror::Error;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::role::{Gun, RoleName};

/// A metadata file that is to be stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewFile {
    /// Whose file it is.
    pub role: RoleName,
    /// Its version.
    pub version: u64,
    /// Hex of its SHA-256.
    pub sha256: String,
    /// The file, exactly as it was signed.
    pub bytes: Vec<u8>,
}

/// Files that are to be stored together.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Update {
    /// Hex of the SHA-256 of the newest timestamp when the files were made; `None` if the
    /// collection was unknown.
    pub after: Option<String>,
    /// The files.
    pub files: Vec<NewFile>,
}

/// A metadata file that is stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredFile {
    /// The file and what it is known by.
    pub file: NewFile,
    /// Since when it is stored.
    pub stored_at: OffsetDateTime,
}

/// What happened to a collection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ChangeRecord {
    /// Its place in the feed; later changes have higher numbers.
    pub id: i64,
    /// When it happened.
    pub at: OffsetDateTime,
    /// The collection.
    pub gun: String,
    /// Version and hex SHA-256 of the new timestamp; `None` when the collection was deleted.
    pub timestamp: Option<(u64, String)>,
}

/// A part of the feed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Range {
    /// The oldest changes with numbers above this one.
    After(i64),
    /// The newest changes with numbers below this one.
    Before(i64),
    /// The newest changes.
    Newest,
}

/// A private key as it lies in the database.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredKey {
    /// The canonical id.
    pub id: KeyId,
    /// The collection that it was made for.
    pub gun: Gun,
    /// `timestamp` or `snapshot`.
    pub role: RoleName,
    /// The public half.
    pub public: PublicKey,
    /// The private half, in one of the forms of `server::keys`.
    pub private: StoredSecret,
    /// Whether it has ever signed.
    pub is_used: bool,
}

/// The private half of a key at rest.
#[derive(Clone, Eq, PartialEq)]
pub enum StoredSecret {
    /// DER, readable by whoever can read the database.
    Plain(Zeroizing<Vec<u8>>),
    /// A JSON Web Encryption, and the name of the passphrase that opens it.
    Encrypted {
        /// The compact form (RFC 7516).
        jwe: String,
        /// The passphrase's name, which is no secret.
        alias: String,
    },
}

impl fmt::Debug for StoredSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain(..)",
            Self::Encrypted { .. } => "Encrypted(..)",
        })
    }
}

/// Why the storage did not do something.
#[derive(Debug, Error)]
pub enum StorageError {
    /// A version of a role is not above those that are stored: somebody was faster.
    #[error("version {version} of {role} is not newer than what is stored")]
    Conflict {
        /// The role.
        role: RoleName,
        /// The version that was to be stored.
        version: u64,
    },
    /// The database failed, or has something that cannot be understood.
    #[error("the database cannot be used")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StorageError {
    /// Something in the database that cannot be understood.
    pub fn damaged(what: impl Into<String>) -> Self {
        Self::Failed(what.into().into())
    }
}

/// The collection is not any more as it was when these files were made.
pub(super) fn outdated(update: &Update) -> StorageError {
    let timestamp = update.files.iter().find(|file| file.role == RoleName::TIMESTAMP);
    let version = timestamp.map_or(0, |file| file.version);
    StorageError::Conflict { role: RoleName::TIMESTAMP, version }
}

/// Which file of a role is wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Which<'a> {
    /// The one with the highest version.
    Newest,
    /// The one with this version.
    Version(u64),
    /// The one with this hex SHA-256.
    Hash(&'a str),
}

/// A database.
pub trait Storage: Send + Sync {
    /// A file of a role, or `None`.
    fn file(
        &self,
        gun: &Gun,
        role: &RoleName,
        which: Which<'_>,
    ) -> Result<Option<StoredFile>, StorageError>;

    /// Role and hex SHA-256 of the newest file of every role.
    fn newest_hashes(&self, gun: &Gun) -> Result<Vec<(RoleName, String)>, StorageError>;

    /// Stores all files, or none when one of them is not newer than all files of its role, or when
    /// there has been another timestamp since they were made.
    ///
    /// A timestamp among them is noted in the feed. Of every role but the root, only the `keep`
    /// newest files stay.
    fn commit(
        &self,
        gun: &Gun,
        update: &Update,
        keep: u32,
        at: OffsetDateTime,
    ) -> Result<(), StorageError>;

    /// Removes all files of a collection; its keys stay. Noted in the feed if there was a file.
    fn delete(&self, gun: &Gun, at: OffsetDateTime) -> Result<(), StorageError>;

    /// At most `most` changes of one or all collections, oldest first.
    fn changes(
        &self,
        gun: Option<&Gun>,
        range: Range,
        most: u32,
    ) -> Result<Vec<ChangeRecord>, StorageError>;

    /// The keys that were made for a role of a collection, oldest first.
    fn keys_for(&self, gun: &Gun, role: &RoleName) -> Result<Vec<StoredKey>, StorageError>;

    /// One key, or `None`.
    fn key(&self, id: &KeyId) -> Result<Option<StoredKey>, StorageError>;

    /// Keeps a new key.
    fn add_key(&self, key: &StoredKey, at: OffsetDateTime) -> Result<(), StorageError>;

    /// Notes that a key has signed.
    fn mark_used(&self, id: &KeyId, at: OffsetDateTime) -> Result<(), StorageError>;
}
