//! Delegations that cannot be used: each is named with the reason, nothing in it is shown, and
//! everything else is.

use serde_json::json;
use time::Duration;

use crate::support::{
    Authority, Contents, Files, Published, SIM_GUN, Sandbox, Sim, SimKey, sim_now,
};

/// What is wrong with a role.
struct Damage {
    what: &'static str,
    /// Done before the collection is published.
    before: fn(&mut Sim, &str),
    /// Done to what was published.
    after: fn(&mut Files, &str),
    /// What the warning says.
    reason: &'static str,
    /// Whether names that the role may have signed are withheld in lower roles, too.
    withholds: bool,
}

const NOTHING: fn(&mut Files, &str) = |_, _| {};

fn damages() -> Vec<Damage> {
    let publisher =
        |what, before, reason| Damage { what, before, after: NOTHING, reason, withholds: false };
    let server =
        |what, after, reason| Damage { what, before: |_, _| {}, after, reason, withholds: true };
    vec![
        publisher(
            "expired",
            |sim, role| _ = sim.expires(role, sim_now() - Duration::days(1)),
            "expired at 2026-11-20",
        ),
        publisher(
            "signed by a stranger",
            |sim, role| _ = sim.sign_with(role, &[SimKey::new()]),
            "is signed by 0 of the 1 required keys",
        ),
        publisher(
            "under-signed",
            |sim, role| {
                let (parent, _) = role.rsplit_once('/').unwrap();
                let roles = sim.payload(parent)["delegations"]["roles"].as_array_mut().unwrap();
                let entry = roles.iter_mut().find(|entry| entry["name"] == role).unwrap();
                let (first, second) = (entry["keyids"][0].clone(), SimKey::new());
                entry["keyids"] = json!([first, second.id()]);
                entry["threshold"] = json!(2);
                let keys = &mut sim.payload(parent)["delegations"]["keys"];
                keys[second.id().as_str()] = second.json();
            },
            "is signed by 1 of the 2 required keys",
        ),
        publisher(
            "without signatures",
            |sim, role| _ = sim.signatures(role, json!([])),
            "has no signatures",
        ),
        publisher(
            "with a certificate that cannot be used",
            |sim, role| {
                let (parent, _) = role.rsplit_once('/').unwrap();
                let inverted = Contents {
                    from: sim_now(),
                    to: sim_now() - Duration::days(1),
                    ..Contents::default()
                };
                let key = Authority::new("authority").list(&SimKey::new(), inverted, &[]);
                let delegations = &mut sim.payload(parent)["delegations"];
                delegations["keys"][key.id().as_str()] = key.json();
                let roles = delegations["roles"].as_array_mut().unwrap();
                let entry = roles.iter_mut().find(|entry| entry["name"] == role).unwrap();
                entry["keyids"] = json!([key.id()]);
                sim.sign_with(role, &[key]);
            },
            "it ends before it begins",
        ),
        publisher("of another type", |sim, role| _ = sim.set(role, "/_type", "Root"), "malformed"),
        server(
            "missing",
            |files, role| _ = files.remove(role),
            "the server does not have its file",
        ),
        server(
            "another file",
            |files, role| _ = files.get_mut(role).unwrap().pop(),
            "sha256 checksum of",
        ),
        server(
            "a longer file",
            |files, role| files.get_mut(role).unwrap().push(b' '),
            "so it is not the described one",
        ),
    ]
}

/// Everything under one name, which all roles have, and a name that only this role has. `damaged`
/// is the role that will be damaged; its sibling comes after it.
fn family() -> Sim {
    let mut sim = Sim::new();
    for role in ["targets/bad", "targets/good", "targets/good/bad", "targets/good/other"] {
        sim.delegate(role, &["bad", "good", "other"]);
    }
    sim.delegate("targets/bad/below", &["bad/below"]);
    sim.delegate("targets/good/bad/below", &["bad/below"]);
    sim.delegate("targets/free", &["free"]);
    for role in sim.keys.keys().filter(|role| role.contains('/')).cloned().collect::<Vec<_>>() {
        let own = format!("bad/{role}");
        match role.as_str() {
            "targets/free" => _ = sim.add_target(&role, "free", &role),
            role if role.ends_with("below") => _ = sim.add_target(role, "bad/below", role),
            _ => _ = sim.add_target(&role, &own, &role).add_target(&role, "bad/all", &role),
        }
    }
    sim
}

