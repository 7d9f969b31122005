//! Publishing what is on this machine when the server does not have the collection: for the first
//! time, or again after the server has lost it.
//!
//! A server that has lost a collection may have lost its own keys with it; then the root is signed
//! anew with the keys that it has now. It begins to count from 1, so what this machine knew of the
//! files that the server signs is forgotten once it has accepted the collection. Nothing of this
//! happens by itself: the user has to ask for it.

use std::collections::BTreeSet;

use super::update::Warning;
use super::{Collection, Error};
use crate::tuf::edit::Draft;
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::metadata::Payload as _;
use crate::tuf::role::RoleName;
use crate::tuf::root_trust::CachedRoot;
use crate::tuf::trusted::TrustedSet;
use crate::tuf::walk::Node;

/// The highest version of a first root that Notary 0.7 servers take.
const MAX_FIRST_ROOT: u64 = 2;

/// How a collection is published again that its server has lost.
#[derive(Clone, Debug)]
pub struct Again {
    /// The highest version of the timestamp that this machine, and perhaps others, have accepted.
    pub timestamp: u64,
    /// The roles that the server signs.
    signs: Vec<RoleName>,
    /// The keys of the server that are not in the root yet.
    new_keys: Vec<(RoleName, PublicKey)>,
}

impl Again {
    /// The roles that get another key of the server than they had.
    pub fn rekeyed(&self) -> impl Iterator<Item = &RoleName> {
        self.new_keys.iter().map(|(role, _)| role)
    }
}

impl Collection<'_> {
    /// The state on this machine of a collection that the server does not have, and what is wrong
    /// with the rest. Expiry does not matter: the root is signed anew when it is near, and so is
    /// everything else.
    pub(super) fn unpublished_state(&self) -> Result<(TrustedSet, Vec<Warning>), Error> {
        let lacks = |role| move || Error::CopyGone { gun: self.gun.clone(), role };
        let root = match self.anchor()?.ok_or_else(lacks(RoleName::ROOT))? {
            CachedRoot::Current(root) | CachedRoot::Stale { root, .. } => root,
        };
        let mut warnings = Vec::new();
        let mut set = TrustedSet::for_upload(root, None);
        let targets = self.store.read(&RoleName::TARGETS)?;
        let targets = targets.ok_or_else(lacks(RoleName::TARGETS))?;
        set.load_targets(&targets)?;
        let mut level = vec![Node::top()];
        while let Some(node) = level.pop() {
            let children = set.targets_of(&node.role).map(|file| node.children(file));
            for child in children.unwrap_or_default() {
                let Some(bytes) = self.store.read(&child.role)? else { continue };
                match set.load_delegation(&child.role, &bytes) {
                    Ok(()) => level.push(child),
                    // One of many is no reason to publish none.
                    Err(why) => warnings.push(Warning::LeftOut { role: child.role, why }),
                }
            }
        }
        if let Some(snapshot) = self.store.read(&RoleName::SNAPSHOT)?
            && let Err(error) = set.load_snapshot(&snapshot)
        {
            // A new one is made of the other files, only its version is lost.
            tracing::info!(%error, "the cached snapshot is not used");
        }
        Ok((set, warnings))
    }

    /// Finds out how `set` can be published again on a server that has lost it.
    pub(super) fn prepare_again(
        &self,
        set: &TrustedSet,
        held: &BTreeSet<KeyId>,
    ) -> Result<Again, Error> {
        let ids = |role: &RoleName| -> BTreeSet<KeyId> {
            set.root().key_set(role).keys.values().map(PublicKey::canonical_id).collect()
        };
        let mut signs = vec![RoleName::TIMESTAMP];
        if ids(&RoleName::SNAPSHOT).is_disjoint(held) {
            signs.push(RoleName::SNAPSHOT);
        }
        let mut new_keys = Vec::new();
        // A root that may not be signed anew is sent as it is: the server, which makes a key for
        // whoever asks, may well have the old one, too.
        let can_rekey = !is_late_first_root(set.root().root().version() + 1);
        for role in signs.iter().filter(|_| can_rekey) {
            let key = self.remote.server_key(role)?;
            if !ids(role).contains(&key.canonical_id()) {
                new_keys.push((role.clone(), key));
            }
        }
        Ok(Again { timestamp: self.store.floors()?.of(&RoleName::TIMESTAMP), signs, new_keys })
    }

    /// Puts the server's present keys into the root.
    pub(super) fn adopt_server_keys(
        &self,
        draft: &mut Draft<'_>,
        again: &Again,
    ) -> Result<(), Error> {
        for (role, key) in &again.new_keys {
            draft.set_role_keys(role, vec![key.clone()]).map_err(|why| {
                let (gun, role) = (self.gun.clone(), role.clone());
                Error::ServerKeyChanged { gun, role, why: Box::new(why) }
            })?;
        }
        Ok(())
    }

    /// Forgets what this machine knew of the files that the server signs, now that it has begun to
    /// count anew.
    pub(super) fn begin_anew(&self, again: &Again) -> Result<(), Error> {
        Ok(self.store.forget(&again.signs)?)
    }
}

/// Whether servers refuse a first root of this version, whatever they say about it.
pub(super) fn is_late_first_root(version: u64) -> bool {
    version > MAX_FIRST_ROOT
}
