//! `key export`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use notary::tuf::pem;

use super::{EC, GUN, P384, RSA, assert_private, file_of, put};
use crate::support::{GoClient, Sandbox, snapshot_of};

const OTHER: &str = "example.com/other";

/// A key store with a root key and keys of two collections.
fn three_keys() -> Sandbox {
    let notary = Sandbox::new();
    put(&notary, P384, "targets", Some(GUN));
    put(&notary, RSA, "snapshot", Some(OTHER));
    put(&notary, EC, "root", None);
    notary
}

/// The ids in exported text, in their order.
fn ids(text: &str) -> Vec<String> {
    let blocks = pem::decode_all(text.as_bytes());
    blocks.into_iter().map(|mut block| block.headers.remove("path").unwrap()).collect()
}

#[test]
fn what_is_exported_is_what_go_exports_and_imports() {
    let notary = three_keys();
    let go = GoClient::sharing("http://127.0.0.1:1", &notary.trust_dir());
    let (gun, other) = (format!("--gun={GUN}"), format!("--gun={OTHER}"));
    for args in [
        &["key", "export"][..],
        &["key", "export", &gun],
        &["key", "export", &other],
        &["key", "export", "--key", EC.1],
        &["key", "export", "--key", EC.1, "--key", P384.1],
    ] {
        let exported = notary.run(args).success();
        assert_eq!(exported, go.run(args), "{args:?}");
        let another = GoClient::new("http://127.0.0.1:1");
        fs::write(another.directory().join("keys.pem"), &exported).unwrap();
        another.run(["key", "import", "keys.pem"]);
        let ids = ids(&exported);
        let files = snapshot_of(&another.trust_dir().join("private"));
        assert_eq!(files.len(), ids.len());
        for id in ids {
            let file = files.get(std::path::Path::new(&format!("{id}.key")));
            assert_eq!(file.unwrap(), &fs::read(file_of(&notary, &id)).unwrap(), "{id}");
        }
    }
}

#[test]
fn all_that_is_in_a_file_is_exported() {
    let notary = three_keys();
    let both =
        [fs::read(file_of(&notary, EC.1)).unwrap(), fs::read(file_of(&notary, RSA.1)).unwrap()];
    fs::write(file_of(&notary, EC.1), both.concat()).unwrap();
    let exported = notary.run(["key", "export", "--key", EC.1]).success();
    assert_eq!(ids(&exported), [EC.1, EC.1]);
    let go = GoClient::sharing("http://127.0.0.1:1", &notary.trust_dir());
    assert_eq!(exported, go.run(["key", "export", "--key", EC.1]));
}

#[test]
fn several_are_complete_and_in_the_order_of_their_ids() {
    let notary = three_keys();
    let both = format!("--gun={OTHER},{GUN}");
    let lists = format!("{},{}", EC.1, &RSA.1[..9]);
    for (args, expected) in [
        (&["--gun", OTHER, "--gun", GUN][..], &[P384.1, RSA.1][..]),
        (&[&both], &[P384.1, RSA.1]),
        (&["--key", EC.1, "--key", &P384.1[..7], "--key", &EC.1[..8]], &[P384.1, EC.1]),
        (&["--key", &lists], &[RSA.1, EC.1]),
        (&[], &[P384.1, RSA.1, EC.1]),
    ] {
        let exported = notary.run(["key", "export"].iter().chain(args)).success();
        assert_eq!(ids(&exported), expected, "{args:?}");
    }
}

