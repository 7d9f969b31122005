//! Runs of the program inside of the test process, with a home of their own, a fixed environment
//! and, if wanted, a fixed clock.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsString;
use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;

use notary::config::Surroundings;
use notary::keys::passphrase::{Passphrase, Prompt, PromptError};
use notary::ui::Streams;
use notary::{Invocation, run};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{assert_same_files, snapshot_of};

/// A home directory, an environment and a clock.
pub struct Sandbox {
    directory: tempfile::TempDir,
    /// The environment variables; the four passphrases are set.
    pub vars: BTreeMap<String, String>,
    /// The present; the clock of the machine if it is not set.
    pub now: Option<OffsetDateTime>,
    /// Options in front of every command line, for instance the server.
    pub options: Vec<String>,
    /// What a person would type when asked for passphrases; nobody is there if it is not set.
    pub typed: Option<Vec<&'static str>>,
}

impl Sandbox {
    /// An answer that interrupts instead.
    pub const CTRL_C: &str = "\u{3}";

    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        for name in ["home", "work"] {
            std::fs::create_dir(directory.path().join(name)).unwrap();
        }
        let passphrases = [
            ("NOTARY_ROOT_PASSPHRASE", "root-passphrase"),
            ("NOTARY_TARGETS_PASSPHRASE", "targets-passphrase"),
            ("NOTARY_SNAPSHOT_PASSPHRASE", "snapshot-passphrase"),
            ("NOTARY_DELEGATION_PASSPHRASE", "delegation-passphrase"),
        ];
        let vars = passphrases.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { directory, vars: vars.collect(), now: None, options: Vec::new(), typed: None }
    }

    /// A sandbox whose commands use the server at `url`.
    pub fn with_server(url: &str) -> Self {
        let mut sandbox = Self::new();
        sandbox.options = vec!["-s".into(), url.into()];
        sandbox
    }

    /// Sets the clock to the time at which the golden files are valid.
    pub fn at_golden_time(mut self) -> Self {
        self.now = Some(OffsetDateTime::parse("2026-11-21T03:00:00Z", &Rfc3339).unwrap());
        self
    }

    /// The working directory of the commands.
    pub fn work(&self) -> PathBuf {
        self.directory.path().join("work")
    }

    /// The trust directory.
    pub fn trust_dir(&self) -> PathBuf {
        self.directory.path().join("home/.notary")
    }

    /// The directory of a collection in the trust directory.
    pub fn collection_dir(&self, gun: &str) -> PathBuf {
        self.trust_dir().join("tuf").join(gun)
    }

    /// Writes a file in the working directory.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.work().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Runs a command.
    pub fn run<A: AsRef<str>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        self.run_with_input(args, b"")
    }

    /// Runs a command that must fail: with this code, with one error block that contains all
    /// `words`, with nothing on stdout but lines that say what is tried, and without a trace in the
    /// trust directory.
    #[track_caller]
    pub fn refuses<A: AsRef<str>>(
        &self,
        args: impl IntoIterator<Item = A>,
        code: u8,
        words: &[&str],
    ) -> Outcome {
        let files = || {
            let mut files = snapshot_of(&self.trust_dir());
            files.retain(|path, _| path.extension().is_none_or(|ending| ending != "lock"));
            files
        };
        let before = files();
        let outcome = self.run(args).failure(code, words);
        let report = outcome.report();
        let tried = ["Pushing changes to ", "Auto-publishing changes to "];
        let is_data = |line: &str| !tried.iter().any(|tried| line.starts_with(tried));
        assert!(!outcome.stdout.lines().any(is_data), "{report}");
        assert_eq!(outcome.stderr.matches("error: ").count(), 1, "{report}");
        assert_same_files(&files(), &before, &report);
        outcome
    }

    /// The program as its own process, with this home, environment and working directory, but the
    /// clock of the machine.
    pub fn process<A: AsRef<str>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(binary());
        command
            .env_clear()
            .envs(&self.vars)
            .env("HOME", self.directory.path().join("home"))
            .current_dir(self.work())
            .args(&self.options)
            .args(args.into_iter().map(|arg| arg.as_ref().to_owned()))
            .stdin(Stdio::null());
        command
    }

    /// Runs a command as its own process and waits for its end.
    pub fn run_process<A: AsRef<str>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        Outcome::of(&mut self.process(args))
    }

    /// Runs a command that reads `input` from a pipe.
    pub fn run_with_input<A: AsRef<str>>(
        &self,
        args: impl IntoIterator<Item = A>,
        input: &[u8],
    ) -> Outcome {
        let mut line = vec![OsString::from("notary")];
        line.extend(self.options.iter().map(OsString::from));
        line.extend(args.into_iter().map(|arg| OsString::from(arg.as_ref())));
        let shown = line.iter().map(|arg| arg.to_string_lossy().into_owned()).collect::<Vec<_>>();
        let (stdout, stderr, terminal) = (Sink::default(), Sink::default(), Sink::default());
        let prompt = Typist {
            answers: RefCell::new(self.typed.clone().map(VecDeque::from)),
            shown: terminal.clone(),
        };
        let code = run(Invocation {
            args: line,
            around: Surroundings {
                cwd: self.work(),
                home: Some(self.directory.path().join("home")),
                vars: self
                    .vars
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone().into()))
                    .collect(),
            },
            now: self.now.unwrap_or_else(OffsetDateTime::now_utc),
            prompt: Box::new(prompt),
            streams: Streams {
                stdin: Box::new(Cursor::new(input.to_vec())),
                stdout: Box::new(stdout.clone()),
                stderr: Box::new(stderr.clone()),
                stdin_is_terminal: false,
                stdout_is_terminal: false,
                stderr_is_terminal: false,
            },
        });
        Outcome {
            command: shown.join(" "),
            code,
            raw_stdout: stdout.0.borrow().clone(),
            stdout: stdout.text(),
            stderr: stderr.text(),
            terminal: terminal.text(),
        }
    }
}

