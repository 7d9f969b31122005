//! What does not fit the collection is refused before it is staged, and what staged changes cannot
//! be judged is passed over.

use notary::changelist::{Action, Change, Changelist as _, FileChangelist, Kind};
use notary::tuf::key::Base64;
use notary::tuf::role::RoleName;
use serde_json::{Value, json};

use crate::support::{
    HttpServer, Published, Response, SIM_GUN, Sandbox, Sim, SimKey, role, sim_now, snapshot_of,
};

const NOWHERE: &str = "http://127.0.0.1:1";

/// targets → a (paths `a/` and `x/`) → a/b (paths `a/b/`); `targets/empty` has no file yet.
fn family() -> Sim {
    let mut sim = Sim::new();
    sim.delegate("targets/a", &["a/", "x/"]);
    sim.delegate("targets/a/b", &["a/b/"]);
    sim.add_target("targets/a", "a/x", "content");
    sim.delegate("targets/empty", &[""]);
    sim.payloads.remove("targets/empty");
    sim
}

fn sandbox() -> Sandbox {
    let mut notary = Sandbox::new();
    notary.now = Some(sim_now());
    notary.write("file", "content");
    notary
}

fn serve(notary: &mut Sandbox, sim: &Sim) -> HttpServer {
    let server = Published::sim(&sim.publish()).serve();
    notary.options = vec!["-s".into(), server.url.clone()];
    server
}

/// Somebody without keys who has read the collection before.
fn reader(sim: &Sim) -> (Sandbox, HttpServer) {
    let mut notary = sandbox();
    let server = serve(&mut notary, sim);
    notary.run(["list", SIM_GUN]).success();
    (notary, server)
}

/// Stages a change without asking what it says.
fn plant(notary: &Sandbox, change: Change) {
    let directory = notary.collection_dir(SIM_GUN).join("changelist");
    FileChangelist::new(directory).push(&[change], sim_now()).unwrap();
}

fn delegation(action: Action, role: &str, payload: Value) -> Change {
    let data = (!payload.is_null()).then(|| Base64(payload.to_string().into_bytes()));
    let (role, path) = (role.to_owned(), String::new());
    Change { action, role, kind: Kind::Delegation, path, data }
}

fn creation(role: &str, path: &str) -> Change {
    let payload = json!({"threshold": 1, "add_keys": [SimKey::new().json()], "add_paths": [path]});
    delegation(Action::Create, role, payload)
}

fn staged(notary: &Sandbox) -> usize {
    snapshot_of(&notary.collection_dir(SIM_GUN).join("changelist")).len()
}

