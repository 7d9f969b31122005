//! Files that are not signed and not uploaded, since they do not fit, or somebody tampered with them.

use notary::keys::PrivateKey;
use serde_json::{Value, json};

use super::{GUN, ROLE, Team, stage};

/// What is doctored, the exit code, a word of what is said about it, and how.
type Doctored = (&'static str, u8, &'static str, Box<dyn Fn(&mut Value)>);

/// Every member of the file, doctored; with the exit code and a word of what is said about it.
fn doctored(team: &Team) -> Vec<Doctored> {
    let signed = |pointer: &'static str, value: Value| -> Box<dyn Fn(&mut Value)> {
        Box::new(move |file: &mut Value| {
            let role = &mut file["files"][ROLE]["signed"];
            match pointer.rsplit_once('/') {
                Some((parent, member)) => {
                    role.pointer_mut(parent).unwrap()[member] = value.clone();
                }
                None => unreachable!("pointers begin with a slash"),
            }
        })
    };
    let set = |member: &'static str, value: Value| -> Box<dyn Fn(&mut Value)> {
        Box::new(move |file: &mut Value| file[member] = value.clone())
    };
    let stranger = PrivateKey::generate_ecdsa_p256();
    let foreign = json!({"keyid": stranger.id(), "method": "ecdsa", "sig": "AAAA"});
    let own = json!({"keyid": team.keys[1].id(), "method": "ecdsa", "sig": "AAAA"});
    let invalid = "is not valid";
    vec![
        ("format", 1, "something else", set("format", json!("other"))),
        ("format_version", 1, "version 9 of the format", set("format_version", json!(9))),
        ("gun", 1, "it is for example.com/other", set("gun", json!("example.com/other"))),
        ("a gun that is none", 1, "collection name", set("gun", json!("a//b"))),
        ("another member", 1, "unknown field", set("more", json!(1))),
        ("no base", 1, "what each of its files was built on", set("base", json!({}))),
        (
            "another hash of the root",
            8,
            "the collection has moved on: root",
            Box::new(|file| file["base"]["root"]["sha256"] = json!("00")),
        ),
        (
            "a version of the parent",
            8,
            "the collection has moved on: targets",
            Box::new(|file| file["base"]["targets"]["version"] = json!(9)),
        ),
        (
            "a base of a new role",
            8,
            "the collection has moved on: targets/releases",
            Box::new(|file| file["base"][ROLE] = json!({"version": 1, "sha256": ""})),
        ),
        ("a removed role", 1, "unknown field", set("removed", json!([ROLE]))),
        ("no files", 1, "it has no files", set("files", json!({}))),
        (
            "a snapshot",
            1,
            "it has a file of snapshot",
            Box::new(|file| {
                file["files"]["snapshot"] = file["files"][ROLE].clone();
                file["base"]["snapshot"] = json!(null);
            }),
        ),
        ("another target", 3, invalid, signed("/targets/v2", json!({"hashes": {}, "length": 1}))),
        ("another length", 3, invalid, signed("/targets/v1/length", json!(2))),
        ("a type", 3, "expected type", signed("/_type", json!("Snapshot"))),
        ("a version too high", 3, "has version 7", signed("/version", json!(7))),
        (
            "an expiry in the past",
            3,
            "expired at",
            signed("/expires", json!("2020-01-01T00:00:00Z")),
        ),
        ("another expiry", 3, invalid, signed("/expires", json!("2031-01-01T00:00:00Z"))),
        ("something hidden", 3, "members or spellings of its own", signed("/hidden", json!(1))),
        (
            "something hidden in a target",
            3,
            "members or spellings of its own",
            signed("/targets/v1/hidden", json!(1)),
        ),
        (
            "a signature by a stranger",
            3,
            "none of its keys",
            Box::new(move |file| {
                let signatures = file["files"][ROLE]["signatures"].as_array_mut().unwrap();
                signatures.push(foreign.clone());
            }),
        ),
        (
            "a signature that is none",
            3,
            invalid,
            Box::new(move |file| {
                file["files"][ROLE]["signatures"].as_array_mut().unwrap().push(own.clone());
            }),
        ),
        (
            "a signature twice",
            3,
            "two signatures by key",
            Box::new(|file| {
                let signatures = file["files"][ROLE]["signatures"].as_array_mut().unwrap();
                signatures.push(signatures[0].clone());
            }),
        ),
        (
            "a role that is none",
            3,
            "nobody may sign",
            Box::new(|file| {
                file["files"]["targets/none"] = file["files"][ROLE].clone();
                file["base"]["targets/none"] = json!(null);
            }),
        ),
    ]
}