#[track_caller]
fn check(damage: &Damage, role: &str) {
    let context = format!("{role} {}", damage.what);
    let mut sim = family();
    (damage.before)(&mut sim, role);
    let mut files = sim.publish();
    (damage.after)(&mut files, role);
    let mut published = Published::sim(&files);
    if damage.withholds && files.contains_key(role) {
        // Under the hash of the described one.
        let described = serde_json::from_slice::<serde_json::Value>(&files["snapshot"]).unwrap();
        let sha256 = described["signed"]["meta"][role]["hashes"]["sha256"].as_str().unwrap();
        let sha256 = data_encoding::BASE64.decode(sha256.as_bytes()).unwrap();
        let name = format!("{role}.{}.json", data_encoding::HEXLOWER.encode(&sha256));
        published.put_as(&name, files[role].clone());
    }
    let server = published.serve();
    let mut notary = Sandbox::with_server(&server.url);
    notary.now = Some(sim_now());

    let listed = notary.run(["list", SIM_GUN]);
    let warning = format!("warning: the targets of {role} are not shown: ");
    let warnings: Vec<_> =
        listed.stderr.lines().filter(|line| line.contains("not shown:")).collect();
    assert_eq!(warnings.len(), 1, "{context}: {}", listed.report());
    assert!(warnings[0].starts_with(&warning), "{context}: {}", warnings[0]);
    assert!(warnings[0].contains(damage.reason), "{context}: {}", warnings[0]);
    let withholds = "; names that it may have signed are not shown from lower roles either";
    assert_eq!(warnings[0].ends_with(withholds), damage.withholds, "{context}: {}", warnings[0]);
    let warning_line = warnings[0].to_owned();
    let list = listed.success();
    let shown: Vec<(&str, &str)> = list
        .lines()
        .skip(2)
        .map(|line| (line.split("  ").next().unwrap(), line.rsplit("    ").next().unwrap()))
        .collect();
    assert!(
        shown.iter().all(|(_, by)| *by != role && !by.starts_with(&format!("{role}/"))),
        "{context}: {list}"
    );
    assert!(shown.contains(&("free", "targets/free")), "{context}: {list}");
    let is_top = role == "targets/bad";
    let all = match (is_top, damage.withholds) {
        // The first of the siblings is hidden, so that nobody knows what it would say.
        (true, true) => None,
        (true, false) => Some("targets/good"),
        (false, _) => Some("targets/bad"),
    };
    let entry = shown.iter().find(|(name, _)| *name == "bad/all").map(|(_, by)| *by);
    assert_eq!(entry, all, "{context}: {list}");

    // A name of its own, and one of a role below it, cannot be had in any way, and it is said why.
    let own = format!("bad/{role}");
    let hidden =
        |name: &str| format!("error: {role}, which may have signed {name:?}, cannot be read");
    for command in ["lookup", "verify"] {
        let outcome = notary.run_with_input([command, SIM_GUN, &own], role.as_bytes());
        assert_eq!(outcome.stdout, "", "{context}");
        let _ = outcome.failure(3, &[&hidden(&own), &warning_line]);
        for asked in [role.to_owned(), format!("{role}/below")] {
            let args = [command, SIM_GUN, "bad/below", "--roles", &asked];
            let outcome = notary.run_with_input(args, format!("{role}/below").as_bytes());
            assert_eq!(outcome.stdout, "", "{context}");
            let _ = outcome.failure(3, &[&hidden("bad/below"), &warning_line]);
        }
        // What it may not sign is simply not there; nor is what is asked of others only.
        for asked in [&["no"][..], &[&own, "--roles", "targets/free"]] {
            let args = [command, SIM_GUN].into_iter().chain(asked.iter().copied());
            let _ = notary.run_with_input(args, b"").failure(4, &["has no target", &warning_line]);
        }
    }
    // The rest can be verified.
    let free = notary.run_with_input(["verify", SIM_GUN, "free"], b"targets/free");
    assert_eq!(free.success(), "targets/free", "{context}");
}

#[test]
fn on_the_first_level() {
    for damage in damages() {
        check(&damage, "targets/bad");
    }
}

#[test]
fn on_the_second_level() {
    for damage in damages() {
        check(&damage, "targets/good/bad");
    }
}
