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

#[test]
fn floors_without_a_collection_are_no_dead_end() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", "-p", GUN]).success();
    let metadata = notary.collection_dir(GUN).join("metadata");
    fs::remove_dir_all(metadata).unwrap();
    let floors = notary.collection_dir(GUN).join("floors.json");
    assert!(floors.exists());
    let _ = notary.run(["delete", GUN]).success();
    assert!(!floors.exists());
    let _ = notary.run(["delete", GUN]).failure(4, &["there is no copy"]);
}

#[test]
fn damaged_floors_name_the_way_out() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", "-p", GUN]).success();
    let floors = notary.collection_dir(GUN).join("floors.json");
    for damage in ["{", "[1]", ""] {
        fs::write(&floors, damage).unwrap();
        let damaged = format!("`{}` is damaged", floors.display());
        let words = [&*damaged, "hint: ", &format!("`notary delete {GUN}` removes it")];
        for command in ["list", "publish"] {
            let _ = notary.run([command, GUN]).failure(1, &words);
        }
        let _ = notary.run(["status", GUN]).success();
        let _ = notary.run(["delete", GUN]).success();
        let _ = notary.run(["list", GUN]).success();
    }
}

#[test]
fn a_change_with_a_number_beyond_all_clocks_is_named() {
    let notary = Sandbox::new();
    let _ = notary.run(["remove", GUN, "one"]).success();
    let directory = notary.collection_dir(GUN).join("changelist");
    let staged = fs::read_dir(&directory).unwrap().next().unwrap().unwrap().path();
    let name = "340282366920938463463374607431768211455_x.change";
    fs::rename(staged, directory.join(name)).unwrap();
    let hint = format!("hint: `notary status {GUN}` shows its number");
    let words = ["cannot stage a change behind", name, "its number is too large", &hint];
    notary.write("release/file", "content");
    for args in [&["remove", GUN, "two"][..], &["add", GUN, "--recursive", "release"]] {
        let _ = notary.refuses(args, 1, &words);
    }
    let _ = notary.run(["reset", GUN, "-n", "0"]).success();
    let _ = notary.run(["remove", GUN, "two"]).success();
}
