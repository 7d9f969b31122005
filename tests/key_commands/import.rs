//! `key import`.

use std::fs;
use std::process::Command;

use notary::tuf::pem;

use super::{EC, GUN, P384, RSA, assert_private, block_in, file_of, open, put};
use crate::support::{GoClient, Sandbox, assert_same_files, golden, read_golden, snapshot_of};

const PASSPHRASE: &str = "delegation-passphrase";

fn text_of((golden, _): (&str, &str)) -> String {
    String::from_utf8(read_golden(golden)).unwrap()
}

/// The text of a golden key, with these headers and no others.
fn labelled(key: (&str, &str), headers: &[(&str, &str)]) -> String {
    let mut block = pem::decode_all(&read_golden(key.0)).remove(0);
    block.headers =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    block.encode().to_string()
}

#[test]
fn keys_in_every_encoding_are_imported_so_that_go_can_use_them() {
    let expected = read_golden("11-key-files/expected.json");
    let expected: serde_json::Value = serde_json::from_slice(&expected).unwrap();
    let mut count = 0;
    for key in expected.as_array().unwrap() {
        let file = key["file"].as_str().unwrap();
        let notary = Sandbox::new();
        let path = golden(format!("11-key-files/{file}"));
        let args = ["key", "import", path.to_str().unwrap(), "-r", "alice"];
        let outcome = notary.run(args);
        assert_eq!(outcome.stdout, "", "{}", outcome.report());
        let stderr = outcome.stderr.clone();
        assert_eq!(stderr.contains("cannot sign anything"), file.contains("1024"), "{stderr}");
        let _ = outcome.success();
        let list = notary.run(["key", "list", "--json"]).json();
        let id = list["keys"][0]["key_id"].as_str().unwrap();
        // Go cannot tell the id of a form that it does not know.
        assert_eq!(id, key["key_id"].as_str().unwrap_or(id), "{file}");
        // Some of the files say what they are for.
        let text = String::from_utf8(read_golden(&path)).unwrap();
        let role = if text.contains("role: user\n") { "user" } else { "alice" };
        assert!(stderr.starts_with(&format!("imported {role} key {id}, encrypted anew\n")));
        let stored = file_of(&notary, id);
        assert_private(&stored);
        assert_eq!(open(&stored, PASSPHRASE).id().as_str(), id, "{file}");
        let go = GoClient::sharing("http://127.0.0.1:1", &notary.trust_dir());
        go.run(["key", "passwd", id]);
        count += 1;
    }
    assert_eq!(count, 18);
}

#[test]
fn what_go_exports_is_stored_as_go_stores_it() {
    let go = GoClient::new("http://127.0.0.1:1");
    let root = go.run(["key", "generate", "ecdsa", "-r", "root"]);
    let id = root.trim_end().rsplit_once(' ').unwrap().1;
    go.run(["key", "generate", "ecdsa", "-r", "alice"]);
    go.run(["key", "export", "-o", "keys.pem"]);
    let (notary, file) = (Sandbox::new(), go.directory().join("keys.pem"));
    let outcome = notary.run(["key", "import", file.to_str().unwrap()]);
    let note = format!("imported root key {id} with the passphrase that it had\n");
    assert!(outcome.stderr.contains(&note), "{}", outcome.report());
    let _ = outcome.success();
    let private = |directory: &std::path::Path| snapshot_of(&directory.join("private"));
    assert_same_files(&private(&notary.trust_dir()), &private(go.trust_dir()), "exported by Go");

    // What is exported here can be imported here, through a pipe.
    let exported = notary.run(["key", "export"]).success();
    let another = Sandbox::new();
    let _ = another.run_with_input(["key", "import", "-"], exported.as_bytes()).success();
    assert_same_files(&private(&another.trust_dir()), &private(go.trust_dir()), "piped");
}

#[test]
fn new_keys_in_files_are_imported() {
    let (go, notary) = (GoClient::new("http://127.0.0.1:1"), Sandbox::new());
    // Those of the Go program do not say their id, and it does not import them itself.
    go.run(["key", "generate", "-o", "go", "-r", "targets/go"]);
    let by_go = go.directory().join("go-key.pem");
    let _ = notary.run(["key", "generate", "ed25519", "-o", "ours", "-r", "targets/us"]).success();
    let ours = notary.work().join("ours-key.pem");
    for (file, role) in [(by_go, "targets/go"), (ours, "targets/us")] {
        let id = open(&file, PASSPHRASE).id().to_string();
        let outcome = notary.run(["key", "import", file.to_str().unwrap(), "-r", "ignored"]);
        let note = format!("imported {role} key {id} with the passphrase that it had\n");
        assert_eq!(outcome.stderr, note, "{}", outcome.report());
        let _ = outcome.success();
        let stored = block_in(&file_of(&notary, &id));
        assert_eq!(stored.contents, block_in(&file).contents);
        let headers: Vec<_> = stored.headers.into_iter().collect();
        assert_eq!(headers, [("role".to_owned(), role.to_owned())]);
    }
}

