//! Delegations: what they are, and noting changes of them for the next publication.
//!
//! What is staged is judged where everything is ([`super::stage`]). Here it is put into changes, and
//! compared with what is known on this machine for the sake of people who may have something else in
//! mind.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::stage::StageReport;
use super::update::{Purpose, Updated};
use super::{Collection, Error};
use crate::changelist::{Action, Change, DelegationPayload, Kind};
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

/// A delegation as far as it is known here, with the staged changes applied.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Known {
    keys: Vec<PublicKey>,
    paths: Vec<String>,
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
        let state = self.state_for_notes();
        let known = self.known_delegations(state.as_deref()).remove(role);
        let mut changes = Vec::new();
        if !keys.is_empty() {
            let threshold = threshold.unwrap_or(1);
            changes.push(Change::add_delegation_keys(role, threshold, keys.clone()));
        }
        if !paths.is_empty() {
            changes.push(Change::add_delegation_paths(role, paths.clone()));
        }
        // What creates a role sets its threshold, but does not change that of one that exists.
        let is_new = state.is_some() && known.is_none() && !keys.is_empty();
        if let Some(threshold) = threshold.filter(|_| !is_new) {
            changes.push(Change::set_delegation_threshold(role, threshold));
        }
        let report = self.stage(&changes)?;

        let is_known = state.is_some() || known.is_some();
        let mut after = known.unwrap_or_default();
        after.add(keys, paths);
        Ok(Added {
            report,
            in_two_forms: in_two_forms(&after.keys, keys),
            lacks_paths: is_known && after.paths.is_empty(),
            snapshot_keys: state.map_or_else(Vec::new, |state| {
                let keys = state.root().key_set(&RoleName::SNAPSHOT).keys;
                keys.values().map(PublicKey::canonical_id).collect()
            }),
        })
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
        let wanted = |name: &str| role.is_none_or(|role| role.as_str() == name);
        let rows = self.state_for_notes().as_deref().map(rows).unwrap_or_default().into_iter();
        let rows = rows.filter(|row| wanted(row.role.as_str())).flat_map(|row| row.keys);
        let staged = self.staged_edits().into_iter();
        let staged = staged.filter(|(change, _)| wanted(&change.role));
        let added = staged.filter_map(|(_, edit)| edit).flat_map(|edit| edit.add_keys);
        rows.map(|(id, _)| id).chain(added.map(|key| key.canonical_id())).collect()
    }

    /// The state on this machine, for what is only said to people: those who cannot read it learn
    /// why when something is staged.
    fn state_for_notes(&self) -> Option<Arc<TrustedSet>> {
        self.known_state().ok().flatten()
    }

    /// The staged changes of delegations and their payloads, as far as they can be read.
    fn staged_edits(&self) -> Vec<(Change, Option<DelegationPayload>)> {
        let staged = self.changelist.list().unwrap_or_default().into_iter();
        let changes = staged.filter_map(|staged| staged.change.ok());
        let changes = changes.filter(|change| change.kind == Kind::Delegation);
        let with_edit = |change: Change| {
            let edit = change.delegation_payload().ok();
            (change, edit)
        };
        changes.map(with_edit).collect()
    }

    fn known_delegations(&self, state: Option<&TrustedSet>) -> BTreeMap<RoleName, Known> {
        let rows = state.map(rows).unwrap_or_default().into_iter();
        let mut known: BTreeMap<_, _> = rows
            .map(|row| {
                let keys = row.keys.into_iter().filter_map(|(_, key)| key).collect();
                (row.role, Known { keys, paths: row.paths })
            })
            .collect();
        for (change, edit) in self.staged_edits() {
            let Ok(role) = RoleName::parse(&change.role) else { continue };
            match (change.action, edit) {
                (Action::Delete, _) => _ = known.remove(&role),
                (Action::Create, Some(edit)) => {
                    known.entry(role).or_default().add(&edit.add_keys, &edit.add_paths);
                }
                (Action::Update, Some(edit)) => {
                    if let Some(known) = known.get_mut(&role) {
                        let leaves = |path: &String| edit.remove_paths.contains(path);
                        known.paths.retain(|path| !edit.clear_paths && !leaves(path));
                        known.keys.retain(|key| !edit.remove_keys.contains(&key.canonical_id()));
                        known.add(&edit.add_keys, &edit.add_paths);
                    }
                }
                (Action::Create | Action::Update, None) => {}
            }
        }
        known
    }
}

impl Known {
    fn add(&mut self, keys: &[PublicKey], paths: &[String]) {
        for key in keys {
            if !self.keys.contains(key) {
                self.keys.push(key.clone());
            }
        }
        self.paths.extend(paths.iter().cloned());
    }
}

/// Those of the keys `new` that are twice among `all`, by their canonical ids.
fn in_two_forms(all: &[PublicKey], new: &[PublicKey]) -> Vec<KeyId> {
    let ids: Vec<KeyId> = all.iter().map(PublicKey::canonical_id).collect();
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
