//! Collections that are made, and published for the first time.

use notary::tuf::edit::Draft;
use notary::tuf::error::Error;
use notary::tuf::role::RoleName;
use notary::tuf::root_trust::CachedRoot;
use notary::tuf::sign::{self, Publication, SignError};
use notary::tuf::trusted::{Floors, TrustedSet};
use time::Duration;

use super::publications::{Publisher, files, pairs, signed};
use crate::support::{Authority, Contents, Sim, SimKey, role, signers, sim_now};

/// The state of a collection that was made here and is on no server, as its publisher loads it.
fn unpublished(sim: &Sim) -> TrustedSet {
    let files = sim.publish();
    let root = match sim.verifier().open_cached(&files["root"]).unwrap() {
        CachedRoot::Current(root) | CachedRoot::Stale { root, .. } => root,
    };
    let mut set = TrustedSet::for_upload(root, None);
    set.load_targets(&files["targets"]).unwrap();
    set.load_snapshot(&files["snapshot"]).unwrap();
    set
}

fn publish_first(sim: &Sim, roles: &[&str]) -> Result<Publication, SignError> {
    let publisher = Publisher::new(sim.clone(), roles);
    let (base, held) = (unpublished(sim), publisher.held());
    let draft = Draft::new(&base, &held);
    let plan = draft.plan(sim.now, true, &held);
    draft.sign(&plan, &signers(&publisher.keys), sim.now, &sim.verifier())
}

#[test]
fn a_first_publication_sends_the_root_as_it_is_and_signs_the_rest() {
    let sim = Sim::new();
    let publication = publish_first(&sim, &["targets", "snapshot"]).unwrap();
    assert_eq!(files(&publication), pairs(&[("root", 1), ("targets", 2), ("snapshot", 2)]));
    assert_eq!(signed(&publication.files[0].bytes), sim.payloads["root"]);
    let publication = publish_first(&sim, &["targets"]).unwrap();
    assert_eq!(files(&publication), pairs(&[("root", 1), ("targets", 2)]));
    assert!(publication.server_makes_snapshot);
}

#[test]
fn a_first_publication_describes_all_that_the_server_gets_and_nothing_else() {
    let mut sim = Sim::new();
    sim.delegate("targets/a", &[""]).delegate("targets/b", &[""]).add_target("targets/a", "x", "");
    for name in ["snapshot", "targets/gone"] {
        // What the last snapshot said is lost, or says too much.
        let staged = sim.publish();
        let root = sim.verifier().accept_first(&staged["root"], 0).unwrap();
        let mut base = TrustedSet::for_upload(root, None);
        base.load_targets(&staged["targets"]).unwrap();
        for delegation in ["targets/a", "targets/b"] {
            base.load_delegation(&role(delegation), &staged[delegation]).unwrap();
        }
        if name != "snapshot" {
            base.load_snapshot(&staged["snapshot"]).unwrap();
        }
        let mut floors = Floors::default();
        floors.raise(&RoleName::SNAPSHOT, 7);
        base.raise_floors(&floors);

        let publisher = Publisher::new(sim.clone(), &["targets", "snapshot"]);
        let held = publisher.held();
        let mut draft = Draft::new(&base, &held);
        draft.delete_delegation(&role("targets/b")).unwrap();
        let plan = draft.plan(sim.now, true, &held);
        let publication =
            draft.sign(&plan, &signers(&publisher.keys), sim.now, &sim.verifier()).unwrap();
        let expected = [("root", 1), ("targets", 2), ("targets/a", 1), ("snapshot", 8)];
        assert_eq!(files(&publication), pairs(&expected));
        let mut published = sim.clone();
        published.payloads.remove("targets/b");
        for file in publication.files {
            published.fixed.insert(file.role.to_string(), file.bytes);
        }
        let set = published.check().unwrap();
        assert_eq!(set.list(&[]).targets["x"].role, role("targets/a"));
        let described = set.snapshot().unwrap().payload().meta.keys();
        assert_eq!(described.collect::<Vec<_>>(), ["root", "targets", "targets/a"]);
        sim.payload("snapshot")["meta"]["targets/gone"] =
            serde_json::json!({"hashes": {"sha256": "AAAA"}, "length": 7});
    }
}

#[test]
fn a_first_publication_does_not_send_a_root_that_nobody_would_accept() {
    let mut sim = Sim::new();
    let at = sim.now - Duration::days(1);
    sim.expires("root", at);
    // With the root key it is signed again, without it there is nothing to be published.
    let publication = publish_first(&sim, &["root", "targets", "snapshot"]).unwrap();
    assert_eq!(files(&publication)[0], ("root".to_owned(), 2));
    let refused = publish_first(&sim, &["targets", "snapshot"]).unwrap_err();
    assert_eq!(refused, SignError::SelfCheck(Error::Expired { role: RoleName::ROOT, at }));

    let past = Contents { to: sim_now() - Duration::days(1), ..Contents::default() };
    let key = Authority::new("some CA").list(&SimKey::new(), past, &[]);
    let mut sim = Sim::new();
    sim.list_keys("root", std::slice::from_ref(&key), 1).sign_with("root", [&key]);
    for roles in [&["root", "targets", "snapshot"][..], &["targets", "snapshot"]] {
        let result = publish_first(&sim, roles);
        let Err(SignError::SelfCheck(Error::RootCertificates { .. })) = result else {
            panic!("{result:?}")
        };
    }
}

#[test]
fn a_new_collection_is_accepted_by_every_reader() {
    let sim = Sim::new();
    let keys = RoleName::BASE.map(|role| (role.clone(), sim.keys[role.as_str()][0].public.clone()));
    for (roles, server_makes_snapshot) in
        [(&["root", "targets", "snapshot"][..], false), (&["root", "targets"], true)]
    {
        let here = signers(roles.iter().flat_map(|role| &sim.keys[*role]));
        let publication = sign::create(keys.clone(), &here, sim.now, &sim.verifier()).unwrap();
        assert_eq!(publication.server_makes_snapshot, server_makes_snapshot);
        let expected: Vec<_> = roles.iter().map(|role| ((*role).to_owned(), 1)).collect();
        assert_eq!(files(&publication), expected);
        let mut published = sim.clone();
        for file in publication.files {
            published.fixed.insert(file.role.to_string(), file.bytes);
        }
        let set = published.check().unwrap();
        assert!(set.list(&[]).targets.is_empty());
    }
    let without = signers(&sim.keys["root"]);
    let refused = sign::create(keys, &without, sim.now, &sim.verifier()).unwrap_err();
    let named = vec![sim.keys["targets"][0].private.id().clone()];
    let expected =
        SignError::NotEnoughKeys { role: RoleName::TARGETS, need: 1, have: 0, keys: named };
    assert_eq!(refused, expected);
}
