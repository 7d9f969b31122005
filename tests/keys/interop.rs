//! Other programs with the files that we write.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use notary::keys::{Added, FileKeyStore, KeyStore as _, PrivateKey, root_certificate, seal};
use notary::tuf::key::{KeyType, Signer as _};
use notary::tuf::role::Gun;
use notary::tuf::x509::Bundle;
use tempfile::TempDir;
use time::OffsetDateTime;

use super::{EC, ED25519, PASSPHRASE, RSA, SHORT_RSA, block, golden_key, keys_that_sign};

const GO_NOTARY: &str = "/usr/bin/notary";

/// Runs the Go program with one passphrase for all keys of other than the base roles.
fn go(trust_dir: &Path, passphrase: &str, arguments: &[&str]) -> Output {
    Command::new(GO_NOTARY)
        .arg("-d")
        .arg(trust_dir)
        .args(arguments)
        .env_clear()
        .env("HOME", trust_dir)
        .env("NOTARY_DELEGATION_PASSPHRASE", passphrase)
        .stdin(Stdio::null())
        .output()
        .expect("the Debian package `notary` is installed")
}

/// A trust directory with one key of each kind that Go can hold, all for the role `user`.
fn trust_dir() -> (TempDir, FileKeyStore, Vec<PrivateKey>) {
    let directory = tempfile::tempdir().unwrap();
    let store = FileKeyStore::new(directory.path().join("private"));
    let mut keys = vec![PrivateKey::generate_ecdsa_p256(), golden_key(SHORT_RSA)];
    keys.extend(keys_that_sign());
    for key in &keys {
        let block = seal(key, PASSPHRASE, "user", None);
        assert_eq!(store.add(key, &block).unwrap(), Added::Stored);
    }
    (directory, store, keys)
}

#[test]
fn go_opens_the_keys_that_we_seal_and_we_those_that_it_seals_again() {
    let (directory, store, keys) = trust_dir();
    for key in &keys {
        // With a passphrase from the environment the old and the new one are the same; success
        // says that the key was opened and written anew.
        let output = go(directory.path(), PASSPHRASE, &["key", "passwd", key.id().as_str()]);
        let stdout = String::from_utf8_lossy(&output.stdout);
        let success = format!("Successfully updated passphrase for key ID: {}", key.id());
        assert!(output.status.success() && stdout.contains(&success), "{key:?}: {output:?}");

        let stored = store.find(key.id()).unwrap().unwrap();
        assert_eq!(stored.info.role, "user");
        assert_eq!(stored.open(Some(PASSPHRASE)).unwrap().to_pkcs8(), key.to_pkcs8());
    }
}

#[test]
fn go_does_not_open_our_keys_with_a_wrong_passphrase() {
    let (directory, store, keys) = trust_dir();
    for key in &keys {
        let before = fs::read(store.find(key.id()).unwrap().unwrap().info.location).unwrap();
        let output =
            go(directory.path(), "wrong-passphrase", &["key", "passwd", key.id().as_str()]);
        // Go writes errors to stdout.
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(stdout.contains("could not retrieve local key"), "{key:?}: {output:?}");
        assert!(!output.status.success());
        let after = fs::read(store.find(key.id()).unwrap().unwrap().info.location).unwrap();
        assert_eq!(after, before);
    }
}

#[test]
fn go_lists_what_we_list() {
    let (directory, store, keys) = trust_dir();
    let output = go(directory.path(), "", &["key", "list"]);
    let stdout = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<_> = stdout.lines().filter(|line| line.starts_with("user ")).collect();
    assert_eq!(lines.len(), keys.len());
    for key in store.list().unwrap().keys {
        let location = store.directory().display().to_string();
        let columns = ["user", key.id.as_str(), &location];
        let found = lines.iter().any(|line| line.split_whitespace().eq(columns));
        assert!(found, "{key:?} in {stdout}");
    }
}

