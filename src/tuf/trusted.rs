//! The trusted set: files enter it only in an order and in a state in which they can be verified.
//!
//! The same set serves readers, the self-check of a publisher and the judging of an upload. It
//! does no IO: [`TrustedSet::wants`] tells which file to get, and the `load_*` methods take bytes
//! from wherever, because trust never depends on where bytes came from.
//!
//! Reading ([`TrustedSet::for_reading`]): root, timestamp, snapshot, targets, then delegations,
//! parents first. Judging files that belong together but have no timestamp yet
//! ([`TrustedSet::for_upload`]): root, targets, delegations, and the snapshot last, which must
//! describe all that was loaded before it.
//!
//! For each file, in this order (`formats.md` §9.2):
//!
//! | role       | checks |
//! |------------|--------|
//! | timestamp  | signatures, structure, version, expiry |
//! | snapshot   | hash in the timestamp, signatures, structure, version, expiry, the hashes it has for files loaded before |
//! | targets    | hash in the snapshot, signatures, structure, version, expiry |
//! | delegation | delegated by its parent, hash in the snapshot, structure, version, certificates, signatures, expiry |
//!
//! The version must not be below the floor of the role ([`super::floors`]); an equal one is
//! accepted. A refused delegation does not make the rest unusable: it is kept apart with the reason,
//! nothing in it is ever shown, and [`super::walk`] says what that means for the names it might have
//! signed. Whoever makes the snapshot, often the server, decides which file of a delegation is
//! described, and whether one is. Therefore, where a file was accepted before and the keys that
//! vouched for it still suffice, it counts as hidden when the snapshot describes none any more
//! ([`Error::Vanished`]) or one that they have not signed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use time::OffsetDateTime;

use super::error::Error;
pub use super::floors::Floors;
use super::key::KeyId;
use super::metadata::{FileMeta, Payload};
use super::role::RoleName;
use super::root_trust::TrustedRoot;
use super::snapshot::{Snapshot, Timestamp};
use super::targets::Targets;
use super::verify::{self, Envelope, KeySet, SignedFile};
use super::x509;

/// The most bytes of a timestamp.
pub const MAX_TIMESTAMP_BYTES: u64 = 1 << 20;
/// The most bytes of a file whose length no other file tells.
pub const MAX_FILE_BYTES: u64 = 100 << 20;

/// What to get so that the next file can be loaded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Want {
    /// Whose file it is.
    pub role: RoleName,
    /// Hex of its SHA-256, when the referring file has it.
    pub sha256: Option<String>,
    /// The most bytes that it can have.
    pub max_length: u64,
}

impl Want {
    /// The file of `role` that `meta` describes.
    pub fn described(role: &RoleName, meta: &FileMeta) -> Self {
        let max_length = meta.max_length().min(MAX_FILE_BYTES);
        Self { role: role.clone(), sha256: meta.sha256(), max_length }
    }
}

/// A delegation that exists but whose file was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refused {
    /// Why; `None` when there was no file to judge although the snapshot describes one.
    pub why: Option<Error>,
    /// The refused content, if it was the right file of the right role and merely expired or
    /// under-signed. It can be signed again, and must not be shown.
    pub content: Option<SignedFile<Targets>>,
    /// Whether a file of the role was accepted before, whose keys may still sign for it.
    pub had_file: bool,
}

