//! Which certificates make a key a root key.

use notary::keys::root_certificate;
use notary::tuf::error::Error;
use notary::tuf::key::PublicKey;
use notary::tuf::root_trust::TrustedRoot;
use notary::tuf::x509::CertificateProblem;
use serde_json::json;
use time::Duration;

use crate::support::{
    Authority, Contents, SIM_GUN, Sim, SimKey, certificate_type, role, say_sha1, sim_now,
};

/// The simulator's collection with these root keys, all of which sign.
fn with_root_keys(keys: &[SimKey], threshold: i64) -> Sim {
    let mut sim = Sim::new();
    sim.list_keys("root", keys, threshold).sign_with("root", keys);
    sim
}

fn judge(keys: &[SimKey], threshold: i64) -> Result<(), Error> {
    with_root_keys(keys, threshold).trusted_root().map(drop)
}

/// The verdict on a root whose only key has a certificate like this.
fn judge_contents(contents: Contents<'_>) -> Result<(), Error> {
    judge(&[Authority::new("some CA").list(&SimKey::new(), contents, &[])], 1)
}

fn refused(name: &str, problem: CertificateProblem) -> Result<(), Error> {
    Err(Error::RootCertificates { refused: vec![(name.to_owned(), Some(problem))] })
}

fn none_usable() -> Result<(), Error> {
    Err(Error::RootCertificates { refused: Vec::new() })
}

#[test]
fn the_name_must_be_that_of_the_collection_or_a_prefix_with_a_star() {
    for (name, accepted) in [
        (SIM_GUN, true),
        ("sim.example/*", true),
        ("sim.example/app*", true),
        ("sim.example/app**", true),
        ("*", true),
        ("", false),
        ("sim.example/ap", false),
        ("sim.example/app/", false),
        ("sim.example/app/x", false),
        ("sim.example/app/*", false),
        ("sim.example/b*", false),
        ("SIM.example/app", false),
        ("sim.*/app", false),
        ("*.example/app", false),
        ("sim.example/app ", false),
    ] {
        let verdict = judge_contents(Contents { name, ..Contents::default() });
        let other = Err(Error::RootCertificates { refused: vec![(name.to_owned(), None)] });
        assert_eq!(verdict, if accepted { Ok(()) } else { other }, "{name:?}");
    }
}

#[test]
fn certificates_are_valid_from_a_day_before_their_first_to_their_last_second() {
    let (now, second, day) = (sim_now(), Duration::seconds(1), Duration::days(1));
    let default = Contents::default();
    for (from, to, verdict) in [
        (default.from, now, Ok(())),
        (default.from, now - second, refused(SIM_GUN, CertificateProblem::Expired(now - second))),
        (now + day, default.to, Ok(())),
        (
            now + day + second,
            default.to,
            refused(SIM_GUN, CertificateProblem::NotYetValid(now + day + second)),
        ),
        (now + second, now, refused(SIM_GUN, CertificateProblem::Inverted)),
        (now, now, Ok(())),
    ] {
        assert_eq!(judge_contents(Contents { from, to, ..default }), verdict);
    }
}

#[test]
fn weak_certificates_do_not_count() {
    let sim = Sim::new();
    let rsa = SimKey::golden("inputs/deleg-rsa.key");
    let strong = root_certificate(&sim.gun, &*rsa.private, sim.now).unwrap();
    let weak = say_sha1(strong.bytes()).into_bytes();
    let weak = PublicKey::new(strong.key_type().clone(), weak);
    assert_eq!(judge(&[rsa.listed_as(strong)], 1), Ok(()));
    assert_eq!(judge(&[rsa.listed_as(weak)], 1), refused(SIM_GUN, CertificateProblem::Sha1));

    // Its key cannot sign here either, but that is not what it is refused for.
    let short = SimKey::golden("11-key-files/rsa1024-pkcs1-plain.key");
    let short = Authority::new("some CA").list(&short, Contents::default(), &[]);
    let mut sim = Sim::new();
    sim.list_keys("root", &[short], 1);
    let verdict = sim.trusted_root().map(drop);
    assert_eq!(verdict, refused(SIM_GUN, CertificateProblem::ShortRsaKey));
}

