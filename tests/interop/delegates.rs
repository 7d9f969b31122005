//! Publishers who hold nothing but the key of a delegation.

use super::{DelegationKey, GUN, Pair};
use crate::support::{GoClient, NotaryServer, Sandbox};

/// A collection of the Go client with a delegation, and the delegate's key.
fn collection() -> (Pair, DelegationKey) {
    let pair = Pair::made_by_go();
    let key = DelegationKey::new();
    let pem = key.public_pem(&pair.ours);
    let add = ["delegation", "add", "-p", GUN, "targets/ci", pem.to_str().unwrap()];
    pair.go.run(add.into_iter().chain(["--paths", "ci/"]));
    (pair, key)
}

fn our_delegate(server: &NotaryServer, key: &DelegationKey) -> Sandbox {
    let delegate = Sandbox::with_server(&server.url);
    key.give_to(&delegate.trust_dir());
    delegate
}

fn go_delegate(server: &NotaryServer, key: &DelegationKey) -> GoClient {
    let delegate = GoClient::new(&server.url);
    key.give_to(delegate.trust_dir());
    delegate
}

#[test]
fn delegates_publish_when_the_server_makes_the_snapshot() {
    let (pair, key) = collection();
    pair.go.run(["key", "rotate", GUN, "snapshot", "-r"]);
    let (ours, go) = (our_delegate(&pair.server, &key), go_delegate(&pair.server, &key));
    let file = ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    for round in 0..3 {
        let name = format!("ci/ours {round}");
        ours.run(["add", GUN, &name, file, "-r", "targets/ci"]).success();
        let published = ours.run(["publish", GUN]);
        assert!(published.stderr.contains("the server made snapshot version"), "{published:?}");
        let _ = published.success();
        assert!(go.run(["list", GUN]).contains(&name));
        let name = format!("ci/go {round}");
        go.run(["add", "-p", GUN, &name, file, "-r", "targets/ci"]);
        let list = pair.agreed_list();
        assert_eq!(list.lines().count(), 2 + 2 * (round + 1), "{list}");
    }
    ours.run(["remove", "-p", GUN, "ci/go 1", "-r", "targets/ci"]).success();
    go.run(["remove", "-p", GUN, "ci/ours 1", "-r", "targets/ci"]);
    assert_eq!(pair.agreed_list().lines().count(), 2 + 4);

    // What is not theirs they cannot sign, and are told so.
    let words = ["no role that the keys here may sign may sign \"v1\"", "begin with \"ci/\""];
    let _ = ours.refuses(["add", GUN, "v1", file], 1, &words);
    ours.run(["add", GUN, "v1", file, "-r", "targets"]).success();
    let refused = ours.run(["publish", GUN]);
    let elsewhere = format!("`notary publish {GUN} --sign-only --out FILE`");
    let words = ["add \"v1\" in targets", "no key that may sign targets is here", &elsewhere];
    let _ = refused.failure(7, &words);
    ours.run(["reset", GUN, "--all"]).success();
    let refused = ours.run(["add", GUN, "elsewhere", file, "-r", "targets/ci"]);
    let _ = refused.failure(1, &["targets/ci may not sign \"elsewhere\"", "nothing is staged"]);
}

#[test]
fn delegates_are_refused_when_somebody_else_makes_the_snapshot() {
    let (pair, key) = collection();
    let before = pair.agreed_list();
    let (ours, go) = (our_delegate(&pair.server, &key), go_delegate(&pair.server, &key));
    let file = ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    let add = ["add", GUN, "ci/1", file, "-r", "targets/ci"];
    ours.run(add).success();
    let refused = ours.run(["publish", GUN]);
    let key_id = pair.signed("root")["roles"]["snapshot"]["keyids"][0].clone();
    let _ = refused.failure(
        7,
        &[
            "neither this machine nor the server has the snapshot key of interop.example.com/app",
            "server does not hold current snapshot key",
            "nothing staged is lost",
            key_id.as_str().unwrap(),
        ],
    );
    assert!(ours.run(["status", GUN]).success().contains("ci/1"));
    assert_eq!(go.try_run(add.into_iter().chain(["-p"]), b"").0, 1);
    assert_eq!(pair.agreed_list(), before);

    // Once the server makes it, what is staged is published.
    pair.go.run(["key", "rotate", GUN, "snapshot", "-r"]);
    ours.run(["publish", GUN]).success();
    assert!(pair.agreed_list().contains("ci/1 "));
}
