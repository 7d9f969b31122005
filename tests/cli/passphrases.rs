//! Where passphrases come from, key by key, and what is said when there is none.

use std::os::unix::fs::PermissionsExt;

use super::GUN;
use crate::support::{NotaryServer, Outcome, Sandbox, snapshot_of};

const VARIABLES: [(&str, &str, &str); 3] = [
    ("NOTARY_ROOT_PASSPHRASE", "root", "root-passphrase"),
    ("NOTARY_TARGETS_PASSPHRASE", "targets", "targets-passphrase"),
    ("NOTARY_SNAPSHOT_PASSPHRASE", "snapshot", "snapshot-passphrase"),
];

/// The passphrases that nobody may ever see, typed or given.
const SECRETS: [&str; 6] = [
    "root-passphrase",
    "targets-passphrase",
    "snapshot-passphrase",
    "delegation-passphrase",
    "sesame-open",
    "mellon-open",
];

/// Nothing of any passphrase is shown.
#[track_caller]
fn discreet(outcome: Outcome) -> Outcome {
    for text in [&outcome.stdout, &outcome.stderr, &outcome.terminal] {
        assert!(SECRETS.iter().all(|secret| !text.contains(secret)), "{}", outcome.report());
    }
    outcome
}

/// The questions of a run, without key ids.
fn questions(outcome: &Outcome) -> Vec<String> {
    let lines = outcome.terminal.lines().filter(|line| line.contains(" with ID "));
    lines.map(|line| line.split(" with ID ").next().unwrap().to_owned()).collect()
}

/// What could have been given.
fn hints(variable: &str, word: &str) -> [String; 2] {
    [
        format!("hint: set {variable} or {variable}_FILE, or run this on a terminal\n"),
        format!(
            "hint: or give `--passphrase-file {word}=FILE` or `--passphrase-command COMMAND`\n"
        ),
    ]
}

fn publisher(server: &NotaryServer) -> Sandbox {
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", "content");
    let _ = notary.run(["init", GUN]).success();
    let _ = notary.run(["add", GUN, "t", "file"]).success();
    notary
}

#[test]
fn a_new_key_without_a_passphrase_is_not_made() {
    let server = NotaryServer::start();
    for (variable, role, _) in VARIABLES {
        for value in [None, Some("")] {
            let mut notary = Sandbox::with_server(&server.url);
            notary.vars.remove(variable);
            notary.vars.extend(value.map(|value| (variable.to_owned(), value.to_owned())));
            let words = format!("error: there is no passphrase for the new {role} key ");
            let hints = hints(variable, role);
            let hints = hints.each_ref().map(String::as_str);
            let _ = discreet(notary.refuses(["init", GUN], 7, &[&words, hints[0], hints[1]]));
            assert!(snapshot_of(&notary.trust_dir()).is_empty());
        }
    }
}

#[test]
fn a_key_that_cannot_be_opened_names_its_variable() {
    let server = NotaryServer::start();
    let of_collection = &format!(" of {GUN}\n");
    for (variable, role, _) in &VARIABLES[1..] {
        let mut notary = publisher(&server);
        notary.vars.insert((*variable).to_owned(), "sesame-open".to_owned());
        let words = format!("error: the value of {variable} does not open {role} key ");
        let hint = format!("hint: correct {variable}, or run this on a terminal");
        let words = [words.as_str(), &hint, of_collection];
        let _ = discreet(notary.refuses(["publish", GUN, "-D"], 7, &words));

        notary.vars.remove(*variable);
        let words = format!("error: there is no passphrase for {role} key ");
        let hints = hints(variable, role);
        let words = [&words, &hints[0], &hints[1], of_collection].map(String::as_str);
        let _ = discreet(notary.refuses(["publish", GUN, "-D"], 7, &words));
        let _ = notary.run(["delete", GUN, "--yes"]).success();
    }
    let mut notary = publisher(&server);
    notary.vars.insert("NOTARY_ROOT_PASSPHRASE".into(), "sesame-open".into());
    let words = ["the value of NOTARY_ROOT_PASSPHRASE does not open root key "];
    let _ = discreet(notary.refuses(["init", "example.com/other"], 7, &words));
    // The root key is not needed for this.
    let _ = discreet(notary.run(["publish", GUN])).success();
}

