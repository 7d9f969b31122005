//! Thresholds of root and targets, which only key rotations can set and, for a root, change.

use notary::keys::PrivateKey;
use serde_json::Value;

use super::{GUN, import, sign};
use crate::support::{GoClient, NotaryServer, Sandbox, served};

/// A collection whose role needs two of three keys, each in a trust directory of its own; the
/// first is that of the owner, who also made the collection.
struct Shared {
    server: NotaryServer,
    people: Vec<Sandbox>,
    keys: Vec<PrivateKey>,
}

impl Shared {
    fn start(role: &str) -> Self {
        let server = NotaryServer::start();
        let people: Vec<_> = (0..3).map(|_| Sandbox::with_server(&server.url)).collect();
        let keys: Vec<_> = (0..3).map(|_| PrivateKey::generate_ecdsa_p256()).collect();
        let owner = &people[0];
        owner.run(["init", "-p", GUN]).success();
        keys.iter().for_each(|key| import(owner, key, role));
        let mut args = vec!["key", "rotate", GUN, role, "--yes", "--threshold", "2"];
        args.extend(keys.iter().flat_map(|key| ["--key-id", key.id().as_str()]));
        let rotated = owner.run(args);
        let words = if role == "root" { "root version 2" } else { "(3 of 3 keys, 2 needed)" };
        assert!(rotated.stderr.contains(words), "{}", rotated.report());
        rotated.success();
        for (person, key) in people.iter().zip(&keys).skip(1) {
            import(person, key, role);
            owner.run(["key", "remove", "--yes", "--purge", key.id().as_str()]).success();
        }
        owner.write("one", "1");
        Self { server, people, keys }
    }

    fn prepared(&self, args: &[&str]) -> Vec<u8> {
        let args = args.iter().chain(&["--sign-only", "--out", "p.json", "--force"]);
        self.people[0].run(args.collect::<Vec<_>>()).success();
        std::fs::read(self.people[0].work().join("p.json")).unwrap()
    }

    fn role(&self, name: &str) -> Value {
        let root = served(&self.server.url, GUN, "root.json").unwrap();
        serde_json::from_slice::<Value>(&root).unwrap()["signed"]["roles"][name].take()
    }

    #[track_caller]
    fn agreed_list(&self) -> String {
        let list = self.people[1].run(["list", GUN]).success();
        assert_eq!(GoClient::new(&self.server.url).run(["list", GUN]), list);
        assert_eq!(Sandbox::with_server(&self.server.url).run(["list", GUN]).success(), list);
        list
    }
}

#[test]
fn two_of_three_sign_the_targets() {
    let shared = Shared::start("targets");
    assert_eq!(shared.role("targets")["threshold"], 2);
    let owner = &shared.people[0];
    owner.run(["add", GUN, "v1", "one"]).success();
    let words =
        ["targets needs 2 of its keys to sign, but 1 of them are here", "--sign-only --out"];
    let _ = owner.run(["publish", GUN]).failure(7, &words);
    let _ = owner.run(["publish", GUN, "--dry-run"]).failure(7, &words);

    let prepared = shared.prepared(&["publish", GUN]);
    let complete = sign(&shared.people[2], &prepared);
    owner.write("p.json", &complete);
    owner.run(["publish", GUN, "--from", "p.json"]).success();
    assert!(shared.agreed_list().contains("v1"));
}

#[test]
fn a_root_of_two_of_three_has_other_keys_replaced() {
    let shared = Shared::start("root");
    assert_eq!(shared.role("root")["threshold"], 2);
    let owner = &shared.people[0];
    owner.run(["add", "-p", GUN, "v1", "one"]).success();
    let alone = owner.run(["key", "rotate", GUN, "targets"]);
    let words = ["root needs 2 of its keys to sign, but 1 of them are here"];
    let _ = alone.failure(7, &words);

    let old = shared.role("targets")["keyids"][0].clone();
    let prepared = shared.prepared(&["key", "rotate", GUN, "targets"]);
    let shown = {
        shared.people[1].write("p.json", &prepared);
        shared.people[1].run(["sign", "p.json", "--dry-run"]).success()
    };
    assert!(
        shown.contains("changes role targets: 1 of ") && shown.contains("root version 3"),
        "{shown}"
    );
    let complete = sign(&shared.people[1], &prepared);
    owner.write("p.json", &complete);
    // The old key stays until the server has the new one.
    assert!(owner.run(["key", "list"]).success().contains(old.as_str().unwrap()));
    let uploaded = owner.run(["publish", GUN, "--from", "p.json"]);
    assert!(
        uploaded.stderr.contains("this ends the rotation of the targets key"),
        "{}",
        uploaded.report()
    );
    uploaded.success();
    assert!(!owner.run(["key", "list"]).success().contains(old.as_str().unwrap()));
    let new = shared.role("targets")["keyids"][0].clone();
    assert_ne!(new, old);
    assert!(owner.run(["key", "list"]).success().contains(new.as_str().unwrap()));
    assert!(shared.agreed_list().contains("v1"));
    owner.run(["add", "-p", GUN, "v2", "one"]).success();
    assert!(shared.agreed_list().contains("v2"));
}

