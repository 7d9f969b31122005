//! Who may sign a collection, or one name in it, and which of the keys are on this machine.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use time::OffsetDateTime;

use super::inventory::{Inventory, KeyReport, KeyStatus};
use super::update::{Purpose, Updated};
use super::{Collection, Error};
use crate::keys::{KeyInfo, TokenKeyInfo};
use crate::tuf::algorithm::Algorithm;
use crate::tuf::error::Error as TrustError;
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::role::RoleName;
use crate::tuf::trusted::TrustedSet;
use crate::tuf::verify::KeySet;
use crate::tuf::walk::{self, Lookup, Node};
use crate::tuf::x509;

/// The private keys of this machine, as far as they can be seen without opening any.
#[derive(Clone, Debug, Default)]
pub struct KnownKeys {
    /// Those in the archive of the key store.
    pub archived: Vec<KeyInfo>,
    /// Those on a hardware token.
    pub on_token: Vec<TokenKeyInfo>,
    /// Those in the key store.
    pub stored: Vec<KeyInfo>,
}

/// Who may sign.
#[derive(Debug)]
pub struct WhoReport {
    /// Root, targets, snapshot, timestamp, and the delegations as they are walked; for one name only
    /// the roles that may sign it, the highest priority first.
    pub roles: Vec<SigningRole>,
    /// What is signed under the name that was asked for.
    pub name: Option<NameReport>,
    /// The state that was looked at.
    pub updated: Updated,
}

/// What is signed under a name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NameReport {
    /// The role whose entry counts.
    pub signed_by: Option<RoleName>,
    /// The role that cannot be read and may have signed the name, so that no entry counts.
    pub withheld_by: Option<RoleName>,
}

/// A role and those who sign it.
#[derive(Debug)]
pub struct SigningRole {
    /// The role.
    pub role: RoleName,
    /// The prefixes of the names that it may sign in fact; `None` for roles that sign no names.
    pub paths: Option<Vec<String>>,
    /// The keys as the metadata lists them, and how many must sign.
    pub key_set: KeySet,
    /// Its keys by canonical id, each once.
    pub keys: Vec<SigningKey>,
    /// Its present file.
    pub file: PresentFile,
    /// Whether that file has the name that was asked for.
    pub has_name: bool,
}

/// The present file of a role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PresentFile {
    /// Nothing was published into the role yet.
    None,
    /// It is not accepted, for this reason; `None` when it is missing.
    Refused(Option<TrustError>),
    /// It is in force.
    Valid,
}

/// A key that may sign a role.
#[derive(Debug)]
pub struct SigningKey {
    /// The kind of key; `None` for one of the future.
    pub algorithm: Option<Algorithm>,
    /// The certificate that stands for it in the metadata.
    pub certificate: Option<CertificateReport>,
    /// The canonical id.
    pub id: KeyId,
    /// Where the private key is.
    pub place: KeyPlace,
}

/// A certificate that stands for a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CertificateReport {
    /// The subject's common name, or the empty string.
    pub common_name: String,
    /// Its last moment.
    pub expires: OffsetDateTime,
}

/// Where a private key is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyPlace {
    /// In the archive, from where it can be brought back.
    Archived,
    /// Not here; somebody else has it, or nobody.
    Missing,
    /// Not here; it is for what servers sign.
    Server,
    /// In the key store.
    Store,
    /// On the hardware token.
    Token,
}

impl KeyPlace {
    /// Whether the key is ready to sign.
    pub fn is_here(self) -> bool {
        matches!(self, Self::Store | Self::Token)
    }

    fn of(key: &KeyReport) -> Self {
        match key.status {
            KeyStatus::InUse | KeyStatus::Orphan if key.token.is_some() => Self::Token,
            KeyStatus::InUse | KeyStatus::Orphan => Self::Store,
            KeyStatus::Archived => Self::Archived,
            KeyStatus::Server => Self::Server,
            KeyStatus::Elsewhere => Self::Missing,
        }
    }
}

impl SigningRole {
    /// How many of the keys are ready to sign here.
    pub fn here(&self) -> usize {
        self.keys.iter().filter(|key| key.place.is_here()).count()
    }

