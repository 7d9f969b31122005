//! Partial publications: what fits, what is refused, and what is shown.

use std::collections::BTreeSet;

use notary::tuf::edit::{DelegationEdit, Draft};
use notary::tuf::error::Error;
use notary::tuf::key::{KeyId, Signers};
use notary::tuf::partial::{Partial, PartialError};
use notary::tuf::role::RoleName;
use notary::tuf::trusted::TrustedSet;
use serde_json::{Value, json};

use crate::support::{Sim, SimKey, role, signers};

/// A collection with two delegations, the first of which needs two of its three keys.
fn collection() -> (Sim, [SimKey; 3]) {
    let keys = [SimKey::new(), SimKey::new(), SimKey::new()];
    let mut sim = Sim::new();
    sim.delegate_to("targets/a", &["a/"], &keys, 2).delegate("targets/b", &[""]);
    sim.add_target("targets/a", "a/1", "one");
    (sim, keys)
}

/// What somebody without keys prepares.
fn prepared(sim: &Sim, set: &TrustedSet, edit: impl FnOnce(&mut Draft<'_>)) -> Value {
    let mut draft = Draft::for_anybody(set);
    edit(&mut draft);
    let plan = draft.plan_partial(sim.now, &BTreeSet::new());
    let made = draft.make(&plan, &Signers::new(), sim.now).unwrap();
    let partial = Partial::new(&sim.gun, "the server", set, &made, draft.deleted()).unwrap();
    assert_eq!(Partial::parse(&partial.to_bytes()).unwrap(), partial);
    serde_json::to_value(&partial).unwrap()
}

fn judge(sim: &Sim, set: &TrustedSet, file: &Value) -> Result<(), PartialError> {
    let partial = Partial::parse(&serde_json::to_vec(file).unwrap())?;
    partial.judge(&sim.gun, set, sim.now).map(|_| ())
}

#[test]
fn signatures_are_added_until_there_are_enough_and_no_more() {
    let (sim, keys) = collection();
    let set = sim.check().unwrap();
    let file = prepared(&sim, &set, |draft| {
        draft.remove_target(&role("targets/a"), "a/1").unwrap();
    });
    let partial = Partial::parse(&serde_json::to_vec(&file).unwrap()).unwrap();
    let mut judged = partial.judge(&sim.gun, &set, sim.now).unwrap();
    let lacking = |judged: &notary::tuf::partial::judge::Judged<'_>| {
        judged.lacking().iter().map(|(_, sets)| sets[0].threshold).sum::<i64>()
    };
    assert_eq!(lacking(&judged), 2);
    assert!(judged.sign(&signers([&SimKey::new()])).unwrap().is_empty(), "a stranger's key");
    assert_eq!(judged.sign(&signers([&keys[0]])).unwrap(), [role("targets/a")]);
    assert!(judged.sign(&signers([&keys[0]])).unwrap().is_empty(), "it has signed already");
    assert_eq!(lacking(&judged), 1);
    // It goes from one to the other as a file.
    let passed_on = Partial::parse(&judged.partial().to_bytes()).unwrap();
    let mut judged = passed_on.judge(&sim.gun, &set, sim.now).unwrap();
    assert_eq!(lacking(&judged), 1);
    assert_eq!(judged.sign(&signers([&keys[2]])).unwrap(), [role("targets/a")]);
    assert_eq!(lacking(&judged), 0);
    assert!(judged.sign(&signers([&keys[1]])).unwrap().is_empty(), "nothing is missing");

    let held = BTreeSet::new();
    let mut draft = Draft::new(&set, &held);
    judged.apply(&mut draft);
    let plan = draft.plan(sim.now, false, &held);
    let publication = draft.sign(&plan, &Signers::new(), sim.now, &sim.verifier()).unwrap();
    let [file] = &publication.files[..] else { panic!("{publication:?}") };
    let of = |key: &SimKey| key.private.id().clone();
    let signed_by: BTreeSet<KeyId> = file.signed_by.iter().cloned().collect();
    assert_eq!(signed_by, [of(&keys[0]), of(&keys[2])].into());
    assert_eq!((file.version, file.keys.len(), file.threshold), (2, 3, 2));
}

#[test]
fn too_few_signatures_are_never_let_out() {
    let (sim, keys) = collection();
    let set = sim.check().unwrap();
    let file = prepared(&sim, &set, |draft| {
        draft.witness(&role("targets/a")).unwrap();
    });
    let partial = Partial::parse(&serde_json::to_vec(&file).unwrap()).unwrap();
    let mut judged = partial.judge(&sim.gun, &set, sim.now).unwrap();
    judged.sign(&signers([&keys[1]])).unwrap();
    let held = BTreeSet::new();
    let mut draft = Draft::new(&set, &held);
    judged.apply(&mut draft);
    let plan = draft.plan(sim.now, false, &held);
    let error = draft.sign(&plan, &Signers::new(), sim.now, &sim.verifier()).unwrap_err();
    let words = "targets/a needs signatures by 2 of its keys, but only 1 could sign";
    assert_eq!(error.to_string(), words);
}

