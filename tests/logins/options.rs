//! `--username` and `--password-stdin`: what else stdin cannot be for.

use super::PASSWORD;
use crate::support::{NotaryServer, Outcome, Sandbox};

const GUN: &str = "example.com/app";
const OPTIONS: [&str; 3] = ["--username", "alice", "--password-stdin"];

/// Runs a command with the password on stdin; whatever is said must not have it.
fn run(notary: &Sandbox, args: &[&str], input: &str) -> Outcome {
    let args = [&OPTIONS, args].concat();
    let outcome = notary.run_with_input(args, input.as_bytes());
    assert!(!outcome.report().contains(PASSWORD), "{}", outcome.report());
    outcome
}

#[test]
fn both_options_belong_together() {
    let notary = Sandbox::new();
    let words = &["`--password-stdin` needs `--username NAME`"];
    let _ = notary.run(["--password-stdin", "list", GUN]).failure(2, words);
    let _ = notary.run(["list", GUN, "--password-stdin", "--username", ""]).failure(2, words);
    let _ = notary
        .run(["--username", "a:b", "list", GUN])
        .failure(2, &["the name of a user has no colon"]);
    let _ = run(&notary, &["list", GUN], "").failure(2, &["there is no password on stdin"]);
    let _ = run(&notary, &["list", GUN], "\n").failure(2, &["there is no password on stdin"]);
    let endless = "x".repeat(65 << 10);
    let _ = run(&notary, &["list", GUN], &endless).failure(1, &["it is too long"]);
}

#[test]
fn stdin_has_the_password_or_something_else() {
    let notary = Sandbox::new();
    notary.write("file", "content\n");
    let _ = notary.run(["init", "-p", GUN]).success();
    let _ = notary.run(["add", "-p", GUN, "file", "file"]).success();
    let with_password = |args: &[&str]| run(&notary, args, PASSWORD);

    let payload = "stdin cannot have both the password and the payload";
    let _ = with_password(&["verify", GUN, "file"]).failure(2, &[payload, "--input FILE"]);
    let verified = with_password(&["verify", GUN, "file", "-i", "file"]).success();
    assert_eq!(verified, "content\n");
    for args in [
        &["key", "import", "-", "--role", "targets"][..],
        &["key", "restore", "-"],
        &["sign", "-", "--yes"],
        &["publish", GUN, "--from", "-"],
    ] {
        let words = "stdin cannot have both the password and a file";
        let outcome = with_password(args);
        assert!(outcome.code == 2 && outcome.stderr.contains(words), "{}", outcome.report());
    }
    let question = "a question has to be answered, but stdin had the password";
    let outcome = with_password(&["delete", GUN, "--remote"]).failure(2, &[question, "`--yes`"]);
    assert!(!outcome.stderr.contains("(yes/no)"), "{}", outcome.report());
    let _ = with_password(&["delete", GUN, "--remote", "--yes"]).success();
}

#[test]
fn a_server_that_wants_no_login_gets_none() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = run(&notary, &["init", "-p", GUN], PASSWORD).success();
}
