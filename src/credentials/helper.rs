//! Docker's credential helpers: programs that keep logins, and tell them to whoever runs them.
//!
//! `docker-credential-NAME get` gets the address of the server on stdin. What it prints is the
//! login, as JSON, or, when it fails, why. A helper gets neither the secrets that this program was
//! given nor more time than [`Programs::patience`], and only so much of what it prints is read.

use std::ffi::OsString;
use std::io::{self, Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::sources::is_helper_name;
use super::{CredentialsError, Login, answer};

/// The most bytes of an answer, and of a complaint.
const MAX_ANSWER: usize = 64 << 10;
const MAX_COMPLAINT: usize = 4 << 10;
/// How much of a complaint is repeated, in characters.
const MAX_REPEATED: usize = 200;

/// What a helper says that has no login for the server, in the words of all helpers.
const NOT_FOUND: &str = "credentials not found in native keychain";

/// How helpers are run.
#[derive(Clone, Debug)]
pub struct Programs {
    /// Where they are looked for, in the form of `PATH`; where the system looks if it is not set.
    pub path: Option<OsString>,
    /// Environment variables that are not for them.
    pub withheld: Vec<String>,
    /// How long one may take. It may ask somebody to unlock what it keeps.
    pub patience: Duration,
}

impl Default for Programs {
    fn default() -> Self {
        Self { path: None, withheld: Vec::new(), patience: Duration::from_secs(60) }
    }
}

/// How a helper ended.
struct Ending {
    answer: Zeroizing<Vec<u8>>,
    complaint: Zeroizing<Vec<u8>>,
    status: ExitStatus,
}

impl Programs {
    /// The program of a helper.
    pub(super) fn program(name: &str) -> String {
        format!("docker-credential-{name}")
    }

    /// Asks a helper for the login to a server; `None` if it has none.
    pub(super) fn ask(&self, name: &str, server: &str) -> Result<Option<Login>, CredentialsError> {
        let failed = |why: String| {
            let (program, server) = (Self::program(name), server.to_owned());
            CredentialsError::Helper { program, server, why }
        };
        if !is_helper_name(name) {
            return Err(failed("that is not the name of a program".to_owned()));
        }
        let Ending { answer, complaint, status } = self.run(name, server).map_err(failed)?;
        if status.success() {
            return answer::parse(&answer)
                .map_err(|error| failed(format!("it answers, but {error}")));
        }
        let said = first_line(&answer);
        if said == NOT_FOUND {
            return Ok(None);
        }
        let ended = describe(status);
        Err(failed(match [said, first_line(&complaint)].into_iter().find(|said| is_words(said)) {
            Some(said) => format!("{ended}: {said}"),
            None => ended,
        }))
    }

    fn run(&self, name: &str, server: &str) -> Result<Ending, String> {
        let mut command = Command::new(Self::program(name));
        command.arg("get");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        for variable in &self.withheld {
            command.env_remove(variable);
        }
        let mut child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => "there is no such program in `PATH`".to_owned(),
            _ => format!("it cannot be run: {error}"),
        })?;
        if let Some(mut stdin) = child.stdin.take() {
            // Some answer without reading the question.
            let _ = stdin.write_all(server.as_bytes());
        }
        let answer = collect(child.stdout.take(), MAX_ANSWER);
        let complaint = collect(child.stderr.take(), MAX_COMPLAINT);
        let ended = wait(&mut child, &answer, self.patience);
        // It does no harm to a process that has ended.
        let _ = child.kill();
        let _ = child.wait();
        let (answer, status) = ended?;
        // What it has left running may keep the output open.
        let complaint = complaint.recv_timeout(COMPLAINT_PATIENCE).unwrap_or_default();
        Ok(Ending { answer, complaint, status })
    }
}

/// How long to wait for the complaint of a helper that has ended.
const COMPLAINT_PATIENCE: Duration = Duration::from_millis(100);
/// How long to wait before looking again whether a helper has ended.
const BREATH: Duration = Duration::from_millis(2);

/// Waits for the answer and the end.
fn wait(
    child: &mut Child,
    answer: &Receiver<Zeroizing<Vec<u8>>>,
    patience: Duration,
) -> Result<(Zeroizing<Vec<u8>>, ExitStatus), String> {
    let deadline = Instant::now() + patience;
    let late = || format!("it did not answer within {patience:?}");
    let answer = answer.recv_timeout(patience).map_err(|_| late())?;
    if answer.len() > MAX_ANSWER {
        return Err("it prints too much".to_owned());
    }
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok((answer, status)),
            Ok(None) if Instant::now() >= deadline => return Err(late()),
            Ok(None) => thread::sleep(BREATH),
            Err(error) => return Err(format!("it cannot be waited for: {error}")),
        }
    }
}

/// Reads what comes, and one byte more than `max` of it at most.
fn collect(output: Option<impl Read + Send + 'static>, max: usize) -> Receiver<Zeroizing<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // Room for all of it at once: growing would leave pieces of a secret behind in memory.
        let mut bytes = Zeroizing::new(Vec::with_capacity(max + 1));
        if let Some(output) = output {
            // What was read before a failure is not complete, which shows.
            let _ = output.take(max as u64 + 1).read_to_end(&mut bytes);
        }
        // If nobody waits any more, nobody wants it.
        let _ = sender.send(bytes);
    });
    receiver
}

fn first_line(bytes: &[u8]) -> String {
    let line = bytes.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    line.trim().chars().take(MAX_REPEATED).collect()
}

/// Whether something was said, and not a login told.
fn is_words(said: &str) -> bool {
    !said.is_empty() && !said.contains(['{', '"'])
}

/// How a process ended.
fn describe(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("it failed with exit status {code}"),
        // On Unix it names the signal.
        None => format!("it failed with {status}"),
    }
}
