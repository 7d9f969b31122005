//! The private keys of this machine, opened when they are needed and not twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::thread;

use thiserror::Error;

use super::passphrase::{Passphrase, PassphraseError, Passphrases, PromptError, Wanted};
use super::{
    Added, CertificateError, KeyPair, KeyStore, KeyStoreError, PrivateKey, StoredKey, seal,
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
    #[error("{role} needs {need} of its keys to sign, but {have} of them are here")]
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
}

impl KeyError {
    /// Whether somebody ended it who was asked for a passphrase.
    pub fn is_interruption(&self) -> bool {
        let Self::Passphrase(error) = self else { return false };
        matches!(error, PassphraseError::Prompt(PromptError::Interrupted))
    }
}

/// A key that was made or read but is not in the key store yet.
pub struct NewKey {
    gun: Gun,
    key: Arc<PrivateKey>,
    passphrase: Passphrase,
    role: RoleName,
}

impl NewKey {
    /// The canonical id.
    pub fn id(&self) -> &KeyId {
        self.key.id()
    }

    /// The bare public key.
    pub fn public_key(&self) -> &PublicKey {
        self.key.public_key()
    }

    /// The key as somebody who can sign.
    pub fn signer(&self) -> Arc<dyn Signer> {
        self.key.clone()
    }

    /// The private key.
    pub fn private_key(&self) -> &PrivateKey {
        &self.key
    }
}

/// Keys that were opened, by canonical id.
pub type OpenedKeys = BTreeMap<KeyId, Arc<dyn KeyPair>>;

/// Opens keys of a store, and makes new ones.
pub struct Keychain<'a> {
    store: &'a dyn KeyStore,
    passphrases: Passphrases<'a>,
    opened: OpenedKeys,
}

impl<'a> Keychain<'a> {
    /// Uses the keys in `store`.
    pub fn new(store: &'a dyn KeyStore, passphrases: Passphrases<'a>) -> Self {
        Self { store, passphrases, opened: BTreeMap::new() }
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

    /// Canonical ids of all keys in the store.
    pub fn held(&self) -> Result<BTreeSet<KeyId>, KeyError> {
        Ok(self.store.list()?.keys.into_iter().map(|key| key.id).collect())
    }

    /// Canonical ids of the keys in the store that are for `role`.
    pub fn held_for(&self, role: &RoleName) -> Result<Vec<KeyId>, KeyError> {
        let keys = self.store.list()?.keys.into_iter();
        Ok(keys.filter(|key| key.role == role.as_str()).map(|key| key.id).collect())
    }

    /// Opens a key.
    pub fn open(&mut self, id: &KeyId) -> Result<Option<Arc<dyn KeyPair>>, KeyError> {
        if let Some(key) = self.opened.get(id) {
            return Ok(Some(key.clone()));
        }
        let Some(stored) = self.store.find(id)? else { return Ok(None) };
        let key: Arc<dyn KeyPair> = Arc::new(self.passphrases.open(&stored)?);
        self.opened.insert(id.clone(), key.clone());
        Ok(Some(key))
    }

    /// Makes sure that the keys that a plan needs are here, so that nobody types passphrases in
    /// vain.
    pub fn check_for(&self, plan: &Plan) -> Result<(), KeyError> {
        let held = self.held()?;
        plan.roles.iter().flat_map(|(_, sets)| sets).try_for_each(|keys| {
            let ids = canonical_ids(keys);
            check_enough(keys, &ids, ids.intersection(&held).count())
        })
    }

    /// Opens what a plan needs, in its order.
    ///
    /// All keys that can be opened without asking take part. Passphrases are asked for as long as
    /// a role lacks keys; one that cannot be opened is passed over if the others suffice. Likewise
    /// the renewal of a root that is still valid: the plan is changed then.
    pub fn open_for(&mut self, plan: &mut Plan) -> Result<Signers, KeyError> {
        self.check_for(plan)?;
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
            if let Err(too_few) = check_enough(keys, &ids, have)
                && !(keys.role == RoleName::ROOT && plan.postpone_renewal())
            {
                return Err(failure.unwrap_or(too_few));
            }
        }
        Ok(signers)
    }

    /// Opens the keys that have no passphrase, or one that is known beforehand, all at the same time, since that
    /// takes long on purpose. What does not open is left for [`open`](Self::open) to complain about.
    fn open_without_asking(&mut self, plan: &Plan) -> Result<(), KeyError> {
        let mut known = Vec::new();
        let key_sets = plan.roles.iter().flat_map(|(_, sets)| sets);
        for id in key_sets.flat_map(canonical_ids).collect::<BTreeSet<_>>() {
            if !self.opened.contains_key(&id)
                && let Some(stored) = self.store.find(&id)?
            {
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
        key: PrivateKey,
        role: &RoleName,
        gun: &Gun,
    ) -> Result<NewKey, KeyError> {
        let wanted = Wanted::new_key(role.as_str(), Some(gun.as_str()), key.id());
        let passphrase = self.passphrases.choose(&wanted)?;
        let (gun, role) = (gun.clone(), role.clone());
        Ok(NewKey { gun, key: Arc::new(key), passphrase, role })
    }

    /// Puts keys into the store, in their order; from now on they can sign.
    ///
    /// They are encrypted at the same time, since that takes long on purpose. Returns what became of
    /// each.
    pub fn save_all(&mut self, new: Vec<NewKey>) -> Result<Vec<Added>, KeyError> {
        let seal =
            |new: &NewKey| seal(&new.key, &new.passphrase, new.role.as_str(), Some(&new.gun));
        let blocks: Vec<Block> = thread::scope(|scope| {
            let sealing: Vec<_> = new.iter().map(|new| scope.spawn(|| seal(new))).collect();
            let sealed = sealing.into_iter();
            sealed.map(|block| block.join().expect("encrypting does not panic")).collect()
        });
        let mut added = Vec::new();
        for (new, block) in new.into_iter().zip(blocks) {
            added.push(self.store.add(&new.key, &block)?);
            self.opened.insert(new.id().clone(), new.key);
        }
        Ok(added)
    }
}

fn canonical_ids(keys: &KeySet) -> BTreeSet<KeyId> {
    keys.keys.values().map(PublicKey::canonical_id).collect()
}

fn check_enough(keys: &KeySet, ids: &BTreeSet<KeyId>, have: usize) -> Result<(), KeyError> {
    let (need, have) = (u64::try_from(keys.threshold).unwrap_or(1), have as u64);
    if have >= need {
        return Ok(());
    }
    let (role, keys) = (keys.role.clone(), ids.iter().cloned().collect());
    Err(KeyError::NotHere { role, need, have, keys })
}
