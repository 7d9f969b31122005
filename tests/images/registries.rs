//! Registries that are not as they should be, and those with TLS and logins.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE64, HEXLOWER};
use notary::tuf::pem::Block;
use notary::tuf::x509::to_pem;
use serde_json::json;

use crate::support::{DockerRegistry, HttpServer, Request, Response, Sandbox};

const MANIFEST: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{},"layers":[]}"#;

fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", HEXLOWER.encode(digest(&SHA256, bytes).as_ref()))
}

fn host(server: &HttpServer) -> &str {
    server.url.strip_prefix("http://").unwrap()
}

fn oci(body: impl Into<Vec<u8>>) -> Response {
    Response::ok(body).header("Content-Type", DockerRegistry::OCI_MANIFEST)
}

/// Asks such a registry for an image to be staged; nothing may be.
#[track_caller]
fn refuses(
    answers: impl Fn(&Request) -> Response + Send + Sync + 'static,
    code: u8,
    words: &[&str],
) {
    let registry = HttpServer::start_patient(answers);
    let notary = Sandbox::new();
    let image = format!("{}/team/app:1.0", host(&registry));
    let _ = notary.refuses(["add", "example.com/app", "1.0", "--image", &image], code, words);
    assert!(!notary.trust_dir().exists());
}

#[test]
fn the_manifest_is_asked_for_in_all_forms_and_once() {
    let registry = HttpServer::start_patient(|_| oci(MANIFEST));
    let notary = Sandbox::new();
    let image = format!("{}/team/app:1.0", host(&registry));
    let staged = notary.run(["add", "--image", &image, "--json"]).json();
    assert_eq!(staged["digest"], sha256(MANIFEST.as_bytes()));
    assert_eq!(staged["target"]["length"], MANIFEST.len());
    let requests = registry.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        (requests[0].method.as_str(), requests[0].path.as_str()),
        ("GET", "/v2/team/app/manifests/1.0")
    );
    let accepted: Vec<&str> = requests[0]
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("accept"))
        .flat_map(|(_, value)| value.split(", "))
        .collect();
    assert_eq!(
        accepted,
        [
            DockerRegistry::OCI_INDEX,
            DockerRegistry::OCI_MANIFEST,
            DockerRegistry::DOCKER_LIST,
            DockerRegistry::DOCKER_MANIFEST,
        ]
    );
}

#[test]
fn a_digest_that_is_not_that_of_the_bytes_is_a_lie() {
    let other = sha256(b"other");
    let said = other.clone();
    let answers = move |_: &Request| oci(MANIFEST).header("Docker-Content-Digest", said.clone());
    let actual = sha256(MANIFEST.as_bytes());
    refuses(answers, 3, &[&format!("has the digest {actual}, but the registry says {other}")]);
    // Neither is something that cannot be told apart from one.
    let sha512 = "sha512:00";
    let answers = move |_: &Request| oci(MANIFEST).header("Docker-Content-Digest", sha512);
    refuses(answers, 3, &["but the registry says sha512:00"]);
}

#[test]
fn a_tag_that_has_moved_is_not_signed_by_its_old_digest() {
    let registry = HttpServer::start_patient(|_| oci(MANIFEST));
    let notary = Sandbox::new();
    let (old, new) = (sha256(b"old"), sha256(MANIFEST.as_bytes()));
    for name in [":1.0", ""] {
        let image = format!("{}/app{name}@{old}", host(&registry));
        let words = format!("stands for {new} in the registry");
        let _ = notary.refuses(["add", "a.example/app", "1.0", "--image", &image], 3, &[&words]);
    }
    let image = format!("{}/app:1.0@{new}", host(&registry));
    let _ = notary.run(["add", "--image", &image]).success();
    assert_eq!(registry.brief(), ["GET 1.0", &format!("GET {old}"), "GET 1.0"]);
}

