//! Docker's own client on our server. It needs no engine for this, but insists on TLS.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::{OwnServer, Sandbox};

const IMAGE: &str = "example.com/ns/app";

/// Docker's client with a home of its own.
struct Docker<'a> {
    home: tempfile::TempDir,
    server: &'a OwnServer,
}

impl<'a> Docker<'a> {
    /// A client that trusts the server's authority; `None` where there is no such client.
    fn new(server: &'a OwnServer) -> Option<Self> {
        if Command::new("docker").arg("--version").output().is_err() {
            return None;
        }
        let home = tempfile::tempdir().unwrap();
        let tls = home.path().join(".docker/tls").join(server.address());
        fs::create_dir_all(&tls).unwrap();
        fs::copy(server.data().join("ca.crt"), tls.join("ca.crt")).unwrap();
        Some(Self { home, server })
    }

    fn trust(&self, args: &[&str]) -> Output {
        Command::new("docker")
            .arg("trust")
            .args(args)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("DOCKER_CONTENT_TRUST_SERVER", &self.server.url)
            .env("DOCKER_CONTENT_TRUST_ROOT_PASSPHRASE", "root-passphrase")
            .env("DOCKER_CONTENT_TRUST_REPOSITORY_PASSPHRASE", "repository-passphrase")
            .current_dir(self.home.path())
            .output()
            .unwrap()
    }

    #[track_caller]
    fn succeeds(&self, args: &[&str]) -> String {
        let output = self.trust(args);
        assert!(output.status.success(), "docker trust {args:?}\n{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn path(&self, name: &str) -> String {
        Path::new(self.home.path()).join(name).to_str().unwrap().to_owned()
    }
}

#[test]
fn docker_manages_signers_on_our_server() {
    let server = OwnServer::start_with(&["--tls-self-signed"]);
    // The only peer that is not in Debian's packages; `make test` says when it is not there.
    let Some(docker) = Docker::new(&server) else { return };
    docker.succeeds(&["key", "generate", "alice", "--dir", &docker.path("")]);
    docker.succeeds(&["key", "generate", "bob", "--dir", &docker.path("")]);
    docker.succeeds(&["signer", "add", "--key", &docker.path("alice.pub"), "alice", IMAGE]);
    docker.succeeds(&["signer", "add", "--key", &docker.path("bob.pub"), "bob", IMAGE]);
    let inspected = docker.succeeds(&["inspect", IMAGE]);
    assert!(inspected.contains("\"alice\"") && inspected.contains("\"bob\""), "{inspected}");

    // What Docker has made is a collection like any other.
    let mut reader = Sandbox::with_server(&server.url);
    reader.options.push(format!("--tlscacert={}", server.data().join("ca.crt").display()));
    let empty = "\nNo targets present in this repository.\n\n";
    assert_eq!(reader.run(["list", IMAGE]).success(), empty);

    // What was signed is what its manifest says; a hash stands for it here.
    let mut publisher = Sandbox::with_server(&server.url);
    publisher.options.clone_from(&reader.options);
    publisher.options.extend(["-d".to_owned(), docker.path(".docker/trust")]);
    for name in ["ROOT", "TARGETS", "SNAPSHOT", "DELEGATION"] {
        let passphrase = if name == "ROOT" { "root-passphrase" } else { "repository-passphrase" };
        publisher.vars.insert(format!("NOTARY_{name}_PASSPHRASE"), passphrase.to_owned());
    }
    let digest = "586622c26589b6060f50857879c985babdbc1087f1baa735037fffb50c14720a";
    let args = ["addhash", IMAGE, "1.0", "9", "--sha256", digest, "-r", "targets/releases"];
    let _ = publisher.run(args.into_iter().chain(["-r", "targets/alice", "-p"])).success();
    let inspected = docker.succeeds(&["inspect", IMAGE]);
    assert!(inspected.contains(digest) && inspected.contains("\"1.0\""), "{inspected}");

    docker.succeeds(&["signer", "remove", "bob", IMAGE]);
    docker.succeeds(&["revoke", "--yes", &format!("{IMAGE}:1.0")]);
    let inspected = docker.succeeds(&["inspect", IMAGE]);
    assert!(!inspected.contains(digest), "{inspected}");
}
