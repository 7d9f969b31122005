//! `add`, `addhash`, `remove`, `status` and `reset`: every option, and what is printed.

use super::GUN;
use crate::support::{Sandbox, copy_dir, golden, read_golden, snapshot_of};

const SHA256: &str = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73";
const SHA512: &str = "b2d1d285b5199c85f988d03649c37e44fd3dde01e5d69c50fef90651962f48110e9340b60d49a479c4c0b53f5f07d690686dd87d2481937a512e8b85ee7c617f";

/// What each staged change says: action, role, type, path.
fn staged(notary: &Sandbox) -> Vec<[String; 4]> {
    let status = notary.run(["status", GUN, "--json"]).json();
    let members = ["action", "role", "type", "path"];
    let changes = status["changes"].as_array().unwrap().iter();
    changes.map(|change| members.map(|name| change[name].as_str().unwrap().to_owned())).collect()
}

/// The payloads of the staged changes.
fn payloads(notary: &Sandbox) -> Vec<String> {
    let files = snapshot_of(&notary.collection_dir(GUN).join("changelist")).into_values();
    let payload = |file: Vec<u8>| {
        let change: serde_json::Value = serde_json::from_slice(&file).unwrap();
        let data = change["data"].as_str().map(|data| data.as_bytes());
        let data = data.map(|data| data_encoding::BASE64.decode(data).unwrap());
        data.map_or("null".to_owned(), |data| String::from_utf8(data).unwrap())
    };
    files.map(payload).collect()
}

