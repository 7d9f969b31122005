//! The command by itself: what it changes, prints and refuses.

use std::fs;

use notary::keys::{PrivateKey, seal};
use notary::tuf::pem::Block;

use super::{GUN, key_of, keys};
use crate::support::{Outcome, Sandbox, served};

/// A publisher in whose trust directory there is a collection and the server with it.
fn publisher() -> Sandbox {
    let notary = Sandbox::new();
    let _ = notary.run(["init", "-p", GUN]).success();
    notary
}

fn rotate(notary: &Sandbox, args: &[&str]) -> Outcome {
    notary.run(["key", "rotate", GUN].iter().chain(args))
}

fn succeeded(role: &str) -> String {
    format!("Successfully rotated {role} key for repository {GUN}\n")
}

/// A file with a private key that is not encrypted.
fn plain(notary: &Sandbox, name: &str, key: &PrivateKey) -> String {
    let block = Block::new("PRIVATE KEY", key.to_pkcs8().to_vec());
    notary.write(name, block.encode().as_bytes()).to_str().unwrap().to_owned()
}

fn encrypted(notary: &Sandbox, name: &str, key: &PrivateKey) -> String {
    let block = seal(key, "root-passphrase", "root", None);
    notary.write(name, block.encode().as_bytes()).to_str().unwrap().to_owned()
}

#[test]
fn the_old_key_is_in_the_archive_and_the_new_one_signs() {
    let notary = publisher();
    for role in ["targets", "snapshot", "root"] {
        let old = key_of(&notary, role);
        let archived = keys(&notary).1.len();
        let outcome = rotate(&notary, &[role, "--yes"]);
        let new = key_of(&notary, role);
        assert_ne!(new, old);
        let said = [format!("{role} is signed by key {new}"), format!("the old key {}", &old[..7])];
        assert!(said.iter().all(|words| outcome.stderr.contains(words)), "{}", outcome.report());
        assert_eq!(outcome.success(), succeeded(role));
        let (used, kept) = keys(&notary);
        assert_eq!((used.len(), kept.len()), (3, archived + 1));
        assert!(used.contains(&new) && kept.contains(&old));
        let published = notary.run(["publish", GUN]);
        if role != "root" {
            let signed = format!("published {role} version");
            let line = published.stderr.lines().find(|line| line.starts_with(&signed));
            // Publishing nothing signs the snapshot only.
            assert!(
                role == "targets" || line.unwrap().contains(&new[..7]),
                "{}",
                published.report()
            );
        }
        let _ = published.success();
    }
}

#[test]
fn what_is_left_to_the_server_is_said_and_can_be_taken_back() {
    let notary = publisher();
    let local = key_of(&notary, "snapshot");
    let outcome = rotate(&notary, &["snapshot", "-r"]);
    assert!(outcome.stderr.contains("which the server holds"), "{}", outcome.report());
    assert_eq!(outcome.success(), succeeded("snapshot"));
    assert!(keys(&notary).1.contains(&local));
    assert_eq!(keys(&notary).0.len(), 2);
    let published = notary.run(["publish", GUN]);
    assert!(published.stderr.contains("the server made snapshot"), "{}", published.report());
    let timestamp = rotate(&notary, &["timestamp", "--server-managed"]);
    assert_eq!(timestamp.success(), succeeded("timestamp"));

    assert_eq!(rotate(&notary, &["snapshot"]).success(), succeeded("snapshot"));
    let published = notary.run(["publish", GUN]);
    let signed = format!("signed by {}", &key_of(&notary, "snapshot")[..7]);
    assert!(published.stderr.contains(&signed), "{}", published.report());
}

#[test]
fn rotations_that_there_are_not_are_wrong_usage() {
    let notary = publisher();
    for (args, words) in [
        (&["root", "-r"][..], "does not permit the server managing the root key"),
        (&["targets", "-r"], "does not permit the server managing the targets key"),
        (&["timestamp"], "does not permit the client managing the timestamp key"),
        (&["targets/a"], "does not currently permit rotating the targets/a key"),
        (&["bogus"], "bogus"),
        (&["targets", "-l", "-2"], "`--legacy` must be -1, for all, or more"),
        (&["snapshot", "-r", "-k", "file"], "cannot be used with"),
        (&["targets", "--key-id", "123"], "first 7 or more"),
    ] {
        let args = ["key", "rotate", GUN].iter().chain(args);
        let _ = notary.refuses(args, 2, &[words]);
    }
}

