//! Failures of publications that are signed on several machines.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{CliError, Exit, shell_word};
use crate::keys::KeyError;
use crate::repo::Error as RepoError;
use crate::repo::partial::could_sign;
use crate::repo::rebase::ChangeProblem;
use crate::tuf::edit::EditError;
use crate::tuf::partial::PartialError;
use crate::tuf::role::RoleName;
use crate::tuf::sign::SignError;
use crate::tuf::verify::KeySet;

/// A file that is not even read.
#[derive(Debug, Error)]
#[error("`{}` cannot be used", path.display())]
struct Unusable {
    path: PathBuf,
    #[source]
    why: PartialError,
}

impl CliError {
    /// What is wrong with the partial publication in a file.
    pub fn of_partial(path: &Path, why: PartialError) -> Self {
        let (exit, path) = (exit_of(&why), path.to_owned());
        Self { exit, error: Some(Box::new(Unusable { path, why })), hints: Vec::new() }
    }

    /// Gives the file of a partial publication its name in the hints.
    pub fn naming(mut self, file: &Path) -> Self {
        let is_about_it = matches!(
            self.error.as_ref().and_then(|error| error.downcast_ref()),
            Some(RepoError::Partial(_) | RepoError::UnderSigned { .. })
        );
        // One from stdin has no name.
        if is_about_it && file != Path::new("-") {
            let word = shell_word(&file.display().to_string());
            for hint in &mut self.hints {
                *hint = hint.replace(" FILE", &format!(" {word}"));
            }
        }
        self
    }
}

pub(super) fn exit_of(error: &PartialError) -> Exit {
    match error {
        PartialError::MovedOn { .. } => Exit::Conflict,
        PartialError::WrongVersion { found, next, .. } if found < next => Exit::Conflict,
        PartialError::Form(_)
        | PartialError::MadeAnew { .. }
        | PartialError::Newer(_)
        | PartialError::OtherCollection(_) => Exit::Failed,
        PartialError::ForeignSignature { .. }
        | PartialError::InvalidSignature { .. }
        | PartialError::NotDelegated { .. }
        | PartialError::OtherForm { .. }
        | PartialError::Trust(_)
        | PartialError::TwoSignatures { .. }
        | PartialError::WrongVersion { .. } => Exit::Trust,
    }
}

pub(super) fn hints_for(gun: &str, error: &PartialError) -> Vec<String> {
    let prepare = || {
        vec![format!("prepare it anew with `notary publish {gun} --sign-only --out FILE --force`")]
    };
    match error {
        PartialError::MovedOn { .. } => prepare(),
        PartialError::WrongVersion { found, next, .. } if found < next => prepare(),
        PartialError::Trust(_) => prepare(),
        PartialError::MadeAnew { .. } => {
            vec!["publish the removal first, and then prepare what makes it anew".to_owned()]
        }
        PartialError::OtherCollection(other) => {
            vec![format!("`notary publish {other} --from FILE` publishes it")]
        }
        PartialError::Newer(_) => vec!["a newer edition of this program can read it".to_owned()],
        _ => Vec::new(),
    }
}

/// Which keys could still sign what.
pub(super) fn hints_for_missing_signatures(lacking: &[(RoleName, Vec<KeySet>)]) -> Vec<String> {
    let mut hints = vec!["`notary sign FILE` adds them where one of these keys is:".to_owned()];
    for (role, keys) in could_sign(lacking) {
        hints.extend(keys.iter().map(|key| format!("{key} ({role})")));
    }
    hints
}

/// The role for whose keys' want a publication failed.
fn short_role(error: &RepoError) -> Option<&RoleName> {
    let edit = match error {
        RepoError::Key(KeyError::NotHere { role, .. })
        | RepoError::Sign(SignError::NotEnoughKeys { role, .. }) => return Some(role),
        RepoError::Change { why, .. } => match &**why {
            ChangeProblem::Edit(error) => error,
            _ => return None,
        },
        RepoError::Edit(error) => error,
        _ => return None,
    };
    match edit {
        EditError::NoKey { role, .. } => Some(role),
        _ => None,
    }
}

impl CliError {
    /// Adds, to a failure of `command` for the want of keys, how others sign what it does; a
    /// snapshot is made by whoever uploads.
    pub fn or_sign_elsewhere(self, command: &str) -> Self {
        let error = self.error.as_ref().and_then(|error| error.downcast_ref());
        match error.and_then(short_role) {
            Some(role) if *role != RoleName::SNAPSHOT => self.hint(format!(
                "`{command} --sign-only --out FILE` collects signatures on several machines"
            )),
            _ => self,
        }
    }
}

/// What helps when the snapshot cannot be signed here.
pub(super) fn leave_snapshot_to_server(gun: &str) -> String {
    format!(
        "or let the owner of the root key leave the snapshot to the server with \
         `notary key rotate {gun} snapshot -r`"
    )
}
