//! Where a passphrase may come from: one source after the other, each asked only when it is its
//! turn, and none twice for the same thing.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::process::{ChildStdout, Command, ExitStatus, Stdio};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use thiserror::Error;

use super::wanted::{Kind, NAMES, Wanted};
use super::{Passphrase, Prompt};
use crate::fsutil::{IoContext as _, PathError};
use crate::secret::{first_line, is_readable_by_others};

/// The most bytes that are read in search of the end of a passphrase.
const MAX_BYTES: usize = 4096;
/// The most bytes of what a command prints behind its first line.
const MAX_OUTPUT: u64 = 1 << 20;

/// Other variables with secrets: the passphrase of the server's keys, and a login.
const OTHER_VARIABLES: [&str; 2] = ["NOTARY_SERVER_KEY_PASSPHRASE", "NOTARY_AUTH"];

/// Whether a passphrase is to open something, or to protect something new.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Purpose {
    /// It has to be the one that was chosen once.
    Open,
    /// Any will do.
    New,
}

/// A place where passphrases are. People at terminals are not one, they are asked last.
pub trait Source {
    /// Looks for what is wanted; `None` if it is not here. What deserves attention on the way is
    /// told through `prompt`. The answer is the same each time, and nothing is read again for it.
    fn find(
        &self,
        wanted: &Wanted,
        purpose: Purpose,
        prompt: &dyn Prompt,
    ) -> Result<Option<Found>, SourceError>;
}

/// A passphrase, and where it was.
#[derive(Clone, Debug)]
pub struct Found {
    /// The passphrase.
    pub value: Passphrase,
    /// Where it was.
    pub origin: Origin,
}

/// Where a passphrase was, as people know it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// What the passphrase command printed.
    Command,
    /// A file.
    File(PathBuf),
    /// The secret store of the operating system.
    SecretStore,
    /// An environment variable.
    Variable(&'static str),
}

impl Origin {
    /// What has to be looked at when it is wrong.
    pub fn place(&self) -> String {
        match self {
            Self::Command => "the passphrase command".to_owned(),
            Self::File(path) => format!("`{}`", path.display()),
            Self::SecretStore => "what is remembered".to_owned(),
            Self::Variable(name) => (*name).to_owned(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command => f.write_str("the answer of the passphrase command"),
            Self::File(path) => write!(f, "the first line of `{}`", path.display()),
            Self::SecretStore => f.write_str("the remembered passphrase"),
            Self::Variable(name) => write!(f, "the value of {name}"),
        }
    }
}

/// Why a source that was named cannot answer.
#[derive(Clone, Debug, Error)]
pub enum SourceError {
    /// The command cannot be started, or its answer not be read.
    #[error("the passphrase command cannot be run")]
    Command(#[source] Rc<io::Error>),
    /// The command failed.
    #[error("the passphrase command failed with {}", describe(*.0))]
    Exit(ExitStatus),
    /// The file cannot be read.
    #[error(transparent)]
    File(Rc<PathError>),
}

/// How a process ended.
fn describe(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit status {code}"),
        // On Unix it names the signal.
        None => status.to_string(),
    }
}

/// A command line for the shell. It is not part of debug output, since there may be secrets in it.
#[derive(Clone, Eq, PartialEq)]
pub struct ShellCommand(Passphrase);

impl From<String> for ShellCommand {
    fn from(line: String) -> Self {
        Self(line.into())
    }
}

impl fmt::Debug for ShellCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShellCommand(..)")
    }
}