#[test]
fn what_is_no_manifest_is_not_signed() {
    let typed = |kind: &'static str, body: &'static str| {
        move |_: &Request| Response::ok(body).header("Content-Type", kind)
    };
    let list = DockerRegistry::DOCKER_LIST;
    refuses(typed(list, MANIFEST), 1, &["no manifest of an image", "the registry says that it is"]);
    refuses(typed("text/html", "<html>login</html>"), 1, &["`text/html` is no type of a manifest"]);
    refuses(|_| Response::ok(MANIFEST), 1, &["does not say of what type it is"]);
    let old = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    refuses(typed(old, r#"{"schemaVersion":1}"#), 1, &["\"schema 1\"", "push the image again"]);
    refuses(|_| oci("not JSON"), 1, &["it cannot be read"]);
    refuses(|_| oci(r#"{"schemaVersion":2}"#), 1, &["has not the members"]);
    let both = r#"{"schemaVersion":2,"config":{},"layers":[],"manifests":[]}"#;
    refuses(move |_| oci(both), 1, &["as an index and as a manifest"]);
    let both = r#"{"schemaVersion":2,"config":{},"layers":[],"Manifests":[]}"#;
    refuses(move |_| oci(both), 1, &["not all programs read its member \"Manifests\" alike"]);
}

#[test]
fn what_a_registry_says_is_repeated_in_few_words() {
    let long = "x".repeat(1 << 20);
    let platform = json!({ "platform": { "os": "linux", "architecture": long } });
    let index = json!({ "schemaVersion": 2, "manifests": [platform] }).to_string();
    let registry = HttpServer::start_patient(move |_| {
        Response::ok(index.clone()).header("Content-Type", DockerRegistry::OCI_INDEX)
    });
    let notary = Sandbox::new();
    let image = format!("{}/team/app:1.0", host(&registry));
    let outcome = notary.run(["add", "--image", &image]);
    assert!(outcome.stderr.contains(" for linux/xxx"), "{}", outcome.stderr.len());
    assert!(outcome.stderr.len() < 2000, "{}", outcome.stderr.len());
    outcome.success();
}

#[test]
fn answers_have_limits() {
    let large = |_: &Request| oci(vec![b' '; (4 << 20) + 1]);
    refuses(large, 5, &["longer than 4194304 bytes"]);
    refuses(|_| Response::Endless(vec![b' '; 1 << 16]), 5, &["longer than 4194304 bytes"]);
    let cut = |_: &Request| {
        let kind = DockerRegistry::OCI_MANIFEST;
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: 1000\r\n\r\n{{");
        Response::Raw(head.into_bytes())
    };
    refuses(cut, 5, &["the connection broke"]);
}

#[test]
fn redirects_are_not_followed() {
    let answers = |_: &Request| {
        Response::status(307, "").header("Location", "http://elsewhere.example/manifest")
    };
    refuses(answers, 5, &["status 307", "elsewhere.example"]);
}

#[test]
fn what_a_registry_says_has_the_code_of_its_kind() {
    for (status, code) in [(404, 4), (401, 6), (403, 6), (500, 5)] {
        refuses(move |_| Response::status(status, ""), code, &["error: "]);
    }
    let gone = {
        let registry = HttpServer::start_patient(|_| oci(MANIFEST));
        host(&registry).to_owned()
    };
    let words = ["cannot be reached", "check the name of the registry"];
    let image = format!("{gone}/app:1");
    let _ = Sandbox::new().refuses(["add", "--image", &image], 5, &words);
}

#[test]
fn registries_show_a_certificate_that_is_trusted() {
    let certificate = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let pem = to_pem(certificate.cert.der());
    let key = Block::new("PRIVATE KEY", certificate.signing_key.serialize_der());
    let registry = DockerRegistry::start_with_tls(&pem, &key.encode());
    let image = format!("{}/team/app:1.0", registry.host);
    let notary = Sandbox::new();
    let authority = notary.write("registry.pem", &pem);
    let words = ["not trusted here", "`--registry-cacert FILE`", "/etc/docker/certs.d/127.0.0.1:"];
    let _ = notary.refuses(["add", "--image", &image], 5, &words);
    // That of Notary servers is another matter.
    let option = format!("--tlscacert={}", authority.display());
    let _ = notary.refuses([&option, "add", "--image", &image], 5, &["not trusted here"]);
    // There is no such image, but it is the registry that says so.
    let option = format!("--registry-cacert={}", authority.display());
    let _ = notary.refuses(["add", "--image", &image, &option], 4, &["does not have it"]);

    let docker = notary.work().join("docker");
    let place = docker.join("certs.d").join(&registry.host);
    std::fs::create_dir_all(&place).unwrap();
    std::fs::write(place.join("ca.crt"), &pem).unwrap();
    let mut notary = Sandbox::new();
    let home = docker.parent().unwrap().to_str().unwrap();
    notary.vars.insert("XDG_CONFIG_HOME".into(), home.to_owned());
    let _ = notary.refuses(["add", "--image", &image], 4, &["does not have it"]);
}

#[test]
fn registries_with_passwords_get_the_login_that_is_given() {
    let registry = DockerRegistry::start_for("alice", "wonderland");
    let pushed =
        registry.push_image("team/app", "1.0", DockerRegistry::OCI_MANIFEST, "linux/amd64");
    // That of the run is for its server and whatever else that host has.
    let mut notary = Sandbox::with_server("http://127.0.0.1:1");
    let image = format!("{}/team/app:1.0", registry.host);
    let add = ["add", "example.com/app", "1.0", "--image", &image];
    let words = ["asks for a login", "`docker login` or `notary login http://127.0.0.1:"];
    let _ = notary.refuses(add, 6, &words);
    let login = |text: &str| BASE64.encode(text.as_bytes());
    notary.vars.insert("NOTARY_AUTH".into(), login("alice:looking glass"));
    let outcome = notary.refuses(add, 6, &["alice", "`NOTARY_AUTH`"]);
    assert!(!outcome.report().contains("looking glass"));
    notary.vars.insert("NOTARY_AUTH".into(), login("alice:wonderland"));
    let outcome = notary.run(add);
    assert!(outcome.stderr.contains(&pushed.digest), "{}", outcome.report());
    outcome.success();
    // A name that is not there is a matter of its own.
    let absent = image.replace("1.0", "2.0");
    let _ =
        notary.refuses(["add", "a.example/b", "2", "--image", &absent], 4, &["does not have it"]);

    // It is not for other hosts.
    notary.options = vec!["-s".into(), "http://notary.invalid:1".into()];
    let _ = notary.refuses(add, 6, &["asks for a login"]);
}

#[test]
fn registries_get_the_login_that_docker_has_for_them() {
    let registry = DockerRegistry::start_for("alice", "wonderland");
    let pushed =
        registry.push_image("team/app", "1.0", DockerRegistry::OCI_MANIFEST, "linux/amd64");
    let mut notary = Sandbox::new();
    let login = BASE64.encode(b"alice:wonderland");
    let config = json!({ "auths": { registry.host.clone(): { "auth": login } } });
    notary.write("docker/config.json", config.to_string());
    let directory = notary.work().join("docker").to_str().unwrap().to_owned();
    notary.vars.insert("DOCKER_CONFIG".into(), directory);
    let image = format!("{}/team/app:1.0", registry.host);
    let staged = notary.run(["add", "--image", &image, "--json"]).json();
    assert_eq!(staged["digest"], pushed.digest);
}

#[test]
fn a_token_is_asked_for_one_repository_and_for_reading() {
    let tokens = HttpServer::start(|_| Response::ok(r#"{"token":"opaque"}"#));
    let realm = format!("{}/token", tokens.url);
    let registry = HttpServer::start_patient(move |request| {
        if request.header("authorization") == Some("Bearer opaque") {
            return oci(MANIFEST);
        }
        let challenge = format!(r#"Bearer realm="{realm}",service="registry""#);
        Response::status(401, "").header("WWW-Authenticate", challenge)
    });
    let notary = Sandbox::new();
    let image = format!("{}/team/app:1.0", host(&registry));
    // The login for Notary servers, which the token server is not to see, is not needed.
    let _ = notary.run(["add", "a.example/app", "1.0", "--image", &image, "-p"]);
    let asked = tokens.requests();
    assert_eq!(asked.len(), 1, "{asked:?}");
    let scope = "scope=repository%3Ateam%2Fapp%3Apull";
    assert!(asked[0].path.contains(scope), "{}", asked[0].path);
    assert!(asked[0].path.contains("service=registry"), "{}", asked[0].path);
    assert_eq!(asked[0].header("authorization"), None);
    assert_eq!(registry.brief(), ["GET 1.0", "GET 1.0"]);
    let status = notary.run(["status", "a.example/app", "--json"]).json();
    assert_eq!(status["changes"][0]["path"], "1.0");
}
