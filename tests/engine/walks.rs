//! The tree of delegations: who may sign which names, and whose entry for a name counts.

use std::collections::BTreeMap;

use notary::tuf::error::Error;
use notary::tuf::role::RoleName;
use notary::tuf::trusted::{Floors, TrustedSet};
use notary::tuf::walk::Lookup;
use time::Duration;

use super::random::Random;
use crate::support::{Sim, role};

fn roles(names: &[&str]) -> Vec<RoleName> {
    names.iter().map(|name| role(name)).collect()
}

/// Name and role of everything that is listed.
fn listed(set: &TrustedSet, among: &[&str]) -> Vec<(String, String)> {
    let listing = set.list(&roles(among));
    let pair = |(name, found): (&&str, &notary::tuf::walk::Found<'_>)| {
        ((*name).to_owned(), found.role.to_string())
    };
    listing.targets.iter().map(pair).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, role)| ((*name).to_owned(), (*role).to_owned())).collect()
}

/// The role whose entry counts; `None` when there is none, `withheld` when nobody can tell.
fn looked_up(set: &TrustedSet, name: &str, among: &[&str]) -> Option<String> {
    match set.lookup(name, &roles(among)) {
        Lookup::Found(found) => Some(found.role.to_string()),
        Lookup::Missing => None,
        Lookup::Withheld { role, .. } => Some(format!("withheld because of {role}")),
    }
}

#[test]
fn effective_paths_are_prefixes_within_those_of_all_parents() {
    for (parent, child, effective) in [
        (&[""][..], &["a", "b/"][..], &["a", "b/"][..]),
        (&["a/"], &["a/", "a/b", "a", "b", ""], &["a/", "a/b"]),
        (&["a", "b"], &["ab", "ba", "cab"], &["ab", "ba"]),
        (&[], &["a", ""], &[]),
        (&["a"], &[], &[]),
        (&["A", "é"], &["a", "Ab", "éa", "e"], &["Ab", "éa"]),
    ] {
        let mut sim = Sim::new();
        sim.delegate("targets/p", parent).delegate("targets/p/c", child);
        sim.delegate("targets/p/c/g", &["", "a/b/c", "abc"]);
        let set = sim.check().unwrap();
        assert_eq!(set.effective_paths(&role("targets/p")).unwrap(), parent);
        assert_eq!(set.effective_paths(&role("targets/p/c")).unwrap(), effective);
        let grandchild = set.effective_paths(&role("targets/p/c/g")).unwrap();
        for path in &grandchild {
            assert!(effective.iter().any(|prefix| path.starts_with(prefix)), "{path}");
        }
    }
    let set = Sim::new().check().unwrap();
    assert_eq!(set.effective_paths(&RoleName::TARGETS).unwrap(), [""]);
    for stranger in ["targets/p", "root", "snapshot"] {
        assert_eq!(set.effective_paths(&role(stranger)), None);
    }
}

#[test]
fn names_outside_the_paths_of_a_role_are_not_shown() {
    let mut sim = Sim::new();
    sim.delegate("targets/a", &["a/"]).delegate("targets/a/b", &["a/b/", "c/"]);
    for name in ["a/x", "a/b/x", "a", "b/x", "", "A/x"] {
        sim.add_target("targets/a", name, "a");
    }
    for name in ["a/b/y", "a/y", "c/y"] {
        sim.add_target("targets/a/b", name, "b");
    }
    let set = sim.check().unwrap();
    let expected = [("a/b/x", "targets/a"), ("a/b/y", "targets/a/b"), ("a/x", "targets/a")];
    assert_eq!(listed(&set, &[]), pairs(&expected));
    for name in ["a", "b/x", "", "A/x", "a/y", "c/y"] {
        assert_eq!(looked_up(&set, name, &[]), None, "{name}");
        assert_eq!(looked_up(&set, name, &["targets/a", "targets/a/b"]), None, "{name}");
    }
    assert_eq!(listed(&set, &["targets/a/b"]), pairs(&[("a/b/y", "targets/a/b")]));
}

