//! Logins that are typed: the name is seen, the password is not, and both are wanted once.

use std::fs;

use serde_json::json;

use super::{GUN, Terminal};
use crate::support::{DockerRegistry, HttpServer, OwnServer, Response, Sandbox, SecretService};

const PASSWORD: &str = "correct-horse-battery";

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

#[test]
fn a_login_is_asked_for_once_in_a_run() {
    let (server, _directory) = server();
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", "content\n");
    let question = format!("{} asks for a login.\nEnter username: ", server.url);
    for args in [&["init", "-p", GUN][..], &["add", "-p", GUN, "file", "file"], &["list", GUN]] {
        let mut terminal = Terminal::start(&notary, args);
        terminal.expect(&question).line(" alice ");
        terminal.expect(" alice \n");
        terminal.answer("Enter password: ", PASSWORD);
        let ending = terminal.finish();
        assert!(ending.code == 0 && ending.echo, "{}", ending.shown);
        assert_eq!(ending.shown.matches("Enter ").count(), 2, "{}", ending.shown);
        assert!(!ending.shown.contains(PASSWORD), "{}", ending.shown);
    }

    // With a name there is only one question, and only what is asked for at the terminal counts.
    let mut terminal = Terminal::start(&notary, &["--username", "alice", "list", GUN]);
    terminal.expect(&format!("{} asks for the password of alice.\n", server.url));
    terminal.answer("Enter password: ", PASSWORD);
    assert_eq!(terminal.finish().code, 0);

    // An empty name is nobody, and a wrong password is the end.
    let mut terminal = Terminal::start(&notary, &["list", GUN]);
    terminal.expect(&question).line("");
    let ending = terminal.finish();
    assert!(ending.code == 6 && !ending.shown.contains("password: "), "{}", ending.shown);
    let mut terminal = Terminal::start(&notary, &["list", GUN]);
    terminal.expect(&question).line("alice");
    terminal.answer("Enter password: ", "wrong-password");
    let ending = terminal.finish();
    let words = "the server refuses the login of `alice` from the terminal (status 401)";
    assert!(ending.code == 6 && ending.shown.contains(words), "{}", ending.shown);
    assert!(!ending.shown.contains("wrong-password"), "{}", ending.shown);
}

#[test]
fn questions_can_be_interrupted() {
    let (server, _directory) = server();
    let notary = Sandbox::with_server(&server.url);
    for key in ['c', 'd'] {
        let mut terminal = Terminal::start(&notary, &["list", GUN]);
        terminal.expect("Enter username: ").control(key);
        let ending = terminal.finish();
        assert!(ending.code == 130 && ending.echo, "{}", ending.shown);

        let mut terminal = Terminal::start(&notary, &["list", GUN]);
        terminal.expect("Enter username: ").line("alice");
        terminal.expect("Enter password: ").control(key);
        let ending = terminal.finish();
        assert!(ending.code == 130 && ending.echo, "{}", ending.shown);
    }
}

#[test]
fn nothing_is_staged_when_a_question_is_interrupted() {
    let (server, _directory) = server();
    let notary = Sandbox::with_server(&server.url);
    let registry = HttpServer::start_patient(|_| {
        let manifest = r#"{"schemaVersion":2,"config":{},"layers":[]}"#;
        Response::ok(manifest).header("Content-Type", DockerRegistry::OCI_MANIFEST)
    });
    let image = format!("{}/app:1.0", registry.url.strip_prefix("http://").unwrap());
    for args in [&["add", GUN, "1.0", "--image", &image][..], &["remove", GUN, "file"]] {
        for key in ['c', 'd'] {
            let mut terminal = Terminal::start(&notary, args);
            terminal.expect("Enter username: ").control(key);
            let ending = terminal.finish();
            assert!(ending.code == 130 && ending.echo, "{}", ending.shown);
        }
        assert!(!notary.collection_dir(GUN).exists(), "{args:?}");
    }
}

#[test]
fn a_login_that_was_typed_once_can_be_kept() {
    let ((server, _directory), service) = (server(), SecretService::start());
    let mut notary = Sandbox::with_server(&server.url);
    service.offer(&mut notary);
    let mut terminal = Terminal::start(&notary, &["login"]);
    terminal.expect(&format!("Enter username for {}: ", server.url)).line("alice");
    terminal.answer("Enter password of alice: ", PASSWORD);
    let ending = terminal.finish();
    let words = format!("Logged in to {} as alice\n", server.url);
    assert!(ending.code == 0 && ending.shown.ends_with(&words), "{}", ending.shown);
    assert!(!ending.shown.contains(PASSWORD), "{}", ending.shown);
    let mut terminal = Terminal::start(&notary, &["init", "-p", GUN]);
    let ending = terminal.finish();
    assert!(ending.code == 0 && !ending.shown.contains("Enter "), "{}", ending.shown);

    let mut terminal = Terminal::start(&notary, &["login"]);
    terminal.expect("Enter username for ").line("");
    let ending = terminal.finish();
    assert!(ending.code == 1 && ending.shown.contains("nothing was kept"), "{}", ending.shown);
    let mut terminal = Terminal::start(&notary, &["login", "--username", "alice"]);
    terminal.expect("Enter password of alice: ").control('c');
    assert_eq!(terminal.finish().code, 130);
}
