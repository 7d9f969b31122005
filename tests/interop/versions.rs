//! Versions go on from what the server has, whatever this machine remembers.

use std::fs;

use super::{DelegationKey, GUN, Pair};
use crate::support::{HttpServer, Response, pass_on};

fn version(pair: &Pair, role: &str) -> u64 {
    pair.signed(role)["version"].as_u64().unwrap()
}

#[test]
fn a_delegation_that_is_made_anew_goes_on_from_its_old_version() {
    let pair = Pair::made_by_go();
    let go = pair.sharing();
    let key = DelegationKey::new();
    key.give_to(&pair.ours.trust_dir());
    let pem = key.public_pem(&pair.ours);
    let pem = pem.to_str().unwrap();
    let file = pair.ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    let add = |name: &str| {
        let args = ["add", "-p", GUN, name, file, "-r", "targets/ci"];
        pair.ours.run(args)
    };
    go.run(["delegation", "add", "-p", GUN, "targets/ci", pem, "--all-paths"]);
    for name in ["first", "second", "third"] {
        add(name).success();
    }
    assert_eq!(version(&pair, "targets/ci"), 3);

    for (memory, expected) in [("whole", 4), ("none", 5), ("none", 6)] {
        go.run(["delegation", "remove", "-y", "-p", GUN, "targets/ci"]);
        go.run(["delegation", "add", "-p", GUN, "targets/ci", pem, "--all-paths"]);
        if memory == "none" {
            // As on a machine that never saw the collection, but for the keys.
            fs::remove_dir_all(pair.ours.trust_dir().join("tuf")).unwrap();
        }
        add(memory).success();
        assert_eq!(version(&pair, "targets/ci"), expected);
        let list = pair.agreed_list();
        assert!(list.contains(&format!("{memory} ")) && !list.contains("first "), "{list}");
    }
}

#[test]
fn versions_go_on_when_the_cache_is_damaged_or_lost() {
    let pair = Pair::made_by_go();
    let file = pair.ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    let directory = pair.ours.collection_dir(GUN);
    let metadata = directory.join("metadata");
    let mut versions = Vec::new();
    type Damage<'a> = &'a dyn Fn();
    let write = |name: &str, bytes: &[u8]| fs::write(metadata.join(name), bytes).unwrap();
    let damages: [(&str, Damage<'_>); 7] = [
        ("nothing", &|| {}),
        ("an empty snapshot", &|| write("snapshot.json", b"")),
        ("nonsense as snapshot", &|| write("snapshot.json", b"{\"signed\":{\"version\":1}}")),
        ("no snapshot", &|| fs::remove_file(metadata.join("snapshot.json")).unwrap()),
        ("damaged targets and timestamp", &|| {
            write("targets.json", b"[");
            write("timestamp.json", b"null");
        }),
        ("no floors", &|| fs::remove_file(directory.join("floors.json")).unwrap()),
        ("no cache at all", &|| fs::remove_dir_all(&metadata).unwrap()),
    ];
    for (index, (damage, inflict)) in damages.into_iter().enumerate() {
        inflict();
        pair.ours.run(["add", "-p", GUN, &format!("v{index}"), file]).success();
        let list = pair.agreed_list();
        assert_eq!(list.lines().count(), 2 + index + 1, "{damage}\n{list}");
        versions.push((version(&pair, "targets"), version(&pair, "snapshot")));
    }
    let expected: Vec<_> = (3..).map(|version| (version, version)).take(7).collect();
    assert_eq!(versions, expected);
}

#[test]
fn a_server_that_claims_to_have_every_version_does_not_keep_us_busy() {
    let pair = Pair::made_by_go();
    let key = DelegationKey::new();
    key.give_to(&pair.ours.trust_dir());
    let pem = key.public_pem(&pair.ours);
    let add = ["delegation", "add", "-p", GUN, "targets/ci", pem.to_str().unwrap(), "--all-paths"];
    pair.go.run(add);

    let url = pair.server.url.clone();
    let front = HttpServer::start(move |request| {
        if request.method == "POST" {
            return Response::status(400, r#"{"errors":[{"code":"VERSION","message":"no"}]}"#);
        }
        match request.path.ends_with(".targets/ci.json") {
            true => Response::ok("{}"),
            false => pass_on(&url, request),
        }
    });
    pair.ours.run(["add", GUN, "v1", pem.to_str().unwrap(), "-r", "targets/ci"]).success();
    let publish = pair.ours.run(["-s", &front.url, "publish", GUN]);
    let _ = publish.failure(8, &["other publishers were faster", "the changes are still staged"]);
    pair.ours.run(["publish", GUN]).success();
    assert_eq!(version(&pair, "targets/ci"), 1);
    assert!(pair.agreed_list().contains("v1 "));
}
