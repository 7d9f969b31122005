//! Delegations: what they are, and noting changes of them for the next publication.
//!
//! What is staged is judged where everything is ([`super::stage`]). Here it is put into changes, and
//! compared with what is known on this machine for the sake of people who may have something else in
//! mind.

use std::collections::{BTreeMap, BTreeSet};

use super::stage::StageReport;
use super::update::{Purpose, Updated};
use super::{Collection, Error, rebase};
use crate::changelist::Change;
use crate::tuf::edit::Draft;
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::role::RoleName;
use crate::tuf::trusted::TrustedSet;

/// What is to be added to a delegation, which is created if there is none.
#[derive(Clone, Debug)]
pub struct Addition {
    /// The delegation.
    pub role: RoleName,
    /// Keys that may sign it.
    pub keys: Vec<PublicKey>,
    /// Prefixes of the names that it may sign.
    pub paths: Vec<String>,
    /// How many of its keys must sign.
    pub threshold: Option<i64>,
}

/// What people should know who added to a delegation.
#[derive(Debug, Default)]
pub struct Added {
    /// What is to be said of everything that is staged.
    pub report: StageReport,
    /// Keys (canonical ids) that the role has in two forms, as certificate and as bare key.
    pub in_two_forms: Vec<KeyId>,
    /// Whether it can sign nothing for the want of paths.
    pub lacks_paths: bool,
    /// Canonical ids of the keys that the known root names for the snapshot.
    pub snapshot_keys: Vec<KeyId>,
}

/// What is to be removed from a delegation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Removal {
    /// All of it.
    Everything,
    /// Some of it.
    Parts {
        /// Whether all paths go.
        all_paths: bool,
        /// Paths that go.
        paths: Vec<String>,
        /// Canonical ids of keys that go.
        keys: Vec<KeyId>,
    },
}

/// A delegation as the file of its parent describes it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DelegationRow {
    /// The role.
    pub role: RoleName,
    /// Its keys, in their order; `None` for one that the file names and does not have.
    pub keys: Vec<(KeyId, Option<PublicKey>)>,
    /// The paths, in byte order.
    pub paths: Vec<String>,
    /// How many keys must sign.
    pub threshold: i64,
}

/// All delegations of a collection.
#[derive(Debug)]
pub struct DelegationsReport {
    /// By role, in byte order.
    pub delegations: Vec<DelegationRow>,
    /// The state that was looked at.
    pub updated: Updated,
}

