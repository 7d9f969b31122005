//! The metadata cache of one collection, and the version floors beside it.
//!
//! Layout below `tuf/<GUN>/` (`formats.md` §1.1): `metadata/<role>.json` holds the newest accepted
//! file of each role, exactly as received; `floors.json` (not known to the Go program) the highest
//! version of each role that was ever accepted. Floors outlive the cache: a file that is damaged or
//! replaced by something older does not lower them. `provenance.json` tells how the root came to be
//! trusted. [`PinFile`] is the one file of this module that belongs to no single collection.

mod forgotten;
mod pending;
mod pins;
mod provenance;

use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::time::SystemTime;

use thiserror::Error;
use time::OffsetDateTime;
use walkdir::WalkDir;

use crate::fsutil::{self, Drafts, IoContext as _, Lock, PathError};
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::trusted::{Floors, MAX_FILE_BYTES};

pub use pending::{NewKeysBy, PendingRotation};
pub use pins::{KeptPins, PinFile};
pub use provenance::{Beginning, Ground};

/// The directory of all collections in a trust directory.
const COLLECTIONS: &str = "tuf";
/// The directory of the staged changes, and the kind of drafts that they are before.
const CHANGELIST: &str = "changelist";
const FLOORS: &str = "floors.json";
const MAX_FLOORS_BYTES: u64 = 16 << 20;
/// The directory of the metadata, and the kind of drafts that it and the floors are before.
const METADATA: &str = "metadata";
const PUBLISH_LOCK: &str = ".publish.lock";

/// Why the cache cannot be used.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A damaged file that is not metadata.
    #[error("`{}` is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The pins cannot be read, so that nobody knows what is pinned.
    #[error("`{}`, which has the pins, is damaged: {reason}", path.display())]
    DamagedPins {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A failed operation on a file.
    #[error(transparent)]
    Path(#[from] PathError),
}

/// Metadata kept on this machine.
pub trait MetadataStore {
    /// The file of a role, or `None`.
    fn read(&self, role: &RoleName) -> Result<Option<Vec<u8>>, StoreError>;

    /// Where the file of a role is, for messages.
    fn location(&self, role: &RoleName) -> PathBuf;

    /// The version floors; none when nothing was ever accepted.
    fn floors(&self) -> Result<Floors, StoreError>;

    /// Keeps accepted files and then the floors, which are merged with those on disk.
    ///
    /// `beginning` says how a root came to be trusted that follows on none that is known here.
    fn save(
        &self,
        files: &[(RoleName, &[u8])],
        floors: &Floors,
        beginning: Option<&Beginning>,
    ) -> Result<(), StoreError>;

    /// Forgets the files and the floors of roles that begin anew.
    fn forget(&self, roles: &[RoleName]) -> Result<(), StoreError>;

    /// The rotation of the keys of a base role that was begun and not finished.
    fn rotation(&self, role: &RoleName) -> Result<Option<PendingRotation>, StoreError>;

    /// Notes that a rotation is begun, or with `None` that it is done.
    fn note_rotation(
        &self,
        role: &RoleName,
        rotation: Option<&PendingRotation>,
    ) -> Result<(), StoreError>;

    /// When the server last confirmed what is cached.
    fn checked_at(&self) -> Option<OffsetDateTime>;

    /// Notes that the server has just confirmed what is cached.
    fn touch(&self, now: OffsetDateTime) -> Result<(), StoreError>;
}

/// Finds the collections of which metadata is cached below `trust_dir`, and the directories that
/// cannot be looked into. Nothing is created.
pub fn collections(trust_dir: &Path) -> (Vec<Gun>, Vec<PathError>) {
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    let top = trust_dir.join(COLLECTIONS);
    if !top.exists() {
        return (found, failures);
    }
    // The directory of a collection may be a link to some other disk.
    let mut walk = WalkDir::new(&top).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(&top).to_owned();
                failures.push(PathError { action: "list", path, source: error.into() });
                continue;
            }
        };
        if !entry.file_type().is_dir() || entry.depth() == 0 {
            continue;
        }
        let relative = entry.path().strip_prefix(&top).ok().and_then(Path::to_str);
        match relative.map(|name| Gun::parse(&name.replace(MAIN_SEPARATOR, "/"))) {
            Some(Ok(gun)) => {
                let store = FileStore::new(trust_dir, &gun);
                if RoleName::BASE.iter().any(|role| store.location(role).exists()) {
                    found.push(gun);
                }
            }
            // No name below one that is none is one.
            _ => walk.skip_current_dir(),
        }
    }
    (found, failures)
}

