//! Every encoding of private keys that Go and OpenSSL write.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode as _, Encode as _};
use notary::keys::{GUN_HEADER, OpenError, ROLE_HEADER, Unsupported, inspect, is_encrypted, seal};
use notary::tuf::algorithm::Algorithm;
use notary::tuf::key::{Curve, KeyType, Method, PublicKey, Signer as _};
use notary::tuf::role::Gun;
use serde::Deserialize;

use super::{
    EC_ID, ED25519, P521, PASSPHRASE, SHORT_RSA, block, golden_block, golden_key, keys_that_sign,
    open, read_golden,
};

const DIRECTORY: &str = "11-key-files";

/// The key of `ed25519-notary-plain.key`, encrypted with `openssl enc` and OpenSSL's derivation.
const ENCRYPTED_BLOB: &str = "-----BEGIN ED25519 PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,000102030405060708090A0B0C0D0E0F

ePRmepYeBlYO6lt4c0u13PzTv/4tZNgYcPtV9vaEJctkBhdAqgUXAGg2Sgmfht3y
9POaKGDiFXc7LWCe14JQHmwYIwro0j6MarFNaczdWKy9XFZKTjWMwkHsGZTBMW7H
y+pQkj+HDXI/CHKvB6cbzQ==
-----END ED25519 PRIVATE KEY-----
";

/// openssl ec -des -provider legacy -provider default, of `ec-sec1-plain.key`
const DES_CBC: &str = "-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: DES-CBC,D90E04FF6D63D56C

taRr8y81cThth8w4lllhFNOdD/v4FYdJC/leI77lcQqUpm2O1h+5vew9UuofRf2Z
px/EQivQdaHcOX3TqeCKeX+OpBfr2P44LWGQigE6/IDEZB+jtGFJMG6HZENjmtf4
Yspe3SAVd8JeMVIs+bBhna9cyupGd+bCgilo1X90ihU=
-----END EC PRIVATE KEY-----
";

/// openssl pkcs8 -topk8 -scrypt, of the same key
const SCRYPT: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAjZ7lVcSK67wwICQAAC
AQgCAQEwHQYJYIZIAWUDBAEqBBDZEvGrhIYE0fqLbnU/tpSlBIGQM2JMspvBOsYr
/RAir66ikFv2GUJp2pBsnO/CIi/6S36K4zreHCLH7WYFIemoo5WN4aWHZ5eAJ3PT
TlcMreW0AuVdvQU2/7qx9hLq4UCEZR0Mr0KIquUR8L4dqVaqjJbUUuzCbsejCaII
KD/DmikdDO0jKT5NKMFAxNwcFUjR53oqZKVK17UkV3/xNWHXXcvV
-----END ENCRYPTED PRIVATE KEY-----
";

/// openssl pkcs8 -topk8 -v2 aes-192-cbc -v2prf hmacWithSHA512 -iter 1000, of the same key
const AES192_SHA512: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjiP2XOLvZ3kgICA+gw
DAYIKoZIhvcNAgsFADAdBglghkgBZQMEARYEEMx/mUfN4SIrjL4jMBk1/tEEgZA+
UcliBF/pvRmjOM7vF0upauDxUOoPh/v0eGEj+18qw2ofwqnvsLXnaK13EwPWb1Nk
RX+GedUCCz0nt4WLZmZwWf/r8Hf+sSRliTl6+hpALsHPkNa9SktkRl1U1GgJwz+I
ygkkJ3tL+uboMD4t6FgyluOeTZshqAWjJmGUp2QyKgs3JRF3fOnAFHNnwPAWRxY=
-----END ENCRYPTED PRIVATE KEY-----
";

/// openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES, of the same key
const PBES1: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGxMBwGCiqGSIb3DQEMAQMwDgQI5qbENLx5uKMCAggABIGQlYixenAfyvSksizb
tp3s/5x2AwtTrC02B4O/mi7we+eYJ7F3VqJH/F4bOpKCkpAnR0mYC6Mp5Z6nxb0k
Rwm9BM3WwjDUWzI2P+jOWtJFGCCnikBDPjpdLNCdpqaC1KVTdpn2n8SiBellQxPX
KmfOnjTOYPM3DOBiHDPqYzOMXsy8DddovXfGvxd+W0VG433M
-----END ENCRYPTED PRIVATE KEY-----
";

