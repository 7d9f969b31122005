//! What every storage guarantees, and what the one in a file does besides.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::{Arc, Barrier};

use notary::keys::PrivateKey;
use notary::server::{
    ChangeRecord, MemoryStorage, NewFile, Range, SqliteStorage, Storage, StorageError, StoredKey,
    StoredSecret, Update, Which,
};
use notary::tuf::role::{Gun, RoleName};
use time::{Duration, OffsetDateTime};

use crate::support::{role, sim_now};

const KEEP: u32 = 3;

fn gun(name: &str) -> Gun {
    Gun::parse(name).unwrap()
}

fn file(name: &str, version: u64) -> NewFile {
    NewFile::new(role(name), version, format!("{name} {version}").into_bytes())
}

fn sqlite(directory: &Path) -> SqliteStorage {
    SqliteStorage::open(&directory.join("notary.db")).unwrap()
}

/// The same for every kind of storage.
fn each(check: impl Fn(&str, Arc<dyn Storage>)) {
    check("memory", Arc::new(MemoryStorage::default()));
    let directory = tempfile::tempdir().unwrap();
    check("sqlite", Arc::new(sqlite(directory.path())));
}

fn newest(storage: &dyn Storage, name: &str, of: &str) -> Option<NewFile> {
    storage.file(&gun(name), &role(of), Which::Newest).unwrap().map(|stored| stored.file)
}

/// Stores files that were made on the present state.
fn commit(storage: &dyn Storage, name: &str, files: &[NewFile]) -> Result<(), StorageError> {
    let after = newest(storage, name, "timestamp").map(|file| file.sha256);
    let update = Update { after, files: files.to_vec() };
    storage.commit(&gun(name), &update, KEEP, sim_now())
}

fn conflict(result: Result<(), StorageError>) -> (RoleName, u64) {
    match result {
        Err(StorageError::Conflict { role, version }) => (role, version),
        other => panic!("{other:?}"),
    }
}

fn versions(storage: &dyn Storage, name: &str, of: &str) -> Vec<u64> {
    let has = |version: &u64| {
        storage.file(&gun(name), &role(of), Which::Version(*version)).unwrap().is_some()
    };
    (0..=20).filter(has).collect()
}

#[test]
fn files_are_found_as_newest_by_version_and_by_hash() {
    each(|kind, storage| {
        for version in [1, 2] {
            commit(&*storage, "a", &[file("root", version), file("timestamp", version)]).unwrap();
        }
        let find = |which| {
            let found = storage.file(&gun("a"), &RoleName::ROOT, which).unwrap();
            found.map(|stored| {
                assert_eq!(stored.stored_at, sim_now(), "{kind}");
                stored.file
            })
        };
        let (old, new) = (file("root", 1), file("root", 2));
        assert_eq!(find(Which::Newest), Some(new.clone()), "{kind}");
        assert_eq!(find(Which::Version(1)), Some(old.clone()), "{kind}");
        assert_eq!(find(Which::Hash(&old.sha256)), Some(old.clone()), "{kind}");
        for nothing in [
            Which::Version(0),
            Which::Version(3),
            Which::Version(u64::MAX),
            Which::Hash(""),
            Which::Hash(&old.sha256.to_uppercase()),
            Which::Hash(&file("timestamp", 1).sha256),
        ] {
            assert_eq!(find(nothing), None, "{kind} {nothing:?}");
        }
        assert_eq!(newest(&*storage, "b", "root"), None, "{kind}");
        assert_eq!(newest(&*storage, "a", "targets"), None, "{kind}");
        let mut hashes = storage.newest_hashes(&gun("a")).unwrap();
        hashes.sort();
        let expected = [file("root", 2), file("timestamp", 2)];
        assert_eq!(hashes, expected.map(|file| (file.role, file.sha256)), "{kind}");
        assert_eq!(storage.newest_hashes(&gun("b")).unwrap(), [], "{kind}");
    });
}

#[test]
fn no_version_is_ever_stored_twice_or_late() {
    each(|kind, storage| {
        commit(&*storage, "a", &[file("targets", 5)]).unwrap();
        for version in [0, 1, 4, 5] {
            let other = NewFile::new(role("targets"), version, b"other".to_vec());
            let lost = conflict(commit(&*storage, "a", &[other]));
            assert_eq!(lost, (role("targets"), version), "{kind}");
        }
        let twice = [file("targets", 6), file("targets", 6)];
        assert_eq!(conflict(commit(&*storage, "a", &twice)), (role("targets"), 6), "{kind}");
        assert_eq!(versions(&*storage, "a", "targets"), [5], "{kind}");
        // Versions may be left out.
        commit(&*storage, "a", &[file("targets", 9)]).unwrap();
        assert_eq!(newest(&*storage, "a", "targets"), Some(file("targets", 9)), "{kind}");
    });
}

