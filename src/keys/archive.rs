//! Keys that were taken out of use: the directory `archive` below the key store.
//!
//! Nothing signs with an archived key until somebody brings it back. Their files end in `.pem`, so
//! that the Go program, which looks for `.key` everywhere below the key store, does not take them
//! for usable ones. A second archived file of a key gets a number; none is ever overwritten.

use std::io;
use std::path::{Path, PathBuf};

use super::file_store::{FileKeyStore, read_key};
use super::store::{KeyInfo, KeyStoreError, Listing, StoredKey, Unreadable, UnreadableReason};
use crate::fsutil::{self, PathError, list_dir, remove_file, write_new};
use crate::tuf::key::KeyId;

/// The sub-directory.
pub(super) const ARCHIVE: &str = "archive";

const EXTENSION: &str = ".pem";

/// The most files of one key.
const MAX_FILES: u32 = 10_000;

impl FileKeyStore {
    /// The directory of archived keys.
    pub fn archive_dir(&self) -> PathBuf {
        self.directory().join(ARCHIVE)
    }

    /// Lists the archived keys by id; one that was archived more than once occurs as often, the
    /// last time last.
    pub fn archived(&self) -> Result<Listing, KeyStoreError> {
        let directory = self.archive_dir();
        let mut listing = Listing::default();
        let mut numbered = Vec::new();
        for name in list_dir(&directory)? {
            let Some(stem) = name.to_str().and_then(|name| name.strip_suffix(EXTENSION)) else {
                continue;
            };
            let path = directory.join(&name);
            let Some((id, number)) = id_and_number(stem) else {
                listing.unreadable.push(Unreadable { path, reason: UnreadableReason::Name });
                continue;
            };
            match read_key(&path, id) {
                Ok(Some(stored)) => numbered.push((number, stored.info)),
                Ok(None) => {}
                Err(problem) => listing.unreadable.push(problem),
            }
        }
        numbered.sort_by(|(a, one), (b, other)| (&one.id, a).cmp(&(&other.id, b)));
        listing.keys = numbered.into_iter().map(|(_, info)| info).collect();
        Ok(listing)
    }

    /// Reads an archived key.
    pub fn read_archived(&self, key: &KeyInfo) -> Result<StoredKey, KeyStoreError> {
        let found = read_key(&key.location, key.id.clone())?;
        Ok(found.ok_or_else(|| fsutil::missing(&key.location))?)
    }

    /// Puts a key into the archive, with all that is in its file; returns its new file. The old one
    /// is removed when the new one is on the disk.
    pub(super) fn keep_archived(&self, stored: &StoredKey) -> Result<PathBuf, PathError> {
        let info = &stored.info;
        let path = self.write_numbered(&info.id, &stored.labelled_text())?;
        self.remove(&info.location)?;
        Ok(path)
    }