#[test]
fn each_key_is_asked_for_once_in_a_run() {
    let server = NotaryServer::start();
    let mut notary = Sandbox::with_server(&server.url);
    notary.write("file", "content");
    notary.vars.clear();
    // The same passphrase is asked for every key: it belongs to one key, not to a role.
    notary.typed = Some(vec!["sesame-open"; 6]);
    let outcome = discreet(notary.run(["init", GUN, "--publish"]));
    let new = |role: &str| {
        [
            format!("Enter passphrase for new {role} key"),
            format!("Repeat passphrase for new {role} key"),
        ]
    };
    let expected = [new("root"), new("targets"), new("snapshot")].concat();
    assert_eq!(questions(&outcome), expected);
    let _ = outcome.success();

    notary.typed = Some(vec!["sesame-open"; 2]);
    let outcome = discreet(notary.run(["add", GUN, "t", "file", "-p"]));
    let existing = |role: &str| format!("Enter passphrase for {role} key");
    assert_eq!(questions(&outcome), [existing("targets"), existing("snapshot")]);
    let _ = outcome.success();

    // What is given is not asked for.
    notary.vars.insert("NOTARY_SNAPSHOT_PASSPHRASE".into(), "sesame-open".into());
    notary.typed = Some(vec!["sesame-open"]);
    let outcome = discreet(notary.run(["remove", GUN, "t", "-p"]));
    assert_eq!(questions(&outcome), [existing("targets")]);
    let _ = outcome.success();
}

#[test]
fn a_new_passphrase_has_twelve_tries() {
    let server = NotaryServer::start();
    let mut notary = Sandbox::with_server(&server.url);
    notary.vars.remove("NOTARY_ROOT_PASSPHRASE");
    notary.typed = Some(vec!["short"; 12]);
    let words = ["error: no passphrase was chosen in 12 tries"];
    let outcome = discreet(notary.refuses(["init", GUN], 7, &words));
    assert_eq!(outcome.terminal.matches("Passphrase is too short.").count(), 12);
    assert_eq!(outcome.terminal.matches("You are about to create a new root").count(), 1);
    assert!(!outcome.terminal.contains("Repeat"), "{}", outcome.report());

    notary.typed = Some(["sesame-open", "mellon-open"].repeat(12));
    let outcome = discreet(notary.refuses(["init", GUN], 7, &words));
    let mismatch = "Passphrases do not match. Please retry.";
    assert_eq!(outcome.terminal.matches(mismatch).count(), 12);
    assert!(snapshot_of(&notary.trust_dir()).is_empty());
}

#[test]
fn values_of_the_environment_are_taken_as_they_are() {
    let server = NotaryServer::start();
    // Neither too short nor trimmed, as in the Go program.
    for value in ["x", " spaces ", "é漢😀", "a\nb", &"long".repeat(500)] {
        let mut notary = Sandbox::with_server(&server.url);
        notary.vars.insert("NOTARY_TARGETS_PASSPHRASE".into(), value.into());
        notary.write("file", "content");
        let gun = format!("example.com/{}", value.len());
        let _ = notary.run(["init", &gun]).success();
        let _ = notary.run(["add", &gun, "t", "file", "-p"]).success();
        notary.vars.insert("NOTARY_TARGETS_PASSPHRASE".into(), format!("{value} "));
        let words = ["the value of NOTARY_TARGETS_PASSPHRASE does not open"];
        let _ = notary.run(["remove", &gun, "t", "-p"]).failure(7, &words);
    }
}

#[test]
fn commands_that_sign_nothing_need_no_passphrase() {
    let server = NotaryServer::start();
    let mut notary = publisher(&server);
    let _ = notary.run(["publish", GUN]).success();
    notary.vars.clear();
    for args in [
        &["add", GUN, "u", "file"][..],
        &["status", GUN],
        &["publish", GUN, "--dry-run"],
        &["reset", GUN, "--all"],
        &["remove", GUN, "t"],
        &["list", GUN],
        &["lookup", GUN, "t"],
        &["verify", GUN, "t", "-i", "file"],
        &["key", "list"],
        &["delete", GUN, "--yes"],
    ] {
        let _ = notary.run(args).success();
    }
}

