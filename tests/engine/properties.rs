//! What holds for every value, tried with many.

use std::collections::BTreeMap;

use notary::tuf::canonical;
use notary::tuf::json::Json;
use notary::tuf::pem::{self, Block};
use notary::tuf::role::{Gun, RoleName};
use notary::tuf::x509::{Bundle, Certificate};

use super::random::Random;
use crate::support::read_golden;

/// A value with up to `depth` levels below it.
fn value(random: &mut Random, depth: usize) -> Json {
    const NUMBERS: [i64; 8] = [0, -1, 1, 42, (1 << 53) - 1, 1 << 53, -(1 << 53), i64::MIN];
    match random.below(if depth == 0 { 5 } else { 8 }) {
        0 => Json::Null,
        1 => Json::Bool(random.below(2) == 0),
        2 => Json::Integer(*random.pick(&NUMBERS)),
        // Beyond 53 bits not every number is a double.
        3 => Json::Integer((random.next() as i64) >> 11),
        4 => Json::String(random.string(12)),
        5 => Json::Array((0..random.below(4)).map(|_| value(random, depth - 1)).collect()),
        _ => Json::Object(
            (0..random.below(5)).map(|_| (random.string(6), value(random, depth - 1))).collect(),
        ),
    }
}

/// One of the many spellings of a value.
fn spell(random: &mut Random, value: &Json, out: &mut String) {
    space(random, out);
    match value {
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                spell(random, item, out);
            }
            out.push(']');
        }
        Json::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            if random.below(2) == 0 {
                members.reverse();
            }
            out.push('{');
            for (index, (name, member)) in members.into_iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                spell(random, &Json::String(name.clone()), out);
                out.push(':');
                spell(random, member, out);
            }
            space(random, out);
            out.push('}');
        }
        Json::String(text) => {
            out.push('"');
            for c in text.chars() {
                let must = c < ' ' || c == '"' || c == '\\';
                if must || random.below(5) == 0 {
                    let mut units = [0; 2];
                    for unit in c.encode_utf16(&mut units) {
                        out.push_str(&format!("\\u{unit:04x}"));
                    }
                } else {
                    out.push(c);
                }
            }
            out.push('"');
        }
        Json::Integer(number) => match random.below(3) {
            0 if number.abs_diff(0) < 1 << 53 => out.push_str(&format!("{number}.0")),
            1 if (1..1 << 53).contains(&number.abs_diff(0)) => {
                out.push_str(&format!("{number}0e-1"))
            }
            _ => out.push_str(&number.to_string()),
        },
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Null => out.push_str("null"),
    }
    space(random, out);
}

fn space(random: &mut Random, out: &mut String) {
    for _ in 0..random.below(3) {
        out.push(*random.pick(&[' ', '\t', '\n', '\r']));
    }
}

#[test]
fn every_spelling_of_a_value_has_the_same_canonical_form() {
    for seed in 0..2000 {
        let mut random = Random::new(seed);
        let value = value(&mut random, 4);
        let canonical = canonical::to_vec(&value);
        let mut text = String::new();
        spell(&mut random, &value, &mut text);
        let parsed = Json::parse(text.as_bytes()).unwrap();
        assert_eq!(parsed.value, value, "{seed}: {text}");
        assert_eq!(parsed.duplicate, None);
        assert_eq!(canonical::from_text(text.as_bytes()).unwrap(), canonical, "{seed}: {text}");
        // What goes into files is one more spelling.
        let file = canonical::file_form(&canonical);
        assert_eq!(canonical::from_text(&file).unwrap(), canonical, "{seed}");
        assert_eq!(Json::parse(&file).unwrap().value, value, "{seed}");
        // The canonical form is one as well, unless control characters keep it from being JSON.
        match Json::parse(&canonical) {
            Ok(again) => {
                assert_eq!(again.value, value, "{seed}");
                assert_eq!(canonical::from_text(&canonical).unwrap(), canonical, "{seed}");
            }
            Err(_) => assert!(value.has_control_characters(), "{seed}"),
        }
    }
}

#[test]
fn members_are_sorted_by_their_bytes() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let members: BTreeMap<String, Json> =
            (0..8).map(|_| (random.string(3), Json::Null)).collect();
        let mut names: Vec<Vec<u8>> = members.keys().map(|name| name.clone().into()).collect();
        names.sort();
        let mut expected = b"{".to_vec();
        for name in names {
            expected.push(b'"');
            for byte in name {
                expected.extend(if matches!(byte, b'"' | b'\\') {
                    vec![b'\\', byte]
                } else {
                    vec![byte]
                });
            }
            expected.extend(b"\":null,");
        }
        *expected.last_mut().unwrap() = b'}';
        assert_eq!(canonical::to_vec(&Json::Object(members)), expected, "{seed}");
    }
}