#[test]
fn keys_of_docker_are_imported() {
    // The only peer that is not in Debian's packages; `make test` says when it is not there.
    if Command::new("docker").arg("--version").output().is_err() {
        return;
    }
    let notary = Sandbox::new();
    let output = Command::new("docker")
        .args(["trust", "key", "generate", "alice"])
        .env_clear()
        .env("HOME", notary.work())
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("DOCKER_CONTENT_TRUST_REPOSITORY_PASSPHRASE", PASSPHRASE)
        .current_dir(notary.work())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let directory = notary.work().join(".docker/trust/private");
    let file = fs::read_dir(directory).unwrap().next().unwrap().unwrap().path();
    let outcome = notary.run(["key", "import", file.to_str().unwrap()]);
    let id = file.file_stem().unwrap().to_str().unwrap();
    let note = format!("imported alice key {id} with the passphrase that it had\n");
    assert_eq!(outcome.stderr, note, "{}", outcome.report());
    let _ = outcome.success();
}

#[test]
fn what_a_file_says_counts_before_options() {
    let legacy = format!("tuf_keys/{GUN}/{}", EC.1);
    let oldest = format!("tuf_keys\\{GUN}\\{}_targets", EC.1);
    let root = format!("root_keys/{}_root", EC.1);
    let other = "example.com/other";
    for (headers, options, role, gun) in [
        (&[][..], &[][..], "delegation", None),
        (&[], &["-r", "alice"], "alice", None),
        (&[], &["-r", "alice", "-g", GUN], "alice", None),
        (&[], &["-r", "targets", "-g", GUN], "targets", Some(GUN)),
        (&[("role", "bob")], &["-r", "alice"], "bob", None),
        (&[("role", "")], &["-r", "alice"], "alice", None),
        (&[("role", "targets"), ("gun", GUN)], &["-g", other], "targets", Some(GUN)),
        (&[("role", "bob"), ("gun", GUN)], &[], "bob", None),
        (&[("role", "bob"), ("gun", "../x")], &[], "bob", None),
        (&[("role", "snapshot"), ("path", &legacy)], &["-g", other], "snapshot", Some(GUN)),
        (&[("path", &oldest)], &["-r", "alice"], "targets", Some(GUN)),
        (&[("path", &root)], &[], "root", None),
        (&[("path", EC.1), ("other", "x")], &[], "delegation", None),
    ] {
        let mut notary = Sandbox::new();
        for role in ["ROOT", "TARGETS", "SNAPSHOT"] {
            notary.vars.insert(format!("NOTARY_{role}_PASSPHRASE"), PASSPHRASE.into());
        }
        notary.write("key.pem", labelled(EC, headers));
        let outcome = notary.run(["key", "import", "key.pem"].iter().chain(options));
        assert!(!outcome.stderr.contains("warning"), "{headers:?}\n{}", outcome.report());
        let _ = outcome.success();
        let stored = block_in(&file_of(&notary, EC.1)).headers;
        let expected = [("gun".to_owned(), gun.unwrap_or_default().to_owned())];
        let expected = expected.into_iter().filter(|_| gun.is_some());
        let expected = expected.chain([("role".to_owned(), role.to_owned())]);
        assert_eq!(stored, expected.collect(), "{headers:?} {options:?}");
    }
}

#[test]
fn a_key_is_stored_under_its_own_id() {
    let notary = Sandbox::new();
    for name in [P384.1, "../../evil", "anything"] {
        notary.write("key.pem", labelled(EC, &[("path", name)]));
        let outcome = notary.run(["key", "import", "key.pem"]);
        let name = name.rsplit('/').next().unwrap();
        let warning = format!("warning: `key.pem` calls it {name}, but that is not its id");
        assert!(outcome.stderr.contains(&warning), "{}", outcome.report());
        let _ = outcome.success();
        let names: Vec<_> = snapshot_of(&notary.trust_dir()).into_keys().collect();
        assert_eq!(names, [std::path::PathBuf::from(format!("private/{}.key", EC.1))]);
        fs::remove_file(file_of(&notary, EC.1)).unwrap();
    }
}

