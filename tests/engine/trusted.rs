//! Which timestamps, snapshots, targets and delegations are accepted.

use notary::tuf::error::{Error, Malformation};
use notary::tuf::role::RoleName;
use notary::tuf::trusted::{Floors, TrustedSet};
use serde_json::{Value, json};
use time::Duration;

use crate::support::{Files, Sim, SimKey, role};

pub(super) const A: &str = "targets/a";

/// Everything below the root.
pub(super) const ROLES: [&str; 4] = ["timestamp", "snapshot", "targets", A];

/// A collection with one delegation.
pub(super) fn sim() -> Sim {
    let mut sim = Sim::new();
    sim.delegate(A, &[""]);
    sim
}

/// What a reader thinks of the file of a role.
pub(super) fn verdict(result: Result<TrustedSet, Error>, name: &str) -> Result<(), Error> {
    match result?.refused().get(&role(name)) {
        Some(refused) => Err(refused.why.clone().expect("there was a file")),
        None => Ok(()),
    }
}

pub(super) fn judge(sim: &Sim, name: &str) -> Result<(), Error> {
    verdict(sim.check(), name)
}

pub(super) fn malformed(name: &str, why: Malformation) -> Result<(), Error> {
    Err(Error::Malformed { role: role(name), why })
}

#[test]
fn an_honest_collection_is_accepted_whole() {
    let set = sim().check().unwrap();
    assert!(set.refused().is_empty());
    assert_eq!(set.targets().len(), 2);
    assert!(set.timestamp().is_some() && set.snapshot().is_some());
    let floors = set.floors();
    for name in ["root", "timestamp", "snapshot", "targets", A] {
        assert_eq!(floors.of(&role(name)), 1, "{name}");
    }
}

#[test]
fn each_role_must_be_of_its_type() {
    const TYPES: [&str; 6] = ["Root", "Snapshot", "Targets", "Timestamp", "targets", ""];
    for name in ROLES {
        let own = sim().payload(name)["_type"].as_str().unwrap().to_owned();
        for other in TYPES.into_iter().filter(|other| *other != own) {
            let mut sim = sim();
            sim.set(name, "/_type", other);
            let (expected, found) = (TYPES.into_iter().find(|known| *known == own).unwrap(), other);
            let why = Malformation::Type { expected, found: found.to_owned() };
            assert_eq!(judge(&sim, name), malformed(name, why), "{name} as {other:?}");
        }
    }
}

#[test]
fn one_role_cannot_stand_in_for_another() {
    // One key for all roles, so that only the content tells them apart.
    let mut sim = sim();
    let key = SimKey::new();
    for name in ["timestamp", "snapshot", "targets"] {
        sim.list_keys(name, std::slice::from_ref(&key), 1).sign_with(name, [&key]);
    }
    let honest = sim.publish();
    sim.read(&honest).unwrap();
    for (name, other) in [("timestamp", "snapshot"), ("timestamp", "targets")] {
        let mut files = honest.clone();
        files.insert(name.into(), honest[other].clone());
        let Err(Error::Malformed { role: refused, .. }) = sim.read(&files) else {
            panic!("{name}")
        };
        assert_eq!(refused, role(name));
    }
    // Where the hash is known, that already tells.
    for (name, other) in [("snapshot", "timestamp"), ("targets", "snapshot"), ("targets", A)] {
        let mut files = honest.clone();
        files.insert(name.into(), honest[other].clone());
        let Err(Error::HashMismatch { role: refused, .. }) = sim.read(&files) else { panic!() };
        assert_eq!(refused, role(name));
    }
}

#[test]
fn each_file_must_be_signed_by_the_keys_of_its_role() {
    for name in ROLES {
        let stranger = SimKey::new();
        let mut sim = sim();
        let rightful = sim.keys[name].clone();
        sim.sign_with(name, [&stranger]);
        let refused = Err(Error::Threshold { role: role(name), need: 1, have: 0 });
        assert_eq!(judge(&sim, name), refused, "{name}");
        sim.sign_with(name, [&stranger, &rightful[0]]);
        assert_eq!(judge(&sim, name), Ok(()), "{name}");
        for none in [json!([]), Value::Null] {
            sim.signatures(name, none);
            assert_eq!(judge(&sim, name), Err(Error::NoSignatures { role: role(name) }), "{name}");
        }
    }
}

