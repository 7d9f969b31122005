//! Rotations that are interrupted: at every change of the disk, by a full disk, by a server that
//! goes away or refuses. Afterwards everything can be published that could be before, and the same
//! command finishes the job.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::keys;
use crate::support::{GoClient, HttpServer, OwnServer, Response, Sandbox, binary, pass_on, served};

const STRACE: &str = "/usr/bin/strace";

/// What changes the names on a disk. Between two of these calls only files change that have no name
/// yet, or a temporary one.
const CHANGES: &str = "link,linkat,mkdir,rename,renameat,renameat2,rmdir,unlink,unlinkat";
/// What fails on a full disk.
const WRITES: &str = "fdatasync,fsync,link,linkat,mkdir,rename,renameat,renameat2";

/// A rotation, and what has to be done before so that it is one.
struct Case {
    args: &'static [&'static str],
    before: &'static [&'static str],
    /// The keys that are on this machine afterwards, and in the archive.
    keys: (usize, usize),
}

const TARGETS: Case = Case { args: &["targets"], before: &[], keys: (3, 1) };
const SNAPSHOT: Case = Case { args: &["snapshot"], before: &["snapshot", "-r"], keys: (3, 0) };
const TO_SERVER: Case = Case { args: &["snapshot", "-r"], before: &[], keys: (2, 1) };
const TIMESTAMP: Case = Case { args: &["timestamp", "-r"], before: &[], keys: (3, 0) };
const ROOT: Case = Case { args: &["root", "-y"], before: &[], keys: (3, 1) };

impl Case {
    /// Whether doing it twice archives the key of the first time.
    fn makes_a_key(&self) -> bool {
        !self.args.contains(&"-r")
    }
}

/// A publisher of one collection, made by the Go client, whose keys are opened faster.
struct Publisher {
    ours: Sandbox,
    gun: String,
    url: String,
    /// The version of the root before the rotation.
    version: u64,
}

impl Publisher {
    fn new(url: &str, gun: String, case: &Case) -> Self {
        let ours = Sandbox::with_server(url);
        ours.write("file", "content");
        let go = GoClient::sharing(url, &ours.trust_dir());
        go.run(["init", "-p", &gun]);
        if !case.before.is_empty() {
            go.run(["key", "rotate", &gun].iter().chain(case.before));
        }
        let mut publisher = Self { ours, gun, url: url.to_owned(), version: 0 };
        publisher.version = publisher.root_version();
        publisher
    }

    fn root_version(&self) -> u64 {
        let root = served(&self.url, &self.gun, "root.json").unwrap();
        let root: serde_json::Value = serde_json::from_slice(&root).unwrap();
        root["signed"]["version"].as_u64().unwrap()
    }

    fn command(&self, case: &Case) -> Vec<String> {
        let words = ["key", "rotate", &self.gun].into_iter().chain(case.args.iter().copied());
        words.map(str::to_owned).collect()
    }

    /// Runs the rotation with system calls that do not do what they should.
    fn traced(&self, case: &Case, options: &[&str]) -> Output {
        assert!(
            Path::new(STRACE).exists(),
            "{STRACE} is missing; `make test` installs it (Debian package `strace`)"
        );
        let plain = self.ours.process(self.command(case));
        let mut command = Command::new(STRACE);
        command.args(["-f", "-qq"]).args(options).arg("--").arg(binary()).args(plain.get_args());
        command.env_clear().current_dir(self.ours.work());
        for (name, value) in plain.get_envs() {
            command.env(name, value.unwrap());
        }
        command.stdin(Stdio::null()).output().unwrap()
    }

    /// The calls of each kind that the rotation makes when nothing is wrong.
    fn calls(&self, case: &Case, kinds: &str) -> BTreeMap<String, usize> {
        let log = self.ours.work().join("calls");
        let log = log.to_str().unwrap();
        let output = self.traced(case, &["-o", log, "-e", &format!("trace={kinds}")]);
        assert!(output.status.success(), "{}", said(&output));
        let mut calls = BTreeMap::new();
        for line in std::fs::read_to_string(log).unwrap().lines() {
            // A process id and the call.
            let call = line.split_once(' ').unwrap().1.trim_start();
            if let Some((name, _)) = call.split_once('(')
                && kinds.split(',').any(|kind| kind == name)
            {
                *calls.entry(name.to_owned()).or_default() += 1;
            }
        }
        assert!(!calls.is_empty());
        calls
    }

