//! The first step: versions, expiry, and the signatures of the keys at hand.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime};

use super::plan::{Plan, RootAction};
use super::{MAX_VERSION, OutgoingFile, ROOT_VALIDITY, SignError, TARGETS_VALIDITY};
use crate::tuf::canonical;
use crate::tuf::edit::Draft;
use crate::tuf::error::Error as MetadataError;
use crate::tuf::key::{Base64, KeyId, PublicKey, Signers};
use crate::tuf::metadata::{Expires, Payload};
use crate::tuf::role::RoleName;
use crate::tuf::root::Root;
use crate::tuf::targets::Targets;
use crate::tuf::trusted::{Floors, TrustedSet, delegated_keys};
use crate::tuf::verify::{KeySet, Signature, SignedFile};

/// The next files of root and targets roles, with the signatures that they have so far.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Made {
    /// The next root, if it changes.
    pub(in crate::tuf) root: Option<SignedFile<Root>>,
    /// The next files of targets roles, in the order of their first change.
    pub(in crate::tuf) targets: Vec<(RoleName, SignedFile<Targets>)>,
}

impl Made {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.root.is_none() && self.targets.is_empty()
    }

    /// The roles that get another file: root first, then targets roles in their order.
    pub fn roles(&self) -> impl Iterator<Item = &RoleName> {
        let root = self.root.iter().map(|_| &RoleName::ROOT);
        root.chain(self.targets.iter().map(|(role, _)| role))
    }

    /// The next file of a targets role.
    pub(in crate::tuf) fn targets_of(&self, role: &RoleName) -> Option<&SignedFile<Targets>> {
        self.targets.iter().find(|(made, _)| made == role).map(|(_, file)| file)
    }

    /// The sets of keys that must each reach their threshold in the next file of `role`, which
    /// follows on `base`: the keys that its root or its parent lists, be that the next or the present
    /// one; for a root also those of the root before. None if nobody may sign it.
    pub(in crate::tuf) fn key_sets(&self, base: &TrustedSet, role: &RoleName) -> Vec<KeySet> {
        if let Some(parent) = role.parent() {
            let next = self.targets_of(&parent).map(SignedFile::payload);
            let parent = next.or_else(|| base.targets_of(&parent));
            return parent.and_then(|parent| delegated_keys(parent, role)).into_iter().collect();
        }
        let present = base.root().key_set(role);
        let next = match &self.root {
            Some(root) => root.payload().key_set(role),
            None => present.clone(),
        };
        match *role == RoleName::ROOT && next != present {
            true => vec![present, next],
            false => vec![next],
        }
    }

    /// Makes sure that enough keys have signed each file.
    pub(super) fn check_thresholds(&self, base: &TrustedSet) -> Result<(), SignError> {
        for role in self.roles() {
            for keys in &self.key_sets(base, role) {
                let (message, signatures) = self.signed(role);
                check_enough(keys, &message, signatures)?;
            }
        }
        Ok(())
    }

    /// Gives the next file of `role`, in which `message` is signed, other signatures.
    pub(in crate::tuf) fn set_signatures(
        &mut self,
        role: &RoleName,
        message: &[u8],
        signatures: Vec<Signature>,
    ) {
        if *role == RoleName::ROOT {
            let root = self.root.take();
            self.root = root.map(|file| file.with_signatures(message, signatures));
        } else if let Some((_, file)) = self.targets.iter_mut().find(|(made, _)| made == role) {
            *file = file.clone().with_signatures(message, signatures);
        }
    }

    /// What is signed for `role`, and the signatures.
    pub(in crate::tuf) fn signed(&self, role: &RoleName) -> (Vec<u8>, &[Signature]) {
        match (&self.root, self.targets_of(role)) {
            (Some(root), _) if *role == RoleName::ROOT => (root.message(), root.signatures()),
            (_, Some(file)) => (file.message(), file.signatures()),
            _ => (Vec::new(), &[]),
        }
    }
}