#[test]
fn a_conflict_leaves_nothing_behind() {
    each(|kind, storage| {
        commit(&*storage, "a", &[file("targets", 2), file("timestamp", 1)]).unwrap();
        let files = [file("root", 1), file("timestamp", 2), file("targets", 2)];
        assert_eq!(conflict(commit(&*storage, "a", &files)), (role("targets"), 2), "{kind}");
        assert_eq!(newest(&*storage, "a", "root"), None, "{kind}");
        assert_eq!(versions(&*storage, "a", "timestamp"), [1], "{kind}");
        assert_eq!(storage.changes(None, Range::After(0), 9).unwrap().len(), 1, "{kind}");
    });
}

#[test]
fn what_was_made_on_another_state_is_not_stored() {
    each(|kind, storage| {
        let publish = |after: Option<&NewFile>, files: &[NewFile]| {
            let after = after.map(|file| file.sha256.clone());
            storage.commit(&gun("a"), &Update { after, files: files.to_vec() }, KEEP, sim_now())
        };
        let (first, second) = (file("timestamp", 1), file("timestamp", 2));
        let early = publish(Some(&first), &[file("targets", 1), file("timestamp", 1)]);
        assert_eq!(conflict(early), (role("timestamp"), 1), "{kind}");
        publish(None, &[file("targets", 1), first.clone()]).unwrap();
        publish(Some(&first), &[file("targets/a", 1), second.clone()]).unwrap();
        // A publisher who began before that; all versions would be new.
        for after in [None, Some(&first)] {
            let late = publish(after, &[file("targets/b", 1), file("timestamp", 3)]);
            assert_eq!(conflict(late), (role("timestamp"), 3), "{kind}");
        }
        storage.delete(&gun("a"), sim_now()).unwrap();
        let gone = publish(Some(&second), &[file("targets/b", 1), file("timestamp", 3)]);
        assert_eq!(conflict(gone), (role("timestamp"), 3), "{kind}");
        assert_eq!(storage.newest_hashes(&gun("a")).unwrap(), [], "{kind}");
    });
}

#[test]
fn old_versions_go_but_never_roots() {
    each(|kind, storage| {
        for version in 1..=6 {
            let files = ["root", "targets", "snapshot", "timestamp", "targets/a"];
            commit(&*storage, "a", &files.map(|name| file(name, version))).unwrap();
            commit(&*storage, "b", &[file("targets", version)]).unwrap();
        }
        commit(&*storage, "a", &[file("targets/a", 20)]).unwrap();
        assert_eq!(versions(&*storage, "a", "root"), [1, 2, 3, 4, 5, 6], "{kind}");
        for name in ["targets", "snapshot", "timestamp"] {
            assert_eq!(versions(&*storage, "a", name), [4, 5, 6], "{kind} {name}");
        }
        assert_eq!(versions(&*storage, "a", "targets/a"), [5, 6, 20], "{kind}");
        assert_eq!(versions(&*storage, "b", "targets"), [4, 5, 6], "{kind}");
    });
}

#[test]
fn deleting_takes_exactly_one_collection() {
    each(|kind, storage| {
        let names = ["a", "a/b", "ab", "aa", "A", "a_", "_"];
        for name in names {
            commit(&*storage, name, &[file("root", 1), file("timestamp", 1)]).unwrap();
        }
        for name in ["a", "a_", "unknown"] {
            storage.delete(&gun(name), sim_now()).unwrap();
        }
        for name in names {
            let is_there = newest(&*storage, name, "root").is_some();
            assert_eq!(is_there, !["a", "a_"].contains(&name), "{kind} {name}");
        }
        let feed = storage.changes(None, Range::After(7), 9).unwrap();
        let deleted: Vec<_> = feed.iter().map(|record| (&*record.gun, &record.timestamp)).collect();
        assert_eq!(deleted, [("a", &None), ("a_", &None)], "{kind}");
        // A new collection of the same name begins anew.
        commit(&*storage, "a", &[file("root", 1), file("timestamp", 1)]).unwrap();
    });
}

