//! Signing: from a draft to the files that are published.
//!
//! What is signed (`formats.md` §10.2): the root if it changed, is near its expiry, or was never
//! published (then as it stands); every changed targets role, and the top-level targets on a first
//! publish; the snapshot if one of its keys is here, else the server makes it. Everything signed is
//! fed to a fresh [`TrustedSet`] before anybody gets to see it.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;
use std::sync::Arc;

use thiserror::Error;
use time::{Duration, OffsetDateTime};

use super::canonical;
use super::edit::Draft;
use super::error::Error as MetadataError;
use super::json::MAX_EXACT;
use super::key::{Base64, KeyId, PublicKey, Signers, SigningFailed};
use super::metadata::{Expires, Payload};
use super::role::RoleName;
use super::root::Root;
use super::root_trust::{CachedRoot, RootVerifier, TrustedRoot};
use super::snapshot::Snapshot;
use super::targets::Targets;
use super::trusted::{Floors, TrustedSet};
use super::verify::{KeySet, Signature, SignedFile};

/// How long a root is valid from its signing.
pub const ROOT_VALIDITY: Duration = Duration::days(3650);
/// How long targets, delegations and snapshots are valid from their signing.
pub const TARGETS_VALIDITY: Duration = Duration::days(1095);
/// How long before its expiry a root is signed again, and users are warned.
pub const NEAR_EXPIRY: Duration = Duration::days(183);

/// Versions above this cannot be told apart by the double arithmetic of the canonical form.
const MAX_VERSION: u64 = MAX_EXACT.cast_unsigned();

/// Why a file could not be signed.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum SignError {
    /// A key failed to sign.
    #[error(transparent)]
    Key(#[from] SigningFailed),
    /// Too few keys of the role are here.
    #[error("{role} needs signatures by {need} of its keys, but only {have} could sign")]
    NotEnoughKeys {
        /// The role.
        role: RoleName,
        /// The threshold.
        need: u64,
        /// Distinct keys that signed.
        have: u64,
        /// Canonical ids of all keys of the role.
        keys: Vec<KeyId>,
    },
    /// What was made would not be accepted; a mistake of this program or of the draft.
    #[error("the new metadata would not be accepted")]
    SelfCheck(#[source] MetadataError),
    /// The version cannot be increased any more.
    #[error("{role} has reached the highest version there is")]
    VersionLimit {
        /// The role.
        role: RoleName,
    },
}

/// A file to be published, and who signed it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OutgoingFile {
    /// Whose file it is.
    pub role: RoleName,
    /// Its version.
    pub version: u64,
    /// The bytes that were hashed, checked, and are to be stored and sent.
    pub bytes: Vec<u8>,
    /// Canonical ids of the keys whose signatures it has.
    pub signed_by: Vec<KeyId>,
    /// The last moment of validity.
    pub expires: OffsetDateTime,
}

/// One complete update of a collection.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Root first, then targets roles in the order of their first change, snapshot last.
    pub files: Vec<OutgoingFile>,
    /// Whether the snapshot is left to the server.
    pub server_makes_snapshot: bool,
}

/// Which roles a publication will sign, for finding the keys beforehand.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// Roles in the order in which their keys are asked for; for each the sets of keys that must
    /// reach their threshold. A rotated root has two: the old one and the new one.
    pub roles: Vec<(RoleName, Vec<KeySet>)>,
    /// Keys that sign the root as well if they are at hand, by TUF id.
    pub former_root_keys: BTreeMap<KeyId, PublicKey>,
    root: RootAction,
    /// What to do about the root if it is merely near its expiry and its keys cannot be used.
    otherwise: Option<RootAction>,
    near_expiry: bool,
    /// Whether this is the first publication of the collection.
    first: bool,
}

impl Plan {
    /// Whether the root is near its expiry and is not signed again.
    pub fn root_needs_renewal(&self) -> bool {
        self.near_expiry && self.root != RootAction::Sign
    }

    /// Leaves the root as it is, if all that is due is signing it again some time before its
    /// expiry; returns whether that is so.
    pub fn postpone_renewal(&mut self) -> bool {
        let Some(otherwise) = self.otherwise.take() else { return false };
        self.root = otherwise;
        self.roles.retain(|(role, _)| *role != RoleName::ROOT);
        true
    }

    /// Whether the plan has `role` signed here.
    pub fn signs(&self, role: &RoleName) -> bool {
        self.key_sets(role).is_some()
    }

