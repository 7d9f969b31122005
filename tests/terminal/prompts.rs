//! Questions for passphrases, and for yes or no.

use super::{GUN, Terminal, person, publisher};
use crate::support::{NotaryServer, PIN, SoftTokens, assert_same_files, snapshot_of};

const ROOT_WARNING: &str = "\
You are about to create a new root signing key passphrase. This passphrase
will be used to protect the most sensitive key in your signing system. Please
choose a long, complex passphrase and be careful to keep the password and the
key file itself secure and backed up. It is highly recommended that you use a
password manager to generate the passphrase and keep it safe. There will be no
way to recover this key. You can find the key in your config directory.
";
const TOO_SHORT: &str = "\
Passphrase is too short. Please use a password manager to generate and store a good random passphrase.
";
const MISMATCH: &str = "Passphrases do not match. Please retry.\n";

const ROOT: &str = "a long root passphrase";
const TARGETS: &str = "targets-passphrase";
const SNAPSHOT: &str = "snapshot-passphrase";

/// The text with key ids of 7 and 64 digits replaced.
fn without_ids(text: &str) -> String {
    let is_hex = |word: &str| word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let replace = |word: &str| {
        let (id, rest) = word.split_at(word.find([':', '.', '\n']).unwrap_or(word.len()));
        match id.len() {
            7 | 64 if is_hex(id) => format!("ID{rest}"),
            _ => word.to_owned(),
        }
    };
    text.split(' ').map(replace).collect::<Vec<_>>().join(" ")
}

#[test]
fn init_asks_for_three_new_passphrases() {
    let server = NotaryServer::start();
    let notary = person(&server);
    let mut terminal = Terminal::start(&notary, &["init", GUN, "-q"]);
    terminal.expect(ROOT_WARNING);
    terminal.answer("Enter passphrase for new root key with ID ", "seven77");
    terminal.expect(TOO_SHORT);
    terminal.answer("Enter passphrase for new root key with ID ", ROOT);
    terminal.answer("Repeat passphrase for new root key with ID ", "a long root passphrasd");
    terminal.expect(MISMATCH);
    terminal.answer("Enter passphrase for new root key with ID ", ROOT);
    // White space around it does not count.
    terminal.answer("Repeat passphrase for new root key with ID ", &format!("  {ROOT}\t"));
    for (role, passphrase) in [("targets", TARGETS), ("snapshot", SNAPSHOT)] {
        terminal.answer(&format!("Enter passphrase for new {role} key with ID "), passphrase);
        terminal.answer(&format!("Repeat passphrase for new {role} key with ID "), passphrase);
    }
    let ending = terminal.finish();
    assert!(ending.code == 0 && ending.echo, "{}", ending.shown);
    let pair = |role: &str| {
        format!(
            "Enter passphrase for new {role} key with ID ID ({GUN}): \n\
             Repeat passphrase for new {role} key with ID ID ({GUN}): \n"
        )
    };
    // Root keys serve many collections.
    let root = pair("root").replace(&format!(" ({GUN})"), "");
    let expected = [
        ROOT_WARNING,
        "Enter passphrase for new root key with ID ID: \n",
        TOO_SHORT,
        root.as_str(),
        MISMATCH,
        root.as_str(),
        &pair("targets"),
        &pair("snapshot"),
    ];
    assert_eq!(without_ids(&ending.shown), expected.concat());

    let mut terminal = Terminal::start(&notary, &["publish", GUN, "-q"]);
    terminal.answer("Enter passphrase for targets key with ID ", TARGETS);
    terminal.answer("Enter passphrase for snapshot key with ID ", SNAPSHOT);
    let ending = terminal.finish();
    assert!(ending.code == 0 && ending.echo, "{}", ending.shown);
    // One root key serves many collections, and is opened, not made.
    let mut terminal = Terminal::start(&notary, &["init", "example.com/other", "-q"]);
    terminal.answer("Enter passphrase for root key with ID ", ROOT);
    for role in ["targets", "snapshot"] {
        terminal.answer(&format!("Enter passphrase for new {role} key with ID "), TARGETS);
        terminal.answer(&format!("Repeat passphrase for new {role} key with ID "), TARGETS);
    }
    let ending = terminal.finish();
    assert!(!ending.shown.contains("You are about to create"), "{}", ending.shown);
    assert!(ending.shown.contains("\nRoot key found, using: "), "{}", ending.shown);
    assert_eq!(ending.code, 0, "{}", ending.shown);
}

