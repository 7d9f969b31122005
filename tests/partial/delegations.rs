//! Delegations that need several keys, on a server of the Go project and read by its client.

use super::{GUN, ROLE, Team, sign, stage_delegation};
use crate::support::Sandbox;

#[test]
fn two_of_three_sign_in_their_trust_directories() {
    let team = Team::start();
    let prepared = team.prepare("v1");
    let text = String::from_utf8(prepared.clone()).unwrap();
    assert!(text.contains("\"format\": \"notary-partial-publication\""), "{text}");
    assert!(text.contains("\"v1\"") && text.contains("\"signatures\": []"), "{text}");

    // Nobody has signed, then one has, which is not enough.
    let missing = ["targets/releases lacks 2 signatures", "`notary sign p.json`"];
    let refused = team.owner.refuses(["publish", GUN, "--from", "p.json"], 7, &missing);
    for key in &team.keys {
        assert!(refused.stderr.contains(key.id().as_str()), "{}", refused.report());
    }
    let once = team.sign(0, &prepared);
    team.owner.write("p.json", &once);
    let missing = ["targets/releases lacks 1 signature", team.keys[1].id().as_str()];
    let refused = team.owner.refuses(["publish", GUN, "--from", "p.json"], 7, &missing);
    assert!(!refused.stderr.contains(team.keys[0].id().as_str()), "{}", refused.report());

    // The second is shown what the first has signed.
    team.members[2].write("p.json", &once);
    let shown = team.members[2].run_with_input(["sign", "p.json"], b"no\n");
    let shown = shown.failure(1, &["cancelled", "Are you sure you want to sign this for partial"]);
    let words =
        ["(1 of 3 keys, 2 needed)", "adds \"v1\": 1 bytes, sha256 ", "version 1, valid until"];
    for word in words {
        assert!(shown.stdout.contains(word), "{word}\n{}", shown.report());
    }
    assert_eq!(std::fs::read(team.members[2].work().join("p.json")).unwrap(), once);

    let complete = team.sign(2, &once);
    team.owner.write("p.json", &complete);
    let dry = team.owner.run(["publish", GUN, "--from", "p.json", "--dry-run"]);
    assert!(dry.stderr.contains("would publish targets/releases version 1"), "{}", dry.report());
    assert!(team.owner.run(["status", GUN]).success().contains("v1"));
    let published = team.owner.run(["publish", GUN, "--from", "p.json"]);
    assert!(published.stderr.contains("(2 of 3 keys, 2 needed)"), "{}", published.report());
    let line = format!("Successfully published changes for repository {GUN}\n");
    assert!(published.success().ends_with(&line));
    assert!(team.agreed_list().contains("v1"));
    let status = team.owner.run(["status", GUN, "--json"]).json();
    assert_eq!(status["changes"].as_array().unwrap().len(), 0, "what was published is dropped");

    // A third signature is not asked for, and publishing again changes nothing.
    team.members[1].write("p.json", &complete);
    let late = team.members[1].run(["sign", "p.json", "--yes"]);
    let _ = late.failure(8, &["the collection has moved on", "had no file", "has version 1 now"]);
    let again = team.owner.run(["publish", GUN, "--from", "p.json"]);
    assert!(again.stderr.contains("has all of it already"), "{}", again.report());
    again.success();
}

