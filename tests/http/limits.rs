//! Answers that are too much, or nothing that makes sense.

use std::process::{Command, Stdio};

use super::{GUN, new_reader, published, reader_with_cache, serve_except};
use crate::support::{
    HttpServer, Outcome, Published, Response, assert_same_files, binary, snapshot_of,
};

/// Lists a collection of which one file is replaced by `response`.
fn list_with(brief: &str, response: Response) -> Outcome {
    let server = serve_except(brief, response);
    let notary = new_reader(&server.url);
    let outcome = notary.run(["list", GUN]);
    assert_eq!(outcome.stdout, "");
    assert!(!notary.trust_dir().exists(), "{}", outcome.report());
    outcome
}

#[test]
fn an_endless_answer_is_cut_off() {
    let endless = || Response::Endless(vec![b' '; 1 << 16]);
    let _ = list_with("GET root.json", endless()).failure(5, &["longer than 16777216 bytes"]);
    let _ = list_with("GET timestamp.json", endless()).failure(5, &["longer than 1048576 bytes"]);
}

#[test]
fn an_answer_longer_than_described_is_cut_off() {
    for role in ["snapshot", "targets"] {
        let brief = format!("GET {}", published().name_by_hash(role));
        let length = published().role(role).len();
        let longer = [published().role(role), b" "].concat();
        let words = format!("longer than {length} bytes");
        let _ = list_with(&brief, Response::ok(longer)).failure(5, &[&words]);
        let _ = list_with(&brief, Response::Endless(vec![b'{'; 100])).failure(5, &[&words]);
    }
}

#[test]
fn an_announced_length_above_the_limit_is_not_waited_for() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n";
    let outcome = list_with("GET root.json", Response::Raw(head.to_vec()));
    let _ = outcome.failure(5, &["longer than 16777216 bytes"]);
}

#[test]
fn an_answer_shorter_than_described_is_another_file() {
    for role in ["snapshot", "targets"] {
        let brief = format!("GET {}", published().name_by_hash(role));
        let words = format!("sha256 checksum of {role} does not match");
        for body in [&b""[..], b"{}", &published().role(role)[1..]] {
            let _ = list_with(&brief, Response::ok(body)).failure(3, &[&words]);
        }
    }
}

#[test]
fn huge_headers_are_refused() {
    let many = "X-Header: some value\r\n".repeat(200_000);
    let long = format!("X-Header: {}\r\n", "x".repeat(4 << 20));
    for headers in [many, long] {
        let answer = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: 0\r\n\r\n");
        let outcome = list_with("GET root.json", Response::Raw(answer.into_bytes()));
        let _ = outcome.failure(5, &["unexpected answer", "caused by: message head is too large"]);
    }
}

#[test]
fn what_is_not_http_is_refused() {
    for answer in ["SSH-2.0-OpenSSH_9.2\r\n", "HTTP/9.9 200 OK\r\n\r\n", "\0\0\0\0", "200\r\n\r\n"]
    {
        let outcome = list_with("GET root.json", Response::Raw(answer.into()));
        let _ = outcome.failure(5, &["unexpected answer: it cannot be understood"]);
    }
    let not_gzip = Response::ok("{}").header("Content-Encoding", "gzip");
    let outcome = list_with("GET root.json", not_gzip);
    let _ = outcome.failure(5, &["unexpected answer: it cannot be understood"]);
}

#[test]
fn a_login_page_is_no_metadata() {
    let page = || Response::ok("<!DOCTYPE html><title>Please log in</title>");
    let words = ["unexpected answer: a web page instead of the file", "login"];
    let _ = list_with("GET root.json", page()).failure(5, &words);

    let everywhere = HttpServer::start(move |_| page());
    let notary = reader_with_cache(&everywhere.url);
    let before = snapshot_of(&notary.trust_dir());
    let outcome = notary.run(["list", GUN]);
    assert_eq!(outcome.stdout, "");
    let outcome = outcome.failure(5, &words);
    assert_same_files(&snapshot_of(&notary.trust_dir()), &before, &outcome.report());
}

#[test]
fn what_is_no_metadata_is_malformed() {
    let mut deep = "[".repeat(100_000);
    deep.push_str(&"]".repeat(100_000));
    for text in ["", "null", "[]", "{}", "{\"signed\":", "\"\u{0}\"", "{\"signed\":{}}", &deep] {
        let outcome = list_with("GET root.json", Response::ok(text));
        let _ = outcome.failure(3, &["error: root is malformed"]);
    }
}

