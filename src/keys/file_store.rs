//! Private keys in files: the directory `private` of a trust directory.
//!
//! A key is the file `<canonical id>.key` (`formats.md` §1.1, §1.3). Files in sub-directories count
//! as well (N19), among them those that Notary before 0.5 left in `root_keys` and `tuf_keys`
//! (§1.4), which are read where they are. Of several files for one key the topmost counts.
//!
//! No key is overwritten here, and nothing is created before the first key.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::archive::ARCHIVE;
use super::block::{self, GUN_HEADER, ROLE_HEADER};
use super::private::PrivateKey;
use super::store::{
    Added, KeyInfo, KeyStore, KeyStoreError, Listing, StoredKey, Unreadable, UnreadableReason,
};
use crate::fsutil::{
    IoContext as _, Lock, PathError, list_dir, parent, read_bounded, remove_abandoned,
    remove_empty_dir, remove_file, write_new,
};
use crate::tuf::key::KeyId;
use crate::tuf::pem::{self, Block};

/// The end of the names of key files.
const EXTENSION: &str = ".key";

/// The file that is locked while a key is chosen.
const LOCK: &str = ".keys.lock";

/// The sub-directories of Notary before 0.5, in which paths say something about keys.
const LEGACY: [&str; 2] = ["root_keys", "tuf_keys"];

/// The largest key file that is read, in bytes; one with an RSA key of 8192 bits has 9 KiB.
pub(super) const MAX_FILE_BYTES: u64 = 64 * 1024;

/// The key files below a directory.
#[derive(Clone, Debug)]
pub struct FileKeyStore {
    directory: PathBuf,
}

impl FileKeyStore {
    /// Names the directory, which need not exist.
    pub fn new(private_dir: PathBuf) -> Self {
        Self { directory: private_dir }
    }

    /// The directory. Go shows it, and not the file, as the location of every key.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Makes sure that nobody else chooses a key and adds one if there is none. `tell` is called
    /// with the file when another process has to be waited for. What killed processes have left here
    /// goes.
    pub fn lock(&self, tell: impl FnOnce(&Path)) -> Result<KeysLock, PathError> {
        let path = self.directory.join(LOCK);
        let lock = Lock::acquire_patiently(&path, tell)?;
        remove_abandoned(&self.directory);
        Ok(KeysLock { path, _lock: lock })
    }

    /// The file that a new key gets.
    pub(super) fn file_of(&self, id: &KeyId) -> PathBuf {
        self.directory.join(name_of(id))
    }

    fn flat(&self, id: KeyId) -> Candidate {
        let path = self.file_of(&id);
        Candidate { gun: None, id: Some(id), path, rank: Rank::Flat, role: None }
    }

    /// Reads all files of a key, the one that counts first. One that cannot be read is an error,
    /// since it may be of use to somebody else.
    pub fn copies(&self, id: &KeyId) -> Result<Vec<StoredKey>, KeyStoreError> {
        let (candidates, _) = self.candidates()?;
        let copies = candidates.into_iter().filter(|candidate| candidate.id.as_ref() == Some(id));
        let copies = copies.map(|candidate| candidate.read(id.clone()).transpose());
        Ok(copies.flatten().collect::<Result<_, _>>()?)
    }

    /// Finds all files that should hold a key, those that count first.
    ///
    /// A sub-directory that cannot be listed is reported as unreadable.
    fn candidates(&self) -> Result<(Vec<Candidate>, Vec<Unreadable>), PathError> {
        let mut walk = Walk::default();
        walk.directory(&self.directory, &[])?;
        walk.found.sort_by(|a, b| (a.rank, &a.path).cmp(&(b.rank, &b.path)));
        Ok((walk.found, walk.unreadable))
    }
}

/// Held while a key is chosen and perhaps added. Nothing is left of it.
#[derive(Debug)]
pub struct KeysLock {
    path: PathBuf,
    _lock: Lock,
}

