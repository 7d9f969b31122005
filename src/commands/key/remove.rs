//! `key remove` and `key unarchive`.

use std::fmt;

use clap::Args;

use super::Held;
use crate::commands::Session;
use crate::error::{CliError, Exit};
use crate::keys::passphrase::Remembered;
use crate::keys::{FileKeyStore, IdPrefix, KeyInfo, KeyStore as _, TokenKeyInfo};
use crate::repo::inventory::Inventory;
use crate::secret::SystemStore;
use crate::tuf::key::KeyId;
use crate::tuf::role::RoleName;

/// Take a private key out of use
///
/// Moves the key into the archive, a directory of the key store from which nothing is used, and
/// from which `notary key unarchive` brings it back. With --purge it is destroyed instead, with all
/// that is in the archive of it, and so is a key that is only in the archive. The question must be
/// answered with yes.
///
/// There is no archive on a hardware token: a key that is only there is destroyed.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary key remove 7c4528d
  notary key remove 7c4528d --purge --yes")]
pub struct RemoveArgs {
    /// Id of the key, or the first 7 or more digits of it
    #[arg(value_name = "ID")]
    id: IdPrefix,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// Destroy the key instead of moving it into the archive
    #[arg(long)]
    purge: bool,

    #[arg(hide = true)]
    extra: Vec<String>,
}

/// Runs `key remove`.
pub fn remove(session: &mut Session<'_>, args: &RemoveArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let store = session.key_store();
    let held = super::find_anywhere(&store, session.token.keys(), &args.id)?;
    match (&held.in_use, &held.on_token) {
        (Some(stored), _) => remove_stored(session, args, &store, &stored.info, &held),
        (None, Some(key)) => remove_from_token(session, args, &store, key, &held.archived),
        (None, None) => remove_archived(session, args, &store, &held.archived),
    }
}

/// A key that is to be removed, as it is spoken of.
struct Removal<'a> {
    id: &'a KeyId,
    role: &'a str,
    /// The directory or the token.
    place: String,
    /// Files in the archive that go as well.
    also: &'a [KeyInfo],
    for_good: bool,
}

impl Removal<'_> {
    /// Warns of what would be missing and asks.
    fn ask(&self, session: &mut Session<'_>, args: &RemoveArgs) -> Result<(), CliError> {
        self.warn(session);
        session.ui.line("")?;
        if args.yes {
            return Ok(());
        }
        let is_sure = session.ui.confirm(&format!("Are you sure you want to remove {self}? "));
        session.ui.line("")?;
        if is_sure {
            return Ok(());
        }
        session.ui.line("Aborting action.")?;
        session.ui.line("")?;
        Err(session.declined("`--yes` removes without asking"))
    }

    fn warn(&self, session: &mut Session<'_>) {
        let inventory = Inventory::of(&session.config.trust_dir);
        for unreadable in &inventory.unreadable {
            session.ui.warning_about(&unreadable.to_string(), unreadable);
        }
        for used in inventory.uses_of(self.id) {
            let words = format!("it signs {} of {}, as far as is known here", used.role, used.gun);
            session.ui.warning(&words);
        }
        if self.role == RoleName::ROOT.as_str() {
            let words = "it is a root key: without it nobody can replace the keys of its \
                         collections";
            session.ui.warning(words);
        }
        for archived in self.also {
            let file = archived.location.display();
            session.ui.warning(&format!("its archived file `{file}` is destroyed as well"));
        }
        if self.for_good {
            session.ui.warning("the key is destroyed and cannot be brought back");
        }
    }

    /// Whoever runs the same line twice, or forgets that a key is not in a file, shall not lose it.
    fn demand_purge(&self, args: &RemoveArgs, where_it_is: &str) -> Result<(), CliError> {
        if !args.yes || args.purge {
            return Ok(());
        }
        let words = format!("key {} is {where_it_is}", self.id);
        Err(CliError::new(Exit::Usage, words).hint("`--purge` destroys it"))
    }

    fn report(&self, session: &mut Session<'_>) -> Result<(), CliError> {
        session.ui.line(&format!("Deleted {self}."))?;
        Ok(session.ui.line("")?)
    }
}

impl fmt::Display for Removal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, role, place, .. } = self;
        write!(f, "{id} (role {role}) from {place}")
    }
}

