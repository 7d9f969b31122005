//! `key import`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::commands::new_file::{STREAM, read_stdin};
use crate::commands::{OutputArgs, Session};
use crate::error::{CliError, Exit};
use crate::fsutil;
use crate::keys::{
    FileKeyStore, ImportOptions, Imported, KeyRole, Outcome, PemFile, should_be_private_key,
};
use crate::tuf::role::Gun;

/// The most bytes of a file with keys.
const MAX_BYTES: u64 = 16 << 20;

/// Put private keys from PEM files into the key store
///
/// Reads what `notary key export`, `notary key generate --output`, Go's and Docker's programs and
/// OpenSSL write: PKCS#8, SEC 1, PKCS#1 and Ed25519 keys, several in one file if need be. Certificates
/// and public keys among them are passed over.
///
/// The passphrase of an encrypted key is asked for, since its id can only be told from the key
/// itself. A key in a form that the Go program reads keeps that passphrase; all others are encrypted
/// with a new one.
///
/// What a file says about the role and the collection of a key counts before --role and --gun. A
/// key that is there already for another role is left alone, and so is its file. Every key that can
/// be imported is, also when others of the same file cannot.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary key import keys.pem
  notary key import alice.key --role targets/alice
  notary key import targets.pem --role targets --gun example.com/scripts")]
pub struct ImportArgs {
    /// PEM files with private keys; - is stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// What keys are for whose files do not say it, instead of delegation
    #[arg(short, long, value_name = "ROLE")]
    role: Option<KeyRole>,

    /// Collection of targets, snapshot and timestamp keys whose files do not say it
    #[arg(short, long, value_name = "GUN")]
    gun: Option<Gun>,

