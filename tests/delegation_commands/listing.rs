//! `delegation list`, on what the Go programs made.

use std::fs;

use crate::support::{Published, Sandbox, copy_dir, golden, read_golden};

const GUN: &str = "golden.example/delegations";

/// The golden scenarios with the list of the Go client.
const SCENARIOS: [&str; 2] = ["03-delegations", "03c-delegations-purged"];

fn reader(scenario: &str, with_cache: bool) -> (crate::support::HttpServer, Sandbox) {
    let server = Published::golden(scenario, GUN).serve();
    let notary = Sandbox::with_server(&server.url).at_golden_time();
    if with_cache {
        copy_dir(&golden(scenario).join("trust"), &notary.trust_dir());
    }
    (server, notary)
}

#[test]
fn every_list_of_the_go_client_is_compared() {
    for entry in fs::read_dir(golden("")).unwrap() {
        let path = entry.unwrap().path();
        if path.join("delegation-list.txt").exists() {
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(SCENARIOS.contains(&name), "{name}");
        }
    }
}

#[test]
fn lists_are_those_of_the_go_client() {
    for scenario in SCENARIOS {
        let expected = read_golden(format!("{scenario}/delegation-list.txt"));
        let expected = String::from_utf8(expected).unwrap();
        for with_cache in [false, true] {
            let (_server, notary) = reader(scenario, with_cache);
            let listed = notary.run(["delegation", "list", GUN]);
            assert_eq!(listed.stdout, expected, "{scenario}: {}", listed.report());
            let _ = listed.success();
            let offline = notary.run(["delegation", "list", GUN, "--offline"]);
            assert_eq!(offline.stdout, expected, "{scenario}: {}", offline.report());
            assert!(offline.stderr.contains("using the copy on this machine"));
        }
    }
}

#[test]
fn paths_outside_of_the_parents_are_listed_as_they_stand() {
    let (_server, notary) = reader("03b-delegations-narrowed", false);
    let listed = notary.run(["delegation", "list", GUN]).success();
    let row = listed.lines().find(|line| line.starts_with("targets/releases/stable ")).unwrap();
    assert!(row.contains(" rel/stable/ "), "{listed}");
}

#[test]
fn it_is_said_that_there_are_none() {
    let empty = Sandbox::new();
    let _ = empty.run(["init", "app", "-p"]).success();
    let listed = empty.run(["delegation", "list", "app"]).success();
    assert_eq!(listed, "\n\nNo delegations present in this repository.\n\n\n");
    let json = empty.run(["delegation", "list", "app", "--json"]).json();
    assert_eq!(json["delegations"], serde_json::json!([]));
}
