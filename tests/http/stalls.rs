//! Servers that stop in the middle, with less patience than usual.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use notary::credentials::NoCredentials;
use notary::progress::Silent;
use notary::remote::{
    Access, Endpoint, Fetch, FileName, HttpRemote, Remote as _, RemoteErrorKind, Timeouts,
};
use notary::tuf::role::{Gun, RoleName};
use notary::tuf::sign::OutgoingFile;
use url::Url;

use super::GUN;
use crate::support::{HttpServer, Response};

/// A remote that waits for nothing longer than a second.
fn impatient(server: &str) -> HttpRemote {
    let (url, gun) = (Url::parse(server).unwrap(), Gun::parse(GUN).unwrap());
    let idle = Duration::from_secs(1);
    let timeouts = Timeouts { connect: idle, idle, judging: idle, ..Timeouts::default() };
    let endpoint = Endpoint { timeouts, ..Endpoint::new(url) };
    HttpRemote::new(endpoint, &gun, Access::Push, Rc::new(NoCredentials), Arc::new(Silent))
}

#[test]
fn a_server_that_stops_in_the_middle_is_given_up() {
    let silent = HttpServer::start(|_| {
        thread::sleep(Duration::from_secs(60));
        Response::not_found()
    });
    let stalling = HttpServer::start(|_| Response::Stall(Duration::from_secs(60)));
    let fetch = Fetch { name: FileName::Current(RoleName::ROOT), max_length: 100 };
    for server in [&silent, &stalling] {
        let error = impatient(&server.url).fetch(&fetch).unwrap_err();
        assert_eq!(error.kind, RemoteErrorKind::Stalled);
        assert_eq!(server.brief(), ["GET root.json"]);
    }
    let remote = impatient(&silent.url);
    assert_eq!(remote.publish(&[]).unwrap_err().kind, RemoteErrorKind::Stalled);
    assert_eq!(remote.delete().unwrap_err().kind, RemoteErrorKind::Stalled);
    assert_eq!(silent.brief(), ["GET root.json", "POST ", "DELETE "]);
}

/// A server that reads slowly, but steadily.
fn slow_reader() -> (String, thread::JoinHandle<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let reading = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut piece = vec![0; 256 << 10];
        let mut body = 0;
        while body < UPLOAD_BYTES {
            body += stream.read(&mut piece).unwrap();
            thread::sleep(Duration::from_millis(20));
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
        body
    });
    (url, reading)
}

/// More than fits into the buffers between client and server.
const UPLOAD_BYTES: usize = 48 << 20;

#[test]
fn a_slow_upload_is_no_stall() {
    let (url, reading) = slow_reader();
    let file = OutgoingFile {
        role: RoleName::TARGETS,
        bytes: vec![b' '; UPLOAD_BYTES],
        version: 1,
        signed_by: Vec::new(),
        keys: Vec::new(),
        threshold: 1,
        expires: time::OffsetDateTime::UNIX_EPOCH,
    };
    impatient(&url).publish(&[file]).unwrap();
    assert!(reading.join().unwrap() >= UPLOAD_BYTES);
}