/// targets → a → a/x, targets → b; each has `all`, and further names tell who hides whom.
fn family() -> Sim {
    let mut sim = Sim::new();
    sim.delegate("targets/a", &[""]).delegate("targets/b", &[""]).delegate("targets/a/x", &[""]);
    for (name, holders) in [
        ("all", &["targets", "targets/a", "targets/b", "targets/a/x"][..]),
        ("below", &["targets/a", "targets/b", "targets/a/x"]),
        ("b and x", &["targets/b", "targets/a/x"]),
        ("x", &["targets/a/x"]),
    ] {
        for holder in holders {
            sim.add_target(holder, name, holder);
        }
    }
    sim
}

#[test]
fn shallower_roles_hide_deeper_ones_and_earlier_siblings_later_ones() {
    let set = family().check().unwrap();
    let expected = [
        ("all", "targets"),
        ("b and x", "targets/b"),
        ("below", "targets/a"),
        ("x", "targets/a/x"),
    ];
    assert_eq!(listed(&set, &[]), pairs(&expected));
    for (name, holder) in expected {
        assert_eq!(looked_up(&set, name, &[]).unwrap(), holder);
    }
}

#[test]
fn the_order_in_the_parent_s_file_decides_not_that_of_the_names() {
    let mut sim = Sim::new();
    sim.delegate("targets/z", &[""]).delegate("targets/a", &[""]);
    sim.add_target("targets/a", "x", "a").add_target("targets/z", "x", "z");
    assert_eq!(looked_up(&sim.check().unwrap(), "x", &[]).unwrap(), "targets/z");
}

#[test]
fn the_roles_asked_for_go_in_their_order_each_with_all_below_it() {
    let set = family().check().unwrap();
    for (among, all, below, b_and_x, x) in [
        (&["targets/a"][..], "targets/a", "targets/a", "targets/a/x", "targets/a/x"),
        (&["targets/b", "targets"], "targets/b", "targets/b", "targets/b", "targets/a/x"),
        (&["targets/a/x", "targets/b"], "targets/a/x", "targets/a/x", "targets/a/x", "targets/a/x"),
        (&["targets", "targets/a/x"], "targets", "targets/a", "targets/b", "targets/a/x"),
        // A role that is asked for itself is left out where it would come otherwise.
        (&["targets", "targets/a"], "targets", "targets/b", "targets/b", "targets/a/x"),
        (&["targets/a/x", "targets"], "targets/a/x", "targets/a/x", "targets/a/x", "targets/a/x"),
    ] {
        let names = [("all", all), ("b and x", b_and_x), ("below", below), ("x", x)];
        assert_eq!(listed(&set, among), pairs(&names), "{among:?}");
        for (name, holder) in names {
            assert_eq!(looked_up(&set, name, among).unwrap(), holder, "{among:?}");
        }
    }
    assert_eq!(listed(&set, &["targets/c"]), []);
    assert_eq!(listed(&set, &["root"]), []);
    assert_eq!(looked_up(&set, "b and x", &["targets/a", "targets/c"]).unwrap(), "targets/a/x");
}

#[test]
fn of_two_delegations_of_one_name_the_first_is_in_force() {
    let mut sim = Sim::new();
    sim.delegate("targets/a", &["1/"]).delegate("targets/a", &["2/"]);
    let second = sim.keys["targets/a"].clone();
    sim.add_target("targets/a", "1/x", "").add_target("targets/a", "2/x", "");
    // The simulator signs with the newest key, which is that of the second entry.
    let refused = sim.check().unwrap();
    let too_few = Error::Threshold { role: role("targets/a"), need: 1, have: 0 };
    assert_eq!(refused.refused()[&role("targets/a")].why, Some(too_few));
    let id = serde_json::json!([second[0].id()]);
    sim.set("targets", "/delegations/roles/0/keyids", id);
    let set = sim.check().unwrap();
    assert_eq!(listed(&set, &[]), pairs(&[("1/x", "targets/a")]));
    assert_eq!(set.effective_paths(&role("targets/a")).unwrap(), ["1/"]);
}

