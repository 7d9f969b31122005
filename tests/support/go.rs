//! The Notary client of the Go project, as Debian packages it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PROGRAM: &str = "/usr/bin/notary";

/// The Go client with a trust directory and a server.
pub struct GoClient {
    home: tempfile::TempDir,
    trust_dir: PathBuf,
    options: Vec<String>,
    /// Environment variables that replace the usual ones.
    vars: Vec<(String, String)>,
}

impl GoClient {
    /// A client with an empty trust directory of its own.
    pub fn new(server: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let trust_dir = home.path().join("trust");
        Self { home, trust_dir, options: vec!["-s".into(), server.into()], vars: Vec::new() }
    }

    /// A client that shares a trust directory with others.
    pub fn sharing(server: &str, trust_dir: &Path) -> Self {
        let mut client = Self::new(server);
        client.trust_dir = trust_dir.to_owned();
        client
    }

    /// Its working directory, which is its home.
    pub fn directory(&self) -> &Path {
        self.home.path()
    }

    /// Its trust directory.
    pub fn trust_dir(&self) -> &Path {
        &self.trust_dir
    }

    /// Adds an option to every command line.
    pub fn option(mut self, option: &str) -> Self {
        self.options.push(option.into());
        self
    }

    /// Sets an environment variable.
    pub fn var(mut self, name: &str, value: &str) -> Self {
        self.vars.push((name.into(), value.into()));
        self
    }

    /// Runs a command that must succeed; returns its stdout, where the Go program says everything.
    #[track_caller]
    pub fn run<A: AsRef<str>>(&self, args: impl IntoIterator<Item = A>) -> String {
        let (code, stdout) = self.try_run(args, b"");
        assert_eq!(code, 0, "{stdout}");
        stdout
    }

    /// Runs a command; returns its exit code and its stdout.
    pub fn try_run<A: AsRef<str>>(
        &self,
        args: impl IntoIterator<Item = A>,
        input: &[u8],
    ) -> (i32, String) {
        assert!(
            Path::new(PROGRAM).exists(),
            "{PROGRAM} is missing; `make test` installs it (Debian package `notary`)"
        );
        let mut command = Command::new(PROGRAM);
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("NOTARY_ROOT_PASSPHRASE", "root-passphrase")
            .env("NOTARY_TARGETS_PASSPHRASE", "targets-passphrase")
            .env("NOTARY_SNAPSHOT_PASSPHRASE", "snapshot-passphrase")
            .env("NOTARY_DELEGATION_PASSPHRASE", "delegation-passphrase")
            .envs(self.vars.iter().cloned())
            .current_dir(self.home.path())
            .args(&self.options)
            .arg("-d")
            .arg(&self.trust_dir)
            .args(args.into_iter().map(|arg| arg.as_ref().to_owned()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        // A program that does not read its input closes the pipe.
        let _ = process.stdin.take().unwrap().write_all(input);
        let output = process.wait_with_output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let code = output.status.code().unwrap_or(-1);
        if code != 0 {
            let stderr = String::from_utf8_lossy(&output.stderr);
            return (code, format!("{stdout}\n--- stderr\n{stderr}"));
        }
        (code, stdout)
    }
}
