//! `key remember` and `key forget`: passphrases in the secret store of the operating system.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::str::FromStr;

use clap::Args;

use crate::commands::Session;
use crate::error::{CliError, Exit};
use crate::keys::passphrase::{Mark, Remembered, SecretStore as _, SystemStore, Wanted};
use crate::keys::{IdPrefix, KeyError, KeyStore as _};
use crate::tuf::key::KeyId;

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

/// Chooses among `keys` those that are meant.
fn select(
    keys: BTreeMap<KeyId, Mark>,
    which: Option<&IdOrRole>,
    gun: Option<&str>,
) -> Result<BTreeMap<KeyId, Mark>, CliError> {
    let is_of_gun = |mark: &Mark| gun.is_none_or(|gun| mark.gun.as_deref() == Some(gun));
    let mut keys: BTreeMap<_, _> = keys.into_iter().filter(|(_, mark)| is_of_gun(mark)).collect();
    match which {
        Some(IdOrRole::Id(prefix)) => {
            let id = prefix.find(keys.keys());
            let id = id.map_err(|error| CliError::new(Exit::NotFound, error.to_string()))?;
            keys.retain(|other, _| *other == id);
        }
        Some(IdOrRole::Role(role)) => keys.retain(|_, mark| mark.role == *role),
        None => {}
    }
    Ok(keys)
}

/// Runs `key remember`.
pub fn remember(session: &mut Session<'_>, args: &RememberArgs) -> Result<(), CliError> {
    let store = session.key_store();
    let keys = store.list()?.keys;
    let keys = keys.into_iter().map(|key| (key.id.clone(), Mark::of(&key))).collect();
    let keys = select(keys, Some(&args.which), args.gun.as_deref())?;
    if keys.is_empty() {
        return Err(CliError::new(Exit::NotFound, "there is no such key")
            .hint("`notary key list` shows the keys that are here"));
    }
    // Nobody types passphrases in vain.
    SystemStore.check()?;
    if session.config.passphrases.keyring == Some(false) {
        let words = "`passphrases.keyring` is off, so what is remembered will not be used";
        session.ui.warning(words);
    }
    let mut count = 0;
    for (id, mark) in keys {
        let Some(key) = store.find(&id)? else { continue };
        let name = Wanted::stored(&key.info).name;
        if !key.info.encrypted {
            session.ui.warning(&format!("{name} has no passphrase"));
            continue;
        }
        let passphrase = session.passphrases().of_key(&key).map_err(KeyError::from)?;
        Remembered::new(&session.config.trust_dir, &SystemStore).remember(
            &id,
            mark,
            &passphrase,
        )?;
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
    let remembered = Remembered::new(&session.config.trust_dir, &SystemStore);
    let mut keys = remembered.list()?;
    // A key that is named can be in the store without being in the list, from another directory.
    if matches!(args.which, Some(IdOrRole::Id(_))) {
        for key in session.key_store().list()?.keys {
            keys.entry(key.id.clone()).or_insert_with(|| Mark::of(&key));
        }
    }
    let mut count = 0;
    for (id, mark) in select(keys, args.which.as_ref(), args.gun.as_deref())? {
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