impl Drop for KeysLock {
    fn drop(&mut self) {
        // What cannot be tidied up does no harm.
        let _ = remove_file(&self.path);
        let _ = remove_empty_dir(parent(&self.path));
    }
}

impl KeyStore for FileKeyStore {
    fn list(&self) -> Result<Listing, KeyStoreError> {
        let (candidates, mut unreadable) = self.candidates()?;
        let mut keys = BTreeMap::new();
        for candidate in candidates {
            let Some(id) = candidate.id.clone() else {
                let reason = UnreadableReason::Name;
                unreadable.push(Unreadable { path: candidate.path, reason });
                continue;
            };
            let Entry::Vacant(entry) = keys.entry(id.clone()) else { continue };
            match candidate.read(id) {
                Ok(Some(stored)) => _ = entry.insert(Some(stored.info)),
                Ok(None) => {}
                Err(problem) => {
                    // Nothing further down stands in for a damaged file, as in `find`.
                    entry.insert(None);
                    unreadable.push(problem);
                }
            }
        }
        Ok(Listing { keys: keys.into_values().flatten().collect(), unreadable })
    }

    fn find(&self, id: &KeyId) -> Result<Option<StoredKey>, KeyStoreError> {
        // Ids in metadata are not checked on reading; only a true one may become a path.
        let Some(id) = KeyId::parse(id.as_str()) else { return Ok(None) };
        let flat = self.flat(id.clone());
        if fs::symlink_metadata(&flat.path).is_ok_and(|metadata| metadata.is_file()) {
            return Ok(flat.read(id)?);
        }
        let (candidates, _) = self.candidates()?;
        match candidates.into_iter().find(|candidate| candidate.id.as_ref() == Some(&id)) {
            Some(candidate) => Ok(candidate.read(id)?),
            None => Ok(None),
        }
    }