#[test]
fn a_collection_that_is_not_there_is_not_made() {
    let notary = publisher();
    let args = ["key", "rotate", "rotations.example.com/ap", "targets"];
    let _ = notary.refuses(args, 4, &["does not have rotations.example.com/ap"]);
}

#[test]
fn the_root_key_is_only_replaced_by_who_says_yes() {
    let notary = publisher();
    let root = key_of(&notary, "root");
    for answer in [b"no\n".as_slice(), b"", b"perhaps\n"] {
        let outcome = notary.run_with_input(["key", "rotate", GUN, "root"], answer);
        let _ = outcome.failure(1, &["about to rotate your root key", "cancelled"]);
        assert_eq!(key_of(&notary, "root"), root);
    }
    let outcome = notary.run_with_input(["key", "rotate", GUN, "root"], b"yes\n");
    assert_eq!(outcome.success(), succeeded("root"));
    assert_ne!(key_of(&notary, "root"), root);
}

#[test]
fn without_the_keys_that_have_to_sign_nothing_is_touched() {
    let mut notary = publisher();
    let set = |notary: &mut Sandbox, role: &str, passphrase: &str| {
        let variable = format!("NOTARY_{}_PASSPHRASE", role.to_uppercase());
        notary.vars.insert(variable, passphrase.into())
    };
    for args in [&["targets"][..], &["snapshot"], &["snapshot", "-r"], &["timestamp", "-r"]] {
        let right = set(&mut notary, "root", "wrong-passphrase").unwrap();
        let args = ["key", "rotate", GUN].iter().chain(args);
        let _ = notary.refuses(args, 7, &["does not open root key"]);
        set(&mut notary, "root", &right);
    }
    let right = set(&mut notary, "snapshot", "wrong-passphrase").unwrap();
    let args = ["key", "rotate", GUN, "targets"];
    let _ = notary.refuses(args, 7, &["does not open snapshot key"]);
    set(&mut notary, "snapshot", &right);

    let root = notary.trust_dir().join(format!("private/{}.key", key_of(&notary, "root")));
    let away = notary.write("root.key", fs::read(&root).unwrap());
    fs::remove_file(&root).unwrap();
    for args in [&["targets"][..], &["snapshot", "-r"], &["root", "-y"]] {
        let args = ["key", "rotate", GUN].iter().chain(args);
        let _ = notary.refuses(args, 7, &["no key that may sign root is here"]);
    }
    fs::rename(away, root).unwrap();
    assert_eq!(rotate(&notary, &["targets"]).success(), succeeded("targets"));
}

#[test]
fn a_key_that_is_missing_is_found_in_the_archive() {
    let notary = publisher();
    let root = key_of(&notary, "root");
    let _ = notary.run(["key", "remove", &root, "--yes"]).success();
    let hint = format!("`notary key unarchive {}` brings it back", &root[..7]);
    let _ = notary.refuses(["key", "rotate", GUN, "targets"], 7, &[&hint]);
    let _ = notary.run(["key", "unarchive", &root]).success();

    let targets = key_of(&notary, "targets");
    let _ = notary.run(["key", "remove", &targets, "--yes"]).success();
    let file = notary.write("file", "content");
    let _ = notary.run(["add", GUN, "name", file.to_str().unwrap()]).success();
    let hint = format!("`notary key unarchive {}` brings it back", &targets[..7]);
    let _ = notary.refuses(["publish", GUN], 7, &[&hint]);
    // The root key is enough to replace a targets key that nobody has any more.
    assert_eq!(rotate(&notary, &["targets"]).success(), succeeded("targets"));
    let _ = notary.run(["publish", GUN]).success();
}

#[test]
fn keys_in_files_become_the_keys_of_the_role() {
    let notary = publisher();
    let one = PrivateKey::generate_ecdsa_p256();
    let two = PrivateKey::generate_ed25519();
    let files = [plain(&notary, "one.pem", &one), plain(&notary, "two.pem", &two)];
    let outcome = rotate(&notary, &["targets", "-k", &files[0], "--key", &files[1]]);
    assert_eq!(outcome.success(), succeeded("targets"));
    for key in [&one, &two] {
        assert!(keys(&notary).0.contains(key.id().as_str()));
    }
    let published = notary.run(["witness", GUN, "targets"]);
    drop(published);
    // The same keys once more would be no rotation.
    let again = ["key", "rotate", GUN, "targets", "-k", &files[1], "-k", &files[0]];
    let _ = notary.refuses(again, 8, &["targets has the keys"]);

    let root = PrivateKey::generate_ecdsa_p256();
    let file = plain(&notary, "root.pem", &root);
    let args = ["key", "rotate", GUN, "root", "-y", "-k"];
    let _ = notary.refuses(args.iter().chain(&[file.as_str()]), 1, &["is not encrypted"]);
    let ed25519 = encrypted(&notary, "ed25519.pem", &PrivateKey::generate_ed25519());
    let words = ["root keys need a certificate, and there is none for ed25519 keys"];
    let _ = notary.refuses(args.iter().chain(&[ed25519.as_str()]), 7, &words);
    let garbage = notary.write("garbage.pem", "nothing");
    let garbage = garbage.to_str().unwrap();
    let _ = notary.refuses(args.iter().chain(&[garbage]), 1, &["has no private key"]);
    let file = encrypted(&notary, "root.pem", &root);
    let outcome = rotate(&notary, &["root", "-y", "-k", &file]);
    assert_eq!(outcome.success(), succeeded("root"));
    assert_eq!(key_of(&notary, "root"), root.id().as_str());
}

