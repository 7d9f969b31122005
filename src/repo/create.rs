//! Making a collection, and removing one.
//!
//! A new collection consists of keys in the key store and of signed files in the cache; the server
//! learns of it with the first publication. Everything that can fail is done before anything is
//! written, keys are stored before the files that need them, and the root comes last: a collection
//! whose root is there is complete.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{Collection, Error};
use crate::keys::{
    Added, KeyError, KeyPair, Keychain, NewKey, NewKeyKind, PrivateKey, root_certificate,
};
use crate::remote::{Fetch, FileName, RemoteErrorKind};
use crate::store::{Beginning, FileStore, Ground};
use crate::tuf::key::{KeyId, PublicKey, Signer, Signers};
use crate::tuf::role::RoleName;
use crate::tuf::sign::{self, Publication};
use crate::tuf::trusted::Floors;

/// Where a collection exists.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// On this machine.
    Here,
    /// On a server.
    Server(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here => f.write_str("on this machine"),
            Self::Server(server) => write!(f, "on {server}"),
        }
    }
}

/// The root key of a new collection.
pub enum RootKey {
    /// A key that is made for it.
    Generate,
    /// A key that was read from a file and is to be stored.
    Import(Box<PrivateKey>),
    /// A key in the key store.
    Stored(KeyId),
}

/// A collection that was made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CreateReport {
    /// Canonical id of the root key.
    pub root_key: KeyId,
    /// Whether the root key was in the key store before.
    pub root_key_known: bool,
    /// TUF id of the root certificate, by which the collection can be pinned.
    pub root_certificate: KeyId,
    /// The keys that were made, with their roles.
    pub new_keys: Vec<(RoleName, KeyId)>,
}

