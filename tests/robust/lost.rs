//! Servers that have lost a collection, or their keys with it.

use std::fs;

use super::GUN;
use crate::support::{GoClient, NotaryServer, Sandbox};

/// A publisher whose server has signed some versions of the timestamp.
fn publisher(url: &str) -> Sandbox {
    let notary = Sandbox::with_server(url);
    notary.write("file", "content");
    let _ = notary.run(["init", "-p", GUN]).success();
    for name in ["one", "two"] {
        let _ = notary.run(["add", "-p", GUN, name, "file"]).success();
    }
    notary
}

fn floor(notary: &Sandbox, role: &str) -> u64 {
    let floors = fs::read(notary.collection_dir(GUN).join("floors.json")).unwrap();
    let floors: serde_json::Value = serde_json::from_slice(&floors).unwrap();
    let floor = &floors[role];
    // All but that of the root name the keys that vouched for it.
    floor["version"].as_u64().or(floor.as_u64()).unwrap()
}

fn names(listed: &str) -> Vec<&str> {
    listed.lines().skip(2).filter_map(|line| line.split_whitespace().next()).collect()
}

/// The publisher goes on as before, and so do those who see the collection for the first time.
#[track_caller]
fn goes_on(notary: &Sandbox, url: &str) {
    assert_eq!(names(&notary.run(["list", GUN]).success()), ["one", "two"]);
    let _ = notary.run(["add", "-p", GUN, "three", "file"]).success();
    let listed = notary.run(["list", GUN]).success();
    assert_eq!(names(&listed), ["one", "three", "two"]);
    assert_eq!(GoClient::new(url).run(["list", GUN]), listed);
    assert_eq!(Sandbox::with_server(url).run(["list", GUN]).success(), listed);
}

#[test]
fn what_somebody_has_deleted_can_be_published_again() {
    // This server deletes its keys with the collection.
    let server = NotaryServer::start();
    let notary = publisher(&server.url);
    let _ = Sandbox::with_server(&server.url).run(["delete", GUN, "--remote", "--yes"]).success();
    let again = format!("`notary publish --init {GUN}` publishes that copy again");
    for command in ["list", "publish"] {
        let _ = notary.refuses([command, GUN], 4, &["does not have", &again]);
    }
    let published = notary.run(["publish", "--init", GUN]);
    let report = published.report();
    assert!(!published.stderr.contains("could not be read back"), "{report}");
    let _ = published.success();
    assert_eq!(floor(&notary, "timestamp"), 1);
    goes_on(&notary, &server.url);
}

#[test]
fn readers_of_a_server_that_begins_to_count_anew_are_thought_of() {
    // This one keeps them.
    let directory = tempfile::tempdir().unwrap();
    let url = format!("file://{}", directory.path().display());
    let notary = publisher(&url);
    let reader = Sandbox::with_server(&url);
    let _ = reader.run(["list", GUN]).success();
    let known = floor(&notary, "timestamp");
    assert!(known > 1);
    let _ = Sandbox::with_server(&url).run(["delete", GUN, "--remote", "--yes"]).success();
    let published = notary.run(["publish", "--init", GUN]);
    let report = published.report();
    let words = format!("who know up to version {known} refuse them until they run `notary delete");
    assert!(published.stderr.contains(&words), "{report}");
    assert!(!published.stderr.contains("could not be read back"), "{report}");
    let _ = published.success();
    assert_eq!((floor(&notary, "root"), floor(&notary, "timestamp")), (1, 1));
    let words = "hint: if the collection was deleted and made anew on purpose";
    let _ = reader.run(["list", GUN]).failure(3, &[words]);
    let _ = reader.run(["delete", GUN]).success();
    assert_eq!(names(&reader.run(["list", GUN]).success()), ["one", "two"]);
    assert_eq!(names(&notary.run(["list", GUN]).success()), ["one", "two"]);
}

