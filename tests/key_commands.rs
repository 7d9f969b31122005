//! The commands that manage private keys: making, importing, exporting, removing them.

mod generate;

use std::fs;
use std::path::Path;

use notary::keys::PrivateKey;
use notary::tuf::pem::{self, Block};

use crate::support::Sandbox;

const GUN: &str = "example.com/app";

/// The one PEM block in a file.
#[track_caller]
fn block_in(path: &Path) -> Block {
    let blocks = pem::decode_all(&fs::read(path).unwrap());
    assert_eq!(blocks.len(), 1, "{}", path.display());
    blocks.into_iter().next().unwrap()
}

/// Opens the key in a file.
#[track_caller]
fn open(path: &Path, passphrase: &str) -> PrivateKey {
    notary::keys::open(&block_in(path), Some(passphrase)).unwrap()
}

/// Makes sure that only the owner may read a file.
#[track_caller]
fn assert_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{}", path.display());
}

/// The file of a key in the key store.
fn file_of(notary: &Sandbox, id: &str) -> std::path::PathBuf {
    notary.trust_dir().join(format!("private/{id}.key"))
}
