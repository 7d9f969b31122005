//! Where private keys are kept: the interface, and what it reports.
//!
//! A store hands out keys still encrypted; listing needs no passphrase.

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;
use zeroize::Zeroizing;

use super::block::{self, GUN_HEADER, ROLE_HEADER};
use super::error::OpenError;
use super::private::PrivateKey;
use crate::fsutil::PathError;
use crate::tuf::algorithm::Algorithm;
use crate::tuf::key::KeyId;
use crate::tuf::pem::{self, Block};

/// A place for private keys.
pub trait KeyStore {
    /// Lists all keys by what is written about them in the clear.
    fn list(&self) -> Result<Listing, KeyStoreError>;

    /// Looks for the key with this canonical id.
    fn find(&self, id: &KeyId) -> Result<Option<StoredKey>, KeyStoreError>;

    /// Whether a key is stored as one of `role`; being stored for another role is an error
    /// (`formats.md` §1.3).
    fn has_for(&self, id: &KeyId, role: &str) -> Result<bool, KeyStoreError> {
        match self.find(id)? {
            None => Ok(false),
            Some(stored) if stored.info.role == role => Ok(true),
            Some(stored) => {
                let (id, role) = (id.clone(), role.to_owned());
                Err(KeyStoreError::RoleConflict { id, role, stored: stored.info.role })
            }
        }
    }

    /// Stores `block`, which holds `key`. What is already stored is never overwritten.
    fn add(&self, key: &PrivateKey, block: &Block) -> Result<Added, KeyStoreError>;

    /// Takes a key, with all its copies, out of use and keeps it where it can be brought back from;
    /// returns where, or `None` if there is no such key.
    fn archive(&self, id: &KeyId) -> Result<Option<PathBuf>, KeyStoreError>;

    /// Looks for a key that was taken out of use.
    fn find_archived(&self, id: &KeyId) -> Result<Option<StoredKey>, KeyStoreError>;
}

/// What is known of a stored key without opening it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyInfo {
    /// The kind of key, as far as it can be told.
    pub algorithm: Option<Algorithm>,
    /// Whether a passphrase is needed to open it.
    pub encrypted: bool,
    /// The collection it belongs to, for a targets, snapshot or timestamp key.
    pub gun: Option<String>,
    /// The canonical id, by the name of the file.
    pub id: KeyId,
    /// The file.
    pub location: PathBuf,
    /// The role it was made for, as it is written in the file; empty when nothing is.
    pub role: String,
}

/// A key as it was found in a store.
#[derive(Clone, Eq, PartialEq)]
pub struct StoredKey {
    /// The key, usually encrypted.
    pub block: Block,
    /// What is written about it.
    pub info: KeyInfo,
    /// The whole file: people keep other things beside the key, even other keys.
    pub(super) text: Zeroizing<Vec<u8>>,
}

impl StoredKey {
    /// Opens the key and makes sure that it is the one that was looked for.
    ///
    /// The name of a file is no proof of what is in it: a renamed key would make signatures that
    /// nobody asked for, so it is an error.
    pub fn open(&self, passphrase: Option<&str>) -> Result<PrivateKey, OpenError> {
        let key = block::open(&self.block, passphrase)?;
        if *key.id() != self.info.id {
            let expected = self.info.id.clone();
            return Err(OpenError::OtherKey { expected, found: key.id().clone() });
        }
        Ok(key)
    }

    /// The block with headers for all that is known of the key: what only the path of an old file
    /// says would be lost elsewhere.
    pub fn labelled_block(&self) -> Block {
        let Self { block, info, .. } = self;
        let mut block = block.clone();
        let mut say = |header: &str, value: &str| {
            let said = block.headers.get(header).is_some_and(|said| !said.is_empty());
            if !value.is_empty() && !said {
                block.headers.insert(header.to_owned(), value.to_owned());
            }
        };
        say(ROLE_HEADER, &info.role);
        say(GUN_HEADER, info.gun.as_deref().unwrap_or_default());
        block
    }

    /// The file as it is, but for the headers of [`labelled_block`](Self::labelled_block) that it
    /// lacks.
    pub(super) fn labelled_text(&self) -> Zeroizing<Vec<u8>> {
        match self.labelled_block() {
            block if block == self.block => self.text.clone(),
            block => self.text_with(&block),
        }
    }

    /// The file with another block in the place of the key. All else is kept byte for byte.
    pub(super) fn text_with(&self, block: &Block) -> Zeroizing<Vec<u8>> {
        let place = pem::locate_all(&self.text).into_iter().next().map(|found| found.range);
        let place = place.unwrap_or(0..self.text.len());
        let (before, behind) = (&self.text[..place.start], &self.text[place.end..]);
        Zeroizing::new([before, block.encode().as_bytes(), behind].concat())
    }

    /// How many private keys the file holds beside this one. They are not used from there.
    pub fn other_keys(&self) -> usize {
        self.other_blocks().iter().filter(|block| block::is_private_key(block)).count()
    }

    /// What the file holds behind the key.
    pub(super) fn other_blocks(&self) -> Vec<Block> {
        pem::decode_all(&self.text).into_iter().skip(1).collect()
    }
}

impl fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The block may be an unencrypted key.
        f.debug_struct("StoredKey").field("info", &self.info).finish_non_exhaustive()
    }
}

/// The keys in a store.
#[derive(Debug, Default)]
pub struct Listing {
    /// The keys, each once, by id.
    pub keys: Vec<KeyInfo>,
    /// The files that look like keys but are none; they do not stand in the way of the others.
    pub unreadable: Vec<Unreadable>,
}

/// What became of a key that was to be added.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Added {
    /// The key was already stored for the same role and has been left as it was.
    AlreadyThere,
    /// The key is stored now.
    Stored,
}

/// A file that cannot be used as a key.
#[derive(Debug, Error)]
#[error("`{}` is not a usable key file", path.display())]
pub struct Unreadable {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    #[source]
    pub reason: UnreadableReason,
}

/// What is wrong with a file in a key store.
#[derive(Debug, Error)]
pub enum UnreadableReason {
    /// The file cannot be read, or is too large.
    #[error(transparent)]
    Io(#[from] PathError),
    /// The name is not that of a key.
    #[error("its name is not a key id")]
    Name,
    /// No PEM text.
    #[error("there is no PEM block in it")]
    NoBlock,
    /// PEM text of something else.
    #[error("it holds a PEM block with the label `{0}`, not a private key")]
    OtherLabel(String),
}

/// Why a store could not do what it was asked.
#[derive(Debug, Error)]
pub enum KeyStoreError {
    /// A failed operation on a file or directory.
    #[error(transparent)]
    Io(#[from] PathError),
    /// The key is already stored for another role (`formats.md` §1.3).
    #[error("key {id} cannot be added for role `{role}`, it is already stored for role `{stored}`")]
    RoleConflict {
        /// The canonical id.
        id: KeyId,
        /// The role in the block to be added.
        role: String,
        /// The role in the stored file.
        stored: String,
    },
    /// There is a file for the key, but no key in it.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}
