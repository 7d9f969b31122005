//! Roots that several certificates have to sign, and pins of some of them: the pin is wrong then and
//! not the root, so that nobody is told to forget anything.

use super::{Published, SIM_GUN, Sandbox, Sim, SimKey, sim_now};

/// A collection whose root two certificates have to sign, and their ids.
fn collection() -> (Published, [String; 2]) {
    let keys = [SimKey::root(), SimKey::root()];
    let mut ids = [keys[0].id().to_string(), keys[1].id().to_string()];
    ids.sort();
    let mut sim = Sim::new();
    sim.list_keys("root", &keys, 2).sign_with("root", &keys);
    (Published::sim(&sim.publish()), ids)
}

fn reader(url: &str) -> Sandbox {
    let mut reader = Sandbox::with_server(url);
    reader.now = Some(sim_now());
    reader
}

#[test]
fn too_few_pinned_certificates_are_told_from_a_bad_root() {
    let (published, [one, other]) = collection();
    let server = published.serve();
    let known = reader(&server.url);
    let _ = known.run(["list", SIM_GUN]).success();
    let words = |by: &str| {
        format!(
            "that match {by} and have signed are fewer than the 2 that must; the root has {one}, {other}"
        )
    };
    let kept = words("what `notary trust pin` has pinned");
    let demanded = words("--trust-root");

    let current = format!("`notary trust pin {SIM_GUN} --current` pins all of it");
    let refused = known.refuses(
        ["trust", "pin", SIM_GUN, "--key", &one],
        3,
        &[&kept, "nothing was pinned", &current],
    );
    let elsewhere = reader(&server.url);
    let refused_too = ["--trust-root", &one, "list", SIM_GUN];
    let both = [
        refused,
        known.refuses(refused_too, 3, &[&demanded, "takes several ids"]),
        elsewhere.refuses(refused_too, 3, &[&demanded, "takes several ids"]),
    ];
    for outcome in both {
        let destroys = ["notary delete", "trust forget", "integrity"];
        assert!(destroys.iter().all(|it| !outcome.stderr.contains(it)), "{}", outcome.report());
    }
    // What the hints say helps.
    let _ = known.run(["trust", "pin", SIM_GUN, "--current"]).success();
    let _ = known.run(["list", SIM_GUN]).success();
    let _ = elsewhere.run(["--trust-root", &format!("{one},{other}"), "list", SIM_GUN]).success();

    let fresh = reader(&server.url);
    let _ = fresh.run(["trust", "pin", SIM_GUN, "--key", &one]).success();
    let hint = format!("`notary trust pin {SIM_GUN} --key {one} --key {other}` pins them besides");
    let _ = fresh.refuses(["list", SIM_GUN], 3, &[&kept, &hint]);
    let _ = fresh.run(["trust", "pin", SIM_GUN, "--key", &one, "--key", &other]).success();
    let _ = fresh.run(["list", SIM_GUN]).success();
}
