//! Staged changes: one file per change, in the form that the Go program reads and writes.
//!
//! Files lie in `tuf/<GUN>/changelist/` and are called `<20 digits>_<uuid>.change`; the order of
//! the names is the order in which the changes were staged (`formats.md` §6.1). Other files in the
//! directory are none of our business. A change that cannot be read is listed as such, so that it
//! can be shown and dropped, and is never skipped in silence.

mod change;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use self::change::to_go_json;
pub use self::change::{Action, Change, DelegationPayload, Kind, RolePayload};
use crate::fsutil::{self, Drafts, IoContext as _, PathError};

/// The most bytes of one change file.
const MAX_CHANGE_BYTES: u64 = 16 << 20;
const EXTENSION: &str = "change";
/// A number that is later than all that the clocks of Notary can make.
const END_OF_TIME: u64 = 10_u64.pow(19);
/// What cannot be done when a change file has such a number.
pub const STAGE_BEHIND: &str = "stage a change behind";
/// The kind of drafts that changes are until they get their names, in the directory above.
const DRAFTS: &str = "changelist";

/// The name of a change file.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct ChangeId(OsString);

impl ChangeId {
    /// The name as text; one that is none is no name that this program gave.
    pub fn as_str(&self) -> Option<&str> {
        self.0.to_str()
    }
}

/// A change that was found, and its place.
#[derive(Debug)]
pub struct Staged {
    /// Which file it is.
    pub id: ChangeId,
    /// What it says, or why it cannot be read.
    pub change: Result<Change, UnreadableChange>,
}

/// A change file that is damaged.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("staged change `{}` cannot be read: {reason}", path.display())]
pub struct UnreadableChange {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

/// The staged changes of one collection.
pub trait Changelist {
    /// All changes in the order in which they were staged.
    fn list(&self) -> Result<Vec<Staged>, PathError>;

    /// Appends changes: all of them or, on failure, none.
    ///
    /// All are on the disk before the first can be seen. Only a process that is killed in the
    /// moment after that, or a machine that goes down, leaves a beginning of them, in their order.
    fn push(&self, changes: &[Change], now: OffsetDateTime) -> Result<(), PathError>;

    /// Drops changes; those that are gone already do not matter.
    fn remove(&self, ids: &[ChangeId]) -> Result<(), PathError>;
}

/// A changelist in a directory.
#[derive(Clone, Debug)]
pub struct FileChangelist {
    directory: PathBuf,
}

impl FileChangelist {
    /// Uses `directory`, which need not exist until something is staged.
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// Names of the change files, in order.
    fn ids(&self) -> Result<Vec<ChangeId>, PathError> {
        let mut names = fsutil::list_dir(&self.directory)?;
        names.retain(|name| Path::new(name).extension().is_some_and(|found| found == EXTENSION));
        Ok(names.into_iter().map(ChangeId).collect())
    }

    fn read(&self, id: &ChangeId) -> Result<Option<Change>, UnreadableChange> {
        let path = self.directory.join(&id.0);
        let unreadable = |reason| UnreadableChange { path: path.clone(), reason };
        match fsutil::read_bounded(&path, MAX_CHANGE_BYTES) {
            Ok(None) => Ok(None),
            Ok(Some(bytes)) => match serde_json::from_slice(&bytes) {
                Ok(change) => Ok(Some(change)),
                Err(error) => Err(unreadable(error.to_string())),
            },
            Err(error) => Err(unreadable(error.source.to_string())),
        }
    }

    /// The number in the next file's name: nanoseconds since 1970, and more than any before.
    ///
    /// Clocks go backwards now and then; the order of the changes must not. A name behind which no
    /// clock will ever find room is an error.
    fn next_number(&self, now: OffsetDateTime) -> Result<u64, PathError> {
        let nanoseconds = u64::try_from(now.unix_timestamp_nanos()).unwrap_or(0);
        let Some(ChangeId(last)) = self.ids()?.pop() else { return Ok(nanoseconds) };
        let number = last.to_str().and_then(|name| name.split('_').next()?.parse::<u64>().ok());
        let next = number.map_or(nanoseconds, |last| nanoseconds.max(last.saturating_add(1)));
        let is_behind = last.as_encoded_bytes() < format!("{next:020}").as_bytes();
        if is_behind && next < END_OF_TIME {
            return Ok(next);
        }
        let source = io::Error::new(io::ErrorKind::InvalidData, "its number is too large");
        Err(PathError { action: STAGE_BEHIND, path: self.directory.join(last), source })
    }
}

impl Changelist for FileChangelist {
    fn list(&self) -> Result<Vec<Staged>, PathError> {
        let mut staged = Vec::new();
        for id in self.ids()? {
            // A file that vanished since the directory was read was published or dropped.
            if let Some(change) = self.read(&id).transpose() {
                staged.push(Staged { id, change });
            }
        }
        Ok(staged)
    }

