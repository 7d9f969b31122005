//! What was accepted before: versions that must not go down, and delegations that must not vanish,
//! as long as the keys that vouched for them are still those of the role.

use notary::tuf::edit::Draft;
use notary::tuf::error::Error;
use notary::tuf::metadata::FileMeta;
use notary::tuf::trusted::{Floors, TrustedSet};
use notary::tuf::walk::Lookup;
use serde_json::json;

use super::trusted::{A, sim, verdict};
use crate::support::{Files, Sim, SimKey, role};

/// The highest version that can be signed.
const LAST: u64 = (1 << 53) - 1;

/// The floors of somebody who has read this.
fn after(sim: &Sim) -> Floors {
    sim.check().unwrap().floors().clone()
}

/// The collection with another key for a role, which a new root or parent lists.
fn with_new_key(sim: &Sim, name: &str) -> Sim {
    let (mut next, key) = (sim.clone(), SimKey::new());
    if name == A {
        let id = json!([key.id()]);
        next.set("targets", "/delegations/roles/0/keyids", id).version("targets", 2);
        next.payload("targets")["delegations"]["keys"][key.id().as_str()] = key.json();
    } else {
        next.version("root", 2).list_keys(name, std::slice::from_ref(&key), 1);
    }
    next.sign_with(name, [&key]);
    next
}

const ROLES: [&str; 4] = ["timestamp", "snapshot", "targets", A];

#[test]
fn replacing_the_keys_of_a_role_ends_a_fast_forward_attack_and_nothing_else_does() {
    for name in ROLES {
        let mut attacked = sim();
        attacked.version(name, LAST);
        let floors = after(&attacked);
        assert_eq!(floors.of(&role(name)), LAST);
        let rollback = Err(Error::Rollback { role: role(name), trusted: LAST, found: 1 });
        let same_keys = sim_with(&attacked, name, 1);
        assert_eq!(judge(&same_keys, name, &floors), rollback, "{name}");
        // A root that replaces the key of another role changes nothing.
        let other = if name == "timestamp" { "snapshot" } else { "timestamp" };
        assert_eq!(judge(&with_new_key(&same_keys, other), name, &floors), rollback, "{name}");

        let healed = with_new_key(&same_keys, name);
        let set = read(&healed, &floors).unwrap();
        assert!(set.refused().is_empty(), "{name}");
        let healed_floors = floors.merged(set.floors());
        assert_eq!(healed_floors.of(&role(name)), 1, "{name} begins anew on disk, too");
        // From then on versions count again.
        let newer = after(&sim_with(&healed, name, 3)).merged(&Floors::default());
        let rollback = Err(Error::Rollback { role: role(name), trusted: 3, found: 1 });
        assert_eq!(judge(&healed, name, &newer), rollback, "{name}");
    }
}

#[test]
fn a_floor_lasts_while_one_of_its_keys_does() {
    let keys = [SimKey::new(), SimKey::new()];
    let mut sim = sim();
    sim.list_keys("timestamp", &keys, 1).sign_with("timestamp", &keys).version("timestamp", 5);
    let floors = after(&sim);
    let mut next = sim.clone();
    next.version("root", 2).list_keys("timestamp", &keys[1..], 1);
    next.sign_with("timestamp", &keys[1..]).version("timestamp", 4);
    let rollback = Error::Rollback { role: role("timestamp"), trusted: 5, found: 4 };
    assert_eq!(judge(&next, "timestamp", &floors), Err(rollback));
    // A key that did not vouch for it does not keep it.
    sim.sign_with("timestamp", &keys[..1]);
    assert_eq!(judge(&next, "timestamp", &after(&sim)), Ok(()));
}

#[test]
fn floors_of_unknown_keys_last_until_somebody_vouches_for_them() {
    for name in ROLES {
        let floors: Floors = serde_json::from_value(json!({ name: 5 })).unwrap();
        let replaced = with_new_key(&sim(), name);
        let rollback = Err(Error::Rollback { role: role(name), trusted: 5, found: 1 });
        assert_eq!(judge(&replaced, name, &floors), rollback, "{name}");
        let vouched = read(&sim_with(&sim(), name, 5), &floors).unwrap().floors().clone();
        let replaced = with_new_key(&sim_with(&sim(), name, 5), name);
        assert_eq!(judge(&sim_with(&replaced, name, 1), name, &vouched), judge_afresh(&replaced));
    }
}

