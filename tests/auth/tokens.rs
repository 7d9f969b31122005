//! The tokens of a token server, which a Notary server wants: the Go server, ours, and what stands
//! in front of servers.

use super::{GUN, scope, user};
use crate::support::{GoClient, NotaryServer, OwnServer, Rules, Sandbox, TokenServer};

/// Our server, wanting tokens.
fn own(tokens: &TokenServer) -> (OwnServer, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let settings = serde_json::json!({ "auth": tokens.settings(directory.path()) });
    let path = directory.path().join("config.json");
    std::fs::write(&path, settings.to_string()).unwrap();
    (OwnServer::with().arg("--config").arg(&path).start(), directory)
}

/// All that publishers and readers do, with the smallest leave for each.
fn whole_life(url: &str, tokens: &TokenServer) {
    let asked_by = |user: &str, actions: &str| vec![(Some(user.to_owned()), scope(actions))];
    let alice = user(url, "alice:wonderland");
    let file = alice.write("file", "content");
    let file = file.to_str().unwrap();
    let _ = alice.run(["init", GUN, "-p"]).success();
    assert_eq!(tokens.asked(), asked_by("alice", "push,pull"));
    let _ = alice.run(["add", GUN, "v1", file, "-p"]).success();
    assert_eq!(tokens.asked(), asked_by("alice", "push,pull"));
    // What is known here is enough to stage something.
    let _ = alice.run(["add", GUN, "v2", file]).success();
    assert_eq!(tokens.asked(), []);

    // Readers need no login, and say who they are if they have one.
    let everybody = Sandbox::with_server(url);
    let expected = [(None, scope("pull"))];
    for _ in 0..2 {
        let listed = everybody.run(["list", GUN]).success();
        assert!(listed.contains("v1"), "{listed}");
        assert_eq!(tokens.asked(), expected);
    }
    let verified = everybody.run_with_input(["verify", GUN, "v1"], b"content");
    assert_eq!(verified.success(), "content");
    assert_eq!(tokens.asked(), expected);
    let _ = user(url, "alice:wonderland").run(["lookup", GUN, "v1"]).success();
    assert_eq!(tokens.asked(), asked_by("alice", "pull"));

    // What is staged is published.
    let _ = alice.run(["publish", GUN]).success();
    assert_eq!(tokens.asked(), asked_by("alice", "push,pull"));
    let _ = alice.run(["key", "rotate", GUN, "targets", "--yes"]).success();
    assert_eq!(tokens.asked(), asked_by("alice", "push,pull"));

    // Only who may do everything has the server make keys, and deletes.
    for args in [
        &["key", "rotate", GUN, "timestamp", "-r", "--yes"][..],
        &["delete", GUN, "--remote", "--yes"],
    ] {
        let outcome = alice.run(args);
        let words = [
            "the server does not accept the token for the login of `alice` from `NOTARY_AUTH`",
            "the token server has granted nothing",
        ];
        let _ = outcome.failure(6, &words);
        assert_eq!(tokens.asked(), asked_by("alice", "*"), "{args:?}");
        let mut admin = user(url, "admin:looking-glass");
        admin.options.extend(["-d".to_owned(), alice.trust_dir().to_str().unwrap().to_owned()]);
        let _ = admin.run(args).success();
        assert_eq!(tokens.asked(), asked_by("admin", "*"), "{args:?}");
    }
    let _ = everybody.run(["list", GUN]).failure(4, &["does not have"]);
}

#[test]
fn one_token_with_the_smallest_leave_serves_a_command_on_the_go_server() {
    let tokens = TokenServer::start(Rules::default());
    let server = NotaryServer::start_with_auth(|directory| tokens.settings(directory));
    whole_life(&server.url, &tokens);
}

#[test]
fn one_token_with_the_smallest_leave_serves_a_command_on_our_server() {
    let tokens = TokenServer::start(Rules::default());
    let (server, _directory) = own(&tokens);
    whole_life(&server.url, &tokens);
}

#[test]
fn the_go_client_gets_its_tokens_at_the_same_place() {
    let tokens = TokenServer::start(Rules::default());
    let server = NotaryServer::start_with_auth(|directory| tokens.settings(directory));
    let auth = data_encoding::BASE64.encode(b"admin:looking-glass");
    let go = GoClient::new(&server.url).var("NOTARY_AUTH", &auth);
    go.run(["init", GUN, "-p"]);
    let theirs = tokens.requests();
    let ours = user(&server.url, "admin:looking-glass");
    let _ = ours.run(["delete", GUN, "--remote", "--yes"]).success();
    let path = |request: &crate::support::Request| {
        request
            .path
            .replace("push%2Cpull", "ACTIONS")
            .replace("%2A", "ACTIONS")
            .replace('*', "ACTIONS")
    };
    assert_eq!(tokens.requests().iter().map(path).collect::<Vec<_>>(), [path(&theirs[0])]);
}