/// A cache in the trust directory.
#[derive(Clone, Debug)]
pub struct FileStore {
    directory: PathBuf,
    /// The directory of all collections.
    collections: PathBuf,
}

impl FileStore {
    /// Uses `tuf/<GUN>` below `trust_dir`, which need not exist.
    pub fn new(trust_dir: &Path, gun: &Gun) -> Self {
        let collections = trust_dir.join(COLLECTIONS);
        let mut directory = collections.clone();
        directory.extend(gun.segments());
        Self { directory, collections }
    }

    /// The directory of the staged changes.
    pub fn changelist_dir(&self) -> PathBuf {
        self.directory.join(CHANGELIST)
    }

    /// Whether anything of the collection is here: metadata, version floors or staged changes.
    pub fn exists(&self) -> Result<bool, StoreError> {
        let cached = RoleName::BASE.iter().any(|role| self.location(role).exists());
        let has_floors = self.directory.join(FLOORS).exists();
        Ok(cached || has_floors || !self.change_files()?.is_empty())
    }

    /// Makes sure that only one process publishes, creates or deletes the collection here.
    ///
    /// `tell` is called with the file when another process has to be waited for.
    pub fn lock_for_publishing(
        &self,
        tell: impl FnOnce(&Path),
    ) -> Result<PublishLock<'_>, StoreError> {
        let lock = Lock::acquire_patiently(&self.directory.join(PUBLISH_LOCK), tell)?;
        Ok(PublishLock { store: self, _lock: lock })
    }

    /// Removes locks, what killed processes have left, and directories, as far as there is nothing
    /// else in them.
    fn remove_traces(&self) -> Result<(), StoreError> {
        if self.directory.is_dir() {
            let kinds = [METADATA, CHANGELIST];
            let drafts = kinds.map(|kind| Drafts::begin(&self.directory, kind));
            // While nobody else can be about to put something into them.
            for directory in kinds {
                fsutil::remove_empty_dir(&self.directory.join(directory))?;
            }
            for drafts in drafts {
                drafts?.abandon()?;
            }
            fsutil::remove_file(&self.directory.join(PUBLISH_LOCK))?;
        }
        let upwards = self.directory.ancestors();
        upwards
            .take_while(|directory| directory.starts_with(&self.collections))
            .try_for_each(|directory| Ok(fsutil::remove_empty_dir(directory)?))
    }

    /// Removes everything that belongs to the collection, and nothing of collections whose names
    /// continue its name, although their directories lie inside this one.
    pub fn delete(&self) -> Result<(), StoreError> {
        let metadata = self.directory.join(METADATA);
        for path in self.change_files()? {
            fsutil::remove_file(&path)?;
        }
        // The root goes last: while it is there, the collection is known.
        remove_delegations(&metadata.join(RoleName::TARGETS.as_str()))?;
        fsutil::remove_file(&self.directory.join(FLOORS))?;
        fsutil::remove_file(&self.provenance_file())?;
        for role in RoleName::BASE {
            self.note_rotation(&role, None)?;
        }
        for role in [RoleName::TIMESTAMP, RoleName::SNAPSHOT, RoleName::TARGETS, RoleName::ROOT] {
            fsutil::remove_file(&self.location(&role))?;
        }
        self.remove_traces()
    }

    fn change_files(&self) -> Result<Vec<PathBuf>, StoreError> {
        let names = fsutil::list_dir(&self.changelist_dir())?.into_iter();
        let paths = names.map(|name| self.changelist_dir().join(name));
        let is_change = |path: &PathBuf| path.extension().is_some_and(|found| found == "change");
        Ok(paths.filter(is_change).collect())
    }

    fn read_floors(&self) -> Result<Floors, StoreError> {
        let path = self.directory.join(FLOORS);
        match fsutil::read_bounded(&path, MAX_FLOORS_BYTES)? {
            None => Ok(Floors::default()),
            Some(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| StoreError::Damaged { path, reason: error.to_string() }),
        }
    }
}

