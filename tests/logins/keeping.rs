//! `notary login` and `notary logout`, with GNOME's keyring as the secret store.

use std::fs;
use std::process::Stdio;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{PASSWORD, word};
use crate::support::{
    HttpServer, Outcome, OwnServer, Response, Rules, Sandbox, SecretService, TokenServer,
    snapshot_of,
};

const GUN: &str = "example.com/app";

/// A Notary server for `alice`.
fn server() -> (OwnServer, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let users = format!("alice:{}\n", bcrypt::hash(PASSWORD, 4).unwrap());
    fs::write(directory.path().join("users"), users).unwrap();
    let settings = json!({"auth": {"type": "htpasswd", "options": {"path": "users"}}});
    let path = directory.path().join("config.json");
    fs::write(&path, settings.to_string()).unwrap();
    (OwnServer::with().arg("--config").arg(&path).start(), directory)
}

/// Runs the program as its own process, which alone finds the secret store. Whatever it says or
/// writes must not have the password.
fn run(notary: &Sandbox, args: &[&str], input: &str) -> Outcome {
    let file = notary.write("../input", input);
    let mut command = notary.process(args);
    command.stdin(fs::File::open(file).unwrap()).stdout(Stdio::piped());
    let outcome = Outcome::of(&mut command);
    assert!(!outcome.report().contains(PASSWORD), "{}", outcome.report());
    for (path, content) in snapshot_of(&notary.trust_dir()) {
        assert!(!String::from_utf8_lossy(&content).contains(PASSWORD), "{path:?}");
    }
    outcome
}

/// What the store has for a server.
fn lookup(service: &SecretService, server: &str) -> Option<String> {
    service.tool(&["lookup", "service", "notary login", "username", server], "")
}

const OPTIONS: [&str; 3] = ["--username", "alice", "--password-stdin"];

#[test]
fn a_login_is_kept_until_it_is_forgotten() {
    let ((server, _directory), service) = (server(), SecretService::start());
    let mut notary = Sandbox::with_server(&server.url);
    service.offer(&mut notary);
    let url = server.url.as_str();

    // What the server refuses is not kept.
    let login = [&["login"][..], &OPTIONS].concat();
    let words = ["the server refuses the login of `alice` from the command line (status 401)"];
    let _ = run(&notary, &login, "wrong").failure(6, &words);
    assert_eq!(lookup(&service, url), None);
    assert!(!notary.trust_dir().join("logins.json").exists());
    let logout = format!("no login to {url} is kept");
    let _ = run(&notary, &["logout"], "").failure(4, &[&logout]);

    let said = run(&notary, &login, &format!("{PASSWORD}\n")).success();
    assert_eq!(said, format!("Logged in to {url} as alice\n"));
    let kept: Value = serde_json::from_str(&lookup(&service, url).unwrap()).unwrap();
    assert_eq!(kept, json!({"Username": "alice", "Secret": PASSWORD}));

    let _ = run(&notary, &["--debug", "init", "-p", GUN], "").success();
    let listed = run(&notary, &["login", "--list"], "").success();
    assert!(listed.contains("SERVER") && listed.contains(&format!("{url}    alice\n")), "{listed}");
    let listed = run(&notary, &["login", "--list", "--json"], "").json();
    assert_eq!(listed, json!({"logins": [{"server": url, "user": "alice"}]}));

    // Something else in the store is told, and so is nothing.
    let attributes = ["service", "notary login", "username", url];
    assert!(service.tool(&[&["store", "--label", "x"][..], &attributes].concat(), "x").is_some());
    let words = ["warning: what the secret store has for http://127.0.0.1:", "asks for a login"];
    let _ = run(&notary, &["list", GUN], "").failure(6, &words);
    assert!(service.tool(&[&["clear"][..], &attributes].concat(), "").is_some());
    let words = ["warning: the secret store has no login for http://127.0.0.1:"];
    let _ = run(&notary, &["list", GUN], "").failure(6, &words);

    let said = run(&notary, &login, PASSWORD).success();
    assert_eq!(said, format!("Logged in to {url} as alice\n"));
    let said = run(&notary, &["logout", url], "").success();
    assert_eq!(said, format!("Forgot the login to {url}\n"));
    assert_eq!(lookup(&service, url), None);
    assert!(!notary.trust_dir().join("logins.json").exists());
    let outcome = run(&notary, &["list", GUN], "").failure(6, &["asks for a login"]);
    assert!(!outcome.stderr.contains("warning"), "{}", outcome.stderr);
    let outcome = run(&notary, &["login", "--list"], "");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""));
}

