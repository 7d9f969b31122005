//! Several who publish at the same time.

use std::sync::{Arc, Barrier, Mutex};

use notary::server::{
    Algorithm, ChangeRecord, InvalidKind, Range, ServerKeys, Service, ServiceError, SqliteStorage,
    Storage, StorageError, StoredFile, StoredKey, Update, Upload, Which,
};
use notary::tuf::key::KeyId;
use notary::tuf::metadata::Payload as _;
use notary::tuf::role::{Gun, RoleName};
use time::OffsetDateTime;

use super::site::{Shared, Site, invalid};
use crate::support::{SimKey, role};

type Event = Box<dyn FnOnce() + Send>;

/// A storage in which something happens just before the newest file of a role is read for the
/// first time.
struct Meddled {
    inner: Shared,
    before: RoleName,
    event: Mutex<Option<Event>>,
}

impl Meddled {
    /// A service to which that happens.
    fn service(inner: &Shared, before: &str, event: impl FnOnce() + Send + 'static) -> Service {
        let event = Mutex::new(Some(Box::new(event) as Event));
        let storage = Self { inner: inner.clone(), before: role(before), event };
        Service::new(Box::new(storage), ServerKeys::new(Algorithm::Ecdsa, None), 10)
    }
}

impl Storage for Meddled {
    fn file(
        &self,
        gun: &Gun,
        role: &RoleName,
        which: Which<'_>,
    ) -> Result<Option<StoredFile>, StorageError> {
        if *role == self.before
            && let Some(event) = self.event.lock().unwrap().take()
        {
            event();
        }
        self.inner.file(gun, role, which)
    }

    fn newest_hashes(&self, gun: &Gun) -> Result<Vec<(RoleName, String)>, StorageError> {
        self.inner.newest_hashes(gun)
    }

    fn commit(
        &self,
        gun: &Gun,
        update: &Update,
        keep: u32,
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        self.inner.commit(gun, update, keep, at)
    }

    fn delete(&self, gun: &Gun, at: OffsetDateTime) -> Result<(), StorageError> {
        self.inner.delete(gun, at)
    }

    fn changes(
        &self,
        gun: Option<&Gun>,
        range: Range,
        most: u32,
    ) -> Result<Vec<ChangeRecord>, StorageError> {
        self.inner.changes(gun, range, most)
    }

    fn keys_for(&self, gun: &Gun, role: &RoleName) -> Result<Vec<StoredKey>, StorageError> {
        self.inner.keys_for(gun, role)
    }

    fn key(&self, id: &KeyId) -> Result<Option<StoredKey>, StorageError> {
        self.inner.key(id)
    }

    fn add_key(&self, key: &StoredKey, at: OffsetDateTime) -> Result<(), StorageError> {
        self.inner.add_key(key, at)
    }

    fn mark_used(&self, id: &KeyId, at: OffsetDateTime) -> Result<(), StorageError> {
        self.inner.mark_used(id, at)
    }
}

/// A published collection with these delegations.
fn delegated(names: &[&str]) -> Site {
    let mut site = Site::with_server_snapshot();
    for name in names {
        site.sim.delegate_to(name, &[""], &[SimKey::new()], 1);
    }
    site.upload(&[&["root", "targets"], names].concat()).unwrap();
    site
}

/// Somebody else's update of these roles.
fn update(site: &Site, roles: &[&str]) -> impl FnOnce() + Send + use<> {
    let files = site.sim.publish();
    let upload = Upload::new(roles.iter().map(|name| (role(name), files[*name].clone())));
    let (service, gun, now) = (site.storage.service(), site.sim.gun.clone(), site.sim.now);
    move || service.publish(&gun, &upload, now).unwrap()
}

#[test]
fn updates_in_the_middle_of_another_are_never_undone() {
    // What the server reads while it judges: at each point somebody else is faster.
    for before in ["root", "targets", "snapshot", "timestamp"] {
        let mut site = delegated(&["targets/a"]);
        let mut theirs = Site { sim: site.sim.clone(), ..Site::on(site.storage.clone()) };
        theirs.sim.version("targets", 2);
        let event = update(&theirs, &["targets"]);
        site.service = Meddled::service(&site.storage, before, event);
        site.sim.version("targets/a", 2);
        site.upload(&["targets/a"]).unwrap();
        let set = site.read().unwrap();
        let version = |name: &str| set.targets_of(&role(name)).unwrap().version();
        assert_eq!((version("targets"), version("targets/a")), (2, 2), "{before}");
        assert_eq!((site.version("snapshot"), site.version("timestamp")), (3, 3), "{before}");
    }
}

