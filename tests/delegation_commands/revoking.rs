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
            format!("signs {ROLE} again, since it was signed by {ID_A}, which may not sign");
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