#[test]
fn a_key_of_the_store_can_be_named_by_its_first_digits() {
    let notary = publisher();
    let first = key_of(&notary, "targets");
    let _ = rotate(&notary, &["targets"]).success();
    let second = key_of(&notary, "targets");
    let _ = notary.refuses(
        ["key", "rotate", GUN, "targets", "--key-id", &first[..10]],
        4,
        &["there is no key", "`notary key unarchive"],
    );
    let _ = notary.run(["key", "unarchive", &first]).success();
    let outcome = rotate(&notary, &["targets", "--key-id", &first[..10]]);
    assert_eq!(outcome.success(), succeeded("targets"));
    let (used, kept) = keys(&notary);
    assert!(used.contains(&first) && kept.contains(&second));
}

#[test]
fn a_dry_run_changes_nothing_and_asks_nobody() {
    let mut notary = publisher();
    notary.vars.clear();
    for args in [&["targets"][..], &["snapshot", "-r"], &["timestamp", "-r"], &["root"]] {
        let before = keys(&notary);
        let outcome = rotate(&notary, &[args, &["--dry-run"]].concat());
        assert!(outcome.stderr.contains("would publish root version 2"), "{}", outcome.report());
        assert!(outcome.stderr.contains("nothing was signed"), "{}", outcome.report());
        assert_eq!(outcome.success(), "");
        assert_eq!(keys(&notary), before);
    }
}

#[test]
fn what_is_staged_stays_staged() {
    let notary = publisher();
    let file = notary.write("file", "content");
    let _ = notary.run(["add", GUN, "one", file.to_str().unwrap()]).success();
    let status = notary.run(["status", GUN]).success();
    for role in ["targets", "root"] {
        let _ = rotate(&notary, &[role, "-y"]).success();
        assert_eq!(notary.run(["status", GUN]).success(), status);
    }
    let _ = notary.run(["publish", GUN]).success();
    assert!(notary.run(["list", GUN]).success().contains("one"));
}

#[test]
fn json_has_the_keys_and_what_was_published() {
    let notary = publisher();
    let old = key_of(&notary, "targets");
    let output = rotate(&notary, &["targets", "--json"]).json();
    assert_eq!(output["gun"], GUN);
    assert_eq!(output["role"], "targets");
    assert_eq!(output["managed_by"], "client");
    assert_eq!(output["keys"][0], key_of(&notary, "targets"));
    assert_eq!(output["archived"][0]["key_id"], old);
    assert_eq!(output["outcome"], "published");
    assert_eq!(output["files"][0]["role"], "root");
    let server = rotate(&notary, &["snapshot", "-r", "--json"]).json();
    assert_eq!(server["managed_by"], "server");
    assert_eq!(server["snapshot"]["made_by"], "server");
}

#[test]
fn root_keys_of_the_past_sign_when_asked_to() {
    let server = crate::support::OwnServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", "-p", GUN]).success();
    let signatures = |args: &[&str]| {
        let _ = rotate(&notary, args).success();
        let root = served(&server.url, GUN, "root.json").unwrap();
        let root: serde_json::Value = serde_json::from_slice(&root).unwrap();
        root["signatures"].as_array().unwrap().len()
    };
    assert_eq!(signatures(&["root", "-y"]), 2);
    assert_eq!(signatures(&["root", "-y"]), 2);
    assert_eq!(signatures(&["targets"]), 1);
    // The last version has the same root key as the present one, the one before another.
    assert_eq!(signatures(&["targets", "-l", "1"]), 1);
    assert_eq!(signatures(&["targets", "--legacy", "3"]), 2);
    assert_eq!(signatures(&["targets", "-l", "-1"]), 3);
    assert_eq!(signatures(&["root", "-y", "--legacy=-1"]), 4);
    assert_eq!(signatures(&["targets"]), 1);
    // Everybody can read it.
    let _ = Sandbox::with_server(&server.url).run(["list", GUN]).success();
    let _ = crate::support::GoClient::new(&server.url).run(["list", GUN]);
}

