//! Signing: what is signed again, by whom, and that every reader accepts it.

use std::collections::BTreeSet;
use std::sync::Arc;

use notary::tuf::canonical;
use notary::tuf::edit::{DelegationEdit, Draft};
use notary::tuf::error::Error;
use notary::tuf::key::{KeyId, Method, Signer, Signers, SigningFailed};
use notary::tuf::metadata::FileMeta;
use notary::tuf::pin::{Demand, Pin};
use notary::tuf::role::RoleName;
use notary::tuf::sign::{NEAR_EXPIRY, Publication, SignError};
use notary::tuf::trusted::{Floors, TrustedSet};
use serde_json::{Value, json};
use time::Duration;

use crate::support::{Authority, Contents, Files, Sim, SimKey, role, signers};

/// A published collection and somebody who publishes on top of it.
pub(super) struct Publisher {
    pub(super) sim: Sim,
    pub(super) files: Files,
    pub(super) keys: Vec<SimKey>,
    pub(super) floors: Floors,
}

impl Publisher {
    /// A publisher who has the keys of these roles.
    pub(super) fn new(sim: Sim, roles: &[&str]) -> Self {
        let keys = roles.iter().flat_map(|role| &sim.keys[*role]).cloned().collect();
        Self { files: sim.publish(), sim, keys, floors: Floors::default() }
    }

    fn base(&self) -> TrustedSet {
        self.sim.read_with(&self.files, self.floors.clone()).unwrap()
    }

    pub(super) fn held(&self) -> BTreeSet<KeyId> {
        self.keys.iter().map(|key| key.private.id().clone()).collect()
    }