#[test]
fn every_doctored_member_is_refused_and_named() {
    let team = Team::start();
    let signed = team.sign(0, &team.prepare("v1"));
    let member = &team.members[1];
    member.run(["list", GUN]).success();
    for (what, code, word, change) in doctored(&team) {
        let mut file: Value = serde_json::from_slice(&signed).unwrap();
        change(&mut file);
        let bytes = serde_json::to_vec(&file).unwrap();
        member.write("p.json", &bytes);
        if what == "gun" {
            // For that collection it is nothing else than for a stranger.
            let _ = member.run(["sign", "p.json", "--yes"]).failure(4, &["example.com/other"]);
        } else {
            let refused = member.run(["sign", "p.json", "--yes"]).failure(code, &[word]);
            assert!(!refused.stdout.contains("Successfully"), "{what}: {}", refused.report());
        }
        assert_eq!(std::fs::read(member.work().join("p.json")).unwrap(), bytes, "{what}");
        let _ = member.refuses(["publish", GUN, "--from", "p.json"], code, &[word]);
    }
    // The file itself is fine, also when its white space is gone.
    let compact: Value = serde_json::from_slice(&signed).unwrap();
    let complete = team.sign(1, &serde_json::to_vec(&compact).unwrap());
    member.write("p.json", complete);
    member.run(["publish", GUN, "--from", "p.json"]).success();
    assert!(team.agreed_list().contains("v1"));
}

#[test]
fn a_collection_that_has_moved_on_is_told_with_its_role_and_versions() {
    let team = Team::start();
    let complete = team.sign(1, &team.sign(0, &team.prepare("v1")));
    // The owner keeps p.json out of the way and changes the parent.
    team.owner.run(["reset", GUN, "--all"]).success();
    team.owner.run(["add", "-p", GUN, "top", "one"]).success();
    team.members[2].write("p.json", &complete);
    let words = [
        "the collection has moved on: targets had version 3 when it was prepared, and has version 4",
        "--sign-only --out p.json --force",
    ];
    let _ = team.members[2].run(["publish", GUN, "--from", "p.json"]).failure(8, &words);
    let _ = team.members[2].run(["sign", "p.json", "--yes"]).failure(8, &words);

    // The role itself: two publications on the same state, of which the first wins.
    let one = team.sign(1, &team.sign(0, &team.prepare("v1")));
    team.owner.run(["reset", GUN, "--all"]).success();
    let two = team.sign(1, &team.sign(0, &team.prepare("v2")));
    team.owner.run(["reset", GUN, "--all"]).success();
    team.owner.write("p.json", one);
    team.owner.run(["publish", GUN, "--from", "p.json"]).success();
    team.owner.write("p.json", two);
    let words = ["targets/releases had no file when it was prepared, and has version 1 now"];
    let _ = team.owner.refuses(["publish", GUN, "--from", "p.json"], 8, &words);

    // The root.
    let complete = team.sign(1, &team.sign(0, &team.prepare("v3")));
    team.owner.run(["key", "rotate", GUN, "root", "--yes"]).success();
    team.owner.write("p.json", complete);
    let words = ["the collection has moved on: root had version "];
    let _ = team.owner.refuses(["publish", GUN, "--from", "p.json"], 8, &words);
}