    fn push(&self, changes: &[Change], now: OffsetDateTime) -> Result<(), PathError> {
        if changes.is_empty() {
            return Ok(());
        }
        // Not in the directory of the changes: the Go program takes every file there for a change.
        let drafts = Drafts::begin(fsutil::parent(&self.directory), DRAFTS)?;
        let first = self.next_number(now)?;
        let path = |index: usize| {
            let number = first + index as u64;
            self.directory.join(format!("{number:020}_{}.{EXTENSION}", Uuid::new_v4()))
        };
        let paths: Vec<PathBuf> = (0..changes.len()).map(path).collect();
        let written = drafts.write_all(changes, to_go_json)?;
        fsutil::create_private_dir(&self.directory)?;
        for (index, file) in written.into_iter().enumerate() {
            let renamed = file.persist_noclobber(&paths[index]);
            if let Err(error) = renamed.map_err(|error| error.error).on("create", &paths[index]) {
                for path in &paths[..index] {
                    fsutil::remove_file(path)?;
                }
                return Err(error);
            }
        }
        fsutil::sync_parent(&paths[0])
    }

    fn remove(&self, ids: &[ChangeId]) -> Result<(), PathError> {
        for id in ids {
            fsutil::remove_file(&self.directory.join(&id.0))?;
        }
        if ids.is_empty() { Ok(()) } else { fsutil::sync_parent(&self.directory.join("_")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuf::role::RoleName;

    fn changelist() -> (tempfile::TempDir, FileChangelist) {
        let directory = tempfile::tempdir().unwrap();
        let changelist = FileChangelist::new(directory.path().join("changelist"));
        (directory, changelist)
    }

    fn names(changelist: &FileChangelist) -> Vec<String> {
        let staged = changelist.list().unwrap().into_iter();
        staged.map(|staged| staged.change.unwrap().path).collect()
    }

    #[test]
    fn order_survives_a_clock_that_goes_backwards() {
        let (_directory, changelist) = changelist();
        let change = |name: &str| Change::remove_target(&RoleName::TARGETS, name);
        let now = OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000);
        let many: Vec<_> = (0..100).map(|index| change(&format!("{index:03}"))).collect();
        changelist.push(&many, now).unwrap();
        changelist.push(&[change("later")], now - time::Duration::days(1)).unwrap();
        let names = names(&changelist);
        assert_eq!(names.len(), 101);
        assert!(names.is_sorted());
        let id = &changelist.ids().unwrap()[0];
        assert!(id.0.to_str().unwrap().starts_with("01728000000000000000_"));
    }

    #[test]
    fn nothing_is_staged_where_it_would_come_too_early() {
        for (name, accepted) in [
            ("09999999999999999998_a.change", true),
            ("09999999999999999999_a.change", false),
            ("10000000000000000000_a.change", false),
            ("18446744073709551615_a.change", false),
            ("340282366920938463463374607431768211455_a.change", false),
            ("5_a.change", false),
            ("0172800000000000000000000_a.change", false),
            ("a.change", false),
            ("no number", true),
        ] {
            let (_directory, changelist) = changelist();
            let path = changelist.directory.join(name);
            let change = |name: &str| Change::remove_target(&RoleName::TARGETS, name);
            fsutil::write_atomic(&path, &to_go_json(&change("a"))).unwrap();
            let now = OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000);
            match changelist.push(&[change("b"), change("c")], now) {
                Ok(()) => {
                    assert!(accepted && names(&changelist).ends_with(&["b".into(), "c".into()]))
                }
                Err(error) => assert!(!accepted && error.path == path, "{name}: {error}"),
            }
        }
    }

    #[test]
    fn damaged_files_are_reported_and_foreign_ones_left_alone() {
        let (_directory, changelist) = changelist();
        let now = OffsetDateTime::UNIX_EPOCH + time::Duration::days(1);
        changelist.push(&[Change::remove_target(&RoleName::TARGETS, "v1")], now).unwrap();
        let write = |name: &str, bytes: &[u8]| {
            fsutil::write_atomic(&changelist.directory.join(name), bytes).unwrap();
        };
        write("00000000000000000000_bad.change", b"{\"action\":");
        write(
            "99999999999999999999_odd.change",
            br#"{"action":"burn","role":"x","type":"target","path":"","data":null}"#,
        );
        write("notes.txt", b"not ours");
        let staged = changelist.list().unwrap();
        let reasons: Vec<_> = staged
            .iter()
            .map(|staged| staged.change.as_ref().err().map(|e| e.reason.clone()))
            .collect();
        assert_eq!(reasons.len(), 3);
        assert!(reasons[0].as_ref().unwrap().contains("EOF"));
        assert_eq!(reasons[1], None);
        assert!(reasons[2].as_ref().unwrap().contains("burn"));

        let ids: Vec<_> = staged.into_iter().map(|staged| staged.id).collect();
        changelist.remove(&ids).unwrap();
        changelist.remove(&ids).unwrap();
        assert!(changelist.list().unwrap().is_empty());
        assert_eq!(fsutil::list_dir(&changelist.directory).unwrap(), ["notes.txt"]);
    }
}
