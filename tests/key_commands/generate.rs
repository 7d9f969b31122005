//! `key generate`.

use std::fs;

use notary::tuf::key::KeyType;

use super::{GUN, assert_private, block_in, file_of, open};
use crate::support::{GoClient, NotaryServer, Sandbox, snapshot_of};

/// What is typed, what the success line calls it, and the type of the key.
const KINDS: [(&str, &str, KeyType); 4] = [
    ("ECDSA", "ecdsa", KeyType::Ecdsa),
    ("ecdsa-p384", "ecdsa-p384", KeyType::Ecdsa),
    ("Ed25519", "ed25519", KeyType::Ed25519),
    ("RSA", "rsa-3072", KeyType::Rsa),
];

#[test]
fn keys_of_every_kind_are_stored_so_that_go_can_use_them() {
    let notary = Sandbox::new();
    let go = GoClient::sharing("http://127.0.0.1:1", &notary.trust_dir());
    for (word, kind, key_type) in KINDS {
        let line = notary.run(["key", "generate", word, "-r", "alice"]).success();
        let start = format!("Generated new {kind} alice key with keyID: ");
        let id = line.strip_prefix(&start).unwrap_or_else(|| panic!("{line}")).trim_end();
        let file = file_of(&notary, id);
        assert_private(&file);
        let key = open(&file, "delegation-passphrase");
        assert_eq!((key.id().as_str(), key.public_key().key_type()), (id, &key_type));
        let headers: Vec<_> = block_in(&file).headers.into_iter().collect();
        assert_eq!(headers, [("role".to_owned(), "alice".to_owned())]);

        let rewritten = go.run(["key", "passwd", id]);
        assert!(rewritten.contains("Successfully updated passphrase"), "{rewritten}");
        assert_eq!(open(&file, "delegation-passphrase").to_pkcs8(), key.to_pkcs8());
    }
    assert_eq!(go.run(["key", "list"]).matches("alice ").count(), KINDS.len());
}

#[test]
fn the_success_line_is_that_of_go() {
    let go = GoClient::new("http://127.0.0.1:1");
    let notary = Sandbox::new();
    let without_id = |line: String| line.rsplit_once(' ').unwrap().0.to_owned();
    for args in [&["key", "generate"][..], &["key", "generate", "ecdsa", "--role=a b"]] {
        let line = without_id(notary.run(args).success());
        assert_eq!(line, without_id(go.run(args)));
    }
}

#[test]
fn a_root_key_is_the_one_that_init_uses() {
    let notary = Sandbox::new();
    let line = notary.run(["key", "generate", "ecdsa-p384"]).success();
    let id = line.trim_end().rsplit_once(' ').unwrap().1;
    let init = notary.run(["init", GUN, "--publish"]).success();
    assert!(init.starts_with(&format!("Root key found, using: {id}\n")), "{init}");
}

#[test]
fn each_role_has_its_passphrase_and_the_collection_where_it_belongs_to_one() {
    let mut notary = Sandbox::new();
    for (role, passphrase, names_gun) in [
        ("root", "root-passphrase", false),
        ("targets", "targets-passphrase", true),
        ("snapshot", "snapshot-passphrase", true),
        ("targets/releases", "delegation-passphrase", false),
    ] {
        let mut args = vec!["key", "generate", "--role", role, "-o", role];
        let gun = format!("--gun={GUN}");
        if names_gun {
            args.push(&gun);
        }
        fs::create_dir_all(notary.work().join("targets")).unwrap();
        let outcome = notary.run(args);
        assert_eq!(outcome.stdout, "", "{}", outcome.report());
        let stderr = outcome.stderr.clone();
        let _ = outcome.success();
        let (private, public) = (
            notary.work().join(format!("{role}-key.pem")),
            notary.work().join(format!("{role}.pem")),
        );
        let key = open(&private, passphrase);
        for text in [key.id().as_str(), private.to_str().unwrap(), public.to_str().unwrap()] {
            assert!(stderr.contains(text), "{text} is missing in {stderr}");
        }
        let (private, public) = (block_in(&private), block_in(&public));
        assert_eq!(private.headers["role"], role);
        assert_eq!(private.headers["path"], key.id().as_str());
        assert_eq!(private.headers.get("gun").map(String::as_str), names_gun.then_some(GUN));
        assert_eq!((public.label.as_str(), public.headers.len()), ("PUBLIC KEY", 1));
        assert_eq!(public.headers["role"], role);
        assert_eq!(*public.contents, key.public_key().bytes());
    }
    assert!(snapshot_of(&notary.trust_dir()).is_empty());
    // Typed ones are for the role, too.
    notary.vars.clear();
    notary.typed = Some(vec!["sesame-open"; 2]);
    let outcome = notary.run(["key", "generate", "-r", "targets", "-g", GUN]);
    assert!(outcome.terminal.starts_with("Enter passphrase for new targets key with ID "));
    let _ = outcome.success();
}

