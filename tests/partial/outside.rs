//! Files that come from outside: what their unsigned members can do, and what is seen of them.

use serde_json::{Value, json};

use super::{GUN, ROLE, Team, stage};
use crate::support::Sandbox;

/// The file names of the staged changes, in their order.
fn staged(sandbox: &Sandbox) -> Vec<String> {
    let directory = sandbox.collection_dir(GUN).join("changelist");
    let names = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".change"));
    names.sort();
    names
}

/// The file with these changes named.
fn naming(file: &[u8], changes: &[String]) -> Vec<u8> {
    let mut file: Value = serde_json::from_slice(file).unwrap();
    file["changes"] = json!(changes);
    serde_json::to_vec(&file).unwrap()
}

#[test]
fn only_what_is_in_the_collection_is_dropped_whatever_the_file_names() {
    let team = Team::start();
    let owner = &team.owner;
    owner.write("two", "22");
    // The second replaces the first, so that none of both is found to be there by itself.
    owner.run(["add", GUN, "v1", "two", "-r", ROLE]).success();
    let complete = team.sign(1, &team.sign(0, &team.prepare("v1")));
    owner.run(["add", GUN, "top", "one"]).success();
    owner.run(["witness", GUN, "targets"]).success();
    let kept = staged(owner)[2..].to_vec();
    owner.write("p.json", &complete);
    owner.run(["publish", GUN, "--from", "p.json"]).success();
    assert_eq!(staged(owner), kept);

    // Once more, when the collection has it already, and with names that do not belong to it.
    owner.run(["add", GUN, "v1", "one", "-r", ROLE]).success();
    owner.write("p.json", naming(&complete, &staged(owner)));
    let again = owner.run(["publish", GUN, "--from", "p.json"]);
    assert!(again.stderr.contains("has all of it already"), "{}", again.report());
    for words in ["add \"top\" in targets: stays staged", "sign targets again: stays staged"] {
        assert!(again.stderr.contains(words), "{}", again.report());
    }
    again.success();
    assert_eq!(staged(owner), kept);
    owner.run(["publish", GUN]).success();
    let list = team.agreed_list();
    assert!(list.contains("v1") && list.contains("top"), "{list}");
}

#[test]
fn a_role_that_is_signed_again_is_done_when_its_file_was_replaced() {
    let team = Team::start();
    let owner = &team.owner;
    let complete = team.sign(1, &team.sign(0, &team.prepare("v1")));
    owner.write("p.json", complete);
    owner.run(["publish", GUN, "--from", "p.json"]).success();
    owner.run(["witness", GUN, ROLE]).success();
    owner.run(["publish", GUN, "--sign-only", "--out", "p.json", "--force"]).success();
    let prepared = std::fs::read(owner.work().join("p.json")).unwrap();
    owner.write("p.json", team.sign(2, &team.sign(0, &prepared)));
    owner.run(["publish", GUN, "--from", "p.json"]).success();
    assert!(staged(owner).is_empty());
}

#[test]
fn changes_that_undo_a_later_one_are_not_dropped_without_it() {
    let team = Team::start();
    let owner = &team.owner;
    let complete = team.sign(1, &team.sign(0, &team.prepare("v1")));
    for args in [&["add", GUN, "x", "one"][..], &["add", GUN, "y", "one"], &["remove", GUN, "x"]] {
        owner.run(args).success();
    }
    let all = staged(owner);
    let named = [&all[..1], &all[2..]].concat();
    owner.write("p.json", naming(&complete, &named));
    owner.run(["publish", GUN, "--from", "p.json"]).success();
    assert_eq!(staged(owner), all[1..], "what the publication has is gone, and nothing else");
}

#[test]
fn whoever_is_asked_is_shown_everything() {
    let team = Team::start();
    let owner = &team.owner;
    let complete = team.sign(1, &team.sign(0, &team.prepare("z-old")));
    owner.write("p.json", complete);
    owner.run(["publish", GUN, "--from", "p.json"]).success();
    for number in 0..60 {
        owner.run(["add", GUN, &format!("a{number:02}"), "one", "-r", ROLE]).success();
    }
    owner.run(["remove", GUN, "z-old", "-r", ROLE]).success();
    owner.run(["publish", GUN, "--sign-only", "--out", "p.json", "--force"]).success();
    let member = &team.members[0];
    member.write("p.json", std::fs::read(owner.work().join("p.json")).unwrap());
    let asked = member.run_with_input(["sign", "p.json"], b"no\n").failure(1, &["cancelled"]);
    let dry = member.run(["sign", "p.json", "--dry-run"]).success();
    for shown in [&asked.stdout, &dry] {
        assert_eq!(shown.matches("  adds ").count(), 60, "{shown}");
        let (removed, added) = (shown.find("removes \"z-old\""), shown.find("adds \"a00\""));
        assert!(removed.is_some() && removed < added, "{shown}");
    }
    let short = member.run(["sign", "p.json", "--yes"]).success();
    assert!(short.contains("removes \"z-old\""), "{short}");
    assert_eq!(short.matches("  adds ").count(), 40, "{short}");
    assert!(short.contains("and adds 20 more"), "{short}");
}