    fn key_sets(&self, role: &RoleName) -> Option<&[KeySet]> {
        let planned = self.roles.iter().find(|(planned, _)| planned == role);
        planned.map(|(_, sets)| sets.as_slice())
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum RootAction {
    Keep,
    SendAsIs,
    Sign,
}

/// The targets files that were signed anew.
type Signed = BTreeMap<RoleName, SignedFile<Targets>>;

impl Draft<'_> {
    /// Decides what to sign.
    ///
    /// `first` says that the collection is not on the server yet; `held` are the canonical ids of
    /// the private keys that are here.
    pub fn plan(&self, now: OffsetDateTime, first: bool, held: &BTreeSet<KeyId>) -> Plan {
        let is_held =
            |keys: &KeySet| keys.keys.values().any(|key| held.contains(&key.canonical_id()));
        let are_enough = |keys: &KeySet| {
            let ids = keys.keys.values().map(PublicKey::canonical_id);
            let here: BTreeSet<_> = ids.filter(|id| held.contains(id)).collect();
            i64::try_from(here.len()).is_ok_and(|here| here >= keys.threshold)
        };
        let mut roles = Vec::new();
        for role in &self.changed {
            roles.extend(self.key_set(role).map(|keys| (role.clone(), vec![keys])));
        }
        if first && !self.changed.contains(&RoleName::TARGETS) {
            let keys = self.base_key_set(&RoleName::TARGETS);
            roles.push((RoleName::TARGETS, vec![keys]));
        }

        let old_root_keys = self.base.root().key_set(&RoleName::ROOT);
        let expires = self.base.root().root().expires().0;
        let near_expiry = expires < now.saturating_add(NEAR_EXPIRY);
        let unsigned = if first { RootAction::SendAsIs } else { RootAction::Keep };
        let is_renewal = self.root.is_none() && near_expiry && are_enough(&old_root_keys);
        let is_signed = self.root.is_some() || is_renewal;
        let root = if is_signed { RootAction::Sign } else { unsigned };
        let otherwise = (is_renewal && expires >= now).then_some(unsigned);
        if root == RootAction::Sign {
            let new_root_keys = self.base_key_set(&RoleName::ROOT);
            let mut key_sets = vec![old_root_keys];
            if new_root_keys != key_sets[0] {
                key_sets.push(new_root_keys);
            }
            roles.push((RoleName::ROOT, key_sets));
        }

        let snapshot_keys = self.base_key_set(&RoleName::SNAPSHOT);
        if is_held(&snapshot_keys) {
            roles.push((RoleName::SNAPSHOT, vec![snapshot_keys]));
        }
        let former_root_keys = match root {
            RootAction::Sign => self.former_root_keys.clone(),
            RootAction::Keep | RootAction::SendAsIs => BTreeMap::new(),
        };
        Plan { roles, former_root_keys, root, otherwise, near_expiry, first }
    }

    /// Signs everything that `plan` names and checks the result.
    ///
    /// Keys that are not among `signers` are passed over as long as the thresholds are reached.
    pub fn sign(
        mut self,
        plan: &Plan,
        signers: &Signers,
        now: OffsetDateTime,
        verifier: &RootVerifier<'_>,
    ) -> Result<Publication, SignError> {
        let signer = FileSigner { signers, now, floors: self.base.floors() };
        let mut files = Vec::new();
        let root = match plan.root {
            RootAction::Sign => {
                let payload = self.root.take().unwrap_or_else(|| self.base.root().root().clone());
                let sets = plan.key_sets(&RoleName::ROOT).unwrap_or_default();
                let former = &plan.former_root_keys;
                let file =
                    signer.sign_also(&RoleName::ROOT, payload, sets, former, ROOT_VALIDITY)?;
                self.check_root(&file, verifier)?
            }
            RootAction::SendAsIs => self.check_root(self.base.root().file(), verifier)?,
            RootAction::Keep => self.base.root().clone(),
        };
        if matches!(plan.root, RootAction::Sign | RootAction::SendAsIs) {
            // Among its keys are the certificates of former root keys.
            files.push(outgoing(&RoleName::ROOT, root.file(), &root.root().keys));
        }

        // Bytes are always judged by the rules for uploads, which is what the server does, too.
        let mut check = TrustedSet::for_upload(root.clone(), Some(now));
        let mut signed = BTreeMap::new();
        for (role, sets) in plan.roles.iter().filter(|(role, _)| role.holds_targets()) {
            let base = || self.base.targets_of(role).cloned().unwrap_or_else(Targets::empty);
            let payload = self.targets.remove(role).unwrap_or_else(base);
            let file = signer.sign(role, payload, sets, TARGETS_VALIDITY)?;
            files.push(outgoing(role, &file, &sets[0].keys));
            signed.insert(role.clone(), file);
        }
        let parents = |role: &RoleName| std::iter::successors(role.parent(), RoleName::parent);
        let ancestors: BTreeSet<RoleName> = signed.keys().flat_map(parents).collect();
        for (role, file) in self.unchanged(&signed) {
            if plan.first {
                // The server has nothing yet, so it also needs what did not change.
                let keys = self.base.key_set(role).map_err(SignError::SelfCheck)?;
                files.push(outgoing(role, file, &keys.keys));
            }
            if plan.first || ancestors.contains(role) {
                check.adopt(role, file.clone());
            }
        }
        // Parents come before children, whatever the order of the changes was.
        for (role, file) in &signed {
            match role.is_delegation() {
                true => check.load_delegation(role, file.bytes()),
                false => check.load_targets(file.bytes()),
            }
            .map_err(SignError::SelfCheck)?;
        }

        let server_makes_snapshot = match plan.key_sets(&RoleName::SNAPSHOT) {
            Some(sets) => {
                let payload = self.next_snapshot(&root, &signed, plan.first);
                let file = signer.sign(&RoleName::SNAPSHOT, payload, sets, TARGETS_VALIDITY)?;
                files.push(outgoing(&RoleName::SNAPSHOT, &file, &sets[0].keys));
                check.load_snapshot(file.bytes()).map_err(SignError::SelfCheck)?;
                false
            }
            None => true,
        };
        Ok(Publication { files, server_makes_snapshot })
    }

    /// The version that a role gets when it is signed next.
    pub fn next_version(&self, role: &RoleName) -> u64 {
        let present = match role.as_str() {
            "root" => Some(self.base.root().root().version()),
            "snapshot" => self.base.snapshot().map(|file| file.payload().version()),
            _ => self.base.targets_of(role).map(Targets::version),
        };
        next_version(present.unwrap_or(0), self.base.floors().of(role))
    }

    fn check_root(
        &self,
        file: &SignedFile<Root>,
        verifier: &RootVerifier<'_>,
    ) -> Result<TrustedRoot, SignError> {
        let base = self.base.root();
        verifier.accept_successor(base, file.bytes(), 0).map_err(SignError::SelfCheck)
    }

    /// The files of targets roles that stay as they are.
    fn unchanged<'s>(
        &'s self,
        signed: &'s Signed,
    ) -> impl Iterator<Item = (&'s RoleName, &'s Arc<SignedFile<Targets>>)> {
        let stays = |role: &RoleName| !self.deleted.contains(role) && !signed.contains_key(role);
        self.base.targets().iter().filter(move |(role, _)| stays(role))
    }