#[test]
fn the_token_server_is_asked_where_there_is_one() {
    let service = SecretService::start();
    let tokens = Arc::new(TokenServer::start(Rules {
        users: [("alice", (PASSWORD, &["pull", "push"][..]))].into(),
        ..Rules::default()
    }));
    let challenge = tokens.challenge();
    // Like Notary servers, it lets nobody see `/v2/` who may not see all collections.
    let server = HttpServer::start(move |_| {
        Response::status(401, "").header("WWW-Authenticate", challenge.clone())
    });
    let mut notary = Sandbox::new();
    service.offer(&mut notary);
    let address = format!("{}/below", server.url);
    let login = [&["login", &address][..], &OPTIONS].concat();
    let words = ["the token server refuses the login of `alice` from the command line", "who are"];
    let _ = run(&notary, &login, "wrong").failure(6, &words);
    assert_eq!(lookup(&service, &server.url), None);
    let said = run(&notary, &[&login[..], &["--json"]].concat(), PASSWORD).json();
    assert_eq!(said, json!({"server": server.url, "user": "alice"}));
    assert!(lookup(&service, &server.url).is_some());
    // No scope is asked for, and only for the user.
    let asked = tokens.asked();
    assert_eq!(asked, [1, 2].map(|_| (Some("alice".to_owned()), String::new())));
    assert!(server.requests().iter().all(|request| request.path == "/below/v2/"));
}

#[test]
fn without_a_secret_store_nothing_is_asked_or_kept() {
    let (server, _directory) = server();
    let mut notary = Sandbox::with_server(&server.url);
    let nowhere = format!("unix:path={}", notary.work().join("no-bus").display());
    notary.vars.insert("DBUS_SESSION_BUS_ADDRESS".into(), nowhere);
    let reason = "the secret store of this system cannot be used: ";
    let words = [reason, "hint: `docker login`", "set `NOTARY_AUTH`"];
    let login = [&["login"][..], &OPTIONS].concat();
    let _ = run(&notary, &login, PASSWORD).failure(7, &words);
    let _ = run(&notary, &["logout"], "").failure(7, &words);

    // As if it had been kept when there was one. Docker has another.
    let list = json!({"logins": {&server.url: {"user": "alice"}}}).to_string();
    fs::create_dir_all(notary.trust_dir()).unwrap();
    fs::write(notary.trust_dir().join("logins.json"), list).unwrap();
    let host = server.url.strip_prefix("http://").unwrap();
    let auth = word(&format!("alice:{PASSWORD}"));
    let config = json!({"auths": {host: {"auth": auth}}}).to_string();
    notary.write("docker/config.json", config);
    notary.vars.insert("DOCKER_CONFIG".into(), "docker".into());
    let outcome = run(&notary, &["init", "-p", GUN], "");
    let warning = format!("warning: {reason}");
    assert_eq!(outcome.stderr.matches(&warning).count(), 1, "{}", outcome.stderr);
    let _ = outcome.success();
}

#[test]
fn only_what_can_be_a_login_is_asked_for() {
    let open = HttpServer::start(|_| Response::ok("{}"));
    let service = SecretService::start();
    let mut notary = Sandbox::new();
    service.offer(&mut notary);
    let refuses = |args: &[&str], code: u8, words: &str| {
        let args = [&["login"][..], args, &OPTIONS].concat();
        let _ = run(&notary, &args, PASSWORD).failure(code, &[words]);
    };
    refuses(&[&open.url], 1, "asks nobody for a login; nothing was kept");
    assert_eq!(lookup(&service, &open.url), None);
    refuses(&[], 2, "no server is configured");
    refuses(&["file:///tmp"], 2, "a directory asks nobody for a login");
    refuses(&["https://a:b@x.example"], 2, "there is a login in the address");
    refuses(&["x.example?y"], 2, "is not of the form");
    refuses(&[&open.url, "--offline"], 2, "only the server knows");
    refuses(&["http://127.0.0.1:1"], 5, "cannot be reached");
    // Without a terminal, there is nobody to ask.
    let _ = run(&notary, &["login", &open.url], "")
        .failure(6, &["there is no terminal", "--password-stdin"]);
    let _ = run(&notary, &["login", "--list", &open.url], "").failure(2, &["cannot be used with"]);
}

#[test]
fn what_will_not_be_used_is_told() {
    let ((server, _directory), service) = (server(), SecretService::start());
    let mut notary = Sandbox::new();
    service.offer(&mut notary);
    let config = json!({"remotes": {"a.example": {"url": server.url, "auth": "docker"}}});
    let path = notary.write("config.json", config.to_string());
    notary.options = vec!["-c".into(), path.to_str().unwrap().into()];
    let outcome = run(&notary, &[&["login", &server.url][..], &OPTIONS].concat(), PASSWORD);
    let warning = format!("warning: `auth` of {} is `docker`", server.url);
    assert!(outcome.stderr.starts_with(&warning), "{}", outcome.report());
    let _ = outcome.success();
}
