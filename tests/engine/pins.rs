//! What users accept as root of a collection.

use notary::tuf::error::Error;
use notary::tuf::key::PublicKey;
use notary::tuf::pin::{Chosen, Demand, Origin, Pin, PinError, TrustPinning};
use notary::tuf::role::Gun;
use time::Duration;

use crate::support::{Authority, Contents, Sim, SimKey, say_sha1, sim_now};

fn first(sim: &Sim) -> Result<(), Error> {
    sim.trusted_root().map(drop)
}

fn no_match(keys: &[&SimKey]) -> Result<(), Error> {
    let mut found: Vec<_> = keys.iter().map(|key| key.id()).collect();
    found.sort();
    Err(Error::Pin(PinError::NoMatch { found, by: [Origin::Configuration].into() }))
}

#[test]
fn pinned_certificates_are_named_by_the_id_of_the_certificate() {
    let mut sim = Sim::new();
    let key = sim.keys["root"][0].clone();
    sim.pin = Pin::configured(Demand::Certificates([key.id(), SimKey::root().id()].into()));
    assert_eq!(first(&sim), Ok(()));
    for ids in [vec![], vec![SimKey::root().id()], vec![key.public.canonical_id()]] {
        sim.pin = Pin::configured(Demand::Certificates(ids.into_iter().collect()));
        assert_eq!(first(&sim), no_match(&[&key]));
    }
}

#[test]
fn only_pinned_certificates_count_for_the_threshold() {
    let keys = [SimKey::root(), SimKey::root()];
    let mut sim = Sim::new();
    sim.list_keys("root", &keys, 1).sign_with("root", &keys);
    sim.pin = Pin::configured(Demand::Certificates([keys[0].id()].into()));
    assert_eq!(first(&sim), Ok(()));
    // Go verifies with the certificates that are left and says "failed to validate integrity of
    // roots". The verdict is the same; but it is the pin that says no, not the root.
    let too_few = |need| {
        let mut found: Vec<_> = keys.iter().map(|key| key.id()).collect();
        found.sort();
        Err(Error::Pin(PinError::TooFew { found, by: [Origin::Configuration].into(), need }))
    };
    sim.sign_with("root", [&keys[1]]);
    assert_eq!(first(&sim), too_few(1));
    sim.list_keys("root", &keys, 2).sign_with("root", &keys);
    assert_eq!(first(&sim), too_few(2));
    // A root that is not signed as it demands is refused as such, whatever is pinned.
    sim.sign_with("root", [&keys[0]]);
    assert_eq!(first(&sim), Err(Error::RootIntegrity));
    sim.pin = Pin::configured(Demand::Certificates([SimKey::root().id()].into()));
    assert_eq!(first(&sim), no_match(&[&keys[0], &keys[1]]));
}

#[test]
fn without_trust_on_first_use_only_known_collections_are_trusted() {
    let mut sim = Sim::new();
    let known = sim.trusted_root().unwrap();
    sim.pin = Pin::KNOWN_ONLY;
    assert_eq!(first(&sim), Err(Error::Pin(PinError::FirstUse)));
    let file = sim.file("root");
    assert!(sim.verifier().accept_successor(&known, &file, 0).is_ok());
    sim.pin = Pin::FIRST_USE;
    assert_eq!(first(&sim), Ok(()));
}

#[test]
fn successors_must_agree_with_the_pin_and_links_need_not() {
    let mut sim = Sim::new();
    let known = sim.trusted_root().unwrap();
    sim.version("root", 2);
    let file = sim.file("root");
    sim.pin = Pin::configured(Demand::Certificates([SimKey::root().id()].into()));
    let key = sim.keys["root"][0].clone();
    let successor = sim.verifier().accept_successor(&known, &file, 0);
    assert_eq!(successor.map(drop), no_match(&[&key]));
    assert!(sim.verifier().accept_link(&known, &file, 2).is_ok());
}