/// openssl pkcs8 -topk8 -v2 des3, of the same key
const PBES2_3DES: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHjME4GCSqGSIb3DQEFDTBBMCkGCSqGSIb3DQEFDDAcBAiQOJJp56xz2QICCAAw
DAYIKoZIhvcNAgkFADAUBggqhkiG9w0DBwQIKgjhWaniJWMEgZALkBAdwBQ/xOAN
vtRys1sUf4s2deNyEQuXk7v6P6vgrey1oQ8RDt+xqzmbAoGVSrCDDnd9caFp4WFk
/mG6F/w5ffb238Mz3bqIO3xF3bxMSLxZx0bOwBfNqLxseMxDGW485By/IwKGEEGy
HEeDAPhg1abzAtteppmBCnlTVXSztc47e+ScBifFlLC0+UdBnGE=
-----END ENCRYPTED PRIVATE KEY-----
";

/// openssl ecparam -name secp224r1 -genkey -noout
const P224: &str = "-----BEGIN EC PRIVATE KEY-----
MGgCAQEEHM4jIsSot/oV0sh9s2iMJFmGiGPMpx8XYmiwSSSgBwYFK4EEACGhPAM6
AAS9Fp0Oc47rsfo2486D0gsqtnyCV3yIM7+hLLXmm07YFoHOTRYFSi2oZXIzgQVc
8irlCzCwNN/Tmw==
-----END EC PRIVATE KEY-----
";

#[derive(Deserialize)]
struct Expected {
    file: String,
    key_id: Option<String>,
    passphrase: String,
    go_0_7_can_load: bool,
    rewritten_by_go_as: Option<String>,
}

impl Expected {
    fn all() -> Vec<Self> {
        let path = format!("{DIRECTORY}/expected.json");
        serde_json::from_slice(&read_golden(path)).unwrap()
    }

    fn passphrase(&self) -> Option<&str> {
        Some(self.passphrase.as_str()).filter(|passphrase| !passphrase.is_empty())
    }
}

/// Files that this program reads although Go cannot: they are what other tools write by default,
/// and there is no doubt about what they mean.
const MORE_THAN_GO: [&str; 3] = [
    // The only cipher that Go supports is AES-256-CBC.
    "ec-pkcs8-pbes2-sha1-aes128.key",
    // Go derives with SHA-1 whatever the file says.
    "ec-pkcs8-pbes2-sha256-aes256.key",
    // Go knows only Notary's own form of Ed25519.
    "ed25519-rfc8410-pkcs8.key",
];

#[test]
fn golden_files_open_to_the_key_that_go_found_in_them() {
    // openssl pkey -in ed25519-rfc8410-pkcs8.key -pubout -outform DER | tail -c 32
    let public = b"b701c0073333f82639fb13171c9c1c49a0975eb48d1c16c6cafd0f286e17917f";
    let rfc8410 = PublicKey::new(KeyType::Ed25519, HEXLOWER.decode(public).unwrap());

    let mut more_than_go = BTreeSet::new();
    for expected in Expected::all() {
        let file = &expected.file;
        let block = golden_block(&format!("{DIRECTORY}/{file}"));
        let key = notary::keys::open(&block, expected.passphrase()).unwrap();
        let id = expected.key_id.clone().unwrap_or_else(|| rfc8410.id().to_string());
        assert_eq!(key.id().as_str(), id, "{file}");
        assert_eq!(*key.id(), key.public_key().canonical_id(), "{file}");
        if !expected.go_0_7_can_load {
            more_than_go.insert(expected.file);
        }
    }
    assert_eq!(more_than_go, MORE_THAN_GO.map(str::to_owned).into());
}

