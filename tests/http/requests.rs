//! What is asked for, in which order, and how.

use super::{GUN, new_reader, published, reader_with_cache};
use crate::support::{HttpServer, Published, Response, Sandbox};

#[test]
fn a_new_reader_asks_for_each_file_once_over_one_connection() {
    let server = published().serve();
    let _ = new_reader(&server.url).run(["list", GUN]).success();
    let expected = ["root.json", "timestamp.json"].map(|name| format!("GET {name}"));
    let by_hash =
        ["snapshot", "targets"].map(|role| format!("GET {}", published().name_by_hash(role)));
    assert_eq!(server.brief(), [expected, by_hash].concat());
    for request in server.requests() {
        assert!(request.path.starts_with(&format!("/v2/{GUN}/_trust/tuf/")), "{}", request.path);
        assert_eq!(request.connection, 0);
        let agent = concat!("notary/", env!("CARGO_PKG_VERSION"));
        assert_eq!(request.header("user-agent"), Some(agent));
        assert_eq!(request.header("authorization"), None);
        assert_eq!(request.header("accept-encoding"), Some("gzip"));
    }
}

#[test]
fn a_reader_who_is_up_to_date_asks_for_the_timestamp_only() {
    let server = published().serve();
    let notary = new_reader(&server.url);
    let first = notary.run(["list", GUN]).success();
    server.forget();
    assert_eq!(notary.run(["list", GUN]).success(), first);
    assert_eq!(server.brief(), ["GET timestamp.json"]);
    let _ = notary.run(["lookup", GUN, "v1"]).success();
    assert_eq!(server.brief(), ["GET timestamp.json"; 2]);
}

#[test]
fn after_a_publication_only_what_changed_is_asked_for() {
    let gun = "golden.example/delegations";
    let before = Published::golden("03-delegations", gun).serve();
    let mut notary = new_reader(&before.url);
    let _ = notary.run(["list", gun]).success();

    let narrowed = Published::golden("03b-delegations-narrowed", gun);
    let after = narrowed.clone().serve();
    notary.options = vec!["-s".into(), after.url.clone()];
    let _ = notary.run(["list", gun]).success();
    let changed =
        ["snapshot", "targets"].map(|role| format!("GET {}", narrowed.name_by_hash(role)));
    assert_eq!(after.brief(), [&["GET timestamp.json".to_owned()], &changed[..]].concat());
    assert!(after.requests().iter().all(|request| request.connection == 0));
}

#[test]
fn delegations_are_asked_for_by_their_whole_name_and_hash() {
    let gun = "golden.example/delegations";
    let published = Published::golden("03-delegations", gun);
    let server = published.clone().serve();
    let _ = new_reader(&server.url).run(["list", gun]).success();
    let paths: Vec<String> =
        server.requests().into_iter().map(|request| request.path).skip(4).collect();
    let path = |role| format!("/v2/{gun}/_trust/tuf/{}", published.name_by_hash(role));
    // The first two are of one level, so they come in any order.
    assert!(paths[..2].contains(&path("targets/releases")), "{paths:?}");
    assert!(paths[..2].contains(&path("targets/qa")), "{paths:?}");
    assert_eq!(paths[2..], [path("targets/releases/stable"), path("targets/releases/stable/lts")]);
}

#[test]
fn names_are_encoded_exactly_once() {
    let server = HttpServer::start(|_| Response::not_found());
    for (gun, encoded) in [
        ("example.com:5000/app", "example.com:5000/app"),
        ("a/sp ace/é", "a/sp%20ace/%C3%A9"),
        ("a/b+c&d=e;f", "a/b+c&d=e;f"),
        ("a/\"<>`{}", "a/%22%3C%3E%60%7B%7D"),
    ] {
        server.forget();
        let _ = Sandbox::with_server(&server.url).run(["list", gun]).failure(4, &[gun]);
        let paths: Vec<_> = server.requests().into_iter().map(|request| request.path).collect();
        assert_eq!(paths, [format!("/v2/{encoded}/_trust/tuf/root.json")], "{gun}");
    }
    server.forget();
    for gun in ["a/%2e%2e/b", "a?b", "a#b", "a/../b", "a/*"] {
        let outcome = Sandbox::with_server(&server.url).run(["list", gun]);
        assert_eq!(outcome.code, 2, "{}", outcome.report());
    }
    assert_eq!(server.brief(), [""; 0]);
}

#[test]
fn a_server_may_be_below_a_path() {
    for ending in ["/notary", "/notary/", "/a%20b/notary"] {
        let server = HttpServer::start(|_| Response::not_found());
        let url = format!("{}{ending}", server.url);
        let _ = Sandbox::with_server(&url).run(["list", GUN]).failure(4, &[]);
        let expected = format!("{}/v2/{GUN}/_trust/tuf/root.json", ending.trim_end_matches('/'));
        assert_eq!(server.requests()[0].path, expected);
    }
}

#[test]
fn a_login_in_the_address_is_used_and_never_shown() {
    let server = published().serve();
    let url = server.url.replace("http://", "http://user:hunter2@");
    let _ = new_reader(&url).run(["list", GUN]).success();
    // printf user:hunter2 | base64
    assert_eq!(server.requests()[0].header("authorization"), Some("Basic dXNlcjpodW50ZXIy"));

    for status in [401, 403, 404, 500, 302, 400] {
        let refusing = HttpServer::start(move |_| Response::status(status, ""));
        let url = refusing.url.replace("http://", "http://user:hunter2@");
        for args in [["list", GUN], ["publish", GUN]] {
            let outcome = reader_with_cache(&url).run(args);
            assert_ne!(outcome.code, 0);
            assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.report());
        }
    }
}
