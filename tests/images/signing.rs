//! `add --image`: what is signed is what a registry has.

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::support::{DockerRegistry, GoClient, NotaryServer, Pushed, Sandbox, served};

const NAME: &str = "team/app";

/// A registry, a Notary server and a collection for the images of `team/app`.
struct Place {
    registry: DockerRegistry,
    server: NotaryServer,
    notary: Sandbox,
    gun: String,
}

impl Place {
    fn new() -> Self {
        let (registry, server) = (DockerRegistry::start(), NotaryServer::start());
        let notary = Sandbox::with_server(&server.url);
        let gun = format!("{}/{NAME}", registry.host);
        let _ = notary.run(["init", &gun, "-p"]).success();
        Self { registry, server, notary, gun }
    }

    fn image(&self, tag: &str) -> String {
        format!("{}:{tag}", self.gun)
    }

    /// What the server has for a tag in the file of a role.
    fn signed(&self, role: &str, tag: &str) -> Value {
        let file = served(&self.server.url, &self.gun, &format!("{role}.json")).unwrap();
        let file: Value = serde_json::from_slice(&file).unwrap();
        file["signed"]["targets"][tag].clone()
    }
}

/// What Docker's client signs for this.
fn as_docker_signs(pushed: &Pushed) -> Value {
    let hex = pushed.digest.strip_prefix("sha256:").unwrap();
    let raw = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
    json!({ "hashes": { "sha256": BASE64.encode(&raw) }, "length": pushed.size })
}

#[test]
fn images_of_all_kinds_are_signed_and_resolved() {
    let place = Place::new();
    let platforms = ["linux/amd64", "linux/arm64"];
    let (registry, amd64) = (&place.registry, "linux/amd64");
    let all = [
        ("1.0", registry.push_image(NAME, "1.0", DockerRegistry::OCI_MANIFEST, amd64)),
        ("2.0", registry.push_image(NAME, "2.0", DockerRegistry::DOCKER_MANIFEST, amd64)),
        ("3.0", registry.push_index(NAME, "3.0", DockerRegistry::OCI_INDEX, &platforms)),
        ("4.0", registry.push_index(NAME, "4.0", DockerRegistry::DOCKER_LIST, &platforms)),
    ];
    for (tag, pushed) in &all {
        let words = ["add", &place.gun, tag, "--image", &place.image(tag)];
        let staged = place.notary.run(words);
        assert!(staged.stderr.contains(&pushed.digest), "{}", staged.report());
        let is_index = pushed.media_type.contains("index") || pushed.media_type.contains("list");
        let names_all = staged.stderr.contains("for linux/amd64, linux/arm64");
        assert_eq!(names_all, is_index, "{}", staged.report());
        let line = format!(
            "Addition of target \"{tag}\" to repository \"{}\" staged for next publish.\n",
            place.gun
        );
        assert_eq!(staged.success(), line);
    }
    let _ = place.notary.run(["publish", &place.gun]).success();
    for (tag, pushed) in &all {
        assert_eq!(place.signed("targets", tag), as_docker_signs(pushed), "{tag}");
        let resolved = place.notary.run(["image", "resolve", &place.image(tag)]).success();
        assert_eq!(resolved, format!("{}@{}\n", place.gun, pushed.digest));
    }
    // The Go client sees the same, and the registry has it under this digest.
    let listed = GoClient::new(&place.server.url).run(["list", &place.gun]);
    for (_, pushed) in &all {
        let hex = pushed.digest.strip_prefix("sha256:").unwrap();
        let row =
            listed.lines().find(|line| line.contains(hex)).unwrap_or_else(|| panic!("{listed}"));
        assert!(row.contains(&pushed.size.to_string()), "{row}");
    }
}

