//! What goes into a backup, and where it may be written.

use std::fs;

use serde_json::Value;

use super::{GUN, ROOT, Site, mode};
use crate::support::{SoftTokens, assert_same_files, copy_dir, golden};

/// The paths of the keys in the backup.
fn paths(site: &Site) -> Vec<String> {
    site.unpacked().into_keys().filter(|name| name != "manifest.json").collect()
}

#[test]
fn all_keys_survive_with_the_archived_ones() {
    let site = Site::with_keys_of("03-delegations/trust");
    site.archive("2fe6e86fecbd686d1e272bc3e063575b51caef4a7c597054f897d2c7091d3882");
    let files = site.files();
    assert_eq!(site.backup(&[]).success(), "backed up 6 keys in `keys.age`\n");
    assert_eq!(mode(&site.notary.work().join("keys.age")), 0o600);
    let packed = site.unpacked();
    let manifest: Value = serde_json::from_slice(&packed["manifest.json"]).unwrap();
    assert_eq!(manifest["version"], 1);
    assert_eq!(manifest["keys"].as_array().unwrap().len() + 1, packed.len());
    for (path, bytes) in &files {
        assert_eq!(packed[&format!("private/{}", path.display())], *bytes);
    }

    let other = site.moved();
    let restored = other.restore(&[]).success();
    assert_eq!(restored.matches("restored ").count(), 6, "{restored}");
    assert_eq!(restored.matches("restored archived ").count(), 1, "{restored}");
    assert_same_files(&other.files(), &files, &restored);
    for path in other.files().keys() {
        assert_eq!(mode(&other.private().join(path)), 0o600);
    }
    assert_eq!(mode(&other.private()), 0o700);
}

#[test]
fn keys_are_chosen_by_id_and_by_collection() {
    let site = Site::with_keys_of("03-delegations/trust");
    copy_dir(&golden("02-published/trust"), &site.notary.trust_dir());
    let all = site.files().len();
    for (args, count) in [
        (vec!["--key", &ROOT[..7]], 1),
        (vec!["--key", &ROOT[..7], "--key", ROOT, "--key", "2fe6e86fe"], 2),
        // The root key does not say whose it is, but the root does.
        (vec!["--gun", GUN], 3),
        (vec!["--gun", GUN, "--key", "2fe6e86"], 4),
        (vec![], all),
    ] {
        let made = site.backup(&[&args[..], &["--force"]].concat()).success();
        assert_eq!(paths(&site).len(), count, "{args:?}: {made}");
        assert!(paths(&site).contains(&format!("private/{ROOT}.key")), "{args:?}");
    }
    fs::remove_file(site.notary.work().join("keys.age")).unwrap();
    let refused = site.backup(&["--key", "0000000"]);
    let _ = refused.failure(4, &["there is no key 0000000", "notary key list"]);
    let _ = site.backup(&["--gun", "example.com/x"]).failure(4, &["no key of example.com/x"]);
    let _ = Site::empty().backup(&[]).failure(4, &["there are no keys to back up"]);
    assert!(!site.notary.work().join("keys.age").exists());
}

#[test]
fn old_files_say_in_a_backup_what_only_their_path_has_said() {
    for edition in ["before-0.1", "before-0.3"] {
        let site = Site::with_keys_of(&format!("09-legacy-layout/{edition}"));
        let list = |site: &Site| {
            let listed = site.notary.run(["key", "list", "--json"]).json();
            let keys = listed["keys"].as_array().unwrap().clone();
            let words = ["role", "gun", "key_id", "algorithm"];
            keys.iter().map(|key| words.map(|word| key[word].to_string())).collect::<Vec<_>>()
        };
        let _ = site.backup(&[]).success();
        let other = site.moved();
        let _ = other.restore(&[]).success();
        assert_eq!(list(&other), list(&site), "{edition}");
        assert!(other.files().keys().all(|path| path.components().count() == 1), "{edition}");
        let verified = other.verify(&[]).success();
        assert!(verified.contains("3 of 3 keys in the backup"), "{verified}");
        // What is still in the old place is the same.
        let again = site.restore(&[]).success();
        assert_eq!(again.matches(" is here already\n").count(), 3, "{again}");
    }
}

