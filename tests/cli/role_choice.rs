//! Which role `add`, `addhash` and `remove` stage for when none is named.

use notary::keys::PrivateKey;
use notary::tuf::pem::Block;
use serde_json::json;

use crate::support::{
    HttpServer, Outcome, Published, Response, SIM_GUN, Sandbox, Sim, SimKey, sim_now,
};

const HASH: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/// Puts a private key into the key store.
fn import(notary: &Sandbox, key: &PrivateKey, args: &[&str]) {
    let block = Block::new("PRIVATE KEY", key.to_pkcs8().to_vec());
    let file = notary.write("import.pem", block.encode().as_bytes());
    let words = [&["key", "import", file.to_str().unwrap()], args].concat();
    notary.run(words).success();
}

/// Somebody with these keys, as those of delegations, and a server with the collection.
fn delegate(sim: &Sim, keys: &[&SimKey]) -> (Sandbox, HttpServer) {
    let server = Published::sim(&sim.publish()).serve();
    let mut notary = Sandbox::with_server(&server.url);
    notary.now = Some(sim_now());
    for key in keys {
        import(&notary, &key.private, &["--role", "delegate"]);
    }
    (notary, server)
}

/// Like [`delegate`], of somebody who has looked at the collection before.
fn acquainted(sim: &Sim, keys: &[&SimKey]) -> (Sandbox, HttpServer) {
    let (notary, server) = delegate(sim, keys);
    let _ = notary.run(["list", SIM_GUN]).success();
    assert_eq!(server.brief().len(), 4 + sim.payloads.len() - 4);
    (notary, server)
}

fn add(notary: &Sandbox, name: &str) -> Outcome {
    notary.run(["addhash", SIM_GUN, name, "5", "--sha256", HASH])
}