fn judge_afresh(sim: &Sim) -> Result<(), Error> {
    sim.check().map(drop)
}

fn sim_with(sim: &Sim, name: &str, version: u64) -> Sim {
    let mut sim = sim.clone();
    sim.version(name, version);
    sim
}

fn read(sim: &Sim, floors: &Floors) -> Result<TrustedSet, Error> {
    sim.read_with(&sim.publish(), floors.clone())
}

fn judge(sim: &Sim, name: &str, floors: &Floors) -> Result<(), Error> {
    verdict(read(sim, floors), name)
}

/// A collection where `targets/b` has a name that `targets/a` may have signed.
fn siblings() -> Sim {
    let mut sim = sim();
    sim.delegate("targets/b", &[""]).add_target("targets/b", "x", "of b");
    sim
}

/// Whether `x` is withheld because of the first delegation.
fn withholds(set: &TrustedSet) -> bool {
    match set.lookup("x", &[]) {
        Lookup::Withheld { role: hidden, .. } => hidden == role(A),
        Lookup::Found(found) => {
            assert_eq!(found.role, role("targets/b"));
            false
        }
        Lookup::Missing => panic!("nobody has it"),
    }
}

#[test]
fn a_delegation_that_had_a_file_does_not_vanish_from_the_snapshot() {
    let mut sim = siblings();
    let floors = after(&sim);
    sim.described.insert(A.into(), None);
    sim.version("snapshot", 2);
    assert!(!withholds(&sim.check().unwrap()), "who never saw a file cannot know");
    let set = read(&sim, &floors).unwrap();
    let why = Error::Vanished { role: role(A), version: 1 };
    assert_eq!(set.refused()[&role(A)].why, Some(why));
    assert!(withholds(&set));
    assert_eq!(set.floors().of(&role(A)), 1);
    // Made anew under another key, it is another role.
    assert!(!withholds(&read(&with_new_key(&sim, A), &floors).unwrap()));
    // Likewise when the keys that vouched for it do not suffice any more.
    sim.set("targets", "/delegations/roles/0/threshold", 2);
    assert!(!withholds(&read(&sim, &floors).unwrap()));
    // Whoever has its key can begin it again, above all that was seen.
    sim.set("targets", "/delegations/roles/0/threshold", 1);
    let set = read(&sim, &floors).unwrap();
    let held = [sim.keys[A][0].private.id().clone()].into();
    let mut draft = Draft::new(&set, &held);
    draft.add_target(&role(A), "new", FileMeta::of(b"")).unwrap();
    assert_eq!(draft.next_version(&role(A)), 2);
}

#[test]
fn a_delegation_that_had_a_file_does_not_become_unsigned() {
    type Change = fn(&mut Sim);
    let cases: [(&str, Change); 4] = [
        ("signed by nobody", |sim| {
            sim.signatures(A, json!([]));
        }),
        ("signed by a stranger", |sim| {
            sim.sign_with(A, [&SimKey::new()]);
        }),
        ("of another type", |sim| {
            sim.set(A, "/_type", "Snapshot");
        }),
        ("not metadata", |sim| {
            sim.fixed = Files::from([(A.into(), b"{}".to_vec())]);
        }),
    ];
    for (what, change) in cases {
        let mut sim = siblings();
        let floors = after(&sim);
        let mut replaced = with_new_key(&sim, A);
        change(&mut sim);
        change(&mut replaced);
        assert!(!withholds(&sim.check().unwrap()), "{what}, never seen otherwise");
        assert!(withholds(&read(&sim, &floors).unwrap()), "{what}");
        assert!(!withholds(&read(&replaced, &floors).unwrap()), "{what}, with other keys");
    }
}
