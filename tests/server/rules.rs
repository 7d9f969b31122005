//! Which updates are accepted.

use notary::server::{InvalidKind, ServiceError};
use notary::tuf::error::Error;
use serde_json::{Value, json};
use time::Duration;

use super::site::{Site, invalid};
use crate::support::{SimKey, role};

type Case = (&'static str, fn(&mut Site) -> Result<(), ServiceError>, InvalidKind, &'static str);

/// Adds a member next to what is signed.
fn with_member(bytes: &[u8], name: &str) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    format!("{{\"{name}\":1,{}", &text[1..]).into_bytes()
}

/// A new root key that the old one has signed for.
fn rotate_root(site: &mut Site, signed_by_old: bool) {
    let (old, new) = (site.sim.keys["root"][0].clone(), SimKey::root());
    site.sim.version("root", 2).list_keys("root", std::slice::from_ref(&new), 1);
    let signers = if signed_by_old { vec![old, new] } else { vec![new] };
    site.sim.sign_with("root", &signers);
}

fn delegate(site: &mut Site, name: &str) -> SimKey {
    let key = SimKey::new();
    site.sim.delegate_to(name, &[""], std::slice::from_ref(&key), 1);
    key
}

/// What a first update must not be.
const FIRST: &[Case] = &[
    (
        "a root with something besides what is signed",
        |site| {
            let files = site.sim.publish();
            let root = with_member(&files["root"], "note");
            site.upload_files([("root", root), ("targets", files["targets"].clone())])
        },
        InvalidKind::Root,
        "unknown field `note`",
    ),
    (
        "targets with something besides what is signed",
        |site| {
            let files = site.sim.publish();
            let targets = with_member(&files["targets"], "note");
            site.upload_files([("root", files["root"].clone()), ("targets", targets)])
        },
        InvalidKind::Targets,
        "unknown field `note`",
    ),
    (
        "a snapshot with something besides what is signed",
        |site| {
            let files = site.sim.publish();
            let snapshot = with_member(&files["snapshot"], "note");
            site.upload_files([("root", files["root"].clone()), ("snapshot", snapshot)])
        },
        InvalidKind::Snapshot,
        "unknown field `note`",
    ),
    (
        "version 3",
        |site| {
            site.sim.version("root", 3);
            site.upload(&["root", "targets"])
        },
        InvalidKind::Root,
        "must increment the version. Current 1, new 3",
    ),
    (
        "a root without version",
        |site| {
            site.sim.unset("root", "/version");
            site.upload(&["root", "targets"])
        },
        InvalidKind::Root,
        "Current 1, new 0",
    ),
    (
        "something that is no root",
        |site| site.upload_files([("root", b"{\"signed\":{\"version\":1}}".to_vec())]),
        InvalidKind::Root,
        "",
    ),
    ("no root", |site| site.upload(&["targets"]), InvalidKind::Update, "no pre-existing root"),
    ("nothing", |site| site.upload(&[]), InvalidKind::Update, "no pre-existing root"),
    (
        "an expired root",
        |site| {
            let yesterday = site.sim.now - Duration::days(1);
            site.sim.expires("root", yesterday);
            site.upload(&["root", "targets"])
        },
        InvalidKind::Root,
        "expired",
    ),
    (
        "a root that its own key has not signed",
        |site| {
            site.sim.sign_with("root", &[SimKey::root()]);
            site.upload(&["root", "targets"])
        },
        InvalidKind::Root,
        "",
    ),
    ("no targets", |site| site.upload(&["root"]), InvalidKind::Hierarchy, "there are no targets"),
    (
        "targets of somebody else",
        |site| {
            site.sim.sign_with("targets", &[SimKey::new()]);
            site.upload(&["root", "targets"])
        },
        InvalidKind::Targets,
        "targets",
    ),
    (
        "expired targets",
        |site| {
            let yesterday = site.sim.now - Duration::days(1);
            site.sim.expires("targets", yesterday);
            site.upload(&["root", "targets"])
        },
        InvalidKind::Targets,
        "expired",
    ),
    (
        "no snapshot although its key is the publisher's",
        |site| {
            let key = SimKey::new();
            site.sim.list_keys("snapshot", &[key], 1);
            site.upload(&["root", "targets"])
        },
        InvalidKind::Hierarchy,
        "does not hold current snapshot key",
    ),
    (
        "a timestamp key that is not the server's",
        |site| {
            site.sim.list_keys("timestamp", &[SimKey::new()], 1);
            site.upload(&["root", "targets"])
        },
        InvalidKind::Root,
        "no timestamp keys exist on the server",
    ),
    (
        "a delegation without parent",
        |site| {
            delegate(site, "targets/a");
            delegate(site, "targets/a/b");
            site.upload(&["root", "targets", "targets/a/b"])
        },
        InvalidKind::Targets,
        "targets/a/b",
    ),
    (
        "a delegation that does not exist",
        |site| {
            delegate(site, "targets/a");
            site.sim.set("targets", "/delegations/roles", json!([]));
            site.upload(&["root", "targets", "targets/a"])
        },
        InvalidKind::Targets,
        "targets/a",
    ),
    (
        "an under-signed delegation",
        |site| {
            let keys = [SimKey::new(), SimKey::new()];
            site.sim.delegate_to("targets/a", &[""], &keys, 2).sign_with("targets/a", &keys[..1]);
            site.upload(&["root", "targets", "targets/a"])
        },
        InvalidKind::Targets,
        "targets/a",
    ),
    (
        "an expired delegation",
        |site| {
            delegate(site, "targets/a");
            let yesterday = site.sim.now - Duration::days(1);
            site.sim.expires("targets/a", yesterday);
            site.upload(&["root", "targets", "targets/a"])
        },
        InvalidKind::Targets,
        "expired",
    ),
];

