//! Runs of the program with Docker's configuration and a credential helper in `PATH`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use super::PASSWORD;
use crate::support::{HttpServer, Published, Response, Sandbox, basic};

const GOLDEN: &str = "golden.example/published";

/// The golden collection for `alice`.
fn server() -> HttpServer {
    let published = Published::golden("02-published", GOLDEN);
    HttpServer::start(move |request| {
        match basic(request) == Some(("alice".to_owned(), PASSWORD.to_owned())) {
            true => published.answer(request),
            false => Response::status(401, "").header("WWW-Authenticate", "Basic realm=\"x\""),
        }
    })
}

/// A reader whose Docker has a helper that goes on as the script says.
fn reader(server: &HttpServer, script: &str) -> Sandbox {
    let mut notary = Sandbox::with_server(&server.url).at_golden_time();
    let config = json!({"credsStore": "test"}).to_string();
    notary.write("docker/config.json", config);
    let work = notary.work();
    let script = format!(
        "#!/bin/sh\nread -r server\necho \"$server\" >> {0}/calls\nenv >> {0}/environment\n{script}\n",
        work.display()
    );
    let helper = notary.write("bin/docker-credential-test", script);
    fs::set_permissions(helper, fs::Permissions::from_mode(0o755)).unwrap();
    notary.vars.insert("DOCKER_CONFIG".into(), "docker".into());
    notary.vars.insert("PATH".into(), format!("{}/bin:/usr/bin:/bin", work.display()));
    notary
}

fn told() -> String {
    format!(r#"echo '{{"Username":"alice","Secret":"{PASSWORD}"}}'"#)
}

#[test]
fn the_helper_is_asked_once_in_a_run() {
    let server = server();
    let notary = reader(&server, &told());
    let outcome = notary.run(["--debug", "list", GOLDEN]);
    assert!(!outcome.report().contains(PASSWORD), "{}", outcome.report());
    let _ = outcome.success();
    assert!(server.requests().len() > 3);
    let host = server.url.strip_prefix("http://").unwrap();
    assert_eq!(fs::read_to_string(notary.work().join("calls")).unwrap(), format!("{host}\n"));
}

#[test]
fn the_helper_gets_none_of_our_secrets() {
    let server = server();
    let mut notary = reader(&server, &told());
    // It is not used, since it is malformed, but it is a secret nevertheless.
    notary.vars.insert("NOTARY_AUTH".into(), "malformed-but-secret".into());
    notary.vars.insert("OTHER".into(), "anything".into());
    // The golden metadata may be out of date by now; how far it comes does not matter.
    let outcome = notary.run_process(["--debug", "list", GOLDEN]);
    assert!(
        outcome.stderr.contains("the login in `NOTARY_AUTH` is not used"),
        "{}",
        outcome.stderr
    );
    for said in [&outcome.stdout, &outcome.stderr] {
        assert!(!said.contains(PASSWORD) && !said.contains("but-secret"), "{said}");
    }
    let environment = fs::read_to_string(notary.work().join("environment")).unwrap();
    assert!(environment.contains("OTHER=anything"), "{environment}");
    assert!(!environment.contains("NOTARY_"), "{environment}");
}

#[test]
fn a_helper_that_fails_is_named() {
    let server = server();
    let words = [
        "`docker-credential-test` cannot tell the login for 127.0.0.1:",
        "it failed with exit status 1: the keychain is locked",
        "hint: `--username NAME` asks for the password instead",
    ];
    let notary = reader(&server, "echo the keychain is locked; exit 1");
    let _ = notary.refuses(["list", GOLDEN], 6, &words);
    // Whoever says who he is does not need it.
    let args = ["--username", "alice", "--password-stdin", "list", GOLDEN];
    let _ = notary.run_with_input(args, PASSWORD.as_bytes()).success();

    let nothing = "echo credentials not found in native keychain; exit 1";
    let words = ["the server asks for a login (status 401)", "notary login", "`NOTARY_AUTH`"];
    let _ = reader(&server, nothing).refuses(["list", GOLDEN], 6, &words);
}

#[test]
fn what_is_wrong_with_the_file_is_a_warning() {
    let server = server();
    let notary = reader(&server, &told());
    let file = notary.write("docker/config.json", "{");
    let warning = format!("warning: no logins are taken from `{}`: line 1", file.display());
    let outcome = notary.refuses(["list", GOLDEN], 6, &[&warning]);
    assert_eq!(outcome.stderr.matches("warning: ").count(), 1, "{}", outcome.stderr);
}

#[test]
fn the_configuration_chooses() {
    let server = server();
    let mut notary = reader(&server, &told());
    let mut run = |auth: &str| {
        let config = json!({"remote_server": {"url": server.url, "auth": auth}}).to_string();
        let path = notary.write("config.json", config);
        notary.options = vec!["-c".into(), path.to_str().unwrap().into()];
        notary.run(["list", GOLDEN])
    };
    for auth in ["all", "docker", "test"] {
        let _ = run(auth).success();
    }
    let _ = run("none").failure(6, &["the server asks for a login"]);
    let _ = run("missing").failure(6, &["`docker-credential-missing`", "there is no such program"]);
    let words = ["`auth` in ", "must be `all`, `docker`, `keyring`, `none`, or NAME"];
    let _ = run("../x").failure(2, &words[1..]);
}

#[test]
fn what_the_helper_says_is_harmless_in_messages_about_the_work() {
    let server = server();
    let notary = reader(&server, r"printf '\033]0;x\007\342\200\256no way'; exit 1");
    let outcome = notary.run_process(["--verbose", "list", GOLDEN]);
    let report = outcome.report();
    assert!(report.contains("INFO no login is at hand"), "{report}");
    assert!(report.contains(r"\x1b]0;x\x07\u{202e}no way"), "{report}");
    assert!(!outcome.stderr.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{report}");
}