#[test]
fn a_root_key_in_a_file_is_opened_with_its_passphrase() {
    let server = NotaryServer::start();
    let owner = Sandbox::with_server(&server.url);
    let _ = owner.run(["init", GUN]).success();
    let keys = owner.run(["key", "list", "--json"]).json();
    let (file, id) = (&keys["keys"][0]["file"], keys["keys"][0]["key_id"].as_str().unwrap());
    let file = file.as_str().unwrap();
    let init = |notary: &Sandbox| notary.run(["init", "example.com/b", "--rootkey", file]);

    let mut notary = Sandbox::with_server(&server.url);
    notary.vars.insert("NOTARY_ROOT_PASSPHRASE".into(), "sesame-open".into());
    let words = format!("NOTARY_ROOT_PASSPHRASE does not open the key in `{file}`");
    let _ = discreet(init(&notary)).failure(7, &[&words, "hint: correct NOTARY_ROOT_PASSPHRASE"]);
    notary.vars.remove("NOTARY_ROOT_PASSPHRASE");
    let words = format!("there is no passphrase for the key in `{file}`");
    let _ = discreet(init(&notary)).failure(7, &[&words, "hint: set NOTARY_ROOT_PASSPHRASE"]);
    assert!(snapshot_of(&notary.trust_dir()).is_empty());

    // Once for the file, and twice for the store, where it is protected anew.
    notary.typed = Some(vec!["wrong", "root-passphrase", "mellon-open", "mellon-open"]);
    let outcome = discreet(init(&notary));
    assert!(outcome.terminal.starts_with(&format!(
        "Enter passphrase for root key: \nwrong passphrase for the key in `{file}` (2 tries \
             left)\nEnter passphrase for root key: \nYou are about to create a new root"
    )));
    assert_eq!(outcome.success(), format!("Root key found, using: {id}\n"));
    notary.vars.insert("NOTARY_ROOT_PASSPHRASE".into(), "mellon-open".into());
    let _ = notary.run(["init", "example.com/c"]).success();
}

/// Every way to give a passphrase beforehand, each alone.
#[test]
fn each_source_opens_keys_by_itself() {
    let mut notary = Sandbox::new();
    notary.write("file", "content");
    let _ = notary.run(["init", "-p", GUN]).success();
    notary.write("targets", "targets-passphrase\nsecond line\n");
    notary.write("snapshot", "snapshot-passphrase");
    let command = "case $NOTARY_KEY_ROLE-$NOTARY_KEY_GUN-$NOTARY_KEY_PURPOSE in \
                   targets-example.com/app-open) echo targets-passphrase;; \
                   snapshot-*) printf snapshot-passphrase;; esac";
    let files = ["--passphrase-file", "targets=targets", "--passphrase-file", "snapshot=snapshot"];
    let variables = [
        ("NOTARY_TARGETS_PASSPHRASE_FILE", "targets"),
        ("NOTARY_SNAPSHOT_PASSPHRASE_FILE", "snapshot"),
    ];
    let configured = [
        serde_json::json!({"files": {"targets": "targets", "snapshot": "snapshot"}}),
        serde_json::json!({"command": command}),
    ];
    let configured = configured.map(|source| serde_json::json!({"passphrases": source}));
    notary.write("files.json", configured[0].to_string());
    notary.write("command.json", configured[1].to_string());
    for (target, options, variables) in [
        ("a", &files[..], &[][..]),
        ("b", &["--passphrase-command", command], &[]),
        ("c", &[], &variables),
        ("d", &["-c", "files.json"], &[]),
        ("e", &["-c", "command.json"], &[]),
    ] {
        notary.vars.clear();
        let _ = notary.run(["add", GUN, target, "file"]).success();
        let _ = notary.refuses(["publish", GUN], 7, &["there is no passphrase for targets key "]);
        notary.vars.extend(variables.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        let published = discreet(notary.run([options, &["publish", GUN]].concat()));
        assert!(published.terminal.is_empty(), "{}", published.report());
        let _ = published.success();
    }
}

#[test]
fn all_that_was_tried_is_named() {
    let mut notary = Sandbox::new();
    notary.write("file", "content");
    let _ = notary.run(["init", "-p", GUN]).success();
    let _ = notary.run(["add", GUN, "t", "file"]).success();
    let file = notary.write("wrong", "sesame-open");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).unwrap();
    notary.vars.insert("NOTARY_TARGETS_PASSPHRASE".into(), "mellon-open".into());
    notary.vars.insert("NOTARY_TARGETS_PASSPHRASE_FILE".into(), "wrong".into());
    let publish = ["--passphrase-file", "targets=wrong", "publish", GUN];
    let place = format!("`{}`", file.display());
    let first = format!(
        "error: the first line of {place} and the value of NOTARY_TARGETS_PASSPHRASE do not open \
         targets key "
    );
    let hint = format!("hint: correct {place} and NOTARY_TARGETS_PASSPHRASE, or run this");
    let warning = format!("warning: others can read the passphrase in {place}");
    let _ = discreet(notary.refuses(publish, 7, &[&first, &hint, &warning]));

    // The next that is right is used, and what was wrong is told all the same.
    file_of(&notary, "wrong", "targets-passphrase");
    let publish = ["--passphrase-command", "echo mellon-open", "publish", GUN];
    let published = discreet(notary.run(publish));
    for words in ["the answer of the passphrase command", "the value of NOTARY_TARGETS_PASSPHRASE"]
    {
        let warning = format!("warning: {words} does not open targets key ");
        assert!(published.stderr.contains(&warning), "{}", published.report());
    }
    let _ = published.success();
}

