//! Collections whose keys are on a token.

use super::{GUN, listed, publisher};
use crate::support::{GoClient, NotaryServer, Sandbox, SoftTokens};

/// Publishes a file and makes sure that Go's client, which sees the collection for the first time,
/// lists and verifies it.
#[track_caller]
pub fn publish_for_go(server: &NotaryServer, notary: &Sandbox, gun: &str) {
    let _ = notary.run_process(["add", gun, "file", "file"]).success();
    let _ = notary.run_process(["publish", gun]).success();
    let go = GoClient::new(&server.url);
    assert!(go.run(["list", gun]).contains("file"));
    let (code, verified) = go.try_run(["verify", gun, "file"], b"content\n");
    assert_eq!((code, verified.as_str()), (0, "content\n"));
}

#[test]
fn a_root_key_on_a_token_signs_a_collection_that_go_verifies() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("My token"));
    let notary = publisher(&server, &tokens);
    let created = notary.run_process(["init", GUN, "--token"]);
    assert!(created.stderr.contains("made root key "), "{}", created.report());
    assert!(created.stderr.contains(" on the hardware token\n"), "{}", created.report());
    assert_eq!(created.success(), "");
    publish_for_go(&server, &notary, GUN);
    let token = "pkcs11:token=My%20token".to_owned();
    let expected = [
        ("root".into(), token),
        ("snapshot".into(), "file".into()),
        ("targets".into(), "file".into()),
    ];
    assert_eq!(listed(&notary), expected);
    // It serves other collections, too, and is found without being named.
    for args in [&["init", "example.com/b", "--token"][..], &["init", "example.com/c", "-p"]] {
        let created = notary.run_process(args).success();
        assert!(created.starts_with("Root key found, using: "), "{created}");
    }
}

#[test]
fn all_keys_can_be_on_a_token() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("t"));
    let notary = publisher(&server, &tokens);
    let _ = notary.run_process(["init", GUN, "--token=root,targets,snapshot"]).success();
    publish_for_go(&server, &notary, GUN);
    let roles = ["root", "snapshot", "targets"];
    let expected = roles.map(|role| (role.to_owned(), "pkcs11:token=t".to_owned()));
    assert_eq!(listed(&notary), expected);
    assert!(!notary.trust_dir().join("private").exists());
}
