//! The settings of a server.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use notary::config::Surroundings;
use notary::config::serve::{AuthSettings, Backend, ServerOverrides, ServerSettings, TlsFiles};
use notary::keys::{self, PrivateKey};
use notary::server::Algorithm;
use notary::tuf::pem::Block;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tracing::level_filters::LevelFilter;

use super::wire::{connect, get, rest};
use crate::support::{Authority, Contents, OwnServer, Sandbox};

/// What these settings amount to, or why they are none.
fn load(file: &Value, vars: &[(&str, &str)]) -> Result<ServerSettings, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("config.json");
    std::fs::write(&path, file.to_string()).unwrap();
    let vars: BTreeMap<_, _> =
        vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned().into())).collect();
    let around = Surroundings { cwd: "/work".into(), home: None, vars };
    let overrides = ServerOverrides { config_file: Some(path), ..ServerOverrides::default() };
    ServerSettings::load(&overrides, &around, Path::new("/default"))
        .map_err(|error| error.to_string().replace(&format!("{}/", directory.path().display()), ""))
}

#[test]
fn without_settings_a_server_is_for_this_machine_only() {
    let settings = load(&json!({}), &[]).unwrap();
    assert_eq!(settings.listen, "127.0.0.1:4443");
    assert_eq!(settings.backend, Backend::Directory("/default".into()));
    assert_eq!(settings.tls, None);
    assert_eq!(settings.algorithm, Algorithm::Ecdsa);
    assert_eq!(settings.keep, 10);
    assert_eq!(settings.auth, AuthSettings::Nobody);
    assert_eq!(settings.behaviour.caching.current, Duration::from_secs(300));
    assert_eq!(settings.behaviour.caching.consistent, Duration::from_secs(2_592_000));
    assert_eq!(settings.behaviour.gun_prefixes, [""; 0]);
    assert_eq!(settings.log, None);
    assert_eq!(settings.warnings, [""; 0]);
    assert!(settings.passphrase.is_none());
}

#[test]
fn a_file_for_gos_server_is_understood() {
    let settings = load(
        &json!({
            "server": {
                "http_addr": ":4443",
                "tls_cert_file": "server.crt",
                "tls_key_file": "/keys/server.key",
                "client_ca_file": "clients.crt",
            },
            "trust_service": { "type": "local", "hostname": "", "port": "", "key_algorithm": "ed25519" },
            "storage": { "backend": "memory" },
            "caching": { "max_age": { "current_metadata": 0, "consistent_metadata": "31536000" } },
            "repositories": { "gun_prefixes": ["docker.io/", "example.com/team/"] },
            "logging": { "level": "debug" },
        }),
        &[],
    );
    let settings = settings.unwrap();
    assert_eq!(settings.listen, "0.0.0.0:4443");
    assert_eq!(settings.backend, Backend::Memory);
    assert!(settings.warnings[0].contains("lost when the server ends"));
    let tls: TlsFiles = settings.tls.unwrap();
    assert!(tls.certificate.is_absolute() && tls.certificate.ends_with("server.crt"));
    assert_eq!(tls.key, Path::new("/keys/server.key"));
    assert!(tls.client_ca.unwrap().ends_with("clients.crt"));
    assert_eq!(settings.algorithm, Algorithm::Ed25519);
    assert_eq!(settings.behaviour.caching.current, Duration::ZERO);
    assert_eq!(settings.behaviour.caching.consistent, Duration::from_secs(31_536_000));
    assert_eq!(settings.behaviour.gun_prefixes, ["docker.io/", "example.com/team/"]);
    assert_eq!(settings.log, Some(LevelFilter::DEBUG));
}

