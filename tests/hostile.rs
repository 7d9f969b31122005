//! Collections that are made to trouble their readers.

use crate::support::{HttpServer, Published, SIM_GUN, Sandbox, Sim, sim_now};

/// A server with the collection, and somebody who has never seen it.
fn served(sim: &Sim) -> (HttpServer, Sandbox) {
    let mut published = Published::empty(SIM_GUN);
    for (role, bytes) in sim.publish() {
        published.put(&role, bytes);
    }
    let server = published.serve();
    let mut notary = Sandbox::with_server(&server.url);
    notary.now = Some(sim_now());
    (server, notary)
}

#[test]
fn times_that_utc_cannot_say_are_said_in_their_own_zone() {
    const LAST: &str = "9999-12-31T23:59:59-23:00";
    let mut sim = Sim::new();
    for role in ["root", "timestamp", "snapshot", "targets"] {
        sim.set(role, "/expires", LAST);
    }
    let (_server, notary) = served(&sim);
    notary.run(["list", SIM_GUN]).success();
    let offline = notary.run(["list", SIM_GUN, "--offline", "--json"]);
    assert!(offline.stderr.contains(LAST), "{}", offline.stderr);
    assert!(offline.success().contains(LAST));

    sim.set("timestamp", "/expires", "0000-01-01T00:00:00+23:00");
    let (_server, notary) = served(&sim);
    let _ = notary.run(["list", SIM_GUN]).failure(3, &["timestamp expired at 0000-01-01"]);
}