#[test]
fn whoever_prepares_may_have_a_key_and_the_snapshot_is_made_where_its_key_is() {
    let team = Team::start();
    // The snapshot comes back to the owner.
    team.owner.run(["key", "rotate", GUN, "snapshot"]).success();
    let member = &team.members[0];
    member.write("one", "1");
    member.run(["add", GUN, "v1", "one", "-r", ROLE]).success();
    let made = member.run(["publish", GUN, "--sign-only", "--out", "p.json"]);
    assert!(made.stderr.contains("(1 of 3 keys, 2 needed)"), "{}", made.report());
    made.success();
    let file = std::fs::read(member.work().join("p.json")).unwrap();
    let _ = member
        .run(["publish", GUN, "--sign-only", "--out", "p.json"])
        .failure(8, &["`", "p.json` exists already", "`--force`"]);

    let complete = team.sign(1, &file);
    member.write("p.json", &complete);
    let elsewhere = ["neither this machine nor the server has the snapshot key"];
    let _ = member.run(["publish", GUN, "--from", "p.json"]).failure(7, &elsewhere);
    assert!(member.run(["status", GUN]).success().contains("v1"), "nothing staged is lost");

    team.owner.write("p.json", &complete);
    team.owner.run(["publish", GUN, "--from", "p.json"]).success();
    assert!(team.agreed_list().contains("v1"));
    // What the member has staged is found to be there already.
    let published = member.run(["publish", GUN]);
    assert!(published.stderr.contains("(already so)"), "{}", published.report());
    published.success();
}

#[test]
fn what_others_publish_elsewhere_does_not_matter() {
    let team = Team::start();
    stage_delegation(&team.owner, "targets/other", &[&team.keys[2]], 1);
    team.owner.run(["publish", GUN]).success();
    let prepared = team.prepare("v1");
    let signed = sign(&team.members[0], &prepared);
    let other = &team.members[2];
    other.write("one", "1");
    other.run(["add", "-p", GUN, "w1", "one", "-r", "targets/other"]).success();
    let complete = team.sign(1, &signed);
    team.owner.write("p.json", &complete);
    team.owner.run(["publish", GUN, "--from", "p.json"]).success();
    let list = team.agreed_list();
    assert!(list.contains("v1") && list.contains("w1"), "{list}");
}

#[test]
fn a_role_that_was_made_anew_goes_on_from_the_versions_that_the_server_has_had() {
    let team = Team::start();
    // Servers of the Go project do not forget the files of roles that were removed.
    team.owner.run(["key", "rotate", GUN, "snapshot"]).success();
    for name in ["v1", "v2"] {
        let complete = team.sign(1, &team.sign(0, &team.prepare(name)));
        team.owner.write("p.json", &complete);
        team.owner.run(["publish", GUN, "--from", "p.json"]).success();
    }
    super::stage(&team.owner, "delete", ROLE, &serde_json::json!({}));
    team.owner.run(["publish", GUN]).success();
    stage_delegation(&team.owner, ROLE, &team.keys.iter().collect::<Vec<_>>(), 2);
    team.owner.run(["publish", GUN]).success();

    // A member who has never seen the old role prepares, and others who have not either sign.
    let newcomer = Sandbox::with_server(&team.server.url);
    newcomer.write("one", "1");
    newcomer.run(["add", GUN, "v3", "one", "-r", ROLE]).success();
    newcomer.run(["publish", GUN, "--sign-only", "--out", "p.json"]).success();
    let prepared = std::fs::read(newcomer.work().join("p.json")).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&prepared).unwrap();
    assert_eq!(value["files"][ROLE]["signed"]["version"], 3);
    let complete = team.sign(2, &team.sign(1, &prepared));
    team.owner.write("p.json", &complete);
    team.owner.run(["publish", GUN, "--from", "p.json"]).success();
    let list = team.agreed_list();
    assert!(list.contains("v3") && !list.contains("v1"), "{list}");
}

#[test]
fn the_file_goes_through_pipes_too() {
    let team = Team::start();
    team.owner.run(["add", GUN, "v1", "one", "-r", ROLE]).success();
    let prepared = team.owner.run(["publish", GUN, "--sign-only", "--out", "-"]).success();
    team.members[0].write("p.json", prepared);
    let signed = team.members[0].run(["sign", "p.json", "--yes", "--out", "-"]).success();
    let value: serde_json::Value = serde_json::from_str(&signed).unwrap();
    assert_eq!(value["files"][ROLE]["signatures"].as_array().unwrap().len(), 1);
    let both = ["publish", GUN, "--sign-only", "--out", "-", "--json"];
    let _ = team.owner.run(both).failure(2, &["cannot both go to stdout"]);
}
