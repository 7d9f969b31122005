//! Loading everything that follows from a root: timestamp, snapshot, targets and delegations.

use std::collections::BTreeSet;

use super::{Collection, Error};
use crate::remote::{Fetch, RemoteError, RemoteErrorKind};
use crate::store::StoreError;
use crate::tuf::error::Error as TrustError;
use crate::tuf::role::RoleName;
use crate::tuf::root_trust::TrustedRoot;
use crate::tuf::trusted::{Floors, TrustedSet, Want};
use crate::tuf::walk::Node;

/// Fills a trusted set from the cache and, when online, from the server.
pub(super) struct Loader<'a> {
    collection: &'a Collection<'a>,
    /// The root whose keys vouched for what is in the cache.
    anchor: Option<&'a TrustedRoot>,
    online: bool,
    /// What was accepted so far.
    pub(super) set: TrustedSet,
    /// Roles whose files in the cache are those in the set.
    unchanged: BTreeSet<RoleName>,
}

impl<'a> Loader<'a> {
    /// Uses the cache where it has the described files, and the server for the others.
    pub(super) fn online(
        collection: &'a Collection<'a>,
        root: TrustedRoot,
        anchor: Option<&'a TrustedRoot>,
        floors: Floors,
    ) -> Self {
        let set = TrustedSet::for_reading(root, collection.now, floors);
        Self { collection, anchor, online: true, set, unchanged: BTreeSet::new() }
    }

    /// Uses nothing but the cache.
    pub(super) fn offline(
        collection: &'a Collection<'a>,
        root: TrustedRoot,
        floors: Floors,
    ) -> Self {
        let set = TrustedSet::for_reading(root, collection.now, floors);
        Self { collection, anchor: None, online: false, set, unchanged: BTreeSet::new() }
    }

    /// Loads all there is; a delegation that is refused or missing is noted in the set.
    pub(super) fn run(&mut self) -> Result<(), Error> {
        self.load_timestamp()?;
        for role in [RoleName::SNAPSHOT, RoleName::TARGETS] {
            if !self.load_cached(&role)? {
                let want = self.set.wants(&role);
                let want = want.ok_or(TrustError::NoKnownHash { role: role.clone() })?;
                let bytes = self.fetch(want)?;
                self.load(&role, &bytes)?;
            }
        }
        self.load_delegations()
    }

    /// Keeps the accepted files that the cache does not have, and then the floors.
    pub(super) fn keep(&self) -> Result<(), StoreError> {
        let set = &self.set;
        // What refers to other files comes after them, so that a crash leaves nothing dangling.
        let mut files: Vec<(RoleName, &[u8])> = Vec::new();
        files.extend(set.targets().iter().map(|(role, file)| (role.clone(), file.bytes())));
        files.extend(set.snapshot().map(|file| (RoleName::SNAPSHOT, file.bytes())));
        files.extend(set.timestamp().map(|file| (RoleName::TIMESTAMP, file.bytes())));
        files.push((RoleName::ROOT, set.root().file().bytes()));
        if self.anchor.is_some_and(|anchor| anchor == set.root()) {
            files.pop();
        }
        files.retain(|(role, _)| !self.unchanged.contains(role));
        let store = self.collection.store;
        if !files.is_empty() || store.floors()? != *set.floors() {
            let beginning = self.anchor.is_none().then(|| self.collection.beginning(set.root()));
            store.save(&files, set.floors(), beginning.as_ref())?;
        }
        store.touch(self.collection.now)
    }

    /// The timestamp always comes from the server, unless nothing may.
    fn load_timestamp(&mut self) -> Result<(), Error> {
        let role = RoleName::TIMESTAMP;
        let cached = self.collection.store.read(&role)?;
        if !self.online {
            return Ok(self.set.load_timestamp(&cached.ok_or_else(|| self.no_copy())?)?);
        }
        let want = self.set.wants(&role).ok_or(TrustError::NoKnownHash { role: role.clone() })?;
        let bytes = self.fetch(want);
        let bytes = bytes.map_err(|error| self.collection.gone_if_not_found(error))?;
        if cached.as_deref() == Some(&bytes) {
            self.unchanged.insert(role);
        } else if let Some(cached) = cached {
            self.raise_floor(&role, &cached);
        }
        Ok(self.set.load_timestamp(&bytes)?)
    }

