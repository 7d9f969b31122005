//! Staged changes, replayed on what is published: the results are those that the Go client had.

use std::collections::BTreeSet;
use std::sync::Arc;

use data_encoding::BASE64;
use notary::changelist::{Action, Change, Kind};
use notary::keys;
use notary::repo::Error;
use notary::repo::rebase::{ChangeProblem, replay};
use notary::tuf::edit::{Draft, EditError, Effect, Note};
use notary::tuf::key::{Base64, KeyId, Signers};
use notary::tuf::pem;
use notary::tuf::pin::Pin;
use notary::tuf::role::{Gun, RoleName};
use notary::tuf::root_trust::RootVerifier;
use notary::tuf::sign::Publication;
use notary::tuf::trusted::{Floors, TrustedSet};
use serde_json::{Value, json};

use crate::support::{Sim, SimKey, golden, read_golden, role, sim_now, snapshot_of};

/// A collection that Go published, and all keys of its publisher.
struct Golden {
    gun: Gun,
    scenario: &'static str,
    signers: Signers,
}

impl Golden {
    fn new(scenario: &'static str, gun: &str) -> Self {
        let mut signers = Signers::new();
        for (path, text) in snapshot_of(&golden(scenario).join("trust/private")) {
            let block = &pem::decode_all(&text)[0];
            let passphrase = match block.headers["role"].as_str() {
                "root" => "root-passphrase",
                "targets" => "targets-passphrase",
                "snapshot" => "snapshot-passphrase",
                _ => "delegation-passphrase",
            };
            let key = keys::open(block, Some(passphrase)).unwrap();
            assert_eq!(path.file_stem().unwrap().to_str(), Some(key.id().as_str()));
            signers.insert(key.id().clone(), Arc::new(key));
        }
        Self { gun: Gun::parse(gun).unwrap(), scenario, signers }
    }

    fn held(&self) -> BTreeSet<KeyId> {
        self.signers.keys().cloned().collect()
    }

    fn verifier(&self) -> RootVerifier<'_> {
        RootVerifier { gun: &self.gun, pin: Pin::none(), now: sim_now() }
    }

    fn file(&self, name: &str) -> Vec<u8> {
        read_golden(format!("{}/server/{name}.json", self.scenario))
    }

    fn base(&self) -> TrustedSet {
        let root = self.verifier().accept_first(&self.file("root"), 0).unwrap();
        let mut set = TrustedSet::for_reading(root, sim_now(), Floors::default());
        set.load_timestamp(&self.file("timestamp")).unwrap();
        set.load_snapshot(&self.file("snapshot")).unwrap();
        set.load_targets(&self.file("targets")).unwrap();
        for name in ["releases", "qa", "releases/stable", "releases/stable/lts"] {
            let delegation = role(&format!("targets/{name}"));
            if set.wants(&delegation).is_some() {
                // One without keys cannot be loaded; what it delegates is out of reach then.
                let _ = set.load_delegation(&delegation, &self.file(delegation.as_str()));
            }
        }
        set
    }

    fn sign(&self, draft: Draft<'_>) -> Publication {
        let plan = draft.plan(sim_now(), false, &self.held());
        draft.sign(&plan, &self.signers, sim_now(), &self.verifier()).unwrap()
    }
}

fn change(action: Action, role: &str, kind: Kind, payload: Value) -> Change {
    let data = (!payload.is_null()).then(|| Base64(payload.to_string().into_bytes()));
    Change { action, role: role.to_owned(), kind, path: String::new(), data }
}

fn signed(bytes: &[u8]) -> Value {
    let mut signed = serde_json::from_slice::<Value>(bytes).unwrap()["signed"].take();
    signed.as_object_mut().unwrap().remove("expires").unwrap();
    signed
}

const DELEG_C: &str = "2fe6e86fecbd686d1e272bc3e063575b51caef4a7c597054f897d2c7091d3882";