#[test]
fn a_rotation_that_was_uploaded_elsewhere_ends_when_it_is_repeated() {
    let shared = Shared::start("root");
    let owner = &shared.people[0];
    let old = shared.role("targets")["keyids"][0].clone();
    let prepared = shared.prepared(&["key", "rotate", GUN, "targets"]);
    // Preparing it once more goes on with the same key.
    let again = shared.prepared(&["key", "rotate", GUN, "targets"]);
    let keys = |file: &[u8]| {
        let file: Value = serde_json::from_slice(file).unwrap();
        file["files"]["root"]["signed"]["roles"]["targets"]["keyids"].clone()
    };
    assert_eq!(keys(&prepared), keys(&again));
    let complete = sign(&shared.people[2], &again);
    shared.people[2].write("p.json", &complete);
    // The snapshot can be made by the owner only.
    let elsewhere = shared.people[2].run(["publish", GUN, "--from", "p.json"]);
    let _ = elsewhere.failure(7, &["neither this machine nor the server has the snapshot key"]);
    let snapshot = owner.run(["key", "list", "--json"]).json();
    let snapshot = snapshot["keys"].as_array().unwrap().iter();
    let snapshot = snapshot.clone().find(|key| key["role"] == "snapshot").unwrap()["file"].clone();
    let file = std::path::PathBuf::from(snapshot.as_str().unwrap());
    let to = shared.people[2].trust_dir().join("private").join(file.file_name().unwrap());
    std::fs::copy(&file, to).unwrap();
    shared.people[2].run(["publish", GUN, "--from", "p.json"]).success();

    assert!(owner.run(["key", "list"]).success().contains(old.as_str().unwrap()));
    let ended = owner.run(["key", "rotate", GUN, "targets"]);
    assert!(ended.stderr.contains("this finishes the rotation"), "{}", ended.report());
    ended.success();
    assert!(!owner.run(["key", "list"]).success().contains(old.as_str().unwrap()));
    assert_eq!(shared.role("targets")["keyids"], keys(&again));
}

#[test]
fn the_root_keys_themselves_are_replaced_by_old_and_new_ones() {
    let shared = Shared::start("root");
    let owner = &shared.people[0];
    let new: Vec<_> = (0..2).map(|_| PrivateKey::generate_ecdsa_p256()).collect();
    new.iter().for_each(|key| import(owner, key, "root"));
    let args = ["key", "rotate", GUN, "root", "--yes", "--threshold", "2"];
    let ids: Vec<_> = new.iter().flat_map(|key| ["--key-id", key.id().as_str()]).collect();
    let args: Vec<_> = args.into_iter().chain(ids).collect();
    let prepared = shared.prepared(&args);
    owner.write("p.json", &prepared);
    let words = ["root lacks 1 signature", shared.keys[1].id().as_str()];
    let _ = owner.run(["publish", GUN, "--from", "p.json"]).failure(7, &words);
    let complete = sign(&shared.people[1], &prepared);
    owner.write("p.json", &complete);
    owner.run(["publish", GUN, "--from", "p.json"]).success();
    assert_eq!(shared.role("root")["keyids"].as_array().unwrap().len(), 2);
    assert_eq!(shared.role("root")["threshold"], 2);
    owner.run(["add", "-p", GUN, "v1", "one"]).success();
    assert!(shared.agreed_list().contains("v1"));
}
