//! Failures around backups of keys.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{CliError, Exit, shell_word};
use crate::keys::NoMatch;
use crate::keys::backup::BackupError;

/// A backup that is of no use, or cannot be opened.
#[derive(Debug, Error)]
#[error("backup `{}` cannot be used", path.display())]
struct Unusable {
    path: PathBuf,
    #[source]
    why: BackupError,
}

impl CliError {
    /// What is wrong with the backup in a file.
    pub fn of_backup(path: &Path, why: BackupError) -> Self {
        let exit = match why {
            BackupError::Identities
            | BackupError::NoIdentity
            | BackupError::NoMatchingIdentity
            | BackupError::NotForIdentities => Exit::Key,
            BackupError::Damaged
            | BackupError::Differs(_)
            | BackupError::ExcessiveCost
            | BackupError::Key { .. }
            | BackupError::Manifest(_)
            | BackupError::Missing(_)
            | BackupError::Newer { .. }
            | BackupError::NoManifest
            | BackupError::NotAFile(_)
            | BackupError::NotAge
            | BackupError::NotTar(_)
            | BackupError::Path(_)
            | BackupError::TooLarge
            | BackupError::Trailer
            | BackupError::Twice(_)
            | BackupError::Unexpected(_)
            | BackupError::Unreadable(_) => Exit::Failed,
        };
        let hints = match why {
            BackupError::NoIdentity => {
                vec!["`--identity FILE` names the file of identities".into()]
            }
            BackupError::NotForIdentities => vec!["run it without `--identity`".into()],
            BackupError::Newer { .. } => vec!["a newer edition of this program can read it".into()],
            BackupError::Key { .. } => {
                vec!["`--key ID` chooses others among the keys in it".into()]
            }
            _ => Vec::new(),
        };
        let path = path.to_owned();
        Self { exit, error: Some(Box::new(Unusable { path, why })), hints }
    }

    /// A file is there that was to be written.
    pub fn file_exists(path: &Path) -> Self {
        let words = format!("`{}` exists already", path.display());
        Self::new(Exit::Conflict, words).hint("`--force` replaces it")
    }

    /// Digits that name no key of a backup, or several.
    pub fn not_in_backup(path: &Path, error: &NoMatch) -> Self {
        let failed = Self::new(Exit::NotFound, error.to_string());
        let file = shell_word(&path.display().to_string());
        failed.hint(format!("`notary key restore {file} --list` shows the keys in the backup"))
    }

    /// Keys are in the way of those in a backup.
    pub fn restore_conflict(path: &Path, count: usize) -> Self {
        let file = shell_word(&path.display().to_string());
        let keys = if count == 1 { "a key".to_owned() } else { format!("{count} keys") };
        let words = format!("{keys} in the backup differ from what is here; nothing was restored");
        Self::new(Exit::Conflict, words)
            .hint(format!(
                "`notary key restore {file} --force` puts what is here into the archive first"
            ))
            .hint(format!("`notary key restore {file} --key ID` restores others"))
    }
}
