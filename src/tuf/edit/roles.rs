//! Who may sign what, as it will be once the draft is published.

use super::Draft;
use crate::tuf::role::RoleName;
use crate::tuf::walk::{self, Signer};

impl Draft<'_> {
    /// All targets roles of the draft with their keys and effective paths, as readers walk them.
    pub fn roles(&self) -> Vec<Signer> {
        let top = self.base_key_set(&RoleName::TARGETS).canonical_ids();
        walk::signers(|role| self.file_of(role), top)
    }

    /// Whether a role has a target of this name in the draft.
    pub fn has_target(&self, role: &RoleName, name: &str) -> bool {
        self.file_of(role).is_some_and(|file| file.targets.contains_key(name))
    }
}