#[test]
fn a_wrong_passphrase_is_asked_for_again() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let mut terminal = Terminal::start(&notary, &["publish", GUN, "-q"]);
    terminal.answer("Enter passphrase for targets key with ID ", "wrong");
    terminal.expect("(2 tries left)\n");
    terminal.answer("Enter passphrase for targets key with ID ", "");
    terminal.expect("(1 try left)\n");
    terminal.answer("Enter passphrase for targets key with ID ", TARGETS);
    terminal.answer("Enter passphrase for snapshot key with ID ", SNAPSHOT);
    let ending = terminal.finish();
    assert!(ending.code == 0 && ending.echo, "{}", ending.shown);
    let question = |role: &str| format!("Enter passphrase for {role} key with ID ID ({GUN}): \n");
    let wrong =
        |left: &str| format!("wrong passphrase for targets key ID of {GUN} ({left} left)\n");
    let targets = question("targets");
    let expected = [
        &format!("Pushing changes to {GUN}\n"),
        targets.as_str(),
        &wrong("2 tries"),
        &targets,
        &wrong("1 try"),
        &targets,
        &question("snapshot"),
        &format!("Successfully published changes for repository {GUN}\n"),
    ];
    assert_eq!(without_ids(&ending.shown), expected.concat());
}

/// Key files may come from anybody.
#[test]
fn questions_have_nothing_that_a_terminal_obeys() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    for (path, content) in snapshot_of(&notary.trust_dir().join("private")) {
        let text = String::from_utf8(content).unwrap();
        let text = text.replace(&format!("gun: {GUN}"), "gun: \u{1b}[8mexample");
        std::fs::write(notary.trust_dir().join("private").join(path), text).unwrap();
    }
    let mut terminal = Terminal::start(&notary, &["publish", GUN, "-q"]);
    terminal.answer("(\\x1b[8mexample): ", "wrong");
    terminal.expect("of \\x1b[8mexample (2 tries left)\n");
    terminal.answer("(\\x1b[8mexample): ", TARGETS);
    terminal.answer("(\\x1b[8mexample): ", SNAPSHOT);
    let ending = terminal.finish();
    assert!(ending.code == 0 && !ending.shown.contains('\u{1b}'), "{}", ending.shown);
}

#[test]
fn three_wrong_passphrases_are_enough() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let before = snapshot_of(&notary.trust_dir());
    let mut terminal = Terminal::start(&notary, &["--color", "never", "publish", GUN]);
    for _ in 0..3 {
        terminal.answer("Enter passphrase for targets key with ID ", "wrong");
    }
    let ending = terminal.finish();
    assert_eq!(ending.code, 7, "{}", ending.shown);
    assert_eq!(ending.shown.matches(" left)").count(), 2, "{}", ending.shown);
    let error = format!("error: wrong passphrase for targets key ID of {GUN} (3 tries)\n");
    assert!(without_ids(&ending.shown).ends_with(&error), "{}", ending.shown);
    assert!(ending.echo);
    let mut after = snapshot_of(&notary.trust_dir());
    after.retain(|path, _| before.contains_key(path));
    assert_same_files(&after, &before, &ending.shown);
}

#[test]
fn a_wrong_value_in_the_environment_is_told_and_then_asked_for() {
    let server = NotaryServer::start();
    let mut notary = publisher(&server);
    notary.vars.insert("NOTARY_TARGETS_PASSPHRASE".into(), "hunter2-hunter2".into());
    notary.vars.insert("NOTARY_SNAPSHOT_PASSPHRASE".into(), SNAPSHOT.into());
    let mut terminal = Terminal::start(&notary, &["publish", GUN, "-D"]);
    terminal.expect("The value of NOTARY_TARGETS_PASSPHRASE does not open targets key ");
    terminal.answer("Enter passphrase for targets key with ID ", TARGETS);
    let ending = terminal.finish();
    assert_eq!(ending.code, 0, "{}", ending.shown);
    assert!(!ending.shown.contains("snapshot key with"), "{}", ending.shown);
    for secret in ["hunter2", TARGETS, SNAPSHOT] {
        assert!(!ending.shown.contains(secret), "{}", ending.shown);
    }
}

#[test]
fn an_interrupted_question_leaves_everything_as_it_was() {
    let server = NotaryServer::start();
    let notary = person(&server);
    // Ctrl-C, and the end of input.
    for key in ['c', 'd'] {
        let mut terminal = Terminal::start(&notary, &["--color", "never", "init", GUN]);
        terminal.answer("Enter passphrase for new root key with ID ", ROOT);
        terminal.answer("Repeat passphrase for new root key with ID ", ROOT);
        terminal.expect("Enter passphrase for new targets key with ID ");
        while super::is_echoing(&terminal.device) {}
        let ending = terminal.control(key).finish();
        assert_eq!(ending.code, 130, "{}", ending.shown);
        assert!(ending.echo, "{}", ending.shown);
        assert!(ending.shown.ends_with("\nerror: interrupted\n"), "{}", ending.shown);
        let left = snapshot_of(&notary.trust_dir());
        assert!(left.is_empty(), "{left:?}");
        assert!(!notary.trust_dir().join("tuf").exists());
    }
}

