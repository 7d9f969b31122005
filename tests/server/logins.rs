//! Logins: users with passwords, and bearers of tokens.

use std::fs;

use data_encoding::BASE64;
use notary::tuf::x509::Certificate;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::wire;
use crate::support::{Issuer, OwnServer, Sandbox};

const FILE: &str = "/v2/example.com/app/_trust/tuf/root.json";

/// Sends a request; returns the status and the challenge, if there is one.
fn ask(server: &OwnServer, method: &str, path: &str, authorization: Option<&str>) -> (u16, String) {
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    if let Some(authorization) = authorization {
        request.push_str(&format!("Authorization: {authorization}\r\n"));
    }
    let answer = wire::send(server.address(), format!("{request}\r\n").as_bytes());
    let head = String::from_utf8(answer).unwrap();
    let status = head.split(' ').nth(1).unwrap_or_else(|| panic!("{head:?}")).parse().unwrap();
    let challenge = head.lines().find_map(|line| line.strip_prefix("www-authenticate: "));
    (status, challenge.unwrap_or_default().trim().to_owned())
}

fn start(settings: &Value, files: &[(&str, &str)]) -> (OwnServer, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(directory.path().join(name), content).unwrap();
    }
    let path = directory.path().join("config.json");
    fs::write(&path, settings.to_string()).unwrap();
    (OwnServer::with().arg("--config").arg(&path).start(), directory)
}

#[test]
fn users_with_passwords_may_do_everything_and_others_nothing() {
    let users = format!("# people\n\nalice:{}\n", bcrypt::hash("secret", 4).unwrap());
    let settings = json!({ "auth": { "type": "htpasswd", "options": { "path": "users" } } });
    let (server, _directory) = start(&settings, &[("users", &users)]);
    let login = |login: &str| format!("Basic {}", BASE64.encode(login.as_bytes()));
    let challenge = "Basic realm=\"notary\"";
    for refused in [
        None,
        Some(login("alice:Secret")),
        Some(login("alice:")),
        Some(login("bob:secret")),
        Some(login("alice")),
        Some("Basic !!!".to_owned()),
        Some("Bearer x".to_owned()),
    ] {
        for path in ["/v2/", FILE, "/v2/_trust/changefeed?records=1", "/nothing"] {
            let answer = ask(&server, "GET", path, refused.as_deref());
            assert_eq!(answer, (401, challenge.to_owned()), "{path} {refused:?}");
        }
    }
    // Twice, since a login that was right is remembered.
    for _ in 0..2 {
        assert_eq!(ask(&server, "GET", "/v2/", Some(&login("alice:secret"))).0, 200);
        assert_eq!(ask(&server, "GET", FILE, Some(&login("alice:secret"))).0, 404);
    }
    for open in ["/_notary_server/health", "/metrics"] {
        assert_eq!(ask(&server, "GET", open, None).0, 200, "{open}");
    }
}

/// The header with a token.
fn signed(issuer: &Issuer, header: &Value, claims: &Value) -> String {
    format!("Bearer {}", issuer.sign(header, claims))
}

fn claims(actions: &[&str]) -> Value {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    json!({
        "iss": "issuer", "aud": "notary", "nbf": now - 10, "exp": now + 600,
        "access": [{ "type": "repository", "name": "example.com/app", "actions": actions }],
    })
}

