//! Keys as text, to be taken elsewhere: the files as they are, and the ids (`formats.md` §2.7).

use std::io;
use std::iter;
use std::path::Path;

use thiserror::Error;
use zeroize::Zeroizing;

use super::file_store::FileKeyStore;
use super::id::{IdPrefix, NoMatch};
use super::key_files::PATH_HEADER;
use super::store::{KeyInfo, KeyStore as _, KeyStoreError, Unreadable};
use crate::fsutil::{PathError, parent, write_atomic};

/// Which keys are wanted.
#[derive(Clone, Debug)]
pub enum Selection {
    /// All of them.
    All,
    /// Those of these collections.
    Guns(Vec<String>),
    /// These.
    Keys(Vec<IdPrefix>),
}

/// Keys as text.
pub struct Exported {
    /// What is known of the keys, in the order of the text.
    pub keys: Vec<KeyInfo>,
    /// The PEM blocks of their files.
    pub text: Zeroizing<String>,
    /// Files that should hold keys, and are left out.
    pub unreadable: Vec<Unreadable>,
}

/// Why keys are not exported.
#[derive(Debug, Error)]
pub enum ExportError {
    /// There are none.
    #[error("there are no keys to export")]
    NoKeys,
    /// No key belongs to one of the collections.
    #[error("there are no keys of {gun}")]
    NoKeysOf {
        /// The collection.
        gun: String,
    },
    /// An id names no key, or several.
    #[error(transparent)]
    NoMatch(#[from] NoMatch),
    /// The key store.
    #[error(transparent)]
    Store(#[from] KeyStoreError),
}

impl FileKeyStore {
    /// Exports keys, by id; what is encrypted stays so. Archived ones only `with_archived`, each
    /// behind the one in use.
    pub fn export(
        &self,
        selection: &Selection,
        with_archived: bool,
    ) -> Result<Exported, ExportError> {
        let mut listing = self.list()?;
        let archived = if with_archived { self.archived()? } else { Default::default() };
        listing.unreadable.extend(archived.unreadable);
        let in_use = listing.keys.into_iter().map(|key| (false, key));
        let mut keys: Vec<(bool, KeyInfo)> =
            in_use.chain(archived.keys.into_iter().map(|key| (true, key))).collect();
        match selection {
            Selection::All if keys.is_empty() => return Err(ExportError::NoKeys),
            Selection::All => {}
            Selection::Guns(guns) => {
                let has = |gun: &String| keys.iter().any(|(_, key)| key.gun.as_ref() == Some(gun));
                if let Some(gun) = guns.iter().find(|gun| !has(gun)) {
                    return Err(ExportError::NoKeysOf { gun: gun.clone() });
                }
                keys.retain(|(_, key)| key.gun.as_ref().is_some_and(|gun| guns.contains(gun)));
            }
            Selection::Keys(prefixes) => {
                let ids = || keys.iter().map(|(_, key)| &key.id);
                let found = prefixes.iter().map(|prefix| prefix.find(ids()));
                let found = found.collect::<Result<Vec<_>, _>>()?;
                keys.retain(|(_, key)| found.contains(&key.id));
            }
        }
        // Notary-go: by the names of the files. Sorting keeps the order of archived ones.
        keys.sort_by(|(a, one), (b, other)| (&one.id, a).cmp(&(&other.id, b)));
        let mut text = Zeroizing::new(String::new());
        for (is_archived, key) in &keys {
            let stored = match is_archived {
                true => self.read_archived(key)?,
                // Somebody else may just have removed it.
                false => match self.find(&key.id)? {
                    Some(stored) => stored,
                    None => return Err(NoMatch::Unknown { prefix: key.id.to_string() }.into()),
                },
            };
            // Notary-go: all blocks of a file, whatever they are.
            for mut block in iter::once(stored.labelled_block()).chain(stored.other_blocks()) {
                block.headers.insert(PATH_HEADER.to_owned(), key.id.to_string());
                // Growing would leave pieces of keys behind in memory.
                let block = block.encode();
                text = Zeroizing::new([text.as_str(), &block].concat());
            }
        }
        let keys = keys.into_iter().map(|(_, key)| key).collect();
        Ok(Exported { keys, text, unreadable: listing.unreadable })
    }
}

impl Exported {
    /// Puts the text into a file for the owner only, in place of whatever file has the name.
    pub fn write_to(&self, path: &Path) -> Result<(), PathError> {
        let refuse = |kind, what: &'static str| {
            let source = io::Error::new(kind, what);
            Err(PathError { action: "write", path: path.to_owned(), source })
        };
        if !parent(path).is_dir() {
            return refuse(io::ErrorKind::NotFound, "there is no such directory");
        }
        // Replacing a directory fails, and replacing a device would break the machine.
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return refuse(io::ErrorKind::InvalidInput, "it is not a regular file");
        }
        write_atomic(path, self.text.as_bytes())
    }
}