#[test]
fn openssl_reads_and_verifies_our_certificates() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("certificate.pem");
    let gun = Gun::parse("uni.example:5000/é漢").unwrap();
    let now = OffsetDateTime::now_utc();
    for key in keys_that_sign().into_iter().filter(|key| *key.id() != *golden_key(ED25519).id()) {
        let certificate = root_certificate(&gun, &key, now).unwrap();
        fs::write(&path, certificate.bytes()).unwrap();
        let output = Command::new("openssl")
            .args(["verify", "-partial_chain", "-check_ss_sig", "-x509_strict", "-trusted"])
            .args([&path, &path])
            .output()
            .expect("openssl is installed");
        assert!(output.status.success(), "{key:?}: {output:?}");
    }
}

#[test]
fn certificates_name_the_collection_and_hold_the_key() {
    let now = OffsetDateTime::now_utc();
    for (path, key_type) in [(EC, KeyType::EcdsaX509), (RSA, KeyType::RsaX509)] {
        let key = golden_key(path);
        for name in ["golden.example/app", "host:5000/a_b-c.d", "uni/é漢😀"] {
            let gun = Gun::parse(name).unwrap();
            let certificate = root_certificate(&gun, &key, now).unwrap();
            assert_eq!(*certificate.key_type(), key_type);
            assert_eq!(certificate.canonical_id(), *key.id());
            assert_ne!(certificate.id(), *key.id());
            let bundle = Bundle::parse(certificate.bytes()).unwrap();
            assert!(bundle.leaf.is_for(&gun));
            assert!(!bundle.leaf.is_for(&Gun::parse("another").unwrap()));
            assert_eq!(bundle.leaf.check(Some(now)), Ok(()));
            assert_eq!(bundle.to_key(), certificate);
            let signature = key.sign(b"root").unwrap();
            assert!(certificate.verify(&key.method(), b"root", &signature));
        }
    }
}

#[test]
fn keys_that_cannot_be_root_keys_are_told_so() {
    let gun = Gun::parse("app").unwrap();
    let now = OffsetDateTime::now_utc();
    let error = root_certificate(&gun, &golden_key(ED25519), now).unwrap_err();
    let text = "root keys need a certificate, and there is none for ed25519 keys";
    assert_eq!(error.to_string(), text);
    let error = root_certificate(&gun, &golden_key(SHORT_RSA), now).unwrap_err();
    assert!(error.to_string().ends_with("1024 bits, and must have 2048 to 8192"), "{error}");
}

/// What OpenSSL makes with these arguments and the input.
fn openssl(arguments: &str, input: &[u8]) -> Vec<u8> {
    let mut command = Command::new("/usr/bin/openssl");
    command.args(arguments.split(' ')).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = command.stderr(Stdio::null()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(input).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "openssl {arguments}");
    output.stdout
}

#[test]
fn kinds_of_keys_that_openssl_made_are_told_without_the_passphrase() {
    let rsa = |bits| format!("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:{bits}");
    let ec = |curve| format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:{curve}");
    for (kind, make) in [
        ("rsa-2048", rsa(2048)),
        ("rsa-3072", rsa(3072)),
        ("rsa-4096", rsa(4096)),
        ("ecdsa-p256", ec("P-256")),
        ("ecdsa-p384", ec("P-384")),
        ("ecdsa-p521", ec("P-521")),
        ("ed25519", "genpkey -algorithm ED25519".to_owned()),
    ] {
        let plain = openssl(&make, b"");
        let told = |text: &[u8]| notary::keys::inspect(&block(text)).unwrap().unwrap().to_string();
        assert_eq!(told(&plain), kind);
        let mut ways = vec!["pkcs8 -topk8 -passout pass:p -v2 aes-256-cbc -iter 1"];
        if kind != "ed25519" {
            ways.push("pkey -traditional -passout pass:p -aes128");
        }
        if kind.starts_with("ecdsa") {
            ways.push("ec -no_public -passout pass:p -aes256");
        }
        for way in ways {
            assert_eq!(told(&openssl(way, &plain)), kind, "{way}");
        }
    }
}
