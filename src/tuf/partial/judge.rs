//! Judging a partial publication, and signing what has been judged.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::differences::{RoleDifferences, root_differences, targets_differences};
use super::{BaseFile, NextFile, Partial, PartialError};
use crate::tuf::canonical;
use crate::tuf::edit::Draft;
use crate::tuf::key::{KeyId, PublicKey, Signers};
use crate::tuf::metadata::{Expires, Payload, RoleKeys};
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::root::Root;
use crate::tuf::sign::{Made, SignError, add_signatures, next_version};
use crate::tuf::targets::{Delegation, Targets};
use crate::tuf::trusted::TrustedSet;
use crate::tuf::verify::{KeySet, Signature, SignedFile};

/// A partial publication that fits a collection.
#[derive(Debug)]
pub struct Judged<'a> {
    base: &'a TrustedSet,
    partial: Partial,
    made: Made,
    signings: BTreeMap<RoleName, Vec<Signing>>,
}

/// Who has signed the next file of a role, and who could.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signing {
    /// The keys of which some have to sign.
    pub keys: KeySet,
    /// Canonical ids of those that have signed.
    pub signed_by: BTreeSet<KeyId>,
}

impl Signing {
    /// How many signatures are missing.
    pub fn lacking(&self) -> u64 {
        self.keys.needed().saturating_sub(self.signed_by.len() as u64)
    }

    /// Canonical ids of the keys that have not signed.
    pub fn missing(&self) -> BTreeSet<KeyId> {
        &self.keys.canonical_ids() - &self.signed_by
    }
}

impl Partial {
    /// Judges it as the next step of `gun`, of which `base` is the present state.
    pub fn judge<'a>(
        &self,
        gun: &Gun,
        base: &'a TrustedSet,
        now: OffsetDateTime,
    ) -> Result<Judged<'a>, PartialError> {
        let own = self.gun()?;
        if own != *gun {
            return Err(PartialError::OtherCollection(own));
        }
        self.check_roles()?;
        self.check_base(base)?;
        let mut made = Made::default();
        for (role, next) in &self.files {
            match *role == RoleName::ROOT {
                true => {
                    let file = self.check_file::<Root>(role, next, base, now)?;
                    check_root_form(file.payload(), base.root().root())?;
                    made.root = Some(file);
                }
                false => {
                    let file = self.check_file::<Targets>(role, next, base, now)?;
                    check_targets_form(role, file.payload(), base)?;
                    made.targets.push((role.clone(), file));
                }
            }
        }
        let mut signings = BTreeMap::new();
        for role in self.files.keys() {
            signings.insert(role.clone(), check_signatures(&made, base, role)?);
        }
        Ok(Judged { base, partial: self.clone(), made, signings })
    }

    /// Whether the collection has all of it already.
    pub fn is_published(&self, gun: &Gun, base: &TrustedSet) -> bool {
        let is_there = |(role, next): (&RoleName, &NextFile)| {
            let present = match *role == RoleName::ROOT {
                true => Some(base.root().file().message()),
                false => base.targets().get(role).map(|file| file.message()),
            };
            present.is_some_and(|present| present == canonical::to_vec(&next.signed))
        };
        self.gun().is_ok_and(|own| own == *gun)
            && !self.files.is_empty()
            && self.files.iter().all(is_there)
    }

    /// Only root and targets roles, and what each was built on.
    fn check_roles(&self) -> Result<(), PartialError> {
        let is_possible = |role: &RoleName| *role == RoleName::ROOT || role.holds_targets();
        if let Some(role) = self.files.keys().find(|role| !is_possible(role)) {
            return Err(PartialError::Form(format!("it has a file of {role}")));
        }
        if self.files.is_empty() {
            return Err(PartialError::Form("it has no files".to_owned()));
        }
        if self.base.keys().cloned().collect::<BTreeSet<_>>() != self.relevant_roles() {
            let words = "it does not say what each of its files was built on";
            return Err(PartialError::Form(words.to_owned()));
        }
        Ok(())
    }

    fn check_base(&self, base: &TrustedSet) -> Result<(), PartialError> {
        for (role, then) in &self.base {
            let now = BaseFile::present(base, role);
            if now != *then {
                let [then, now] = [then.as_ref(), now.as_ref()];
                let [then, now] = [then, now].map(|file| file.map(|file| file.version));
                return Err(PartialError::MovedOn { role: role.clone(), then, now });
            }
        }
        Ok(())
    }

    /// Everything about one file but who may sign it.
    fn check_file<T: Payload>(
        &self,
        role: &RoleName,
        next: &NextFile,
        base: &TrustedSet,
        now: OffsetDateTime,
    ) -> Result<SignedFile<T>, PartialError> {
        let other_form = |what| PartialError::OtherForm { role: role.clone(), what };
        let message = canonical::to_vec(&next.signed);
        let payload: T = serde_json::from_slice(&message)
            .map_err(|error| PartialError::Form(format!("{role}: {error}")))?;
        payload.check_structure(role)?;
        if canonical::to_vec(&payload) != message {
            return Err(other_form("it has members or spellings of its own"));
        }
        let present = BaseFile::present(base, role).map_or(0, |file| file.version);
        let (found, next_one) = (payload.version(), next_version(present, base.floors().of(role)));
        if found != next_one {
            return Err(PartialError::WrongVersion { role: role.clone(), found, next: next_one });
        }
        payload.check_expiry(role, now)?;
        Ok(SignedFile::encode(payload, &message, next.signatures.clone()))
    }
}

