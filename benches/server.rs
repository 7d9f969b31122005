//! `notary serve` beside the Notary server of the Go project, on the same machine and in the same
//! run: publications and reads per second, and the most memory used.
//!
//! Run it with `make bench`. The servers are started afresh for each number of clients and take turns.
//! Clients write and read sockets and do nothing else: what they send was signed beforehand. Both
//! sides still share the processors. Go's server keeps everything in memory, ours writes each publication to the disk
//! before it answers.
//!
//! `NOTARY_BENCH_CLIENTS` sets the numbers of clients at the same time (default `1,8,64`),
//! `NOTARY_BENCH_PUBLICATIONS` and `NOTARY_BENCH_READS` how many requests they make altogether
//! (default 1920 and 12800).
#![allow(missing_docs, reason = "a program")]
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a program of its own")]
#![allow(clippy::unwrap_used, reason = "a measurement that fails is of no use")]

#[path = "../tests/support/peer.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod peer;

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use notary::credentials::NoCredentials;
use notary::keys::{PrivateKey, root_certificate};
use notary::progress::Silent;
use notary::remote::{Access, Endpoint, HttpRemote, Remote as _};
use notary::tuf::edit::Draft;
use notary::tuf::key::{KeyId, Signer as _, Signers};
use notary::tuf::metadata::FileMeta;
use notary::tuf::pin::Pin;
use notary::tuf::role::{Gun, RoleName};
use notary::tuf::root_trust::{CachedRoot, RootVerifier};
use notary::tuf::sign::{self, OutgoingFile};
use notary::tuf::trusted::TrustedSet;
use peer::NotaryServer;
use time::OffsetDateTime;
use url::Url;

fn main() {
    // `cargo test --benches` only wants to know that this can be started.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let clients = setting("NOTARY_BENCH_CLIENTS", "1,8,64");
    let clients: Vec<usize> =
        clients.split(',').map(|count| count.trim().parse().unwrap()).collect();
    let publications: usize = setting("NOTARY_BENCH_PUBLICATIONS", "1920").parse().unwrap();
    let reads: usize = setting("NOTARY_BENCH_READS", "12800").parse().unwrap();
    println!("{:34} {:>17} {:>17} {:>15}", "", "this program", "Go 0.7.0", "this / Go");
    println!(
        "{:34} {:>10} {:>6} {:>10} {:>6} {:>7} {:>7}",
        "", "per second", "MiB", "per second", "MiB", "speed", "memory"
    );
    for count in clients {
        let servers: [fn() -> Server; 2] = [Server::own, Server::go];
        let rows = servers.map(|start| measure(&start(), count, publications, reads));
        for (index, what) in ["publications", "reads"].into_iter().enumerate() {
            let [ours, go] = [0, 1].map(|server: usize| rows[server][index]);
            println!(
                "{:34} {:>10.0} {:>6.1} {:>10.0} {:>6.1} {:>7.1} {:>7.2}",
                format!("{what}, {count} clients"),
                ours.rate,
                ours.mib,
                go.rate,
                go.mib,
                ours.rate / go.rate,
                ours.mib / go.mib,
            );
        }
    }
}

fn setting(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// A server of either kind; it stops when this is dropped.
struct Server {
    url: Url,
    process: u32,
    _own: Option<(Own, tempfile::TempDir)>,
    _go: Option<NotaryServer>,
}

struct Own(Child);

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    fn own() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_notary"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("HOME", home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut greeting = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut greeting).unwrap();
        let url = Url::parse(greeting.trim_end().rsplit_once(" on ").unwrap().1).unwrap();
        Self { url, process: process.id(), _own: Some((Own(process), home)), _go: None }
    }

    fn go() -> Self {
        let server = NotaryServer::start();
        let (url, process) = (Url::parse(&server.url).unwrap(), server.id());
        Self { url, process, _own: None, _go: Some(server) }
    }

    /// The most memory that the server has ever used.
    fn peak_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process)).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    }
}

#[derive(Clone, Copy)]
struct Row {
    rate: f64,
    mib: f64,
}

/// Publishes and reads with so many clients at once, each with a collection of its own.
fn measure(server: &Server, clients: usize, publications: usize, reads: usize) -> [Row; 2] {
    let each = (publications / clients).max(1);
    let prepared: Vec<_> =
        (0..clients).map(|number| Prepared::new(&server.url, number, each)).collect();
    let time = at_once(&prepared, |prepared, connection| {
        for files in &prepared.publications {
            connection.publish(&prepared.path(""), files);
        }
    });
    let published = Row { rate: rate(each * clients, time), mib: server.peak_mib() };
    let each = (reads / clients).max(1);
    let time = at_once(&prepared, |prepared, connection| {
        for _ in 0..each {
            connection.get(&prepared.path("timestamp.json"));
        }
    });
    [published, Row { rate: rate(each * clients, time), mib: server.peak_mib() }]
}

fn rate(requests: usize, time: Duration) -> f64 {
    requests as f64 / time.as_secs_f64()
}

/// Lets all clients do their work at the same time; each has a connection of its own that is open
/// already.
fn at_once(prepared: &[Prepared], work: impl Fn(&Prepared, &mut Connection) + Sync) -> Duration {
    let barrier = Arc::new(Barrier::new(prepared.len() + 1));
    thread::scope(|scope| {
        let (barrier_here, work) = (barrier.clone(), &work);
        let running: Vec<_> = prepared
            .iter()
            .map(|prepared| {
                let barrier = barrier.clone();
                scope.spawn(move || {
                    let mut connection = Connection::open(&prepared.url);
                    connection.get(&prepared.path("root.json"));
                    barrier.wait();
                    work(prepared, &mut connection);
                })
            })
            .collect();
        barrier_here.wait();
        let started = Instant::now();
        running.into_iter().for_each(|client| client.join().unwrap());
        started.elapsed()
    })
}