#[test]
fn collection_and_tag_are_those_of_the_image_unless_others_are_named() {
    let place = Place::new();
    let pushed =
        place.registry.push_image(NAME, "1.0", DockerRegistry::OCI_MANIFEST, "linux/arm64");
    let image = place.image("1.0");
    let by_digest = format!("{}@{}", place.gun, pushed.digest);
    for (words, tag) in [
        (vec!["add", "--image", &image], "1.0"),
        (vec!["add", &place.gun, "--image", &image], "1.0"),
        (vec!["add", &place.gun, "stable", "--image", &image], "stable"),
        (vec!["add", &place.gun, "pinned", "--image", &by_digest], "pinned"),
    ] {
        let _ = place.notary.run([&words[..], &["-p"]].concat()).success();
        assert_eq!(place.signed("targets", tag), as_docker_signs(&pushed), "{words:?}");
    }
    // Without a tag it is `latest`, which is not there.
    let words = ["the server does not have it", "has to be pushed before it is signed"];
    let _ = place.notary.refuses(["add", "--image", &place.gun], 4, &words);
    let _ = place.notary.refuses(["add", "--image", &by_digest], 2, &["no tag to be signed"]);
    let _ = place.notary.refuses(["add", &place.gun, "-x", "--image", &image], 2, &["error: "]);
    let _ = place.notary.refuses(["add", &place.gun, "a/b", "--image", &image], 2, &["is no tag"]);
    let words = ["add", &place.gun, "1.0", "file", "--image", &image];
    let _ = place.notary.refuses(words, 2, &["an image is not a file"]);
    for option in ["--recursive", "--prefix=x"] {
        let _ =
            place.notary.refuses(["add", &place.gun, option, "--image", &image], 2, &["--image"]);
    }
    let _ = place.notary.refuses(
        ["--offline", "add", "--image", &image],
        2,
        &["only the registry knows"],
    );
}

#[test]
fn json_tells_what_is_staged() {
    let place = Place::new();
    let platforms = ["linux/amd64", "linux/arm64"];
    let pushed = place.registry.push_index(NAME, "1.0", DockerRegistry::OCI_INDEX, &platforms);
    let hex = pushed.digest.strip_prefix("sha256:").unwrap();
    let words = ["add", "--image", &place.image("1.0"), "--json"];
    let report = place.notary.run(words).json();
    assert_eq!(
        report,
        json!({
            "gun": place.gun,
            "image": format!("{}@{}", place.gun, pushed.digest),
            "digest": pushed.digest,
            "media_type": DockerRegistry::OCI_INDEX,
            "platforms": platforms,
            "roles": ["targets"],
            "target": { "name": "1.0", "length": pushed.size, "hashes": { "sha256": hex } },
        })
    );
    let words = ["add", "--image", &place.image("1.0"), "--json", "-p"];
    let _ = place.notary.refuses(words, 2, &["cannot be used with `--publish`"]);
    let _ = place.notary.refuses(
        ["add", &place.gun, "a", "b", "--json"],
        2,
        &["only what `--image` stages"],
    );
}

