//! What Go clients can sign and ours would not: we read it, list it alike, and build upon it.

use super::{GUN, Pair};

const SHA256: &str = "586622c26589b6060f50857879c985babdbc1087f1baa735037fffb50c14720a";

/// Stages them with the Go client, in our trust directory or in its own.
fn stage_odd_targets(pair: &Pair, shared: bool) {
    let sha512 = "ab".repeat(64);
    let upper_case = SHA256.to_uppercase();
    let file = pair.ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    let sharing = pair.sharing();
    let go = if shared { &sharing } else { &pair.go };
    for args in [
        &["addhash", GUN, "only sha512", "9", "--sha512", &sha512],
        &["addhash", GUN, "octal", "010", "--sha256", SHA256],
        &["addhash", GUN, "nothing", "0", "--sha256", SHA256],
        &["addhash", GUN, "upper case", "0x10", "--sha256", &upper_case],
        &["addhash", "--sha256", SHA256, "--", GUN, "negative", "-5"] as &[&str],
        &["add", GUN, "", file],
        &["add", GUN, "del\u{7f}ete", file],
        &["add", GUN, "next\u{85}line", file],
    ] {
        go.run(args);
    }
}

#[test]
fn odd_targets_of_go_are_listed_alike_and_survive_our_publications() {
    for staged_here in [false, true] {
        let mut pair = Pair::made_by_go();
        // Go writes the times of this zone into its files.
        pair.go = pair.go.var("TZ", "Asia/Kolkata");
        stage_odd_targets(&pair, staged_here);
        match staged_here {
            true => drop(pair.ours.run(["publish", GUN]).success()),
            false => drop(pair.go.run(["publish", GUN])),
        }
        let file = pair.ours.work().join("payload");
        let file = file.to_str().unwrap();
        pair.ours.run(["add", "-p", GUN, "ours", file]).success();
        pair.go.run(["add", "-p", GUN, "go", file]);

        // What a terminal would obey we show as escapes; the names are what they were.
        let names = ["next\u{85}line", "del\u{7f}ete"];
        let list = pair.ours.run(["list", GUN]).success();
        assert!(list.contains("\nnext\\x85line ") && list.contains("\ndel\\x7fete "), "{list}");
        let listed = pair.ours.run(["list", GUN, "--json"]).json();
        for name in names {
            let mut targets = listed["targets"].as_array().unwrap().iter();
            assert!(targets.any(|target| target["name"] == name));
            pair.ours.run(["remove", GUN, name]).success();
        }
        pair.ours.run(["publish", GUN]).success();
        let list = pair.agreed_list();
        assert_eq!(list.lines().count(), 2 + 8, "{list}");
        for name in ["octal", "nothing", "upper case", "negative", ""] {
            let lookup = pair.go.run(["lookup", GUN, name]);
            assert_eq!(pair.ours.run(["lookup", GUN, name]).success(), lookup);
        }
    }
}

#[test]
fn what_even_go_cannot_publish_is_named() {
    for (args, why) in [
        (&["addhash", GUN, "v1", "9007199254740993", "--sha256", SHA256] as &[&str], "beyond 2^53"),
        (&["addhash", GUN, "v1", "9223372036854775807", "--sha256", SHA256], "beyond 2^53"),
        (&["addhash", GUN, "v\n1", "1", "--sha256", SHA256], "control characters"),
    ] {
        let pair = Pair::made_by_go();
        let go = pair.sharing();
        go.run(args);
        let _ = pair.ours.run(["publish", GUN]).failure(1, &["staged change 0 (add \"v", why]);
        assert_eq!(go.try_run(["publish", GUN], b"").0, 1);
        assert_eq!(go.run(["status", GUN]).lines().count(), 4 + 1 + args[2].matches('\n').count());
    }
}

#[test]
fn sizes_that_cannot_be_signed_are_not_staged() {
    let pair = Pair::made_by_go();
    let refused = pair.ours.run(["addhash", GUN, "v1", "9007199254740992", "--sha256", SHA256]);
    let _ = refused.failure(2, &["sizes above 9007199254740991 cannot be signed"]);
    let largest = ["addhash", "-p", GUN, "v1", "9007199254740991", "--sha256", SHA256];
    pair.ours.run(largest).success();
    let file = pair.ours.write("payload", "payload");
    pair.go.run(["add", "-p", GUN, "go", file.to_str().unwrap()]);
    assert!(pair.agreed_list().contains(" 9007199254740991 "));
}