    /// Signs what `edit` makes of the collection.
    fn sign(&self, edit: impl FnOnce(&mut Draft<'_>)) -> Result<Publication, SignError> {
        self.sign_by(&signers(&self.keys), edit)
    }

    /// The same with other private keys than those that are thought to be here.
    fn sign_by(
        &self,
        signers: &Signers,
        edit: impl FnOnce(&mut Draft<'_>),
    ) -> Result<Publication, SignError> {
        let (base, held) = (self.base(), self.held());
        let mut draft = Draft::new(&base, &held);
        edit(&mut draft);
        let plan = draft.plan(self.sim.now, false, &held);
        draft.sign(&plan, signers, self.sim.now, &self.sim.verifier())
    }

    /// Publishes what `edit` makes of the collection, and has the server make a timestamp; returns
    /// what was signed, and what somebody reads then who sees the collection for the first time.
    fn publish(&mut self, edit: impl FnOnce(&mut Draft<'_>)) -> (Publication, TrustedSet) {
        let publication = self.sign(edit).unwrap();
        self.sim.fixed = self.files.clone();
        self.sim.fixed.remove("timestamp");
        for file in &publication.files {
            self.sim.fixed.insert(file.role.to_string(), file.bytes.clone());
        }
        self.files = self.sim.publish();
        (publication, self.base())
    }
}

/// Role and version of everything in a publication.
pub(super) fn files(publication: &Publication) -> Vec<(String, u64)> {
    publication.files.iter().map(|file| (file.role.to_string(), file.version)).collect()
}

pub(super) fn pairs(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|(role, version)| ((*role).to_owned(), *version)).collect()
}

pub(super) fn signed(file: &[u8]) -> Value {
    serde_json::from_slice::<Value>(file).unwrap()["signed"].take()
}

fn add(draft: &mut Draft<'_>, name: &str, target: &str) {
    draft.add_target(&role(name), target, FileMeta::of(b"content")).unwrap();
}

/// targets → a → a/b, each with a key of its own.
fn family() -> Sim {
    let mut sim = Sim::new();
    sim.delegate("targets/a", &["a/"]).delegate("targets/a/b", &["a/b/"]);
    for (role, version) in [("targets", 5), ("targets/a", 6), ("targets/a/b", 7), ("snapshot", 8)] {
        sim.version(role, version);
    }
    sim
}

const EVERYBODY: [&str; 5] = ["root", "snapshot", "targets", "targets/a", "targets/a/b"];

#[test]
fn only_what_changed_is_signed_again_and_every_reader_accepts_it() {
    type Change = fn(&mut Draft<'_>);
    type Signed = &'static [(&'static str, u64)];
    let cases: [(&str, Change, Signed); 7] = [
        ("nothing", |_| {}, &[("snapshot", 9)]),
        ("a target", |draft| add(draft, "targets", "x"), &[("targets", 6), ("snapshot", 9)]),
        (
            "a target of a delegation",
            |draft| add(draft, "targets/a/b", "a/b/x"),
            &[("targets/a/b", 8), ("snapshot", 9)],
        ),
        (
            "a delegation",
            |draft| {
                let add_paths = vec!["a/c".to_owned()];
                let edit = DelegationEdit { add_paths, ..DelegationEdit::default() };
                draft.edit_delegation(&role("targets/a/b"), &edit).unwrap();
            },
            &[("targets/a", 7), ("snapshot", 9)],
        ),
        (
            "two roles, the lower one first",
            |draft| {
                add(draft, "targets/a", "a/x");
                add(draft, "targets", "x");
            },
            &[("targets/a", 7), ("targets", 6), ("snapshot", 9)],
        ),
        (
            "a new delegation and its first target",
            |draft| {
                let edit = DelegationEdit {
                    add_keys: vec![SimKey::golden("inputs/deleg-a.key").public],
                    add_paths: vec![String::new()],
                    threshold: 1,
                    ..DelegationEdit::default()
                };
                draft.edit_delegation(&role("targets/c"), &edit).unwrap();
                add(draft, "targets/c", "x");
            },
            &[("targets", 6), ("targets/c", 1), ("snapshot", 9)],
        ),
        (
            "the signature of a role",
            |draft| {
                draft.witness(&role("targets/a")).unwrap();
            },
            &[("targets/a", 7), ("snapshot", 9)],
        ),
    ];
    for (what, change, expected) in cases {
        let mut publisher = Publisher::new(family(), &EVERYBODY);
        publisher.keys.push(SimKey::golden("inputs/deleg-a.key"));
        let before = publisher.base();
        let (publication, after) = publisher.publish(change);
        assert_eq!(files(&publication), pairs(expected), "{what}");
        assert!(!publication.server_makes_snapshot);
        assert!(after.refused().is_empty(), "{what}");
        for (role, file) in before.targets() {
            let again = expected.iter().any(|(signed, _)| *signed == role.as_str());
            let same = after.targets()[role].bytes() == file.bytes();
            assert_eq!(same, !again, "{what}: {role}");
        }
    }
}

#[test]
fn files_have_the_form_of_go_and_its_terms_of_validity() {
    let mut publisher = Publisher::new(family(), &EVERYBODY);
    publisher.sim.now += Duration::nanoseconds(120_000);
    let key = SimKey::root();
    publisher.keys.push(key.clone());
    let (publication, _) = publisher.publish(|draft| {
        add(draft, "targets", "<é>");
        draft.set_role_keys(&RoleName::ROOT, vec![key.public.clone()]).unwrap();
    });
    let expiries = [
        ("root", "2036-11-18T03:00:00.00012Z", Duration::days(3650)),
        ("targets", "2029-11-20T03:00:00.00012Z", Duration::days(1095)),
        ("snapshot", "2029-11-20T03:00:00.00012Z", Duration::days(1095)),
    ];
    assert_eq!(publication.files.len(), 3);
    for (file, (role, expires, term)) in publication.files.iter().zip(expiries) {
        assert_eq!(file.role.as_str(), role);
        assert_eq!(file.expires, publisher.sim.now + term);
        let text = std::str::from_utf8(&file.bytes).unwrap();
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(value["signed"]["expires"], expires);
        let payload = value["signed"].to_string();
        let canonical = canonical::from_text(payload.as_bytes()).unwrap();
        let form = String::from_utf8(canonical::file_form(&canonical).into_owned()).unwrap();
        let signatures: Vec<String> = value["signatures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|signature| {
                let member = |name: &str| signature[name].as_str().unwrap();
                let (id, method, sig) = (member("keyid"), member("method"), member("sig"));
                format!(r#"{{"keyid":"{id}","method":"{method}","sig":"{sig}"}}"#)
            })
            .collect();
        let signatures = signatures.join(",");
        assert_eq!(text, format!(r#"{{"signed":{form},"signatures":[{signatures}]}}"#));
    }
    let targets = std::str::from_utf8(&publication.files[1].bytes).unwrap();
    assert!(targets.contains(r#""\u003cé\u003e":{"hashes""#), "{targets}");
    assert!(targets.contains(r#""paths":["a/"]"#), "{targets}");
}

#[test]
fn the_snapshot_describes_what_was_signed_and_keeps_the_rest() {
    let mut sim = family();
    // A description that the publisher cannot check: the file of a role that nobody delegates to.
    let orphan = json!({"hashes": {"sha256": "AAAA"}, "length": 7});
    sim.payload("snapshot")["meta"]["targets/gone/x"] = orphan.clone();
    let mut publisher = Publisher::new(sim, &EVERYBODY);
    let before = signed(&publisher.files["snapshot"]);
    let (publication, _) = publisher.publish(|draft| {
        add(draft, "targets", "x");
        draft.delete_delegation(&role("targets/a/b")).unwrap();
    });
    let after = signed(&publication.files.last().unwrap().bytes);
    let described = |bytes: &[u8]| serde_json::to_value(FileMeta::of(bytes)).unwrap();
    for file in publication.files.iter().filter(|file| file.role != RoleName::SNAPSHOT) {
        assert_eq!(after["meta"][file.role.as_str()], described(&file.bytes));
    }
    assert_eq!(after["meta"]["root"], before["meta"]["root"]);
    assert_eq!(after["meta"]["targets/gone/x"], orphan);
    assert_eq!(after["meta"].get("targets/a/b"), None);
    assert_eq!(after["meta"].as_object().unwrap().len(), 4);
}

#[test]
fn the_server_makes_the_snapshot_for_those_who_have_no_key_of_it() {
    let publisher = Publisher::new(family(), &["targets"]);
    let publication = publisher.sign(|draft| add(draft, "targets", "x")).unwrap();
    assert!(publication.server_makes_snapshot);
    assert_eq!(files(&publication), pairs(&[("targets", 6)]));
}

#[test]
fn a_delegate_needs_no_other_key_than_that_of_the_role() {
    let mut publisher = Publisher::new(family(), &["targets/a/b", "snapshot"]);
    let (publication, set) = publisher.publish(|draft| add(draft, "targets/a/b", "a/b/x"));
    assert_eq!(files(&publication), pairs(&[("targets/a/b", 8), ("snapshot", 9)]));
    assert_eq!(set.list(&[]).targets["a/b/x"].role, role("targets/a/b"));
}

#[test]
fn versions_go_on_from_the_highest_that_was_ever_seen() {
    let mut publisher = Publisher::new(family(), &EVERYBODY);
    publisher.floors.raise(&role("targets/a/b"), 7);
    // Deleted and made anew, the role does not begin at 1.
    let key = publisher.sim.keys["targets/a/b"][0].public.clone();
    let (publication, set) = publisher.publish(|draft| {
        let b = role("targets/a/b");
        draft.delete_delegation(&b).unwrap();
        let edit = DelegationEdit {
            add_keys: vec![key],
            add_paths: vec!["a/b/".into()],
            threshold: 1,
            ..DelegationEdit::default()
        };
        draft.edit_delegation(&b, &edit).unwrap();
        add(draft, "targets/a/b", "a/b/x");
    });
    let expected = [("targets/a", 7), ("targets/a/b", 8), ("snapshot", 9)];
    assert_eq!(files(&publication), pairs(&expected));
    assert!(set.refused().is_empty());
}

#[test]
fn versions_end_where_they_could_not_be_told_apart() {
    let last = (1 << 53) - 1;
    for (present, refused) in [(last - 1, false), (last, true)] {
        let mut sim = family();
        sim.version("targets", present);
        let result = Publisher::new(sim, &EVERYBODY).sign(|draft| add(draft, "targets", "x"));
        match result {
            Ok(_) => assert!(!refused),
            Err(error) => {
                assert!(refused);
                assert_eq!(error, SignError::VersionLimit { role: RoleName::TARGETS });
            }
        }
    }
}

#[test]
fn a_rotated_root_is_signed_by_the_old_and_the_new_keys() {
    let mut publisher = Publisher::new(family(), &EVERYBODY);
    let (old, new) = (publisher.sim.keys["root"][0].clone(), SimKey::root());
    publisher.keys.push(new.clone());
    let first = publisher.base().root().clone();
    let (publication, set) = publisher.publish(|draft| {
        draft.set_role_keys(&RoleName::ROOT, vec![new.public.clone()]).unwrap();
    });
    assert_eq!(files(&publication), pairs(&[("root", 2), ("snapshot", 9)]));
    let root = &publication.files[0];
    let signed_by: BTreeSet<_> = root.signed_by.iter().collect();
    assert_eq!(signed_by.len(), 2);
    assert!(signed_by.contains(new.private.id()));
    let verifier = publisher.sim.verifier();
    verifier.accept_successor(&first, &root.bytes, 0).unwrap();
    // The certificate of the old key stays, for those who are behind.
    assert!(set.root().root().keys.contains_key(&old.id()));
}

#[test]
fn a_rotated_root_that_nobody_would_follow_is_not_made() {
    let mut publisher = Publisher::new(family(), &EVERYBODY);
    let (old, new) = (publisher.sim.keys["root"][0].clone(), SimKey::root());
    publisher.keys.push(new.clone());
    for (missing, other) in [(&old, &new), (&new, &old)] {
        let mut here = signers(&publisher.keys);
        here.remove(missing.private.id());
        let refused = publisher.sign_by(&here, |draft| {
            draft.set_role_keys(&RoleName::ROOT, vec![new.public.clone()]).unwrap();
        });
        let keys = vec![missing.private.id().clone()];
        let expected = SignError::NotEnoughKeys { role: RoleName::ROOT, need: 1, have: 0, keys };
        assert_eq!(refused.unwrap_err(), expected, "only {} is here", other.id());
    }
}

#[test]
fn rotating_other_keys_signs_what_depends_on_them() {
    for name in ["targets", "snapshot", "timestamp"] {
        let mut publisher = Publisher::new(family(), &EVERYBODY);
        let (old, new) = (publisher.sim.keys[name][0].clone(), SimKey::new());
        publisher.keys.push(new.clone());
        let change = |draft: &mut Draft<'_>| {
            draft.set_role_keys(&role(name), vec![new.public.clone()]).unwrap();
        };
        let publication = publisher.sign(change).unwrap();
        let expected: &[(&str, u64)] = match name {
            "targets" => &[("root", 2), ("targets", 6), ("snapshot", 9)],
            _ => &[("root", 2), ("snapshot", 9)],
        };
        assert_eq!(files(&publication), pairs(expected));
        let root = signed(&publication.files[0].bytes);
        assert_eq!(root["roles"][name]["keyids"], json!([new.id()]));
        assert_eq!(root["keys"].get(old.id().as_str()), None, "the old {name} key is of no use");
        for file in &publication.files[1..] {
            if file.role.as_str() == name {
                assert_eq!(file.signed_by, [new.private.id().clone()]);
            }
        }
    }
}

#[test]
fn a_root_near_its_expiry_is_signed_again_if_a_key_is_here() {
    let day = Duration::days(1);
    for (rest, roles, again, needed) in [
        (NEAR_EXPIRY + day, &EVERYBODY[..], false, false),
        (NEAR_EXPIRY, &EVERYBODY, false, false),
        (NEAR_EXPIRY - Duration::nanoseconds(1), &EVERYBODY, true, false),
        (day, &EVERYBODY, true, false),
        (day, &EVERYBODY[1..], false, true),
        (NEAR_EXPIRY, &EVERYBODY[1..], false, false),
    ] {
        let mut sim = family();
        let at = sim.now + rest;
        sim.expires("root", at);
        let publisher = Publisher::new(sim, roles);
        let (base, held) = (publisher.base(), publisher.held());
        let draft = Draft::new(&base, &held);
        let plan = draft.plan(publisher.sim.now, false, &held);
        assert_eq!(plan.signs(&RoleName::ROOT), again, "{rest}");
        assert_eq!(plan.root_needs_renewal(), needed, "{rest}");
        let publication = publisher.sign(|_| {}).unwrap();
        assert_eq!(publication.files[0].role == RoleName::ROOT, again, "{rest}");
    }
}

#[test]
fn thresholds_need_that_many_keys_and_missing_ones_are_named() {
    let keys = [SimKey::new(), SimKey::new(), SimKey::new()];
    let mut sim = Sim::new();
    sim.delegate_to("targets/a", &[""], &keys, 2);
    let mut publisher = Publisher::new(sim, &["snapshot"]);
    let mut all: Vec<KeyId> = keys.iter().map(|key| key.private.id().clone()).collect();
    for count in 1..=3 {
        publisher.keys.truncate(1);
        publisher.keys.extend_from_slice(&keys[..count]);
        let result = publisher.sign(|draft| add(draft, "targets/a", "x"));
        match result {
            Ok(publication) => {
                assert!(count >= 2);
                assert_eq!(publication.files[0].signed_by.len(), count, "all that are here sign");
            }
            Err(SignError::NotEnoughKeys { role: refused, need, have, keys: mut named }) => {
                assert_eq!((refused, need, have, count), (role("targets/a"), 2, 1, 1));
                named.sort();
                all.sort();
                assert_eq!(named, all);
            }
            Err(other) => panic!("{other}"),
        }
    }
    // A key that was thought to be here and is not.
    publisher.keys.truncate(1);
    publisher.keys.extend_from_slice(&keys[..2]);
    let snapshot_only = signers(&publisher.keys[..1]);
    let result = publisher.sign_by(&snapshot_only, |draft| add(draft, "targets/a", "x"));
    let Err(SignError::NotEnoughKeys { need: 2, have: 0, .. }) = result else { panic!() };
}

/// Somebody who says to hold a key and does not.
struct Liar {
    id: KeyId,
    fails: bool,
}

impl Signer for Liar {
    fn canonical_id(&self) -> &KeyId {
        &self.id
    }

    fn method(&self) -> Method {
        Method::Ecdsa
    }

    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SigningFailed> {
        match self.fails {
            true => Err(SigningFailed { key_id: self.id.clone(), reason: "no token".into() }),
            false => Ok(vec![7; 64]),
        }
    }
}

#[test]
fn wrong_signatures_are_noticed_before_anybody_gets_to_see_them() {
    let publisher = Publisher::new(family(), &EVERYBODY);
    for (name, need) in [("targets", 1), ("snapshot", 1)] {
        for fails in [false, true] {
            let id = publisher.sim.keys[name][0].private.id().clone();
            let mut signers = signers(&publisher.keys);
            signers.insert(id.clone(), Arc::new(Liar { id: id.clone(), fails }));
            let result = publisher.sign_by(&signers, |draft| add(draft, "targets", "x"));
            let expected = match fails {
                true => SignError::Key(SigningFailed { key_id: id, reason: "no token".into() }),
                false => {
                    let keys = vec![id];
                    SignError::NotEnoughKeys { role: role(name), need, have: 0, keys }
                }
            };
            assert_eq!(result.unwrap_err(), expected);
        }
    }
}

#[test]
fn what_readers_would_refuse_is_not_published() {
    // A delegation whose only key is a certificate that nobody may use.
    let rsa = SimKey::golden("inputs/deleg-rsa.key");
    let pem = crate::support::read_golden("inputs/deleg-rsa.crt");
    let weak = crate::support::say_sha1(&pem).into_bytes();
    let weak = rsa.listed_as(notary::tuf::key::PublicKey::new("rsa-x509".to_owned().into(), weak));
    let mut publisher = Publisher::new(family(), &EVERYBODY);
    publisher.keys.push(weak.clone());
    let result = publisher.sign(|draft| {
        let edit = DelegationEdit {
            add_keys: vec![weak.public.clone()],
            add_paths: vec![String::new()],
            threshold: 1,
            ..DelegationEdit::default()
        };
        draft.edit_delegation(&role("targets/c"), &edit).unwrap();
        add(draft, "targets/c", "x");
    });
    assert!(matches!(result, Err(SignError::SelfCheck(Error::Certificate { .. }))), "{result:?}");

    // A root key without a certificate, one for another collection, and one that is not pinned.
    let bare = SimKey::new();
    let other = Contents { name: "other.example/app", ..Contents::default() };
    let foreign = Authority::new("some CA").list(&SimKey::new(), other, &[]);
    for new in [bare, foreign] {
        let mut publisher = Publisher::new(family(), &EVERYBODY);
        publisher.keys.push(new.clone());
        let result = publisher.sign(|draft| {
            draft.set_role_keys(&RoleName::ROOT, vec![new.public.clone()]).unwrap();
        });
        let Err(SignError::SelfCheck(Error::RootCertificates { .. })) = result else { panic!() };
    }
    let mut publisher = Publisher::new(family(), &EVERYBODY);
    publisher.sim.pin =
        Pin::configured(Demand::Certificates([publisher.sim.keys["root"][0].id()].into()));
    let new = SimKey::root();
    publisher.keys.push(new.clone());
    let result = publisher.sign(|draft| {
        draft.set_role_keys(&RoleName::ROOT, vec![new.public.clone()]).unwrap();
    });
    assert!(matches!(result, Err(SignError::SelfCheck(Error::Pin(_)))), "{result:?}");
}
