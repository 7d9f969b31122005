//! Whether an update is accepted.
//!
//! The rules (`formats.md` §11.1), in this order; what is uploaded is judged by the trusted set
//! that readers use, which is what makes the outcome readable:
//!
//! 1. A timestamp is not looked at, since the server makes it.
//! 2. A first root has version 1, or 2 when a key was rotated before the first publication. Any
//!    other has the next version, or the present one, which then counts as a lost race; it follows
//!    the published one by the rules for roots. Without a published root there must be one in the
//!    update.
//! 3. No file has members besides `signed` and `signatures`.
//! 4. The top-level targets are signed by the keys in the root, those that are uploaded as well as
//!    those that stay.
//! 5. Uploaded delegations are judged parents first; parents that are not uploaded are those that
//!    are stored, even if they have expired.
//! 6. A snapshot in the update describes exactly the root and targets files that are uploaded, and
//!    the newest ones that are stored for all other roles in it. Without one the server makes it,
//!    if it has the key.
//! 7. The server makes the timestamp.
//!
//! That versions increase is seen to by the storage.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde::de::IgnoredAny;
use time::OffsetDateTime;

use super::storage::{NewFile, StoredFile, Update};
use super::{Service, ServiceError, new_file, payload, verifier};
use crate::tuf::error::Error as TrustError;
use crate::tuf::metadata::Payload as _;
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::root_trust::TrustedRoot;
use crate::tuf::serve;
use crate::tuf::snapshot::{Snapshot, Timestamp};
use crate::tuf::trusted::TrustedSet;
use crate::tuf::verify;

/// What a publisher sends: the file of each role.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Upload(BTreeMap<RoleName, Vec<u8>>);

impl Upload {
    /// Puts an update together; of several files of a role the last one counts.
    pub fn new(files: impl IntoIterator<Item = (RoleName, Vec<u8>)>) -> Self {
        let mut files: BTreeMap<_, _> = files.into_iter().collect();
        files.remove(&RoleName::TIMESTAMP);
        Self(files)
    }

    /// Whether it has a file of this role.
    pub fn contains(&self, role: &RoleName) -> bool {
        self.0.contains_key(role)
    }
}

/// Why an update is refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct Invalid {
    /// In which part of it.
    pub kind: InvalidKind,
    /// The reason.
    pub message: String,
}

/// The part of an update that is wrong, as the protocol names it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum InvalidKind {
    /// A file that others need is missing.
    Hierarchy,
    /// The root.
    Root,
    /// The snapshot.
    Snapshot,
    /// The targets or a delegation.
    Targets,
    /// The update as a whole.
    Update,
}

impl fmt::Display for InvalidKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hierarchy => "ErrBadHierarchy",
            Self::Root => "ErrBadRoot",
            Self::Snapshot => "ErrBadSnapshot",
            Self::Targets => "ErrBadTargets",
            Self::Update => "ErrValidation",
        })
    }
}

impl InvalidKind {
    fn because(self, why: impl fmt::Display) -> ServiceError {
        Invalid { kind: self, message: why.to_string() }.into()
    }

    /// The kind of fault that something wrong with this role's file is.
    fn of(role: &RoleName) -> Self {
        match role.as_str() {
            "root" => Self::Root,
            "snapshot" => Self::Snapshot,
            _ => Self::Targets,
        }
    }
}

impl NewFile {
    /// A file and what it is known by.
    pub fn new(role: RoleName, version: u64, bytes: Vec<u8>) -> Self {
        let sha256 = HEXLOWER.encode(digest::digest(&digest::SHA256, &bytes).as_ref());
        Self { role, version, sha256, bytes }
    }
}

