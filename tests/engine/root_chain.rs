//! Which root may follow on which.

use notary::tuf::error::{Error, Malformation};
use notary::tuf::role::RoleName;
use notary::tuf::root_trust::TrustedRoot;
use serde_json::json;
use time::Duration;

use crate::support::{Sim, SimKey};

fn accept_successor(sim: &Sim, previous: &TrustedRoot) -> Result<u64, Error> {
    let root = sim.verifier().accept_successor(previous, &sim.file("root"), 0)?;
    Ok(version(&root))
}

fn version(root: &TrustedRoot) -> u64 {
    use notary::tuf::metadata::Payload as _;
    root.root().version()
}

/// The collection with a new root key, in the next version, signed by the old and the new one.
fn rotated(sim: &Sim) -> Sim {
    let (old, new) = (sim.keys["root"].clone(), SimKey::root());
    let mut next = sim.clone();
    let version = sim.payloads["root"]["version"].as_u64().unwrap() + 1;
    next.version("root", version).list_keys("root", std::slice::from_ref(&new), 1);
    // The newest key first, so that the rotation after this one finds it.
    next.sign_with("root", std::iter::once(&new).chain(&old[..1]));
    next
}

#[test]
fn a_root_signed_by_old_and_new_keys_follows() {
    let first = Sim::new();
    let second = rotated(&first);
    assert_eq!(accept_successor(&second, &first.trusted_root().unwrap()), Ok(2));
}

#[test]
fn a_root_that_the_old_keys_did_not_sign_does_not_follow() {
    let first = Sim::new();
    let trusted = first.trusted_root().unwrap();
    let mut second = rotated(&first);
    let new = second.keys["root"][0].clone();
    second.sign_with("root", [&new]);
    assert_eq!(accept_successor(&second, &trusted), Err(Error::RootRotation));
    // Alone it is as good as any; whoever knows nothing takes it.
    assert!(second.trusted_root().is_ok());
    // An entirely different collection of the same name.
    assert_eq!(accept_successor(&Sim::new(), &trusted), Err(Error::RootRotation));
    second.signatures("root", json!([]));
    assert_eq!(accept_successor(&second, &trusted), Err(Error::RootRotation));
    // What its own keys are is not even looked at.
    let key = [SimKey::new()];
    second.list_keys("root", &key, 1).sign_with("root", &key);
    assert_eq!(accept_successor(&second, &trusted), Err(Error::RootRotation));
}

#[test]
fn a_root_that_the_new_keys_did_not_sign_does_not_follow() {
    let first = Sim::new();
    let mut second = rotated(&first);
    second.sign_with("root", &first.keys["root"]);
    let trusted = first.trusted_root().unwrap();
    assert_eq!(accept_successor(&second, &trusted), Err(Error::RootIntegrity));
}

#[test]
fn both_thresholds_must_be_reached_each_by_its_own_keys() {
    let old = [SimKey::root(), SimKey::root(), SimKey::root()];
    let new = [SimKey::root(), SimKey::root()];
    let mut first = Sim::new();
    first.list_keys("root", &old, 2).sign_with("root", &old[..2]);
    let trusted = first.trusted_root().unwrap();
    let mut second = first.clone();
    second.version("root", 2).list_keys("root", &new, 2);
    for (signed_by, verdict) in [
        (vec![&old[0], &old[1], &new[0], &new[1]], Ok(2)),
        (vec![&old[2], &old[1], &new[0], &new[1]], Ok(2)),
        (vec![&old[0], &new[0], &new[1]], Err(Error::RootRotation)),
        (vec![&old[0], &old[0], &new[0], &new[1]], Err(Error::RootRotation)),
        (vec![&old[0], &old[1], &new[0]], Err(Error::RootIntegrity)),
        (vec![&old[0], &old[1], &old[2]], Err(Error::RootIntegrity)),
    ] {
        second.sign_with("root", signed_by);
        assert_eq!(accept_successor(&second, &trusted), verdict);
    }
}

#[test]
fn what_the_previous_root_says_about_other_roles_plays_no_part() {
    let first = Sim::new();
    let mut second = first.clone();
    second.version("root", 2);
    for role in ["targets", "snapshot", "timestamp"] {
        second.list_keys(role, &[SimKey::new()], 1);
    }
    assert_eq!(accept_successor(&second, &first.trusted_root().unwrap()), Ok(2));
    // And they cannot help a root of other keys.
    let mut stolen = rotated(&first);
    let mut keys: Vec<SimKey> = first.keys.values().flatten().skip(1).cloned().collect();
    keys.push(stolen.keys["root"][0].clone());
    stolen.sign_with("root", &keys);
    let refused = accept_successor(&stolen, &first.trusted_root().unwrap());
    assert_eq!(refused, Err(Error::RootRotation));
}