#[test]
fn keys_that_are_there_are_left_alone() {
    let notary = Sandbox::new();
    put(&notary, EC, "root", None);
    notary.write("root.pem", labelled(EC, &[("role", "root")]));
    notary.write("alice.pem", labelled(EC, &[("role", "alice")]));
    notary.write("damaged.pem", labelled(P384, &[]));
    let before = snapshot_of(&notary.trust_dir());
    let mut notary = notary;
    notary.vars.insert("NOTARY_ROOT_PASSPHRASE".into(), PASSPHRASE.into());
    let outcome = notary.run(["key", "import", "root.pem"]);
    let note = format!("root key {} is already there; nothing was changed\n", EC.1);
    assert_eq!(outcome.stderr, note);
    let _ = outcome.success();
    assert_same_files(&snapshot_of(&notary.trust_dir()), &before, "already there");
    let words = ["error: `alice.pem` was not imported", "`alice`", "stored for role `root`"];
    let _ = notary.refuses(["key", "import", "alice.pem"], 8, &words);
    // Something is in its place that is no key: it is for people to say what that is.
    fs::write(file_of(&notary, P384.1), "damaged").unwrap();
    let _ = notary.refuses(["key", "import", "damaged.pem"], 1, &["is not a usable key file"]);
}

#[test]
fn what_cannot_be_imported_is_said() {
    let mut notary = Sandbox::new();
    let whole = labelled(EC, &[]);
    let public = "-----BEGIN PUBLIC KEY-----\nAAEC\n-----END PUBLIC KEY-----\n";
    for (text, options, code, words) in [
        ("", &[][..], 1, &["there is no private key in it"][..]),
        ("garbage", &[], 1, &["there is no private key in it"]),
        (public, &[], 1, &["is no private key but `PUBLIC KEY`", "there is no private key in it"]),
        (&whole[..whole.len() - 9], &[], 1, &["damaged or cut off"]),
        (&public.replace("PUBLIC", "OPENSSH PRIVATE"), &[], 7, &["`OPENSSH PRIVATE KEY`"]),
        (&public.replace("PUBLIC", "EC PRIVATE"), &[], 7, &["is malformed"]),
        (&whole, &["-r", "targets"], 2, &["a targets key belongs", "hint: give it with `--gun"]),
        (&labelled(EC, &[("role", "snapshot")]), &[], 2, &["a snapshot key belongs"]),
        (&labelled(EC, &[("role", "targets"), ("gun", "../x")]), &[], 1, &["`../x` cannot be"]),
        (&labelled(EC, &[("role", "a\u{1b}b")]), &[], 1, &["control characters"]),
        (&whole, &["-r", ""], 2, &["the role of a key cannot be empty"]),
        (&whole, &["-g", "../x"], 2, &["a collection name cannot contain"]),
    ] {
        notary.write("key.pem", text);
        let words: Vec<_> = words.iter().copied().chain(["key.pem"]).collect();
        let words = if options.iter().any(|word| ["", "../x"].contains(word)) {
            &words[..words.len() - 1]
        } else {
            &words[..]
        };
        let line = ["key", "import", "key.pem"].iter().chain(options);
        let _ = notary.refuses(line, code, words);
    }
    let _ = notary.refuses(["key", "import", "none.pem"], 1, &["there is no such file"]);
    let _ = notary.refuses(["key", "import", "."], 1, &["it is a directory"]);
    let _ = notary.refuses(["key", "import"], 2, &["<FILE>"]);

    // A key that cannot be opened is not believed to be the one that its file says.
    notary.write("key.pem", labelled(EC, &[("path", EC.1)]));
    notary.vars.insert("NOTARY_DELEGATION_PASSPHRASE".into(), "wrong".into());
    let words = ["NOTARY_DELEGATION_PASSPHRASE does not open the delegation key in `key.pem`"];
    let _ = notary.refuses(["key", "import", "key.pem"], 7, &words);
    notary.vars.clear();
    let words = ["there is no passphrase for the delegation key in `key.pem`", "hint: set NOTARY_"];
    let _ = notary.refuses(["key", "import", "key.pem"], 7, &words);
    let plain = golden("11-key-files/ec-sec1-plain.key");
    let words = ["there is no passphrase for the new user key cff4c59"];
    let _ = notary.refuses(["key", "import", plain.to_str().unwrap()], 7, &words);
}

