//! Making collections: what we make Go clients read and carry on, and the reverse.

use notary::keys::{PrivateKey, root_certificate, seal};
use notary::tuf::pem;
use notary::tuf::role::Gun;
use time::OffsetDateTime;

use super::{EMPTY_LIST, GUN, Pair};
use crate::support::{GoClient, Sandbox, read_golden};

/// Both clients publish, each on top of the other; then the Go client rotates a key, for which it
/// needs the root key.
#[track_caller]
fn both_carry_on(pair: &Pair, go: &GoClient) {
    let file = pair.ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    let before = pair.ours.run(["list", GUN]).success();
    pair.ours.run(["add", "-p", GUN, "ours", file]).success();
    go.run(["add", "-p", GUN, "go", file]);
    go.run(["key", "rotate", GUN, "targets"]);
    pair.ours.run(["add", "-p", GUN, "after the rotation", file]).success();
    let list = pair.ours.run(["list", GUN]).success();
    assert_eq!(GoClient::new(&pair.server.url).run(["list", GUN]), list);
    assert_eq!(Sandbox::with_server(&pair.server.url).run(["list", GUN]).success(), list);
    let table = |list: &str| if list == EMPTY_LIST { 2 } else { list.lines().count() };
    assert_eq!(table(&list), table(&before) + 3, "{list}");
}

/// Encrypted root keys, with whether Go can read the file.
const ROOT_KEYS: &[(&str, bool)] = &[
    ("ec-sec1-des3.key", true),
    ("ec-pkcs8-pbes2-sha256-aes256.key", false),
    ("ec-p384-written-by-notary-0.7.key", true),
    ("rsa-pkcs1-aes256.key", true),
];

#[test]
fn collections_are_made_with_root_keys_of_every_encoding() {
    for (name, go_reads_it) in ROOT_KEYS {
        let mut pair = Pair::start();
        let path = pair.ours.write("root.key", read_golden(format!("11-key-files/{name}")));
        let path = path.to_str().unwrap();
        // The golden keys have this passphrase, and the key store gets the same.
        let passphrase = ["NOTARY_ROOT_PASSPHRASE", "delegation-passphrase"];
        pair.ours.vars.extend([passphrase.map(str::to_owned).into()]);
        let made = pair.ours.run(["init", "-p", GUN, "--rootkey", path]).success();
        assert!(made.starts_with("Root key found, using: "), "{name}: {made}");
        let go = pair.sharing().var(passphrase[0], passphrase[1]);
        assert_eq!(pair.ours.run(["key", "list"]).success(), go.run(["key", "list"]));
        both_carry_on(&pair, &go);
        let (code, said) = GoClient::new(&pair.server.url)
            .var(passphrase[0], passphrase[1])
            .try_run(["init", "other", "--rootkey", path], b"");
        assert_eq!(code == 0, *go_reads_it, "{name}: {said}");
    }
}

fn root_key(pair: &Pair) -> (PrivateKey, String) {
    let key = PrivateKey::generate_ecdsa_p256();
    let block = seal(&key, "root-passphrase", "root", None);
    let path = pair.ours.write("root.key", block.encode().as_bytes());
    (key, path.to_str().unwrap().to_owned())
}

#[test]
fn collections_are_made_with_root_certificates_of_others() {
    for name in [GUN, "interop.example.com/*"] {
        let pair = Pair::start();
        let (key, path) = root_key(&pair);
        // A certificate for a whole tree of collections is one for a name that ends in `*`.
        let certificate = certificate(name, &key);
        let certificate = pair.ours.write("root.crt", certificate);
        let certificate = certificate.to_str().unwrap();
        pair.ours.run(["init", "-p", GUN, "--rootkey", &path, "--rootcert", certificate]).success();
        assert_eq!(pair.agreed_list(), EMPTY_LIST, "{name}");
        both_carry_on(&pair, &pair.sharing());
    }
}

/// A self-signed certificate, made with OpenSSL.
fn certificate(name: &str, key: &PrivateKey) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key.pem");
    let block = pem::Block::new("PRIVATE KEY", key.to_pkcs8().to_vec());
    std::fs::write(&path, block.encode().as_bytes()).unwrap();
    let output = std::process::Command::new("openssl")
        .args(["req", "-x509", "-new", "-sha256", "-days", "3650", "-key"])
        .arg(&path)
        .args(["-subj", &format!("/CN={}", name.replace('/', "\\/"))])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn certificates_that_do_not_fit_are_refused_and_nothing_is_made() {
    let pair = Pair::start();
    let (key, path) = root_key(&pair);
    let other = PrivateKey::generate_ecdsa_p256();
    let gun = Gun::parse("interop.example.com/other").unwrap();
    let elsewhere = root_certificate(&gun, &key, OffsetDateTime::now_utc()).unwrap();
    for (certificate, code, why) in [
        (certificate(GUN, &other), 7, "not for the root key"),
        (elsewhere.bytes().to_vec(), 3, "it is for another collection"),
        (b"no certificate".to_vec(), 1, "not a PEM file"),
    ] {
        let certificate = pair.ours.write("root.crt", certificate);
        let certificate = certificate.to_str().unwrap();
        let init = ["init", "-p", GUN, "--rootkey", &path, "--rootcert", certificate];
        let _ = pair.ours.run(init).failure(code, &[why]);
        assert!(!pair.ours.collection_dir(GUN).exists());
        assert_eq!(pair.ours.run(["key", "list"]).success(), "\nNo signing keys found.\n\n");
    }
}

