//! What a backup says about itself: the first file in it.

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::BackupError;
use crate::keys::archive::{self, ARCHIVE};
use crate::keys::file_store;
use crate::tuf::key::KeyId;

/// The value of `format`.
const FORMAT: &str = "notary key backup";
/// The edition that this program writes, and the last that it reads.
const VERSION: u64 = 1;

/// The manifest of a backup.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Manifest {
    format: String,
    version: u64,
    /// When it was made, RFC 3339 in UTC.
    pub created: String,
    /// The version of the program that made it.
    pub program: String,
    /// The files, in the order in which they follow.
    pub keys: Vec<Entry>,
}

/// What the manifest says about the file of a key.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Entry {
    /// The canonical id.
    pub id: KeyId,
    /// The role that it was made for; may be empty.
    pub role: String,
    /// The collection, for keys that belong to one.
    pub gun: Option<String>,
    /// The path of the file relative to the directory of the key store, with `/`.
    pub path: String,
    /// Whether the key was out of use.
    pub archived: bool,
    /// Hex of the hash of the file.
    pub sha256: String,
    /// How many bytes the file has.
    pub length: u64,
}

impl Manifest {
    /// Describes files.
    pub fn new(created: String, keys: Vec<Entry>) -> Self {
        let program = env!("CARGO_PKG_VERSION").to_owned();
        Self { format: FORMAT.to_owned(), version: VERSION, created, program, keys }
    }

    /// Reads a manifest; each path in it is one that a key has in a key store.
    pub fn parse(text: &[u8]) -> Result<Self, BackupError> {
        #[derive(Deserialize)]
        struct Edition {
            format: String,
            version: u64,
        }
        let malformed = |error: serde_json::Error| BackupError::Manifest(error.to_string());
        let edition: Edition = serde_json::from_slice(text).map_err(malformed)?;
        if edition.format != FORMAT {
            let why = format!("it describes a {:?}, not a {FORMAT:?}", edition.format);
            return Err(BackupError::Manifest(why));
        }
        if edition.version > VERSION {
            return Err(BackupError::Newer { version: edition.version, known: VERSION });
        }
        let manifest: Self = serde_json::from_slice(text).map_err(malformed)?;
        match manifest.keys.iter().find(|entry| !entry.is_in_place()) {
            Some(entry) => Err(BackupError::Path(entry.path.clone())),
            None => Ok(manifest),
        }
    }

    /// The bytes of the file.
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("a manifest is plain data")
    }
}

impl Entry {
    /// Whether the path is what a key store calls such a file.
    fn is_in_place(&self) -> bool {
        // Ids in metadata are kept as they stand, so one may be anything until it is looked at.
        if KeyId::parse(self.id.as_str()).is_none() {
            return false;
        }
        match self.path.split_once('/') {
            Some((directory, name)) => {
                let id = archive::id_of(name);
                self.archived && directory == ARCHIVE && id.as_ref() == Some(&self.id)
            }
            None => !self.archived && self.path == file_store::name_of(&self.id),
        }
    }

    /// Whether these bytes are the described file.
    pub fn describes(&self, bytes: &[u8]) -> bool {
        bytes.len() as u64 == self.length && sha256(bytes) == self.sha256
    }
}

/// Hex of the hash.
pub fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(digest::digest(&digest::SHA256, bytes).as_ref())
}