/// Held while a collection is published, created or deleted.
///
/// When it ends and there is no collection, for instance because there is none of that name
/// anywhere, nothing is left behind.
#[derive(Debug)]
pub struct PublishLock<'a> {
    store: &'a FileStore,
    _lock: Lock,
}

impl Drop for PublishLock<'_> {
    fn drop(&mut self) {
        // What cannot be tidied up does no harm.
        if let Ok(false) = self.store.exists() {
            let _ = self.store.remove_traces();
        }
    }
}

/// Removes the files of delegations, at any depth, and the directories that become empty.
fn remove_delegations(directory: &Path) -> Result<(), StoreError> {
    for name in fsutil::list_dir(directory)? {
        let path = directory.join(&name);
        if path.is_dir() {
            remove_delegations(&path)?;
        } else if path.extension().is_some_and(|found| found == "json") {
            fsutil::remove_file(&path)?;
        }
    }
    Ok(fsutil::remove_empty_dir(directory)?)
}

impl MetadataStore for FileStore {
    fn read(&self, role: &RoleName) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(fsutil::read_bounded(&self.location(role), MAX_FILE_BYTES)?)
    }

    fn location(&self, role: &RoleName) -> PathBuf {
        self.directory.join(METADATA).join(format!("{role}.json"))
    }

    fn floors(&self) -> Result<Floors, StoreError> {
        self.read_floors()
    }

    fn save(
        &self,
        files: &[(RoleName, &[u8])],
        floors: &Floors,
        beginning: Option<&Beginning>,
    ) -> Result<(), StoreError> {
        let drafts = Drafts::begin(&self.directory, METADATA)?;
        let root = files.iter().find(|(role, _)| *role == RoleName::ROOT);
        let provenance = root.map(|(_, root)| self.provenance_of(root, beginning));
        let provenance = provenance.as_deref().map(|text| (self.provenance_file(), text));
        let mut writes: Vec<(PathBuf, &[u8])> = provenance.into_iter().collect();
        writes.extend(files.iter().map(|(role, bytes)| (self.location(role), *bytes)));
        let known = self.read_floors()?;
        let merged = known.merged(floors);
        let text = serde_json::to_vec_pretty(&merged).expect("floors are plain data");
        if merged != known {
            writes.push((self.directory.join(FLOORS), &text));
        }
        Ok(drafts.replace_all(&writes)?)
    }

    fn forget(&self, roles: &[RoleName]) -> Result<(), StoreError> {
        let drafts = Drafts::begin(&self.directory, METADATA)?;
        // First the files, which would raise the floors again.
        for role in roles {
            fsutil::remove_file(&self.location(role))?;
        }
        let floors = self.read_floors()?.without(roles);
        let text = serde_json::to_vec_pretty(&floors).expect("floors are plain data");
        Ok(drafts.replace_all(&[(self.directory.join(FLOORS), &text)])?)
    }

    fn rotation(&self, role: &RoleName) -> Result<Option<PendingRotation>, StoreError> {
        self.read_rotation(role)
    }

    fn note_rotation(
        &self,
        role: &RoleName,
        rotation: Option<&PendingRotation>,
    ) -> Result<(), StoreError> {
        self.write_rotation(role, rotation)
    }

    fn checked_at(&self) -> Option<OffsetDateTime> {
        let metadata = std::fs::metadata(self.location(&RoleName::TIMESTAMP)).ok()?;
        time_of(metadata.modified().ok()?)
    }

    fn touch(&self, now: OffsetDateTime) -> Result<(), StoreError> {
        let path = self.location(&RoleName::TIMESTAMP);
        let file = std::fs::OpenOptions::new().write(true).open(&path).on("open", &path)?;
        Ok(file.set_modified(now.into()).on("touch", &path)?)
    }
}

