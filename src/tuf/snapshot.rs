//! The snapshot, which fixes one consistent set of files, and the timestamp, which fixes the
//! snapshot.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::Malformation;
use super::metadata::{Expires, FileMeta, Payload, common_members};
use super::role::RoleName;

/// The payload of `snapshot.json` (`formats.md` §4.6).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Snapshot {
    #[serde(rename = "_type")]
    declared_type: String,
    expires: Expires,
    /// Length and hashes of the files of root, targets and delegations, by role.
    pub meta: BTreeMap<String, FileMeta>,
    version: u64,
}

impl Snapshot {
    /// A snapshot without entries that has never been signed.
    pub fn empty() -> Self {
        Self {
            declared_type: Self::TYPE.to_owned(),
            expires: Expires(time::OffsetDateTime::UNIX_EPOCH),
            meta: BTreeMap::new(),
            version: 0,
        }
    }

    /// The description of a role's file.
    pub fn entry(&self, role: &RoleName) -> Option<&FileMeta> {
        self.meta.get(role.as_str())
    }

    /// Describes `bytes` as the file of a role.
    pub fn describe(&mut self, role: &RoleName, bytes: &[u8]) {
        self.meta.insert(role.as_str().to_owned(), FileMeta::of(bytes));
    }
}

impl Payload for Snapshot {
    const TYPE: &'static str = "Snapshot";

    common_members!();

    fn check_content(&self, _: &RoleName) -> Result<(), Malformation> {
        require(&self.meta, &[RoleName::ROOT, RoleName::TARGETS])
    }
}

/// The payload of `timestamp.json` (`formats.md` §4.7).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Timestamp {
    #[serde(rename = "_type")]
    declared_type: String,
    expires: Expires,
    /// Length and hashes of the snapshot's file, under the name `snapshot`.
    pub meta: BTreeMap<String, FileMeta>,
    version: u64,
}

impl Timestamp {
    /// Describes a snapshot's file; `version` is that of the timestamp before.
    pub fn of(snapshot: &[u8], version: u64) -> Self {
        let meta = [(RoleName::SNAPSHOT.as_str().to_owned(), FileMeta::of(snapshot))];
        Self {
            declared_type: Self::TYPE.to_owned(),
            expires: Expires(time::OffsetDateTime::UNIX_EPOCH),
            meta: meta.into(),
            version,
        }
    }

    /// The description of the snapshot's file; always there in valid metadata.
    pub fn snapshot(&self) -> Option<&FileMeta> {
        self.meta.get(RoleName::SNAPSHOT.as_str())
    }
}

impl Payload for Timestamp {
    const TYPE: &'static str = "Timestamp";

    common_members!();

    fn check_content(&self, _: &RoleName) -> Result<(), Malformation> {
        require(&self.meta, &[RoleName::SNAPSHOT])
    }
}

fn require(meta: &BTreeMap<String, FileMeta>, roles: &[RoleName]) -> Result<(), Malformation> {
    for role in roles {
        match meta.get(role.as_str()) {
            Some(entry) => entry.require_hashes(role)?,
            None => FileMeta::default().require_hashes(role)?,
        }
    }
    Ok(())
}
