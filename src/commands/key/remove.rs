//! `key remove` and `key unarchive`.

use clap::Args;

use crate::commands::Session;
use crate::error::{CliError, Exit};
use crate::keys::{FileKeyStore, IdPrefix, KeyInfo, KeyStore as _, TokenKeyInfo};
use crate::repo::inventory::Inventory;
use crate::tuf::key::KeyId;
use crate::tuf::role::RoleName;

/// Take a private key out of use
///
/// Moves the key into the archive, a directory of the key store from which nothing is used, and
/// from which `notary key unarchive` brings it back. With --purge it is destroyed instead, and so
/// is a key that is in the archive already. The question must be answered with yes.
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
    let on_token = session.token.keys();
    let held = match super::find_anywhere(&store, &args.id) {
        Ok(held) => held,
        Err(error) => {
            let id = args.id.find(on_token.iter().map(|key| &key.id));
            return match on_token.iter().find(|key| id.as_ref() == Ok(&key.id)) {
                Some(key) if error.exit == Exit::NotFound => remove_from_token(session, args, key),
                _ => Err(error),
            };
        }
    };
    match held.in_use {
        Some(stored) => remove_stored(session, args, &store, &stored.info),
        None => remove_archived(session, args, &store, &held.archived),
    }
}

fn remove_stored(
    session: &mut Session<'_>,
    args: &RemoveArgs,
    store: &FileKeyStore,
    key: &KeyInfo,
) -> Result<(), CliError> {
    let id = &key.id;
    warn_about_use(session, id, &key.role);
    let what = describe(id, &key.role, &store.directory().display().to_string());
    ask(session, args, &what, args.purge)?;
    let mut archived = None;
    {
        let _lock = session.lock_keys();
        // Below a file that counts there may be others of the same key.
        while let Some(stored) = store.find(id)? {
            match args.purge {
                true => store.remove(&stored.info.location)?,
                false => archived = store.archive(id)?,
            }
        }
    }
    report(session, &what)?;
    if let Some(path) = archived {
        session.ui.note(&format!("it is in the archive now, `{}`", path.display()));
        session.ui.hint(&format!("`notary key unarchive {}` brings it back", id.short()));
    }
    Ok(())
}

/// Says what would be missing without the key.
fn warn_about_use(session: &mut Session<'_>, id: &KeyId, role: &str) {
    let inventory = Inventory::of(&session.config.trust_dir);
    for unreadable in &inventory.unreadable {
        session.ui.warning_about(&unreadable.to_string(), unreadable);
    }
    for used in inventory.uses_of(id) {
        let words = format!("it signs {} of {}, as far as is known here", used.role, used.gun);
        session.ui.warning(&words);
    }
    if role == RoleName::ROOT.as_str() {
        let words = "it is a root key: without it nobody can replace the keys of its collections";
        session.ui.warning(words);
    }
}

fn remove_archived(
    session: &mut Session<'_>,
    args: &RemoveArgs,
    store: &FileKeyStore,
    keys: &[KeyInfo],
) -> Result<(), CliError> {
    let Some(key) = keys.last() else { return Ok(()) };
    // Whoever runs the same line twice shall not lose the key by that.
    if args.yes && !args.purge {
        let words = format!("key {} is in the archive already", key.id);
        return Err(CliError::new(Exit::Usage, words).hint("`--purge` destroys it"));
    }
    let what = describe(&key.id, &key.role, &store.archive_dir().display().to_string());
    ask(session, args, &what, true)?;
    {
        let _lock = session.lock_keys();
        for key in keys {
            store.remove(&key.location)?;
        }
    }
    report(session, &what)
}

fn remove_from_token(
    session: &mut Session<'_>,
    args: &RemoveArgs,
    key: &TokenKeyInfo,
) -> Result<(), CliError> {
    // Whoever runs the same line twice shall not lose the copy on the token by that.
    if args.yes && !args.purge {
        let words = format!("key {} is on the hardware token, where there is no archive", key.id);
        return Err(CliError::new(Exit::Usage, words).hint("`--purge` destroys it"));
    }
    warn_about_use(session, &key.id, &key.role);
    let what = describe(&key.id, &key.role, &key.token);
    ask(session, args, &what, true)?;
    let store = session.key_store();
    session.keychain(&store).destroy_on_token(&key.id)?;
    report(session, &what)
}

fn describe(id: &KeyId, role: &str, place: &str) -> String {
    format!("{id} (role {role}) from {place}")
}

fn ask(
    session: &mut Session<'_>,
    args: &RemoveArgs,
    what: &str,
    for_good: bool,
) -> Result<(), CliError> {
    if for_good {
        session.ui.warning("the key is destroyed and cannot be brought back");
    }
    session.ui.line("")?;
    if args.yes {
        return Ok(());
    }
    let question = format!("Are you sure you want to remove {what}? ");
    let is_sure = session.ui.confirm(&question);
    session.ui.line("")?;
    if is_sure {
        return Ok(());
    }
    session.ui.line("Aborting action.")?;
    session.ui.line("")?;
    let declined = CliError::declined();
    Err(match session.ui.stdin_is_terminal() {
        true => declined,
        false => declined.hint("`--yes` removes without asking"),
    })
}

fn report(session: &mut Session<'_>, what: &str) -> Result<(), CliError> {
    session.ui.line(&format!("Deleted {what}."))?;
    Ok(session.ui.line("")?)
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
    let held = super::find_anywhere(&store, &args.id)?;
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
