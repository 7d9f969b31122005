//! `key list`: both tables, JSON, filters, status and kind of keys, and damaged files.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Sandbox, assert_same_files, copy_dir, golden, snapshot_of};

const GUN: &str = "golden.example/delegations";

fn with_golden(directory: &str) -> Sandbox {
    let notary = Sandbox::new();
    copy_dir(&golden(directory).join("trust"), &notary.trust_dir());
    notary
}

/// Role, status and kind of the keys in one of the lists.
fn summary(list: &Value) -> Vec<[String; 3]> {
    let word = |key: &Value, name: &str| key[name].as_str().unwrap_or("-").to_owned();
    let row = |key| ["role", "status", "algorithm"].map(|name| word(key, name));
    list.as_array().unwrap().iter().map(row).collect()
}

fn row(words: &str) -> [String; 3] {
    let words: Vec<_> = words.split(", ").map(str::to_owned).collect();
    words.try_into().unwrap()
}

#[track_caller]
fn expect(list: &Value, rows: &[&str]) {
    assert_eq!(summary(list), rows.iter().map(|words| row(words)).collect::<Vec<_>>());
}

/// The first words of the lines of a table in the plain form.
fn roles(table: &str) -> Vec<&str> {
    table.lines().skip(3).filter_map(|line| line.split(' ').find(|word| !word.is_empty())).collect()
}

fn list(notary: &Sandbox, args: &[&str]) -> String {
    notary.run([&["key", "list"], args].concat()).success()
}

#[test]
fn keys_are_shown_in_both_forms() {
    let notary = with_golden("02-published");
    let text = list(&notary, &[]);
    let json = notary.run(["key", "list", "--json"]).json();
    let rows: Vec<_> = text.lines().skip(3).filter(|line| !line.is_empty()).collect();
    let keys = json["keys"].as_array().unwrap();
    assert_eq!(rows.len(), keys.len());
    for (row, key) in rows.iter().zip(keys) {
        let id = key["key_id"].as_str().unwrap();
        assert!(row.starts_with(key["role"].as_str().unwrap()) && row.contains(id), "{row}");
        let file = notary.trust_dir().join(format!("private/{id}.key"));
        assert_eq!(key["file"], file.to_str().unwrap());
        assert_eq!(key["encrypted"], true);
        let uses = json!([{ "gun": "golden.example/published", "role": key["role"] }]);
        assert_eq!(key["uses"], uses);
    }
    let _ = notary.refuses(["key", "list", "extra"], 2, &["unexpected argument 'extra'"]);
    let empty = Sandbox::new();
    let nothing = json!({ "keys": [], "archived": [], "named": [] });
    assert_eq!(empty.run(["key", "list", "--json"]).json(), nothing);
    for args in [&[][..], &["--long"], &["--all"]] {
        assert_eq!(list(&empty, args), "\nNo signing keys found.\n\n");
    }
    assert!(!empty.trust_dir().exists());
}

#[test]
fn keys_are_told_by_kind_and_by_who_names_them() {
    let notary = with_golden("03-delegations");
    let before = snapshot_of(&notary.trust_dir());
    let listed = notary.run(["key", "list", "--json"]).json();
    let keys = [
        "root, in use, ecdsa-p256",
        "delegation, in use, ecdsa-p256",
        "targets/qa, in use, rsa-2048",
        "user-a, in use, ecdsa-p256",
        "snapshot, in use, ecdsa-p256",
        "targets, in use, ecdsa-p256",
    ];
    expect(&listed["keys"], &keys);
    let named = ["timestamp, server, ed25519", "targets/releases, elsewhere, ecdsa-p256"];
    expect(&listed["named"], &named);
    // A key of two roles, one of them three levels down.
    let uses = &listed["keys"][3]["uses"];
    let roles = ["targets/releases", "targets/releases/stable/lts"];
    assert_eq!(*uses, json!(roles.map(|role| json!({ "gun": GUN, "role": role }))));

    // Without the metadata, kinds are still known, from the files.
    fs::remove_dir_all(notary.trust_dir().join("tuf")).unwrap();
    let listed = notary.run(["key", "list", "--json"]).json();
    expect(
        &listed["keys"],
        &keys.map(|row| row.replace("in use", "orphan")).each_ref().map(|row| &**row),
    );
    assert_eq!(listed["named"], json!([]));
    let mut after = before;
    after.retain(|path, _| !path.starts_with("tuf"));
    assert_same_files(&snapshot_of(&notary.trust_dir()), &after, "listing");
}

#[test]
fn only_what_the_present_root_names_is_in_use() {
    let notary = with_golden("04-rotations");
    let listed = notary.run(["key", "list", "--json"]).json();
    let in_use = |key: &&[String; 3]| key[1] == "in use";
    let keys = summary(&listed["keys"]);
    assert_eq!(keys.iter().filter(in_use).count(), 3, "{keys:?}");
    assert_eq!(keys.iter().filter(|key| key[0] == "root" && key[1] == "orphan").count(), 3);
    // The server's snapshot key, when the one that was here is not named.
    let server = with_golden("08-server-ecdsa");
    let listed = server.run(["key", "list", "--json"]).json();
    let named = ["snapshot, server, ecdsa-p256", "timestamp, server, ecdsa-p256"];
    expect(&listed["named"], &named);
}

