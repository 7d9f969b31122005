//! The main job, from the first `init` to the last `delete`, on a Notary server of the Go project,
//! on our own, and in a directory that is used like one.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::support::{GoClient, NotaryServer, OwnServer, Sandbox, binary};

mod crash;
mod delegations;
mod docker;
mod go_client;

const GUN: &str = "lab.example.com/app";

/// The kinds of servers that the main job is done on.
enum Server {
    Directory(tempfile::TempDir),
    Go(NotaryServer),
    Own(OwnServer),
}

impl Server {
    /// One of each kind, without collections.
    fn all() -> [Self; 3] {
        let directory = tempfile::tempdir().unwrap();
        [Self::Go(NotaryServer::start()), Self::Own(OwnServer::start()), Self::Directory(directory)]
    }

    fn url(&self) -> String {
        match self {
            Self::Directory(directory) => format!("file://{}", directory.path().display()),
            Self::Go(server) => server.url.clone(),
            Self::Own(server) => server.url.clone(),
        }
    }
}

#[test]
fn a_collection_lives_and_dies() {
    for server in Server::all() {
        live_and_die(&Sandbox::with_server(&server.url()));
    }
}

fn live_and_die(notary: &Sandbox) {
    let file = notary.write("file1.txt", "version 1\n");
    let file = file.to_str().unwrap();

    assert_eq!(notary.run(["init", GUN]).success(), "");
    let added = notary.run(["add", GUN, "v1", file]).success();
    assert_eq!(
        added,
        format!("Addition of target \"v1\" to repository \"{GUN}\" staged for next publish.\n")
    );
    assert_eq!(
        notary.run(["status", GUN]).success(),
        format!(
            "Unpublished changes for {GUN}:\n\n\
             #    ACTION    SCOPE      TYPE      PATH\n\
             -    ------    -----      ----      ----\n\
             0    create    targets    target    v1\n"
        )
    );
    assert_eq!(
        notary.run(["publish", GUN]).success(),
        format!("Pushing changes to {GUN}\nSuccessfully published changes for repository {GUN}\n")
    );
    assert_eq!(
        notary.run(["status", GUN]).success(),
        format!("No unpublished changes for {GUN}\n")
    );

    let listed = notary.run(["list", GUN]).success();
    assert!(listed.starts_with("NAME    DIGEST"), "{listed}");
    let lookup = notary.run(["lookup", GUN, "v1"]).success();
    assert!(lookup.starts_with("v1 sha256:") && lookup.ends_with(" 10\n"), "{lookup}");
    let verified = notary.run_with_input(["verify", GUN, "v1"], b"version 1\n");
    assert_eq!(verified.raw_stdout, b"version 1\n");
    assert_eq!(verified.code, 0);
    let refused = notary.run_with_input(["verify", GUN, "v1"], b"version 2\n");
    assert_eq!(refused.stdout, "");
    let _ = refused.failure(3, &["is not \"v1\" as it was signed"]);

    let removed = notary.run(["remove", GUN, "v1", "-p"]).success();
    assert_eq!(
        removed,
        format!(
            "Removal of v1 from {GUN} staged for next publish.\n\
             Auto-publishing changes to {GUN}\n\
             Successfully published changes for repository {GUN}\n"
        )
    );
    let empty = "\nNo targets present in this repository.\n\n";
    assert_eq!(notary.run(["list", GUN]).success(), empty);

    let deleted = notary.run(["delete", GUN]).success();
    assert_eq!(
        deleted,
        format!(
            "Deleting trust data for repository {GUN}\n\
             Successfully deleted local trust data for repository {GUN}\n"
        )
    );
    assert!(!notary.collection_dir(GUN).exists());
    assert_eq!(notary.run(["list", GUN]).success(), empty);

    let declined = notary.run_with_input(["delete", GUN, "--remote"], b"no\n");
    let _ = declined.failure(1, &["cancelled"]);
    let deleted = notary.run_with_input(["delete", GUN, "--remote"], b"yes\n").success();
    assert!(
        deleted
            .ends_with("deleted local and remote trust data for repository lab.example.com/app\n")
    );
    let _ = notary.run(["list", GUN]).failure(4, &["does not have lab.example.com/app"]);
}

/// The flow once more, as lines of a shell; `G` is the collection, and both programs print the
/// same. What we want a yes for gets it.
const LINES: &[(&str, &str)] = &[
    ("init G", ""),
    ("status G", ""),
    ("add G v1 file1.txt", ""),
    ("add G v2 file2.txt", ""),
    ("add G gone file2.txt", ""),
    ("remove G gone", ""),
    ("status G", ""),
    ("publish G", ""),
    ("status G", ""),
    ("list G", ""),
    ("list G -r targets", ""),
    ("list G -r targets/releases", ""),
    ("lookup G v1", ""),
    ("verify G v1", "hello v1\n"),
    ("verify G v1 -i file1.txt", ""),
    ("verify G v1 -q -i file1.txt", ""),
    ("verify G v2 -i file2.txt -o copy.txt", ""),
    (
        "addhash G h1 9 --sha256 586622c26589b6060f50857879c985babdbc1087f1baa735037fffb50c14720a",
        "",
    ),
    ("reset G -n 0", ""),
    ("add G v3 file1.txt -p", ""),
    ("add G v4 file1.txt", ""),
    ("reset G --all", ""),
    ("publish G", ""),
    ("list G", ""),
    ("remove G v1 -p", ""),
    ("remove G v2 -r targets -p", ""),
    ("remove G v3 -p", ""),
    ("list G", ""),
    ("delete G", ""),
    ("list G", ""),
    ("delete G --remote", "yes\n"),
];

