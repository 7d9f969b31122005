//! Proving that a backup is of use: opening its keys, and comparing it with the key store.

use std::thread;

use super::{Backup, BackupError, BackupKey, Collected};
use crate::keys::error::OpenError;
use crate::keys::passphrase::{Passphrase, Passphrases, Wanted};

/// How far a key of a backup could be checked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Checked {
    /// It was opened, and is the key that it is said to be.
    Opened,
    /// All is well that can be seen without its passphrase, which is not known.
    Intact,
    /// The same, and the passphrase that is known does not open it.
    Refused,
    /// It is encrypted in a way that this program does not know.
    Unsupported,
}

/// How a backup differs from the key store.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Keys that are in the key store and not in the backup.
    pub missing: Vec<BackupKey>,
    /// Keys that are in the backup in another form, under an older passphrase perhaps.
    pub differing: Vec<BackupKey>,
}

impl Backup {
    /// Opens all keys whose passphrase is known without asking, at the same time, since that takes
    /// long on purpose.
    pub fn check(&self, passphrases: &Passphrases<'_>) -> Result<Vec<Checked>, BackupError> {
        let known: Vec<(&BackupKey, Option<Passphrase>)> = self
            .keys
            .iter()
            .map(|key| (key, passphrases.known(&Wanted::stored(&key.stored.info))))
            .collect();
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let share = known.len().div_ceil(workers).max(1);
        let results: Vec<_> = thread::scope(|scope| {
            let check = |share: &[(&BackupKey, Option<Passphrase>)]| {
                share.iter().map(|(key, known)| check(key, known.as_deref())).collect::<Vec<_>>()
            };
            let shares: Vec<_> =
                known.chunks(share).map(|share| scope.spawn(move || check(share))).collect();
            let results = shares.into_iter();
            results.flat_map(|share| share.join().expect("decrypting does not panic")).collect()
        });
        results.into_iter().collect()
    }

    /// Compares with what the key store has now.
    pub fn compare(&self, present: Collected) -> Comparison {
        let mut comparison = Comparison::default();
        for key in present.backup.keys {
            let mut twins =
                self.keys.iter().filter(|twin| twin.entry.id == key.entry.id).peekable();
            if twins.peek().is_none() {
                comparison.missing.push(key);
            } else if !twins.any(|twin| twin.is_same_as(&key.stored)) {
                comparison.differing.push(key);
            }
        }
        comparison
    }
}

fn check(key: &BackupKey, passphrase: Option<&str>) -> Result<Checked, BackupError> {
    match key.stored.open(passphrase) {
        Ok(_) => Ok(Checked::Opened),
        Err(OpenError::PassphraseNeeded) => Ok(Checked::Intact),
        Err(OpenError::WrongPassphrase) => Ok(Checked::Refused),
        Err(OpenError::Unsupported(_)) => Ok(Checked::Unsupported),
        Err(source @ (OpenError::Malformed(_) | OpenError::OtherKey { .. })) => {
            let name = key.stored.info.location.display().to_string();
            Err(BackupError::Key { name, source })
        }
    }
}