    /// Show what would be imported and store nothing
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct ImportOutput {
    blocks: Vec<BlockOutput>,
}

#[derive(Default, Serialize)]
struct BlockOutput {
    file: String,
    /// From 1; null for what is wrong with the file as a whole.
    block: Option<usize>,
    outcome: &'static str,
    key_id: Option<String>,
    role: Option<String>,
    gun: Option<String>,
    location: Option<String>,
    error: Option<String>,
}

/// What has been done so far.
#[derive(Default)]
struct Progress {
    blocks: Vec<BlockOutput>,
    failures: Vec<CliError>,
    imported: usize,
}

impl Progress {
    /// Notes that something was not imported.
    fn fail(&mut self, file: &Path, block: Option<usize>, place: &str, why: CliError) {
        let failure = CliError::not_imported(place, why);
        let error = failure.error.as_deref();
        let error = error.and_then(|error| error.source()).map(ToString::to_string);
        let (file, outcome) = (file.display().to_string(), "failed");
        self.blocks.push(BlockOutput { file, block, outcome, error, ..Default::default() });
        self.failures.push(failure);
    }
}

/// Runs `key import`.
pub fn import(session: &mut Session<'_>, args: &ImportArgs) -> Result<(), CliError> {
    let store = session.key_store();
    let (role, gun) = (args.role.clone(), args.gun.clone());
    let options = ImportOptions { role, gun, dry_run: args.dry_run };
    let mut progress = Progress::default();
    for file in &args.files {
        import_file(session, &store, file, &options, &mut progress)?;
    }
    let Progress { blocks, mut failures, imported } = progress;
    if args.output.is_json() {
        session.ui.json(&ImportOutput { blocks })?;
    }
    if imported == 0 && failures.len() == 1 {
        return Err(failures.remove(0));
    }
    if failures.is_empty() {
        return Ok(());
    }
    for error in failures.iter().filter_map(|failure| failure.error.as_deref()) {
        session.ui.warning_about(&error.to_string(), error);
    }
    let words = match imported {
        0 => "no key was imported".to_owned(),
        1 => format!("1 key was imported, but there were {} failures", failures.len()),
        count => format!("{count} keys were imported, but there were {} failures", failures.len()),
    };
    Err(CliError::several(failures, &words.replace("were 1 failures", "was 1 failure")))
}

/// Imports the keys in a file; fails only when somebody ends it.
fn import_file(
    session: &mut Session<'_>,
    store: &FileKeyStore,
    file: &Path,
    options: &ImportOptions,
    progress: &mut Progress,
) -> Result<(), CliError> {
    let name = format!("`{}`", file.display());
    let text = match read(session, file) {
        Ok(text) => text,
        Err(error) => {
            progress.fail(file, None, &name, error);
            return Ok(());
        }
    };
    let pem = PemFile::parse(&text);
    let mut keys = 0;
    for (number, block) in (1..).zip(&pem.blocks) {
        let place = match pem.blocks.len() {
            1 => name.clone(),
            _ => format!("block {number} of {name}"),
        };
        if !should_be_private_key(block) {
            let words = format!("{place} is no private key but `{}`; passed over", block.label);
            session.ui.note(&words);
            let (file, block) = (file.display().to_string(), Some(number));
            let output = BlockOutput { file, block, outcome: "skipped", ..Default::default() };
            progress.blocks.push(output);
            continue;
        }
        keys += 1;
        match store.import(block, &place, options, session.passphrases()) {
            Ok(imported) => {
                tell(session, &place, &imported);
                progress.imported += 1;
                progress.blocks.push(output_of(file, number, &imported));
            }
            Err(error) => {
                let error = CliError::from(error);
                if error.exit == Exit::Interrupted {
                    return Err(error);
                }
                progress.fail(file, Some(number), &place, error);
            }
        }
    }
    let nothing = (keys == 0 && pem.damaged == 0).then_some("there is no private key in it");
    let damaged = (pem.damaged > 0).then_some("a PEM block in it is damaged or cut off");
    for why in nothing.into_iter().chain(damaged) {
        progress.fail(file, None, &name, CliError::new(Exit::Failed, why));
    }
    Ok(())
}

fn read(session: &mut Session<'_>, file: &Path) -> Result<Zeroizing<Vec<u8>>, CliError> {
    if file == Path::new(STREAM) {
        let too_large =
            || CliError::new(Exit::Failed, format!("it is larger than {MAX_BYTES} bytes"));
        return read_stdin(session, MAX_BYTES)?.ok_or_else(too_large);
    }
    let path = session.cwd.join(file);
    match fsutil::read_bounded(&path, MAX_BYTES)? {
        Some(text) => Ok(Zeroizing::new(text)),
        None => Err(fsutil::missing(&path).into()),
    }
}

fn tell(session: &mut Session<'_>, place: &str, key: &Imported) {
    let Imported { id, role, .. } = key;
    let gun = key.gun.as_ref().map_or_else(String::new, |gun| format!(" of {gun}"));
    let key_of = format!("{role} key {id}{gun}");
    session.ui.note(&match key.outcome {
        Outcome::AlreadyThere => format!("{key_of} is already there; nothing was changed"),
        Outcome::Encrypted => format!("imported {key_of}, encrypted anew"),
        Outcome::Stored => format!("imported {key_of} with the passphrase that it had"),
        Outcome::WouldBeStored => format!("would import {key_of}"),
    });
    if let Some(name) = &key.misnamed {
        session.ui.warning(&format!("{place} calls it {name}, but that is not its id"));
    }
    if let Some(why) = &key.unusable {
        session.ui.warning(&format!("it cannot sign anything: {why}"));
    }
}

fn output_of(file: &Path, number: usize, key: &Imported) -> BlockOutput {
    BlockOutput {
        file: file.display().to_string(),
        block: Some(number),
        outcome: match key.outcome {
            Outcome::AlreadyThere => "already-there",
            Outcome::Encrypted | Outcome::Stored => "imported",
            Outcome::WouldBeStored => "dry-run",
        },
        key_id: Some(key.id.to_string()),
        role: Some(key.role.to_string()),
        gun: key.gun.clone(),
        location: Some(key.location.display().to_string()),
        error: None,
    }
}