#[test]
fn files_are_not_overwritten_unless_that_is_wanted() {
    let site = Site::with_keys_of("02-published/trust");
    let notary = &site.notary;
    notary.write("keys.age", "precious");
    // Before anybody is asked for anything.
    let words = ["keys.age` exists already", "`--force` replaces it"];
    let _ = notary.refuses(["key", "backup", "keys.age"], 8, &words);
    assert_eq!(site.file("keys.age"), b"precious");
    let _ = site.backup(&["--force"]).success();
    assert_eq!(site.unpacked().len(), 4);

    let _ = notary.refuses(["key", "backup", "no/keys.age"], 1, &["no/keys.age", "No such file"]);
    assert!(!notary.work().join("no").exists());
    let _ = notary.refuses(["key", "backup", ".", "--force"], 1, &["is not a regular file"]);
    let _ = notary.refuses(["key", "backup", "/dev/null", "--force"], 1, &["not a regular file"]);
    // The file that a link points to is written, and the link stays.
    std::os::unix::fs::symlink("keys.age", notary.work().join("link")).unwrap();
    let recipient = site.identity.to_public().to_string();
    let args = ["key", "backup", "link", "--force", "--key", ROOT, "--recipient", &recipient];
    let _ = notary.run(args).success();
    assert!(notary.work().join("link").is_symlink());
    assert_eq!(site.unpacked().len(), 2);
}

#[test]
fn keys_that_cannot_be_read_are_never_left_out_in_silence() {
    let site = Site::with_keys_of("02-published/trust");
    let bad = site.private().join(format!("{}.key", "0".repeat(64)));
    for (text, why) in [
        ("nothing", "is not a usable key file"),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "is damaged",
        ),
    ] {
        fs::write(&bad, text).unwrap();
        let made = site.backup(&[]);
        let file = bad.display().to_string();
        let words =
            ["warning: ", &file, why, "a key file is not in the backup, but all others are"];
        let _ = made.failure(1, &words);
        assert_eq!(site.unpacked().len(), 4);
        // A complete backup is worth more than an incomplete one.
        let before = site.file("keys.age");
        let _ = site.backup(&["--force"]).failure(1, &["was not replaced"]);
        assert_eq!(site.file("keys.age"), before);
        // Who chooses keys knows which ones to expect.
        let chosen = site.backup(&["--force", "--key", ROOT]);
        assert_eq!(chosen.stderr.contains(&file), text == "nothing", "{}", chosen.report());
        let _ = chosen.success();
        let before = site.file("keys.age");
        if text != "nothing" {
            let words = ["not in the backup, and there is nothing else to put into it"];
            let _ = site.backup(&["--force", "--key", "0000000"]).failure(1, &words);
            let args = ["--force", "--key", "0000000", "--key", ROOT];
            let _ = site.backup(&args).failure(1, &["was not replaced"]);
            assert_eq!(site.file("keys.age"), before);
        }
        fs::remove_file(site.notary.work().join("keys.age")).unwrap();
    }
}

#[test]
fn keys_without_a_passphrase_are_pointed_out() {
    let site = Site::empty();
    fs::create_dir_all(site.private()).unwrap();
    let id = "cff4c5970e08f359ab0166516042ae0d3cfa894e085975a0dec1ba51f2da4c99";
    let plain = fs::read(golden("11-key-files/ec-sec1-plain.key")).unwrap();
    fs::write(site.private().join(format!("{id}.key")), &plain).unwrap();
    let made = site.backup(&[]);
    assert!(made.stderr.contains("has no passphrase of its own"), "{}", made.report());
    let _ = made.success();
    let secret = String::from_utf8(plain).unwrap();
    let secret = secret.lines().nth(1).unwrap().as_bytes();
    assert!(!site.file("keys.age").windows(secret.len()).any(|piece| piece == secret));
    let verified = site.verify(&[]).success();
    assert!(verified.contains("opened"), "{verified}");
}

