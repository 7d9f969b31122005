//! Editing a collection: a draft on top of a trusted set.
//!
//! Each operation either changes the draft as a whole or reports why it cannot, following
//! `formats.md` §5 and §6.3. Files that no operation touched stay exactly as they were loaded, so
//! their descriptions in the next snapshot remain those of the bytes that the server has.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use thiserror::Error;

use super::error::Error as MetadataError;
use super::key::{KeyId, PublicKey};
use super::metadata::FileMeta;
use super::role::RoleName;
use super::root::Root;
use super::targets::{Delegation, Targets};
use super::trusted::{Refused, TrustedSet, delegated_keys};
use super::verify::KeySet;
use super::walk::{self, allows};

/// Whether an operation made a difference.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effect {
    /// The draft differs from before.
    Changed,
    /// The collection already was as asked for.
    Unchanged,
}

/// What to change about a delegation; removals are applied before additions.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct DelegationEdit {
    /// Keys to add, after those that are there.
    pub add_keys: Vec<PublicKey>,
    /// Prefixes to add, after those that are there.
    pub add_paths: Vec<String>,
    /// Whether to remove all prefixes first.
    pub clear_paths: bool,
    /// Canonical ids of keys to remove.
    pub remove_keys: Vec<KeyId>,
    /// Prefixes to remove.
    pub remove_paths: Vec<String>,
    /// How many keys must sign, for a role that is created by this edit.
    pub threshold: i64,
}

/// Something the publisher should know although the edit succeeded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Note {
    /// A role now has fewer keys than its threshold, so nothing it signs is accepted.
    FewerKeysThanThreshold {
        /// The role.
        role: RoleName,
        /// Its threshold.
        threshold: i64,
    },
    /// Keys were to be purged from a file that we have no key to sign.
    NotPurged {
        /// The role whose file still lists the keys.
        role: RoleName,
    },
}

/// Why an operation cannot be applied.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum EditError {
    /// The role to be signed again could not be accepted with the keys it has.
    #[error("{role} lists {have} keys but needs {need} signatures")]
    FewerKeysThanThreshold {
        /// The role.
        role: RoleName,
        /// Its threshold.
        need: i64,
        /// The number of its keys.
        have: usize,
    },
    /// None of the keys that may sign the role is here.
    #[error("no key that may sign {role} is here; it is signed by {}", join(.keys))]
    NoKey {
        /// The role that would have to be signed.
        role: RoleName,
        /// Canonical ids of its keys.
        keys: Vec<KeyId>,
    },
    /// A new delegation without keys.
    #[error("{role} does not exist, and a new delegation needs at least one key")]
    NoKeysForNewRole {
        /// The role.
        role: RoleName,
    },
    /// The role is not part of the collection.
    #[error("there is no role {role}")]
    NoSuchRole {
        /// The role.
        role: RoleName,
    },
    /// A delegation may not sign what its parent may not sign.
    #[error("path {path:?} of {role} is outside the paths of its parent: {}", quote(.allowed))]
    PathOutsideParent {
        /// The delegation.
        role: RoleName,
        /// The path to be added.
        path: String,
        /// The parent's effective paths.
        allowed: Vec<String>,
    },
    /// The role may not sign this name.
    #[error("{role} may not sign {name:?}; its paths are {}", quote(.allowed))]
    TargetOutsidePaths {
        /// The role.
        role: RoleName,
        /// The target's name.
        name: String,
        /// The role's effective paths.
        allowed: Vec<String>,
    },
    /// The role's present file is unusable, so it cannot be built upon.
    #[error("the present file of {role} cannot be used{}", because(.why))]
    Unusable {
        /// The role.
        role: RoleName,
        /// Why its file was refused; `None` when it is missing.
        why: Option<MetadataError>,
    },
}

fn join(ids: &[KeyId]) -> String {
    let ids: Vec<_> = ids.iter().map(KeyId::as_str).collect();
    if ids.is_empty() { "nobody".to_owned() } else { ids.join(", ") }
}

fn quote(paths: &[String]) -> String {
    let paths: Vec<_> = paths.iter().map(|path| format!("{path:?}")).collect();
    if paths.is_empty() { "none".to_owned() } else { paths.join(", ") }
}

fn because(why: &Option<MetadataError>) -> String {
    why.as_ref().map(|why| format!(": {why}")).unwrap_or_default()
}