impl Refused {
    /// Whether a server or a network could have brought this about against the publisher's will.
    pub fn may_be_tampering(&self) -> bool {
        let unsigned = |why| self.had_file && Error::is_unsigned(why);
        self.why.as_ref().is_none_or(|why| why.is_substitution() || unsigned(why))
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Order {
    Reading,
    Upload,
}

/// Verified files of one collection.
#[derive(Clone, Debug)]
pub struct TrustedSet {
    order: Order,
    now: Option<OffsetDateTime>,
    floors: Floors,
    root: TrustedRoot,
    timestamp: Option<SignedFile<Timestamp>>,
    snapshot: Option<SignedFile<Snapshot>>,
    targets: BTreeMap<RoleName, Arc<SignedFile<Targets>>>,
    refused: BTreeMap<RoleName, Refused>,
    expected_root: Option<FileMeta>,
}

impl TrustedSet {
    /// Starts a set for reading: everything must be valid at `now` and not below `floors`.
    pub fn for_reading(root: TrustedRoot, now: OffsetDateTime, floors: Floors) -> Self {
        Self::start(Order::Reading, root, Some(now), floors)
    }

    /// Starts a set for files that have no timestamp yet. Without `now`, expiry is not checked.
    pub fn for_upload(root: TrustedRoot, now: Option<OffsetDateTime>) -> Self {
        Self::start(Order::Upload, root, now, Floors::default())
    }

    fn start(order: Order, root: TrustedRoot, now: Option<OffsetDateTime>, floors: Floors) -> Self {
        let mut set = Self {
            order,
            now,
            floors,
            root,
            timestamp: None,
            snapshot: None,
            targets: BTreeMap::new(),
            refused: BTreeMap::new(),
            expected_root: None,
        };
        set.judge_floors();
        set
    }

    /// Gives up floors that none of the present keys of their roles vouched for.
    fn judge_floors(&mut self) {
        for role in [RoleName::TIMESTAMP, RoleName::SNAPSHOT, RoleName::TARGETS] {
            self.floors.judge(&self.root.key_set(&role));
        }
        self.floors.raise(&RoleName::ROOT, self.root.root().version());
    }

    /// Takes over a targets file that another set verified under the same root.
    pub fn adopt(&mut self, role: &RoleName, file: Arc<SignedFile<Targets>>) {
        self.refused.remove(role);
        self.targets.insert(role.clone(), file);
    }

    /// The root that everything else follows from.
    pub fn root(&self) -> &TrustedRoot {
        &self.root
    }

    /// The timestamp, once loaded.
    pub fn timestamp(&self) -> Option<&SignedFile<Timestamp>> {
        self.timestamp.as_ref()
    }

    /// The snapshot, once loaded.
    pub fn snapshot(&self) -> Option<&SignedFile<Snapshot>> {
        self.snapshot.as_ref()
    }

    /// All loaded targets files.
    pub fn targets(&self) -> &BTreeMap<RoleName, Arc<SignedFile<Targets>>> {
        &self.targets
    }

    /// The payload of one loaded targets file.
    pub fn targets_of(&self, role: &RoleName) -> Option<&Targets> {
        self.targets.get(role).map(|file| file.payload())
    }

    /// The file of a targets role, be it in force or one that may merely be signed again.
    pub fn file_of(&self, role: &RoleName) -> Option<&SignedFile<Targets>> {
        let refused = || self.refused.get(role).and_then(|refused| refused.content.as_ref());
        self.targets.get(role).map(Arc::as_ref).or_else(refused)
    }

    /// Whether a role has its place in the collection, as far as the loaded files tell: of its
    /// ancestors none that is loaded delegates to somebody else only.
    pub fn may_exist(&self, role: &RoleName) -> bool {
        let mut role = role.clone();
        while let Some(parent) = role.parent() {
            if self.targets_of(&parent).is_some_and(|file| file.delegations.role(&role).is_none()) {
                return false;
            }
            role = parent;
        }
        true
    }

    /// The delegations whose files were refused.
    pub fn refused(&self) -> &BTreeMap<RoleName, Refused> {
        &self.refused
    }

    /// The description of a newer root, when the snapshot that was offered asked for one.
    pub fn expected_root(&self) -> Option<&FileMeta> {
        self.expected_root.as_ref()
    }

    /// Raises the floor of a role to the version of a file that was accepted in an earlier run.
    ///
    /// `keys` are those that may have signed it then. A file that does not verify any more says
    /// nothing.
    pub fn raise_floor(&mut self, role: &RoleName, earlier: &[u8], keys: &KeySet) {
        let version = verify::declared_version(earlier);
        if version.is_some_and(|version| version > self.floors.of(role))
            && let Ok(envelope) = Envelope::open(role, earlier)
            && let Ok(signed_by) = envelope.verify(keys)
            && let Some(version) = version
            && let Ok(present) = self.key_set(role)
        {
            self.floors.vouched_earlier(&present, version, keys.canonical_ids_of(&signed_by));
        }
    }

    /// Raises the floors to versions that have been used elsewhere, so that nothing that is built
    /// on this set uses them again.
    pub fn raise_floors(&mut self, used: &Floors) {
        self.floors = self.floors.merged(used);
        self.judge_floors();
    }

    /// The floors raised by everything in the set.
    pub fn floors(&self) -> &Floors {
        &self.floors
    }

    /// Tells what to get for `role`; `None` when no loaded file describes it.
    pub fn wants(&self, role: &RoleName) -> Option<Want> {
        if *role == RoleName::TIMESTAMP {
            let max_length = MAX_TIMESTAMP_BYTES;
            return Some(Want { role: role.clone(), sha256: None, max_length });
        }
        self.description(role).map(|meta| Want::described(role, meta))
    }

    fn description(&self, role: &RoleName) -> Option<&FileMeta> {
        if *role == RoleName::SNAPSHOT {
            self.timestamp.as_ref()?.payload().snapshot()
        } else {
            self.snapshot.as_ref()?.payload().entry(role)
        }
    }

    /// Judges a timestamp.
    pub fn load_timestamp(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let role = RoleName::TIMESTAMP;
        if self.order != Order::Reading || self.timestamp.is_some() {
            return Err(Error::OutOfOrder { role });
        }
        let envelope = Envelope::open(&role, bytes)?;
        let keys = self.root.key_set(&role);
        let signed_by = envelope.verify(&keys)?;
        let payload: Timestamp = envelope.payload()?;
        self.check_age(&role, &payload)?;
        self.floors.vouched(&keys, payload.version(), &signed_by);
        self.timestamp = Some(envelope.into_file(payload));
        Ok(())
    }

    /// Judges a snapshot.
    ///
    /// When everything is right but it describes another root than the trusted one, the error is
    /// [`Error::HashMismatch`] for the root and [`expected_root`](Self::expected_root) tells
    /// which one to get.
    pub fn load_snapshot(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let role = RoleName::SNAPSHOT;
        let ready = match self.order {
            Order::Reading => self.timestamp.is_some(),
            Order::Upload => true,
        };
        if !ready || self.snapshot.is_some() {
            return Err(Error::OutOfOrder { role });
        }
        self.check_description(&role, bytes)?;
        let envelope = Envelope::open(&role, bytes)?;
        let keys = self.root.key_set(&role);
        let signed_by = envelope.verify(&keys)?;
        let payload: Snapshot = envelope.payload()?;
        self.check_age(&role, &payload)?;
        self.expected_root = payload.entry(&RoleName::ROOT).cloned();
        let loaded = std::iter::once((&RoleName::ROOT, self.root.file().bytes()))
            .chain(self.targets.iter().map(|(role, file)| (role, file.bytes())));
        for (loaded_role, bytes) in loaded {
            match payload.entry(loaded_role) {
                Some(meta) => meta.check(loaded_role, bytes)?,
                None => return Err(Error::NoKnownHash { role: loaded_role.clone() }),
            }
        }
        self.expected_root = None;
        self.floors.vouched(&keys, payload.version(), &signed_by);
        self.snapshot = Some(envelope.into_file(payload));
        Ok(())
    }

    /// Judges the top-level targets.
    pub fn load_targets(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let role = RoleName::TARGETS;
        self.check_ready_for_targets(&role)?;
        self.check_description(&role, bytes)?;
        let envelope = Envelope::open(&role, bytes)?;
        let keys = self.root.key_set(&role);
        let signed_by = envelope.verify(&keys)?;
        let payload: Targets = envelope.payload()?;
        self.check_age(&role, &payload)?;
        self.accept(&keys, envelope.into_file(payload), &signed_by);
        Ok(())
    }

    /// Judges the file of a delegation; its parent's must be loaded.
    ///
    /// A refused file is noted in [`refused`](Self::refused) besides being returned as error,
    /// except when its hash is wrong: then it is another file, and the right one may be elsewhere.
    pub fn load_delegation(&mut self, role: &RoleName, bytes: &[u8]) -> Result<(), Error> {
        self.check_ready_for_targets(role)?;
        let keys = self.delegation_keys(role)?;
        self.check_description(role, bytes)?;
        let (why, content) = match self.judge_delegation(&keys, bytes) {
            Ok((file, Ok(signed_by))) => {
                self.refused.remove(role);
                self.accept(&keys, file, &signed_by);
                return Ok(());
            }
            Ok((file, Err(why))) => (why, Some(file)),
            Err(why) => (why, None),
        };
        let had_file = self.floors.stands(&keys);
        self.refused.insert(role.clone(), Refused { why: Some(why.clone()), content, had_file });
        Err(why)
    }

    fn accept(&mut self, keys: &KeySet, file: SignedFile<Targets>, signed_by: &BTreeSet<KeyId>) {
        self.floors.vouched(keys, file.payload().version(), signed_by);
        if self.order == Order::Reading {
            self.refuse_vanished(file.payload());
        }
        self.targets.insert(keys.role.clone(), Arc::new(file));
    }

    /// Notes the roles directly below a file that had files and have none in the snapshot.
    fn refuse_vanished(&mut self, parent: &Targets) {
        for delegation in parent.delegations.roles() {
            let Ok(role) = RoleName::parse(&delegation.name) else { continue };
            let version = self.floors.of(&role);
            if version > 0
                && self.description(&role).is_none()
                && let Some(keys) = delegated_keys(parent, &role)
                && self.floors.stands(&keys)
            {
                self.refuse(&role, Some(Error::Vanished { role: role.clone(), version }));
            }
        }
    }

    /// Notes that the right file of a delegation could not be had: that there was none, or what
    /// was wrong with the one that was there.
    pub fn refuse(&mut self, role: &RoleName, why: Option<Error>) {
        self.refused.insert(role.clone(), Refused { why, content: None, had_file: false });
    }

    /// The keys of a targets role, as the root or the parent's file lists them.
    pub fn key_set(&self, role: &RoleName) -> Result<KeySet, Error> {
        if role.is_delegation() { self.delegation_keys(role) } else { Ok(self.root.key_set(role)) }
    }

    fn delegation_keys(&self, role: &RoleName) -> Result<KeySet, Error> {
        let parent = role.parent().and_then(|parent| self.targets_of(&parent));
        let keys = parent.and_then(|parent| delegated_keys(parent, role));
        keys.ok_or_else(|| Error::NotDelegated { role: role.clone() })
    }

    /// Returns the file and who vouches for it, or why it must not be shown if that is only a
    /// matter of signatures or expiry.
    #[allow(clippy::type_complexity, reason = "the inner result is data, not a failure")]
    fn judge_delegation(
        &self,
        keys: &KeySet,
        bytes: &[u8],
    ) -> Result<(SignedFile<Targets>, Result<BTreeSet<KeyId>, Error>), Error> {
        let role = &keys.role;
        let envelope = Envelope::open(role, bytes)?;
        let payload: Targets = envelope.payload()?;
        payload.check_version(role, self.floors.under(keys))?;
        check_certificates(keys)?;
        let fitness = envelope.verify(keys).and_then(|signed_by| {
            self.check_expiry(role, &payload)?;
            Ok(signed_by)
        });
        Ok((envelope.into_file(payload), fitness))
    }

    fn check_ready_for_targets(&self, role: &RoleName) -> Result<(), Error> {
        let ready = match self.order {
            Order::Reading => self.snapshot.is_some(),
            Order::Upload => self.snapshot.is_none(),
        };
        if ready && !self.targets.contains_key(role) {
            Ok(())
        } else {
            Err(Error::OutOfOrder { role: role.clone() })
        }
    }

    fn check_description(&self, role: &RoleName, bytes: &[u8]) -> Result<(), Error> {
        match self.description(role) {
            Some(meta) => meta.check(role, bytes),
            None if self.order == Order::Upload => Ok(()),
            None => Err(Error::NoKnownHash { role: role.clone() }),
        }
    }

    fn check_age(&self, role: &RoleName, payload: &impl Payload) -> Result<(), Error> {
        payload.check_version(role, self.floors.of(role))?;
        self.check_expiry(role, payload)
    }

    fn check_expiry(&self, role: &RoleName, payload: &impl Payload) -> Result<(), Error> {
        self.now.map_or(Ok(()), |now| payload.check_expiry(role, now))
    }
}

/// The keys of a delegation as the file of its parent lists them.
pub(super) fn delegated_keys(parent: &Targets, role: &RoleName) -> Option<KeySet> {
    let delegation = parent.delegations.role(role)?;
    Some(KeySet {
        role: role.clone(),
        keys: parent.delegations.role_keys(delegation),
        threshold: delegation.threshold,
    })
}

/// Certificates may serve as delegation keys, whatever their name and also when expired, as long
/// as they are strong (`formats.md` §3.4). The one that is judged is the one whose key verifies.
fn check_certificates(keys: &KeySet) -> Result<(), Error> {
    for (key_id, key) in &keys.keys {
        let certificate = x509::first_certificate(key.bytes());
        if let Some(Err(problem)) = certificate.map(|certificate| certificate.check(None)) {
            let (role, key_id) = (keys.role.clone(), key_id.clone());
            return Err(Error::Certificate { role, key_id, problem });
        }
    }
    Ok(())
}
