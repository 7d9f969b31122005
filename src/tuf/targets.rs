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
            delegations: Delegations { roles: Some(Vec::new()), ..Delegations::default() },
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
#[serde(from = "Written")]
pub struct Delegations {
    /// The keys of all roles in the list, by TUF id.
    pub keys: BTreeMap<KeyId, PublicKey>,
    /// In the order they were added, which decides who shadows whom. Go writes `null` where the
    /// last role was removed.
    roles: Option<Vec<Delegation>>,
    /// The places of the roles in the list, by name; of two of one name the first comes first.
    #[serde(skip)]
    by_name: Vec<usize>,
}

/// Delegations in a file.
#[derive(Deserialize)]
struct Written {
    #[serde(default, deserialize_with = "null_as_default")]
    keys: BTreeMap<KeyId, PublicKey>,
    roles: Option<Vec<Delegation>>,
}

impl From<Written> for Delegations {
    fn from(Written { keys, roles }: Written) -> Self {
        let list = roles.as_deref().unwrap_or_default();
        let mut by_name: Vec<usize> = (0..list.len()).collect();
        by_name.sort_by(|a, b| list[*a].name.cmp(&list[*b].name));
        Self { keys, roles, by_name }
    }
}

impl Delegations {
    /// The roles, none for `null`.
    pub fn roles(&self) -> &[Delegation] {
        self.roles.as_deref().unwrap_or_default()
    }

    /// The role of this name; of several, which no program writes, the first.
    pub fn role(&self, name: &RoleName) -> Option<&Delegation> {
        self.place(name).map(|at| &self.roles()[self.by_name[at]])
    }

    /// The role of this name for changing all but the name.
    pub(super) fn role_mut(&mut self, name: &RoleName) -> Option<&mut Delegation> {
        let at = self.place(name)?;
        self.roles.as_mut()?.get_mut(self.by_name[at])
    }

    /// The roles for changing all but their names.
    pub(super) fn roles_mut(&mut self) -> impl Iterator<Item = &mut Delegation> {
        self.roles.iter_mut().flatten()
    }

    /// Appends a role, whose name must be new.
    pub(super) fn add_role(&mut self, role: Delegation) {
        let name = role.name.as_str();
        let list = self.roles.get_or_insert_default();
        let at = self.by_name.partition_point(|at| list[*at].name.as_str() < name);
        self.by_name.insert(at, list.len());
        list.push(role);
    }

    /// Removes the role of this name; the list becomes `null` with its last role, as Go writes it.
    pub(super) fn remove_role(&mut self, name: &RoleName) {
        while let Some(at) = self.place(name) {
            let removed = self.by_name.remove(at);
            for place in self.by_name.iter_mut().filter(|place| **place > removed) {
                *place -= 1;
            }
            if let Some(list) = &mut self.roles {
                list.remove(removed);
            }
        }
        self.roles.take_if(|list| list.is_empty());
    }

    /// Where `by_name` has the first role of this name.
    fn place(&self, name: &RoleName) -> Option<usize> {
        let list = self.roles();
        let at = self.by_name.partition_point(|at| list[*at].name.as_str() < name.as_str());
        self.by_name.get(at).is_some_and(|at| list[*at].name == name.as_str()).then_some(at)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn names(delegations: &Delegations) -> Vec<&str> {
        delegations.roles().iter().map(|role| role.name.as_str()).collect()
    }

    fn role(name: &str, threshold: i64) -> Delegation {
        Delegation { keyids: None, name: name.to_owned(), paths: Vec::new(), threshold }
    }

    #[test]
    fn roles_are_found_by_name_wherever_they_stand() {
        let written = r#"{"keys":{},"roles":[
            {"keyids":[],"name":"targets/c","threshold":1},
            {"keyids":[],"name":"targets/a","threshold":2},
            {"keyids":[],"name":"targets/c","threshold":3},
            {"keyids":[],"name":"targets/b","threshold":4}]}"#;
        let mut delegations: Delegations = serde_json::from_str(written).unwrap();
        let find = |delegations: &Delegations, name: &str| {
            let role = delegations.role(&RoleName::parse(name).unwrap());
            role.map(|role| role.threshold)
        };
        for (name, threshold) in [("targets/a", 2), ("targets/b", 4), ("targets/c", 1)] {
            assert_eq!(find(&delegations, name), Some(threshold));
        }
        assert_eq!(find(&delegations, "targets/d"), None);
        delegations.add_role(role("targets/aa", 5));
        delegations.remove_role(&RoleName::parse("targets/c").unwrap());
        delegations.remove_role(&RoleName::parse("targets/d").unwrap());
        assert_eq!(names(&delegations), ["targets/a", "targets/b", "targets/aa"]);
        for (name, threshold) in [("targets/a", 2), ("targets/b", 4), ("targets/aa", 5)] {
            assert_eq!(find(&delegations, name), Some(threshold));
        }
        for name in ["targets/a", "targets/aa", "targets/b"] {
            assert!(delegations.roles.is_some());
            delegations.remove_role(&RoleName::parse(name).unwrap());
        }
        assert_eq!(delegations, Delegations::default());
        delegations.add_role(role("targets/x", 6));
        assert_eq!(find(&delegations, "targets/x"), Some(6));
    }
}