#[test]
fn what_go_would_not_show_is_shown_at_length_only() {
    let notary = with_golden("03-delegations");
    let private = notary.trust_dir().join("private");
    let id = "c89e122e008b93b790633ff22ad2b18c6386d8e0f340d981b4e0840719a12d4f";
    let key = fs::read(private.join(format!("{id}.key"))).unwrap();
    fs::create_dir(private.join("archive")).unwrap();
    fs::write(private.join(format!("archive/{id}.2.pem")), key).unwrap();
    let here = ["root", "delegation", "targets/qa", "user-a", "snapshot", "targets"];
    let more = [here.as_slice(), &["targets", "timestamp"]].concat();
    let all = [more.as_slice(), &["targets/releases"]].concat();
    assert_eq!(roles(&list(&notary, &[])), here);
    assert_eq!(roles(&list(&notary, &["--long"])), more);
    assert_eq!(roles(&list(&notary, &["--all"])), all);
    let long = list(&notary, &["--long"]);
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let head = long.lines().nth(1).unwrap();
    assert_eq!(words(head), words("ROLE GUN KEY ID ALGORITHM STATUS LOCATION"));
    let archived = long.lines().find(|line| line.contains("archived")).unwrap();
    let expected = format!("targets {GUN} {id} ecdsa-p256 archived private/archive");
    assert_eq!(words(archived), words(&expected));
    // The archived file has the same key as one that is in use.
    let listed = notary.run(["key", "list", "--json"]).json();
    expect(&listed["archived"], &["targets, archived, ecdsa-p256"]);

    // Servers' keys of collections that are only read here are of no interest.
    fs::remove_dir_all(&private).unwrap();
    assert_eq!(list(&notary, &["--long"]), "\nNo signing keys found.\n\n");
    assert_eq!(list(&notary, &["--all"]).matches("\nroot ").count(), 1);
}

#[test]
fn filters_look_at_what_keys_were_made_for_and_at_what_they_are_used_for() {
    let notary = with_golden("03-delegations");
    copy_dir(&golden("02-published/trust"), &notary.trust_dir());
    for (args, expected) in [
        (vec!["--role", "root"], vec!["root", "root"]),
        (vec!["--role", "targets/releases"], vec!["user-a"]),
        (vec!["--role", "user-a"], vec!["user-a"]),
        (
            vec!["--role", "root", "--role", "snapshot"],
            vec!["root", "root", "snapshot", "snapshot"],
        ),
        (vec!["--gun", "golden.example/published"], vec!["root", "snapshot", "targets"]),
        (vec!["--gun", GUN, "--role", "root"], vec!["root"]),
        (
            vec!["--gun", GUN, "--gun", "golden.example/published", "--role", "targets/qa"],
            vec!["targets/qa"],
        ),
    ] {
        assert_eq!(roles(&list(&notary, &args)), expected, "{args:?}");
        let json = notary.run([&["key", "list", "--json"], &args[..]].concat()).json();
        let found: Vec<_> = summary(&json["keys"]).into_iter().map(|[role, ..]| role).collect();
        assert_eq!(found, expected, "{args:?}");
    }
    for args in [["--gun", "golden.example"], ["--role", "targets/"]] {
        for form in [&[][..], &["--long"], &["--all"]] {
            let args = [&args[..], form].concat();
            assert_eq!(list(&notary, &args), "\nNo signing keys found.\n\n", "{args:?}");
        }
    }
    let _ = notary.refuses(["key", "list", "--gun", "../x"], 2, &["`..`"]);
}

#[test]
fn a_damaged_cache_is_a_warning() {
    let in_its_way = |file: &Path| {
        fs::remove_file(file).unwrap();
        fs::create_dir(file).unwrap();
    };
    for (name, text) in
        [("root.json", Some("{")), ("targets/releases.json", Some("null")), ("targets.json", None)]
    {
        let notary = with_golden("03-delegations");
        let file = notary.collection_dir(GUN).join("metadata").join(name);
        match text {
            Some(text) => fs::write(&file, text).unwrap(),
            None => in_its_way(&file),
        }
        let listed = notary.run(["key", "list", "--json"]);
        let warning = format!("warning: the keys that `{}` names are not known\n", file.display());
        assert_eq!(listed.stderr.matches(&warning).count(), 1, "{}", listed.report());
        assert_eq!(listed.stderr.matches("warning: ").count(), 1, "{}", listed.report());
        let keys = summary(&listed.json()["keys"]);
        assert_eq!(keys.len(), 6);
        let orphans = keys.iter().filter(|key| key[1] == "orphan").count();
        assert!(orphans > 0 && orphans < 6, "{name}: {keys:?}");
        // Go's table does not depend on it.
        assert_eq!(notary.run(["key", "list"]).stderr, "");
    }
}

#[test]
fn files_that_are_no_keys_are_named_and_passed_over() {
    let notary = with_golden("02-published");
    let private = notary.trust_dir().join("private");
    let bad = |name: &str, text: &str| -> PathBuf {
        let path = private.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    };
    let zeros = "0".repeat(64);
    let in_use = bad(&format!("{zeros}.key"), "nothing");
    let archived = bad(&format!("archive/{zeros}.pem"), "nothing");
    let unnamed = bad("archive/notes.pem", "nothing");
    let warning = |path: &PathBuf| format!("warning: `{}` is not a usable key", path.display());
    let short = notary.run(["key", "list"]);
    assert!(short.stderr.contains(&warning(&in_use)), "{}", short.report());
    assert_eq!((short.stderr.matches("warning: ").count(), short.code), (1, 0));
    for form in ["--long", "--json"] {
        let outcome = notary.run(["key", "list", form]);
        for path in [&in_use, &archived, &unnamed] {
            assert!(outcome.stderr.contains(&warning(path)), "{}", outcome.report());
        }
        assert_eq!((outcome.stderr.matches("warning: ").count(), outcome.code), (3, 0));
    }
    // A block whose contents are none has no kind.
    bad(
        &format!("{zeros}.key"),
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
    );
    let listed = notary.run(["key", "list", "--json"]).json();
    assert!(summary(&listed["keys"]).contains(&row(", orphan, -")), "{listed}");
}
