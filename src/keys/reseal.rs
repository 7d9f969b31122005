//! Giving a stored key another passphrase.

use std::path::Path;

use tempfile::NamedTempFile;
use thiserror::Error;
use zeroize::Zeroizing;

use super::block::{self, seal};
use super::file_store::{FileKeyStore, MAX_FILE_BYTES};
use super::private::PrivateKey;
use super::rfc1423;
use super::store::{KeyStore as _, KeyStoreError, StoredKey};
use crate::fsutil::{
    IoContext as _, PathError, parent, read_bounded, sync_parent, write_temporary,
};
use crate::tuf::key::KeyId;
use crate::tuf::pem;

/// Why a key keeps its passphrase.
#[derive(Debug, Error)]
pub enum ResealError {
    /// Somebody else has changed the file meanwhile.
    #[error("the file of key {id} was changed by another process")]
    Changed {
        /// The canonical id.
        id: KeyId,
    },
    /// An operation on the file failed.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The key store.
    #[error(transparent)]
    Store(#[from] KeyStoreError),
    /// What was written is not the key. The old file is still there.
    #[error("the new file of key {id} cannot be opened again, so it was not put in place")]
    Unverified {
        /// The canonical id.
        id: KeyId,
    },
}

impl FileKeyStore {
    /// Encrypts a stored key with another passphrase, in the form of new keys.
    ///
    /// `key` is what `stored` holds. Its file is replaced when the new one is on the disk, has been
    /// read back and opened, and if the old one is still as it was. What else is in the file stays
    /// in it.
    pub fn reseal(
        &self,
        stored: &StoredKey,
        key: &PrivateKey,
        passphrase: &str,
    ) -> Result<(), ResealError> {
        let (id, path) = (&stored.info.id, &stored.info.location);
        let mut block = seal(key, passphrase, &stored.info.role, None);
        let mut labels = stored.labelled_block();
        rfc1423::remove_headers(&mut labels);
        block.headers = labels.headers.clone();
        let new = write_checked(path, &stored.text_with(&block), id, passphrase)?;
        if self.find(id)?.as_ref() != Some(stored) {
            return Err(ResealError::Changed { id: id.clone() });
        }
        new.persist(path).map_err(|error| error.error).on("write", path)?;
        Ok(sync_parent(path)?)
    }
}

/// Writes the file of a key to the disk, next to where it is to be, reads it back and opens it.
pub(super) fn write_checked(
    path: &Path,
    text: &[u8],
    id: &KeyId,
    passphrase: &str,
) -> Result<NamedTempFile, ResealError> {
    let new = write_temporary(parent(path), text)?;
    let read = read_bounded(new.path(), MAX_FILE_BYTES)?.map(Zeroizing::new).unwrap_or_default();
    let again = pem::decode_all(&read).into_iter().next().filter(|_| *read == text);
    let opened = again.and_then(|again| block::open(&again, Some(passphrase)).ok());
    match opened.is_some_and(|opened| opened.id() == id) {
        true => Ok(new),
        false => Err(ResealError::Unverified { id: id.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::ROLE_HEADER;
    use crate::tuf::pem::Block;

    #[test]
    fn a_key_that_was_changed_or_removed_meanwhile_stays_so() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileKeyStore::new(directory.path().join("private"));
        let key = PrivateKey::generate_ecdsa_p256();
        let mut block = Block::new("PRIVATE KEY", key.to_pkcs8().to_vec());
        store.add(&key, &block).unwrap();
        let stored = store.find(key.id()).unwrap().unwrap();
        store.archive(key.id()).unwrap();
        let error = store.reseal(&stored, &key, "passphrase").unwrap_err();
        assert!(matches!(error, ResealError::Changed { .. }), "{error}");
        assert!(store.find(key.id()).unwrap().is_none());

        block.headers.insert(ROLE_HEADER.into(), "other".into());
        store.add(&key, &block).unwrap();
        let error = store.reseal(&stored, &key, "passphrase").unwrap_err();
        assert!(matches!(error, ResealError::Changed { .. }), "{error}");
        assert_eq!(store.find(key.id()).unwrap().unwrap().info.role, "other");
        let names = crate::fsutil::list_dir(store.directory()).unwrap();
        assert_eq!(names.len(), 2, "{names:?}");
    }
    #[test]
    fn what_else_is_in_the_file_stays_in_it() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileKeyStore::new(directory.path().join("private"));
        let [key, other] = [(); 2].map(|()| PrivateKey::generate_ecdsa_p256());
        let [block, beside] = [&key, &other]
            .map(|key| Block::new("PRIVATE KEY", key.to_pkcs8().to_vec()).encode().to_string());
        let path = store.file_of(key.id());
        let behind = format!("more\r\n{beside}");
        crate::fsutil::write_new(&path, format!("# mine\n{block}{behind}").as_bytes()).unwrap();
        let stored = store.find(key.id()).unwrap().unwrap();
        assert_eq!(stored.other_keys(), 1);
        store.reseal(&stored, &key, "passphrase").unwrap();
        let text = String::from_utf8(read_bounded(&path, 9999).unwrap().unwrap()).unwrap();
        assert!(text.starts_with("# mine\n-----BEGIN ENCRYPTED") && text.ends_with(&behind));
        let stored = store.find(key.id()).unwrap().unwrap();
        assert_eq!(stored.open(Some("passphrase")).unwrap().id(), key.id());
        assert_eq!(pem::decode_all(text.as_bytes()).len(), 2);
    }
}
