//! Processes that are killed at every change of the disk: nothing staged and no signature is lost,
//! and the same command finishes the job.

use super::{GUN, ROLE, Team};
use crate::support::{CHANGES, survives};

#[test]
fn while_it_is_prepared_or_signed() {
    let team = Team::start();
    team.owner.run(["add", GUN, "v1", "one", "-r", ROLE]).success();
    let prepare = ["publish", GUN, "--sign-only", "--out", "p.json", "--force"];
    for calls in CHANGES {
        let end = (1..100).find(|number| survives(&team.owner, &prepare, calls, *number));
        assert!(end.is_some_and(|end| calls.contains("unlink") || end > 1), "{calls}: {end:?}");
        assert!(team.owner.run(["status", GUN]).success().contains("v1"));
    }
    team.owner.run(prepare).success();
    let prepared = std::fs::read(team.owner.work().join("p.json")).unwrap();

    let member = &team.members[0];
    for calls in CHANGES {
        let end = (1..100).find(|number| {
            member.write("p.json", &prepared);
            let survives = survives(member, &["sign", "p.json", "--yes"], calls, *number);
            // Either the file as it was or with the signature, but never half of it.
            let left = std::fs::read(member.work().join("p.json")).unwrap();
            if left != prepared {
                let left: serde_json::Value = serde_json::from_slice(&left).unwrap();
                let signatures = left["files"][ROLE]["signatures"].as_array().unwrap();
                assert_eq!(signatures.len(), 1);
            }
            survives
        });
        assert!(end.is_some(), "{calls}");
    }
    let complete = team.sign(1, &team.sign(0, &prepared));
    team.owner.write("p.json", complete);
    team.owner.run(["publish", GUN, "--from", "p.json"]).success();
    assert!(team.agreed_list().contains("v1"));
}

#[test]
fn while_it_is_uploaded() {
    let team = Team::start();
    let publish = ["publish", GUN, "--from", "p.json"];
    for calls in CHANGES {
        let end = (1..100).find(|number| {
            let name = format!("{} {number}", &calls[..4]);
            let complete = team.sign(1, &team.sign(0, &team.prepare(&name)));
            team.owner.write("p.json", &complete);
            let survives = survives(&team.owner, &publish, calls, *number);
            assert_eq!(std::fs::read(team.owner.work().join("p.json")).unwrap(), complete);
            // Uploaded or not: the same command ends it, and what is in it is not staged any more.
            team.owner.run(publish).success();
            assert!(team.owner.run(["list", GUN]).success().contains(&name));
            let status = team.owner.run(["status", GUN, "--json"]).json();
            assert_eq!(status["changes"].as_array().unwrap().len(), 0);
            survives
        });
        assert!(end.is_some_and(|end| end > 1), "{calls}: {end:?}");
    }
    team.agreed_list();
}
