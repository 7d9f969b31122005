//! A rotation as work to be pushed, and what comes after.

use std::collections::BTreeSet;
use std::path::PathBuf;

use time::{Duration, OffsetDateTime};

use super::{Kept, Problem, Retired, RotateError, RotateReport, Rotation, Successor};
use crate::keys::{Keychain, NewKey};
use crate::repo::inventory::UnreadableCache;
use crate::repo::push::{Pushed, Work};
use crate::repo::{Collection, Error};
use crate::store::{NewKeysBy, PendingRotation, StoreError};
use crate::tuf::edit::Draft;
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::metadata::Payload as _;
use crate::tuf::role::RoleName;
use crate::tuf::trusted::TrustedSet;
use crate::tuf::verify::KeySet;

/// How long repeating a rotation that the server had accepted is the end of it. Later it is the
/// beginning of another one.
const REPEATED: Duration = Duration::HOUR;

/// A rotation as work to be pushed.
pub(super) struct Rotating<'c> {
    pub(super) collection: &'c Collection<'c>,
    pub(super) rotation: &'c Rotation<'c>,
    /// An earlier attempt that is not known to be done.
    pub(super) pending: Option<PendingRotation>,
    /// Whether the server has the new keys already: those of an earlier attempt or, when an upload
    /// seemed to be lost, ours.
    is_done: bool,
    /// Whether the server was seen to serve the new keys.
    pub(super) is_confirmed: bool,
    /// The new keys as the root is to name them.
    pub(super) new: Vec<PublicKey>,
    /// Those of them that are not stored yet.
    pub(super) unsaved: Vec<NewKey>,
    /// Canonical ids of the keys that the role has.
    pub(super) present: BTreeSet<KeyId>,
    /// How many of them have to sign.
    present_threshold: i64,
    /// Those that it had before, with each attempt of this run.
    old: BTreeSet<KeyId>,
    /// TUF ids of former root keys that are to sign.
    former: Vec<KeyId>,
    /// When the attempt was begun that is gone on with.
    pub(super) resumed: Option<OffsetDateTime>,
    archived: Vec<(KeyId, PathBuf)>,
    kept: Vec<(KeyId, Kept)>,
    pub(super) problems: Vec<Problem>,
    unreadable: Vec<UnreadableCache>,
}

impl<'c> Rotating<'c> {
    pub(super) fn new(
        collection: &'c Collection<'c>,
        rotation: &'c Rotation<'c>,
    ) -> Result<Self, Error> {
        let mut problems = Vec::new();
        let pending = match collection.store.rotation(&rotation.role) {
            Err(error @ StoreError::Damaged { .. }) => {
                problems.push(Problem::Note(error));
                None
            }
            result => result?,
        };
        Ok(Self {
            collection,
            rotation,
            pending,
            is_done: false,
            is_confirmed: false,
            new: Vec::new(),
            unsaved: Vec::new(),
            present: BTreeSet::new(),
            present_threshold: 0,
            old: BTreeSet::new(),
            former: Vec::new(),
            resumed: None,
            archived: Vec::new(),
            kept: Vec::new(),
            problems,
            unreadable: Vec::new(),
        })
    }

    pub(super) fn role(&self) -> &RoleName {
        &self.rotation.role
    }

    /// Canonical ids of the keys that the role gets, as far as they are known.
    pub(super) fn new_ids(&self) -> BTreeSet<KeyId> {
        self.new.iter().map(PublicKey::canonical_id).collect()
    }

    /// Whether an earlier attempt was for what is wanted now.
    pub(super) fn is_same(&self, pending: &PendingRotation) -> bool {
        let ids = || pending.new_keys.iter().map(PublicKey::canonical_id).collect();
        pending.by == self.rotation.by.kind()
            && self.rotation.by.ids().is_none_or(|wanted| wanted == ids())
    }

    /// Whether an earlier attempt was begun less than so long ago, and not in the future.
    pub(super) fn is_within(&self, pending: &PendingRotation, most: Duration) -> bool {
        (Duration::ZERO..most).contains(&(self.collection.now - pending.begun))
    }

    /// Whether the server turns out to have accepted what is wanted now when it was tried before.
    fn was_accepted(&self) -> Option<PendingRotation> {
        let pending = self.pending.as_ref()?;
        let ids: BTreeSet<_> = pending.new_keys.iter().map(PublicKey::canonical_id).collect();
        let is_it = ids == self.present
            && self.wanted_threshold() == self.present_threshold
            && !pending.is_told
            && self.is_same(pending)
            && (pending.awaits_others || self.is_within(pending, REPEATED));
        is_it.then(|| pending.clone())
    }

    /// How many keys have to sign. A server has one.
    pub(super) fn wanted_threshold(&self) -> i64 {
        if matches!(self.rotation.by, Successor::Server) {
            return 1;
        }
        self.rotation.threshold.map_or(self.present_threshold, i64::from)
    }

    /// Whether the role has just these keys and this threshold.
    pub(super) fn is_present(&self) -> bool {
        self.present == self.new_ids() && self.wanted_threshold() == self.present_threshold
    }

    /// Takes the old keys of a rotation out of use that was done elsewhere.
    pub(super) fn finish(
        mut self,
        pending: PendingRotation,
        set: &TrustedSet,
        keychain: &mut Keychain<'_>,
    ) -> Retired {
        self.new.clone_from(&pending.new_keys);
        self.resumed = Some(pending.begun);
        self.present = self.new_ids();
        self.pending = Some(pending);
        self.end(set, keychain);
        Retired {
            role: self.rotation.role.clone(),
            archived: self.archived,
            kept: self.kept,
            problems: self.problems,
            unreadable: self.unreadable,
        }
    }

