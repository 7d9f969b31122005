//! Delegations on a terminal: the question before one is removed, and what only people are shown.

use super::{GUN, Terminal};
use crate::support::{Sandbox, golden};

const ROLE: &str = "targets/releases";

/// Somebody with a delegation that is staged.
fn owner() -> Sandbox {
    let notary = Sandbox::new();
    let input = |name: &str| golden("inputs").join(name).to_str().unwrap().to_owned();
    let (certificate, bare) = (input("deleg-a.crt"), input("deleg-b.pub"));
    let _ = notary.run(["init", GUN]).success();
    let add = ["delegation", "add", GUN, ROLE, &certificate, &bare, "--paths", "v2/,", "-q"];
    let _ = notary.run(add).success();
    notary
}

#[test]
fn a_delegation_is_removed_only_when_the_answer_is_yes() {
    let notary = owner();
    let question = "Are you sure you want to remove all data for this delegation? (yes/no) ";
    let remove = ["delegation", "remove", GUN, ROLE];
    for (answer, code, words) in [
        ("no", 1, "error: cancelled; nothing was changed\n"),
        ("", 1, "error: cancelled; nothing was changed\n"),
        ("YES", 0, "\n\nForced removal (including all keys and paths) of delegation role "),
    ] {
        let mut terminal = Terminal::start(&notary, &[&remove[..], &["--color=never"]].concat());
        let ending = terminal.expect(question).line(answer).finish();
        assert_eq!(ending.code, code, "{}", ending.shown);
        assert!(ending.shown.contains(words), "{:?}", ending.shown);
        // Who sits there needs not be told how to do without.
        assert!(!ending.shown.contains("--yes"), "{:?}", ending.shown);
    }
    let mut terminal = Terminal::start(&notary, &remove);
    terminal.expect(question).control('c');
    assert_eq!(terminal.finish().code, 130);
    let status = notary.run(["status", GUN]).success();
    assert_eq!(status.matches("delete    ").count(), 1, "{status}");
}

#[test]
fn people_see_what_becomes_of_a_delegation() {
    let notary = owner();
    let status = Terminal::start(&notary, &["status", GUN, "--color=never"]).finish().shown;
    assert!(status.contains(" PATH OR CHANGE"), "{status}");
    assert!(status.contains(" +key cff4c59, +key 45abe4a"), "{status}");
    // All paths make the others superfluous.
    assert!(status.contains(" +path \"\"") && !status.contains("v2/"), "{status}");

    let _ = notary.run(["publish", GUN]).success();
    let list = ["delegation", "list", GUN, "--color=never"];
    let list = Terminal::start(&notary, &list).finish().shown;
    for words in [
        " ALGORITHM ",
        " CERTIFICATE ",
        " \"\" <all paths> ",
        " ecdsa-p256 ",
        " deleg-a, until 2036-11-18 ",
    ] {
        assert!(list.contains(words), "{words}: {list}");
    }
    assert!(list.lines().any(|line| line.split(' ').any(|word| word.len() == 64)), "{list}");
}