#[test]
fn first_updates_are_refused_for_the_part_that_is_wrong() {
    check_all(FIRST, Site::with_server_snapshot);
}

/// What a first update with a snapshot of its publisher must not be.
const FIRST_WITH_SNAPSHOT: &[Case] = &[
    (
        "a snapshot that describes other targets",
        |site| {
            let mut files = site.sim.publish();
            let (root, described) = (files.remove("root"), files.remove("snapshot").unwrap());
            site.sim.fixed.insert("root".into(), root.unwrap());
            site.sim.version("targets", 2);
            let files = site.sim.publish();
            let file = |name: &'static str| (name, files[name].clone());
            site.upload_files([file("root"), file("targets"), ("snapshot", described)])
        },
        InvalidKind::Snapshot,
        "targets",
    ),
    (
        "a snapshot that describes another root",
        |site| {
            let other = json!({"hashes": {"sha256": "O418sF/lfIU5i3JobrYd3ukE4HHh11RKJf/ifay4ZVk="}, "length": 1});
            site.sim.described.insert("root".into(), Some(other));
            site.upload(&["root", "targets", "snapshot"])
        },
        InvalidKind::Snapshot,
        "root",
    ),
    (
        "a snapshot without an uploaded delegation",
        |site| {
            delegate(site, "targets/a");
            site.sim.described.insert("targets/a".into(), None);
            site.upload(&["root", "targets", "targets/a", "snapshot"])
        },
        InvalidKind::Snapshot,
        "targets/a",
    ),
    (
        "a snapshot that describes what is neither uploaded nor here",
        |site| {
            delegate(site, "targets/a");
            site.upload(&["root", "targets", "snapshot"])
        },
        InvalidKind::Snapshot,
        "it describes a file of targets/a that is not here",
    ),
    (
        "a snapshot that describes something with an impossible name",
        |site| {
            site.sim.set("snapshot", "/meta", json!({"bogus": {"hashes": {}, "length": 1}}));
            site.upload(&["root", "targets", "snapshot"])
        },
        InvalidKind::Snapshot,
        "",
    ),
    (
        "a snapshot and no targets",
        |site| site.upload(&["root", "snapshot"]),
        InvalidKind::Snapshot,
        "targets",
    ),
    (
        "an expired snapshot",
        |site| {
            let yesterday = site.sim.now - Duration::days(1);
            site.sim.expires("snapshot", yesterday);
            site.upload(&["root", "targets", "snapshot"])
        },
        InvalidKind::Snapshot,
        "expired",
    ),
    (
        "a snapshot of somebody else",
        |site| {
            site.sim.sign_with("snapshot", &[SimKey::new()]);
            site.upload(&["root", "targets", "snapshot"])
        },
        InvalidKind::Snapshot,
        "snapshot",
    ),
];

