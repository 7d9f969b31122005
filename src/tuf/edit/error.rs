//! What can be said about an edit: notes for the publisher, and why it is not possible.

use thiserror::Error;

use crate::tuf::error::Error as MetadataError;
use crate::tuf::key::KeyId;
use crate::tuf::role::RoleName;

/// Something the publisher should know although the edit succeeded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Note {
    /// A role now has fewer keys than its threshold, so nothing it signs is accepted.
    FewerKeysThanThreshold {
        /// The role.
        role: RoleName,
        /// Its threshold.
        threshold: i64,
    },
    /// The signatures on the file of a role are not enough any more, since its keys or its threshold
    /// have changed.
    LostSignatures {
        /// The role.
        role: RoleName,
        /// Its threshold.
        need: i64,
        /// How many of its present keys have signed.
        have: u64,
        /// Canonical ids of its present keys.
        keys: Vec<KeyId>,
        /// Canonical ids of the keys that signed it and may not any more; none when the threshold
        /// has grown.
        former: Vec<KeyId>,
        /// How many targets it has, for which those vouch who sign it again.
        targets: usize,
        /// Whether it is signed again in the same publication, because enough of its keys are here.
        signed_again: bool,
    },
    /// A role that existed before under the same name.
    MadeAnew {
        /// The role.
        role: RoleName,
        /// The highest version that was accepted of the former one.
        version: u64,
        /// Canonical ids of its present keys.
        keys: Vec<KeyId>,
        /// Whether an empty file takes the place of the former one, because enough keys are here.
        begun: bool,
    },
    /// Keys were to be purged from a file that we have no key to sign.
    NotPurged {
        /// The role whose file still lists the keys.
        role: RoleName,
    },
    /// A role whose keys changed, and whose file was refused before already, so it was left as it
    /// is.
    RefusedBefore {
        /// The role.
        role: RoleName,
        /// Why its file was refused.
        why: MetadataError,
    },
}

/// Why an operation cannot be applied.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum EditError {
    /// The role to be signed again could not be accepted with the keys it has.
    #[error("{role} has {have} of the {need} keys that must sign it")]
    FewerKeysThanThreshold {
        /// The role.
        role: RoleName,
        /// Its threshold.
        need: i64,
        /// The number of its keys.
        have: usize,
    },
    /// Nobody has published into the role yet, so there is nothing that could be signed again.
    #[error("nothing has been signed in {role} yet")]
    NoFile {
        /// The role.
        role: RoleName,
    },
    /// None of the keys that may sign the role is here.
    #[error("no key that may sign {role} is here; it is signed by {}", join(.keys))]
    NoKey {
        /// The role that would have to be signed.
        role: RoleName,
        /// Canonical ids of its keys.
        keys: Vec<KeyId>,
    },
    /// A new delegation without keys.
    #[error("{role} does not exist, and a new delegation needs at least one key")]
    NoKeysForNewRole {
        /// The role.
        role: RoleName,
    },
    /// The role is not part of the collection.
    #[error("there is no role {role}")]
    NoSuchRole {
        /// The role.
        role: RoleName,
    },
    /// A delegation may not sign what its parent may not sign.
    #[error("path {path:?} of {role} is outside the paths of its parent: {}", quote(.allowed))]
    PathOutsideParent {
        /// The delegation.
        role: RoleName,
        /// The path to be added.
        path: String,
        /// The parent's effective paths.
        allowed: Vec<String>,
        /// The highest of the roles above that has no such path either.
        narrow: RoleName,
    },
    /// The role may not sign this name.
    #[error("{role} may not sign {name:?}; its paths are {}", quote(.allowed))]
    TargetOutsidePaths {
        /// The role.
        role: RoleName,
        /// The target's name.
        name: String,
        /// The role's effective paths.
        allowed: Vec<String>,
        /// The highest role that may not sign it: the role, or one above it.
        narrow: RoleName,
    },
    /// The role's present file is unusable, so it cannot be built upon.
    #[error("the present file of {role} cannot be used{}", because(.why))]
    Unusable {
        /// The role.
        role: RoleName,
        /// Why its file was refused; `None` when it is missing.
        why: Option<MetadataError>,
    },
}

fn join(ids: &[KeyId]) -> String {
    let ids: Vec<_> = ids.iter().map(KeyId::as_str).collect();
    if ids.is_empty() { "nobody".to_owned() } else { ids.join(", ") }
}

fn quote(paths: &[String]) -> String {
    let paths: Vec<_> = paths.iter().map(|path| format!("{path:?}")).collect();
    if paths.is_empty() { "none".to_owned() } else { paths.join(", ") }
}

fn because(why: &Option<MetadataError>) -> String {
    why.as_ref().map(|why| format!(": {why}")).unwrap_or_default()
}
