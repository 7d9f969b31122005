//! Keys that become keys of delegations.

use std::process::Command;

use notary::tuf::key::{KeyType, PublicKey};
use serde_json::Value;

use super::{GUN, ID_A, ROLE, input, owner, payloads};
use crate::support::{Sandbox, SoftTokens, golden};

fn openssl(notary: &Sandbox, line: &str) {
    let run = Command::new("openssl").args(line.split(' ')).current_dir(notary.work()).output();
    let output = run.unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The keys that the only staged change adds; it is dropped.
#[track_caller]
fn staged_keys(notary: &Sandbox) -> Vec<PublicKey> {
    let [payload] = payloads(notary, GUN).try_into().unwrap();
    let keys = serde_json::from_str::<Value>(&payload).unwrap()["add_keys"].take();
    let _ = notary.run(["reset", GUN, "--all"]).success();
    serde_json::from_value(keys).unwrap()
}

#[test]
fn every_kind_of_key_that_openssl_makes_can_sign() {
    let notary = owner();
    let mut files = Vec::new();
    for (name, line) in [
        ("p256", "ecparam -name prime256v1 -genkey -noout -out p256.key"),
        ("p384", "ecparam -name secp384r1 -genkey -noout -out p384.key"),
        ("p521", "ecparam -name secp521r1 -genkey -noout -out p521.key"),
        ("rsa", "genrsa -out rsa.key 2048"),
        ("ed", "genpkey -algorithm ed25519 -out ed.key"),
    ] {
        openssl(&notary, line);
        openssl(&notary, &format!("pkey -in {name}.key -pubout -out {name}.pub"));
        files.push((name, format!("{name}.pub"), false));
        if name != "ed" {
            let key = format!("req -x509 -new -key {name}.key -days 365 -subj /CN={name}");
            openssl(&notary, &format!("{key} -out {name}.crt"));
            files.push((name, format!("{name}.crt"), true));
        }
    }
    for name in ["p256", "p384", "p521", "rsa", "ed"] {
        let _ = notary.run(["key", "import", &format!("{name}.key"), "--role", "user"]).success();
    }
    for (number, (name, file, is_certificate)) in files.iter().enumerate() {
        let role = format!("targets/{name}{number}");
        let add = ["delegation", "add", GUN, &role, file, "--all-paths"];
        let _ = notary.run(add).success();
        let staged = payloads(&notary, GUN);
        let kind = serde_json::from_str::<Value>(&staged[2 * number]).unwrap();
        let kind = kind["add_keys"][0]["keytype"].as_str().unwrap();
        assert_eq!(kind.ends_with("-x509"), *is_certificate, "{file}: {kind}");
    }
    let _ = notary.run(["publish", GUN]).success();
    notary.write("file", "content");
    for (number, (name, ..)) in files.iter().enumerate() {
        let role = format!("targets/{name}{number}");
        let target = format!("by {role}");
        let _ = notary.run(["add", GUN, &target, "file", "-r", &role]).success();
    }
    let _ = notary.run(["publish", GUN]).success();
    let reader = notary.run(["list", GUN]).success();
    assert_eq!(reader.lines().count(), 2 + files.len(), "{reader}");
    let list = notary.run(["delegation", "list", GUN, "--json"]).json();
    let algorithms: Vec<_> = list["delegations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["keys"][0]["algorithm"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "ed25519",
        "ecdsa-p256",
        "ecdsa-p256",
        "ecdsa-p384",
        "ecdsa-p384",
        "ecdsa-p521",
        "ecdsa-p521",
        "rsa-2048",
        "rsa-2048",
    ];
    assert_eq!(algorithms, expected);
    let certificates: Vec<_> = list["delegations"].as_array().unwrap().iter().collect();
    let with = certificates.iter().filter(|row| !row["keys"][0]["certificate"].is_null());
    let names: Vec<_> =
        with.map(|row| row["keys"][0]["certificate"]["common_name"].as_str().unwrap()).collect();
    assert_eq!(names, ["p256", "p384", "p521", "rsa"]);
}

#[test]
fn only_the_first_block_of_a_file_counts() {
    let notary = owner();
    let text = |name: &str| std::fs::read_to_string(input(name)).unwrap();
    let chain = format!("Subject: x\n{}{}", text("deleg-a.crt"), text("deleg-b.crt"));
    notary.write("chain.crt", chain.replace('\n', "\r\n"));
    let _ = notary.run(["delegation", "add", GUN, ROLE, "chain.crt"]).success();
    let [key] = staged_keys(&notary).try_into().unwrap();
    // Just the certificate, in the one form of which ids are computed.
    let certificate = text("deleg-a.crt");
    let start = certificate.find("-----BEGIN").unwrap();
    assert_eq!(String::from_utf8_lossy(key.bytes()), certificate[start..]);
    assert_eq!(key.canonical_id().as_str(), ID_A);
}

#[test]
fn keys_that_are_here_are_given_by_their_ids() {
    let mut notary = owner();
    let key = golden("11-key-files/ec-sec1-plain.key");
    let _ = notary.run(["key", "import", key.to_str().unwrap(), "--role", "user"]).success();
    let add = |notary: &Sandbox, id: &str| notary.run(["delegation", "add", GUN, ROLE, id]);

    // A key that no collection names has to be opened.
    notary.typed = None;
    let passphrase = notary.vars.remove("NOTARY_DELEGATION_PASSPHRASE").unwrap();
    let _ = notary.refuses(["delegation", "add", GUN, ROLE, &ID_A[..7]], 7, &["passphrase"]);
    notary.typed = Some(vec!["delegation-passphrase"]);
    let added = add(&notary, &ID_A[..7]);
    assert!(added.terminal.contains("passphrase"), "{}", added.report());
    assert!(added.success().contains(&format!("with keys [{ID_A}]")));
    let [key] = staged_keys(&notary).try_into().unwrap();
    assert_eq!((key.key_type(), key.id().as_str()), (&KeyType::Ecdsa, ID_A));

    // Whoever publishes in the same run is not asked again.
    notary.vars.insert("NOTARY_DELEGATION_PASSPHRASE".into(), passphrase);
    let _ = notary.run(["delegation", "add", GUN, ROLE, ID_A, "--all-paths", "-p"]).success();

    // From then on the key is named by a collection, and nobody is asked.
    notary.vars.remove("NOTARY_DELEGATION_PASSPHRASE");
    notary.typed = None;
    assert!(add(&notary, ID_A).success().contains(ID_A));
    let [key] = staged_keys(&notary).try_into().unwrap();
    assert_eq!(key.id().as_str(), ID_A);
    // So it is with the root key, which is named with a certificate.
    let list = notary.run(["key", "list", "--json"]).json();
    let keys = list["keys"].as_array().unwrap().iter();
    let root = keys.clone().find(|key| key["role"] == "root").unwrap();
    let root = root["key_id"].as_str().unwrap();
    notary.vars.clear();
    assert!(add(&notary, root).success().contains(root));
    let [key] = staged_keys(&notary).try_into().unwrap();
    assert_eq!((key.key_type(), key.id().as_str()), (&KeyType::Ecdsa, root));

    // A file goes before an id, and an archived key is not taken.
    notary.write(&ID_A[..7], std::fs::read(input("deleg-b.pub")).unwrap());
    assert!(add(&notary, &ID_A[..7]).success().contains(super::ID_B));
    std::fs::remove_file(notary.work().join(&ID_A[..7])).unwrap();
    let _ = notary.run(["key", "remove", ID_A, "--yes"]).success();
    let _ = add(&notary, &ID_A[..7]).failure(4, &["there is no key cff4c59", "key unarchive"]);
}

#[test]
fn keys_on_a_token_are_given_by_their_ids() {
    let tokens = SoftTokens::with("alpha");
    let mut notary = owner();
    tokens.plug_into(&mut notary);
    let made = notary.run_process(["key", "generate", "--role", "user", "--token"]);
    let report = made.report();
    let _ = made.success();
    let id = report.split(|c: char| !c.is_ascii_hexdigit()).find(|word| word.len() == 64);
    let id = id.unwrap_or_else(|| panic!("{report}")).to_owned();
    // Its public half is there for everybody to see.
    notary.vars.remove("NOTARY_PKCS11_PIN");
    let added = notary.run_process(["delegation", "add", GUN, ROLE, &id[..7]]);
    let report = added.report();
    assert!(added.success().contains(&id), "{report}");
    notary.options.clear();
    let [key] = staged_keys(&notary).try_into().unwrap();
    assert_eq!(key.id().as_str(), id);
}

#[test]
fn a_key_may_come_out_of_a_pipe() {
    let notary = owner();
    let pipe = notary.work().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = std::thread::spawn(move || {
        std::fs::write(pipe, std::fs::read(input("deleg-a.crt")).unwrap()).unwrap();
    });
    let added = notary.run(["delegation", "add", GUN, ROLE, "pipe", "--all-paths"]);
    assert!(added.success().contains(ID_A));
    writer.join().unwrap();
}