#[test]
fn backups_go_through_pipes() {
    let site = Site::with_keys_of("02-published/trust");
    let recipient = site.identity.to_public().to_string();
    let piped = site.notary.run(["key", "backup", "-", "--recipient", &recipient]);
    assert_eq!((piped.code, piped.stderr.as_str()), (0, ""));
    let other = site.moved();
    let args = ["key", "restore", "-", "--identity", "identity"];
    let restored = other.notary.run_with_input(args, &piped.raw_stdout).success();
    assert_eq!(restored.matches("restored ").count(), 3);
    assert_same_files(&other.files(), &site.files(), &restored);
    let args = ["key", "backup", "--verify", "-", "--identity", "identity", "--json"];
    let verified = other.notary.run_with_input(args, &piped.raw_stdout).json();
    assert_eq!(verified["keys"].as_array().unwrap().len(), 3);
}

#[test]
fn passphrases_come_from_where_all_others_do() {
    let site = Site::with_keys_of("02-published/trust");
    let mut notary = site.notary;
    let words =
        ["there is no passphrase for the new backup `keys.age`", "NOTARY_BACKUP_PASSPHRASE"];
    let _ = notary.refuses(["key", "backup", "keys.age"], 7, &words);
    assert!(!notary.work().join("keys.age").exists());

    notary.typed = Some(vec![
        "short",
        "a long passphrase",
        "another one",
        "a long passphrase",
        "a long passphrase",
    ]);
    let made = notary.run(["key", "backup", "keys.age", "--key", ROOT]);
    let questions =
        "Enter passphrase for new backup `keys.age`: \nRepeat passphrase for new backup";
    assert!(made.terminal.contains(questions), "{}", made.report());
    let _ = made.success();

    notary.typed = None;
    notary.vars.insert("NOTARY_BACKUP_PASSPHRASE".into(), "a wrong passphrase".into());
    let words = ["NOTARY_BACKUP_PASSPHRASE does not open backup `keys.age`"];
    let refused = notary.refuses(["key", "restore", "keys.age"], 7, &words);
    assert!(!refused.report().contains("a wrong passphrase"));
    let file = notary.write("passphrase", "a long passphrase\n");
    let from_file = format!("backup={}", file.display());
    notary.vars.remove("NOTARY_BACKUP_PASSPHRASE");
    let args = ["key", "restore", "keys.age", "--passphrase-file", &from_file];
    assert!(notary.run(args).success().contains(" is here already"));
    let args = ["key", "restore", "keys.age", "--identity", "identity"];
    let _ = notary.refuses(args, 7, &["a passphrase opens it, and no identity"]);
}

#[test]
fn keys_on_tokens_are_said_to_be_left_out() {
    let mut site = Site::with_keys_of("02-published/trust");
    let tokens = SoftTokens::with("vault");
    tokens.plug_into(&mut site.notary);
    let made = site.notary.run_process(["key", "generate", "ecdsa-p256", "--token"]);
    let id = made.success().trim().rsplit(' ').next().unwrap().to_owned();
    let recipient = site.identity.to_public().to_string();
    let backup = |args: &[&str]| {
        let words = ["key", "backup", "keys.age", "--force", "--recipient", &recipient];
        site.notary.run_process([&words, args].concat())
    };
    let words = format!("key {id} cannot leave the hardware token `pkcs11:");
    let made = backup(&[]);
    assert!(made.stderr.contains(&words), "{}", made.report());
    assert_eq!(made.success(), "backed up 3 keys in `keys.age`\n");
    let _ = backup(&["--key", &id]).failure(7, &[&words]);
    let chosen = backup(&["--key", ROOT]);
    assert!(!chosen.stderr.contains(&words), "{}", chosen.report());
}
