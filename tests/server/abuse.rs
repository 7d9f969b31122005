//! Clients that mean ill, or know no better.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use notary::server::http::{Behaviour, UploadLimits};

use super::site::{Shared, Site};
use super::wire::{
    BOUNDARY, Local, ask, connect, form, get, media_type, parse, post, rest, send, send_all,
};
use crate::support::{OwnServer, SIM_GUN};

fn base() -> String {
    format!("/v2/{SIM_GUN}/_trust/tuf/")
}

fn local(limits: UploadLimits) -> Local {
    Local::start(Shared::new().service(), Behaviour { limits, ..Behaviour::default() })
}

#[test]
fn malformed_uploads_are_told_what_is_wrong() {
    let server = local(UploadLimits::default());
    let part = |head: &str, body: &str| {
        format!("--{BOUNDARY}\r\n{head}\r\n\r\n{body}\r\n--{BOUNDARY}--\r\n").into_bytes()
    };
    let named = |name: &str| format!("Content-Disposition: form-data; name=\"files\"; {name}");
    let whole = form([("root", &b"{}"[..])]);
    let cut = |length: usize| whole[..length].to_vec();
    for (body, code) in [
        (Vec::new(), "MALFORMED_UPLOAD"),
        (b"garbage".to_vec(), "MALFORMED_UPLOAD"),
        (vec![0; 5000], "MALFORMED_UPLOAD"),
        (cut(10), "MALFORMED_UPLOAD"),
        (cut(60), "MALFORMED_UPLOAD"),
        (cut(whole.len() - 30), "MALFORMED_UPLOAD"),
        (part("no header", "{}"), "MALFORMED_UPLOAD"),
        (part("Content-Type: text/plain", "{}"), "NO_FILENAME"),
        (part(&named("x=y"), "{}"), "NO_FILENAME"),
        (part(&named("filename=\"\""), "{}"), "NO_FILENAME"),
        (part(&named("filename=\"bogus\""), "{}"), "INVALID_ROLE"),
        (part(&named("filename=\"../root\""), "{}"), "INVALID_ROLE"),
        (part(&named("filename=\"targets/\""), "{}"), "INVALID_ROLE"),
        (part(&named("filename=\"root\""), ""), "MALFORMED_JSON"),
        (part(&named("filename=\"root\""), "{} {}"), "MALFORMED_JSON"),
        (part(&named("filename=\"root\""), &"[".repeat(100_000)), "MALFORMED_JSON"),
        (part(&named("filename=\"root\""), "{}"), "INVALID_UPDATE"),
    ] {
        let answer = post(&server.address, SIM_GUN, &body);
        let context = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
        assert_eq!((answer.status, &*answer.code()), (400, code), "{context}");
    }
    for media_type in [
        "",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart",
    ] {
        let answer = ask(&server.address, "POST", &base(), &[("Content-Type", media_type)], &whole);
        assert_eq!((answer.status, &*answer.code()), (400, "MALFORMED_UPLOAD"), "{media_type}");
    }
    assert_eq!(get(&server.address, "/v2/").status, 200);
}

#[test]
fn uploads_that_are_too_large_or_in_too_many_parts_are_refused() {
    let limits = UploadLimits { bytes: 2 << 20, ..UploadLimits::default() };
    let server = local(limits);
    let parts = |number| form(std::iter::repeat_n(("targets", &b"{}"[..]), number));
    let answer = post(&server.address, SIM_GUN, &parts(10_000));
    assert_eq!(answer.code(), "INVALID_UPDATE");
    let answer = post(&server.address, SIM_GUN, &parts(10_001));
    assert_eq!((answer.status, &*answer.code()), (413, "TOO_LARGE"));

    // It is enough to announce it.
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {}\r\n",
        base(),
        media_type()
    );
    let announced = format!("{head}Content-Length: {}\r\n\r\n", limits.bytes + 1);
    let mut stream = connect(&server.address);
    stream.write_all(announced.as_bytes()).unwrap();
    assert_eq!(parse(&rest(stream)).code(), "TOO_LARGE");

    // Or to send it without having announced it.
    let mut stream = connect(&server.address);
    stream.write_all(format!("{head}Transfer-Encoding: chunked\r\n\r\n").as_bytes()).unwrap();
    let start = form([("root", &b"["[..])]);
    let start = &start[..start.len() - 20 - BOUNDARY.len() / 2];
    let chunk =
        |bytes: &[u8]| [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
    stream.write_all(&chunk(start)).unwrap();
    let zeros = chunk(&[b'0'; 1 << 16]);
    let mut sent = 0_u64;
    while sent <= 4 * limits.bytes && stream.write_all(&zeros).is_ok() {
        sent += 1 << 16;
    }
    let mut seen = Vec::new();
    let _ = stream.read_to_end(&mut seen);
    // The answer may be lost with a connection that is closed while the client still sends.
    assert!(seen.is_empty() || parse(&seen).code() == "TOO_LARGE");
    assert_eq!(get(&server.address, "/v2/").status, 200);
}