#[test]
fn a_root_with_other_keys_needs_the_old_and_the_new_ones() {
    let (sim, _) = collection();
    let set = sim.check().unwrap();
    let new = SimKey::root();
    let file = prepared(&sim, &set, |draft| {
        draft.set_role_keys(&RoleName::ROOT, vec![new.public.clone()]).unwrap();
    });
    let partial = Partial::parse(&serde_json::to_vec(&file).unwrap()).unwrap();
    let mut judged = partial.judge(&sim.gun, &set, sim.now).unwrap();
    assert_eq!(judged.lacking()[0].1.len(), 2);
    judged.sign(&signers([&new])).unwrap();
    assert_eq!(judged.lacking()[0].1.len(), 1);
    judged.sign(&signers([&sim.keys["root"][0]])).unwrap();
    assert!(judged.lacking().is_empty());
    let differences = judged.differences();
    assert_eq!(differences[0].roles[0].role, "root");
}

#[test]
fn nothing_hides_in_a_root() {
    let (sim, _) = collection();
    let set = sim.check().unwrap();
    let (new, stranger) = (SimKey::new(), SimKey::new());
    let file = prepared(&sim, &set, |draft| {
        draft.set_role_keys(&RoleName::SNAPSHOT, vec![new.public.clone()]).unwrap();
    });
    assert_eq!(judge(&sim, &set, &file), Ok(()));
    let id = stranger.id();
    type Change<'c> = Box<dyn Fn(&mut Value) + 'c>;
    let cases: [(&str, Change<'_>); 4] = [
        (
            "`consistent_snapshot` differs",
            Box::new(|root| root["consistent_snapshot"] = true.into()),
        ),
        (
            "it changes roles that nobody knows",
            Box::new(|root| root["roles"]["mirror"] = root["roles"]["targets"].clone()),
        ),
        (
            "it adds a key that no role uses",
            Box::new(|root| root["keys"][id.as_str()] = stranger.json()),
        ),
        (
            "a key has another id than it says",
            Box::new(|root| root["keys"][new.id().as_str()] = stranger.json()),
        ),
    ];
    for (what, change) in cases {
        let mut file = file.clone();
        change(&mut file["files"]["root"]["signed"]);
        let expected = PartialError::OtherForm { role: RoleName::ROOT, what };
        assert_eq!(judge(&sim, &set, &file), Err(expected));
    }
}

#[test]
fn delegations_that_change_places_are_shown_and_twice_there_are_none() {
    let (sim, _) = collection();
    let set = sim.check().unwrap();
    let file = prepared(&sim, &set, |draft| {
        draft.witness(&RoleName::TARGETS).unwrap();
    });
    let partial = Partial::parse(&serde_json::to_vec(&file).unwrap()).unwrap();
    let differences = partial.judge(&sim.gun, &set, sim.now).unwrap().differences();
    assert!(differences[0].roles.is_empty() && differences[0].order.is_none());

    let list = "/files/targets/signed/delegations/roles";
    let mut swapped = file.clone();
    swapped.pointer_mut(list).unwrap().as_array_mut().unwrap().swap(0, 1);
    let partial = Partial::parse(&serde_json::to_vec(&swapped).unwrap()).unwrap();
    let differences = partial.judge(&sim.gun, &set, sim.now).unwrap().differences();
    let order = ["targets/b".to_owned(), "targets/a".to_owned()];
    assert_eq!(differences[0].order.as_deref(), Some(&order[..]));

    let mut twice = file;
    let roles = twice.pointer_mut(list).unwrap().as_array_mut().unwrap();
    roles.push(roles[0].clone());
    let expected =
        PartialError::OtherForm { role: RoleName::TARGETS, what: "it lists a delegation twice" };
    assert_eq!(judge(&sim, &set, &twice), Err(expected));
}

#[test]
fn versions_and_expiry_are_those_of_the_next_file() {
    let (sim, _) = collection();
    let set = sim.check().unwrap();
    let name = "targets/a";
    let file = prepared(&sim, &set, |draft| {
        draft.witness(&role(name)).unwrap();
    });
    for found in [1, 3, 1 << 53] {
        let mut file = file.clone();
        file["files"][name]["signed"]["version"] = json!(found);
        let expected = PartialError::WrongVersion { role: role(name), found, next: 2 };
        assert_eq!(judge(&sim, &set, &file), Err(expected));
    }
    let mut expired = file;
    expired["files"][name]["signed"]["expires"] = json!("2026-11-21T02:59:59Z");
    let verdict = judge(&sim, &set, &expired);
    assert!(matches!(verdict, Err(PartialError::Trust(Error::Expired { .. }))), "{verdict:?}");
}

#[test]
fn what_is_removed_follows_from_what_is_signed() {
    let (sim, _) = collection();
    let set = sim.check().unwrap();
    let removed = |file: &Value| {
        let partial = Partial::parse(&serde_json::to_vec(file).unwrap())?;
        partial.judge(&sim.gun, &set, sim.now).map(|judged| judged.removed())
    };
    let mut file = prepared(&sim, &set, |draft| {
        draft.delete_delegation(&role("targets/b")).unwrap();
    });
    assert_eq!(removed(&file), Ok([role("targets/b")].into()));
    let witnessed = prepared(&sim, &set, |draft| {
        draft.witness(&RoleName::TARGETS).unwrap();
    });
    assert_eq!(removed(&witnessed), Ok([].into()));
    file["removed"] = json!(["targets/a"]);
    assert!(matches!(removed(&file), Err(PartialError::Form(_))), "nothing else says so");
}

#[test]
fn a_role_that_is_removed_and_made_anew_needs_a_file_of_its_own() {
    let (sim, keys) = collection();
    let set = sim.check().unwrap();
    let prepare = |target: bool| {
        let mut draft = Draft::for_anybody(&set);
        let name = role("targets/a");
        draft.delete_delegation(&name).unwrap();
        let add_keys = vec![keys[0].public.clone()];
        let edit = DelegationEdit {
            add_keys,
            add_paths: vec![String::new()],
            threshold: 1,
            ..DelegationEdit::default()
        };
        draft.edit_delegation(&name, &edit).unwrap();
        if target {
            let meta = set.targets_of(&name).unwrap().targets["a/1"].clone();
            draft.add_target(&name, "a/2", meta).unwrap();
        }
        let plan = draft.plan_partial(sim.now, &BTreeSet::new());
        let made = draft.make(&plan, &Signers::new(), sim.now).unwrap();
        Partial::new(&sim.gun, "the server", &set, &made, draft.deleted())
    };
    let error = PartialError::MadeAnew { role: role("targets/a") };
    assert_eq!(prepare(false), Err(error));
    let partial = prepare(true).unwrap();
    let judged = partial.judge(&sim.gun, &set, sim.now).unwrap();
    assert_eq!(judged.removed(), [].into());
    let differences = judged.differences();
    let targets = &differences.iter().find(|it| it.role == role("targets/a")).unwrap().targets;
    assert_eq!(targets.len(), 2, "one goes and one comes: {targets:?}");
}

#[test]
fn nothing_hides_in_the_keys_of_delegations() {
    let (sim, _) = collection();
    let set = sim.check().unwrap();
    let stranger = SimKey::new();
    let mut file = prepared(&sim, &set, |draft| {
        draft.witness(&RoleName::TARGETS).unwrap();
    });
    assert_eq!(judge(&sim, &set, &file), Ok(()));
    let keys = &mut file["files"]["targets"]["signed"]["delegations"]["keys"];
    keys[stranger.id().as_str()] = stranger.json();
    let what = "it adds a key that no role uses";
    let expected = PartialError::OtherForm { role: RoleName::TARGETS, what };
    assert_eq!(judge(&sim, &set, &file), Err(expected));
}

#[test]
fn signatures_are_counted_before_any_is_verified() {
    let (sim, keys) = collection();
    let set = sim.check().unwrap();
    let mut file = prepared(&sim, &set, |draft| {
        draft.witness(&role("targets/a")).unwrap();
    });
    // None of the first is valid, which would be said if it were looked at.
    let signature = |key: &SimKey| json!({"keyid": key.id(), "method": "ecdsa", "sig": "AAAA"});
    let stranger = SimKey::new();
    let (name, key) = (role("targets/a"), stranger.id());
    file["files"]["targets/a"]["signatures"] = json!([signature(&keys[0]), signature(&stranger)]);
    let expected = PartialError::ForeignSignature { role: name.clone(), key };
    assert_eq!(judge(&sim, &set, &file), Err(expected));
    file["files"]["targets/a"]["signatures"] = json!([signature(&keys[0]), signature(&keys[0])]);
    let expected = PartialError::TwoSignatures { role: name.clone(), key: keys[0].id() };
    assert_eq!(judge(&sim, &set, &file), Err(expected));
    file["files"]["targets/a"]["signatures"] = json!([signature(&keys[0])]);
    let expected = PartialError::InvalidSignature { role: name, key: keys[0].id() };
    assert_eq!(judge(&sim, &set, &file), Err(expected));
}
