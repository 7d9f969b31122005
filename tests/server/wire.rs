//! A server on a port, in this process and with the clock of a test, and plain sockets to talk to it.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use notary::server::Service;
use notary::server::http::auth::Auth;
use notary::server::http::{Api, Behaviour, Listener, serve};
use serde_json::Value;
use time::OffsetDateTime;
use tokio::sync::oneshot;

use crate::support::sim_now;

/// A server that stops when this is dropped.
pub struct Local {
    pub address: String,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Local {
    pub fn start(service: Service, behaviour: Behaviour) -> Self {
        Self::start_at(service, behaviour, sim_now)
    }

    pub fn start_at(service: Service, behaviour: Behaviour, clock: fn() -> OffsetDateTime) -> Self {
        let (end, ended) = oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let log = tracing::dispatcher::get_default(Clone::clone);
        let thread = std::thread::spawn(move || {
            let _log = tracing::dispatcher::set_default(&log);
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let addresses = ["127.0.0.1:0".parse().unwrap()];
                let listener = Listener::bind(&addresses, None).await.unwrap();
                tell.send(listener.address().unwrap().to_string()).unwrap();
                let idle = behaviour.limits.idle;
                let router = Api::new(service, Auth::Nobody, behaviour, clock).router();
                serve(listener, router, idle, async { drop(ended.await) }).await;
            });
        });
        Self { address: told.recv().unwrap(), end: Some(end), thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What a server answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The code of the error in it.
    #[track_caller]
    pub fn code(&self) -> String {
        self.json()["errors"][0]["code"].as_str().unwrap().to_owned()
    }
}

/// A connection that does not wait for ever.
pub fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

/// Everything up to the end of the connection, which may be a rude one.
pub fn rest(mut stream: TcpStream) -> Vec<u8> {
    let (mut all, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return all,
            Ok(length) => all.extend_from_slice(&piece[..length]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return all,
            Err(error) => panic!("{error} after {:?}", String::from_utf8_lossy(&all)),
        }
    }
}

/// Sends bytes as they are, and returns what comes back until the server ends the connection.
pub fn send(address: &str, bytes: &[u8]) -> Vec<u8> {
    let mut stream = connect(address);
    // A server that has seen enough does not read on.
    let _ = stream.write_all(bytes);
    rest(stream)
}

/// The same from a client that says that there will be no more.
pub fn send_all(address: &str, bytes: &[u8]) -> Vec<u8> {
    let mut stream = connect(address);
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(Shutdown::Write);
    rest(stream)
}

/// Makes one request. The body is announced by its length.
pub fn ask(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || method == "POST" {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut stream = connect(address);
    let _ = stream.write_all(&[head.as_bytes(), body].concat());
    parse(&rest(stream))
}

pub fn get(address: &str, path: &str) -> Answer {
    ask(address, "GET", path, &[], b"")
}

/// Reads an answer that ends with its connection.
#[track_caller]
pub fn parse(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(bytes)));
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| line.split_once(':').unwrap());
    let headers =
        headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    Answer { status, headers, body: bytes[end + 4..].to_vec() }
}

pub const BOUNDARY: &str = "0123456789abcdef";

/// The body of an upload.
pub fn form<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in parts {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; \
             filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

pub fn media_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

/// Uploads a form to a collection.
pub fn post(address: &str, gun: &str, body: &[u8]) -> Answer {
    let path = format!("/v2/{gun}/_trust/tuf/");
    ask(address, "POST", &path, &[("Content-Type", &media_type())], body)
}
