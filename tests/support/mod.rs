//! What the tests share.

mod certificates;
mod docker_registry;
mod front;
mod go;
mod http;
mod issuer;
mod killed;
mod own;
mod peer;
mod proxy;
mod published;
mod recorder;
mod rounds;
mod sandbox;
mod secret_service;
mod sim;
mod token;
mod token_server;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use certificates::{Authority, Contents, certificate_type, say_sha1};
pub use docker_registry::{DockerRegistry, Pushed};
pub use front::{pass_on, served, uploaded};
pub use go::GoClient;
pub use http::{HttpServer, Request, Response};
pub use issuer::Issuer;
pub use killed::{CHANGES, survives};
pub use own::{OwnServer, OwnServerOptions};
pub use peer::{NotaryServer, free_port};
pub use proxy::{ConnectProxy, Connects};
pub use published::Published;
pub use recorder::{Recorded, Recorder};
pub use rounds::{RoundServer, acceptor};
pub use sandbox::{Outcome, Sandbox, binary};
pub use secret_service::SecretService;
pub use sim::{Files, SIM_GUN, Sim, SimKey, role, signers, sim_now};
pub use token::{PIN, SoftTokens};
pub use token_server::{Rules, SERVICE, TokenServer, basic, bearer, parameter};

/// The data that the Go programs wrote.
pub fn golden(path: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/golden").join(path)
}

/// Reads one of the golden files.
pub fn read_golden(path: impl AsRef<Path>) -> Vec<u8> {
    let path = golden(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Copies a directory with all that is in it; the copies can be written to.
pub fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            std::fs::write(&target, std::fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

/// All files below a directory, with their content, by relative path.
pub fn snapshot_of(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![directory.to_owned()];
    while let Some(directory) = waiting.pop() {
        for entry in std::fs::read_dir(directory).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                files.insert(path.clone(), std::fs::read(&path).unwrap());
            }
        }
    }
    let relative = |(path, bytes): (PathBuf, Vec<u8>)| {
        (path.strip_prefix(directory).unwrap().to_owned(), bytes)
    };
    files.into_iter().map(relative).collect()
}

/// Makes sure that two directories were the same, byte for byte; names the files that differ.
#[track_caller]
pub fn assert_same_files(
    actual: &BTreeMap<PathBuf, Vec<u8>>,
    expected: &BTreeMap<PathBuf, Vec<u8>>,
    context: &str,
) {
    let names = actual.keys().chain(expected.keys());
    let different: BTreeSet<&PathBuf> =
        names.filter(|name| actual.get(*name) != expected.get(*name)).collect();
    assert!(different.is_empty(), "these files differ: {different:?}\n{context}");
}
