//! Names of collections, roles and targets: what cannot be a name is refused where it enters the
//! program, and what comes from a server is harmless when it is printed.

use notary::ui::text::escape;

use super::GUN;
use crate::support::{HttpServer, NotaryServer, Response, Sandbox};

/// Names that cannot be those of collections, and what is said about them.
const NO_COLLECTIONS: [(&str, &str); 17] = [
    ("", "cannot be empty"),
    ("/", "cannot begin or end with `/`"),
    ("/etc/passwd", "cannot begin or end with `/`"),
    ("app/", "cannot begin or end with `/`"),
    ("..", "cannot contain the path segment `..`"),
    ("../x", "cannot contain the path segment `..`"),
    ("a/../../private", "cannot contain the path segment `..`"),
    ("./a", "cannot contain the path segment `.`"),
    ("a//b", "cannot contain an empty path segment (`//`)"),
    ("a\\b", "cannot contain '\\\\'"),
    ("a%2e", "cannot contain '%'"),
    ("a?b", "cannot contain '?'"),
    ("a#b", "cannot contain '#'"),
    ("a*", "cannot contain '*'"),
    ("a\u{1b}[31mb", "cannot contain '\\u{1b}'"),
    ("a\nb", "cannot contain '\\n'"),
    ("a\u{202e}b", "cannot contain '\\u{202e}'"),
];

/// A command line of each command that takes a collection; `GUN` stands for its name.
const COMMANDS: [&[&str]; 12] = [
    &["add", "GUN", "target", "file"],
    &["add", "GUN", "--recursive", "."],
    &["addhash", "GUN", "target", "1", "--sha256", HASH],
    &["delete", "GUN", "--yes"],
    &["init", "GUN"],
    &["list", "GUN"],
    &["lookup", "GUN", "target"],
    &["publish", "GUN", "--init"],
    &["remove", "GUN", "target"],
    &["reset", "GUN", "--all"],
    &["status", "GUN"],
    &["verify", "GUN", "target"],
];

const HASH: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn with_name(command: &[&str], name: &str) -> Vec<String> {
    command.iter().map(|word| if *word == "GUN" { name } else { word }.to_owned()).collect()
}

/// Nothing of what was given reaches a terminal raw, and nothing is created.
#[track_caller]
fn refused(notary: &Sandbox, args: &[String], words: &str) {
    let outcome = notary.refuses(args, 2, &[words]);
    let report = outcome.report();
    assert!(outcome.stderr.lines().all(|line| line == escape(line)), "{report}");
    assert!(!notary.trust_dir().exists(), "{report}");
}

#[test]
fn what_cannot_name_a_collection_is_refused_by_every_command() {
    let notary = Sandbox::new();
    notary.write("file", "content");
    for command in COMMANDS {
        for (name, words) in NO_COLLECTIONS {
            refused(&notary, &with_name(command, name), words);
        }
        let long = "l".repeat(256);
        refused(&notary, &with_name(command, &long), "cannot have more than 255 bytes");
    }
}

#[test]
fn unusual_names_of_collections_are_fine() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", "content");
    let long = format!("{}/{}", "a".repeat(127), "b".repeat(127));
    for gun in ["a", "sp ace/x y", "uni/é漢😀", "UPPER/Case:5000", "-/_", "...", &long] {
        let separator = ["--"];
        let args = |command: &'static str, rest: &[&'static str]| {
            [&[command], &separator[..], &[gun], rest].concat().into_iter().map(str::to_owned)
        };
        let _ = notary.run(args("init", &[])).success();
        let _ = notary.run(args("add", &["file", "file"])).success();
        let _ = notary.run(args("publish", &[])).success();
        let listed = notary.run(args("list", &[])).success();
        assert!(listed.contains("file"), "{gun}\n{listed}");
    }
}

#[test]
fn what_cannot_name_a_role_is_refused_by_every_command() {
    let notary = Sandbox::new();
    notary.write("file", "content");
    let names = [
        ("foo", "\"foo\" is not a role name"),
        ("Targets", "\"Targets\" is not a role name"),
        ("targets/", "is not a role name"),
        ("targets//a", "is not a role name"),
        ("targets/../root", "is not a role name"),
        ("targets/A", "is not a role name"),
        ("targets/*", "is not a role name"),
        ("targets/a\u{1b}b", "\"targets/a\\u{1b}b\" is not a role name"),
        ("targets/\u{202e}b", "\"targets/\\u{202e}b\" is not a role name"),
        ("targets,", "\"\" is not a role name"),
        ("\"targets", "a double quote is not closed"),
    ];
    let commands: [&[&str]; 6] = [
        &["add", GUN, "target", "file"],
        &["addhash", GUN, "target", "1", "--sha256", HASH],
        &["list", GUN],
        &["lookup", GUN, "target"],
        &["remove", GUN, "target"],
        &["verify", GUN, "target"],
    ];
    for command in commands {
        for (name, words) in names {
            let args = [command, &["--roles", name]].concat();
            refused(&notary, &with_name(&args, ""), words);
        }
    }
    for role in ["root", "snapshot", "timestamp"] {
        for command in [commands[0], commands[1], commands[4]] {
            let args = [command, &["-r", role]].concat();
            refused(&notary, &with_name(&args, ""), &format!("{role} cannot sign targets"));
        }
    }
}