#[test]
fn a_server_that_has_lost_its_keys_gets_a_root_with_its_new_ones() {
    let mut notary = publisher(&NotaryServer::start().url);
    let server = NotaryServer::start();
    notary.options = vec!["-s".into(), server.url.clone()];

    // Without the root key nobody can do that.
    let root = notary.run(["key", "list", "--json"]).json()["keys"][0].clone();
    assert_eq!(root["role"], "root");
    let (file, elsewhere) = (root["file"].as_str().unwrap(), notary.work().join("root.key"));
    fs::rename(file, &elsewhere).unwrap();
    let words = ["the server has another timestamp key than the root", "where the root key is"];
    let _ = notary.refuses(["publish", "--init", GUN], 7, &words);
    fs::rename(&elsewhere, file).unwrap();

    let published = notary.run(["publish", "--init", GUN]);
    let report = published.report();
    let words = "the server has another timestamp key than before; the root is signed anew with it";
    assert!(published.stderr.contains(words), "{report}");
    assert!(!published.stderr.contains("could not be read back"), "{report}");
    let _ = published.success();
    assert_eq!(floor(&notary, "root"), 2);
    goes_on(&notary, &server.url);
}

#[test]
fn a_root_that_no_server_would_take_first_is_named() {
    let server = NotaryServer::start();
    let notary = publisher(&server.url);
    let go = GoClient::sharing(&server.url, &notary.trust_dir());
    go.run(["key", "rotate", GUN, "snapshot", "-r"]);
    go.run(["key", "rotate", GUN, "timestamp", "-r"]);
    let _ = notary.run(["list", GUN]).success();
    let _ = Sandbox::with_server(&server.url).run(["delete", GUN, "--remote", "--yes"]).success();
    let words = ["with root version 1 or 2", "version 3", "`notary init"];
    let _ = notary.refuses(["publish", "--init", GUN], 1, &words);
}

#[test]
fn a_snapshot_that_the_server_signs_begins_anew_with_the_timestamp() {
    let server = NotaryServer::start();
    let url = server.url.clone();
    let notary = publisher(&url);
    let listed = notary.run(["key", "list", "--json"]).json();
    let keys = listed["keys"].as_array().unwrap();
    let snapshot = keys.iter().find(|key| key["role"] == "snapshot").unwrap();
    fs::remove_file(snapshot["file"].as_str().unwrap()).unwrap();
    let _ = Sandbox::with_server(&url).run(["delete", GUN, "--remote", "--yes"]).success();
    let published = notary.run(["publish", "--init", GUN]);
    assert!(published.stderr.contains("another snapshot key"), "{}", published.report());
    let _ = published.success();
    assert_eq!((floor(&notary, "root"), floor(&notary, "snapshot")), (2, 1));
    let _ = notary.run(["add", "-p", GUN, "three", "file"]).success();
    let fresh = Sandbox::with_server(&url).run(["list", GUN]).success();
    assert_eq!(names(&fresh), ["one", "three", "two"]);
}

#[test]
fn one_bad_copy_of_a_delegation_does_not_keep_the_rest_from_being_published() {
    let server = NotaryServer::start();
    let notary = publisher(&server.url);
    let directory = notary.collection_dir(GUN).join("metadata/targets");
    let go = GoClient::sharing(&server.url, &notary.trust_dir());
    let pem = notary.write("ci.pem", {
        let key = notary::keys::PrivateKey::generate_ecdsa_p256();
        let bytes = key.public_key().bytes().to_vec();
        notary::tuf::pem::Block::new("PUBLIC KEY", bytes).encode()
    });
    let pem = pem.to_str().unwrap();
    go.run(["delegation", "add", "-p", GUN, "targets/ci", pem, "--all-paths"]);
    let _ = notary.run(["list", GUN]).success();
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("ci.json"), "{").unwrap();
    let _ = Sandbox::with_server(&server.url).run(["delete", GUN, "--remote", "--yes"]).success();
    let published = notary.run(["publish", "--init", GUN]);
    let report = published.report();
    assert!(published.stderr.contains("the copy of targets/ci is not published: "), "{report}");
    let _ = published.success();
    goes_on(&notary, &server.url);
}

#[test]
fn half_a_copy_that_is_nowhere_else_is_no_reason_to_ask_the_server() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", GUN]).success();
    fs::remove_file(notary.collection_dir(GUN).join("metadata/targets.json")).unwrap();
    let words = ["lacks targets, and the server has none either", "`notary delete"];
    let outcome = notary.refuses(["publish", GUN], 4, &words);
    assert!(!outcome.stderr.contains("notary list"), "{}", outcome.report());
}