/// Environment variables, by their names.
pub(super) struct Variables(pub(super) BTreeMap<&'static str, Passphrase>);

impl Source for Variables {
    fn find(
        &self,
        wanted: &Wanted,
        _: Purpose,
        _: &dyn Prompt,
    ) -> Result<Option<Found>, SourceError> {
        let name = wanted.kind.names().map(|names| names.variable);
        let found = name.and_then(|name| Some((name, self.0.get(name)?)));
        Ok(found
            .map(|(name, value)| Found { value: value.clone(), origin: Origin::Variable(name) }))
    }
}

/// A file whose first line is a passphrase.
pub(super) struct PassphraseFile {
    kind: Kind,
    path: PathBuf,
    content: OnceCell<Result<Passphrase, SourceError>>,
}

impl PassphraseFile {
    pub(super) fn new(kind: Kind, path: PathBuf) -> Self {
        Self { kind, path, content: OnceCell::new() }
    }

    fn read(&self, prompt: &dyn Prompt) -> Result<Passphrase, SourceError> {
        let read = || {
            // Not only regular files: a shell gives pipes for `<(command)`.
            let mut file = File::open(&self.path)?;
            if is_readable_by_others(&file) {
                prompt.warn(&format!(
                    "others can read the passphrase in `{}`; `chmod 600` keeps it to you",
                    self.path.display()
                ));
            }
            let line = first_line(&mut file, MAX_BYTES)?;
            let empty = || io::Error::new(io::ErrorKind::InvalidData, "its first line is empty");
            if line.is_empty() { Err(empty()) } else { Ok(line) }
        };
        let read = read().on("read a passphrase from", &self.path);
        read.map_err(|error| SourceError::File(Rc::new(error)))
    }
}

impl Source for PassphraseFile {
    fn find(
        &self,
        wanted: &Wanted,
        _: Purpose,
        prompt: &dyn Prompt,
    ) -> Result<Option<Found>, SourceError> {
        if !self.kind.covers(&wanted.kind) {
            return Ok(None);
        }
        let value = self.content.get_or_init(|| self.read(prompt)).clone()?;
        Ok(Some(Found { value, origin: Origin::File(self.path.clone()) }))
    }
}

/// A command of the user that prints passphrases.
pub(super) struct PassphraseCommand {
    line: ShellCommand,
    answers: RefCell<BTreeMap<Question, Result<Option<Passphrase>, SourceError>>>,
}

/// What the answer of a command depends on.
type Question = (Kind, String, Option<String>, Option<String>, Purpose);

impl PassphraseCommand {
    pub(super) fn new(line: ShellCommand) -> Self {
        Self { line, answers: RefCell::default() }
    }

    fn run(&self, wanted: &Wanted, purpose: Purpose) -> Result<Option<Passphrase>, SourceError> {
        let failed = |error| SourceError::Command(Rc::new(error));
        let mut command = Command::new("sh");
        command.args(["-c", &self.line.0]).stdin(Stdio::null()).stdout(Stdio::piped());
        let purpose = match purpose {
            Purpose::New => "new",
            Purpose::Open => "open",
        };
        command.envs([
            ("NOTARY_KEY_ID", wanted.id.as_ref().map_or("", |id| id.as_str())),
            ("NOTARY_KEY_ROLE", &wanted.role),
            ("NOTARY_KEY_GUN", wanted.gun.as_deref().unwrap_or_default()),
            ("NOTARY_KEY_PURPOSE", purpose),
        ]);
        // It need not know of other secrets to tell this one.
        for name in NAMES.map(|names| names.variable).into_iter().chain(OTHER_VARIABLES) {
            command.env_remove(name);
        }
        let mut child = command.spawn().map_err(failed)?;
        let prints_too_much = Arc::new(AtomicBool::new(false));
        let answer = child.stdout.take().map_or(Ok(Passphrase::default()), |mut output| {
            let line = first_line(&mut output, MAX_BYTES)?;
            drain(output, prints_too_much.clone());
            Ok(line)
        });
        let status = child.wait().map_err(failed)?;
        match answer {
            // An answer that is too long ends the command, so how it ended says nothing.
            Err(error) => Err(failed(error)),
            Ok(_) if prints_too_much.load(Ordering::Acquire) => {
                Err(failed(io::Error::new(io::ErrorKind::FileTooLarge, "it prints too much")))
            }
            Ok(_) if !status.success() => Err(SourceError::Exit(status)),
            Ok(answer) => Ok((!answer.is_empty()).then_some(answer)),
        }
    }
}

impl Source for PassphraseCommand {
    fn find(
        &self,
        wanted: &Wanted,
        purpose: Purpose,
        _: &dyn Prompt,
    ) -> Result<Option<Found>, SourceError> {
        let id = wanted.id.as_ref().map(ToString::to_string);
        // Things that are no keys are told apart by their names.
        let what = id.or_else(|| Some(wanted.name.clone()));
        let question =
            (wanted.kind.clone(), wanted.role.clone(), wanted.gun.clone(), what, purpose);
        let mut answers = self.answers.borrow_mut();
        let answer = answers.entry(question).or_insert_with(|| self.run(wanted, purpose));
        Ok(answer.clone()?.map(|value| Found { value, origin: Origin::Command }))
    }
}

/// Takes what a command goes on to print, so that it can end in its own time, but not without end:
/// then nobody reads any more, which ends it.
///
/// Nobody waits for this: what the command has left running may keep the output open.
fn drain(mut output: ChildStdout, prints_too_much: Arc<AtomicBool>) {
    thread::spawn(move || {
        let rest = io::copy(&mut output.by_ref().take(MAX_OUTPUT), &mut io::sink());
        let is_too_much = rest.is_ok_and(|rest| rest == MAX_OUTPUT);
        // Before the output is closed, so that it is known when the command ends by that.
        prints_too_much.store(is_too_much, Ordering::Release);
        drop(output);
    });
}
