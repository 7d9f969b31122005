//! What the next file of a role changes, for showing it to whoever is asked to sign.

use std::collections::BTreeSet;

use crate::tuf::key::KeyId;
use crate::tuf::metadata::{FileMeta, Payload as _};
use crate::tuf::role::RoleName;
use crate::tuf::root::Root;
use crate::tuf::targets::{Delegation, Delegations, Targets};

/// What the next file of one role changes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoleDifferences {
    /// The role.
    pub role: RoleName,
    /// The version of its present file; `None` if it has none.
    pub present_version: Option<u64>,
    /// Targets that differ, by name.
    pub targets: Vec<TargetDifference>,
    /// Roles whose keys, threshold or paths differ: base roles for a root, else delegations.
    pub roles: Vec<KeysDifference>,
    /// The new order of the delegations, highest priority first, if those that stay change places.
    pub order: Option<Vec<String>>,
}

/// A target that differs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TargetDifference {
    /// Its name.
    pub name: String,
    /// What is signed now.
    pub before: Option<FileMeta>,
    /// What is to be signed.
    pub after: Option<FileMeta>,
}

/// A role whose keys, threshold or paths differ.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeysDifference {
    /// Its name.
    pub role: String,
    /// What holds now; `None` for a new one.
    pub before: Option<Signatories>,
    /// What is to hold; `None` if it goes.
    pub after: Option<Signatories>,
}

/// Who may sign a role, and which names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signatories {
    /// Canonical ids of the keys.
    pub keys: BTreeSet<KeyId>,
    /// TUF ids, which differ when a key gets another certificate.
    pub key_ids: BTreeSet<KeyId>,
    /// How many of them must sign.
    pub threshold: i64,
    /// The path prefixes of a delegation.
    pub paths: Vec<String>,
}

pub(super) fn root_differences(present: &Root, next: &Root) -> RoleDifferences {
    let signatories = |root: &Root, role: &RoleName| {
        let keys = root.key_set(role);
        Signatories {
            keys: keys.canonical_ids(),
            key_ids: keys.keys.keys().cloned().collect(),
            threshold: keys.threshold,
            paths: Vec::new(),
        }
    };
    let differences = RoleName::BASE.iter().map(|role| KeysDifference {
        role: role.as_str().to_owned(),
        before: Some(signatories(present, role)),
        after: Some(signatories(next, role)),
    });
    RoleDifferences {
        role: RoleName::ROOT,
        present_version: Some(present.version()),
        targets: Vec::new(),
        roles: differences.filter(|role| role.before != role.after).collect(),
        order: None,
    }
}

pub(super) fn targets_differences(
    role: &RoleName,
    present: Option<&Targets>,
    next: &Targets,
) -> RoleDifferences {
    let none = Targets::empty();
    let before = present.unwrap_or(&none);
    let names: BTreeSet<&String> = before.targets.keys().chain(next.targets.keys()).collect();
    let targets = names.into_iter().map(|name| TargetDifference {
        name: name.clone(),
        before: before.targets.get(name).cloned(),
        after: next.targets.get(name).cloned(),
    });
    let (old, new) = (&before.delegations, &next.delegations);
    let mut names: Vec<&str> = old.roles().iter().map(|role| role.name.as_str()).collect();
    let added = new.roles().iter().map(|role| role.name.as_str());
    let added: Vec<&str> = added.filter(|name| !names.contains(name)).collect();
    names.extend(added);
    let find = |all: &Delegations, name: &str| {
        let role = all.roles().iter().find(|role| role.name == name)?;
        Some(delegation_signatories(all, role))
    };
    let roles = names.iter().map(|name| KeysDifference {
        role: (*name).to_owned(),
        before: find(old, name),
        after: find(new, name),
    });
    RoleDifferences {
        role: role.clone(),
        present_version: present.map(Targets::version),
        targets: targets.filter(|target| target.before != target.after).collect(),
        roles: roles.filter(|role| role.before != role.after).collect(),
        order: new_order(old, new),
    }
}

fn delegation_signatories(all: &Delegations, role: &Delegation) -> Signatories {
    let keys = all.role_keys(role);
    Signatories {
        keys: keys.values().map(crate::tuf::key::PublicKey::canonical_id).collect(),
        key_ids: keys.keys().cloned().collect(),
        threshold: role.threshold,
        paths: role.paths.clone(),
    }
}

/// New delegations are expected behind all others.
fn new_order(old: &Delegations, new: &Delegations) -> Option<Vec<String>> {
    let names = |all: &Delegations| -> Vec<String> {
        all.roles().iter().map(|role| role.name.clone()).collect()
    };
    let (before, after) = (names(old), names(new));
    let mut expected: Vec<&String> = before.iter().filter(|name| after.contains(name)).collect();
    expected.extend(after.iter().filter(|name| !before.contains(name)));
    (expected.into_iter().ne(after.iter())).then(|| after.clone())
}
