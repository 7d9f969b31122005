//! Keys that the Go client rotates while we look away.

use super::{GUN, Pair};
use crate::support::{GoClient, Sandbox, copy_dir};

/// Rotations as arguments of `notary key rotate GUN`.
const ROTATIONS: &[&[&str]] = &[
    &["targets"],
    &["snapshot", "-r"],
    &["snapshot"],
    &["timestamp", "-r"],
    &["root"],
    &["root"],
    &["targets"],
    &["snapshot"],
    &["snapshot", "-r"],
    &["root"],
];

fn rotate(go: &GoClient, rotation: &[&str]) {
    let (code, said) = go.try_run(["key", "rotate", GUN].iter().chain(rotation), b"yes\n");
    assert_eq!(code, 0, "{rotation:?}: {said}");
}

/// Gives us the keys that Go has made, and nothing else.
fn share_keys(pair: &Pair) {
    copy_dir(&pair.go.trust_dir().join("private"), &pair.ours.trust_dir().join("private"));
}

#[test]
fn we_follow_each_rotation_and_publish_on_top_with_the_new_keys() {
    let pair = Pair::made_by_go();
    let file = pair.ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    pair.ours.run(["add", "-p", GUN, "first", file]).success();
    pair.go.run(["list", GUN]);
    for (index, rotation) in ROTATIONS.iter().enumerate() {
        rotate(&pair.go, rotation);
        pair.agreed_list();
        share_keys(&pair);
        pair.ours.run(["add", "-p", GUN, &format!("ours {index}"), file]).success();
        pair.go.run(["add", "-p", GUN, &format!("go {index}"), file]);
        let list = pair.agreed_list();
        assert_eq!(list.lines().count(), 2 + 1 + 2 * (index + 1), "{rotation:?}\n{list}");
    }
    assert_eq!(pair.signed("root")["version"], 1 + ROTATIONS.len());
}

#[test]
fn a_client_that_slept_through_all_rotations_catches_up_to_read_and_to_publish() {
    let pair = Pair::made_by_go();
    let file = pair.ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    pair.ours.run(["add", "-p", GUN, "before", file]).success();
    let reader = Sandbox::with_server(&pair.server.url);
    reader.run(["list", GUN]).success();
    // Staged with the old keys in mind.
    pair.ours.run(["add", GUN, "staged", file]).success();
    for rotation in ROTATIONS {
        rotate(&pair.go, rotation);
    }
    pair.go.run(["add", "-p", GUN, "after", file]);

    let list = pair.go.run(["list", GUN]);
    assert_eq!(reader.run(["list", GUN]).success(), list);
    // The old keys are worth nothing any more, but nothing is lost by trying.
    let _ = pair.ours.run(["publish", GUN]).failure(7, &["no key that may sign targets is here"]);
    share_keys(&pair);
    pair.ours.run(["publish", GUN]).success();
    assert_eq!(pair.agreed_list().lines().count(), 2 + 3);
}

#[test]
fn rotations_in_a_shared_trust_directory_leave_it_usable_for_both() {
    let pair = Pair::start();
    let go = pair.sharing();
    let file = pair.ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    go.run(["init", GUN]);
    for (index, rotation) in ROTATIONS.iter().enumerate() {
        // What is staged is neither published nor lost by a rotation.
        pair.ours.run(["add", GUN, &format!("ours {index}"), file]).success();
        rotate(&go, rotation);
        assert!(go.run(["status", GUN]).contains(&format!("ours {index}")));
        assert_eq!(pair.ours.run(["key", "list"]).success(), go.run(["key", "list"]));
        pair.ours.run(["publish", GUN]).success();
        go.run(["add", "-p", GUN, &format!("go {index}"), file]);
        assert_eq!(pair.ours.run(["list", GUN]).success(), go.run(["list", GUN]));
    }
    let list = GoClient::new(&pair.server.url).run(["list", GUN]);
    assert_eq!(list.lines().count(), 2 + 2 * ROTATIONS.len());
}