#[test]
fn the_feed_has_ranges() {
    each(|kind, storage| {
        for (version, name) in (1..).zip(["a", "b", "a", "a", "b"]) {
            commit(&*storage, name, &[file("targets", version), file("timestamp", version)])
                .unwrap();
        }
        // No new timestamp, nothing to tell.
        commit(&*storage, "a", &[file("targets", 20)]).unwrap();
        let ids = |of: Option<&str>, range, most| {
            let records = storage.changes(of.map(gun).as_ref(), range, most).unwrap();
            records.iter().map(|record| record.id).collect::<Vec<_>>()
        };
        for (of, range, most, expected) in [
            (None, Range::After(0), 10, &[1, 2, 3, 4, 5][..]),
            (None, Range::After(0), 2, &[1, 2]),
            (None, Range::After(3), 10, &[4, 5]),
            (None, Range::After(5), 10, &[]),
            (None, Range::After(i64::MAX), 10, &[]),
            (None, Range::Before(4), 10, &[1, 2, 3]),
            (None, Range::Before(4), 2, &[2, 3]),
            (None, Range::Before(1), 2, &[]),
            (None, Range::Newest, 2, &[4, 5]),
            (Some("a"), Range::After(0), 10, &[1, 3, 4]),
            (Some("a"), Range::After(1), 1, &[3]),
            (Some("a"), Range::Before(4), 1, &[3]),
            (Some("b"), Range::Newest, 1, &[5]),
            (Some("c"), Range::Newest, 10, &[]),
        ] {
            assert_eq!(ids(of, range, most), expected, "{kind} {of:?} {range:?} {most}");
        }
        let timestamp = file("timestamp", 5);
        let expected = ChangeRecord {
            id: 5,
            at: sim_now(),
            gun: "b".into(),
            timestamp: Some((5, timestamp.sha256)),
        };
        assert_eq!(storage.changes(None, Range::Newest, 1).unwrap(), [expected], "{kind}");
    });
}

fn key(name: &str, of: &str, private: StoredSecret) -> StoredKey {
    let key = PrivateKey::generate_ed25519();
    StoredKey {
        id: key.id().clone(),
        gun: gun(name),
        role: role(of),
        public: key.public_key().clone(),
        private,
        is_used: false,
    }
}

#[test]
fn keys_are_kept_for_their_collection_and_role_even_when_it_is_deleted() {
    each(|kind, storage| {
        let secret = StoredSecret::Encrypted { jwe: "a.b.c.d.e".into(), alias: "one".into() };
        let keys = [
            key("a", "timestamp", StoredSecret::Plain(b"\x00\xff".to_vec().into())),
            key("a", "timestamp", secret),
            key("a", "snapshot", StoredSecret::Plain(vec![1].into())),
            key("ab", "timestamp", StoredSecret::Plain(vec![2].into())),
        ];
        for key in &keys {
            storage.add_key(key, sim_now()).unwrap();
        }
        commit(&*storage, "a", &[file("root", 1)]).unwrap();
        storage.delete(&gun("a"), sim_now()).unwrap();
        let of = |name: &str, of: &str| storage.keys_for(&gun(name), &role(of)).unwrap();
        assert_eq!(of("a", "timestamp"), keys[..2], "{kind}");
        assert_eq!(of("a", "snapshot"), keys[2..3], "{kind}");
        assert_eq!(of("ab", "timestamp"), keys[3..], "{kind}");
        assert_eq!(of("ab", "snapshot"), [], "{kind}");
        storage.mark_used(&keys[1].id, sim_now()).unwrap();
        let used = StoredKey { is_used: true, ..keys[1].clone() };
        assert_eq!(storage.key(&keys[1].id).unwrap(), Some(used), "{kind}");
        assert_eq!(storage.key(&keys[0].id).unwrap().as_ref(), Some(&keys[0]), "{kind}");
        let unknown = PrivateKey::generate_ed25519();
        assert_eq!(storage.key(unknown.id()).unwrap(), None, "{kind}");
    });
}

