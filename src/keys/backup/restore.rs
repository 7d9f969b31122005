//! Putting the keys of a backup back: first looking at everything, then writing one after the other.
//!
//! Nothing is overwritten. Each key appears complete or not at all, and those that are there count as
//! done, so what was interrupted can be repeated.

use std::path::{Path, PathBuf};

use super::BackupKey;
use crate::fsutil::{IoContext as _, PathError, sync_parent, write_new};
use crate::keys::archive::ARCHIVE;
use crate::keys::file_store::FileKeyStore;
use crate::keys::store::{KeyStore as _, KeyStoreError, StoredKey, Unreadable};

/// What is in the way of a key, or in its place.
#[derive(Debug)]
pub enum Present {
    /// Nothing.
    Nothing,
    /// The very same.
    Same,
    /// The same key in other form: under another passphrase, or for another role.
    Other(Box<StoredKey>),
    /// A file that is no key.
    Unreadable(Unreadable),
}

impl Present {
    /// Whether somebody has to decide what becomes of it.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Other(_) | Self::Unreadable(_))
    }
}

impl FileKeyStore {
    /// Looks for what stands where a key of a backup belongs. Archived keys are in nobody's way.
    pub fn present(&self, key: &BackupKey) -> Result<Present, KeyStoreError> {
        let id = &key.entry.id;
        if key.entry.archived {
            let archived = self.archived()?.keys.into_iter().filter(|info| info.id == *id);
            for info in archived {
                if key.is_same_as(&self.read_archived(&info)?) {
                    return Ok(Present::Same);
                }
            }
            return Ok(Present::Nothing);
        }
        match self.find(id) {
            Ok(None) => Ok(Present::Nothing),
            Ok(Some(stored)) if key.is_same_as(&stored) => Ok(Present::Same),
            Ok(Some(stored)) => Ok(Present::Other(Box::new(stored))),
            Err(KeyStoreError::Unreadable(unreadable)) => Ok(Present::Unreadable(unreadable)),
            Err(error) => Err(error),
        }
    }

    /// Writes a key of a backup; returns its file. What is in its place goes into the archive
    /// first.
    pub fn restore(&self, key: &BackupKey, present: &Present) -> Result<PathBuf, PathError> {
        let id = &key.entry.id;
        match present {
            _ if key.entry.archived => return self.write_numbered(id, &key.bytes),
            Present::Nothing | Present::Same => {}
            Present::Other(stored) => _ = self.keep_archived(stored)?,
            Present::Unreadable(unreadable) => self.set_aside(&unreadable.path)?,
        }
        let path = self.file_of(id);
        write_new(&path, &key.bytes)?;
        Ok(path)
    }

    /// Moves a file that is no key out of the way, to where no program takes it for one.
    fn set_aside(&self, path: &Path) -> Result<(), PathError> {
        let directory = self.directory().join(ARCHIVE);
        crate::fsutil::create_private_dir(&directory)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut number = 1;
        loop {
            let aside = directory.join(format!("{name}.{number}.damaged"));
            match std::fs::hard_link(path, &aside) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
                result => {
                    result.on("create", &aside)?;
                    sync_parent(&aside)?;
                    return self.remove(path);
                }
            }
        }
    }
}