/// What a run left behind.
#[must_use]
#[derive(Debug)]
pub struct Outcome {
    command: String,
    pub code: u8,
    pub raw_stdout: Vec<u8>,
    pub stdout: String,
    pub stderr: String,
    /// What was shown on the terminal where passphrases are asked for.
    pub terminal: String,
}

impl Outcome {
    /// Runs a process and waits for its end.
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            command: format!("{command:?}"),
            code: output.status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(255),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            raw_stdout: output.stdout,
            terminal: String::new(),
        }
    }

    /// Makes sure that the run succeeded, and returns what it printed.
    #[track_caller]
    pub fn success(self) -> String {
        assert_eq!(self.code, 0, "{}", self.report());
        self.stdout
    }

    /// Makes sure that the run failed with this code and that its messages contain all `words`;
    /// stdout must be empty apart from lines that say what was tried.
    #[track_caller]
    pub fn failure(self, code: u8, words: &[&str]) -> Self {
        assert_eq!(self.code, code, "{}", self.report());
        assert!(self.stderr.contains("error: "), "{}", self.report());
        for word in words {
            assert!(self.stderr.contains(word), "{word:?} is missing\n{}", self.report());
        }
        self
    }

    /// Everything, for failure messages.
    pub fn report(&self) -> String {
        format!(
            "$ {}\nexit {}\n--- stdout\n{}--- stderr\n{}--- terminal\n{}",
            self.command, self.code, self.stdout, self.stderr, self.terminal
        )
    }

    /// The data as JSON.
    #[track_caller]
    pub fn json(self) -> serde_json::Value {
        let report = self.report();
        let stdout = self.success();
        serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}\n{report}"))
    }
}

#[derive(Clone, Default)]
struct Sink(Rc<RefCell<Vec<u8>>>);

impl Sink {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.borrow()).into_owned()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A person who types what was agreed beforehand, and interrupts when that is used up.
struct Typist {
    answers: RefCell<Option<VecDeque<&'static str>>>,
    shown: Sink,
}

impl Prompt for Typist {
    fn ask(&self, question: &str) -> Result<Passphrase, PromptError> {
        let mut answers = self.answers.borrow_mut();
        let answers = answers.as_mut().ok_or(PromptError::NoTerminal)?;
        writeln!(self.shown.clone(), "{question}").unwrap();
        match answers.pop_front() {
            None | Some(Sandbox::CTRL_C) => Err(PromptError::Interrupted),
            Some(answer) => Ok(answer.to_owned().into()),
        }
    }

    fn tell(&self, line: &str) -> Result<(), PromptError> {
        self.answers.borrow().as_ref().ok_or(PromptError::NoTerminal)?;
        writeln!(self.shown.clone(), "{line}").unwrap();
        Ok(())
    }
}

/// The program as its own process, for what cannot be seen from inside.
pub fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_notary"))
}
