//! What a staged change says, and the bytes in which Go's client says it (`formats.md` §6.2).

use serde::{Deserialize, Serialize, Serializer};

use crate::tuf::canonical;
use crate::tuf::json::Json;
use crate::tuf::key::{Base64, KeyId, PublicKey};
use crate::tuf::metadata::FileMeta;
use crate::tuf::role::RoleName;

/// The role of changes that are about every delegation.
const EVERY_DELEGATION: &str = "targets/*";

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

    /// Adds keys to a delegation, which is created if there is none; `threshold` is that of a new
    /// one.
    pub fn add_delegation_keys(role: &RoleName, threshold: i64, keys: Vec<PublicKey>) -> Self {
        let edit = DelegationPayload { threshold, add_keys: keys, ..Default::default() };
        Self::delegation(Action::Create, role.as_str(), Some(&edit))
    }

    /// Adds path prefixes to a delegation.
    pub fn add_delegation_paths(role: &RoleName, paths: Vec<String>) -> Self {
        let edit = DelegationPayload { add_paths: paths, ..Default::default() };
        Self::delegation(Action::Create, role.as_str(), Some(&edit))
    }

    /// Sets how many keys of an existing delegation must sign.
    ///
    /// Go's client publishes such a change without effect: it has no command for it.
    pub fn set_delegation_threshold(role: &RoleName, threshold: i64) -> Self {
        let edit = DelegationPayload { threshold, ..Default::default() };
        Self::delegation(Action::Update, role.as_str(), Some(&edit))
    }

    /// Removes keys, by their canonical ids, from a delegation.
    pub fn remove_delegation_keys(role: &RoleName, keys: Vec<KeyId>) -> Self {
        let edit = DelegationPayload { remove_keys: keys, ..Default::default() };
        Self::delegation(Action::Update, role.as_str(), Some(&edit))
    }

    /// Removes path prefixes from a delegation.
    pub fn remove_delegation_paths(role: &RoleName, paths: Vec<String>) -> Self {
        let edit = DelegationPayload { remove_paths: paths, ..Default::default() };
        Self::delegation(Action::Update, role.as_str(), Some(&edit))
    }

    /// Removes all path prefixes from a delegation.
    pub fn clear_delegation_paths(role: &RoleName) -> Self {
        let edit = DelegationPayload { clear_paths: true, ..Default::default() };
        Self::delegation(Action::Update, role.as_str(), Some(&edit))
    }

    /// Removes a delegation.
    pub fn remove_delegation(role: &RoleName) -> Self {
        Self::delegation(Action::Delete, role.as_str(), None)
    }

    /// Removes keys, by their canonical ids, from all delegations.
    pub fn purge_keys(keys: Vec<KeyId>) -> Self {
        let edit = DelegationPayload { remove_keys: keys, ..Default::default() };
        Self::delegation(Action::Update, EVERY_DELEGATION, Some(&edit))
    }

    /// Has a role signed again as it is.
    pub fn witness(role: &RoleName) -> Self {
        let (role, path) = (role.as_str().to_owned(), String::new());
        Self { action: Action::Update, role, kind: Kind::Witness, path, data: None }
    }

    fn delegation(action: Action, role: &str, edit: Option<&DelegationPayload>) -> Self {
        let data = edit.map(|edit| Base64(to_go_json(edit)));
        Self { action, role: role.to_owned(), kind: Kind::Delegation, path: String::new(), data }
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

/// The payload of an edited delegation, with the members in Go's order; every one may be missing.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct DelegationPayload {
    /// How many keys must sign; zero leaves it open.
    #[serde(skip_serializing_if = "is_zero")]
    pub threshold: i64,
    /// Keys to add.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "keys_in_the_order_of_go")]
    pub add_keys: Vec<PublicKey>,
    /// Canonical ids of keys to remove.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_keys: Vec<KeyId>,
    /// Path prefixes to add.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_paths: Vec<String>,
    /// Path prefixes to remove.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_paths: Vec<String>,
    /// Whether to remove all path prefixes.
    #[serde(skip_serializing_if = "is_false")]
    pub clear_paths: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Keys as Go's encoder writes them: not in alphabetical order as in metadata (`formats.md` §3.1).
fn keys_in_the_order_of_go<S: Serializer>(
    keys: &[PublicKey],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Value {
        public: Base64,
        private: (),
    }
    #[derive(Serialize)]
    struct Key<'a> {
        keytype: &'a str,
        keyval: Value,
    }
    serializer.collect_seq(keys.iter().map(|key| {
        let public = Base64(key.bytes().to_vec());
        Key { keytype: key.key_type().as_str(), keyval: Value { public, private: () } }
    }))
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
    use crate::tuf::key::KeyType;

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
    fn written(change: &Change) -> (String, String) {
        let payload = change.data.as_ref().map_or_else(Vec::new, |data| data.0.clone());
        let action = change.action.as_str();
        let line = format!("{action} {} {} {}", change.kind.as_str(), change.role, change.path);
        (line.trim_end().to_owned(), String::from_utf8(payload).unwrap())
    }

    #[test]
    fn delegations_are_written_as_go_writes_them() {
        let role = RoleName::parse("targets/a").unwrap();
        let key = || PublicKey::new(KeyType::EcdsaX509, b"<\xff".to_vec());
        let id = || KeyId::parse(&"a".repeat(64)).unwrap();
        let paths = || vec![String::new(), "<a>/".to_owned()];
        let ids = format!(r#"{{"remove_keys":["{0}","{0}"]}}"#, "a".repeat(64));
        let keys = concat!(
            r#"{"threshold":2,"add_keys":[{"keytype":"ecdsa-x509","#,
            r#""keyval":{"public":"PP8=","private":null}}]}"#
        );
        for (change, line, payload) in [
            (Change::add_delegation_keys(&role, 2, vec![key()]), "create delegation", keys),
            (
                Change::add_delegation_paths(&role, paths()),
                "create delegation",
                r#"{"add_paths":["","\u003ca\u003e/"]}"#,
            ),
            (Change::set_delegation_threshold(&role, 3), "update delegation", r#"{"threshold":3}"#),
            (
                Change::remove_delegation_paths(&role, paths()),
                "update delegation",
                r#"{"remove_paths":["","\u003ca\u003e/"]}"#,
            ),
            (Change::clear_delegation_paths(&role), "update delegation", r#"{"clear_paths":true}"#),
            (Change::remove_delegation_keys(&role, vec![id(), id()]), "update delegation", &ids),
            (Change::remove_delegation(&role), "delete delegation", ""),
            (Change::witness(&role), "update witness", ""),
        ] {
            let expected = (format!("{line} targets/a"), payload.to_owned());
            assert_eq!(written(&change), expected);
            if !payload.is_empty() {
                let edit = change.delegation_payload().unwrap();
                assert_eq!(String::from_utf8(to_go_json(&edit)).unwrap(), payload);
            }
        }
        let purge = Change::purge_keys(vec![id(), id()]);
        assert_eq!(written(&purge), ("update delegation targets/*".to_owned(), ids));
    }
}
