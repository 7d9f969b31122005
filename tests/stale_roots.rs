//! Roots in the cache that have become too old, while the server has nothing newer.

use time::Duration;

use crate::support::{Authority, Contents, Published, SIM_GUN, Sandbox, Sim, SimKey, sim_now};

/// A collection whose root is valid for years, and whose root certificate is for one more day.
fn with_certificate_for_a_day() -> Published {
    let soon = Contents { to: sim_now() + Duration::days(1), ..Contents::default() };
    let key = Authority::new("some CA").list(&SimKey::new(), soon, &[]);
    let mut sim = Sim::new();
    sim.list_keys("root", std::slice::from_ref(&key), 1).sign_with("root", [&key]);
    sim.add_target("targets", "tool", "content");
    let mut published = Published::empty(SIM_GUN);
    for (role, bytes) in sim.publish() {
        published.put(&role, bytes);
    }
    published
}

#[test]
fn the_same_root_does_not_become_good_by_getting_it_again() {
    let server = with_certificate_for_a_day().serve();
    let mut notary = Sandbox::with_server(&server.url);
    notary.now = Some(sim_now());
    assert!(notary.run(["list", SIM_GUN]).success().contains("tool"));
    let root = notary.collection_dir(SIM_GUN).join("metadata/root.json");
    let cached = std::fs::read(&root).unwrap();

    notary.now = Some(sim_now() + Duration::days(2));
    for command in [vec!["list", SIM_GUN], vec!["lookup", SIM_GUN, "tool"]] {
        let refused = notary.run(command).failure(3, &["no root certificate can be used"]);
        assert_eq!(refused.stdout, "");
    }
    assert_eq!(std::fs::read(&root).unwrap(), cached, "it still vouches for its successor");
    // Whoever sees it for the first time says the same.
    let mut other = Sandbox::with_server(&server.url);
    other.now = notary.now;
    let _ = other.run(["list", SIM_GUN]).failure(3, &["no root certificate can be used"]);
}
