//! Collections that are deleted from the server and made anew.

use super::{GUN, Pair};
use crate::support::{GoClient, Sandbox};

#[test]
fn a_collection_that_go_deleted_and_made_anew_is_not_taken_for_the_old_one() {
    let pair = Pair::made_by_go();
    let file = pair.ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    pair.ours.run(["add", "-p", GUN, "old", file]).success();
    pair.go.run(["delete", "--remote", GUN]);
    for command in ["list", "publish"] {
        let gone = pair.ours.run([command, GUN]);
        let _ = gone.failure(4, &["does not have interop.example.com/app any more"]);
    }

    let other = GoClient::new(&pair.server.url);
    other.run(["init", "-p", GUN]);
    other.run(["add", "-p", GUN, "new", file]);
    pair.ours.run(["add", GUN, "kept", file]).success();
    for command in ["list", "publish"] {
        let refused = pair.ours.run([command, GUN]);
        let _ =
            refused.failure(3, &["not signed by the root keys trusted so far", "`notary delete"]);
    }
    assert!(pair.ours.run(["status", GUN]).success().contains("kept"));
    pair.ours.run(["delete", GUN, "--yes"]).success();
    let list = pair.ours.run(["list", GUN]).success();
    assert_eq!(list, other.run(["list", GUN]));
    assert!(list.contains("new ") && !list.contains("old "), "{list}");
}

#[test]
fn our_copy_of_a_deleted_collection_becomes_a_new_one_that_go_carries_on() {
    // Servers accept root versions 1 and 2 for a collection that they do not know.
    for (rotations, possible) in [(0, true), (1, true), (2, false)] {
        let pair = Pair::made_by_go();
        let file = pair.ours.write("payload", "payload");
        let file = file.to_str().unwrap();
        let go = pair.sharing();
        for _ in 0..rotations {
            go.run(["key", "rotate", GUN, "targets"]);
        }
        pair.ours.run(["add", "-p", GUN, "old", file]).success();
        GoClient::new(&pair.server.url).run(["delete", "--remote", GUN]);
        pair.ours.run(["add", GUN, "kept", file]).success();
        let publish = pair.ours.run(["publish", "--init", GUN]);
        if !possible {
            let _ = publish.failure(1, &["Root modifications must increment the version"]);
            assert!(pair.ours.run(["status", GUN]).success().contains("kept"));
            continue;
        }
        let _ = publish.success();
        assert!(pair.ours.run(["list", GUN]).success().contains("kept"));
        let fresh = GoClient::sharing(&pair.server.url, &pair.ours.trust_dir());
        fresh.run(["add", "-p", GUN, "go", file]);
        let list = pair.ours.run(["list", GUN]).success();
        assert_eq!(GoClient::new(&pair.server.url).run(["list", GUN]), list);
        assert_eq!(Sandbox::with_server(&pair.server.url).run(["list", GUN]).success(), list);
        assert_eq!(list.lines().count(), 2 + 3, "{list}");
    }
}