#[test]
fn who_says_nothing_or_does_not_go_on_is_not_waited_for() {
    let idle = Duration::from_secs(1);
    let server = local(UploadLimits { idle, ..UploadLimits::default() });
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\nContent-Length: 1000\r\n\r\n",
        base(),
        media_type()
    );
    // All of them at once, and before any of them is read.
    let open = |bytes: &[u8]| {
        let mut stream = connect(&server.address);
        stream.write_all(bytes).unwrap();
        stream
    };
    let silent = ["", "P", "PRI * HTTP/2.0\r\n", "GET /v2/ HTTP/1.1\r\nHost: x\r\n", "\r\n"];
    let silent: Vec<_> = silent.iter().map(|bytes| open(bytes.as_bytes())).collect();
    let slow = [head.clone(), format!("{head}--{BOUNDARY}\r\nContent")]
        .map(|bytes| open(bytes.as_bytes()));
    let kept = open(b"GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n");
    for stream in silent {
        assert_eq!(String::from_utf8_lossy(&rest(stream)), "");
    }
    for stream in slow {
        let answer = parse(&rest(stream));
        assert_eq!(answer.status, 408);
    }
    assert_eq!(parse(&rest(kept)).status, 200);
}

#[test]
fn who_announces_much_and_sends_little_keeps_nobody_out() {
    let site = Site::with_server_snapshot();
    let server = Local::start(site.storage.service(), Behaviour::default());
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
        base(),
        media_type(),
        128 << 20
    );
    // The first half of a small upload.
    let some = form([("root", &[b'0'; 4096][..])]);
    let head = head + std::str::from_utf8(&some[..2048]).unwrap();
    let waiting: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = connect(&server.address);
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    let files = site.sim.publish();
    let body = form([("root", &*files["root"]), ("targets", &*files["targets"])]);
    assert_eq!(post(&server.address, SIM_GUN, &body).status, 200);
    drop(waiting);
}

#[test]
fn nonsense_breaks_nothing_and_takes_no_memory() {
    let mut server = OwnServer::start();
    let noise: Vec<u8> =
        (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let headers = |number: usize| {
        let lines: String =
            (0..number).map(|n| format!("X-{n}: {}\r\n", "y".repeat(100))).collect();
        format!("GET /v2/ HTTP/1.1\r\nHost: x\r\n{lines}").into_bytes()
    };
    for bytes in [
        noise.clone(),
        [b"GET /v2/ HTTP/1.1\r\n", &*noise].concat(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(100),
        headers(1000),
        headers(100_000),
        [&b"GET /"[..], &b"a".repeat(1 << 24), b" HTTP/1.1\r\n\r\n"].concat(),
        b"GET /v2/ HTTP/9.9\r\n\r\n".to_vec(),
        b"POST /v2/a/_trust/tuf/ HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".to_vec(),
        b"POST /v2/a/_trust/tuf/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_vec(),
        b"POST /v2/a/_trust/tuf/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_vec(),
        [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &*noise].concat(),
    ] {
        let answer = send_all(server.address(), &bytes);
        let is_fine = answer.starts_with(b"HTTP/1.1 200") || answer.starts_with(b"HTTP/1.0 200");
        assert!(!is_fine, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(100)]));
        assert!(server.is_running());
        assert_eq!(get(server.address(), "/v2/").status, 200);
    }
    let peak = server.peak_memory();
    assert!(peak < 300 << 20, "{peak}");
    assert!(!server.stderr().contains("panicked"), "{}", server.stderr());
}

#[test]
fn requests_one_after_the_other_are_answered_in_their_order() {
    let server = local(UploadLimits::default());
    let line = |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\n{more}\r\n");
    let many = line("/v2/", "").repeat(50) + &line("/nothing", "Connection: close\r\n");
    let answer = String::from_utf8(send(&server.address, many.as_bytes())).unwrap();
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 50);
    assert_eq!(answer.matches("HTTP/1.1 404").count(), 1);
    assert!(answer.rfind("HTTP/1.1 404") > answer.rfind("HTTP/1.1 200"));
}
