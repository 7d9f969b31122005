//! `list`, `lookup`, `verify`, `version` and `completion`: text and JSON, and what is
//! said when there is nothing to show.

use serde_json::Value;

use super::GUN;
use crate::support::{HttpServer, NotaryServer, Published, Response, Sandbox};

const DELEGATIONS: &str = "golden.example/delegations";

fn reader(scenario: &str, gun: &str) -> (HttpServer, Sandbox) {
    let server = Published::golden(scenario, gun).serve();
    let notary = Sandbox::with_server(&server.url).at_golden_time();
    (server, notary)
}

/// The names of the members, in their order.
fn members(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn json_can_be_asked_for_in_every_way_and_is_all_that_is_printed() {
    let (_server, notary) = reader("03-delegations", DELEGATIONS);
    let _ = notary.run(["list", DELEGATIONS]).success();
    let name = notary.run(["list", DELEGATIONS, "--json"]).json()["targets"][0]["name"].clone();
    let name = name.as_str().unwrap();
    for args in [
        &["list", DELEGATIONS][..],
        &["lookup", DELEGATIONS, name],
        &["status", DELEGATIONS],
        &["key", "list"],
        &["version"],
    ] {
        let text = notary.run(args).success();
        assert_eq!(notary.run([args, &["--output", "text"]].concat()).success(), text);
        let json = notary.run([args, &["--json"]].concat()).success();
        assert!(json.starts_with("{\n  \"") && json.ends_with("\n}\n"), "{json}");
        for ways in [
            &["--output", "json"][..],
            &["--output=json"],
            &["--json", "--quiet"],
            &["--json", "--color", "always"],
            &["--json=true"],
        ] {
            assert_eq!(notary.run([args, ways].concat()).success(), json, "{args:?} {ways:?}");
        }
        assert_eq!(notary.run([args, &["--json=false"]].concat()).success(), text);
        let wrong = [args, &["--output", "xml"]].concat();
        let _ = notary.refuses(&wrong, 2, &["possible values: json, text"]);
    }
}

#[test]
fn members_of_json_have_a_fixed_order() {
    let (_server, notary) = reader("03-delegations", DELEGATIONS);
    let list = notary.run(["list", DELEGATIONS, "--json"]).success();
    let at = |text: &str, word: &str| text.find(word).unwrap_or_else(|| panic!("{word}: {text}"));
    let ordered = |text: &str, words: &[&str]| {
        let places: Vec<_> = words.iter().map(|word| at(text, &format!("\"{word}\":"))).collect();
        assert!(places.is_sorted(), "{words:?}\n{text}");
    };
    ordered(
        &list,
        &["gun", "source", "kind", "targets", "name", "role", "length", "hashes", "sha256"],
    );
    let value: Value = serde_json::from_str(&list).unwrap();
    let names: Vec<_> = value["targets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    assert!(names.is_sorted() && names.len() > 2, "{names:?}");
    let offline = notary.run(["list", DELEGATIONS, "--json", "--offline"]).success();
    ordered(&offline, &["gun", "source", "kind", "checked_at", "expires", "targets"]);
    assert_eq!(members(&serde_json::from_str(&list).unwrap()), ["gun", "source", "targets"]);
}

/// Whoever wants JSON gets nothing on stdout instead of half of it, and the error as everybody.
#[test]
fn errors_are_the_same_when_json_is_wanted() {
    let server = HttpServer::start(|_| Response::not_found());
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", "content");
    let words = format!("error: {} does not have {GUN}\n", server.url);
    for args in [
        &["list", GUN][..],
        &["lookup", GUN, "t"],
        &["verify", GUN, "t", "-i", "file"],
        &["publish", GUN],
    ] {
        let json = notary.refuses([args, &["--json"]].concat(), 4, &[&words]);
        assert_eq!(json.stdout, "");
        assert_eq!(json.stderr, notary.run(args).stderr);
    }
}

#[test]
fn roles_choose_what_is_looked_at() {
    let (_server, notary) = reader("03-delegations", DELEGATIONS);
    let all = notary.run(["list", DELEGATIONS, "--json"]).json();
    let rows = all["targets"].as_array().unwrap().clone();
    let roles: std::collections::BTreeSet<_> =
        rows.iter().map(|row| row["role"].as_str().unwrap()).collect();
    assert!(roles.len() > 1, "{roles:?}");
    for role in &roles {
        for options in [["-r", role], ["--roles", role]] {
            let args = [&["list", DELEGATIONS, "--json"], &options[..]].concat();
            let listed = notary.run(args).json();
            let listed = listed["targets"].as_array().unwrap().clone();
            assert!(!listed.is_empty(), "{role}");
            for row in listed {
                assert!(row["role"].as_str().unwrap().starts_with(role), "{role}: {row}");
                let name = row["name"].as_str().unwrap();
                let args = ["lookup", DELEGATIONS, name, "--json", options[0], options[1]];
                assert_eq!(notary.run(args).json()["target"], row);
            }
        }
    }
    // As in the Go program, a role that the collection does not have is no error.
    let nothing = "\nNo targets present in this repository.\n\n";
    for role in ["targets/nobody", "snapshot"] {
        assert_eq!(notary.run(["list", DELEGATIONS, "-r", role]).success(), nothing, "{role}");
    }
    let args = ["lookup", DELEGATIONS, "one", "-r", "targets/nobody"];
    let _ = notary.refuses(args, 4, &["has no target \"one\""]);
}

#[test]
fn what_is_not_signed_is_not_found() {
    let (_server, notary) = reader("02-published", "golden.example/published");
    notary.write("file", "content");
    let _ = notary.run(["list", "golden.example/published"]).success();
    for name in ["nothing", "", "v1/", "V1", "a b", "it's"] {
        for args in [
            &["lookup", "golden.example/published", name][..],
            &["verify", "golden.example/published", name, "-i", "file"],
        ] {
            let words = [
                format!("error: golden.example/published has no target {name:?}\n"),
                "hint: `notary list golden.example/published` shows all targets\n".to_owned(),
            ];
            let _ = notary.refuses(args, 4, &words.each_ref().map(String::as_str));
        }
    }
}

/// Names in hints can be pasted into a shell.
#[test]
fn hints_are_quoted_for_the_shell() {
    let server = HttpServer::start(|_| Response::not_found());
    let notary = Sandbox::with_server(&server.url);
    for (gun, quoted) in
        [("a b", "'a b'"), ("it's", r"'it'\''s'"), ("$(x)", "'$(x)'"), ("a/b", "a/b")]
    {
        let hint = format!("hint: `notary init {quoted}` makes a new collection\n");
        let _ = notary.refuses(["list", gun], 4, &[&hint]);
        let hint = format!("hint: `notary delete {quoted} --remote` deletes it from the server\n");
        let _ = notary.refuses(["delete", gun], 4, &[&hint]);
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let notary = Sandbox::new();
    let version = env!("CARGO_PKG_VERSION");
    let text = notary.run(["version"]).success();
    assert!(text.starts_with(&format!("notary\n Version:    {version}\n Git commit: ")), "{text}");
    let json = notary.run(["version", "--json"]).json();
    assert_eq!((members(&json), &json["version"]), (vec!["commit", "version"], &version.into()));
    for option in ["--version", "-V"] {
        assert_eq!(notary.run([option]).success(), format!("notary {version}\n"));
    }
    let _ = notary.refuses(["list", "--version"], 2, &["unexpected argument '--version'"]);
}

#[test]
fn completions_are_printed_for_each_shell() {
    let notary = Sandbox::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = notary.run(["completion", shell]).success();
        for word in ["addhash", "rootcert", "tlscacert"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        let bare = notary.run(["completion", shell, "--no-descriptions"]).success();
        assert!(bare.contains("addhash"), "{shell}");
        let says = |script: &str| script.contains("Sign the staged changes");
        assert!(!says(&bare) && (shell == "bash" || says(&script)), "{shell}");
    }
    let _ = notary.refuses(["completion", "tcsh"], 2, &["possible values: bash, elvish, fish"]);
    let _ = notary.refuses(["completion"], 2, &["<SHELL>"]);
}

#[test]
fn help_is_there_for_every_command() {
    let notary = Sandbox::new();
    for command in [
        "add",
        "addhash",
        "completion",
        "delete",
        "init",
        "key",
        "key list",
        "list",
        "lookup",
        "publish",
        "remove",
        "reset",
        "status",
        "verify",
        "version",
    ] {
        let words: Vec<_> = command.split(' ').collect();
        let long = notary.run([&words[..], &["--help"]].concat()).success();
        assert!(long.contains(&format!("Usage: notary {command}")), "{long}");
        assert!(long.contains("--tlscacert"), "{long}");
        let short = notary.run([&words[..], &["-h"]].concat()).success();
        assert!(short.len() < long.len(), "{command}");
        assert_eq!(notary.run([&["help"], &words[..]].concat()).success(), long);
    }
    for args in [&["lst"][..], &["help", "bogus"], &["key", "bogus"]] {
        let _ = notary.refuses(args, 2, &["unrecognized subcommand"]);
    }
    let _ = notary.refuses(["lst"], 2, &["a similar subcommand exists: 'list'"]);
    let nothing = notary.run([""; 0]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (2, ""));
    assert!(nothing.stderr.contains("Usage: notary [OPTIONS] <COMMAND>"));
}

#[test]
fn publish_tells_in_json_what_it_did() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", "content");
    let _ = notary.run(["init", GUN]).success();
    let _ = notary.run(["add", GUN, "t", "file"]).success();
    let dry = notary.run(["publish", GUN, "--dry-run", "--json"]).json();
    assert_eq!((&dry["outcome"], &dry["first"]), (&"dry-run".into(), &true.into()));
    assert_eq!(notary.run(["publish", GUN, "--dry-run"]).success(), "");
    let done = notary.run(["publish", GUN, "--output", "json"]).json();
    assert_eq!((&done["outcome"], &done["first"]), (&"published".into(), &true.into()));
    assert_eq!(done["changes"], dry["changes"]);
    let roles: Vec<_> = done["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["role"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["root", "targets", "snapshot"]);
    let again = notary.run(["add", GUN, "t", "file", "-p", "-q"]);
    assert_eq!(again.stderr, "");
}

#[test]
fn publishing_a_name_that_nobody_knows_makes_nothing_unless_asked_to() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let words = [
        format!("error: {} does not have {GUN}\n", server.url),
        format!("hint: `notary init {GUN}` makes a new collection\n"),
    ];
    let _ = notary.refuses(["publish", GUN], 4, &words.each_ref().map(String::as_str));
    assert!(!notary.trust_dir().join("tuf").exists());
    let published = notary.run(["publish", GUN, "--init"]).success();
    assert!(published.ends_with(&format!("published changes for repository {GUN}\n")));
    assert_eq!(Sandbox::with_server(&server.url).run(["list", GUN]).code, 0);
}