#[test]
fn an_interrupted_publication_keeps_what_is_staged() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let mut terminal = Terminal::start(&notary, &["publish", GUN]);
    terminal.answer("Enter passphrase for targets key with ID ", TARGETS);
    terminal.expect("Enter passphrase for snapshot key with ID ");
    while super::is_echoing(&terminal.device) {}
    let ending = terminal.control('c').finish();
    assert!(ending.code == 130 && ending.echo, "{}", ending.shown);
    let status = notary.run(["status", GUN, "--json"]).json();
    assert_eq!(status["changes"][0]["path"], "file");
    assert_eq!(status["unpublished"], true);
    let left = snapshot_of(&notary.trust_dir());
    assert!(!left.keys().any(|path| path.to_string_lossy().contains(".tmp-")), "{left:?}");
}

/// Input and messages may go elsewhere, as long as somebody is there.
#[test]
fn passphrases_are_asked_for_at_the_terminal_itself() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let script = r#"tty; "$@" </dev/null >stdout; echo "exit $?"; stty -a"#;
    let mut terminal = Terminal::start_with(&notary, script, &["publish", GUN, "-q"]);
    terminal.answer("Enter passphrase for targets key with ID ", TARGETS);
    terminal.answer("Enter passphrase for snapshot key with ID ", SNAPSHOT);
    let ending = terminal.finish();
    assert_eq!(ending.code, 0, "{}", ending.shown);
    let stdout = std::fs::read_to_string(notary.work().join("stdout")).unwrap();
    assert!(!stdout.contains("passphrase"), "{stdout}");
    assert!(stdout.ends_with(&format!("published changes for repository {GUN}\n")), "{stdout}");

    // With both elsewhere, nobody is expected to be there.
    let script = r#"tty; "$@" </dev/null 2>stderr; echo "exit $?"; stty -a"#;
    let _ = notary.run(["remove", GUN, "file"]).success();
    let ending = Terminal::start_with(&notary, script, &["publish", GUN]).finish();
    assert_eq!(ending.code, 7, "{}", ending.shown);
    let stderr = std::fs::read_to_string(notary.work().join("stderr")).unwrap();
    assert!(stderr.contains("hint: set NOTARY_TARGETS_PASSPHRASE or"), "{stderr}");
}

#[test]
fn the_pin_of_a_token_is_asked_for_once_and_tries_are_counted_by_the_token() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("My token"));
    let mut notary = publisher(&server);
    tokens.plug_into(&mut notary);
    notary.vars.remove("NOTARY_PKCS11_PIN");
    let question = "Enter PIN for token `My token`: ";
    let generate = ["--color", "never", "key", "generate", "--token"];
    let mut terminal = Terminal::start(&notary, &generate);
    terminal.answer(question, "87654321");
    terminal.expect("some more wrong PINs lock token `My token`");
    terminal.expect("wrong PIN for token `My token`\n");
    let ending = terminal.answer(question, PIN).finish();
    assert!(ending.code == 0 && ending.echo, "{}", ending.shown);
    assert!(!ending.shown.contains(PIN) && !ending.shown.contains("87654321"), "{}", ending.shown);
    // One PIN for all signatures of a run, and none for what is in files.
    let init = ["init", "example.com/other", "--token=root,targets,snapshot", "-p"];
    let ending = Terminal::start(&notary, &init).answer(question, PIN).finish();
    assert_eq!(ending.code, 0, "{}", ending.shown);
    assert_eq!(ending.shown.matches("PIN for").count(), 1, "{}", ending.shown);
    let mut terminal = Terminal::start(&notary, &generate);
    terminal.expect(question);
    let ending = terminal.control('c').finish();
    assert!(ending.code == 130 && ending.echo, "{}", ending.shown);
}

#[test]
fn delete_asks_and_takes_only_yes_for_yes() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let question = "Are you sure you want to remove 1 staged change and the unpublished collection";
    let delete = ["--color", "never", "delete", GUN];
    for answer in ["no", "", "sure"] {
        let mut terminal = Terminal::start(&notary, &delete);
        let ending = terminal.expect(question).expect("(yes/no) ").line(answer).finish();
        assert_eq!(ending.code, 1, "{}", ending.shown);
        let cancelled = "error: cancelled; nothing was changed\n";
        assert!(ending.shown.ends_with(cancelled), "{}", ending.shown);
    }
    for key in ['d', 'c'] {
        let mut terminal = Terminal::start(&notary, &delete);
        let ending = terminal.expect("(yes/no) ").control(key).finish();
        assert_eq!(ending.code, if key == 'c' { 130 } else { 1 }, "{}", ending.shown);
    }
    assert!(notary.collection_dir(GUN).exists());
    let ending = Terminal::start(&notary, &delete).expect("(yes/no) ").line("yes").finish();
    assert_eq!(ending.code, 0, "{}", ending.shown);
    assert!(!notary.trust_dir().join("tuf").exists());
}
