//! Two publishers at once, one of them the Go client.

use std::sync::Mutex;
use std::thread;

use super::{DelegationKey, GUN, Pair};
use crate::support::{GoClient, HttpServer, Sandbox, pass_on};

/// A server in front of the real one. Just before the first upload arrives there, `meanwhile`
/// happens.
fn front(pair: &Pair, meanwhile: impl FnOnce() + Send + 'static) -> HttpServer {
    let url = pair.server.url.clone();
    let meanwhile = Mutex::new(Some(meanwhile));
    HttpServer::start(move |request| {
        if request.method == "POST"
            && let Some(meanwhile) = meanwhile.lock().unwrap().take()
        {
            meanwhile();
        }
        pass_on(&url, request)
    })
}

/// The Go client of the pair, to be taken elsewhere.
fn publisher(pair: &Pair) -> GoClient {
    GoClient::sharing(&pair.server.url, pair.go.trust_dir())
}

/// A collection with a delegation whose key both publishers have.
fn collection() -> Pair {
    let pair = Pair::made_by_go();
    let key = DelegationKey::new();
    for trust_dir in [pair.go.trust_dir(), &pair.ours.trust_dir()] {
        key.give_to(trust_dir);
    }
    let pem = key.public_pem(&pair.ours);
    let add = ["delegation", "add", "-p", GUN, "targets/ci", pem.to_str().unwrap(), "--all-paths"];
    pair.go.run(add);
    let file = pair.ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    pair.go.run(["add", "-p", GUN, "both", file, "-r", "targets,targets/ci"]);
    pair.ours.run(["list", GUN]).success();
    pair
}

/// What Go does between our update and our upload; what we publish; whose names are there then.
const MEANWHILE: &[(&str, &str, &[&str])] = &[
    ("add -p G theirs F", "add G ours F", &["both", "ours", "theirs"]),
    ("add -p G theirs F -r targets/ci", "add G ours F", &["both", "ours", "theirs"]),
    ("add -p G theirs F", "add G ours F -r targets/ci", &["both", "ours", "theirs"]),
    ("add -p G theirs F -r targets/ci", "add G ours F -r targets/ci", &["both", "ours", "theirs"]),
    ("remove -p G both -r targets,targets/ci", "add G ours F", &["ours"]),
    ("remove -p G both", "remove G both -r targets/ci", &[]),
    ("witness -p G targets targets/ci", "add G ours F", &["both", "ours"]),
    ("key rotate G snapshot -r", "add G ours F", &["both", "ours"]),
    ("key rotate G timestamp -r", "add G ours F", &["both", "ours"]),
    ("delegation remove -y -p G targets/ci", "add G ours F", &["both", "ours"]),
];

fn words(line: &str, file: &str) -> Vec<String> {
    let word = |word| match word {
        "G" => GUN.to_owned(),
        "F" => file.to_owned(),
        other => str::to_owned(other),
    };
    line.split(' ').map(word).collect()
}

#[test]
fn what_go_publishes_between_our_update_and_our_upload_is_built_upon() {
    for (theirs, ours, names) in MEANWHILE {
        for server_makes_snapshot in [false, true] {
            let pair = collection();
            if server_makes_snapshot {
                pair.go.run(["key", "rotate", GUN, "snapshot", "-r"]);
            }
            let file = pair.ours.work().join("payload");
            let file = file.to_str().unwrap();
            let go = publisher(&pair);
            let line = words(theirs, file);
            let front = front(&pair, move || drop(go.run(line)));

            pair.ours.run(words(ours, file)).success();
            let published = pair.ours.run(["-s", &front.url, "publish", GUN]);
            let context = format!("{theirs}\n{}", published.report());
            assert_eq!(published.code, 0, "{context}");
            let list = pair.agreed_list();
            for name in ["both", "ours", "theirs"] {
                let listed = list.contains(&format!("\n{name} "));
                assert_eq!(listed, names.contains(&name), "{name}\n{list}\n{context}");
            }
            // And on it goes.
            pair.go.run(["add", "-p", GUN, "later", file]);
            assert!(pair.agreed_list().contains("later "));
        }
    }
}

#[test]
fn what_does_not_fit_any_more_stays_staged() {
    for (theirs, code, why) in [
        ("key rotate G targets", 7, "no key that may sign targets is here"),
        ("delegation remove -y -p G targets/ci", 1, "there is no role targets/ci"),
    ] {
        let pair = collection();
        let file = pair.ours.work().join("payload");
        let file = file.to_str().unwrap();
        let line = words(theirs, file);
        let go = publisher(&pair);
        let front = front(&pair, move || drop(go.run(line)));
        pair.ours.run(["add", GUN, "ours", file, "-r", "targets/ci,targets"]).success();
        let status = pair.ours.run(["status", GUN]).success();
        let _ = pair.ours.run(["-s", &front.url, "publish", GUN]).failure(code, &[why]);
        assert_eq!(pair.ours.run(["status", GUN]).success(), status);
        assert!(!pair.agreed_list().contains("ours "));
    }
}

#[test]
fn the_second_of_two_who_made_the_same_collection_is_told_and_keeps_his_changes() {
    let pair = Pair::start();
    let file = pair.ours.write("payload", "payload");
    let file = file.to_str().unwrap().to_owned();
    pair.go.run(["init", GUN]);
    let go = publisher(&pair);
    let front = front(&pair, move || drop(go.run(["publish", GUN])));
    pair.ours.run(["init", GUN]).success();
    pair.ours.run(["add", GUN, "ours", &file]).success();
    let status = pair.ours.run(["status", GUN]).success();
    let refused = pair.ours.run(["-s", &front.url, "publish", GUN]);
    let _ = refused.failure(3, &["the new root is not signed by the root keys trusted so far"]);
    assert_eq!(pair.ours.run(["status", GUN]).success(), status);
    // The other's collection is what it was.
    pair.go.run(["add", "-p", GUN, "theirs", &file]);
    let list = Sandbox::with_server(&pair.server.url).run(["list", GUN]).success();
    assert!(list.contains("theirs ") && !list.contains("ours "), "{list}");
}

#[test]
fn two_who_publish_all_the_time_lose_nothing() {
    const ROUNDS: usize = 8;
    let pair = collection();
    let file = pair.ours.work().join("payload");
    let file = file.to_str().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..ROUNDS {
                pair.go.run(["add", GUN, &format!("go {round}"), file]);
                // The Go client does not try again by itself.
                let tries = (0..100).map(|_| pair.go.try_run(["publish", GUN], b""));
                assert!(tries.map(|(code, _)| code).any(|code| code == 0));
            }
        });
        scope.spawn(|| {
            for round in 0..ROUNDS {
                pair.ours.run(["add", GUN, &format!("ours {round}"), file]).success();
                let tries = (0..100).map(|_| pair.ours.run(["publish", GUN]));
                let codes: Vec<u8> =
                    tries.map(|tried| tried.code).take_while(|c| *c != 0).collect();
                assert!(codes.iter().all(|code| *code == 8), "{codes:?}");
            }
        });
    });
    let list = pair.agreed_list();
    assert_eq!(list.lines().count(), 2 + 1 + 2 * ROUNDS, "{list}");
}
