//! No secret is ever shown, however much is asked for.

use std::sync::Arc;

use data_encoding::BASE64;

use super::{GUN, user};
use crate::support::{NotaryServer, OwnServer, Rules, TokenServer};
use crate::tls::certificates::{Authority, Validity};

const LOGINS: [&str; 3] = ["alice:wonderland", "alice:wrong-word", "admin:looking-glass"];

/// Everything that must not be seen.
fn secrets(tokens: &TokenServer) -> Vec<String> {
    let mut secrets: Vec<String> = tokens.given().into_iter().collect();
    for login in LOGINS {
        secrets.push(BASE64.encode(login.as_bytes()));
        secrets.push(login.split_once(':').unwrap().1.to_owned());
    }
    secrets
}

fn check(url: &str, more: &[&str], tokens: &TokenServer, expected: &[&str]) {
    let mut said = String::new();
    let mut file = None;
    for login in LOGINS {
        let mut notary = user(url, login);
        notary.options.extend(more.iter().map(|&option| option.to_owned()));
        let path = notary.write("file", "content");
        file.get_or_insert(path.clone());
        for args in [
            &["--debug", "init", GUN, "-p"][..],
            &["--debug", "list", GUN],
            &["--debug", "add", GUN, "v1", path.to_str().unwrap(), "-p"],
            &["--debug", "delete", GUN, "--remote", "--yes"],
        ] {
            let outcome = notary.run_process(args);
            said.extend([outcome.stdout, outcome.stderr, outcome.terminal]);
        }
    }
    for secret in secrets(tokens) {
        assert!(!said.contains(&secret), "{secret:?} is in\n{said}");
    }
    for words in expected {
        assert!(said.contains(words), "{words:?} is missing\n{said}");
    }
}

#[test]
fn tokens_and_passwords_are_not_shown() {
    let tokens = TokenServer::start(Rules::default());
    let server = NotaryServer::start_with_auth(|directory| tokens.settings(directory));
    let realm = format!("realm={}", tokens.realm());
    let expected = [
        realm.as_str(),
        "service=\"notary test\"",
        "scope=repository:registry.example:5000/ns/app:push,pull",
        "scope=repository:registry.example:5000/ns/app:*",
        "login=the login of `alice` from `NOTARY_AUTH`",
        "granted=\"pull,push\"",
    ];
    check(&server.url, &[], &tokens, &expected);
    assert!(tokens.given().len() >= 6);
}

#[test]
fn nor_over_http_2_with_tls() {
    let authority = Authority::new("CA");
    let directory = tempfile::tempdir().unwrap();
    let ca = authority.write(directory.path(), "ca");
    let issued = authority.issue(&["127.0.0.1"], Validity::Now).write(directory.path(), "server");
    let tokens = Arc::new(TokenServer::start(Rules::default()));
    let tls = ["--tlscacert", ca.to_str().unwrap()];
    let users: String = ["alice:wonderland", "admin:looking-glass"]
        .iter()
        .map(|login| login.split_once(':').unwrap())
        .map(|(user, password)| format!("{user}:{}\n", bcrypt::hash(password, 4).unwrap()))
        .collect();
    std::fs::write(directory.path().join("users"), users).unwrap();
    let passwords = serde_json::json!({ "type": "htpasswd", "options": { "path": "users" } });
    for auth in [tokens.settings(directory.path()), passwords] {
        let path = directory.path().join("config.json");
        std::fs::write(&path, serde_json::json!({ "auth": auth }).to_string()).unwrap();
        let server = OwnServer::with()
            .arg("--config")
            .arg(&path)
            .arg("--tls-cert")
            .arg(&issued.certificate)
            .arg("--tls-key")
            .arg(&issued.key)
            .start();
        check(&server.url, &tls, &tokens, &["status=401", "status=200"]);
    }
}
