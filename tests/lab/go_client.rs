//! The Go client on our server: the whole life of a collection with rotations, delegations and
//! several people, plain and with TLS.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::GUN;
use crate::support::{GoClient, OwnServer, Sandbox};

const EMPTY: &str = "\nNo targets present in this repository.\n\n";
const ROLE: &str = "targets/releases";

/// Makes a delegation key with OpenSSL, as the manual of Notary says; returns its certificate.
fn delegation_key(directory: &Path) -> String {
    let (key, certificate) = (directory.join("delegation.key"), directory.join("delegation.crt"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=d"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    certificate.to_str().unwrap().to_owned()
}

/// The ids of the keys in the only row of a list of delegations.
fn delegation_key_id(list: &str) -> String {
    let row = list.lines().find(|line| line.starts_with(ROLE)).unwrap_or_else(|| panic!("{list}"));
    let id = row.split_whitespace().find(|word| word.len() == 64);
    id.unwrap_or_else(|| panic!("{list}")).to_owned()
}

fn live(owner: &GoClient, collaborator: &GoClient, reader: &Sandbox) {
    for (name, content) in [("file1.txt", "hello v1\n"), ("file2.txt", "hello v2 longer\n")] {
        for client in [owner, collaborator] {
            fs::write(client.directory().join(name), content).unwrap();
        }
    }
    let listed = |expected: &[&str]| {
        let list = owner.run(["list", GUN]);
        let names: Vec<_> =
            list.lines().filter_map(|line| line.split_whitespace().next()).collect();
        match expected {
            [] => assert_eq!(list, EMPTY),
            expected => assert_eq!(names[2..], *expected, "{list}"),
        }
        assert_eq!(reader.run(["list", GUN]).success(), list);
    };
    owner.run(["init", GUN]);
    owner.run(["add", GUN, "v1", "file1.txt"]);
    owner.run(["publish", GUN]);
    listed(&["v1"]);
    assert_eq!(owner.try_run(["verify", GUN, "v1"], b"hello v1\n").0, 0);
    for rotation in [&["targets"][..], &["snapshot", "-r"], &["timestamp", "-r"], &["root"]] {
        owner.run([&["key", "rotate", GUN], rotation].concat());
        listed(&["v1"]);
    }

    let certificate = delegation_key(owner.directory());
    owner.run(["delegation", "add", GUN, ROLE, &certificate, "--all-paths"]);
    owner.run(["publish", GUN]);
    let key = delegation_key_id(&owner.run(["delegation", "list", GUN]));
    let key_file = owner.directory().join("delegation.key");
    collaborator.run(["key", "import", key_file.to_str().unwrap(), "--role", "user"]);
    collaborator.run(["add", GUN, "v2", "file2.txt", "-r", ROLE]);
    collaborator.run(["publish", GUN]);
    listed(&["v1", "v2"]);
    assert!(!collaborator.run(["list", GUN, "-r", ROLE]).contains("v1 "));

    // Who has no targets key cannot publish there; the change stays.
    collaborator.run(["add", GUN, "v3", "file1.txt"]);
    assert_eq!(collaborator.try_run(["publish", GUN], b"").0, 1);
    collaborator.run(["reset", GUN, "--all"]);
    collaborator.run(["witness", GUN, ROLE]);
    collaborator.run(["publish", GUN]);
    collaborator.run(["remove", GUN, "v2", "-r", ROLE, "-p"]);
    listed(&["v1"]);

    owner.run(["delegation", "purge", GUN, "--key", &key]);
    owner.run(["publish", GUN]);
    collaborator.run(["add", GUN, "v4", "file1.txt", "-r", ROLE]);
    assert_eq!(collaborator.try_run(["publish", GUN], b"").0, 1);
    owner.run(["delegation", "remove", GUN, ROLE, "-y"]);
    owner.run(["publish", GUN]);
    listed(&["v1"]);
    owner.run(["delete", GUN]);
    listed(&["v1"]);
    owner.run(["delete", GUN, "--remote"]);
    assert_eq!(owner.try_run(["list", GUN], b"").0, 1);
    assert_eq!(reader.run(["list", GUN]).code, 4);
}

#[test]
fn a_go_client_does_everything_on_our_server() {
    let server = OwnServer::start();
    let client = || GoClient::new(&server.url);
    live(&client(), &client(), &Sandbox::with_server(&server.url));
}

#[test]
fn a_go_client_does_everything_with_tls() {
    let server = OwnServer::start_with(&["--tls-self-signed", "--key-algorithm", "ed25519"]);
    assert!(server.url.starts_with("https://"), "{}", server.url);
    let authority = server.data().join("ca.crt");
    let authority = format!("--tlscacert={}", authority.display());
    let client = || GoClient::new(&server.url).option(&authority);
    let mut reader = Sandbox::with_server(&server.url);
    reader.options.push(authority.clone());
    live(&client(), &client(), &reader);
    // And without the authority nobody is let in.
    assert_eq!(GoClient::new(&server.url).try_run(["list", GUN], b"").0, 1);
}

#[test]
fn a_collection_can_be_rotated_before_it_is_published() {
    let server = OwnServer::start();
    let go = GoClient::new(&server.url);
    go.run(["init", GUN]);
    go.run(["key", "rotate", GUN, "snapshot", "-r"]);
    fs::write(go.directory().join("file"), "content").unwrap();
    go.run(["add", GUN, "name", "file", "-p"]);
    let list = go.run(["list", GUN]);
    assert_eq!(Sandbox::with_server(&server.url).run(["list", GUN]).success(), list);
}
