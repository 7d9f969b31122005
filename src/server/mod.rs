//! A Notary server: it judges what publishers upload, keeps it, signs timestamps and, where it is
//! left to it, snapshots, and hands everything out.
//!
//! [`Service`] is all of that for one database, whoever asks: [`Embedded`] is the remote of
//! commands that use a directory as their server. Whether an upload is accepted is decided by the
//! same trusted set that readers use (`judge`).

mod embedded;
pub mod http;
mod judge;
mod keys;
mod memo;
mod memory;
mod sqlite;
mod storage;

use thiserror::Error;
use time::{Duration, OffsetDateTime};

use crate::tuf::key::PublicKey;
use crate::tuf::metadata::Payload;
use crate::tuf::pin::Pin;
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::root_trust::{CachedRoot, RootVerifier, TrustedRoot};
use crate::tuf::serve::{self, TIMESTAMP_VALIDITY};
use crate::tuf::sign::{NEAR_EXPIRY, SignError};
use crate::tuf::snapshot::{Snapshot, Timestamp};
use crate::tuf::trusted::TrustedSet;
use crate::tuf::verify::{Envelope, KeySet, SignedFile};

use memo::Memo;

pub use embedded::Embedded;
pub use judge::{Invalid, InvalidKind, Upload};
pub use keys::{Algorithm, ServerKeyError, ServerKeys};
pub use memory::MemoryStorage;
pub use sqlite::SqliteStorage;
pub use storage::{
    ChangeRecord, NewFile, Range, Storage, StorageError, StoredFile, StoredKey, StoredSecret,
    Update, Which,
};

/// How many versions of everything but the root are kept if nobody says otherwise: enough for
/// readers who are in the middle of an update.
pub const DEFAULT_KEEP: u32 = 10;

/// How long before its expiry a timestamp is signed anew, so that readers never get one that is
/// about to expire.
const TIMESTAMP_DUE: Duration = Duration::seconds(TIMESTAMP_VALIDITY.whole_seconds() / 4);

/// How long to wait after a renewal that was not possible, such as that of a snapshot whose key is
/// with its publisher.
const RENEWAL_PAUSE: Duration = Duration::MINUTE;

/// Collections whose root is kept in memory.
const MAX_ROOTS: usize = 1000;

/// Collections whose next renewal is remembered.
const MAX_SETTLED: usize = 100_000;

/// How often an update is judged again because the collection has changed meanwhile.
const ATTEMPTS: u32 = 20;

/// A server without its network.
pub struct Service {
    keep: u32,
    keys: ServerKeys,
    /// The published roots that were judged already, by the SHA-256 of the file.
    roots: Memo<Gun, (String, TrustedRoot)>,
    /// Until when which timestamp of a collection, by its SHA-256, need not be looked at.
    settled: Memo<Gun, (String, OffsetDateTime)>,
    storage: Box<dyn Storage>,
}

/// Why a request was not fulfilled.
#[derive(Debug, Error)]
pub enum ServiceError {
    /// Somebody else published a version that is as high.
    #[error("version {version} of {role} is not newer than what is stored")]
    Conflict {
        /// The role.
        role: RoleName,
        /// The version that was offered.
        version: u64,
    },
    /// An upload was refused.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A key of the server cannot be used.
    #[error(transparent)]
    Key(#[from] ServerKeyError),
    /// There is no such thing.
    #[error("there is no such metadata")]
    NotFound,
    /// Something could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The database failed.
    #[error(transparent)]
    Storage(StorageError),
}

impl From<StorageError> for ServiceError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Conflict { role, version } => Self::Conflict { role, version },
            other @ StorageError::Failed(_) => Self::Storage(other),
        }
    }
}

impl Service {
    /// Serves what is in `storage`; of everything but the root, `keep` versions stay, at least one.
    pub fn new(storage: Box<dyn Storage>, keys: ServerKeys, keep: u32) -> Self {
        Self {
            keep: keep.max(1),
            keys,
            roots: Memo::new(MAX_ROOTS),
            settled: Memo::new(MAX_SETTLED),
            storage,
        }
    }