#[test]
fn changes_of_delegations_have_the_results_that_go_had() {
    let update = |role, payload| change(Action::Update, role, Kind::Delegation, payload);
    let delete = |role| change(Action::Delete, role, Kind::Delegation, Value::Null);
    let purge = update("targets/*", json!({"remove_keys": [DELEG_C]}));
    for (before, after, changes, changed) in [
        (
            "03-delegations",
            "03b-delegations-narrowed",
            vec![update("targets/releases", json!({"remove_paths": ["rel/"]}))],
            &["targets"][..],
        ),
        ("03b-delegations-narrowed", "03c-delegations-purged", vec![purge], &["targets/releases"]),
        (
            "03c-delegations-purged",
            "03d-delegations-removed",
            vec![delete("targets/releases/stable"), delete("targets/qa")],
            &["targets/releases", "targets"],
        ),
    ] {
        let collection = Golden::new(before, "golden.example/delegations");
        let (base, held) = (collection.base(), collection.held());
        let mut draft = Draft::new(&base, &held);
        let effects = replay(&mut draft, &changes).unwrap();
        assert!(effects.iter().all(|effect| *effect == Effect::Changed), "{after}");
        let publication = collection.sign(draft);
        let roles: Vec<_> = publication.files.iter().map(|file| file.role.as_str()).collect();
        assert_eq!(roles, [changed, &["snapshot"]].concat(), "{after}");
        for file in &publication.files {
            let theirs = signed(&read_golden(format!("{after}/server/{}.json", file.role)));
            let ours = signed(&file.bytes);
            if file.role != RoleName::SNAPSHOT {
                assert_eq!(ours, theirs, "{after}: {}", file.role);
                continue;
            }
            // The hashes differ with the signatures, but not which files there are.
            assert_eq!(ours["version"], theirs["version"], "{after}");
            let names = |snapshot: &Value| -> BTreeSet<String> {
                snapshot["meta"].as_object().unwrap().keys().cloned().collect()
            };
            assert_eq!(names(&ours), names(&theirs), "{after}");
        }
    }
}

#[test]
fn every_kind_of_change_that_go_stages_has_its_effect() {
    use Effect::{Changed, Unchanged};
    let mut collection = Golden::new("06-staged", "golden.example/staged");
    let delegate = SimKey::golden("inputs/deleg-a.key").private;
    collection.signers.insert(delegate.id().clone(), delegate);
    let (base, held) = (collection.base(), collection.held());
    let mut draft = Draft::new(&base, &held);
    let releases = role("targets/releases");
    let outside = EditError::TargetOutsidePaths {
        role: releases.clone(),
        name: "t2".into(),
        allowed: vec!["rel/".into()],
        narrow: releases.clone(),
    };
    let expected = [
        Ok(Changed),
        Ok(Changed),
        Err(outside),
        Ok(Changed),
        Ok(Changed),
        // Nobody has published into the role yet.
        Ok(Unchanged),
        Ok(Changed),
        Ok(Changed),
        Ok(Changed),
        Ok(Changed),
        Ok(Changed),
        Ok(Changed),
        Ok(Changed),
        Ok(Changed),
        // The change before has removed the last path.
        Ok(Unchanged),
        Ok(Changed),
        Ok(Changed),
        Ok(Changed),
        Err(EditError::NoFile { role: releases.clone() }),
    ];
    let directory = golden("06-staged/trust/tuf/golden.example/staged/changelist");
    let staged = snapshot_of(&directory);
    assert_eq!(staged.len(), expected.len());
    for (index, ((path, text), expected)) in staged.iter().zip(expected).enumerate() {
        let change: Change = serde_json::from_slice(text).unwrap();
        let result = match replay(&mut draft, [&change]) {
            Ok(effects) => Ok(effects[0]),
            Err(Error::Change { why, .. }) => match *why {
                ChangeProblem::Edit(error) => Err(error),
                other => panic!("{index}: {other}"),
            },
            Err(other) => panic!("{index}: {other}"),
        };
        assert_eq!(result, expected, "{index}: {}", path.display());
    }
    draft.settle();
    let fewer = |name| Note::FewerKeysThanThreshold { role: role(name), threshold: 1 };
    let notes = draft.notes().to_vec();
    assert!(notes.contains(&fewer("targets/releases")) && notes.contains(&fewer("targets/all")));

    let publication = collection.sign(draft);
    let roles: Vec<_> = publication.files.iter().map(|file| file.role.as_str()).collect();
    assert_eq!(roles, ["targets", "snapshot"]);
    let targets = signed(&publication.files[0].bytes);
    let before = signed(&collection.file("targets"));
    assert_eq!(targets["version"], before["version"].as_i64().unwrap() + 1);
    let delegations = json!({"keys": {}, "roles": [
        {"keyids": null, "name": "targets/releases", "threshold": 1},
        {"keyids": null, "name": "targets/all", "paths": [""], "threshold": 1},
    ]});
    assert_eq!(targets["delegations"], delegations);
    let names: Vec<_> = targets["targets"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["t2", "t3"]);
    let custom: Value = serde_json::from_slice(&read_golden("inputs/custom.json")).unwrap();
    assert_eq!(targets["targets"]["t2"]["custom"], custom);
    assert_eq!(targets["targets"]["t3"]["length"], 42);
}