#[test]
fn nothing_is_left_of_a_role_whose_parent_does_not_name_it_any_more() {
    let mut sim = family();
    sim.version("targets", 2).payload("targets")["delegations"]["roles"]
        .as_array_mut()
        .unwrap()
        .remove(0);
    let files = sim.publish();
    assert!(files.contains_key("targets/a/x"), "the files are still there and described");
    let set = sim.read(&files).unwrap();
    assert_eq!(listed(&set, &["targets/a/x", "targets/a"]), []);
    assert_eq!(set.effective_paths(&role("targets/a/x")), None);
    assert_eq!(looked_up(&set, "x", &[]), None);
    assert_eq!(looked_up(&set, "below", &[]).unwrap(), "targets/b");
}

/// What a server can do to `targets/a`, and what is read then.
fn attacked() -> Vec<(&'static str, TrustedSet)> {
    let sim = family();
    let honest = sim.publish();
    let mut missing = honest.clone();
    missing.remove("targets/a");
    let mut other = honest.clone();
    other.insert("targets/a".into(), sim.publish()["targets/a"].clone());
    let mut floors = Floors::default();
    floors.raise(&role("targets/a"), 2);
    vec![
        ("missing", sim.read(&missing).unwrap()),
        ("substituted", sim.read(&other).unwrap()),
        ("rolled back", sim.read_with(&honest, floors).unwrap()),
    ]
}

#[test]
fn names_that_a_hidden_role_may_have_signed_are_withheld_in_all_that_come_after_it() {
    for (what, set) in attacked() {
        let withheld = Some("withheld because of targets/a".to_owned());
        assert_eq!(listed(&set, &[]), pairs(&[("all", "targets")]), "{what}");
        assert_eq!(set.list(&[]).withheld, 2, "{what}: `below` and `b and x` of targets/b");
        assert_eq!(looked_up(&set, "all", &[]).unwrap(), "targets", "{what}");
        for name in ["below", "b and x", "x", "never heard of"] {
            assert_eq!(looked_up(&set, name, &[]), withheld, "{what} {name}");
        }
        // What comes before it is not affected.
        let among = ["targets/b", "targets"];
        assert_eq!(looked_up(&set, "below", &among).unwrap(), "targets/b", "{what}");
        assert_eq!(looked_up(&set, "all", &among).unwrap(), "targets/b", "{what}");
        assert_eq!(looked_up(&set, "x", &among), withheld, "{what}");
    }
}

#[test]
fn what_lies_below_a_hidden_role_is_hidden_with_it() {
    for (what, set) in attacked() {
        let withheld = Some("withheld because of targets/a".to_owned());
        for among in
            [&["targets/a/x"][..], &["targets/a/x", "targets"], &["targets/a/x", "targets/b"]]
        {
            for name in ["all", "below", "x"] {
                assert_eq!(looked_up(&set, name, among), withheld, "{what} {name} {among:?}");
            }
            assert_eq!(listed(&set, among), [], "{what} {among:?}");
        }
    }
}

#[test]
fn a_hidden_role_withholds_only_what_it_may_sign() {
    let mut sim = Sim::new();
    sim.delegate("targets/a", &["a/"]).delegate("targets/b", &[""]);
    sim.add_target("targets/b", "a/1", "").add_target("targets/b", "b/1", "");
    let mut files = sim.publish();
    files.remove("targets/a");
    let set = sim.read(&files).unwrap();
    assert_eq!(listed(&set, &[]), pairs(&[("b/1", "targets/b")]));
    assert_eq!(set.list(&[]).withheld, 1);
    assert_eq!(looked_up(&set, "a/1", &[]).unwrap(), "withheld because of targets/a");
    assert_eq!(looked_up(&set, "b/1", &[]).unwrap(), "targets/b");
    assert_eq!(looked_up(&set, "a/1", &["targets/b"]).unwrap(), "targets/b");
    assert_eq!(looked_up(&set, "b/2", &["targets/a/x", "targets"]), None);
}