#[test]
fn both_programs_print_the_same_for_the_same_flow() {
    for server in Server::all() {
        let go_server = NotaryServer::start();
        print_the_same(&GoClient::new(&go_server.url), &Sandbox::with_server(&server.url()));
    }
}

#[test]
fn the_go_client_prints_the_same_on_our_server() {
    let (own, other) = (OwnServer::start(), OwnServer::start());
    print_the_same(&GoClient::new(&own.url), &Sandbox::with_server(&other.url));
}

fn print_the_same(go: &GoClient, ours: &Sandbox) {
    for (name, content) in [("file1.txt", "hello v1\n"), ("file2.txt", "hello v2 longer\n")] {
        ours.write(name, content);
        std::fs::write(go.directory().join(name), content).unwrap();
    }
    for (line, input) in LINES {
        let words = || line.split(' ').map(|word| if word == "G" { GUN } else { word });
        let expected = go.try_run(words(), input.as_bytes());
        let printed = ours.run_with_input(words(), input.as_bytes());
        assert_eq!(
            (i32::from(printed.code), printed.stdout.clone()),
            expected,
            "{}",
            printed.report()
        );
    }
    let copies = [ours.work(), go.directory().to_owned()]
        .map(|directory| std::fs::read_to_string(directory.join("copy.txt")).unwrap());
    assert_eq!(copies, ["hello v2 longer\n"; 2]);

    // Where something is wrong both say so, each in its own way.
    for (line, code) in [
        ("list G", 4),
        ("lookup G v1", 4),
        ("verify G v1 -i file1.txt", 4),
        ("delete G --unknown", 2),
        ("add G v1 missing.txt", 1),
        ("status", 2),
    ] {
        let words = || line.split(' ').map(|word| if word == "G" { GUN } else { word });
        assert_eq!(go.try_run(words(), b"").0, 1, "{line}");
        let _ = ours.run(words()).failure(code, &[]);
    }
}

#[test]
fn the_program_as_a_process_of_its_own_does_the_same() {
    let server = NotaryServer::start();
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("file1.txt"), "hello v1\n").unwrap();
    let notary = |line: &str, input: &[u8]| {
        let mut command = Command::new(binary());
        command
            .env_clear()
            .env("HOME", home.path())
            .current_dir(home.path())
            .args(["-s", &server.url])
            .args(line.split(' '))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for role in ["ROOT", "TARGETS", "SNAPSHOT"] {
            command.env(format!("NOTARY_{role}_PASSPHRASE"), "passphrase");
        }
        let mut process = command.spawn().unwrap();
        // A program that does not read its input closes the pipe.
        let _ = process.stdin.take().unwrap().write_all(input);
        let output = process.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let success = |line: &str, input: &[u8]| {
        let (code, stdout) = notary(line, input);
        assert_eq!(code, Some(0), "{line}\n{stdout}");
        stdout
    };
    assert_eq!(success("init lab.example.com/app", b""), "");
    success("add lab.example.com/app v1 file1.txt", b"");
    assert_eq!(
        success("publish lab.example.com/app", b""),
        format!("Pushing changes to {GUN}\nSuccessfully published changes for repository {GUN}\n")
    );
    let digest = "586622c26589b6060f50857879c985babdbc1087f1baa735037fffb50c14720a";
    let gap = " ".repeat(58);
    assert_eq!(
        success("list lab.example.com/app", b""),
        format!(
            "NAME    DIGEST{gap}    SIZE (BYTES)    ROLE\n\
             ----    ------{gap}    ------------    ----\n\
             v1      {digest}    9               targets\n"
        )
    );
    assert_eq!(success("lookup lab.example.com/app v1", b""), format!("v1 sha256:{digest} 9\n"));
    assert_eq!(success("verify lab.example.com/app v1", b"hello v1\n"), "hello v1\n");
    assert_eq!(notary("verify lab.example.com/app v1", b"tampered\n"), (Some(3), String::new()));
    assert_eq!(notary("lookup lab.example.com/app nope", b""), (Some(4), String::new()));
    let keys = success("key list", b"");
    let columns: Vec<Vec<&str>> =
        keys.lines().skip(3).map(|line| line.split_whitespace().take(2).collect()).collect();
    assert_eq!(columns[1..], [vec!["snapshot", GUN], vec!["targets", GUN], vec![]], "{keys}");
    assert_eq!(columns[0][0], "root");
    success("delete lab.example.com/app --remote --yes", b"");
    assert_eq!(notary("list lab.example.com/app", b""), (Some(4), String::new()));
}