#[test]
fn what_this_server_does_not_have_is_refused_and_never_passed_over() {
    for (file, words) in [
        (json!({"auth": {"type": "tokn"}}), "`auth.type` in `config.json` must be"),
        (json!({"auth": {}}), "`auth.type` in `config.json` must be"),
        (json!({"auth": {"type": "token"}}), "`auth.options.realm`"),
        (json!({"auth": {"type": "htpasswd"}}), "`auth.options.path`"),
        (json!({"trust_service": {"type": "remote"}}), "there is no separate signer"),
        (json!({"trust_service": {"type": "x"}}), "`trust_service.type`"),
        (json!({"trust_service": {"key_algorithm": "rsa"}}), "`ecdsa` or `ed25519`"),
        (json!({"storage": {"backend": "mysql"}}), "`storage.backend`"),
        (json!({"storage": {"backend": "postgres", "db_url": "x"}}), "`storage.backend`"),
        (json!({"storage": {"backend": "rethinkdb"}}), "`storage.backend`"),
        (json!({"storage": {"keep_versions": 0}}), "`storage.keep_versions`"),
        (json!({"storage": "sqlite"}), "`storage` in `config.json` must be an object"),
        (json!({"server": {"tls_cert_file": "x"}}), "needs its key"),
        (json!({"server": {"tls_key_file": "x"}}), "needs its key"),
        (json!({"server": {"client_ca_file": "x"}}), "needs its key"),
        (json!({"server": {"http_addr": 4443}}), "`server.http_addr`"),
        (json!({"caching": {"max_age": {"current_metadata": -1}}}), "current_metadata`"),
        (
            json!({"caching": {"max_age": {"consistent_metadata": 31_536_001}}}),
            "consistent_metadata`",
        ),
        (json!({"caching": {"max_age": {"current_metadata": "soon"}}}), "current_metadata`"),
        (json!({"limits": {"upload_bytes": 1}}), "`limits.upload_bytes`"),
        (json!({"limits": {"idle_seconds": 0}}), "`limits.idle_seconds`"),
        (json!({"repositories": {"gun_prefixes": "docker.io/"}}), "`repositories.gun_prefixes`"),
        (json!({"repositories": {"gun_prefixes": ["docker.io"]}}), "`repositories.gun_prefixes`"),
        (json!({"repositories": {"gun_prefixes": ["/docker.io/"]}}), "`repositories.gun_prefixes`"),
        (json!({"repositories": {"gun_prefixes": ["../x/"]}}), "`repositories.gun_prefixes`"),
        (json!({"repositories": {"gun_prefixes": [1]}}), "`repositories.gun_prefixes`"),
        (json!({"logging": {"level": "loud"}}), "`logging.level`"),
    ] {
        match load(&file, &[]) {
            Err(said) => assert!(said.contains(words), "{file}: {said}"),
            Ok(settings) => panic!("{file}: {settings:?}"),
        }
    }
}

#[test]
fn variables_are_above_the_file() {
    let file = json!({
        "server": { "http_addr": "127.0.0.1:1" },
        "repositories": { "gun_prefixes": ["a/"] },
        "caching": { "max_age": { "current_metadata": 1 } },
    });
    let vars = [
        ("NOTARY_SERVER_SERVER_HTTP_ADDR", "127.0.0.1:2"),
        ("NOTARY_SERVER_STORAGE_BACKEND", "memory"),
        ("NOTARY_SERVER_REPOSITORIES_GUN_PREFIXES", "b/ c/d/"),
        ("NOTARY_SERVER_CACHING_MAX_AGE_CURRENT_METADATA", "2"),
        ("NOTARY_SERVER_TRUST_SERVICE_KEY_ALGORITHM", "ed25519"),
        ("NOTARY_SERVER_KEY_PASSPHRASE", "secret"),
    ];
    let settings = load(&file, &vars).unwrap();
    assert_eq!(settings.listen, "127.0.0.1:2");
    assert_eq!(settings.backend, Backend::Memory);
    assert_eq!(settings.behaviour.gun_prefixes, ["b/", "c/d/"]);
    assert_eq!(settings.behaviour.caching.current, Duration::from_secs(2));
    assert_eq!(settings.algorithm, Algorithm::Ed25519);
    assert_eq!(&*settings.passphrase.unwrap(), "secret");
    for (name, value) in [
        ("NOTARY_SERVER_AUTH_TYPE", "x"),
        ("NOTARY_SERVER_STORAGE_BACKEND", "mysql"),
        ("NOTARY_SERVER_REPOSITORIES_GUN_PREFIXES", "b"),
        ("NOTARY_SERVER_CACHING_MAX_AGE_CURRENT_METADATA", "x"),
        ("NOTARY_SERVER_TRUST_SERVICE_TYPE", "remote"),
        ("NOTARY_SERVER_KEY_PASSPHRASE_FILE", "/nowhere"),
    ] {
        assert!(load(&json!({}), &[(name, value)]).is_err(), "{name}");
    }
}

