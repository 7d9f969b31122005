//! Taking keys from roles: who signs again what they have signed, and what the publisher is told.

use std::collections::BTreeSet;

use notary::tuf::edit::{DelegationEdit, Draft, Note};
use notary::tuf::error::Error;
use notary::tuf::key::KeyId;
use notary::tuf::metadata::{FileMeta, Payload as _};
use notary::tuf::role::RoleName;
use time::Duration;

use crate::support::{Sim, SimKey, role, signers};

const A: &str = "targets/a";

/// A collection whose role `targets/a` has three keys and is signed by the first `signed` of them.
struct Family {
    sim: Sim,
    keys: Vec<SimKey>,
}

impl Family {
    fn new(threshold: i64, signed: usize) -> Self {
        let keys: Vec<SimKey> = (0..3).map(|_| SimKey::new()).collect();
        let mut sim = Sim::new();
        sim.delegate_to(A, &["a/"], &keys, threshold);
        sim.add_target(A, "a/x", "content");
        sim.sign_with(A, &keys[..signed]);
        Self { sim, keys }
    }

    fn ids(&self, places: &[usize]) -> Vec<KeyId> {
        let mut ids: Vec<_> = places.iter().map(|at| self.keys[*at].private.id().clone()).collect();
        ids.sort();
        ids
    }

    /// The keys of targets and snapshot, and those of `targets/a` at these places.
    fn here(&self, places: &[usize]) -> Vec<&SimKey> {
        let own = [&self.sim.keys["targets"][0], &self.sim.keys["snapshot"][0]];
        own.into_iter().chain(places.iter().map(|at| &self.keys[*at])).collect()
    }