#[test]
fn first_updates_with_a_snapshot_are_refused_if_it_is_not_of_these_files() {
    check_all(FIRST_WITH_SNAPSHOT, Site::new);
}

/// What the next update must not be.
const NEXT: &[Case] = &[
    (
        "a root that skips a version",
        |site| {
            site.sim.version("root", 3);
            site.upload(&["root"])
        },
        InvalidKind::Root,
        "Current 1, new 3",
    ),
    (
        "a root of the past",
        |site| {
            rotate_root(site, true);
            site.upload(&["root"]).unwrap();
            site.sim.version("root", 1);
            site.upload(&["root"])
        },
        InvalidKind::Root,
        "Current 2, new 1",
    ),
    (
        "a root that the published one does not vouch for",
        |site| {
            rotate_root(site, false);
            site.upload(&["root"])
        },
        InvalidKind::Root,
        "",
    ),
    (
        "another targets key in the root without targets signed by it",
        |site| {
            site.sim.version("root", 2).list_keys("targets", &[SimKey::new()], 1);
            site.upload(&["root"])
        },
        InvalidKind::Targets,
        "the published targets does not fit any more",
    ),
    (
        "targets signed by a key that the new root has no more",
        |site| {
            site.sim.version("root", 2).list_keys("targets", &[SimKey::new()], 1);
            site.sim.version("targets", 2);
            site.upload(&["root", "targets"])
        },
        InvalidKind::Targets,
        "",
    ),
    (
        "targets that expired",
        |site| {
            let yesterday = site.sim.now - Duration::days(1);
            site.sim.version("targets", 2).expires("targets", yesterday);
            site.upload(&["targets"])
        },
        InvalidKind::Targets,
        "expired",
    ),
    (
        "a snapshot key of the publisher without snapshot",
        |site| {
            site.sim.version("root", 2).list_keys("snapshot", &[SimKey::new()], 1);
            site.upload(&["root"])
        },
        InvalidKind::Hierarchy,
        "does not hold current snapshot key",
    ),
];

#[test]
fn later_updates_are_refused_for_the_part_that_is_wrong() {
    check_all(NEXT, Site::published);
}

#[track_caller]
fn check_all(cases: &[Case], start: fn() -> Site) {
    for (what, upload, kind, word) in cases {
        let mut site = start();
        let (found, message) = invalid(upload(&mut site));
        assert_eq!(found, *kind, "{what}: {message}");
        assert!(message.contains(word), "{what}: {message}");
    }
}

#[test]
fn a_refused_update_leaves_nothing_behind() {
    for (what, upload, ..) in FIRST.iter().chain(FIRST_WITH_SNAPSHOT) {
        let mut site = Site::with_server_snapshot();
        let _ = upload(&mut site);
        let hashes = site.storage.0.newest_hashes(&site.sim.gun).unwrap();
        assert_eq!(hashes, [], "{what}");
    }
}

#[test]
fn a_first_root_may_have_version_2_when_a_key_was_rotated_before() {
    let mut site = Site::with_server_snapshot();
    site.sim.version("root", 2);
    site.upload(&["root", "targets"]).unwrap();
    site.read().unwrap();
}

