//! `trust pin` and `--trust-root`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use super::{GUN, KeyId, Sandbox, Site, other_id, show};
use crate::support::{Authority, Contents, snapshot_of};

const UNTOUCHED: &[&str] = &[];

fn files(notary: &Sandbox) -> Vec<String> {
    let files = snapshot_of(&notary.trust_dir()).into_keys();
    files.map(|path| path.display().to_string()).collect()
}

fn pinned(notary: &Sandbox) -> Value {
    let text = fs::read(notary.trust_dir().join("pins.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn the_first_contact_is_safe_with_the_right_id() {
    let site = Site::new();
    let (id, key) = site.ids();
    let other = other_id();
    for no_tofu in [false, true] {
        let reader = site.reader();
        reader.write("c.json", json!({"trust_pinning": {"disable_tofu": no_tofu}}).to_string());
        let run = |root: &str, rest: &[&str]| {
            let args = ["-c", "c.json", "--trust-root", root, "list", GUN];
            reader.run(args.iter().chain(rest))
        };
        for wrong in [&other, &key] {
            let words =
                [&format!("matches --trust-root; the root has {id}")[..], "correct `--trust-root`"];
            let _ = run(wrong, &[]).failure(3, &words);
            assert_eq!(files(&reader), UNTOUCHED);
        }
        // Any of them will do.
        let outcome = run(&format!("{other},{}", id.to_uppercase()), &[]);
        assert!(
            outcome.stderr.contains(&format!("{id}, as --trust-root demands")),
            "{}",
            outcome.report()
        );
        let _ = outcome.success();
        assert_eq!(show(&reader)["provenance"]["ground"], "trust-root");
        // It is demanded of what is known as well, and on both sides of the command.
        let _ = run(&other, &[]).failure(3, &["no root certificate matches --trust-root"]);
        let _ = run(&other, &["--trust-root", &id]).success();
        let _ = run(&id, &["--trust-root", &other]).success();
        let _ = reader.run(["list", GUN]).success();
    }
    let reader = site.reader();
    reader.write("c.json", r#"{"trust_pinning": {"disable_tofu": true}}"#);
    let words = ["nothing is pinned", "`notary trust show Example.com/Trust`", "--trust-root ID"];
    let _ = reader.refuses(["-c", "c.json", "list", GUN], 3, &words);
    for wrong in ["", "0", &id[1..], &format!("{id},"), &format!("{id}x")] {
        let args = ["--trust-root", wrong, "list", GUN];
        let _ = reader.run(args).failure(2, &["64 hex digits"]);
    }
    assert_eq!(files(&reader), UNTOUCHED);
}

#[test]
fn what_is_trusted_now_can_be_pinned() {
    let site = Site::new();
    let (id, _) = site.ids();
    let reader = site.reader();
    let args = ["trust", "pin", GUN, "--current"];
    let _ = reader.refuses(args, 4, &["there is no copy"]);
    assert_eq!(files(&reader), UNTOUCHED);
    let _ = reader.run(["list", GUN]).success();
    let outcome = reader.run(args).success();
    let file = reader.trust_dir().join("pins.json");
    let expected = format!(
        "Pinned the root of {GUN}\n\t- {id}, by `notary trust pin` in `{}`\n",
        file.display()
    );
    assert_eq!(outcome, expected);
    assert_eq!(pinned(&reader), json!({"pins": [{"gun": GUN, "certificates": [id]}]}));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let again = reader.run(args).success();
    assert!(again.starts_with("The root of Example.com/Trust was pinned like that before\n"));
    let shown = show(&reader);
    assert_eq!(shown["pins"][0]["certificates"], json!([id]));
    assert_eq!(shown["pins"][0]["origin"], "trust-pin");
    // A pin is for exactly this name.
    let _ = reader.run(["trust", "show", "example.com/trust"]).failure(4, &[]);
    let _ = reader.run(["list", GUN]).success();
}

#[test]
fn keys_are_named_by_what_is_known_of_them() {
    let site = Site::new();
    let (id, key) = site.ids();
    let known = site.reader();
    let _ = known.run(["list", GUN]).success();
    for name in [&id, &key, &id[..7], &key[..12], &id.to_uppercase()] {
        let report = known.run(["trust", "pin", GUN, "--key", name, "--replace", "--json"]).json();
        assert_eq!(report["certificates"], json!([id]), "{name}");
        assert_eq!(report["known"], true);
    }
    let unknown =
        known.refuses(["trust", "pin", GUN, "--key", "0123456"], 4, &["has no certificate"]);
    assert!(unknown.stderr.contains("notary trust show"), "{}", unknown.report());

    let fresh = site.reader();
    let words = ["is not a whole id, and the root of Example.com/Trust is not known here"];
    let _ = fresh.refuses(["trust", "pin", GUN, "--key", &id[..7]], 2, &words);
    assert_eq!(files(&fresh), UNTOUCHED);
    let report = fresh.run(["trust", "pin", GUN, "--key", &id, "--json"]).json();
    assert_eq!((&report["known"], &report["changed"]), (&json!(false), &json!(true)));
    let first = fresh.run(["list", GUN]);
    assert!(first.stderr.contains(&format!("{id}, as it is pinned")), "{}", first.report());
    assert_eq!(show(&fresh)["provenance"]["ground"], "pinned");
    for args in [&["trust", "pin", GUN][..], &["trust", "pin", GUN, "--key", "x"]] {
        let _ = fresh.run(args).failure(2, &[]);
    }
}

#[test]
fn what_contradicts_the_trusted_root_is_not_pinned() {
    let site = Site::new();
    let (id, _) = site.ids();
    let reader = site.reader();
    let _ = reader.run(["list", GUN]).success();
    let other = other_id();
    let ca = Authority::valid_as(Contents { is_ca: true, ..Contents::now("some CA") });
    let file = reader.write("ca.pem", &ca.pem);
    let file = file.to_str().unwrap();
    for rest in [&["--key", &other][..], &["--ca", file], &["--current", "--ca", file]] {
        let words =
            ["what `notary trust pin` has pinned", "nothing was pinned", "notary trust forget"];
        let _ = reader.refuses(["trust", "pin", GUN].iter().chain(rest), 3, &words);
        assert!(!reader.trust_dir().join("pins.json").exists());
    }
    // What will come later can be pinned besides.
    let outcome = reader.run(["trust", "pin", GUN, "--current", "--key", &other]);
    assert!(outcome.stderr.contains("does not have 0123456"), "{}", outcome.report());
    let _ = outcome.success();
    assert_eq!(pinned(&reader)["pins"][0]["certificates"], json!([other, id]));
    let args = ["trust", "pin", GUN, "--key", &other, "--replace"];
    let _ = reader.refuses(args, 3, &["nothing was pinned"]);
    let _ = reader.run(["trust", "forget", GUN, "--yes"]).success();
    let _ = reader.run(args).success();
    let words = ["no root certificate matches what `notary trust pin` has pinned; the root has "];
    let refused = reader.refuses(["list", GUN], 3, &words);
    let hint = format!("`notary trust pin {GUN} --key {id}` pins it besides");
    assert!(refused.stderr.contains(&hint), "{}", refused.report());
}

#[test]
fn kept_pins_and_configured_ones_must_both_hold() {
    let site = Site::new();
    let (id, _) = site.ids();
    let other = other_id();
    let certs = |id: &str| json!({"trust_pinning": {"certs": {GUN: [id]}}}).to_string();
    for (kept, configured, by) in [
        (&id, &id, None),
        (&other, &id, Some("matches what `notary trust pin` has pinned;")),
        (&id, &other, Some("matches trust_pinning;")),
        (&other, &other, Some("matches trust_pinning and what `notary trust pin` has pinned;")),
    ] {
        let reader = site.reader();
        reader.write("c.json", certs(configured));
        let _ = reader.run(["trust", "pin", GUN, "--key", kept]).success();
        match by {
            None => drop(reader.run(["-c", "c.json", "list", GUN]).success()),
            Some(by) => drop(reader.refuses(["-c", "c.json", "list", GUN], 3, &[by])),
        }
    }
}

#[test]
fn pins_that_cannot_be_read_are_not_no_pins() {
    let site = Site::new();
    let reader = site.reader();
    let _ = reader.run(["list", GUN]).success();
    let file = reader.trust_dir().join("pins.json");
    let huge = " ".repeat((16 << 20) + 1);
    for text in ["", "{", r#"{"pins": [], "unless": 1}"#, &huge] {
        fs::write(&file, text).unwrap();
        let path = file.display().to_string();
        for args in [
            &["list", GUN][..],
            &["publish", GUN],
            &["trust", "show", GUN],
            &["trust", "pin", GUN, "--current"],
            &["trust", "forget", GUN, "--yes"],
        ] {
            let _ = reader.refuses(args, 1, &[&path]);
        }
        // What does not trust anything goes on to work.
        let _ = reader.run(["status", GUN]).success();
    }
}

#[test]
fn processes_that_pin_at_the_same_time_lose_nothing() {
    let notary = Sandbox::new();
    let ids: Vec<String> = (0..12).map(|index| format!("{index:064x}")).collect();
    let pin = |id: &String| notary.process(["trust", "pin", GUN, "--key", id]).spawn().unwrap();
    let processes: Vec<_> = ids.iter().map(pin).collect();
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    assert_eq!(pinned(&notary)["pins"][0]["certificates"], json!(ids));
    assert!(ids.iter().all(|id| KeyId::parse(id).is_some()));
    let left = files(&notary);
    assert!(left.iter().all(|name| name == "pins.json" || name.ends_with(".lock")), "{left:?}");
}
