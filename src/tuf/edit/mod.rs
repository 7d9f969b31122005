//! Editing a collection: a draft on top of a trusted set.
//!
//! Each operation either changes the draft as a whole or reports why it cannot, following
//! `formats.md` §5 and §6.3. Files that no operation touched stay exactly as they were loaded, so
//! their descriptions in the next snapshot remain those of the bytes that the server has.

mod delegations;
mod error;
mod rights;
mod roles;
mod settle;

use std::collections::{BTreeMap, BTreeSet};

pub use self::delegations::DelegationEdit;
pub use self::error::{EditError, Note};
use self::rights::Rights;
use super::error::Error as MetadataError;
use super::key::{KeyId, PublicKey};
use super::metadata::FileMeta;
use super::role::RoleName;
use super::root::Root;
use super::sign::Made;
use super::targets::{Delegation, Targets};
use super::trusted::{Refused, TrustedSet, delegated_keys};
use super::verify::{KeySet, SignedFile};
use super::walk::{self, allows};

/// Whether an operation made a difference.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effect {
    /// The draft differs from before.
    Changed,
    /// The collection already was as asked for.
    Unchanged,
}

/// The next version of a collection while it is being put together.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    pub(super) base: &'a TrustedSet,
    /// Canonical ids of the private keys that are here; `None` when nobody asks for keys.
    held: Option<&'a BTreeSet<KeyId>>,
    /// Whether others sign what cannot be signed here.
    is_for_several: bool,
    pub(super) root: Option<Root>,
    pub(super) targets: BTreeMap<RoleName, Targets>,
    /// The changed targets roles in the order of their first change.
    pub(super) changed: Vec<RoleName>,
    /// The same roles, for finding them.
    marked: BTreeSet<RoleName>,
    pub(super) deleted: BTreeSet<RoleName>,
    /// The roles whose delegations were edited.
    delegated_anew: BTreeSet<RoleName>,
    /// What has been found out about roles and holds until their delegations are edited.
    rights: Rights,
    /// Keys that sign the next root although it does not need them.
    pub(super) former_root_keys: BTreeMap<KeyId, PublicKey>,
    /// Files that were made before, and may have been signed elsewhere.
    pub(super) made: Made,
    notes: Vec<Note>,
    /// Roles that are signed although nobody asked for it.
    pub(super) optional: BTreeSet<RoleName>,
}

impl<'a> Draft<'a> {
    /// Starts a draft; `held` are the canonical ids of the private keys that are here.
    pub fn new(base: &'a TrustedSet, held: &'a BTreeSet<KeyId>) -> Self {
        Self::start(base, Some(held))
    }

    /// Starts a draft for finding out what somebody with all keys could do. All rules hold but the
    /// one that a role can only be edited where one of its keys is.
    pub fn for_anybody(base: &'a TrustedSet) -> Self {
        Self::start(base, None)
    }

    /// Starts a draft that others may sign as well: like one for anybody, but `held` decides what is
    /// signed besides what was asked for.
    pub fn for_several(base: &'a TrustedSet, held: &'a BTreeSet<KeyId>) -> Self {
        Self { is_for_several: true, ..Self::start(base, Some(held)) }
    }

    fn start(base: &'a TrustedSet, held: Option<&'a BTreeSet<KeyId>>) -> Self {
        Self {
            base,
            held,
            is_for_several: false,
            root: None,
            targets: BTreeMap::new(),
            changed: Vec::new(),
            marked: BTreeSet::new(),
            deleted: BTreeSet::new(),
            delegated_anew: BTreeSet::new(),
            rights: Rights::default(),
            former_root_keys: BTreeMap::new(),
            made: Made::default(),
            notes: Vec::new(),
            optional: BTreeSet::new(),
        }
    }

    /// Whether any operation made a difference.
    pub fn is_changed(&self) -> bool {
        self.root.is_some() || !self.changed.is_empty() || !self.made.is_empty()
    }

    /// Whether all edits together have left the contents as they were. Roles that would be signed
    /// again as they are do not count.
    pub fn is_as_before(&mut self) -> bool {
        self.tidy();
        let present = self.base.root().root();
        self.root.as_ref().is_none_or(|root| root == present)
            && self.targets.iter().all(|(role, file)| self.base.targets_of(role) == Some(file))
            && self.deleted.iter().all(|role| self.base.targets_of(role).is_none())
    }