#[test]
fn what_is_accepted_can_be_read() {
    let mut site = Site::with_server_snapshot();
    site.upload(&["root", "targets"]).unwrap();
    site.read().unwrap();
    assert_eq!((site.version("snapshot"), site.version("timestamp")), (1, 1));

    delegate(&mut site, "targets/a");
    site.sim.version("targets", 2);
    site.upload(&["targets", "targets/a"]).unwrap();
    let set = site.read().unwrap();
    assert!(set.targets_of(&role("targets/a")).is_some());
    assert_eq!((site.version("snapshot"), site.version("timestamp")), (2, 2));

    rotate_root(&mut site, true);
    site.upload(&["root"]).unwrap();
    let set = site.read().unwrap();
    assert_eq!(site.version("root"), 2);
    assert!(set.targets_of(&role("targets/a")).is_some());
}

#[test]
fn a_snapshot_of_the_publisher_is_taken_as_it_is() {
    let mut site = Site::new();
    delegate(&mut site, "targets/a");
    let files = site.sim.publish();
    let names = ["root", "targets", "targets/a", "snapshot"];
    site.upload_files(names.map(|name| (name, files[name].clone()))).unwrap();
    assert_eq!(site.served("snapshot").unwrap().file.bytes, files["snapshot"]);
    assert!(site.read().unwrap().targets_of(&role("targets/a")).is_some());
    // The next one describes files that are here already.
    site.keep(&["root", "targets/a"]);
    site.sim.version("targets", 2).version("snapshot", 2);
    site.upload(&["targets", "snapshot"]).unwrap();
    assert!(site.read().unwrap().targets_of(&role("targets/a")).is_some());
}

#[test]
fn a_snapshot_must_not_describe_what_has_been_replaced() {
    let mut site = Site::new();
    delegate(&mut site, "targets/a");
    site.upload(&["root", "targets", "targets/a", "snapshot"]).unwrap();
    site.keep(&["root", "targets", "targets/a"]);
    let old = site.sim.clone();
    site.sim.fixed.remove("targets/a");
    site.sim.version("targets/a", 2).version("snapshot", 2);
    site.upload(&["targets/a", "snapshot"]).unwrap();
    site.sim = old;
    site.sim.fixed.remove("targets");
    site.sim.version("targets", 2).version("snapshot", 3);
    let (kind, message) = invalid(site.upload(&["targets", "snapshot"]));
    assert_eq!(kind, InvalidKind::Snapshot);
    assert_eq!(message, "it describes a file of targets/a that is not here");
}

#[test]
fn a_snapshot_for_which_nothing_has_changed_must_describe_the_published_targets() {
    let mut site = Site::published_with_snapshot();
    site.keep(&["root", "targets"]);
    let published = site.sim.clone();
    site.sim.fixed.remove("targets");
    site.sim.version("targets", 2).version("snapshot", 2);
    let (kind, _) = invalid(site.upload(&["snapshot"]));
    assert_eq!(kind, InvalidKind::Snapshot);
    site.sim = published;
    site.sim.version("snapshot", 2);
    site.upload(&["snapshot"]).unwrap();
    site.read().unwrap();
}

#[test]
fn an_uploaded_timestamp_is_not_even_looked_at() {
    let honest = Site::with_server_snapshot().sim.publish()["timestamp"].clone();
    for timestamp in [honest, b"not JSON".to_vec()] {
        let site = Site::with_server_snapshot();
        let files = site.sim.publish();
        let file = |name: &'static str| (name, files[name].clone());
        site.upload_files([file("root"), file("targets"), ("timestamp", timestamp)]).unwrap();
        site.read().unwrap();
    }
}

