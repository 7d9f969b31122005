//! Delegations that are refused while the rest of the collection is read.

use notary::tuf::error::Error;
use serde_json::json;
use time::Duration;

use super::trusted::{A, sim};
use crate::support::{Sim, SimKey, role};

#[test]
fn a_delegation_that_was_refused_first_and_loaded_then_is_not_refused_any_more() {
    let mut sim = sim();
    sim.add_target(A, "x", "content");
    let files = sim.publish();
    let mut without = files.clone();
    without.remove(A);
    let mut set = sim.read(&without).unwrap();
    assert_eq!(set.refused()[&role(A)].why, None);
    set.load_delegation(&role(A), &files[A]).unwrap();
    assert!(set.refused().is_empty());
    assert_eq!(set.list(&[]).targets.keys().collect::<Vec<_>>(), [&"x"]);
    assert_eq!(set.list(&[]).withheld, 0);
}

#[test]
fn refused_content_is_kept_apart_for_signing_it_again() {
    let expired = sim().now - Duration::days(1);
    let stranger = [SimKey::new()];
    type Change<'a> = &'a dyn Fn(&mut Sim);
    let cases: [(&str, Change<'_>, bool); 5] = [
        (
            "expired",
            &|sim| {
                sim.expires(A, expired);
            },
            true,
        ),
        (
            "under-signed",
            &|sim| {
                sim.sign_with(A, &stranger);
            },
            true,
        ),
        (
            "unsigned",
            &|sim| {
                sim.signatures(A, json!([]));
            },
            true,
        ),
        (
            "of another type",
            &|sim| {
                sim.set(A, "/_type", "Root");
            },
            false,
        ),
        (
            "of version 0",
            &|sim| {
                sim.version(A, 0);
            },
            false,
        ),
    ];
    for (what, change, kept) in cases {
        let mut sim = sim();
        sim.add_target(A, "x", "content");
        change(&mut sim);
        let set = sim.check().unwrap();
        let refused = &set.refused()[&role(A)];
        assert_eq!(refused.content.is_some(), kept, "{what}");
        if let Some(content) = &refused.content {
            assert!(content.payload().targets.contains_key("x"));
        }
        assert!(set.targets_of(&role(A)).is_none(), "{what}");
        assert!(set.list(&[]).targets.is_empty(), "{what}");
        assert_eq!(set.floors().of(&role(A)), 0, "{what}");
    }
}