    /// Writes an archived file of the key, unless there is the very same.
    pub(super) fn write_numbered(&self, id: &KeyId, text: &[u8]) -> Result<PathBuf, PathError> {
        let mut number = 1;
        loop {
            let name = match number {
                1 => format!("{id}{EXTENSION}"),
                _ => format!("{id}.{number}{EXTENSION}"),
            };
            let path = self.archive_dir().join(name);
            match write_new(&path, text) {
                Ok(()) => return Ok(path),
                Err(error)
                    if error.source.kind() == io::ErrorKind::AlreadyExists
                        && number < MAX_FILES =>
                {
                    // A process that died before it removed the old file has left the same one.
                    if fsutil::read_bounded(&path, text.len() as u64)
                        .is_ok_and(|there| there.is_some_and(|there| there == text))
                    {
                        return Ok(path);
                    }
                    number += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Brings an archived key back into use; returns its new file.
    pub fn unarchive(&self, key: &KeyInfo) -> Result<PathBuf, KeyStoreError> {
        let stored = self.read_archived(key)?;
        let path = self.file_of(&key.id);
        write_new(&path, &stored.text)?;
        self.remove(&key.location)?;
        Ok(path)
    }

    /// Removes the file of a key for good.
    pub fn remove(&self, file: &Path) -> Result<(), PathError> {
        remove_file(file)?;
        fsutil::sync_parent(file)
    }
}

/// Takes the names of archived files apart: `<id>`, or `<id>.<number>`.
fn id_and_number(stem: &str) -> Option<(KeyId, u32)> {
    let (id, number) = stem.split_once('.').unwrap_or((stem, "1"));
    Some((KeyId::parse(id)?, number.parse().ok()?))
}

/// The key that an archived file of this name is for.
pub(super) fn id_of(name: &str) -> Option<KeyId> {
    id_and_number(name.strip_suffix(EXTENSION)?).map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::file_store::name_of;
    use crate::keys::{Added, GUN_HEADER, KeyStore as _, PrivateKey, ROLE_HEADER};
    use crate::tuf::pem::Block;

    struct Site {
        _directory: tempfile::TempDir,
        store: FileKeyStore,
        key: PrivateKey,
    }

    impl Site {
        fn new() -> Self {
            let directory = tempfile::tempdir().unwrap();
            let store = FileKeyStore::new(directory.path().join("private"));
            Self { _directory: directory, store, key: PrivateKey::generate_ecdsa_p256() }
        }

        fn add(&self, role: &str) {
            let mut block = Block::new("PRIVATE KEY", self.key.to_pkcs8().to_vec());
            block.headers.insert(ROLE_HEADER.into(), role.into());
            assert_eq!(self.store.add(&self.key, &block).unwrap(), Added::Stored);
        }

        fn archive(&self) -> PathBuf {
            self.store.archive(self.key.id()).unwrap().unwrap()
        }

        fn archived(&self) -> Vec<KeyInfo> {
            let listing = self.store.archived().unwrap();
            assert!(listing.unreadable.is_empty());
            listing.keys
        }

        fn is_stored(&self) -> bool {
            self.store.find(self.key.id()).unwrap().is_some()
        }
    }

    #[test]
    fn an_archived_key_is_out_of_use_and_can_be_brought_back() {
        let site = Site::new();
        site.add("root");
        let before = site.store.find(site.key.id()).unwrap().unwrap();
        let path = site.archive();
        assert!(path.ends_with(format!("archive/{}.pem", site.key.id())), "{path:?}");
        assert!(!site.is_stored() && site.store.list().unwrap().keys.is_empty());
        let archived = site.archived();
        assert_eq!((archived.len(), archived[0].role.as_str()), (1, "root"));
        site.store.unarchive(&archived[0]).unwrap();
        assert!(site.archived().is_empty());
        assert_eq!(site.store.find(site.key.id()).unwrap().unwrap(), before);
    }

    #[test]
    fn all_that_is_in_the_file_goes_with_the_key() {
        let site = Site::new();
        let other =
            Block::new("PRIVATE KEY", PrivateKey::generate_ecdsa_p256().to_pkcs8().to_vec());
        let key = Block::new("PRIVATE KEY", site.key.to_pkcs8().to_vec());
        let read = |path: &Path| fsutil::read_bounded(path, 9999).unwrap().unwrap();
        let beside = ["# mine \u{e9}\r\n".as_bytes(), b"\xff\n"].concat();
        let text = |key: &Block| {
            [&beside, key.encode().as_bytes(), &beside, other.encode().as_bytes()].concat()
        };
        let mut labelled = key.clone();
        labelled.headers.insert(ROLE_HEADER.into(), "user".into());
        labelled.headers.insert(GUN_HEADER.into(), "example.com/app".into());
        // What only the path says of the key is written down, and nothing else changes.
        for (place, expected) in [
            (format!("{}.key", site.key.id()), text(&key)),
            (format!("tuf_keys/example.com/app/{}_user.key", site.key.id()), text(&labelled)),
        ] {
            let file = site.store.directory().join(place);
            write_new(&file, &text(&key)).unwrap();
            let archived = read(&site.archive());
            assert!(archived == expected && !file.exists());
            let flat = site.store.unarchive(&site.archived()[0]).unwrap();
            assert!(read(&flat) == expected);
            remove_file(&flat).unwrap();
        }
    }

    #[test]
    fn no_copy_of_an_archived_key_stays_in_use() {
        let site = Site::new();
        site.add("top");
        let text = |role: &str| {
            let mut block = Block::new("PRIVATE KEY", site.key.to_pkcs8().to_vec());
            block.headers.insert(ROLE_HEADER.into(), role.into());
            block.encode()
        };
        let below = |place: &str| site.store.directory().join(place).join(name_of(site.key.id()));
        for place in ["a", "b/c"] {
            write_new(&below(place), text(place).as_bytes()).unwrap();
        }
        // One that cannot be read may be usable to others: then nothing changes.
        write_new(&below("d"), b"damaged").unwrap();
        let error = site.store.archive(site.key.id()).unwrap_err();
        assert!(matches!(error, KeyStoreError::Unreadable(_)), "{error}");
        assert!(site.is_stored() && site.archived().is_empty());
        remove_file(&below("d")).unwrap();

        let path = site.archive();
        assert!(!site.is_stored());
        let archived = site.archived();
        assert_eq!(archived.len(), 3);
        // The one that counted comes back first.
        assert_eq!((&archived[2].location, archived[2].role.as_str()), (&path, "top"));
    }

    #[test]
    fn no_archived_file_is_overwritten() {
        let site = Site::new();
        site.add("root");
        let first = site.archive();
        site.add("user");
        let second = site.archive();
        assert_ne!(first, second);
        let mut roles: Vec<_> = site.archived().into_iter().map(|key| key.role).collect();
        roles.sort();
        assert_eq!(roles, ["root", "user"]);
        // The same once more is the same.
        site.add("root");
        assert_eq!(site.archive(), first);
        assert_eq!(site.archived().len(), 2);
    }

    #[test]
    fn a_key_in_use_is_not_overwritten_by_an_archived_one() {
        let site = Site::new();
        site.add("root");
        site.archive();
        site.add("user");
        let error = site.store.unarchive(&site.archived()[0]).unwrap_err();
        assert!(matches!(error, KeyStoreError::Io(_)), "{error}");
        assert_eq!(site.store.find(site.key.id()).unwrap().unwrap().info.role, "user");
        assert_eq!(site.archived().len(), 1);
    }

    #[test]
    fn there_is_nothing_to_archive_of_an_unknown_key() {
        let site = Site::new();
        assert_eq!(site.store.archive(site.key.id()).unwrap(), None);
        assert!(site.archived().is_empty());
    }
}