/// The next version of a collection while it is being put together.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    pub(super) base: &'a TrustedSet,
    /// Canonical ids of the private keys that are here.
    held: &'a BTreeSet<KeyId>,
    pub(super) root: Option<Root>,
    pub(super) targets: BTreeMap<RoleName, Targets>,
    /// The changed targets roles in the order of their first change.
    pub(super) changed: Vec<RoleName>,
    pub(super) deleted: BTreeSet<RoleName>,
    /// Keys that sign the next root although it does not need them.
    pub(super) former_root_keys: BTreeMap<KeyId, PublicKey>,
    notes: Vec<Note>,
}

impl<'a> Draft<'a> {
    /// Starts a draft; `held` are the canonical ids of the private keys that are here.
    pub fn new(base: &'a TrustedSet, held: &'a BTreeSet<KeyId>) -> Self {
        Self {
            base,
            held,
            root: None,
            targets: BTreeMap::new(),
            changed: Vec::new(),
            deleted: BTreeSet::new(),
            former_root_keys: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// Whether any operation made a difference.
    pub fn is_changed(&self) -> bool {
        self.root.is_some() || !self.changed.is_empty()
    }

    /// What the publisher should know.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Adds or replaces a target.
    pub fn add_target(
        &mut self,
        role: &RoleName,
        name: &str,
        meta: FileMeta,
    ) -> Result<Effect, EditError> {
        self.key_set(role)?;
        let allowed = self.effective_paths(role)?;
        if !allows(&allowed, name) {
            let (role, name) = (role.clone(), name.to_owned());
            return Err(EditError::TargetOutsidePaths { role, name, allowed });
        }
        if self.file_of(role).and_then(|file| file.targets.get(name)) == Some(&meta) {
            return Ok(Effect::Unchanged);
        }
        self.edit(role)?.targets.insert(name.to_owned(), meta);
        Ok(Effect::Changed)
    }

    /// Removes a target. Paths do not matter here, so that misplaced targets can be removed.
    pub fn remove_target(&mut self, role: &RoleName, name: &str) -> Result<Effect, EditError> {
        self.key_set(role)?;
        self.check_usable(role)?;
        let present = self.file_of(role).is_some_and(|file| file.targets.contains_key(name));
        if !present {
            return Ok(Effect::Unchanged);
        }
        self.edit(role)?.targets.remove(name);
        Ok(Effect::Changed)
    }

    /// Creates a delegation or changes an existing one.
    pub fn edit_delegation(
        &mut self,
        role: &RoleName,
        edit: &DelegationEdit,
    ) -> Result<Effect, EditError> {
        let no_such_role = || EditError::NoSuchRole { role: role.clone() };
        let parent = role.parent().ok_or_else(no_such_role)?;
        let allowed = self.effective_paths(&parent)?;
        self.check_usable(&parent)?;
        if let Some(path) = edit.add_paths.iter().find(|path| !allows(&allowed, path)) {
            let (role, path) = (role.clone(), path.clone());
            return Err(EditError::PathOutsideParent { role, path, allowed });
        }
        let exists =
            self.file_of(&parent).is_some_and(|file| file.delegations.role(role).is_some());
        if !exists && (edit.add_keys.is_empty() || edit.threshold < 1) {
            return Err(EditError::NoKeysForNewRole { role: role.clone() });
        }
        let before = self.file_of(&parent).map(|file| file.delegations.clone());
        let before = before.unwrap_or_else(|| Targets::empty().delegations);
        let mut delegations = before.clone();
        let roles = delegations.roles.get_or_insert_default();
        let index = roles.iter().position(|known| known.name == role.as_str());
        let index = index.unwrap_or_else(|| {
            roles.push(Delegation {
                keyids: Some(Vec::new()),
                name: role.as_str().to_owned(),
                paths: Vec::new(),
                threshold: edit.threshold,
            });
            roles.len() - 1
        });
        let delegation = &mut roles[index];

        let keys = &delegations.keys;
        let leaves = |id: &KeyId| {
            keys.get(id).is_some_and(|key| edit.remove_keys.contains(&key.canonical_id()))
        };
        remove_ids(&mut delegation.keyids, leaves);
        for key in &edit.add_keys {
            let ids = delegation.keyids.get_or_insert_default();
            if !ids.contains(&key.id()) {
                ids.push(key.id());
            }
        }
        delegation.paths.retain(|path| !edit.clear_paths && !edit.remove_paths.contains(path));
        for path in &edit.add_paths {
            if !delegation.paths.contains(path) {
                delegation.paths.push(path.clone());
            }
        }
        let note = too_few_keys(delegation, role);
        delegations.keys.extend(edit.add_keys.iter().map(|key| (key.id(), key.clone())));
        delegations.remove_unused_keys();
        if delegations == before {
            return Ok(Effect::Unchanged);
        }
        self.edit(&parent)?.delegations = delegations;
        self.notes.extend(note);
        Ok(Effect::Changed)
    }

    /// Removes a delegation, and the file of the role with it.
    pub fn delete_delegation(&mut self, role: &RoleName) -> Result<Effect, EditError> {
        let no_such_role = || EditError::NoSuchRole { role: role.clone() };
        let parent = role.parent().ok_or_else(no_such_role)?;
        self.key_set(&parent)?;
        self.check_usable(&parent)?;
        let exists =
            self.file_of(&parent).is_some_and(|file| file.delegations.role(role).is_some());
        if !exists {
            return Ok(Effect::Unchanged);
        }
        let delegations = &mut self.edit(&parent)?.delegations;
        let mut roles = delegations.roles.take().unwrap_or_default();
        roles.retain(|known| known.name != role.as_str());
        delegations.roles = (!roles.is_empty()).then_some(roles);
        delegations.remove_unused_keys();
        self.targets.remove(role);
        self.changed.retain(|changed| changed != role);
        self.deleted.insert(role.clone());
        Ok(Effect::Changed)
    }

    /// Removes keys (canonical ids) from all delegations of `top` and of the roles below it.
    ///
    /// Files that we cannot sign keep the keys, which is noted.
    pub fn purge_keys(&mut self, top: &RoleName, keys: &[KeyId]) -> Result<Effect, EditError> {
        let mut affected = Vec::new();
        walk::walk(
            |role| self.file_of(role),
            top,
            None,
            &[],
            |node, file| {
                let listed = file.iter().flat_map(|file| file.delegations.keys.iter());
                let leaving = listed.filter(|(_, key)| keys.contains(&key.canonical_id()));
                let leaving: Vec<KeyId> = leaving.map(|(id, _)| id.clone()).collect();
                if !leaving.is_empty() {
                    affected.push((node.role.clone(), leaving));
                }
                ControlFlow::Continue(())
            },
        );
        let mut effect = Effect::Unchanged;
        for (role, leaving) in affected {
            let delegations = match self.edit(&role) {
                Ok(file) => &mut file.delegations,
                Err(EditError::NoKey { .. }) => {
                    self.notes.push(Note::NotPurged { role });
                    continue;
                }
                Err(error) => return Err(error),
            };
            effect = Effect::Changed;
            delegations.keys.retain(|id, _| !leaving.contains(id));
            let mut notes = Vec::new();
            for delegation in delegations.roles.iter_mut().flatten() {
                remove_ids(&mut delegation.keyids, |id| leaving.contains(id));
                if let Ok(name) = RoleName::parse(&delegation.name) {
                    notes.extend(too_few_keys(delegation, &name));
                }
            }
            self.notes.extend(notes);
        }
        Ok(effect)
    }

    /// Marks a role to be signed again as it is, also when its present file is expired or
    /// under-signed.
    pub fn witness(&mut self, role: &RoleName) -> Result<Effect, EditError> {
        let keys = self.key_set(role)?;
        let refused = self.base.refused().get(role).filter(|_| !self.deleted.contains(role));
        if let Some(content) = refused.and_then(|refused| refused.content.as_ref()) {
            let (need, have) = (keys.threshold, keys.keys.len());
            if usize::try_from(need).is_ok_and(|need| have < need) {
                return Err(EditError::FewerKeysThanThreshold { role: role.clone(), need, have });
            }
            if !self.targets.contains_key(role) {
                self.check_held(role)?;
                self.targets.insert(role.clone(), content.payload().clone());
                self.mark_changed(role);
            }
            return Ok(Effect::Changed);
        }
        if self.file_of(role).is_none() {
            self.check_usable(role)?;
            return Err(EditError::NoSuchRole { role: role.clone() });
        }
        self.edit(role)?;
        Ok(Effect::Changed)
    }

    /// Replaces all keys of a base role, which puts out a new root.
    pub fn set_role_keys(
        &mut self,
        role: &RoleName,
        keys: Vec<PublicKey>,
    ) -> Result<Effect, EditError> {
        if role.is_delegation() {
            return Err(EditError::NoSuchRole { role: role.clone() });
        }
        self.check_held(&RoleName::ROOT)?;
        let root = self.root.get_or_insert_with(|| self.base.root().root().clone());
        root.set_role(role, keys);
        if *role == RoleName::TARGETS {
            self.edit(role)?;
        }
        Ok(Effect::Changed)
    }

    /// Has the next root signed by root keys of the past as well, as far as they are at hand:
    /// clients that are older than the chain of roots follow those (`formats.md` §10.4). `ids` are
    /// TUF ids; certificates that the present root does not keep are passed over.
    pub fn sign_root_also_with(&mut self, ids: impl IntoIterator<Item = KeyId>) {
        let known = &self.base.root().root().keys;
        let kept = ids.into_iter().filter_map(|id| Some((id.clone(), known.get(&id)?.clone())));
        self.former_root_keys.extend(kept);
    }

    /// The keys of a targets role in the draft.
    pub(super) fn key_set(&self, role: &RoleName) -> Result<KeySet, EditError> {
        let Some(parent) = role.parent() else {
            return Ok(self.base_key_set(role));
        };
        // Every role on the way must be there, as for reading.
        self.effective_paths(role)?;
        let keys = self.file_of(&parent).and_then(|parent| delegated_keys(parent, role));
        keys.ok_or_else(|| EditError::NoSuchRole { role: role.clone() })
    }

    /// The keys of a base role in the draft.
    pub fn base_key_set(&self, role: &RoleName) -> KeySet {
        match &self.root {
            Some(root) => KeySet {
                role: role.clone(),
                keys: root.role_keys(role),
                threshold: root.role(role).map_or(0, |keys| keys.threshold),
            },
            None => self.base.root().key_set(role),
        }
    }

    fn file_of(&self, role: &RoleName) -> Option<&Targets> {
        let base = || self.base.targets_of(role).filter(|_| !self.deleted.contains(role));
        self.targets.get(role).or_else(base)
    }

    fn effective_paths(&self, role: &RoleName) -> Result<Vec<String>, EditError> {
        let paths = walk::effective_paths(|role| self.file_of(role), role);
        paths.map_or_else(
            || {
                let mut ancestor = role.parent();
                while let Some(role) = ancestor {
                    self.check_usable(&role)?;
                    ancestor = role.parent();
                }
                Err(EditError::NoSuchRole { role: role.clone() })
            },
            Ok,
        )
    }

    fn check_usable(&self, role: &RoleName) -> Result<(), EditError> {
        let in_force = self.base.refused().get(role).filter(|_| !self.targets.contains_key(role));
        match in_force.filter(|_| !self.deleted.contains(role)) {
            // A role that was removed and made anew has no file either, so one can be begun.
            Some(Refused { why: Some(MetadataError::Vanished { .. }), .. }) => Ok(()),
            Some(refused) => {
                Err(EditError::Unusable { role: role.clone(), why: refused.why.clone() })
            }
            None => Ok(()),
        }
    }

    fn check_held(&self, role: &RoleName) -> Result<(), EditError> {
        let keys = match role.is_delegation() {
            true => self.key_set(role)?,
            false => self.base_key_set(role),
        };
        let keys: BTreeSet<KeyId> = keys.keys.values().map(PublicKey::canonical_id).collect();
        if keys.is_disjoint(self.held) {
            let keys = keys.into_iter().collect();
            return Err(EditError::NoKey { role: role.clone(), keys });
        }
        Ok(())
    }

    /// The file of a role for changing, empty if it has none yet; a key of the role must be here.
    fn edit(&mut self, role: &RoleName) -> Result<&mut Targets, EditError> {
        self.check_usable(role)?;
        self.check_held(role)?;
        self.mark_changed(role);
        let base = self.base.targets_of(role).filter(|_| !self.deleted.contains(role));
        let file = self.targets.entry(role.clone());
        Ok(file.or_insert_with(|| base.cloned().unwrap_or_else(Targets::empty)))
    }

    fn mark_changed(&mut self, role: &RoleName) {
        if !self.changed.contains(role) {
            self.changed.push(role.clone());
        }
    }
}

/// Removes ids from a role; the list becomes `null` with its last id, as Go writes it.
fn remove_ids(ids: &mut Option<Vec<KeyId>>, leaves: impl Fn(&KeyId) -> bool) {
    if let Some(list) = ids
        && list.iter().any(&leaves)
    {
        list.retain(|id| !leaves(id));
        if list.is_empty() {
            *ids = None;
        }
    }
}

fn too_few_keys(delegation: &Delegation, role: &RoleName) -> Option<Note> {
    let threshold = delegation.threshold;
    let have = i64::try_from(delegation.key_ids().len()).unwrap_or(i64::MAX);
    (have < threshold).then(|| Note::FewerKeysThanThreshold { role: role.clone(), threshold })
}