#[test]
fn an_update_is_judged_again_when_keys_change_meanwhile() {
    for before in ["root", "targets", "snapshot", "timestamp"] {
        let mut site = delegated(&["targets/a"]);
        let mut theirs = Site { sim: site.sim.clone(), ..Site::on(site.storage.clone()) };
        let new = SimKey::new();
        theirs.sim.version("root", 2).list_keys("targets", std::slice::from_ref(&new), 1);
        theirs.sim.version("targets", 2).sign_with("targets", [&new]);
        let event = update(&theirs, &["root", "targets"]);
        site.service = Meddled::service(&site.storage, before, event);
        site.sim.version("targets/a", 2);
        site.upload(&["targets/a"]).unwrap_or_else(|error| panic!("{before}: {error}"));
        let set = site.read().unwrap();
        assert_eq!(set.targets_of(&role("targets/a")).unwrap().version(), 2, "{before}");
    }
}

#[test]
fn nothing_is_put_into_a_collection_that_was_deleted_meanwhile() {
    for before in ["root", "targets", "snapshot", "timestamp"] {
        let mut site = delegated(&["targets/a"]);
        let (storage, gun, now) = (site.storage.clone(), site.sim.gun.clone(), site.sim.now);
        let event = move || storage.delete(&gun, now).unwrap();
        site.service = Meddled::service(&site.storage, before, event);
        site.sim.version("targets/a", 2);
        assert_eq!(invalid(site.upload(&["targets/a"])).0, InvalidKind::Update, "{before}");
        assert_eq!(site.storage.newest_hashes(&site.sim.gun).unwrap(), [], "{before}");
        // The name is free again.
        site.upload(&["root", "targets", "targets/a"]).unwrap();
    }
}

#[test]
fn of_two_first_publishers_one_owns_the_name() {
    let mine = Site::with_server_snapshot();
    let theirs = {
        let mut theirs = Site::on(mine.storage.clone());
        theirs.leave_to_server("snapshot");
        theirs
    };
    let event = update(&theirs, &["root", "targets"]);
    let service = Meddled::service(&mine.storage, "snapshot", event);
    let mine = Site { service, ..mine };
    assert_eq!(invalid(mine.upload(&["root", "targets"])).0, InvalidKind::Root);
    theirs.read().unwrap();
}

/// A storage in a file, for services on several handles.
fn in_file(directory: &tempfile::TempDir) -> Shared {
    Shared(Arc::new(SqliteStorage::open(&directory.path().join("notary.db")).unwrap()))
}

#[test]
fn publishers_of_different_delegations_all_succeed() {
    const NAMES: [&str; 8] = [
        "targets/a",
        "targets/b",
        "targets/c",
        "targets/d",
        "targets/e",
        "targets/f",
        "targets/g",
        "targets/h",
    ];
    let directory = tempfile::tempdir().unwrap();
    let mut site = Site::on(in_file(&directory));
    site.leave_to_server("snapshot");
    for name in NAMES {
        site.sim.delegate_to(name, &[""], &[SimKey::new()], 1);
    }
    site.upload(&[&["root", "targets"], &NAMES[..]].concat()).unwrap();
    let barrier = Arc::new(Barrier::new(NAMES.len()));
    std::thread::scope(|scope| {
        for name in NAMES {
            site.sim.version(name, 2);
            let theirs = Site { sim: site.sim.clone(), ..Site::on(in_file(&directory)) };
            let (publish, barrier) = (update(&theirs, &[name]), barrier.clone());
            scope.spawn(move || {
                barrier.wait();
                publish();
            });
        }
    });
    let set = site.read().unwrap();
    for name in NAMES {
        assert_eq!(set.targets_of(&role(name)).unwrap().version(), 2, "{name}");
    }
    assert_eq!((site.version("snapshot"), site.version("timestamp")), (9, 9));
}

#[test]
fn of_publishers_of_the_same_version_one_wins_and_the_others_are_told() {
    let directory = tempfile::tempdir().unwrap();
    let mut site = Site::on(in_file(&directory));
    site.leave_to_server("snapshot");
    site.upload(&["root", "targets"]).unwrap();
    site.sim.version("targets", 2);
    let upload = Upload::new([(role("targets"), site.sim.publish()["targets"].clone())]);
    let barrier = Barrier::new(8);
    let (gun, now) = (&site.sim.gun, site.sim.now);
    let results: Vec<_> = std::thread::scope(|scope| {
        let publishers = (0..8).map(|_| {
            let (service, upload, barrier) = (in_file(&directory).service(), &upload, &barrier);
            scope.spawn(move || {
                barrier.wait();
                service.publish(gun, upload, now)
            })
        });
        let publishers: Vec<_> = publishers.collect();
        publishers.into_iter().map(|publisher| publisher.join().unwrap()).collect()
    });
    let winners = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!(winners, 1);
    for result in results {
        assert!(
            matches!(&result, Ok(()) | Err(ServiceError::Conflict { version: 2, .. })),
            "{result:?}"
        );
    }
    assert_eq!((site.version("snapshot"), site.version("timestamp")), (2, 2));
}