#[test]
fn a_key_without_a_leaf_certificate_is_no_root_key() {
    let authority = Authority::new("some CA");
    let key = SimKey::new();
    let leaf = authority.certify(&key.private, Contents::default());
    let ca = authority.certify(&key.private, Contents { is_ca: true, ..Contents::default() });
    let other_leaf = authority.certify(&SimKey::new().private, Contents::default());
    let listed = |text: String| {
        key.listed_as(PublicKey::new(certificate_type(&key.private), text.into_bytes()))
    };
    assert_eq!(judge(std::slice::from_ref(&key), 1), none_usable(), "a bare key");
    assert_eq!(judge(&[listed(String::new())], 1), none_usable());
    assert_eq!(judge(&[listed(ca.clone())], 1), none_usable(), "a CA");
    assert_eq!(judge(&[listed(ca.clone() + &leaf)], 1), none_usable(), "the leaf is not first");
    assert_eq!(judge(&[listed(leaf.clone() + &other_leaf)], 1), none_usable(), "two leaves");
    let label = leaf.replace("CERTIFICATE", "X509 CERTIFICATE");
    assert_eq!(judge(&[listed(label)], 1), none_usable(), "another label");
    let stray = "-----BEGIN X-----\nAAAA\n-----END X-----\n";
    assert_eq!(judge(&[listed(leaf.clone() + stray)], 1), none_usable(), "something else");
    assert_eq!(judge(&[listed(leaf + &authority.pem)], 1), Ok(()));
}

#[test]
fn certificates_must_be_in_the_exact_form_of_go() {
    let key = SimKey::root();
    let text = String::from_utf8(key.public.bytes().to_vec()).unwrap();
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let wide: Vec<&str> =
        (0..body.len()).step_by(76).map(|at| &body[at..body.len().min(at + 76)]).collect();
    let wide =
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", wide.join("\n"));
    let headers = text.replacen('\n', "\nrole: root\n\n", 1);
    for (what, other) in [
        ("a newline more", text.clone() + "\n"),
        ("a newline less", text.trim_end().to_owned()),
        ("line ends of DOS", text.replace('\n', "\r\n")),
        ("text in front", format!("root\n{text}")),
        ("text behind", text.clone() + "root\n"),
        ("76 columns", wide),
        ("headers", headers),
    ] {
        let other = PublicKey::new(key.public.key_type().clone(), other.into_bytes());
        assert_eq!(judge(&[key.listed_as(other)], 1), Err(Error::RootIntegrity), "{what}");
    }
    let other = PublicKey::new("rsa-x509".to_owned().into(), text.into_bytes());
    assert_eq!(judge(&[key.listed_as(other)], 1), Err(Error::RootIntegrity), "another type");
}

#[test]
fn keys_without_usable_certificates_are_left_out_of_the_count() {
    let (good, expired) = (SimKey::root(), SimKey::new());
    let past = Contents { to: sim_now() - Duration::days(1), ..Contents::default() };
    let expired = Authority::new("some CA").list(&expired, past, &[]);
    let both = [good.clone(), expired.clone()];
    assert_eq!(judge(&both, 1), Ok(()));
    assert_eq!(judge(&both, 2), Err(Error::RootIntegrity));
    let mut sim = with_root_keys(&both, 1);
    sim.sign_with("root", [&expired]);
    assert_eq!(sim.trusted_root().map(drop), Err(Error::RootIntegrity));
    sim.sign_with("root", [&good]);
    assert_eq!(sim.trusted_root().map(drop), Ok(()));
}

/// Of two certificates with one key, the signature must name the one that is in order.
#[test]
fn the_certificate_that_is_judged_is_the_one_that_signed() {
    let (authority, key) = (Authority::new("some CA"), SimKey::new());
    let day = Duration::days(1);
    let good = authority.list(&key, Contents::default(), &[]);
    for (what, bad) in [
        ("expired", Contents { to: sim_now() - day, ..Contents::default() }),
        ("early", Contents { from: sim_now() + day * 2, ..Contents::default() }),
        ("foreign", Contents { name: "other.example/app", ..Contents::default() }),
        ("a CA", Contents { is_ca: true, ..Contents::default() }),
    ] {
        let bad = authority.list(&key, bad, &[]);
        let listings: [[SimKey; 2]; 2] = [[good.clone(), bad.clone()], [bad.clone(), good.clone()]];
        for listed in listings {
            let mut sim = with_root_keys(&listed, 1);
            assert_eq!(sim.trusted_root().map(drop), Ok(()), "{what}");
            sim.sign_with("root", [&bad]);
            assert_eq!(sim.trusted_root().map(drop), Err(Error::RootIntegrity), "{what}");
            // The signature is right, only the id is that of a certificate that does not count.
            sim.sign_with("root", [&good]);
            assert_eq!(sim.trusted_root().map(drop), Ok(()), "{what}");
        }
        assert_eq!(judge(&[good.clone(), bad], 2), Err(Error::RootIntegrity), "{what}");
    }
    // Two good certificates of one key are one key.
    let again = authority.list(&key, Contents::default(), &[]);
    assert_ne!(good.id(), again.id());
    assert_eq!(judge(&[good.clone(), again.clone()], 1), Ok(()));
    assert_eq!(judge(&[good, again], 2), Err(Error::RootIntegrity));
}

