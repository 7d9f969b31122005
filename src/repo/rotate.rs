//! Rotation: replacing the keys of a base role.
//!
//! 1. Everything that can be checked without the new key is checked: the role, the collection, and
//!    that the keys that have to sign can be opened.
//! 2. The new key is noted as that of a rotation under way, and stored.
//! 3. The new root, and what the new keys sign, is uploaded.
//! 4. Only when the server has accepted it, the old keys go into the archive, as far as no other
//!    collection on this machine needs them, and the note goes.
//!
//! Whatever fails, all keys that could sign before can sign still. Who repeats a rotation that was
//! interrupted goes on with its new key, or finishes it if the server had accepted it already.
//!
//! What is staged is neither published nor lost.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::push::{Options, Pushed, Work};
use super::update::MAX_ROOT_BYTES;
use super::{Collection, Error};
use crate::keys::{KeyError, KeyPair, Keychain, NewKey, NewKeyKind, PrivateKey, root_certificate};
use crate::remote::{Fetch, FileName, RemoteErrorKind};
use crate::store::PendingRotation;
use crate::tuf::edit::Draft;
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::metadata::Payload as _;
use crate::tuf::role::RoleName;
use crate::tuf::sign::{Plan, SignError};
use crate::tuf::trusted::TrustedSet;
use crate::tuf::verify::{self, KeySet};

/// How long the new key of an interrupted rotation is gone on with. Later it is no new key any
/// more: what made the old one unsafe may have reached it, too.
const RESUMABLE: Duration = Duration::DAY;

/// What is to be rotated, and how.
pub struct Rotation<'r> {
    /// A base role.
    pub role: RoleName,
    /// What replaces its keys.
    pub by: Successor,
    /// Whether root keys of the past sign as well: those of so many versions back, or of all.
    pub former_roots: Option<Option<u64>>,
    /// Whether to stop before anything is asked, stored, signed or sent.
    pub dry_run: bool,
    /// Whether a key of the role is needed by another collection of this machine.
    pub is_needed_elsewhere: &'r dyn Fn(&KeyId) -> bool,
}

/// What replaces the keys of a role.
pub enum Successor {
    /// A key that is made.
    Generated,
    /// Keys that were read from files.
    Imported(Vec<Arc<PrivateKey>>),
    /// A key that is made on the hardware token.
    OnToken,
    /// A key that the server makes and holds.
    Server,
    /// Keys that can be had already.
    Stored(Vec<KeyId>),
}

impl Successor {
    /// Whether the server will sign for the role.
    pub fn is_server(&self) -> bool {
        matches!(self, Self::Server)
    }
}

/// A rotation that was done.
#[derive(Debug)]
pub struct RotateReport {
    /// The old keys that are in the archive now, with their files.
    pub archived: Vec<(KeyId, PathBuf)>,
    /// Old keys that stay where they are.
    pub kept: Vec<(KeyId, Kept)>,
    /// Canonical ids of the keys that the role has now; none if the server would make one.
    pub keys: Vec<KeyId>,
    /// When an earlier attempt was begun that this one finished.
    pub resumed: Option<OffsetDateTime>,
    /// What was published.
    pub pushed: Pushed,
    /// What went wrong after the server had accepted it.
    pub problem: Option<Error>,
}

/// Why an old key stays where it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kept {
    /// Another collection needs it.
    NeededElsewhere,
    /// It is on the hardware token, which has no archive.
    OnToken,
}

/// Why keys cannot be replaced as wanted.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RotateError {
    /// The role has these keys already.
    #[error("{role} has {} already", keys_in_words(.keys))]
    AlreadyUsed {
        /// The role.
        role: RoleName,
        /// Canonical ids.
        keys: Vec<KeyId>,
    },
    /// Clients do not sign for this role.
    #[error("notary does not permit the client managing the {0} key")]
    NotByClient(RoleName),
    /// Servers do not sign for this role.
    #[error("notary does not permit the server managing the {0} key")]
    NotByServer(RoleName),
    /// Not a role of the root.
    #[error("notary does not currently permit rotating the {0} key")]
    NotRotatable(RoleName),
    /// The threshold could not be reached any more.
    #[error("{role} needs signatures by {need} keys, but is to have {have}")]
    TooFewKeys {
        /// The role.
        role: RoleName,
        /// Its threshold.
        need: i64,
        /// The number of new keys.
        have: usize,
    },
}

fn keys_in_words(keys: &[KeyId]) -> String {
    let short: Vec<_> = keys.iter().map(|key| key.short()).collect();
    format!("the key{} {}", if keys.len() == 1 { "" } else { "s" }, short.join(", "))
}

