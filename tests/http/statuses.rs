//! Answers other than the wanted one, no answer, and what the cache is used for.

use std::fs::{File, FileTimes};
use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{GUN, SCENARIO, new_reader, published, reader_with_cache, serve_except};
use crate::support::{
    HttpServer, Response, Sandbox, assert_same_files, copy_dir, free_port, golden, read_golden,
    snapshot_of,
};

/// Statuses, what the exit code is, and what is said.
const STATUSES: [(u16, u8, &str); 9] = [
    (204, 5, "status 204"),
    (301, 5, "status 301, which points to https://elsewhere.example/"),
    (400, 5, "status 400"),
    (401, 6, "the server asks for a login (status 401)"),
    (403, 6, "the server refuses this user (status 403)"),
    (404, 4, "does not have golden.example/published"),
    (418, 5, "status 418"),
    (500, 5, "the server cannot answer now (status 500)"),
    (505, 5, "the server cannot answer now (status 505)"),
];

fn answer(status: u16) -> Response {
    Response::status(status, "<html>no</html>").header("Location", "https://elsewhere.example/")
}

#[test]
fn each_status_has_its_exit_code() {
    for (status, code, words) in STATUSES {
        let server = serve_except("GET root.json", answer(status));
        let notary = new_reader(&server.url);
        let outcome = notary.run(["list", GUN]);
        assert_eq!(outcome.stdout, "");
        let _ = outcome.failure(code, &[words]);
        assert!(!notary.trust_dir().exists(), "{status}");
    }
}

#[test]
fn the_cache_does_not_stand_in_for_a_server_that_answers() {
    for (status, code, words) in STATUSES {
        for args in [&["list", GUN][..], &["lookup", GUN, "v1"], &["verify", GUN, "v1"]] {
            let server = HttpServer::start(move |_| answer(status));
            let notary = reader_with_cache(&server.url);
            let before = snapshot_of(&notary.trust_dir());
            let outcome = notary.run(args);
            assert_eq!(outcome.stdout, "", "{status}");
            let outcome = outcome.failure(code, &[words]);
            assert_same_files(&snapshot_of(&notary.trust_dir()), &before, &outcome.report());
        }
    }
}

#[test]
fn redirects_are_not_followed() {
    let other = published().serve();
    for status in [301, 302, 303, 307, 308] {
        let to = format!("{}/v2/{GUN}/_trust/tuf/root.json", other.url);
        let moved = Response::status(status, "").header("Location", to.as_str());
        let server = serve_except("GET root.json", moved);
        let _ = new_reader(&server.url).run(["list", GUN]).failure(5, &[&to]);
    }
    assert_eq!(other.brief(), [""; 0]);
}

#[test]
fn a_deleted_collection_is_not_listed_from_the_cache() {
    let server = HttpServer::start(|_| Response::not_found());
    let outcome = reader_with_cache(&server.url).run(["list", GUN]);
    assert_eq!(outcome.stdout, "");
    let _ = outcome.failure(4, &["does not have golden.example/published any more", "hint: "]);
}

/// An address where nobody listens.
fn nowhere() -> String {
    format!("http://127.0.0.1:{}", free_port())
}

#[test]
fn without_server_and_cache_nothing_is_listed() {
    let notary = new_reader(&nowhere());
    let words =
        ["the server cannot be reached", "caused by: connection refused by the server", "hint: "];
    let outcome = notary.run(["list", GUN]).failure(5, &words);
    // The layers of the HTTP library say nothing that users could use.
    assert_eq!(outcome.stderr.matches("caused by").count(), 1, "{}", outcome.report());
    assert!(!notary.trust_dir().exists());
}

#[test]
fn an_unreachable_server_is_replaced_by_a_good_cache_with_a_warning() {
    let notary = reader_with_cache(&nowhere());
    let now = SystemTime::from(notary.now.unwrap());
    let checked = FileTimes::new().set_modified(now - Duration::from_secs(3 * 60 * 60));
    let timestamp = notary.collection_dir(GUN).join("metadata/timestamp.json");
    File::options().write(true).open(timestamp).unwrap().set_times(checked).unwrap();
    let before = snapshot_of(&notary.trust_dir());

    let outcome = notary.run(["list", GUN]);
    for words in [
        "warning: the server cannot be reached",
        "confirmed 3 hours ago; it expires 2026-12-05T02:",
    ] {
        assert!(outcome.stderr.contains(words), "{}", outcome.report());
    }
    assert_eq!(outcome.success().as_bytes(), read_golden("02-published/list.txt"));
    assert_same_files(&snapshot_of(&notary.trust_dir()), &before, "list");

    let json = notary.run(["list", GUN, "--json"]).json();
    assert_eq!(json["source"]["kind"], "cache");
    assert_eq!(json["source"]["checked_at"], "2026-11-21T00:00:00Z");
}

#[test]
fn an_expired_cache_is_no_replacement() {
    let mut notary = reader_with_cache(&nowhere());
    notary.now = Some(OffsetDateTime::parse("2026-12-06T00:00:00Z", &Rfc3339).unwrap());
    let outcome = notary.run(["list", GUN]);
    assert_eq!(outcome.stdout, "");
    let words = ["the server cannot be reached", "caused by: timestamp expired at 2026-12-05"];
    let _ = outcome.failure(5, &words);
}

#[test]
fn a_damaged_cache_is_no_replacement() {
    for (role, damage) in [("targets", "{}"), ("snapshot", ""), ("timestamp", "<html>")] {
        let notary = reader_with_cache(&nowhere());
        let path = notary.collection_dir(GUN).join(format!("metadata/{role}.json"));
        std::fs::write(path, damage).unwrap();
        let outcome = notary.run(["list", GUN]);
        assert_eq!(outcome.stdout, "");
        let _ = outcome.failure(5, &["the server cannot be reached", "caused by", role]);
    }
}

#[test]
fn publishing_needs_the_server() {
    let notary = reader_with_cache(&nowhere());
    let file = notary.write("file", "content");
    let _ = notary.run(["add", GUN, "new", file.to_str().unwrap()]).success();
    // The change is still staged.
    let _ = notary.refuses(["publish", GUN], 5, &["the server cannot be reached"]);
}

#[test]
fn offline_means_that_nobody_is_asked() {
    let server = published().serve();
    let notary = reader_with_cache(&server.url);
    let outcome = notary.run(["--offline", "list", GUN]);
    assert!(outcome.stderr.contains("using the copy on this machine"), "{}", outcome.report());
    assert_eq!(outcome.success().as_bytes(), read_golden("02-published/list.txt"));
    let verified = notary.run_with_input(["--offline", "verify", GUN, "v1"], b"hello");
    assert_eq!(verified.success(), "hello");

    let empty = new_reader(&server.url);
    let _ = empty.run(["--offline", "list", GUN]).failure(4, &["no copy of", "hint: "]);
    assert!(!empty.trust_dir().exists());

    let mut expired = reader_with_cache(&server.url);
    expired.now = Some(OffsetDateTime::parse("2026-12-06T00:00:00Z", &Rfc3339).unwrap());
    let _ = expired.run(["--offline", "list", GUN]).failure(3, &["timestamp expired"]);
    assert_eq!(server.brief(), [""; 0]);
}

#[test]
fn offline_needs_no_server_at_all() {
    let notary = Sandbox::new().at_golden_time();
    copy_dir(&golden(SCENARIO).join("trust"), &notary.trust_dir());
    let listed = notary.run(["list", GUN, "--offline"]).success();
    assert_eq!(listed.as_bytes(), read_golden("02-published/list.txt"));
}
