//! Signing: from a draft to the files that are published.
//!
//! What is signed (`formats.md` §10.2): the root if it changed, is near its expiry, or was never
//! published (then as it stands); every changed targets role, and the top-level targets on a first
//! publish; the snapshot if one of its keys is here, else the server makes it.
//!
//! There are two steps. `make` gives root and targets files their versions and the signatures of
//! the keys at hand, however few these are. `complete` lets through only what has all signatures
//! that it needs and what a fresh [`TrustedSet`](super::trusted::TrustedSet) accepts, and makes the
//! snapshot. Between the two, files may wait for the signatures of others.

mod complete;
mod first;
mod make;
mod plan;

use thiserror::Error;
use time::{Duration, OffsetDateTime};

pub use self::first::create;
pub use self::make::Made;
pub(super) use self::make::{FileSigner, add_signatures, next_version};
pub use self::plan::Plan;
use super::error::Error as MetadataError;
use super::json::MAX_EXACT;
use super::key::{KeyId, SigningFailed};
use super::role::RoleName;

/// How long a root is valid from its signing.
pub const ROOT_VALIDITY: Duration = Duration::days(3650);
/// How long targets, delegations and snapshots are valid from their signing.
pub const TARGETS_VALIDITY: Duration = Duration::days(1095);
/// How long before its expiry a root is signed again, and users are warned.
pub const NEAR_EXPIRY: Duration = Duration::days(183);

/// Versions above this cannot be told apart by the double arithmetic of the canonical form.
const MAX_VERSION: u64 = MAX_EXACT.cast_unsigned();

/// Why a file could not be signed.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum SignError {
    /// A key failed to sign.
    #[error(transparent)]
    Key(#[from] SigningFailed),
    /// Too few keys of the role are here.
    #[error("{role} needs signatures by {need} of its keys, but only {have} could sign")]
    NotEnoughKeys {
        /// The role.
        role: RoleName,
        /// The threshold.
        need: u64,
        /// Distinct keys that signed.
        have: u64,
        /// Canonical ids of all keys of the role.
        keys: Vec<KeyId>,
    },
    /// What was made would not be accepted; a mistake of this program or of the draft.
    #[error("the new metadata would not be accepted")]
    SelfCheck(#[source] MetadataError),
    /// The version cannot be increased any more.
    #[error("{role} has reached the highest version there is")]
    VersionLimit {
        /// The role.
        role: RoleName,
    },
}

/// A file to be published, and who signed it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OutgoingFile {
    /// Whose file it is.
    pub role: RoleName,
    /// Its version.
    pub version: u64,
    /// The bytes that were hashed, checked, and are to be stored and sent.
    pub bytes: Vec<u8>,
    /// Canonical ids of the keys whose signatures it has.
    pub signed_by: Vec<KeyId>,
    /// Canonical ids of the keys that its role has.
    pub keys: Vec<KeyId>,
    /// How many of them must sign.
    pub threshold: u64,
    /// The last moment of validity.
    pub expires: OffsetDateTime,
}

/// One complete update of a collection.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Root first, then targets roles in the order of their first change, snapshot last.
    pub files: Vec<OutgoingFile>,
    /// Whether the snapshot is left to the server.
    pub server_makes_snapshot: bool,
}