#[test]
fn files_are_private_and_never_replaced_without_being_told() {
    let notary = Sandbox::new();
    let generate = |more: &[&str]| {
        notary.run(["key", "generate", "ed25519", "-r", "alice", "-o", "a"].iter().chain(more))
    };
    let _ = generate(&[]).success();
    let (private, public) = (notary.work().join("a-key.pem"), notary.work().join("a.pem"));
    assert_private(&private);
    assert_private(&public);
    let before = snapshot_of(&notary.work());
    let hint = ["hint: use another PREFIX, or replace it with `--force`"];
    for gone in [&public, &private] {
        let words = format!("error: `{}` exists already", private.display());
        let _ = generate(&[]).failure(8, &[&words, hint[0]]);
        assert_eq!(snapshot_of(&notary.work()), before);
        // One is enough.
        let content = fs::read(gone).unwrap();
        fs::remove_file(gone).unwrap();
        let _ = generate(&[]).failure(8, &hint);
        assert!(!gone.exists());
        fs::write(gone, content).unwrap();
    }
    let _ = generate(&["--force"]).success();
    let key = open(&private, "delegation-passphrase");
    assert_private(&private);
    assert_private(&public);
    // What OpenSSL makes of Ed25519: 12 bytes in front of the 32.
    assert_eq!(block_in(&public).contents[12..], *key.public_key().bytes());
    assert_ne!(snapshot_of(&notary.work()), before);
}

#[test]
fn senseless_wishes_are_refused() {
    let notary = Sandbox::new();
    for (args, words) in [
        (&["ed25519"][..], &["root keys need a certificate", "hint: `--role ROLE`"][..]),
        (&["ed25519", "-o", "x", "-r", "root"], &["root keys need a certificate"]),
        (&["dsa"], &["invalid value 'dsa'", "rsa-3072"]),
        (&[""], &["ALGORITHM"]),
        (&["rsa-1024"], &["invalid value 'rsa-1024'"]),
        (&["ecdsa", "rsa"], &["unexpected argument 'rsa'"]),
        (&["-r", ""], &["the role of a key cannot be empty"]),
        (&["-r", "a\u{1b}[31m"], &["control characters"]),
        (&["-r", "targets", "-g", "../x"], &["a collection name cannot contain"]),
        (&["-g", GUN], &["root keys belong to no single collection"]),
        (&["-r", "alice", "-g", GUN], &["alice keys belong to no single collection"]),
        (&["--force"], &["--output <PREFIX>"]),
    ] {
        let line = ["key", "generate"].iter().chain(args);
        let _ = notary.refuses(line, 2, words);
    }
    let _ = notary.refuses(["key", "generate", "-o", "none/x"], 1, &["there is no such directory"]);
    assert!(snapshot_of(&notary.work()).is_empty());
}

#[test]
fn without_a_passphrase_there_is_no_key() {
    let mut notary = Sandbox::new();
    notary.vars.clear();
    for more in [&[][..], &["-o", "x"]] {
        let line = ["key", "generate"].iter().chain(more);
        let _ = notary.refuses(line, 7, &["there is no passphrase for the new root key"]);
    }
    notary.typed = Some(vec!["sesame-open", Sandbox::CTRL_C]);
    assert_eq!(notary.run(["key", "generate", "-o", "x"]).code, 130);
    assert!(snapshot_of(&notary.work()).is_empty() && snapshot_of(&notary.trust_dir()).is_empty());
}

#[test]
fn go_delegates_to_our_public_keys_and_signs_with_our_private_ones() {
    let server = NotaryServer::start();
    let go = GoClient::new(&server.url);
    let notary = Sandbox::with_server(&server.url);
    let payload = notary.write("payload", "payload");
    go.run(["init", "-p", GUN]);
    for kind in ["ecdsa-p384", "rsa-2048"] {
        let role = format!("targets/{kind}");
        let _ = notary.run(["key", "generate", kind, "-r", &role, "-o", kind]).success();
        let (private, public) = (
            notary.work().join(format!("{kind}-key.pem")),
            notary.work().join(format!("{kind}.pem")),
        );
        go.run(["key", "import", private.to_str().unwrap()]);
        go.run(["delegation", "add", "-p", GUN, &role, public.to_str().unwrap(), "--all-paths"]);
        go.run(["add", "-p", GUN, kind, payload.to_str().unwrap(), "-r", &role]);
        let list = notary.run(["list", GUN]).success();
        assert!(list.lines().any(|line| line.starts_with(kind) && line.ends_with(&role)), "{list}");
    }
    // It does not read Ed25519 from public keys in files, but uses such keys for its own roles.
    let _ = notary.run(["key", "generate", "ed25519", "-r", "alice", "-o", "ed"]).success();
    let public = notary.work().join("ed.pem");
    let (code, said) = go.try_run(
        ["delegation", "add", GUN, "targets/ed", public.to_str().unwrap(), "--all-paths"],
        b"",
    );
    assert_ne!(code, 0, "{said}");
}