#[test]
fn of_many_who_store_the_same_version_one_wins() {
    const WRITERS: usize = 8;
    each(|kind, storage| {
        let barrier = Barrier::new(WRITERS);
        for version in 1..=5 {
            let results: Vec<bool> = std::thread::scope(|scope| {
                let writers = (0..WRITERS).map(|number| {
                    let (barrier, storage) = (&barrier, &storage);
                    scope.spawn(move || {
                        let bytes = format!("{version} by {number}").into_bytes();
                        let file = NewFile::new(role("targets"), version, bytes);
                        barrier.wait();
                        commit(&**storage, "a", &[file]).is_ok()
                    })
                });
                let writers: Vec<_> = writers.collect();
                writers.into_iter().map(|writer| writer.join().unwrap()).collect()
            });
            let winners = results.iter().filter(|won| **won).count();
            assert_eq!(winners, 1, "{kind}");
            let stored = newest(&*storage, "a", "targets").unwrap();
            let winner = results.iter().position(|won| *won).unwrap();
            assert_eq!(stored.bytes, format!("{version} by {winner}").into_bytes(), "{kind}");
        }
    });
}

#[test]
fn a_database_is_still_there_when_it_is_opened_again() {
    let directory = tempfile::tempdir().unwrap();
    let kept = key("a", "timestamp", StoredSecret::Plain(vec![1].into()));
    {
        let storage = sqlite(directory.path());
        commit(&storage, "a", &[file("root", 1), file("timestamp", 1)]).unwrap();
        storage.add_key(&kept, sim_now()).unwrap();
    }
    let storage = sqlite(directory.path());
    assert_eq!(newest(&storage, "a", "root"), Some(file("root", 1)));
    assert_eq!(storage.keys_for(&gun("a"), &role("timestamp")).unwrap(), [kept]);
    assert_eq!(storage.changes(None, Range::After(0), 9).unwrap().len(), 1);
}

#[test]
fn several_handles_see_what_the_others_store() {
    let directory = tempfile::tempdir().unwrap();
    let handles = [sqlite(directory.path()), sqlite(directory.path())];
    for version in 1..=6 {
        let (writer, reader) =
            (&handles[version as usize % 2], &handles[(version as usize + 1) % 2]);
        commit(writer, "a", &[file("targets", version)]).unwrap();
        assert_eq!(newest(reader, "a", "targets"), Some(file("targets", version)));
        let lost = conflict(commit(reader, "a", &[file("targets", version)]));
        assert_eq!(lost, (role("targets"), version));
    }
}

#[test]
fn nobody_else_can_read_the_database() {
    let directory = tempfile::tempdir().unwrap();
    let storage = SqliteStorage::open(&directory.path().join("new/notary.db")).unwrap();
    commit(&storage, "a", &[file("root", 1)]).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let directory = directory.path().join("new");
    assert_eq!(mode(&directory), 0o700);
    let files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|e| e.unwrap().path()).collect();
    assert!(files.len() >= 2, "the journal is a file, too: {files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

/// All that is said about a failure.
fn words(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[test]
fn databases_of_newer_programs_and_other_files_are_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let newer = directory.path().join("newer.db");
    drop(SqliteStorage::open(&newer).unwrap());
    // The version of the schema is at this place of the header.
    let mut bytes = std::fs::read(&newer).unwrap();
    bytes[60..64].copy_from_slice(&1000_u32.to_be_bytes());
    std::fs::write(&newer, &bytes).unwrap();
    let text = directory.path().join("text.db");
    std::fs::write(&text, "this is no database, but long enough to be taken for one".repeat(99))
        .unwrap();
    let folder = directory.path().join("folder.db");
    std::fs::create_dir(&folder).unwrap();
    for (path, why) in [
        (&newer, "written by a newer version of this program"),
        (&text, "not a database"),
        (&folder, "directory"),
    ] {
        let said = words(&SqliteStorage::open(path).unwrap_err());
        assert!(said.contains(&format!("`{}`", path.display())), "{said}");
        assert!(said.contains(why), "{said}");
    }
    assert_eq!(std::fs::read(&newer).unwrap(), bytes);
}

#[test]
fn times_are_kept_with_all_their_digits() {
    each(|kind, storage| {
        let at = OffsetDateTime::UNIX_EPOCH + Duration::nanoseconds(1_700_000_000_123_456_789);
        let update = Update { after: None, files: vec![file("root", 1)] };
        storage.commit(&gun("a"), &update, KEEP, at).unwrap();
        let stored = storage.file(&gun("a"), &RoleName::ROOT, Which::Newest).unwrap().unwrap();
        assert_eq!(stored.stored_at, at, "{kind}");
    });
}