    /// The newest file of a role. Timestamps, and the snapshots they describe, are renewed when
    /// they are due.
    pub fn newest(
        &self,
        gun: &Gun,
        role: &RoleName,
        now: OffsetDateTime,
    ) -> Result<StoredFile, ServiceError> {
        let file = || self.stored(gun, role)?.ok_or(ServiceError::NotFound);
        if ![RoleName::TIMESTAMP, RoleName::SNAPSHOT].contains(role) {
            return file();
        }
        let Some(timestamp) = self.stored(gun, &RoleName::TIMESTAMP)? else { return file() };
        if self.is_settled(gun, &timestamp, now) {
            return if *role == RoleName::TIMESTAMP { Ok(timestamp) } else { file() };
        }
        if let Err(error) = self.renew(gun, &timestamp, now) {
            // What is there may still be valid for days; readers see for themselves.
            tracing::warn!(%gun, error = causes(&error), "the timestamp was not renewed");
        }
        file()
    }

    /// Whether it is known that this timestamp is not due yet.
    fn is_settled(&self, gun: &Gun, timestamp: &StoredFile, now: OffsetDateTime) -> bool {
        let known = self.settled.get(gun);
        known.is_some_and(|(sha256, until)| sha256 == timestamp.file.sha256 && now < until)
    }

    fn settle(&self, gun: &Gun, timestamp: &StoredFile, until: OffsetDateTime) {
        self.settled.insert(gun.clone(), (timestamp.file.sha256.clone(), until));
    }

    /// The file of a role with this version.
    pub fn version(
        &self,
        gun: &Gun,
        role: &RoleName,
        version: u64,
    ) -> Result<StoredFile, ServiceError> {
        self.storage.file(gun, role, Which::Version(version))?.ok_or(ServiceError::NotFound)
    }

    /// The file of a role with this hex SHA-256.
    pub fn with_hash(
        &self,
        gun: &Gun,
        role: &RoleName,
        sha256: &str,
    ) -> Result<StoredFile, ServiceError> {
        self.storage.file(gun, role, Which::Hash(sha256))?.ok_or(ServiceError::NotFound)
    }

    /// Judges an update and puts all of it in place, or nothing.
    pub fn publish(
        &self,
        gun: &Gun,
        upload: &Upload,
        now: OffsetDateTime,
    ) -> Result<(), ServiceError> {
        let mut attempts = 1..=ATTEMPTS;
        loop {
            // Every update brings a timestamp. All else is read after this one, so that nothing
            // can be built on a mixture of before and after somebody else's update.
            let present = self.stored(gun, &RoleName::TIMESTAMP)?;
            let update = self.judge(gun, upload, present.as_ref(), now);
            let result =
                update.and_then(|update| Ok(self.storage.commit(gun, &update, self.keep, now)?));
            let has_changed = match &result {
                // What clashes was made here: another update or a renewal came in between.
                Err(ServiceError::Conflict { role, .. }) => !upload.contains(role),
                Err(ServiceError::Invalid(_)) => self.stored(gun, &RoleName::TIMESTAMP)? != present,
                _ => false,
            };
            attempts.next();
            if !has_changed || attempts.is_empty() {
                return result;
            }
        }
    }

    /// Removes a collection; it may be unknown.
    pub fn delete(&self, gun: &Gun, now: OffsetDateTime) -> Result<(), ServiceError> {
        Ok(self.storage.delete(gun, now)?)
    }

    /// The public key that signs, or is to sign, for `timestamp` or `snapshot`.
    pub fn key(
        &self,
        gun: &Gun,
        role: &RoleName,
        now: OffsetDateTime,
    ) -> Result<PublicKey, ServiceError> {
        let published = self.published_keys(gun, role, now)?;
        Ok(self.keys.current(&*self.storage, gun, role, published.as_ref(), now)?)
    }

    /// A public key that `timestamp` or `snapshot` can be rotated to.
    pub fn next_key(
        &self,
        gun: &Gun,
        role: &RoleName,
        now: OffsetDateTime,
    ) -> Result<PublicKey, ServiceError> {
        let published = self.published_keys(gun, role, now)?;
        Ok(self.keys.next(&*self.storage, gun, role, published.as_ref(), now)?)
    }

    /// The keys that the published root names for a role.
    fn published_keys(
        &self,
        gun: &Gun,
        role: &RoleName,
        now: OffsetDateTime,
    ) -> Result<Option<KeySet>, ServiceError> {
        Ok(self.root(gun, now)?.map(|root| root.key_set(role)))
    }

    /// What happened to one or all collections, oldest first.
    pub fn changes(
        &self,
        gun: Option<&Gun>,
        range: Range,
        most: u32,
    ) -> Result<Vec<ChangeRecord>, ServiceError> {
        Ok(self.storage.changes(gun, range, most)?)
    }