/// What comes of one change to targets → a → a/b, in short.
fn outcome(change: &Change) -> &'static str {
    let mut sim = Sim::new();
    let key = SimKey::golden("inputs/deleg-c.key");
    sim.delegate_to("targets/a", &[""], &[key.clone(), SimKey::new()], 1);
    sim.delegate_to("targets/a/b", &[""], &[key], 1);
    let base = sim.check().unwrap();
    let held = sim.keys.values().flatten().map(|key| key.private.id().clone()).collect();
    let mut draft = Draft::new(&base, &held);
    match replay(&mut draft, [change]) {
        Ok(effects) => match effects[0] {
            Effect::Changed => "changed",
            Effect::Unchanged => "unchanged",
        },
        Err(Error::Change { why, .. }) => {
            assert!(!draft.is_changed());
            match *why {
                ChangeProblem::ControlCharacters => "control characters",
                ChangeProblem::Edit(_) => "edit",
                ChangeProblem::InvalidRole(_) => "invalid role",
                ChangeProblem::NothingThere { .. } => "nothing there",
                ChangeProblem::Payload(_) => "payload",
                ChangeProblem::Unsupported { .. } => "unsupported",
                other => panic!("{other}"),
            }
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_purge_has_one_wildcard_behind_a_role_that_delegates() {
    for (name, expected) in [
        ("targets/*", "changed"),
        ("targets/a/*", "changed"),
        ("targets/a/b/*", "unchanged"),
        ("targets/c/*", "unchanged"),
        ("*", "invalid role"),
        ("/*", "invalid role"),
        ("//*", "invalid role"),
        ("targets/*/*", "invalid role"),
        ("targets/a/*/*", "invalid role"),
        ("targets/*/a", "invalid role"),
        ("targets/a*", "invalid role"),
        ("targets*", "invalid role"),
        ("targets//*", "invalid role"),
        ("targets/A/*", "invalid role"),
        ("targets/**", "invalid role"),
        ("root/*", "unsupported"),
        ("snapshot/*", "unsupported"),
        ("timestamp/*", "unsupported"),
    ] {
        let payload = json!({"remove_keys": [DELEG_C]});
        let purge = change(Action::Update, name, Kind::Delegation, payload);
        assert_eq!(outcome(&purge), expected, "{name}");
    }
}

#[test]
fn changes_that_mean_nothing_are_refused() {
    use Action::{Create, Delete, Update};
    let key = json!({"threshold": 1, "add_keys": [SimKey::new().json()]});
    let target = json!({"length": 1, "hashes": {"sha256": BASE64.encode(&[0; 32])}});
    for (action, name, kind, payload, expected) in [
        (Create, "targets/c", Kind::Delegation, key.clone(), "changed"),
        (Create, "targets/c", Kind::Delegation, Value::Null, "payload"),
        (Create, "targets/c", Kind::Delegation, json!("x"), "payload"),
        (Create, "targets/c", Kind::Delegation, json!({"add_paths": ["x"]}), "edit"),
        (Update, "targets/c", Kind::Delegation, key.clone(), "edit"),
        (Update, "targets/a", Kind::Delegation, json!({"threshold": 2}), "changed"),
        (Update, "targets/a", Kind::Delegation, json!({"threshold": 1}), "unchanged"),
        (Update, "targets/a", Kind::Delegation, json!({"threshold": -1}), "unchanged"),
        (Create, "targets/a", Kind::Delegation, json!({"threshold": 2}), "unchanged"),
        (Create, "targets/*", Kind::Delegation, key.clone(), "invalid role"),
        (Delete, "targets/*", Kind::Delegation, Value::Null, "invalid role"),
        (Create, "targets", Kind::Delegation, key.clone(), "unsupported"),
        (Delete, "root", Kind::Delegation, Value::Null, "unsupported"),
        (Delete, "targets/c", Kind::Delegation, Value::Null, "unchanged"),
        (Create, "targets", Kind::Target, target.clone(), "changed"),
        (Create, "targets", Kind::Target, Value::Null, "payload"),
        (Create, "targets", Kind::Target, json!({"hashes": {}}), "payload"),
        (Create, "targets/*", Kind::Target, target.clone(), "invalid role"),
        (Create, "targets/c", Kind::Target, target.clone(), "edit"),
        (Create, "root", Kind::Target, target.clone(), "unsupported"),
        (Create, "snapshot", Kind::Target, target.clone(), "unsupported"),
        (Update, "targets", Kind::Target, target, "unsupported"),
        (Delete, "targets", Kind::Target, Value::Null, "unchanged"),
        (Update, "targets", Kind::Witness, Value::Null, "changed"),
        (Update, "targets/a", Kind::Witness, Value::Null, "changed"),
        (Update, "targets/c", Kind::Witness, Value::Null, "nothing there"),
        (Update, "targets/*", Kind::Witness, Value::Null, "invalid role"),
        (Update, "root", Kind::Witness, Value::Null, "unsupported"),
        (Create, "targets", Kind::Witness, Value::Null, "unsupported"),
        (
            Create,
            "root",
            Kind::Role,
            json!({"role": "timestamp", "keys": [SimKey::new().json()]}),
            "changed",
        ),
        (Create, "root", Kind::Role, json!({"role": "targets/a", "keys": []}), "edit"),
        (Create, "root", Kind::Role, json!({"role": "x", "keys": []}), "payload"),
        (Create, "targets", Kind::Role, json!({"role": "targets", "keys": []}), "unsupported"),
        (Update, "root", Kind::Role, json!({"role": "targets", "keys": []}), "unsupported"),
    ] {
        let shown = format!("{action:?} {name} {kind:?} {payload}");
        assert_eq!(outcome(&change(action, name, kind, payload)), expected, "{shown}");
    }
}

#[test]
fn a_role_is_signed_again_before_what_needs_that() {
    let mut sim = Sim::new();
    sim.delegate("targets/a", &[""]);
    sim.delegate("targets/a/b", &[""]);
    let held = sim.keys.values().flatten().map(|key| key.private.id().clone()).collect();
    sim.sign_with("targets/a", &[SimKey::new()]);
    let base = sim.check().unwrap();
    let witness = Change::witness(&role("targets/a"));
    let payload = json!({"length": 1, "hashes": {"sha256": BASE64.encode(&[0; 32])}});
    for name in ["targets/a", "targets/a/b"] {
        let add = change(Action::Create, name, Kind::Target, payload.clone());
        for changes in [[&add, &witness], [&witness, &add]] {
            let mut draft = Draft::new(&base, &held);
            assert_eq!(replay(&mut draft, changes).unwrap(), [Effect::Changed; 2], "{name}");
        }
        let alone = replay(&mut Draft::new(&base, &held), [&add]).unwrap_err();
        assert!(matches!(alone, Error::Change { index: 0, .. }), "{alone:?}");
    }
}

#[test]
fn the_first_change_that_does_not_fit_is_named() {
    let sim = Sim::new();
    let base = sim.check().unwrap();
    let held = sim.keys["targets"].iter().map(|key| key.private.id().clone()).collect();
    let mut draft = Draft::new(&base, &held);
    let fits = change(Action::Update, "targets", Kind::Witness, Value::Null);
    let does_not = change(Action::Update, "targets/x", Kind::Witness, Value::Null);
    let error = replay(&mut draft, [&fits, &does_not, &does_not]).unwrap_err();
    assert!(matches!(error, Error::Change { index: 1, .. }), "{error:?}");
    assert_eq!(error.to_string(), "staged change 1 (sign targets/x again) cannot be applied");
}