#[test]
fn kinds_of_keys_are_told_without_the_passphrase() {
    let mut kinds = BTreeSet::new();
    for expected in Expected::all() {
        let file = &expected.file;
        let block = golden_block(&format!("{DIRECTORY}/{file}"));
        let key = notary::keys::open(&block, expected.passphrase()).unwrap();
        let kind = Algorithm::of(key.public_key());
        assert_eq!(inspect(&block).unwrap(), kind, "{file}");
        kinds.insert(kind.unwrap().to_string());
    }
    assert_eq!(
        Vec::from_iter(kinds),
        ["ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-1024", "rsa-2048"]
    );
    for text in [DES_CBC, SCRYPT, AES192_SHA512] {
        let block = block(text.as_bytes());
        assert_eq!(inspect(&block).unwrap(), Some(Algorithm::EcdsaP256), "{text}");
    }
    let blob = block(ENCRYPTED_BLOB.as_bytes());
    assert_eq!(inspect(&blob).unwrap(), Some(Algorithm::Ed25519));
    // What cannot be decrypted is not judged by its length.
    for text in [PBES1, PBES2_3DES] {
        let error = inspect(&block(text.as_bytes())).unwrap_err();
        assert!(matches!(error, OpenError::Unsupported(Unsupported::Encryption(_))), "{error}");
    }
}

#[test]
fn encrypted_golden_files_want_the_right_passphrase() {
    for expected in Expected::all() {
        let file = &expected.file;
        let block = golden_block(&format!("{DIRECTORY}/{file}"));
        assert_eq!(is_encrypted(&block), expected.passphrase().is_some(), "{file}");
        if expected.passphrase().is_none() {
            continue;
        }
        let error = |passphrase| notary::keys::open(&block, passphrase).unwrap_err();
        assert_eq!(error(None), OpenError::PassphraseNeeded, "{file}");
        for wrong in ["", "wrong", "delegation-passphras", "delegation-passphrase "] {
            assert_eq!(error(Some(wrong)), OpenError::WrongPassphrase, "{file} {wrong:?}");
        }
    }
}

#[test]
fn no_wrong_passphrase_for_a_legacy_key_is_taken_for_anything_else() {
    // So many that the padding is right for some of them by chance.
    for file in ["ec-sec1-aes256.key", "ec-sec1-des3.key", "rsa-pkcs1-aes256.key"] {
        let block = golden_block(&format!("{DIRECTORY}/{file}"));
        for attempt in 0..1000 {
            let error = notary::keys::open(&block, Some(&attempt.to_string())).unwrap_err();
            assert_eq!(error, OpenError::WrongPassphrase, "{file} {attempt}");
        }
    }
}

#[test]
fn an_encrypted_ed25519_blob_is_checked_although_it_has_no_structure() {
    let key = open(ENCRYPTED_BLOB, Some(PASSPHRASE)).unwrap();
    assert_eq!(key.id(), golden_key(ED25519).id());
    for attempt in 0..2000 {
        let error = open(ENCRYPTED_BLOB, Some(&attempt.to_string())).unwrap_err();
        assert_eq!(error, OpenError::WrongPassphrase, "{attempt}");
    }
}

/// The plaintext of an encrypted PKCS#8 structure, by means other than ours.
fn plaintext(der: &[u8]) -> Vec<u8> {
    let read = |reader: &mut der::SliceReader<'_>| {
        let (algorithm, encrypted) = (AnyRef::decode(reader)?, <&OctetStringRef>::decode(reader)?);
        Ok::<_, der::Error>((algorithm.to_der()?, encrypted.as_bytes().to_vec()))
    };
    let (algorithm, encrypted) = AnyRef::from_der(der).unwrap().sequence(read).unwrap();
    let scheme = pkcs5::EncryptionScheme::try_from(algorithm.as_slice()).unwrap();
    scheme.decrypt(PASSPHRASE, &encrypted).unwrap()
}

#[test]
fn files_written_by_go_hold_the_bytes_that_we_write() {
    let rewritten = Expected::all().into_iter().filter_map(|expected| {
        let by_go = expected.rewritten_by_go_as?;
        Some((format!("{DIRECTORY}/{}", expected.file), format!("{DIRECTORY}/{by_go}")))
    });
    let rewritten: Vec<_> = rewritten.collect();
    assert_eq!(rewritten.len(), 4);
    for (source, by_go) in rewritten {
        let key = golden_key(&source);
        let by_go = golden_block(&by_go);
        let same = notary::keys::open(&by_go, Some(PASSPHRASE)).unwrap();
        assert_eq!(same.id(), key.id(), "{source}");
        assert_eq!(*key.to_pkcs8(), plaintext(&by_go.contents), "{source}");
    }
}