/// The roles of the staged changes, in their order.
fn staged(notary: &Sandbox) -> Vec<String> {
    let status = notary.run(["status", SIM_GUN, "--json"]).json();
    let changes = status["changes"].as_array().unwrap().iter();
    changes.map(|change| change["role"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn chooses(outcome: Outcome, notary: &Sandbox, role: &str, stderr: &str) {
    assert_eq!(outcome.stderr, stderr, "{}", outcome.report());
    outcome.success();
    assert_eq!(staged(notary).last().unwrap(), role);
}

/// targets → b (`b/`, two of three keys), a (`a/`), c (everything), each with keys of its own.
fn family() -> (Sim, [SimKey; 3]) {
    let keys = [SimKey::new(), SimKey::new(), SimKey::new()];
    let mut sim = Sim::new();
    let others = [keys[1].clone(), SimKey::new(), SimKey::new()];
    sim.delegate_to("targets/a", &["a/"], &keys[..1], 1);
    sim.delegate_to("targets/b", &["b/"], &others, 2);
    sim.sign_with("targets/b", &others);
    sim.delegate_to("targets/c", &[""], &keys[2..], 1);
    (sim, keys)
}

/// What is said of a removal that changes nothing.
fn not_there(name: &str, role: &str) -> String {
    format!("warning: {name:?} is not in {role}, as far as is known here\n")
}

#[test]
fn the_only_role_that_the_keys_may_sign_is_chosen() {
    let (sim, keys) = family();
    let (notary, server) = acquainted(&sim, &[&keys[0]]);
    let requests = server.brief().len();
    let note = "staged for targets/a, the only role that the keys here may sign\n";
    chooses(add(&notary, "a/x"), &notary, "targets/a", note);
    let file = notary.write("file", "payload");
    let file = file.to_str().unwrap();
    chooses(notary.run(["add", SIM_GUN, "a/y", file]), &notary, "targets/a", note);
    let removed = notary.run(["remove", SIM_GUN, "a/z"]);
    let both = format!("{note}{}", not_there("a/z", "targets/a"));
    chooses(removed, &notary, "targets/a", &both);
    // What is named is not questioned, and nothing is said about it.
    let named = notary.run(["add", SIM_GUN, "a/y", file, "-r", "targets"]);
    chooses(named, &notary, "targets", "");
    // Notes are left out by those who do not want them.
    let quiet = notary.run(["-q", "remove", SIM_GUN, "a/z"]);
    chooses(quiet, &notary, "targets/a", &not_there("a/z", "targets/a"));
    assert_eq!(server.brief().len(), requests, "nothing of this needs the server");
}

#[test]
fn one_key_of_many_suffices_for_being_a_signer() {
    let (sim, keys) = family();
    let (notary, _server) = acquainted(&sim, &[&keys[1]]);
    let note = "staged for targets/b, the only role that the keys here may sign\n";
    chooses(add(&notary, "b/x"), &notary, "targets/b", note);
}

#[test]
fn of_several_roles_the_one_is_chosen_that_may_sign_the_name() {
    let (sim, keys) = family();
    let (notary, _server) = acquainted(&sim, &[&keys[0], &keys[1]]);
    let note = |name: &str, role: &str| {
        format!(
            "staged for {role}: of the roles that the keys here may sign, no other may sign {name:?}\n"
        )
    };
    chooses(add(&notary, "a/x"), &notary, "targets/a", &note("a/x", "targets/a"));
    chooses(add(&notary, "b/x"), &notary, "targets/b", &note("b/x", "targets/b"));
}

#[test]
fn several_roles_that_would_do_are_listed() {
    let (sim, keys) = family();
    let (notary, _server) = acquainted(&sim, &[&keys[0], &keys[2]]);
    let words = [
        "\"a/x\" can be a target of several roles with the keys here",
        "hint: choose with `--roles targets/a` or `--roles targets/c`",
    ];
    let args = ["addhash", SIM_GUN, "a/x", "5", "--sha256", HASH];
    let _ = notary.refuses(args, 2, &words);
    let words = ["\"a/x\" can be removed as a target of several roles with the keys here"];
    let _ = notary.refuses(["remove", SIM_GUN, "a/x"], 2, &words);
    assert!(staged(&notary).is_empty());
    let _ = notary.run(args.into_iter().chain(["-r", "targets/c"])).success();
    assert_eq!(staged(&notary), ["targets/c"]);
}

#[test]
fn a_name_that_none_of_the_roles_may_sign_is_refused() {
    let (sim, keys) = family();
    let (notary, _server) = acquainted(&sim, &[&keys[0], &keys[1]]);
    let words = [
        "no role that the keys here may sign may sign \"c\"\n",
        "hint: targets/a may sign names that begin with \"a/\"",
        "hint: targets/b may sign names that begin with \"b/\"",
        "hint: it may be signed by targets, targets/c; `notary who sim.example/app c` shows whose",
    ];
    let _ = notary.refuses(["addhash", SIM_GUN, "c", "5", "--sha256", HASH], 1, &words);
}

#[test]
fn one_role_has_to_fit_all_names() {
    let (sim, keys) = family();
    let (notary, _server) = acquainted(&sim, &[&keys[0], &keys[1]]);
    for name in ["dist/a/1", "dist/a/2", "dist/b/1", "one/a/1", "one/a/2"] {
        notary.write(name, name);
    }
    let recursive = |directory| ["add", SIM_GUN, "--recursive", directory];
    let note = "staged for targets/a: of the roles that the keys here may sign, no other may sign \
        these names\n";
    chooses(notary.run(recursive("one")), &notary, "targets/a", note);
    assert_eq!(staged(&notary).len(), 2);
    let words = ["no role that the keys here may sign may sign \"b/1\" and all the other names"];
    let _ = notary.refuses(recursive("dist"), 1, &words);
    notary.write("dist/c", "c");
    let words = ["no role that the keys here may sign may sign \"c\"\n"];
    let _ = notary.refuses(recursive("dist"), 1, &words);
}

#[test]
fn targets_is_chosen_where_its_key_is() {
    let (sim, keys) = family();
    let (notary, server) = acquainted(&sim, &[&keys[0]]);
    let requests = server.brief().len();
    import(&notary, &sim.keys["targets"][0].private, &["--role", "targets", "--gun", SIM_GUN]);
    let note = "staged for targets; with the keys here, `--roles` could be targets/a as well\n";
    chooses(add(&notary, "a/x"), &notary, "targets", note);
    chooses(add(&notary, "elsewhere"), &notary, "targets", "");
    let removed = notary.run(["remove", SIM_GUN, "a/z"]);
    chooses(removed, &notary, "targets", &not_there("a/z", "targets"));
    assert_eq!(server.brief().len(), requests);
}

#[test]
fn what_is_removed_is_removed_where_it_is() {
    let (mut sim, keys) = family();
    for (role, name) in [
        ("targets/a", "a/only"),
        ("targets/c", "a/both"),
        ("targets/a", "a/both"),
        ("targets/c", "misplaced"),
        ("targets", "a/top"),
        ("targets/a", "a/top"),
        ("targets/b", "b/foreign"),
    ] {
        sim.add_target(role, name, role);
    }
    let has = |role: &str, name: &str| {
        format!("staged for {role}, the only role with {name:?} that the keys here may sign\n")
    };
    let remove = |notary: &Sandbox, name: &str| notary.run(["remove", SIM_GUN, name]);
    let (notary, _server) = acquainted(&sim, &[&keys[0], &keys[2]]);
    chooses(remove(&notary, "a/only"), &notary, "targets/a", &has("targets/a", "a/only"));
    chooses(remove(&notary, "misplaced"), &notary, "targets/c", &has("targets/c", "misplaced"));
    let words = ["hint: choose with `--roles targets/a` or `--roles targets/c`"];
    let _ = notary.refuses(["remove", SIM_GUN, "a/both"], 2, &words);

    // Once that is staged, the name is nowhere any more.
    let words = ["hint: choose with `--roles targets/a` or `--roles targets/c`"];
    let _ = notary.refuses(["remove", SIM_GUN, "a/only"], 2, &words);
    let _ = notary.run(["reset", SIM_GUN, "--all"]).success();

    // The same for somebody who has the key of `targets`, too.
    import(&notary, &sim.keys["targets"][0].private, &["--role", "targets", "--gun", SIM_GUN]);
    chooses(remove(&notary, "a/only"), &notary, "targets/a", &has("targets/a", "a/only"));
    let note = |others: &str| {
        format!("staged for targets; with the keys here, `--roles` could be {others} as well\n")
    };
    chooses(remove(&notary, "a/top"), &notary, "targets", &note("targets/a"));
    let both = note("targets/a, targets/c") + &not_there("a/both", "targets");
    chooses(remove(&notary, "a/both"), &notary, "targets", &both);
    let foreign = not_there("b/foreign", "targets");
    chooses(remove(&notary, "b/foreign"), &notary, "targets", &foreign);

    // What is staged counts like what is published.
    let _ = notary
        .run(["addhash", SIM_GUN, "a/new", "5", "--sha256", HASH, "-r", "targets/c"])
        .success();
    chooses(remove(&notary, "a/new"), &notary, "targets/c", &has("targets/c", "a/new"));
}

#[test]
fn without_any_key_it_is_targets_with_a_warning() {
    let (sim, keys) = family();
    let (notary, server) = acquainted(&sim, &[]);
    let requests = server.brief().len();
    let outcome = add(&notary, "a/x");
    let stderr = outcome.stderr.clone();
    let start = "warning: staged for targets, but no key is here for any role that may sign \
        \"a/x\": targets (key ";
    assert!(stderr.starts_with(start), "{stderr}");
    for key in [&sim.keys["targets"][0], &keys[0], &keys[2]] {
        assert!(stderr.contains(key.private.id().as_str()), "{stderr}");
    }
    assert!(!stderr.contains("targets/b"), "{stderr}");
    chooses(outcome, &notary, "targets", &stderr);
    assert_eq!(server.brief().len(), requests, "nobody here could be a delegate");
}

#[test]
fn delegates_who_know_nothing_of_the_collection_ask_the_server() {
    let (sim, keys) = family();
    let (notary, server) = delegate(&sim, &[&keys[0]]);
    let outcome = add(&notary, "a/x");
    let stderr = outcome.stderr.clone();
    assert!(stderr.starts_with("trusting sim.example/app from now on"), "{stderr}");
    let note = "staged for targets/a, the only role that the keys here may sign\n";
    assert!(stderr.ends_with(note), "{stderr}");
    chooses(outcome, &notary, "targets/a", &stderr);
    let requests = server.brief().len();
    assert!(requests > 0);
    chooses(add(&notary, "a/y"), &notary, "targets/a", note);
    assert_eq!(server.brief().len(), requests, "now it is known");
}

#[test]
fn a_server_that_does_not_help_is_no_failure() {
    let (sim, keys) = family();
    let (notary, server) = delegate(&sim, &[&keys[0]]);
    let unchecked = format!("staged unchecked: there is no copy of {SIM_GUN} on this machine\n");
    chooses(notary.run(["--offline", "remove", SIM_GUN, "a/x"]), &notary, "targets", &unchecked);
    assert!(server.brief().is_empty());
    drop(server);
    let outcome = add(&notary, "a/x");
    let stderr = outcome.stderr.clone();
    let start = "warning: staged for targets, since it cannot be told who may sign \"a/x\": ";
    assert!(stderr.starts_with(start), "{stderr}");
    assert!(stderr.contains("the server cannot be reached"), "{stderr}");
    chooses(outcome, &notary, "targets", &stderr);

    // Somebody with a key that was made for `targets` of the collection need not ask.
    import(&notary, &SimKey::new().private, &["--role", "targets", "--gun", SIM_GUN]);
    chooses(add(&notary, "a/x"), &notary, "targets", "");
}

#[test]
fn a_refusal_is_told_and_files_not_to_be_trusted_are_the_end() {
    let (sim, keys) = family();
    let refusing = HttpServer::start(|_| Response::status(403, ""));
    let mut forged = Published::sim(&sim.publish());
    forged.put("timestamp", b"{}".to_vec());
    let forged = forged.serve();
    // Without a copy, and with one that does not know of the key.
    let (stranger, _server) = delegate(&sim, &[&keys[0]]);
    let (visitor, _server) = acquainted(&sim, &[]);
    import(&visitor, &SimKey::new().private, &["--role", "delegate"]);
    for (mut notary, words) in [
        (stranger, "warning: staged for targets, since it cannot be told who may sign \"a/x\": "),
        (visitor, "warning: who may sign is judged by the copy on this machine, which the server "),
    ] {
        notary.options = vec!["-s".into(), forged.url.clone()];
        let args = ["addhash", SIM_GUN, "a/x", "5", "--sha256", HASH];
        let _ = notary.refuses(args, 3, &["timestamp"]);
        assert!(staged(&notary).is_empty());
        notary.options = vec!["-s".into(), refusing.url.clone()];
        let outcome = add(&notary, "a/x");
        assert!(outcome.stderr.starts_with(words), "{}", outcome.report());
        assert!(outcome.stderr.contains("(status 403)"), "{}", outcome.report());
        outcome.success();
    }
}

#[test]
fn who_became_a_delegate_since_the_last_look_asks_the_server() {
    let (mut sim, _) = family();
    let (mut notary, _old) = acquainted(&sim, &[]);
    let key = SimKey::new();
    import(&notary, &key.private, &["--role", "delegate"]);
    sim.delegate_to("targets/new", &["new/"], &[key], 1);
    for role in ["targets", "snapshot", "timestamp"] {
        sim.version(role, 2);
    }
    let server = Published::sim(&sim.publish()).serve();
    notary.options = vec!["-s".into(), server.url.clone()];
    let note = "staged for targets/new, the only role that the keys here may sign\n";
    chooses(add(&notary, "new/x"), &notary, "targets/new", note);
}

#[test]
fn delegations_that_are_staged_count() {
    let (sim, _) = family();
    let key = SimKey::new();
    let (notary, server) = acquainted(&sim, &[&key]);
    let requests = server.brief().len();
    let change = |payload: serde_json::Value| {
        let data = data_encoding::BASE64.encode(payload.to_string().as_bytes());
        json!({
            "action": "create", "role": "targets/new", "type": "delegation", "path": "",
            "data": data,
        })
    };
    let directory = notary.collection_dir(SIM_GUN).join("changelist");
    std::fs::create_dir_all(&directory).unwrap();
    let changes = [
        change(json!({"threshold": 1, "add_keys": [key.json()]})),
        change(json!({"add_paths": ["new/"]})),
    ];
    for (number, change) in changes.iter().enumerate() {
        let name = format!("{number:020}_0.change");
        std::fs::write(directory.join(name), change.to_string()).unwrap();
    }
    let note = "staged for targets/new, the only role that the keys here may sign\n";
    chooses(add(&notary, "new/x"), &notary, "targets/new", note);
    assert_eq!(server.brief().len(), requests);
}
