//! Rotations among other things: root keys that serve several collections, other publishers, and
//! attempts of an earlier day.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use time::{Duration, OffsetDateTime};

use super::{GUN, key_of, keys};
use crate::support::{HttpServer, OwnServer, Response, Sandbox, copy_dir, pass_on};

const OTHER: &str = "rotations.example.com/other";

#[test]
fn a_root_key_stays_as_long_as_another_collection_needs_it() {
    let notary = Sandbox::new();
    let _ = notary.run(["init", "-p", GUN]).success();
    let shared = key_of(&notary, "root");
    let _ = notary.run(["init", "-p", OTHER]).success();
    let rotated = notary.run(["key", "rotate", GUN, "root", "-y"]);
    let stays = format!("the old key {} stays in use for other collections", &shared[..7]);
    assert!(rotated.stderr.contains(&stays), "{}", rotated.report());
    assert!(keys(&notary).0.contains(&shared) && keys(&notary).1.is_empty());
    let _ = notary.run(["key", "rotate", OTHER, "targets"]).success();

    let json = notary.run(["key", "rotate", OTHER, "root", "-y", "--json"]).json();
    assert_eq!(json["archived"][0]["key_id"], shared.as_str());
    assert!(!keys(&notary).0.contains(&shared));
    for gun in [GUN, OTHER] {
        let _ = notary.run(["publish", gun]).success();
    }
}

/// A server that refuses all uploads, in front of another one.
fn refusing(url: &str) -> HttpServer {
    let url = url.to_owned();
    HttpServer::start(move |request| match request.method.as_str() {
        "POST" => Response::status(500, "no"),
        _ => pass_on(&url, request),
    })
}

#[test]
fn the_key_of_a_failed_attempt_is_gone_on_with_for_a_day() {
    let server = OwnServer::start();
    for (later, is_same) in [(Duration::hours(23), true), (Duration::hours(25), false)] {
        let mut notary = Sandbox::with_server(&server.url);
        let gun = format!("{GUN}/{}", later.whole_hours());
        let _ = notary.run(["init", "-p", &gun]).success();
        let old = key_of(&notary, "targets");
        let front = refusing(&server.url);
        let before = keys(&notary).0;
        let _ = notary
            .run(["-s", &front.url, "key", "rotate", &gun, "targets"])
            .failure(5, &["cannot answer now"]);
        let tried = &keys(&notary).0 - &before;
        assert_eq!(tried.len(), 1);
        // As if nothing had happened.
        let _ = notary.run(["publish", &gun]).success();

        notary.now = Some(OffsetDateTime::now_utc() + later);
        let rotated = notary.run(["key", "rotate", &gun, "targets", "--json"]).json();
        assert_eq!(rotated["keys"][0] == *tried.first().unwrap(), is_same);
        assert_eq!(rotated["resumed"].is_string(), is_same);
        let (_, archived) = keys(&notary);
        let expected = if is_same { BTreeSet::new() } else { tried };
        assert_eq!(&archived - &BTreeSet::from([old]), expected);
    }
}

#[test]
fn a_publication_of_somebody_else_in_between_is_built_upon() {
    let server = OwnServer::start();
    let ours = Sandbox::with_server(&server.url);
    let _ = ours.run(["init", "-p", GUN]).success();
    let other = Sandbox::with_server(&server.url);
    copy_dir(&ours.trust_dir(), &other.trust_dir());
    other.write("file", "content");
    for args in [&["targets"][..], &["snapshot", "-r"]] {
        let (url, is_first) = (server.url.clone(), AtomicBool::new(true));
        let publish_once = Mutex::new(other.process(["--quiet", "publish", GUN]));
        let front = HttpServer::start(move |request| {
            let is_upload = request.method == "POST" && request.path.ends_with("/tuf/");
            if is_upload && is_first.swap(false, Ordering::SeqCst) {
                assert!(publish_once.lock().unwrap().output().unwrap().status.success());
            }
            pass_on(&url, request)
        });
        let rotate =
            ["-s", &front.url, "key", "rotate", GUN].into_iter().chain(args.iter().copied());
        let rotated = ours.run(rotate);
        // Who leaves the snapshot to the server uploads nothing that the other has changed.
        let is_late = rotated.stderr.contains("others published meanwhile");
        assert_eq!(is_late, *args == ["targets"], "{}", rotated.report());
        let _ = rotated.success();
        copy_dir(&ours.trust_dir().join("private"), &other.trust_dir().join("private"));
    }
    // The keys that were made once are those that are used.
    assert_eq!((keys(&ours).0.len(), keys(&ours).1.len()), (2, 2));
    let _ = other.run(["add", "-p", GUN, "theirs", "file"]).success();
    assert!(ours.run(["list", GUN]).success().contains("theirs"));
}
