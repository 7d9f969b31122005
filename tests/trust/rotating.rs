//! New root keys where something is pinned.

use std::fs;

use serde_json::{Value, json};

use super::{GUN, Sandbox, Site, show};
use crate::support::{Authority, Contents, HttpServer, Response, pass_on};

fn certificates(notary: &Sandbox) -> Vec<String> {
    let text = fs::read(notary.trust_dir().join("pins.json")).unwrap();
    let pins: Value = serde_json::from_slice(&text).unwrap();
    let ids = pins["pins"][0]["certificates"].as_array().unwrap().clone();
    ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

fn rotate(notary: &Sandbox, rest: &[&str]) -> crate::support::Outcome {
    notary.run(["key", "rotate", GUN, "root", "-y"].iter().chain(rest))
}

#[test]
fn who_replaces_the_key_pins_the_new_one_and_readers_are_asked() {
    let site = Site::new();
    let (old, _) = site.ids();
    let reader = site.reader();
    for notary in [&site.publisher, &reader] {
        let _ = notary.run(["list", GUN]).success();
        let _ = notary.run(["trust", "pin", GUN, "--current"]).success();
    }
    let _ = rotate(&site.publisher, &["--dry-run"]).success();
    assert_eq!(certificates(&site.publisher), std::slice::from_ref(&old));
    let _ = rotate(&site.publisher, &[]).success();
    let (new, _) = site.ids();
    let mut both = vec![old.clone(), new.clone()];
    both.sort();
    assert_eq!(certificates(&site.publisher), both);
    let _ = site.publisher.run(["list", GUN]).success();
    let _ = site.publisher.run(["trust", "pin", GUN, "--current", "--replace"]).success();
    assert_eq!(certificates(&site.publisher), std::slice::from_ref(&new));

    let hint = format!("`notary trust pin {GUN} --key {new}` pins it besides");
    for args in [&["list", GUN][..], &["publish", GUN]] {
        // A warm list asks for no new root; one that has to follow it is refused.
        let _ = site.publisher.run(["key", "rotate", GUN, "targets"]).success();
        let _ = reader.refuses(args, 3, &["`notary trust pin` has pinned; the root has ", &hint]);
    }
    assert_eq!(show(&reader)["root"]["version"], 1);
    let _ = reader.run(["trust", "pin", GUN, "--key", &new]).success();
    let _ = reader.run(["list", GUN]).success();
    assert_eq!(show(&reader)["root"]["certificates"][0]["certificate_id"], json!(new));
}

#[test]
fn other_pins_are_not_touched_and_refuse_what_they_do_not_have() {
    let site = Site::new();
    let (old, _) = site.ids();
    let publisher = &site.publisher;
    let certs = json!({"trust_pinning": {"certs": {GUN: [old]}}}).to_string();
    publisher.write("c.json", &certs);
    let before = show(publisher);
    let words = ["matches trust_pinning; the root has ", "pin the new certificate besides"];
    let _ = rotate(publisher, &["-c", "c.json"]).failure(3, &words);
    let words = ["matches --trust-root; the root has ", "leave out `--trust-root`"];
    let _ = rotate(publisher, &["--trust-root", &old]).failure(3, &words);
    assert_eq!(show(publisher)["root"], before["root"]);
    assert_eq!(fs::read_to_string(publisher.work().join("c.json")).unwrap(), certs);
    // Nothing was left pinned on the way, and the rotation can be finished.
    assert!(!publisher.trust_dir().join("pins.json").exists());
    let _ = rotate(publisher, &[]).success();
    assert_eq!(show(publisher)["root"]["version"], 2);
}

#[test]
fn against_an_authority_nothing_is_replaced() {
    let site = Site::new();
    let publisher = &site.publisher;
    let ca = Authority::valid_as(Contents { is_ca: true, ..Contents::now("some CA") });
    publisher.write("ca.pem", &ca.pem);
    let _ = publisher.run(["trust", "forget", GUN, "--yes"]).success();
    let _ = publisher.run(["trust", "pin", GUN, "--ca", "ca.pem"]).success();
    let words = ["`notary trust pin` has pinned; the root has ", "notary trust show"];
    let _ = rotate(publisher, &[]).failure(3, &words);
    // A new collection of that name cannot be made either: the authority has not issued its root.
    let other = Sandbox::with_server(&site.server.url);
    other.write("ca.pem", &ca.pem);
    let _ = other.run(["trust", "pin", "example.com/new", "--ca", "ca.pem"]).success();
    let _ = other.run(["init", "example.com/new"]).failure(3, &["`notary trust pin` has pinned"]);
    assert!(!other.trust_dir().join("private").exists());
}

/// What is pinned when the upload fails lets nobody in but the owner of a key that is here; the next
/// attempt goes on with that key.
#[test]
fn a_failed_upload_leaves_a_pin_that_the_next_attempt_uses() {
    let site = Site::new();
    let (old, _) = site.ids();
    let _ = site.publisher.run(["trust", "pin", GUN, "--current"]).success();
    let url = site.server.url.clone();
    let front = HttpServer::start(move |request| match request.method.as_str() {
        "POST" => Response::status(500, ""),
        _ => pass_on(&url, request),
    });
    let failed = rotate(&site.publisher, &["-s", &front.url]);
    assert_eq!(failed.code, 5, "{}", failed.report());
    let pinned = certificates(&site.publisher);
    assert_eq!(pinned.len(), 2, "{pinned:?}");
    assert!(pinned.contains(&old));
    let _ = site.publisher.run(["list", GUN]).success();
    let _ = rotate(&site.publisher, &[]).success();
    assert_eq!(certificates(&site.publisher), pinned);
    let (new, _) = site.ids();
    assert!(new != old && pinned.contains(&new));
}

/// Who uploads a root that was prepared elsewhere has not chosen its keys.
#[test]
fn a_root_that_was_prepared_elsewhere_is_pinned_before_it_is_uploaded() {
    let site = Site::new();
    let (old, _) = site.ids();
    let _ = site.publisher.run(["key", "rotate", GUN, "snapshot", "-r"]).success();
    let uploader = site.reader();
    let _ = uploader.run(["list", GUN]).success();
    let _ = uploader.run(["trust", "pin", GUN, "--current"]).success();
    let _ = rotate(&site.publisher, &["--sign-only", "--out", "p.json"]).success();
    let _ = site.publisher.run(["sign", "p.json", "--yes"]);
    uploader.write("p.json", fs::read(site.publisher.work().join("p.json")).unwrap());
    let publish = ["publish", GUN, "--from", "p.json"];
    let refused = uploader.refuses(publish, 3, &["`notary trust pin` has pinned; the root has "]);
    assert!(!refused.stderr.contains("authority"), "{}", refused.report());
    assert_eq!(certificates(&uploader), std::slice::from_ref(&old));
    // What the hint says helps.
    let begin = format!("`notary trust pin {GUN} --current --key ");
    let hint = refused.stderr.split_once(&begin).and_then(|(_, rest)| rest.split_once('`'));
    let Some((new, _)) = hint else { panic!("{}", refused.report()) };
    let _ = uploader.run(["trust", "pin", GUN, "--current", "--key", new]).success();
    let _ = uploader.run(publish).success();
    let mut both = vec![old, new.to_owned()];
    both.sort();
    assert_eq!(certificates(&uploader), both);
    assert_eq!(show(&uploader)["root"]["certificates"][0]["certificate_id"], new);
}
