//! This program's own server, as a process of its own.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::binary;

/// How long is waited for words on stderr.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a server has written to stderr.
#[derive(Default)]
struct Kept {
    bytes: Mutex<Vec<u8>>,
    changed: Condvar,
}

impl Kept {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap()).into_owned()
    }
}

/// How a server is started.
#[derive(Default)]
pub struct OwnServerOptions {
    args: Vec<String>,
    vars: Vec<(String, String)>,
    data: Option<PathBuf>,
    is_bare: bool,
}

impl OwnServerOptions {
    /// Adds an argument.
    pub fn arg(mut self, arg: impl AsRef<Path>) -> Self {
        self.args.push(arg.as_ref().to_str().unwrap().to_owned());
        self
    }

    /// Sets an environment variable.
    pub fn var(mut self, name: &str, value: &str) -> Self {
        self.vars.push((name.into(), value.into()));
        self
    }

    /// Keeps the database in this directory, which outlives the server.
    pub fn data(mut self, directory: &Path) -> Self {
        self.data = Some(directory.to_owned());
        self
    }

    /// Leaves address and database to the other arguments and the environment.
    pub fn bare(mut self) -> Self {
        self.is_bare = true;
        self
    }

    /// Starts the server, and waits until it can be connected to.
    #[track_caller]
    pub fn start(self) -> OwnServer {
        OwnServer::start_as(self)
    }
}

/// A running server with an empty database; it stops when this is dropped.
pub struct OwnServer {
    process: Child,
    home: tempfile::TempDir,
    data: PathBuf,
    reader: Option<JoinHandle<()>>,
    stderr: Arc<Kept>,
    /// What it said on stdout when it was ready.
    pub greeting: String,
    /// Its address.
    pub url: String,
}

impl OwnServer {
    /// Starts a server without TLS on a free port.
    #[track_caller]
    pub fn start() -> Self {
        Self::with().start()
    }

    /// Starts a server with more arguments.
    #[track_caller]
    pub fn start_with(args: &[&str]) -> Self {
        args.iter().fold(Self::with(), OwnServerOptions::arg).start()
    }

    /// A server that can be told more before it is started.
    pub fn with() -> OwnServerOptions {
        OwnServerOptions::default()
    }

    #[track_caller]
    fn start_as(options: OwnServerOptions) -> Self {
        let home = tempfile::tempdir().unwrap();
        let data = options.data.unwrap_or_else(|| home.path().join("data"));
        let mut command = Command::new(binary());
        command.env_clear().env("HOME", home.path()).current_dir(home.path()).arg("serve");
        if !options.is_bare {
            command.args(["--listen", "127.0.0.1:0", "--data"]).arg(&data);
        }
        command
            .args(options.args)
            .envs(options.vars)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let stderr = Arc::new(Kept::default());
        let reader = std::thread::spawn({
            let (source, kept) = (process.stderr.take().unwrap(), stderr.clone());
            move || keep(source, &kept)
        });
        let mut greeting = String::new();
        stdout.read_line(&mut greeting).unwrap();
        let Some((_, url)) = greeting.trim_end().rsplit_once(" on ") else {
            let status = process.wait().unwrap();
            reader.join().unwrap();
            let said = stderr.text();
            panic!("the server does not start: {status}\n{greeting}{said}");
        };
        let url = url.to_owned();
        Self { process, home, data, reader: Some(reader), stderr, greeting, url }
    }

    /// The address without the scheme, for sockets.
    pub fn address(&self) -> &str {
        self.url.split_once("://").unwrap().1
    }

    /// The directory of its database.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Its home and working directory.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// What it has written to stderr so far; everything, once it has ended.
    pub fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// Waits until it has written this to stderr, which may come later than what it says elsewhere.
    #[track_caller]
    pub fn expect_stderr(&self, words: &str) {
        let is_missing = |bytes: &mut Vec<u8>| !String::from_utf8_lossy(bytes).contains(words);
        let bytes = self.stderr.bytes.lock().unwrap();
        let waited = self.stderr.changed.wait_timeout_while(bytes, PATIENCE, is_missing);
        let (bytes, outcome) = waited.unwrap();
        let said = String::from_utf8_lossy(&bytes);
        assert!(!outcome.timed_out(), "{words:?} is missing\n{said}");
    }

    /// The most memory that it ever used, in bytes.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        let status = Command::new("kill").arg(self.id().to_string()).status().unwrap();
        assert!(status.success(), "{status}");
    }

    /// Waits until it has ended by itself, usually after [`terminate`](Self::terminate).
    pub fn wait(&mut self) -> ExitStatus {
        let status = self.process.wait().unwrap();
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        status
    }

    /// Ends it as if its machine had failed.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        self.wait();
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn keep(mut source: ChildStderr, kept: &Kept) {
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = source.read(&mut piece) {
        kept.bytes.lock().unwrap().extend_from_slice(&piece[..length]);
        kept.changed.notify_all();
    }
}
