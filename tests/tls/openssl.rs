//! OpenSSL's test server, for what no Notary server would do.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::certificates::IssuedFiles;

/// A running server; it stops when this is dropped.
pub struct OpensslServer {
    process: Child,
    /// Its address.
    pub url: String,
}

impl OpensslServer {
    /// Starts a server with this certificate and more options.
    #[track_caller]
    pub fn start(files: &IssuedFiles, options: &[&str]) -> Self {
        let mut process = Command::new("openssl")
            .args(["s_server", "-www", "-accept", "127.0.0.1:0", "-cert"])
            .arg(&files.certificate)
            .arg("-key")
            .arg(&files.key)
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines
            .map(Result::unwrap)
            .find_map(|line| line.strip_prefix("ACCEPT ").map(str::to_owned));
        Self { process, url: format!("https://{}", address.unwrap()) }
    }
}

impl Drop for OpensslServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
