//! What the engine can find wrong, one variant per attack or state, with the facts as data.
//!
//! No variant carries advice: hints are added at the edge of the program. Where text written by a
//! stranger is part of a variant it is kept raw; printing escapes it.

use thiserror::Error;
use time::OffsetDateTime;

use super::canonical::CanonicalError;
use super::key::KeyId;
use super::pin::PinError;
use super::role::RoleName;
use super::x509::CertificateProblem;

/// Why metadata is not accepted.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum Error {
    /// A delegation key is a certificate that may not be used (`formats.md` §3.4).
    #[error("key {key_id} of {role} is a certificate that cannot be used: {problem}")]
    Certificate {
        /// The role that lists the key.
        role: RoleName,
        /// The TUF id of the key.
        key_id: KeyId,
        /// What is wrong with the certificate.
        problem: CertificateProblem,
    },
    /// The file is past its expiry.
    #[error("{role} expired at {at}")]
    Expired {
        /// The expired role.
        role: RoleName,
        /// Its last moment.
        at: OffsetDateTime,
    },
    /// The bytes are not those that the referring file describes.
    #[error("{algorithm} checksum of {role} does not match: expected {expected}")]
    HashMismatch {
        /// The role whose file differs.
        role: RoleName,
        /// The first algorithm that differs.
        algorithm: &'static str,
        /// Hex of the hash in the referring file.
        expected: String,
    },
    /// A signature names a key whose content has another id.
    #[error("a signature of {role} names key {key_id}, but the key of that name has another id")]
    KeyIdMismatch {
        /// The signed role.
        role: RoleName,
        /// The id in the signature.
        key_id: KeyId,
    },
    /// The file is not metadata.
    #[error("{role} is malformed: {why}")]
    Malformed {
        /// The role the file was to be.
        role: RoleName,
        /// What is wrong with its form.
        why: Malformation,
    },
    /// The referring file has no checksum that could be verified.
    #[error("there is no usable checksum for {role}")]
    NoKnownHash {
        /// The role without checksum.
        role: RoleName,
    },
    /// Nobody signed the file.
    #[error("{role} has no signatures")]
    NoSignatures {
        /// The unsigned role.
        role: RoleName,
    },
    /// No delegation with this name exists in the collection.
    #[error("there is no delegation {role}")]
    NotDelegated {
        /// The role asked for.
        role: RoleName,
    },
    /// Files were offered in an order that cannot be verified; a mistake of this program.
    #[error("{role} was offered before the files that vouch for it")]
    OutOfOrder {
        /// The role that came too early or twice.
        role: RoleName,
    },
    /// What is offered has more bytes than the referring file describes, or than anybody reads.
    #[error("the file of {role} is longer than {limit} bytes, so it is not the described one")]
    Oversized {
        /// The role whose file it was to be.
        role: RoleName,
        /// The most bytes that it could have.
        limit: u64,
    },
    /// The root does not agree with what the user pinned.
    #[error(transparent)]
    Pin(#[from] PinError),
    /// A version below one that was already accepted.
    #[error("{role} has version {found}, but version {trusted} was already accepted")]
    Rollback {
        /// The role that went back.
        role: RoleName,
        /// The version seen before.
        trusted: u64,
        /// The version offered now.
        found: u64,
    },
    /// No root key is a certificate that may sign for this collection.
    #[error("no root certificate can be used for this collection{}", list_certificates(.refused))]
    RootCertificates {
        /// The certificates that were there: common name and reason.
        refused: Vec<(String, Option<CertificateProblem>)>,
    },
    /// The root is not signed by the certificates it lists itself.
    #[error("the root is not signed by its own root keys")]
    RootIntegrity,
    /// The root is not signed by the root keys that were trusted before.
    #[error("the new root is not signed by the root keys trusted so far")]
    RootRotation,
    /// Too few keys of the role have signed.
    #[error("{role} is signed by {have} of the {need} required keys")]
    Threshold {
        /// The under-signed role.
        role: RoleName,
        /// The threshold.
        need: u64,
        /// Distinct keys with a valid signature.
        have: u64,
    },
    /// The snapshot does not describe a delegation any more that had a file.
    #[error("the snapshot does not mention {role} any more, whose version {version} was accepted")]
    Vanished {
        /// The delegation.
        role: RoleName,
        /// The version seen before.
        version: u64,
    },
    /// A version of the root chain has another number than it was fetched under.
    #[error("root version {wanted} was asked for, but the file says version {found}")]
    WrongVersion {
        /// The number asked for.
        wanted: u64,
        /// The number in the file.
        found: u64,
    },
}

impl Error {
    /// Whether a server or a network could cause this error with files that the publisher signed
    /// correctly: bytes that differ from what the snapshot describes, or are described no more.
    pub fn is_substitution(&self) -> bool {
        matches!(
            self,
            Self::HashMismatch { .. }
                | Self::Oversized { .. }
                | Self::Rollback { .. }
                | Self::Vanished { .. }
        )
    }

    /// Whether this is what anybody can make who has no key of the role.
    pub fn is_unsigned(&self) -> bool {
        matches!(
            self,
            Self::KeyIdMismatch { .. }
                | Self::Malformed { .. }
                | Self::NoSignatures { .. }
                | Self::Threshold { .. }
        )
    }
}

fn list_certificates(refused: &[(String, Option<CertificateProblem>)]) -> String {
    let mut out = String::new();
    if refused.is_empty() {
        out.push_str("; there is none but those of authorities");
    }
    for (name, problem) in refused {
        let reason = match problem {
            Some(problem) => problem.to_string(),
            None => "it is for another collection".to_owned(),
        };
        out.push_str(&format!("; certificate `{name}`: {reason}"));
    }
    out
}

/// How a file fails to be metadata of its role.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum Malformation {
    /// The name of a delegated role is not a direct child of the delegating one.
    #[error("delegation role {0:?} is not a role directly below it")]
    DelegationName(String),
    /// What is signed has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// Not JSON, or not of the expected shape.
    #[error("{0}")]
    Json(String),
    /// A required checksum is missing or has the wrong length.
    #[error("the {algorithm} checksum of {entry} is missing or has the wrong length")]
    MissingHash {
        /// The role that is described.
        entry: RoleName,
        /// The algorithm.
        algorithm: &'static str,
    },
    /// A base role is missing from the root.
    #[error("role {0} is not specified")]
    MissingRole(RoleName),
    /// A threshold below one.
    #[error("role {role} has the threshold {threshold}")]
    Threshold {
        /// The role that is specified.
        role: String,
        /// The threshold.
        threshold: i64,
    },
    /// The `_type` member is another one.
    #[error("expected type {expected}, not {found:?}")]
    Type {
        /// The type of such a role.
        expected: &'static str,
        /// The type in the file.
        found: String,
    },
    /// A role lists a key that the file does not contain.
    #[error("role {role} lists key {key_id}, which is not there")]
    UnknownKey {
        /// The role that is specified.
        role: String,
        /// The id without a key.
        key_id: KeyId,
    },
    /// A version below one.
    #[error("the version is less than one")]
    Version,
}