/// Makes sure that such a rotation exists (`formats.md` §10.3).
pub fn check(role: &RoleName, by_server: bool) -> Result<(), RotateError> {
    match (role.as_str(), by_server) {
        ("root" | "targets", true) => Err(RotateError::NotByServer(role.clone())),
        ("timestamp", false) => Err(RotateError::NotByClient(role.clone())),
        ("root" | "targets" | "snapshot", false) | ("snapshot" | "timestamp", true) => Ok(()),
        _ => Err(RotateError::NotRotatable(role.clone())),
    }
}

impl Collection<'_> {
    /// Replaces the keys of a role.
    pub fn rotate(
        &self,
        keychain: &mut Keychain<'_>,
        rotation: &Rotation<'_>,
    ) -> Result<RotateReport, Error> {
        check(&rotation.role, rotation.by.is_server())?;
        let mut work = Rotating {
            collection: self,
            rotation,
            pending: self.store.rotation(&rotation.role)?,
            is_done: false,
            new: Vec::new(),
            unsaved: Vec::new(),
            old: BTreeSet::new(),
            in_other_roles: BTreeSet::new(),
            former: Vec::new(),
            resumed: None,
            archived: Vec::new(),
            kept: Vec::new(),
            problem: None,
        };
        let options = Options { create: false, dry_run: rotation.dry_run };
        let pushed = self.push(keychain, options, &mut work)?;
        Ok(RotateReport {
            keys: work.new_ids().into_iter().collect(),
            archived: work.archived,
            kept: work.kept,
            resumed: work.resumed,
            pushed,
            problem: work.problem,
        })
    }

    /// The TUF ids of the root keys of the last `versions` roots before the present one, or of all.
    ///
    /// Nothing is trusted for being in those files: of these keys, only those take part whose
    /// certificates the present root keeps.
    fn former_root_keys(&self, present: u64, versions: Option<u64>) -> Result<Vec<KeyId>, Error> {
        let first = versions.map_or(1, |versions| present.saturating_sub(versions).max(1));
        let name = |version| FileName::Version(RoleName::ROOT, version);
        let fetches: Vec<_> = (first..present)
            .map(|version| Fetch { name: name(version), max_length: MAX_ROOT_BYTES })
            .collect();
        let mut ids = Vec::new();
        for answer in self.remote.fetch_all(&fetches) {
            match answer {
                Ok(bytes) => ids.extend(verify::declared_root_keys(&bytes)),
                // Old versions need not be there.
                Err(error) if error.kind == RemoteErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(ids)
    }
}

/// A rotation as work to be pushed.
struct Rotating<'c> {
    collection: &'c Collection<'c>,
    rotation: &'c Rotation<'c>,
    /// An earlier attempt that is not known to be done.
    pending: Option<PendingRotation>,
    /// Whether the server turned out to have accepted that attempt.
    is_done: bool,
    /// The new keys as the root is to name them.
    new: Vec<PublicKey>,
    /// Those of them that are not stored yet.
    unsaved: Vec<NewKey>,
    /// Canonical ids of the keys that the role has.
    old: BTreeSet<KeyId>,
    /// Canonical ids of the keys of all other roles.
    in_other_roles: BTreeSet<KeyId>,
    /// TUF ids of former root keys that are to sign.
    former: Vec<KeyId>,
    /// When the attempt was begun that is gone on with.
    resumed: Option<OffsetDateTime>,
    archived: Vec<(KeyId, PathBuf)>,
    kept: Vec<(KeyId, Kept)>,
    problem: Option<Error>,
}

