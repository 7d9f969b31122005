//! The private keys of this machine, opened when they are needed and not twice.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;

use thiserror::Error;

use super::passphrase::{Passphrase, PassphraseError, Passphrases, PromptError, Wanted};
use super::{
    Added, CertificateError, KeyPair, KeyStore, KeyStoreError, NewKeyKind, PrivateKey, StoredKey,
    TokenError, TokenKey, TokenKeyInfo, TokenPlace, belongs_to_one_gun, seal,
};
use crate::tuf::key::{KeyId, PublicKey, Signer, Signers};
use crate::tuf::pem::Block;
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::sign::Plan;
use crate::tuf::verify::KeySet;

/// Why keys cannot be had or used.
#[derive(Debug, Error)]
pub enum KeyError {
    /// No certificate can be made for a root key.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// Too few keys of a role are here.
    #[error("{role} needs {need} of its keys to sign, but has {have} here")]
    NotHere {
        /// The role.
        role: RoleName,
        /// The threshold.
        need: u64,
        /// How many there are.
        have: u64,
        /// Canonical ids of the role's keys.
        keys: Vec<KeyId>,
    },
    /// No passphrase, or a wrong one.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// The key store.
    #[error(transparent)]
    Store(#[from] KeyStoreError),
    /// The hardware token.
    #[error(transparent)]
    Token(#[from] Rc<TokenError>),
}

impl KeyError {
    /// Whether somebody ended it who was asked for a passphrase.
    pub fn is_interruption(&self) -> bool {
        match self {
            Self::Passphrase(error) => {
                matches!(error, PassphraseError::Prompt(PromptError::Interrupted))
            }
            Self::Token(error) => error.is_interruption(),
            Self::Certificate(_) | Self::NotHere { .. } | Self::Store(_) => false,
        }
    }
}

/// A key that was made or read but is not in the key store yet, or one that was made on a token.
pub struct NewKey(New);

enum New {
    /// To be stored, encrypted with the passphrase.
    File { gun: Gun, key: Arc<PrivateKey>, passphrase: Passphrase, role: RoleName },
    /// On the token, where it will stay.
    Token(Arc<TokenKey>),
}

impl NewKey {
    /// The canonical id.
    pub fn id(&self) -> &KeyId {
        self.key_pair().canonical_id()
    }

    /// The bare public key.
    pub fn public_key(&self) -> &PublicKey {
        self.key_pair().public_key()
    }

    /// The key as somebody who can sign.
    pub fn signer(&self) -> Arc<dyn Signer> {
        self.shared()
    }

    /// The key pair.
    pub fn key_pair(&self) -> &dyn KeyPair {
        match &self.0 {
            New::File { key, .. } => &**key,
            New::Token(key) => &**key,
        }
    }

    fn shared(&self) -> Arc<dyn KeyPair> {
        match &self.0 {
            New::File { key, .. } => key.clone(),
            New::Token(key) => key.clone(),
        }
    }
}

/// Keys that were opened, by canonical id.
pub type OpenedKeys = BTreeMap<KeyId, Arc<dyn KeyPair>>;

/// Opens the keys of a store and of a token, and makes new ones.
///
/// A key that is in both places is used on the token.
pub struct Keychain<'a> {
    store: &'a dyn KeyStore,
    token: Option<&'a TokenPlace>,
    passphrases: Passphrases<'a>,
    opened: OpenedKeys,
    former_keys_left_out: Vec<KeyId>,
}

impl<'a> Keychain<'a> {
    /// Uses the keys in `store`.
    pub fn new(store: &'a dyn KeyStore, passphrases: Passphrases<'a>) -> Self {
        let (opened, former_keys_left_out) = (BTreeMap::new(), Vec::new());
        Self { store, token: None, passphrases, opened, former_keys_left_out }
    }

    /// Uses the keys on a token as well.
    pub fn with_token(mut self, token: &'a TokenPlace) -> Self {
        self.token = Some(token);
        self
    }

    /// Takes over what another keychain of this run has opened, so that nobody is asked again.
    pub fn with(mut self, opened: OpenedKeys) -> Self {
        self.opened.extend(opened);
        self
    }

    /// What was opened or made and stored.
    pub fn into_opened(self) -> OpenedKeys {
        self.opened
    }

    /// Where passphrases come from.
    pub fn passphrases(&self) -> &Passphrases<'a> {
        &self.passphrases
    }

