//! Keys out of PEM files, by whatever program they were written (`formats.md` §2.5, §2.7).
//!
//! A key is stored under the id that is computed from it and never under one that the file claims,
//! so an encrypted one is opened first. What Go can read keeps its passphrase; everything else is
//! encrypted anew.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::block::{self, GUN_HEADER, ROLE_HEADER, seal};
use super::file_store::FileKeyStore;
use super::key_files::PATH_HEADER;
use super::pair::KeyPair as _;
use super::passphrase::{Passphrase, PassphraseError, Passphrases, Wanted};
use super::private::PrivateKey;
use super::reseal::{ResealError, write_checked};
use super::role::{InvalidKeyRole, KeyRole, belongs_to_one_gun};
use super::store::{Added, KeyStore as _, KeyStoreError, StoredKey};
use crate::fsutil::{PathError, sync_parent};
use crate::tuf::key::KeyId;
use crate::tuf::pem::{self, Block};
use crate::tuf::role::{Gun, InvalidGun};

/// The end of the labels of private keys, known ones or not.
const PRIVATE_KEY: &str = "PRIVATE KEY";

/// The blocks of a PEM file.
pub struct PemFile {
    /// Those that can be decoded, in their order.
    pub blocks: Vec<Block>,
    /// How many private keys begin in the file and cannot be decoded.
    pub damaged: usize,
}

impl PemFile {
    /// Takes a file apart.
    pub fn parse(text: &[u8]) -> Self {
        let blocks = pem::decode_all(text);
        let begins = text.split(|byte| *byte == b'\n').filter(|line| {
            let line = line.trim_ascii_end();
            line.starts_with(b"-----BEGIN ") && line.ends_with(b"PRIVATE KEY-----")
        });
        let whole = blocks.iter().filter(|block| should_be_private_key(block)).count();
        let damaged = begins.count().saturating_sub(whole);
        Self { blocks, damaged }
    }
}

/// Whether the block should be a private key of any form, also of one that cannot be opened.
pub fn should_be_private_key(block: &Block) -> bool {
    block.label.ends_with(PRIVATE_KEY)
}

/// What the files do not say themselves.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// The role of keys whose files do not name one.
    pub role: Option<KeyRole>,
    /// The collection of keys that belong to one, and whose files do not name it.
    pub gun: Option<Gun>,
    /// Whether nothing is to be stored.
    pub dry_run: bool,
}

/// A key out of a file.
#[derive(Clone, Debug)]
pub struct Imported {
    /// What became of it.
    pub outcome: Outcome,
    /// The canonical id.
    pub id: KeyId,
    /// What it is for.
    pub role: KeyRole,
    /// The collection that it belongs to; of one that was there already, what is stored.
    pub gun: Option<String>,
    /// Its file in the key store.
    pub location: PathBuf,
    /// What its file calls it, if that is wrong.
    pub misnamed: Option<String>,
    /// Why it cannot sign, if that is so.
    pub unusable: Option<String>,
}

/// What became of a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It was stored already, for the same role, and has been left as it was.
    AlreadyThere,
    /// It is stored now, with a new passphrase.
    Encrypted,
    /// It is stored now, with the passphrase that it had.
    Stored,
    /// It would be stored.
    WouldBeStored,
}

