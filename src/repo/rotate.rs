//! Rotation: replacing the keys of a base role.
//!
//! 1. Everything that can be checked without the new key is checked: the role, the collection, and
//!    that the keys that have to sign can be opened.
//! 2. The new key is noted as that of a rotation under way, and stored.
//! 3. The new root, and what the new keys sign, is uploaded.
//! 4. Only when the server has been seen to serve the new root, the old keys go into the archive, as
//!    far as no collection on this machine needs them, and the note goes.
//!
//! Whatever fails, all keys that could sign before can sign still. Who repeats a rotation that was
//! interrupted goes on with its new key, or finishes it if the server had accepted it already. That
//! is so for a while only: who rotates later wants another key.
//!
//! Where others have to sign the new root as well, the first two steps end with a partial publication
//! ([`super::partial`]). Uploading that is step 3, and step 4 follows if it is done on the machine that
//! has the note, or when the rotation is repeated there.
//!
//! What is staged is neither published nor lost.

mod choose;
mod work;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use time::OffsetDateTime;

use super::inventory::{Inventory, KeyUse, UnreadableCache};
use super::partial::{Preparation, PrepareReport};
use super::push::{Options, Outcome, Pushed};
use super::{Collection, Error};
use crate::keys::{Keychain, PrivateKey};
use crate::remote::{Fetch, FileName, RemoteErrorKind};
use crate::store::{NewKeysBy, StoreError};
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::role::RoleName;
use crate::tuf::trusted::TrustedSet;
use crate::tuf::verify;

use super::update::MAX_ROOT_BYTES;
use work::Rotating;

/// What is to be rotated, and how.
pub struct Rotation<'r> {
    /// A base role.
    pub role: RoleName,
    /// What replaces its keys.
    pub by: Successor,
    /// Whether root keys of the past sign as well: those of so many versions back, or of all.
    pub former_roots: Option<Option<u64>>,
    /// Whether to stop before anything is stored, signed or sent.
    pub dry_run: bool,
    /// Whether it is prepared for others, who have to sign as well.
    pub sign_only: bool,
    /// How many of the new keys have to sign; as many as before if it is not set.
    pub threshold: Option<u32>,
    /// Looks at all collections of this machine, which may need the old keys.
    pub inventory: &'r dyn Fn() -> Inventory,
}

/// What replaces the keys of a role.
pub enum Successor {
    /// A key that is made.
    Generated,
    /// Keys that were read from files.
    Imported(Vec<Arc<PrivateKey>>),
    /// A key that is made on the hardware token.
    OnToken,
    /// A key that the server makes and holds.
    Server,
    /// Keys that can be had already.
    Stored(Vec<KeyId>),
}

impl Successor {
    /// Where the keys are from.
    fn kind(&self) -> NewKeysBy {
        match self {
            Self::Generated => NewKeysBy::Generated,
            Self::Imported(_) => NewKeysBy::Imported,
            Self::OnToken => NewKeysBy::OnToken,
            Self::Server => NewKeysBy::Server,
            Self::Stored(_) => NewKeysBy::Stored,
        }
    }

    /// The keys, if it is known which ones; by canonical id.
    fn ids(&self) -> Option<BTreeSet<KeyId>> {
        match self {
            Self::Generated | Self::OnToken | Self::Server => None,
            Self::Imported(keys) => Some(keys.iter().map(|key| key.id().clone()).collect()),
            Self::Stored(ids) => Some(ids.iter().cloned().collect()),
        }
    }
}

/// A rotation that was done.
#[derive(Debug)]
pub struct RotateReport {
    /// The old keys that are in the archive now, with their files.
    pub archived: Vec<(KeyId, PathBuf)>,
    /// Old keys of this machine that stay where they are.
    pub kept: Vec<(KeyId, Kept)>,
    /// Canonical ids of the keys that the role has now; none if they would be made.
    pub keys: Vec<KeyId>,
    /// Former root keys that were to sign as well and are not here, or cannot be opened.
    pub former_keys_left_out: Vec<KeyId>,
    /// Whether the new keys are on the hardware token.
    pub on_token: bool,
    /// When an earlier attempt was begun that this one finished or went on with.
    pub resumed: Option<OffsetDateTime>,
    /// What was published.
    pub pushed: Pushed,
    /// What went wrong besides.
    pub problems: Vec<Problem>,
    /// Collections of which it is not known whether they need the old keys.
    pub unreadable: Vec<UnreadableCache>,
}

