//! Backups: the files of keys, archived ones included, in one file that can be kept anywhere.
//!
//! A backup is an age file ([`envelope`]) around a tar archive ([`pack`]) that begins with a
//! description of its contents ([`manifest`]). The keys in it stay encrypted with their own
//! passphrases, so whoever opens a backup cannot sign yet. Keys on tokens are not in it, they cannot
//! leave their token.
//!
//! * Making one leaves nothing out without saying so ([`Collected::left_out`]).
//! * Reading one believes nothing: what is not exactly as described is refused as a whole.
//! * Restoring ([`restore`]) looks at everything before it writes anything, and overwrites nothing.

mod check;
pub mod envelope;
pub mod manifest;
pub mod pack;
pub mod restore;

use std::path::PathBuf;

use thiserror::Error;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zeroize::Zeroizing;

pub use check::{Checked, Comparison};
pub use envelope::{Identities, InvalidRecipient, Opener, Protection, Recipient, Sealed, encrypt};
pub use manifest::Entry;

use super::archive::ARCHIVE;
use super::block;
use super::error::OpenError;
use super::file_store::{FileKeyStore, name_of};
use super::store::{KeyInfo, KeyStore as _, KeyStoreError, StoredKey, Unreadable};
use crate::tuf::algorithm::Algorithm;
use crate::tuf::pem;

/// The most bytes in a backup: thousands of keys.
pub const MAX_BYTES: u64 = 16 << 20;

/// The most bytes of the file of a backup, which has some more around its contents.
pub const MAX_ENCRYPTED_BYTES: u64 = MAX_BYTES + (1 << 20);

/// Why a file is not a backup that can be used. All of it speaks of the backup as "it".
#[derive(Debug, Error)]
pub enum BackupError {
    /// Its authentication fails, or its end is missing.
    #[error("it is damaged or cut off")]
    Damaged,
    /// A file that is not what the manifest says.
    #[error("`{0}` in it is not as its manifest describes it")]
    Differs(String),
    /// A passphrase derivation that no backup of this program has.
    #[error("opening it would take minutes or gigabytes")]
    ExcessiveCost,
    /// No identities are in the file that should have some.
    #[error("the identity file has something else than age identities, or none")]
    Identities,
    /// A key that is damaged, or not the one that it is said to be.
    #[error("`{name}` in it cannot be used")]
    Key {
        /// The file.
        name: String,
        /// What is wrong with it.
        #[source]
        source: OpenError,
    },
    /// The manifest cannot be read.
    #[error("its manifest cannot be understood: {0}")]
    Manifest(String),
    /// A file that the manifest lists is not there, or not whole.
    #[error("`{0}` is missing in it")]
    Missing(String),
    /// A later edition of the format.
    #[error("it is a backup of version {version}, and this program knows versions up to {known}")]
    Newer {
        /// Its version.
        version: u64,
        /// The last that is known.
        known: u64,
    },
    /// It was made for recipients, and nobody said who.
    #[error("it was made for recipients, so an identity opens it and no passphrase")]
    NoIdentity,
    /// Something that does not begin with a manifest.
    #[error("it does not begin with a manifest")]
    NoManifest,
    /// It was made for other recipients.
    #[error("none of the identities opens it")]
    NoMatchingIdentity,
    /// Something else than a file.
    #[error("`{0}` in it is not a regular file")]
    NotAFile(String),
    /// Something else.
    #[error("it is not an age file")]
    NotAge,
    /// Something else inside.
    #[error("what is in it is not a tar archive: {0}")]
    NotTar(String),
    /// It was made for a passphrase.
    #[error("a passphrase opens it, and no identity")]
    NotForIdentities,
    /// A file where a key store has none.
    #[error("it has a file `{0}`, where no key belongs")]
    Path(String),
    /// More than [`MAX_BYTES`].
    #[error("it has more than {} MiB", MAX_BYTES >> 20)]
    TooLarge,
    /// Something behind the end of the archive.
    #[error("there is something behind its end")]
    Trailer,
    /// The same file again.
    #[error("`{0}` is in it twice")]
    Twice(String),
    /// A file that the manifest does not list.
    #[error("`{0}` is in it, but not in its manifest")]
    Unexpected(String),
    /// A file that holds no key.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

/// The keys in a backup.
#[derive(Debug)]
pub struct Backup {
    /// When it was made, RFC 3339 in UTC.
    pub created: String,
    /// The version of the program that made it.
    pub program: String,
    /// The keys.
    pub keys: Vec<BackupKey>,
}

/// One key of a backup.
pub struct BackupKey {
    /// What the manifest says.
    pub entry: Entry,
    /// The key; its location is the name of the file in the backup.
    pub stored: StoredKey,
    /// The file.
    bytes: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The file may be an unencrypted key.
        f.debug_struct("BackupKey").field("entry", &self.entry).finish_non_exhaustive()
    }
}

