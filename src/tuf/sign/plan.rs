//! What is going to be signed, and by whom.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::NEAR_EXPIRY;
use crate::tuf::edit::Draft;
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::metadata::Payload as _;
use crate::tuf::role::RoleName;
use crate::tuf::verify::KeySet;

/// Which roles a publication will sign, for finding the keys beforehand.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// Roles in the order in which their keys are asked for; for each the sets of keys that must
    /// reach their threshold. A rotated root has two: the old one and the new one.
    pub roles: Vec<(RoleName, Vec<KeySet>)>,
    /// Keys that sign the root as well if they are at hand, by TUF id.
    pub former_root_keys: BTreeMap<KeyId, PublicKey>,
    pub(super) root: RootAction,
    /// What to do about the root if it is merely near its expiry and its keys cannot be used.
    otherwise: Option<RootAction>,
    /// Targets roles that are signed besides what was asked for.
    optional: BTreeSet<RoleName>,
    near_expiry: bool,
    /// Whether this is the first publication of the collection.
    pub(super) first: bool,
    /// Whether others may sign what cannot be signed here.
    partial: bool,
}

impl Plan {
    /// A plan to add signatures to files that were made before; for each role the sets of keys that
    /// have not signed, and how many of them are missing.
    pub fn to_add(roles: Vec<(RoleName, Vec<KeySet>)>) -> Self {
        Self {
            roles,
            former_root_keys: BTreeMap::new(),
            root: RootAction::Keep,
            otherwise: None,
            optional: BTreeSet::new(),
            near_expiry: false,
            first: false,
            partial: true,
        }
    }

    /// Whether others may sign what cannot be signed here.
    pub fn may_fall_short(&self) -> bool {
        self.partial
    }

    /// Whether the root is near its expiry and is not signed again.
    pub fn root_needs_renewal(&self) -> bool {
        self.near_expiry && self.root != RootAction::Sign
    }

    /// Leaves a role as it is, if nobody asked for its signing: a root that is due for renewal some
    /// time before its expiry, or a file that has lost signatures. Returns whether that is so.
    pub fn leave_out(&mut self, role: &RoleName) -> bool {
        if *role == RoleName::ROOT {
            let Some(otherwise) = self.otherwise.take() else { return false };
            self.root = otherwise;
        } else if !self.optional.remove(role) {
            return false;
        }
        self.roles.retain(|(planned, _)| planned != role);
        true
    }

    /// Whether the plan has `role` signed here.
    pub fn signs(&self, role: &RoleName) -> bool {
        self.key_sets(role).is_some()
    }

    pub(super) fn key_sets(&self, role: &RoleName) -> Option<&[KeySet]> {
        let planned = self.roles.iter().find(|(planned, _)| planned == role);
        planned.map(|(_, sets)| sets.as_slice())
    }
}

/// What becomes of the root.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum RootAction {
    Keep,
    SendAsIs,
    Sign,
}

impl Draft<'_> {
    /// Decides what to sign.
    ///
    /// `first` says that the collection is not on the server yet; `held` are the canonical ids of
    /// the private keys that are here.
    pub fn plan(&self, now: OffsetDateTime, first: bool, held: &BTreeSet<KeyId>) -> Plan {
        let are_enough =
            |keys: &KeySet| keys.are_enough(keys.canonical_ids().intersection(held).count());
        self.plan_for(now, first, held, are_enough)
    }

    /// Decides what to make that others are to sign as well: no snapshot, and a root near its expiry
    /// if any of its keys is here.
    pub fn plan_partial(&self, now: OffsetDateTime, held: &BTreeSet<KeyId>) -> Plan {
        let is_held = |keys: &KeySet| !keys.canonical_ids().is_disjoint(held);
        let mut plan = self.plan_for(now, false, held, is_held);
        plan.roles.retain(|(role, _)| *role != RoleName::SNAPSHOT);
        plan.partial = true;
        plan
    }

    fn plan_for(
        &self,
        now: OffsetDateTime,
        first: bool,
        held: &BTreeSet<KeyId>,
        can_renew: impl Fn(&KeySet) -> bool,
    ) -> Plan {
        let is_held = |keys: &KeySet| !keys.canonical_ids().is_disjoint(held);
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
        // What was made elsewhere is published as it is.
        let is_renewal =
            self.root.is_none() && self.made.is_empty() && near_expiry && can_renew(&old_root_keys);
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
        let optional = self.optional.clone();
        Plan {
            roles,
            former_root_keys,
            root,
            otherwise,
            optional,
            near_expiry,
            first,
            partial: false,
        }
    }
}
