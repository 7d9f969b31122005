//! A server without network, with a collection of the simulator.

use std::sync::Arc;

use notary::keys::passphrase::Passphrase;
use notary::server::{
    Algorithm, ChangeRecord, Invalid, InvalidKind, MemoryStorage, Range, ServerKeys, Service,
    ServiceError, Storage, StorageError, StoredFile, StoredKey, Update, Upload, Which,
};
use notary::tuf::error::Error;
use notary::tuf::key::{KeyId, PublicKey};
use notary::tuf::role::{Gun, RoleName};
use notary::tuf::trusted::TrustedSet;
use serde_json::Value;
use time::OffsetDateTime;

use crate::support::{Files, Sim, SimKey, role};

/// A storage that several services use.
#[derive(Clone)]
pub struct Shared(pub Arc<dyn Storage>);

impl Shared {
    pub fn new() -> Self {
        Self(Arc::new(MemoryStorage::default()))
    }

    /// A service with new keys of the usual kind, without passphrase.
    pub fn service(&self) -> Service {
        self.service_with(Algorithm::Ecdsa, None)
    }

    pub fn service_with(&self, algorithm: Algorithm, passphrase: Option<&str>) -> Service {
        let passphrase = passphrase.map(|text| Passphrase::from(text.to_owned()));
        Service::new(Box::new(self.clone()), ServerKeys::new(algorithm, passphrase), 10)
    }
}

impl Storage for Shared {
    fn file(
        &self,
        gun: &Gun,
        role: &RoleName,
        which: Which<'_>,
    ) -> Result<Option<StoredFile>, StorageError> {
        self.0.file(gun, role, which)
    }

    fn newest_hashes(&self, gun: &Gun) -> Result<Vec<(RoleName, String)>, StorageError> {
        self.0.newest_hashes(gun)
    }

    fn commit(
        &self,
        gun: &Gun,
        update: &Update,
        keep: u32,
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        self.0.commit(gun, update, keep, at)
    }

    fn delete(&self, gun: &Gun, at: OffsetDateTime) -> Result<(), StorageError> {
        self.0.delete(gun, at)
    }

    fn changes(
        &self,
        gun: Option<&Gun>,
        range: Range,
        most: u32,
    ) -> Result<Vec<ChangeRecord>, StorageError> {
        self.0.changes(gun, range, most)
    }

    fn keys_for(&self, gun: &Gun, role: &RoleName) -> Result<Vec<StoredKey>, StorageError> {
        self.0.keys_for(gun, role)
    }

    fn key(&self, id: &KeyId) -> Result<Option<StoredKey>, StorageError> {
        self.0.key(id)
    }

    fn add_key(&self, key: &StoredKey, at: OffsetDateTime) -> Result<(), StorageError> {
        self.0.add_key(key, at)
    }

    fn mark_used(&self, id: &KeyId, at: OffsetDateTime) -> Result<(), StorageError> {
        self.0.mark_used(id, at)
    }
}

/// A service, and a collection whose timestamp key it holds.
pub struct Site {
    pub storage: Shared,
    pub service: Service,
    pub sim: Sim,
}

impl Site {
    /// A collection whose publisher signs snapshots; nothing is published yet.
    pub fn new() -> Self {
        Self::on(Shared::new())
    }

    pub fn on(storage: Shared) -> Self {
        let mut site = Self { service: storage.service(), storage, sim: Sim::new() };
        site.leave_to_server("timestamp");
        site
    }

    /// A collection that leaves snapshots to the server; nothing is published yet.
    pub fn with_server_snapshot() -> Self {
        let mut site = Self::new();
        site.leave_to_server("snapshot");
        site
    }

    /// The same, with root and targets published.
    pub fn published() -> Self {
        let site = Self::with_server_snapshot();
        site.upload(&["root", "targets"]).unwrap();
        site
    }

    /// A collection whose publisher signs snapshots, with everything published.
    pub fn published_with_snapshot() -> Self {
        let site = Self::new();
        site.upload(&["root", "targets", "snapshot"]).unwrap();
        site
    }

    /// Lists the server's key for a role in the root.
    pub fn leave_to_server(&mut self, name: &str) {
        let key = self.service.key(&self.sim.gun, &role(name), self.sim.now).unwrap();
        self.sim.list_keys(name, &[server_key(&key)], 1);
    }

    /// Uploads the files of these roles as the simulator has them now.
    pub fn upload(&self, roles: &[&str]) -> Result<(), ServiceError> {
        let files = self.sim.publish();
        self.upload_files(roles.iter().map(|name| (*name, files[*name].clone())))
    }

    pub fn upload_files<'a>(
        &self,
        files: impl IntoIterator<Item = (&'a str, Vec<u8>)>,
    ) -> Result<(), ServiceError> {
        let files = files.into_iter().map(|(name, bytes)| (role(name), bytes));
        self.service.publish(&self.sim.gun, &Upload::new(files), self.sim.now)
    }

    /// Has the simulator keep the published files of these roles; what is signed again is another
    /// file.
    pub fn keep(&mut self, roles: &[&str]) {
        for name in roles {
            let bytes = self.served(name).unwrap().file.bytes;
            self.sim.fixed.insert((*name).to_owned(), bytes);
        }
    }

    /// The newest file of a role as the server hands it out.
    pub fn served(&self, name: &str) -> Result<StoredFile, ServiceError> {
        self.service.newest(&self.sim.gun, &role(name), self.sim.now)
    }

    /// What is signed in the newest file of a role.
    pub fn payload(&self, name: &str) -> Value {
        let file: Value = serde_json::from_slice(&self.served(name).unwrap().file.bytes).unwrap();
        file["signed"].clone()
    }

    pub fn version(&self, name: &str) -> u64 {
        self.served(name).unwrap().file.version
    }

    /// What somebody reads who knows nothing of the collection.
    pub fn read(&self) -> Result<TrustedSet, Error> {
        let roles = self.storage.newest_hashes(&self.sim.gun).unwrap().into_iter();
        let files: Files = roles
            .map(|(name, _)| (name.to_string(), self.served(name.as_str()).unwrap().file.bytes))
            .collect();
        self.sim.read(&files)
    }
}

/// The key of a server as somebody knows it who has only the public half.
pub fn server_key(public: &PublicKey) -> SimKey {
    SimKey::new().listed_as(public.clone())
}

/// The reason why an update was refused.
#[track_caller]
pub fn invalid<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> (InvalidKind, String) {
    match result {
        Err(ServiceError::Invalid(Invalid { kind, message })) => (kind, message),
        other => panic!("{other:?}"),
    }
}
