//! The commands that manage private keys: making, importing, exporting, removing them.

mod export;
mod generate;
mod import;
mod passwd;
mod remove;

use std::fs;
use std::path::Path;

use notary::keys::PrivateKey;
use notary::tuf::pem::{self, Block};

use crate::support::{Sandbox, read_golden};

const GUN: &str = "example.com/app";

/// Keys that Go wrote, with the passphrase of delegations, by file and id; in the order of their
/// ids.
const P384: (&str, &str) = (
    "11-key-files/ec-p384-written-by-notary-0.7.key",
    "35e057bc0bceed72d3c9421bf9fc3e925fb2fcc5100ee2242ad4c8109fcc30f0",
);
const RSA: (&str, &str) = (
    "11-key-files/rsa-written-by-notary-0.7.key",
    "a182f8e211729ce16dee038664be27782f394ea4e8e502c81120d1efeadfb143",
);
const EC: (&str, &str) = (
    "11-key-files/ec-written-by-notary-0.7.key",
    "cff4c5970e08f359ab0166516042ae0d3cfa894e085975a0dec1ba51f2da4c99",
);

/// Puts a golden key into the key store, for a role.
fn put(notary: &Sandbox, (golden, id): (&str, &str), role: &str, gun: Option<&str>) {
    let mut block = pem::decode_all(&read_golden(golden)).remove(0);
    block.headers.insert("role".into(), role.into());
    block.headers.extend(gun.map(|gun| ("gun".into(), gun.into())));
    fs::create_dir_all(notary.trust_dir().join("private")).unwrap();
    fs::write(file_of(notary, id), block.encode().as_bytes()).unwrap();
}

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