    /// The state that it is built on.
    pub fn base(&self) -> &'a TrustedSet {
        self.base
    }

    /// The delegations that were removed, with their files.
    pub fn deleted(&self) -> &BTreeSet<RoleName> {
        &self.deleted
    }

    /// What the publisher should know, as far as it can be told before it is known what is signed.
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
        let allowed = self.paths(role)?;
        if !allows(allowed, name) {
            let (allowed, narrow) = (allowed.to_vec(), self.highest_without(role, name));
            let (role, name) = (role.clone(), name.to_owned());
            return Err(EditError::TargetOutsidePaths { role, name, allowed, narrow });
        }
        if self.file_of(role).and_then(|file| file.targets.get(name)) == Some(&meta) {
            return Ok(Effect::Unchanged);
        }
        self.edit(role)?.targets.insert(name.to_owned(), meta);
        Ok(Effect::Changed)
    }

    /// Removes a target. Paths do not matter here, so that misplaced targets can be removed.
    pub fn remove_target(&mut self, role: &RoleName, name: &str) -> Result<Effect, EditError> {
        self.paths(role)?;
        self.check_usable(role)?;
        let present = self.file_of(role).is_some_and(|file| file.targets.contains_key(name));
        if !present {
            return Ok(Effect::Unchanged);
        }
        self.edit(role)?.targets.remove(name);
        Ok(Effect::Changed)
    }

    /// Marks a role to be signed again as it is, also when its present file is expired or
    /// under-signed.
    pub fn witness(&mut self, role: &RoleName) -> Result<Effect, EditError> {
        let keys = self.key_set(role)?;
        let refused = self.base.refused().get(role).filter(|_| !self.deleted.contains(role));
        if let Some(content) = refused.and_then(|refused| refused.content.as_ref()) {
            let (need, have) = (keys.threshold, keys.keys.len());
            if !keys.are_enough(have) {
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
            return Err(EditError::NoFile { role: role.clone() });
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
        self.rights.forget(role);
        if *role == RoleName::TARGETS {
            self.edit(role)?;
        }
        Ok(Effect::Changed)
    }

    /// Has so many keys of a base role sign from now on, once its keys were set.
    pub fn set_role_threshold(&mut self, role: &RoleName, threshold: i64) {
        if let Some(root) = &mut self.root {
            root.set_threshold(role, threshold);
        }
    }

    /// Takes over files that were made and signed elsewhere, and leaves out of the snapshot those of
    /// roles that are `removed`.
    pub fn adopt(&mut self, made: Made, removed: impl IntoIterator<Item = RoleName>) {
        self.delegated_anew.extend(made.roles().filter(|role| role.holds_targets()).cloned());
        self.made = made;
        self.deleted.extend(removed);
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
    pub fn key_set(&self, role: &RoleName) -> Result<KeySet, EditError> {
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
        let made = || self.made.root.as_ref().map(SignedFile::payload);
        let next = self.root.as_ref().or_else(made);
        next.unwrap_or_else(|| self.base.root().root()).key_set(role)
    }

    fn file_of(&self, role: &RoleName) -> Option<&Targets> {
        let base = || self.base.targets_of(role).filter(|_| !self.deleted.contains(role));
        let made = || self.made.targets_of(role).map(SignedFile::payload);
        self.targets.get(role).or_else(made).or_else(base)
    }

    /// A delegation as its parent describes it in the draft.
    pub fn delegation(&self, role: &RoleName) -> Option<&Delegation> {
        self.file_of(&role.parent()?)?.delegations.role(role)
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

    /// The highest of a role that may not sign `name` and the roles above it of which the same is true.
    fn highest_without(&self, role: &RoleName, name: &str) -> RoleName {
        let chain = std::iter::successors(Some(role.clone()), RoleName::parent);
        let may_not =
            |role: &RoleName| self.effective_paths(role).is_ok_and(|paths| !allows(&paths, name));
        chain.take_while(may_not).last().unwrap_or_else(|| role.clone())
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
        let keys = keys.canonical_ids();
        if !self.is_for_several && self.held.is_some_and(|held| keys.is_disjoint(held)) {
            let keys = keys.into_iter().collect();
            return Err(EditError::NoKey { role: role.clone(), keys });
        }
        Ok(())
    }

    /// The file of a role for changing, empty if it has none yet; a key of the role must be here.
    fn edit(&mut self, role: &RoleName) -> Result<&mut Targets, EditError> {
        if !self.rights.may_edit(role) {
            self.check_usable(role)?;
            self.check_held(role)?;
            self.rights.note_editor(role);
        }
        self.mark_changed(role);
        let base = self.base.targets_of(role).filter(|_| !self.deleted.contains(role));
        let file = self.targets.entry(role.clone());
        Ok(file.or_insert_with(|| base.cloned().unwrap_or_else(Targets::empty)))
    }

    fn mark_changed(&mut self, role: &RoleName) {
        if !self.marked.contains(role) {
            self.marked.insert(role.clone());
            self.changed.push(role.clone());
        }
    }
}
