//! How many keys have signed: the count that every file must reach.

use data_encoding::BASE64;
use notary::tuf::error::Error;
use notary::tuf::key::{KeyId, KeyType, Method, PublicKey};
use notary::tuf::role::RoleName;
use notary::tuf::verify::{KeySet, Signature};
use serde_json::{Value, json};

use crate::support::{SimKey, read_golden};

const MESSAGE: &[u8] = br#"{"version":1}"#;

const ROLE: RoleName = RoleName::TARGETS;

fn keys(count: usize) -> Vec<SimKey> {
    (0..count).map(|_| SimKey::new()).collect()
}

fn key_set<'a>(keys: impl IntoIterator<Item = &'a SimKey>, threshold: i64) -> KeySet {
    let keys = keys.into_iter().map(|key| (key.id(), key.public.clone())).collect();
    KeySet { role: ROLE, keys, threshold }
}

fn parsed(signature: Value) -> Signature {
    serde_json::from_value(signature).unwrap()
}

fn signatures<'a>(keys: impl IntoIterator<Item = &'a SimKey>) -> Vec<Signature> {
    keys.into_iter().map(|key| parsed(key.sign(MESSAGE))).collect()
}

fn too_few(need: u64, have: u64) -> Result<Vec<KeyId>, Error> {
    Err(Error::Threshold { role: ROLE, need, have })
}

fn verify(set: &KeySet, signatures: &[Signature]) -> Result<Vec<KeyId>, Error> {
    set.verify(MESSAGE, signatures).map(|ids| ids.into_iter().collect())
}

fn ids<'a>(keys: impl IntoIterator<Item = &'a SimKey>) -> Result<Vec<KeyId>, Error> {
    let mut ids: Vec<_> = keys.into_iter().map(SimKey::id).collect();
    ids.sort();
    Ok(ids)
}

#[test]
fn two_of_three_means_any_two() {
    let keys = keys(3);
    let set = key_set(&keys, 2);
    assert_eq!(verify(&set, &signatures(&keys)), ids(&keys));
    for (left_out, chosen) in [(0, [1, 2]), (1, [0, 2]), (2, [0, 1])] {
        let chosen = chosen.map(|index| &keys[index]);
        assert_eq!(verify(&set, &signatures(chosen)), ids(chosen), "all but {left_out}");
        assert_eq!(verify(&set, &signatures([&keys[left_out]])), too_few(2, 1));
    }
}

#[test]
fn a_key_counts_once_however_often_it_signs() {
    let keys = keys(2);
    let twice = signatures([&keys[0], &keys[0], &keys[0]]);
    assert_ne!(twice[0].sig, twice[1].sig, "ECDSA signatures are random");
    assert_eq!(verify(&key_set(&keys, 2), &twice), too_few(2, 1));
}

#[test]
fn a_key_counts_once_under_however_many_ids() {
    let key = SimKey::root();
    let bare = key.listed_as(key.private.public_key().clone());
    // A text around the certificate gives the same key a third id.
    let padded = [key.public.bytes(), b"\n"].concat();
    let padded = key.listed_as(PublicKey::new(KeyType::EcdsaX509, padded));
    let all = [key, bare, padded];
    assert_eq!(verify(&key_set(&all, 1), &signatures(&all)), ids(&all));
    assert_eq!(verify(&key_set(&all, 2), &signatures(&all)), too_few(2, 1));
}

#[test]
fn foreign_signatures_are_ignored() {
    let (keys, foreign) = (keys(2), keys(2));
    let set = key_set(&keys, 2);
    let mixed = signatures([&foreign[0], &keys[0], &foreign[1]]);
    assert_eq!(verify(&set, &mixed), too_few(2, 1));
    let mixed = signatures([&foreign[0], &keys[0], &foreign[1], &keys[1]]);
    assert_eq!(verify(&set, &mixed), ids(&keys));
    assert_eq!(verify(&set, &signatures(&foreign)), too_few(2, 0));
}

#[test]
fn bad_signatures_do_not_spoil_good_ones() {
    let keys = keys(2);
    let mut signed = signatures(&keys);
    signed[0].sig.0[10] ^= 1;
    assert_eq!(verify(&key_set(&keys, 1), &signed), ids([&keys[1]]));
    assert_eq!(verify(&key_set(&keys, 2), &signed), too_few(2, 1));
    // Nor does a bad one before a good one of the same key.
    let good = parsed(keys[0].sign(MESSAGE));
    signed.push(good);
    assert_eq!(verify(&key_set(&keys, 2), &signed), ids(&keys));
}

#[test]
fn of_each_key_eight_signatures_are_tried() {
    let keys = keys(2);
    let good = signatures(&keys);
    let mut bad = good[0].clone();
    bad.sig.0[10] ^= 1;
    for (bad_ones, verdict) in [(7, ids(&keys)), (8, too_few(2, 1))] {
        let bad = vec![bad.clone(); bad_ones];
        assert_eq!(verify(&key_set(&keys, 2), &[bad, good.clone()].concat()), verdict);
    }
}