#[test]
fn a_role_whose_publisher_left_it_unusable_is_passed_over() {
    type Change<'a> = &'a dyn Fn(&mut Sim);
    let unusable: [(&str, Change<'_>); 4] = [
        ("expired", &|sim| {
            let at = sim.now - Duration::days(1);
            sim.expires("targets/a", at);
        }),
        ("under-signed", &|sim| {
            let keys = sim.keys["targets/b"].clone();
            sim.sign_with("targets/a", &keys);
        }),
        ("of another type", &|sim| {
            sim.set("targets/a", "/_type", "Snapshot");
        }),
        ("never published", &|sim| {
            sim.described.insert("targets/a".into(), None);
        }),
    ];
    for (what, change) in unusable {
        let mut sim = family();
        change(&mut sim);
        let set = sim.check().unwrap();
        let expected = [("all", "targets"), ("b and x", "targets/b"), ("below", "targets/b")];
        assert_eq!(listed(&set, &[]), pairs(&expected), "{what}");
        assert_eq!(set.list(&[]).withheld, 0, "{what}");
        assert_eq!(looked_up(&set, "x", &[]), None, "{what}");
    }
}

/// A collection of up to seven delegations with random paths, order, targets and damages.
fn random_collection(random: &mut Random) -> TrustedSet {
    const PATHS: [&str; 5] = ["", "a", "a/", "b", "a/b"];
    let mut sim = Sim::new();
    let mut names = vec!["targets".to_owned()];
    for index in 0..7 {
        let parent = random.pick(&names).clone();
        let name = format!("{parent}/{index}");
        let count = random.below(3);
        let paths: Vec<&str> = (0..count).map(|_| *random.pick(&PATHS)).collect();
        sim.delegate(&name, &paths);
        names.push(name);
    }
    for _ in 0..12 {
        let holder = random.pick(&names).clone();
        let target = *random.pick(&TARGETS);
        sim.add_target(&holder, target, &holder);
    }
    let expired = random.pick(&names[1..]).clone();
    if random.below(2) == 0 {
        let at = sim.now - Duration::days(1);
        sim.expires(&expired, at);
    }
    let mut files = sim.publish();
    for _ in 0..random.below(3) {
        files.remove(random.pick(&names[1..]));
    }
    sim.read(&files).unwrap()
}

const TARGETS: [&str; 6] = ["a", "a/x", "a/b", "a/b/x", "b", "c"];

#[test]
fn lists_and_lookups_agree() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let set = random_collection(&mut random);
        let known: Vec<RoleName> =
            set.targets().keys().chain(set.refused().keys()).cloned().collect();
        for _ in 0..6 {
            let among: Vec<RoleName> =
                (0..random.below(4)).map(|_| random.pick(&known).clone()).collect();
            let listing = set.list(&among);
            for name in TARGETS {
                let entry = listing.targets.get(name);
                let context = format!("seed {seed}, {name} among {among:?}");
                match set.lookup(name, &among) {
                    Lookup::Found(found) => {
                        assert_eq!(entry, Some(&found), "{context}");
                        *seen.entry("found").or_default() += 1;
                    }
                    Lookup::Missing => {
                        assert_eq!(entry, None, "{context}");
                        *seen.entry("missing").or_default() += 1;
                    }
                    Lookup::Withheld { role, why } => {
                        assert_eq!(entry, None, "{context}");
                        assert_eq!(set.refused()[&role].why, why, "{context}");
                        *seen.entry("withheld").or_default() += 1;
                    }
                }
            }
        }
    }
    assert!(seen.len() == 3 && seen.values().all(|count| *count > 100), "{seen:?}");
}