/// What became of an attempt to put all keys into a backup.
#[derive(Debug)]
pub struct Collected {
    /// The keys that can be read.
    pub backup: Backup,
    /// The others.
    pub left_out: Vec<LeftOut>,
}

/// A key file that cannot be backed up.
#[derive(Debug, Error)]
pub enum LeftOut {
    /// What is in it is no key.
    #[error("`{}` is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: OpenError,
    },
    /// There is no key in it, or it cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

impl Backup {
    /// Reads the keys of a key store and its archive that are chosen.
    pub fn collect(
        store: &FileKeyStore,
        created: OffsetDateTime,
        is_chosen: impl Fn(&KeyInfo) -> bool,
    ) -> Result<Collected, KeyStoreError> {
        let (here, archived) = (store.list()?, store.archived()?);
        let unreadable = here.unreadable.into_iter().chain(archived.unreadable);
        let mut left_out: Vec<LeftOut> = unreadable.map(LeftOut::from).collect();
        let mut keys = Vec::new();
        let infos = here.keys.into_iter().map(|info| (info, false));
        for (info, is_archived) in infos.chain(archived.keys.into_iter().map(|info| (info, true))) {
            if !is_chosen(&info) {
                continue;
            }
            let stored = match is_archived {
                true => Some(store.read_archived(&info)),
                false => store.find(&info.id).transpose(),
            };
            match stored.map(|stored| BackupKey::of(stored?, is_archived)) {
                Some(Ok(key)) => match key.inspect() {
                    Ok(_) => keys.push(key),
                    Err(source) => {
                        left_out.push(LeftOut::Damaged { path: info.location, source });
                    }
                },
                // Somebody has just removed or archived it.
                None => {}
                Some(Err(KeyStoreError::Unreadable(unreadable))) => {
                    left_out.push(unreadable.into())
                }
                Some(Err(error)) => return Err(error),
            }
        }
        let created = created.to_offset(time::UtcOffset::UTC);
        let created = created.replace_nanosecond(0).unwrap_or(created).format(&Rfc3339);
        let program = env!("CARGO_PKG_VERSION").to_owned();
        let backup = Self { created: created.unwrap_or_default(), program, keys };
        Ok(Collected { backup, left_out })
    }
}

impl BackupKey {
    fn of(stored: StoredKey, archived: bool) -> Result<Self, KeyStoreError> {
        let StoredKey { info, .. } = &stored;
        let path = match archived {
            false => name_of(&info.id),
            true => {
                let name = info.location.file_name().unwrap_or_default();
                format!("{ARCHIVE}/{}", name.to_string_lossy())
            }
        };
        let bytes = stored.labelled_text();
        let entry = Entry {
            id: info.id.clone(),
            role: info.role.clone(),
            gun: info.gun.clone(),
            path,
            archived,
            sha256: manifest::sha256(&bytes),
            length: bytes.len() as u64,
        };
        Ok(Self { entry, stored, bytes })
    }

    /// Checks all of the key that can be checked without its passphrase; returns its kind as far as
    /// it can be told. A key that this program cannot open may still be a good one.
    pub fn inspect(&self) -> Result<Option<Algorithm>, OpenError> {
        match block::inspect(&self.stored.block) {
            Err(OpenError::Unsupported(_)) => Ok(None),
            result => result,
        }
    }

    /// Whether the stored key is the same, in the same encryption and for the same purpose, with the
    /// same other keys in its file.
    pub fn is_same_as(&self, stored: &StoredKey) -> bool {
        let blocks = |stored: &StoredKey| pem::decode_all(&stored.labelled_text());
        blocks(&self.stored) == blocks(stored)
    }
}
