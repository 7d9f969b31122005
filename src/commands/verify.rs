//! `verify`.

use std::fs::File;
use std::io::{self, Read, Seek as _, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use tempfile::SpooledTempFile;

use super::list::TargetOutput;
use super::state::{self, Source};
use super::{RolesArgs, Session};
use crate::error::{CliError, Exit};
use crate::fsutil::{self, IoContext as _};
use crate::remote::Access;
use crate::repo::read::{Mismatch, TargetRow, check_payload};
use crate::tuf::role::Gun;

/// Payloads up to this size wait in memory until they are verified, larger ones in a file.
const MAX_IN_MEMORY: usize = 4 << 20;

/// Check that a file is the target that was signed
///
/// Reads a payload from stdin or a file, checks its size and hashes against what was signed for the
/// target, and only then copies it to stdout or a file. Nothing is written, and the exit code is not
/// 0, unless the whole payload is what was signed.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  curl -fsSL https://example.com/setup.sh | notary verify example.com/scripts setup.sh | sh
  notary verify example.com/scripts setup.sh -i setup.sh -q && sh setup.sh
  notary verify example.com/scripts setup.sh -i download -o setup.sh")]
pub struct VerifyArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Name of the target
    target: String,

    /// Read the payload from this file instead of stdin
    #[arg(short, long, value_name = "FILE")]
    input: Option<PathBuf>,

    /// Write the payload to this file instead of stdout; `json` means the same as --json
    /// (`./json` is a file of that name)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Print a report instead of the payload
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    roles: RolesArgs,

    #[arg(hide = true)]
    extra: Vec<String>,
}

impl VerifyArgs {
    /// Whether the payload comes from stdin.
    pub fn reads_stdin(&self) -> bool {
        self.input.is_none()
    }
}

#[derive(Serialize)]
struct VerifyOutput<'a> {
    gun: &'a Gun,
    source: Source,
    target: TargetOutput<'a>,
    /// Always true: a payload that is not the target is an error.
    verified: bool,
}

/// Where a verified payload goes.
enum Destination<'a> {
    File(&'a Path),
    Nowhere,
    Stdout,
}

/// Runs `verify`.
pub fn verify(session: &mut Session<'_>, args: &VerifyArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let json = args.json || args.output.as_deref() == Some(Path::new("json"));
    let file = args.output.as_deref().filter(|path| *path != Path::new("json"));
    let file = file.map(|path| session.cwd.join(path));
    let destination = match &file {
        _ if session.ui.is_quiet() => Destination::Nowhere,
        Some(path) => Destination::File(path),
        None if json => Destination::Nowhere,
        None => Destination::Stdout,
    };

    // A missing file should not cost a request.
    let input = match &args.input {
        Some(path) => Some(open_input(&session.cwd.join(path))?),
        None => None,
    };
    let opened = session.open(&args.gun, Access::Pull)?;
    let report = opened
        .collection()
        .lookup(&args.target, &args.roles.roles()?)
        .map_err(|error| opened.failed(error))?;
    state::tell(session.ui, session.now, &report.updated);
    let target = report.target.map_err(|error| opened.failed(error))?;
    let checked = check(session, &target, input, &destination);
    let payload = checked.map_err(|error| opened.failed(error))?;
    match destination {
        Destination::File(path) => release(payload, path)?,
        Destination::Nowhere => {}
        Destination::Stdout => {
            io::copy(&mut { payload }, session.ui.stdout())?;
        }
    }
    if json {
        let target = TargetOutput::of(&target);
        let source = Source::of(&report.updated);
        session.ui.json(&VerifyOutput { gun: &args.gun, source, target, verified: true })?;
    }
    Ok(())
}

fn open_input(path: &Path) -> Result<File, CliError> {
    let failed = |why: String| {
        CliError::new(Exit::Failed, format!("cannot read `{}`: {why}", path.display()))
    };
    match fsutil::open_file(path) {
        Ok(Some(file)) => Ok(file),
        Ok(None) => Err(failed("there is no such file".to_owned())),
        Err(error) => Err(failed(error.source.to_string())),
    }
}

/// Verifies the payload and returns it, held back until now.
fn check(
    session: &mut Session<'_>,
    target: &TargetRow,
    input: Option<File>,
    destination: &Destination<'_>,
) -> Result<SpooledTempFile, crate::repo::Error> {
    let mut held = SpooledTempFile::new(MAX_IN_MEMORY);
    let mut nowhere = io::sink();
    let sink: &mut dyn Write = match destination {
        Destination::Nowhere => &mut nowhere,
        Destination::File(_) | Destination::Stdout => &mut held,
    };
    if input.is_none() && session.ui.stdin_is_terminal() {
        session.ui.note("reading the payload from the terminal, until Ctrl-D");
    }
    let length = input.as_ref().and_then(|file| file.metadata().ok()).map(|file| file.len());
    let task = session.ui.progress().begin("verifying", length);
    let payload: &mut dyn Read = match &input {
        Some(file) => &mut &*file,
        None => session.ui.stdin(),
    };
    check_payload(target, payload, sink, &*task)?;
    held.rewind().map_err(crate::repo::Error::Payload)?;
    Ok(held)
}

/// Puts the payload in place of the file, all of it at once. What is no file, for instance a pipe
/// or a device, is written into.
fn release(mut payload: SpooledTempFile, path: &Path) -> Result<(), CliError> {
    let mut write = || {
        // The file that a link points to is replaced, not the link.
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let special = std::fs::metadata(&place).is_ok_and(|found| !found.is_file());
        if special {
            let mut file = File::options().write(true).open(&place).on("write", path)?;
            return io::copy(&mut payload, &mut file).map(drop).on("write", path);
        }
        let directory = fsutil::parent(&place);
        // A mistyped directory is not to be created.
        std::fs::metadata(directory).on("write", path)?;
        let mut file = fsutil::write_temporary(directory, &[])?;
        io::copy(&mut payload, &mut file).on("write", path)?;
        file.as_file().sync_all().on("write", path)?;
        file.persist(&place).map_err(|error| error.error).on("write", path)?;
        fsutil::sync_parent(&place)
    };
    write().map_err(|error: fsutil::PathError| CliError {
        exit: Exit::Failed,
        error: Some(Box::new(error)),
        hints: Vec::new(),
    })
}

/// In which way a payload differs from what was signed, for people.
pub fn differences(mismatch: &Mismatch) -> Vec<String> {
    let describe = |meta: &crate::tuf::metadata::FileMeta| {
        let mut words = vec![format!("{} bytes", meta.length)];
        words.extend(meta.sha256().map(|hash| format!("sha256 {hash}")));
        if !mismatch.target.meta.hashes.contains_key(crate::tuf::metadata::SHA256) {
            words.extend(meta.sha512().map(|hash| format!("sha512 {hash}")));
        }
        words.join(", ")
    };
    let role = &mismatch.target.role;
    vec![
        format!("{role} signed {}", describe(&mismatch.target.meta)),
        match &mismatch.actual {
            Some(actual) => format!("the payload has {}", describe(actual)),
            None => format!("the payload is longer than {} bytes", mismatch.target.meta.length),
        },
    ]
}
