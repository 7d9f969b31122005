//! `key passwd`.

use std::fs;

use super::{EC, GUN, P384, RSA, assert_private, block_in, file_of, open, put};
use crate::support::{GoClient, Sandbox, read_golden, snapshot_of};

const NEW: &str = "sesame-open";

fn with_new(value: &str) -> Sandbox {
    let mut notary = Sandbox::new();
    notary.vars.insert("NOTARY_NEW_PASSPHRASE".into(), value.into());
    notary
}

#[test]
fn the_new_passphrase_opens_the_key_for_us_and_for_go() {
    let notary = with_new(NEW);
    let go = GoClient::sharing("http://127.0.0.1:1", &notary.trust_dir())
        .var("NOTARY_DELEGATION_PASSPHRASE", NEW);
    for key in [EC, RSA] {
        put(&notary, key, "alice", None);
        let before = open(&file_of(&notary, key.1), "delegation-passphrase").to_pkcs8();
        let outcome = notary.run(["key", "passwd", &key.1[..7]]);
        let success = format!("\nSuccessfully updated passphrase for key ID: {}\n", key.1);
        assert_eq!(outcome.success(), success);
        let file = file_of(&notary, key.1);
        assert_private(&file);
        assert_eq!(open(&file, NEW).to_pkcs8(), before);
        assert_eq!(go.run(["key", "passwd", key.1]), success);
        assert_eq!(open(&file, NEW).to_pkcs8(), before);
    }
    let names = fs::read_dir(notary.trust_dir().join("private")).unwrap().count();
    assert_eq!(names, 2);
}

#[test]
fn headers_are_kept_and_old_forms_renewed() {
    let notary = with_new(NEW);
    put(&notary, RSA, "alice", None);
    // Each is the same key: encrypted by OpenSSL, not encrypted, and where Notary 0.1 had it.
    for (golden, place) in [
        ("ec-sec1-aes256.key", format!("{}.key", EC.1)),
        ("ec-sec1-plain.key", format!("{}.key", EC.1)),
        ("ec-sec1-des3.key", format!("tuf_keys/{GUN}/{}_user.key", EC.1)),
    ] {
        let file = notary.trust_dir().join("private").join(&place);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let text = String::from_utf8(read_golden(format!("11-key-files/{golden}"))).unwrap();
        let headers = "-----BEGIN EC PRIVATE KEY-----\nother: kept\n";
        let text = text.replace("-----BEGIN EC PRIVATE KEY-----\n", headers);
        // Headers need a blank line behind them.
        let text = match text.contains("DEK-Info") {
            true => text,
            false => text.replace("kept\n", "kept\n\n"),
        };
        fs::write(&file, text).unwrap();
        let _ = notary.run(["key", "passwd", EC.1]).success();
        let block = block_in(&file);
        assert_eq!(block.label, "ENCRYPTED PRIVATE KEY");
        assert_eq!(block.headers["other"], "kept");
        assert!(
            !block.headers.contains_key("DEK-Info") && !block.headers.contains_key("Proc-Type")
        );
        if place.starts_with("tuf_keys") {
            assert_eq!(
                (block.headers["gun"].as_str(), block.headers["role"].as_str()),
                (GUN, "user")
            );
        }
        assert_eq!(open(&file, NEW).id().as_str(), EC.1);
        fs::remove_file(&file).unwrap();
    }
}

#[test]
fn both_passphrases_can_be_typed() {
    let mut notary = Sandbox::new();
    put(&notary, EC, "targets", Some(GUN));
    notary.vars.clear();
    notary.typed = Some(vec!["wrong", "delegation-passphrase", "short", NEW, NEW]);
    let outcome = notary.run(["key", "passwd", EC.1]);
    let key = format!("targets key with ID {} ({GUN}): \n", &EC.1[..7]);
    let lines = [
        format!("Enter passphrase for {key}"),
        format!("wrong passphrase for targets key {} of {GUN} (2 tries left)\n", &EC.1[..7]),
        format!("Enter passphrase for {key}Enter passphrase for new {key}"),
        "Passphrase is too short. Please use a password manager to generate and store a good \
         random passphrase.\n"
            .to_owned(),
        format!("Enter passphrase for new {key}Repeat passphrase for new {key}"),
    ];
    assert_eq!(outcome.terminal, lines.concat(), "{}", outcome.report());
    let _ = outcome.success();
    assert_eq!(block_in(&file_of(&notary, EC.1)).headers["gun"], GUN);
}

#[test]
fn nothing_changes_when_a_passphrase_is_missing_wrong_or_the_same() {
    let mut notary = with_new("delegation-passphrase");
    put(&notary, EC, "alice", None);
    put(&notary, P384, "bob", None);
    let words = [&format!("the new passphrase of key {} is the one that it has", EC.1)[..]];
    let _ = notary.refuses(["key", "passwd", EC.1], 1, &words);
    // What opens keys of the role is not a new passphrase.
    notary.vars.remove("NOTARY_NEW_PASSPHRASE");
    let words = ["there is no passphrase for the new alice key", "set NOTARY_NEW_PASSPHRASE"];
    let _ = notary.refuses(["key", "passwd", EC.1], 7, &words);
    notary.vars.insert("NOTARY_NEW_PASSPHRASE".into(), NEW.into());
    notary.vars.insert("NOTARY_DELEGATION_PASSPHRASE".into(), "wrong".into());
    let words = ["NOTARY_DELEGATION_PASSPHRASE does not open alice key"];
    let _ = notary.refuses(["key", "passwd", EC.1], 7, &words);
    notary.vars.remove("NOTARY_DELEGATION_PASSPHRASE");
    let words = ["there is no passphrase for alice key", "set NOTARY_DELEGATION_PASSPHRASE"];
    let _ = notary.refuses(["key", "passwd", EC.1], 7, &words);
    notary.typed = Some(vec![Sandbox::CTRL_C]);
    let before = snapshot_of(&notary.trust_dir());
    assert_eq!(notary.run(["key", "passwd", EC.1]).code, 130);
    assert_eq!(snapshot_of(&notary.trust_dir()), before);
    for (id, code, words) in
        [("0000000", 4, "there is no key 0000000"), ("xyz", 2, "a key id has 64 hex digits")]
    {
        let _ = notary.refuses(["key", "passwd", id], code, &[words]);
    }
    // A file of that name with another key in it.
    fs::rename(file_of(&notary, P384.1), file_of(&notary, EC.1)).unwrap();
    notary.vars.insert("NOTARY_DELEGATION_PASSPHRASE".into(), "delegation-passphrase".into());
    let words = [&format!("holds key {}", P384.1)[..]];
    let _ = notary.refuses(["key", "passwd", EC.1], 7, &words);
    fs::write(file_of(&notary, EC.1), "damaged").unwrap();
    let _ = notary.refuses(["key", "passwd", EC.1], 1, &["is not a usable key file"]);
}
