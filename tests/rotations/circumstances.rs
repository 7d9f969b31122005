//! Rotations among other things: root keys that serve several collections, other publishers, and
//! attempts of an earlier day.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use time::{Duration, OffsetDateTime};

use super::{GUN, key_of, keys};
use crate::support::{HttpServer, OwnServer, Request, Response, Sandbox, copy_dir, pass_on};

const OTHER: &str = "rotations.example.com/other";

/// Whether a client publishes.
fn is_upload(request: &Request) -> bool {
    request.method == "POST" && request.path.ends_with("/tuf/")
}

#[test]
fn a_root_key_stays_as_long_as_another_collection_needs_it() {
    let notary = Sandbox::new();
    let _ = notary.run(["init", "-p", GUN]).success();
    let shared = key_of(&notary, "root");
    let _ = notary.run(["init", "-p", OTHER]).success();
    let rotated = notary.run(["key", "rotate", GUN, "root", "-y"]);
    let stays = format!("the old key {} still signs root of {OTHER}", &shared[..7]);
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
            if is_upload(request) && is_first.swap(false, Ordering::SeqCst) {
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

/// A server that does what it is asked to, and whose first answer to an upload is lost.
fn losing_an_answer(url: &str) -> HttpServer {
    let (url, is_first) = (url.to_owned(), AtomicBool::new(true));
    HttpServer::start(move |request| {
        let answer = pass_on(&url, request);
        match is_upload(request) && is_first.swap(false, Ordering::SeqCst) {
            true => Response::Raw(Vec::new()),
            false => answer,
        }
    })
}

#[test]
fn whoever_repeats_it_later_gets_another_key() {
    let server = OwnServer::start();
    for (index, (later, is_finished)) in
        [(Duration::minutes(59), true), (Duration::minutes(61), false)].into_iter().enumerate()
    {
        let mut notary = Sandbox::with_server(&server.url);
        let gun = format!("{GUN}/{index}");
        let _ = notary.run(["init", "-p", &gun]).success();
        let before = keys(&notary).0;
        let front = losing_an_answer(&server.url);
        let lost = notary.run(["-s", &front.url, "key", "rotate", &gun, "targets"]);
        let _ = lost.failure(5, &["the connection broke"]);
        let sent = &keys(&notary).0 - &before;
        let _ = notary.run(["publish", &gun]).success();

        notary.now = Some(OffsetDateTime::now_utc() + later);
        let rotated = notary.run(["key", "rotate", &gun, "targets"]);
        let words = "this finishes the rotation that was begun";
        assert_eq!(rotated.stderr.contains(words), is_finished, "{}", rotated.report());
        let _ = rotated.success();
        let has_key = keys(&notary).0.contains(sent.first().unwrap());
        assert_eq!(has_key, is_finished);
        // Once it is finished, the next one is another one.
        let _ = notary.run(["key", "rotate", &gun, "targets"]).success();
        assert!(!keys(&notary).0.contains(sent.first().unwrap()));
    }
}

#[test]
fn a_server_that_only_says_yes_is_not_believed() {
    let server = OwnServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", "-p", GUN]).success();
    let url = server.url.clone();
    let front = HttpServer::start(move |request| match is_upload(request) {
        true => Response::ok(""),
        false => pass_on(&url, request),
    });
    let before = keys(&notary).0;
    for args in [&["root", "-y"][..], &["targets"], &["timestamp", "-r"]] {
        let rotate = ["-s", &front.url, "key", "rotate", GUN].into_iter();
        let outcome = notary.run(rotate.chain(args.iter().copied()));
        assert_ne!(outcome.code, 0, "{}", outcome.report());
        assert_eq!(outcome.stdout, "");
        let words = "was sent, but the server was not seen to have it; the old one is kept";
        assert!(outcome.stderr.contains(words), "{}", outcome.report());
        let (used, archived) = keys(&notary);
        assert!(used.is_superset(&before) && archived.is_empty());
    }
}

#[test]
fn an_upload_that_arrives_twice_is_one_rotation() {
    let server = OwnServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", "-p", GUN]).success();
    let url = server.url.clone();
    let front = HttpServer::start(move |request| {
        if is_upload(request) {
            let _ = pass_on(&url, request);
        }
        pass_on(&url, request)
    });
    for args in [&["targets"][..], &["root", "-y"]] {
        let old = key_of(&notary, args[0]);
        let rotate = ["-s", &front.url, "key", "rotate", GUN].into_iter();
        let _ = notary.run(rotate.chain(args.iter().copied())).success();
        assert_ne!(key_of(&notary, args[0]), old);
        assert!(keys(&notary).1.contains(&old));
    }
    let _ = notary.run(["publish", GUN]).success();
}

#[test]
fn the_key_of_a_failed_attempt_is_not_taken_for_something_else() {
    let server = OwnServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", "-p", GUN]).success();
    let key = notary::keys::PrivateKey::generate_ecdsa_p256();
    let block = notary::tuf::pem::Block::new("PRIVATE KEY", key.to_pkcs8().to_vec());
    let file = notary.write("leaked.pem", block.encode().as_bytes());
    let front = refusing(&server.url);
    let args = ["-s", &front.url, "key", "rotate", GUN, "targets", "-k", file.to_str().unwrap()];
    let _ = notary.run(args).failure(5, &[]);
    let rotated = notary.run(["key", "rotate", GUN, "targets", "--json"]).json();
    assert_ne!(rotated["keys"][0], key.id().as_str());
    // It is not ours to put away.
    assert!(keys(&notary).0.contains(key.id().as_str()));
}

#[test]
fn a_key_or_a_note_of_a_failed_attempt_that_is_of_no_use_does_not_stand_in_the_way() {
    let server = OwnServer::start();
    let mut notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", "-p", GUN]).success();
    let before = keys(&notary).0;
    let front = refusing(&server.url);
    let rotate = ["-s", &front.url, "key", "rotate", GUN, "targets"];
    notary.vars.insert("NOTARY_TARGETS_PASSPHRASE".into(), "first-passphrase".into());
    let _ = notary.run(rotate).failure(5, &[]);
    let tried = &keys(&notary).0 - &before;
    let tried = tried.first().unwrap();

    notary.vars.insert("NOTARY_TARGETS_PASSPHRASE".into(), "targets-passphrase".into());
    let rotated = notary.run(["key", "rotate", GUN, "targets"]);
    let words = format!("warning: key {}, which an earlier attempt has made", &tried[..7]);
    assert!(rotated.stderr.contains(&words), "{}", rotated.report());
    let _ = rotated.success();
    assert!(keys(&notary).1.contains(tried));

    let note = notary.collection_dir(GUN).join("rotation-targets.json");
    std::fs::write(&note, "garbage").unwrap();
    let rotated = notary.run(["key", "rotate", GUN, "targets"]);
    let words = "warning: the note of an earlier attempt is passed over";
    assert!(rotated.stderr.contains(words), "{}", rotated.report());
    let _ = rotated.success();
    assert!(!note.exists());
}

#[test]
fn a_pinned_root_key_is_replaced_once_its_successor_is_pinned() {
    let notary = Sandbox::new();
    let _ = notary.run(["init", "-p", GUN]).success();
    let root = std::fs::read(notary.collection_dir(GUN).join("metadata/root.json")).unwrap();
    let root: serde_json::Value = serde_json::from_slice(&root).unwrap();
    let pinned = root["signed"]["roles"]["root"]["keyids"][0].as_str().unwrap().to_owned();
    let config = |ids: &[&str]| {
        let pins = serde_json::json!({ "trust_pinning": { "certs": { GUN: ids } } });
        std::fs::write(notary.trust_dir().join("config.json"), pins.to_string()).unwrap();
    };
    config(&[&pinned]);
    let refused = notary.run(["key", "rotate", GUN, "root", "-y"]);
    let report = refused.report();
    let refused = refused.failure(3, &["pin the new certificate besides the old one first"]);
    let mut ids = refused.stderr.split(|c: char| !c.is_ascii_hexdigit());
    let new = ids.find(|word| word.len() == 64 && *word != pinned).expect(&report);
    let _ = notary.run(["publish", GUN]).success();

    config(&[&pinned, new]);
    let _ = notary.run(["key", "rotate", GUN, "root", "-y"]).success();
    config(&[new]);
    let _ = notary.run(["publish", GUN]).success();
    assert_eq!(keys(&notary).1.len(), 1);
}