    /// The snapshot that follows: only what was signed now gets a new description, except the first
    /// time, when it describes what the server gets and nothing else.
    fn next_snapshot(&self, root: &TrustedRoot, signed: &Signed, first: bool) -> Snapshot {
        let base = self.base.snapshot().map(|file| file.payload().clone());
        let mut snapshot = base.unwrap_or_else(Snapshot::empty);
        if first {
            snapshot.meta.clear();
            for (role, file) in self.unchanged(signed) {
                snapshot.describe(role, file.bytes());
            }
        }
        for role in &self.deleted {
            snapshot.meta.remove(role.as_str());
        }
        snapshot.describe(&RoleName::ROOT, root.file().bytes());
        for (role, file) in signed {
            snapshot.describe(role, file.bytes());
        }
        snapshot
    }
}

/// Signs the first files of a collection: root, targets and, if its key is among the signers,
/// snapshot.
///
/// `keys` are the keys of the four base roles; that of the root is a certificate.
pub fn create(
    keys: [(RoleName, PublicKey); 4],
    signers: &Signers,
    now: OffsetDateTime,
    verifier: &RootVerifier<'_>,
) -> Result<Publication, SignError> {
    let root = Root::new(keys);
    let key_set = |role: RoleName| KeySet { keys: root.role_keys(&role), role, threshold: 1 };
    let [root_keys, targets_keys, snapshot_keys] =
        [RoleName::ROOT, RoleName::TARGETS, RoleName::SNAPSHOT].map(key_set);
    let signer = FileSigner { signers, now, floors: &Floors::default() };

    let file = signer.sign(&RoleName::ROOT, root, slice::from_ref(&root_keys), ROOT_VALIDITY)?;
    // Our own root needs no permission for a first use, but it must agree with the pin.
    let root = match verifier.open_cached(file.bytes()).map_err(SignError::SelfCheck)? {
        CachedRoot::Current(root) => root,
        CachedRoot::Stale { why, .. } => return Err(SignError::SelfCheck(why)),
    };
    let mut files = vec![outgoing(&RoleName::ROOT, root.file(), &root_keys.keys)];
    let mut check = TrustedSet::for_upload(root.clone(), Some(now));

    let payload = Targets::empty();
    let sets = slice::from_ref(&targets_keys);
    let targets = signer.sign(&RoleName::TARGETS, payload, sets, TARGETS_VALIDITY)?;
    check.load_targets(targets.bytes()).map_err(SignError::SelfCheck)?;
    files.push(outgoing(&RoleName::TARGETS, &targets, &targets_keys.keys));

    let is_here = |key: &PublicKey| signers.contains_key(&key.canonical_id());
    let server_makes_snapshot = !snapshot_keys.keys.values().any(is_here);
    if !server_makes_snapshot {
        let mut payload = Snapshot::empty();
        payload.describe(&RoleName::ROOT, root.file().bytes());
        payload.describe(&RoleName::TARGETS, targets.bytes());
        let sets = slice::from_ref(&snapshot_keys);
        let snapshot = signer.sign(&RoleName::SNAPSHOT, payload, sets, TARGETS_VALIDITY)?;
        check.load_snapshot(snapshot.bytes()).map_err(SignError::SelfCheck)?;
        files.push(outgoing(&RoleName::SNAPSHOT, &snapshot, &snapshot_keys.keys));
    }
    Ok(Publication { files, server_makes_snapshot })
}

