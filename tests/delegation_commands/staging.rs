//! What is staged and printed is what the Go client stages and prints.

use std::fs;

use super::{GUN, ID_A, ID_B, ROLE, change_files, input, owner, payloads};
use crate::support::{GoClient, Sandbox, copy_dir};

/// Lines for both programs; `G` is the collection, `A` to `C` are key ids, and names of golden files
/// stand for these. Roles are created before they are changed.
const LINES: &[&str] = &[
    "delegation add G targets/releases deleg-a.crt --all-paths",
    "delegation add G targets/releases deleg-b.pub deleg-c.crt --paths rel/,docs/",
    "delegation add G targets/rsa deleg-rsa.crt --paths x/ --paths y/,a,b",
    "delegation add G targets/rsa deleg-rsa.pub",
    "delegation add G targets/rsa --paths <html>&/,é/",
    "delegation add G targets/all deleg-a.pub --all-paths --paths x/",
    "delegation add G targets/all deleg-a.pub --paths=",
    "delegation add G targets/releases/stable deleg-a.crt deleg-a.crt --paths rel/stable/",
    "delegation add G targets/all --paths x,",
    "delegation add G targets/all --paths ,x,,y",
    "delegation add G targets/all --paths x,x",
    "delegation remove G targets/releases A",
    "delegation remove G targets/releases B C --paths rel/,docs/",
    "delegation remove G targets/releases --all-paths",
    "delegation remove G targets/rsa --all-paths --paths x/",
    "delegation remove G targets/releases/stable A --all-paths",
    "delegation purge G --key A",
    "delegation add G targets/releases deleg-a.crt deleg-b.crt deleg-c.pub",
    "delegation purge G --key A,B --key C",
    "witness G targets",
    "witness G targets targets",
    "status G",
];

const ID_C: &str = "2fe6e86fecbd686d1e272bc3e063575b51caef4a7c597054f897d2c7091d3882";

fn words(line: &str) -> Vec<String> {
    let word = |word: &str| match word {
        "A" => ID_A.to_owned(),
        "B" => ID_B.to_owned(),
        "C" => ID_C.to_owned(),
        "A,B" => format!("{ID_A},{ID_B}"),
        "G" => GUN.to_owned(),
        _ if word.starts_with("deleg-") => input(word),
        _ => word.to_owned(),
    };
    line.split(' ').map(word).collect()
}

#[test]
fn both_programs_stage_and_print_the_same() {
    let ours = owner();
    let go_side = Sandbox::new();
    let go = GoClient::sharing("http://127.0.0.1:9", &go_side.trust_dir());
    for line in LINES {
        let expected = go.run(words(line));
        let printed = ours.run(words(line));
        assert_eq!(printed.stdout, expected, "{}", printed.report());
        let _ = printed.success();
        assert_eq!(change_files(&ours, GUN), change_files(&go_side, GUN), "{line}");
    }
    assert!(change_files(&ours, GUN).len() > 20);
}

#[test]
fn a_whole_delegation_is_removed_after_a_question() {
    const QUESTION: &str = "Are you sure you want to remove all data for this delegation? (yes/no)";
    let ours = owner();
    let add = words("delegation add G targets/releases deleg-a.crt --all-paths");
    let _ = ours.run(&add).success();
    let before = change_files(&ours, GUN);
    let remove = ["delegation", "remove", GUN, ROLE];
    for answer in ["no\n", "", "yess\n"] {
        let declined = ours.run_with_input(remove, answer.as_bytes());
        assert!(declined.stderr.contains(QUESTION), "{}", declined.report());
        assert_eq!(declined.stdout, "");
        let _ = declined.failure(1, &["cancelled; nothing was changed", "`--yes` removes"]);
        assert_eq!(change_files(&ours, GUN), before);
    }
    let removed = ours.run_with_input(remove, b"yes\n");
    assert!(removed.stderr.contains(QUESTION), "{}", removed.report());
    let removed = removed.success();
    let _ = ours.run(["reset", GUN, "-n", "2"]).success();
    let without_asking = ours.run(remove.iter().chain(&["-y"]));
    assert!(!without_asking.stderr.contains("Are you sure"), "{}", without_asking.report());
    assert_eq!(without_asking.success(), removed);

    let go_side = Sandbox::new();
    let go = GoClient::sharing("http://127.0.0.1:9", &go_side.trust_dir());
    let _ = go.run(&add);
    let said = go.run(remove.iter().chain(&["-y"]));
    let is_asking = |line: &&str| line.starts_with("Are you") || line.starts_with("Confirmed");
    let success: Vec<_> = said.lines().filter(|line| !is_asking(line)).collect();
    assert_eq!(removed.lines().collect::<Vec<_>>(), success);
    assert_eq!(change_files(&ours, GUN), change_files(&go_side, GUN));
}