/// The time of a file. Anybody can set any, and file systems know some that cannot be told.
fn time_of(modified: SystemTime) -> Option<OffsetDateTime> {
    let since_epoch = modified.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    OffsetDateTime::UNIX_EPOCH.checked_add(since_epoch.try_into().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(gun: &str) -> (tempfile::TempDir, FileStore) {
        let directory = tempfile::tempdir().unwrap();
        let store = FileStore::new(directory.path(), &Gun::parse(gun).unwrap());
        (directory, store)
    }

    fn floors(version: u64) -> Floors {
        let mut floors = Floors::default();
        floors.raise(&RoleName::TARGETS, version);
        floors
    }

    #[test]
    fn files_from_beyond_the_calendar_have_no_time() {
        let at =
            |seconds| time_of(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds));
        assert_eq!(at(86_400), Some(OffsetDateTime::UNIX_EPOCH + time::Duration::DAY));
        assert_eq!(at(1 << 38), None);
        assert_eq!(at(i64::MAX.unsigned_abs()), None);
    }

    #[test]
    fn reading_creates_nothing() {
        let (directory, store) = store("a/b");
        assert!(store.read(&RoleName::ROOT).unwrap().is_none());
        assert_eq!(store.floors().unwrap(), Floors::default());
        assert!(!store.exists().unwrap());
        assert!(fsutil::list_dir(directory.path()).unwrap().is_empty());
    }

    #[test]
    fn floors_only_grow() {
        let (_directory, store) = store("a");
        for (saved, expected) in [(3, 3), (2, 3), (4, 4)] {
            store.save(&[], &floors(saved), None).unwrap();
            assert_eq!(store.floors().unwrap(), floors(expected));
        }
    }

    #[test]
    fn collections_are_found_at_any_depth() {
        let directory = tempfile::tempdir().unwrap();
        assert!(collections(directory.path()).0.is_empty());
        let names = ["a", "a/b", "a/metadata", "x/y.z/metadata/metadata", "x/y/z"];
        for name in names {
            let store = FileStore::new(directory.path(), &Gun::parse(name).unwrap());
            let delegation = RoleName::parse("targets/metadata").unwrap();
            store.save(&[(RoleName::ROOT, b""), (delegation, b"")], &floors(1), None).unwrap();
        }
        let changes = directory.path().join("tuf/new/changelist");
        fsutil::write_atomic(&changes.join("1_a.change"), b"").unwrap();
        let (mut found, failures) = collections(directory.path());
        found.sort();
        assert_eq!(found.iter().map(Gun::as_str).collect::<Vec<_>>(), names);
        assert!(failures.is_empty());
    }

    #[test]
    fn a_lock_for_a_collection_that_is_not_there_leaves_no_trace() {
        let (directory, store) = store("a/b");
        drop(store.lock_for_publishing(|_| ()).unwrap());
        assert!(fsutil::list_dir(directory.path()).unwrap().is_empty());

        store.save(&[(RoleName::ROOT, b"r")], &floors(1), None).unwrap();
        drop(store.lock_for_publishing(|_| ()).unwrap());
        assert_eq!(store.read(&RoleName::ROOT).unwrap().unwrap(), b"r");
    }

    #[test]
    fn damaged_floors_are_an_error_and_not_no_floors() {
        let (_directory, store) = store("a");
        fsutil::write_atomic(&store.directory.join(FLOORS), b"{").unwrap();
        assert!(matches!(store.floors(), Err(StoreError::Damaged { .. })));
        assert!(matches!(store.save(&[], &floors(1), None), Err(StoreError::Damaged { .. })));
    }

    #[test]
    fn deleting_spares_collections_with_longer_names() {
        let directory = tempfile::tempdir().unwrap();
        let store = |gun: &str| FileStore::new(directory.path(), &Gun::parse(gun).unwrap());
        let role = RoleName::parse("targets/a/b").unwrap();
        for gun in ["x", "x/y", "x/metadata"] {
            let files = [(RoleName::ROOT, b"r".as_slice()), (role.clone(), b"d")];
            store(gun).save(&files, &floors(1), None).unwrap();
            fsutil::write_atomic(&store(gun).changelist_dir().join("1_a.change"), b"").unwrap();
        }
        store("x").delete().unwrap();
        assert!(!store("x").exists().unwrap());
        for gun in ["x/y", "x/metadata"] {
            assert_eq!(store(gun).read(&role).unwrap().unwrap(), b"d", "{gun}");
        }
        for gun in ["x/y", "x/metadata"] {
            store(gun).delete().unwrap();
        }
        assert!(
            fsutil::list_dir(&directory.path().join("tuf")).unwrap().iter().all(|name| name == "x")
        );
    }
}