#[test]
fn a_login_page_is_no_key_and_leaves_none_behind() {
    for body in [
        "<!DOCTYPE html><title>Please log in</title>",
        "",
        "null",
        "{}",
        r#"{"keytype":"ed25519","keyval":{"private":null,"public":"AA=="}}"#,
        r#"{"keytype":"ecdsa","keyval":{"private":null,"public":"!"}}"#,
        r#"{"keytype":"ecdsa","keyval":{"private":null,"public":"AA=="}}"#,
        r#"{"keytype":"rsa","keyval":{"private":null,"public":"AA=="}}"#,
        r#"{"keytype":"of-the-future","keyval":{"private":null,"public":"AA=="}}"#,
    ] {
        let server = HttpServer::start(move |request| match request.brief().as_str() {
            "GET timestamp.key" => Response::ok(body),
            _ => Response::not_found(),
        });
        let notary = new_reader(&server.url);
        let outcome = notary.run(["init", "example.com/new"]);
        let _ = outcome.failure(5, &["unexpected answer", "timestamp.key"]);
        let left = snapshot_of(&notary.trust_dir());
        assert!(left.is_empty(), "{body}: {:?}", left.keys());
    }
}

#[test]
fn a_delegation_that_the_server_hides_is_left_out_with_all_it_may_have_signed() {
    let gun = "golden.example/delegations";
    let mut published = Published::golden("03-delegations", gun);
    published.remove(&published.name_by_hash("targets/releases"));
    let server = published.serve();
    let outcome = new_reader(&server.url).run(["list", gun]);
    let words = "the targets of targets/releases are not shown: the server does not have its file";
    assert!(outcome.stderr.contains(words), "{}", outcome.report());
    let listed = outcome.success();
    let names: Vec<_> =
        listed.lines().skip(2).map(|row| row.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(names, ["base", "qa-only"]);
}

/// Bytes that gzip makes of many zeros.
fn bomb(mebibytes: usize) -> Vec<u8> {
    let shell = format!("head -c {mebibytes}M /dev/zero | gzip -1");
    let output = Command::new("sh").args(["-c", &shell]).output().unwrap();
    assert!(output.status.success() && output.stdout.len() > 1 << 10);
    output.stdout
}

#[test]
fn compressed_answers_are_understood() {
    let gzip = |bytes: &[u8]| {
        let mut process =
            Command::new("gzip").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut process.stdin.take().unwrap(), bytes).unwrap();
        process.wait_with_output().unwrap().stdout
    };
    let published = published();
    let server = HttpServer::start(move |request| match published.answer(request) {
        Response::Answer { status: 200, body, .. } => {
            Response::ok(gzip(&body)).header("Content-Encoding", "gzip")
        }
        other => other,
    });
    let _ = new_reader(&server.url).run(["list", GUN]).success();
}

#[test]
fn an_answer_without_length_is_read_to_its_end() {
    let published = published();
    let server = HttpServer::start(move |request| match published.answer(request) {
        Response::Answer { status: 200, body, .. } => {
            Response::Raw([b"HTTP/1.0 200 OK\r\n\r\n".as_slice(), &body].concat())
        }
        other => other,
    });
    let _ = new_reader(&server.url).run(["list", GUN]).success();
}

#[test]
fn a_compressed_answer_is_limited_by_what_it_unfolds_to() {
    let bomb = bomb(256);
    let compressed = || Response::ok(bomb.clone()).header("Content-Encoding", "gzip");
    let outcome = list_with("GET root.json", compressed());
    let _ = outcome.failure(5, &["longer than 16777216 bytes"]);
    let outcome = list_with("GET timestamp.json", compressed());
    let _ = outcome.failure(5, &["longer than 1048576 bytes"]);
}

#[test]
fn no_answer_uses_up_the_memory() {
    let bomb = bomb(256);
    let answers: [(&str, Response); 3] = [
        ("an endless answer", Response::Endless(vec![b'{'; 1 << 16])),
        ("a bomb", Response::ok(bomb).header("Content-Encoding", "gzip")),
        (
            "an endless error",
            Response::Raw([b"HTTP/1.1 400 No\r\n\r\n".as_slice(), &vec![b' '; 256 << 20]].concat()),
        ),
    ];
    for (name, answer) in answers {
        let server = HttpServer::start(move |_| answer.clone());
        // As its own process, so that what it may use can be limited, to much less than the
        // answers have.
        let program = binary().display();
        let list = format!("ulimit -v 200000; exec {program} -s {} list {GUN}", server.url);
        let home = tempfile::tempdir().unwrap();
        let output =
            Command::new("sh").args(["-c", &list]).env("HOME", home.path()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(5), "{name}: {stderr}");
        assert!(stderr.starts_with("error: "), "{name}: {stderr}");
    }
}
