//! The keys that a server holds: it signs all timestamps, and the snapshots of collections that
//! leave them to it.
//!
//! Which key a client is told (`formats.md` §7.3, §11.5): the one that the published root names, if
//! it was made here for that; before the first publication, and when the root names a foreign key, one that
//! was made for the collection earlier; else a new one. Who wants to rotate a key is told one that
//! has never signed. Keys are never deleted.

use std::fmt;
use std::sync::Arc;

use thiserror::Error;
use time::OffsetDateTime;

use super::memo::Memo;
use super::storage::{Storage, StorageError, StoredKey, StoredSecret};
use crate::keys::jwe::{self, JweError};
use crate::keys::passphrase::Passphrase;
use crate::keys::{OpenError, PrivateKey, from_raw, to_raw};
use crate::tuf::key::{KeyId, PublicKey, Signer as _, Signers};
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::verify::KeySet;

/// The name under which new keys remember which passphrase protects them.
const ALIAS: &str = "default";

/// Opened keys that are kept in memory.
const MAX_OPENED: usize = 10_000;

/// The kind of new keys.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    #[default]
    Ecdsa,
    /// Ed25519.
    Ed25519,
}

/// Why a key of the server cannot be had.
#[derive(Debug, Error)]
pub enum ServerKeyError {
    /// A key is not what it is stored as.
    #[error("the server key {id} cannot be read")]
    Malformed {
        /// The canonical id.
        id: KeyId,
        /// What is wrong with it.
        #[source]
        why: OpenError,
    },
    /// The passphrase is missing, or another one is needed.
    #[error("the server key {id} cannot be opened")]
    Locked {
        /// The canonical id.
        id: KeyId,
        /// What happened; `None` when there is no passphrase at all.
        #[source]
        why: Option<JweError>,
    },
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Makes, keeps and opens keys.
pub struct ServerKeys {
    algorithm: Algorithm,
    passphrase: Option<Passphrase>,
    opened: Memo<KeyId, Arc<PrivateKey>>,
}

impl fmt::Debug for ServerKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerKeys").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl ServerKeys {
    /// New keys are of this kind and, if there is a passphrase, encrypted with it.
    pub fn new(algorithm: Algorithm, passphrase: Option<Passphrase>) -> Self {
        Self { algorithm, passphrase, opened: Memo::new(MAX_OPENED) }
    }

    /// The key for `role` of a collection; `published` are the keys that its root names.
    pub fn current(
        &self,
        storage: &dyn Storage,
        gun: &Gun,
        role: &RoleName,
        published: Option<&KeySet>,
        now: OffsetDateTime,
    ) -> Result<PublicKey, ServerKeyError> {
        let named = published.into_iter().flat_map(|keys| keys.keys.values());
        for key in named {
            if let Some(held) = held(storage, gun, role, &key.canonical_id())? {
                return Ok(held.public);
            }
        }
        match storage.keys_for(gun, role)?.pop() {
            Some(key) => Ok(key.public),
            None => self.make(storage, gun, role, now),
        }
    }

    /// A key for `role` of a collection that has never signed and is not `published`.
    pub fn next(
        &self,
        storage: &dyn Storage,
        gun: &Gun,
        role: &RoleName,
        published: Option<&KeySet>,
        now: OffsetDateTime,
    ) -> Result<PublicKey, ServerKeyError> {
        let is_published = |id: &KeyId| {
            published.is_some_and(|keys| keys.keys.values().any(|key| key.canonical_id() == *id))
        };
        let mut known = storage.keys_for(gun, role)?.into_iter();
        match known.find(|key| !key.is_used && !is_published(&key.id)) {
            Some(key) => Ok(key.public),
            None => self.make(storage, gun, role, now),
        }
    }

    fn make(
        &self,
        storage: &dyn Storage,
        gun: &Gun,
        role: &RoleName,
        now: OffsetDateTime,
    ) -> Result<PublicKey, ServerKeyError> {
        let key = match self.algorithm {
            Algorithm::Ecdsa => PrivateKey::generate_ecdsa_p256(),
            Algorithm::Ed25519 => PrivateKey::generate_ed25519(),
        };
        let raw = to_raw(&key);
        let private = match &self.passphrase {
            None => StoredSecret::Plain(raw),
            Some(passphrase) => {
                let jwe = jwe::seal(passphrase, &raw);
                StoredSecret::Encrypted { jwe, alias: ALIAS.to_owned() }
            }
        };
        let public = key.public_key().clone();
        storage.add_key(
            &StoredKey {
                id: key.id().clone(),
                gun: gun.clone(),
                role: role.clone(),
                public: public.clone(),
                private,
                is_used: false,
            },
            now,
        )?;
        self.remember(Arc::new(key));
        Ok(public)
    }

    /// Opens those keys of a role that are held here for this collection, and notes that they sign
    /// now.
    pub fn signers(
        &self,
        storage: &dyn Storage,
        gun: &Gun,
        keys: &KeySet,
        now: OffsetDateTime,
    ) -> Result<Signers, ServerKeyError> {
        let mut signers = Signers::new();
        for id in keys.keys.values().map(PublicKey::canonical_id) {
            let Some(stored) = held(storage, gun, &keys.role, &id)? else { continue };
            let key = match self.opened.get(&id) {
                Some(key) => key,
                None => self.remember(Arc::new(self.open(&stored)?)),
            };
            if !stored.is_used {
                storage.mark_used(&id, now)?;
            }
            signers.insert(key.canonical_id().clone(), key);
        }
        Ok(signers)
    }

    fn open(&self, stored: &StoredKey) -> Result<PrivateKey, ServerKeyError> {
        let id = &stored.id;
        let locked = |why| ServerKeyError::Locked { id: id.clone(), why };
        let decrypted;
        let raw = match &stored.private {
            StoredSecret::Plain(raw) => raw,
            StoredSecret::Encrypted { jwe, .. } => {
                let passphrase = self.passphrase.as_ref().ok_or_else(|| locked(None))?;
                decrypted = jwe::open(passphrase, jwe).map_err(|error| locked(Some(error)))?;
                &decrypted
            }
        };
        from_raw(stored.public.key_type(), raw)
            .and_then(|key| match key.id() == id {
                true => Ok(key),
                false => Err(OpenError::Malformed("it has another id")),
            })
            .map_err(|why| ServerKeyError::Malformed { id: id.clone(), why })
    }

    fn remember(&self, key: Arc<PrivateKey>) -> Arc<PrivateKey> {
        self.opened.insert(key.id().clone(), key.clone());
        key
    }
}

/// A key that was made for this role of this collection.
///
/// A root may name any key. With one that was made for another collection, its owner could have
/// timestamps signed that readers of the other collection believe.
fn held(
    storage: &dyn Storage,
    gun: &Gun,
    role: &RoleName,
    id: &KeyId,
) -> Result<Option<StoredKey>, StorageError> {
    Ok(storage.key(id)?.filter(|key| key.gun == *gun && key.role == *role))
}
