//! What a staged change does to a delegation, in JSON and in words.

use serde::Serialize;

use crate::changelist::{Action, Change, DelegationPayload, Kind};
use crate::tuf::key::{KeyId, PublicKey};

/// What a change does to a delegation; members that say nothing are left out.
#[derive(Serialize)]
pub struct EditOutput {
    /// Canonical ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    add_keys: Vec<KeyId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remove_keys: Vec<KeyId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    add_paths: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remove_paths: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clear_paths: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<i64>,
}

impl EditOutput {
    /// What `change` does, if it is about a delegation and can be read.
    pub fn of(change: &Change) -> Option<Self> {
        let is_edit = change.kind == Kind::Delegation && change.data.is_some();
        let edit = is_edit.then(|| change.delegation_payload().ok()).flatten()?;
        let DelegationPayload {
            threshold,
            add_keys,
            remove_keys,
            add_paths,
            remove_paths,
            clear_paths,
        } = edit;
        Some(Self {
            add_keys: add_keys.iter().map(PublicKey::canonical_id).collect(),
            remove_keys,
            add_paths,
            remove_paths,
            clear_paths: clear_paths.then_some(true),
            threshold: (threshold != 0).then_some(threshold),
        })
    }

    /// The same in a few words. A threshold of one is what new roles have anyway.
    pub fn words(&self, action: Action) -> String {
        let keys = |sign, ids: &[KeyId]| {
            let ids = ids.iter().map(|id| format!("{sign}key {}", id.short()));
            ids.collect::<Vec<_>>()
        };
        let paths = |sign, paths: &[String]| {
            let paths = paths.iter().map(|path| format!("{sign}path {path:?}"));
            paths.collect::<Vec<_>>()
        };
        let threshold = self.threshold.filter(|number| action == Action::Update || *number > 1);
        let words = [
            keys('+', &self.add_keys),
            keys('-', &self.remove_keys),
            self.clear_paths.map(|_| "no paths".to_owned()).into_iter().collect(),
            paths('+', &self.add_paths),
            paths('-', &self.remove_paths),
            threshold.map(|number| format!("threshold {number}")).into_iter().collect(),
        ];
        words.concat().join(", ")
    }
}
