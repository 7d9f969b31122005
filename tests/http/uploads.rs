//! What is uploaded, and what becomes of refusals.

use std::process::Command;

use super::{Counter, GUN, count, published, reader_with_cache, serve_except, writes};
use crate::support::{
    HttpServer, NotaryServer, Response, Sandbox, binary, pass_on, snapshot_of, uploaded,
};

const NEW: &str = "example.com/upload";

/// A Notary server, and one in front of it that remembers all requests.
fn recorded_server() -> (NotaryServer, HttpServer) {
    let server = NotaryServer::start();
    let url = server.url.clone();
    let front = HttpServer::start(move |request| pass_on(&url, request));
    (server, front)
}

#[test]
fn a_form_has_one_part_for_each_signed_file() {
    let (_server, front) = recorded_server();
    let notary = Sandbox::with_server(&front.url);
    let file = notary.write("file", "content");
    let file = file.to_str().unwrap();
    let _ = notary.run(["init", NEW]).success();
    let _ = notary.run(["add", NEW, "v1", file]).success();
    front.forget();
    let _ = notary.run(["publish", NEW]).success();

    let posts = writes(&front);
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].path, format!("/v2/{NEW}/_trust/tuf/"));
    let sent = uploaded(&posts[0]);
    let metadata = snapshot_of(&notary.collection_dir(NEW).join("metadata"));
    assert_eq!(sent.keys().collect::<Vec<_>>(), ["root", "snapshot", "targets"]);
    for (role, bytes) in &sent {
        let kept = &metadata[std::path::Path::new(&format!("{role}.json"))];
        assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(kept), "{role}");
    }

    let _ = notary.run(["add", NEW, "v2", file, "-p"]).success();
    let sent = uploaded(&writes(&front)[1]);
    assert_eq!(sent.keys().collect::<Vec<_>>(), ["snapshot", "targets"]);
    // Each of the two runs, from the look at the root to reading back, is over one connection.
    let used = writes(&front).into_iter().map(|post| post.connection).collect::<Vec<_>>();
    assert!(front.requests().iter().all(|request| used.contains(&request.connection)));
}

#[test]
fn when_the_server_makes_the_snapshot_an_empty_form_is_sent() {
    let published = published();
    let server = HttpServer::start(move |request| match request.method.as_str() {
        "POST" => Response::ok(""),
        _ => published.answer(request),
    });
    let notary = reader_with_cache(&server.url);
    // Without the key of the snapshot there is nothing that could be signed here.
    for (name, text) in snapshot_of(&notary.trust_dir().join("private")) {
        if String::from_utf8_lossy(&text).contains("role: snapshot") {
            std::fs::remove_file(notary.trust_dir().join("private").join(name)).unwrap();
        }
    }
    let _ = notary.run(["publish", GUN]).success();
    let posts = writes(&server);
    assert_eq!(posts.len(), 1);
    assert!(uploaded(&posts[0]).is_empty());
    assert!(posts[0].body.starts_with(b"\r\n--") && posts[0].body.ends_with(b"--\r\n"));
}

