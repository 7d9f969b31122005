//! Processes that are at work at the same time.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use notary::keys::FileKeyStore;
use notary::store::FileStore;
use notary::tuf::role::Gun;

use super::GUN;
use crate::support::{NotaryServer, Sandbox};

fn start(notary: &Sandbox, args: &[&str]) -> Child {
    let mut command = notary.process(args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Reads what a process says until it says that it waits for a lock.
#[track_caller]
fn until_it_waits(process: &mut Child, lock: &Path) {
    let lines = BufReader::new(process.stderr.as_mut().unwrap()).lines();
    let waits = format!("(`{}`)", lock.display());
    let is_wait =
        |line: &str| line.contains("waiting for another process") && line.contains(&waits);
    assert!(lines.map_while(Result::ok).any(|line| is_wait(&line)));
}

#[track_caller]
fn succeeds(process: Child) -> String {
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn waiting_for_another_publisher_is_told() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", "-p", GUN]).success();
    let store = FileStore::new(&notary.trust_dir(), &Gun::parse(GUN).unwrap());
    for args in [&["publish", GUN][..], &["publish", GUN, "--init"], &["delete", GUN]] {
        let held = store.lock_for_publishing(|_| panic!("nobody else has it")).unwrap();
        let mut process = start(&notary, args);
        until_it_waits(&mut process, &notary.collection_dir(GUN).join(".publish.lock"));
        drop(held);
        let _ = succeeds(process);
    }
}

#[test]
fn two_collections_that_are_made_at_the_same_time_get_one_root_key() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let keys = FileKeyStore::new(notary.trust_dir().join("private"));
    let held = keys.lock(|_| panic!("nobody else has it")).unwrap();
    let (one, two) = (format!("{GUN}/one"), format!("{GUN}/two"));
    let mut processes =
        [&["init", &*one][..], &["publish", "--init", &*two]].map(|args| start(&notary, args));
    for process in &mut processes {
        until_it_waits(process, &keys.directory().join(".keys.lock"));
    }
    drop(held);
    let _ = processes.map(succeeds);
    let listed = notary.run(["key", "list"]).success();
    assert_eq!(listed.matches("\nroot ").count(), 1, "{listed}");
    assert_eq!(listed.matches(".notary/private").count(), 5, "{listed}");
    let left = std::fs::read_dir(keys.directory()).unwrap();
    assert_eq!(left.count(), 5);
}

#[test]
fn a_root_key_that_was_there_is_not_said_to_be_stored() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", GUN]).success();
    let listed = notary.run(["key", "list", "--json"]).json();
    let root = &listed["keys"][0];
    assert_eq!(root["role"], "root");
    let (id, file) = (root["key_id"].as_str().unwrap(), root["file"].as_str().unwrap());
    let elsewhere = Sandbox::with_server(&server.url);
    let stored = format!("stored root key {id}\n");
    let line = format!("Root key found, using: {id}\n");
    for (notary, is_new) in [(&notary, false), (&elsewhere, true)] {
        let name = format!("{GUN}/{is_new}");
        let made = notary.run(["init", &name, "--rootkey", file]);
        assert_eq!(made.stderr.contains(&stored), is_new, "{}", made.report());
        assert_eq!(made.success(), line);
    }
}