#[test]
fn custom_data_is_signed_along() {
    let place = Place::new();
    let pushed =
        place.registry.push_image(NAME, "1.0", DockerRegistry::OCI_MANIFEST, "linux/amd64");
    place.notary.write("custom.json", r#"{"built by": "ci"}"#);
    let words = ["add", "--image", &place.image("1.0"), "--custom", "custom.json", "-p"];
    let _ = place.notary.run(words).success();
    let mut expected = as_docker_signs(&pushed);
    expected["custom"] = json!({ "built by": "ci" });
    assert_eq!(place.signed("targets", "1.0"), expected);
}

#[test]
fn with_delegations_all_that_keys_are_here_for_sign_as_with_docker() {
    let place = Place::new();
    let pushed =
        place.registry.push_image(NAME, "1.0", DockerRegistry::OCI_MANIFEST, "linux/amd64");
    let owner = &place.notary;
    let (gun, image) = (place.gun.as_str(), place.image("1.0"));
    let _ = owner.run(["key", "rotate", gun, "snapshot", "-r"]).success();
    let signer = Sandbox::with_server(&place.server.url);
    let make = |notary: &Sandbox, name: &str| {
        let file = notary.work().join(name);
        let words = ["key", "generate", "ecdsa", "--role", name, "-o", file.to_str().unwrap()];
        let _ = notary.run(words).success();
        let private = file.with_file_name(format!("{name}-key.pem"));
        let _ = notary.run(["key", "import", private.to_str().unwrap()]).success();
        file.with_extension("pem").to_str().unwrap().to_owned()
    };
    let (alice, bob) = (make(&signer, "alice"), make(owner, "bob"));
    let delegate = |role: &str, key: &str, paths: &str| {
        let _ = owner.run(["delegation", "add", gun, role, key, paths]).success();
    };
    delegate("targets/alice", &alice, "--all-paths");
    delegate("targets/releases", &alice, "--all-paths");
    delegate("targets/old", &alice, "--paths=0.");
    delegate("targets/carol", &bob, "--all-paths");
    let _ = owner.run(["publish", gun]).success();

    let staged = signer.run(["add", "--image", &image, "--json"]).json();
    assert_eq!(staged["roles"], json!(["targets/alice", "targets/releases"]));
    let _ = signer.run(["publish", gun]).success();
    for role in ["targets/alice", "targets/releases"] {
        assert_eq!(place.signed(role, "1.0"), as_docker_signs(&pushed), "{role}");
    }
    assert_eq!(place.signed("targets", "1.0"), Value::Null);
    let resolved = signer.run(["image", "resolve", &image, "--json"]).json();
    assert_eq!(resolved["target"]["role"], "targets/releases");

    // The owner has a key of another role, which Docker does not look into.
    let outcome = owner.run(["add", "--image", &image]);
    let words = "Docker reads only targets/releases and targets";
    assert!(outcome.stderr.contains(words), "{}", outcome.report());
    outcome.success();
    let _ = owner.run(["reset", gun, "--all"]).success();

    // Whoever has no key of a delegation is told whose it would be.
    let _ = owner.run(["delegation", "remove", gun, "targets/carol", "-y", "-p"]).success();
    let words = [
        "no key is here for any delegation that may sign the image \"1.0\"",
        "(targets/releases)",
        "`--roles targets` signs it without a delegation",
    ];
    let _ = owner.refuses(["add", "--image", &image], 7, &words);
    let _ = owner.run(["add", "--image", &image, "--roles", "targets", "-p"]).success();
    assert_eq!(place.signed("targets", "1.0"), as_docker_signs(&pushed));
}

#[test]
fn what_is_staged_and_not_published_counts_when_roles_are_chosen() {
    let registry = DockerRegistry::start();
    let _ = registry.push_image(NAME, "1.0", DockerRegistry::OCI_MANIFEST, "linux/amd64");
    let (gun, image) =
        (format!("{}/{NAME}", registry.host), format!("{}/{NAME}:1.0", registry.host));
    let notary = Sandbox::new();
    // Nobody knows the collection, so nobody knows of delegations.
    let outcome = notary.run(["add", "--image", &image]);
    let words = "staged for targets, since it cannot be told who may sign \"1.0\"";
    assert!(outcome.stderr.contains(words), "{}", outcome.report());
    outcome.success();
    let _ = notary.run(["reset", &gun, "--all"]).success();

    let _ = notary.run(["init", &gun]).success();
    let add = || notary.run(["add", "--image", &image, "--json"]).json()["roles"].clone();
    assert_eq!(add(), json!(["targets"]));
    let key = notary.work().join("alice").to_str().unwrap().to_owned();
    let _ = notary.run(["key", "generate", "ecdsa", "--role", "alice", "-o", &key]).success();
    let _ = notary.run(["key", "import", &format!("{key}-key.pem")]).success();
    let public = format!("{key}.pem");
    let words = ["delegation", "add", &gun, "targets/releases", &public, "--all-paths"];
    let _ = notary.run(words).success();
    assert_eq!(add(), json!(["targets/releases"]));
    let _ = notary.run(["publish", &gun]).success();
    let resolved = notary.run(["image", "resolve", &image, "--json"]).json();
    assert_eq!(resolved["target"]["role"], "targets/releases");
}