fn remove_stored(
    session: &mut Session<'_>,
    args: &RemoveArgs,
    store: &FileKeyStore,
    key: &KeyInfo,
    held: &Held,
) -> Result<(), CliError> {
    let (id, place) = (&key.id, store.directory().display().to_string());
    let also = if args.purge { held.archived.as_slice() } else { &[] };
    let for_good = args.purge && held.on_token.is_none();
    let removal = Removal { id, role: &key.role, place, also, for_good };
    removal.ask(session, args)?;
    let mut archived = None;
    {
        let _lock = session.lock_keys();
        match args.purge {
            true => {
                let copies = store.copies(id)?.into_iter().map(|copy| copy.info);
                destroy(session, store, id, copies.chain(also.iter().cloned()))?;
            }
            false => archived = store.archive(id)?,
        }
    }
    removal.report(session)?;
    if let Some(path) = archived {
        session.ui.note(&format!("it is in the archive now, `{}`", path.display()));
        session.ui.hint(&format!("`notary key unarchive {}` brings it back", id.short()));
    }
    if let Some(key) = &held.on_token {
        session.ui.note(&format!("the same key is on the token {}, and stays there", key.token));
    }
    Ok(())
}

fn remove_archived(
    session: &mut Session<'_>,
    args: &RemoveArgs,
    store: &FileKeyStore,
    keys: &[KeyInfo],
) -> Result<(), CliError> {
    let Some((key, also)) = keys.split_last() else { return Ok(()) };
    let (id, place) = (&key.id, store.archive_dir().display().to_string());
    let removal = Removal { id, role: &key.role, place, also, for_good: true };
    removal.demand_purge(args, "in the archive already")?;
    removal.ask(session, args)?;
    {
        let _lock = session.lock_keys();
        destroy(session, store, id, keys.iter().cloned())?;
    }
    removal.report(session)
}

fn remove_from_token(
    session: &mut Session<'_>,
    args: &RemoveArgs,
    store: &FileKeyStore,
    key: &TokenKeyInfo,
    archived: &[KeyInfo],
) -> Result<(), CliError> {
    let also = if args.purge { archived } else { &[] };
    let (id, place, for_good) = (&key.id, key.token.clone(), also.len() == archived.len());
    let removal = Removal { id, role: &key.role, place, also, for_good };
    removal.demand_purge(args, "on the hardware token, where there is no archive")?;
    removal.ask(session, args)?;
    session.keychain(store).destroy_on_token(id)?;
    {
        let _lock = session.lock_keys();
        destroy(session, store, id, also.iter().cloned())?;
    }
    removal.report(session)?;
    if !for_good {
        session.ui.note("a copy of it stays in the archive");
        session.ui.hint(&format!("`notary key unarchive {}` brings it back", id.short()));
    }
    Ok(())
}

/// Destroys files of a key, and the passphrase that opens them.
fn destroy(
    session: &mut Session<'_>,
    store: &FileKeyStore,
    id: &KeyId,
    files: impl Iterator<Item = KeyInfo>,
) -> Result<(), CliError> {
    let mut count = 0;
    for file in files {
        store.remove(&file.location)?;
        count += 1;
    }
    if count == 0 {
        return Ok(());
    }
    let remembered = Remembered::new(&session.config.trust_dir, &SystemStore::PASSPHRASES);
    let forgotten = match remembered.list() {
        Ok(keys) if !keys.contains_key(id) => return Ok(()),
        Ok(_) => remembered.forget(id).map(drop),
        Err(error) => Err(error),
    };
    if let Err(error) = forgotten {
        let words = "its passphrase may still be in the secret store of the system";
        session.ui.warning_about(&format!("{words}: {error}"), &error);
    }
    Ok(())
}

/// Bring a private key back from the archive
///
/// Keys get into the archive by `notary key remove`, and when a rotation has replaced them. Of a
/// key that was archived several times, the last one is brought back.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary key unarchive 7c4528d")]
pub struct UnarchiveArgs {
    /// Id of the key, or the first 7 or more digits of it
    #[arg(value_name = "ID")]
    id: IdPrefix,
}

/// Runs `key unarchive`.
pub fn unarchive(session: &mut Session<'_>, args: &UnarchiveArgs) -> Result<(), CliError> {
    let store = session.key_store();
    let _lock = session.lock_keys();
    let held = super::find_anywhere(&store, Vec::new(), &args.id)?;
    if let Some(stored) = held.in_use {
        let KeyInfo { id, role, .. } = stored.info;
        let error = CliError::new(Exit::Conflict, format!("key {id} is in use, for role {role}"));
        let hint = format!("`notary key remove {}` archives that one", id.short());
        return Err(if held.archived.is_empty() { error } else { error.hint(hint) });
    }
    let Some((key, others)) = held.archived.split_last() else { return Ok(()) };
    let path = store.unarchive(key)?;
    let place = store.directory().display();
    session.ui.line(&format!("Unarchived {} (role {}) to {place}.", key.id, key.role))?;
    session.ui.note(&format!("its file is `{}`", path.display()));
    for other in others {
        let words = format!("an older one is still archived, `{}`", other.location.display());
        session.ui.note(&words);
    }
    Ok(())
}
