//! Thresholds of root and targets, which only key rotations can set and, for a root, change.

use notary::keys::PrivateKey;
use serde_json::Value;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::{GUN, import, sign};
use crate::support::{GoClient, NotaryServer, Outcome, Sandbox, served};

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

    /// The second person signs what is prepared, and the owner uploads it.
    #[track_caller]
    fn publish_together(&self, args: &[&str]) -> Outcome {
        let complete = sign(&self.people[1], &self.prepared(args));
        self.people[0].write("p.json", &complete);
        self.people[0].run(["publish", GUN, "--from", "p.json"])
    }

    /// Lets another person make snapshots, too.
    fn copy_snapshot_key(&self, to: &Sandbox) {
        let role = self.role("snapshot");
        let file = format!("private/{}.key", role["keyids"][0].as_str().unwrap());
        std::fs::copy(self.people[0].trust_dir().join(&file), to.trust_dir().join(&file)).unwrap();
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
    let words = ["targets needs 2 of its keys to sign, but has 1 here", "--sign-only --out"];
    let _ = owner.run(["publish", GUN]).failure(7, &words);
    let _ = owner.run(["publish", GUN, "--dry-run"]).failure(7, &words);

    let rotate = ["key", "rotate", GUN, "targets"];
    let prepare = rotate.iter().chain(&["--sign-only", "--out", "r.json"]);
    for too_few in [owner.run(rotate), owner.run(prepare)] {
        let words = ["but is to have 1", "`--key FILE`", "can be repeated", "`--threshold 1`"];
        let _ = too_few.failure(2, &words);
    }

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
    for change in ["targets", "snapshot -r", "timestamp -r", "targets --threshold 1"] {
        let alone = owner.run(["key", "rotate", GUN].into_iter().chain(change.split(' ')));
        let hint = format!("hint: `notary key rotate {GUN} {change} --sign-only --out FILE`");
        let words = ["root needs 2 of its keys to sign, but has 1 here", hint.as_str()];
        let _ = alone.failure(7, &words);
    }

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
    shared.copy_snapshot_key(&shared.people[2]);
    shared.people[2].run(["publish", GUN, "--from", "p.json"]).success();

    assert!(owner.run(["key", "list"]).success().contains(old.as_str().unwrap()));
    let ended = owner.run(["key", "rotate", GUN, "targets"]);
    assert!(ended.stderr.contains("this finishes the rotation"), "{}", ended.report());
    ended.success();
    assert!(!owner.run(["key", "list"]).success().contains(old.as_str().unwrap()));
    assert_eq!(shared.role("targets")["keyids"], keys(&again));
}

#[test]
fn a_rotation_that_was_uploaded_elsewhere_ends_when_it_is_prepared_once_more() {
    let shared = Shared::start("root");
    let (owner, uploader) = (&shared.people[0], &shared.people[2]);
    let old = shared.role("snapshot")["keyids"][0].clone();
    let rotate = ["key", "rotate", GUN, "snapshot", "-r"];
    let mut file: Value = serde_json::from_slice(&shared.prepared(&rotate)).unwrap();
    // By the time it is repeated, the root is near its expiry.
    let soon = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap() + Duration::days(90);
    file["files"]["root"]["signed"]["expires"] = soon.format(&Rfc3339).unwrap().into();
    file["files"]["root"]["signatures"] = Value::Array(Vec::new());
    let complete = sign(uploader, &sign(owner, &serde_json::to_vec(&file).unwrap()));
    uploader.write("p.json", &complete);
    uploader.run(["publish", GUN, "--from", "p.json"]).success();

    let root = served(&shared.server.url, GUN, "root.json");
    let prepare: Vec<_> =
        rotate.into_iter().chain(["--sign-only", "--out", "again.json"]).collect();
    let ended = owner.run(&prepare);
    let words = [
        "this finishes the rotation that was begun",
        &format!("the old key {} is in the archive now", &old.as_str().unwrap()[..7]),
    ];
    assert!(words.iter().all(|word| ended.stderr.contains(word)), "{}", ended.report());
    let line = format!("Successfully rotated snapshot key for repository {GUN}\n");
    assert_eq!(ended.success(), line);
    assert!(!owner.work().join("again.json").exists());
    assert!(!owner.run(["key", "list"]).success().contains(old.as_str().unwrap()));
    assert_eq!(served(&shared.server.url, GUN, "root.json"), root);
    // From now on the same command is the beginning of another rotation.
    let begun = owner.run(&prepare).success();
    assert!(begun.contains("Successfully prepared snapshot key rotation"), "{begun}");
}

