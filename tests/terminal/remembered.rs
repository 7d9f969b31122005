//! Passphrases in the secret store of the system: asked for once, then never until they are
//! forgotten.

use std::fs;
use std::os::unix::net::UnixListener;

use super::{GUN, Terminal};
use crate::support::{Sandbox, SecretService, snapshot_of};

const TARGETS: &str = "targets-passphrase";
const SNAPSHOT: &str = "snapshot-passphrase";

/// What a process said.
struct Said {
    code: i32,
    stdout: String,
    stderr: String,
}

fn run(notary: &Sandbox, args: &[&str]) -> Said {
    let output = notary.process(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap();
    Said { code, stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A published collection and one more staged change, on this machine alone, with nothing that
/// opens keys; and the ids of its targets and its snapshot key.
fn publisher() -> (Sandbox, String, String) {
    let mut notary = Sandbox::new();
    notary.write("file", "content\n");
    let _ = notary.run(["init", "-p", GUN]).success();
    let _ = notary.run(["add", GUN, "file", "file"]).success();
    let keys = notary.run(["key", "list", "--json"]).json();
    let id = |role: &str| {
        let mut keys = keys["keys"].as_array().unwrap().iter();
        keys.find(|key| key["role"] == role).unwrap()["key_id"].as_str().unwrap().to_owned()
    };
    let (targets, snapshot) = (id("targets"), id("snapshot"));
    notary.vars.clear();
    (notary, targets, snapshot)
}

fn stage(notary: &Sandbox, target: &str) {
    let _ = notary.run(["add", GUN, target, "file"]).success();
}

#[test]
fn what_is_remembered_is_not_asked_for_until_it_is_forgotten() {
    let (mut notary, targets, snapshot) = publisher();
    let service = SecretService::start();
    service.offer(&mut notary);
    let name = |role: &str, id: &str| format!("{role} key {} of {GUN}", &id[..7]);
    let question = |role: &str, id: &str| {
        format!("Enter passphrase for {role} key with ID {} ({GUN}): ", &id[..7])
    };

    // Only what opens the key is kept.
    let mut terminal = Terminal::start(&notary, &["key", "remember", "targets", "--gun", GUN]);
    terminal.answer(&question("targets", &targets), "wrong");
    terminal.expect("(2 tries left)\n");
    terminal.answer(&question("targets", &targets), TARGETS);
    let ending = terminal.finish();
    let remembered = format!("Remembered the passphrase of {}\n", name("targets", &targets));
    assert!(ending.code == 0 && ending.shown.ends_with(&remembered), "{}", ending.shown);
    notary.vars.insert("NOTARY_SNAPSHOT_PASSPHRASE".into(), SNAPSHOT.into());
    let said = run(&notary, &["key", "remember", &snapshot[..7]]);
    let remembered = format!("Remembered the passphrase of {}\n", name("snapshot", &snapshot));
    assert_eq!((said.code, said.stdout, said.stderr.as_str()), (0, remembered, ""));
    notary.vars.remove("NOTARY_SNAPSHOT_PASSPHRASE");

    let lookup = |id: &str| service.tool(&["lookup", "service", "notary", "username", id], "");
    assert_eq!(lookup(&targets).as_deref(), Some(TARGETS));
    assert_eq!(lookup(&snapshot).as_deref(), Some(SNAPSHOT));
    for (path, content) in snapshot_of(&notary.trust_dir()) {
        let content = String::from_utf8_lossy(&content);
        assert!(!content.contains(TARGETS) && !content.contains(SNAPSHOT), "{path:?}");
    }
    let said = run(&notary, &["publish", GUN]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(!said.stderr.contains("warning"), "{}", said.stderr);

    // What somebody changes or removes by other means is told.
    stage(&notary, "changed");
    let account = ["service", "notary", "username", &snapshot];
    assert!(service.tool(&[&["store", "--label", "x"][..], &account].concat(), "other").is_some());
    let said = run(&notary, &["publish", GUN]);
    let wrong =
        format!("error: the remembered passphrase does not open {}\n", name("snapshot", &snapshot));
    assert!(said.code == 7 && said.stderr.contains(&wrong), "{}", said.stderr);
    let mut terminal = Terminal::start(&notary, &["publish", GUN]);
    terminal.expect(&format!(
        "The remembered passphrase does not open {}.\n",
        name("snapshot", &snapshot)
    ));
    terminal.answer(&question("snapshot", &snapshot), SNAPSHOT);
    let ending = terminal.finish();
    assert!(ending.code == 0 && !ending.shown.contains("other"), "{}", ending.shown);

    stage(&notary, "removed");
    assert!(service.tool(&[&["clear"][..], &account].concat(), "").is_some());
    let said = run(&notary, &["publish", GUN]);
    let gone = format!(
        "warning: the secret store has no passphrase of {} any more\n",
        name("snapshot", &snapshot)
    );
    assert!(said.code == 7 && said.stderr.matches(&gone).count() == 1, "{}", said.stderr);
    let nothing = format!("error: there is no passphrase for {}\n", name("snapshot", &snapshot));
    assert!(said.stderr.contains(&nothing), "{}", said.stderr);

    // Forgetting takes it out of both places.
    let said = run(&notary, &["key", "forget", "targets"]);
    let forgot = format!("Forgot the passphrase of {}\n", name("targets", &targets));
    assert_eq!((said.code, said.stdout), (0, forgot), "{}", said.stderr);
    assert_eq!(lookup(&targets), None);
    let said = run(&notary, &["key", "forget", "targets"]);
    assert!(said.code == 4 && said.stdout.is_empty(), "{}", said.stderr);
    let said = run(&notary, &["key", "forget", "--all"]);
    assert!(said.code == 0 && said.stdout.contains("snapshot key"), "{}", said.stderr);
    assert!(!notary.trust_dir().join("remembered.json").exists());
    let mut terminal = Terminal::start(&notary, &["publish", GUN]);
    terminal.answer(&question("targets", &targets), TARGETS);
    terminal.answer(&question("snapshot", &snapshot), SNAPSHOT);
    let ending = terminal.finish();
    assert!(ending.code == 0 && !ending.shown.contains("warning"), "{}", ending.shown);
}

#[test]
fn the_passphrase_of_a_destroyed_key_is_forgotten() {
    let (mut notary, targets, snapshot) = publisher();
    let service = SecretService::start();
    service.offer(&mut notary);
    notary.vars.insert("NOTARY_TARGETS_PASSPHRASE".into(), TARGETS.into());
    notary.vars.insert("NOTARY_SNAPSHOT_PASSPHRASE".into(), SNAPSHOT.into());
    let lookup = |id: &str| service.tool(&["lookup", "service", "notary", "username", id], "");
    for id in [&targets, &snapshot] {
        assert_eq!(run(&notary, &["key", "remember", id]).code, 0);
        // An archived key may come back.
        assert_eq!(run(&notary, &["key", "remove", id, "-y"]).code, 0);
        assert!(lookup(id).is_some());
    }
    // It does not matter from where the key is purged.
    assert_eq!(run(&notary, &["key", "unarchive", &snapshot]).code, 0);
    for id in [&targets, &snapshot] {
        let said = run(&notary, &["key", "remove", id, "-y", "--purge"]);
        assert_eq!(said.code, 0, "{}", said.stderr);
        assert_eq!(lookup(id), None);
    }
    assert!(!notary.trust_dir().join("remembered.json").exists());
}

#[test]
fn without_a_secret_store_the_reason_is_told_and_the_terminal_asked() {
    let (mut notary, targets, snapshot) = publisher();
    let nowhere = format!("unix:path={}", notary.work().join("no-bus").display());
    notary.vars.insert("DBUS_SESSION_BUS_ADDRESS".into(), nowhere);
    let before = snapshot_of(&notary.trust_dir());
    let reason = "the secret store of this system cannot be used: ";
    for args in [["key", "remember", "targets"], ["key", "remember", &snapshot]] {
        let said = run(&notary, &args);
        assert!(said.code == 7 && said.stdout.is_empty(), "{}", said.stderr);
        assert!(said.stderr.starts_with(&format!("error: {reason}")), "{}", said.stderr);
        assert_eq!(snapshot_of(&notary.trust_dir()), before);
    }

    // As if both had been remembered when there was one.
    let mark = |role: &str| serde_json::json!({"role": role, "gun": GUN});
    let list =
        serde_json::json!({"keys": {&targets: mark("targets"), &snapshot: mark("snapshot")}});
    fs::write(notary.trust_dir().join("remembered.json"), list.to_string()).unwrap();
    let said = run(&notary, &["publish", GUN]);
    assert_eq!(said.stderr.matches(&format!("warning: {reason}")).count(), 1, "{}", said.stderr);
    assert!(said.code == 7 && said.stderr.contains("error: there is no passphrase"));
    let mut terminal = Terminal::start(&notary, &["--color", "never", "publish", GUN]);
    terminal.expect(&format!("warning: {reason}"));
    terminal.answer("Enter passphrase for targets key with ID ", TARGETS);
    terminal.answer("Enter passphrase for snapshot key with ID ", SNAPSHOT);
    let ending = terminal.finish();
    assert_eq!(ending.code, 0, "{}", ending.shown);

    // Who destroys a key is told what is left of it.
    let id = &snapshot;
    let aside = notary.trust_dir().join("aside");
    let file = notary.trust_dir().join(format!("private/{id}.key"));
    fs::copy(&file, &aside).unwrap();
    let said = run(&notary, &["key", "remove", id, "-y", "--purge"]);
    let left = "warning: its passphrase may still be in the secret store of the system: ";
    assert!(said.code == 0 && said.stderr.contains(left), "{}", said.stderr);
    fs::rename(&aside, &file).unwrap();

    // Forgetting cannot be done either, so nothing is taken off the list.
    let said = run(&notary, &["key", "forget", "--all"]);
    assert!(said.code == 7 && said.stderr.contains(reason), "{}", said.stderr);
    assert!(notary.trust_dir().join("remembered.json").exists());
    // Who does not want to hear of it can say so.
    stage(&notary, "more");
    let config = r#"{"passphrases": {"keyring": false}}"#;
    fs::write(notary.trust_dir().join("config.json"), config).unwrap();
    let said = run(&notary, &["publish", GUN]);
    assert!(said.code == 7 && !said.stderr.contains("warning"), "{}", said.stderr);
}

#[test]
fn the_secret_store_is_left_alone_by_who_does_not_use_it() {
    let (mut notary, ..) = publisher();
    let socket = notary.work().join("bus");
    let listener = UnixListener::bind(&socket).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("unix:path={}", socket.display());
    notary.vars.insert("DBUS_SESSION_BUS_ADDRESS".into(), address);
    let was_asked = || listener.accept().is_ok();
    assert_eq!(run(&notary, &["publish", GUN]).code, 7);
    assert_eq!(run(&notary, &["key", "forget", "targets"]).code, 4);
    assert!(!was_asked());

    // It would have been noticed: whoever wants it for all keys gets it. Nobody answers here.
    let config = r#"{"passphrases": {"keyring": true}}"#;
    fs::write(notary.trust_dir().join("config.json"), config).unwrap();
    let mut publishing = notary.process(["publish", GUN]).spawn().unwrap();
    while !was_asked() {
        assert!(publishing.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    assert_eq!(publishing.wait().unwrap().code(), Some(7));
}
