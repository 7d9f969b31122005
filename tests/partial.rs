//! Publications that are signed on several machines: each trust directory here is one.

use notary::keys::PrivateKey;
use notary::tuf::pem::Block;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::support::{GoClient, NotaryServer, Sandbox};

mod base_roles;
mod delegations;
mod killed;
mod outside;
mod refusals;

const GUN: &str = "partial.example.com/app";
const ROLE: &str = "targets/releases";

/// A collection on a server of the Go project, its owner, and three people who have a key each of a
/// delegation that needs two of them.
struct Team {
    server: NotaryServer,
    owner: Sandbox,
    members: Vec<Sandbox>,
    keys: Vec<PrivateKey>,
}

impl Team {
    fn start() -> Self {
        let server = NotaryServer::start();
        let owner = Sandbox::with_server(&server.url);
        let keys: Vec<_> = (0..3).map(|_| PrivateKey::generate_ecdsa_p256()).collect();
        let member = |key: &PrivateKey| {
            let member = Sandbox::with_server(&server.url);
            import(&member, key, "delegation");
            member
        };
        let members = keys.iter().map(member).collect();
        owner.run(["init", "-p", GUN]).success();
        owner.run(["key", "rotate", GUN, "snapshot", "-r"]).success();
        let team = Self { server, owner, members, keys };
        stage_delegation(&team.owner, ROLE, &team.keys.iter().collect::<Vec<_>>(), 2);
        team.owner.run(["publish", GUN]).success();
        team.owner.write("one", "1");
        team
    }

    /// The owner, who has no key of the delegation, prepares a target for it.
    fn prepare(&self, name: &str) -> Vec<u8> {
        self.owner.run(["add", GUN, name, "one", "-r", ROLE]).success();
        let args = ["publish", GUN, "--sign-only", "--out", "p.json", "--force"];
        self.owner.run(args).success();
        std::fs::read(self.owner.work().join("p.json")).unwrap()
    }

    /// A member signs a file and passes it on.
    #[track_caller]
    fn sign(&self, member: usize, file: &[u8]) -> Vec<u8> {
        sign(&self.members[member], file)
    }

    /// What everybody lists: both clients, and two that know nothing yet.
    #[track_caller]
    fn agreed_list(&self) -> String {
        let list = self.owner.run(["list", GUN]).success();
        assert_eq!(GoClient::new(&self.server.url).run(["list", GUN]), list);
        assert_eq!(Sandbox::with_server(&self.server.url).run(["list", GUN]).success(), list);
        list
    }
}

/// Signs a file in a trust directory.
#[track_caller]
fn sign(sandbox: &Sandbox, file: &[u8]) -> Vec<u8> {
    sandbox.write("p.json", file);
    let signed = sandbox.run_with_input(["sign", "p.json"], b"yes\n").success();
    let line = format!("Successfully signed p.json for repository {GUN}\n");
    assert!(signed.ends_with(&line), "{signed}");
    std::fs::read(sandbox.work().join("p.json")).unwrap()
}

/// Puts a private key into a trust directory.
fn import(sandbox: &Sandbox, key: &PrivateKey, role: &str) {
    let block = Block::new("PRIVATE KEY", key.to_pkcs8().to_vec());
    let name = format!("{}.key", key.id());
    sandbox.write(&name, block.encode().as_bytes());
    let args = ["key", "import", "--role", role, "--gun", GUN, &name];
    let args = args.iter().filter(|arg| role != "delegation" || !["--gun", GUN].contains(*arg));
    sandbox.run(args.collect::<Vec<_>>()).success();
}

/// Stages a delegation as Go's client would, with any threshold.
fn stage_delegation(sandbox: &Sandbox, role: &str, keys: &[&PrivateKey], threshold: u64) {
    let keys: Vec<Value> =
        keys.iter().map(|key| serde_json::to_value(key.public_key()).unwrap()).collect();
    let data = json!({
        "threshold": threshold, "add_keys": keys, "remove_keys": [], "add_paths": [""],
        "remove_paths": [], "clear_paths": false,
    });
    stage(sandbox, "create", role, &data);
}

/// Stages a change of a delegation.
fn stage(sandbox: &Sandbox, action: &str, role: &str, data: &Value) {
    let data = data_encoding::BASE64.encode(data.to_string().as_bytes());
    let change =
        json!({"action": action, "role": role, "type": "delegation", "path": "", "data": data});
    let directory = sandbox.collection_dir(GUN).join("changelist");
    std::fs::create_dir_all(&directory).unwrap();
    let number = OffsetDateTime::now_utc().unix_timestamp_nanos();
    std::fs::write(directory.join(format!("{number:020}_test.change")), change.to_string())
        .unwrap();
}
