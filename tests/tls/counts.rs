//! How many requests the commands make of a real server, and over how many connections.

use std::collections::BTreeSet;
use std::fs;

use super::certificates::{Authority, Validity};
use crate::support::{NotaryServer, OwnServer, Recorded, Recorder, Sandbox, snapshot_of};

const DELEGATIONS: usize = 50;

/// A real server behind a recorder, and clients of that.
struct Site {
    recorder: Recorder,
    is_2: bool,
    options: Vec<String>,
    _server: (Option<NotaryServer>, Option<OwnServer>),
    _directory: tempfile::TempDir,
}

impl Site {
    /// All kinds: HTTP/1.1 and, with TLS, HTTP/2, in front of Go's server and our own.
    fn all() -> Vec<Self> {
        let kinds = [(false, false), (true, false), (false, true), (true, true)];
        kinds.into_iter().map(|(is_2, is_own)| Self::start(is_2, is_own)).collect()
    }

    fn start(is_2: bool, is_own: bool) -> Self {
        let server = match is_own {
            true => (None, Some(OwnServer::start())),
            false => (Some(NotaryServer::start()), None),
        };
        let url = match &server {
            (Some(server), _) => &server.url,
            (None, server) => &server.as_ref().unwrap().url,
        };
        let directory = tempfile::tempdir().unwrap();
        let authority = Authority::new("servers");
        let files =
            authority.issue(&["127.0.0.1"], Validity::Now).write(directory.path(), "server");
        let tls = is_2.then_some((files.certificate.as_path(), files.key.as_path()));
        let recorder = Recorder::start(url, tls);
        let ca = authority.write(directory.path(), "ca").display().to_string();
        let mut options = vec!["-s".to_owned(), recorder.url.clone()];
        if is_2 {
            options.extend(["--tlscacert".to_owned(), ca]);
        }
        Self { recorder, is_2, options, _server: server, _directory: directory }
    }

    fn client(&self) -> Sandbox {
        let mut notary = Sandbox::new();
        notary.options = self.options.clone();
        notary
    }

    /// What a command asks for, and over how many connections.
    #[track_caller]
    fn asks(&self, notary: &Sandbox, args: &[&str]) -> (Vec<String>, usize) {
        self.recorder.take();
        let _ = notary.run(args).success();
        let requests = self.recorder.take();
        assert!(requests.iter().all(|Recorded { is_2, .. }| *is_2 == self.is_2), "{requests:?}");
        let connections: BTreeSet<_> = requests.iter().map(|made| made.connection).collect();
        (requests.into_iter().map(|made| made.brief).collect(), connections.len())
    }

    /// Makes sure that a command asks for exactly this, over one connection.
    #[track_caller]
    fn expects(&self, notary: &Sandbox, args: &[&str], expected: &[&str]) {
        let (requests, connections) = self.asks(notary, args);
        assert_eq!(requests, expected, "{args:?}");
        assert_eq!(connections, usize::from(!expected.is_empty()), "{args:?}");
    }
}

const SNAPSHOT: &str = "GET snapshot.HASH.json";
const TARGETS: &str = "GET targets.HASH.json";
const TIMESTAMP: &str = "GET timestamp.json";

const ROOT: &str = "GET root.json";
const UPLOAD: &str = "POST ";

#[test]
fn no_command_asks_for_more_than_it_needs() {
    for site in Site::all() {
        let publisher = site.client();
        let file = publisher.write("file", "content").display().to_string();
        let expects = |args: &[&str], expected: &[&str]| site.expects(&publisher, args, expected);
        // What the server has made of an upload is read back.
        expects(&["init", "a/b", "-p"], &[ROOT, "GET timestamp.key", ROOT, UPLOAD, TIMESTAMP]);
        expects(&["add", "a/b", "one", &file, "-p"], &[ROOT, TIMESTAMP, UPLOAD, TIMESTAMP]);
        expects(&["add", "a/b", "two", &file], &[]);
        expects(&["status", "a/b"], &[]);
        expects(&["publish", "a/b"], &[ROOT, TIMESTAMP, UPLOAD, TIMESTAMP]);
        expects(
            &["key", "rotate", "a/b", "targets", "--yes"],
            &[ROOT, TIMESTAMP, UPLOAD, TIMESTAMP],
        );
        let server_makes_snapshot = [ROOT, TIMESTAMP, UPLOAD, TIMESTAMP, SNAPSHOT];
        expects(
            &["key", "rotate", "a/b", "snapshot", "-r", "--yes"],
            &[ROOT, TIMESTAMP, "POST snapshot.key", UPLOAD, TIMESTAMP, SNAPSHOT],
        );
        expects(&["key", "rotate", "a/b", "root", "--yes"], &server_makes_snapshot);
        expects(&["add", "a/b", "three", &file, "-p"], &server_makes_snapshot);

        let reader = site.client();
        site.expects(&reader, &["list", "a/b"], &[ROOT, TIMESTAMP, SNAPSHOT, TARGETS]);
        for args in [&["list", "a/b"][..], &["lookup", "a/b", "one"]] {
            site.expects(&reader, args, &[TIMESTAMP]);
        }
        site.expects(&reader, &["--offline", "list", "a/b"], &[]);
        expects(&["delete", "a/b", "--remote", "--yes"], &[ROOT, "DELETE "]);
    }
}

#[test]
fn each_delegation_is_asked_for_once() {
    for is_2 in [false, true] {
        let site = Site::start(is_2, false);
        let publisher = site.client();
        let _ = publisher.run(["init", "a/b", "-p"]).success();
        let made = publisher.run(["key", "generate", "ecdsa", "--role", "delegation"]).success();
        let id = made.trim_end().rsplit(' ').next().unwrap();
        let file = publisher.write("file", "content").display().to_string();
        let _ =
            publisher.run(["delegation", "add", "a/b", "targets/d0", id, "--all-paths"]).success();
        let _ = publisher.run(["add", "a/b", "name", &file, "-r", "targets/d0"]).success();
        // The others are like the first, and staged without running the program a hundred times.
        let staged = publisher.collection_dir("a/b").join("changelist");
        for (path, change) in snapshot_of(&staged) {
            for number in 1..DELEGATIONS {
                let change = String::from_utf8(change.clone()).unwrap();
                let role = format!("targets/d{number}");
                let copy = format!("{}-{number}.change", path.with_extension("").display());
                fs::write(staged.join(copy), change.replace("targets/d0", &role)).unwrap();
            }
        }
        site.expects(&publisher, &["publish", "a/b"], &[ROOT, TIMESTAMP, UPLOAD, TIMESTAMP]);

        let reader = site.client();
        let (requests, connections) = site.asks(&reader, &["list", "a/b"]);
        assert_eq!(requests[..4], [ROOT, TIMESTAMP, SNAPSHOT, TARGETS]);
        let delegations: BTreeSet<_> = requests[4..].iter().cloned().collect();
        assert_eq!((delegations.len(), requests.len()), (DELEGATIONS, 4 + DELEGATIONS));
        // Over HTTP/1.1 each request that is under way needs one of its own.
        assert!(connections <= if is_2 { 1 } else { 8 }, "{connections}");
        site.expects(&reader, &["list", "a/b"], &[TIMESTAMP]);
    }
}
