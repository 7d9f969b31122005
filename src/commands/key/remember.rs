//! `key remember` and `key forget`: passphrases in the secret store of the operating system.

use std::convert::Infallible;
use std::str::FromStr;

use clap::Args;

use crate::commands::Session;
use crate::error::{CliError, Exit};
use crate::keys::passphrase::{Mark, Remembered, Wanted};
use crate::keys::{IdPrefix, KeyStore as _};
use crate::secret::{SecretStore as _, SystemStore};

/// Keep passphrases of keys in the secret store of the system
///
/// Asks for the passphrase, makes sure that it opens the key, and keeps it in the secret store of
/// the operating system: the keyring of the desktop, the Keychain of macOS or the Credential Manager
/// of Windows. From then on the key opens without a question for whoever is logged in as you.
/// `notary key forget` ends that.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary key remember targets --gun example.com/scripts
  notary key remember 7c4528d")]
pub struct RememberArgs {
    /// Id of the key, of which 7 digits are enough, or a role for all its keys
    #[arg(value_name = "ID|ROLE")]
    which: IdOrRole,

    /// Only keys of this collection
    #[arg(long, value_name = "GUN")]
    gun: Option<String>,
}

/// Remove passphrases of keys from the secret store of the system
///
/// The keys stay as they are, and so do their passphrases; you are asked for them again.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary key forget targets --gun example.com/scripts
  notary key forget --all")]
pub struct ForgetArgs {
    /// Id of the key, of which 7 digits are enough, or a role for all its keys
    #[arg(value_name = "ID|ROLE", required_unless_present = "all", conflicts_with = "all")]
    which: Option<IdOrRole>,

    /// Everything that is remembered
    #[arg(long)]
    all: bool,

    /// Only keys of this collection
    #[arg(long, value_name = "GUN")]
    gun: Option<String>,
}

/// One key, or all keys of a role.
#[derive(Clone, Debug, Eq, PartialEq)]
enum IdOrRole {
    Id(IdPrefix),
    Role(String),
}

impl FromStr for IdOrRole {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.parse().map_or_else(|_| Self::Role(text.to_owned()), Self::Id))
    }
}

/// Whether a key is one of the collection, if one was named.
fn is_of(mark: &Mark, gun: Option<&str>) -> bool {
    gun.is_none_or(|gun| mark.gun.as_deref() == Some(gun))
}

/// Runs `key remember`.
pub fn remember(session: &mut Session<'_>, args: &RememberArgs) -> Result<(), CliError> {
    let store = session.key_store();
    let mut keys = match &args.which {
        IdOrRole::Id(prefix) => vec![super::find(&store, prefix)?.info],
        IdOrRole::Role(role) => {
            store.list()?.keys.into_iter().filter(|key| key.role == *role).collect()
        }
    };
    keys.retain(|key| is_of(&Mark::of(key), args.gun.as_deref()));
    if keys.is_empty() {
        return Err(CliError::new(Exit::NotFound, "there is no such key")
            .hint("`notary key list` shows the keys that are here"));
    }
    // Nobody types passphrases in vain.
    SystemStore::PASSPHRASES.check()?;
    if session.config.passphrases.keyring == Some(false) {
        let words = "`passphrases.keyring` is off, so what is remembered will not be used";
        session.ui.warning(words);
    }
    let mut count = 0;
    for info in keys {
        let Some(key) = store.find(&info.id)? else { continue };
        let name = Wanted::stored(&key.info).name;
        if !key.info.encrypted {
            session.ui.warning(&format!("{name} has no passphrase"));
            continue;
        }
        let passphrase = session.passphrases().of_key(&key)?;
        let remembered = Remembered::new(&session.config.trust_dir, &SystemStore::PASSPHRASES);
        remembered.remember(&info.id, Mark::of(&info), &passphrase)?;
        session.ui.line(&format!("Remembered the passphrase of {name}"))?;
        count += 1;
    }
    match count {
        0 => Err(CliError::new(Exit::Failed, "there is nothing to remember")),
        _ => Ok(()),
    }
}

/// Runs `key forget`.
pub fn forget(session: &mut Session<'_>, args: &ForgetArgs) -> Result<(), CliError> {
    let remembered = Remembered::new(&session.config.trust_dir, &SystemStore::PASSPHRASES);
    let mut keys = remembered.list()?;
    match &args.which {
        Some(IdOrRole::Id(prefix)) => {
            // It can be in the store without being in the list, from another directory.
            for key in session.key_store().list()?.keys {
                keys.entry(key.id.clone()).or_insert_with(|| Mark::of(&key));
            }
            let id = prefix.find(keys.keys())?;
            keys.retain(|other, _| *other == id);
        }
        Some(IdOrRole::Role(role)) => keys.retain(|_, mark| mark.role == *role),
        None => {}
    }
    keys.retain(|_, mark| is_of(mark, args.gun.as_deref()));
    let mut count = 0;
    for (id, mark) in keys {
        if remembered.forget(&id)? {
            let name = Wanted::marked(&id, &mark).name;
            session.ui.line(&format!("Forgot the passphrase of {name}"))?;
            count += 1;
        }
    }
    match count {
        0 => Err(CliError::new(Exit::NotFound, "no such passphrase is remembered")),
        _ => Ok(()),
    }
}
