//! Editing delegations: who may sign which names below a role (`formats.md` §5, §6.3).

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::{Draft, EditError, Effect, Note};
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::role::RoleName;
use crate::tuf::targets::Delegation;
use crate::tuf::walk::{self, allows};

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
    /// How many keys must sign from now on, for a role that exists.
    pub set_threshold: Option<i64>,
    /// How many keys must sign, for a role that is created by this edit.
    pub threshold: i64,
}

impl DelegationEdit {
    /// Whether it makes a difference to a role, of whose keys those with an id that `leaves` go.
    fn changes(&self, role: &Delegation, leaves: impl Fn(&KeyId) -> bool) -> bool {
        let adds_key = |key: &PublicKey| !role.key_ids().contains(&key.id());
        role.key_ids().iter().any(leaves)
            || role.paths.iter().any(|path| self.removes(path))
            || self.add_keys.iter().any(adds_key)
            || self.add_paths.iter().any(|path| !role.paths.contains(path))
            || self.set_threshold.is_some_and(|threshold| threshold != role.threshold)
    }

    fn removes(&self, path: &String) -> bool {
        self.clear_paths || self.remove_paths.contains(path)
    }
}

impl Draft<'_> {
    /// Creates a delegation or changes an existing one.
    pub fn edit_delegation(
        &mut self,
        role: &RoleName,
        edit: &DelegationEdit,
    ) -> Result<Effect, EditError> {
        let no_such_role = || EditError::NoSuchRole { role: role.clone() };
        let parent = role.parent().ok_or_else(no_such_role)?;
        let allowed = self.paths(&parent)?;
        if let Some(path) = edit.add_paths.iter().find(|path| !allows(allowed, path)) {
            let (role, path, allowed) = (role.clone(), path.clone(), allowed.to_vec());
            self.check_usable(&parent)?;
            let narrow = self.highest_without(&parent, &path);
            return Err(EditError::PathOutsideParent { role, path, allowed, narrow });
        }
        self.check_usable(&parent)?;
        let file = self.file_of(&parent);
        let known =
            file.and_then(|file| Some((&file.delegations.keys, file.delegations.role(role)?)));
        let mut leaving = Vec::new();
        if let Some((keys, present)) = known {
            let leaves = |id: &&KeyId| {
                !edit.remove_keys.is_empty()
                    && keys
                        .get(id)
                        .is_some_and(|key| edit.remove_keys.contains(&key.canonical_id()))
            };
            leaving.extend(present.key_ids().iter().filter(leaves).cloned());
            if !edit.changes(present, |id| leaving.contains(id)) {
                return Ok(Effect::Unchanged);
            }
        } else if edit.add_keys.is_empty() || edit.threshold < 1 {
            return Err(EditError::NoKeysForNewRole { role: role.clone() });
        }

        let delegations = &mut self.edit(&parent)?.delegations;
        if delegations.role(role).is_none() {
            delegations.add_role(Delegation {
                keyids: Some(Vec::new()),
                name: role.as_str().to_owned(),
                paths: Vec::new(),
                threshold: edit.threshold,
            });
        }
        let delegation = delegations.role_mut(role).ok_or_else(no_such_role)?;
        remove_ids(&mut delegation.keyids, |id| leaving.contains(id));
        for key in &edit.add_keys {
            let ids = delegation.keyids.get_or_insert_default();
            if !ids.contains(&key.id()) {
                ids.push(key.id());
            }
        }
        delegation.paths.retain(|path| !edit.removes(path));
        for path in &edit.add_paths {
            if !delegation.paths.contains(path) {
                delegation.paths.push(path.clone());
            }
        }
        if let Some(threshold) = edit.set_threshold {
            delegation.threshold = threshold;
        }
        delegations.keys.extend(edit.add_keys.iter().map(|key| (key.id(), key.clone())));
        self.note_edited(&parent, role);
        Ok(Effect::Changed)
    }

    /// Removes a delegation, and the file of the role with it.
    pub fn delete_delegation(&mut self, role: &RoleName) -> Result<Effect, EditError> {
        let no_such_role = || EditError::NoSuchRole { role: role.clone() };
        let parent = role.parent().ok_or_else(no_such_role)?;
        self.paths(&parent)?;
        self.check_usable(&parent)?;
        let exists =
            self.file_of(&parent).is_some_and(|file| file.delegations.role(role).is_some());
        if !exists {
            return Ok(Effect::Unchanged);
        }
        self.edit(&parent)?.delegations.remove_role(role);
        self.targets.remove(role);
        if self.marked.remove(role) {
            self.changed.retain(|changed| changed != role);
        }
        self.delegated_anew.remove(role);
        self.deleted.insert(role.clone());
        self.note_edited(&parent, role);
        Ok(Effect::Changed)
    }

    fn note_edited(&mut self, parent: &RoleName, role: &RoleName) {
        if !self.delegated_anew.contains(parent) {
            self.delegated_anew.insert(parent.clone());
        }
        self.rights.forget(role);
    }

    /// Removes keys (canonical ids) from all delegations of `top` and of the roles below it.
    ///
    /// Files that we cannot sign keep the keys, which is noted.
    pub fn purge_keys(&mut self, top: &RoleName, keys: &[KeyId]) -> Result<Effect, EditError> {
        self.tidy();
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
            for delegation in delegations.roles_mut() {
                remove_ids(&mut delegation.keyids, |id| leaving.contains(id));
            }
            self.rights.forget(&role);
            self.delegated_anew.insert(role);
        }
        Ok(effect)
    }

    /// Canonical ids of the keys of all delegations below `top`.
    pub fn keys_below(&self, top: &RoleName) -> BTreeSet<KeyId> {
        let mut ids = BTreeSet::new();
        walk::walk(
            |role| self.file_of(role),
            top,
            None,
            &[],
            |_, file| {
                let lists = file.iter().map(|file| &file.delegations);
                let used = lists.flat_map(|list| {
                    let used: BTreeSet<_> =
                        list.roles().iter().flat_map(Delegation::key_ids).collect();
                    used.into_iter().filter_map(|id| list.keys.get(id))
                });
                ids.extend(used.map(PublicKey::canonical_id));
                ControlFlow::Continue(())
            },
        );
        ids
    }

    /// Drops the keys that no delegation names any more from the files whose delegations were
    /// edited, as Go does after each edit.
    pub(in crate::tuf) fn tidy(&mut self) {
        for role in &self.delegated_anew {
            if let Some(file) = self.targets.get_mut(role) {
                file.delegations.remove_unused_keys();
            }
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