#[test]
fn a_certificate_must_have_a_chain_to_the_pinned_authority() {
    let (top, other) = (Authority::new("CA"), Authority::new("CA"));
    let between = top.below(Contents { is_ca: true, name: "between", ..Contents::default() });
    let direct = top.list(&SimKey::new(), Contents::default(), &[]);
    let lone = between.list(&SimKey::new(), Contents::default(), &[]);
    let chained = between.list(&SimKey::new(), Contents::default(), &[&between.pem]);
    let own = SimKey::root();
    let own_text = String::from_utf8(own.public.bytes().to_vec()).unwrap();
    for (what, pem, key, accepted) in [
        ("issued by it", &top.pem, &direct, true),
        ("issued by its intermediate", &top.pem, &chained, true),
        ("the intermediate pinned", &between.pem, &lone, true),
        ("without the intermediate", &top.pem, &lone, false),
        ("another of the same name", &other.pem, &direct, false),
        ("self-signed", &top.pem, &own, false),
        ("itself pinned", &own_text, &own, true),
    ] {
        let mut sim = Sim::new();
        sim.list_keys("root", std::slice::from_ref(key), 1).sign_with("root", [key]);
        sim.pin = Pin::configured(Demand::authority(pem.as_bytes(), sim.now).unwrap());
        let expected = if accepted { Ok(()) } else { no_match(&[key]) };
        assert_eq!(first(&sim), expected, "{what}");
    }
    // Of several authorities in a file any will do.
    let mut sim = Sim::new();
    sim.list_keys("root", std::slice::from_ref(&direct), 1).sign_with("root", [&direct]);
    let bundle = other.pem.clone() + &top.pem;
    sim.pin = Pin::configured(Demand::authority(bundle.as_bytes(), sim.now).unwrap());
    assert_eq!(first(&sim), Ok(()));
}

#[test]
fn authorities_that_are_expired_or_weak_do_not_count() {
    let now = sim_now();
    let past = Contents { is_ca: true, to: now - Duration::days(1), ..Contents::default() };
    let (valid, expired) = (Authority::new("CA"), Authority::valid_as(past));
    let rsa = notary::keys::root_certificate(
        &Gun::parse("x").unwrap(),
        &*SimKey::golden("inputs/deleg-rsa.key").private,
        now,
    );
    let sha1 = say_sha1(rsa.unwrap().bytes());
    let authority = |text: &str| Demand::authority(text.as_bytes(), now);
    for text in [&expired.pem, &sha1, &(expired.pem.clone() + &sha1)] {
        assert_eq!(authority(text), Err(PinError::UnusableAuthority));
    }
    for text in ["", "no PEM", "-----BEGIN X-----\nAAAA\n-----END X-----\n"] {
        assert_eq!(authority(text), Err(PinError::UnreadableAuthority), "{text:?}");
    }
    let mixed = authority(&(expired.pem + &sha1 + &valid.pem)).unwrap();
    assert_eq!(mixed, authority(&valid.pem).unwrap());
}

/// The ids and authorities are told apart by a word.
fn pinning(certs: &[(&str, &PublicKey)], ca: &[&str], disable_tofu: bool) -> TrustPinning<String> {
    TrustPinning {
        certs: certs.iter().map(|(name, key)| ((*name).to_owned(), [key.id()].into())).collect(),
        ca: ca.iter().map(|prefix| ((*prefix).to_owned(), format!("{prefix}.pem"))).collect(),
        disable_tofu,
    }
}

#[test]
fn exactly_one_pin_applies_and_the_most_specific_one() {
    let gun = Gun::parse("sim.example/app").unwrap();
    let keys: Vec<PublicKey> = (0..4).map(|_| SimKey::new().public).collect();
    let certs = |names: &[&str], ca: &[&str]| {
        let named: Vec<(&str, &PublicKey)> = names.iter().copied().zip(&keys).collect();
        let pinning = pinning(&named, ca, true);
        match pinning.choose(&gun) {
            Chosen::Certificates { ids, .. } => {
                let index = keys.iter().position(|key| ids.contains(&key.id())).unwrap();
                names[index].to_owned()
            }
            Chosen::Authority { authority, .. } => authority.clone(),
            Chosen::KnownOnly => "known only".to_owned(),
            Chosen::FirstUse => "first use".to_owned(),
        }
    };
    for (names, ca, chosen) in [
        (
            &["sim.example/*", "sim.example/app", "*"][..],
            &["sim.example/app"][..],
            "sim.example/app",
        ),
        (&["*", "sim.example/*", "sim.*"], &["sim.example/app"], "sim.example/*"),
        (&["sim.example/app*", "sim.example/ap*"], &[], "sim.example/app*"),
        (&["*"], &["sim.example/app"], "*"),
        (
            &["other.example/*", "sim.example/app/*"],
            &["sim", "sim.example/", ""],
            "sim.example/.pem",
        ),
        (&["sim.example", "sim.example/"], &[], "known only"),
        (&["SIM.example/app", "Sim.*"], &["SIM"], "known only"),
        (&["sim.*/app"], &["*"], "known only"),
        (&[], &[""], ".pem"),
        (&[], &[], "known only"),
    ] {
        assert_eq!(certs(names, ca), chosen, "{names:?} {ca:?}");
    }
    assert_eq!(pinning(&[], &[], false).choose(&gun), Chosen::FirstUse);
    assert_eq!(TrustPinning::<String>::default().choose(&gun), Chosen::FirstUse);
}
