//! `who`: who may sign, which keys are here, and which are missing.

use notary::keys::PrivateKey;
use notary::tuf::pem::Block;
use serde_json::{Value, json};
use time::Duration;

use crate::support::{
    Authority, Contents, NotaryServer, Published, SIM_GUN, Sandbox, Sim, SimKey, sim_now,
};

/// Puts a private key into the key store.
fn import(notary: &Sandbox, key: &PrivateKey, role: &str) {
    let block = Block::new("PRIVATE KEY", key.to_pkcs8().to_vec());
    let file = notary.write("import.pem", block.encode().as_bytes());
    notary.run(["key", "import", "--role", role, file.to_str().unwrap()]).success();
}

/// A reader of a simulated collection.
fn reader() -> Sandbox {
    let mut notary = Sandbox::new();
    notary.now = Some(sim_now());
    notary
}

fn serve(notary: &mut Sandbox, published: Published) -> crate::support::HttpServer {
    let server = published.serve();
    notary.options = vec!["-s".into(), server.url.clone()];
    server
}

fn row<'a>(report: &'a Value, role: &str) -> &'a Value {
    let roles = report["roles"].as_array().unwrap();
    roles.iter().find(|row| row["role"] == role).unwrap_or_else(|| panic!("no {role}: {report}"))
}

fn names(report: &Value) -> Vec<&str> {
    let roles = report["roles"].as_array().unwrap();
    roles.iter().map(|row| row["role"].as_str().unwrap()).collect()
}

/// The place of each key of a role, in the order of `keys`.
fn places(report: &Value, role: &str, keys: &[SimKey]) -> Vec<String> {
    let listed = row(report, role)["keys"].as_array().unwrap().clone();
    assert_eq!(listed.len(), keys.len(), "{report}");
    let place = |key: &SimKey| {
        let id = key.private.id().as_str();
        let found = listed.iter().find(|row| row["key_id"] == id);
        found.unwrap_or_else(|| panic!("no {id}"))["place"].as_str().unwrap().to_owned()
    };
    keys.iter().map(place).collect()
}

#[test]
fn keys_that_are_here_are_told_from_those_that_are_missing() {
    let keys = [SimKey::new(), SimKey::new(), SimKey::new()];
    let mut sim = Sim::new();
    sim.delegate_to("targets/b", &["b/", "é x/"], &keys, 2);
    sim.delegate_to("targets/a", &[""], &keys[..1], 1);
    sim.delegate("targets/b/below", &["b/c", "elsewhere"]);
    let mut notary = reader();
    let _server = serve(&mut notary, Published::sim(&sim.publish()));

    import(&notary, &keys[1].private, "delegate");
    let report = notary.run(["who", SIM_GUN, "--json"]).json();
    let order =
        ["root", "targets", "snapshot", "timestamp", "targets/b", "targets/a", "targets/b/below"];
    assert_eq!(names(&report), order);
    assert_eq!(places(&report, "targets/b", &keys), ["missing", "here", "missing"]);
    assert_eq!(places(&report, "targets/a", &keys[..1]), ["missing"]);
    assert_eq!(places(&report, "snapshot", &sim.keys["snapshot"]), ["server"]);
    let role = row(&report, "targets/b");
    assert_eq!((&role["threshold"], &role["can_sign"]), (&json!(2), &json!(false)));
    assert_eq!(role["paths"], json!(["b/", "é x/"]));
    assert_eq!(row(&report, "targets/b/below")["paths"], json!(["b/c"]), "effective ones");
    assert_eq!(row(&report, "root")["paths"], Value::Null);
    let certificate = &row(&report, "root")["keys"][0]["certificate"];
    assert_eq!(certificate["common_name"], SIM_GUN);
    assert_eq!(certificate["expires"], "2036-11-18T03:00:00Z");

    import(&notary, &keys[0].private, "delegate");
    let report = notary.run(["--offline", "who", SIM_GUN, "--json"]).json();
    assert_eq!(places(&report, "targets/b", &keys), ["here", "here", "missing"]);
    assert_eq!(row(&report, "targets/b")["can_sign"], true);
    assert_eq!(report["source"]["kind"], "cache");

    // What was taken out of use cannot sign, and can be told from what was never here.
    let id = keys[0].private.id().as_str();
    notary.run(["key", "remove", id, "--yes"]).success();
    let report = notary.run(["who", SIM_GUN, "--json"]).json();
    assert_eq!(places(&report, "targets/b", &keys), ["archived", "here", "missing"]);
    assert_eq!(row(&report, "targets/b")["can_sign"], false);
}

