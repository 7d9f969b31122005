//! Publishing: replay the staged changes on what the server has now, and push the result.
//!
//! Nothing that was staged is dropped before the server said yes, and only what was published is
//! dropped then.

use super::push::{Options, Pushed, Work};
use super::{Collection, Error, rebase};
use crate::changelist::{Change, ChangeId, Changelist, Staged};
use crate::keys::Keychain;
use crate::tuf::edit::{Draft, Effect};
use crate::tuf::role::{Gun, RoleName};

/// What was published, or would be.
#[derive(Debug)]
pub struct PublishReport {
    /// The staged changes and whether they made a difference, in their order.
    pub changes: Vec<(Change, Effect)>,
    /// What became of them.
    pub pushed: Pushed,
}

impl Collection<'_> {
    /// Publishes what is staged.
    pub fn publish(
        &self,
        keychain: &mut Keychain<'_>,
        options: Options,
    ) -> Result<PublishReport, Error> {
        let mut work = StagedChanges::new(self.changelist);
        let pushed = self.push(keychain, options, &mut work)?;
        Ok(PublishReport { changes: work.into_changes(), pushed })
    }
}

/// The staged changes as work to be pushed.
pub(super) struct StagedChanges<'c> {
    changelist: &'c dyn Changelist,
    changes: Vec<Change>,
    effects: Vec<Effect>,
    ids: Vec<ChangeId>,
}

impl<'c> StagedChanges<'c> {
    pub(super) fn new(changelist: &'c dyn Changelist) -> Self {
        Self { changelist, changes: Vec::new(), effects: Vec::new(), ids: Vec::new() }
    }

    /// The names of the files that the changes are in.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().filter_map(ChangeId::as_str)
    }

    /// The changes and whether they made a difference, in their order.
    pub(super) fn into_changes(self) -> Vec<(Change, Effect)> {
        self.changes.into_iter().zip(self.effects).collect()
    }
}

impl Work for StagedChanges<'_> {
    fn begin(&mut self) -> Result<(), Error> {
        self.ids.clear();
        self.changes.clear();
        for staged in self.changelist.list()? {
            self.ids.push(staged.id);
            self.changes.push(staged.change?);
        }
        Ok(())
    }

    fn edit(&mut self, draft: &mut Draft<'_>) -> Result<bool, Error> {
        self.effects = rebase::replay(draft, &self.changes)?;
        Ok(self.changes.is_empty())
    }

    fn accepted(&mut self) -> Result<(), Error> {
        Ok(self.changelist.remove(&self.ids)?)
    }
}

/// What is known about a collection without asking anybody.
#[derive(Debug)]
pub struct StatusReport {
    /// The collection.
    pub gun: Gun,
    /// Its staged changes.
    pub staged: Vec<Staged>,
    /// Whether it was made here and never published.
    pub unpublished: bool,
}

impl Collection<'_> {
    /// Tells what is staged.
    pub fn status(&self) -> Result<StatusReport, Error> {
        let has_root = self.store.read(&RoleName::ROOT)?.is_some();
        let unpublished = has_root && !self.was_published()?;
        Ok(StatusReport { gun: self.gun.clone(), staged: self.changelist.list()?, unpublished })
    }
}
