//! What a staged change says, and the bytes in which Go's client says it (`formats.md` §6.2).

use serde::{Deserialize, Serialize};

use crate::tuf::canonical;
use crate::tuf::json::Json;
use crate::tuf::key::{Base64, KeyId, PublicKey};
use crate::tuf::metadata::FileMeta;
use crate::tuf::role::RoleName;

/// One staged change as it stands in its file.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Change {
    /// What is done.
    pub action: Action,
    /// The role that is changed; for a purge a wildcard such as `targets/*`.
    pub role: String,
    /// To what kind of thing it is done.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// The target's name; empty for other kinds.
    pub path: String,
    /// JSON whose form depends on kind and action.
    pub data: Option<Base64>,
}

impl Change {
    /// Adds or replaces a target.
    pub fn add_target(role: &RoleName, name: &str, meta: &FileMeta) -> Self {
        let payload = TargetPayload {
            length: meta.length,
            hashes: meta.hashes.clone(),
            custom: meta.custom.clone(),
        };
        Self::target(Action::Create, role, name, Some(Base64(to_go_json(&payload))))
    }

    /// Removes a target.
    pub fn remove_target(role: &RoleName, name: &str) -> Self {
        Self::target(Action::Delete, role, name, None)
    }

    fn target(action: Action, role: &RoleName, name: &str, data: Option<Base64>) -> Self {
        let (role, path) = (role.as_str().to_owned(), name.to_owned());
        Self { action, role, kind: Kind::Target, path, data }
    }

    /// Reads the payload of a target that is added.
    pub fn target_payload(&self) -> Result<FileMeta, serde_json::Error> {
        let payload: TargetPayload = serde_json::from_slice(self.payload())?;
        let TargetPayload { length, hashes, custom } = payload;
        Ok(FileMeta { custom, hashes, length })
    }

    /// Reads the payload of an edited delegation.
    pub fn delegation_payload(&self) -> Result<DelegationPayload, serde_json::Error> {
        serde_json::from_slice(self.payload())
    }

    /// Reads the payload of replaced role keys.
    pub fn role_payload(&self) -> Result<RolePayload, serde_json::Error> {
        serde_json::from_slice(self.payload())
    }

    fn payload(&self) -> &[u8] {
        self.data.as_ref().map_or(b"null", |data| &data.0)
    }
}

/// What a change does.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Adds or replaces.
    Create,
    /// Removes.
    Delete,
    /// Changes what exists.
    Update,
}

impl Action {
    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Update => "update",
        }
    }
}

/// What a change is about.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A delegated role: its existence, keys and paths.
    Delegation,
    /// The keys of a base role.
    Role,
    /// A target of the role.
    Target,
    /// The signature of the role, which is made again.
    Witness,
}

impl Kind {
    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delegation => "delegation",
            Self::Role => "role",
            Self::Target => "target",
            Self::Witness => "witness",
        }
    }
}

/// The payload of an added target, with the members in Go's order.
#[derive(Deserialize, Serialize)]
struct TargetPayload {
    length: i64,
    #[serde(default)]
    hashes: std::collections::BTreeMap<String, Base64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    custom: Option<Json>,
}

/// The payload of an edited delegation; every member may be missing.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default)]
pub struct DelegationPayload {
    /// How many keys must sign, for a new role.
    pub threshold: i64,
    /// Keys to add.
    pub add_keys: Vec<PublicKey>,
    /// Canonical ids of keys to remove.
    pub remove_keys: Vec<KeyId>,
    /// Path prefixes to add.
    pub add_paths: Vec<String>,
    /// Path prefixes to remove.
    pub remove_paths: Vec<String>,
    /// Whether to remove all path prefixes.
    pub clear_paths: bool,
}

/// The payload of replaced role keys.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct RolePayload {
    /// The new keys.
    pub keys: Vec<PublicKey>,
    /// The base role that gets them.
    pub role: RoleName,
}

/// JSON as Go's ordinary encoder writes it: declaration order, and escapes for HTML.
pub(super) fn to_go_json<T: Serialize>(value: &T) -> Vec<u8> {
    let text = serde_json::to_vec(value).expect("changes serialise into memory without failing");
    canonical::file_form(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_written_as_go_writes_them() {
        let meta = FileMeta::new(5, Some(vec![0; 32]), None);
        let change = Change::add_target(&RoleName::TARGETS, "a<b>", &meta);
        assert_eq!(
            String::from_utf8(change.data.clone().unwrap().0).unwrap(),
            r#"{"length":5,"hashes":{"sha256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}"#
        );
        let text = String::from_utf8(to_go_json(&change)).unwrap();
        let start = r#"{"action":"create","role":"targets","type":"target","path":"a\u003cb\u003e","data":"eyJ"#;
        assert!(text.starts_with(start), "{text}");
        assert_eq!(change.target_payload().unwrap(), meta);

        let text = to_go_json(&Change::remove_target(&RoleName::TARGETS, "v1"));
        let expected =
            r#"{"action":"delete","role":"targets","type":"target","path":"v1","data":null}"#;
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }
}
