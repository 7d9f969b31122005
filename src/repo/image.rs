//! Images: what Docker takes for the trusted digest of a tag.
//!
//! 1. Only `targets/releases` and then `targets` count, as with Docker's client. What other
//!    delegations have signed, also those below these two, tells who tested or approved an image, and
//!    is nothing to run; a name that is found there first is as good as not signed.
//! 2. What `targets` has signed does not count while `targets/releases`, or a role below it, may have
//!    signed the tag and cannot be read, for whatever reason. Docker's client and Go's pass over such
//!    a file that is expired or has too few signatures, with a word in the log at most, and take what
//!    `targets` has; so does `lookup` here, with a warning. That is no answer for what is run without
//!    anybody reading warnings: it may be an image that was replaced long ago.
//! 3. The digest is the SHA-256 that was signed; without one there is nothing to trust.
//! 4. A reference with tag and digest is trusted if this is the signed digest of that tag; one with a
//!    digest alone if it is that of any tag.

use super::read::TargetRow;
use super::update::Updated;
use super::{Collection, Error};
use crate::registry::reference::{Digest, Reference, Wanted};
use crate::tuf::metadata::{FileMeta, SHA256};
use crate::tuf::role::RoleName;
use crate::tuf::trusted::{Refused, TrustedSet};

/// The role that Docker looks into first.
const RELEASES: &str = "targets/releases";

/// Why an image is not trusted although its collection is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ImageError {
    /// The tag was signed without SHA-256.
    #[error("{role} signed {tag:?} without a SHA-256, by which images are found")]
    NoDigest {
        /// The tag.
        tag: String,
        /// Who signed it.
        role: RoleName,
    },
    /// The tag is found first in a role that Docker does not look into.
    #[error("{tag:?} is found in {role}, and Docker takes only what {RELEASES} or targets has")]
    NotReleased {
        /// The tag.
        tag: String,
        /// Who signed it.
        role: RoleName,
    },
    /// Another digest was signed for the tag.
    #[error("{wanted} is not the trusted digest of {tag:?}: {role} signed {trusted}")]
    OtherDigest {
        /// The tag.
        tag: String,
        /// Who signed it.
        role: RoleName,
        /// What was signed.
        trusted: Digest,
        /// What was asked for.
        wanted: Digest,
    },
    /// No tag has this digest.
    #[error("{0} is not the trusted digest of any tag")]
    Unsigned(Digest),
}

/// The trusted digest of an image.
#[derive(Debug)]
pub struct TrustedImage {
    /// The digest.
    pub digest: Digest,
    /// The tag with who signed it; of several with the digest that was asked for, the first.
    pub target: TargetRow,
}

/// What is trusted about an image.
#[derive(Debug)]
pub struct ImageReport {
    /// The digest, or why there is none.
    pub image: Result<TrustedImage, Error>,
    /// The state that was looked at.
    pub updated: Updated,
}

/// Whether Docker takes tags from this role.
pub fn is_read_by_docker(role: &RoleName) -> bool {
    *role == RoleName::TARGETS || role.as_str() == RELEASES
}

/// The roles that Docker looks into, in its order.
fn docker_roles() -> [RoleName; 2] {
    [RoleName::parse(RELEASES).expect("it is a valid name"), RoleName::TARGETS]
}

impl Collection<'_> {
    /// Tells the trusted digest of an image.
    pub fn resolve_image(&self, reference: &Reference) -> Result<ImageReport, Error> {
        match reference.wanted() {
            Wanted::Tag(tag) => self.resolve_tag(tag, reference.digest),
            Wanted::Digest(digest) => self.find_digest(digest),
        }
    }

    fn resolve_tag(&self, tag: &str, wanted: Option<Digest>) -> Result<ImageReport, Error> {
        let report = self.lookup(tag, &docker_roles())?;
        let set = &report.updated.set;
        let check = |target: TargetRow| {
            refuse_if_unread(set, &target)?;
            if !is_read_by_docker(&target.role) {
                let (tag, role) = (tag.to_owned(), target.role);
                return Err(ImageError::NotReleased { tag, role }.into());
            }
            let digest = digest_of(&target.meta).ok_or_else(|| ImageError::NoDigest {
                tag: tag.to_owned(),
                role: target.role.clone(),
            })?;
            match wanted {
                Some(wanted) if wanted != digest => Err(ImageError::OtherDigest {
                    tag: tag.to_owned(),
                    role: target.role,
                    trusted: digest,
                    wanted,
                }
                .into()),
                _ => Ok(TrustedImage { digest, target }),
            }
        };
        Ok(ImageReport { image: report.target.and_then(check), updated: report.updated })
    }

    fn find_digest(&self, digest: Digest) -> Result<ImageReport, Error> {
        let report = self.list(&docker_roles())?;
        let is_it = |target: &TargetRow| {
            is_read_by_docker(&target.role) && digest_of(&target.meta) == Some(digest)
        };
        let set = &report.updated.set;
        let mut image = None;
        for target in report.targets.into_iter().filter(is_it) {
            let found = refuse_if_unread(set, &target).map(|()| TrustedImage { digest, target });
            if image.as_ref().is_none_or(Result::is_err) {
                image = Some(found);
            }
        }
        let image = image.unwrap_or_else(|| Err(not_found(set, digest)));
        Ok(ImageReport { image, updated: report.updated })
    }
}

/// Refuses what `targets` has while a role that goes before it may have signed the tag and cannot be
/// read.
fn refuse_if_unread(set: &TrustedSet, target: &TargetRow) -> Result<(), Error> {
    let [releases, targets] = docker_roles();
    if target.role != targets {
        return Ok(());
    }
    match set.refused_signer(&target.name, &[releases]) {
        Some((role, refused)) => Err(withheld(target.name.clone(), role, refused)),
        None => Ok(()),
    }
}

/// Why no tag has this digest.
fn not_found(set: &TrustedSet, digest: Digest) -> Error {
    let [releases, _] = docker_roles();
    let is_below = |role: &RoleName| *role == releases || releases.is_ancestor_of(role);
    match set.refused().iter().find(|(role, _)| is_below(role)) {
        Some((role, refused)) => withheld(digest.to_string(), role, refused),
        None => ImageError::Unsigned(digest).into(),
    }
}

fn withheld(name: String, role: &RoleName, refused: &Refused) -> Error {
    Error::TargetWithheld { name, role: role.clone(), why: refused.why.clone() }
}

/// What is signed for a manifest of `size` bytes: its length and, as Docker does it, its SHA-256
/// alone.
pub fn describe_manifest(digest: Digest, size: u64) -> FileMeta {
    FileMeta::new(size, Some(digest.0.to_vec()), None)
}

fn digest_of(meta: &FileMeta) -> Option<Digest> {
    let hash = meta.hashes.get(SHA256)?;
    Some(Digest(hash.0.as_slice().try_into().ok()?))
}
