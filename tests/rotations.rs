//! `key rotate`: what it does, what it refuses, that nothing is lost whenever it is interrupted, and
//! that other clients follow.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::support::{Sandbox, snapshot_of};

mod circumstances;
mod faults;
mod peers;
mod usage;

const GUN: &str = "rotations.example.com/app";

/// The ids of the keys in use in the key store, and of those in the archive.
fn keys(notary: &Sandbox) -> (BTreeSet<String>, BTreeSet<String>) {
    let private = notary.trust_dir().join("private");
    let mut keys = (BTreeSet::new(), BTreeSet::new());
    // A process that was killed may have left what it was about to name.
    let is_named =
        |path: &&PathBuf| !path.file_name().unwrap().as_encoded_bytes().starts_with(b".");
    for path in snapshot_of(&private).keys().filter(is_named) {
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let is_archived = path.starts_with("archive");
        assert_eq!(path.extension().unwrap(), if is_archived { "pem" } else { "key" });
        let ids = if is_archived { &mut keys.1 } else { &mut keys.0 };
        assert!(ids.insert(stem), "{}", path.display());
    }
    keys
}

/// The canonical id of the key of this role in the key store.
#[track_caller]
fn key_of(notary: &Sandbox, role: &str) -> String {
    let listed = notary.run(["key", "list", "--json"]).json();
    let listed = listed["keys"].as_array().unwrap().clone();
    let of_role: Vec<_> = listed.iter().filter(|key| key["role"] == role).collect();
    assert_eq!(of_role.len(), 1, "{role}: {of_role:?}");
    of_role[0]["key_id"].as_str().unwrap().to_owned()
}