#[test]
fn versions_do_not_go_back() {
    let mut first = Sim::new();
    first.version("root", 5);
    let trusted = first.trusted_root().unwrap();
    let rollback = |trusted, found| Err(Error::Rollback { role: RoleName::ROOT, trusted, found });
    for (version, verdict) in [
        (4, rollback(5, 4)),
        (1, rollback(5, 1)),
        // Whoever holds the keys may sign a version twice; readers cannot tell which is newer.
        (5, Ok(5)),
        (6, Ok(6)),
        (9, Ok(9)),
    ] {
        let mut next = first.clone();
        next.version("root", version);
        assert_eq!(accept_successor(&next, &trusted), verdict);
    }
    // The floor of an earlier run counts, too, and whichever is higher.
    let successor = |floor| {
        let result = first.verifier().accept_successor(&trusted, &first.file("root"), floor);
        result.map(|root| version(&root))
    };
    assert_eq!(successor(4), Ok(5));
    assert_eq!(successor(5), Ok(5));
    assert_eq!(successor(6), rollback(6, 5));
    let first_seen = |floor| {
        let result = first.verifier().accept_first(&first.file("root"), floor);
        result.map(|root| version(&root))
    };
    assert_eq!(first_seen(5), Ok(5));
    assert_eq!(first_seen(6), rollback(6, 5));
}

#[test]
fn a_link_of_the_chain_has_exactly_the_version_that_was_asked_for() {
    let first = Sim::new();
    let second = rotated(&first);
    let trusted = first.trusted_root().unwrap();
    let link = |wanted| {
        let result = first.verifier().accept_link(&trusted, &second.file("root"), wanted);
        result.map(|root| version(&root))
    };
    assert_eq!(link(2), Ok(2));
    for wanted in [1, 3] {
        assert_eq!(link(wanted), Err(Error::WrongVersion { wanted, found: 2 }));
    }
}

#[test]
fn a_link_that_skips_a_rotation_is_refused() {
    let first = Sim::new();
    let second = rotated(&first);
    let third = rotated(&second);
    let trusted = first.trusted_root().unwrap();
    assert_eq!(accept_successor(&third, &trusted), Err(Error::RootRotation));
    let verifier = first.verifier();
    let skipped = verifier.accept_link(&trusted, &third.file("root"), 3);
    assert_eq!(skipped, Err(Error::RootRotation));
    let second = verifier.accept_link(&trusted, &second.file("root"), 2).unwrap();
    assert_eq!(accept_successor(&third, &second), Ok(3));
}

#[test]
fn links_may_be_expired_but_the_last_root_may_not() {
    let first = Sim::new();
    let mut second = rotated(&first);
    let expired = second.now - Duration::days(1);
    second.expires("root", expired);
    let trusted = first.trusted_root().unwrap();
    let refused = Error::Expired { role: RoleName::ROOT, at: expired };
    assert_eq!(accept_successor(&second, &trusted), Err(refused));
    let second_root = first.verifier().accept_link(&trusted, &second.file("root"), 2).unwrap();
    let third = rotated(&second);
    let refused = Error::Expired { role: RoleName::ROOT, at: expired };
    assert_eq!(accept_successor(&third, &second_root), Err(refused));
    let mut renewed = third.clone();
    renewed.expires("root", third.now);
    assert_eq!(accept_successor(&renewed, &second_root), Ok(3));
}

#[test]
fn links_must_have_been_signed_by_themselves_too() {
    let first = Sim::new();
    let mut second = rotated(&first);
    second.sign_with("root", &first.keys["root"]);
    let trusted = first.trusted_root().unwrap();
    let result = first.verifier().accept_link(&trusted, &second.file("root"), 2);
    assert_eq!(result, Err(Error::RootIntegrity));
}

#[test]
fn the_structure_of_a_root_is_checked() {
    let malformed = |why| Err(Error::Malformed { role: RoleName::ROOT, why });
    let judge = |change: &dyn Fn(&mut Sim)| {
        let mut sim = Sim::new();
        change(&mut sim);
        sim.trusted_root().map(|root| version(&root))
    };
    for role in RoleName::BASE {
        let name = role.as_str();
        let pointer = format!("/roles/{name}");
        let missing = malformed(Malformation::MissingRole(role.clone()));
        let change = |sim: &mut Sim| {
            sim.unset("root", &pointer);
        };
        assert_eq!(judge(&change), missing);
        for threshold in [0, -1] {
            let refused = malformed(Malformation::Threshold { role: name.into(), threshold });
            let change = |sim: &mut Sim| {
                sim.set("root", &format!("{pointer}/threshold"), threshold);
            };
            assert_eq!(judge(&change), refused);
        }
        let key_id = SimKey::new().id();
        let refused =
            malformed(Malformation::UnknownKey { role: name.into(), key_id: key_id.clone() });
        let change = |sim: &mut Sim| {
            sim.set("root", &format!("{pointer}/keyids"), json!([key_id]));
        };
        assert_eq!(judge(&change), refused);
    }
    let wrong = Malformation::Type { expected: "Root", found: "Targets".into() };
    let change = |sim: &mut Sim| {
        sim.set("root", "/_type", "Targets");
    };
    assert_eq!(judge(&change), malformed(wrong));
    let change = |sim: &mut Sim| {
        sim.version("root", 0);
    };
    assert_eq!(judge(&change), malformed(Malformation::Version));
    // Other roles are nobody's business.
    let change = |sim: &mut Sim| {
        sim.set("root", "/roles/mirrors", json!({"keyids": null, "threshold": 0}));
    };
    assert_eq!(judge(&change), Ok(1));
}
