//! Choosing the new keys of a rotation. Nothing is stored here but what has to be: a key on a token,
//! and one of the server.

use std::sync::Arc;

use time::Duration;

use super::work::Rotating;
use super::{Problem, RotateError, Successor};
use crate::keys::{KeyError, KeyPair, Keychain, NewKeyKind, PrivateKey, root_certificate};
use crate::repo::push::Work as _;
use crate::repo::{Collection, Error};
use crate::store::NewKeysBy;
use crate::tuf::edit::Draft;
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::role::RoleName;
use crate::tuf::sign::{Plan, SignError};
use crate::tuf::trusted::TrustedSet;

/// How long the new key of an interrupted rotation is gone on with. Later it is no new key any
/// more: what made the old one unsafe may have reached it, too.
const RESUMABLE: Duration = Duration::DAY;

impl Rotating<'_> {
    /// Has the new keys at hand: opens or makes them, or asks the server.
    pub(super) fn choose(
        &mut self,
        set: &TrustedSet,
        keychain: &mut Keychain<'_>,
    ) -> Result<(), Error> {
        if self.resume(keychain)? {
            self.check_new_keys()?;
            self.plan(set, keychain)?;
            return Ok(());
        }
        let mut unprotected: Vec<Arc<PrivateKey>> = Vec::new();
        let mut pairs: Vec<Arc<dyn KeyPair>> = Vec::new();
        match &self.rotation.by {
            Successor::Generated => unprotected.push(Arc::new(PrivateKey::generate_ecdsa_p256())),
            Successor::Imported(keys) => unprotected.clone_from(keys),
            Successor::OnToken => return self.choose_on_token(set, keychain),
            Successor::Server => return self.choose_of_server(set, keychain),
            Successor::Stored(ids) => {
                for id in ids {
                    // Fails if the key is for something else.
                    keychain.is_stored_for(id, self.role())?;
                }
                pairs = open_all(self.role(), ids, keychain)?;
            }
        }
        pairs.extend(unprotected.iter().map(|key| Arc::clone(key) as _));
        for pair in pairs {
            // The same key twice is one.
            if !self.new_ids().contains(pair.canonical_id()) {
                self.new.push(self.as_named(&*pair)?);
            }
            keychain.hold(pair);
        }
        self.check_new_keys()?;
        // Before anybody types a new passphrase.
        self.plan(set, keychain)?;
        if self.rotation.dry_run {
            return Ok(());
        }
        for key in unprotected {
            let is_chosen = self.unsaved.iter().any(|new| new.id() == key.id());
            if !is_chosen && !keychain.is_stored_for(key.id(), self.role())? {
                self.unsaved.push(keychain.protect(key, self.role(), self.collection.gun)?);
            }
        }
        Ok(())
    }

    /// Takes the new keys of an earlier attempt, if it was not long ago and they can be opened.
    /// Their certificates stay the same, so that they can be pinned between two attempts.
    fn resume(&mut self, keychain: &mut Keychain<'_>) -> Result<bool, Error> {
        let Some(pending) = self.pending.clone() else { return Ok(false) };
        // A dry run asks nobody for the passphrase of that key.
        if self.rotation.dry_run || !self.is_same(&pending) || !self.is_within(&pending, RESUMABLE)
        {
            return Ok(false);
        }
        let on_token = keychain.held_on_token_for(self.role());
        for key in &pending.new_keys {
            let id = key.canonical_id();
            let is_here = match pending.by {
                NewKeysBy::Generated | NewKeysBy::Imported | NewKeysBy::Stored => {
                    keychain.is_stored_for(&id, self.role())?
                }
                NewKeysBy::OnToken => on_token.contains(&id),
                // It is asked for again, and offers the same if it has not been used.
                NewKeysBy::Server => false,
            };
            if !is_here || self.present.contains(&id) {
                return Ok(false);
            }
            match keychain.open(&id) {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(false),
                Err(error) if error.is_interruption() => return Err(error.into()),
                Err(error) => {
                    self.problems.push(Problem::Unopened(id, error.into()));
                    return Ok(false);
                }
            }
        }
        self.resumed = Some(pending.begun);
        self.new = pending.new_keys;
        Ok(true)
    }

    /// Has the server make a key, once the keys are open that are to sign the new root.
    fn choose_of_server(
        &mut self,
        set: &TrustedSet,
        keychain: &mut Keychain<'_>,
    ) -> Result<(), Error> {
        let mut plan = self.plan(set, keychain)?;
        if self.rotation.dry_run {
            return Ok(());
        }
        keychain.open_for(&mut plan)?;
        self.new.push(self.collection.remote.next_server_key(self.role())?);
        self.check_new_keys()
    }

    /// Makes a key on the token, once the keys are open that have to sign besides it. Nobody wants
    /// one more key there for every attempt that fails, so another key stands in for it until then.
    fn choose_on_token(
        &mut self,
        set: &TrustedSet,
        keychain: &mut Keychain<'_>,
    ) -> Result<(), Error> {
        let stand_in = Arc::new(PrivateKey::generate_ecdsa_p256());
        self.new.push(self.as_named(&*stand_in)?);
        self.check_new_keys()?;
        keychain.hold(stand_in.clone());
        let mut plan = self.plan(set, keychain)?;
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
    fn plan(&mut self, set: &TrustedSet, keychain: &Keychain<'_>) -> Result<Plan, Error> {
        let held = keychain.held()?;
        if self.rotation.sign_only {
            let mut draft = Draft::for_anybody(set);
            self.edit(&mut draft)?;
            return Ok(draft.plan_partial(self.collection.now, &held));
        }
        let mut draft = Draft::new(set, &held);
        self.edit(&mut draft)?;
        let plan = draft.plan(self.collection.now, false, &held);
        keychain.check_for(&plan)?;
        Ok(plan)
    }

    /// A key in the form in which the root names it.
    fn as_named(&self, key: &dyn KeyPair) -> Result<PublicKey, Error> {
        let Collection { gun, now, .. } = *self.collection;
        if *self.role() == RoleName::ROOT {
            return Ok(root_certificate(gun, key, now).map_err(KeyError::from)?);
        }
        key.check_size().map_err(SignError::from)?;
        Ok(key.public_key().clone())
    }

    pub(super) fn check_new_keys(&self) -> Result<(), Error> {
        let ids = self.new_ids();
        if self.is_present() {
            let (role, keys) = (self.role().clone(), ids.into_iter().collect());
            return Err(RotateError::AlreadyUsed { role, keys }.into());
        }
        let need = self.wanted_threshold();
        let (have, role) = (ids.len(), self.role().clone());
        if i64::try_from(have).is_ok_and(|have| have < need) {
            return Err(RotateError::TooFewKeys { role, need, have }.into());
        }
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