#[test]
fn targets_with_control_characters_are_refused() {
    let notary = Sandbox::new();
    notary.write("file", "content");
    notary.write("tree/fi\u{7}le", "content");
    for (name, shown) in
        [("a\u{1b}[2Jb", "\"a\\u{1b}[2Jb\""), ("a\nb", "\"a\\nb\""), ("\u{9b}", "\"\\u{9b}\"")]
    {
        for args in [
            &["add", GUN, name, "file"][..],
            &["addhash", GUN, name, "1", "--sha256", HASH],
            &["add", GUN, "--recursive", "file", "--prefix", name],
        ] {
            let words = shown.trim_end_matches('"');
            refused(&notary, &with_name(args, ""), words);
        }
    }
    let tree = ["add", GUN, "--recursive", "tree"].map(str::to_owned);
    refused(&notary, &tree, "contains a control character");
}

#[test]
fn unusual_names_of_targets_are_taken_as_they_are() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", "content");
    let _ = notary.run(["init", GUN]).success();
    let names = ["", " ", "../up", "/abs", "a//b", "é漢😀", "<&>\"\\", "-n", "abc\u{202e}fed"];
    for name in names {
        let added = notary.run(["add", "--", GUN, name, "file"]).success();
        let name = escape(name);
        let line = format!("Addition of target \"{name}\" to repository \"{GUN}\" staged");
        assert!(added.starts_with(&line), "{added}");
    }
    let _ = notary.run(["publish", GUN]).success();
    let json = notary.run(["list", GUN, "--json"]).json();
    let mut listed: Vec<_> = json["targets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    listed.sort_unstable();
    let mut expected = names.to_vec();
    expected.sort_unstable();
    assert_eq!(listed, expected);
    let table = notary.run(["list", GUN]).success();
    assert!(table.contains("\nabc\\u{202e}fed    "), "{table}");
    for name in names {
        let verified = notary.run_with_input(["verify", "--", GUN, name], b"content");
        assert_eq!(verified.success(), "content", "{name:?}");
        let _ = notary.run(["remove", "--", GUN, name]).success();
    }
    let _ = notary.run(["publish", GUN]).success();
    assert_eq!(notary.run(["list", GUN, "--json"]).json()["targets"], serde_json::json!([]));
}

/// What a command repeats of its arguments, or of a file name, cannot move the cursor.
#[test]
fn words_of_the_command_line_are_escaped_when_they_are_repeated() {
    let notary = Sandbox::new();
    notary.write("file", "content");
    let evil = "x\u{1b}]0;title\u{7}\u{202e}y";
    for args in [
        &[evil][..],
        &["list", GUN, evil],
        &["list", GUN, &format!("--{evil}")],
        &["list", GUN, "--color", evil],
        &["list", GUN, "--output", evil],
        &["list", "-s", evil, GUN],
        &["list", "-c", evil, GUN],
        &["list", "-d", evil, GUN, "--offline"],
        &["completion", evil],
        &["reset", GUN, "-n", evil],
        &["init", GUN, "--root-key-id", evil],
        &["init", GUN, "--rootkey", evil, "-s", "http://127.0.0.1:1"],
        &["addhash", GUN, "t", evil, "--sha256", HASH],
        &["addhash", GUN, "t", "1", "--sha256", evil],
        &["add", GUN, "t", evil],
        &["add", GUN, "t", "file", "--custom", evil],
        &["verify", GUN, "t", "-i", evil],
        &["remove", GUN, evil],
        &["status", GUN, evil],
    ] {
        let outcome = notary.run(args);
        for text in [&outcome.stdout, &outcome.stderr] {
            assert!(text.lines().all(|line| line == escape(line)), "{}", outcome.report());
        }
    }
}

#[test]
fn what_a_server_says_is_escaped() {
    let evil = "\u{1b}[2J\u{202e}";
    let rejected = format!(r#"{{"errors":[{{"code":"X","message":"{}"}}]}}"#, "\\u001b[2J");
    for (answer, code, shown) in [
        (Response::status(400, evil), 5, "status 400 \\x1b[2J\\u{202e}"),
        (Response::status(400, rejected), 1, "rejected it: \\x1b[2J"),
        (Response::status(301, "").header("Location", "\u{202e}x"), 5, "points to \\u{202e}x"),
        (Response::ok(evil), 3, "root is malformed"),
        (Response::ok(r#"{"signed":{"_type":"\u001b[2J"},"signatures":[]}"#), 3, "root"),
    ] {
        let server = HttpServer::start(move |_| answer.clone());
        let notary = Sandbox::with_server(&server.url);
        for option in ["-q", "-v", "-D"] {
            let outcome = notary.refuses(["list", GUN, option], code, &[shown]);
            assert!(!outcome.stderr.contains(['\u{1b}', '\u{202e}']), "{}", outcome.report());
        }
    }
}