impl Collection<'_> {
    /// Makes the collection, which must exist neither here nor on the server.
    ///
    /// `certificate` is the root certificate, made for the key when it is not given. New keys of the
    /// roles in `on_token` are made on the hardware token.
    pub fn create(
        &self,
        keychain: &mut Keychain<'_>,
        root_key: RootKey,
        certificate: Option<PublicKey>,
        on_token: &[RoleName],
    ) -> Result<CreateReport, Error> {
        self.check_absent()?;
        let timestamp_key = self.remote.server_key(&RoleName::TIMESTAMP)?;

        if !on_token.is_empty() {
            keychain.unlock_token()?;
        }
        let mut roles = vec![RoleName::TARGETS, RoleName::SNAPSHOT];
        let known_root = match root_key {
            RootKey::Stored(id) => Some(RootSigner::Stored(open_root(keychain, &id)?)),
            RootKey::Generate => {
                roles.insert(0, RoleName::ROOT);
                None
            }
            RootKey::Import(key) => {
                Some(RootSigner::New(keychain.protect(*key, &RoleName::ROOT, self.gun)?))
            }
        };
        // Keys on a token stay there even if somebody interrupts a question, so they come last.
        roles.sort_by_key(|role| on_token.contains(role));
        let mut made = BTreeMap::new();
        for role in roles {
            let key = match on_token.contains(&role) {
                true => keychain.generate_on_token(
                    role.as_str(),
                    Some(self.gun),
                    NewKeyKind::EcdsaP256,
                )?,
                false => keychain.generate(&role, self.gun)?,
            };
            made.insert(role, key);
        }
        let made_root = made.remove(&RoleName::ROOT).map(RootSigner::New);
        let root = known_root.or(made_root).expect("there is one or it was made");
        let certificate = match certificate {
            Some(certificate) => certificate,
            None => root_certificate(self.gun, root.key(), self.now).map_err(KeyError::from)?,
        };
        let new = [RoleName::TARGETS, RoleName::SNAPSHOT]
            .map(|role| (role.clone(), made.remove(&role).expect("it was made above")));

        let publication = {
            let mut signers = Signers::new();
            signers.insert(root.key().canonical_id().clone(), root.signer());
            for (_, key) in &new {
                signers.insert(key.id().clone(), key.signer());
            }
            let key = |role: RoleName, index: usize| (role, new[index].1.public_key().clone());
            let keys = [
                (RoleName::ROOT, certificate.clone()),
                key(RoleName::TARGETS, 0),
                key(RoleName::SNAPSHOT, 1),
                (RoleName::TIMESTAMP, timestamp_key),
            ];
            sign::create(keys, &signers, self.now, &self.root_verifier())?
        };

        let mut report = CreateReport {
            root_key: root.key().canonical_id().clone(),
            root_key_known: true,
            root_certificate: certificate.id(),
            new_keys: new.iter().map(|(role, key)| (role.clone(), key.id().clone())).collect(),
        };
        let root_key = match root {
            RootSigner::New(key) => Some(key),
            RootSigner::Stored(_) => None,
        };
        let root_is_new = root_key.is_some();
        let new = root_key.into_iter().chain(new.into_iter().map(|(_, key)| key));
        let added = keychain.save_all(new.collect())?;
        if root_is_new {
            report.root_key_known = added.first() == Some(&Added::AlreadyThere);
        }
        self.keep_created(&publication, &report.root_certificate)?;
        Ok(report)
    }

    fn check_absent(&self) -> Result<(), Error> {
        let exists = |place| Error::Exists { gun: self.gun.clone(), place };
        if self.store.read(&RoleName::ROOT)?.is_some() {
            return Err(exists(Place::Here));
        }
        if self.offline {
            return Err(Error::Offline);
        }
        if self.exists_on_server()? {
            return Err(exists(Place::Server(self.remote.server().to_owned())));
        }
        Ok(())
    }

    /// Whether the server has the collection.
    pub fn exists_on_server(&self) -> Result<bool, Error> {
        // Any root will do to know.
        self.server_has(FileName::Current(RoleName::ROOT))
    }

    /// Whether the server has a file of the collection, whatever is in it.
    pub(super) fn server_has(&self, name: FileName) -> Result<bool, Error> {
        // A longer answer is an answer, too.
        match self.remote.fetch(&Fetch { name, max_length: 1 << 20 }) {
            Ok(_) => Ok(true),
            Err(error) if error.kind == RemoteErrorKind::NotFound => Ok(false),
            Err(error) if matches!(error.kind, RemoteErrorKind::TooLarge(_)) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    fn keep_created(&self, publication: &Publication, certificate: &KeyId) -> Result<(), Error> {
        let mut files: Vec<(RoleName, &[u8])> = publication
            .files
            .iter()
            .map(|file| (file.role.clone(), file.bytes.as_slice()))
            .collect();
        files.sort_by_key(|(role, _)| *role == RoleName::ROOT);
        let beginning = Beginning {
            ground: Ground::MadeHere,
            at: Some(self.now),
            server: None,
            version: 1,
            certificates: [certificate.clone()].into(),
        };
        Ok(self.store.save(&files, &Floors::default(), Some(&beginning))?)
    }

    /// Makes sure that there is something to be deleted, and that the server may be asked to.
    pub fn check_deletable(&self, store: &FileStore, from_server: bool) -> Result<(), Error> {
        if !from_server {
            return match store.exists()? {
                true => Ok(()),
                false => Err(Error::NothingToDelete { gun: self.gun.clone() }),
            };
        }
        if self.offline {
            return Err(Error::Offline);
        }
        if self.exists_on_server()? {
            return Ok(());
        }
        let server = self.remote.server().to_owned();
        Err(Error::NoSuchCollection { gun: self.gun.clone(), server })
    }

    /// Removes the collection, which must be [deletable](Self::check_deletable), from this machine
    /// and, if asked for, from the server, which comes first: as long as it refuses, nothing is
    /// lost here.
    pub fn delete(&self, store: &FileStore, from_server: bool) -> Result<(), Error> {
        if from_server {
            self.remote.delete()?;
        }
        Ok(store.delete()?)
    }
}

/// The root key of a collection that is made on the way: the one that is here, or on the hardware
/// token if it must be there, or a new one.
///
/// Which of several keys is meant is not for us to guess.
pub fn default_root_key(keychain: &Keychain<'_>, on_token: bool) -> Result<RootKey, Error> {
    let find = || match on_token {
        true => Ok(keychain.held_on_token_for(&RoleName::ROOT)),
        false => keychain.held_for(&RoleName::ROOT),
    };
    let mut known = find()?;
    if known.is_empty() {
        // A key that cannot be seen at the moment must not be taken for one that never was.
        keychain.search_token()?;
        known = find()?;
    }
    match known.len() {
        0 => Ok(RootKey::Generate),
        1 => Ok(RootKey::Stored(known.remove(0))),
        _ => Err(Error::SeveralRootKeys { keys: known }),
    }
}

enum RootSigner {
    New(NewKey),
    Stored(Arc<dyn KeyPair>),
}

impl RootSigner {
    fn key(&self) -> &dyn KeyPair {
        match self {
            Self::New(key) => key.key_pair(),
            Self::Stored(key) => &**key,
        }
    }

    fn signer(&self) -> Arc<dyn Signer> {
        match self {
            Self::New(key) => key.signer(),
            Self::Stored(key) => key.clone(),
        }
    }
}

fn open_root(keychain: &mut Keychain<'_>, id: &KeyId) -> Result<Arc<dyn KeyPair>, Error> {
    let missing =
        || KeyError::NotHere { role: RoleName::ROOT, need: 1, have: 0, keys: vec![id.clone()] };
    Ok(keychain.open(id)?.ok_or_else(missing)?)
}
