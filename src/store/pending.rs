//! Rotations of keys that were begun and are not known to be done.
//!
//! Before the new key of a rotation is stored, its id is noted in `rotation-<role>.json`, which the
//! Go program does not know, and the note goes when the old key is in the archive. So whoever
//! repeats a rotation after an interruption finishes it instead of making one more key.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{FileStore, StoreError};
use crate::fsutil;
use crate::tuf::key::KeyId;
use crate::tuf::role::RoleName;

/// Much more than the ids of a few keys.
const MAX_BYTES: u64 = 1 << 20;

/// A rotation under way.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PendingRotation {
    /// When it was begun.
    #[serde(with = "time::serde::rfc3339")]
    pub begun: OffsetDateTime,
    /// Whether the new key is the server's.
    pub by_server: bool,
    /// Canonical ids of the keys that the role is to get.
    pub new_keys: Vec<KeyId>,
    /// Canonical ids of the keys that it had.
    pub old_keys: Vec<KeyId>,
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
