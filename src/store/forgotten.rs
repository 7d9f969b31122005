//! What was trusted once: the directory `forgotten` in the trust directory, which the Go program does
//! not know.
//!
//! Below it, each collection has directories `#1`, `#2` and so on, one for each time that it was
//! forgotten; no name of a collection can contain that character. They have the files that were in the
//! collection's directory, under the same names. Nothing reads them but people.
//!
//! First all files are copied, then the metadata goes, the root last, and then what was known about
//! it. Whoever is killed on the way has not forgotten yet, or has a stricter memory than before: the
//! version floors are the last to go.

use std::path::{Path, PathBuf};

use super::{COLLECTIONS, FLOORS, FileStore, METADATA, MetadataStore as _, StoreError};
use super::{provenance, remove_delegations};
use crate::fsutil::{self, Drafts};
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::trusted::MAX_FILE_BYTES;

const FORGOTTEN: &str = "forgotten";
/// What the names of the single directories begin with.
const NUMBER: char = '#';

impl FileStore {
    /// Moves metadata, version floors and provenance, and `pins` if there are any, to where nothing
    /// looks for them; returns that directory. Staged changes and rotations under way stay.
    pub fn forget_trust(&self, gun: &Gun, pins: Option<&[u8]>) -> Result<PathBuf, StoreError> {
        let target = self.next_forgotten(gun)?;
        let files = self.trust_files()?;
        let drafts = match files.is_empty() {
            true => None,
            false => Some(Drafts::begin(&self.directory, METADATA)?),
        };
        for file in &files {
            let from = self.directory.join(file);
            // Another process may have replaced or removed it just now.
            if let Some(bytes) = fsutil::read_bounded(&from, MAX_FILE_BYTES)? {
                fsutil::write_new(&target.join(file), &bytes)?;
            }
        }
        if let Some(text) = pins {
            fsutil::write_new(&target.join("pins.json"), text)?;
        }
        if let Some(drafts) = drafts {
            let metadata = self.directory.join(METADATA);
            remove_delegations(&metadata.join(RoleName::TARGETS.as_str()))?;
            for role in [RoleName::TIMESTAMP, RoleName::SNAPSHOT, RoleName::TARGETS, RoleName::ROOT]
            {
                fsutil::remove_file(&self.location(&role))?;
            }
            if metadata.is_dir() {
                fsutil::sync_parent(&self.location(&RoleName::ROOT))?;
            }
            fsutil::remove_file(&self.provenance_file())?;
            fsutil::remove_file(&self.directory.join(FLOORS))?;
            fsutil::remove_empty_dir(&metadata)?;
            drafts.abandon()?;
        }
        Ok(target)
    }

    /// Whether metadata, version floors or provenance are here.
    pub fn has_trust(&self) -> Result<bool, StoreError> {
        Ok(!self.trust_files()?.is_empty())
    }

    /// The files about what is trusted, relative to the directory of the collection.
    fn trust_files(&self) -> Result<Vec<PathBuf>, StoreError> {
        let metadata = Path::new(METADATA);
        let mut files = vec![PathBuf::from(FLOORS), PathBuf::from(provenance::FILE)];
        files.extend(RoleName::BASE.iter().map(|role| metadata.join(format!("{role}.json"))));
        files.retain(|file| self.directory.join(file).exists());
        let mut directories = vec![metadata.join(RoleName::TARGETS.as_str())];
        while let Some(directory) = directories.pop() {
            for name in fsutil::list_dir(&self.directory.join(&directory))? {
                let file = directory.join(name);
                if self.directory.join(&file).is_dir() {
                    directories.push(file);
                } else if file.extension().is_some_and(|found| found == "json") {
                    files.push(file);
                }
            }
        }
        Ok(files)
    }

    /// The directory for what is forgotten next.
    fn next_forgotten(&self, gun: &Gun) -> Result<PathBuf, StoreError> {
        let trust_dir = self.collections.parent().unwrap_or(Path::new(COLLECTIONS));
        let mut directory = trust_dir.join(FORGOTTEN);
        directory.extend(gun.segments());
        let numbers = fsutil::list_dir(&directory)?.into_iter().filter_map(|name| {
            name.to_str().and_then(|name| name.strip_prefix(NUMBER)?.parse::<u32>().ok())
        });
        let next = numbers.max().unwrap_or(0).saturating_add(1);
        Ok(directory.join(format!("{NUMBER}{next}")))
    }
}
