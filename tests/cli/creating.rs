//! `init`: which keys it uses, what it says, and what it refuses without leaving anything behind.

use std::process::Command;

use super::GUN;
use crate::support::{HttpServer, NotaryServer, Response, Sandbox, snapshot_of};

/// Runs OpenSSL in the working directory.
fn openssl(notary: &Sandbox, line: &str) {
    let output =
        Command::new("openssl").args(line.split(' ')).current_dir(notary.work()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Makes an encrypted root key `NAME.key`, the same in the clear `NAME.open`, its certificate
/// `NAME.crt` for the collection `name_in_certificate`, and one of an authority, `NAME.ca`.
fn root_key(notary: &Sandbox, name: &str, name_in_certificate: &str) {
    let name_in_certificate = name_in_certificate.replace('/', "\\/");
    let curve = "-pkeyopt ec_paramgen_curve:P-256 -out";
    openssl(notary, &format!("genpkey -algorithm EC {curve} {name}.open"));
    for (file, is_authority) in [("crt", "FALSE"), ("ca", "TRUE")] {
        let what =
            format!("-subj /CN={name_in_certificate} -addext basicConstraints=CA:{is_authority}");
        openssl(
            notary,
            &format!("req -x509 -new -key {name}.open -out {name}.{file} -days 3650 {what}"),
        );
    }
    let encrypt = "-passout pass:root-passphrase";
    openssl(notary, &format!("pkcs8 -topk8 -in {name}.open -out {name}.key {encrypt}"));
}

fn root_keys(notary: &Sandbox) -> Vec<String> {
    let keys = notary.run(["key", "list", "--json"]).json();
    let keys = keys["keys"].as_array().unwrap().iter().filter(|key| key["role"] == "root");
    keys.map(|key| key["key_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_new_collection_has_new_keys_and_the_root_key_that_is_there() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let first = notary.run(["init", GUN]);
    let root = root_keys(&notary).remove(0);
    let notes: Vec<_> = first.stderr.lines().collect();
    assert_eq!(notes[0], format!("stored root key {root}"));
    assert!(
        notes[1].starts_with("made targets key ") && notes[2].starts_with("made snapshot key ")
    );
    assert!(notes[3].starts_with("the root certificate has the id "), "{notes:?}");
    let place = notary.trust_dir().join("private");
    let back_up = "back them up with `notary key backup FILE`";
    assert_eq!(notes[4], format!("the keys are in `{}`; {back_up}", place.display()));
    assert_eq!(notes[5], format!("hint: `notary publish {GUN}` uploads the collection"));
    assert_eq!((notes.len(), first.success()), (6, String::new()));

    let found = format!("Root key found, using: {root}\n");
    let quiet = notary.run(["init", "example.com/b", "--quiet"]);
    assert_eq!((quiet.stderr.as_str(), quiet.stdout.as_str()), ("", found.as_str()));
    let published = notary.run(["init", "example.com/c", "-p"]).success();
    assert_eq!(
        published,
        format!(
            "{found}Auto-publishing changes to example.com/c\n\
             Successfully published changes for repository example.com/c\n"
        )
    );
    assert_eq!(snapshot_of(&place).len(), 1 + 3 * 2);
}

#[test]
fn what_exists_is_refused() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", GUN]).success();
    let here = ["error: example.com/app exists already on this machine", "hint: `notary publish"];
    let _ = notary.refuses(["init", GUN], 8, &here);
    let _ = notary.run(["publish", GUN]).success();
    let _ = notary.refuses(["init", GUN, "-p"], 8, &here);
    let stranger = Sandbox::with_server(&server.url);
    let there =
        format!("error: example.com/app exists already on {}\nhint: `notary list", server.url);
    let _ = stranger.refuses(["init", GUN], 8, &[&there]);
    assert!(snapshot_of(&stranger.trust_dir()).is_empty());
}

#[test]
fn a_server_that_does_not_help_leaves_no_keys_behind() {
    for (answer, code, words) in [
        (Response::not_found(), 4, "the server does not have it"),
        (Response::status(401, ""), 6, "asks for a login (status 401)"),
        (Response::status(403, ""), 6, "refuses this user (status 403)"),
        (Response::status(500, ""), 5, "cannot answer now (status 500)"),
        (Response::ok(""), 5, "this is not a public key"),
        (Response::ok("{}"), 5, "this is not a public key"),
        (Response::ok("<html>"), 5, "a web page instead of the file"),
        (Response::ok(vec![b' '; 300 << 10]), 5, "is longer than 262144 bytes"),
    ] {
        let server = HttpServer::start(move |request| match request.brief().as_str() {
            "GET timestamp.key" => answer.clone(),
            _ => Response::not_found(),
        });
        let notary = Sandbox::with_server(&server.url);
        let _ = notary.refuses(["init", GUN], code, &[words, "timestamp.key)"]);
        assert!(snapshot_of(&notary.trust_dir()).is_empty());
    }
    let notary = Sandbox::with_server("http://127.0.0.1:1");
    let _ = notary.refuses(
        ["init", GUN],
        5,
        &["cannot be reached", "connection refused by the server"],
    );
    let _ = notary.refuses(["init", GUN, "--offline"], 2, &["this needs the server"]);
    assert!(!notary.trust_dir().join("private").exists());
}

#[test]
fn a_root_key_and_a_certificate_can_be_brought_along() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    root_key(&notary, "a", GUN);
    root_key(&notary, "b", "example.com/b");
    let words = ["the root certificate is not for the root key"];
    let args = ["init", GUN, "--rootkey", "a.key", "--rootcert", "b.crt"];
    let _ = notary.refuses(args, 7, &words);
    let words = ["error: the root certificate is for key ", ", which is not here\nhint: give the"];
    let _ = notary.refuses(["init", GUN, "--rootcert", "a.crt"], 7, &words);
    let open = notary.work().join("a.open");
    let words = format!(
        "error: the root key in `{}` is not encrypted\nhint: `openssl pkcs8",
        open.display()
    );
    let _ = notary.refuses(["init", GUN, "--rootkey", "a.open"], 1, &[&words]);
    // Nobody could read a collection whose root is certified for another one.
    let args = ["init", GUN, "--rootkey", "b.key", "--rootcert", "b.crt"];
    let _ = notary.refuses(args, 3, &["it is for another collection"]);
    let args = ["init", GUN, "--rootkey", "a.key", "--rootcert", "a.ca"];
    let _ = notary.refuses(args, 3, &["there is none but those of authorities"]);
    assert!(snapshot_of(&notary.trust_dir()).is_empty());

    let args = ["init", GUN, "--rootkey", "a.key", "--rootcert", "a.crt", "-p"];
    let created = notary.run(args).success();
    let root = root_keys(&notary).remove(0);
    assert!(created.starts_with(&format!("Root key found, using: {root}\n")), "{created}");
    // From now on the key is in the store, and the certificate alone will do.
    let args = ["init", "example.com/b", "--rootkey", "b.key"];
    let _ = notary.run(args).success();
    assert_eq!(root_keys(&notary).len(), 2);
    let _ = notary.run(["delete", "example.com/b", "--yes"]).success();
    let _ = notary.run(["init", "example.com/b", "--rootcert", "b.crt", "-p"]).success();
    assert!(Sandbox::with_server(&server.url).run(["list", "example.com/b"]).code == 0);
}

#[test]
fn which_of_several_root_keys_is_meant_has_to_be_said() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    for (name, gun) in [("a", "example.com/a"), ("b", "example.com/b")] {
        root_key(&notary, name, gun);
        let _ = notary.run(["init", gun, "--rootkey", &format!("{name}.key")]).success();
    }
    let keys = root_keys(&notary);
    let hints = keys.iter().map(|key| format!("hint: `--root-key-id {key}`\n"));
    let mut words = vec![
        "error: there are 2 root keys on this machine\n".to_owned(),
        format!("hint: choose one with `notary init {GUN} --root-key-id ID`:\n"),
    ];
    words.extend(hints);
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let _ = notary.refuses(["init", GUN], 7, &words);

    for (id, code, words) in [
        ("abc", 2, "a key id has 64 hex digits"),
        (&*"0".repeat(64), 4, "there is no key 0000000000"),
    ] {
        let _ = notary.refuses(["init", GUN, "--root-key-id", id], code, &[words]);
    }
    let both = ["init", GUN, "--root-key-id", &keys[0], "--rootkey", "a.key"];
    let _ = notary.refuses(both, 2, &["cannot be used with"]);
    for (key, gun) in keys.iter().zip([GUN, "example.com/app2"]) {
        let created = notary.run(["init", gun, "--root-key-id", key]).success();
        assert_eq!(created, format!("Root key found, using: {key}\n"));
    }
}
