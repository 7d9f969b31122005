//! Version floors: what was accepted before, so that nothing older is accepted again.
//!
//! 1. The floor of a role is the highest version that was ever accepted.
//! 2. With it are kept the canonical ids of the keys that vouched for that version. When the role
//!    lists none of them any more, the floor starts anew (TUF 5.3.11): otherwise whoever once had a
//!    key could sign the highest version there is, and nobody could ever follow it. The root cannot
//!    go back, so neither can the keys.
//! 3. The root's floor depends on no keys, since each root vouches for the next. Nor does one that
//!    was noted without keys, until a file of that version is accepted again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::key::KeyId;
use super::role::RoleName;
use super::verify::KeySet;

/// The floor of one role.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(from = "Written", into = "Written")]
struct Floor {
    version: u64,
    /// Canonical ids; none when they are not known.
    keys: BTreeSet<KeyId>,
}

/// A floor in a file.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Written {
    Version(u64),
    Vouched { version: u64, keys: BTreeSet<KeyId> },
}

impl From<Written> for Floor {
    fn from(written: Written) -> Self {
        match written {
            Written::Version(version) => Self { version, keys: BTreeSet::new() },
            Written::Vouched { version, keys } => Self { version, keys },
        }
    }
}

impl From<Floor> for Written {
    fn from(Floor { version, keys }: Floor) -> Self {
        if keys.is_empty() { Self::Version(version) } else { Self::Vouched { version, keys } }
    }
}

/// The highest version of each role that was ever accepted; they only grow as long as the role
/// keeps one of the keys that vouched for it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Floors {
    floors: BTreeMap<RoleName, Floor>,
    /// Those that were given up, for giving them up on disk, too.
    #[serde(skip)]
    given_up: BTreeMap<RoleName, Floor>,
}

impl Floors {
    /// The highest version of `role` that was ever accepted, 0 if none was.
    pub fn of(&self, role: &RoleName) -> u64 {
        self.floors.get(role).map_or(0, |floor| floor.version)
    }

    /// The lowest version that is still acceptable of the role with these keys.
    pub(super) fn under(&self, keys: &KeySet) -> u64 {
        if self.is_void(keys) { 0 } else { self.of(&keys.role) }
    }

    /// Whether so many of the keys that vouched for the floor are still listed that a file which
    /// they sign is accepted.
    pub(super) fn stands(&self, keys: &KeySet) -> bool {
        let Some(floor) = self.floors.get(&keys.role).filter(|floor| floor.version > 0) else {
            return false;
        };
        let vouching = keys.canonical_ids().intersection(&floor.keys).count();
        floor.keys.is_empty() || keys.are_enough(vouching)
    }

    fn is_void(&self, keys: &KeySet) -> bool {
        self.floors.get(&keys.role).is_some_and(|floor| {
            !floor.keys.is_empty() && floor.keys.is_disjoint(&keys.canonical_ids())
        })
    }

    /// Gives up the floor of the role if none of the keys that vouched for it is left.
    pub(super) fn judge(&mut self, keys: &KeySet) {
        if self.is_void(keys)
            && let Some(floor) = self.floors.remove(&keys.role)
        {
            self.given_up.insert(keys.role.clone(), floor);
        }
    }

    /// Notes that `version` of `role` was accepted, whoever signed it.
    pub fn raise(&mut self, role: &RoleName, version: u64) {
        self.raise_to(role, &Floor { version, keys: BTreeSet::new() });
    }

    /// Notes that `version` was accepted of the role with these keys, of which those with the TUF
    /// ids in `signed_by` vouch for it.
    pub(super) fn vouched(&mut self, keys: &KeySet, version: u64, signed_by: &BTreeSet<KeyId>) {
        self.judge(keys);
        let keys_of_floor = keys.canonical_ids_of(signed_by);
        self.raise_to(&keys.role, &Floor { version, keys: keys_of_floor });
    }

    /// Notes that `version` was accepted earlier and that keys with these canonical ids vouch for
    /// it; without one that the role has now, this says nothing.
    pub(super) fn vouched_earlier(&mut self, now: &KeySet, version: u64, by: BTreeSet<KeyId>) {
        if !by.is_disjoint(&now.canonical_ids()) {
            self.raise_to(&now.role, &Floor { version, keys: by });
        }
    }

    fn raise_to(&mut self, role: &RoleName, other: &Floor) {
        match self.floors.get_mut(role) {
            Some(floor) if other.version < floor.version => {}
            Some(floor) if other.version == floor.version => {
                floor.keys.extend(other.keys.iter().cloned());
            }
            _ => {
                self.floors.insert(role.clone(), other.clone());
            }
        }
    }

    /// The same without those of some roles, which begin anew.
    pub fn without(mut self, roles: &[RoleName]) -> Self {
        for role in roles {
            self.given_up.extend(self.floors.remove_entry(role));
        }
        self
    }

    /// The higher floor of both for every role, apart from those that the other has given up.
    pub fn merged(&self, other: &Self) -> Self {
        let mut merged = self.clone();
        for (role, old) in &other.given_up {
            let is_old =
                |floor: &Floor| floor.version <= old.version && floor.keys.is_subset(&old.keys);
            if merged.floors.get(role).is_some_and(is_old) {
                merged.floors.remove(role);
            }
        }
        for (role, floor) in &other.floors {
            merged.raise_to(role, floor);
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floors_without_keys_are_plain_numbers_and_others_name_them() {
        let text = r#"{"root":3,"targets":{"version":7,"keys":["ab","cd"]}}"#;
        let floors: Floors = serde_json::from_str(text).unwrap();
        assert_eq!((floors.of(&RoleName::ROOT), floors.of(&RoleName::TARGETS)), (3, 7));
        assert_eq!(serde_json::to_string(&floors).unwrap(), text);
        for damaged in [r#"{"root":-1}"#, r#"{"root":{"version":1}}"#, r#"{"nonsense":1}"#] {
            assert!(serde_json::from_str::<Floors>(damaged).is_err(), "{damaged}");
        }
    }
}
