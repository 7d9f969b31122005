//! `key restore`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::backup::file;
use super::backup::verify::{KeyOutput, check, named, table};
use crate::commands::{OutputArgs, Session};
use crate::error::CliError;
use crate::keys::IdPrefix;
use crate::keys::backup::BackupKey;
use crate::keys::backup::restore::Present;
use crate::keys::passphrase::Wanted;

/// Bring private keys back from a backup
///
/// Everything in the backup is checked before anything is written: that nothing was changed, that
/// each key is one, and that those whose passphrases are known beforehand can be opened. A key that
/// is here already is left alone. One that is here in another form, for instance under another
/// passphrase, is a conflict: nothing is restored then, unless --force puts the present one into the
/// archive first. Archived keys return to the archive.
///
/// What was interrupted can be repeated.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary key restore notary-keys.age --list
  notary key restore notary-keys.age
  notary key restore notary-keys.age --key 7c4528d --dry-run
  notary key restore keys.age --identity ~/.age/identity.txt")]
pub struct RestoreArgs {
    /// The backup; `-` for stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Only this key, by the first seven digits of its id or more (repeatable)
    #[arg(long, value_name = "ID")]
    key: Vec<IdPrefix>,

    /// File of age identities that open the backup
    #[arg(long, value_name = "IDENTITIES")]
    identity: Option<PathBuf>,

    /// Show the keys in the backup and whether they are here, and restore nothing
    #[arg(long)]
    list: bool,

    /// Check everything and say what would be restored, and restore nothing
    #[arg(long)]
    dry_run: bool,

    /// Put keys that are here in another form into the archive, and restore those in the backup
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct RestoreOutput<'a> {
    created: &'a str,
    program: &'a str,
    keys: Vec<KeyOutput<'a>>,
}

/// Runs `key restore`.
pub fn restore(session: &mut Session<'_>, args: &RestoreArgs) -> Result<(), CliError> {
    let mut backup = file::open(session, &args.file, args.identity.as_deref())?;
    file::select(&mut backup, &args.key)
        .map_err(|error| CliError::not_in_backup(&args.file, &error))?;
    check(session, &args.file, &backup)?;
    let is_restored = !args.list && !args.dry_run;
    let _lock = if is_restored { session.lock_keys() } else { None };
    let store = session.key_store();
    let mut planned: Vec<(&BackupKey, Present)> = Vec::new();
    for key in &backup.keys {
        planned.push((key, store.present(key)?));
    }
    let status = |present: &Present| match present {
        Present::Nothing => "not here",
        Present::Same => "here",
        Present::Other(_) | Present::Unreadable(_) => "differs",
    };
    let is_json = args.output.is_json();
    if args.list && !is_json {
        let rows: Vec<_> = planned.iter().map(|(key, present)| (*key, status(present))).collect();
        return Ok(session.ui.table(&table(&rows))?);
    }
    let conflicts: Vec<_> = planned.iter().filter(|(_, present)| present.is_conflict()).collect();
    if !args.list && !args.force && !conflicts.is_empty() {
        for (key, present) in &conflicts {
            session.ui.warning(&conflict(key, present));
        }
        return Err(CliError::restore_conflict(&args.file, conflicts.len()));
    }
    for (key, present) in &planned {
        let name = named(key);
        let done = match present {
            Present::Same => format!("{name} is here already"),
            _ if is_restored => {
                store.restore(key, present)?;
                format!("restored {name}")
            }
            _ => format!("would restore {name}"),
        };
        if !is_json {
            session.ui.line(&done)?;
        }
    }
    if is_json {
        let output = |(key, present)| KeyOutput::of(key, Some(status(present)));
        let keys = planned.iter().map(|(key, present)| output((*key, present))).collect();
        let (created, program) = (&*backup.created, &*backup.program);
        session.ui.json(&RestoreOutput { created, program, keys })?;
    }
    Ok(())
}

fn conflict(key: &BackupKey, present: &Present) -> String {
    let name = Wanted::stored(&key.stored.info).name;
    match present {
        Present::Unreadable(unreadable) => {
            format!("`{}` is in the place of {name}, but damaged", unreadable.path.display())
        }
        Present::Other(stored) if stored.info.role != key.entry.role => {
            format!("{name} is here for the role `{}`", stored.info.role)
        }
        _ => format!("{name} is here in another form, perhaps under another passphrase"),
    }
}
