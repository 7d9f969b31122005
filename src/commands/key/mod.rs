//! `key`: the private keys of this machine.

mod backup;
mod export;
mod generate;
mod import;
mod list;
mod passwd;
mod remember;
mod remove;
mod restore;
mod rotate;

pub use self::rotate::tell_retired;
use clap::{Args, Subcommand};

use super::Session;
use crate::error::CliError;
use crate::keys::{
    FileKeyStore, IdPrefix, KeyInfo, KeyStore as _, NoMatch, StoredKey, TokenKeyInfo,
};

/// Manage private keys
#[derive(Args, Debug)]
pub struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    Backup(backup::BackupArgs),
    Export(export::ExportArgs),
    Forget(remember::ForgetArgs),
    Generate(generate::GenerateArgs),
    Import(import::ImportArgs),
    List(list::ListArgs),
    Passwd(passwd::PasswdArgs),
    Remember(remember::RememberArgs),
    Remove(remove::RemoveArgs),
    Restore(restore::RestoreArgs),
    Rotate(rotate::RotateArgs),
    Unarchive(remove::UnarchiveArgs),
}

/// Runs a command below `key`.
pub fn key(session: &mut Session<'_>, args: &KeyArgs) -> Result<(), CliError> {
    match &args.command {
        KeyCommand::Backup(args) => backup::backup(session, args),
        KeyCommand::Export(args) => export::export(session, args),
        KeyCommand::Forget(args) => remember::forget(session, args),
        KeyCommand::Generate(args) => generate::generate(session, args),
        KeyCommand::Import(args) => import::import(session, args),
        KeyCommand::List(args) => list::list(session, args),
        KeyCommand::Passwd(args) => passwd::passwd(session, args),
        KeyCommand::Remember(args) => remember::remember(session, args),
        KeyCommand::Remove(args) => remove::remove(session, args),
        KeyCommand::Restore(args) => restore::restore(session, args),
        KeyCommand::Rotate(args) => rotate::rotate(session, args),
        KeyCommand::Unarchive(args) => remove::unarchive(session, args),
    }
}

/// Finds a key in use by what was typed of its id.
fn find(store: &FileKeyStore, prefix: &IdPrefix) -> Result<StoredKey, CliError> {
    // A whole id finds files that listing leaves out as unreadable, and says why.
    let id = match prefix.whole() {
        Some(id) => id,
        None => match prefix.find(store.list()?.keys.iter().map(|key| &key.id)) {
            Ok(id) => id,
            Err(error) => return Err(explain(store, prefix, error)),
        },
    };
    let unknown = || NoMatch::Unknown { prefix: prefix.as_str().to_owned() };
    store.find(&id)?.ok_or_else(|| explain(store, prefix, unknown()))
}

/// Says where an unknown key is, if it is in the archive.
pub fn explain(store: &FileKeyStore, prefix: &IdPrefix, error: NoMatch) -> CliError {
    match find_anywhere(store, Vec::new(), prefix) {
        Ok(Held { in_use: None, archived, .. }) if !archived.is_empty() => {
            let id = archived[0].id.short();
            let hint = format!("it is in the archive; `notary key unarchive {id}` brings it back");
            CliError { hints: vec![hint], ..error.into() }
        }
        _ => error.into(),
    }
}

/// All that is here of one key.
struct Held {
    in_use: Option<StoredKey>,
    /// The last one last.
    archived: Vec<KeyInfo>,
    on_token: Option<TokenKeyInfo>,
}

/// Finds a key by what was typed of its id, in use or not, also among those on a token.
fn find_anywhere(
    store: &FileKeyStore,
    on_token: Vec<TokenKeyInfo>,
    prefix: &IdPrefix,
) -> Result<Held, CliError> {
    let (listing, mut archived) = (store.list()?, store.archived()?.keys);
    let id = match prefix.whole() {
        Some(id) => id,
        None => {
            let in_files = listing.keys.iter().chain(&archived).map(|key| &key.id);
            prefix.find(in_files.chain(on_token.iter().map(|key| &key.id)))?
        }
    };
    archived.retain(|key| key.id == id);
    let on_token = on_token.into_iter().find(|key| key.id == id);
    let in_use = store.find(&id)?;
    if in_use.is_none() && archived.is_empty() && on_token.is_none() {
        return Err(NoMatch::Unknown { prefix: id.to_string() }.into());
    }
    Ok(Held { in_use, archived, on_token })
}
