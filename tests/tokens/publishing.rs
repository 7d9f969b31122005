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

/// Makes a key, on the token with `--token`; returns its id.
fn generated(notary: &Sandbox, role: &[&str]) -> String {
    let made = notary.run_process([&["key", "generate"], role].concat()).success();
    made.trim_end().rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn keys_are_rotated_to_a_token_and_away_from_it() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("t"));
    let notary = publisher(&server, &tokens);
    let _ = notary.run_process(["init", GUN, "-p"]).success();
    let go = GoClient::new(&server.url);
    let _ = go.run(["list", GUN]);
    let rotate = |role: &str, id: &str| {
        let _ = notary.run_process(["key", "rotate", GUN, role, "--key-id", id, "-y"]).success();
        // Who knows the collection follows.
        let _ = go.run(["list", GUN]);
    };
    let on_token = generated(&notary, &["--token"]);
    rotate("root", &on_token);
    let _ = notary.run_process(["key", "rotate", GUN, "snapshot", "--token"]).success();
    rotate("targets", &generated(&notary, &["--token", "--role", "targets", "--gun", GUN]));
    publish_for_go(&server, &notary, GUN);
    rotate("root", &generated(&notary, &[]));
    // Nothing on a token is destroyed in passing.
    let keys = notary.run_process(["key", "list", "--json"]).json();
    let keys = keys["keys"].as_array().unwrap();
    let old = keys.iter().find(|key| key["key_id"] == on_token.as_str()).unwrap();
    assert_eq!((&old["status"], &old["token"]), (&"orphan".into(), &"pkcs11:token=t".into()));
}