#[test]
fn intermediates_that_have_expired_change_the_id() {
    let authority = Authority::new("top CA");
    let between = |contents| authority.below(Contents { is_ca: true, name: "CA", ..contents });
    let old = Contents { to: sim_now() - Duration::days(1), ..Contents::default() };
    let (valid, expired) = (between(Contents::default()), between(old));
    let key = SimKey::new();
    let leaf = valid.certify(&key.private, Contents::default());
    let list = |rest: &[&str]| {
        let text = leaf.clone() + &rest.concat();
        key.listed_as(PublicKey::new(certificate_type(&key.private), text.into_bytes()))
    };
    assert_eq!(judge(&[list(&[&valid.pem, &authority.pem])], 1), Ok(()));
    let with_expired = list(&[&valid.pem, &expired.pem]);
    assert_eq!(judge(std::slice::from_ref(&with_expired), 1), Err(Error::RootIntegrity));
    // A signature under the id without it is one by the remaining certificates.
    let mut sim = with_root_keys(&[with_expired], 1);
    sim.sign_with("root", [&list(&[&valid.pem])]);
    assert_eq!(sim.trusted_root().map(drop), Ok(()));
}

#[test]
fn expired_certificates_of_the_previous_root_still_vouch() {
    let authority = Authority::new("some CA");
    let soon = sim_now() + Duration::days(1);
    let old = authority.list(&SimKey::new(), Contents { to: soon, ..Contents::default() }, &[]);
    let first = with_root_keys(std::slice::from_ref(&old), 1);
    let trusted: TrustedRoot = first.trusted_root().unwrap();
    let new = SimKey::root();
    let mut second = first.clone();
    second
        .version("root", 2)
        .list_keys("root", std::slice::from_ref(&new), 1)
        .sign_with("root", [&old, &new]);
    second.now = soon + Duration::days(1);
    let verifier = second.verifier();
    assert!(verifier.accept_successor(&trusted, &second.file("root"), 0).is_ok());
    // As links of the chain even new certificates may have expired.
    let mut link = first.clone();
    link.version("root", 2);
    link.now = second.now;
    let link_file = link.file("root");
    let problem = refused(SIM_GUN, CertificateProblem::Expired(soon));
    assert_eq!(verifier.accept_successor(&trusted, &link_file, 0).map(drop), problem);
    assert!(verifier.accept_link(&trusted, &link_file, 2).is_ok());
}

#[test]
fn other_keys_of_the_root_are_found_by_their_true_ids_only() {
    // A key under a foreign id verifies nothing, in the root as elsewhere.
    let mut sim = Sim::new();
    let (key, foreign) = (sim.keys["targets"][0].clone(), SimKey::new().id());
    sim.payload("root")["keys"][foreign.as_str()] = key.json();
    sim.set("root", "/roles/targets/keyids", json!([foreign]));
    let mut signature = key.sign(b"{}");
    signature["keyid"] = json!(foreign);
    sim.signatures("targets", json!([signature]));
    let mismatch = Error::KeyIdMismatch { role: role("targets"), key_id: foreign.clone() };
    assert_eq!(sim.check().map(drop), Err(mismatch));

    let mut sim = Sim::new();
    let key = sim.keys["root"][0].clone();
    sim.payload("root")["keys"][foreign.as_str()] = key.json();
    sim.set("root", "/roles/root/keyids", json!([foreign]));
    let payload = notary::tuf::canonical::from_text(sim.payloads["root"].to_string().as_bytes())
        .unwrap()
        .into_owned();
    let mut signature = key.sign(&payload);
    signature["keyid"] = json!(foreign);
    sim.signatures("root", json!([signature]));
    assert_eq!(sim.trusted_root().map(drop), Err(Error::RootIntegrity));
}
