//! Editing a collection: what each operation does, and when it refuses.

use std::collections::BTreeSet;

use notary::tuf::edit::{DelegationEdit, Draft, EditError, Effect, Note};
use notary::tuf::error::Error;
use notary::tuf::key::{KeyId, PublicKey};
use notary::tuf::metadata::FileMeta;
use notary::tuf::role::RoleName;
use notary::tuf::trusted::TrustedSet;
use time::Duration;

use crate::support::{Sim, SimKey, role};

/// targets → a (paths `a/`, two keys) → a/b (paths `a/b/`).
fn family() -> Sim {
    let mut sim = Sim::new();
    sim.delegate_to("targets/a", &["a/"], &[SimKey::new(), SimKey::new()], 1);
    sim.delegate("targets/a/b", &["a/b/"]);
    sim.add_target("targets/a", "a/x", "content");
    sim
}

/// The canonical ids of the keys of these roles.
fn held(sim: &Sim, names: &[&str]) -> BTreeSet<KeyId> {
    names.iter().flat_map(|name| &sim.keys[*name]).map(|key| key.private.id().clone()).collect()
}

fn all(sim: &Sim) -> BTreeSet<KeyId> {
    held(sim, &sim.keys.keys().map(String::as_str).collect::<Vec<_>>())
}

fn meta(text: &str) -> FileMeta {
    FileMeta::of(text.as_bytes())
}

fn keys(keys: &[&SimKey]) -> Vec<PublicKey> {
    keys.iter().map(|key| key.public.clone()).collect()
}

fn ids(keys: &[SimKey]) -> Vec<KeyId> {
    let mut ids: Vec<_> = keys.iter().map(|key| key.private.id().clone()).collect();
    ids.sort();
    ids
}

fn edit() -> DelegationEdit {
    DelegationEdit { threshold: 1, ..DelegationEdit::default() }
}

fn strings(strings: &[&str]) -> Vec<String> {
    strings.iter().map(|string| (*string).to_owned()).collect()
}