#[test]
fn programs_and_people_get_a_row_for_each_key() {
    let keys = [SimKey::new(), SimKey::new()];
    let mut sim = Sim::new();
    sim.delegate_to("targets/a", &["a/", "b c/"], &keys, 2).delegate("targets/b", &["x", ""]);
    sim.set("targets", "/delegations/roles/1/keyids", json!([]));
    let mut notary = reader();
    let _server = serve(&mut notary, Published::sim(&sim.publish()));
    import(&notary, &keys[0].private, "delegate");
    let outcome = notary.run(["who", SIM_GUN]);
    assert!(
        outcome.stderr.contains(
            "warning: targets/b cannot be signed: it needs 1 of its keys to sign, but has 0 keys"
        ),
        "{}",
        outcome.report()
    );
    let table = outcome.success();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 2 + 4 + 2 + 1, "{table}");
    assert!(lines[0].starts_with("ROLE         NEEDS     CAN SIGN    FILE "), "{table}");
    for key in &keys {
        let id = key.private.id().as_str();
        let place = if id == keys[0].private.id().as_str() { "here" } else { "missing" };
        let line = lines.iter().find(|line| line.contains(id)).unwrap();
        let words: Vec<&str> = line.split("  ").map(str::trim).filter(|w| !w.is_empty()).collect();
        let expected =
            ["targets/a", "2 of 2", "no", "valid", id, "ecdsa-p256", place, "-", "\"a/\" \"b c/\""];
        assert_eq!(words, expected);
    }
    assert!(lines[8].starts_with("targets/b    1 of 0    no "), "{table}");
    assert!(lines[8].ends_with("\"\" <all paths>"), "{table}");
}

#[test]
fn a_key_that_is_listed_with_several_certificates_is_one_key() {
    let key = SimKey::new();
    let authority = Authority::new("authority");
    let alice = || Contents { name: "alice", ..Contents::default() };
    let listed = [0, 1].map(|_| authority.list(&key, alice(), &[]));
    let listed = [listed[0].clone(), listed[1].clone(), key.clone()];
    let mut sim = Sim::new();
    sim.delegate_to("targets/a", &["a"], &listed, 2);
    let mut notary = reader();
    let _server = serve(&mut notary, Published::sim(&sim.publish()));
    let outcome = notary.run(["who", SIM_GUN, "--json"]);
    assert!(
        outcome
            .stderr
            .contains("targets/a cannot be signed: it needs 2 of its keys to sign, but has 1 key"),
        "{outcome:?}"
    );
    let report = outcome.json();
    let role = row(&report, "targets/a");
    assert_eq!(role["keys"].as_array().unwrap().len(), 1);
    assert_eq!(role["keys"][0]["certificate"]["common_name"], "alice");
    assert_eq!(role["file"], "refused");
}

