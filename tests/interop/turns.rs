//! One collection, published to by the Go client and by us in turn.

use std::collections::{BTreeMap, BTreeSet};

use super::{DelegationKey, EMPTY_LIST, GUN, Pair};
use crate::support::{GoClient, Sandbox};

/// One client and the other, with what they have in common.
trait Client {
    fn call(&self, args: &[&str]) -> String;
    fn verifies(&self, name: &str, payload: &[u8]) -> bool;
}

impl Client for GoClient {
    fn call(&self, args: &[&str]) -> String {
        self.run(args)
    }

    fn verifies(&self, name: &str, payload: &[u8]) -> bool {
        self.try_run(["verify", "-q", GUN, "--", name], payload).0 == 0
    }
}

impl Client for Sandbox {
    fn call(&self, args: &[&str]) -> String {
        self.run(args).success()
    }

    fn verifies(&self, name: &str, payload: &[u8]) -> bool {
        self.run_with_input(["verify", "-q", GUN, "--", name], payload).code == 0
    }
}

/// Twenty names, one for each turn, that programs like to get wrong.
pub(super) fn names() -> Vec<String> {
    let names = [
        "plain",
        "with space",
        "  spaces around  ",
        "ünïcödé/日本語/🎉",
        "e\u{301} is not é",
        "\"double\" 'single' `back`",
        "<script>&amp;</script>",
        "%41 is not A, %2e%2e/%00",
        "a+b=c;d?e#f",
        "back\\slash\\n",
        ".hidden",
        "..",
        "../../up",
        "/absolute//twice/",
        "-dash",
        "--",
        "{\"json\":[1.5,null]}",
        "$HOME $(id) %s %d",
        "\u{feff}mark\u{a0}no-break",
    ];
    let long = "long/".repeat(2_000);
    names.into_iter().map(str::to_owned).chain([long]).collect()
}

#[test]
fn both_publish_in_turn_and_nothing_is_lost() {
    let pair = Pair::made_by_go();
    let [ci, docs, nested] = [(); 3].map(|()| DelegationKey::new());
    let delegations = [
        (&ci, "targets/ci", vec!["--all-paths"]),
        (&docs, "targets/docs", vec!["--paths", "docs/,../"]),
        (&nested, "targets/docs/old", vec!["--paths", "docs/old/,elsewhere/"]),
    ];
    for (key, role, paths) in delegations {
        for trust_dir in [pair.go.trust_dir(), &pair.ours.trust_dir()] {
            key.give_to(trust_dir);
        }
        let pem = key.public_pem(&pair.ours);
        let add = ["delegation", "add", "-p", GUN, role, pem.to_str().unwrap()];
        if role == "targets/docs/old" {
            // Of these paths only the first is below those of the parent.
            let refused = pair.go.try_run(add.into_iter().chain(paths), b"");
            assert!(refused.1.contains("invalid paths to add to role"), "{refused:?}");
            pair.go.run(["reset", GUN, "--all"]);
            pair.go.run(add.into_iter().chain(["--paths", "docs/old/"]));
        } else {
            pair.go.run(add.into_iter().chain(paths));
        }
    }

    let mut expected: BTreeMap<(String, String), Vec<u8>> = BTreeMap::new();
    for (turn, name) in names().into_iter().enumerate() {
        let (publisher, other): (&dyn Client, &dyn Client) = match turn % 2 {
            0 => (&pair.go, &pair.ours),
            _ => (&pair.ours, &pair.go),
        };
        let payload = format!("payload of turn {turn}").into_bytes();
        let file = pair.ours.write("payload", &payload);
        let file = file.to_str().unwrap();
        // In canonical form, or else Go could not publish it.
        let custom = format!(r#"{{"list":["é",null,true,{{"":-1}}],"turn":{turn}}}"#);
        let custom = pair.ours.write("custom.json", custom);
        let custom = ["--custom", custom.to_str().unwrap()];

        let mut stage = |role: &str, name: &str, more: &[&str]| {
            let add = ["add", GUN, "-r", role];
            publisher.call(&[&add, more, &["--", name, file]].concat());
            expected.insert((role.to_owned(), name.to_owned()), payload.clone());
        };
        stage("targets", &name, if turn % 3 == 0 { &custom } else { &[] });
        stage("targets/ci", &format!("{name} by ci"), &custom);
        stage("targets/docs", &format!("docs/{name}"), &[]);
        if turn % 4 > 1 {
            stage("targets/docs/old", &format!("docs/old/{turn}"), &[]);
        }
        // The same name in several roles: the shallower and earlier one counts.
        stage("targets/ci", "docs/contested", &[]);
        stage("targets/docs", "docs/contested", &[]);
        if turn % 5 == 4 {
            let gone = names()[turn - 3].clone();
            publisher.call(&["remove", GUN, "--", &gone]);
            expected.remove(&("targets".to_owned(), gone.clone()));
            let gone = format!("{gone} by ci");
            publisher.call(&["remove", GUN, "-r", "targets/ci", "--", &gone]);
            expected.remove(&("targets/ci".to_owned(), gone));
        }
        publisher.call(&["publish", GUN]);

        // The other one's next publication is built on what it sees now.
        assert!(other.verifies(&name, &payload), "{name:?} of turn {turn}");
        assert!(!other.verifies(&name, b"something else"), "{name:?} of turn {turn}");
        let list = pair.agreed_list();
        let unique: BTreeSet<&String> = expected.keys().map(|(_, name)| name).collect();
        assert_eq!(list.lines().count(), 2 + unique.len(), "turn {turn}\n{list}");
    }

    let third: [&dyn Client; 2] =
        [&GoClient::new(&pair.server.url), &Sandbox::with_server(&pair.server.url)];
    let lists = third.map(|client| client.call(&["list", GUN]));
    assert_eq!(lists[0], lists[1]);
    for role in ["targets/ci", "targets/docs", "targets/docs/old", "targets/docs,targets/ci"] {
        let lists = third.map(|client| client.call(&["list", GUN, "-r", role]));
        assert_eq!(lists[0], lists[1], "{role}");
        assert_ne!(lists[0], EMPTY_LIST, "{role}");
    }
    for ((_, name), payload) in &expected {
        let lookups = third.map(|client| client.call(&["lookup", GUN, "--", name]));
        assert_eq!(lookups[0], lookups[1]);
        let verdicts = third.map(|client| client.verifies(name, payload));
        assert_eq!(verdicts, [true, true], "{name:?}");
    }
}
