//! The root that was accepted in an earlier run: still good, too old, or damaged.

use notary::tuf::error::Error;
use notary::tuf::pin::{Demand, Origin, Pin, PinError};
use notary::tuf::role::{Gun, RoleName};
use notary::tuf::root_trust::CachedRoot;
use notary::tuf::x509::CertificateProblem;
use time::Duration;

use crate::support::{Authority, Contents, SIM_GUN, Sim, SimKey, sim_now};

fn open(sim: &Sim) -> Result<CachedRoot, Error> {
    sim.verifier().open_cached(&sim.file("root"))
}

#[track_caller]
fn stale(sim: &Sim) -> Error {
    match open(sim) {
        Ok(CachedRoot::Stale { root, why }) => {
            // It vouches for what its keys sign next.
            let mut next = sim.clone();
            let new = SimKey::new();
            let certificate =
                notary::keys::root_certificate(&sim.gun, &*new.private, sim.now).unwrap();
            let new = new.listed_as(certificate);
            let keys: Vec<SimKey> = sim.keys["root"].iter().chain([&new]).cloned().collect();
            next.pin = Pin::FIRST_USE;
            next.version("root", 2).expires("root", sim.now).list_keys("root", &[new], 1);
            next.sign_with("root", &keys);
            next.verifier().accept_successor(&root, &next.file("root"), 0).unwrap();
            why
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_valid_root_is_current() {
    for pin in [Pin::FIRST_USE, Pin::KNOWN_ONLY] {
        let mut sim = Sim::new();
        sim.pin = pin;
        assert!(matches!(open(&sim), Ok(CachedRoot::Current(_))));
        let now = sim.now;
        sim.expires("root", now);
        assert!(matches!(open(&sim), Ok(CachedRoot::Current(_))), "up to its last moment");
    }
}

#[test]
fn an_expired_root_is_stale() {
    let mut sim = Sim::new();
    let at = sim.now - Duration::nanoseconds(1);
    sim.expires("root", at);
    assert_eq!(stale(&sim), Error::Expired { role: RoleName::ROOT, at });
}

#[test]
fn a_root_with_expired_certificates_is_stale() {
    let authority = Authority::new("some CA");
    let past = Contents { to: sim_now() - Duration::seconds(1), ..Contents::default() };
    let expired = authority.list(&SimKey::new(), past, &[]);
    let mut sim = Sim::new();
    sim.list_keys("root", std::slice::from_ref(&expired), 1).sign_with("root", [&expired]);
    let problem = CertificateProblem::Expired(past.to);
    let refused = vec![(SIM_GUN.to_owned(), Some(problem))];
    assert_eq!(stale(&sim), Error::RootCertificates { refused });

    // Likewise when only some have, and too few keys are left.
    let keys = [SimKey::root(), expired];
    sim.list_keys("root", &keys, 2).sign_with("root", &keys);
    assert_eq!(stale(&sim), Error::RootIntegrity);
}

#[test]
fn a_root_with_an_expired_intermediate_is_stale() {
    let authority = Authority::new("top CA");
    let past = Contents { to: sim_now() - Duration::seconds(1), ..Contents::default() };
    let between = authority.below(Contents { is_ca: true, name: "CA", ..past });
    let key = between.list(&SimKey::new(), Contents::default(), &[&between.pem]);
    let mut sim = Sim::new();
    sim.list_keys("root", std::slice::from_ref(&key), 1).sign_with("root", [&key]);
    assert_eq!(stale(&sim), Error::RootIntegrity);
    // A pin of the authority, or of the certificate, changes nothing about that.
    let authority = Pin::configured(Demand::authority(authority.pem.as_bytes(), sim.now).unwrap());
    for pin in [authority, Pin::configured(Demand::Certificates([key.id()].into()))] {
        sim.pin = pin;
        assert_eq!(stale(&sim), Error::RootIntegrity);
    }
}

#[test]
fn a_current_root_must_agree_with_the_pin_and_a_stale_one_need_not() {
    let mut sim = Sim::new();
    let id = sim.keys["root"][0].id();
    sim.pin = Pin::configured(Demand::Certificates([SimKey::root().id()].into()));
    let mismatch =
        Error::Pin(PinError::NoMatch { found: vec![id], by: [Origin::Configuration].into() });
    assert_eq!(open(&sim).map(drop), Err(mismatch));
    let at = sim.now - Duration::days(1);
    sim.expires("root", at);
    assert_eq!(stale(&sim), Error::Expired { role: RoleName::ROOT, at });
}

#[test]
fn a_damaged_root_is_no_anchor_however_old() {
    for days in [1, -1] {
        let mut sim = Sim::new();
        let at = sim.now + Duration::days(days);
        sim.expires("root", at);
        let file = sim.file("root");
        let mut flipped = file.clone();
        let place = file.windows(9).position(|window| window == b"\"version\"").unwrap();
        flipped[place + 10] = b'2';
        assert_eq!(sim.verifier().open_cached(&flipped), Err(Error::RootIntegrity));
        for broken in [&file[..file.len() - 1], &file[1..], b""] {
            let result = sim.verifier().open_cached(broken);
            assert!(matches!(result, Err(Error::Malformed { .. })), "{result:?}");
        }
        let mut forged = sim.clone();
        forged.sign_with("root", [&SimKey::root()]);
        assert_eq!(open(&forged).map(drop), Err(Error::RootIntegrity));
    }
}

#[test]
fn the_root_of_another_collection_is_no_anchor() {
    let mut sim = Sim::new();
    sim.gun = Gun::parse("other.example/app").unwrap();
    let refused = vec![(SIM_GUN.to_owned(), None)];
    assert_eq!(open(&sim).map(drop), Err(Error::RootCertificates { refused }));
}