/// Why a key was not imported.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The collection in the file can be none.
    #[error("`{name}` cannot be its collection")]
    Gun {
        /// What the file says.
        name: String,
        /// What is wrong with it.
        #[source]
        source: InvalidGun,
    },
    /// The role demands a collection.
    #[error("a {role} key belongs to a collection, and it is not known to which")]
    NoGun {
        /// The role.
        role: KeyRole,
    },
    /// It cannot be opened, or there is no new passphrase.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// The role in the file can be none.
    #[error(transparent)]
    Role(#[from] InvalidKeyRole),
    /// The key store.
    #[error(transparent)]
    Store(#[from] KeyStoreError),
    /// It cannot be written.
    #[error(transparent)]
    Write(#[from] ResealError),
}

/// What a block says about its key in the clear, completed by options.
struct Labels {
    id: Option<KeyId>,
    gun: Option<Gun>,
    role: KeyRole,
    /// What the file calls the key.
    name: Option<String>,
}

impl Labels {
    fn of(block: &Block, options: &ImportOptions) -> Result<Self, ImportError> {
        let header = |name| block.headers.get(name).map(String::as_str).filter(|v| !v.is_empty());
        // Exports of Notary before 0.5: `tuf_keys/<GUN>/<id>_<role>`.
        let path = header(PATH_HEADER).map(|path| path.replace('\\', "/"));
        let (directory, name) = match &path {
            Some(path) => path.rsplit_once('/').unwrap_or(("", path)),
            None => ("", ""),
        };
        let name = name.strip_suffix(".key").unwrap_or(name);
        let (id, role_in_name) = match name.split_once('_') {
            Some((id, role)) => (id, Some(role)),
            None => (name, None),
        };
        let role = match header(ROLE_HEADER).or(role_in_name) {
            Some(role) => role.parse()?,
            None => options.role.clone().unwrap_or_else(KeyRole::delegation),
        };
        let gun = match header(GUN_HEADER).or_else(|| directory.strip_prefix("tuf_keys/")) {
            _ if !belongs_to_one_gun(role.as_str()) => None,
            Some(name) => Some(
                Gun::parse(name)
                    .map_err(|source| ImportError::Gun { name: name.to_owned(), source })?,
            ),
            None if options.gun.is_some() => options.gun.clone(),
            None => return Err(ImportError::NoGun { role }),
        };
        let name = Some(id).filter(|id| !id.is_empty());
        Ok(Self { id: KeyId::parse(id), gun, role, name: name.map(str::to_owned) })
    }
}

impl FileKeyStore {
    /// Imports the key in a block. `place` says where the block is, in the middle of a sentence.
    pub fn import(
        &self,
        block: &Block,
        place: &str,
        options: &ImportOptions,
        passphrases: Passphrases<'_>,
    ) -> Result<Imported, ImportError> {
        let labels = Labels::of(block, options)?;
        let role = labels.role.as_str();
        let gun = labels.gun.as_ref().map(Gun::as_str);
        let wanted = Wanted::imported(role, gun, labels.id.as_ref(), place);
        let used = RefCell::new(None);
        let key = passphrases.open_with(&wanted, |passphrase| {
            let key = block::open(block, passphrase)?;
            used.replace(passphrase.map(Passphrase::from));
            Ok(key)
        })?;

        let imported = |outcome, gun: Option<&str>, location: &Path| Imported {
            outcome,
            id: key.id().clone(),
            role: labels.role.clone(),
            gun: gun.map(str::to_owned),
            location: location.to_owned(),
            misnamed: labels.name.clone().filter(|name| name != key.id().as_str()),
            unusable: key.check_size().err().map(|error| error.reason),
        };
        if self.has_for(key.id(), role)?
            && let Some(StoredKey { info, .. }) = self.find(key.id())?
        {
            return Ok(imported(Outcome::AlreadyThere, info.gun.as_deref(), &info.location));
        }
        let location = self.file_of(key.id());
        if options.dry_run {
            return Ok(imported(Outcome::WouldBeStored, gun, &location));
        }
        let (block, passphrase, outcome) = match used.take() {
            Some(passphrase) if block::is_as_sealed(block, &key, &passphrase) => {
                let mut kept = Block::new(&block.label, block.contents.to_vec());
                kept.headers = seal_headers(&labels);
                (kept, passphrase, Outcome::Stored)
            }
            _ => {
                let passphrase = passphrases.choose(&Wanted::new_key(role, gun, key.id()))?;
                let sealed = seal(&key, &passphrase, role, labels.gun.as_ref());
                (sealed, passphrase, Outcome::Encrypted)
            }
        };
        match self.add_checked(&key, &block, &passphrase)? {
            Added::Stored => Ok(imported(outcome, gun, &location)),
            Added::AlreadyThere => Ok(imported(Outcome::AlreadyThere, gun, &location)),
        }
    }

    /// Like [`add`](super::store::KeyStore::add), but what is written is opened before it gets its name.
    fn add_checked(
        &self,
        key: &PrivateKey,
        block: &Block,
        passphrase: &str,
    ) -> Result<Added, ImportError> {
        let path = self.file_of(key.id());
        let file = write_checked(&path, block.encode().as_bytes(), key.id(), passphrase)?;
        let role = block.headers.get(ROLE_HEADER).map_or("", String::as_str);
        match file.persist_noclobber(&path) {
            Ok(_) => {
                sync_parent(&path).map_err(KeyStoreError::from)?;
                Ok(Added::Stored)
            }
            // Somebody else added the key at the same time.
            Err(_) if self.has_for(key.id(), role)? => Ok(Added::AlreadyThere),
            Err(error) => {
                let error = PathError { action: "create", path, source: error.error };
                Err(KeyStoreError::from(error).into())
            }
        }
    }
}

/// The headers of a stored key.
fn seal_headers(labels: &Labels) -> BTreeMap<String, String> {
    let role = (ROLE_HEADER.to_owned(), labels.role.to_string());
    let gun = labels.gun.as_ref().map(|gun| (GUN_HEADER.to_owned(), gun.to_string()));
    [role].into_iter().chain(gun).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_keys_that_are_cut_off_are_counted() {
        let begin = "-----BEGIN EC PRIVATE KEY-----\n";
        let good = Block::new("EC PRIVATE KEY", vec![1; 99]).encode().to_string();
        let other = Block::new("CERTIFICATE", vec![1; 99]).encode().to_string();
        for (text, blocks, damaged) in [
            (String::new(), 0, 0),
            ("garbage".to_owned(), 0, 0),
            (good.clone(), 1, 0),
            (format!("{other}{good}"), 2, 0),
            (good[..good.len() - 9].to_owned(), 0, 1),
            (format!("{begin}{good}"), 1, 1),
            (format!("{good}{begin}!!!\n-----END EC PRIVATE KEY-----\n"), 1, 1),
            (other[..other.len() - 9].to_owned(), 0, 0),
            (good.replace('\n', "\r\n"), 1, 0),
        ] {
            let file = PemFile::parse(text.as_bytes());
            assert_eq!((file.blocks.len(), file.damaged), (blocks, damaged), "{text}");
        }
    }
}