/// The error of a Notary server.
fn error(code: &str, message: &str, detail: &str) -> Response {
    let message = serde_json::Value::from(message);
    let body = format!(r#"{{"errors":[{{"code":"{code}","message":{message}{detail}}}]}}"#);
    Response::status(400, format!("{body}\n")).header("Content-Type", "application/json")
}

fn invalid(name: &str, message: &str) -> Response {
    let message = serde_json::Value::from(message);
    let detail = format!(r#","detail":{{"Name":"{name}","Error":{{"Msg":{message}}}}}"#);
    error("INVALID_UPDATE", "Update sent by the client is invalid.", &detail)
}

#[test]
fn the_reason_of_a_refusal_is_shown() {
    let plain = |code: &'static str, message: &'static str| error(code, message, "");
    for (response, code, words) in [
        (invalid("ErrBadHierarchy", "no key"), 7, "the server cannot complete it: no key"),
        (
            invalid("ErrValidation", "rpc error: code = NotFound desc = key 0a not found"),
            7,
            "the server cannot complete it: rpc error: code = NotFound desc = key 0a not found",
        ),
        (invalid("ErrBadRoot", "too old"), 1, "the root metadata is invalid: too old"),
        (invalid("ErrBadSnapshot", "why"), 1, "the snapshot metadata is invalid: why"),
        (invalid("ErrBadTargets", "why"), 1, "the targets metadata is invalid: why"),
        (invalid("ErrValidation", "some reason"), 1, "the server rejected it: some reason"),
        (invalid("ErrOfAFutureServer", "another"), 1, "the server rejected it: another"),
        (plain("INVALID_ROLE", "The role is bad."), 1, "the server rejected it: The role is bad."),
        (plain("INVALID_GUN", ""), 1, "the server rejected it: INVALID_GUN"),
        (error("X", "m", r#","detail":[1,{"a":null}]"#), 1, "the server rejected it: m"),
        (Response::status(400, "Bad Request"), 5, "unexpected answer: status 400 Bad Request"),
        (Response::status(400, r#"{"errors":[]}"#), 5, "unexpected answer: status 400"),
        (Response::status(400, ""), 5, "unexpected answer: status 400"),
        (Response::status(413, "too large"), 5, "unexpected answer: status 413"),
        (Response::status(500, "{}"), 5, "the server cannot answer now (status 500)"),
        (Response::status(202, ""), 5, "unexpected answer: status 202"),
        (Response::status(401, ""), 6, "the server asks for a login (status 401)"),
        (Response::status(403, ""), 6, "the server refuses this user (status 403)"),
    ] {
        let server = serve_except("POST ", response);
        let notary = reader_with_cache(&server.url);
        let file = notary.write("file", "content");
        let _ = notary.run(["add", GUN, "new", file.to_str().unwrap()]).success();
        let _ = notary.run(["publish", GUN]).failure(code, &[words]);
        assert_eq!(writes(&server).len(), 1, "{words}");
        // What was staged is still staged.
        let status = notary.run(["status", GUN]).success();
        assert!(status.contains("new"), "{words}: {status}");
    }
}

#[test]
fn a_long_reason_is_cut_and_not_lost() {
    for length in [5_000, 500_000] {
        let server = serve_except("POST ", invalid("ErrBadTargets", &"x".repeat(length)));
        let outcome = reader_with_cache(&server.url).run(["publish", GUN]);
        let outcome = outcome.failure(1, &["the targets metadata is invalid: xxxxxxxxxxxx"]);
        assert!(outcome.stderr.len() < 2_000, "{} bytes", outcome.stderr.len());
    }
}

#[test]
fn nothing_a_server_says_reaches_the_terminal_raw() {
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\r\nerror: forged\nhint: run this\u{202e}\u{9b}31m";
    let responses = [
        error("X", evil, ""),
        invalid("ErrBadRoot", evil),
        Response::status(400, evil),
        Response::status(302, "").header("Location", "http://x/\u{1b}[2J\u{9b}31m"),
    ];
    for response in responses {
        let server = serve_except("POST ", response.clone());
        let outcome = reader_with_cache(&server.url).run(["publish", GUN]);
        assert_ne!(outcome.code, 0);
        assert_harmless(&outcome.stderr);

        // The log of --debug does not go through the streams of the sandbox.
        let server = serve_except("GET root.json", response);
        let home = tempfile::tempdir().unwrap();
        let output = Command::new(binary())
            .args(["--debug", "-s", &server.url, "list", GUN])
            .env("HOME", home.path())
            .output()
            .unwrap();
        assert!(!output.status.success());
        assert_harmless(&String::from_utf8_lossy(&output.stderr));
    }
}

#[track_caller]
fn assert_harmless(stderr: &str) {
    let harmful = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(!stderr.contains(harmful), "{stderr:?}");
    let errors = stderr.lines().filter(|line| line.starts_with("error: ")).count();
    assert_eq!(errors, 1, "{stderr}");
}

#[test]
fn after_a_conflict_publishing_is_tried_again() {
    let server = NotaryServer::start();
    let url = server.url.clone();
    let posts = Counter::default();
    let front = HttpServer::start(move |request| {
        let refuse = request.method == "POST" && posts.next() == 2;
        match refuse {
            true => error("VERSION", "A newer version of metadata is already available.", ""),
            false => pass_on(&url, request),
        }
    });
    let notary = Sandbox::with_server(&front.url);
    let file = notary.write("file", "content");
    let _ = notary.run(["init", NEW, "-p"]).success();
    let _ = notary.run(["add", NEW, "v1", file.to_str().unwrap()]).success();
    front.forget();
    let published = notary.run(["publish", NEW]).success();
    assert!(
        published.ends_with("Successfully published changes for repository example.com/upload\n")
    );
    assert_eq!(writes(&front).len(), 2);
    // It looks at the present state before each attempt, and once after.
    assert_eq!(count(&front, "GET timestamp.json"), 3);
    let first = uploaded(&writes(&front)[0]);
    let second = uploaded(&writes(&front)[1]);
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    assert!(notary.run(["list", NEW]).success().contains("v1"));
}

#[test]
fn a_conflict_that_never_ends_is_given_up_and_the_changes_stay_staged() {
    let server = serve_except("POST ", error("VERSION", "A newer version", ""));
    let notary = reader_with_cache(&server.url);
    let file = notary.write("file", "content");
    let _ = notary.run(["add", GUN, "new", file.to_str().unwrap()]).success();
    let words = ["other publishers were faster 12 times", "hint: the changes are still staged"];
    let _ = notary.run(["publish", GUN]).failure(8, &words);
    assert_eq!(writes(&server).len(), 12);
    assert!(notary.run(["status", GUN]).success().contains("new"));
}
