//! Targets files, the top-level one and those of delegations: named files and further delegations.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::error::Malformation;
use super::key::{KeyId, PublicKey};
use super::metadata::{Expires, FileMeta, Payload, check_role, common_members, null_as_default};
use super::role::RoleName;

/// The payload of `targets.json` and of every delegation file (`formats.md` §4.4).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Targets {
    #[serde(rename = "_type")]
    declared_type: String,
    /// The roles below this one.
    #[serde(default)]
    pub delegations: Delegations,
    expires: Expires,
    /// The signed files by name; names are arbitrary strings.
    #[serde(default, deserialize_with = "null_as_default")]
    pub targets: BTreeMap<String, FileMeta>,
    version: u64,
}

impl Targets {
    /// A file without targets that has never been signed.
    pub fn empty() -> Self {
        Self {
            declared_type: Self::TYPE.to_owned(),
            delegations: Delegations { keys: BTreeMap::new(), roles: Some(Vec::new()) },
            expires: Expires(time::OffsetDateTime::UNIX_EPOCH),
            targets: BTreeMap::new(),
            version: 0,
        }
    }
}

impl Payload for Targets {
    const TYPE: &'static str = "Targets";

    common_members!();

    fn check_content(&self, role: &RoleName) -> Result<(), Malformation> {
        for delegation in self.delegations.roles() {
            let name = RoleName::parse(&delegation.name).ok();
            if name.as_ref().and_then(RoleName::parent).as_ref() != Some(role) {
                return Err(Malformation::DelegationName(delegation.name.clone()));
            }
            let (ids, threshold) = (delegation.key_ids(), delegation.threshold);
            check_role(&delegation.name, ids, threshold, &self.delegations.keys)?;
        }
        Ok(())
    }
}

/// The roles directly below a targets role, and their keys.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Delegations {
    /// The keys of all roles in the list, by TUF id.
    #[serde(default, deserialize_with = "null_as_default")]
    pub keys: BTreeMap<KeyId, PublicKey>,
    /// In the order they were added, which decides who shadows whom. Go writes `null` where the
    /// last role was removed.
    pub roles: Option<Vec<Delegation>>,
}

impl Delegations {
    /// The roles, none for `null`.
    pub fn roles(&self) -> &[Delegation] {
        self.roles.as_deref().unwrap_or_default()
    }

    /// The role of this name.
    pub fn role(&self, name: &RoleName) -> Option<&Delegation> {
        self.roles().iter().find(|role| role.name == name.as_str())
    }

    /// The public keys of one of the roles, by TUF id.
    pub fn role_keys(&self, role: &Delegation) -> BTreeMap<KeyId, PublicKey> {
        let ids = role.key_ids().iter();
        ids.filter_map(|id| Some((id.clone(), self.keys.get(id)?.clone()))).collect()
    }

    /// Drops the keys that no role of the list names any more.
    pub fn remove_unused_keys(&mut self) {
        let roles = self.roles.iter().flatten();
        let used: BTreeSet<_> = roles.flat_map(|role| role.key_ids()).collect();
        self.keys.retain(|id, _| used.contains(id));
    }
}

/// One delegated role as its parent describes it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Delegation {
    /// TUF ids in the order they were added; Go writes `null` where the last was removed.
    pub keyids: Option<Vec<KeyId>>,
    /// The full name, for instance `targets/releases`.
    pub name: String,
    /// Prefixes of the target names that the role may sign; `""` means all, none means nothing.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// How many of the keys must sign; at least one in valid metadata.
    pub threshold: i64,
}

impl Delegation {
    /// The ids, none for `null`.
    pub fn key_ids(&self) -> &[KeyId] {
        self.keyids.as_deref().unwrap_or_default()
    }
}
