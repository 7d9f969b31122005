//! Delegations that are refused while the rest of the collection is read.

use notary::tuf::error::Error;
use notary::tuf::key::PublicKey;
use notary::tuf::x509::CertificateProblem;
use serde_json::json;
use time::Duration;

use super::trusted::{A, judge, sim};
use crate::support::{Sim, SimKey, certificate_type, read_golden, role, say_sha1};

#[test]
fn a_delegation_that_was_refused_first_and_loaded_then_is_not_refused_any_more() {
    let mut sim = sim();
    sim.add_target(A, "x", "content");
    let files = sim.publish();
    let mut without = files.clone();
    without.remove(A);
    let mut set = sim.read(&without).unwrap();
    assert_eq!(set.refused()[&role(A)].why, None);
    set.load_delegation(&role(A), &files[A]).unwrap();
    assert!(set.refused().is_empty());
    assert_eq!(set.list(&[]).targets.keys().collect::<Vec<_>>(), [&"x"]);
    assert_eq!(set.list(&[]).withheld, 0);
}

#[test]
fn refused_content_is_kept_apart_for_signing_it_again() {
    let expired = sim().now - Duration::days(1);
    let stranger = [SimKey::new()];
    type Change<'a> = &'a dyn Fn(&mut Sim);
    let cases: [(&str, Change<'_>, bool); 5] = [
        (
            "expired",
            &|sim| {
                sim.expires(A, expired);
            },
            true,
        ),
        (
            "under-signed",
            &|sim| {
                sim.sign_with(A, &stranger);
            },
            true,
        ),
        (
            "unsigned",
            &|sim| {
                sim.signatures(A, json!([]));
            },
            true,
        ),
        (
            "of another type",
            &|sim| {
                sim.set(A, "/_type", "Root");
            },
            false,
        ),
        (
            "of version 0",
            &|sim| {
                sim.version(A, 0);
            },
            false,
        ),
    ];
    for (what, change, kept) in cases {
        let mut sim = sim();
        sim.add_target(A, "x", "content");
        change(&mut sim);
        let set = sim.check().unwrap();
        let refused = &set.refused()[&role(A)];
        assert_eq!(refused.content.is_some(), kept, "{what}");
        if let Some(content) = &refused.content {
            assert!(content.payload().targets.contains_key("x"));
        }
        assert!(set.targets_of(&role(A)).is_none(), "{what}");
        assert!(set.list(&[]).targets.is_empty(), "{what}");
        assert_eq!(set.floors().of(&role(A)), 0, "{what}");
    }
}

/// Lists a certificate of the golden files as key of the delegation, changed by `change`.
fn certified(path: &str, key: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Sim {
    let key = SimKey::golden(key);
    let public = PublicKey::new(certificate_type(&key.private), change(read_golden(path)));
    let mut sim = Sim::new();
    sim.delegate_to(A, &[""], &[key.listed_as(public)], 1);
    sim
}

#[test]
fn delegation_keys_may_be_certificates_of_any_name_and_age_if_they_are_strong() {
    let same = |pem| pem;
    for (certificate, key) in [
        ("inputs/deleg-a.crt", "inputs/deleg-a.key"),
        ("inputs/deleg-rsa.crt", "inputs/deleg-rsa.key"),
    ] {
        let mut sim = certified(certificate, key, same);
        assert_eq!(judge(&sim, A), Ok(()), "{certificate}");
        // Long after the certificate has expired.
        sim.now += Duration::days(20 * 365);
        for name in ["root", "timestamp", "snapshot", "targets", A] {
            sim.expires(name, sim.now);
        }
        let root = SimKey::new();
        let public = notary::keys::root_certificate(&sim.gun, &*root.private, sim.now).unwrap();
        let root = [root.listed_as(public)];
        sim.list_keys("root", &root, 1).sign_with("root", &root);
        assert_eq!(judge(&sim, A), Ok(()), "{certificate}");
    }
}

#[test]
fn weak_certificates_make_a_delegation_unusable() {
    let sha1 = |change: &dyn Fn(Vec<u8>) -> Vec<u8>| {
        let sim = certified("inputs/deleg-rsa.crt", "inputs/deleg-rsa.key", change);
        (judge(&sim, A), sim.keys[A][0].id())
    };
    let refused = |key_id| {
        let problem = CertificateProblem::Sha1;
        Err(Error::Certificate { role: role(A), key_id, problem })
    };
    let weak = |pem: Vec<u8>| say_sha1(&pem).into_bytes();
    let (verdict, id) = sha1(&weak);
    assert_eq!(verdict, refused(id));
    // It is the first certificate whose key verifies, so that is the one to be judged, whatever
    // else there is in the text.
    let (verdict, id) = sha1(&|pem| [weak(pem.clone()), pem].concat());
    assert_eq!(verdict, refused(id));
    for other in [
        "-----BEGIN X-----\nAAAA\n-----END X-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let (verdict, id) = sha1(&|pem| [weak(pem), other.as_bytes().to_vec()].concat());
        assert_eq!(verdict, refused(id), "{other}");
    }
}
