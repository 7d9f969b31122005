//! Who is asked for which passphrases, and what an interruption ends.

use notary::keys::{FileKeyStore, KeyStore as _, PrivateKey, seal};
use notary::tuf::pem::Block;

use super::GUN;
use crate::support::{GoClient, NotaryServer, Sandbox};

/// A collection with a delegation for which one of two keys has to sign, and a change staged for
/// it. Both keys are here; nobody has put their passphrases into the environment.
fn publisher(server: &NotaryServer) -> Sandbox {
    let mut notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", "-p", GUN]).success();
    let store = FileKeyStore::new(notary.trust_dir().join("private"));
    let paths = ["one.pem", "two.pem"].map(|name| {
        let key = PrivateKey::generate_ecdsa_p256();
        let passphrase = "delegation-passphrase";
        store.add(&key, &seal(&key, passphrase, "delegation", None)).unwrap();
        let block = Block::new("PUBLIC KEY", key.public_key().bytes().to_vec());
        notary.write(name, block.encode().as_bytes())
    });
    let [one, two] = paths.each_ref().map(|path| path.to_str().unwrap());
    let go = GoClient::sharing(&server.url, &notary.trust_dir());
    go.run(["delegation", "add", "-p", GUN, "targets/ci", one, two, "--all-paths"]);
    let _ = notary.run(["add", GUN, "file", one, "-r", "targets/ci"]).success();
    notary.vars.remove("NOTARY_DELEGATION_PASSPHRASE");
    notary
}

#[test]
fn nobody_types_more_passphrases_than_it_takes() {
    let server = NotaryServer::start();
    let mut notary = publisher(&server);
    notary.typed = Some(vec!["delegation-passphrase"]);
    let published = notary.run(["publish", GUN]);
    assert_eq!(published.terminal.matches("Enter passphrase").count(), 1, "{}", published.report());
    let _ = published.success();
    assert!(notary.run(["list", GUN]).success().contains("targets/ci"));
}

#[test]
fn an_interruption_ends_it_although_another_key_would_do() {
    let server = NotaryServer::start();
    let mut notary = publisher(&server);
    notary.typed = Some(vec![Sandbox::CTRL_C, "delegation-passphrase"]);
    let interrupted = notary.run(["publish", GUN]).failure(130, &["interrupted"]);
    let questions = interrupted.terminal.matches("Enter passphrase").count();
    assert_eq!(questions, 1, "{}", interrupted.report());
    assert!(!notary.run(["list", GUN]).success().contains("targets/ci"));
    assert!(notary.run(["status", GUN]).success().contains("create"));
}

#[test]
fn another_key_may_serve_when_one_cannot_be_opened() {
    let server = NotaryServer::start();
    let mut notary = publisher(&server);
    notary.typed = Some(vec!["wrong", "wrong", "wrong", "delegation-passphrase"]);
    let _ = notary.run(["publish", GUN]).success();
}