/// A connection that is kept open, with as little client as possible.
struct Connection {
    reader: BufReader<TcpStream>,
    host: String,
}

impl Connection {
    fn open(url: &Url) -> Self {
        let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let stream = TcpStream::connect(&host).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { reader: BufReader::new(stream), host }
    }

    fn get(&mut self, path: &str) {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host);
        self.exchange(head.as_bytes());
    }

    fn publish(&mut self, path: &str, files: &[OutgoingFile]) {
        const BOUNDARY: &str = "boundary-of-the-benchmark";
        let mut body = Vec::new();
        for file in files {
            let disposition = format!("form-data; name=\"files\"; filename=\"{}\"", file.role);
            body.extend(
                format!("--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n").bytes(),
            );
            body.extend(&file.bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\
             Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n",
            self.host,
            body.len()
        )
        .into_bytes();
        request.append(&mut body);
        self.exchange(&request);
    }

    /// Sends a request and reads the answer, which must be a success.
    fn exchange(&mut self, request: &[u8]) {
        self.reader.get_mut().write_all(request).unwrap();
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        assert!(line.starts_with("HTTP/1.1 200"), "{line}");
        let mut length = 0;
        let mut is_chunked = false;
        loop {
            line.clear();
            self.reader.read_line(&mut line).unwrap();
            let header = line.trim_end().to_ascii_lowercase();
            match header.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().unwrap(),
                Some(("transfer-encoding", _)) => is_chunked = true,
                Some(_) => {}
                None => break,
            }
        }
        if !is_chunked {
            return self.skip(length);
        }
        loop {
            line.clear();
            self.reader.read_line(&mut line).unwrap();
            length = u64::from_str_radix(line.trim(), 16).unwrap();
            self.skip(length + 2);
            if length == 0 {
                return;
            }
        }
    }

    fn skip(&mut self, bytes: u64) {
        io::copy(&mut (&mut self.reader).take(bytes), &mut io::sink()).unwrap();
    }
}

/// A collection and everything that will be published into it.
struct Prepared {
    gun: Gun,
    publications: Vec<Vec<OutgoingFile>>,
    url: Url,
}

impl Prepared {
    fn new(url: &Url, number: usize, count: usize) -> Self {
        let gun = Gun::parse(&format!("bench.example.com/{number}")).unwrap();
        let mut prepared = Self { gun, publications: Vec::new(), url: url.clone() };
        let now = OffsetDateTime::now_utc();
        let keys: Vec<Arc<PrivateKey>> =
            (0..3).map(|_| Arc::new(PrivateKey::generate_ecdsa_p256())).collect();
        let signers: Signers = keys
            .iter()
            .map(|key| (key.canonical_id().clone(), Arc::clone(key) as Arc<_>))
            .collect();
        let held = keys.iter().map(|key| key.canonical_id().clone()).collect();
        let remote = prepared.remote();
        let roles = [
            (RoleName::ROOT, root_certificate(&prepared.gun, &*keys[0], now).unwrap()),
            (RoleName::TARGETS, keys[1].public_key().clone()),
            (RoleName::SNAPSHOT, keys[2].public_key().clone()),
            (RoleName::TIMESTAMP, remote.server_key(&RoleName::TIMESTAMP).unwrap()),
        ];
        let verifier = RootVerifier { gun: &prepared.gun, pin: Pin::none(), now };
        let first = sign::create(roles, &signers, now, &verifier).unwrap().files;
        remote.publish(&first).unwrap();
        let mut files = first;
        for number in 0..count {
            let set = base(&files, &verifier);
            let next = next(&set, number, &signers, &held, now, &verifier);
            // What is not signed anew stays as it is.
            files.retain(|file| next.iter().all(|changed| changed.role != file.role));
            files.extend(next.iter().cloned());
            prepared.publications.push(next);
        }
        prepared
    }

    fn path(&self, name: &str) -> String {
        format!("/v2/{}/_trust/tuf/{name}", self.gun)
    }

    fn remote(&self) -> HttpRemote {
        let endpoint = Endpoint::new(self.url.clone());
        let (nobody, silent) = (Rc::new(NoCredentials), Arc::new(Silent));
        HttpRemote::new(endpoint, &self.gun, Access::Push, nobody, silent)
    }
}

/// The state after these files were published.
fn base(files: &[OutgoingFile], verifier: &RootVerifier<'_>) -> TrustedSet {
    let bytes = |role: &RoleName| &files.iter().find(|file| file.role == *role).unwrap().bytes;
    let Ok(CachedRoot::Current(root)) = verifier.open_cached(bytes(&RoleName::ROOT)) else {
        panic!("the root cannot be used");
    };
    let mut set = TrustedSet::for_upload(root, Some(verifier.now));
    set.load_targets(bytes(&RoleName::TARGETS)).unwrap();
    set.load_snapshot(bytes(&RoleName::SNAPSHOT)).unwrap();
    set
}

/// One more target.
fn next(
    set: &TrustedSet,
    number: usize,
    signers: &Signers,
    held: &std::collections::BTreeSet<KeyId>,
    now: OffsetDateTime,
    verifier: &RootVerifier<'_>,
) -> Vec<OutgoingFile> {
    let mut draft = Draft::new(set, held);
    // A collection of ten targets, one of which changes each time.
    let name = format!("target-{}", number % 10);
    let content = format!("content {number}");
    draft.add_target(&RoleName::TARGETS, &name, FileMeta::of(content.as_bytes())).unwrap();
    let plan = draft.plan(now, false, held);
    draft.sign(&plan, signers, now, verifier).unwrap().files
}
