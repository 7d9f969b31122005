//! What `list` and `key list` print for collections and keys that the Go programs made.

use std::fs;

use serde_json::Value;

use crate::support::{
    GoClient, Published, Sandbox, assert_same_files, copy_dir, golden, read_golden, snapshot_of,
};

/// The scenarios with a list, and their collections.
const SCENARIOS: [(&str, &str); 10] = [
    ("02-published", "golden.example/published"),
    ("03-delegations", "golden.example/delegations"),
    ("03b-delegations-narrowed", "golden.example/delegations"),
    ("03d-delegations-removed", "golden.example/delegations"),
    ("04-rotations", "golden.example/rotations"),
    ("05-rsa-ed25519", "golden.example/rsa-ed25519"),
    ("07-multi-root", "golden.example/multi-root"),
    ("08-server-ecdsa", "golden.example/server-ecdsa"),
    ("10-root-cert-ca", "golden.example/ca/repo"),
    ("16-timezone-offset", "golden.example/tz"),
];

fn text(path: &str) -> String {
    String::from_utf8(read_golden(path)).unwrap()
}

#[test]
fn every_scenario_with_a_list_is_looked_at() {
    let scenarios = fs::read_dir(golden("")).unwrap().map(|entry| entry.unwrap().path());
    let mut with_list: Vec<_> = scenarios
        .filter(|path| path.join("list.txt").exists() && path.join("server").exists())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    with_list.sort();
    assert_eq!(with_list, SCENARIOS.map(|(scenario, _)| scenario));
}

#[test]
fn new_readers_see_what_the_go_client_printed() {
    for (scenario, gun) in SCENARIOS {
        let server = Published::golden(scenario, gun).serve();
        let notary = Sandbox::with_server(&server.url).at_golden_time();
        let listed = notary.run(["list", gun]).success();
        assert_eq!(listed, text(&format!("{scenario}/list.txt")), "{scenario}");
    }
}

#[test]
fn readers_with_a_trust_directory_of_the_go_client_see_the_same() {
    for (scenario, gun) in SCENARIOS {
        let server = Published::golden(scenario, gun).serve();
        let notary = Sandbox::with_server(&server.url).at_golden_time();
        copy_dir(&golden(scenario).join("trust"), &notary.trust_dir());
        let listed = notary.run(["list", gun]).success();
        assert_eq!(listed, text(&format!("{scenario}/list.txt")), "{scenario}");
        assert_eq!(server.brief(), ["GET timestamp.json"], "{scenario}");
    }
}

#[test]
fn the_cache_of_a_new_reader_is_that_of_the_go_client() {
    for (scenario, gun) in SCENARIOS {
        // The removed scenario's trust directory still has files of roles that are gone.
        if scenario == "03d-delegations-removed" {
            continue;
        }
        let server = Published::golden(scenario, gun).serve();
        let notary = Sandbox::with_server(&server.url).at_golden_time();
        let _ = notary.run(["list", gun]).success();
        let metadata = format!("trust/tuf/{gun}/metadata");
        let go = snapshot_of(&golden(scenario).join(metadata));
        let ours = snapshot_of(&notary.collection_dir(gun).join("metadata"));
        assert_same_files(&ours, &go, scenario);
    }
}

#[test]
fn a_list_can_be_limited_to_a_role() {
    let (scenario, gun) = SCENARIOS[1];
    let server = Published::golden(scenario, gun).serve();
    let notary = Sandbox::with_server(&server.url).at_golden_time();
    let listed = notary.run(["list", gun, "-r", "targets/releases/stable"]).success();
    assert_eq!(listed, text("03-delegations/list-stable.txt"));
}

#[test]
fn a_reader_seven_roots_behind_catches_up_with_the_requests_of_the_go_client() {
    let (scenario, gun) = ("04-rotations", "golden.example/rotations");
    let server = Published::golden(scenario, gun).serve();
    let notary = Sandbox::with_server(&server.url).at_golden_time();
    copy_dir(&golden("04-rotations/stale-v1/trust"), &notary.trust_dir());
    let listed = notary.run(["list", gun]).success();
    assert_eq!(listed, text("04-rotations/stale-v1/list-after-update.txt"));

    let requests = server.requests();
    let mut ours: Vec<_> =
        requests.iter().map(|request| format!("{} {} 200", request.method, request.path)).collect();
    let recorded = text("04-rotations/stale-v1/requests.txt");
    // The first request of the Go client is its ping, which tells nothing that the next does not.
    let mut go: Vec<_> = recorded.lines().skip(1).collect();
    // The links of the chain are asked for at the same time, so they arrive in any order.
    ours[2..8].sort();
    go[2..8].sort();
    assert_eq!(ours, go);

    let go = snapshot_of(&golden("04-rotations/stale-v1/metadata-after-update"));
    assert_same_files(&snapshot_of(&notary.collection_dir(gun).join("metadata")), &go, scenario);
    let floors = fs::read(notary.collection_dir(gun).join("floors.json")).unwrap();
    let floors: Value = serde_json::from_slice(&floors).unwrap();
    assert_eq!(floors["root"], 8);
}