impl Collection<'_> {
    /// Lists the delegations of all levels.
    pub fn delegations(&self) -> Result<DelegationsReport, Error> {
        let updated = self.update(Purpose::Read)?;
        let delegations = rows(&updated.set);
        Ok(DelegationsReport { delegations, updated })
    }

    /// Stages an addition to a delegation.
    pub fn stage_delegation(&self, addition: &Addition) -> Result<Added, Error> {
        let Addition { role, keys, paths, threshold } = addition;
        let mut changes = Vec::new();
        if !keys.is_empty() {
            let threshold = threshold.unwrap_or(1);
            changes.push(Change::add_delegation_keys(role, threshold, keys.clone()));
        }
        if !paths.is_empty() {
            changes.push(Change::add_delegation_paths(role, paths.clone()));
        }
        // What creates a role sets its threshold, but leaves that of a role alone that exists. Whether
        // it does may change until this is published.
        changes
            .extend(threshold.map(|threshold| Change::set_delegation_threshold(role, threshold)));
        let report = self.stage(&changes)?;
        let noted = self.with_known(|state, draft| {
            let keys_then = draft.key_set(role).map(|set| set.keys).unwrap_or_default();
            let snapshot_keys = state.root().key_set(&RoleName::SNAPSHOT).canonical_ids();
            Added {
                report: StageReport::default(),
                in_two_forms: in_two_forms(keys_then.values(), keys),
                lacks_paths: draft.delegation(role).is_some_and(|it| it.paths.is_empty()),
                snapshot_keys: snapshot_keys.into_iter().collect(),
            }
        });
        Ok(Added { report, ..noted.unwrap_or_default() })
    }

    /// Stages a removal of a delegation or from it.
    pub fn stage_delegation_removal(
        &self,
        role: &RoleName,
        removal: &Removal,
    ) -> Result<StageReport, Error> {
        let mut changes = Vec::new();
        match removal {
            Removal::Everything => changes.push(Change::remove_delegation(role)),
            Removal::Parts { all_paths, paths, keys } => {
                if *all_paths {
                    changes.push(Change::clear_delegation_paths(role));
                }
                if !paths.is_empty() {
                    changes.push(Change::remove_delegation_paths(role, paths.clone()));
                }
                if !keys.is_empty() {
                    changes.push(Change::remove_delegation_keys(role, keys.clone()));
                }
            }
        }
        self.stage(&changes)
    }

    /// Stages the removal of keys (canonical ids) from all delegations.
    pub fn stage_purge(&self, keys: &[KeyId]) -> Result<StageReport, Error> {
        self.stage(&[Change::purge_keys(keys.to_vec())])
    }

    /// Stages roles to be signed again as they are.
    pub fn stage_witness(&self, roles: &[RoleName]) -> Result<StageReport, Error> {
        let changes: Vec<_> = roles.iter().map(Change::witness).collect();
        self.stage(&changes)
    }

    /// Canonical ids of the keys of a delegation as far as they are known here, those that are
    /// staged among them; of all delegations without `role`.
    pub fn known_delegation_keys(&self, role: Option<&RoleName>) -> BTreeSet<KeyId> {
        let keys = self.with_known(|_, draft| match role {
            Some(role) => draft.key_set(role).map(|set| set.canonical_ids()).unwrap_or_default(),
            None => draft.keys_below(&RoleName::TARGETS),
        });
        keys.unwrap_or_default()
    }

    /// Asks the collection as it is known on this machine, with what is staged, for what is only said
    /// to people; `None` if it is not known. Those who cannot read it learn why when something is
    /// staged.
    fn with_known<T>(&self, ask: impl FnOnce(&TrustedSet, &Draft<'_>) -> T) -> Option<T> {
        let state = self.known_state().ok().flatten()?;
        let staged = self.changelist.list().unwrap_or_default();
        let (draft, _) = rebase::with_staged(&state, &staged, &[]);
        Some(ask(&state, &draft))
    }
}

/// Those of the keys `new` that are twice among `all`, by their canonical ids.
fn in_two_forms<'k>(all: impl Iterator<Item = &'k PublicKey>, new: &[PublicKey]) -> Vec<KeyId> {
    let ids: Vec<KeyId> = all.map(PublicKey::canonical_id).collect();
    let new: BTreeSet<KeyId> = new.iter().map(PublicKey::canonical_id).collect();
    new.into_iter().filter(|id| ids.iter().filter(|other| *other == id).count() > 1).collect()
}

/// All delegations that loaded files describe.
fn rows(set: &TrustedSet) -> Vec<DelegationRow> {
    let mut rows = BTreeMap::new();
    for file in set.targets().values() {
        let delegations = &file.payload().delegations;
        for delegation in delegations.roles() {
            let Ok(role) = RoleName::parse(&delegation.name) else { continue };
            let keys = delegation.key_ids().iter().map(|id| {
                let key = delegations.keys.get(id).cloned();
                (key.as_ref().map_or_else(|| id.clone(), PublicKey::canonical_id), key)
            });
            let mut paths = delegation.paths.clone();
            paths.sort();
            let (keys, threshold) = (keys.collect(), delegation.threshold);
            // Of two entries for one role the first is in force.
            let row = || DelegationRow { role: role.clone(), keys, paths, threshold };
            rows.entry(role.clone()).or_insert_with(row);
        }
    }
    rows.into_values().collect()
}