#[test]
fn a_signature_by_one_key_does_not_count_for_another() {
    let keys = keys(2);
    let mut signed = signatures(&keys);
    signed[0].keyid = keys[1].id();
    assert_eq!(verify(&key_set(&keys, 2), &signed), too_few(2, 1));
}

#[test]
fn a_signature_of_another_message_does_not_count() {
    let keys = keys(1);
    let other = parsed(keys[0].sign(br#"{"version":2}"#));
    assert_eq!(verify(&key_set(&keys, 1), &[other]), too_few(1, 0));
}

#[test]
fn thresholds_that_no_signatures_can_reach_are_never_met() {
    let keys = keys(2);
    for (threshold, refusal) in [
        (0, too_few(0, 2)),
        (-1, too_few(1, 0)),
        (i64::MIN, too_few(1, 0)),
        (3, too_few(3, 2)),
        (i64::MAX, too_few(i64::MAX as u64, 2)),
    ] {
        assert_eq!(verify(&key_set(&keys, threshold), &signatures(&keys)), refusal);
    }
    let nobody = key_set([], 0);
    assert_eq!(verify(&nobody, &signatures(&keys)), too_few(0, 0));
}

#[test]
fn a_file_without_signatures_is_refused_whatever_the_threshold() {
    for threshold in [-1, 0, 1] {
        let set = key_set(&keys(1), threshold);
        assert_eq!(verify(&set, &[]), Err(Error::NoSignatures { role: ROLE }));
    }
}

#[test]
fn an_id_that_does_not_belong_to_its_key_is_fatal_once_it_signs() {
    let (key, other) = (SimKey::new(), SimKey::new());
    let mut set = key_set([&key], 1);
    set.keys.insert(other.id(), key.public.clone());
    assert_eq!(verify(&set, &signatures([&key])), ids([&key]), "nobody signed under that id");
    let mut forged = signatures([&key]);
    forged[0].keyid = other.id();
    let fatal = Err(Error::KeyIdMismatch { role: ROLE, key_id: other.id() });
    assert_eq!(verify(&set, &forged), fatal);
    // A good signature does not help, wherever it stands.
    forged.extend(signatures([&key]));
    assert_eq!(verify(&set, &forged), fatal);
    forged.reverse();
    assert_eq!(verify(&set, &forged), fatal);
}

/// A key of every type, and the method that it signs with.
fn all_types() -> Vec<(SimKey, &'static str)> {
    let rsa = SimKey::golden("inputs/deleg-rsa.key");
    let certificate = PublicKey::new(KeyType::RsaX509, read_golden("inputs/deleg-rsa.crt"));
    vec![
        (SimKey::new(), "ecdsa"),
        (SimKey::root(), "ecdsa"),
        (SimKey::golden("11-key-files/ec-p384-sec1-plain.key"), "ecdsa"),
        (SimKey::golden("inputs/ed25519-1.key"), "eddsa"),
        (rsa.clone(), "rsapss"),
        (rsa.listed_as(certificate), "rsapss"),
    ]
}

#[test]
fn keys_of_every_type_count() {
    let all = all_types();
    // The last two are one key.
    let set = key_set(all.iter().map(|(key, _)| key), all.len() as i64 - 1);
    let signed = signatures(all.iter().map(|(key, _)| key));
    assert_eq!(verify(&set, &signed), ids(all.iter().map(|(key, _)| key)));
}

#[test]
fn the_declared_method_must_fit_the_key() {
    const METHODS: [&str; 7] =
        ["ecdsa", "eddsa", "rsapss", "rsapkcs1v15", "pycrypto-pkcs#1 pss", "", "dilithium"];
    for (key, own) in all_types() {
        let set = key_set([&key], 1);
        for method in METHODS {
            let mut signature = key.sign(MESSAGE);
            signature["method"] = json!(method);
            let expected = if method == own { ids([&key]) } else { too_few(1, 0) };
            assert_eq!(verify(&set, &[parsed(signature)]), expected, "{own} as {method:?}");
        }
        let mut signature = key.sign(MESSAGE);
        signature["method"] = json!(own.to_uppercase());
        assert_eq!(verify(&set, &[parsed(signature)]), ids([&key]), "the case does not matter");
    }
}

#[test]
fn signatures_of_the_wrong_length_do_not_count() {
    for (key, method) in all_types() {
        let set = key_set([&key], 1);
        let sig = parsed(key.sign(MESSAGE)).sig.0;
        let longer = [&sig[..], &[0]].concat();
        let padded = [&[0], &sig[..]].concat();
        for wrong in [&[][..], &sig[1..], &sig[..sig.len() - 1], &longer, &padded] {
            let mut signature = key.sign(MESSAGE);
            signature["sig"] = json!(BASE64.encode(wrong));
            assert_eq!(verify(&set, &[parsed(signature)]), too_few(1, 0), "{method}");
        }
    }
}

#[test]
fn a_key_is_not_what_another_type_would_make_of_its_bytes() {
    for (key, method) in all_types() {
        let signature = parsed(key.sign(MESSAGE));
        for name in ["ecdsa", "ecdsa-x509", "ed25519", "rsa", "rsa-x509", "other"] {
            let key_type = KeyType::from(name.to_owned());
            let is_certificate = |kind: &KeyType| kind.as_str().ends_with("-x509");
            // Both kinds of certificates are read in the same way, by what is in them.
            if is_certificate(&key_type) && is_certificate(key.public.key_type()) {
                continue;
            }
            let other = PublicKey::new(key_type, key.public.bytes().to_vec());
            let valid = other.verify(&signature.method, MESSAGE, &signature.sig.0);
            assert_eq!(valid, other == key.public, "{method} key as {name}");
        }
    }
}

/// Signatures over [`MESSAGE`] by `openssl dgst -sha256`: the key, the method that they would be
/// declared as, whether they count, and the signature.
const BY_OPENSSL: [(&str, Method, bool, &str); 4] = [
    (
        "inputs/deleg-rsa.key",
        Method::RsaPkcs1v15,
        true,
        "ZJn+N7JP9G7s7UVOwh/OKdQtI2tlXwWAzX0cN9HTdYmKPQgGcy2QE79p8pyzHkFlCE3StkCvGeuS2k5D2R8Wl0FR+X/Z\
         Dl806LZgzB1RDiHl/nxHjskaTEnzj/T6r4FSBGYq/tkBCmR285smxMwHjPAhcPcU//azHiccvWuYSVRg1jYdenBSLvFG\
         36qb44NeeAbu9Str56x8C2KUyVfDeXtEAlrXAqM9rO77CFtP7jgv1DHs24nSyPCp/pC6VKck2oXcu1IsBxU8r6GbxHV5\
         ePyXYzT7XGY1nGXGiiaJXYNILEsSLdBEsEZwudcgbKxd4xeUzxbMUrAKoHR3x5LBNA==",
    ),
    // A salt of 20 bytes.
    (
        "inputs/deleg-rsa.key",
        Method::RsaPss,
        false,
        "COp3cCbDCQEHWWkI0jfGKagVSmQg/NbATDQ9HyZUlnbbOU+jZKDBVr9AmFPiEvYwNn191oHsMDxQnsppdM4p66sKMLZW\
         SpoIxIzbpz/iU0fX7HOWJibxVwF1HyJ4LIp/e6Ihcx51znGA6SOFA7YAAULRcUNCIROGRr2W9UGVODPtZk3s2r/NWpfE\
         gsoICFVjCOXMGu+Jngxv/CIu6fYSK5HJAhshU6SFhkiaQMQABIPXrSvSMVLR/UN9sJ7qAjs6zUSoXWomQbOBpepgXwWo\
         Uhv04tXfnzMMfbhfW1F9LFs1PqRHHpGMH1Sq1Cx0Czoby1YJmFjdwM470wnxVNrUmA==",
    ),
    // Keys of 1024 bits.
    (
        "11-key-files/rsa1024-pkcs1-plain.key",
        Method::RsaPss,
        false,
        "o+qlLKoJX8d4ROAJQCZo9KXctXy90I3H+b+hjCG5FU7vVf3NF6bN0Qac6lsQHFYnQVD9r9u3MmUHkDiNTlSM7OsJsp4P\
         W76jEiSRkV+htsgiFhU5BjTDmFP72Zq2Zojq/FFG1/0TAbQC4briy7kVWfVLXvcdP3XWqqkIF+8gLoU=",
    ),
    (
        "11-key-files/rsa1024-pkcs1-plain.key",
        Method::RsaPkcs1v15,
        false,
        "lyr/Lo7qSbquN1fsfc/9Gb1qIC3W7PJ4nFeqvg0DWT1p25dbAEIcQQ3qem6kHJZw70KHSi1zQkMWV0983hcrHuNxXFYS\
         pt26B7Y7CtqBVkmBQzDmBFibvcVVt7rAmaQXJyomuL78WnKtqSTPKwgWl0rcRTFrm7gjFRT6XQAr+xY=",
    ),
];

#[test]
fn rsa_signatures_by_others_count_if_key_and_salt_are_long_enough() {
    for (path, method, counts, signature) in BY_OPENSSL {
        let key = SimKey::golden(path);
        let signature = BASE64.decode(signature.as_bytes()).unwrap();
        assert_eq!(key.public.verify(&method, MESSAGE, &signature), counts, "{path} {method:?}");
    }
}
