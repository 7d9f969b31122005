//! Which roles sign an image when the present state of the collection cannot be had.

use serde_json::json;

use crate::support::{
    DockerRegistry, HttpServer, Outcome, Published, Response, SIM_GUN, Sandbox, Sim, sim_now,
};

const NOWHERE: &str = "http://127.0.0.1:1";
const MANIFEST: &str = r#"{"schemaVersion":2,"config":{},"layers":[]}"#;

fn registry() -> HttpServer {
    HttpServer::start_patient(|_| {
        Response::ok(MANIFEST).header("Content-Type", DockerRegistry::OCI_MANIFEST)
    })
}

/// Somebody who has looked at the collection before.
fn acquainted() -> (Sandbox, HttpServer) {
    let server = Published::sim(&Sim::new().publish()).serve();
    let mut notary = Sandbox::with_server(&server.url);
    notary.now = Some(sim_now());
    let _ = notary.run(["list", SIM_GUN]).success();
    (notary, server)
}

fn add(notary: &Sandbox, registry: &HttpServer) -> Outcome {
    let host = registry.url.strip_prefix("http://").unwrap();
    notary.run(["add", SIM_GUN, "1.0", "--image", &format!("{host}/team/app:1.0")])
}

fn is_staged(notary: &Sandbox) -> bool {
    let status = notary.run(["status", SIM_GUN, "--json"]).json();
    !status["changes"].as_array().unwrap().is_empty()
}

#[test]
fn a_server_that_refuses_or_fails_is_not_offline() {
    let registry = registry();
    for (status, code) in [(401, 6), (403, 6), (404, 4), (500, 5)] {
        let (mut notary, _server) = acquainted();
        let server = HttpServer::start(move |_| Response::status(status, ""));
        notary.options = vec!["-s".into(), server.url.clone()];
        let _ = add(&notary, &registry).failure(code, &["error: "]);
        assert!(!is_staged(&notary), "{status}");
    }
    let (mut notary, server) = acquainted();
    notary.options = vec!["-s".into(), server.url.replace("http:", "https:")];
    let _ = add(&notary, &registry).failure(5, &["TLS"]);
    assert!(!is_staged(&notary));
}

#[test]
fn files_that_are_not_to_be_trusted_are_no_reason_to_use_old_ones() {
    let registry = registry();
    let mut sim = Sim::new();
    let older = Published::sim(&sim.publish()).serve();
    sim.version("timestamp", 2);
    let newer = Published::sim(&sim.publish()).serve();
    let mut notary = Sandbox::with_server(&newer.url);
    notary.now = Some(sim_now());
    let _ = notary.run(["list", SIM_GUN]).success();
    notary.options = vec!["-s".into(), older.url.clone()];
    let _ = add(&notary, &registry).failure(3, &["timestamp"]);
    assert!(!is_staged(&notary));

    // A root that the pin does not allow, in the copy on this machine.
    let (mut notary, _server) = acquainted();
    let pin = json!({ "trust_pinning": { "certs": { SIM_GUN: ["0".repeat(64)] } } });
    let config = notary.write("config.json", pin.to_string());
    notary.options.extend(["-c".to_owned(), config.to_str().unwrap().to_owned()]);
    let _ = add(&notary, &registry).failure(3, &["the trusted root"]);
    assert!(!is_staged(&notary));
}

#[test]
fn without_an_answer_it_is_said_what_the_choice_rests_on() {
    let registry = registry();
    let (mut notary, _server) = acquainted();
    notary.options = vec!["-s".into(), NOWHERE.into()];
    let outcome = add(&notary, &registry);
    let words = ["the server cannot be reached", "using the copy on this machine"];
    assert!(words.iter().all(|it| outcome.stderr.contains(it)), "{}", outcome.report());
    outcome.success();

    // A copy that is too old for readers is not for choosing in silence either.
    notary.now = Some(sim_now() + time::Duration::days(365 * 20));
    let outcome = add(&notary, &registry);
    let words = [
        "warning: who may sign is judged by the copy on this machine, which the server confirmed ",
        "since the server cannot be asked: the server cannot be reached",
    ];
    assert!(words.iter().all(|it| outcome.stderr.contains(it)), "{}", outcome.report());
    outcome.success();

    let notary = Sandbox::new();
    let _ = notary.run(["init", SIM_GUN]).success();
    let outcome = add(&notary, &registry);
    let words = "who may sign is judged by the collection as it was made on this machine";
    assert!(outcome.stderr.contains(words), "{}", outcome.report());
    outcome.success();
}