/// What became of a rotation that was to be prepared for others to sign.
#[derive(Debug)]
pub enum PreparedRotation {
    /// They can sign it.
    ForOthers {
        /// What was prepared.
        report: PrepareReport,
        /// Canonical ids of the new keys.
        keys: Vec<KeyId>,
    },
    /// They have, and it was uploaded before: the rotation is over.
    Done(RotateReport),
}

/// What became of the old keys of a rotation that others had to sign.
#[derive(Debug)]
pub struct Retired {
    /// The role that has new keys.
    pub role: RoleName,
    /// The old keys that are in the archive now, with their files.
    pub archived: Vec<(KeyId, PathBuf)>,
    /// Old keys of this machine that stay where they are.
    pub kept: Vec<(KeyId, Kept)>,
    /// What went wrong besides.
    pub problems: Vec<Problem>,
    /// Collections of which it is not known whether they need the old keys.
    pub unreadable: Vec<UnreadableCache>,
}

/// Why an old key stays where it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Kept {
    /// Collections name it.
    InUse(BTreeSet<KeyUse>),
    /// It is on the hardware token, which has no archive.
    OnToken,
    /// Not all collections can be read, so that nobody knows whether one needs it.
    Unsure,
}

/// Something that does not make a rotation fail.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// An old key is still in use on this machine, although it could go.
    #[error("the keys are rotated, but the old key could not be archived")]
    Archive(#[source] Error),
    /// The note of an earlier attempt cannot be read.
    #[error("the note of an earlier attempt is passed over")]
    Note(#[source] StoreError),
    /// The key of an earlier attempt cannot be opened.
    #[error("key {}, which an earlier attempt has made, cannot be opened; made a new one", .0.short())]
    Unopened(KeyId, #[source] Error),
}

/// Why keys cannot be replaced as wanted.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RotateError {
    /// The role has these keys already.
    #[error("{role} has {} already", keys_in_words(.keys))]
    AlreadyUsed {
        /// The role.
        role: RoleName,
        /// Canonical ids.
        keys: Vec<KeyId>,
    },
    /// Clients do not sign for this role.
    #[error("notary does not permit the client managing the {0} key")]
    NotByClient(RoleName),
    /// Servers do not sign for this role.
    #[error("notary does not permit the server managing the {0} key")]
    NotByServer(RoleName),
    /// A snapshot that no single machine could make.
    #[error(
        "snapshot cannot need signatures by {0} keys, because whoever publishes makes it at once, \
         with the keys of one machine"
    )]
    NotShared(u32),
    /// Not a role of the root.
    #[error("notary does not currently permit rotating the {0} key")]
    NotRotatable(RoleName),
    /// The threshold could not be reached any more.
    #[error("{role} needs signatures by {need} keys, but is to have {have}")]
    TooFewKeys {
        /// The role.
        role: RoleName,
        /// Its threshold.
        need: i64,
        /// The number of new keys.
        have: usize,
    },
    /// A collection that nobody has seen yet.
    #[error("the collection has never been published, so nobody knows the old key")]
    Unpublished,
}

fn keys_in_words(keys: &[KeyId]) -> String {
    let short: Vec<_> = keys.iter().map(|key| key.short()).collect();
    format!("the key{} {}", if keys.len() == 1 { "" } else { "s" }, short.join(", "))
}