#[test]
fn a_threshold_is_staged_so_that_it_counts() {
    let ours = owner();
    let add = |rest: &str| {
        let line = format!("delegation add G targets/releases {rest}");
        ours.run(words(&line)).success()
    };
    let said = add("deleg-a.crt deleg-b.pub --all-paths --threshold 2");
    assert!(said.contains("], with paths [\"\" <all paths>], with threshold 2, to rep"), "{said}");
    let staged = payloads(&ours, GUN);
    // What makes the role says it, but would not if somebody else made it meanwhile.
    assert!(staged[0].starts_with(r#"{"threshold":2,"add_keys":[{"keytype":"ecdsa-x509","#));
    assert_eq!(staged[1..], [r#"{"add_paths":[""]}"#, r#"{"threshold":2}"#]);
    let added = ours.run(words("delegation add G targets/releases deleg-c.crt --threshold 3"));
    assert!(!added.stderr.contains("so already"), "{}", added.report());
    let _ = added.success();
    let _ = add("--threshold 1");
    let staged = payloads(&ours, GUN);
    assert!(staged[3].starts_with(r#"{"threshold":3,"add_keys":["#), "{}", staged[3]);
    assert_eq!(staged[4..], [r#"{"threshold":3}"#, r#"{"threshold":1}"#]);
    let _ = ours.run(["publish", GUN]).success();
    let list = ours.run(["delegation", "list", GUN, "--json"]).json();
    assert_eq!(list["delegations"][0]["threshold"], 1);
    assert_eq!(list["delegations"][0]["keys"].as_array().unwrap().len(), 3);
    let _ = add("--threshold 3 -p");
    let list = ours.run(["delegation", "list", GUN]).success();
    assert!(list.lines().any(|line| line.starts_with(ROLE) && line.ends_with("    3")), "{list}");

    // With a copy of the collection that does not have the role yet, it counts as well.
    let (copy, old) = (ours.collection_dir(GUN), ours.work().join("old copy"));
    copy_dir(&copy, &old);
    let made = ours.run(words("delegation add -p G targets/other deleg-a.crt --paths a"));
    let _ = made.success();
    fs::remove_dir_all(&copy).unwrap();
    copy_dir(&old, &copy);
    let add = words("delegation add -p G targets/other deleg-b.pub --threshold 2");
    let _ = ours.run(add).success();
    let list = ours.run(["delegation", "list", GUN, "--json"]).json();
    assert_eq!(list["delegations"][0]["role"], "targets/other");
    assert_eq!(list["delegations"][0]["threshold"], 2);
}

#[test]
fn what_may_not_be_meant_is_said() {
    let ours = owner();
    let add = |rest: &str| ours.run(words(&format!("delegation add G targets/releases {rest}")));
    let no_paths = "targets/releases has no paths yet, so it can sign nothing";
    let local_snapshot = "the snapshot key of example.com/app is on this machine";
    let two_forms = format!("targets/releases has key {ID_A} in two forms");

    let added = add("deleg-a.crt");
    assert!(added.stderr.contains(no_paths), "{}", added.report());
    assert!(added.stderr.contains(local_snapshot), "{}", added.report());
    assert!(added.stderr.contains("`notary key rotate example.com/app snapshot -r`"));
    assert!(!added.stderr.contains("two forms"), "{}", added.report());
    let _ = added.success();
    // What was staged before counts.
    let added = add("deleg-a.pub --paths a/");
    assert!(!added.stderr.contains(no_paths), "{}", added.report());
    assert!(added.stderr.contains(&two_forms), "{}", added.report());
    let _ = added.success();
    let added = add("deleg-b.pub");
    assert!(!added.stderr.contains(no_paths), "{}", added.report());
    assert!(!added.stderr.contains("two forms"), "{}", added.report());
    let _ = added.success();

    // So does what was published, and a snapshot that the server makes is fine.
    let _ = ours.run(["publish", GUN]).success();
    let _ = ours.run(["key", "rotate", GUN, "snapshot", "-r"]).success();
    let added = add("deleg-b.crt -q");
    assert!(!added.stderr.contains(local_snapshot), "{}", added.report());
    assert_eq!(added.stderr, "", "{}", added.report());
    let _ = ours.run(["reset", GUN, "--all"]).success();
    let added = add("deleg-b.crt");
    assert!(added.stderr.contains("in two forms"), "{}", added.report());
    let cleared = words("delegation remove G targets/releases --all-paths");
    let _ = ours.run(cleared).success();
    let added = add("deleg-c.crt");
    assert!(added.stderr.contains(no_paths), "{}", added.report());
}

#[test]
fn beginnings_of_ids_are_completed_from_what_is_known() {
    let ours = owner();
    let _ = ours.run(words("delegation add G targets/releases deleg-a.crt --all-paths")).success();
    let remove = |id: &str| ours.run(["delegation", "remove", GUN, ROLE, id]);
    let staged = format!("with keys [{ID_A}]");
    assert!(remove(&ID_A[..7]).success().contains(&staged));
    let _ = remove(&ID_B[..7]).failure(
        2,
        &["no key of targets/releases that is known here begins with 45abe4a", "all 64 digits"],
    );
    let _ = ours.run(["reset", GUN, "-n", "2"]).success();
    let _ = ours.run(["publish", GUN]).success();
    assert!(remove(&ID_A[..10].to_uppercase()).success().contains(&staged));
    let _ = ours.run(["reset", GUN, "--all"]).success();
    let purged = ours.run(["delegation", "purge", GUN, "--key", &ID_A[..8]]).success();
    assert!(purged.ends_with(&format!("publish:\n\t- {ID_A}\n")), "{purged}");
}

#[test]
fn status_says_what_becomes_of_a_delegation() {
    let ours = owner();
    for line in [
        "delegation add G targets/releases deleg-a.crt deleg-b.pub --paths b/,a/ --threshold 2",
        "delegation remove G targets/releases A --paths a/",
        "delegation remove G targets/releases --all-paths",
        "witness G targets",
    ] {
        let _ = ours.run(words(line)).success();
    }
    let status = ours.run(["status", GUN, "--json"]).json();
    let changes = status["changes"].as_array().unwrap();
    assert_eq!(changes[0]["add_keys"], serde_json::json!([ID_A, ID_B]));
    assert_eq!(changes[0]["threshold"], 2);
    assert_eq!(changes[1]["add_paths"], serde_json::json!(["b/", "a/"]));
    assert_eq!(changes[2]["threshold"], 2);
    assert_eq!(changes[3]["remove_paths"], serde_json::json!(["a/"]));
    assert_eq!(changes[4]["remove_keys"], serde_json::json!([ID_A]));
    assert_eq!(changes[5]["clear_paths"], true);
    let members: Vec<_> = changes[6].as_object().unwrap().keys().collect();
    assert_eq!(members, ["action", "number", "path", "role", "type"]);
}
