//! `key remove` and `key unarchive`.

use std::fs;

use super::{EC, GUN, P384, RSA, file_of, put};
use crate::support::{GoClient, Sandbox, assert_same_files, snapshot_of};

/// What is asked before a key is removed.
fn question(notary: &Sandbox, id: &str, role: &str, below: &str) -> String {
    let place = notary.trust_dir().join(below);
    let place = place.display();
    format!("Are you sure you want to remove {id} (role {role}) from {place}?  (yes/no) ")
}

#[test]
fn what_is_said_is_what_go_says() {
    for (answer, code) in [("yes\n", 0), ("no\n", 1), ("", 1)] {
        let notary = Sandbox::new();
        put(&notary, EC, "alice", None);
        let go = GoClient::sharing("http://127.0.0.1:1", &notary.trust_dir());
        put(&notary, RSA, "alice", None);
        let (_, by_go) = go.try_run(["key", "remove", RSA.1], answer.as_bytes());
        let outcome = notary.run_with_input(["key", "remove", EC.1], answer.as_bytes());
        assert_eq!(outcome.code, code, "{}", outcome.report());
        // The question is no data.
        let asked = question(&notary, EC.1, "alice", "private");
        assert!(outcome.stderr.contains(&asked), "{}", outcome.report());
        let by_go = by_go.replace(RSA.1, EC.1).replace(&format!("{asked} "), "");
        assert_eq!(outcome.stdout, by_go, "{answer:?}");
        assert_eq!(file_of(&notary, EC.1).exists(), code != 0);
        assert_eq!(file_of(&notary, RSA.1).exists(), code != 0);
    }
}

#[test]
fn a_removed_key_can_be_brought_back_as_it_was() {
    let notary = Sandbox::new();
    for (key, role, gun) in [(EC, "root", None), (RSA, "targets", Some(GUN))] {
        put(&notary, key, role, gun);
    }
    let before = snapshot_of(&notary.trust_dir());
    for (key, role) in [(EC, "root"), (RSA, "targets")] {
        let prefix = &key.1[..7];
        let outcome = notary.run(["key", "remove", prefix, "--yes"]);
        let archived = notary.trust_dir().join(format!("private/archive/{}.pem", key.1));
        let note = format!("it is in the archive now, `{}`", archived.display());
        let hint = format!("hint: `notary key unarchive {prefix}` brings it back");
        assert!(outcome.stderr.contains(&note) && outcome.stderr.contains(&hint));
        assert_eq!(outcome.stderr.contains("it is a root key"), role == "root");
        assert!(!outcome.stderr.contains("Are you sure"), "{}", outcome.report());
        let _ = outcome.success();
        assert!(!file_of(&notary, key.1).exists());
        let list = notary.run(["key", "list"]).success();
        assert!(!list.contains(key.1), "{list}");
        // Other commands say where it is.
        let words = [format!("there is no key {prefix}"), "it is in the archive".to_owned()];
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let _ = notary.refuses(["key", "passwd", prefix], 4, &words);

        let place = notary.trust_dir().join("private");
        let line = notary.run(["key", "unarchive", prefix]).success();
        let (id, place) = (key.1, place.display());
        assert_eq!(line, format!("Unarchived {id} (role {role}) to {place}.\n"));
    }
    assert_same_files(&snapshot_of(&notary.trust_dir()), &before, "brought back");
}

#[test]
fn keys_that_a_collection_names_are_warned_about() {
    let notary = Sandbox::new();
    let _ = notary.run(["init", GUN]).success();
    put(&notary, EC, "alice", None);
    let list = notary.run(["key", "list", "--json"]).json();
    let mut warned = Vec::new();
    for key in list["keys"].as_array().unwrap() {
        let Some(id) = key["key_id"].as_str().filter(|_| key["file"].is_string()) else { continue };
        let outcome = notary.run_with_input(["key", "remove", id], b"no\n");
        let words = "warning: it signs ";
        let of = outcome.stderr.lines().filter_map(|line| line.strip_prefix(words));
        warned.extend(of.map(str::to_owned));
        assert_eq!(outcome.code, 1, "{}", outcome.report());
    }
    warned.sort();
    let of = ["root", "snapshot", "targets"];
    assert_eq!(warned, of.map(|role| format!("{role} of {GUN}, as far as is known here")));
}

