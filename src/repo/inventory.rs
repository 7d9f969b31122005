//! Which keys the collections on this machine use, and for what.
//!
//! Metadata is only read here, not judged: whether it is to be trusted makes no difference to
//! somebody who wonders what a key is for. What cannot be read is reported, and the rest counts.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Error;
use crate::keys::{KeyInfo, TokenKeyInfo};
use crate::store::{self, FileStore, MetadataStore};
use crate::tuf::algorithm::Algorithm;
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::metadata::Payload;
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::root::Root;
use crate::tuf::targets::Targets;
use crate::tuf::trusted::TrustedSet;
use crate::tuf::verify::Envelope;

/// A role of a collection that a key may sign for.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct KeyUse {
    /// The collection.
    pub gun: Gun,
    /// The role.
    pub role: RoleName,
}

/// What the metadata on this machine says about a key.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NamedKey {
    /// The kind of key; `None` for one of the future.
    pub algorithm: Option<Algorithm>,
    /// The bare public key, which its id vouches for.
    pub public: Option<PublicKey>,
    /// By collection and role.
    pub uses: BTreeSet<KeyUse>,
}

/// A cached file that cannot be read, so that the keys it names are not known.
#[derive(Debug, thiserror::Error)]
#[error("the keys that `{}` names are not known", path.display())]
pub struct UnreadableCache {
    /// The file or directory.
    pub path: PathBuf,
    /// What is wrong with it.
    #[source]
    pub why: Error,
}

/// The keys that the cached collections name: those of the present roots, and of all delegations
/// that can be reached from the present targets files.
#[derive(Debug, Default)]
pub struct Inventory {
    /// By canonical id.
    pub keys: BTreeMap<KeyId, NamedKey>,
    /// What could not be read.
    pub unreadable: Vec<UnreadableCache>,
}

impl Inventory {
    /// Looks at all collections below a trust directory. Nothing is created.
    pub fn of(trust_dir: &Path) -> Self {
        let mut inventory = Self::default();
        let (collections, failures) = store::collections(trust_dir);
        for error in failures {
            inventory
                .unreadable
                .push(UnreadableCache { path: error.path.clone(), why: error.into() });
        }
        for gun in collections {
            inventory.add(&gun, &FileStore::new(trust_dir, &gun));
        }
        inventory
    }

    /// Where a key is used.
    pub fn uses_of(&self, id: &KeyId) -> BTreeSet<KeyUse> {
        self.keys.get(id).map(|key| key.uses.clone()).unwrap_or_default()
    }

    fn add(&mut self, gun: &Gun, store: &dyn MetadataStore) {
        if let Some(root) = self.read::<Root>(store, &RoleName::ROOT) {
            self.note_root(gun, &root);
        }
        let mut waiting = VecDeque::from([RoleName::TARGETS]);
        while let Some(role) = waiting.pop_front() {
            let Some(file) = self.read::<Targets>(store, &role) else { continue };
            waiting.extend(self.note_delegations(gun, &file));
        }
    }

    /// Takes what was just read of a collection for what is known of it: its copy on this machine
    /// may be older.
    pub fn replace(&mut self, gun: &Gun, set: &TrustedSet) {
        self.keys.retain(|_, key| {
            key.uses.retain(|used| used.gun != *gun);
            !key.uses.is_empty()
        });
        self.note_root(gun, set.root().root());
        for file in set.targets().values() {
            self.note_delegations(gun, file.payload());
        }
    }

    fn note_root(&mut self, gun: &Gun, root: &Root) {
        for role in RoleName::BASE {
            self.note(gun, &role, root.role_keys(&role).into_values());
        }
    }

    /// Returns the delegations.
    fn note_delegations(&mut self, gun: &Gun, file: &Targets) -> Vec<RoleName> {
        let mut roles = Vec::new();
        for delegation in file.delegations.roles() {
            let Ok(role) = RoleName::parse(&delegation.name) else { continue };
            self.note(gun, &role, file.delegations.role_keys(delegation).into_values());
            roles.push(role);
        }
        roles
    }

    fn note(&mut self, gun: &Gun, role: &RoleName, keys: impl Iterator<Item = PublicKey>) {
        for key in keys {
            let named = self.keys.entry(key.canonical_id()).or_default();
            named.algorithm = Algorithm::of(&key);
            named.public = key.bare();
            named.uses.insert(KeyUse { gun: gun.clone(), role: role.clone() });
        }
    }

    fn read<T: Payload>(&mut self, store: &dyn MetadataStore, role: &RoleName) -> Option<T> {
        let read = || {
            let Some(bytes) = store.read(role)? else { return Ok(None) };
            Ok(Some(Envelope::open(role, &bytes)?.payload()?))
        };
        read().unwrap_or_else(|why| {
            self.unreadable.push(UnreadableCache { path: store.location(role), why });
            None
        })
    }

