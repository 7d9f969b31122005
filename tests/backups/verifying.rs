//! Proving that a backup is of use.

use std::fs;

use serde_json::{Value, json};

use super::{GUN, ROOT, Site};
use crate::support::{assert_same_files, snapshot_of};

fn statuses(report: &Value) -> Vec<&str> {
    let keys = report["keys"].as_array().unwrap().iter();
    keys.map(|key| key["status"].as_str().unwrap()).collect()
}

#[test]
fn what_can_be_opened_is_opened_and_the_rest_is_intact() {
    let mut site = Site::with_keys_of("02-published/trust");
    let _ = site.backup(&[]).success();
    let before = snapshot_of(&site.notary.trust_dir());
    let verified = site.verify(&[]).success();
    assert!(verified.contains("3 of 3 keys in the backup of 2"), "{verified}");

    site.notary.vars.clear();
    assert_eq!(statuses(&site.verify(&["--json"]).json()), ["intact"; 3]);
    site.notary.vars.insert("NOTARY_TARGETS_PASSPHRASE".into(), "targets-passphrase".into());
    site.notary.vars.insert("NOTARY_ROOT_PASSPHRASE".into(), "not this".into());
    let verified = site.verify(&["--json"]);
    let words = "warning: the passphrase that is known does not open root key 07693a9\n";
    assert_eq!(verified.stderr, words);
    let report = verified.json();
    for key in report["keys"].as_array().unwrap() {
        let opened = key["role"] == "targets";
        assert_eq!(key["status"], if opened { "opened" } else { "intact" });
        assert_eq!(key["algorithm"], "ecdsa-p256");
    }

    // Those that are not known are asked for when that is wanted.
    let _ = site.verify(&["--ask"]).failure(7, &["does not open root key 07693a9"]);
    site.notary.typed = Some(vec!["wrong", "root-passphrase", "snapshot-passphrase"]);
    let asked = site.verify(&["--ask", "--json"]);
    assert!(asked.terminal.contains("Enter passphrase for root key with ID 07693a9"));
    assert_eq!(statuses(&asked.json()), ["opened"; 3]);
    site.notary.typed = Some(vec!["wrong", "wrong", "wrong"]);
    let _ = site.verify(&["--ask"]).failure(7, &["wrong passphrase for root key 07693a9"]);
    assert_same_files(&snapshot_of(&site.notary.trust_dir()), &before, "verifying");
}

#[test]
fn keys_that_are_not_in_the_backup_are_named() {
    let site = Site::with_keys_of("02-published/trust");
    let _ = site.backup(&["--key", ROOT]).success();
    let verified = site.verify(&["--json"]);
    assert_eq!(verified.code, 1, "{}", verified.report());
    let report: Value = serde_json::from_str(&verified.stdout).unwrap();
    let missing: Vec<_> =
        report["missing"].as_array().unwrap().iter().map(|key| &key["gun"]).collect();
    assert_eq!(missing, [&json!(GUN), &json!(GUN)]);
    assert_eq!(report["differing"], json!([]));
    for role in ["targets", "snapshot"] {
        let named = verified.stderr.lines().filter(|line| {
            line.starts_with(&format!("warning: {role} key "))
                && line.ends_with("not in the backup")
        });
        assert_eq!(named.count(), 1, "{}", verified.report());
    }
    let verified = site.verify(&[]).failure(1, &["2 keys of this machine are not in the backup"]);
    assert!(verified.stdout.contains("1 of 1 keys"), "{}", verified.report());
    // Nobody misses what was not to be in it.
    let _ = site.verify(&["--key", &ROOT[..9]]).success();
    // Elsewhere nothing is missing.
    let _ = site.moved().verify(&[]).success();
}

#[test]
fn keys_that_have_changed_since_are_named() {
    let site = Site::with_keys_of("02-published/trust");
    let _ = site.backup(&[]).success();
    let file = site.private().join(format!("{ROOT}.key"));
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("role: root", "role: user")).unwrap();
    let verified = site.verify(&["--json"]);
    assert!(verified.stderr.contains(&format!("warning: user key {ROOT} has changed since")));
    assert_eq!(verified.json()["differing"][0]["key_id"], ROOT);
}

#[test]
fn a_key_under_the_name_of_another_is_found_when_it_is_opened() {
    let mut site = Site::with_keys_of("02-published/trust");
    let (file, other) = (site.private().join(format!("{ROOT}.key")), "0".repeat(64));
    fs::rename(&file, site.private().join(format!("{other}.key"))).unwrap();
    let _ = site.backup(&[]).success();
    let words = [&format!("{other}.key` in it cannot be used"), "holds key 07693a9"];
    let _ = site.verify(&[]).failure(1, &words);
    site.moved().refuses_to_restore(1, &words);
    // Without its passphrase nobody can tell.
    site.notary.vars.clear();
    let _ = site.verify(&[]).success();
}

#[test]
fn options_that_make_no_sense_together_are_refused() {
    let site = Site::with_keys_of("02-published/trust");
    let notary = &site.notary;
    for args in [
        vec!["x.age", "--identity", "identity"],
        vec!["x.age", "--ask"],
        vec!["--verify", "x.age", "--force"],
        vec!["--verify", "x.age", "--recipient", "age1"],
        vec!["x.age", "--recipient", "age1"],
        vec!["x.age", "--json"],
        vec!["--verify"],
    ] {
        let _ = notary.refuses([&["key", "backup"], &args[..]].concat(), 2, &[]);
    }
    notary.write("empty", "# nobody\n");
    let _ = site.backup(&[]).success();
    for (identity, code) in [("empty", 7), ("keys.age", 7), ("missing", 1)] {
        let args = ["key", "restore", "keys.age", "--identity", identity];
        let _ = notary.refuses(args, code, &[]);
    }
    let _ = notary.refuses(["key", "restore", "keys.age"], 7, &["--identity FILE"]);
    let _ = notary.refuses(["key", "restore", "missing"], 1, &["there is no such file"]);
}
