//! `delete`: what is asked, what it does, and what it leaves alone.

use super::GUN;
use crate::support::{HttpServer, NotaryServer, Response, Sandbox, snapshot_of};

fn publisher(server: &NotaryServer) -> Sandbox {
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", "content");
    let _ = notary.run(["init", GUN]).success();
    let _ = notary.run(["add", GUN, "file", "file", "-p"]).success();
    notary
}

#[test]
fn a_copy_of_what_the_server_has_goes_without_a_question() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let outcome = notary.run(["delete", GUN]);
    assert_eq!(outcome.stderr, "");
    assert_eq!(
        outcome.success(),
        format!(
            "Deleting trust data for repository {GUN}\n\
             Successfully deleted local trust data for repository {GUN}\n"
        )
    );
    let left: Vec<_> = snapshot_of(&notary.trust_dir()).into_keys().collect();
    assert!(left.iter().all(|path| path.starts_with("private")) && left.len() == 3, "{left:?}");
    assert!(notary.run(["list", GUN]).success().contains("file"));
}

#[test]
fn what_nobody_could_bring_back_is_asked_about() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    for name in ["one", "two"] {
        let _ = notary.run(["remove", GUN, name]).success();
    }
    let ask = |args: &[&str], question: &str, answer: &str| {
        let before = snapshot_of(&notary.trust_dir());
        let outcome = notary.run_with_input(args, answer.as_bytes());
        assert_eq!(outcome.stdout, "", "{}", outcome.report());
        assert!(outcome.stderr.starts_with(question), "{}", outcome.report());
        let words = ["error: cancelled; nothing was changed", "hint: `--yes` deletes without"];
        let _ = outcome.failure(1, &words);
        assert!(snapshot_of(&notary.trust_dir()) == before, "{answer:?}");
    };
    let local = "Are you sure you want to remove 2 staged changes? (yes/no) \n";
    for answer in ["", "\n", "no\n", "yes please\n", "yess\n", "n", &"y".repeat(5000)] {
        ask(&["delete", GUN], local, answer);
    }
    let remote = format!(
        "Are you sure you want to remove the collection {GUN} from {} and 2 staged changes? \
         (yes/no) \n",
        server.url
    );
    ask(&["delete", GUN, "--remote"], &remote, "no\n");

    for answer in ["y\n", " YES \n", "Yes"] {
        let _ = notary.run(["remove", GUN, "file"]).success();
        let _ = notary.run_with_input(["delete", GUN], answer.as_bytes()).success();
        let gone = notary.run(["status", GUN]).success();
        assert_eq!(gone, format!("No unpublished changes for {GUN}\n"), "{answer:?}");
    }
}

#[test]
fn a_collection_that_was_never_published_is_asked_about() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let _ = notary.run(["init", GUN]).success();
    let root = notary.collection_dir(GUN).join("metadata/root.json");
    let outcome = notary.run(["delete", GUN]);
    let question = format!("remove the unpublished collection with the root `{}`?", root.display());
    assert!(outcome.stderr.contains(&question), "{}", outcome.report());
    assert!(root.exists());
    for yes in ["--yes", "-y"] {
        let _ = notary.run(["delete", GUN, yes]).success();
        assert!(!root.exists());
        let _ = notary.run(["init", GUN]).success();
    }
}

#[test]
fn deleting_from_the_server_says_so() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let deleted = notary.run(["delete", GUN, "--remote", "--yes"]).success();
    assert_eq!(
        deleted,
        format!(
            "Deleting trust data for repository {GUN}\n\
             Successfully deleted local and remote trust data for repository {GUN}\n"
        )
    );
    let words = ["does not have example.com/app", "hint: check the name, and the server"];
    let _ = notary.refuses(["delete", GUN, "--remote", "--yes"], 4, &words);
}

#[test]
fn what_is_not_there_is_not_deleted() {
    let notary = Sandbox::new();
    let words = [
        "there is no copy of example.com/app on this machine to delete",
        "hint: `notary delete example.com/app --remote` deletes it from the server",
    ];
    let _ = notary.refuses(["delete", GUN], 4, &words);
    assert!(!notary.trust_dir().exists());
    let words = ["does not have example.com/app", "hint: check the name, and the server"];
    let _ = notary.refuses(["delete", GUN, "--remote", "--yes"], 4, &words);
    assert!(!notary.trust_dir().exists());
}

#[test]
fn offline_the_server_is_left_alone() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    for args in [
        &["delete", GUN, "--remote", "--offline"][..],
        &["delete", GUN, "--remote", "--offline", "-y"],
    ] {
        let outcome = notary.refuses(args, 2, &["this needs the server", "hint: run it without"]);
        assert!(!outcome.stderr.contains("Are you sure"), "{}", outcome.report());
    }
    assert!(notary.run(["list", GUN]).success().contains("file"));
    let _ = notary.run(["delete", GUN, "--offline"]).success();
    assert!(notary.run(["list", GUN]).success().contains("file"));
}

#[test]
fn nothing_is_lost_here_while_the_server_refuses() {
    for (status, code) in [(401, 6), (403, 6), (500, 5)] {
        let honest = NotaryServer::start();
        let mut notary = publisher(&honest);
        let server = HttpServer::start(move |request| match request.method.as_str() {
            "GET" => Response::ok("{}"),
            _ => Response::status(status, ""),
        });
        notary.options = vec!["-s".into(), server.url.clone()];
        let before = snapshot_of(&notary.trust_dir());
        let outcome = notary.run(["delete", GUN, "--remote", "--yes"]);
        // Who is refused without being told what is wanted asks for that, at `/v2/`.
        let asked: &[&str] = match status {
            500 => &["GET root.json", "DELETE "],
            _ => &["GET root.json", "DELETE ", "GET "],
        };
        assert_eq!(server.brief(), asked);
        let outcome = outcome.failure(code, &[&format!("status {status}")]);
        let mut after = snapshot_of(&notary.trust_dir());
        after.retain(|path, _| before.contains_key(path));
        assert!(after == before, "{}", outcome.report());
    }
}
