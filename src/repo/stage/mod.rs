//! Noting changes for the next publication. Nothing here needs a key or a passphrase, and the server
//! is only asked when what is known here does not allow a change.

mod check;
mod files;

pub use self::check::{Against, StageReport, StageWarning};
pub use self::files::{
    CustomProblem, Found, NewTarget, StageError, check_custom, check_name, find_files, read_custom,
};
use super::{Collection, Error};
use crate::changelist::Change;
use crate::hashing;
use crate::progress::Progress;
use crate::tuf::json::Json;
use crate::tuf::metadata::FileMeta;
use crate::tuf::role::RoleName;

/// Files that were staged.
#[derive(Debug)]
pub struct StagedFiles {
    /// What is known about each, in their order.
    pub described: Vec<FileMeta>,
    /// What people should know.
    pub report: StageReport,
}

impl Collection<'_> {
    /// Stages files as targets of every role in `roles`.
    pub fn stage_files(
        &self,
        files: &[NewTarget],
        roles: &[RoleName],
        custom: Option<&Json>,
        progress: &dyn Progress,
    ) -> Result<StagedFiles, Error> {
        for file in files {
            check_name(&file.name)?;
        }
        let length = |file: &NewTarget| std::fs::metadata(&file.path).map_or(0, |meta| meta.len());
        let task = progress.begin("hashing", Some(files.iter().map(length).sum()));
        let paths: Vec<_> = files.iter().map(|file| file.path.clone()).collect();
        let mut described = hashing::describe_files(&paths, &*task)?;
        for meta in &mut described {
            meta.custom = custom.cloned();
        }
        let targets = files.iter().zip(&described).map(|(file, meta)| (file.name.as_str(), meta));
        let report = self.stage_targets(targets, roles)?;
        Ok(StagedFiles { described, report })
    }

    /// Stages targets that are known by their hashes.
    pub fn stage_targets<'t>(
        &self,
        targets: impl Iterator<Item = (&'t str, &'t FileMeta)>,
        roles: &[RoleName],
    ) -> Result<StageReport, Error> {
        let mut changes = Vec::new();
        for (name, meta) in targets {
            check_name(name)?;
            changes.extend(roles.iter().map(|role| Change::add_target(role, name, meta)));
        }
        self.stage(&changes)
    }

    /// Stages the removal of a target from every role in `roles`.
    pub fn stage_removal(&self, name: &str, roles: &[RoleName]) -> Result<StageReport, Error> {
        let changes: Vec<_> = roles.iter().map(|role| Change::remove_target(role, name)).collect();
        self.stage(&changes)
    }

    /// Stages changes of any kind, if they fit the collection: all of them or, on failure, none.
    pub(super) fn stage(&self, changes: &[Change]) -> Result<StageReport, Error> {
        let report = self.check(changes)?;
        self.changelist.push(changes, self.now)?;
        Ok(report)
    }
}
