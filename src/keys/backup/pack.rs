//! The inside of a backup: a tar archive with the manifest and then the files of the keys.
//!
//! Unpacked into a trust directory by hand, the files lie where keys belong. What is read is held
//! against the manifest entry by entry: nothing else may be in there, and all of it has to.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::Path;

use tar::{Archive, Builder, EntryType, Header};
use zeroize::Zeroizing;

use super::manifest::{Entry, Manifest};
use super::{Backup, BackupError, BackupKey};
use crate::keys::file_store::parse_key;

/// The name of the manifest.
const MANIFEST: &str = "manifest.json";
/// The directory of the key store in a trust directory.
const DIRECTORY: &str = "private/";
/// Only its owner may read a file that was unpacked.
const MODE: u32 = 0o600;
/// The size of the blocks of tar archives.
const BLOCK: usize = 512;

impl Backup {
    /// Puts everything into one archive.
    pub fn pack(&self) -> Zeroizing<Vec<u8>> {
        const MEMORY: &str = "memory takes what is written, and names are short";
        let entries = self.keys.iter().map(|key| key.entry.clone()).collect();
        let manifest = Manifest::new(self.created.clone(), entries).encode();
        // Room for all of it at once: growing would leave pieces behind in memory.
        let room = |bytes: &[u8]| bytes.len() + 2 * BLOCK;
        let files: usize = self.keys.iter().map(|key| room(&key.bytes)).sum();
        let mut packed = Zeroizing::new(Vec::with_capacity(room(&manifest) + files + 2 * BLOCK));
        let mut archive = Builder::new(&mut *packed);
        let mut add = |name: &str, bytes: &[u8]| {
            let mut header = Header::new_ustar();
            header.set_path(name).expect(MEMORY);
            header.set_size(bytes.len() as u64);
            header.set_mode(MODE);
            header.set_uid(0);
            header.set_gid(0);
            header.set_mtime(0);
            header.set_cksum();
            archive.append(&header, bytes).expect(MEMORY);
        };
        add(MANIFEST, &manifest);
        for key in &self.keys {
            add(&format!("{DIRECTORY}{}", key.entry.path), &key.bytes);
        }
        archive.into_inner().expect(MEMORY);
        packed
    }

    /// Reads what [`pack`](Self::pack) has made, and checks all that can be checked without the
    /// passphrases of the keys.
    pub fn unpack(packed: &[u8]) -> Result<Self, BackupError> {
        let mut rest = packed;
        let mut archive = Archive::new(&mut rest);
        // Raw: extensions with long names and the like are entries like others, and refused.
        let mut files = archive.entries().map_err(not_tar)?.raw(true);
        let (name, text) = files.next().ok_or(BackupError::NoManifest).and_then(read)?;
        if name != MANIFEST {
            return Err(BackupError::NoManifest);
        }
        let manifest = Manifest::parse(&text)?;
        let mut described: BTreeMap<String, &Entry> = BTreeMap::new();
        for entry in &manifest.keys {
            let name = format!("{DIRECTORY}{}", entry.path);
            if described.insert(name.clone(), entry).is_some() {
                return Err(BackupError::Twice(name));
            }
        }
        let mut read_ones = BTreeMap::new();
        for file in files {
            let (name, bytes) = read(file)?;
            let Some(entry) = described.get(&name) else {
                return Err(BackupError::Unexpected(name));
            };
            if read_ones.insert(name.clone(), open(&name, entry, bytes)?).is_some() {
                return Err(BackupError::Twice(name));
            }
        }
        let mut keys = Vec::new();
        for entry in &manifest.keys {
            let name = format!("{DIRECTORY}{}", entry.path);
            keys.push(read_ones.remove(&name).ok_or(BackupError::Missing(name))?);
        }
        if rest.iter().any(|byte| *byte != 0) {
            return Err(BackupError::Trailer);
        }
        let (created, program) = (manifest.created, manifest.program);
        Ok(Self { created, program, keys })
    }
}

/// Name and contents of a regular file.
fn read<R: io::Read>(
    file: io::Result<tar::Entry<'_, R>>,
) -> Result<(String, Zeroizing<Vec<u8>>), BackupError> {
    let mut file = file.map_err(not_tar)?;
    let name = String::from_utf8_lossy(&file.path_bytes()).into_owned();
    if file.header().entry_type() != EntryType::Regular {
        return Err(BackupError::NotAFile(name));
    }
    // The archive is in memory, so no size in it can be larger than what can be read.
    let mut bytes = Zeroizing::new(Vec::new());
    file.read_to_end(&mut bytes).map_err(not_tar)?;
    match bytes.len() as u64 == file.size() {
        true => Ok((name, bytes)),
        false => Err(BackupError::Missing(name)),
    }
}

fn not_tar(error: io::Error) -> BackupError {
    BackupError::NotTar(error.to_string())
}

/// Holds a file against its description.
fn open(name: &str, entry: &Entry, bytes: Zeroizing<Vec<u8>>) -> Result<BackupKey, BackupError> {
    if !entry.describes(&bytes) {
        return Err(BackupError::Differs(name.to_owned()));
    }
    let stored = parse_key(Path::new(name), entry.id.clone(), &bytes)?;
    if stored.info.role != entry.role || stored.info.gun != entry.gun {
        return Err(BackupError::Differs(name.to_owned()));
    }
    let key = BackupKey { entry: entry.clone(), stored, bytes };
    key.inspect().map_err(|source| BackupError::Key { name: name.to_owned(), source })?;
    Ok(key)
}