impl Service {
    /// Judges an update of the collection whose timestamp is `present`; returns all files that are
    /// to be stored.
    pub(super) fn judge(
        &self,
        gun: &Gun,
        upload: &Upload,
        present: Option<&StoredFile>,
        now: OffsetDateTime,
    ) -> Result<Update, ServiceError> {
        let root = self.judge_root(gun, upload.0.get(&RoleName::ROOT), now)?;
        for (role, bytes) in &upload.0 {
            check_members(role, bytes)?;
        }
        let mut set = TrustedSet::for_upload(root, Some(now));
        self.judge_targets(gun, upload, &mut set)?;

        let mut files: Vec<NewFile> = Vec::new();
        let snapshot = match upload.0.get(&RoleName::SNAPSHOT) {
            Some(bytes) => {
                self.judge_snapshot(gun, upload, &mut set, bytes)?;
                bytes.clone()
            }
            None => {
                let made = self.make_snapshot(gun, &set, now)?;
                files.push(made.clone());
                made.bytes
            }
        };
        files.push(self.make_timestamp(gun, set.root(), &snapshot, present, now)?);

        let uploaded = upload.0.iter().map(|(role, bytes)| {
            let version = verify::declared_version(bytes);
            // Everything that was judged has one.
            let version = version.ok_or_else(|| InvalidKind::of(role).because("no version"))?;
            Ok(NewFile::new(role.clone(), version, bytes.clone()))
        });
        let mut all = uploaded.collect::<Result<Vec<_>, ServiceError>>()?;
        all.append(&mut files);
        Ok(Update { after: present.map(|stored| stored.file.sha256.clone()), files: all })
    }

    fn judge_root(
        &self,
        gun: &Gun,
        uploaded: Option<&Vec<u8>>,
        now: OffsetDateTime,
    ) -> Result<TrustedRoot, ServiceError> {
        let published = self.root(gun, now)?;
        let Some(bytes) = uploaded else {
            let why = "no pre-existing root and no root provided in update.";
            return published.ok_or_else(|| InvalidKind::Update.because(why));
        };
        let bad = |why: TrustError| InvalidKind::Root.because(why);
        let present = published.as_ref().map_or(1, |root| root.root().version());
        let version = verify::declared_version(bytes).unwrap_or_default();
        if version != present && version.checked_sub(1) != Some(present) {
            let why = format!(
                "Root modifications must increment the version. Current {present}, new {version}"
            );
            return Err(InvalidKind::Root.because(why));
        }
        match &published {
            None => verifier(gun, now).accept_first(bytes, 0).map_err(bad),
            Some(published) => {
                verifier(gun, now).accept_successor(published, bytes, 0).map_err(bad)
            }
        }
    }

    fn judge_targets(
        &self,
        gun: &Gun,
        upload: &Upload,
        set: &mut TrustedSet,
    ) -> Result<(), ServiceError> {
        let bad = |why: TrustError| InvalidKind::Targets.because(why);
        match upload.0.get(&RoleName::TARGETS) {
            Some(bytes) => set.load_targets(bytes).map_err(bad)?,
            None => self.load_stored(gun, &RoleName::TARGETS, set)?,
        }
        // In the order of their names, parents come before children.
        for (role, bytes) in upload.0.iter().filter(|(role, _)| role.is_delegation()) {
            let parent = role.parent().unwrap_or(RoleName::TARGETS);
            self.load_stored(gun, &parent, set)?;
            set.load_delegation(role, bytes).map_err(bad)?;
        }
        Ok(())
    }

    /// Loads the newest stored file of a role and of those above it, where there are any that the
    /// set does not have. They may have expired.
    fn load_stored(
        &self,
        gun: &Gun,
        role: &RoleName,
        set: &mut TrustedSet,
    ) -> Result<(), ServiceError> {
        if set.targets().contains_key(role) {
            return Ok(());
        }
        let mut earlier = TrustedSet::for_upload(set.root().clone(), None);
        if let Some(parent) = role.parent() {
            self.load_stored(gun, &parent, set)?;
            if let Some(file) = set.targets().get(&parent) {
                earlier.adopt(&parent, file.clone());
            }
        }
        let Some(stored) = self.stored(gun, role)? else { return Ok(()) };
        let loaded = match role.is_delegation() {
            true => earlier.load_delegation(role, &stored.file.bytes),
            false => earlier.load_targets(&stored.file.bytes),
        };
        loaded.map_err(|why| {
            let why = format!("the published {role} does not fit any more: {why}");
            InvalidKind::Targets.because(why)
        })?;
        if let Some(file) = earlier.targets().get(role) {
            set.adopt(role, file.clone());
        }
        Ok(())
    }

