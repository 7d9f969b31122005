//! The Go client with the same pins: it agrees where it looks at them, and the differences are those
//! that are meant.

use serde_json::{Value, json};

use super::{Sandbox, other_id};
use crate::support::{GoClient, NotaryServer};

/// Pins that are configured, whether this program lets a fresh client list the collection, whether
/// it does so with one that has seen it before, and whether a fresh Go client does. Go never looks at
/// pins when it has seen a collection before.
struct Row {
    pins: Value,
    fresh: bool,
    cached: bool,
    go: bool,
}

fn row(pins: Value, fresh: bool, cached: bool, go: bool) -> Row {
    Row { pins, fresh, cached, go }
}

fn compare(gun: &str, rows: impl Fn(&str) -> Vec<Row>) {
    let server = NotaryServer::start();
    let publisher = Sandbox::with_server(&server.url);
    let _ = publisher.run(["init", gun, "-p"]).success();
    let shown = publisher.run(["trust", "show", gun, "--json"]).json();
    let certificate = &shown["root"]["certificates"][0];
    let pem = certificate["pem"].as_str().unwrap();
    for Row { pins, fresh, cached, go } in rows(certificate["certificate_id"].as_str().unwrap()) {
        let what = pins.to_string();
        let file = |notary: &Sandbox| {
            notary.write("root.pem", pem);
            let path = notary.work().join("root.pem").display().to_string();
            let text = json!({ "trust_pinning": pins }).to_string();
            notary.write("c.json", text.replace("ROOT.PEM", &path));
            notary.work().join("c.json").display().to_string()
        };
        let ours = Sandbox::with_server(&server.url);
        let options = ["-c".to_owned(), file(&ours), "list".into(), gun.into()];
        assert_eq!(ours.run(&options).code, if fresh { 0 } else { 3 }, "fresh: {what}");
        let known = Sandbox::with_server(&server.url);
        let _ = known.run(["list", gun]).success();
        assert_eq!(known.run(&options).code, if cached { 0 } else { 3 }, "cached: {what}");

        let theirs = GoClient::new(&server.url);
        let (code, out) = theirs.try_run(&options, b"");
        assert_eq!(code == 0, go, "Go, fresh: {what}\n{out}");
        let theirs = GoClient::new(&server.url);
        let _ = theirs.run(["list", gun]);
        let (code, out) = theirs.try_run(&options, b"");
        assert_eq!(code, 0, "Go, cached: {what}\n{out}");
    }
}

#[test]
fn a_fresh_go_client_agrees_on_names_without_capitals() {
    let gun = "pins.example/app";
    compare(gun, |id| {
        let other = other_id();
        vec![
            row(json!({}), true, true, true),
            row(json!({"disable_tofu": true}), false, true, false),
            row(json!({"certs": {gun: [id]}}), true, true, true),
            row(json!({"certs": {gun: [id]}, "disable_tofu": true}), true, true, true),
            row(json!({"certs": {gun: [other, id]}}), true, true, true),
            row(json!({"certs": {gun: [other]}}), false, false, false),
            row(json!({"certs": {"*": []}}), false, false, false),
            row(json!({"certs": {"pins.*": [id], "*": [other]}}), true, true, true),
            row(json!({"certs": {"pins.example/*": [other], gun: [id]}}), true, true, true),
            row(json!({"certs": {"other.example/*": [other]}}), true, true, true),
            // The certificate that `init` makes is for signing code, and for no TLS server.
            row(json!({"ca": {"pins.example/": "ROOT.PEM"}}), true, true, false),
        ]
    });
}

#[test]
fn capitals_do_not_make_pins_vanish_as_they_do_in_go() {
    let gun = "Pins.example/App";
    compare(gun, |id| {
        let other = other_id();
        vec![
            row(json!({"certs": {gun: [id]}}), true, true, true),
            row(json!({"certs": {gun: [other]}}), false, false, true),
            row(json!({"certs": {gun: [id]}, "disable_tofu": true}), true, true, false),
            row(json!({"certs": {"pins.example/app": [other]}}), true, true, true),
        ]
    });
}

/// What this program keeps beside the files of both does not disturb Go, nor does Go remove it.
#[test]
fn the_go_client_shares_the_trust_directory() {
    let gun = "pins.example/app";
    let server = NotaryServer::start();
    let ours = Sandbox::with_server(&server.url);
    let _ = ours.run(["init", gun, "-p"]).success();
    let _ = ours.run(["trust", "pin", gun, "--current"]).success();
    let go = GoClient::sharing(&server.url, &ours.trust_dir());
    let file = ours.write("file", "content");
    let _ = go.run(["add", gun, "x", file.to_str().unwrap(), "-p"]);
    assert_eq!(ours.run(["list", gun]).success(), go.run(["list", gun]));
    let _ = go.run(["delete", gun]);
    let shown = ours.run(["trust", "show", gun, "--json"]).json();
    assert_eq!(
        (&shown["trusted"], &shown["pins"][0]["origin"]),
        (&json!(false), &json!("trust-pin"))
    );
}
