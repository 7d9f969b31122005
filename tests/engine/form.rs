//! Metadata in all spellings, and what only looks like metadata.

use notary::tuf::canonical::CanonicalError;
use notary::tuf::error::{Error, Malformation};
use notary::tuf::json::{JsonError, JsonProblem};
use notary::tuf::metadata::Payload as _;
use notary::tuf::role::RoleName;
use notary::tuf::trusted::{Floors, TrustedSet};
use serde_json::{Value, json};

use super::trusted::{A, ROLES, judge, malformed, sim};
use crate::support::{SimKey, role};

fn json_problem(name: &str, problem: JsonProblem, offset: usize) -> Result<(), Error> {
    let why = CanonicalError::Json(JsonError { offset, problem });
    malformed(name, Malformation::Canonical(why))
}

#[test]
fn spelling_does_not_matter_for_signatures() {
    type Respell = fn(&str) -> String;
    let spellings: [(&str, Respell); 4] = [
        ("white space", |text| {
            let value: Value = serde_json::from_str(text).unwrap();
            serde_json::to_string_pretty(&value).unwrap()
        }),
        ("escapes", |text| text.replace("version", "\\u0076ersion").replace("Z\"", "\\u005a\"")),
        ("unknown members", |text| text.replacen('{', r#"{"zzz":[1,{"a":null}],"#, 1)),
        ("another order", |text| {
            let value: Value = serde_json::from_str(text).unwrap();
            let members = value.as_object().unwrap().iter().rev();
            let members: Vec<_> =
                members.map(|(name, value)| format!("{name:?}:{value}")).collect();
            format!("{{{}}}", members.join(","))
        }),
    ];
    for name in ROLES {
        for (what, change) in spellings {
            let mut sim = sim();
            sim.respell(name, change);
            assert_eq!(judge(&sim, name), Ok(()), "{name} with {what}");
        }
    }
}

#[test]
fn what_two_readers_could_understand_differently_is_refused() {
    let duplicate = |name: &str, member: &str| {
        malformed(name, Malformation::Canonical(CanonicalError::Duplicate(member.to_owned())))
    };
    for name in ROLES {
        let mut sim = sim();
        for again in [r#"{"version":1,"#, r#"{"\u0076ersion":9,"#] {
            sim.respell(name, move |text| text.replacen('{', again, 1));
            assert_eq!(judge(&sim, name), duplicate(name, "version"), "{name}");
        }
        sim.respell(name, |text| text.replacen('{', r#"{"x":{"y":1,"y":1},"#, 1));
        assert_eq!(judge(&sim, name), duplicate(name, "y"), "{name}");
        // Go would take these for `version` and `_type`.
        sim.respell(name, |text| text.replace("version", "Version"));
        assert!(matches!(judge(&sim, name), Err(Error::Malformed { .. })), "{name}");
        for (number, problem) in [
            ("1.5", JsonProblem::NotIntegral),
            ("1e300", JsonProblem::Range),
            ("9223372036854775808", JsonProblem::Range),
            ("1e", JsonProblem::MalformedNumber),
        ] {
            sim.respell(name, move |text| text.replacen('{', &format!("{{\"x\":{number},"), 1));
            let verdict = judge(&sim, name);
            // The outer form is read first, by a parser that refuses some numbers itself.
            let by_outer =
                matches!(&verdict, Err(Error::Malformed { why: Malformation::Json(_), .. }));
            assert!(
                by_outer
                    || verdict == json_problem(name, problem, if number == "1e" { 7 } else { 5 }),
                "{name} {number}: {verdict:?}"
            );
        }
    }
}

#[test]
fn nesting_is_limited() {
    for name in ROLES {
        for (depth, accepted) in [(128, true), (129, false), (100_000, false)] {
            let mut sim = sim();
            let nested = format!("{{\"x\":{}{},", "[".repeat(depth), "]".repeat(depth));
            sim.respell(name, move |text| text.replacen('{', &nested, 1));
            assert_eq!(
                judge(&sim, name).is_ok(),
                accepted,
                "{name} {depth}: {:?}",
                judge(&sim, name)
            );
        }
    }
}

#[test]
fn bytes_that_are_not_metadata_are_refused() {
    let honest = sim().publish();
    let timestamp = String::from_utf8(honest["timestamp"].clone()).unwrap();
    let upper = timestamp.replacen("signed", "SIGNED", 1);
    let twice = timestamp.replacen('{', r#"{"signed":{},"#, 1);
    let trailing = format!("{timestamp}x");
    let mut invalid = honest["timestamp"].clone();
    let at = timestamp.find("Timestamp").unwrap();
    invalid[at] = 0xff;
    let texts: [&[u8]; 13] = [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xef\xbb\xbf{}",
        b"<html>",
        br#"{"signed":null,"signatures":[]}"#,
        br#"{"signed":{},"signatures":{}}"#,
        br#"{"signed":{},"signatures":[{"keyid":1,"method":"","sig":""}]}"#,
        upper.as_bytes(),
        twice.as_bytes(),
        trailing.as_bytes(),
        &invalid,
    ];
    for text in texts {
        let sim = sim();
        let mut files = honest.clone();
        files.insert("timestamp".into(), text.to_vec());
        let mut set =
            TrustedSet::for_reading(sim.trusted_root().unwrap(), sim.now, Floors::default());
        let shown = String::from_utf8_lossy(text);
        match set.load_timestamp(text) {
            Err(Error::Malformed { .. } | Error::NoSignatures { .. }) => {}
            other => panic!("{shown}: {other:?}"),
        }
        assert!(set.timestamp().is_none());
    }
}

#[test]
fn the_structure_of_delegations_is_checked() {
    let unknown = SimKey::new().id();
    let unknown_key = Malformation::UnknownKey { role: A.into(), key_id: unknown.clone() };
    let threshold = |threshold| Malformation::Threshold { role: A.into(), threshold };
    let name = |name: &str| Malformation::DelegationName(name.to_owned());
    let cases = [
        ("keyids", json!([unknown]), unknown_key),
        ("threshold", json!(0), threshold(0)),
        ("threshold", json!(-1), threshold(-1)),
        ("name", json!("targets/a/b"), name("targets/a/b")),
        ("name", json!("targets"), name("targets")),
        ("name", json!("root"), name("root")),
        ("name", json!("targets/A"), name("targets/A")),
        ("name", json!("targets/../a"), name("targets/../a")),
        ("name", json!("targets/"), name("targets/")),
        ("name", json!("targets/*"), name("targets/*")),
        ("name", json!(""), name("")),
    ];
    for (member, value, why) in cases {
        let mut sim = sim();
        sim.set("targets", &format!("/delegations/roles/0/{member}"), value);
        assert_eq!(judge(&sim, "targets"), malformed("targets", why));
    }
    // Likewise for what a delegation delegates.
    let mut sim = sim();
    sim.delegate("targets/a/b", &[""]);
    sim.set(A, "/delegations/roles/0/name", "targets/b");
    assert_eq!(judge(&sim, A), malformed(A, name("targets/b")));
}

#[test]
fn a_name_cannot_lead_back_up_the_tree() {
    for above in ["targets", "targets/a", "targets/b", "targets/a/b/c", "timestamp"] {
        let mut sim = sim();
        sim.delegate("targets/a/b", &[""]);
        sim.set(A, "/delegations/roles/0/name", above);
        let why = Malformation::DelegationName(above.to_owned());
        assert_eq!(judge(&sim, A), malformed(A, why));
    }
}

#[test]
fn what_go_writes_as_null_is_nothing() {
    let mut sim = sim();
    sim.delegate("targets/b", &[]);
    sim.set("targets", "/delegations/roles/0/keyids", Value::Null);
    sim.set("targets", "/delegations/roles/1/paths", Value::Null);
    let set = sim.check().unwrap();
    let refused = Error::Threshold { role: role(A), need: 1, have: 0 };
    assert_eq!(set.refused()[&role(A)].why, Some(refused));
    assert!(set.targets_of(&role("targets/b")).is_some());
    sim.set("targets", "/delegations", json!({"keys": null, "roles": null}));
    sim.set("targets", "/targets", Value::Null);
    let set = sim.check().unwrap();
    assert_eq!(set.targets().len(), 1);
    assert_eq!(set.targets_of(&RoleName::TARGETS).unwrap().version(), 1);
}