#[test]
fn every_kind_of_key_survives_sealing() {
    let gun = Gun::parse("registry.example:5000/app").unwrap();
    for key in keys_that_sign() {
        let sealed = seal(&key, "pässphrase 漢", "targets", Some(&gun));
        let again = block(sealed.encode().as_bytes());
        assert_eq!(again, sealed);
        assert_eq!(again.headers[ROLE_HEADER], "targets");
        assert_eq!(again.headers[GUN_HEADER], gun.as_str());
        let opened = notary::keys::open(&again, Some("pässphrase 漢")).unwrap();
        assert_eq!(opened.id(), key.id());
        assert_eq!(opened.to_pkcs8(), key.to_pkcs8());
    }
}

#[test]
fn every_kind_of_key_makes_signatures_that_verify() {
    let ecdsa = [64, 96, 132].map(|bytes| (Method::Ecdsa, bytes));
    let others = [(Method::RsaPss, 256), (Method::Eddsa, 64)];
    let expected = ecdsa.into_iter().chain(others);
    for (key, (method, bytes)) in keys_that_sign().into_iter().zip(expected) {
        let public = key.public_key();
        let signature = key.sign(b"message").unwrap();
        assert_eq!(key.method(), method);
        assert_eq!(key.canonical_id(), key.id());
        assert_eq!(signature.len(), bytes, "{key:?}");
        assert!(public.verify(&method, b"message", &signature), "{key:?}");
        assert!(!public.verify(&method, b"another", &signature), "{key:?}");
    }
}

#[test]
fn short_rsa_keys_have_an_id_but_do_not_sign() {
    let key = golden_key(SHORT_RSA);
    let error = key.sign(b"message").unwrap_err();
    assert_eq!(error.key_id, *key.id());
    assert_eq!(error.reason, "it is an RSA key of 1024 bits, and must have 2048 to 8192");
    let sealed = seal(&key, PASSPHRASE, "user", None);
    assert_eq!(notary::keys::open(&sealed, Some(PASSPHRASE)).unwrap().id(), key.id());
}

#[test]
fn more_encodings_by_openssl_are_read() {
    for text in [DES_CBC, SCRYPT, AES192_SHA512] {
        assert_eq!(open(text, Some(PASSPHRASE)).unwrap().id().as_str(), EC_ID, "{text}");
        assert_eq!(open(text, Some("wrong")).unwrap_err(), OpenError::WrongPassphrase, "{text}");
    }
    let p521 = open(P521, None).unwrap();
    assert_eq!(Curve::of(p521.public_key().bytes()), Some(Curve::P521));
}

#[test]
fn what_is_not_supported_is_named_before_the_passphrase_is_judged() {
    for (text, what) in [
        (PBES1, Unsupported::Encryption("1.2.840.113549.1.12.1.3".into())),
        (PBES2_3DES, Unsupported::Encryption("1.2.840.113549.3.7".into())),
    ] {
        for passphrase in [PASSPHRASE, "wrong"] {
            let error = open(text, Some(passphrase)).unwrap_err();
            assert_eq!(error, OpenError::Unsupported(what.clone()));
        }
    }
    let error = open(P224, None).unwrap_err();
    assert_eq!(error, OpenError::Unsupported(Unsupported::Curve("P-224".into())));
}

#[test]
fn truncated_and_mislabelled_contents_are_malformed() {
    for expected in Expected::all() {
        let file = &expected.file;
        let mut block = golden_block(&format!("{DIRECTORY}/{file}"));
        if expected.passphrase().is_some() {
            continue;
        }
        let label = block.label.clone();
        for other in ["EC PRIVATE KEY", "ED25519 PRIVATE KEY", "PRIVATE KEY", "RSA PRIVATE KEY"] {
            block.label = other.to_owned();
            let result = notary::keys::open(&block, None);
            assert_eq!(result.is_ok(), label == other, "{file} as {other}");
            assert!(!matches!(result, Err(OpenError::WrongPassphrase)), "{file} as {other}");
        }
        block.label = label;
        let half = block.contents.len() / 2;
        block.contents.truncate(half);
        let error = notary::keys::open(&block, None).unwrap_err();
        assert!(matches!(error, OpenError::Malformed(_)), "{file}: {error}");
    }
}