impl Rotating<'_> {
    fn role(&self) -> &RoleName {
        &self.rotation.role
    }

    /// Canonical ids of the keys that the role gets, as far as they are known.
    fn new_ids(&self) -> BTreeSet<KeyId> {
        match &self.pending {
            Some(pending) if self.is_done => pending.new_keys.iter().cloned().collect(),
            _ => self.new.iter().map(PublicKey::canonical_id).collect(),
        }
    }

    /// Whether an earlier attempt was for what is wanted now.
    fn is_same(&self, pending: &PendingRotation) -> bool {
        let wanted: BTreeSet<&KeyId> = match &self.rotation.by {
            Successor::Generated | Successor::OnToken => return !pending.by_server,
            Successor::Server => return pending.by_server,
            Successor::Imported(keys) => keys.iter().map(|key| key.id()).collect(),
            Successor::Stored(ids) => ids.iter().collect(),
        };
        !pending.by_server && wanted == pending.new_keys.iter().collect()
    }

    /// The new keys of an earlier attempt, if it was not long ago and all of them are here.
    fn resumable(&self, keychain: &Keychain<'_>) -> Result<Option<Vec<KeyId>>, Error> {
        let Some(pending) = self.pending.as_ref().filter(|pending| self.is_same(pending)) else {
            return Ok(None);
        };
        let on_token = keychain.held_on_token_for(self.role());
        let mut are_here = self.collection.now - pending.begun < RESUMABLE;
        for id in &pending.new_keys {
            are_here &= match self.rotation.by {
                Successor::OnToken => on_token.contains(id),
                _ => keychain.is_stored_for(id, self.role())?,
            };
        }
        Ok(are_here.then(|| pending.new_keys.clone()))
    }

    /// Has the new keys at hand: opens, makes, or asks the server for them. Nothing is stored.
    fn choose(
        &mut self,
        set: &TrustedSet,
        first: bool,
        keychain: &mut Keychain<'_>,
    ) -> Result<(), Error> {
        let by = &self.rotation.by;
        let mut unprotected: Vec<Arc<PrivateKey>> = Vec::new();
        let mut pairs: Vec<Arc<dyn KeyPair>> = Vec::new();
        let resumed = match by {
            Successor::Generated | Successor::OnToken => self.resumable(keychain)?,
            Successor::Imported(_) | Successor::Server | Successor::Stored(_) => None,
        };
        match by {
            Successor::Generated | Successor::OnToken if resumed.is_some() => {
                self.resumed = self.pending.as_ref().map(|pending| pending.begun);
                pairs = open_all(self.role(), &resumed.unwrap_or_default(), keychain)?;
            }
            Successor::Generated => unprotected.push(Arc::new(PrivateKey::generate_ecdsa_p256())),
            Successor::Imported(keys) => unprotected.clone_from(keys),
            Successor::OnToken => return self.choose_on_token(set, first, keychain),
            Successor::Server => return self.choose_of_server(set, first, keychain),
            Successor::Stored(ids) => pairs = open_all(self.role(), ids, keychain)?,
        }
        pairs.extend(unprotected.iter().map(|key| Arc::clone(key) as _));
        for pair in pairs {
            self.new.push(self.as_named(&*pair)?);
            keychain.hold(pair);
        }
        self.check_new_keys(set)?;
        // Before anybody types a new passphrase.
        self.plan(set, first, keychain)?;
        if self.rotation.dry_run {
            return Ok(());
        }
        for key in unprotected {
            if !keychain.is_stored_for(key.id(), self.role())? {
                self.unsaved.push(keychain.protect(key, self.role(), self.collection.gun)?);
            }
        }
        Ok(())
    }

    /// Has the server make a key, once the keys are open that are to sign the new root.
    fn choose_of_server(
        &mut self,
        set: &TrustedSet,
        first: bool,
        keychain: &mut Keychain<'_>,
    ) -> Result<(), Error> {
        let mut plan = self.plan(set, first, keychain)?;
        if self.rotation.dry_run {
            return Ok(());
        }
        keychain.open_for(&mut plan)?;
        self.new.push(self.collection.remote.next_server_key(self.role())?);
        self.check_new_keys(set)
    }

    /// Makes a key on the token, once the keys are open that have to sign besides it. Nobody wants
    /// one more key there for every attempt that fails, so another key stands in for it until then.
    fn choose_on_token(
        &mut self,
        set: &TrustedSet,
        first: bool,
        keychain: &mut Keychain<'_>,
    ) -> Result<(), Error> {
        let stand_in = Arc::new(PrivateKey::generate_ecdsa_p256());
        self.new.push(self.as_named(&*stand_in)?);
        keychain.hold(stand_in.clone());
        let mut plan = self.plan(set, first, keychain)?;
        if self.rotation.dry_run {
            return Ok(());
        }
        keychain.unlock_token()?;
        keychain.open_for(&mut plan)?;
        keychain.release(stand_in.id());
        let (role, gun) = (self.role().as_str(), Some(self.collection.gun));
        let key = keychain.generate_on_token(role, gun, NewKeyKind::EcdsaP256)?;
        self.new = vec![self.as_named(key.key_pair())?];
        self.unsaved.push(key);
        Ok(())
    }

    /// What will be signed; fails if the keys for that are not here.
    fn plan(
        &mut self,
        set: &TrustedSet,
        first: bool,
        keychain: &Keychain<'_>,
    ) -> Result<Plan, Error> {
        let held = keychain.held()?;
        let mut draft = Draft::new(set, &held);
        self.edit(&mut draft)?;
        let plan = draft.plan(self.collection.now, first, &held);
        keychain.check_for(&plan)?;
        Ok(plan)
    }

    /// A key in the form in which the root names it.
    fn as_named(&self, key: &dyn KeyPair) -> Result<PublicKey, Error> {
        let Collection { gun, now, .. } = *self.collection;
        match self.role() {
            role if *role == RoleName::ROOT => {
                Ok(root_certificate(gun, key, now).map_err(KeyError::from)?)
            }
            _ => {
                key.check_size().map_err(SignError::from)?;
                Ok(key.public_key().clone())
            }
        }
    }

    fn check_new_keys(&self, set: &TrustedSet) -> Result<(), Error> {
        let ids = self.new_ids();
        if ids == self.old {
            let (role, keys) = (self.role().clone(), ids.into_iter().collect());
            return Err(RotateError::AlreadyUsed { role, keys }.into());
        }
        let need = set.root().key_set(self.role()).threshold;
        let (have, role) = (ids.len(), self.role().clone());
        if have > 0 && i64::try_from(have).is_ok_and(|have| have < need) {
            return Err(RotateError::TooFewKeys { role, need, have }.into());
        }
        Ok(())
    }

    /// Takes a key out of use that the role does not have any more.
    fn retire(&mut self, id: KeyId, keychain: &mut Keychain<'_>) {
        if (self.rotation.is_needed_elsewhere)(&id) {
            return self.kept.push((id, Kept::NeededElsewhere));
        }
        match keychain.archive(&id) {
            Ok(Some(path)) => self.archived.push((id, path)),
            Ok(None) if keychain.is_on_token(&id) => self.kept.push((id, Kept::OnToken)),
            Ok(None) => {}
            Err(error) => self.problem = Some(error.into()),
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
        let ids = |keys: KeySet| keys.keys.into_values().map(|key| key.canonical_id());
        let is_first_attempt = self.new.is_empty();
        self.old = ids(set.root().key_set(self.role())).collect();
        let others = RoleName::BASE.into_iter().filter(|role| role != self.role());
        let delegated = set.targets().values();
        let delegated = delegated.flat_map(|file| file.payload().delegations.keys.values());
        self.in_other_roles = others
            .flat_map(|role| ids(set.root().key_set(&role)))
            .chain(delegated.map(PublicKey::canonical_id))
            .collect();
        self.is_done = is_first_attempt
            && self.pending.as_ref().is_some_and(|pending| {
                self.is_same(pending) && self.old == pending.new_keys.iter().cloned().collect()
            });
        if self.is_done {
            self.resumed = self.pending.as_ref().map(|pending| pending.begun);
            return Ok(());
        }
        if let Some(versions) = self.rotation.former_roots {
            let present = set.root().root().version();
            self.former = self.collection.former_root_keys(present, versions)?;
        }
        if is_first_attempt { self.choose(set, first, keychain) } else { self.check_new_keys(set) }
    }

    fn edit(&mut self, draft: &mut Draft<'_>) -> Result<bool, Error> {
        if self.is_done {
            return Ok(false);
        }
        draft.set_role_keys(self.role(), self.new.clone())?;
        draft.sign_root_also_with(self.former.iter().cloned());
        Ok(true)
    }

    fn before_signing(&mut self, keychain: &mut Keychain<'_>) -> Result<(), Error> {
        let rotation = PendingRotation {
            begun: self.resumed.unwrap_or(self.collection.now),
            by_server: self.rotation.by.is_server(),
            new_keys: self.new_ids().into_iter().collect(),
            old_keys: self.old.iter().cloned().collect(),
        };
        self.collection.store.note_rotation(self.role(), Some(&rotation))?;
        keychain.save_all(std::mem::take(&mut self.unsaved))?;
        Ok(())
    }

    fn accepted(&mut self, keychain: &mut Keychain<'_>) -> Result<(), Error> {
        let new = self.new_ids();
        let mut retired = self.old.clone();
        // What an earlier attempt has left behind goes, too.
        if let Some(pending) = &self.pending {
            retired.extend(pending.old_keys.iter().chain(&pending.new_keys).cloned());
        }
        for id in &retired - &(&new | &self.in_other_roles) {
            self.retire(id, keychain);
        }
        if self.problem.is_none() {
            let noted = self.collection.store.note_rotation(self.role(), None);
            self.problem = noted.err().map(Error::from);
        }
        // The server has it: whatever is wrong now is no failure of the rotation.
        Ok(())
    }
}

fn open_all(
    role: &RoleName,
    ids: &[KeyId],
    keychain: &mut Keychain<'_>,
) -> Result<Vec<Arc<dyn KeyPair>>, Error> {
    let open = |id: &KeyId| {
        let keys = vec![id.clone()];
        let missing = || KeyError::NotHere { role: role.clone(), need: 1, have: 0, keys };
        Ok(keychain.open(id)?.ok_or_else(missing)?)
    };
    ids.iter().map(open).collect()
}
