//! Editing delegations: who may sign which names below a role (`formats.md` §5, §6.3).

use std::ops::ControlFlow;

use super::{Draft, EditError, Effect, Note};
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::role::RoleName;
use crate::tuf::targets::{Delegation, Targets};
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
    /// How many keys must sign, for a role that is created by this edit.
    pub threshold: i64,
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
