//! What killed processes have left.

use std::fs;

use super::GUN;
use crate::support::{NotaryServer, Sandbox, snapshot_of};

/// Unfinished files as a process leaves them that is killed while it writes.
fn leave_behind(notary: &Sandbox) {
    let directory = notary.collection_dir(GUN);
    fs::create_dir_all(&directory).unwrap();
    for name in [".changelist-Ab12cD", ".metadata-Ab12cD"] {
        fs::write(directory.join(name), "half a fi").unwrap();
    }
}

fn left(notary: &Sandbox) -> Vec<String> {
    let names = snapshot_of(&notary.collection_dir(GUN)).into_keys();
    let names = names.map(|path| path.to_str().unwrap().to_owned());
    names.filter(|name| name.ends_with("-Ab12cD")).collect()
}

#[test]
fn whoever_writes_next_clears_them_away() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", GUN]).success();
    leave_behind(&notary);
    assert_eq!(left(&notary).len(), 2);
    let _ = notary.run(["remove", GUN, "v1"]).success();
    assert_eq!(left(&notary), [".metadata-Ab12cD"]);
    let _ = notary.run(["publish", GUN]).success();
    assert!(left(&notary).is_empty());
}

#[test]
fn deleting_removes_them_with_the_collection() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", "-p", GUN]).success();
    leave_behind(&notary);
    let _ = notary.run(["delete", GUN]).success();
    assert!(!notary.trust_dir().join("tuf/example.com").exists());
}

#[test]
fn an_unknown_collection_leaves_nothing_of_its_name() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    leave_behind(&notary);
    let _ = notary.run(["publish", GUN]).failure(4, &["does not have"]);
    assert!(!notary.trust_dir().join("tuf").exists());
}