#[test]
fn an_update_with_nothing_in_it_makes_a_new_snapshot() {
    let site = Site::published();
    site.upload(&[]).unwrap();
    assert_eq!((site.version("snapshot"), site.version("timestamp")), (2, 2));
    site.read().unwrap();
    // It is the publisher's business where the server has not the key.
    let site = Site::published_with_snapshot();
    assert_eq!(invalid(site.upload(&[])).0, InvalidKind::Hierarchy);
}

#[test]
fn a_version_that_is_not_new_is_a_lost_race() {
    let mut site = Site::published();
    for roles in [&["root"][..], &["targets"], &["root", "targets"]] {
        match site.upload(roles) {
            Err(ServiceError::Conflict { role, version: 1 }) => {
                assert_eq!(role.as_str(), roles[0]);
            }
            other => panic!("{other:?}"),
        }
    }
    site.sim.version("targets", 3);
    site.upload(&["targets"]).unwrap();
    site.sim.version("targets", 2);
    assert!(matches!(site.upload(&["targets"]), Err(ServiceError::Conflict { version: 2, .. })));
    assert_eq!(site.version("timestamp"), 2);
}

#[test]
fn what_has_expired_in_the_meantime_hinders_nobody() {
    let mut site = Site::with_server_snapshot();
    let soon = site.sim.now + Duration::days(10);
    let a = delegate(&mut site, "targets/a");
    site.sim.expires("targets", soon).expires("targets/a", soon).expires("root", soon);
    site.upload(&["root", "targets", "targets/a"]).unwrap();

    site.sim.now += Duration::days(20);
    let b = SimKey::new();
    site.sim.delegate_to("targets/a/b", &[""], std::slice::from_ref(&b), 1);
    let late = site.sim.now + Duration::days(100);
    site.sim.expires("targets/a/b", late);
    site.sim.version("targets/a", 2).expires("targets/a", late).sign_with("targets/a", [&a]);
    site.upload(&["targets/a", "targets/a/b"]).unwrap();
    site.sim.version("targets/a/b", 2);
    site.upload(&["targets/a/b"]).unwrap();
    assert!(matches!(site.read(), Err(Error::Expired { .. })));
    // The root is replaced by one that is valid.
    site.sim
        .version("root", 2)
        .expires("root", late)
        .version("targets", 2)
        .expires("targets", late);
    site.upload(&["root", "targets"]).unwrap();
    assert!(site.read().unwrap().targets_of(&role("targets/a/b")).is_some());
}

fn described(site: &Site) -> Vec<String> {
    let meta = site.payload("snapshot")["meta"].clone();
    meta.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn removed_delegations_vanish_from_snapshots_of_the_server() {
    let mut site = Site::with_server_snapshot();
    for name in ["targets/a", "targets/a/x", "targets/b"] {
        delegate(&mut site, name);
    }
    site.upload(&["root", "targets", "targets/a", "targets/a/x", "targets/b"]).unwrap();
    assert_eq!(described(&site), ["root", "targets", "targets/a", "targets/a/x", "targets/b"]);
    let roles = site.sim.payload("targets")["delegations"]["roles"].as_array().unwrap().clone();
    let rest: Vec<Value> = roles.into_iter().filter(|entry| entry["name"] != "targets/a").collect();
    site.sim.set("targets", "/delegations/roles", rest).version("targets", 2);
    site.upload(&["targets"]).unwrap();
    assert_eq!(described(&site), ["root", "targets", "targets/b"]);
    site.read().unwrap();
}

#[test]
fn a_snapshot_of_the_server_follows_every_rotation() {
    let mut site = Site::published();
    let new = SimKey::new();
    site.sim.version("root", 2).list_keys("targets", std::slice::from_ref(&new), 1);
    site.sim.version("targets", 2).sign_with("targets", [&new]);
    site.upload(&["root", "targets"]).unwrap();
    site.read().unwrap();
    assert_eq!((site.version("snapshot"), site.version("timestamp")), (2, 2));
}