#[test]
fn what_the_server_is_to_sign_is_rotated_by_two_of_three_as_well() {
    let shared = Shared::start("root");
    let owner = &shared.people[0];
    for role in ["timestamp", "snapshot"] {
        let old = shared.role(role)["keyids"].clone();
        let uploaded = shared.publish_together(&["key", "rotate", GUN, role, "-r"]);
        let said = format!("this ends the rotation of the {role} key");
        assert!(uploaded.stderr.contains(&said), "{}", uploaded.report());
        uploaded.success();
        assert_ne!(shared.role(role)["keyids"], old);
        let keys = owner.run(["key", "list"]).success();
        assert!(!keys.contains(old[0].as_str().unwrap()), "{keys}");
    }
    let published = owner.run(["add", "-p", GUN, "v1", "one"]);
    assert!(published.stderr.contains("the server made snapshot"), "{}", published.report());
    published.success();
    assert!(shared.agreed_list().contains("v1"));
}

#[test]
fn who_uploads_is_told_the_snapshot_key_that_is_missing_from_then_on() {
    let shared = Shared::start("root");
    let uploader = &shared.people[1];
    shared.copy_snapshot_key(uploader);
    let old = shared.role("snapshot")["keyids"][0].clone();
    let prepared = shared.prepared(&["key", "rotate", GUN, "snapshot"]);
    let complete = sign(uploader, &prepared);
    uploader.write("p.json", &complete);
    let file: Value = serde_json::from_slice(&prepared).unwrap();
    let new = &file["files"]["root"]["signed"]["roles"]["snapshot"]["keyids"][0];
    let refused = uploader.run(["publish", GUN, "--from", "p.json"]);
    let words =
        ["nothing was uploaded", "publish where the snapshot key is", new.as_str().unwrap()];
    let refused = refused.failure(7, &words);
    assert!(!refused.stderr.contains(old.as_str().unwrap()), "{}", refused.report());
    assert!(!refused.stderr.contains("still staged"), "{}", refused.report());
}

#[test]
fn a_snapshot_that_two_keys_have_to_sign_is_left_to_the_server() {
    let server = NotaryServer::start();
    let owner = Sandbox::with_server(&server.url);
    owner.run(["init", "-p", GUN]).success();
    let keys: Vec<_> = (0..2).map(|_| PrivateKey::generate_ecdsa_p256()).collect();
    keys.iter().for_each(|key| import(&owner, key, "snapshot"));
    let ids = keys.iter().flat_map(|key| ["--key-id", key.id().as_str()]);
    let args: Vec<_> = ["key", "rotate", GUN, "snapshot"].into_iter().chain(ids).collect();
    let shared = owner.run(args.iter().chain(&["--threshold", "2"]));
    let _ = shared.failure(2, &["snapshot cannot need signatures by 2 keys", "one machine"]);
    owner.run(&args).success();

    // This program does not make such a root, but others might.
    let prepare = ["key", "rotate", GUN, "targets", "--sign-only", "--out", "p.json"];
    owner.run(prepare).success();
    let prepared = std::fs::read(owner.work().join("p.json")).unwrap();
    let mut file: Value = serde_json::from_slice(&prepared).unwrap();
    file["files"]["root"]["signed"]["roles"]["snapshot"]["threshold"] = 2.into();
    file["files"]["root"]["signatures"] = Value::Array(Vec::new());
    let complete = sign(&owner, &serde_json::to_vec(&file).unwrap());
    owner.write("p.json", &complete);
    owner.run(["publish", GUN, "--from", "p.json"]).success();
    owner.run(["key", "remove", "--yes", "--purge", keys[1].id().as_str()]).success();

    owner.write("one", "1");
    owner.run(["add", GUN, "v1", "one"]).success();
    let hint = format!("`notary key rotate {GUN} snapshot -r`");
    let words = ["snapshot needs 2 of its keys to sign, but has 1 here", hint.as_str()];
    let alone = owner.run(["publish", GUN]).failure(7, &words);
    assert!(!alone.stderr.contains("--sign-only"), "{}", alone.report());
    let too_few = owner.run(["key", "rotate", GUN, "snapshot"]);
    let _ =
        too_few.failure(2, &["needs signatures by 2 keys, but is to have 1", "`--threshold 1`"]);
    owner.run(["key", "rotate", GUN, "snapshot", "-r"]).success();
    owner.run(["publish", GUN]).success();
    let list = owner.run(["list", GUN]).success();
    assert!(list.contains("v1"));
    assert_eq!(GoClient::new(&server.url).run(["list", GUN]), list);
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
