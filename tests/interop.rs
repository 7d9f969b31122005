//! The program and the Go client on one server of the Go project: in turn, in one trust directory,
//! and at the same time.

use std::path::{Path, PathBuf};

use notary::keys::PrivateKey;
use notary::tuf::key::KeyType;
use notary::tuf::pem::Block;
use serde_json::Value;

use crate::support::{GoClient, NotaryServer, Sandbox, copy_dir, served};

mod collaborator;
mod custom;
mod delegates;
mod gone;
mod init;
mod oddities;
mod races;
mod renewals;
mod rotations;
mod shared;
mod staged;
mod trees;
mod turns;
mod versions;

const GUN: &str = "interop.example.com/app";
const EMPTY_LIST: &str = "\nNo targets present in this repository.\n\n";

/// One client of each kind on one server, each with a trust directory of its own.
struct Pair {
    server: NotaryServer,
    go: GoClient,
    ours: Sandbox,
}

impl Pair {
    fn start() -> Self {
        let server = NotaryServer::start();
        let (go, ours) = (GoClient::new(&server.url), Sandbox::with_server(&server.url));
        Self { server, go, ours }
    }

    /// A pair of publishers with the same keys, of a collection that the Go client has made.
    fn made_by_go() -> Self {
        let pair = Self::start();
        pair.go.run(["init", "-p", GUN]);
        copy_dir(&pair.go.trust_dir().join("private"), &pair.ours.trust_dir().join("private"));
        pair
    }

    /// The Go client with our trust directory.
    fn sharing(&self) -> GoClient {
        GoClient::sharing(&self.server.url, &self.ours.trust_dir())
    }

    /// Both clients list the same, byte for byte, and so do two that know nothing yet. Returns the
    /// table.
    #[track_caller]
    fn agreed_list(&self) -> String {
        let list = self.go.run(["list", GUN]);
        assert_eq!(self.ours.run(["list", GUN]).success(), list);
        assert_eq!(GoClient::new(&self.server.url).run(["list", GUN]), list);
        assert_eq!(Sandbox::with_server(&self.server.url).run(["list", GUN]).success(), list);
        list
    }

    /// The content of the newest file of a role, without its signatures.
    #[track_caller]
    fn signed(&self, role: &str) -> Value {
        signed(&self.server, GUN, role)
    }
}

/// The content of the newest file of a role on a server, without its signatures.
#[track_caller]
fn signed(server: &NotaryServer, gun: &str, role: &str) -> Value {
    let bytes = served(&server.url, gun, &format!("{role}.json"));
    let bytes = bytes.unwrap_or_else(|| panic!("the server has no {role}"));
    serde_json::from_slice::<Value>(&bytes).unwrap()["signed"].take()
}

/// A key for delegations.
struct DelegationKey(PrivateKey);

impl DelegationKey {
    fn new() -> Self {
        Self(PrivateKey::generate_ecdsa_p256())
    }

    fn id(&self) -> &str {
        self.0.id().as_str()
    }

    /// Puts the private key into a trust directory, as the Go client does it.
    fn give_to(&self, trust_dir: &Path) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.pem");
        let block = Block::new("PRIVATE KEY", self.0.to_pkcs8().to_vec());
        std::fs::write(&path, block.encode().as_bytes()).unwrap();
        let go = GoClient::sharing("http://127.0.0.1:9", trust_dir);
        go.run(["key", "import", "--role", "user", path.to_str().unwrap()]);
        assert!(go.run(["key", "list"]).contains(self.id()));
    }

    /// Writes the public key into a file that the Go client reads.
    fn public_pem(&self, sandbox: &Sandbox) -> PathBuf {
        assert_eq!(*self.0.public_key().key_type(), KeyType::Ecdsa);
        let block = Block::new("PUBLIC KEY", self.0.public_key().bytes().to_vec());
        sandbox.write(&format!("{}.pem", self.id()), block.encode().as_bytes())
    }
}