#[test]
fn archived_keys_and_those_of_old_layouts_are_complete() {
    let notary = three_keys();
    let _ = notary.run(["key", "remove", RSA.1, "-y"]).success();
    put(&notary, RSA, "alice", None);
    let old = notary.trust_dir().join(format!("private/tuf_keys/{GUN}/{}_targets.key", P384.1));
    fs::create_dir_all(old.parent().unwrap()).unwrap();
    let text = fs::read_to_string(file_of(&notary, P384.1)).unwrap();
    fs::write(&old, text.replace(&format!("gun: {GUN}\nrole: targets\n\n"), "")).unwrap();
    fs::remove_file(file_of(&notary, P384.1)).unwrap();

    let exported = notary.run(["key", "export"]).success();
    assert_eq!(ids(&exported), [P384.1, RSA.1, EC.1]);
    let exported = notary.run(["key", "export", "--archived"]).success();
    assert_eq!(ids(&exported), [P384.1, RSA.1, RSA.1, EC.1]);
    let blocks = pem::decode_all(exported.as_bytes());
    let roles: Vec<_> = blocks.iter().map(|block| block.headers["role"].as_str()).collect();
    assert_eq!(roles, ["targets", "alice", "snapshot", "root"]);
    assert_eq!(blocks[0].headers["gun"], GUN);
}

#[test]
fn files_are_replaced_as_a_whole_and_private() {
    let notary = three_keys();
    let file = notary.write("keys.pem", "older and much longer than what is new\n".repeat(200));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let outcome = notary.run(["key", "export", "-o", "keys.pem", "--key", EC.1]);
    let note = format!("exported 1 private key to `{}`\n", file.display());
    assert_eq!((outcome.stdout.as_str(), &outcome.stderr), ("", &note), "{}", outcome.report());
    let _ = outcome.success();
    assert_private(&file);
    let to_stdout = notary.run(["key", "export", "--key", EC.1]).success();
    assert_eq!(fs::read_to_string(&file).unwrap(), to_stdout);
    assert_eq!(fs::read_dir(notary.work()).unwrap().count(), 1);
}

#[test]
fn wishes_that_cannot_be_fulfilled_touch_nothing() {
    let notary = three_keys();
    notary.write("keys.pem", "precious");
    notary.write("directory/file", "");
    let before = snapshot_of(&notary.work());
    for (args, code, words) in [
        (&["--gun", GUN, "--key", EC.1][..], 2, "cannot be used with"),
        (&["--gun", "none"], 4, "there are no keys of none"),
        (&["--gun", GUN, "--gun", "none"], 4, "there are no keys of none"),
        (&["--key", "1234567"], 4, "there is no key 1234567"),
        (&["--key", EC.1, "--key", "1234567"], 4, "there is no key 1234567"),
        (&["--key", "xyz"], 2, "a key id has 64 hex digits"),
        (&["--gun", ""], 2, "`--gun` needs a value"),
        (&["--key", ""], 2, "`--key` needs a value"),
        (&["more"], 2, "unexpected argument"),
    ] {
        let _ = notary.refuses(["key", "export"].iter().chain(args), code, &[words]);
        let line = ["key", "export", "-o", "keys.pem"];
        let _ = notary.refuses(line.iter().chain(args), code, &[words]);
    }
    for (file, words) in [
        ("none/keys.pem", "there is no such directory"),
        ("directory", "it is not a regular file"),
        ("/dev/null", "it is not a regular file"),
    ] {
        let _ = notary.refuses(["key", "export", "-o", file], 1, &[words]);
    }
    assert_eq!(snapshot_of(&notary.work()), before);
    let words = ["there are no keys to export", "hint: `notary key list`"];
    let _ = Sandbox::new().refuses(["key", "export"], 4, &words);
}

#[test]
fn keys_that_are_not_encrypted_and_files_that_are_none_are_warned_about() {
    let notary = three_keys();
    let plain = crate::support::read_golden("11-key-files/ec-sec1-plain.key");
    fs::write(file_of(&notary, EC.1), plain).unwrap();
    fs::write(file_of(&notary, &"0".repeat(64)), "damaged").unwrap();
    let outcome = notary.run(["key", "export", "-o", "keys.pem"]);
    let plain = format!("warning: key {} is not encrypted", EC.1);
    for words in [&plain[..], "is not a usable key file", "exported 3 private keys to"] {
        assert!(outcome.stderr.contains(words), "{words}\n{}", outcome.report());
    }
    let _ = outcome.success();
}