#[test]
fn broken_json_is_refused_or_has_a_canonical_form_that_stays() {
    let mut accepted = 0;
    for seed in 0..4000 {
        let mut random = Random::new(seed);
        let mut text = String::new();
        let value = value(&mut random, 3);
        spell(&mut random, &value, &mut text);
        let mutated = if text.is_empty() { Vec::new() } else { random.mutated(text.as_bytes()) };
        for bytes in [mutated, random.bytes(12)] {
            let Ok(canonical) = canonical::from_text(&bytes) else { continue };
            accepted += 1;
            let again =
                canonical::from_text(&canonical::file_form(&canonical)).unwrap().into_owned();
            assert_eq!(again, *canonical, "{seed}: {:?}", String::from_utf8_lossy(&bytes));
        }
    }
    assert!(accepted > 500, "only {accepted} were JSON");
}

#[test]
fn pem_blocks_round_trip() {
    for seed in 0..500 {
        let mut random = Random::new(seed);
        let mut text = String::new();
        let mut blocks = Vec::new();
        for _ in 0..random.below(4) {
            let label = *random.pick(&["CERTIFICATE", "EC PRIVATE KEY", "X"]);
            let mut block = Block::new(label, random.bytes(200));
            for name in ["role", "gun", "Proc-Type"].iter().take(random.below(4)) {
                let value = *random.pick(&["targets/a", "host:5000/x", "4,ENCRYPTED", "é: x"]);
                block.headers.insert((*name).to_owned(), value.to_owned());
            }
            let before = *random.pick(&["", "some text\n", "\n"]);
            text.push_str(before);
            text.push_str(&block.encode());
            blocks.push(block);
        }
        assert_eq!(pem::decode_all(text.as_bytes()), blocks, "{seed}:\n{text}");
        let dos = text.replace('\n', "\r\n");
        assert_eq!(pem::decode_all(dos.as_bytes()), blocks, "{seed}");
    }
}

#[test]
fn a_text_of_nothing_but_beginnings_is_read_in_one_go() {
    // Anybody can serve such a text in a root; trying each beginning to the end takes hours.
    let beginnings = "-----BEGIN CERTIFICATE-----\n".repeat(300_000);
    assert_eq!(pem::decode_all(beginnings.as_bytes()), []);
    let last = "AAEC\n-----END CERTIFICATE-----\n";
    let blocks = pem::decode_all((beginnings + last).as_bytes());
    assert_eq!(blocks, [Block::new("CERTIFICATE", vec![0, 1, 2])]);
}

#[test]
fn broken_certificates_and_pem_texts_are_no_certificates_or_others() {
    for path in ["inputs/root-ca-leaf.crt", "inputs/deleg-a.crt", "inputs/deleg-rsa.crt"] {
        let text = read_golden(path);
        let der = pem::decode_all(&text)[0].contents.to_vec();
        let honest = Certificate::from_der(&der).unwrap();
        for seed in 0..600 {
            let mut random = Random::new(seed);
            let mutated = random.mutated(&der);
            if let Some(other) = Certificate::from_der(&mutated) {
                assert_eq!(other == honest, mutated == der, "{path} {seed}");
            }
            let mutated = random.mutated(&text);
            if let Some(bundle) = Bundle::parse(&mutated) {
                // Whatever was read, its name is computed from what was read.
                let own = Bundle::parse(bundle.to_key().bytes()).unwrap();
                assert_eq!(own, bundle, "{path} {seed}");
            }
        }
    }
}

#[test]
fn names_that_are_accepted_are_safe_as_paths_and_in_addresses() {
    let mut accepted = 0;
    for seed in 0..6000 {
        let mut random = Random::new(seed);
        let parts =
            ["a", "b-1", "..", ".", "/", "*", "%", "targets/", "targets", "root", "é", "\n"];
        let mut name: String = (0..random.below(6)).map(|_| *random.pick(&parts)).collect();
        if random.below(3) == 0 {
            name.push_str(&random.string(3));
        }
        if let Ok(gun) = Gun::parse(&name) {
            accepted += 1;
            assert_eq!(gun.as_str(), name);
            assert_eq!(gun.segments().collect::<Vec<_>>().join("/"), name);
            for segment in gun.segments() {
                assert!(!["", ".", ".."].contains(&segment), "{name:?}");
                let unsafe_in_addresses = |c: char| "?#%*".contains(c) || c.is_control();
                assert!(!segment.contains(unsafe_in_addresses), "{name:?}");
            }
        }
        if let Ok(role) = RoleName::parse(&name) {
            accepted += 1;
            let is_base = RoleName::BASE.contains(&role);
            assert_eq!(role.as_str(), name);
            assert_eq!(role.is_delegation(), !is_base);
            let clean = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_/".contains(c);
            assert!(is_base || name.starts_with("targets/") && name.chars().all(clean), "{name:?}");
            assert!(!name.contains("//") && !name.ends_with('/'), "{name:?}");
            if let Some(parent) = role.parent() {
                assert!(parent.is_ancestor_of(&role) && parent.holds_targets());
                assert_eq!(RoleName::parse(parent.as_str()), Ok(parent));
            }
        }
    }
    assert!(accepted > 500, "only {accepted} names were valid");
}
