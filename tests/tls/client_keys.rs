//! Client certificates with encrypted keys.

use std::path::Path;
use std::process::Command;

use super::certificates::{Authority, IssuedFiles, Validity};
use super::{publish_and_list, server_for_clients_of};
use crate::support::{NotaryServer, Sandbox};

const PASSPHRASE: &str = "sesame";

/// The ways in which keys are encrypted: PKCS#8, and what older programs wrote.
const FORMS: [&[&str]; 3] = [
    &["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256"],
    &["pkcs8", "-topk8", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"],
    &["ec", "-aes256"],
];

/// Encrypts the key in this file in one of the forms.
fn encrypt(key: &Path, form: &[&str], passphrase: &str) {
    let plain = key.with_extension("plain");
    std::fs::rename(key, &plain).unwrap();
    let output = Command::new("openssl")
        .args(form)
        .args(["-passout", &format!("pass:{passphrase}"), "-in"])
        .args([&plain, Path::new("-out"), key])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    std::fs::remove_file(plain).unwrap();
    let text = std::fs::read_to_string(key).unwrap();
    assert!(text.contains("ENCRYPTED"), "{text}");
}

/// A server that wants client certificates, and a client with such a one, whose key is encrypted.
fn client(form: &[&str], passphrase: &str) -> (NotaryServer, Sandbox, IssuedFiles) {
    let (authority, clients) = (Authority::new("servers"), Authority::new("clients"));
    let server = server_for_clients_of(&clients, &authority);
    let mut notary = super::reader(&server, &authority);
    let issued = clients.issue(&["somebody"], Validity::Now).write(&notary.work(), "client");
    encrypt(&issued.key, form, passphrase);
    notary.options.extend(issued.args());
    (server, notary, issued)
}

#[test]
fn passphrases_come_from_where_all_passphrases_do() {
    for form in FORMS {
        let (_server, mut notary, _) = client(form, PASSPHRASE);
        notary.vars.insert("NOTARY_TLS_PASSPHRASE".to_owned(), PASSPHRASE.to_owned());
        publish_and_list(&notary);
        notary.vars.remove("NOTARY_TLS_PASSPHRASE");
        notary.write("passphrase", format!("{PASSPHRASE}\n"));
        notary.vars.insert("NOTARY_TLS_PASSPHRASE_FILE".to_owned(), "passphrase".to_owned());
        let _ = notary.run(["list", "a/b"]).success();
        notary.vars.remove("NOTARY_TLS_PASSPHRASE_FILE");
        let _ = notary.run(["list", "a/b", "--passphrase-file", "tls=passphrase"]).success();
        let command = "test \"$NOTARY_KEY_ROLE\" = tls && cat passphrase";
        let mut process = notary.process(["list", "a/b", "--passphrase-command", command]);
        assert!(process.output().unwrap().status.success());
    }
}

#[test]
fn somebody_at_a_terminal_is_asked_once_when_there_is_a_connection_to_make() {
    let (_server, mut notary, issued) = client(FORMS[0], PASSPHRASE);
    notary.typed = Some(vec!["wrong", PASSPHRASE]);
    let file = notary.write("file", "content");
    let outcome = notary.run(["init", "a/b", "-p"]);
    let question = format!("Enter passphrase for client key `{}`: \n", issued.key.display());
    assert_eq!(outcome.terminal.matches(&question).count(), 2, "{}", outcome.report());
    assert!(!format!("{}{}", outcome.stderr, outcome.terminal).contains(PASSPHRASE));
    let _ = outcome.success();

    notary.typed = Some(Vec::new());
    for args in [
        &["add", "a/b", "name", file.to_str().unwrap()][..],
        &["status", "a/b"],
        &["--offline", "list", "a/b"],
        &["key", "list"],
    ] {
        let outcome = notary.run(args);
        assert_eq!(outcome.terminal, "", "{}", outcome.report());
        let _ = outcome.success();
    }
    notary.typed = Some(vec![PASSPHRASE]);
    let _ = notary.run(["publish", "a/b"]).success();
    notary.typed = Some(vec![Sandbox::CTRL_C]);
    assert_eq!(notary.run(["list", "a/b"]).code, 130);
}

#[test]
fn without_the_right_passphrase_there_is_no_connection() {
    let (_server, mut notary, issued) = client(FORMS[0], PASSPHRASE);
    let key = format!("client key `{}`", issued.key.display());
    let words = [
        "the key of the client certificate cannot be opened (https://127.0.0.1:",
        &format!("there is no passphrase for {key}"),
        "hint: set NOTARY_TLS_PASSPHRASE or NOTARY_TLS_PASSPHRASE_FILE",
        "hint: or give `--passphrase-file tls=FILE`",
    ];
    let _ = notary.run(["list", "a/b"]).failure(7, &words);
    notary.vars.insert("NOTARY_TLS_PASSPHRASE".to_owned(), "hunter2".to_owned());
    let words = format!("the value of NOTARY_TLS_PASSPHRASE does not open {key}");
    let outcome = notary.run(["list", "a/b"]).failure(7, &[&words]);
    assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.report());
}

#[test]
fn nobody_is_asked_for_the_empty_passphrase() {
    let (_server, notary, _) = client(FORMS[0], "");
    let _ = notary.run(["list", "a/b"]).failure(4, &["does not have a/b"]);
}
