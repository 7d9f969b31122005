//! The Notary server of the Go project, as Debian packages it.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const PROGRAM: &str = "/usr/bin/notary-server";
const START_TIME: Duration = Duration::from_secs(20);

/// A running server with an empty database in memory; it stops when this is dropped.
pub struct NotaryServer {
    process: Child,
    directory: tempfile::TempDir,
    /// Its address.
    pub url: String,
}

impl NotaryServer {
    /// Starts a server without TLS.
    pub fn start() -> Self {
        Self::start_with("http", |_, server| server)
    }

    /// Starts a server without TLS that wants to know who asks: `auth` gets a directory for files
    /// and returns the `auth` section.
    pub fn start_with_auth(auth: impl Fn(&Path) -> Value) -> Self {
        Self::start_as("http", |_, server| server, auth)
    }

    /// Starts a server with more settings: `configure` gets a directory for files and the `server`
    /// section to add to.
    pub fn start_with(scheme: &str, configure: impl Fn(&Path, Value) -> Value) -> Self {
        Self::start_as(scheme, configure, |_| Value::Null)
    }

    fn start_as(
        scheme: &str,
        configure: impl Fn(&Path, Value) -> Value,
        auth: impl Fn(&Path) -> Value,
    ) -> Self {
        assert!(
            Path::new(PROGRAM).exists(),
            "{PROGRAM} is missing; `make test` installs it (Debian package `notary`)"
        );
        // Between choosing a port and the server's use of it somebody may take it.
        for _ in 0..5 {
            if let Some(server) = Self::try_start(scheme, &configure, &auth) {
                return server;
            }
        }
        panic!("{PROGRAM} does not start");
    }

    fn try_start(
        scheme: &str,
        configure: &impl Fn(&Path, Value) -> Value,
        auth: &impl Fn(&Path) -> Value,
    ) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let port = free_port();
        let address = format!("127.0.0.1:{port}");
        let server = configure(directory.path(), json!({ "http_addr": address }));
        let mut config = json!({
            "server": server,
            "trust_service": { "type": "local" },
            "storage": { "backend": "memory" },
            "logging": { "level": "error" },
        });
        let auth = auth(directory.path());
        if !auth.is_null() {
            config["auth"] = auth;
        }
        let path = directory.path().join("config.json");
        fs::write(&path, config.to_string()).unwrap();
        let mut process = Command::new(PROGRAM)
            .arg("-config")
            .arg(&path)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let started = Instant::now();
        while started.elapsed() < START_TIME {
            if process.try_wait().unwrap().is_some() {
                return None;
            }
            if TcpStream::connect(&address).is_ok() {
                return Some(Self { process, directory, url: format!("{scheme}://{address}") });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = process.kill();
        let _ = process.wait();
        None
    }

    /// The directory that was given to `configure`.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Ends the server, as if its machine had failed.
    pub fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for NotaryServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A port of this machine that nobody uses now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
