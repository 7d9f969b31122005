//! Keys are taken away: what they have signed is signed again, or it is said who has to.

use super::{GUN, ID_A, ID_B, ROLE, input, owner};
use crate::support::Sandbox;

/// A published role with two keys, those in `here` on this machine, and a target signed by the first.
fn published(here: &[&str]) -> Sandbox {
    let ours = owner();
    let (a, b) = (input("deleg-a.crt"), input("deleg-b.pub"));
    let _ = ours.run(["delegation", "add", GUN, ROLE, &a, &b, "--all-paths", "-p"]).success();
    let import = |name: &str| {
        let _ = ours.run(["key", "import", &input(name), "--role", "user"]).success();
    };
    import("deleg-a.key");
    ours.write("file", "content");
    let _ = ours.run(["add", GUN, "t", "file", "-r", ROLE, "-p"]).success();
    here.iter().copied().for_each(import);
    ours
}

#[test]
fn what_was_signed_by_a_key_that_leaves_is_signed_again_or_its_signers_are_named() {
    let remove = ["delegation", "remove", GUN, ROLE, ID_A, "-p"];
    let purge = ["delegation", "purge", GUN, "--key", ID_A, "-p"];
    for revoke in [remove.as_slice(), &purge] {
        let ours = published(&["deleg-b.key"]);
        let revoked = ours.run(revoke);
        let words =
            format!("signs {ROLE} again as it is, with 1 target, since it was signed by {ID_A}, ");
        assert!(revoked.stderr.contains(&words), "{}", revoked.report());
        let _ = revoked.success();
        assert!(ours.run(["list", GUN]).success().contains(ROLE));

        let ours = published(&[]);
        let revoked = ours.run(revoke);
        let words = format!(
            "warning: {ROLE} needs signatures by 1 of its keys and has only 0 that count; nothing \
             in it is shown until enough of these keys have signed it again: {ID_B}\n\
             hint: whoever has one of them can: `notary witness {GUN} {ROLE} -p`\n"
        );
        assert!(revoked.stderr.contains(&words), "{}", revoked.report());
        let _ = revoked.success();
        let listed = ours.run(["list", GUN]);
        assert!(listed.stderr.contains("the targets of targets/releases are not shown"));
        assert!(!listed.success().contains(ROLE));

        // Whoever has one of them does so.
        let _ = ours.run(["key", "import", &input("deleg-b.key"), "--role", "user"]).success();
        let _ = ours.run(["witness", GUN, ROLE, "-p"]).success();
        assert!(ours.run(["list", GUN]).success().contains(ROLE));
    }
}

#[test]
fn a_key_that_does_not_open_does_not_keep_a_revocation_from_being_published() {
    let mut ours = published(&[]);
    let others = ours.vars.insert("NOTARY_DELEGATION_PASSPHRASE".into(), "forgotten".into());
    let _ = ours.run(["key", "import", &input("deleg-b.key"), "--role", "user"]).success();
    ours.vars.extend(others.map(|others| ("NOTARY_DELEGATION_PASSPHRASE".into(), others)));
    let revoked = ours.run(["delegation", "remove", GUN, ROLE, ID_A, "-p"]);
    assert!(revoked.stderr.contains("has only 0 that count"), "{}", revoked.report());
    assert!(!revoked.stderr.contains("again as it is"), "{}", revoked.report());
    let _ = revoked.success();
    let list = ours.run(["delegation", "list", GUN]).success();
    assert!(list.contains(ID_B) && !list.contains(ID_A), "{list}");
}

#[test]
fn a_role_that_is_made_anew_hides_nothing_and_brings_nothing_back() {
    let add = ["delegation", "add", GUN, ROLE, &input("deleg-a.crt"), "--all-paths"];
    let remove = ["delegation", "remove", GUN, ROLE, "-y"];
    let other = ["delegation", "add", GUN, "targets/last", &input("deleg-a.crt"), "--all-paths"];
    for at_once in [true, false] {
        let ours = published(&[]);
        let run = |args: &[&str]| {
            let outcome = ours.run(args);
            let report = outcome.report();
            let _ = outcome.success();
            report
        };
        let _ = run(&remove);
        if !at_once {
            let _ = run(&["publish", GUN]);
        }
        let _ = run(&other);
        let _ = run(&add);
        let anew = run(&["publish", GUN]);
        assert!(anew.contains(&format!("begins {ROLE} with an empty file")), "{anew}");
        let _ = run(&["add", GUN, "new", "file", "-r", "targets/last", "-p"]);
        let listed = run(&["list", GUN]);
        assert!(listed.contains("new") && !listed.contains("not shown"), "{listed}");
        assert!(!listed.lines().any(|line| line.starts_with("t ")), "{listed}");

        // Where its keys are elsewhere, whoever has them is asked to.
        let ours = published(&[]);
        let _ = ours.run(["key", "remove", ID_A, "-y"]).success();
        let _ = ours.run(remove).success();
        if !at_once {
            let _ = ours.run(["publish", GUN]).success();
        }
        let _ = ours.run(add).success();
        let anew = ours.run(["publish", GUN]);
        for words in [
            format!("warning: a role {ROLE} existed before, up to version 1: until "),
            format!("hint: whoever has one of these keys should: {ID_A}\n"),
        ] {
            assert!(anew.stderr.contains(&words), "{}", anew.report());
        }
        let _ = anew.success();
    }
}

#[test]
fn revocations_that_are_prepared_for_others_are_followed_up_as_well() {
    let prepare = ["publish", GUN, "--sign-only", "--out", "p.json"];
    let upload = ["publish", GUN, "--from", "p.json"];
    // The key that is left is here.
    let ours = published(&["deleg-b.key"]);
    let _ = ours.run(["delegation", "remove", GUN, ROLE, ID_A]).success();
    let prepared = ours.run(prepare);
    assert!(prepared.stderr.contains("again as it is, with 1 target"), "{}", prepared.report());
    let _ = prepared.success();
    let _ = ours.run(upload).success();
    assert!(ours.run(["list", GUN]).success().contains(ROLE));

    // Somebody publishes with the key that is to leave after it was prepared.
    let ours = published(&["deleg-b.key"]);
    let _ = ours.run(["delegation", "remove", GUN, ROLE, ID_B]).success();
    let _ = ours.run(prepare).success();
    let _ = ours.run(["reset", GUN, "--all"]).success();
    let _ = ours.run(["key", "remove", ID_A, "-y"]).success();
    let _ = ours.run(["witness", GUN, ROLE, "-p"]).success();
    let uploaded = ours.run(upload);
    assert!(uploaded.stderr.contains("has only 0 that count"), "{}", uploaded.report());
    assert!(uploaded.stderr.contains(ID_A), "{}", uploaded.report());
    let _ = uploaded.success();
}

#[test]
fn a_purge_warns_of_the_roles_that_it_leaves_without_enough_keys() {
    let ours = owner();
    let add = ["delegation", "add", GUN, ROLE, &input("deleg-a.crt"), "--all-paths"];
    let _ = ours.run(add).success();
    let purged = ours.run(["delegation", "purge", GUN, "--key", ID_A]);
    let words = format!("warning: {ROLE} will have fewer keys than its threshold of 1");
    assert!(purged.stderr.contains(&words), "{}", purged.report());
    let _ = purged.success();
}