#[test]
fn an_archived_key_is_destroyed_only_when_that_is_said() {
    let notary = Sandbox::new();
    put(&notary, EC, "alice", None);
    let _ = notary.run(["key", "remove", EC.1, "-y"]).success();
    // The same line once more is no reason to lose it.
    let words = ["is in the archive already", "hint: `--purge` destroys it"];
    let _ = notary.refuses(["key", "remove", EC.1, "-y"], 2, &words);
    let before = snapshot_of(&notary.trust_dir());
    let outcome = notary.run_with_input(["key", "remove", EC.1], b"no\n");
    let asked = question(&notary, EC.1, "alice", "private/archive");
    assert!(outcome.stderr.contains(&asked), "{}", outcome.report());
    let _ = outcome.failure(1, &["warning: the key is destroyed", "cancelled"]);
    assert_same_files(&snapshot_of(&notary.trust_dir()), &before, "declined");

    let _ = notary.run_with_input(["key", "remove", EC.1], b"y\n").success();
    assert!(snapshot_of(&notary.trust_dir()).is_empty());
    let _ = notary.refuses(["key", "remove", EC.1], 4, &["there is no key"]);
}

#[test]
fn nothing_is_left_of_a_purged_key() {
    let notary = Sandbox::new();
    for role in ["alice", "bob"] {
        put(&notary, EC, role, None);
        let _ = notary.run(["key", "remove", EC.1, "-y"]).success();
    }
    put(&notary, EC, "carol", None);
    put(&notary, RSA, "alice", None);
    let before = snapshot_of(&notary.trust_dir());
    let outcome = notary.run_with_input(["key", "remove", EC.1, "--purge"], b"no\n");
    // Whoever answers knows of all the files.
    for number in ["", ".2"] {
        let file = notary.trust_dir().join(format!("private/archive/{}{number}.pem", EC.1));
        let words = format!("warning: its archived file `{}` is destroyed as well", file.display());
        assert!(outcome.stderr.contains(&words), "{}", outcome.report());
    }
    let _ = outcome.failure(1, &["warning: the key is destroyed and cannot be brought back"]);
    assert_same_files(&snapshot_of(&notary.trust_dir()), &before, "declined");

    let outcome = notary.run(["key", "remove", EC.1, "-y", "--purge"]);
    assert!(outcome.stderr.contains("warning: the key is destroyed"), "{}", outcome.report());
    let _ = outcome.success();
    let names: Vec<_> = snapshot_of(&notary.trust_dir()).into_keys().collect();
    assert_eq!(names, [std::path::PathBuf::from(format!("private/{}.key", RSA.1))]);
    let _ = notary.refuses(["key", "unarchive", EC.1], 4, &["there is no key"]);
}

#[test]
fn all_files_of_a_key_are_removed() {
    let notary = Sandbox::new();
    put(&notary, EC, "alice", None);
    let below = notary.trust_dir().join(format!("private/root_keys/{}_root.key", EC.1));
    fs::create_dir_all(below.parent().unwrap()).unwrap();
    fs::copy(file_of(&notary, EC.1), &below).unwrap();
    let _ = notary.run(["key", "remove", EC.1, "-y"]).success();
    assert_eq!(notary.run(["key", "list"]).success(), "\nNo signing keys found.\n\n");
}

#[test]
fn the_last_archived_key_comes_back_first() {
    let notary = Sandbox::new();
    for role in ["first", "second"] {
        put(&notary, EC, role, None);
        let _ = notary.run(["key", "remove", EC.1, "-y"]).success();
    }
    let outcome = notary.run(["key", "unarchive", EC.1]);
    assert!(outcome.stderr.contains("an older one is still archived"), "{}", outcome.report());
    assert!(outcome.success().contains("(role second)"));
    let words = ["is in use, for role second", "`notary key remove cff4c59` archives that one"];
    let _ = notary.refuses(["key", "unarchive", EC.1], 8, &words);
    fs::remove_file(file_of(&notary, EC.1)).unwrap();
    assert!(notary.run(["key", "unarchive", EC.1]).success().contains("(role first)"));
}

#[test]
fn what_names_no_single_key_changes_nothing() {
    let notary = Sandbox::new();
    put(&notary, EC, "alice", None);
    let alike = format!("{}{}", &EC.1[..10], "0".repeat(54));
    put(&notary, (EC.0, &alike), "bob", None);
    put(&notary, P384, "root", None);
    for command in ["remove", "unarchive"] {
        for (prefix, code, words) in [
            ("1234567", 4, "there is no key 1234567"),
            (&EC.1[..8], 4, "several keys begin with cff4c597"),
            ("12345", 2, "the first 7 or more suffice"),
            ("../../x", 2, "a key id has 64 hex digits"),
            ("", 2, "a key id has 64 hex digits"),
        ] {
            let _ = notary.refuses(["key", command, prefix], code, &[words]);
        }
        let _ = notary.refuses(["key", command], 2, &["<ID>"]);
    }
    let words = [alike.as_str(), EC.1];
    let _ = notary.refuses(["key", "remove", "cff4c59"], 4, &words);
    let _ = notary.refuses(["key", "unarchive", P384.1], 8, &["is in use, for role root"]);
    // One of the two is archived; both still have the digits.
    let _ = notary.run(["key", "remove", &alike, "-y"]).success();
    let _ = notary.refuses(["key", "remove", "cff4c59"], 4, &["several keys begin with"]);
}