#[test]
fn removed_roles_are_shown_wherever_they_go() {
    let team = Team::start();
    let owner = &team.owner;
    let complete = team.sign(1, &team.sign(0, &team.prepare("v1")));
    owner.write("p.json", complete);
    owner.run(["publish", GUN, "--from", "p.json"]).success();
    stage(owner, "delete", ROLE, &json!({}));
    let prepared = owner.run(["publish", GUN, "--sign-only", "--out", "p.json", "--force"]);
    let words = format!("removal of the file of {ROLE}");
    assert!(prepared.stderr.contains(&words), "{}", prepared.report());
    prepared.success();
    let shown = owner.run(["sign", "p.json", "--dry-run"]).success();
    assert!(shown.contains(&format!("{ROLE}: removes its file")), "{shown}");
    let dry = owner.run(["publish", GUN, "--from", "p.json", "--dry-run"]);
    assert!(dry.stderr.contains(&format!("would remove the file of {ROLE}")), "{}", dry.report());
    dry.success();
    let done = owner.run(["publish", GUN, "--from", "p.json"]);
    assert!(done.stderr.contains(&format!("removed the file of {ROLE}")), "{}", done.report());
    done.success();
    assert!(staged(owner).is_empty());
    assert!(!team.agreed_list().contains("v1"));

    // Made anew in the same publication, it would keep its file.
    let keys: Vec<_> = team.keys.iter().collect();
    super::stage_delegation(owner, ROLE, &keys, 2);
    owner.run(["publish", GUN]).success();
    owner.write("p.json", team.sign(1, &team.sign(0, &team.prepare("v2"))));
    owner.run(["publish", GUN, "--from", "p.json"]).success();
    stage(owner, "delete", ROLE, &json!({}));
    super::stage_delegation(owner, ROLE, &keys, 1);
    let words = ["targets/releases is removed and made anew", "publish the removal first"];
    let args = ["publish", GUN, "--sign-only", "--out", "p.json", "--force"];
    let _ = owner.run(args).failure(1, &words);
}

#[test]
fn another_collection_is_not_trusted_for_being_named() {
    let team = Team::start();
    let other = "partial.example.com/other";
    team.owner.run(["init", "-p", other]).success();
    let mut file: Value = serde_json::from_slice(&team.prepare("v1")).unwrap();
    file["gun"] = json!(other);
    let member = &team.members[0];
    member.write("p.json", serde_json::to_vec(&file).unwrap());
    for args in [&["sign", "p.json", "--yes"][..], &["sign", "p.json", "--dry-run"]] {
        let refused = member.run(args).failure(8, &["the collection has moved on: root"]);
        assert!(!refused.stderr.contains("trusting"), "{}", refused.report());
        assert!(!member.collection_dir(other).join("metadata").join("root.json").exists());
    }
}

#[test]
fn the_file_can_come_from_stdin() {
    let team = Team::start();
    let prepared = team.prepare("v1");
    let member = &team.members[0];
    let words = ["comes from stdin, so nobody can be asked", "`--yes` signs without asking"];
    let _ = member.run_with_input(["sign", "-"], &prepared).failure(2, &words);
    let shown = member.run_with_input(["sign", "-", "--dry-run"], &prepared).success();
    assert!(shown.contains("adds \"v1\""), "{shown}");
    let once = member.run_with_input(["sign", "-", "--yes"], &prepared).success();
    let args = ["sign", "-", "--yes"];
    let complete = team.members[1].run_with_input(args, once.as_bytes()).success();
    // With all signatures it just goes on.
    let same = team.members[2].run_with_input(args, complete.as_bytes()).success();
    assert_eq!(same, complete);
    let args = ["publish", GUN, "--from", "-"];
    let _ = team.owner.run_with_input(args, once.as_bytes()).failure(7, &["`notary sign FILE`"]);
    team.owner.run_with_input(args, complete.as_bytes()).success();
    assert!(team.agreed_list().contains("v1"));
}