    /// Canonical ids of all keys that can sign: those in the store, those on the token that can be
    /// seen, and those in hand.
    pub fn held(&self) -> Result<BTreeSet<KeyId>, KeyError> {
        let files = self.store.list()?.keys.into_iter().map(|key| key.id);
        let on_token = self.on_token().into_iter().map(|key| key.id);
        Ok(files.chain(on_token).chain(self.opened.keys().cloned()).collect())
    }

    /// Whether a key is in the store as one of `role`; being there for another role is an error.
    pub fn is_stored_for(&self, id: &KeyId, role: &RoleName) -> Result<bool, KeyError> {
        Ok(self.store.has_for(id, role.as_str())?)
    }

    /// Takes a key in hand that is not in the store, or not yet.
    pub fn hold(&mut self, key: Arc<dyn KeyPair>) {
        self.opened.insert(key.canonical_id().clone(), key);
    }

    /// Lets go of a key in hand.
    pub fn release(&mut self, id: &KeyId) {
        self.opened.remove(id);
    }

    /// Canonical ids of the keys that are for `role`.
    pub fn held_for(&self, role: &RoleName) -> Result<Vec<KeyId>, KeyError> {
        let files = self.store.list()?.keys.into_iter();
        let files = files.filter(|key| key.role == role.as_str()).map(|key| key.id);
        let held: BTreeSet<KeyId> = files.chain(self.held_on_token_for(role)).collect();
        Ok(held.into_iter().collect())
    }

    /// Canonical ids of the keys on the token that can be seen and are for `role`.
    pub fn held_on_token_for(&self, role: &RoleName) -> Vec<KeyId> {
        let keys = self.on_token().into_iter();
        keys.filter(|key| key.role == role.as_str()).map(|key| key.id).collect()
    }

    fn on_token(&self) -> Vec<TokenKeyInfo> {
        self.token.map(TokenPlace::keys).unwrap_or_default()
    }

    /// Whether a key is on the token.
    pub fn is_on_token(&self, id: &KeyId) -> bool {
        self.token.is_some_and(|place| place.has(id))
    }

    /// Makes sure that no key on a token is overlooked: logs in where it hides them until then, and
    /// fails when it is configured but cannot be used. To be called before a key is made because
    /// there seems to be none.
    pub fn search_token(&self) -> Result<(), KeyError> {
        let Some(place) = self.token else { return Ok(()) };
        place.reveal(&self.passphrases)?;
        match place.problem() {
            Some(problem) => Err(problem.into()),
            None => Ok(()),
        }
    }

    /// Makes sure that keys can be made on the token, before anybody types anything else.
    pub fn unlock_token(&self) -> Result<(), KeyError> {
        self.token()?.unlock(&self.passphrases)?;
        Ok(())
    }

