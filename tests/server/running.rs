//! Starting and ending a server.

use std::io::{Read as _, Write as _};

use super::wire::{connect, form, get, media_type, parse, rest};
use crate::support::{OwnServer, Sandbox};

#[test]
fn a_server_serves_what_is_published_to_it() {
    let server = OwnServer::start();
    let notary = Sandbox::with_server(&server.url);
    let file = notary.write("file", "content\n");
    let _ = notary.run(["init", "example.com/app", "--publish"]).success();
    let _ = notary.run(["add", "example.com/app", "v1", file.to_str().unwrap(), "-p"]).success();
    let reader = Sandbox::with_server(&server.url);
    let lookup = reader.run(["lookup", "example.com/app", "v1"]).success();
    assert!(lookup.starts_with("v1 sha256:") && lookup.ends_with(" 8\n"), "{lookup}");
}

#[test]
fn sigterm_ends_a_server_with_success() {
    let mut server = OwnServer::start();
    assert!(server.greeting.starts_with("Serving `"), "{}", server.greeting);
    server.terminate();
    let status = server.wait();
    assert!(status.success(), "{status}\n{}", server.stderr());
}

#[test]
fn a_request_under_way_is_answered_before_the_server_ends() {
    let mut server = OwnServer::start();
    let body = form([("root", &b"{}"[..])]);
    let head = format!(
        "POST /v2/a/_trust/tuf/ HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
         Expect: 100-continue\r\n\r\n",
        media_type(),
        body.len()
    );
    let mut stream = connect(server.address());
    stream.write_all(head.as_bytes()).unwrap();
    // The server asks for the body once it works on the request.
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    // One who only waits is no reason to go on.
    let idle = connect(server.address());
    server.terminate();
    assert_eq!(rest(idle), b"");
    assert!(server.is_running());
    stream.write_all(&body).unwrap();
    assert_eq!(parse(&rest(stream)).code(), "INVALID_UPDATE");
    let status = server.wait();
    assert!(status.success(), "{status}\n{}", server.stderr());
}

#[test]
fn requests_are_logged_in_the_form_that_is_wanted() {
    for (form, words) in [
        ("text", &["access", "method=GET", "path=\"/v2/\"", "status=200"][..]),
        ("json", &["\"target\":\"access\"", "\"path\":\"/v2/\"", "\"status\":200"]),
    ] {
        let mut server = OwnServer::start_with(&["--log", form]);
        assert_eq!(get(server.address(), "/v2/").status, 200);
        server.terminate();
        server.wait();
        let log = server.stderr();
        let line =
            log.lines().find(|line| line.contains("access")).unwrap_or_else(|| panic!("{log}"));
        for word in words {
            assert!(line.contains(word), "{line}");
        }
    }
}

#[test]
fn figures_count_requests_by_kind_and_not_by_path() {
    let server = OwnServer::start();
    for path in ["/v2/", "/v2/", "/x", "/y", "/v2/a/_trust/tuf/root.json"] {
        let _ = get(server.address(), path);
    }
    let figures = String::from_utf8(get(server.address(), "/metrics").body).unwrap();
    for (labels, count) in [
        ("method=\"GET\",resource=\"ping\",status=\"200\"", 2),
        ("method=\"GET\",resource=\"unknown\",status=\"404\"", 2),
        ("method=\"GET\",resource=\"root\",status=\"404\"", 1),
    ] {
        let line = format!("notary_http_requests_total{{{labels}}} {count}\n");
        assert!(figures.contains(&line), "{line}{figures}");
    }
}
