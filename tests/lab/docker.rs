//! Docker's own client on our server and in one trust directory with us. It needs no engine for this,
//! but insists on TLS.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::{DockerRegistry, GoClient, OwnServer, Sandbox};

const IMAGE: &str = "example.com/ns/app";
const DIGEST: &str = "586622c26589b6060f50857879c985babdbc1087f1baa735037fffb50c14720a";

/// Docker's client with a home of its own.
struct Docker<'a> {
    home: tempfile::TempDir,
    server: &'a OwnServer,
}

impl<'a> Docker<'a> {
    /// A client that trusts the server's authority.
    #[track_caller]
    fn new(server: &'a OwnServer) -> Self {
        let home = tempfile::tempdir().unwrap();
        let tls = home.path().join(".docker/tls").join(server.address());
        fs::create_dir_all(&tls).unwrap();
        fs::copy(server.data().join("ca.crt"), tls.join("ca.crt")).unwrap();
        let docker = Self { home, server };
        let has_trust = Command::new("docker").args(["trust", "--help"]).output();
        assert!(
            has_trust.is_ok_and(|output| output.status.success()),
            "there is no `docker` with `docker trust`, which versions before 29 have; `make test` \
             installs Debian's (package `docker.io`)"
        );
        docker
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new("docker")
            .args(args)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("DOCKER_HOST", "unix:///nowhere/docker.sock")
            .env("DOCKER_CONTENT_TRUST", "1")
            .env("DOCKER_CONTENT_TRUST_SERVER", &self.server.url)
            .env("DOCKER_CONTENT_TRUST_ROOT_PASSPHRASE", "root-passphrase")
            .env("DOCKER_CONTENT_TRUST_REPOSITORY_PASSPHRASE", "repository-passphrase")
            .current_dir(self.home.path())
            .output()
            .unwrap()
    }