    fn token(&self) -> Result<&'a TokenPlace, KeyError> {
        self.token.ok_or_else(|| Rc::new(TokenError::None).into())
    }

    /// Opens a key.
    pub fn open(&mut self, id: &KeyId) -> Result<Option<Arc<dyn KeyPair>>, KeyError> {
        if let Some(key) = self.opened.get(id) {
            return Ok(Some(key.clone()));
        }
        let on_token = self.open_on_token(id);
        if let Ok(Some(key)) = on_token {
            return Ok(Some(key));
        }
        if on_token.as_ref().is_err_and(KeyError::is_interruption) {
            return on_token;
        }
        // A key that is in both places can be opened here as well.
        let Some(stored) = self.store.find(id)? else { return on_token };
        let key: Arc<dyn KeyPair> = Arc::new(self.passphrases.open(&stored)?);
        self.opened.insert(id.clone(), key.clone());
        Ok(Some(key))
    }

    fn open_on_token(&mut self, id: &KeyId) -> Result<Option<Arc<dyn KeyPair>>, KeyError> {
        let Some(place) = self.token else { return Ok(None) };
        let Some(key) = place.open(id, &self.passphrases)? else { return Ok(None) };
        let key: Arc<dyn KeyPair> = Arc::new(key);
        self.opened.insert(id.clone(), key.clone());
        Ok(Some(key))
    }

    /// Makes sure that the keys that a plan needs are here, so that nobody types passphrases in
    /// vain.
    pub fn check_for(&self, plan: &Plan) -> Result<(), KeyError> {
        let check = || {
            let held = self.held()?;
            plan.roles.iter().flat_map(|(_, sets)| sets).try_for_each(|keys| {
                let ids = canonical_ids(keys);
                check_enough(keys, &ids, ids.intersection(&held).count())
            })
        };
        let result = check();
        if let (Err(KeyError::NotHere { .. }), Some(place)) = (&result, self.token) {
            match place.reveal(&self.passphrases) {
                Ok(true) => return check(),
                Ok(false) => {}
                Err(error) => return Err(error.into()),
            }
        }
        result
    }

    /// Opens what a plan needs, in its order.
    ///
    /// All keys that can be opened without asking take part. Passphrases are asked for as long as
    /// a role lacks keys; one that cannot be opened is passed over if the others suffice. Likewise
    /// the renewal of a root that is still valid: the plan is changed then. Where others may sign what
    /// cannot be signed here, as many keys are opened as there are, up to what is needed.
    pub fn open_for(&mut self, plan: &mut Plan) -> Result<Signers, KeyError> {
        match self.check_for(plan) {
            Err(KeyError::NotHere { .. }) if plan.may_fall_short() => {}
            result => result?,
        }
        self.open_without_asking(plan)?;
        let mut signers = Signers::new();
        for keys in plan.roles.clone().iter().flat_map(|(_, sets)| sets) {
            let ids = canonical_ids(keys);
            let is_open = |id: &&KeyId| self.opened.contains_key(*id);
            let (open, closed): (Vec<&KeyId>, Vec<&KeyId>) = ids.iter().partition(is_open);
            let mut have = 0;
            let mut failure = None;
            for id in open.iter().chain(&closed) {
                // All that open by themselves sign, but nobody types more than it takes.
                if have >= open.len() && check_enough(keys, &ids, have).is_ok() {
                    break;
                }
                match self.open(id) {
                    Ok(Some(key)) => {
                        have += 1;
                        signers.insert((*id).clone(), key as Arc<dyn Signer>);
                    }
                    Ok(None) => {}
                    // Whoever interrupts a question wants all of it to end.
                    Err(error) if error.is_interruption() => return Err(error),
                    Err(error) => failure = Some(error),
                }
            }
            let Err(too_few) = check_enough(keys, &ids, have) else { continue };
            if plan.may_fall_short() && failure.is_none() {
                continue;
            }
            if !plan.leave_out(&keys.role) {
                return Err(failure.unwrap_or(too_few));
            }
        }
        self.open_former(plan, &mut signers)?;
        Ok(signers)
    }

    /// Canonical ids of the former root keys of the plan that [`open_for`](Self::open_for) was called
    /// with last that are not here, or cannot be opened.
    pub fn former_keys_left_out(&self) -> &[KeyId] {
        &self.former_keys_left_out
    }

    /// Opens those of the former root keys of a plan that are at hand.
    fn open_former(&mut self, plan: &Plan, signers: &mut Signers) -> Result<(), KeyError> {
        self.former_keys_left_out.clear();
        // With several certificates, a key is there several times.
        let ids = plan.former_root_keys.values().map(PublicKey::canonical_id);
        for id in ids.collect::<BTreeSet<_>>() {
            match self.open_also_archived(&id) {
                Ok(Some(key)) => _ = signers.insert(id, key),
                Ok(None) => self.former_keys_left_out.push(id),
                // Whoever interrupts a question wants all of it to end.
                Err(error) if error.is_interruption() => return Err(error),
                Err(error) => {
                    tracing::debug!(%error, %id, "a former root key does not sign");
                    self.former_keys_left_out.push(id);
                }
            }
        }
        Ok(())
    }

    fn open_also_archived(&mut self, id: &KeyId) -> Result<Option<Arc<dyn KeyPair>>, KeyError> {
        if let Some(key) = self.open(id)? {
            return Ok(Some(key));
        }
        let Some(stored) = self.store.find_archived(id)? else { return Ok(None) };
        Ok(Some(Arc::new(self.passphrases.open(&stored)?)))
    }

    /// Takes a key out of use; returns its file in the archive, or `None` if it is not in the store.
    pub fn archive(&mut self, id: &KeyId) -> Result<Option<PathBuf>, KeyError> {
        self.opened.remove(id);
        Ok(self.store.archive(id)?)
    }

    /// Opens the keys that have no passphrase, or one that is known beforehand, all at the same time, since that
    /// takes long on purpose. What does not open is left for [`open`](Self::open) to complain about.
    fn open_without_asking(&mut self, plan: &Plan) -> Result<(), KeyError> {
        let mut known = Vec::new();
        let key_sets = plan.roles.iter().flat_map(|(_, sets)| sets);
        for id in key_sets.flat_map(canonical_ids).collect::<BTreeSet<_>>() {
            if self.opened.contains_key(&id) {
                continue;
            }
            if let Some(place) = self.token.filter(|place| place.has(&id)) {
                // One after the other: a token is nothing for two threads.
                if place.opens_by_itself(&self.passphrases)
                    && let Err(error) = self.open_on_token(&id)
                    && error.is_interruption()
                {
                    return Err(error);
                }
                continue;
            }
            if let Some(stored) = self.store.find(&id)? {
                if !stored.info.encrypted {
                    known.push((stored, None));
                } else if let Some(passphrase) =
                    self.passphrases.known(&Wanted::stored(&stored.info))
                {
                    known.push((stored, Some(passphrase)));
                }
            }
        }
        let opened: Vec<_> = thread::scope(|scope| {
            let open = |(stored, passphrase): &(StoredKey, Option<Passphrase>)| {
                stored.open(passphrase.as_deref()).ok()
            };
            let opening: Vec<_> = known.iter().map(|key| scope.spawn(move || open(key))).collect();
            let opened = opening.into_iter();
            opened.filter_map(|key| key.join().expect("decrypting does not panic")).collect()
        });
        self.opened.extend(opened.into_iter().map(|key| (key.id().clone(), Arc::new(key) as _)));
        Ok(())
    }

    /// Makes a key for a role and asks for its passphrase. Nothing is stored yet.
    pub fn generate(&mut self, role: &RoleName, gun: &Gun) -> Result<NewKey, KeyError> {
        let key = PrivateKey::generate_ecdsa_p256();
        self.protect(key, role, gun)
    }

    /// Asks for the passphrase that is to protect a key. Nothing is stored yet.
    pub fn protect(
        &mut self,
        key: impl Into<Arc<PrivateKey>>,
        role: &RoleName,
        gun: &Gun,
    ) -> Result<NewKey, KeyError> {
        let key = key.into();
        let wanted = Wanted::new_key(role.as_str(), Some(gun.as_str()), key.id());
        let passphrase = self.passphrases.choose(&wanted)?;
        let (gun, role) = (gun.clone(), role.clone());
        Ok(NewKey(New::File { gun, key, passphrase, role }))
    }

    /// Makes a key on the token, where it is from then on. `gun` is left out of account for roles
    /// whose keys may serve many collections.
    pub fn generate_on_token(
        &mut self,
        role: &str,
        gun: Option<&Gun>,
        kind: NewKeyKind,
    ) -> Result<NewKey, KeyError> {
        let gun = gun.filter(|_| belongs_to_one_gun(role));
        let key = self.token()?.generate(role, gun, kind, &self.passphrases)?;
        Ok(NewKey(New::Token(Arc::new(key))))
    }

    /// Destroys a key on the token; nobody can bring it back.
    pub fn destroy_on_token(&mut self, id: &KeyId) -> Result<(), KeyError> {
        self.token()?.destroy(id, &self.passphrases)?;
        self.opened.remove(id);
        Ok(())
    }

    /// Puts keys into the store, in their order; from now on they can sign.
    ///
    /// They are encrypted at the same time, since that takes long on purpose. Returns what became of
    /// each.
    pub fn save_all(&mut self, new: Vec<NewKey>) -> Result<Vec<Added>, KeyError> {
        let seal = |new: &NewKey| match &new.0 {
            New::File { gun, key, passphrase, role } => {
                Some(seal(key, passphrase, role.as_str(), Some(gun)))
            }
            New::Token(_) => None,
        };
        let blocks: Vec<Option<Block>> = thread::scope(|scope| {
            let sealing: Vec<_> = new.iter().map(|new| scope.spawn(|| seal(new))).collect();
            let sealed = sealing.into_iter();
            sealed.map(|block| block.join().expect("encrypting does not panic")).collect()
        });
        let mut added = Vec::new();
        for (new, block) in new.into_iter().zip(blocks) {
            added.push(match (&new.0, block) {
                (New::File { key, .. }, Some(block)) => self.store.add(key, &block)?,
                _ => Added::Stored,
            });
            self.opened.insert(new.id().clone(), new.shared());
        }
        Ok(added)
    }
}

fn canonical_ids(keys: &KeySet) -> BTreeSet<KeyId> {
    keys.keys.values().map(PublicKey::canonical_id).collect()
}

fn check_enough(keys: &KeySet, ids: &BTreeSet<KeyId>, have: usize) -> Result<(), KeyError> {
    if keys.are_enough(have) {
        return Ok(());
    }
    let (role, need) = (keys.role.clone(), keys.needed());
    let keys = ids.iter().cloned().collect();
    Err(KeyError::NotHere { role, need, have: have as u64, keys })
}
