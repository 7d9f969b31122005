//! The root file: which keys sign for the four base roles.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::Malformation;
use super::key::{KeyId, PublicKey};
use super::metadata::{Expires, Payload, RoleKeys, check_role, common_members};
use super::role::RoleName;
use super::verify::KeySet;

/// The payload of `root.json` (`formats.md` §4.3).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Root {
    #[serde(rename = "_type")]
    declared_type: String,
    /// Always false in Notary's dialect; kept as read.
    #[serde(default)]
    pub consistent_snapshot: bool,
    expires: Expires,
    /// All keys by TUF id. Root certificates stay here for ever, also after rotation.
    pub keys: BTreeMap<KeyId, PublicKey>,
    /// The base roles, and any other names, which are kept and not used.
    pub roles: BTreeMap<String, RoleKeys>,
    version: u64,
}

impl Root {
    /// A root that names one key for each base role and has never been signed.
    pub fn new(keys: [(RoleName, PublicKey); 4]) -> Self {
        let mut root = Self {
            declared_type: Self::TYPE.to_owned(),
            consistent_snapshot: false,
            expires: Expires(time::OffsetDateTime::UNIX_EPOCH),
            keys: BTreeMap::new(),
            roles: BTreeMap::new(),
            version: 0,
        };
        for (role, key) in keys {
            root.set_role(&role, [key]);
        }
        root
    }

    /// The keys and threshold of a base role.
    pub fn role(&self, role: &RoleName) -> Option<&RoleKeys> {
        self.roles.get(role.as_str())
    }

    /// The public keys of a base role, by TUF id.
    pub fn role_keys(&self, role: &RoleName) -> BTreeMap<KeyId, PublicKey> {
        let ids = self.role(role).map(RoleKeys::key_ids).unwrap_or_default();
        ids.iter().filter_map(|id| Some((id.clone(), self.keys.get(id)?.clone()))).collect()
    }

    /// The keys and the threshold of a base role.
    pub fn key_set(&self, role: &RoleName) -> KeySet {
        let threshold = self.role(role).map_or(0, |keys| keys.threshold);
        KeySet { role: role.clone(), keys: self.role_keys(role), threshold }
    }

    /// Has so many keys of a base role sign from now on.
    pub fn set_threshold(&mut self, role: &RoleName, threshold: i64) {
        if let Some(keys) = self.roles.get_mut(role.as_str()) {
            keys.threshold = threshold;
        }
    }

    /// Replaces the keys of a base role, keeping its threshold.
    ///
    /// Keys that no role names any more are dropped, except root certificates: clients that are
    /// several versions behind need them (`formats.md` §13.1, R8).
    pub fn set_role(&mut self, role: &RoleName, keys: impl IntoIterator<Item = PublicKey>) {
        let old = self.roles.remove(role.as_str());
        let threshold = old.as_ref().map_or(1, |old| old.threshold);
        let mut ids = Vec::new();
        for key in keys {
            ids.push(key.id());
            self.keys.insert(key.id(), key);
        }
        self.roles.insert(role.as_str().to_owned(), RoleKeys::new(ids, threshold));
        if *role != RoleName::ROOT {
            for id in old.iter().flat_map(RoleKeys::key_ids) {
                if !self.roles.values().any(|role| role.key_ids().contains(id)) {
                    self.keys.remove(id);
                }
            }
        }
    }
}

impl Payload for Root {
    const TYPE: &'static str = "Root";

    common_members!();

    fn check_content(&self, _: &RoleName) -> Result<(), Malformation> {
        for role in RoleName::BASE {
            let keys = self.role(&role).ok_or(Malformation::MissingRole(role.clone()))?;
            check_role(role.as_str(), keys.key_ids(), keys.threshold, &self.keys)?;
        }
        Ok(())
    }
}