    /// Takes old keys out of use and removes the note, or leaves it if that failed.
    fn end(&mut self, set: &TrustedSet, keychain: &mut Keychain<'_>) {
        self.retire_all(set, keychain);
        let is_over = !self.problems.iter().any(|it| matches!(it, Problem::Archive(_)));
        let note = self.note(true);
        let noted = self.collection.store.note_rotation(self.role(), (!is_over).then_some(&note));
        self.problems.extend(noted.err().map(|error| Problem::Archive(error.into())));
    }

    /// The keys that go when the new ones are there: those that the role had, and what earlier
    /// attempts have made in vain.
    fn retired(&self) -> BTreeSet<KeyId> {
        let mut ids = &self.old | &self.present;
        if let Some(pending) = &self.pending {
            ids.extend(pending.old_keys.iter().cloned());
            if matches!(pending.by, NewKeysBy::Generated | NewKeysBy::OnToken) {
                ids.extend(pending.new_keys.iter().map(PublicKey::canonical_id));
            }
        }
        &ids - &self.new_ids()
    }

    /// Takes keys out of use that the role does not have any more.
    ///
    /// `set` is the collection as it is now; the copy on this machine may be older.
    fn retire_all(&mut self, set: &TrustedSet, keychain: &mut Keychain<'_>) {
        let held = keychain.held().unwrap_or_default();
        let retired: Vec<KeyId> = (&self.retired() & &held).into_iter().collect();
        if retired.is_empty() {
            return;
        }
        let mut inventory = (self.rotation.inventory)();
        inventory.replace(self.collection.gun, set);
        for id in retired {
            let uses = inventory.uses_of(&id);
            // Keys of other roles belong to this collection.
            let may_be_shared = *self.role() == RoleName::ROOT && !inventory.unreadable.is_empty();
            if !uses.is_empty() {
                self.kept.push((id, Kept::InUse(uses)));
            } else if keychain.is_on_token(&id) {
                self.kept.push((id, Kept::OnToken));
            } else if may_be_shared {
                self.kept.push((id, Kept::Unsure));
            } else {
                match keychain.archive(&id) {
                    Ok(Some(path)) => self.archived.push((id, path)),
                    Ok(None) => {}
                    Err(error) => self.problems.push(Problem::Archive(error.into())),
                }
            }
        }
        self.unreadable = inventory.unreadable;
    }

    /// The note of this rotation.
    fn note(&self, is_told: bool) -> PendingRotation {
        PendingRotation {
            begun: self.resumed.unwrap_or(self.collection.now),
            by: self.rotation.by.kind(),
            new_keys: self.new.clone(),
            old_keys: &self.old | &self.present,
            is_told,
            awaits_others: self.rotation.sign_only,
        }
    }

    pub(super) fn report(self, pushed: Pushed, keychain: &Keychain<'_>) -> RotateReport {
        // Keys that would be made have no ids yet.
        let is_known = !self.rotation.dry_run || self.rotation.by.ids().is_some();
        let keys: Vec<KeyId> = match is_known {
            true => self.new_ids().into_iter().collect(),
            false => Vec::new(),
        };
        RotateReport {
            archived: self.archived,
            kept: self.kept,
            former_keys_left_out: keychain.former_keys_left_out().to_vec(),
            on_token: keys.iter().any(|id| keychain.is_on_token(id)),
            keys,
            resumed: self.resumed,
            pushed,
            problems: self.problems,
            unreadable: self.unreadable,
        }
    }
}

impl Work for Rotating<'_> {
    fn prepare(
        &mut self,
        set: &TrustedSet,
        first: bool,
        keychain: &mut Keychain<'_>,
    ) -> Result<(), Error> {
        if first {
            return Err(RotateError::Unpublished.into());
        }
        let KeySet { keys, threshold, .. } = set.root().key_set(self.role());
        self.present_threshold = threshold;
        let before = std::mem::replace(
            &mut self.present,
            keys.values().map(PublicKey::canonical_id).collect(),
        );
        self.old.extend(before);
        if self.new.is_empty() {
            if let Some(accepted) = self.was_accepted() {
                self.resumed = Some(accepted.begun);
                self.new = accepted.new_keys;
                self.is_done = true;
                return Ok(());
            }
            if let Some(versions) = self.rotation.former_roots {
                let present = set.root().root().version();
                self.former = self.collection.former_root_keys(present, versions)?;
            }
            return self.choose(set, keychain);
        }
        // Whoever passes requests on may have sent ours twice: the first has arrived.
        self.is_done = self.is_present();
        if self.is_done { Ok(()) } else { self.check_new_keys() }
    }

    fn edit(&mut self, draft: &mut Draft<'_>) -> Result<bool, Error> {
        if self.is_done {
            return Ok(false);
        }
        draft.set_role_keys(self.role(), self.new.clone())?;
        draft.set_role_threshold(self.role(), self.wanted_threshold());
        draft.sign_root_also_with(self.former.iter().cloned());
        Ok(true)
    }

    fn before_signing(&mut self, keychain: &mut Keychain<'_>) -> Result<(), Error> {
        if *self.role() == RoleName::ROOT {
            let ids = self.new.iter().map(PublicKey::id).collect();
            self.collection.pins.extend(self.collection.gun, &ids)?;
        }
        self.collection.store.note_rotation(self.role(), Some(&self.note(false)))?;
        keychain.save_all(std::mem::take(&mut self.unsaved))?;
        Ok(())
    }

    fn confirmed(&mut self, set: &TrustedSet, keychain: &mut Keychain<'_>) {
        let served = set.root().key_set(self.role());
        let is_it = served.canonical_ids() == self.new_ids();
        if !is_it || served.threshold != self.wanted_threshold() {
            return;
        }
        self.is_confirmed = true;
        self.end(set, keychain);
    }
}
