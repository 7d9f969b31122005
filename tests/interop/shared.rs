//! One trust directory that both programs use in turn: keys, cache and staged changes.

use std::fs;

use super::turns::names;
use super::{EMPTY_LIST, GUN, Pair};
use crate::support::{GoClient, Sandbox, assert_same_files, served, snapshot_of};

/// One of the two programs on the shared trust directory.
type Program<'a> = &'a dyn Fn(&[&str]) -> String;

/// Runs `scenario` with the programs in both orders.
fn in_both_orders(scenario: impl Fn(&Pair, Program<'_>, Program<'_>)) {
    for go_first in [true, false] {
        let pair = Pair::start();
        let go = pair.sharing();
        let go: Program<'_> = &|args| go.run(args);
        // We ask before staged changes are deleted, Go does not.
        let ours: Program<'_> = &|args| {
            let outcome = match args {
                ["delete", rest @ ..] => pair.ours.run(["delete", "--yes"].iter().chain(rest)),
                _ => pair.ours.run(args),
            };
            outcome.success()
        };
        match go_first {
            true => scenario(&pair, go, ours),
            false => scenario(&pair, ours, go),
        }
    }
}

fn payload(pair: &Pair) -> String {
    pair.ours.write("payload", "payload").to_str().unwrap().to_owned()
}

