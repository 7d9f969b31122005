//! What a draft has found out about roles, so that thousands of edits of one role ask once.

use std::collections::BTreeMap;

use super::{Draft, EditError};
use crate::tuf::role::RoleName;

/// Effective paths, and which roles may be edited, by role; as strings for the sake of ranges.
#[derive(Clone, Debug, Default)]
pub(super) struct Rights(BTreeMap<String, Right>);

#[derive(Clone, Debug, Default)]
struct Right {
    paths: Option<Vec<String>>,
    may_edit: bool,
}

impl Rights {
    /// Whether the role was found to be usable and a key of it to be here.
    pub(super) fn may_edit(&self, role: &RoleName) -> bool {
        self.0.get(role.as_str()).is_some_and(|right| right.may_edit)
    }

    /// Notes that the role is usable and that a key of it is here.
    pub(super) fn note_editor(&mut self, role: &RoleName) {
        self.0.entry(role.as_str().to_owned()).or_default().may_edit = true;
    }

    /// Forgets about a role and those below it, since its keys or paths change.
    pub(super) fn forget(&mut self, role: &RoleName) {
        self.0.remove(role.as_str());
        // `0` is the character after `/`.
        let below = self.0.range(format!("{role}/")..format!("{role}0"));
        let below: Vec<String> = below.map(|(name, _)| name.clone()).collect();
        for name in below {
            self.0.remove(&name);
        }
    }
}

impl Draft<'_> {
    /// The effective paths of a role, which must exist.
    pub(super) fn paths(&mut self, role: &RoleName) -> Result<&[String], EditError> {
        if self.rights.0.get(role.as_str()).is_none_or(|right| right.paths.is_none()) {
            let paths = self.effective_paths(role)?;
            self.rights.0.entry(role.as_str().to_owned()).or_default().paths = Some(paths);
        }
        let right = self.rights.0.get(role.as_str());
        Ok(right.and_then(|right| right.paths.as_deref()).unwrap_or_default())
    }
}