    /// Loads the file of a role from the cache; returns whether the described one is there.
    fn load_cached(&mut self, role: &RoleName) -> Result<bool, Error> {
        let Some(bytes) = self.collection.store.read(role)? else { return Ok(false) };
        match self.load(role, &bytes) {
            Ok(()) => {
                self.unchanged.insert(role.clone());
                Ok(true)
            }
            Err(TrustError::HashMismatch { role: mismatched, .. }) if mismatched == *role => {
                self.raise_floor(role, &bytes);
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Loads all delegations, level by level, those of one level at the same time.
    fn load_delegations(&mut self) -> Result<(), Error> {
        let mut level = vec![Node::top()];
        while !level.is_empty() {
            let children = |node: &Node| {
                let file = self.set.targets_of(&node.role);
                file.map(|file| node.children(file)).unwrap_or_default()
            };
            let next: Vec<Node> = level.iter().flat_map(children).collect();
            let mut wanted: Vec<Want> = Vec::new();
            for role in next.iter().map(|node| &node.role) {
                // A role into which nobody has published yet is not in the snapshot.
                let Some(want) = self.set.wants(role) else { continue };
                match self.load_cached(role) {
                    Ok(true) => {}
                    Ok(false) => wanted.push(want),
                    Err(Error::Trust(why)) => self.refuse(role, Some(why)),
                    Err(error) => return Err(error),
                }
            }
            self.load_remote(&wanted)?;
            level = next;
        }
        Ok(())
    }

    fn load_remote(&mut self, wanted: &[Want]) -> Result<(), Error> {
        if !self.online {
            wanted.iter().for_each(|want| self.refuse(&want.role, None));
            return Ok(());
        }
        let fetches: Vec<_> = wanted.iter().cloned().map(Fetch::from).collect();
        if fetches.is_empty() {
            return Ok(());
        }
        for (want, result) in wanted.iter().zip(self.collection.remote.fetch_all(&fetches)) {
            match result {
                Ok(bytes) => {
                    if let Err(why) = self.set.load_delegation(&want.role, &bytes) {
                        self.refuse(&want.role, Some(why));
                    }
                }
                Err(error) if error.kind == RemoteErrorKind::NotFound => {
                    self.refuse(&want.role, None);
                }
                // Nobody reads all of it to see that its hash is another one.
                Err(RemoteError { kind: RemoteErrorKind::TooLarge(limit), .. }) => {
                    let role = want.role.clone();
                    self.refuse(&want.role, Some(TrustError::Oversized { role, limit }));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Notes a refused delegation, unless the set noted it already.
    fn refuse(&mut self, role: &RoleName, why: Option<TrustError>) {
        if !self.set.refused().contains_key(role) {
            self.set.refuse(role, why);
        }
    }

    /// Raises the floor of a role to what is in the cache, where another program may have put it.
    fn raise_floor(&mut self, role: &RoleName, cached: &[u8]) {
        let keys = match self.anchor {
            Some(anchor) if !role.is_delegation() => Some(anchor.key_set(role)),
            _ => self.set.key_set(role).ok(),
        };
        if let Some(keys) = keys {
            self.set.raise_floor(role, cached, &keys);
        }
    }

    fn load(&mut self, role: &RoleName, bytes: &[u8]) -> Result<(), TrustError> {
        match role.as_str() {
            "snapshot" => self.set.load_snapshot(bytes),
            "targets" => self.set.load_targets(bytes),
            _ => self.set.load_delegation(role, bytes),
        }
    }

    fn fetch(&self, want: Want) -> Result<Vec<u8>, Error> {
        if self.online {
            return self.collection.fetch(&Fetch::from(want));
        }
        Err(Error::IncompleteCopy { gun: self.collection.gun.clone(), role: want.role })
    }

    fn no_copy(&self) -> Error {
        Error::NoCopy { gun: self.collection.gun.clone() }
    }
}