#[test]
fn good_keys_are_imported_also_next_to_bad_ones() {
    let notary = Sandbox::new();
    let parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    let bad = labelled(P384, &[("role", "targets")]);
    notary
        .write("bundle.pem", [parameters, &labelled(RSA, &[]), &bad, &labelled(EC, &[])].concat());
    notary.write("cut.pem", &labelled(P384, &[])[..99]);
    let outcome = notary.run(["key", "import", "bundle.pem", "cut.pem"]);
    for words in [
        "block 1 of `bundle.pem` is no private key but `EC PARAMETERS`; passed over\n",
        &format!("imported delegation key {} with", RSA.1),
        &format!("imported delegation key {} with", EC.1),
        "warning: block 3 of `bundle.pem` was not imported\n  caused by: a targets key belongs",
        "warning: `cut.pem` was not imported\n  caused by: a PEM block in it is damaged",
        "error: 2 keys were imported, but there were 2 failures\nhint: give it with `--gun GUN`",
    ] {
        assert!(outcome.stderr.contains(words), "{words}\n{}", outcome.report());
    }
    let _ = outcome.failure(1, &[]);
    assert_eq!(snapshot_of(&notary.trust_dir()).len(), 2);

    // With an exit code of their own if they have it in common; and nothing is done twice.
    let outcome = notary.run(["key", "import", "bundle.pem", "--json"]);
    let blocks: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let outcomes = blocks["blocks"].as_array().unwrap().iter().map(|block| &block["outcome"]);
    let expected = ["skipped", "already-there", "failed", "already-there"];
    assert_eq!(outcomes.collect::<Vec<_>>(), expected);
    let _ = outcome.failure(2, &["2 keys were imported, but there was 1 failure"]);
}

#[test]
fn a_dry_run_stores_and_asks_for_nothing_new() {
    let mut notary = Sandbox::new();
    let plain = text_of(("11-key-files/rsa-pkcs1-plain.key", ""));
    notary.write("keys.pem", labelled(EC, &[]) + &plain);
    notary.vars.clear();
    notary.typed = Some(vec![PASSPHRASE]);
    let args = ["key", "import", "keys.pem", "-r", "alice", "--dry-run", "--json"];
    let outcome = notary.run(args);
    let question = "Enter passphrase for alice key in block 1 of `keys.pem`: \n";
    assert_eq!(outcome.terminal, question);
    assert!(outcome.stderr.contains(&format!("would import alice key {}", EC.1)));
    let report = outcome.json();
    let block = &report["blocks"][0];
    assert_eq!((&block["outcome"], &block["key_id"]), (&"dry-run".into(), &EC.1.into()));
    assert_eq!(report["blocks"][1]["key_id"], RSA.1);
    assert!(snapshot_of(&notary.trust_dir()).is_empty());
}

#[test]
fn old_and_new_passphrases_are_asked_for_and_ctrl_c_keeps_what_was_done() {
    let mut notary = Sandbox::new();
    let openssl = text_of(("11-key-files/ec-sec1-aes256.key", ""));
    let path = [("role", "targets"), ("gun", GUN), ("path", P384.1)];
    notary.write("keys.pem", openssl + &labelled(P384, &path) + &labelled(RSA, &[]));
    notary.vars.clear();
    let new = "sesame-open";
    notary.typed = Some(vec!["x", PASSPHRASE, new, new, PASSPHRASE, Sandbox::CTRL_C]);
    let outcome = notary.run(["key", "import", "keys.pem", "-r", "alice"]);
    let lines = [
        "Enter passphrase for user key in block 1 of `keys.pem`: ",
        "wrong passphrase for the user key in block 1 of `keys.pem` (2 tries left)",
        "Enter passphrase for user key in block 1 of `keys.pem`: ",
        "Enter passphrase for new user key with ID cff4c59: ",
        "Repeat passphrase for new user key with ID cff4c59: ",
        "Enter passphrase for targets key with ID 35e057b (example.com/app) in block 2 of \
         `keys.pem`: ",
        "Enter passphrase for alice key in block 3 of `keys.pem`: ",
    ];
    assert_eq!(outcome.terminal.lines().collect::<Vec<_>>(), lines, "{}", outcome.report());
    assert_eq!(outcome.code, 130, "{}", outcome.report());
    assert!(open(&file_of(&notary, EC.1), new).id().as_str() == EC.1);
    assert!(open(&file_of(&notary, P384.1), PASSPHRASE).id().as_str() == P384.1);
    assert!(!file_of(&notary, RSA.1).exists());
}