#[test]
fn a_key_of_another_role_is_refused_and_the_same_key_twice_is_one() {
    let notary = publisher();
    let root = key_of(&notary, "root");
    let args = ["key", "rotate", GUN, "targets", "--key-id", &root];
    let _ = notary.refuses(args, 8, &["it is already stored for role `root`"]);
    let key = PrivateKey::generate_ecdsa_p256();
    let file = plain(&notary, "key.pem", &key);
    let output = rotate(&notary, &["targets", "-k", &file, "-k", &file, "--json"]).json();
    assert_eq!(output["keys"].as_array().unwrap().len(), 1);
    let args = ["key", "rotate", GUN, "snapshot", "-k", &file];
    let _ = notary.refuses(args, 8, &["it is already stored for role `targets`"]);
}

#[test]
fn a_key_that_another_role_needs_stays() {
    let mut notary = publisher();
    let targets = key_of(&notary, "targets");
    // Somebody has made it a key of the snapshot as well.
    let path = notary.trust_dir().join(format!("private/{targets}.key"));
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("role: targets", "role: snapshot")).unwrap();
    notary.vars.insert("NOTARY_SNAPSHOT_PASSPHRASE".into(), "targets-passphrase".into());
    let _ = rotate(&notary, &["snapshot", "--key-id", &targets]).success();
    fs::write(&path, text).unwrap();
    let rotated = rotate(&notary, &["targets"]);
    let stays = format!("the old key {} still signs snapshot of {GUN}", &targets[..7]);
    assert!(rotated.stderr.contains(&stays), "{}", rotated.report());
    assert!(keys(&notary).0.contains(&targets));
    let _ = notary.run(["publish", GUN]).success();
}

#[test]
fn a_collection_that_was_never_published_is_not_published_by_the_way() {
    let notary = Sandbox::new();
    let _ = notary.run(["init", GUN]).success();
    let hint = format!("`notary publish {GUN}` publishes it");
    for args in [&["targets"][..], &["root", "-y"], &["timestamp", "-r"]] {
        let args = ["key", "rotate", GUN].iter().chain(args);
        let _ = notary.refuses(args, 4, &["has never been published", &hint]);
    }
    let _ = notary.run(["publish", GUN]).success();
    assert_eq!(rotate(&notary, &["targets"]).success(), succeeded("targets"));
}

#[test]
fn root_keys_of_the_past_that_are_not_at_hand_do_not_sign() {
    let server = crate::support::OwnServer::start();
    let mut notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", "-p", GUN]).success();
    let mut former = Vec::new();
    for _ in 0..3 {
        former.push(key_of(&notary, "root"));
        let _ = rotate(&notary, &["root", "-y"]).success();
    }
    // One is elsewhere, one has a passphrase that nobody knows any more.
    let archived = |id: &str| notary.trust_dir().join(format!("private/archive/{id}.pem"));
    fs::remove_file(archived(&former[0])).unwrap();
    let unknown = PrivateKey::generate_ecdsa_p256();
    let sealed = seal(&unknown, "some-other-passphrase", "root", None);
    fs::write(archived(&former[1]), sealed.encode().as_bytes()).unwrap();
    let rotated = rotate(&notary, &["targets", "-l", "-1"]);
    for id in &former[..2] {
        let warning = format!("warning: the former root key {} is not here", &id[..7]);
        assert!(rotated.stderr.contains(&warning), "{}", rotated.report());
    }
    assert_eq!(rotated.stderr.matches("warning: the former root key").count(), 2);
    let _ = rotated.success();
    let root = served(&server.url, GUN, "root.json").unwrap();
    let root: serde_json::Value = serde_json::from_slice(&root).unwrap();
    assert_eq!(root["signatures"].as_array().unwrap().len(), 2);

    // Whoever interrupts the question for it wants all of it to end.
    notary.vars.remove("NOTARY_ROOT_PASSPHRASE");
    notary.typed = Some(vec!["root-passphrase", Sandbox::CTRL_C]);
    let _ = rotate(&notary, &["targets", "-l", "-1"]).failure(130, &["interrupted"]);
}
