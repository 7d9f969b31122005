//! Rotations of keys that were begun and are not known to be done.
//!
//! Before the new key of a rotation is stored, its id is noted in `rotation-<role>.json`, which the
//! Go program does not know, and the note goes when the old key is in the archive. So whoever
//! repeats a rotation after an interruption finishes it instead of making one more key.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{FileStore, StoreError};
use crate::fsutil;
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::role::RoleName;

/// Much more than the ids of a few keys.
const MAX_BYTES: u64 = 1 << 20;

/// A rotation under way.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PendingRotation {
    /// When it was begun.
    #[serde(with = "time::serde::rfc3339")]
    pub begun: OffsetDateTime,
    /// Where the new keys are from.
    pub by: NewKeysBy,
    /// The keys that the role is to get, as the root is to name them.
    pub new_keys: Vec<PublicKey>,
    /// Canonical ids of the keys that it had.
    pub old_keys: BTreeSet<KeyId>,
    /// Whether the user has been told that it was done; what is left then is to archive old keys.
    #[serde(default)]
    pub is_told: bool,
    /// Whether others have to sign as well, which may take days.
    #[serde(default)]
    pub awaits_others: bool,
}

/// Where the new keys of a rotation are from.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NewKeysBy {
    /// Made for it and put into the key store.
    Generated,
    /// Read from files.
    Imported,
    /// Made for it on the hardware token.
    OnToken,
    /// Made and held by the server.
    Server,
    /// Chosen among the keys that were there.
    Stored,
}

impl FileStore {
    fn rotation_file(&self, role: &RoleName) -> PathBuf {
        self.directory.join(format!("rotation-{role}.json"))
    }

    pub(super) fn read_rotation(
        &self,
        role: &RoleName,
    ) -> Result<Option<PendingRotation>, StoreError> {
        let path = self.rotation_file(role);
        let Some(bytes) = fsutil::read_bounded(&path, MAX_BYTES)? else { return Ok(None) };
        let rotation = serde_json::from_slice(&bytes);
        rotation.map(Some).map_err(|error| StoreError::Damaged { path, reason: error.to_string() })
    }

    pub(super) fn write_rotation(
        &self,
        role: &RoleName,
        rotation: Option<&PendingRotation>,
    ) -> Result<(), StoreError> {
        let path = self.rotation_file(role);
        let Some(rotation) = rotation else {
            fsutil::remove_file(&path)?;
            return Ok(());
        };
        let text = serde_json::to_vec_pretty(rotation).expect("a rotation is plain data");
        Ok(fsutil::write_atomic(&path, &text)?)
    }
}