fn sandbox() -> Sandbox {
    let notary = Sandbox::new();
    notary.write("file", "content");
    notary.write("custom", r#"{ "b": 1, "a": [true, null, "é"] }"#);
    notary
}

/// A command, options, the line that is printed, and the roles of the staged changes.
type Case<'a> = (&'a [&'a str], &'a [&'a str], &'a str, &'a [&'a str]);

/// The lines, and the roles that are staged, of `add`, `addhash` and `remove` with their options.
#[test]
fn every_option_has_its_effect() {
    let add = ["add", GUN, "t", "file"];
    let hash = ["addhash", GUN, "t", "7", "--sha256", SHA256];
    let remove = ["remove", GUN, "t"];
    let added =
        format!("Addition of target \"t\" to repository \"{GUN}\" staged for next publish.\n");
    let hashed = |which: &str| {
        format!(
            "Addition of target \"t\" by {which} hash to repository \"{GUN}\" staged for next publish.\n"
        )
    };
    let removed = format!("Removal of t from {GUN} staged for next publish.\n");
    let (by256, by512, both) = (hashed("sha256"), hashed("sha512"), hashed("sha256, sha512"));
    let targets = ["targets"].as_slice();
    let delegations = ["targets/a", "targets/b"].as_slice();
    let with_sha512 = ["addhash", GUN, "t", "7", "--sha512", SHA512];
    let upper = SHA256.to_uppercase();
    let cases: [Case<'_>; 16] = [
        (&add, &[], &added, targets),
        (&add, &["-r", "targets/a"], &added, &["targets/a"]),
        (&add, &["-r", "targets/a,targets/b"], &added, delegations),
        (&add, &["-r", "targets/a", "--roles=targets/b"], &added, delegations),
        (&add, &["-rtargets/a", "-r\"targets/b\""], &added, delegations),
        (&add, &["--roles", ""], &added, targets),
        (&add, &["--publish=false", "-p=false"], &added, targets),
        (&add, &["--custom", "custom"], &added, targets),
        (&hash, &[], &by256, targets),
        (&hash, &["--sha512", SHA512], &both, targets),
        (&with_sha512, &[], &by512, targets),
        (&["addhash", GUN, "t", "7", "--sha256", &upper], &[], &by256, targets),
        (&hash, &["-r", "targets/a,targets/b"], &by256, delegations),
        (&hash, &["--custom", "custom"], &by256, targets),
        (&remove, &[], &removed, targets),
        (&remove, &["-r", "targets/a", "-r", "targets/b"], &removed, delegations),
    ];
    for (command, options, line, roles) in cases {
        let notary = sandbox();
        // Options go anywhere.
        let (name, words) = command.split_at(1);
        for args in [[name, words, options].concat(), [name, options, words].concat()] {
            let outcome = notary.run(&args);
            // Additions to `targets` fit every collection, also one that is not known here.
            match command[0] != "remove" && roles == targets {
                true => assert_eq!(outcome.stderr, "", "{}", outcome.report()),
                false => assert!(outcome.stderr.starts_with("staged unchecked: file:///")),
            }
            assert_eq!(outcome.success(), line, "{args:?}");
        }
        let action = if command[0] == "remove" { "delete" } else { "create" };
        let expected: Vec<_> =
            roles.iter().map(|role| [action, role, "target", "t"].map(str::to_owned)).collect();
        assert_eq!(
            staged(&notary),
            [expected.clone(), expected].concat(),
            "{command:?} {options:?}"
        );
        let payloads = payloads(&notary);
        let has = |text: &str| payloads.iter().all(|payload| payload.contains(text));
        assert_eq!(has("\"custom\":"), options.contains(&"custom"), "{payloads:?}");
        assert_eq!(has("\"length\":7"), action == "create", "{payloads:?}");
        let words = [command, options].concat();
        assert_eq!(
            has("\"sha512\""),
            command[0] == "add" || words.contains(&"--sha512"),
            "{payloads:?}"
        );
    }
}

#[test]
fn a_file_and_its_hashes_make_the_same_change() {
    let notary = sandbox();
    let _ = notary.run(["add", GUN, "t", "file"]).success();
    let _ =
        notary.run(["addhash", GUN, "t", "7", "--sha256", SHA256, "--sha512", SHA512]).success();
    let payloads = payloads(&notary);
    assert_eq!(payloads[0], payloads[1]);
}

#[test]
fn wrong_hashes_and_sizes_are_refused() {
    let notary = Sandbox::new();
    for (size, option, hash, why) in [
        ("7", "--sha256", &SHA256[1..], "64 hex digits are needed, not 63"),
        ("7", "--sha256", SHA512, "64 hex digits are needed, not 128"),
        ("7", "--sha512", SHA256, "128 hex digits are needed, not 64"),
        ("7", "--sha256", "", "64 hex digits are needed, not 0"),
        ("7", "--sha256", "zz", "'z' is not a hex digit"),
        ("ten", "--sha256", SHA256, "a size is a decimal number of bytes"),
        ("-1", "--sha256", SHA256, "a size is a decimal number of bytes"),
        ("010", "--sha256", SHA256, "a size is a decimal number of bytes"),
        ("0x10", "--sha256", SHA256, "a size is a decimal number of bytes"),
        ("1e3", "--sha256", SHA256, "a size is a decimal number of bytes"),
        (
            "9223372036854775808",
            "--sha256",
            SHA256,
            "sizes above 9007199254740991 cannot be signed",
        ),
        ("", "--sha256", SHA256, "a size is a decimal number of bytes"),
    ] {
        let _ = notary.refuses(["addhash", GUN, "t", size, option, hash], 2, &[why]);
    }
    let _ = notary.refuses(["addhash", GUN, "t", "7"], 2, &["--sha256 <HEX>|--sha512 <HEX>"]);
    let words = ["required arguments were not provided", "<SIZE>"];
    let _ = notary.refuses(["addhash", GUN, "t", "--sha256", SHA256], 2, &words);
    assert!(!notary.trust_dir().exists());
}

#[test]
fn a_file_that_cannot_be_added_is_named() {
    let notary = Sandbox::new();
    std::fs::create_dir(notary.work().join("directory")).unwrap();
    for (file, why) in [
        ("missing", "caused by: there is no such file"),
        ("directory", "caused by: it is a directory"),
        ("/dev/null", "caused by: it is not a regular file"),
    ] {
        let named = format!("error: cannot read `{}`", notary.work().join(file).display());
        let _ = notary.refuses(["add", GUN, "t", file], 1, &[&named, why]);
    }
    assert!(!notary.trust_dir().exists());
}

/// Byte for byte what the Go client printed for what it had staged.
#[test]
fn status_prints_what_the_go_client_prints() {
    let notary = Sandbox::new();
    copy_dir(&golden("06-staged/trust"), &notary.trust_dir());
    let printed = String::from_utf8(read_golden("06-staged/status.txt")).unwrap();
    let gun =
        printed.lines().find_map(|line| line.strip_prefix("Unpublished changes for ")).unwrap();
    let gun = gun.trim_end_matches(':');
    assert_eq!(notary.run(["status", gun]).success(), printed);
}

#[test]
fn chosen_changes_are_dropped() {
    for (options, left) in [
        (&["-n", "0"][..], &["b", "c", "d"][..]),
        (&["-n", "0,2"], &["b", "d"]),
        (&["-n", "0", "--number", "3", "-n0"], &["b", "c"]),
        (&["--number=3,2,1,0"], &[]),
        (&["-n", "1", "--all"], &[]),
        (&["--all"], &[]),
        (&["--all", "-n", "99"], &[]),
    ] {
        let notary = Sandbox::new();
        for name in ["a", "b", "c", "d"] {
            let _ = notary.run(["remove", GUN, name]).success();
        }
        let outcome = notary.run([&["reset", GUN], options].concat());
        let dropped = 4 - left.len();
        let note = format!("dropped {dropped} change{}\n", if dropped == 1 { "" } else { "s" });
        assert_eq!(outcome.stderr, note, "{options:?}");
        let line = format!("Successfully reset specified changes for repository {GUN}\n");
        assert_eq!(outcome.success(), line);
        let paths: Vec<_> = staged(&notary).into_iter().map(|[.., path]| path).collect();
        assert_eq!(paths, left, "{options:?}");
    }
}

#[test]
fn numbers_that_do_not_exist_drop_nothing() {
    let notary = Sandbox::new();
    for name in ["a", "b"] {
        let _ = notary.run(["remove", GUN, name]).success();
    }
    for (number, code, words) in [
        ("2", 4, "error: example.com/app has no staged change 2\nhint: `notary status"),
        ("0,99", 4, "has no staged change 99"),
        ("-1", 2, "-1"),
        ("abc", 2, "\"abc\" is not the number of a staged change"),
        ("0,", 2, "\"\" is not the number of a staged change"),
        ("1.5", 2, "\"1.5\" is not the number"),
        ("99999999999999999999999", 2, "is not the number of a staged change"),
    ] {
        let _ = notary.refuses(["reset", GUN, "-n", number], code, &[words]);
    }
    let _ = notary.refuses(["reset", GUN], 2, &["--number <NUMBERS>|--all"]);
    let _ = notary.refuses(["reset", GUN, "-n", ""], 2, &["number of a staged change is missing"]);
    assert_eq!(staged(&notary).len(), 2);
}

#[test]
fn looking_at_what_is_not_there_creates_nothing() {
    let notary = Sandbox::new();
    let status = notary.run(["status", "no/such/thing"]).success();
    assert_eq!(status, "No unpublished changes for no/such/thing\n");
    let json = notary.run(["status", "no/such/thing", "--json"]).json();
    assert_eq!(json["changes"], serde_json::json!([]));
    let _ = notary.run(["reset", "no/such/thing", "--all"]).success();
    assert_eq!(notary.run(["key", "list"]).success(), "\nNo signing keys found.\n\n");
    assert!(!notary.trust_dir().exists());
}

#[test]
fn superfluous_words_are_ignored_with_a_warning() {
    let notary = sandbox();
    for args in [
        &["add", GUN, "t", "file"][..],
        &["addhash", GUN, "t", "7", "--sha256", SHA256],
        &["remove", GUN, "t"],
        &["status", GUN],
        &["reset", GUN, "--all"],
        &["version"],
        &["completion", "bash"],
    ] {
        let outcome = notary.run([args, &["more", "words"]].concat());
        for word in ["more", "words"] {
            let warning = format!("warning: ignoring the extra argument `{word}`\n");
            assert!(outcome.stderr.contains(&warning), "{}", outcome.report());
        }
        let _ = outcome.success();
    }
}