    fn add(&self, key: &PrivateKey, block: &Block) -> Result<Added, KeyStoreError> {
        let role = block.headers.get(ROLE_HEADER).map_or("", String::as_str);
        if self.has_for(key.id(), role)? {
            return Ok(Added::AlreadyThere);
        }
        let path = self.file_of(key.id());
        match write_new(&path, block.encode().as_bytes()) {
            Ok(()) => Ok(Added::Stored),
            // Somebody else added the key at the same time.
            Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists => {
                self.has_for(key.id(), role)?.then_some(Added::AlreadyThere).ok_or(error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn archive(&self, id: &KeyId) -> Result<Option<PathBuf>, KeyStoreError> {
        let mut archived = None;
        // The one that counts comes last, and therefore back first.
        for stored in self.copies(id)?.iter().rev() {
            archived = Some(self.keep_archived(stored)?);
        }
        Ok(archived)
    }

    fn find_archived(&self, id: &KeyId) -> Result<Option<StoredKey>, KeyStoreError> {
        // The one that was archived last.
        let found = self.archived()?.keys.into_iter().rfind(|key| key.id == *id);
        found.map(|key| self.read_archived(&key)).transpose()
    }
}

/// Which of several files for one key counts: the lowest.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Rank {
    Flat,
    SubDirectory,
    Legacy,
}

/// A file that should hold a key, and what its path says about that.
#[derive(Debug)]
struct Candidate {
    gun: Option<String>,
    id: Option<KeyId>,
    path: PathBuf,
    rank: Rank,
    role: Option<String>,
}

impl Candidate {
    /// Interprets the path of a file; `parents` are the directories between the store and it.
    fn new(path: PathBuf, parents: &[String]) -> Self {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let stem = name.strip_suffix(EXTENSION).unwrap_or_default();
        let rank = match parents.first() {
            None => Rank::Flat,
            Some(first) if LEGACY.contains(&first.as_str()) => Rank::Legacy,
            Some(_) => Rank::SubDirectory,
        };
        // §1.4: `tuf_keys/<GUN>/<id>_<role>.key`, and later the same without the role.
        let (gun, role, id) = match rank {
            Rank::Flat | Rank::SubDirectory => (String::new(), None, stem),
            Rank::Legacy => {
                let mut pieces = stem.split('_');
                let id = pieces.next().unwrap_or_default();
                (parents[1..].join("/"), pieces.next().map(str::to_owned), id)
            }
        };
        let id = KeyId::parse(id);
        Self { gun: Some(gun).filter(|gun| !gun.is_empty()), id, path, rank, role }
    }

    /// Reads the file as that of the key `id`; `None` when it is gone.
    fn read(self, id: KeyId) -> Result<Option<StoredKey>, Unreadable> {
        let bytes = read_bounded(&self.path, MAX_FILE_BYTES);
        let bytes = bytes
            .map_err(|error| Unreadable { path: self.path.clone(), reason: error.into() })?
            .map(Zeroizing::new);
        bytes.map(|bytes| self.parse(id, &bytes)).transpose()
    }

    /// Interprets the contents of the file.
    fn parse(self, id: KeyId, bytes: &[u8]) -> Result<StoredKey, Unreadable> {
        let Self { gun, path, role, .. } = self;
        let unreadable = |reason| Unreadable { path: path.clone(), reason };
        let block = pem::decode_all(bytes).into_iter().next();
        let block = block.ok_or_else(|| unreadable(UnreadableReason::NoBlock))?;
        if !block::is_private_key(&block) {
            return Err(unreadable(UnreadableReason::OtherLabel(block.label)));
        }
        let header = |name| block.headers.get(name).filter(|value| !value.is_empty()).cloned();
        let info = KeyInfo {
            // What is wrong with a key is said by whoever opens it.
            algorithm: block::inspect(&block).ok().flatten(),
            encrypted: block::is_encrypted(&block),
            gun: header(GUN_HEADER).or(gun),
            id,
            location: path,
            role: header(ROLE_HEADER).or(role).unwrap_or_default(),
        };
        Ok(StoredKey { block, info, text: Zeroizing::new(bytes.to_vec()) })
    }
}

/// The name of the file of a key.
pub(super) fn name_of(id: &KeyId) -> String {
    format!("{id}{EXTENSION}")
}

/// Interprets the file of the key `id`, whose path says nothing about it.
pub(super) fn parse_key(path: &Path, id: KeyId, bytes: &[u8]) -> Result<StoredKey, Unreadable> {
    flat(path).parse(id, bytes)
}

fn flat(path: &Path) -> Candidate {
    Candidate { gun: None, id: None, path: path.to_owned(), rank: Rank::Flat, role: None }
}

/// Reads the file of the key `id`, wherever it is; `None` when it is gone.
pub(super) fn read_key(path: &Path, id: KeyId) -> Result<Option<StoredKey>, Unreadable> {
    flat(path).read(id)
}

/// What a walk through the directory has met.
#[derive(Default)]
struct Walk {
    found: Vec<Candidate>,
    unreadable: Vec<Unreadable>,
}

impl Walk {
    fn directory(&mut self, directory: &Path, parents: &[String]) -> Result<(), PathError> {
        for name in list_dir(directory)? {
            let path = directory.join(&name);
            let is_key = name.as_encoded_bytes().ends_with(EXTENSION.as_bytes());
            match fs::symlink_metadata(&path).on("read", &path) {
                Ok(metadata) if metadata.is_dir() => {
                    if parents.is_empty() && name == ARCHIVE {
                        continue;
                    }
                    let name = name.to_string_lossy().into_owned();
                    let parents = [parents, &[name]].concat();
                    if let Err(error) = self.directory(&path, &parents) {
                        self.unreadable.push(Unreadable { path, reason: error.into() });
                    }
                }
                // §1.3: neither symbolic links nor other files count.
                Ok(metadata) if metadata.is_file() && is_key => {
                    self.found.push(Candidate::new(path, parents));
                }
                Ok(_) => {}
                Err(error) if error.is_not_found() => {}
                Err(error) => self.unreadable.push(Unreadable { path, reason: error.into() }),
            }
        }
        Ok(())
    }
}
