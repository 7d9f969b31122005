//! `key passwd`.

use clap::Args;

use crate::commands::Session;
use crate::error::{CliError, Exit};
use crate::keys::passphrase::{Mark, Passphrase, Remembered, Wanted};
use crate::keys::{IdPrefix, KeyInfo};
use crate::secret::SystemStore;

/// Change the passphrase of a private key
///
/// The present passphrase comes from where passphrases of keys of this role come from, the new one
/// from NOTARY_NEW_PASSPHRASE, NOTARY_NEW_PASSPHRASE_FILE, `--passphrase-file new=FILE` or the
/// terminal. A key in an older form, or in none that is encrypted, is written as new keys are. Its
/// file is replaced when the new one has been opened again.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary key passwd 7c4528d
  notary key passwd 7c4528d --passphrase-file targets=old.txt --passphrase-file new=new.txt")]
pub struct PasswdArgs {
    /// Id of the key, or the first 7 or more digits of it
    #[arg(value_name = "ID")]
    id: IdPrefix,

    #[arg(hide = true)]
    extra: Vec<String>,
}

/// Runs `key passwd`.
pub fn passwd(session: &mut Session<'_>, args: &PasswdArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let store = session.key_store();
    let stored = super::find(&store, &args.id)?;
    let id = &stored.info.id;
    let key = session.passphrases().open(&stored)?;
    let new = session.passphrases().choose(&Wanted::replacing(&stored.info))?;
    if stored.info.encrypted && stored.open(Some(&new)).is_ok() {
        let words = format!("the new passphrase of key {id} is the one that it has");
        return Err(CliError::new(Exit::Failed, words));
    }
    {
        let _lock = session.lock_keys();
        store.reseal(&stored, &key, &new)?;
    }
    remember_instead(session, &stored.info, &new);
    if stored.other_keys() > 0 {
        let file = stored.info.location.display();
        session.ui.warning(&format!("other keys in `{file}` stay as they are"));
    }
    session.ui.line("")?;
    Ok(session.ui.line(&format!("Successfully updated passphrase for key ID: {id}"))?)
}

/// Keeps the secret store of the system from offering the old passphrase, if it has that.
fn remember_instead(session: &mut Session<'_>, key: &KeyInfo, passphrase: &Passphrase) {
    let remembered = Remembered::new(&session.config.trust_dir, &SystemStore::PASSPHRASES);
    if !remembered.list().is_ok_and(|keys| keys.contains_key(&key.id)) {
        return;
    }
    if let Err(error) = remembered.remember(&key.id, Mark::of(key), passphrase) {
        let words = "the secret store of the system still has the old passphrase";
        session.ui.warning_about(words, &error);
    }
}