#[test]
fn keys_of_one_role_do_not_sign_for_another() {
    for name in ROLES {
        for other in ["root", "timestamp", "snapshot", "targets", A] {
            let mut sim = sim();
            let keys = sim.keys[other].clone();
            sim.sign_with(name, &keys);
            assert_eq!(judge(&sim, name).is_ok(), name == other, "{name} signed by {other}");
        }
    }
}

#[test]
fn files_are_valid_up_to_and_including_their_last_moment() {
    let tick = Duration::nanoseconds(1);
    for name in ROLES {
        let mut sim = sim();
        for later in [Duration::ZERO, tick, Duration::days(1)] {
            let at = sim.now + later;
            sim.expires(name, at);
            assert_eq!(judge(&sim, name), Ok(()), "{name}");
        }
        for earlier in [tick, Duration::days(1)] {
            let at = sim.now - earlier;
            sim.expires(name, at);
            assert_eq!(judge(&sim, name), Err(Error::Expired { role: role(name), at }), "{name}");
        }
    }
}

#[test]
fn expiry_is_compared_as_an_instant_whatever_the_zone() {
    // 03:00 UTC is the present of the simulator.
    for (text, valid) in [
        ("2026-11-21T08:30:00+05:30", true),
        ("2026-11-21T08:29:59+05:30", false),
        ("2026-11-20T19:00:00-08:00", true),
        ("2026-11-20T18:59:59-08:00", false),
    ] {
        let mut sim = sim();
        sim.set("timestamp", "/expires", text);
        assert_eq!(judge(&sim, "timestamp").is_ok(), valid, "{text}");
    }
    for text in ["", "2026-11-21", "2026-11-21T08:30:00", "tomorrow", "2026-13-01T00:00:00Z"] {
        let mut sim = sim();
        sim.set("timestamp", "/expires", text);
        assert!(matches!(judge(&sim, "timestamp"), Err(Error::Malformed { .. })), "{text:?}");
    }
}

#[test]
fn versions_below_what_was_accepted_are_refused() {
    for name in ROLES {
        let mut sim = sim();
        sim.version(name, 5);
        for (floor, accepted) in [(0, true), (4, true), (5, true), (6, false)] {
            let mut floors = Floors::default();
            floors.raise(&role(name), floor);
            let refused = Error::Rollback { role: role(name), trusted: 6, found: 5 };
            let expected = if accepted { Ok(()) } else { Err(refused) };
            let result = sim.read_with(&sim.publish(), floors.clone());
            assert_eq!(verdict(result.clone(), name), expected, "{name} with floor {floor}");
            if let Ok(set) = result {
                assert_eq!(set.floors().of(&role(name)), floor.max(5), "floors only grow");
            }
        }
    }
}

#[test]
fn versions_begin_at_one() {
    for name in ROLES {
        let mut sim = sim();
        sim.version(name, 0);
        assert_eq!(judge(&sim, name), malformed(name, Malformation::Version), "{name}");
        for odd in [json!(-1), json!(1.5), json!("1"), json!(null)] {
            sim.set(name, "/version", odd.clone());
            assert!(matches!(judge(&sim, name), Err(Error::Malformed { .. })), "{name} {odd}");
        }
    }
}

#[test]
fn floors_only_grow() {
    let (a, b) = (role("targets/a"), role("targets/b"));
    let mut floors = Floors::default();
    assert_eq!(floors.of(&a), 0);
    for (version, floor) in [(3, 3), (2, 3), (0, 3), (4, 4)] {
        floors.raise(&a, version);
        assert_eq!(floors.of(&a), floor);
    }
    let mut other = Floors::default();
    other.raise(&a, 1);
    other.raise(&b, 9);
    for merged in [floors.merged(&other), other.merged(&floors)] {
        assert_eq!((merged.of(&a), merged.of(&b)), (4, 9));
    }
}