    /// Runs a command below `docker trust`, which must succeed.
    #[track_caller]
    fn trust(&self, args: &[&str]) -> String {
        let output = self.run(&[&["trust"], args].concat());
        assert!(output.status.success(), "docker trust {args:?}\n{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What it would pull, as far as one can tell without an engine.
    #[track_caller]
    fn pulls(&self, image: &str) -> String {
        let output = self.run(&["pull", image]);
        let said = String::from_utf8(output.stdout.clone()).unwrap();
        let line = said.lines().find_map(|line| line.strip_prefix("Pull (1 of 1): "));
        line.unwrap_or_else(|| panic!("{output:?}")).to_owned()
    }

    fn path(&self, name: &str) -> String {
        Path::new(self.home.path()).join(name).to_str().unwrap().to_owned()
    }

    /// This program with Docker's trust directory, server and certificates.
    fn ours(&self) -> Sandbox {
        let mut notary = Sandbox::new();
        notary.options = vec!["-d".to_owned(), self.path(".docker/trust")];
        notary.vars.insert("DOCKER_CONFIG".into(), self.path(".docker"));
        notary.vars.insert("DOCKER_CONTENT_TRUST_SERVER".into(), self.server.url.clone());
        for name in ["ROOT", "TARGETS", "SNAPSHOT", "DELEGATION"] {
            let passphrase =
                if name == "ROOT" { "root-passphrase" } else { "repository-passphrase" };
            notary.vars.insert(format!("NOTARY_{name}_PASSPHRASE"), passphrase.to_owned());
        }
        notary
    }
}

fn server() -> OwnServer {
    OwnServer::start_with(&["--tls-self-signed"])
}

/// A registry with an image, and the name and digest of that.
fn registry() -> (DockerRegistry, String, String) {
    let registry = DockerRegistry::start();
    let platforms = ["linux/amd64", "linux/arm64"];
    let pushed = registry.push_index("app", "1.0", DockerRegistry::OCI_INDEX, &platforms);
    let image = format!("{}/app:1.0", registry.host);
    (registry, image, pushed.digest)
}

#[test]
fn docker_manages_signers_on_our_server() {
    let server = server();
    let docker = Docker::new(&server);
    docker.trust(&["key", "generate", "alice", "--dir", &docker.path("")]);
    docker.trust(&["key", "generate", "bob", "--dir", &docker.path("")]);
    docker.trust(&["signer", "add", "--key", &docker.path("alice.pub"), "alice", IMAGE]);
    docker.trust(&["signer", "add", "--key", &docker.path("bob.pub"), "bob", IMAGE]);
    let inspected = docker.trust(&["inspect", IMAGE]);
    assert!(inspected.contains("\"alice\"") && inspected.contains("\"bob\""), "{inspected}");

    // What Docker has made is a collection like any other.
    let mut reader = Sandbox::with_server(&server.url);
    reader.options.push(format!("--tlscacert={}", server.data().join("ca.crt").display()));
    let empty = "\nNo targets present in this repository.\n\n";
    assert_eq!(reader.run(["list", IMAGE]).success(), empty);

    // What was signed is what its manifest says; a hash stands for it here.
    let args = ["addhash", IMAGE, "1.0", "9", "--sha256", DIGEST, "-r", "targets/releases"];
    let _ = docker.ours().run(args.into_iter().chain(["-r", "targets/alice", "-p"])).success();
    let inspected = docker.trust(&["inspect", IMAGE]);
    assert!(inspected.contains(DIGEST) && inspected.contains("\"1.0\""), "{inspected}");

    docker.trust(&["signer", "remove", "bob", IMAGE]);
    docker.trust(&["revoke", "--yes", &format!("{IMAGE}:1.0")]);
    let inspected = docker.trust(&["inspect", IMAGE]);
    assert!(!inspected.contains(DIGEST), "{inspected}");
}

/// Keys of all kinds that Docker writes: made by it, and loaded from files of OpenSSL.
#[test]
fn what_docker_has_made_is_listed_and_signs() {
    let server = server();
    let docker = Docker::new(&server);
    docker.trust(&["key", "generate", "alice", "--dir", &docker.path("")]);
    for (name, algorithm) in [("bob", "EC"), ("carol", "RSA")] {
        let (private, public) = (format!("{name}.key"), format!("{name}.pub"));
        let option = match algorithm {
            "EC" => "ec_paramgen_curve:P-256",
            _ => "rsa_keygen_bits:2048",
        };
        let make = ["genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", &private];
        openssl(docker.home.path(), &make);
        let form = if algorithm == "EC" { "ec" } else { "rsa" };
        // Docker takes the forms with the algorithm in their name.
        let old = format!("{name}.old");
        let convert: &[&str] = match form {
            "ec" => &["ec", "-in", &private, "-out", &old],
            _ => &["rsa", "-traditional", "-in", &private, "-out", &old],
        };
        openssl(docker.home.path(), convert);
        openssl(docker.home.path(), &["pkey", "-in", &private, "-pubout", "-out", &public]);
        restrict(&docker.home.path().join(&old));
        docker.trust(&["key", "load", &docker.path(&old), "--name", name]);
    }
    docker.trust(&["signer", "add", "--key", &docker.path("alice.pub"), "alice", IMAGE]);
    let (bob, carol) = (docker.path("bob.pub"), docker.path("carol.pub"));
    docker.trust(&["signer", "add", "--key", &bob, "--key", &carol, "team", IMAGE]);

    let notary = docker.ours();
    let listed = notary.run(["key", "list"]).success();
    for role in ["root", "targets", "alice", "bob", "carol"] {
        assert!(listed.lines().any(|line| line.starts_with(role)), "{role}\n{listed}");
    }
    let go = GoClient::sharing(&server.url, Path::new(&docker.path(".docker/trust")));
    assert_eq!(listed, go.run(["key", "list"]));

    // The roles are those that Docker would choose, and it agrees about the digest.
    let (_registry, image, digest) = registry();
    let staged = notary.run(["add", IMAGE, "1.0", "--image", &image, "--json"]).json();
    let roles = ["targets/alice", "targets/releases", "targets/team"];
    assert_eq!(staged["roles"], serde_json::json!(roles));
    let _ = notary.run(["publish", IMAGE]).success();
    let tagged = format!("{IMAGE}:1.0");
    assert_eq!(docker.pulls(&tagged), format!("{tagged}@{digest}"));
    let resolved = notary.run(["image", "resolve", &tagged]).success();
    assert_eq!(resolved, format!("{IMAGE}@{digest}\n"));
    let inspected = docker.trust(&["inspect", IMAGE]);
    let inspected: serde_json::Value = serde_json::from_str(&inspected).unwrap();
    let tag = &inspected[0]["SignedTags"][0];
    assert_eq!(tag["SignedTag"], "1.0");
    assert_eq!(tag["Signers"], serde_json::json!(["alice", "team"]));
    assert_eq!(format!("sha256:{}", tag["Digest"].as_str().unwrap()), digest);

    // The root key that Docker has made can be replaced, and Docker follows.
    let _ = notary.run(["key", "rotate", IMAGE, "root", "--yes"]).success();
    assert_eq!(docker.pulls(&tagged), format!("{tagged}@{digest}"));
}

#[test]
fn docker_works_on_top_of_what_we_have_made() {
    let server = server();
    let docker = Docker::new(&server);
    let notary = docker.ours();
    let _ = notary.run(["init", IMAGE, "-p"]).success();
    // One key is made here, another is imported, and a third is loaded by Docker from our file.
    let make = |name: &str| {
        let file = docker.path(name);
        let _ = notary.run(["key", "generate", "ecdsa", "--role", name, "-o", &file]).success();
        (format!("{file}-key.pem"), format!("{file}.pem"))
    };
    let (alice, alice_public) = make("alice");
    let _ = notary.run(["key", "import", &alice]).success();
    let (bob, bob_public) = make("bob");
    docker.trust(&["key", "load", &bob, "--name", "bob"]);
    docker.trust(&["signer", "add", "--key", &alice_public, "alice", IMAGE]);
    docker.trust(&["signer", "add", "--key", &bob_public, "bob", IMAGE]);

    // Every key is replaced in turn; Docker has the old ones in mind, and goes on with the new.
    for rotation in [&["snapshot", "-r"][..], &["targets"], &["root", "--yes"]] {
        let _ = notary.run([&["key", "rotate", IMAGE], rotation].concat()).success();
        let inspected = docker.trust(&["inspect", IMAGE]);
        assert!(inspected.contains("\"alice\"") && inspected.contains("\"bob\""), "{inspected}");
    }
    docker.trust(&["key", "generate", "carol", "--dir", &docker.path("")]);
    docker.trust(&["signer", "add", "--key", &docker.path("carol.pub"), "carol", IMAGE]);

    let (_registry, image, digest) = registry();
    let _ = notary.run(["add", IMAGE, "1.0", "--image", &image, "-p"]).success();
    let tagged = format!("{IMAGE}:1.0");
    assert_eq!(docker.pulls(&tagged), format!("{tagged}@{digest}"));
    let signers = docker.trust(&["inspect", &tagged]);
    for name in ["alice", "bob", "carol"] {
        assert!(signers.contains(&format!("\"{name}\"")), "{signers}");
    }

    // What Docker takes back is gone for us, too.
    docker.trust(&["revoke", "--yes", &tagged]);
    let words = ["has no target \"1.0\""];
    let outcome = notary.run(["image", "resolve", &tagged]).failure(4, &words);
    assert_eq!(outcome.stdout, "");
    let refused = docker.run(&["pull", &tagged]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("1.0"), "{refused:?}");
    assert!(!String::from_utf8_lossy(&refused.stdout).contains("sha256"), "{refused:?}");
}

/// What Docker does not read is not trusted by us either, and the reverse.
#[test]
fn docker_and_we_trust_the_same() {
    let server = server();
    let docker = Docker::new(&server);
    let notary = docker.ours();
    let _ = notary.run(["init", IMAGE, "-p"]).success();
    let key = docker.path("qa");
    let _ = notary.run(["key", "generate", "ecdsa", "--role", "qa", "-o", &key]).success();
    let _ = notary.run(["key", "import", &format!("{key}-key.pem")]).success();
    for role in ["targets/qa", "targets/releases", "targets/releases/beta"] {
        let words = ["delegation", "add", IMAGE, role, &format!("{key}.pem"), "--all-paths"];
        let _ = notary.run(words).success();
    }
    let sign = |tag: &str, digit: &str, roles: &str| {
        let (hash, size) = (digit.repeat(64), "7");
        let words = ["addhash", IMAGE, tag, size, "--sha256", &hash, "--roles", roles];
        let _ = notary.run(words).success();
    };
    sign("top", "1", "targets");
    sign("released", "2", "targets/releases");
    sign("both", "3", "targets");
    sign("both", "4", "targets/releases");
    sign("tested", "5", "targets/qa");
    sign("beta", "6", "targets/releases/beta");
    sign("shadowed", "7", "targets");
    sign("shadowed", "8", "targets/releases/beta");
    let _ = notary.run(["publish", IMAGE]).success();
    for (tag, digit) in [
        ("top", Some("1")),
        ("released", Some("2")),
        ("both", Some("4")),
        ("tested", None),
        ("beta", None),
        ("shadowed", None),
        ("absent", None),
    ] {
        let image = format!("{IMAGE}:{tag}");
        let resolved = notary.run(["image", "resolve", &image]);
        let pulled = docker.run(&["pull", &image]);
        let said = String::from_utf8_lossy(&pulled.stdout);
        match digit {
            Some(digit) => {
                let digest = format!("sha256:{}", digit.repeat(64));
                assert_eq!(resolved.success(), format!("{IMAGE}@{digest}\n"), "{tag}");
                assert!(said.contains(&format!("{image}@{digest}")), "{pulled:?}");
            }
            None => {
                assert_eq!((resolved.code, resolved.stdout.as_str()), (4, ""), "{tag}");
                assert!(!said.contains("sha256"), "{pulled:?}");
            }
        }
    }
}

fn openssl(directory: &Path, args: &[&str]) {
    let output = Command::new("openssl").args(args).current_dir(directory).output().unwrap();
    assert!(output.status.success(), "openssl {args:?}\n{output:?}");
}

/// Docker loads no key that others may read.
fn restrict(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