    /// What comes of `edit` for somebody who has the keys of the targets and those of `targets/a` at
    /// these places: notes, and the roles that are signed.
    fn publish(
        &self,
        here: &[usize],
        edit: impl FnOnce(&mut Draft<'_>),
    ) -> (Vec<Note>, Vec<RoleName>) {
        let files = self.sim.publish();
        let base = self.sim.read(&files).unwrap();
        let keys = self.here(here);
        let held: BTreeSet<KeyId> = keys.iter().map(|key| key.private.id().clone()).collect();
        let mut draft = Draft::new(&base, &held);
        edit(&mut draft);
        draft.settle();
        let notes = draft.notes().to_vec();
        let plan = draft.plan(self.sim.now, false, &held);
        let publication =
            draft.sign(&plan, &signers(keys), self.sim.now, &self.sim.verifier()).unwrap();
        for file in publication.files.iter().filter(|file| file.role == role(A)) {
            let before = base.targets_of(&role(A)).map_or(0, |file| file.version());
            assert_eq!(file.version, before + 1);
            let text = String::from_utf8(file.bytes.clone()).unwrap();
            assert!(text.contains("\"a/x\""), "what was signed stays in it: {text}");
        }
        (notes, publication.files.into_iter().map(|file| file.role).collect())
    }
}

fn remove(family: &Family, places: &[usize]) -> DelegationEdit {
    DelegationEdit { remove_keys: family.ids(places), ..DelegationEdit::default() }
}

#[test]
fn what_has_lost_its_signatures_is_signed_again_or_it_is_said_who_can() {
    let again = [role("targets"), role(A), role("snapshot")];
    let only_parent = [role("targets"), role("snapshot")];
    for (threshold, signed, leaving, here, is_signed_again, have) in [
        // Another key has signed, too, or the leaving one has not.
        (1, 2, &[0][..], &[1, 2][..], false, None),
        (1, 1, &[1, 2], &[0], false, None),
        (2, 3, &[2], &[0, 1], false, None),
        (1, 1, &[0], &[1], true, Some(0)),
        (1, 1, &[0], &[], false, Some(0)),
        // The key that leaves does not help.
        (1, 1, &[0], &[0], false, Some(0)),
        (2, 2, &[0], &[1, 2], true, Some(1)),
        (2, 2, &[0], &[0, 1], false, Some(1)),
        (2, 2, &[0], &[2], false, Some(1)),
    ] {
        let family = Family::new(threshold, signed);
        let staying: Vec<usize> = (0..3).filter(|at| !leaving.contains(at)).collect();
        let expected = Vec::from_iter(have.map(|have| Note::LostSignatures {
            role: role(A),
            need: threshold,
            have,
            keys: family.ids(&staying),
            former: family.ids(leaving),
            targets: 1,
            signed_again: is_signed_again,
        }));
        let shown = format!("{threshold} {signed} {leaving:?} {here:?}");
        let by_removal = family.publish(here, |draft| {
            draft.edit_delegation(&role(A), &remove(&family, leaving)).unwrap();
        });
        assert_eq!(by_removal.0, expected, "{shown}");
        let roles = if is_signed_again { again.as_slice() } else { &only_parent };
        assert_eq!(by_removal.1, roles, "{shown}");
        let by_purge = family.publish(here, |draft| {
            draft.purge_keys(&RoleName::TARGETS, &family.ids(leaving)).unwrap();
        });
        assert_eq!(by_purge, by_removal, "{shown}");
    }
}

#[test]
fn a_higher_threshold_asks_for_more_signatures() {
    let raise = |to| DelegationEdit { set_threshold: Some(to), ..DelegationEdit::default() };
    for (signed, to, here, expected) in [
        (2, 2, &[][..], None),
        (1, 2, &[0, 2], Some((1, true))),
        (1, 2, &[2], Some((1, false))),
        (2, 3, &[0, 1, 2], Some((2, true))),
    ] {
        let family = Family::new(1, signed);
        let (notes, roles) = family.publish(here, |draft| {
            draft.edit_delegation(&role(A), &raise(to)).unwrap();
        });
        let note = expected.map(|(have, signed_again)| Note::LostSignatures {
            role: role(A),
            need: to,
            have,
            keys: family.ids(&[0, 1, 2]),
            former: Vec::new(),
            targets: 1,
            signed_again,
        });
        assert_eq!(notes, Vec::from_iter(note), "{signed} of {to}");
        let is_signed = expected.is_some_and(|(_, signed_again)| signed_again);
        assert_eq!(roles.contains(&role(A)), is_signed, "{signed} of {to}");
    }
    // More than there are keys: nobody can sign it, so nobody is asked to.
    let family = Family::new(1, 1);
    let (notes, roles) = family.publish(&[0, 1, 2], |draft| {
        draft.edit_delegation(&role(A), &raise(4)).unwrap();
    });
    assert_eq!(notes, [Note::FewerKeysThanThreshold { role: role(A), threshold: 4 }]);
    assert_eq!(roles, [role("targets"), role("snapshot")]);
}

#[test]
fn what_counts_is_the_end_of_all_edits() {
    let family = Family::new(1, 1);
    let back = DelegationEdit {
        add_keys: vec![family.keys[0].public.clone()],
        ..DelegationEdit::default()
    };
    let (notes, roles) = family.publish(&[1], |draft| {
        draft.edit_delegation(&role(A), &remove(&family, &[0])).unwrap();
        draft.edit_delegation(&role(A), &back).unwrap();
    });
    assert_eq!((notes, roles.len()), (Vec::new(), 2));
    // A role that is signed for another reason needs no note, one that is gone none either.
    let (notes, roles) = family.publish(&[1], |draft| {
        draft.add_target(&role(A), "a/y", FileMeta::of(b"")).unwrap();
        draft.edit_delegation(&role(A), &remove(&family, &[0])).unwrap();
    });
    assert_eq!(notes, []);
    assert_eq!(roles, [role(A), role("targets"), role("snapshot")]);
    let (notes, roles) = family.publish(&[1], |draft| {
        draft.edit_delegation(&role(A), &remove(&family, &[0])).unwrap();
        draft.delete_delegation(&role(A)).unwrap();
    });
    assert_eq!((notes, roles.len()), (Vec::new(), 2));
}

#[test]
fn a_role_that_is_made_anew_begins_with_an_empty_file() {
    let family = Family::new(1, 1);
    let new = DelegationEdit {
        add_keys: vec![family.keys[0].public.clone()],
        threshold: 1,
        ..DelegationEdit::default()
    };
    let base = family.sim.read(&family.sim.publish()).unwrap();
    let version = base.targets_of(&role(A)).unwrap().version();
    for here in [&[][..], &[1], &[0]] {
        let begun = here == [0];
        let held = family.here(here).iter().map(|key| key.private.id().clone()).collect();
        let mut draft = Draft::new(&base, &held);
        draft.delete_delegation(&role(A)).unwrap();
        draft.edit_delegation(&role(A), &new).unwrap();
        draft.settle();
        let mut plan = draft.plan(family.sim.now, false, &held);
        let keys = family.ids(&[0]);
        let note = |begun| Note::MadeAnew { role: role(A), version, keys: keys.clone(), begun };
        assert_eq!(draft.notes_on(&plan), [note(begun)]);
        assert_eq!(plan.signs(&role(A)), begun);
        if begun {
            assert_eq!(draft.next_version(&role(A)), version + 1);
            // A key that does not open is no reason to publish nothing.
            assert!(!plan.clone().leave_out(&RoleName::TARGETS));
            assert!(plan.leave_out(&role(A)));
            assert_eq!(draft.notes_on(&plan), [note(false)]);
            assert!(!plan.signs(&role(A)) && !plan.leave_out(&role(A)));
        }
    }
}

#[test]
fn purges_are_followed_up_on_all_levels() {
    let mut family = Family::new(1, 1);
    let leaving = family.keys[0].clone();
    let keys = [leaving, family.keys[1].clone()];
    family.sim.delegate_to("targets/a/b", &["a/"], &keys, 1).sign_with("targets/a/b", &keys[..1]);
    let former = family.ids(&[0]);
    let (notes, roles) = family.publish(&[1], |draft| {
        draft.purge_keys(&RoleName::TARGETS, &former).unwrap();
    });
    // The middle one is signed anyway, since its list of keys is another one.
    let note = Note::LostSignatures {
        role: role("targets/a/b"),
        need: 1,
        have: 0,
        keys: family.ids(&[1]),
        former,
        targets: 0,
        signed_again: true,
    };
    assert_eq!(notes, [note]);
    assert_eq!(roles, ["targets", A, "targets/a/b", "snapshot"].map(role));
}

#[test]
fn what_was_refused_before_is_not_signed_again_unasked() {
    // Expired, and signed by the key that leaves.
    let mut family = Family::new(1, 1);
    let at = family.sim.now - Duration::days(1);
    family.sim.expires(A, at);
    let (notes, roles) = family.publish(&[0, 1, 2], |draft| {
        draft.edit_delegation(&role(A), &remove(&family, &[0])).unwrap();
    });
    let why = Error::Expired { role: role(A), at };
    assert_eq!(notes, [Note::RefusedBefore { role: role(A), why }]);
    assert_eq!(roles, [role("targets"), role("snapshot")]);
    // Under-signed, which another key does not change, but the right one does.
    let mut family = Family::new(2, 1);
    let stranger = SimKey::new();
    family.sim.sign_with(A, [&family.keys[0].clone(), &stranger]);
    let add = |key: &SimKey| DelegationEdit {
        add_keys: vec![key.public.clone()],
        ..DelegationEdit::default()
    };
    let (notes, _) = family.publish(&[0, 1, 2], |draft| {
        draft.edit_delegation(&role(A), &add(&SimKey::new())).unwrap();
    });
    let why = Error::Threshold { role: role(A), need: 2, have: 1 };
    assert_eq!(notes, [Note::RefusedBefore { role: role(A), why }]);
    let (notes, _) = family.publish(&[0, 1, 2], |draft| {
        draft.edit_delegation(&role(A), &add(&stranger)).unwrap();
    });
    assert_eq!(notes, []);
}
