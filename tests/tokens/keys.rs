//! Kinds of keys on tokens, and keys that other programs put there.

use std::fs;
use std::process::Command;

use super::publishing::publish_for_go;
use super::{GUN, listed, publisher};
use crate::support::{NotaryServer, Sandbox, SoftTokens, read_golden};

/// Makes a key with OpenSSL and puts it on the token.
fn import(notary: &Sandbox, tokens: &SoftTokens, name: &str, options: &[&str]) {
    let file = notary.work().join(name);
    let output =
        Command::new("openssl").arg("genpkey").args(options).arg("-out").arg(&file).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let id = data_encoding::HEXLOWER.encode(name.as_bytes());
    tokens.import("t", &file, &id, name);
}

const EC: [&str; 3] = ["-algorithm", "EC", "-pkeyopt"];

fn curve(name: &str) -> Vec<String> {
    [&EC[..], &[&format!("ec_paramgen_curve:{name}")]]
        .concat()
        .into_iter()
        .map(String::from)
        .collect()
}

/// The id of the key that `key list` shows for the token.
fn only_id(notary: &Sandbox) -> String {
    let keys = notary.run_process(["key", "list", "--json"]).json();
    let keys = keys["keys"].as_array().unwrap().clone();
    assert_eq!(keys.len(), 1, "{keys:?}");
    keys[0]["key_id"].as_str().unwrap().to_owned()
}

#[test]
fn keys_of_other_programs_become_root_keys_by_their_id() {
    let server = NotaryServer::start();
    let kinds = [
        ("p256", curve("P-256")),
        ("p384", curve("P-384")),
        ("p521", curve("P-521")),
        (
            "rsa",
            ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"].map(String::from).to_vec(),
        ),
    ];
    for (name, options) in kinds {
        let tokens = SoftTokens::with("t");
        let notary = publisher(&server, &tokens);
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        import(&notary, &tokens, name, &options);
        assert_eq!(listed(&notary), [(String::new(), "pkcs11:token=t".to_owned())], "{name}");
        let id = only_id(&notary);
        let gun = format!("{GUN}-{name}");
        let created = notary.run_process(["init", &gun, "--root-key-id", &id[..7]]).success();
        assert_eq!(created, format!("Root key found, using: {id}\n"), "{name}");
        publish_for_go(&server, &notary, &gun);
    }
}

#[test]
fn keys_that_nobody_accepts_are_not_used_and_named() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("t"));
    let notary = publisher(&server, &tokens);
    import(&notary, &tokens, "small", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]);
    let listed = notary.run_process(["key", "list"]);
    let warning = "warning: the key `small` on the hardware token cannot be used: it is an RSA key \
                   of 1024 bits, and must have 2048 to 8192\n";
    assert!(listed.stderr.contains(warning), "{}", listed.report());
    assert!(listed.success().contains("No signing keys found."));
}

#[test]
fn tokens_make_keys_of_several_kinds_that_sign_everything() {
    let server = NotaryServer::start();
    for kind in ["ecdsa-p384", "rsa-2048"] {
        let tokens = SoftTokens::with("t");
        let notary = publisher(&server, &tokens);
        let gun = format!("{GUN}-{kind}");
        let generate = ["key", "generate", kind, "--token"];
        let made = notary.run_process(generate).success();
        let id = made.trim_end().rsplit(' ').next().unwrap().to_owned();
        assert_eq!(made, format!("Generated new {kind} root key with keyID: {id}\n"));
        let created = notary.run_process(["init", &gun]).success();
        assert_eq!(created, format!("Root key found, using: {id}\n"));
        publish_for_go(&server, &notary, &gun);
    }
    let tokens = SoftTokens::with("t");
    let notary = publisher(&server, &tokens);
    let refused = notary.run_process(["key", "generate", "ed25519", "-r", "alice", "--token"]);
    let _ = refused.failure(7, &["error: ed25519 keys cannot be made on a token"]);
}

#[test]
fn digits_that_keys_in_files_and_on_a_token_share_name_none_of_them() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("t"));
    let notary = publisher(&server, &tokens);
    let _ = notary.run_process(["key", "generate", "--token"]).success();
    let id = only_id(&notary);
    let golden = read_golden("11-key-files/ec-written-by-notary-0.7.key");
    let alike = |digit: &str| format!("{}{}", &id[..10], digit.repeat(54));
    let private = notary.trust_dir().join("private");
    for other in [alike("0"), alike("1")] {
        fs::create_dir_all(&private).unwrap();
        fs::write(private.join(format!("{other}.key")), &golden).unwrap();
        let words = ["several keys begin with ", &id, &other];
        let args = ["key", "remove", &id[..7], "--yes", "--purge"];
        let _ = notary.run_process(args).failure(4, &words);
    }
    assert_eq!(listed(&notary).len(), 3);
}

#[test]
fn a_key_on_a_token_is_destroyed_when_that_is_really_wanted() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("t"));
    let notary = publisher(&server, &tokens);
    let _ = notary.run_process(["key", "generate", "--token"]).success();
    let id = only_id(&notary);
    let refused = notary.run_process(["key", "remove", &id[..7], "--yes"]);
    let words = " is on the hardware token, where there is no archive\nhint: `--purge` destroys it";
    let _ = refused.failure(2, &[&format!("error: key {id}{words}")]);
    let declined = notary.run_process(["key", "remove", &id[..7], "--purge"]);
    assert_eq!(declined.code, 1, "{}", declined.report());
    assert_eq!(only_id(&notary), id);
    let removed = notary.run_process(["key", "remove", &id[..7], "--purge", "--yes"]);
    assert!(removed.stderr.contains("warning: it is a root key"), "{}", removed.report());
    assert_eq!(removed.success(), format!("\nDeleted {id} (role root) from pkcs11:token=t.\n\n"));
    assert!(listed(&notary).is_empty());
    let _ = notary.run_process(["key", "remove", &id]).failure(4, &["there is no key "]);
}

#[test]
fn a_key_in_both_places_is_used_on_the_token_and_in_the_file_without_it() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("t"));
    let mut notary = publisher(&server, &tokens);
    let file = notary.work().join("both");
    import(&notary, &tokens, "both", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let encrypted = notary.work().join("both.pem");
    let output = Command::new("openssl")
        .args(["pkcs8", "-topk8", "-passout", "pass:root-passphrase", "-in"])
        .arg(&file)
        .arg("-out")
        .arg(&encrypted)
        .output();
    assert!(output.unwrap().status.success());
    // The file becomes a key of the key store, which the token has as well.
    let encrypted = encrypted.to_str().unwrap();
    let _ = notary.run_process(["init", GUN, "--rootkey", encrypted]).success();
    assert_eq!(listed(&notary).len(), 4);
    // Only the token can open it without the passphrase.
    notary.vars.insert("NOTARY_ROOT_PASSPHRASE".into(), "wrong".into());
    let _ = notary.run_process(["init", "example.com/b"]).success();
    // Only the file can open it without the PIN.
    notary.vars.insert("NOTARY_ROOT_PASSPHRASE".into(), "root-passphrase".into());
    notary.vars.insert("NOTARY_PKCS11_PIN".into(), "wrong".into());
    let created = notary.run_process(["init", "example.com/c"]);
    let warning =
        "warning: the hardware token is not used: the value of NOTARY_PKCS11_PIN does not";
    assert!(created.stderr.contains(warning), "{}", created.report());
    let _ = created.success();
}