#[test]
fn what_one_has_made_and_staged_the_other_shows_and_publishes() {
    in_both_orders(|pair, one, other| {
        let file = payload(pair);
        one(&["init", GUN]);
        let keys = one(&["key", "list"]);
        assert_eq!(other(&["key", "list"]), keys);
        assert_eq!(keys.lines().filter(|line| line.contains("/private")).count(), 3);

        one(&["add", GUN, "v1", &file]);
        one(&["addhash", GUN, "v<2>", "7", "--sha256", &"ab".repeat(32)]);
        one(&["remove", GUN, "v 0"]);
        one(&["remove", GUN, "a longer name", "-r", "targets"]);
        let status = one(&["status", GUN]);
        assert_eq!(other(&["status", GUN]), status);
        assert_eq!(status.lines().count(), 4 + 4, "{status}");
        other(&["reset", GUN, "-n", "3"]);
        let reset = format!("Successfully reset specified changes for repository {GUN}\n");
        assert_eq!(other(&["reset", GUN, "-n", "2"]), reset);
        let rest = status.lines().take(6).map(|line| format!("{line}\n")).collect::<String>();
        // Without the longer names the columns are narrower.
        let columns = |text: &str| {
            let words = text.split_whitespace().filter(|word| !word.starts_with('-'));
            words.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(columns(&one(&["status", GUN])), columns(&rest));

        let published = other(&["publish", GUN]);
        let success = format!("Successfully published changes for repository {GUN}\n");
        assert_eq!(published, format!("Pushing changes to {GUN}\n{success}"));
        assert_eq!(one(&["status", GUN]), format!("No unpublished changes for {GUN}\n"));
        let list = one(&["list", GUN]);
        assert_eq!(list.lines().count(), 4, "{list}");
        assert_eq!(other(&["list", GUN]), list);
        assert_eq!(GoClient::new(&pair.server.url).run(["list", GUN]), list);
        assert_eq!(Sandbox::with_server(&pair.server.url).run(["list", GUN]).success(), list);
    });
}

#[test]
fn either_publishes_what_both_have_staged_in_the_order_of_staging() {
    in_both_orders(|pair, one, other| {
        one(&["init", "-p", GUN]);
        for (round, publisher) in [one, other].into_iter().enumerate() {
            let file = |content: &str| {
                let path = pair.ours.write(content, content);
                path.to_str().unwrap().to_owned()
            };
            // For `last` both have something to say; the later one is right.
            let [of_one, of_other] = [format!("one{round}"), format!("the other{round}")];
            one(&["add", GUN, &of_one, &file("one")]);
            other(&["add", GUN, "last", &file(&of_other)]);
            one(&["add", GUN, "last", &file(&of_one)]);
            other(&["add", GUN, &of_other, &file("other")]);
            one(&["add", GUN, "removed", &file("one")]);
            other(&["remove", GUN, "removed"]);
            let status = one(&["status", GUN]);
            assert_eq!(other(&["status", GUN]), status);
            let paths: Vec<_> = status.lines().skip(4).map(|line| line.contains("last")).collect();
            assert_eq!(paths, [false, true, true, false, false, false]);

            publisher(&["publish", GUN]);
            assert_eq!(other(&["status", GUN]), format!("No unpublished changes for {GUN}\n"));
            let lookup = other(&["lookup", GUN, "last"]);
            assert!(lookup.ends_with(&format!(" {}\n", of_one.len())), "{lookup}");
            let list = one(&["list", GUN]);
            assert_eq!(other(&["list", GUN]), list);
            assert!(!list.contains("removed"));
            assert_eq!(list.lines().count(), 2 + 1 + 2 * (round + 1), "{list}");
        }
    });
}

#[test]
fn either_drops_and_deletes_what_the_other_left() {
    in_both_orders(|pair, one, other| {
        let file = payload(pair);
        one(&["init", "-p", GUN]);
        one(&["list", GUN]);
        other(&["list", GUN]);
        for (stages, drops) in [(one, other), (other, one)] {
            stages(&["add", GUN, "v1", &file]);
            stages(&["remove", GUN, "v1"]);
            let reset = drops(&["reset", GUN, "--all"]);
            assert_eq!(
                reset,
                format!("Successfully reset specified changes for repository {GUN}\n")
            );
            assert_eq!(stages(&["status", GUN]), format!("No unpublished changes for {GUN}\n"));
        }

        one(&["add", GUN, "v1", &file]);
        let keys = snapshot_of(&pair.ours.trust_dir().join("private"));
        let deleted = other(&["delete", GUN]);
        assert_eq!(
            deleted,
            format!(
                "Deleting trust data for repository {GUN}\n\
                 Successfully deleted local trust data for repository {GUN}\n"
            )
        );
        assert!(snapshot_of(&pair.ours.collection_dir(GUN)).is_empty());
        let kept = snapshot_of(&pair.ours.trust_dir().join("private"));
        assert_same_files(&kept, &keys, "private");
        for program in [one, other] {
            assert_eq!(program(&["status", GUN]), format!("No unpublished changes for {GUN}\n"));
            assert_eq!(program(&["list", GUN]), EMPTY_LIST);
        }
        // The keys are enough to go on.
        one(&["add", GUN, "v2", &file]);
        other(&["publish", GUN]);
        assert!(one(&["list", GUN]).contains("v2 "));
    });
}

#[test]
fn the_cache_of_one_serves_the_other_and_keeps_him_from_going_back() {
    in_both_orders(|pair, one, other| {
        let file = payload(pair);
        one(&["init", "-p", GUN]);
        let metadata = pair.ours.collection_dir(GUN).join("metadata");
        one(&["list", GUN]);
        let old = snapshot_of(&metadata);
        for (index, publisher) in [one, other, one, other].into_iter().enumerate() {
            publisher(&["add", "-p", GUN, &format!("v{index}"), &file]);
            one(&["list", GUN]);
            other(&["list", GUN]);
            for (path, bytes) in snapshot_of(&metadata) {
                let name = path.to_str().unwrap();
                assert_eq!(served(&pair.server.url, GUN, name), Some(bytes), "{name} in the cache");
            }
        }
        // Files of the cache that go missing or go back are replaced by the server's.
        for name in ["snapshot.json", "targets.json", "timestamp.json"] {
            fs::write(metadata.join(name), &old[name.as_ref() as &std::path::Path]).unwrap();
            assert_eq!(other(&["list", GUN]), one(&["list", GUN]));
            fs::remove_file(metadata.join(name)).unwrap();
            assert_eq!(one(&["list", GUN]).lines().count(), 6);
        }
    });
}

#[test]
fn whatever_the_names_both_show_the_same_status() {
    let pair = Pair::start();
    let go = pair.sharing();
    let file = payload(&pair);
    go.run(["init", "-p", GUN]);
    for (index, name) in names().iter().enumerate() {
        match index % 2 {
            0 => drop(go.run(["add", GUN, "--", name, &file])),
            _ => drop(pair.ours.run(["add", GUN, "--", name, &file]).success()),
        }
    }
    pair.ours.run(["remove", GUN, "日本"]).success();
    let status = go.run(["status", GUN]);
    assert_eq!(pair.ours.run(["status", GUN]).success(), status);
    assert_eq!(status.lines().count(), 4 + names().len() + 1);
    go.run(["publish", GUN]);
    assert_eq!(pair.ours.run(["list", GUN]).success(), go.run(["list", GUN]));
    for name in names() {
        pair.ours.run(["remove", GUN, "--", &name]).success();
    }
    pair.ours.run(["publish", GUN]).success();
    assert_eq!(go.run(["list", GUN]), EMPTY_LIST);
}