impl Draft<'_> {
    /// Makes the files of root and targets roles that `plan` names, signed by those of their keys
    /// that are among `signers`, be they enough or not.
    pub fn make(
        &mut self,
        plan: &Plan,
        signers: &Signers,
        now: OffsetDateTime,
    ) -> Result<Made, SignError> {
        self.tidy();
        let signer = FileSigner { signers, now, floors: self.base.floors() };
        let mut made = std::mem::take(&mut self.made);
        if plan.root == RootAction::Sign {
            let role = RoleName::ROOT;
            let payload = self.root.take().unwrap_or_else(|| self.base.root().root().clone());
            let sets = plan.key_sets(&role).unwrap_or_default();
            let former = &plan.former_root_keys;
            made.root = Some(signer.make(&role, payload, sets, former, ROOT_VALIDITY)?);
        }
        for (role, sets) in plan.roles.iter().filter(|(role, _)| role.holds_targets()) {
            let base = || self.base.targets_of(role).cloned().unwrap_or_else(Targets::empty);
            let payload = self.targets.remove(role).unwrap_or_else(base);
            let file = signer.make(role, payload, sets, &BTreeMap::new(), TARGETS_VALIDITY)?;
            made.targets.push((role.clone(), file));
        }
        Ok(made)
    }
}

/// Signs files with the keys at hand.
pub(in crate::tuf) struct FileSigner<'a> {
    pub(in crate::tuf) signers: &'a Signers,
    pub(in crate::tuf) now: OffsetDateTime,
    pub(in crate::tuf) floors: &'a Floors,
}

impl FileSigner<'_> {
    /// Gives `payload` the next version and a fresh expiry and signs it with all keys at hand, which
    /// must be enough.
    pub(in crate::tuf) fn sign<T: Payload>(
        &self,
        role: &RoleName,
        payload: T,
        key_sets: &[KeySet],
        validity: Duration,
    ) -> Result<SignedFile<T>, SignError> {
        let file = self.make(role, payload, key_sets, &BTreeMap::new(), validity)?;
        for keys in key_sets {
            check_enough(keys, &file.message(), file.signatures())?;
        }
        Ok(file)
    }

    /// Like [`sign`](Self::sign), but the keys at hand may be too few, and `others` sign as well,
    /// although they need not.
    fn make<T: Payload>(
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
        let mut signatures = Vec::new();
        add_signatures(&mut signatures, &message, keys, self.signers)?;
        Ok(SignedFile::encode(payload, &message, signatures))
    }
}

/// Adds the signatures of those of `keys` that are among `signers` and have none yet. Returns
/// whether there were any.
pub(in crate::tuf) fn add_signatures<'k>(
    signatures: &mut Vec<Signature>,
    message: &[u8],
    keys: impl Iterator<Item = (&'k KeyId, &'k PublicKey)>,
    signers: &Signers,
) -> Result<bool, SignError> {
    let before = signatures.len();
    for (id, key) in keys {
        if signatures.iter().any(|signature| signature.keyid == *id) {
            continue;
        }
        if let Some(signer) = signers.get(&key.canonical_id()) {
            let sig = Base64(signer.sign(message)?);
            signatures.push(Signature { keyid: id.clone(), method: signer.method(), sig });
        }
    }
    Ok(signatures.len() > before)
}

/// Versions of a role that was deleted and made anew go on from where they were.
pub(in crate::tuf) fn next_version(present: u64, floor: u64) -> u64 {
    present.max(floor).saturating_add(1)
}

/// Makes sure that enough of the keys have signed, and says otherwise which keys there are.
pub(super) fn check_enough(
    keys: &KeySet,
    message: &[u8],
    signatures: &[Signature],
) -> Result<(), SignError> {
    let (need, have) = match keys.verify(message, signatures) {
        Ok(_) => return Ok(()),
        Err(MetadataError::Threshold { need, have, .. }) => (need, have),
        Err(MetadataError::NoSignatures { .. }) => (keys.needed(), 0),
        Err(other) => return Err(SignError::SelfCheck(other)),
    };
    let keys_of_role = keys.canonical_ids().into_iter().collect();
    Err(SignError::NotEnoughKeys { role: keys.role.clone(), need, have, keys: keys_of_role })
}

/// A file to be published. Among the keys of a root are the certificates of former root keys.
pub(super) fn outgoing<T: Payload>(
    role: &RoleName,
    file: &SignedFile<T>,
    key_sets: &[&KeySet],
) -> OutgoingFile {
    let known = |id: &KeyId| key_sets.iter().find_map(|set| set.keys.get(id));
    let signed_by = file.signatures().iter().map(|signature| {
        known(&signature.keyid).map_or_else(|| signature.keyid.clone(), PublicKey::canonical_id)
    });
    let own = key_sets.last();
    OutgoingFile {
        role: role.clone(),
        version: file.payload().version(),
        bytes: file.bytes().to_vec(),
        signed_by: signed_by.collect(),
        keys: own.map(|keys| keys.canonical_ids().into_iter().collect()).unwrap_or_default(),
        threshold: own.map_or(0, |keys| keys.needed()),
        expires: file.payload().expires().0,
    }
}