/// An operation on a fresh draft of the whole family, all of whose keys are here.
fn on_family<T>(operation: impl FnOnce(&mut Draft<'_>, &Sim) -> T) -> T {
    let sim = family();
    let (set, held) = (sim.check().unwrap(), all(&sim));
    operation(&mut Draft::new(&set, &held), &sim)
}

#[test]
fn what_is_already_as_asked_for_changes_nothing() {
    on_family(|draft, sim| {
        let (a, b) = (role("targets/a"), role("targets/a/b"));
        let present = DelegationEdit {
            add_keys: keys(&[&sim.keys["targets/a"][1]]),
            add_paths: strings(&["a/"]),
            remove_keys: vec![SimKey::new().id()],
            remove_paths: strings(&["b/"]),
            ..edit()
        };
        for effect in [
            draft.add_target(&a, "a/x", meta("content")),
            draft.remove_target(&a, "a/y"),
            draft.remove_target(&b, "a/b/x"),
            draft.edit_delegation(&a, &present),
            draft.edit_delegation(&a, &DelegationEdit::default()),
            draft.delete_delegation(&role("targets/c")),
            draft.delete_delegation(&role("targets/a/b/c")),
            draft.purge_keys(&RoleName::TARGETS, &[SimKey::new().id()]),
        ] {
            assert_eq!(effect, Ok(Effect::Unchanged));
        }
        assert!(!draft.is_changed());
        assert_eq!(draft.notes(), []);
    });
}

#[test]
fn what_changes_nothing_needs_no_key() {
    let sim = family();
    let (set, nobody) = (sim.check().unwrap(), BTreeSet::new());
    let mut draft = Draft::new(&set, &nobody);
    let a = role("targets/a");
    assert_eq!(draft.add_target(&a, "a/x", meta("content")), Ok(Effect::Unchanged));
    assert_eq!(draft.remove_target(&a, "a/y"), Ok(Effect::Unchanged));
}

#[test]
fn missing_keys_are_named() {
    let sim = family();
    let set = sim.check().unwrap();
    let no_key = |name: &str| {
        let keys = ids(&sim.keys[name]);
        Err(EditError::NoKey { role: role(name), keys })
    };
    let (a, b) = (role("targets/a"), role("targets/a/b"));
    let held_by = held(&sim, &["targets/a/b"]);
    let mut draft = Draft::new(&set, &held_by);
    assert_eq!(draft.add_target(&a, "a/y", meta("")), no_key("targets/a"));
    assert_eq!(draft.remove_target(&a, "a/x"), no_key("targets/a"));
    assert_eq!(draft.add_target(&RoleName::TARGETS, "y", meta("")), no_key("targets"));
    let paths = DelegationEdit { add_paths: strings(&["a/y"]), ..edit() };
    assert_eq!(draft.edit_delegation(&a, &paths), no_key("targets"));
    assert_eq!(draft.edit_delegation(&b, &paths), no_key("targets/a"));
    assert_eq!(draft.delete_delegation(&b), no_key("targets/a"));
    assert_eq!(draft.witness(&a), no_key("targets/a"));
    let new = keys(&[&SimKey::new()]);
    assert_eq!(draft.set_role_keys(&RoleName::TARGETS, new), no_key("root"));
    assert!(!draft.is_changed(), "nothing is done by halves");
    assert_eq!(draft.add_target(&b, "a/b/x", meta("")), Ok(Effect::Changed));
}

#[test]
fn one_of_several_keys_is_enough_to_edit() {
    let sim = family();
    let set = sim.check().unwrap();
    let one = [sim.keys["targets/a"][1].private.id().clone()].into();
    let mut draft = Draft::new(&set, &one);
    let a = role("targets/a");
    assert_eq!(draft.add_target(&a, "a/y", meta("")), Ok(Effect::Changed));
}

#[test]
fn targets_must_lie_within_the_effective_paths() {
    let mut sim = family();
    // A name that its role may not sign can still be removed.
    sim.add_target("targets/a", "misplaced", "");
    let (set, held) = (sim.check().unwrap(), all(&sim));
    let mut draft = Draft::new(&set, &held);
    for (name, target, allowed) in [
        ("targets/a", "b/x", &["a/"][..]),
        ("targets/a", "", &["a/"]),
        ("targets/a/b", "a/x", &["a/b/"]),
    ] {
        let refused = EditError::TargetOutsidePaths {
            role: role(name),
            name: target.into(),
            allowed: strings(allowed),
            narrow: role(if target == "a/x" { "targets/a/b" } else { "targets/a" }),
        };
        assert_eq!(draft.add_target(&role(name), target, meta("")), Err(refused));
    }
    assert!(!draft.is_changed());
    assert_eq!(draft.remove_target(&role("targets/a"), "misplaced"), Ok(Effect::Changed));
    assert_eq!(draft.add_target(&role("targets/a/b"), "a/b/x", meta("")), Ok(Effect::Changed));
}

#[test]
fn roles_that_do_not_exist_are_refused() {
    on_family(|draft, _| {
        for name in ["targets/c", "targets/a/c", "targets/c/d"] {
            let missing = Err(EditError::NoSuchRole { role: role(name) });
            assert_eq!(draft.add_target(&role(name), "a/x", meta("")), missing);
            assert_eq!(draft.remove_target(&role(name), "a/x"), missing);
            assert_eq!(draft.witness(&role(name)), missing);
        }
        let orphan = role("targets/c/d");
        let missing = Err(EditError::NoSuchRole { role: role("targets/c") });
        assert_eq!(draft.edit_delegation(&orphan, &edit()), missing);
        assert_eq!(draft.delete_delegation(&orphan), missing);
        for base in RoleName::BASE {
            let missing = Err(EditError::NoSuchRole { role: base.clone() });
            assert_eq!(draft.edit_delegation(&base, &edit()), missing);
            assert_eq!(draft.delete_delegation(&base), missing);
        }
        let a = role("targets/a");
        let missing = Err(EditError::NoSuchRole { role: a.clone() });
        assert_eq!(draft.set_role_keys(&a, Vec::new()), missing);
    });
}

#[test]
fn new_delegations_need_keys_and_a_threshold() {
    on_family(|draft, _| {
        let (c, key) = (role("targets/c"), SimKey::new());
        let missing = Err(EditError::NoKeysForNewRole { role: c.clone() });
        let with = |threshold, keys| DelegationEdit { threshold, add_keys: keys, ..edit() };
        for edit in [with(1, Vec::new()), with(0, keys(&[&key])), with(-1, keys(&[&key]))] {
            assert_eq!(draft.edit_delegation(&c, &edit), missing);
        }
        assert_eq!(draft.edit_delegation(&c, &with(2, keys(&[&key]))), Ok(Effect::Changed));
        let mut settled = draft.clone();
        settled.settle();
        let note = Note::FewerKeysThanThreshold { role: c.clone(), threshold: 2 };
        assert_eq!(settled.notes(), [note]);
        // The threshold of a role that exists stays as it is, and what counts is the end.
        let more = with(7, keys(&[&SimKey::new()]));
        assert_eq!(draft.edit_delegation(&c, &more), Ok(Effect::Changed));
        draft.settle();
        assert_eq!(draft.notes(), []);
    });
}

#[test]
fn the_threshold_of_a_delegation_can_be_changed() {
    on_family(|draft, _| {
        let a = role("targets/a");
        let to = |threshold| DelegationEdit { set_threshold: Some(threshold), ..edit() };
        assert_eq!(draft.edit_delegation(&a, &to(1)), Ok(Effect::Unchanged));
        assert_eq!(draft.edit_delegation(&a, &to(2)), Ok(Effect::Changed));
        assert_eq!(draft.delegation(&a).unwrap().threshold, 2);
        assert_eq!(draft.edit_delegation(&a, &to(3)), Ok(Effect::Changed));
        draft.settle();
        let note = Note::FewerKeysThanThreshold { role: a.clone(), threshold: 3 };
        assert_eq!(draft.notes(), [note]);
        let nobody = Err(EditError::NoKeysForNewRole { role: role("targets/c") });
        assert_eq!(draft.edit_delegation(&role("targets/c"), &to(2)), nobody);
    });
}

#[test]
fn where_nobody_asks_for_keys_all_other_rules_hold() {
    let sim = family();
    let set = sim.check().unwrap();
    let mut draft = Draft::for_anybody(&set);
    let (a, b) = (role("targets/a"), role("targets/a/b"));
    let paths = |path| DelegationEdit { add_paths: strings(&[path]), ..edit() };
    assert_eq!(draft.add_target(&b, "a/b/x", meta("")), Ok(Effect::Changed));
    assert_eq!(draft.edit_delegation(&b, &paths("a/c/")), Ok(Effect::Changed));
    assert_eq!(draft.add_target(&b, "a/c/x", meta("")), Ok(Effect::Changed));
    assert_eq!(draft.remove_target(&a, "a/x"), Ok(Effect::Changed));
    assert_eq!(draft.witness(&RoleName::TARGETS), Ok(Effect::Changed));
    let outside = draft.edit_delegation(&b, &paths("b/"));
    assert!(matches!(outside, Err(EditError::PathOutsideParent { .. })), "{outside:?}");
    let outside = draft.add_target(&b, "a/x", meta(""));
    assert!(matches!(outside, Err(EditError::TargetOutsidePaths { .. })), "{outside:?}");
    assert_eq!(draft.keys_below(&RoleName::TARGETS), held(&sim, &["targets/a", "targets/a/b"]));
    assert_eq!(draft.keys_below(&a), held(&sim, &["targets/a/b"]));
    assert_eq!(draft.delete_delegation(&a), Ok(Effect::Changed));
    assert_eq!(draft.keys_below(&RoleName::TARGETS), BTreeSet::new());
    let missing = Err(EditError::NoSuchRole { role: b.clone() });
    assert_eq!(draft.add_target(&b, "a/b/x", meta("")), missing);
}

/// What was found out about a role does not outlive a change of its keys or paths.
#[test]
fn every_edit_is_judged_by_the_paths_and_keys_of_its_moment() {
    let sim = family();
    let set = sim.check().unwrap();
    let held = held(&sim, &["targets", "targets/a"]);
    let mut draft = Draft::new(&set, &held);
    let (a, b) = (role("targets/a"), role("targets/a/b"));
    assert_eq!(draft.add_target(&a, "a/y", meta("")), Ok(Effect::Changed));
    let narrow =
        DelegationEdit { add_paths: strings(&["a/b/"]), remove_paths: strings(&["a/"]), ..edit() };
    assert_eq!(draft.edit_delegation(&a, &narrow), Ok(Effect::Changed));
    let outside = draft.add_target(&a, "a/z", meta(""));
    assert!(matches!(outside, Err(EditError::TargetOutsidePaths { .. })), "{outside:?}");
    assert_eq!(draft.add_target(&a, "a/b/y", meta("")), Ok(Effect::Changed));
    let paths = DelegationEdit { clear_paths: true, ..edit() };
    assert_eq!(draft.edit_delegation(&a, &paths), Ok(Effect::Changed));
    let outside = draft.edit_delegation(&b, &narrow);
    assert!(matches!(outside, Err(EditError::PathOutsideParent { .. })), "{outside:?}");
    // The keys that are here leave the role.
    let leave = DelegationEdit {
        add_keys: keys(&[&SimKey::new()]),
        remove_keys: ids(&sim.keys["targets/a"]),
        ..edit()
    };
    assert_eq!(draft.edit_delegation(&a, &leave), Ok(Effect::Changed));
    let no_key = draft.remove_target(&a, "a/b/y");
    assert!(matches!(no_key, Err(EditError::NoKey { .. })), "{no_key:?}");
}

#[test]
fn new_paths_must_lie_within_those_of_the_parent() {
    on_family(|draft, _| {
        let b = role("targets/a/b");
        for path in ["", "a", "b/", "A/"] {
            let edit = DelegationEdit { add_paths: strings(&["a/ok", path]), ..edit() };
            let refused = EditError::PathOutsideParent {
                role: b.clone(),
                path: path.into(),
                allowed: strings(&["a/"]),
                narrow: role("targets/a"),
            };
            assert_eq!(draft.edit_delegation(&b, &edit), Err(refused));
        }
        assert!(!draft.is_changed());
        let edit = DelegationEdit { add_paths: strings(&["a/"]), ..edit() };
        assert_eq!(draft.edit_delegation(&b, &edit), Ok(Effect::Changed));
    });
}

#[test]
fn a_delegation_that_was_deleted_is_gone_with_its_file() {
    on_family(|draft, sim| {
        let (a, b) = (role("targets/a"), role("targets/a/b"));
        assert_eq!(draft.add_target(&a, "a/y", meta("")), Ok(Effect::Changed));
        assert_eq!(draft.delete_delegation(&a), Ok(Effect::Changed));
        let missing = |role: &RoleName| Err(EditError::NoSuchRole { role: role.clone() });
        assert_eq!(draft.add_target(&a, "a/y", meta("")), missing(&a));
        assert_eq!(draft.add_target(&b, "a/b/y", meta("")), missing(&b));
        assert_eq!(draft.delete_delegation(&a), Ok(Effect::Unchanged));
        // Made anew, it has none of its former targets and delegations.
        let again = DelegationEdit {
            add_keys: keys(&[&sim.keys["targets/a"][0]]),
            add_paths: strings(&["a/"]),
            ..edit()
        };
        assert_eq!(draft.edit_delegation(&a, &again), Ok(Effect::Changed));
        assert_eq!(draft.remove_target(&a, "a/x"), Ok(Effect::Unchanged));
        assert_eq!(draft.add_target(&b, "a/b/y", meta("")), missing(&b));
        assert_eq!(draft.add_target(&a, "a/x", meta("content")), Ok(Effect::Changed));
    });
}

#[test]
fn purges_reach_every_file_that_can_be_signed() {
    let (leaving, certificate) = (SimKey::new(), SimKey::root());
    let staying = SimKey::new();
    let of_a = [leaving.clone(), certificate.clone(), staying.clone()];
    let mut sim = Sim::new();
    sim.delegate_to("targets/a", &[""], &of_a, 2);
    sim.delegate_to("targets/a/b", &[""], std::slice::from_ref(&leaving), 1);
    sim.delegate_to("targets/c", &[""], std::slice::from_ref(&certificate), 2);
    let set = sim.check().unwrap();
    let ids = [leaving.private.id().clone(), certificate.private.id().clone()];
    let fewer =
        |name: &str, threshold| Note::FewerKeysThanThreshold { role: role(name), threshold };

    let everything = all(&sim);
    let mut draft = Draft::new(&set, &everything);
    assert_eq!(draft.purge_keys(&RoleName::TARGETS, &ids), Ok(Effect::Changed));
    assert_eq!(draft.purge_keys(&RoleName::TARGETS, &ids), Ok(Effect::Unchanged));
    draft.settle();
    let notes = [fewer("targets/a", 2), fewer("targets/c", 2), fewer("targets/a/b", 1)];
    assert_eq!(draft.notes(), notes);

    // Certificates are named by the id of their key.
    let mut draft = Draft::new(&set, &everything);
    let by_certificate = draft.purge_keys(&RoleName::TARGETS, &[certificate.id()]);
    assert_eq!(by_certificate, Ok(Effect::Unchanged));

    // Only below the given role.
    let mut draft = Draft::new(&set, &everything);
    assert_eq!(draft.purge_keys(&role("targets/a"), &ids), Ok(Effect::Changed));
    draft.settle();
    assert_eq!(draft.notes(), [fewer("targets/a/b", 1)]);

    // Who holds none but leaving keys of a role cannot sign its file any more.
    let few = held(&sim, &["targets", "targets/a/b"]);
    let mut draft = Draft::new(&set, &few);
    assert_eq!(draft.purge_keys(&RoleName::TARGETS, &ids), Ok(Effect::Changed));
    assert_eq!(draft.notes().last(), Some(&Note::NotPurged { role: role("targets/a") }));

    let few = held(&sim, &["targets/a"]);
    let mut draft = Draft::new(&set, &few);
    assert_eq!(draft.purge_keys(&RoleName::TARGETS, &ids), Ok(Effect::Changed));
    draft.settle();
    let notes = [Note::NotPurged { role: RoleName::TARGETS }, fewer("targets/a/b", 1)];
    assert_eq!(draft.notes(), notes);
    let nobody = BTreeSet::new();
    let mut draft = Draft::new(&set, &nobody);
    assert_eq!(draft.purge_keys(&RoleName::TARGETS, &ids), Ok(Effect::Unchanged));
    assert!(!draft.is_changed());
}

/// The family with `targets/a` expired or, worse, missing.
fn unusable(missing: bool) -> (Sim, TrustedSet, Option<Error>) {
    let mut sim = family();
    let at = sim.now - Duration::days(1);
    sim.expires("targets/a", at);
    let mut files = sim.publish();
    let expired = Error::Expired { role: role("targets/a"), at };
    if missing {
        files.remove("targets/a");
    }
    let set = sim.read(&files).unwrap();
    (sim, set, (!missing).then_some(expired))
}

#[test]
fn unusable_files_are_not_built_upon_and_nothing_is_said_to_be_done() {
    for missing in [false, true] {
        let (sim, set, why) = unusable(missing);
        let held = all(&sim);
        let mut draft = Draft::new(&set, &held);
        let (a, b) = (role("targets/a"), role("targets/a/b"));
        let refused = Err(EditError::Unusable { role: a.clone(), why });
        let new = DelegationEdit { add_keys: keys(&[&SimKey::new()]), ..edit() };
        let paths = DelegationEdit { remove_paths: strings(&["a/b/"]), ..edit() };
        assert_eq!(draft.add_target(&a, "a/y", meta("")), refused);
        assert_eq!(draft.remove_target(&a, "a/x"), refused);
        assert_eq!(draft.remove_target(&a, "a/y"), refused);
        assert_eq!(draft.add_target(&b, "a/b/y", meta("")), refused);
        assert_eq!(draft.remove_target(&b, "a/b/y"), refused);
        assert_eq!(draft.edit_delegation(&b, &new), refused);
        assert_eq!(draft.edit_delegation(&b, &paths), refused);
        assert_eq!(draft.delete_delegation(&b), refused);
        assert_eq!(draft.witness(&b), refused);
        assert!(!draft.is_changed());
        // The delegation itself stands in a file that is all right.
        assert_eq!(draft.delete_delegation(&a), Ok(Effect::Changed));
    }
}

#[test]
fn a_witness_makes_an_expired_file_usable_again() {
    let (sim, set, why) = unusable(false);
    let a = role("targets/a");
    let held = all(&sim);
    let mut draft = Draft::new(&set, &held);
    assert_eq!(draft.witness(&a), Ok(Effect::Changed));
    assert_eq!(draft.witness(&a), Ok(Effect::Changed));
    assert_eq!(draft.add_target(&a, "a/x", meta("content")), Ok(Effect::Unchanged));
    assert_eq!(draft.remove_target(&a, "a/x"), Ok(Effect::Changed));
    assert_eq!(draft.edit_delegation(&role("targets/a/b"), &edit()), Ok(Effect::Unchanged));

    // What was deleted before does not come back with it.
    let mut draft = Draft::new(&set, &held);
    draft.delete_delegation(&a).unwrap();
    let new = DelegationEdit {
        add_keys: keys(&[&sim.keys["targets/a"][0]]),
        add_paths: strings(&["a/"]),
        ..edit()
    };
    draft.edit_delegation(&a, &new).unwrap();
    let nothing_yet = Err(EditError::NoFile { role: a.clone() });
    assert_eq!(draft.witness(&a), nothing_yet);
    assert_eq!(draft.remove_target(&a, "a/x"), Ok(Effect::Unchanged));

    // What is missing cannot be signed again.
    let (sim, set, _) = unusable(true);
    let held = all(&sim);
    let refused = Err(EditError::Unusable { role: a.clone(), why: None });
    assert_eq!(Draft::new(&set, &held).witness(&a), refused);
    assert!(why.is_some());
}

#[test]
fn a_witness_needs_as_many_keys_as_the_threshold() {
    let mut sim = family();
    sim.delegate_to("targets/c", &[""], &[SimKey::new()], 2);
    let (set, held) = (sim.check().unwrap(), all(&sim));
    let mut draft = Draft::new(&set, &held);
    let refused = EditError::FewerKeysThanThreshold { role: role("targets/c"), need: 2, have: 1 };
    assert_eq!(draft.witness(&role("targets/c")), Err(refused));
    assert_eq!(draft.witness(&RoleName::TARGETS), Ok(Effect::Changed));
}