    /// Whatever happened: the collection can be published, the rotation can be finished, and then
    /// exactly the keys are here that there should be.
    #[track_caller]
    fn goes_on(&self, case: &Case, succeeded: bool, what: &str) {
        let Self { ours, gun, .. } = self;
        let pending = ours.collection_dir(gun).join(format!("rotation-{}.json", case.args[0]));
        // Whoever was told of success, or has nothing left to finish, rotates once more.
        let is_done = self.root_version() > self.version && (succeeded || !pending.exists());
        let published = ours.run(["add", "-p", gun, "between", "file"]);
        assert_eq!(published.code, 0, "{what}\n{}", published.report());
        let finished = ours.run(self.command(case));
        assert_eq!(finished.code, 0, "{what}\n{}", finished.report());
        let (used, archived) = keys(ours);
        let more = usize::from(is_done && case.makes_a_key());
        let expected = (case.keys.0, case.keys.1 + more);
        assert_eq!((used.len(), archived.len()), expected, "{what}\n{}", finished.report());
        let published = ours.run(["add", "-p", gun, "after", "file"]);
        assert_eq!(published.code, 0, "{what}\n{}", published.report());
        assert!(!pending.exists(), "{what}");
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Makes each call of some kinds go wrong in turn.
fn at_each_call(name: &str, case: &Case, kinds: &str, fault: &str, killed: bool) {
    let server = OwnServer::start();
    let publisher = |number: usize| {
        Publisher::new(&server.url, format!("faults.example.com/{name}/{number}"), case)
    };
    let calls = publisher(0).calls(case, kinds);
    let points = calls.iter().flat_map(|(call, times)| (1..=*times).map(move |n| (call, n)));
    for (number, (call, time)) in points.enumerate() {
        let publisher = publisher(number + 1);
        let inject = format!("inject={call}:{fault}:when={time}");
        let trace = format!("trace={call}");
        let output = publisher.traced(case, &["-o", "/dev/null", "-e", &trace, "-e", &inject]);
        let what = format!("{name}: {call} {time}: {:?}\n{}", output.status, said(&output));
        if killed {
            // A process that was killed has no exit code.
            assert_ne!(output.status.code(), Some(0), "{what}");
        } else {
            assert!(output.status.code().is_some_and(|code| code < 10), "{what}");
        }
        publisher.goes_on(case, output.status.success(), &what);
    }
}

macro_rules! interrupted {
    ($($name:ident: $case:expr;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn killed_at_every_change_of_the_disk() {
                at_each_call(stringify!($name), &$case, CHANGES, "signal=SIGKILL", true);
            }

            #[test]
            fn on_a_full_disk() {
                at_each_call(stringify!($name), &$case, WRITES, "error=ENOSPC", false);
            }

            #[test]
            fn while_the_server_goes_away() {
                at_each_request(stringify!($name), &$case);
            }
        }
    )*};
}

interrupted! {
    root: ROOT;
    snapshot: SNAPSHOT;
    targets: TARGETS;
    timestamp_to_server: TIMESTAMP;
    to_server: TO_SERVER;
}

/// How a server goes away.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// It does what it is asked, and nobody learns of it.
    Silent,
    /// It is gone before.
    Gone,
    /// It refuses what is to be changed.
    Refuses,
}

/// Lets the server go away at each request in turn.
fn at_each_request(name: &str, case: &Case) {
    let server = OwnServer::start();
    for fault in [Fault::Silent, Fault::Gone, Fault::Refuses] {
        for last in 0.. {
            let gun = format!("faults.example.com/{name}/{fault:?}/{last}").to_lowercase();
            let publisher = Publisher::new(&server.url, gun, case);
            let url = server.url.clone();
            let count = AtomicUsize::new(0);
            let front = HttpServer::start(move |request| {
                let number = count.fetch_add(1, Ordering::SeqCst);
                match fault {
                    _ if number < last => pass_on(&url, request),
                    Fault::Silent if number == last => {
                        let _ = pass_on(&url, request);
                        Response::Raw(Vec::new())
                    }
                    Fault::Silent | Fault::Gone => Response::Raw(Vec::new()),
                    Fault::Refuses if request.method == "GET" => pass_on(&url, request),
                    Fault::Refuses => Response::status(500, "no"),
                }
            });
            let mut options = vec!["-s".to_owned(), front.url.clone()];
            options.extend(publisher.command(case));
            let outcome = publisher.ours.run(options);
            let what = format!("{name}: {fault:?} {last}\n{}", outcome.report());
            let is_over = front.requests().len() <= last;
            publisher.goes_on(case, outcome.code == 0, &what);
            if is_over {
                assert_eq!(outcome.code, 0, "{what}");
                break;
            }
        }
    }
}
