//! Backups of keys: making, checking and restoring them, damaged and hostile ones, and other
//! programs with them.

mod damage;
mod making;
mod peers;
mod restoring;
mod verifying;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use age::secrecy::ExposeSecret as _;

use crate::support::{Outcome, Sandbox, copy_dir, golden, snapshot_of};

const GUN: &str = "golden.example/published";
/// The keys of the collection in `02-published`.
const ROOT: &str = "07693a9d7178a05ff80b0ccd0f9ac31fc1601bdcd47eb5df5beb88d661aca12d";

/// The encrypted private keys of a home, and somebody who can open backups.
struct Site {
    notary: Sandbox,
    identity: age::x25519::Identity,
}

impl Site {
    /// With the keys, and nothing else, of a golden trust directory.
    fn with_keys_of(directory: &str) -> Self {
        let site = Self::empty();
        copy_dir(&golden(directory).join("private"), &site.private());
        site
    }

    fn empty() -> Self {
        let (notary, identity) = (Sandbox::new(), age::x25519::Identity::generate());
        notary.write("identity", identity.to_string().expose_secret());
        Self { notary, identity }
    }

    /// The same identity, elsewhere and with nothing else.
    fn moved(&self) -> Self {
        let other = Self { notary: Sandbox::new(), identity: self.identity.clone() };
        copy_dir(&self.notary.work(), &other.notary.work());
        other
    }

    fn private(&self) -> PathBuf {
        self.notary.trust_dir().join("private")
    }

    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        snapshot_of(&self.private())
    }

    fn file(&self, name: &str) -> Vec<u8> {
        fs::read(self.notary.work().join(name)).unwrap()
    }

    /// Makes a backup for the identity.
    fn backup(&self, args: &[&str]) -> Outcome {
        let recipient = self.identity.to_public().to_string();
        let words = ["key", "backup", "keys.age", "--recipient", &recipient];
        self.notary.run([&words, args].concat())
    }

    fn verify(&self, args: &[&str]) -> Outcome {
        let words = ["key", "backup", "--verify", "keys.age", "--identity", "identity"];
        self.notary.run([&words, args].concat())
    }

    fn restore(&self, args: &[&str]) -> Outcome {
        let words = ["key", "restore", "keys.age", "--identity", "identity"];
        self.notary.run([&words, args].concat())
    }

    /// Restores what must be refused, with nothing written.
    #[track_caller]
    fn refuses_to_restore(&self, code: u8, words: &[&str]) {
        let args = ["key", "restore", "keys.age", "--identity", "identity"];
        let _ = self.notary.refuses(args, code, words);
    }

    /// What is inside of the backup.
    fn unpacked(&self) -> BTreeMap<String, Vec<u8>> {
        let packed = age::decrypt(&self.identity, &self.file("keys.age")).unwrap();
        let mut archive = tar::Archive::new(&*packed);
        let files = archive.entries().unwrap().map(|file| {
            let mut file = file.unwrap();
            let name = file.path().unwrap().to_str().unwrap().to_owned();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
            (name, bytes)
        });
        files.collect()
    }

    /// Puts something else in place of the contents of the backup.
    fn repack(&self, packed: &[u8]) {
        let encrypted = age::encrypt(&self.identity.to_public(), packed).unwrap();
        self.notary.write("keys.age", encrypted);
    }

    /// Moves a key into the archive.
    fn archive(&self, id: &str) -> PathBuf {
        let archived = self.private().join(format!("archive/{id}.pem"));
        fs::create_dir_all(archived.parent().unwrap()).unwrap();
        fs::rename(self.private().join(format!("{id}.key")), &archived).unwrap();
        archived
    }
}

/// A tar archive with such headers.
fn archive_of(files: &[(tar::Header, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (header, bytes) in files {
        archive.get_mut().write_all(header.as_bytes()).unwrap();
        archive.get_mut().write_all(bytes).unwrap();
        let padding = vec![0; bytes.len().next_multiple_of(512) - bytes.len()];
        archive.get_mut().write_all(&padding).unwrap();
    }
    archive.into_inner().unwrap()
}

fn header(name: &str, kind: tar::EntryType, size: usize) -> tar::Header {
    let mut header = tar::Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(size as u64);
    header.set_mode(0o600);
    header.set_cksum();
    header
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