/// Runs `serve` in a way in which it must end by itself.
#[track_caller]
fn refused(notary: &Sandbox, args: &[&str], code: i32, words: &[&str]) {
    let output = notary.process(std::iter::once("serve").chain(args.iter().copied())).output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    assert!(output.stdout.is_empty(), "{args:?}");
    for word in words {
        assert!(said.contains(word), "{args:?}: {said}");
    }
}

#[test]
fn a_server_that_cannot_start_says_why() {
    let notary = Sandbox::new();
    let path = |name: &str| notary.write(name, "no PEM").to_str().unwrap().to_owned();
    let (certificate, key) = (path("server.crt"), path("server.key"));
    let other = OwnServer::start();
    refused(&notary, &["--listen", other.address()], 5, &["cannot listen on", "in use"]);
    refused(&notary, &["--listen", "nonsense"], 2, &["`nonsense` is no address"]);
    refused(&notary, &["--tls-cert", &certificate], 2, &["needs its key"]);
    refused(
        &notary,
        &["--tls-cert", &certificate, "--tls-key", "missing.key"],
        2,
        &["there is no file", "missing.key"],
    );
    refused(
        &notary,
        &["--tls-cert", &certificate, "--tls-key", &key],
        2,
        &["the server certificate cannot be used"],
    );
    refused(&notary, &["--config", "missing.json"], 2, &["missing.json"]);
    refused(&notary, &["--keep-versions", "0"], 2, &["keep-versions"]);
    let config = json!({"server": {"tls_cert_file": "server.crt", "tls_key_file": "server.key"}});
    notary.write("config.json", config.to_string());
    let args = ["--config", "config.json", "--tls-self-signed"];
    refused(&notary, &args, 2, &["leave out `--tls-self-signed`"]);
    let data = notary.write("data/notary.db", "this is no database".repeat(100));
    let args = ["--data", "data", "--listen", "127.0.0.1:0"];
    refused(&notary, &args, 1, &["not a database", data.to_str().unwrap()]);
}