/// Signs files with the keys at hand.
pub(super) struct FileSigner<'a> {
    pub(super) signers: &'a Signers,
    pub(super) now: OffsetDateTime,
    pub(super) floors: &'a Floors,
}

impl FileSigner<'_> {
    /// Gives `payload` the next version and a fresh expiry and signs it with all keys at hand.
    pub(super) fn sign<T: Payload>(
        &self,
        role: &RoleName,
        payload: T,
        key_sets: &[KeySet],
        validity: Duration,
    ) -> Result<SignedFile<T>, SignError> {
        self.sign_also(role, payload, key_sets, &BTreeMap::new(), validity)
    }

    /// Like [`sign`](Self::sign), but also with keys that need not sign.
    fn sign_also<T: Payload>(
        &self,
        role: &RoleName,
        mut payload: T,
        key_sets: &[KeySet],
        others: &BTreeMap<KeyId, PublicKey>,
        validity: Duration,
    ) -> Result<SignedFile<T>, SignError> {
        let version = next_version(payload.version(), self.floors.of(role));
        if version > MAX_VERSION {
            return Err(SignError::VersionLimit { role: role.clone() });
        }
        payload.renew(version, Expires(self.now.saturating_add(validity)));
        let message = canonical::to_vec(&payload);
        let keys = key_sets.iter().flat_map(|keys| &keys.keys).chain(others);
        let signatures = self.signatures(&message, keys)?;
        for keys in key_sets {
            keys.verify(&message, &signatures).map_err(|error| not_enough(keys, error))?;
        }
        Ok(SignedFile::encode(payload, &message, signatures))
    }

    fn signatures<'k>(
        &self,
        message: &[u8],
        keys: impl Iterator<Item = (&'k KeyId, &'k PublicKey)>,
    ) -> Result<Vec<Signature>, SignError> {
        let mut signatures: Vec<Signature> = Vec::new();
        for (id, key) in keys {
            if signatures.iter().any(|signature| signature.keyid == *id) {
                continue;
            }
            if let Some(signer) = self.signers.get(&key.canonical_id()) {
                let sig = Base64(signer.sign(message)?);
                signatures.push(Signature { keyid: id.clone(), method: signer.method(), sig });
            }
        }
        Ok(signatures)
    }
}

/// Versions of a role that was deleted and made anew go on from where they were.
fn next_version(present: u64, floor: u64) -> u64 {
    present.max(floor).saturating_add(1)
}

fn not_enough(keys: &KeySet, error: MetadataError) -> SignError {
    let (need, have) = match error {
        MetadataError::Threshold { need, have, .. } => (need, have),
        MetadataError::NoSignatures { .. } => (u64::try_from(keys.threshold).unwrap_or(1), 0),
        other => return SignError::SelfCheck(other),
    };
    let keys_of_role = keys.keys.values().map(PublicKey::canonical_id).collect();
    SignError::NotEnoughKeys { role: keys.role.clone(), need, have, keys: keys_of_role }
}

fn outgoing<T: Payload>(
    role: &RoleName,
    file: &SignedFile<T>,
    keys: &BTreeMap<KeyId, PublicKey>,
) -> OutgoingFile {
    let signed_by = file.signatures().iter().map(|signature| {
        let key = keys.get(&signature.keyid);
        key.map_or_else(|| signature.keyid.clone(), PublicKey::canonical_id)
    });
    OutgoingFile {
        role: role.clone(),
        version: file.payload().version(),
        bytes: file.bytes().to_vec(),
        signed_by: signed_by.collect(),
        expires: file.payload().expires().0,
    }
}
