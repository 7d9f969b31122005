//! Other clients after each of our rotations: Go's with our keys, and those that slept.

use super::GUN;
use crate::support::{GoClient, NotaryServer, OwnServer, Sandbox};

/// Rotations as arguments of `notary key rotate GUN`.
const ROTATIONS: &[&[&str]] = &[
    &["targets"],
    &["snapshot", "-r"],
    &["snapshot"],
    &["timestamp", "-r"],
    &["root", "-y"],
    &["root", "-y"],
    &["targets"],
    &["snapshot"],
    &["snapshot", "-r"],
    &["root", "-y", "-l", "2"],
];

/// A collection on a server, and a publisher whose keys a Go client can use as well.
fn rotate_all(url: &str) {
    let ours = Sandbox::with_server(url);
    let go = GoClient::sharing(url, &ours.trust_dir());
    let file = ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    go.run(["init", "-p", GUN]);
    ours.run(["add", "-p", GUN, "first", file]).success();
    let (stale, stale_go) = (Sandbox::with_server(url), GoClient::new(url));
    stale.run(["list", GUN]).success();
    stale_go.run(["list", GUN]);

    for (index, rotation) in ROTATIONS.iter().enumerate() {
        ours.run(["key", "rotate", GUN].iter().chain(*rotation)).success();
        // Go publishes on top with the keys that are left, and we on top of that.
        go.run(["add", "-p", GUN, &format!("go {index}"), file]);
        ours.run(["add", "-p", GUN, &format!("ours {index}"), file]).success();
        let list = go.run(["list", GUN]);
        assert_eq!(list.lines().count(), 2 + 1 + 2 * (index + 1), "{rotation:?}\n{list}");
        assert_eq!(ours.run(["list", GUN]).success(), list, "{rotation:?}");
        assert_eq!(GoClient::new(url).run(["list", GUN]), list, "{rotation:?}");
        assert_eq!(Sandbox::with_server(url).run(["list", GUN]).success(), list, "{rotation:?}");
        assert_eq!(ours.run(["key", "list"]).success(), go.run(["key", "list"]));
    }
    let list = go.run(["list", GUN]);
    assert_eq!(stale.run(["list", GUN]).success(), list);
    assert_eq!(stale_go.run(["list", GUN]), list);
}

#[test]
fn everybody_follows_on_a_server_of_the_go_project() {
    rotate_all(&NotaryServer::start().url);
}

#[test]
fn everybody_follows_on_our_own_server() {
    rotate_all(&OwnServer::start().url);
}

#[test]
fn the_lab_goes_on_without_a_snapshot_key() {
    let server = NotaryServer::start();
    let owner = Sandbox::with_server(&server.url);
    let file = owner.write("payload", "payload");
    let file = file.to_str().unwrap();
    owner.run(["init", "-p", GUN]).success();
    let keys = || owner.run(["key", "list"]).success();
    let first = keys();
    owner.run(["key", "rotate", GUN, "targets"]).success();
    let second = keys();
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let changed = lines(&second).into_iter().filter(|line| !first.contains(line.as_str()));
    let changed: Vec<_> = changed.collect();
    assert_eq!(changed.len(), 1, "{first}{second}");
    assert!(changed[0].starts_with("targets "), "{changed:?}");
    owner.run(["key", "rotate", GUN, "snapshot", "-r"]).success();
    assert!(!keys().contains("snapshot"));

    // A colleague who has the targets key only.
    let colleague = Sandbox::with_server(&server.url);
    let private = owner.trust_dir().join("private");
    let id = super::key_of(&owner, "targets");
    let target = colleague.trust_dir().join("private");
    std::fs::create_dir_all(&target).unwrap();
    std::fs::copy(private.join(format!("{id}.key")), target.join(format!("{id}.key"))).unwrap();
    colleague.run(["add", "-p", GUN, "v1", file]).success();
    let list = owner.run(["list", GUN]).success();
    assert!(list.contains("v1"), "{list}");
    assert_eq!(GoClient::new(&server.url).run(["list", GUN]), list);
}
