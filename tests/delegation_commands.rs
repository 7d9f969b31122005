//! The commands that manage delegations: what they stage and print, and what they refuse.

mod keys;
mod listing;
mod refusals;
mod revoking;
mod staging;

use std::fs;

use notary::changelist::Change;

use crate::support::{Sandbox, golden};

const GUN: &str = "example.com/app";
const ROLE: &str = "targets/releases";

/// The canonical ids of the golden delegation keys.
const ID_A: &str = "cff4c5970e08f359ab0166516042ae0d3cfa894e085975a0dec1ba51f2da4c99";
const ID_B: &str = "45abe4a9278bbf3a1c988d088ec0112b3e29abfd360a486e3eb34824d641d306";

/// The path of a golden delegation key, certificate or public key.
fn input(name: &str) -> String {
    golden("inputs").join(name).to_str().unwrap().to_owned()
}

/// The change files of a collection, in their order.
fn change_files(notary: &Sandbox, gun: &str) -> Vec<String> {
    let directory = notary.collection_dir(gun).join("changelist");
    let mut paths: Vec<_> =
        fs::read_dir(directory).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// The payloads of the staged changes.
fn payloads(notary: &Sandbox, gun: &str) -> Vec<String> {
    let payload = |file: &String| {
        let change: Change = serde_json::from_str(file).unwrap();
        change.data.map_or_else(String::new, |data| String::from_utf8(data.0).unwrap())
    };
    change_files(notary, gun).iter().map(payload).collect()
}

/// Somebody with a collection that is made and not published.
fn owner() -> Sandbox {
    let notary = Sandbox::new();
    let _ = notary.run(["init", GUN]).success();
    notary
}