    /// Puts what is known of the keys in a key store, those in its archive, those on a hardware token
    /// and those that collections name together: by status, then root keys first, then by
    /// collection, role and id.
    pub fn report(
        &self,
        here: Vec<KeyInfo>,
        archived: Vec<KeyInfo>,
        on_token: Vec<TokenKeyInfo>,
    ) -> Vec<KeyReport> {
        let mut known = BTreeSet::new();
        let mut ours = BTreeSet::new();
        let mut keys = Vec::new();
        let stored = here.into_iter().map(|key| (key, false));
        for (info, is_archived) in stored.chain(archived.into_iter().map(|key| (key, true))) {
            let named = self.keys.get(&info.id);
            known.insert(info.id.clone());
            ours.extend(named.iter().flat_map(|key| &key.uses).map(|used| &used.gun));
            keys.push(KeyReport {
                algorithm: named.and_then(|key| key.algorithm).or(info.algorithm),
                status: match named {
                    _ if is_archived => KeyStatus::Archived,
                    Some(_) => KeyStatus::InUse,
                    None => KeyStatus::Orphan,
                },
                encrypted: Some(info.encrypted),
                gun: info.gun,
                id: info.id,
                is_ours: true,
                location: Some(info.location),
                role: info.role,
                token: None,
                uses: named.map(|key| key.uses.clone()).unwrap_or_default(),
            });
        }
        for info in on_token {
            let uses = self.uses_of(&info.id);
            known.insert(info.id.clone());
            let named = self.keys.get(&info.id);
            ours.extend(named.iter().flat_map(|key| &key.uses).map(|used| &used.gun));
            keys.push(KeyReport {
                algorithm: Algorithm::of(&info.public),
                status: if uses.is_empty() { KeyStatus::Orphan } else { KeyStatus::InUse },
                encrypted: Some(true),
                gun: info.gun,
                id: info.id,
                is_ours: true,
                location: None,
                role: info.role,
                token: Some(info.token),
                uses,
            });
        }
        for (id, named) in self.keys.iter().filter(|(id, _)| !known.contains(*id)) {
            let of_server =
                |role: &RoleName| [RoleName::SNAPSHOT, RoleName::TIMESTAMP].contains(role);
            let Some(first) = named.uses.first() else { continue };
            keys.push(KeyReport {
                algorithm: named.algorithm,
                status: match named.uses.iter().all(|used| of_server(&used.role)) {
                    true => KeyStatus::Server,
                    false => KeyStatus::Elsewhere,
                },
                encrypted: None,
                gun: Some(&first.gun)
                    .filter(|gun| named.uses.iter().all(|used| used.gun == **gun))
                    .map(Gun::to_string),
                id: id.clone(),
                is_ours: named.uses.iter().any(|used| ours.contains(&used.gun)),
                location: None,
                role: first.role.to_string(),
                token: None,
                uses: named.uses.clone(),
            });
        }
        keys.sort_by(|a, b| a.order().cmp(&b.order()));
        keys
    }
}

/// What a key is to this machine.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum KeyStatus {
    /// In the key store, and named by a collection.
    InUse,
    /// In the key store, but not named by any collection that is cached.
    Orphan,
    /// In the archive, from where it can be brought back.
    Archived,
    /// Not here; named for what servers sign.
    Server,
    /// Not here; somebody else has it.
    Elsewhere,
}

impl fmt::Display for KeyStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InUse => "in use",
            Self::Orphan => "orphan",
            Self::Archived => "archived",
            Self::Server => "server",
            Self::Elsewhere => "elsewhere",
        })
    }
}

/// All that is known of a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyReport {
    /// The kind of key, as far as it can be told.
    pub algorithm: Option<Algorithm>,
    /// Whether a passphrase or PIN is needed; `None` when the key is not here.
    pub encrypted: Option<bool>,
    /// The collection that it was made for, for a targets, snapshot or timestamp key; of a key that
    /// is not here, the only collection that names it.
    pub gun: Option<String>,
    /// The canonical id.
    pub id: KeyId,
    /// Whether it is here, or a key of a collection of which another key is here.
    pub is_ours: bool,
    /// The file; `None` when the key is not here, or on a token.
    pub location: Option<PathBuf>,
    /// The role that it was made for; may be empty. Of a key that is not here, one that it is named
    /// for.
    pub role: String,
    /// What it is to this machine.
    pub status: KeyStatus,
    /// The URI of the hardware token that it is on.
    pub token: Option<String>,
    /// Who names it, and for what.
    pub uses: BTreeSet<KeyUse>,
}

impl KeyReport {
    /// Whether the key is in the key store, ready to sign.
    pub fn is_here(&self) -> bool {
        matches!(self.status, KeyStatus::InUse | KeyStatus::Orphan)
    }

    /// Whether it was made for the collection, or is in use for it.
    pub fn serves(&self, gun: &Gun) -> bool {
        self.gun.as_deref() == Some(gun.as_str()) || self.uses.iter().any(|used| used.gun == *gun)
    }

    /// Whether it was made for the role, or is in use for it.
    pub fn has_role(&self, role: &str) -> bool {
        self.role == role || self.uses.iter().any(|used| used.role.as_str() == role)
    }

    fn order(&self) -> impl Ord + '_ {
        let rank = match self.status {
            KeyStatus::InUse | KeyStatus::Orphan => 0,
            KeyStatus::Archived => 1,
            KeyStatus::Server => 2,
            KeyStatus::Elsewhere => 3,
        };
        let gun = self.gun.as_deref().unwrap_or_default();
        (rank, self.role != RoleName::ROOT.as_str(), gun, &self.role, &self.id, &self.location)
    }
}
