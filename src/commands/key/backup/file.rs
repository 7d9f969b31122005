//! The file of a backup: choosing what goes in, writing, reading and opening it.

use std::collections::BTreeSet;
use std::mem;
use std::path::Path;

use zeroize::Zeroizing;

use crate::commands::Session;
use crate::commands::new_file::{STREAM, read_stdin};
use crate::error::{CliError, Exit};
use crate::fsutil;
use crate::keys::backup::{
    Backup, BackupError, Collected, Identities, MAX_ENCRYPTED_BYTES, Opener, Sealed,
};
use crate::keys::passphrase::{PassphraseError, Wanted};

use crate::keys::{IdPrefix, KeyInfo, KeyStore as _, NoMatch, TokenKeyInfo};
use crate::repo::inventory::Inventory;
use crate::tuf::key::KeyId;
use crate::tuf::role::Gun;

/// The most bytes of a file of identities.
const MAX_IDENTITIES: u64 = 1 << 20;

/// Which keys are meant: those named by id, and those of collections; all if nothing is said.
pub struct Choice {
    guns: BTreeSet<String>,
    ids: Option<BTreeSet<KeyId>>,
}

impl Choice {
    /// Looks the keys up, in the key store and its archive.
    pub fn new(
        session: &mut Session<'_>,
        prefixes: &[IdPrefix],
        guns: &[Gun],
    ) -> Result<Self, CliError> {
        if prefixes.is_empty() && guns.is_empty() {
            return Ok(Self { guns: BTreeSet::new(), ids: None });
        }
        let store = session.key_store();
        let keys: Vec<KeyInfo> =
            store.list()?.keys.into_iter().chain(store.archived()?.keys).collect();
        let mut ids = BTreeSet::new();
        for prefix in prefixes {
            let found = prefix.find(keys.iter().map(|key| &key.id));
            ids.insert(found.map_err(|error| match on_token(session, prefix) {
                Some(key) => CliError::new(Exit::Key, cannot_leave(&key)),
                None => error.into(),
            })?);
        }
        if !guns.is_empty() {
            let inventory = Inventory::of(&session.config.trust_dir);
            for unreadable in &inventory.unreadable {
                session.ui.warning_about(&unreadable.to_string(), unreadable);
            }
            for gun in guns {
                let serves = |key: &&KeyInfo| {
                    key.gun.as_deref() == Some(gun.as_str())
                        || inventory.uses_of(&key.id).iter().any(|used| used.gun == *gun)
                };
                ids.extend(keys.iter().filter(serves).map(|key| key.id.clone()));
                if !keys.iter().any(|key| serves(&key)) {
                    let words = format!("there is no key of {gun} here");
                    return Err(CliError::new(Exit::NotFound, words));
                }
            }
        }
        Ok(Self { guns: guns.iter().map(Gun::to_string).collect(), ids: Some(ids) })
    }

    /// Whether everything is meant.
    pub fn is_all(&self) -> bool {
        self.ids.is_none()
    }

    /// Says which keys are on the hardware token, and so in no backup.
    pub fn tell_of_token(&self, session: &mut Session<'_>) {
        let is_chosen = |key: &TokenKeyInfo| {
            let own = key.gun.as_ref().is_some_and(|gun| self.guns.contains(gun));
            self.is_all() || own
        };
        for key in session.token.keys().into_iter().filter(is_chosen) {
            session.ui.note(&cannot_leave(&key));
        }
    }

    /// Reads the keys.
    pub fn collect(&self, session: &Session<'_>) -> Result<Collected, CliError> {
        let is_chosen = |key: &KeyInfo| self.ids.as_ref().is_none_or(|ids| ids.contains(&key.id));
        Ok(Backup::collect(&session.key_store(), session.now, is_chosen)?)
    }
}

fn on_token(session: &Session<'_>, prefix: &IdPrefix) -> Option<TokenKeyInfo> {
    let keys = session.token.keys();
    let id = prefix.find(keys.iter().map(|key| &key.id)).ok()?;
    keys.into_iter().find(|key| key.id == id)
}

fn cannot_leave(key: &TokenKeyInfo) -> String {
    let role = if key.role.is_empty() { "" } else { " " };
    format!("{}{role}key {} cannot leave the hardware token `{}`", key.role, key.id, key.token)
}

/// Finds the keys of a backup that are named.
pub fn select(backup: &mut Backup, prefixes: &[IdPrefix]) -> Result<(), NoMatch> {
    if prefixes.is_empty() {
        return Ok(());
    }
    let ids =
        prefixes.iter().map(|prefix| prefix.find(backup.keys.iter().map(|key| &key.entry.id)));
    let ids: BTreeSet<KeyId> = ids.collect::<Result<_, _>>()?;
    backup.keys.retain(|key| ids.contains(&key.entry.id));
    Ok(())
}

/// Reads the identities in a file.
pub fn identities(session: &Session<'_>, path: &Path) -> Result<Identities, CliError> {
    let path = session.cwd.join(path);
    let text = fsutil::read_bounded(&path, MAX_IDENTITIES)?.map(Zeroizing::new);
    let text = text.ok_or_else(|| fsutil::missing(&path))?;
    Identities::parse(&text).map_err(|error| CliError::of_backup(&path, error))
}

/// Reads, opens and checks a backup; asks for its passphrase if it has one.
pub fn open(
    session: &mut Session<'_>,
    file: &Path,
    identity: Option<&Path>,
) -> Result<Backup, CliError> {
    let bytes = read(session, file)?;
    let identities = identity.map(|path| identities(session, path)).transpose()?;
    let failed = |error| CliError::of_backup(file, error);
    let sealed = Sealed::read(&bytes).map_err(failed)?;
    let packed = match (sealed.is_for_passphrase(), &identities) {
        (true, None) => {
            let wanted = Wanted::backup(file);
            session.passphrases().existing(&wanted, |passphrase| {
                sealed.open(Opener::Passphrase(passphrase)).map_err(Unopened::Backup)
            })
        }
        (false, Some(identities)) => match sealed.open(Opener::Identities(identities)) {
            Ok(Some(packed)) => Ok(packed),
            Ok(None) => Err(BackupError::NoMatchingIdentity.into()),
            Err(error) => Err(error.into()),
        },
        (true, Some(_)) => Err(BackupError::NotForIdentities.into()),
        (false, None) => Err(BackupError::NoIdentity.into()),
    };
    let packed = packed.map_err(|error| match error {
        Unopened::Backup(error) => failed(error),
        Unopened::Passphrase(error) => error.into(),
    })?;
    Backup::unpack(&packed).map_err(failed)
}

/// Why a backup stays closed.
enum Unopened {
    Backup(BackupError),
    Passphrase(PassphraseError),
}

impl From<BackupError> for Unopened {
    fn from(error: BackupError) -> Self {
        Self::Backup(error)
    }
}

impl From<PassphraseError> for Unopened {
    fn from(error: PassphraseError) -> Self {
        Self::Passphrase(error)
    }
}

fn read(session: &mut Session<'_>, file: &Path) -> Result<Vec<u8>, CliError> {
    if file != Path::new(STREAM) {
        let path = session.cwd.join(file);
        let bytes = fsutil::read_bounded(&path, MAX_ENCRYPTED_BYTES)?;
        return Ok(bytes.ok_or_else(|| fsutil::missing(&path))?);
    }
    match read_stdin(session, MAX_ENCRYPTED_BYTES)? {
        Some(mut bytes) => Ok(mem::take(&mut *bytes)),
        None => Err(CliError::of_backup(file, BackupError::TooLarge)),
    }
}
