//! Authorities that are pinned and come to an end.

use serde_json::{Value, json};
use time::Duration;

use super::{Published, SIM_GUN, Sandbox, Sim, SimKey, sim_now};
use crate::support::{Authority, Contents};

/// Time enough for the authority to expire, and for nothing else.
const LATER: Duration = Duration::minutes(2);

#[test]
fn an_authority_that_has_expired_can_be_replaced() {
    let ca = |name: &'static str| Contents { name, is_ca: true, ..Contents::default() };
    let old = Authority::valid_as(Contents { to: sim_now() + LATER / 2, ..ca("old CA") });
    let new = old.below(ca("new CA"));
    let key = new.list(&SimKey::new(), Contents::default(), &[&new.pem]);
    let mut sim = Sim::new();
    sim.list_keys("root", std::slice::from_ref(&key), 1).sign_with("root", [&key]);
    let server = Published::sim(&sim.publish()).serve();
    let pinned = || {
        let mut reader = Sandbox::with_server(&server.url);
        reader.now = Some(sim_now());
        reader.write("old.pem", &old.pem);
        reader.write("new.pem", &new.pem);
        let _ = reader.run(["trust", "pin", SIM_GUN, "--ca", "old.pem"]).success();
        let _ = reader.run(["list", SIM_GUN]).success();
        reader.now = Some(sim_now() + LATER);
        reader
    };
    let words = &format!("the CA that is pinned for {SIM_GUN} cannot be used: ");
    let why = "has no certificate that is valid now";
    let hint = &format!("`notary trust pin {SIM_GUN} --ca FILE` pins another one besides");
    let id = key.id().to_string();

    let reader = pinned();
    for args in [&["list", SIM_GUN][..], &["trust", "pin", SIM_GUN, "--current"]] {
        let _ = reader.refuses(args, 3, &[words, why, hint]);
    }
    let shown = reader.run(["trust", "show", SIM_GUN]).failure(3, &[words, why, hint]);
    for line in [
        format!("id:       {id}"),
        format!(
            "{SIM_GUN} is NOT TRUSTED at present: {words}the pinned certificate authority {why}"
        ),
    ] {
        assert!(shown.stdout.lines().any(|it| it == line), "{line}\n{}", shown.report());
    }
    let shown = reader.run(["trust", "show", SIM_GUN, "--json"]).failure(3, &[words]);
    let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(shown["trusted"], false);
    assert_eq!(shown["root"]["certificates"][0]["certificate_id"], id);
    assert!(shown["pins"][0]["problem"].as_str().unwrap().ends_with(why), "{shown}");
    let _ = reader.refuses(["trust", "show", SIM_GUN, "--pem"], 3, &[words]);

    // What the hint says helps; and so does to pin the certificates instead.
    let _ = reader.run(["trust", "pin", SIM_GUN, "--ca", "new.pem"]).success();
    let _ = reader.run(["list", SIM_GUN]).success();
    let shown = reader.run(["trust", "show", SIM_GUN, "--json"]).json();
    assert_eq!((&shown["trusted"], &shown["pins"][0]["problem"]), (&json!(true), &Value::Null));
    for rest in [&["--ca", "new.pem"][..], &["--current"], &["--key", &id[..7]]] {
        let reader = pinned();
        let args = ["trust", "pin", SIM_GUN, "--replace"];
        let _ = reader.run(args.iter().chain(rest)).success();
        let _ = reader.run(["list", SIM_GUN]).success();
    }
    // One that has not issued the root does not become right by that.
    let reader = pinned();
    reader.write("other.pem", Authority::new("new CA").pem);
    let _ =
        reader.refuses(["trust", "pin", SIM_GUN, "--ca", "other.pem"], 3, &["nothing was pinned"]);

    // Those in the configuration are shown likewise.
    let reader = pinned();
    let _ = reader.run(["trust", "forget", SIM_GUN, "--pin", "--yes"]).success();
    let _ = reader.run(["list", SIM_GUN]).success();
    let file = reader.work().join("old.pem");
    reader.write("c.json", json!({"trust_pinning": {"ca": {"": file}}}).to_string());
    let words = format!("the pinned CA `{}` cannot be used: ", file.display());
    let shown = reader.run(["-c", "c.json", "trust", "show", SIM_GUN]).failure(3, &[&words, why]);
    assert!(shown.stdout.contains(&id), "{}", shown.report());
}