/// Words of a command line, what is said, and how the run ends.
type Case<'a> = (&'a [&'a str], &'a [&'a str], u8);

const REFUSED: &[Case<'_>] = &[
    (
        &["add", SIM_GUN, "n", "file", "-r", "targets/none"],
        &[
            "cannot add \"n\" in targets/none, judged by ",
            "there is no role targets/none",
            "`notary delegation add sim.example/app targets/none CERT --paths PREFIX` makes it",
            "`notary delegation list sim.example/app`",
        ],
        4,
    ),
    (
        &["remove", SIM_GUN, "n", "-r", "targets/a/none"],
        &["there is no role targets/a/none\nhint: `notary delegation list sim.example/app` shows \
             the roles that there are\n"],
        4,
    ),
    (
        &["add", SIM_GUN, "n o", "file", "-r", "targets/a/b"],
        &[
            "targets/a/b may not sign \"n o\"; its paths are \"a/b/\"",
            "`notary delegation add sim.example/app targets/a --paths 'n o'` lets targets/a, which is \
             above it, sign that name first",
        ],
        1,
    ),
    (
        &["add", SIM_GUN, "a/n o", "file", "-r", "targets/a/b"],
        &["`notary delegation add sim.example/app targets/a/b --paths 'a/n o'` lets it sign that"],
        1,
    ),
    (
        &["add", SIM_GUN, "y,\"x'", "file", "-r", "targets/a"],
        &["targets/a --paths '\"y,\"\"x'\\''\"'` lets it sign that name"],
        1,
    ),
    (
        &["delegation", "add", SIM_GUN, "targets/a/b", "--paths=-x"],
        &["targets/a --paths=-x` lets its parent have the path first"],
        1,
    ),
    (
        &["delegation", "add", SIM_GUN, "targets/a/b", "--all-paths"],
        &["targets/a --all-paths` lets its parent have the path first"],
        1,
    ),
    // The first would fit.
    (
        &["add", SIM_GUN, "n", "file", "-r", "targets,targets/a"],
        &["cannot add \"n\" in targets/a,", "its paths are \"a/\", \"x/\""],
        1,
    ),
    (&["witness", SIM_GUN, "targets", "targets/none"], &["there is no role targets/none"], 4),
    (&["witness", SIM_GUN, "targets/empty"], &["nothing has been signed in targets/empty yet"], 4),
    (
        &["delegation", "add", SIM_GUN, "targets/new", "--paths", "n/"],
        &[
            "a new delegation needs at least one key",
            "targets/new CERT --paths PREFIX` names a key",
        ],
        1,
    ),
    (
        &["delegation", "add", SIM_GUN, "targets/none/new", "--paths", "n/"],
        &["there is no role targets/none"],
        4,
    ),
    (
        &["delegation", "add", SIM_GUN, "targets/a/b", "--paths", "a/ok,b/"],
        &[
            "path \"b/\" of targets/a/b is outside the paths of its parent: \"a/\", \"x/\"",
            "`notary delegation add sim.example/app targets/a --paths b/` lets its parent have",
        ],
        1,
    ),
    (
        &["delegation", "remove", SIM_GUN, "targets/none", "--paths", "n/"],
        &["there is no role targets/none"],
        4,
    ),
    (&["delegation", "remove", SIM_GUN, "targets/none", "-y"], &["no role targets/none"], 4),
];

/// What is said of keys that nobody has, which are only known by their ids.
#[test]
fn keys_that_do_not_exist_are_not_removed() {
    let (notary, _server) = reader(&family());
    let id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let (whole, hint) = (format!("the key {id}"), "`notary delegation list sim.example/app`");
    let remove = ["delegation", "remove", SIM_GUN, "targets/a", id];
    let _ = notary.refuses(remove, 4, &[&format!("targets/a does not have {whole}; it has"), hint]);
    let purge = ["delegation", "purge", SIM_GUN, "--key", id];
    let _ = notary.refuses(purge, 4, &[&format!("no delegation has {whole}"), hint]);
    assert_eq!(staged(&notary), 0);
}

#[test]
fn what_does_not_fit_is_refused_whatever_is_known() {
    let now = "judged by the collection as it is now; nothing is staged";
    let copy =
        "judged by the copy on this machine, which the server confirmed 2026-11-21T03:00:00Z";
    let down = format!("{copy}, since the server cannot be asked: the server cannot be reached");
    for (options, state) in
        [(None, now), (Some(vec!["--offline"]), copy), (Some(vec!["-s", NOWHERE]), down.as_str())]
    {
        let (mut notary, _server) = reader(&family());
        if let Some(options) = options {
            notary.options = options.into_iter().map(str::to_owned).collect();
        }
        plant(&notary, creation("targets/mine", "m/"));
        for (args, words, code) in REFUSED {
            let _ = notary.refuses(*args, *code, &[words, &[state][..]].concat());
        }
        assert_eq!(staged(&notary), 1);
    }
}

#[test]
fn without_a_copy_nothing_is_judged() {
    let mut notary = sandbox();
    notary.options = vec!["-s".into(), NOWHERE.into()];
    let mut count = 0;
    for (args, ..) in REFUSED {
        let outcome = notary.run(*args);
        assert!(!outcome.stderr.contains("warning: "), "{}", outcome.report());
        let _ = outcome.success();
        assert!(staged(&notary) > count);
        count = staged(&notary);
    }
}

#[test]
fn a_copy_that_cannot_be_used_says_nothing() {
    let (notary, _server) = reader(&family());
    let root = notary.collection_dir(SIM_GUN).join("metadata/root.json");
    std::fs::write(root, "{}").unwrap();
    let _ = notary.run(["add", SIM_GUN, "n", "file", "-r", "targets/none"]).success();
    assert_eq!(staged(&notary), 1);
}

#[test]
fn what_is_not_published_yet_is_judged_by_what_was_made_here() {
    let notary = Sandbox::new();
    notary.write("file", "content");
    notary.run(["init", SIM_GUN]).success();
    let add = ["add", SIM_GUN, "n/1", "file", "-r", "targets/new"];
    let words = ["judged by the collection as it was made on this machine; nothing is staged"];
    let _ = notary.refuses(add, 4, &words);
    // A role that is staged will do.
    plant(&notary, creation("targets/new", "n/"));
    assert_eq!(notary.run(add).stderr, "");
    let other = ["add", SIM_GUN, "m", "file", "-r", "targets/new"];
    let _ = notary.refuses(other, 1, &["its paths are \"n/\""]);
    assert_eq!(staged(&notary), 2);
}

#[test]
fn the_server_knows_better_than_an_old_copy() {
    let (mut notary, server) = reader(&family());
    drop(server);
    let mut sim = family();
    sim.delegate("targets/new", &["n/"]);
    for name in ["targets", "snapshot", "timestamp"] {
        sim.version(name, 2);
    }
    let add = ["add", SIM_GUN, "n/1", "file", "-r", "targets/new"];
    notary.options = vec!["-s".into(), NOWHERE.into()];
    let _ = notary.refuses(add, 4, &["there is no role targets/new"]);
    // Another collection of the name, which the copy does not follow: that comes first.
    let _server = serve(&mut notary, &sim);
    let _ = notary.refuses(add, 3, &["the new root is not signed by the root keys trusted so far"]);

    let mut sim = family();
    let (mut notary, server) = reader(&sim);
    drop(server);
    sim.delegate("targets/new", &["n/"]);
    for name in ["targets", "snapshot", "timestamp"] {
        sim.version(name, 2);
    }
    let _server = serve(&mut notary, &sim);
    let _ = notary.refuses(["--offline"].into_iter().chain(add), 4, &["the copy on this machine"]);
    let outcome = notary.run(add);
    assert_eq!(outcome.stderr, "");
    let _ = outcome.success();
    let other = ["add", SIM_GUN, "o", "file", "-r", "targets/new"];
    let _ = notary.refuses(other, 1, &["judged by the collection as it is now"]);
    assert_eq!(staged(&notary), 1);
}

#[test]
fn what_does_no_harm_is_staged_and_said() {
    for (args, words) in [
        (&["remove", SIM_GUN, "v9"][..], "warning: \"v9\" is not in targets, as far as is known"),
        (
            &["remove", SIM_GUN, "v9", "-r", "targets/empty"],
            "warning: \"v9\" is not in targets/empty",
        ),
        (
            &["add", SIM_GUN, "a/x", "file", "-r", "targets/a"],
            "add \"a/x\" in targets/a: this is so already",
        ),
        (
            &["delegation", "remove", SIM_GUN, "targets/a", "--paths", "a/,q/"],
            "warning: targets/a does not have the path \"q/\"",
        ),
        (
            &["delegation", "add", SIM_GUN, "targets/a", "--paths", "x/"],
            "add delegation targets/a (+path \"x/\"): this is so already",
        ),
        (
            &["delegation", "add", SIM_GUN, "targets/a", "--threshold", "2"],
            "warning: targets/a will have fewer keys than its threshold of 2",
        ),
    ] {
        let (notary, _server) = reader(&family());
        let outcome = notary.run(args);
        assert!(outcome.stderr.contains(words), "{words}: {}", outcome.report());
        let _ = outcome.success();
        assert_eq!(staged(&notary), 1, "{args:?}");
        // The same once more is what will be so with what is staged.
        if args[0] == "add" {
            let _ = notary.run(["remove", SIM_GUN, "a/x", "-r", "targets/a"]).success();
            assert_eq!(notary.run(args).stderr, "");
        }
    }
}

#[test]
fn many_words_of_warning_are_cut_short() {
    let mut sim = family();
    let names: Vec<String> = (0..30).map(|index| format!("{index:02}")).collect();
    for name in &names {
        sim.add_target("targets", name, "content");
    }
    let (notary, _server) = reader(&sim);
    for name in &names {
        notary.write(&format!("all/{name}"), "content");
    }
    let again = notary.run(["add", SIM_GUN, "-r", "targets", "--recursive", "all"]);
    let notes: Vec<&str> = again.stderr.lines().collect();
    assert_eq!(notes.len(), 21, "{notes:?}");
    assert!(notes[0].contains("\"00\"") && notes[19].contains("\"19\""), "{notes:?}");
    assert!(notes[20].contains("10 more"), "{notes:?}");
    let _ = again.success();
    assert_eq!(staged(&notary), 30);
}

#[test]
fn what_was_staged_before_and_does_not_fit_is_passed_over_and_named() {
    let (notary, _server) = reader(&family());
    plant(&notary, Change::remove_target(&role("targets/gone"), "x"));
    plant(&notary, delegation(Action::Update, "targets/a", json!({"clear_paths": true})));
    let changelist = notary.collection_dir(SIM_GUN).join("changelist");
    std::fs::write(changelist.join("00000000000000000001_x.change"), "{").unwrap();
    let outcome = notary.run(["remove", SIM_GUN, "a/x", "-r", "targets/a"]);
    for words in [
        "warning: staged change `",
        "warning: staged change 1 (remove \"x\" in targets/gone) cannot be applied",
        "caused by: there is no role targets/gone",
        "hint: `notary reset sim.example/app -n 1` drops it",
    ] {
        assert!(outcome.stderr.contains(words), "{words}: {}", outcome.report());
    }
    let _ = outcome.success();
    // What is staged and fits counts.
    let add = ["add", SIM_GUN, "a/y", "file", "-r", "targets/a"];
    let _ = notary.refuses(add, 1, &["targets/a may not sign \"a/y\"; its paths are none"]);
    // Whatever was staged, `targets` may sign every name.
    assert_eq!(notary.run(["add", SIM_GUN, "y", "file", "-r", "targets"]).stderr, "");
}

#[test]
fn nothing_is_refused_for_the_want_of_a_file_on_this_machine() {
    let mut sim = family();
    sim.delegate("targets/a/b/c", &["a/b/c/"]);
    let (mut notary, server) = reader(&sim);
    std::fs::remove_file(notary.collection_dir(SIM_GUN).join("metadata/targets/a.json")).unwrap();
    let add = |name: &'static str| ["add", SIM_GUN, name, "file", "-r", "targets/a/b/c"];
    let url = std::mem::replace(&mut notary.options, vec!["--offline".into()]);
    let outcome = notary.run(add("a/b/c/x"));
    let words = "whether this is possible is seen when it is published";
    assert!(outcome.stderr.contains(words), "{}", outcome.report());
    let _ = outcome.success();
    let _ = notary.refuses(["witness", SIM_GUN, "targets/b"], 4, &["no role targets/b"]);
    let refusing = HttpServer::start(|_| Response::status(403, ""));
    notary.options = vec!["-s".into(), refusing.url.clone()];
    let outcome = notary.run(add("a/b/c/z"));
    let refused = "warning: the collection as it is now could not be looked at: ";
    for words in [refused, "(status 403)", words] {
        assert!(outcome.stderr.contains(words), "{}", outcome.report());
    }
    let _ = outcome.success();
    // The server has it.
    notary.options = url;
    let _ = notary.run(add("a/b/y")).failure(1, &["its paths are \"a/b/c/\""]);
    assert_eq!(notary.run(add("a/b/c/y")).stderr, "");
    drop(server);
    assert_eq!(staged(&notary), 3);
}

#[test]
fn a_role_that_has_to_be_signed_again_is_not_taken_for_one_without_a_file() {
    let mut sim = family();
    sim.sign_with("targets/a", &[SimKey::new()]);
    let (notary, _server) = reader(&sim);
    let add = |name: &'static str| ["add", SIM_GUN, name, "file", "-r", "targets/a"];
    let hint = "hint: `notary witness sim.example/app targets/a` has it signed again as it is";
    let _ = notary.run(add("a/1")).failure(1, &[hint]);
    // Staged from another machine, as it were, where the role could be used at that time.
    let meta = json!({"length": 1, "hashes": {"sha256": "A".repeat(43) + "="}});
    let data = Some(Base64(meta.to_string().into_bytes()));
    let (role, path) = ("targets/a".to_owned(), "a/0".to_owned());
    plant(&notary, Change { action: Action::Create, role, kind: Kind::Target, path, data });
    assert_eq!(notary.run(["witness", SIM_GUN, "targets/a"]).stderr, "");
    assert_eq!(notary.run(add("a/2")).stderr, "");
    assert_eq!(staged(&notary), 3);
}

#[test]
fn without_a_copy_the_server_is_asked() {
    let mut notary = sandbox();
    let fits = ["add", SIM_GUN, "a/y", "file", "-r", "targets/a"];
    let unfit = ["add", SIM_GUN, "n", "file", "-r", "targets/none"];
    // What fits any collection asks nobody.
    notary.options = vec!["-s".into(), NOWHERE.into()];
    assert_eq!(notary.run(["add", SIM_GUN, "n", "file", "-r", "targets"]).stderr, "");
    for (options, why) in [
        (vec!["-s".into(), NOWHERE.into()], "staged unchecked: the server cannot be reached"),
        (vec!["--offline".into()], "staged unchecked: there is no copy of sim.example/app"),
    ] {
        notary.options = options;
        for line in [fits, unfit] {
            let outcome = notary.run(line);
            assert!(outcome.stderr.contains(why), "{}", outcome.report());
            let _ = outcome.success();
        }
    }
    // A server that is there and refuses to answer is worth a warning.
    let refusing = HttpServer::start(|_| Response::status(403, ""));
    notary.options = vec!["-s".into(), refusing.url.clone()];
    let outcome = notary.run(fits);
    assert!(outcome.stderr.starts_with("warning: staged unchecked: "), "{}", outcome.report());
    assert!(outcome.stderr.contains("(status 403)"), "{}", outcome.report());
    outcome.success();
    notary.run(["reset", SIM_GUN, "--all"]).success();
    // What is wrong with the collection is no reason to go on without it.
    let mut forged = Published::sim(&family().publish());
    forged.put("timestamp", b"{}".to_vec());
    let forged = forged.serve();
    notary.options = vec!["-s".into(), forged.url.clone()];
    let _ = notary.refuses(fits, 3, &["timestamp"]);
    let server = serve(&mut notary, &family());
    let _ = notary.run(unfit).failure(4, &["there is no role targets/none"]);
    std::fs::remove_dir_all(notary.collection_dir(SIM_GUN)).unwrap();
    let outcome = notary.run(fits);
    assert!(outcome.stderr.starts_with("trusting sim.example/app"), "{}", outcome.report());
    assert_eq!(staged(&notary), 1);
    drop(server);
}

#[test]
fn keys_do_not_matter_before_something_is_published() {
    let (notary, _server) = reader(&family());
    let add = ["add", SIM_GUN, "a/y", "file", "-r", "targets/a"];
    assert_eq!(notary.run(add).stderr, "");
    let _ =
        notary.run(["publish", SIM_GUN]).failure(7, &["no key that may sign targets/a is here"]);
    assert_eq!(staged(&notary), 1);
}

#[test]
fn what_does_not_fit_any_more_is_said_with_the_same_hints_when_it_is_published() {
    let notary = Sandbox::new();
    notary.write("file", "content");
    notary.run(["init", SIM_GUN]).success();
    notary.run(["publish", SIM_GUN]).success();
    plant(&notary, Change::remove_target(&RoleName::TARGETS, "x"));
    plant(&notary, Change::remove_target(&role("targets/gone"), "x"));
    let words = [
        "staged change 1 (remove \"x\" in targets/gone) cannot be applied",
        "there is no role targets/gone",
        "hint: `notary delegation list sim.example/app` shows the roles that there are",
        "hint: `notary status sim.example/app` shows it",
    ];
    let _ = notary.refuses(["publish", SIM_GUN], 1, &words);
}
