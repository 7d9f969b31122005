//! What a snapshot or timestamp says about other files, and what follows from it.

use data_encoding::{BASE64, HEXLOWER};
use notary::tuf::error::{Error, Malformation};
use notary::tuf::metadata::FileMeta;
use notary::tuf::role::RoleName;
use notary::tuf::trusted::{Floors, MAX_TIMESTAMP_BYTES, TrustedSet};
use serde_json::{Value, json};

use super::trusted::{A, judge, malformed, sim, verdict};
use crate::support::{Files, Sim, role};

/// What the snapshot (or the timestamp, for the snapshot) says about a role, changed by `change`.
fn described(name: &str, change: impl Fn(&mut Value)) -> (Sim, Files) {
    let mut sim = sim();
    // ECDSA signatures differ each time, and with them the files.
    let honest = sim.publish();
    let mut entry = serde_json::to_value(FileMeta::of(&honest[name])).unwrap();
    change(&mut entry);
    sim.described.insert(name.to_owned(), Some(entry));
    sim.fixed = honest;
    sim.fixed.retain(|role, _| role != "timestamp" && (role != "snapshot" || role == name));
    let files = sim.publish();
    (sim, files)
}

#[test]
fn every_known_hash_must_match_and_one_must_be_known() {
    let zeros = |length| json!(BASE64.encode(&vec![0; length]));
    let mismatch = |name: &str, algorithm, length| {
        let expected = HEXLOWER.encode(&vec![0; length]);
        Err(Error::HashMismatch { role: role(name), algorithm, expected })
    };
    for name in ["snapshot", "targets", A] {
        let judge = |change: &dyn Fn(&mut Value)| {
            let (sim, files) = described(name, change);
            verdict(sim.read(&files), name)
        };
        assert_eq!(judge(&|_| {}), Ok(()));
        let null = judge(&|entry| entry["hashes"]["sha512"] = json!(null));
        assert!(matches!(null, Err(Error::Malformed { .. })), "{null:?}");
        let only = |kept: &'static str| {
            move |entry: &mut Value| {
                entry["hashes"].as_object_mut().unwrap().retain(|name, _| name == kept);
            }
        };
        assert_eq!(judge(&only("sha256")), Ok(()), "{name}");
        assert_eq!(judge(&|entry| entry["hashes"]["md5"] = zeros(16)), Ok(()), "{name}");
        let wrong = judge(&|entry| entry["hashes"]["sha256"] = zeros(32));
        assert_eq!(wrong, mismatch(name, "sha256", 32));
        let wrong = judge(&|entry| entry["hashes"]["sha512"] = zeros(64));
        assert_eq!(wrong, mismatch(name, "sha512", 64));
        if name == A {
            // Entries of delegations are looked at only when they are used.
            assert_eq!(judge(&only("sha512")), Ok(()));
            assert_eq!(judge(&only("none")), Err(Error::NoKnownHash { role: role(name) }));
            assert_eq!(
                judge(&|entry| entry["hashes"]["sha256"] = zeros(31)),
                mismatch(name, "sha256", 31)
            );
        } else {
            let parent = if name == "snapshot" { "timestamp" } else { "snapshot" };
            let missing = |algorithm| {
                malformed(parent, Malformation::MissingHash { entry: role(name), algorithm })
            };
            assert_eq!(judge(&only("sha512")), missing("sha256"));
            assert_eq!(judge(&only("none")), missing("sha256"));
            assert_eq!(judge(&|entry| entry["hashes"]["sha256"] = zeros(31)), missing("sha256"));
            assert_eq!(judge(&|entry| entry["hashes"]["sha512"] = zeros(63)), missing("sha512"));
        }
    }
}

#[test]
fn other_bytes_than_the_described_ones_are_refused() {
    // Signed by the right keys, of the right version, and still not the file that is meant.
    for name in ["snapshot", "targets", A] {
        let sim = sim();
        let mut files = sim.publish();
        let honest = std::mem::replace(files.get_mut(name).unwrap(), sim.publish()[name].clone());
        let expected = HEXLOWER.encode(&FileMeta::of(&honest).hashes["sha256"].0);
        let refused = Error::HashMismatch { role: role(name), algorithm: "sha256", expected };
        assert_eq!(verdict(sim.read(&files), name), Err(refused), "{name}");
    }
}

#[test]
fn the_described_length_limits_what_is_fetched() {
    let (sim, files) = described(A, |entry| entry["length"] = json!(1_000_000));
    let set = sim.read(&files).unwrap();
    let want = set.wants(&role(A)).unwrap();
    assert_eq!(want.max_length, 1_000_000);
    assert_eq!(want.sha256, FileMeta::of(&files[A]).sha256());
    assert!(set.refused().is_empty(), "hashes decide, the length is a limit");
    for (length, limit) in [(-1, 0), (i64::MIN, 0), (1 << 40, 100 << 20)] {
        let (sim, files) = described(A, |entry| entry["length"] = json!(length));
        assert_eq!(sim.read(&files).unwrap().wants(&role(A)).unwrap().max_length, limit);
    }
    assert_eq!(set.wants(&RoleName::TIMESTAMP).unwrap().max_length, MAX_TIMESTAMP_BYTES);
    assert_eq!(set.wants(&role("targets/b")), None);
}

#[test]
fn files_that_nothing_describes_are_refused() {
    let mut sim = sim();
    sim.described.insert(A.into(), None);
    let files = sim.publish();
    let mut set = sim.read(&files).unwrap();
    // Nobody has published into the role yet, which is no reason for alarm.
    assert_eq!((set.refused().len(), set.wants(&role(A))), (0, None));
    let refused = set.load_delegation(&role(A), &files[A]);
    assert_eq!(refused, Err(Error::NoKnownHash { role: role(A) }));
    assert!(set.targets_of(&role(A)).is_none());

    for (name, parent) in [("targets", "snapshot"), ("root", "snapshot"), ("snapshot", "timestamp")]
    {
        let mut sim = Sim::new();
        sim.described.insert(name.into(), None);
        let why = Malformation::MissingHash { entry: role(name), algorithm: "sha256" };
        assert_eq!(judge(&sim, parent), malformed(parent, why));
    }
}

#[test]
fn a_snapshot_with_another_root_names_the_one_to_get() {
    let sim = sim();
    let mut files = sim.publish();
    let newer = FileMeta::of(&files["root"]);
    let older = sim.trusted_root().unwrap();
    files.insert("root".into(), older.file().bytes().to_vec());
    let mut set = TrustedSet::for_reading(older, sim.now, Floors::default());
    set.load_timestamp(&files["timestamp"]).unwrap();
    let Err(Error::HashMismatch { role: other, .. }) = set.load_snapshot(&files["snapshot"]) else {
        panic!()
    };
    assert_eq!(other, RoleName::ROOT);
    assert_eq!(set.expected_root(), Some(&newer));
    assert!(set.snapshot().is_none());
    assert_eq!(set.floors().of(&RoleName::SNAPSHOT), 0, "what is refused is no floor");
}