#[test]
fn bearers_of_tokens_may_do_what_the_tokens_say() {
    let (issuer, stranger) = (Issuer::new(), Issuer::new());
    let options = json!({
        "realm": "https://tokens.example/", "service": "notary", "issuer": "issuer",
        "rootcertbundle": "bundle.pem",
    });
    let settings = json!({ "auth": { "type": "token", "options": options } });
    let (server, _directory) = start(&settings, &[("bundle.pem", &issuer.pem)]);
    let header = issuer.x5c();
    let changed = |name: &str, value: Value| {
        let mut claims = claims(&["pull"]);
        claims[name] = value;
        claims
    };
    let challenge = |scope: &str, fault: &str| {
        format!(
            "Bearer realm=\"https://tokens.example/\",service=\"notary\",scope=\"{scope}\"{fault}"
        )
    };
    let pull = "repository:example.com/app:pull";
    assert_eq!(ask(&server, "GET", FILE, None), (401, challenge(pull, "")));
    assert_eq!(ask(&server, "GET", "/v2/", None), (401, challenge("registry:catalog:*", "")));

    // What is in the bundle may sign, and is found by the chain, by its name, or by trying.
    let key = Certificate::from_der(&issuer.certificate).unwrap().public_key().clone();
    let named = json!({ "typ": "JWT", "alg": "ES256", "kid": libtrust_id(key.bytes()) });
    let plain = json!({ "typ": "JWT", "alg": "ES256" });
    for header in [&header, &named, &plain] {
        let token = signed(&issuer, header, &claims(&["pull"]));
        assert_eq!(ask(&server, "GET", FILE, Some(&token)).0, 404, "{header}");
    }

    let invalid = challenge(pull, ",error=\"invalid_token\"");
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let good = signed(&issuer, &header, &claims(&["pull"]));
    let none = json!({ "typ": "JWT", "alg": "none" });
    let hmac = json!({ "typ": "JWT", "alg": "HS256" });
    let other = json!({ "typ": "JWT", "alg": "ES256", "kid": "AAAA:BBBB" });
    for (what, token) in [
        ("expired", signed(&issuer, &header, &changed("exp", json!(now - 120)))),
        ("not valid yet", signed(&issuer, &header, &changed("nbf", json!(now + 600)))),
        ("another issuer", signed(&issuer, &header, &changed("iss", json!("other")))),
        ("another service", signed(&issuer, &header, &changed("aud", json!("other")))),
        ("a stranger's chain", signed(&stranger, &stranger.x5c(), &claims(&["pull"]))),
        ("a stranger's signature", signed(&stranger, &header, &claims(&["pull"]))),
        ("another key", signed(&issuer, &other, &claims(&["pull"]))),
        ("no signature", signed(&issuer, &none, &claims(&["pull"]))),
        ("a shared secret", signed(&issuer, &hmac, &claims(&["pull"]))),
        ("changed", good.replace(".ey", ".eyJ")),
        ("nonsense", "Bearer nonsense".to_owned()),
    ] {
        assert_eq!(ask(&server, "GET", FILE, Some(&token)), (401, invalid.clone()), "{what}");
    }

    let (upload, key) =
        ("/v2/example.com/app/_trust/tuf/", "/v2/example.com/app/_trust/tuf/timestamp.key");
    for (method, path, needed, actions, status) in [
        ("POST", upload, "push,pull", &["push", "pull"][..], 400),
        ("DELETE", upload, "*", &["*"], 200),
        ("GET", key, "push,pull", &["pull", "push"], 200),
        ("POST", key, "*", &["*"], 200),
        ("GET", "/v2/example.com/app/_trust/changefeed?records=1", "pull", &["pull"], 200),
    ] {
        let scope = format!("repository:example.com/app:{needed}");
        let token = signed(&issuer, &header, &claims(actions));
        assert_eq!(ask(&server, method, path, Some(&token)).0, status, "{method} {path}");
        let all = signed(&issuer, &header, &claims(&["*"]));
        assert_eq!(ask(&server, method, path, Some(&all)).0, status, "{method} {path}");
        let less = signed(&issuer, &header, &claims(&["other"]));
        let expected = (401, challenge(&scope, ",error=\"insufficient_scope\""));
        assert_eq!(ask(&server, method, path, Some(&less)), expected, "{method} {path}");
    }
    // Of another collection.
    let token = signed(&issuer, &header, &claims(&["pull"]));
    let path = "/v2/example.com/other/_trust/tuf/root.json";
    assert_eq!(ask(&server, "GET", path, Some(&token)).0, 401);
}

/// The name of a key in Docker's libraries.
fn libtrust_id(spki: &[u8]) -> String {
    use aws_lc_rs::digest;
    let digest = digest::digest(&digest::SHA256, spki);
    let text = data_encoding::BASE32_NOPAD.encode(&digest.as_ref()[..30]);
    let groups: Vec<_> = text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    groups.join(":")
}

#[test]
fn files_for_logins_that_cannot_be_used_are_wrong_usage() {
    let tokens = json!({
        "realm": "https://x/", "service": "s", "issuer": "i", "rootcertbundle": "file",
    });
    for (kind, options, content, words) in [
        ("htpasswd", json!({ "path": "file" }), "alice:secret", "line 1 is not of the form"),
        ("htpasswd", json!({ "path": "file" }), "ok\n", "line 1 is not of the form"),
        ("htpasswd", json!({ "path": "missing" }), "", "there is no file"),
        ("token", tokens, "no certificate", "no certificate in it that can be used"),
    ] {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("file"), content).unwrap();
        let path = directory.path().join("config.json");
        let settings = json!({ "auth": { "type": kind, "options": options } });
        fs::write(&path, settings.to_string()).unwrap();
        let notary = Sandbox::new();
        let args = ["serve", "--listen", "127.0.0.1:0", "--config", path.to_str().unwrap()];
        let _ = notary.run(args).failure(2, &[words]);
    }
}