    fn stored(&self, gun: &Gun, role: &RoleName) -> Result<Option<StoredFile>, StorageError> {
        self.storage.file(gun, role, Which::Newest)
    }

    /// The published root. It was judged when it was uploaded; that it has expired since keeps
    /// nobody from replacing it.
    fn root(&self, gun: &Gun, now: OffsetDateTime) -> Result<Option<TrustedRoot>, ServiceError> {
        let Some(stored) = self.stored(gun, &RoleName::ROOT)? else { return Ok(None) };
        if let Some((sha256, root)) = self.roots.get(gun)
            && sha256 == stored.file.sha256
        {
            return Ok(Some(root));
        }
        match verifier(gun, now).open_cached(&stored.file.bytes) {
            Ok(CachedRoot::Current(root) | CachedRoot::Stale { root, .. }) => {
                self.roots.insert(gun.clone(), (stored.file.sha256, root.clone()));
                Ok(Some(root))
            }
            Err(error) => Err(StorageError::Failed(error.into()).into()),
        }
    }

    /// Signs a new timestamp, and a new snapshot if that is for the server to do, when the present
    /// one is due. What cannot be renewed stays as it is: readers see for themselves whether it
    /// has expired.
    fn renew(
        &self,
        gun: &Gun,
        timestamp: &StoredFile,
        now: OffsetDateTime,
    ) -> Result<(), ServiceError> {
        let Some(snapshot) = self.stored(gun, &RoleName::SNAPSHOT)? else { return Ok(()) };
        let old_timestamp: Timestamp = payload(timestamp)?;
        let old_snapshot: Snapshot = payload(&snapshot)?;
        let timestamp_due = old_timestamp.expires().0.saturating_sub(TIMESTAMP_DUE);
        let snapshot_due = old_snapshot.expires().0.saturating_sub(NEAR_EXPIRY);
        let due = timestamp_due.min(snapshot_due);
        // Whatever comes of it, it is not tried again with every request.
        self.settle(gun, timestamp, due.max(now + RENEWAL_PAUSE));
        if now <= due {
            return Ok(());
        }
        let Some(root) = self.root(gun, now)? else { return Ok(()) };
        let mut files = Vec::new();
        if snapshot_due < now {
            let keys = root.key_set(&RoleName::SNAPSHOT);
            let signers = self.keys.signers(&*self.storage, gun, &keys, now)?;
            let set = TrustedSet::for_upload(root.clone(), None);
            if let Ok(file) = serve::snapshot(&set, Some(&old_snapshot), &signers, now) {
                files.push(new_file(&RoleName::SNAPSHOT, &file));
            }
        }
        if files.is_empty() && now <= timestamp_due {
            return Ok(());
        }
        let described = files.first().map_or(&snapshot.file.bytes, |file| &file.bytes);
        let keys = root.key_set(&RoleName::TIMESTAMP);
        let signers = self.keys.signers(&*self.storage, gun, &keys, now)?;
        let file = serve::timestamp(&root, described, old_timestamp.version(), &signers, now);
        let Ok(file) = file else { return Ok(()) };
        files.push(new_file(&RoleName::TIMESTAMP, &file));
        let update = Update { after: Some(timestamp.file.sha256.clone()), files };
        match self.storage.commit(gun, &update, self.keep, now) {
            // Somebody else has just done the same, or has published.
            Err(StorageError::Conflict { .. }) => Ok(()),
            result => Ok(result?),
        }
    }
}

/// An error with all its causes, for the log.
fn causes(error: &ServiceError) -> String {
    let error: &(dyn std::error::Error + 'static) = error;
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Servers pin nothing: whoever publishes first owns the name.
fn verifier(gun: &Gun, now: OffsetDateTime) -> RootVerifier<'_> {
    RootVerifier { gun, pin: Pin::none(), now }
}

/// Reads a file that was judged before it was stored.
fn payload<T: Payload>(stored: &StoredFile) -> Result<T, StorageError> {
    Envelope::open(&stored.file.role, &stored.file.bytes)
        .and_then(|envelope| envelope.payload())
        .map_err(|error| StorageError::Failed(error.into()))
}

fn new_file<T: Payload>(role: &RoleName, file: &SignedFile<T>) -> NewFile {
    NewFile::new(role.clone(), file.payload().version(), file.bytes().to_vec())
}