    /// Whether the keys that are here suffice to sign it.
    pub fn can_sign(&self) -> bool {
        self.key_set.are_enough(self.here())
    }

    /// Whether all its keys together suffice to sign it.
    pub fn has_enough_keys(&self) -> bool {
        self.key_set.are_enough(self.keys.len())
    }
}

impl Collection<'_> {
    /// Tells who may sign the collection, or `name` in it, as far as it can be read.
    pub fn who(&self, name: Option<&str>, keys: KnownKeys) -> Result<WhoReport, Error> {
        let updated = self.update(Purpose::Read)?;
        let set = &updated.set;
        let places = self.places(set, keys);
        let mut roles = Vec::new();
        let top = [RoleName::ROOT, RoleName::TARGETS, RoleName::SNAPSHOT, RoleName::TIMESTAMP];
        for role in top.into_iter().filter(|role| name.is_none() || *role == RoleName::TARGETS) {
            let paths = role.holds_targets().then(|| Node::top().paths);
            roles.push(signing_role(set, &role, paths, name, &places)?);
        }
        for node in signers_of(set, name).into_iter().filter(|node| node.role.is_delegation()) {
            roles.push(signing_role(set, &node.role, Some(node.paths), name, &places)?);
        }
        let name = name.map(|name| match set.lookup(name, &[]) {
            Lookup::Found(found) => NameReport { signed_by: Some(found.role), withheld_by: None },
            Lookup::Missing => NameReport { signed_by: None, withheld_by: None },
            Lookup::Withheld { role, .. } => {
                NameReport { signed_by: None, withheld_by: Some(role) }
            }
        });
        Ok(WhoReport { roles, name, updated })
    }

    /// Where the keys are that the collection names.
    fn places(&self, set: &TrustedSet, keys: KnownKeys) -> BTreeMap<KeyId, KeyPlace> {
        let mut inventory = Inventory::default();
        inventory.replace(self.gun, set);
        let mut places = BTreeMap::new();
        for key in inventory.report(keys.stored, keys.archived, keys.on_token) {
            let place = KeyPlace::of(&key);
            // A key that is in several places is where it can sign.
            let known = places.entry(key.id).or_insert(place);
            if !known.is_here() {
                *known = place;
            }
        }
        places
    }
}

/// The roles that may sign `name`, or any name, the highest priority first.
pub(super) fn signers_of(set: &TrustedSet, name: Option<&str>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let file_of = |role: &RoleName| set.targets_of(role);
    walk::walk(file_of, &RoleName::TARGETS, name, &[], |node, _| {
        nodes.push(node.clone());
        ControlFlow::Continue(())
    });
    nodes
}

fn signing_role(
    set: &TrustedSet,
    role: &RoleName,
    paths: Option<Vec<String>>,
    name: Option<&str>,
    places: &BTreeMap<KeyId, KeyPlace>,
) -> Result<SigningRole, Error> {
    let key_set = set.key_set(role)?;
    let file = match (set.refused().get(role), set.targets_of(role)) {
        (Some(refused), _) => PresentFile::Refused(refused.why.clone()),
        (None, None) if role.is_delegation() => PresentFile::None,
        (None, _) => PresentFile::Valid,
    };
    let has_name = name.is_some_and(|name| {
        set.targets_of(role).is_some_and(|file| file.targets.contains_key(name))
    });
    let mut by_id: BTreeMap<KeyId, SigningKey> = BTreeMap::new();
    for key in key_set.keys.values() {
        let id = key.canonical_id();
        let place = places.get(&id).copied().unwrap_or(KeyPlace::Missing);
        // Of one key with a certificate and without, the certificate tells more.
        let known = by_id.entry(id.clone()).or_insert_with(|| SigningKey {
            algorithm: Algorithm::of(key),
            certificate: None,
            id,
            place,
        });
        known.certificate = known.certificate.take().or_else(|| certificate_of(key));
    }
    let keys = by_id.into_values().collect();
    Ok(SigningRole { role: role.clone(), paths, key_set, keys, file, has_name })
}

fn certificate_of(key: &PublicKey) -> Option<CertificateReport> {
    let certificate = x509::first_certificate(key.bytes())?;
    let common_name = certificate.common_name().to_owned();
    Some(CertificateReport { common_name, expires: certificate.not_after() })
}