/// What this program never changes in a root, and what would not be shown.
fn check_root_form(next: &Root, present: &Root) -> Result<(), PartialError> {
    let other_form = |what| Err(PartialError::OtherForm { role: RoleName::ROOT, what });
    if next.consistent_snapshot != present.consistent_snapshot {
        return other_form("`consistent_snapshot` differs");
    }
    let others = |root: &Root| {
        let is_other = |(name, _): &(&String, &RoleKeys)| {
            RoleName::BASE.iter().all(|role| role.as_str() != name.as_str())
        };
        let others = root.roles.iter().filter(is_other);
        others.map(|(name, keys)| (name.clone(), keys.clone())).collect::<BTreeMap<_, _>>()
    };
    if others(next) != others(present) {
        return other_form("it changes roles that nobody knows");
    }
    let is_used = |id: &KeyId| next.roles.values().any(|role| role.key_ids().contains(id));
    match next.keys.iter().find(|(id, key)| !is_used(id) && present.keys.get(*id) != Some(*key)) {
        Some(_) => other_form("it adds a key that no role uses"),
        None => check_keys(&RoleName::ROOT, &next.keys),
    }
}

fn check_targets_form(
    role: &RoleName,
    next: &Targets,
    base: &TrustedSet,
) -> Result<(), PartialError> {
    let other_form = |what| Err(PartialError::OtherForm { role: role.clone(), what });
    let mut names = BTreeSet::new();
    if !next.delegations.roles().iter().all(|delegation| names.insert(&delegation.name)) {
        return other_form("it lists a delegation twice");
    }
    let used: BTreeSet<_> = next.delegations.roles().iter().flat_map(Delegation::key_ids).collect();
    let present = base.file_of(role).map(|file| &file.payload().delegations.keys);
    let is_known = |id: &KeyId, key| present.and_then(|keys| keys.get(id)) == Some(key);
    let mut keys = next.delegations.keys.iter();
    if keys.any(|(id, key)| !used.contains(id) && !is_known(id, key)) {
        return other_form("it adds a key that no role uses");
    }
    check_keys(role, &next.delegations.keys)
}

/// Keys are shown by what they are, so their names must be true.
fn check_keys(role: &RoleName, keys: &BTreeMap<KeyId, PublicKey>) -> Result<(), PartialError> {
    match keys.iter().all(|(id, key)| key.id() == *id) {
        true => Ok(()),
        false => {
            let what = "a key has another id than it says";
            Err(PartialError::OtherForm { role: role.clone(), what })
        }
    }
}