/// Makes sure that such a rotation exists (`formats.md` §10.3). A partial publication never has a
/// snapshot, so `threshold` signatures of one could not be collected.
pub fn check(role: &RoleName, by_server: bool, threshold: Option<u32>) -> Result<(), RotateError> {
    if let ("snapshot", Some(threshold @ 2..)) = (role.as_str(), threshold) {
        return Err(RotateError::NotShared(threshold));
    }
    match (role.as_str(), by_server) {
        ("root" | "targets", true) => Err(RotateError::NotByServer(role.clone())),
        ("timestamp", false) => Err(RotateError::NotByClient(role.clone())),
        ("root" | "targets" | "snapshot", false) | ("snapshot" | "timestamp", true) => Ok(()),
        _ => Err(RotateError::NotRotatable(role.clone())),
    }
}

impl Collection<'_> {
    /// Replaces the keys of a role.
    pub fn rotate(
        &self,
        keychain: &mut Keychain<'_>,
        rotation: &Rotation<'_>,
    ) -> Result<RotateReport, Error> {
        check(&rotation.role, rotation.by.kind() == NewKeysBy::Server, rotation.threshold)?;
        let mut work = Rotating::new(self, rotation)?;
        let options = Options { create: false, dry_run: rotation.dry_run };
        let pushed = self.push(keychain, options, &mut work)?;
        if !work.is_confirmed && !rotation.dry_run {
            let why = match pushed.outcome {
                Outcome::Published { snapshot_version: Err(why), .. } => Some(why),
                _ => None,
            };
            return Err(Error::Unconfirmed { role: rotation.role.clone(), why });
        }
        Ok(work.report(pushed, keychain))
    }

    /// Prepares the replacement of the keys of a role for others to sign. The new key is stored, and
    /// noted as that of a rotation under way. Ends the rotation if the server has it by now.
    pub fn prepare_rotation(
        &self,
        keychain: &mut Keychain<'_>,
        rotation: &Rotation<'_>,
    ) -> Result<PreparedRotation, Error> {
        check(&rotation.role, rotation.by.kind() == NewKeysBy::Server, rotation.threshold)?;
        let mut work = Rotating::new(self, rotation)?;
        Ok(match self.prepare_work(keychain, &mut work)? {
            Preparation::ForOthers(report) => {
                let keys = work.new_ids().into_iter().collect();
                PreparedRotation::ForOthers { report, keys }
            }
            Preparation::Done(pushed) => PreparedRotation::Done(work.report(pushed, keychain)),
        })
    }

    /// Ends the rotation of `role` that others had to sign, if there is a note of one here and the
    /// collection, which is `set` now, has its new keys.
    pub(super) fn finish_rotation(
        &self,
        role: &RoleName,
        set: &TrustedSet,
        keychain: &mut Keychain<'_>,
        inventory: &dyn Fn() -> Inventory,
    ) -> Result<Option<Retired>, Error> {
        let Some(pending) = self.store.rotation(role)? else { return Ok(None) };
        let ids: BTreeSet<KeyId> = pending.new_keys.iter().map(PublicKey::canonical_id).collect();
        if !pending.awaits_others || ids != set.root().key_set(role).canonical_ids() {
            return Ok(None);
        }
        let rotation = Rotation {
            role: role.clone(),
            by: Successor::Stored(ids.into_iter().collect()),
            former_roots: None,
            dry_run: false,
            sign_only: false,
            threshold: None,
            inventory,
        };
        Ok(Some(Rotating::new(self, &rotation)?.finish(pending, set, keychain)))
    }

    /// The TUF ids of the root keys of the last `versions` roots before the present one, or of all.
    ///
    /// Nothing is trusted for being in those files: of these keys, only those take part whose
    /// certificates the present root keeps.
    fn former_root_keys(&self, present: u64, versions: Option<u64>) -> Result<Vec<KeyId>, Error> {
        let first = versions.map_or(1, |versions| present.saturating_sub(versions).max(1));
        let name = |version| FileName::Version(RoleName::ROOT, version);
        let fetches: Vec<_> = (first..present)
            .map(|version| Fetch { name: name(version), max_length: MAX_ROOT_BYTES })
            .collect();
        let mut ids = Vec::new();
        for answer in self.remote.fetch_all(&fetches) {
            match answer {
                Ok(bytes) => ids.extend(verify::declared_root_keys(&bytes)),
                // Old versions need not be there.
                Err(error) if error.kind == RemoteErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(ids)
    }
}