#[test]
fn keys_that_were_revoked_and_thresholds_that_were_raised_meanwhile_are_noticed() {
    for data in [json!({"remove_keys": ["K"]}), json!({"threshold": 3})] {
        let team = Team::start();
        let complete = team.sign(1, &team.sign(0, &team.prepare("v1")));
        team.owner.run(["reset", GUN, "--all"]).success();
        let id = team.keys[0].id().as_str();
        let data = data.to_string().replace("\"K\"", &format!("{id:?}"));
        stage(&team.owner, "update", ROLE, &serde_json::from_str(&data).unwrap());
        team.owner.run(["publish", GUN]).success();
        team.owner.write("p.json", &complete);
        let words = ["the collection has moved on: targets had version 3"];
        let _ = team.owner.refuses(["publish", GUN, "--from", "p.json"], 8, &words);

        // Whoever says that it was built on the present state gets no further.
        let mut file: Value = serde_json::from_slice(&complete).unwrap();
        let anew: Value = serde_json::from_slice(&team.prepare("v2")).unwrap();
        team.owner.run(["reset", GUN, "--all"]).success();
        file["base"] = anew["base"].clone();
        team.owner.write("p.json", serde_json::to_vec(&file).unwrap());
        let refused = team.owner.run(["publish", GUN, "--from", "p.json"]);
        let words = match data.contains("threshold") {
            true => (7, "targets/releases lacks 1 signature".to_owned()),
            false => (3, format!("a signature by key {id}, which is none of its keys")),
        };
        let _ = refused.failure(words.0, &[&words.1]);
    }
}

#[test]
fn without_a_key_that_could_sign_nobody_is_asked() {
    let team = Team::start();
    let prepared = team.prepare("v1");
    let refused = team.owner.refuses_to_sign("p.json");
    for key in &team.keys {
        assert!(refused.contains(key.id().as_str()), "{refused}");
    }
    assert!(!refused.contains("Are you sure"), "{refused}");
    assert_eq!(std::fs::read(team.owner.work().join("p.json")).unwrap(), prepared);
    // Somebody who has signed already is no help either.
    let signed = team.sign(0, &prepared);
    let _ = team.members[0].run(["sign", "p.json", "--yes"]).failure(7, &["lacks 1 signature"]);
    assert_eq!(std::fs::read(team.members[0].work().join("p.json")).unwrap(), signed);
}

#[test]
fn what_makes_no_sense_is_wrong_usage_or_said() {
    let team = Team::start();
    for args in [
        &["publish", GUN, "--sign-only"][..],
        &["publish", GUN, "--out", "p.json"],
        &["publish", GUN, "--sign-only", "--out", "p.json", "--from", "q.json"],
        &["publish", GUN, "--init", "--from", "q.json"],
        &["sign"],
    ] {
        assert_eq!(team.owner.run(args).code, 2, "{args:?}");
    }
    let nothing = ["publish", GUN, "--sign-only", "--out", "p.json"];
    let _ = team.owner.refuses(nothing, 1, &["there is nothing to sign for"]);
    assert!(!team.owner.work().join("p.json").exists());
    let never = "partial.example.com/never";
    team.owner.run(["init", never]).success();
    let args = ["publish", never, "--sign-only", "--out", "p.json"];
    let _ = team.owner.refuses(args, 1, &["has never been published", "`notary publish"]);
    let _ = team.owner.refuses(["publish", GUN, "--from", "none"], 1, &["none"]);
    let damaged = team.owner.write("damaged", "{");
    let args = ["publish", GUN, "--from", damaged.to_str().unwrap()];
    let _ = team.owner.refuses(args, 1, &["is not a partial publication"]);
}

impl crate::support::Sandbox {
    /// Signing fails for want of keys; returns what was said.
    #[track_caller]
    fn refuses_to_sign(&self, file: &str) -> String {
        let outcome = self.run_with_input(["sign", file], b"yes\n");
        outcome.failure(7, &["not all signatures are there yet"]).stderr
    }
}
