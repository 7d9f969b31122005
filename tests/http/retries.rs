//! Failures that may pass: asking is repeated, changing never.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::{Counter, GUN, count, new_reader, published, reader_with_cache, serve_except, writes};
use crate::support::{HttpServer, Response, assert_same_files, golden, read_golden, snapshot_of};

/// An answer that ends before its time.
fn broken() -> Response {
    Response::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"signed\":".to_vec())
}

#[test]
fn what_may_pass_is_tried_again() {
    let published = published();
    let (root, snapshot) = (Counter::default(), Counter::default());
    let (timestamp, targets) = (Counter::default(), Counter::default());
    let names = ["snapshot", "targets"].map(|role| format!("GET {}", published.name_by_hash(role)));
    let expected = published.clone();
    let server = HttpServer::start(move |request| {
        let failure = match request.brief() {
            brief if brief == "GET root.json" => match root.next() {
                1 => Some(Response::status(429, "slow down")),
                2 => Some(Response::status(502, "<html>bad gateway")),
                _ => None,
            },
            brief if brief == "GET timestamp.json" => {
                (timestamp.next() == 1).then(|| Response::status(503, ""))
            }
            brief if brief == names[0] => (snapshot.next() == 1).then(|| Response::status(504, "")),
            brief if brief == names[1] => (targets.next() == 1).then(broken),
            _ => None,
        };
        failure.unwrap_or_else(|| published.answer(request))
    });
    let listed = new_reader(&server.url).run(["list", GUN]).success();
    assert_eq!(listed.as_bytes(), read_golden("02-published/list.txt"));
    assert_eq!(count(&server, "GET root.json"), 3);
    assert_eq!(count(&server, "GET timestamp.json"), 2);
    for role in ["snapshot", "targets"] {
        let brief = format!("GET {}", expected.name_by_hash(role));
        assert_eq!(count(&server, &brief), 2, "{role}");
    }
}

#[test]
fn after_three_attempts_it_is_a_failure() {
    let mut running = Vec::new();
    for (response, words) in [
        (Response::status(429, ""), "the server cannot answer now (status 429)"),
        (Response::status(502, ""), "the server cannot answer now (status 502)"),
        (Response::status(503, ""), "the server cannot answer now (status 503)"),
        (Response::status(504, ""), "the server cannot answer now (status 504)"),
        (broken(), "the connection broke"),
        (Response::Raw(Vec::new()), "the connection broke"),
    ] {
        // They wait between their attempts, so they do it at the same time.
        running.push(thread::spawn(move || {
            let server = serve_except("GET timestamp.json", response);
            let notary = reader_with_cache(&server.url);
            let outcome = notary.run(["list", GUN]);
            assert_eq!(outcome.stdout, "");
            let _ = outcome.failure(5, &[words, "timestamp.json"]);
            assert_eq!(server.brief(), ["GET timestamp.json"; 3], "{words}");
        }));
    }
    running.into_iter().for_each(|test| test.join().unwrap());
}

#[test]
fn a_server_is_not_asked_again_before_the_time_that_it_asks_for() {
    for (status, after) in [
        (429, Response::status(429, "").header("Retry-After", "1")),
        (
            503,
            Response::status(503, "")
                .header("Date", "Sun, 06 Nov 1994 08:49:37 GMT")
                .header("Retry-After", "Sun, 06 Nov 1994 08:49:38 GMT"),
        ),
    ] {
        let (published, counter) = (published(), Counter::default());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let times = asked.clone();
        let server = HttpServer::start(move |request| {
            times.lock().unwrap().push(Instant::now());
            match counter.next() {
                1 => after.clone(),
                _ => published.answer(request),
            }
        });
        let _ = reader_with_cache(&server.url).run(["list", GUN]).success();
        let asked = asked.lock().unwrap();
        assert!(asked[1] - asked[0] >= Duration::from_secs(1), "{status}");
    }
}

#[test]
fn a_server_that_asks_for_much_time_is_not_waited_for() {
    for (seconds, words) in [
        ("31", "(status 503), and asks to wait 31 s"),
        ("600", "(status 503), and asks to wait 10 minutes"),
        ("99999999999999999999", "(status 503), and asks to wait "),
    ] {
        let answer = Response::status(503, "").header("Retry-After", seconds);
        let server = HttpServer::start(move |_| answer.clone());
        let outcome = reader_with_cache(&server.url).run(["list", GUN]);
        assert_eq!(outcome.stdout, "");
        let _ = outcome.failure(5, &[words]);
        assert_eq!(server.brief(), ["GET timestamp.json"]);
    }
}

#[test]
fn what_does_not_pass_is_not_tried_again() {
    for status in [400, 401, 403, 404, 500, 501, 302, 204] {
        let server = HttpServer::start(move |_| Response::status(status, ""));
        assert_ne!(new_reader(&server.url).run(["list", GUN]).code, 0);
        // A refusal may come with a challenge, or `/v2/` has one.
        let expected: &[_] = if matches!(status, 401 | 403) {
            &["GET root.json", "GET "]
        } else {
            &["GET root.json"]
        };
        assert_eq!(server.brief(), expected, "{status}");
    }
}

#[test]
fn a_connection_that_was_closed_meanwhile_is_opened_again() {
    let published = published();
    let server = HttpServer::start(move |request| match published.answer(request) {
        // Complete, but then the server hangs up without having announced it.
        Response::Answer { status: 200, body, .. } => {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            Response::Raw([head.as_bytes(), &body].concat())
        }
        other => other,
    });
    let listed = new_reader(&server.url).run(["list", GUN]).success();
    assert_eq!(listed.as_bytes(), read_golden("02-published/list.txt"));
}

#[test]
fn uploads_and_deletions_are_never_repeated() {
    let failures = [429, 500, 502, 503, 504].map(|status| Response::status(status, ""));
    for response in failures.into_iter().chain([broken(), Response::Raw(Vec::new())]) {
        for (args, method) in [
            (["publish", GUN].as_slice(), "POST"),
            (&["delete", GUN, "--remote", "--yes"], "DELETE"),
        ] {
            let server = serve_except(&format!("{method} "), response.clone());
            let notary = reader_with_cache(&server.url);
            let outcome = notary.run(args);
            // A break in the middle of the answer leaves open what has become of it, and with a
            // complete head it has been accepted.
            if outcome.code != 0 {
                let _ = outcome.failure(5, &[]);
                let after = snapshot_of(&notary.collection_dir(GUN).join("metadata"));
                let metadata = format!("02-published/trust/tuf/{GUN}/metadata");
                assert_same_files(&after, &snapshot_of(&golden(metadata)), method);
            }
            assert_eq!(writes(&server).len(), 1, "{method} {response:?}");
        }
    }
}