impl Judged<'_> {
    /// The roles that get another file, parents first.
    pub fn roles(&self) -> impl Iterator<Item = &RoleName> {
        self.made.roles()
    }

    /// The delegations that are listed now and will not be, so that their files go as well.
    pub fn removed(&self) -> BTreeSet<RoleName> {
        let removed = self.made.targets.iter().flat_map(|(role, next)| {
            let present = self.base.file_of(role).into_iter();
            let listed = present.flat_map(|file| file.payload().delegations.roles());
            let listed = listed.filter_map(|role| RoleName::parse(&role.name).ok());
            listed.filter(|role| next.payload().delegations.role(role).is_none())
        });
        removed.collect()
    }

    /// Version and last moment of the next file of `role`.
    pub fn next(&self, role: &RoleName) -> Option<(u64, Expires)> {
        match (&self.made.root, self.made.targets_of(role)) {
            (Some(root), _) if *role == RoleName::ROOT => {
                Some((root.payload().version(), root.payload().expires()))
            }
            (_, Some(file)) => Some((file.payload().version(), file.payload().expires())),
            _ => None,
        }
    }

    /// Who has signed the next file of `role`, for each set of keys that has to sign it.
    pub fn signings(&self, role: &RoleName) -> &[Signing] {
        self.signings.get(role).map(Vec::as_slice).unwrap_or_default()
    }

    /// The sets of keys that still have to sign, each with the keys that have not and the number
    /// that is missing.
    pub fn lacking(&self) -> Vec<(RoleName, Vec<KeySet>)> {
        let lacking = |role: &RoleName| {
            let sets = self.signings(role).iter().filter(|signing| signing.lacking() > 0);
            let sets = sets.map(|signing| {
                let (threshold, missing) = (signing.lacking(), signing.missing());
                let mut keys = signing.keys.clone();
                keys.threshold = i64::try_from(threshold).unwrap_or(i64::MAX);
                keys.keys.retain(|_, key| missing.contains(&key.canonical_id()));
                keys
            });
            (role.clone(), sets.collect::<Vec<_>>())
        };
        let all = self.roles().map(lacking);
        all.filter(|(_, sets)| !sets.is_empty()).collect()
    }

    /// What the next file of each role changes.
    pub fn differences(&self) -> Vec<RoleDifferences> {
        let root = self.made.root.iter();
        let root = root.map(|file| root_differences(self.base.root().root(), file.payload()));
        let targets = self.made.targets.iter().map(|(role, file)| {
            let present = self.base.file_of(role).map(SignedFile::payload);
            targets_differences(role, present, file.payload())
        });
        root.chain(targets).collect()
    }

    /// Adds the signatures of those of the keys that are among `signers` and have to sign. Returns
    /// the roles that got any.
    pub fn sign(&mut self, signers: &Signers) -> Result<Vec<RoleName>, SignError> {
        let mut signed = Vec::new();
        for (role, sets) in self.lacking() {
            let (message, signatures) = self.made.signed(&role);
            let mut signatures = signatures.to_vec();
            let keys = sets.iter().flat_map(|set| &set.keys);
            if add_signatures(&mut signatures, &message, keys, signers)? {
                for signing in self.signings.get_mut(&role).into_iter().flatten() {
                    let valid = signing.keys.signers(&message, &signatures);
                    let valid = valid.map_err(SignError::SelfCheck)?;
                    signing.signed_by = signing.keys.canonical_ids_of(&valid);
                }
                self.made.set_signatures(&role, &message, signatures);
                signed.push(role);
            }
        }
        self.partial.set_files(&self.made);
        Ok(signed)
    }

    /// The partial publication with all signatures that it has now.
    pub fn partial(&self) -> &Partial {
        &self.partial
    }

    /// Has a draft of the same state publish this.
    pub fn apply(self, draft: &mut Draft<'_>) {
        let removed = self.removed();
        draft.adopt(self.made, removed);
    }
}

/// Who has signed the next file of `role`. Each signature is verified once, and none before it is
/// known that there are no more of them than keys.
fn check_signatures(
    made: &Made,
    base: &TrustedSet,
    role: &RoleName,
) -> Result<Vec<Signing>, PartialError> {
    let (message, signatures) = made.signed(role);
    let sets = made.key_sets(base, role);
    if sets.is_empty() {
        return Err(PartialError::NotDelegated { role: role.clone() });
    }
    let mut ids = BTreeSet::new();
    for Signature { keyid, .. } in signatures {
        let (role, key) = (role.clone(), keyid.clone());
        if !ids.insert(keyid) {
            return Err(PartialError::TwoSignatures { role, key });
        }
        if !sets.iter().any(|set| set.keys.contains_key(keyid)) {
            return Err(PartialError::ForeignSignature { role, key });
        }
    }
    let mut signings = Vec::new();
    for keys in sets {
        let valid = keys.signers(&message, signatures)?;
        let listed = ids.iter().filter(|id| keys.keys.contains_key(**id));
        if let Some(key) = listed.copied().find(|id| !valid.contains(*id)) {
            let (role, key) = (role.clone(), key.clone());
            return Err(PartialError::InvalidSignature { role, key });
        }
        signings.push(Signing { signed_by: keys.canonical_ids_of(&valid), keys });
    }
    Ok(signings)
}