#[test]
fn the_floor_follows_an_earlier_file_only_if_it_verifies() {
    let sim = sim();
    let mut earlier = sim.clone();
    earlier.version("targets", 7);
    let mut forged = earlier.clone();
    forged.sign_with("targets", [&SimKey::new()]);
    let floor = |file: &[u8]| {
        let root = sim.trusted_root().unwrap();
        let keys = root.key_set(&RoleName::TARGETS);
        let mut set = TrustedSet::for_reading(root, sim.now, Floors::default());
        set.raise_floor(&RoleName::TARGETS, file, &keys);
        set.floors().of(&RoleName::TARGETS)
    };
    assert_eq!(floor(&earlier.file("targets")), 7);
    assert_eq!(floor(&forged.file("targets")), 0);
    assert_eq!(floor(b"not metadata"), 0);
    // Expired files count: that they are old is why they are a floor.
    earlier.expires("targets", sim.now - Duration::days(1));
    assert_eq!(floor(&earlier.file("targets")), 7);
}

#[test]
fn files_can_only_be_loaded_in_order_and_once() {
    let sim = sim();
    let files = sim.publish();
    let root = sim.verifier().accept_first(&files["root"], 0).unwrap();
    let mut set = TrustedSet::for_reading(root.clone(), sim.now, Floors::default());
    let too_soon = |name| Err(Error::OutOfOrder { role: role(name) });
    assert_eq!(set.load_snapshot(&files["snapshot"]), too_soon("snapshot"));
    assert_eq!(set.load_targets(&files["targets"]), too_soon("targets"));
    set.load_timestamp(&files["timestamp"]).unwrap();
    assert_eq!(set.load_timestamp(&files["timestamp"]), too_soon("timestamp"));
    assert_eq!(set.load_targets(&files["targets"]), too_soon("targets"));
    set.load_snapshot(&files["snapshot"]).unwrap();
    assert_eq!(set.load_snapshot(&files["snapshot"]), too_soon("snapshot"));
    let orphan = Err(Error::NotDelegated { role: role(A) });
    assert_eq!(set.load_delegation(&role(A), &files[A]), orphan);
    set.load_targets(&files["targets"]).unwrap();
    assert_eq!(set.load_targets(&files["targets"]), too_soon("targets"));
    let orphan = Err(Error::NotDelegated { role: role("targets/b") });
    assert_eq!(set.load_delegation(&role("targets/b"), &files[A]), orphan);
    set.load_delegation(&role(A), &files[A]).unwrap();
    assert_eq!(set.load_delegation(&role(A), &files[A]), too_soon(A));

    let mut set = TrustedSet::for_upload(root, Some(sim.now));
    assert_eq!(set.load_timestamp(&files["timestamp"]), too_soon("timestamp"));
    set.load_targets(&files["targets"]).unwrap();
    set.load_snapshot(&files["snapshot"]).unwrap();
    assert_eq!(set.load_delegation(&role(A), &files[A]), too_soon(A));
}

#[test]
fn an_upload_must_be_described_by_its_snapshot() {
    let sim = sim();
    let files = sim.publish();
    let start = |files: &Files| {
        let root = sim.verifier().accept_first(&files["root"], 0).unwrap();
        let mut set = TrustedSet::for_upload(root, Some(sim.now));
        set.load_targets(&files["targets"]).unwrap();
        set.load_delegation(&role(A), &files[A]).unwrap();
        set
    };
    assert_eq!(start(&files).load_snapshot(&files["snapshot"]), Ok(()));
    for name in ["root", "targets", A] {
        let mut other = files.clone();
        other.insert(name.into(), sim.publish()[name].clone());
        let result = start(&other).load_snapshot(&files["snapshot"]);
        let Err(Error::HashMismatch { role: refused, .. }) = result else { panic!("{name}") };
        assert_eq!(refused, role(name));
    }
    let mut silent = sim.clone();
    silent.described.insert(A.into(), None);
    let silent = silent.publish();
    let result = start(&silent).load_snapshot(&silent["snapshot"]);
    assert_eq!(result, Err(Error::NoKnownHash { role: role(A) }));
}

#[test]
fn without_a_clock_only_expiry_is_left_out() {
    let mut sim = sim();
    sim.expires("targets", sim.now - Duration::days(1));
    let files = sim.publish();
    let root = sim.trusted_root().unwrap();
    let mut set = TrustedSet::for_upload(root.clone(), None);
    assert_eq!(set.load_targets(&files["targets"]), Ok(()));
    sim.sign_with("targets", [&SimKey::new()]);
    let mut set = TrustedSet::for_upload(root, None);
    let refused = Error::Threshold { role: RoleName::TARGETS, need: 1, have: 0 };
    assert_eq!(set.load_targets(&sim.file("targets")), Err(refused));
}