#[test]
fn a_reader_who_is_behind_is_not_led_around_a_hole() {
    let (scenario, gun) = ("04-rotations", "golden.example/rotations");
    let root = |version: u64| read_golden(format!("{scenario}/server/{version}.root.json"));
    let mut hole = Published::golden(scenario, gun);
    hole.remove("5.root.json");
    let mut swapped = Published::golden(scenario, gun);
    swapped.put_as("3.root.json", root(4));
    let mut repeated = Published::golden(scenario, gun);
    repeated.put_as("3.root.json", root(2));
    let mut foreign = Published::golden(scenario, gun);
    foreign.put_as("4.root.json", read_golden("02-published/server/root.json"));
    let mut other = Published::golden(scenario, gun);
    other.put("root", read_golden("02-published/server/root.json"));
    for (published, words) in [
        (hole, "root version 5 is needed to follow the change of root keys"),
        (swapped, "root version 3 was asked for, but the file says version 4"),
        (repeated, "root version 3 was asked for, but the file says version 2"),
        (foreign, "the new root is not signed by the root keys trusted so far"),
        (other, "the new root is not signed by the root keys trusted so far"),
    ] {
        let server = published.serve();
        let notary = Sandbox::with_server(&server.url).at_golden_time();
        copy_dir(&golden("04-rotations/stale-v1/trust"), &notary.trust_dir());
        let before = snapshot_of(&notary.trust_dir());
        let outcome = notary.run(["list", gun]);
        assert_eq!(outcome.stdout, "", "{words}");
        let outcome = outcome.failure(3, &[words]);
        assert_same_files(&snapshot_of(&notary.trust_dir()), &before, &outcome.report());
    }
}

#[test]
fn a_pinned_authority_accepts_its_collection_and_no_other() {
    let (scenario, gun) = ("10-root-cert-ca", "golden.example/ca/repo");
    let server = Published::golden(scenario, gun).serve();
    let list = |authority: &str, name: &str| {
        let notary = Sandbox::with_server(&server.url).at_golden_time();
        notary.write("pin-ca.crt", read_golden(authority));
        let pin = format!(
            r#"{{"trust_pinning":{{"ca":{{"{name}":"pin-ca.crt"}},"disable_tofu":true}}}}"#
        );
        let config = notary.write("config.json", pin);
        notary.run(["-c", config.to_str().unwrap(), "list", gun])
    };
    let listed = list("10-root-cert-ca/pin-ca.crt", "golden.example/ca/").success();
    assert_eq!(listed, text("10-root-cert-ca/list.txt"));
    let _ = list("inputs/deleg-a.crt", "golden.example/ca/").failure(3, &["pin"]);
    let _ = list("10-root-cert-ca/pin-ca.crt", "golden.example/other/").failure(3, &[]);
}

/// The trust directories of the Go client, historic layouts among them.
const TRUST_DIRS: [&str; 18] = [
    "01-init-unpublished/trust",
    "02-published/trust",
    "03-delegations/trust",
    "03b-delegations-narrowed/trust",
    "03c-delegations-purged/trust",
    "03d-delegations-removed/trust",
    "04-rotations/trust",
    "04-rotations/stale-v1/trust",
    "05-rsa-ed25519/trust",
    "06-staged/trust",
    "07-multi-root/trust",
    "08-server-ecdsa/trust",
    "09-legacy-layout/after-0.1",
    "09-legacy-layout/after-0.3",
    "09-legacy-layout/before-0.1",
    "09-legacy-layout/before-0.3",
    "10-root-cert-ca/trust",
    "16-timezone-offset/trust",
];

#[test]
fn keys_are_listed_as_the_go_client_lists_them() {
    for trust_dir in TRUST_DIRS {
        let directory = tempfile::tempdir().unwrap();
        // Long enough to be cut, and the same for both, since the table shows it.
        let shared = directory.path().join("a-directory-with-a-rather-long-name/trust");
        let shared = shared.to_str().unwrap();
        let fresh_copy = || {
            let _ = fs::remove_dir_all(shared);
            copy_dir(&golden(trust_dir), shared.as_ref());
        };
        fresh_copy();
        let go = GoClient::sharing("https://127.0.0.1:1", shared.as_ref());
        let theirs = go.run(["key", "list"]);
        fresh_copy();
        let before = snapshot_of(shared.as_ref());
        let ours = Sandbox::new().run(["-d", shared, "key", "list"]).success();
        assert_eq!(ours, theirs, "{trust_dir}");
        // The Go client moves old layouts on the way; looking should change nothing.
        assert_same_files(&snapshot_of(shared.as_ref()), &before, trust_dir);
    }
}

#[test]
fn a_trust_directory_without_keys_is_listed_as_the_go_client_lists_it() {
    let directory = tempfile::tempdir().unwrap();
    let go = GoClient::sharing("https://127.0.0.1:1", &directory.path().join("theirs"));
    let ours = directory.path().join("ours");
    let listed = Sandbox::new().run(["-d", ours.to_str().unwrap(), "key", "list"]).success();
    assert_eq!(listed, go.run(["key", "list"]));
    assert!(!ours.exists());
}