    fn judge_snapshot(
        &self,
        gun: &Gun,
        upload: &Upload,
        set: &mut TrustedSet,
        bytes: &[u8],
    ) -> Result<(), ServiceError> {
        let bad = |why: String| InvalidKind::Snapshot.because(why);
        set.load_snapshot(bytes).map_err(|why| bad(why.to_string()))?;
        let Some(snapshot) = set.snapshot() else { return Ok(()) };
        let stored: BTreeSet<_> = self.storage.newest_hashes(gun)?.into_iter().collect();
        for (name, meta) in &snapshot.payload().meta {
            let role = RoleName::parse(name).map_err(|error| bad(error.to_string()))?;
            let is_known = meta.sha256().is_some_and(|hash| stored.contains(&(role.clone(), hash)));
            if !is_known && !upload.contains(&role) {
                return Err(bad(format!("it describes a file of {role} that is not here")));
            }
        }
        Ok(())
    }

    fn make_snapshot(
        &self,
        gun: &Gun,
        set: &TrustedSet,
        now: OffsetDateTime,
    ) -> Result<NewFile, ServiceError> {
        let keys = set.root().key_set(&RoleName::SNAPSHOT);
        let signers = self.keys.signers(&*self.storage, gun, &keys, now)?;
        if signers.is_empty() {
            let why = "no snapshot was included in update and server does not hold current \
                       snapshot key for repository";
            return Err(InvalidKind::Hierarchy.because(why));
        }
        if !set.targets().contains_key(&RoleName::TARGETS) {
            return Err(InvalidKind::Hierarchy.because("there are no targets"));
        }
        let stored = self.stored(gun, &RoleName::SNAPSHOT)?;
        let previous: Option<Snapshot> = stored.as_ref().map(payload).transpose()?;
        let file = serve::snapshot(set, previous.as_ref(), &signers, now)?;
        Ok(new_file(&RoleName::SNAPSHOT, &file))
    }

    fn make_timestamp(
        &self,
        gun: &Gun,
        root: &TrustedRoot,
        snapshot: &[u8],
        present: Option<&StoredFile>,
        now: OffsetDateTime,
    ) -> Result<NewFile, ServiceError> {
        let keys = root.key_set(&RoleName::TIMESTAMP);
        let signers = self.keys.signers(&*self.storage, gun, &keys, now)?;
        if signers.is_empty() {
            return Err(InvalidKind::Root.because("no timestamp keys exist on the server"));
        }
        let previous: Option<Timestamp> = present.map(payload).transpose()?;
        let version = previous.map_or(0, |previous| previous.version());
        let file = serve::timestamp(root, snapshot, version, &signers, now)?;
        Ok(new_file(&RoleName::TIMESTAMP, &file))
    }
}

/// Checks that there is nothing in a file besides what is signed and the signatures.
///
/// Go clients write what they read anew before they hash it. With anything else in a file, they
/// could never read the collection again.
fn check_members(role: &RoleName, bytes: &[u8]) -> Result<(), ServiceError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "that there are no others is all that matters")]
    struct Members {
        signed: IgnoredAny,
        #[serde(default)]
        signatures: IgnoredAny,
    }
    let members = serde_json::from_slice::<Members>(bytes);
    members.map(drop).map_err(|error| InvalidKind::of(role).because(error))
}
