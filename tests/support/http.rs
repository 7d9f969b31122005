//! A small HTTP server that says whatever a test wants, and remembers what it was asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What a client asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Which connection it came over, counted from 0.
    pub connection: usize,
}

impl Request {
    /// The method and the last part of the path, for instance `GET root.json`.
    pub fn brief(&self) -> String {
        format!("{} {}", self.method, self.path.rsplit('/').next().unwrap_or_default())
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// What the server says.
#[derive(Clone, Debug)]
pub enum Response {
    /// A complete answer.
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: Vec<u8> },
    /// A body without end, one piece after the other, until the client goes away.
    Endless(Vec<u8>),
    /// The connection is closed after these bytes.
    Raw(Vec<u8>),
    /// The head of an answer, and then nothing for a while.
    Stall(Duration),
}

impl Response {
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200, body)
    }

    pub fn status(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer { status, headers: Vec::new(), body: body.into() }
    }

    pub fn not_found() -> Self {
        Self::status(404, r#"{"errors":[{"code":"METADATA_NOT_FOUND","message":"no"}]}"#)
    }

    pub fn header(self, name: &'static str, value: impl Into<String>) -> Self {
        match self {
            Self::Answer { status, mut headers, body } => {
                headers.push((name, value.into()));
                Self::Answer { status, headers, body }
            }
            other => other,
        }
    }
}

/// The first byte of what clients send that speak TLS.
const TLS_HANDSHAKE: u8 = 22;

type Answers = dyn Fn(&Request) -> Response + Send + Sync;

/// A server on a port of this machine; it stops when this is dropped.
pub struct HttpServer {
    /// Its address.
    pub url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    stopped: Arc<AtomicBool>,
}

impl HttpServer {
    /// Starts a server that answers with `answers`.
    pub fn start(answers: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        Self::start_as(false, answers)
    }

    /// Starts a server that tells those who speak TLS that it does not, as servers in Go do, and
    /// does not hang up on them.
    pub fn start_patient(answers: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        Self::start_as(true, answers)
    }

    fn start_as(
        is_patient: bool,
        answers: impl Fn(&Request) -> Response + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stopped = Arc::new(AtomicBool::new(false));
        let answers: Arc<Answers> = Arc::new(answers);
        let server = Self { url, requests: requests.clone(), stopped: stopped.clone() };
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let (answers, requests) = (answers.clone(), requests.clone());
                thread::spawn(move || {
                    let _ = serve(stream?, (number, is_patient), &*answers, &requests);
                    Ok::<_, std::io::Error>(())
                });
            }
        });
        server
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// All requests so far, each as its method and the last part of its path.
    pub fn brief(&self) -> Vec<String> {
        self.requests().iter().map(Request::brief).collect()
    }

    /// Forgets the requests so far.
    pub fn forget(&self) {
        self.requests.lock().unwrap().clear();
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener so that it notices.
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
    }
}

fn serve(
    stream: TcpStream,
    (connection, is_patient): (usize, bool),
    answers: &Answers,
    requests: &Mutex<Vec<Request>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    if is_patient && reader.fill_buf()?.first() == Some(&TLS_HANDSHAKE) {
        return writer.write_all(b"HTTP/1.0 400 Bad Request\r\n\r\nThis is HTTP.\n");
    }
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let mut words = line.split_whitespace().map(str::to_owned);
        let (Some(method), Some(path)) = (words.next(), words.next()) else { return Ok(()) };
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            match line.trim_end().split_once(": ") {
                Some((name, value)) => headers.push((name.to_owned(), value.to_owned())),
                None => break,
            }
        }
        let mut request = Request { method, path, headers, body: Vec::new(), connection };
        let length = request.header("content-length").and_then(|length| length.parse().ok());
        request.body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut request.body)?;
        requests.lock().unwrap().push(request.clone());
        match answers(&request) {
            Response::Answer { status, headers, body } => {
                let mut head = format!("HTTP/1.1 {status} Status\r\n");
                for (name, value) in &headers {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
                if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
                    head.push_str(&format!("Content-Length: {}\r\n", body.len()));
                }
                head.push_str("\r\n");
                // In one piece, or else the body waits for the client to acknowledge the head.
                writer.write_all(&[head.as_bytes(), &body].concat())?;
            }
            Response::Endless(piece) => {
                writer.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
                loop {
                    writer.write_all(&piece)?;
                }
            }
            Response::Raw(bytes) => return writer.write_all(&bytes),
            Response::Stall(time) => {
                writer.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")?;
                thread::sleep(time);
                return Ok(());
            }
        }
    }
}