fn file_of(notary: &Sandbox, name: &str, content: &str) {
    let path = notary.write(name, content);
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600)).unwrap();
}

#[test]
fn a_source_that_fails_ends_the_command_before_anything_is_changed() {
    let mut notary = Sandbox::new();
    notary.write("file", "content");
    let _ = notary.run(["init", "-p", GUN]).success();
    let _ = notary.run(["add", GUN, "t", "file"]).success();
    notary.typed = Some(vec!["targets-passphrase"]);
    for (options, causes) in [
        (["--passphrase-command", "echo x; exit 3"], &["failed with exit status 3"][..]),
        (["--passphrase-file", "targets=none"], &["cannot read", "/none`", "No such file"]),
        (["--passphrase-file", "targets=."], &["cannot read", "Is a directory"]),
    ] {
        let publish = [&options[..], &["publish", GUN]].concat();
        let refused = notary.refuses(publish, 7, causes);
        assert!(refused.stderr.contains("error: there is no passphrase for targets key "));
        assert!(refused.terminal.is_empty(), "{}", refused.report());
    }
    // Sources that nothing is asked of do not matter.
    let list = ["--passphrase-command", "exit 3", "--passphrase-file", "root=none", "list", GUN];
    let _ = notary.run(list).success();
    let usage = ["--passphrase-file", "tagets=none", "list", GUN];
    let _ = notary.refuses(usage, 2, &["`tagets` is not known; there can be root, targets"]);
}

#[test]
fn keys_that_are_not_there_are_neither_remembered_nor_forgotten() {
    let mut notary = Sandbox::new();
    let _ = notary.refuses(["key", "forget", "--all"], 4, &["no such passphrase is remembered"]);
    assert!(!notary.trust_dir().exists());
    let _ = notary.run(["init", GUN]).success();
    notary.typed = Some(vec![]);
    for (args, words) in [
        (&["key", "remember", "targets/releases"][..], "there is no such key"),
        (&["key", "remember", "targets", "--gun", "example.com/other"], "there is no such key"),
        (&["key", "remember", "0000000"], "there is no key 0000000"),
        (&["key", "forget", "0000000"], "there is no key 0000000"),
        (&["key", "forget", "targets"], "no such passphrase is remembered"),
    ] {
        let refused = notary.refuses(args, 4, &[words]);
        assert!(refused.terminal.is_empty(), "{}", refused.report());
    }
    for args in [&["key", "remember"][..], &["key", "forget"], &["key", "forget", "x", "--all"]] {
        assert_eq!(notary.run(args).code, 2);
    }
    // A list that cannot be read is named, and not replaced.
    let list = notary.trust_dir().join("remembered.json");
    std::fs::write(&list, "[").unwrap();
    let words = format!("`{}` is damaged", list.display());
    let _ = notary.refuses(["key", "forget", "--all"], 1, &[&words, "hint: remove the file"]);
    let warned = notary.run(["publish", GUN]);
    assert!(!warned.stderr.contains("damaged"), "{}", warned.report());
    let _ = warned.success();
}

#[test]
fn a_passphrase_command_gets_none_of_the_secrets_in_variables() {
    let mut notary = Sandbox::new();
    notary.vars.clear();
    let words = ["ROOT", "TARGETS", "SNAPSHOT", "DELEGATION", "NEW", "BACKUP"];
    let others = ["NOTARY_PKCS11_PIN", "NOTARY_SERVER_KEY_PASSPHRASE", "NOTARY_AUTH"];
    let names = words.map(|word| format!("NOTARY_{word}_PASSPHRASE"));
    for name in names.into_iter().chain(others.map(str::to_owned)) {
        notary.vars.insert(name, "hunter2-hunter2".into());
    }
    notary.vars.insert("OTHER".into(), "seen".into());
    let command = "env >seen; echo sesame-open";
    let output = notary.process(["--passphrase-command", command, "init", GUN]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen = std::fs::read_to_string(notary.work().join("seen")).unwrap();
    assert!(seen.contains("OTHER=seen") && !seen.contains("hunter2"), "{seen}");
}