#[test]
fn one_of_several_root_keys_must_be_named() {
    let pair = Pair::start();
    let go = pair.sharing();
    let ids: Vec<String> = (0..2)
        .map(|_| {
            let said = go.run(["key", "generate"]);
            said.trim().rsplit(' ').next().unwrap().to_owned()
        })
        .collect();
    let asked = pair.ours.run(["init", "-p", GUN]);
    let _ = asked.failure(7, &["there are 2 root keys on this machine", &ids[0], &ids[1]]);
    let made = pair.ours.run(["init", "-p", GUN, "--root-key-id", &ids[1]]).success();
    assert!(made.starts_with(&format!("Root key found, using: {}\n", ids[1])), "{made}");
    assert_eq!(pair.agreed_list(), EMPTY_LIST);
    both_carry_on(&pair, &pair.sharing());
}

#[test]
fn one_root_key_serves_several_collections_of_both() {
    let pair = Pair::start();
    let go = pair.sharing();
    let file = pair.ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    go.run(["init", "-p", "by/go"]);
    pair.ours.run(["init", "-p", "by/us"]).success();
    go.run(["init", "-p", "by/go/again"]);
    let keys = pair.ours.run(["key", "list"]).success();
    assert_eq!(go.run(["key", "list"]), keys);
    assert_eq!(keys.lines().filter(|line| line.starts_with("root ")).count(), 1, "{keys}");
    for gun in ["by/go", "by/us", "by/go/again"] {
        pair.ours.run(["add", "-p", gun, "ours", file]).success();
        go.run(["add", "-p", gun, "go", file]);
        let list = pair.ours.run(["list", gun]).success();
        assert_eq!(list.lines().count(), 4);
        assert_eq!(GoClient::new(&pair.server.url).run(["list", gun]), list);
    }
}

#[test]
fn a_collection_that_exists_is_left_alone() {
    let pair = Pair::made_by_go();
    // On the server, where somebody else has made it.
    let stranger = Sandbox::with_server(&pair.server.url);
    let refused = stranger.run(["init", "-p", GUN]);
    let _ = refused.failure(8, &["interop.example.com/app exists already on http://"]);
    assert!(!stranger.trust_dir().join("private").exists());
    assert_eq!(stranger.run(["list", GUN]).success(), EMPTY_LIST);

    // On this machine, where the Go client has made it and not published.
    let pair = Pair::start();
    pair.sharing().run(["init", GUN]);
    let keys = pair.ours.run(["key", "list"]).success();
    let refused = pair.ours.run(["init", GUN]);
    let _ = refused.failure(8, &["exists already on this machine", "`notary publish"]);
    assert_eq!(pair.ours.run(["key", "list"]).success(), keys);
    pair.ours.run(["publish", GUN]).success();
    both_carry_on(&pair, &pair.sharing());
}

#[test]
fn what_was_only_staged_becomes_a_collection_when_we_are_asked_to_make_one() {
    let pair = Pair::start();
    let file = pair.ours.write("payload", "payload");
    pair.sharing().run(["add", GUN, "staged", file.to_str().unwrap()]);
    let refused = pair.ours.run(["publish", GUN]);
    let _ = refused.failure(4, &["does not have interop.example.com/app"]);
    assert!(pair.sharing().run(["status", GUN]).contains("staged"));
    pair.ours.run(["publish", "--init", GUN]).success();
    assert!(pair.agreed_list().contains("staged "));
    both_carry_on(&pair, &pair.sharing());
}

#[test]
fn a_collection_with_a_snapshot_of_the_server_is_carried_on_from_its_first_publication() {
    // Go publishes the collection on the way, with the staged change still there.
    let pair = Pair::start();
    let go = pair.sharing();
    let file = pair.ours.write("payload", "payload");
    go.run(["init", GUN]);
    go.run(["add", GUN, "staged", file.to_str().unwrap()]);
    go.run(["key", "rotate", GUN, "snapshot", "-r"]);
    let published = pair.ours.run(["publish", GUN]);
    assert!(published.stderr.contains("the server made snapshot version"), "{published:?}");
    let _ = published.success();
    both_carry_on(&pair, &pair.sharing());
}
