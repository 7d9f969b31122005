//! `key export`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::Words;
use crate::commands::Session;
use crate::error::{CliError, Exit};
use crate::keys::{IdPrefix, Selection};

/// Write private keys to stdout or into a file
///
/// Writes the PEM blocks of the key files as they are, with the ids of the keys: those of all keys,
/// or of some. Encrypted keys stay encrypted with their passphrases, and nothing is asked. `notary
/// key import` and the Go program read what is written.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary key export --output keys.pem
  notary key export --gun example.com/scripts --gun example.com/tools -o keys.pem
  notary key export --key 7c4528d | ssh other notary key import -")]
pub struct ExportArgs {
    /// Write into this file, readable by its owner only, instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Only the keys of this collection; several may be given
    #[arg(long, value_name = "GUN", conflicts_with = "key")]
    gun: Vec<Words>,

    /// Only this key, by its id or the first 7 or more digits of it; several may be given
    #[arg(long, value_name = "ID")]
    key: Vec<Words>,

    /// Archived keys, too
    #[arg(long)]
    archived: bool,
}

/// Runs `key export`.
pub fn export(session: &mut Session<'_>, args: &ExportArgs) -> Result<(), CliError> {
    let exported = session.key_store().export(&selection(args)?, args.archived)?;
    for unreadable in &exported.unreadable {
        session.ui.warning_about(&unreadable.to_string(), unreadable);
    }
    for key in exported.keys.iter().filter(|key| !key.encrypted) {
        session.ui.warning(&format!("key {} is not encrypted", key.id));
    }
    let file = args.output.as_ref().filter(|file| !file.as_os_str().is_empty());
    let Some(file) = file.map(|file| session.cwd.join(file)) else {
        if session.ui.stdout_is_terminal() {
            let words = "these are private keys; `--output FILE` keeps them off the screen";
            session.ui.warning(words);
        }
        return Ok(session.ui.stdout().write_all(exported.text.as_bytes())?);
    };
    exported.write_to(&file)?;
    let count = match exported.keys.len() {
        1 => "1 private key".to_owned(),
        count => format!("{count} private keys"),
    };
    session.ui.note(&format!("exported {count} to `{}`", file.display()));
    Ok(())
}

fn selection(args: &ExportArgs) -> Result<Selection, CliError> {
    let usage = |words: String| CliError::new(Exit::Usage, words);
    for (option, lists) in [("--gun", &args.gun), ("--key", &args.key)] {
        // An empty variable must not mean all keys.
        if lists.iter().any(|words| words.0.is_empty() || words.0.iter().any(String::is_empty)) {
            return Err(usage(format!("`{option}` needs a value that is not empty")));
        }
    }
    let words = |lists: &[Words]| lists.iter().flat_map(|list| list.0.clone()).collect::<Vec<_>>();
    Ok(match (words(&args.gun), words(&args.key)) {
        (guns, _) if !guns.is_empty() => Selection::Guns(guns),
        (_, keys) if !keys.is_empty() => {
            let parse = |text: &String| {
                text.parse::<IdPrefix>().map_err(|why| usage(format!("`{text}`: {why}")))
            };
            Selection::Keys(keys.iter().map(parse).collect::<Result<_, _>>()?)
        }
        _ => Selection::All,
    })
}
