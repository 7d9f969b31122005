//! `key backup`.

pub mod file;
pub mod verify;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::commands::new_file::{NewFile, STREAM};
use crate::commands::{OutputArgs, Session};
use crate::error::{CliError, Exit};
use crate::keys::IdPrefix;
use crate::keys::backup::{
    BackupError, Collected, LeftOut, MAX_BYTES, Opener, Protection, Recipient, Sealed, encrypt,
};
use crate::keys::passphrase::Wanted;
use crate::tuf::role::Gun;
use file::Choice;

/// Put private keys into one encrypted file, or check such a file
///
/// The file has all keys of the key store and its archive, or the chosen ones. It is encrypted with a
/// passphrase of its own (NOTARY_BACKUP_PASSPHRASE, or asked for) or for --recipient, in the age
/// format, so other programs open it, too. The keys inside stay encrypted with their own
/// passphrases: keep those as well, but not in the same place.
///
/// What was written is read and opened again before it gets its name. A key that cannot be read is
/// named, and makes the command end with exit code 1 after everything else was written; a file that
/// is there is not replaced then. Keys on hardware tokens cannot be in a backup.
///
/// With --verify, FILE is checked: that it can be opened, that everything in it is as it was, and
/// that the keys can be opened whose passphrases are known beforehand (--ask asks for the others).
/// Keys that are here but not in the backup are named, and count as a failure.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary key backup notary-keys.age
  notary key backup --verify notary-keys.age
  notary key backup root.age --key 7c4528d
  notary key backup keys.age --recipient age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
  notary key backup - | ssh backup@vault.example 'cat > notary-keys.age'
  age -d notary-keys.age | tar -t")]
pub struct BackupArgs {
    /// The file; `-` for stdout, with --verify for stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Only this key, by the first seven digits of its id or more (repeatable)
    #[arg(long, value_name = "ID")]
    key: Vec<IdPrefix>,

    /// Only keys that were made for this collection or are in use for it (repeatable)
    #[arg(long, value_name = "GUN")]
    gun: Vec<Gun>,

    /// Encrypt for this age recipient instead of with a passphrase (repeatable)
    #[arg(long, value_name = "RECIPIENT", conflicts_with = "verify")]
    recipient: Vec<Recipient>,

    /// Replace the file if it exists
    #[arg(long, conflicts_with = "verify")]
    force: bool,

    /// Check a backup instead of making one
    #[arg(long)]
    verify: bool,

    /// File of age identities that open the backup
    #[arg(long, value_name = "IDENTITIES", requires = "verify")]
    identity: Option<PathBuf>,

    /// Ask for the passphrases of keys that are not known
    #[arg(long, requires = "verify")]
    ask: bool,

    #[command(flatten)]
    output: OutputArgs,
}

/// Runs `key backup`.
pub fn backup(session: &mut Session<'_>, args: &BackupArgs) -> Result<(), CliError> {
    if args.verify {
        return verify::verify(session, args);
    }
    if args.output.is_json() {
        let words = "there is JSON for `--verify` only";
        return Err(CliError::new(Exit::Usage, words));
    }
    let to_stdout = args.file == Path::new(STREAM);
    if to_stdout && session.ui.stdout_is_terminal() {
        let words = "a backup cannot be shown on a terminal";
        return Err(CliError::new(Exit::Usage, words).hint("give the name of a file"));
    }
    // All that can fail goes before the passphrase is asked for.
    let target = match to_stdout {
        true => None,
        false => Some(NewFile::new(session.cwd.join(&args.file), args.force)?),
    };
    let choice = Choice::new(session, &args.key, &args.gun)?;
    let Collected { backup, left_out } = choice.collect(session)?;
    choice.tell_of_token(session);
    for key in &left_out {
        session.ui.warning_about(&key.to_string(), key);
    }
    // Whether a file that cannot be read would have been chosen is not known.
    let is_missed = |key: &&LeftOut| choice.is_all() || matches!(key, LeftOut::Damaged { .. });
    let missed = left_out.iter().filter(is_missed).count();
    if backup.keys.is_empty() && missed == 0 {
        return Err(CliError::new(Exit::NotFound, "there are no keys to back up"));
    }
    let incomplete = |words: &str| {
        let files = match missed {
            1 => "a key file is".to_owned(),
            count => format!("{count} key files are"),
        };
        CliError::new(Exit::Failed, format!("{files} not in the backup{words}"))
            .hint("repair or move away what the warnings name, or choose keys with `--key`")
    };
    if backup.keys.is_empty() {
        return Err(incomplete(", and there is nothing else to put into it"));
    }
    if let Some(target) = &target
        && missed > 0
        && target.exists()
    {
        return Err(incomplete(&format!(", so `{}` was not replaced", target.path().display())));
    }
    let packed = backup.pack();
    if packed.len() as u64 > MAX_BYTES {
        let words = format!("the keys have more than {} MiB", MAX_BYTES >> 20);
        return Err(CliError::new(Exit::Failed, words).hint("choose some with `--key` or `--gun`"));
    }
    let protection = match args.recipient.is_empty() {
        true => Protection::Passphrase(session.passphrases().choose(&Wanted::backup(&args.file))?),
        false => Protection::Recipients(args.recipient.clone()),
    };
    let encrypted = encrypt(&packed, &protection);
    let check = |written: &[u8]| {
        let is_same = match &protection {
            Protection::Passphrase(passphrase) => Sealed::read(written)
                .and_then(|sealed| sealed.open(Opener::Passphrase(passphrase)))
                .map(|opened| opened.is_some_and(|opened| opened == packed)),
            // Only its recipients can open it.
            Protection::Recipients(_) => Sealed::read(written).map(|_| written == encrypted),
        };
        match is_same {
            Ok(true) => Ok(()),
            Ok(false) => Err(CliError::of_backup(&args.file, BackupError::Damaged)),
            Err(error) => Err(CliError::of_backup(&args.file, error)),
        }
    };
    let keys = if backup.keys.len() == 1 { "key" } else { "keys" };
    let done = format!("backed up {} {keys} in `{}`", backup.keys.len(), args.file.display());
    match &target {
        Some(target) => {
            target.write(&encrypted, check)?;
            session.ui.line(&done)?;
        }
        None => {
            check(&encrypted)?;
            session.ui.stdout().write_all(&encrypted)?;
        }
    }
    if missed > 0 {
        return Err(incomplete(", but all others are"));
    }
    for key in backup.keys.iter().filter(|key| !key.stored.info.encrypted) {
        let words = "has no passphrase of its own: whoever opens the backup can sign with it";
        session.ui.warning(&format!("{} {words}", Wanted::stored(&key.stored.info).name));
    }
    if !args.recipient.is_empty() && target.is_some() {
        session.ui.hint(&format!(
            "`notary key backup --verify {} --identity FILE` proves that it can be opened",
            args.file.display()
        ));
    }
    Ok(())
}