#[test]
fn a_certificate_for_development_is_one_that_clients_are_told_to_trust() {
    let server = OwnServer::start_with(&["--tls-self-signed"]);
    assert!(server.url.starts_with("https://127.0.0.1:"), "{}", server.url);
    let authority = server.data().join("ca.crt");
    server.expect_stderr(&format!("--tlscacert {}", authority.display()));
    let notary = Sandbox::with_server(&server.url);
    let stranger = Sandbox::with_server(&server.url);
    let trusting = ["--tlscacert", authority.to_str().unwrap()];
    let line = |words: &[&'static str]| [&trusting[..], words].concat();
    let _ = notary.run(line(&["init", "a/b", "-p"])).success();
    let _ = notary.run(line(&["list", "a/b"])).success();
    let _ = stranger.run(["list", "a/b"]).failure(5, &[]);
}

#[test]
fn only_clients_of_the_right_authority_are_served() {
    let now = OffsetDateTime::now_utc();
    let (from, to) = (now - time::Duration::days(1), now + time::Duration::days(1));
    let contents = Contents { name: "authority", from, to, is_ca: true };
    let (servers, clients) = (Authority::valid_as(contents), Authority::valid_as(contents));
    let notary = Sandbox::new();
    let issue = |authority: &Authority, name: &str| {
        let key = PrivateKey::generate_ecdsa_p256();
        let leaf = Contents { name: "127.0.0.1", from, to, is_ca: false };
        let certificate = notary.write(&format!("{name}.crt"), authority.certify(&key, leaf));
        let key = keys::to_raw(&key);
        let pem = Block::new("EC PRIVATE KEY", key.to_vec()).encode();
        let key = notary.write(&format!("{name}.key"), pem.as_bytes());
        [certificate, key].map(|path| path.to_str().unwrap().to_owned())
    };
    let [certificate, key] = issue(&servers, "server");
    let authority = notary.write("clients.crt", &clients.pem);
    let server = OwnServer::start_with(&[
        "--tls-cert",
        &certificate,
        "--tls-key",
        &key,
        "--client-ca",
        authority.to_str().unwrap(),
    ]);
    // Certificates of this kit name nobody, so who the server is plays no part here.
    let config = json!({"remote_server": {"url": server.url, "skipTLSVerify": true}});
    let config = notary.write("config.json", config.to_string());
    let list = |certificate: Option<[String; 2]>| {
        let mut line = vec!["-c".to_owned(), config.to_str().unwrap().to_owned()];
        if let Some([certificate, key]) = certificate {
            line.extend(["--tlscert".into(), certificate, "--tlskey".into(), key]);
        }
        line.extend(["list".into(), "a/b".into()]);
        notary.run(line)
    };
    let _ = list(Some(issue(&clients, "friend"))).failure(4, &["does not have"]);
    let _ = list(Some(issue(&servers, "stranger"))).failure(5, &[]);
    let _ = list(None).failure(5, &[]);
}

#[test]
fn go_style_settings_start_a_server() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("config.json");
    let settings = json!({
        "server": { "http_addr": "127.0.0.1:0" },
        "trust_service": { "type": "local" },
        "storage": { "backend": "memory" },
        "logging": { "level": "error" },
        "limits": { "idle_seconds": 1 },
    });
    std::fs::write(&config, settings.to_string()).unwrap();
    let server = OwnServer::with().bare().arg("--config").arg(&config).start();
    assert!(server.greeting.starts_with("Serving memory on http://"), "{}", server.greeting);
    server.expect_stderr("lost when the server ends");
    assert_eq!(get(server.address(), "/v2/").status, 200);
    // The connection is given up after a second.
    assert_eq!(rest(connect(server.address())), b"");
}

#[test]
fn a_passphrase_from_a_file_protects_the_keys_of_the_server() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("passphrase");
    std::fs::write(&file, "secret\n").unwrap();
    let with = |name: &str, value: &str| {
        OwnServer::with().data(&directory.path().join("data")).var(name, value).start()
    };
    let mut server = with("NOTARY_SERVER_KEY_PASSPHRASE_FILE", file.to_str().unwrap());
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", "a/b", "-p"]).success();
    server.terminate();
    server.wait();
    assert!(!server.stderr().contains("not encrypted"), "{}", server.stderr());
    let server = with("NOTARY_SERVER_KEY_PASSPHRASE", "secret");
    let mut again = notary;
    again.options = vec!["-s".into(), server.url.clone()];
    let content = again.write("file", "content");
    let _ = again.run(["add", "a/b", "v1", content.to_str().unwrap(), "-p"]).success();
    drop(server);

    let server = OwnServer::with().data(&directory.path().join("data")).start();
    server.expect_stderr("not encrypted");
    again.options = vec!["-s".into(), server.url.clone()];
    let _ = again.run(["list", "a/b"]).success();
    let _ = again.run(["add", "a/b", "v2", content.to_str().unwrap(), "-p"]).failure(5, &["500"]);
    server.expect_stderr("cannot be opened");
}
