//! The engine against files that the Go programs wrote.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use notary::tuf::canonical;
use notary::tuf::json::Json;
use notary::tuf::key::PublicKey;
use notary::tuf::metadata::Payload;
use notary::tuf::root::Root;
use notary::tuf::snapshot::{Snapshot, Timestamp};
use notary::tuf::targets::Targets;
use notary::tuf::verify::Signature;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::support::{golden, read_golden};

fn manifest() -> Vec<Value> {
    let manifest: Vec<Value> = serde_json::from_slice(&read_golden("manifest.json")).unwrap();
    // The manifest also speaks of files that were left out of the set to keep it small.
    let kept: Vec<_> =
        manifest.into_iter().filter(|entry| golden(text(entry, "path")).exists()).collect();
    assert!(kept.len() > 200, "only {} files are there", kept.len());
    kept
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap()
}

#[derive(serde::Deserialize)]
struct File {
    signed: Box<RawValue>,
    signatures: Vec<Signature>,
}

fn reserialised<T: Payload>(file: &File) -> (Vec<u8>, Vec<u8>) {
    let payload: T = serde_json::from_str(file.signed.get()).unwrap();
    let message = canonical::to_vec(&payload);
    let signatures = canonical::to_vec(&file.signatures);
    let bytes = [
        b"{\"signed\":".as_slice(),
        &canonical::file_form(&message),
        b",\"signatures\":",
        &canonical::file_form(&signatures),
        b"}",
    ];
    (message.clone(), bytes.concat())
}

#[test]
fn every_file_reserialises_to_the_same_bytes() {
    for entry in manifest() {
        let path = text(&entry, "path");
        let bytes = read_golden(path);
        let file: File = serde_json::from_slice(&bytes).unwrap();
        let (message, again) = match text(&entry, "role_type") {
            "Root" => reserialised::<Root>(&file),
            "Snapshot" => reserialised::<Snapshot>(&file),
            "Targets" => reserialised::<Targets>(&file),
            "Timestamp" => reserialised::<Timestamp>(&file),
            other => panic!("{path}: {other}"),
        };
        assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(&bytes), "{path}");

        let generic = canonical::from_text(file.signed.get().as_bytes()).unwrap();
        assert_eq!(generic, message, "{path}: typed and generic encoding");
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &message);
        assert_eq!(HEXLOWER.encode(digest.as_ref()), text(&entry, "canonical_signed_sha256"));
    }
}

#[test]
fn every_signature_has_the_recorded_validity() {
    let mut checked = 0;
    for entry in manifest() {
        let path = text(&entry, "path");
        let file: File = serde_json::from_slice(&read_golden(path)).unwrap();
        let message = canonical::from_text(file.signed.get().as_bytes()).unwrap();
        for (recorded, signature) in
            entry["signatures"].as_array().unwrap().iter().zip(&file.signatures)
        {
            let Some(expected) = recorded["valid"].as_bool() else { continue };
            let key = find_key(path, signature.keyid.as_str());
            assert_eq!(key.key_type().as_str(), text(recorded, "keytype"), "{path}");
            assert_eq!(key.canonical_id().as_str(), text(recorded, "canonical_key_id"), "{path}");
            let valid = key.verify(&signature.method, &message, &signature.sig.0);
            assert_eq!(valid, expected, "{path}");
            checked += 1;
        }
    }
    assert!(checked > 200, "only {checked} signatures were checked");
}

/// Finds a key by its id in any file of the same scenario.
fn find_key(path: &str, id: &str) -> PublicKey {
    let scenario = path.split('/').next().unwrap();
    for entry in manifest().iter().filter(|entry| text(entry, "path").starts_with(scenario)) {
        let value: Value = serde_json::from_slice(&read_golden(text(entry, "path"))).unwrap();
        let signed = &value["signed"];
        for keys in [&signed["keys"], &signed["delegations"]["keys"]] {
            if let Some(key) = keys.get(id) {
                return serde_json::from_value(key.clone()).unwrap();
            }
        }
    }
    panic!("{path}: no key {id}");
}

/// Where Go's answer is not ours, and why.
const DIFFERENT_VECTORS: [(&str, &str); 1] = [(
    "1e20",
    "Go on amd64 wraps numbers beyond 64 bits to the smallest one; formats.md §3.5 says to reject",
)];

#[test]
fn canonical_json_vectors() {
    let vectors: Vec<Value> =
        serde_json::from_slice(&read_golden("15-canonical-json/vectors.json")).unwrap();
    assert_eq!(vectors.len(), 30);
    for vector in &vectors {
        let input = HEXLOWER_PERMISSIVE.decode(text(vector, "input_hex").as_bytes()).unwrap();
        let shown = String::from_utf8_lossy(&input).into_owned();
        let ours = Json::parse(&input).ok().map(|document| canonical::to_vec(&document.value));
        if DIFFERENT_VECTORS.iter().any(|(different, _)| *different == shown) {
            assert_eq!(ours, None, "{shown}");
            continue;
        }
        let go = vector["canonical_hex"].as_str();
        assert_eq!(ours.map(|bytes| HEXLOWER.encode(&bytes)).as_deref(), go, "{shown}");
    }
}