#[test]
fn of_a_name_the_roles_are_shown_that_may_sign_it() {
    let mut sim = Sim::new();
    sim.delegate("targets/z", &["a"]).delegate("targets/a", &["a/"]).delegate("targets/b", &["b"]);
    sim.delegate("targets/z/below", &["a/x"]);
    for holder in ["targets/a", "targets/z/below", "targets/b"] {
        sim.add_target(holder, "a/x", holder);
    }
    let mut notary = reader();
    let _server = serve(&mut notary, Published::sim(&sim.publish()));
    let report = notary.run(["who", SIM_GUN, "a/x", "--json"]).json();
    assert_eq!(names(&report), ["targets", "targets/z", "targets/a", "targets/z/below"]);
    let expected = json!({"name": "a/x", "signed_by": "targets/a", "withheld_by": null});
    assert_eq!(report["target"], expected);
    let has = report["roles"].as_array().unwrap().iter().map(|row| row["has_target"].clone());
    assert_eq!(has.collect::<Vec<_>>(), [json!(false), json!(false), json!(true), json!(true)]);

    let text = notary.run(["who", SIM_GUN, "a/x"]).success();
    let first = "Target \"a/x\" is signed by targets/a. Roles that may sign it:";
    assert_eq!(text.lines().next(), Some(first));
    let signed = |role: &str| {
        let line = text.lines().find(|line| line.starts_with(&format!("{role} ")));
        line.unwrap().split_whitespace().nth(1).unwrap().to_owned()
    };
    assert_eq!(signed("targets/z"), "no");
    assert_eq!(signed("targets/a"), "yes");
    assert_eq!(signed("targets/z/below"), "hidden");

    // A name that nobody but `targets` may sign.
    let report = notary.run(["who", SIM_GUN, "c", "--json"]).json();
    assert_eq!(names(&report), ["targets"]);
    assert_eq!(report["target"]["signed_by"], Value::Null);
    let text = notary.run(["who", SIM_GUN, "c"]).success();
    assert!(
        text.starts_with("No role has signed \"c\". Roles that may sign it:\n\nROLE"),
        "{text}"
    );
}

#[test]
fn roles_whose_files_are_refused_are_shown_with_the_reason() {
    let mut sim = Sim::new();
    for name in ["expired", "missing", "empty"] {
        sim.delegate(&format!("targets/{name}"), &[name]);
    }
    sim.expires("targets/expired", sim_now() - Duration::days(1));
    sim.described.insert("targets/empty".into(), None);
    let mut files = sim.publish();
    files.remove("targets/missing");
    let mut notary = reader();
    let _server = serve(&mut notary, Published::sim(&files));
    let outcome = notary.run(["who", SIM_GUN, "--json"]);
    assert!(
        outcome.stderr.contains(
            "the targets of targets/expired are not shown: targets/expired expired at 2026-11-20"
        ),
        "{outcome:?}"
    );
    let report = outcome.json();
    let state = |role: &str| {
        let row = row(&report, role);
        (row["file"].as_str().unwrap().to_owned(), row["problem"].clone())
    };
    let (file, problem) = state("targets/expired");
    assert_eq!(file, "refused");
    assert!(problem.as_str().unwrap().starts_with("targets/expired expired at 2026-11-20"));
    assert_eq!(
        state("targets/missing"),
        ("refused".into(), json!("the server does not have its file"))
    );
    assert_eq!(state("targets/empty"), ("none".into(), Value::Null));
    assert_eq!(state("targets"), ("valid".into(), Value::Null));
    let report = notary.run(["who", SIM_GUN, "missing/x", "--json"]).json();
    assert_eq!(report["target"]["withheld_by"], "targets/missing");
    let text = notary.run(["who", SIM_GUN, "missing/x"]).success();
    assert!(
        text.starts_with("targets/missing, which may have signed \"missing/x\", cannot be read.")
    );
}

#[test]
fn no_passphrase_is_asked_for() {
    let server = NotaryServer::start();
    let mut notary = Sandbox::with_server(&server.url);
    notary.run(["init", super::GUN]).success();
    notary.run(["publish", super::GUN]).success();
    notary.vars.clear();
    let report = notary.run(["who", super::GUN, "--json"]).json();
    for (role, place) in
        [("root", "here"), ("targets", "here"), ("snapshot", "here"), ("timestamp", "server")]
    {
        assert_eq!(row(&report, role)["keys"][0]["place"], place, "{role}");
        assert_eq!(row(&report, role)["can_sign"], place == "here", "{role}");
    }
    let _ =
        notary.refuses(["who", "example.com/unknown"], 4, &["does not have example.com/unknown"]);
}
