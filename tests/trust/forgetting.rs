//! `trust forget`.

use std::fs;

use serde_json::json;

use super::{GUN, Sandbox, Site, other_id, show};
use crate::support::snapshot_of;

fn archive(notary: &Sandbox, number: u32) -> std::path::PathBuf {
    notary.trust_dir().join("forgotten").join(GUN).join(format!("#{number}"))
}

#[test]
fn what_was_trusted_is_archived_and_what_is_staged_stays() {
    let site = Site::new();
    let (id, _) = site.ids();
    let reader = site.reader();
    let file = reader.write("payload", "payload");
    let _ = reader.run(["list", GUN]).success();
    let _ = reader.run(["addhash", GUN, "x", "1", "--sha256", &other_id(), "-r", "targets"]);
    let _ = reader.run(["add", GUN, "y", file.to_str().unwrap(), "-r", "targets"]).success();
    let _ = reader.run(["trust", "pin", GUN, "--current"]).success();
    let directory = reader.collection_dir(GUN);
    let mut before = snapshot_of(&directory);
    before.retain(|path, _| {
        !path.starts_with("changelist") && path.extension().is_some_and(|e| e == "json")
    });
    let staged = snapshot_of(&directory.join("changelist"));

    // Who does not say yes has forgotten nothing.
    let declined = reader.run_with_input(["trust", "forget", GUN], b"no\n").failure(1, &["--yes"]);
    assert!(declined.stderr.contains("Are you sure you want to forget which root of"));
    assert_eq!(show(&reader)["trusted"], true);

    let outcome = reader.run_with_input(["trust", "forget", GUN], b"yes\n");
    let words = "it stays pinned; `notary trust forget Example.com/Trust --pin` ends that\n";
    assert!(outcome.stderr.contains(words), "{}", outcome.report());
    assert!(outcome.stderr.contains("2 staged changes stay"), "{}", outcome.report());
    let _ = outcome.success();
    assert_eq!(snapshot_of(&archive(&reader, 1)), before);
    assert_eq!(snapshot_of(&directory.join("changelist")), staged);
    assert!(!directory.join("metadata").exists() && !directory.join("floors.json").exists());
    assert_eq!(show(&reader)["source"]["kind"], "server");

    // The pin makes the next contact safe.
    let again = reader.run(["list", GUN]);
    assert!(again.stderr.contains(&format!("{id}, as it is pinned")), "{}", again.report());
    let report = reader.run(["trust", "forget", GUN, "--pin", "--yes", "--json"]).json();
    assert_eq!(report["archive"], archive(&reader, 2).display().to_string());
    assert_eq!((&report["metadata"], &report["pins"]), (&json!(true), &json!(true)));
    assert_eq!((&report["pins_left"], &report["changes_left"]), (&json!(false), &json!(2)));
    assert!(!reader.trust_dir().join("pins.json").exists());
    let pins = fs::read_to_string(archive(&reader, 2).join("pins.json")).unwrap();
    assert!(pins.contains(&id) && pins.contains(GUN), "{pins}");
    let _ = reader.refuses(["trust", "forget", GUN, "--yes"], 4, &["nothing on this machine"]);
}

#[test]
fn pins_alone_can_be_forgotten_and_survive_the_copy() {
    let site = Site::new();
    let (id, _) = site.ids();
    let reader = site.reader();
    let _ = reader.run(["trust", "pin", GUN, "--key", &other_id()]).success();
    let _ = reader.refuses(["trust", "forget", GUN, "--yes"], 4, &["`--pin` forgets that"]);
    // Neither way of removing the copy removes what somebody decided.
    let other = site.reader();
    let _ = other.run(["list", GUN]).success();
    let _ = other.run(["trust", "pin", GUN, "--key", &id]).success();
    let _ = other.run(["delete", GUN, "--yes"]).success();
    assert!(other.trust_dir().join("pins.json").exists());
    assert!(!other.collection_dir(GUN).exists());
    let _ = reader.run(["trust", "forget", GUN, "--pin", "--yes"]).success();
    let _ = reader.run(["list", GUN]).success();
}

#[test]
fn floors_begin_anew_and_an_interrupted_run_can_be_repeated() {
    let site = Site::new();
    let reader = site.reader();
    let _ = reader.run(["list", GUN]).success();
    let directory = reader.collection_dir(GUN);
    let floors = fs::read_to_string(directory.join("floors.json")).unwrap();
    // As if it had been killed when the metadata was gone.
    fs::remove_dir_all(directory.join("metadata")).unwrap();
    let _ = reader.run(["trust", "forget", GUN, "--yes"]).success();
    assert_eq!(fs::read_to_string(archive(&reader, 1).join("floors.json")).unwrap(), floors);
    assert!(!directory.exists(), "{:?}", snapshot_of(&directory));
    let _ = reader.run(["list", GUN]).success();
}

#[test]
fn collections_with_longer_names_are_spared() {
    let site = Site::new();
    let publisher = &site.publisher;
    let longer = format!("{GUN}/metadata");
    let _ = publisher.run(["init", &longer, "-p"]).success();
    let question =
        publisher.run_with_input(["trust", "forget", GUN], b"").failure(1, &["Are you sure"]);
    assert!(!question.stderr.contains("never published"), "{}", question.report());
    let _ = publisher.run(["trust", "forget", GUN, "--yes"]).success();
    let _ = publisher.run(["--offline", "list", &longer]).success();
    let _ = publisher.run(["--offline", "list", GUN]).failure(4, &[]);
    let _ = publisher.run(["list", GUN]).success();

    let _ = publisher.run(["init", "example.com/new"]).success();
    let args = ["trust", "forget", "example.com/new"];
    let _ = publisher
        .run_with_input(args, b"")
        .failure(1, &["made on this machine and never published"]);
}
