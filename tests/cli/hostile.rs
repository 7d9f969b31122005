//! Files of the trust directory that are damaged, hostile or far too large: the file is named with
//! the reason, nothing panics, and no more is read than can be of use.

use std::fs::{self, File};
use std::path::Path;

use super::GUN;
use crate::support::{
    NotaryServer, Published, Sandbox, copy_dir, golden, read_golden, snapshot_of,
};

const SCENARIO: &str = "02-published";
const PUBLISHED: &str = "golden.example/published";

/// Larger than the memory of most machines; takes no place on the disk.
fn make_huge(path: &Path) {
    File::create(path).unwrap().set_len(10 << 30).unwrap();
}

/// Brackets that would need a stack of many megabytes.
fn deep() -> Vec<u8> {
    [vec![b'['; 200_000], vec![b']'; 200_000]].concat()
}

fn is_small_and_harmless(stderr: &str) -> bool {
    stderr.len() < 3000 && !stderr.contains('\u{1b}')
}

#[test]
fn damaged_changes_are_named_and_can_be_dropped() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", "content");
    let _ = notary.run(["init", GUN]).success();
    let _ = notary.run(["add", GUN, "good", "file"]).success();
    let path = notary.collection_dir(GUN).join("changelist/00000000000000000000_damaged.change");
    let of = |rest: &str| format!(r#"{{"role":"targets","path":"x",{rest}}}"#).into_bytes();
    let cases: [(Vec<u8>, &str); 13] = [
        (b"".into(), "EOF while parsing"),
        (b"{".into(), "EOF while parsing"),
        (b"null".into(), "invalid type: null"),
        (b"[]".into(), "invalid length 0"),
        (b"\xff\xfe".into(), "expected value"),
        (b"\x1b[2J".into(), "expected value"),
        (deep(), "expected value"),
        (of(r#""action":"burn","type":"target","data":null"#), "unknown variant `burn`"),
        (of(r#""action":"create","type":"\u001b[2J","data":null"#), "unknown variant"),
        (of(r#""action":"create","type":"target","data":1"#), "invalid type: integer"),
        (of(r#""action":"create","type":"target","data":"*""#), "cannot be read: "),
        ([of(r#""action":"create","type":"target""#), b"{}".into()].concat(), "trailing"),
        (of(r#""action":"create","action":"create","type":"target""#), "duplicate field"),
    ];
    for (content, why) in cases {
        fs::write(&path, content).unwrap();
        let named = format!("staged change `{}` cannot be read: ", path.display());
        let hint = format!("hint: `notary status {GUN}` shows its number, `notary reset {GUN} -n");
        let words = [named.as_str(), why, &hint];
        let outcome = notary.refuses(["publish", GUN], 1, &words);
        assert!(is_small_and_harmless(&outcome.stderr), "{}", outcome.report());

        let outcome = notary.run(["status", GUN]);
        assert!(
            outcome.stdout.contains("\n0    damaged    ?          ?         ?\n"),
            "{}",
            outcome.report()
        );
        assert!(outcome.stdout.contains("\n1    create     targets    target    good\n"));
        let _ = outcome.failure(1, &words);
        let _ = notary.run(["reset", GUN, "-n", "0"]).success();
        assert!(!path.exists());
    }
    let status = notary.run(["status", GUN]).success();
    assert!(status.contains("\n0    create    targets    target    good\n"), "{status}");
}

#[test]
fn changes_that_are_no_files_or_huge_are_named() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", "content");
    let _ = notary.run(["add", GUN, "good", "file"]).success();
    let path = notary.collection_dir(GUN).join("changelist/00000000000000000000_damaged.change");
    make_huge(&path);
    let words = [path.to_str().unwrap(), "it is larger than 16777216 bytes"];
    let _ = notary.run(["status", GUN]).failure(1, &words);
    let _ = notary.run(["reset", GUN, "--all"]).success();
    assert!(!path.exists());
    fs::create_dir(&path).unwrap();
    let _ = notary.run(["status", GUN]).failure(1, &[path.to_str().unwrap(), "it is a directory"]);
    let _ = notary.run(["reset", GUN, "-n", "0"]).failure(1, &["cannot remove", "Is a directory"]);
}

/// A change with a payload that fits no publication names itself, and what is staged stays.
#[test]
fn changes_that_nobody_can_publish_are_named() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", "content");
    let _ = notary.run(["init", GUN]).success();
    let _ = notary.run(["add", GUN, "good", "file"]).success();
    let path = notary.collection_dir(GUN).join("changelist/9_bad.change");
    let encode =
        |payload: &str| format!("\"{}\"", data_encoding::BASE64.encode(payload.as_bytes()));
    let (none, empty) = ("null".to_owned(), encode(r#"{"length":1,"hashes":{}}"#));
    let (unreadable, object) = ("its payload cannot be read", encode("{}"));
    for (action, kind, role, target, data, words) in [
        ("create", "target", "targets", "x", &none, unreadable),
        ("create", "target", "targets", "x", &encode("{"), unreadable),
        ("create", "target", "targets", "x", &encode(r#"{"length":"1"}"#), unreadable),
        ("create", "target", "targets", r"\u001b[2J", &empty, "control characters"),
        ("create", "target", "targets/none", "x", &empty, "targets/none"),
        ("create", "target", "snapshot", "x", &object, "is not possible for role snapshot"),
        ("create", "target", "../../x", "x", &object, "\"../../x\" is not a role name"),
        ("update", "target", "targets", "x", &object, "type `target` with action `update`"),
        ("create", "witness", "targets", "", &object, "type `witness` with action `create`"),
        ("create", "role", "root", "", &object, unreadable),
        ("delete", "delegation", "targets", "", &none, "type `delegation` with action"),
    ] {
        let change = [
            format!(r#"{{"action":"{action}","role":"{role}","type":"{kind}","#),
            format!(r#""path":"{target}","data":{data}}}"#),
        ]
        .concat();
        fs::write(&path, change).unwrap();
        let hint = format!("`notary reset {GUN} -n 1` drops it");
        let outcome =
            notary.refuses(["publish", GUN], 1, &["error: staged change 1 (", words, &hint]);
        assert!(is_small_and_harmless(&outcome.stderr), "{}", outcome.report());
    }
}

#[test]
fn damaged_metadata_in_the_cache_is_named() {
    let server = Published::golden(SCENARIO, PUBLISHED).serve();
    let contents: [&[u8]; 6] =
        [b"", b"{", b"null", b"\xff", b"{\"signed\":{},\"signatures\":[]}", &deep()];
    for content in contents {
        let notary = Sandbox::with_server(&server.url).at_golden_time();
        copy_dir(&golden(SCENARIO).join("trust"), &notary.trust_dir());
        let metadata = notary.collection_dir(PUBLISHED).join("metadata");
        // The anchor of trust is never replaced in silence.
        let root = metadata.join("root.json");
        fs::write(&root, content).unwrap();
        let named = format!("the trusted root `{}` cannot be used", root.display());
        let hint = format!("hint: `notary delete {PUBLISHED}` forgets it");
        for options in [&[][..], &["--offline"]] {
            let args = [&["list", PUBLISHED], options].concat();
            let outcome = notary.refuses(args, 3, &[&named, "caused by: root ", &hint]);
            assert!(is_small_and_harmless(&outcome.stderr), "{}", outcome.report());
        }
        let _ = notary.run(["delete", PUBLISHED]).success();
        assert_eq!(
            notary.run(["list", PUBLISHED]).success().as_bytes(),
            read_golden("02-published/list.txt")
        );

        // Everything else can be had again.
        for role in ["timestamp", "snapshot", "targets"] {
            fs::write(metadata.join(format!("{role}.json")), content).unwrap();
            let outcome = notary.run(["--offline", "list", PUBLISHED]);
            assert!(outcome.code != 0 && outcome.stdout.is_empty(), "{}", outcome.report());
            assert!(outcome.stderr.contains(role), "{}", outcome.report());
            assert!(is_small_and_harmless(&outcome.stderr), "{}", outcome.report());
            let listed = notary.run(["list", PUBLISHED]).success();
            assert_eq!(listed.as_bytes(), read_golden("02-published/list.txt"));
        }
    }
}

#[test]
fn huge_files_in_the_trust_directory_are_refused_by_their_size() {
    let server = Published::golden(SCENARIO, PUBLISHED).serve();
    for name in [
        "metadata/root.json",
        "metadata/timestamp.json",
        "metadata/snapshot.json",
        "metadata/targets.json",
        "floors.json",
    ] {
        let notary = Sandbox::with_server(&server.url).at_golden_time();
        copy_dir(&golden(SCENARIO).join("trust"), &notary.trust_dir());
        let path = notary.collection_dir(PUBLISHED).join(name);
        make_huge(&path);
        let named = format!("cannot read `{}`", path.display());
        let outcome = notary.run(["--offline", "list", PUBLISHED]);
        assert_eq!(outcome.stdout, "");
        let _ = outcome.failure(1, &[&named, "caused by: it is larger than "]);
    }
}

#[test]
fn damaged_floors_are_never_taken_for_none() {
    let server = Published::golden(SCENARIO, PUBLISHED).serve();
    for content in ["", "{", "[]", "null", "{\"targets\":-1}", "{\"targets\":\"\\u001b[2J\"}"] {
        let notary = Sandbox::with_server(&server.url).at_golden_time();
        copy_dir(&golden(SCENARIO).join("trust"), &notary.trust_dir());
        let path = notary.collection_dir(PUBLISHED).join("floors.json");
        fs::write(&path, content).unwrap();
        let named = format!("`{}` is damaged: ", path.display());
        let outcome = notary.refuses(["list", PUBLISHED], 1, &[&named]);
        assert!(is_small_and_harmless(&outcome.stderr), "{}", outcome.report());
    }
}

#[test]
fn damaged_key_files_are_named_and_do_not_hide_the_others() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", GUN]).success();
    let listed = notary.run(["key", "list"]).success();
    let private = notary.trust_dir().join("private");
    let name = "0".repeat(64);
    let contents: [(&[u8], &str); 5] = [
        (b"", "there is no PEM block in it"),
        (b"\x1b[2J", "there is no PEM block in it"),
        (
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "the label `CERTIFICATE`",
        ),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n", "there is no PEM block in it"),
        (&[b'x'; 70_000], "it is larger than 65536 bytes"),
    ];
    let path = private.join(format!("{name}.key"));
    for (content, why) in contents {
        fs::write(&path, content).unwrap();
        let outcome = notary.run(["key", "list"]);
        let warning = format!("warning: `{}` is not a usable key file\n", path.display());
        assert!(outcome.stderr.starts_with(&warning), "{}", outcome.report());
        assert!(outcome.stderr.contains(why), "{}", outcome.report());
        assert!(is_small_and_harmless(&outcome.stderr), "{}", outcome.report());
        assert_eq!(outcome.success(), listed);
    }
    make_huge(&path);
    assert!(notary.run(["key", "list"]).stderr.contains("it is larger than 65536 bytes"));
    fs::remove_file(&path).unwrap();
    let odd = private.join("notes.key");
    fs::write(&odd, "").unwrap();
    assert!(notary.run(["key", "list"]).stderr.contains("its name is not a key id"));
}

/// A private key whose content is damaged cannot sign; what is staged stays.
#[test]
fn a_damaged_key_that_is_needed_is_named() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", "content");
    let _ = notary.run(["init", GUN]).success();
    let _ = notary.run(["add", GUN, "t", "file"]).success();
    let keys = notary.run(["key", "list", "--json"]).json();
    let keys = keys["keys"].as_array().unwrap();
    let key = |role: &str| keys.iter().find(|key| key["role"] == role).unwrap();
    let (targets, snapshot) = (key("targets"), key("snapshot"));
    let path = Path::new(targets["file"].as_str().unwrap());
    let good = fs::read_to_string(path).unwrap();
    let other = fs::read_to_string(snapshot["file"].as_str().unwrap()).unwrap();
    let id = targets["key_id"].as_str().unwrap();
    let other = other.replace("role: snapshot", "role: targets");
    let mut damaged = good.lines().map(str::to_owned).collect::<Vec<_>>();
    let middle = damaged.len() / 2;
    damaged[middle] = "A".repeat(64);
    notary.run(["status", GUN]).success();
    for content in [damaged.join("\n"), other, good.replace("ENCRYPTED ", "")] {
        fs::write(path, &content).unwrap();
        let outcome = notary.refuses(["publish", GUN], 7, &[&id[..7]]);
        assert!(is_small_and_harmless(&outcome.stderr), "{}", outcome.report());
    }
    fs::write(path, "").unwrap();
    let outcome = notary.run(["publish", GUN]);
    assert!(outcome.code == 1 || outcome.code == 7, "{}", outcome.report());
    fs::write(path, good).unwrap();
    let _ = notary.run(["publish", GUN]).success();
}

#[test]
fn custom_data_that_cannot_be_signed_is_refused() {
    let notary = Sandbox::new();
    notary.write("file", "content");
    let cases: [(&[u8], &str); 12] = [
        (b"", "caused by: "),
        (b"{", "caused by: "),
        (b"{} {}", "caused by: "),
        (b"nonsense", "caused by: "),
        (b"\xff", "caused by: "),
        (b"1.5", "caused by: "),
        (b"1e400", "caused by: "),
        (b"9007199254740993", "beyond 2^53"),
        (b"{\"a\":1,\"a\":2}", "member \"a\" occurs more than once"),
        (b"{\"\\u001b\":1}", "control characters"),
        (b"\"\\u0000\"", "control characters"),
        (&deep(), "caused by: "),
    ];
    let path = notary.work().join("custom");
    let hash = "0".repeat(64);
    for (content, why) in cases {
        fs::write(&path, content).unwrap();
        for args in [
            &["add", GUN, "t", "file", "--custom", "custom"][..],
            &["addhash", GUN, "t", "1", "--sha256", &hash, "--custom", "custom"],
        ] {
            let named = format!("the custom data in `{}` cannot be signed", path.display());
            let outcome = notary.refuses(args, 1, &[&named, why]);
            assert!(is_small_and_harmless(&outcome.stderr), "{}", outcome.report());
        }
    }
    make_huge(&path);
    let words = [path.to_str().unwrap(), "it is larger than 1048576 bytes"];
    let _ = notary.refuses(["add", GUN, "t", "file", "--custom", "custom"], 1, &words);
    let words = ["cannot read `", "caused by: there is no such file"];
    let _ = notary.refuses(["add", GUN, "t", "file", "--custom", "missing"], 1, &words);
    assert!(snapshot_of(&notary.trust_dir()).is_empty());
}

#[test]
fn root_keys_and_certificates_that_cannot_be_used_are_refused() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    notary.write("junk", "junk");
    notary.write("certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    notary.write("open.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    make_huge(&notary.work().join("huge"));
    fs::create_dir(notary.work().join("directory")).unwrap();
    for (option, file, why) in [
        ("--rootkey", "missing", "there is no such file"),
        ("--rootkey", "directory", "it is a directory"),
        ("--rootkey", "huge", "it is larger than 1048576 bytes"),
        ("--rootkey", "junk", "has no private key"),
        ("--rootkey", "certificate", "has no private key"),
        ("--rootcert", "missing", "there is no such file"),
        ("--rootcert", "directory", "it is a directory"),
        ("--rootcert", "huge", "it is larger than 1048576 bytes"),
        ("--rootcert", "junk", "has no certificate: not a PEM file"),
        ("--rootcert", "open.pem", "its first block is of type `PRIVATE KEY`"),
        ("--rootcert", "certificate", "has no certificate: it cannot be parsed"),
    ] {
        let named = format!("`{}`", notary.work().join(file).display());
        let _ = notary.refuses(["init", GUN, option, file], 1, &[&named, why]);
    }
    let _ = notary.refuses(
        ["init", GUN, "--rootkey", "open.pem"],
        7,
        &["the private key is malformed"],
    );
}
