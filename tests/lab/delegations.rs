//! The lab with several people: an owner, two delegates who have nothing but their own keys, and
//! readers; each with this program or with the Go client, on all kinds of servers.

use std::path::Path;
use std::process::Command;

use super::{GUN, Server};
use crate::support::{GoClient, NotaryServer, OwnServer, Sandbox};

const ROLE: &str = "targets/releases";

/// Somebody with a trust directory and a program.
enum Client {
    Go(GoClient),
    Ours(Sandbox),
}

/// Which program somebody uses.
#[derive(Clone, Copy, Debug)]
enum Program {
    Go,
    Ours,
}

impl Program {
    fn on(self, url: &str) -> Client {
        match self {
            Self::Go => Client::Go(GoClient::new(url)),
            Self::Ours => Client::Ours(Sandbox::with_server(url)),
        }
    }
}

/// The words of a line: `G` is the collection, `R` the role, and names of files stand for those in
/// `directory`.
fn words(directory: &Path, line: &str) -> Vec<String> {
    let word = |word: &str| match word {
        "G" => GUN.to_owned(),
        "R" => ROLE.to_owned(),
        _ if directory.join(word).is_file() => directory.join(word).to_str().unwrap().to_owned(),
        _ => word.to_owned(),
    };
    line.split(' ').map(word).collect()
}

impl Client {
    /// Runs a line that must succeed.
    #[track_caller]
    fn run(&self, directory: &Path, line: &str) -> String {
        match self {
            Self::Go(client) => client.run(words(directory, line)),
            Self::Ours(client) => client.run(words(directory, line)).success(),
        }
    }

    /// Runs a line that must fail, and drops what it may have staged.
    #[track_caller]
    fn fails(&self, directory: &Path, line: &str) {
        let failed = match self {
            Self::Go(client) => client.try_run(words(directory, line), b"").0 != 0,
            Self::Ours(client) => client.run(words(directory, line)).code != 0,
        };
        assert!(failed, "{line}");
        self.run(directory, "reset G --all");
    }
}

fn openssl(directory: &Path, line: &str) {
    let run = Command::new("openssl").args(line.split(' ')).current_dir(directory).output();
    let output = run.unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Makes the keys and certificates, as people are told to do it.
fn make_keys(directory: &Path) {
    openssl(directory, "genrsa -out delegation.key 2048");
    openssl(directory, "req -new -sha256 -key delegation.key -out delegation.csr -subj /CN=first");
    openssl(
        directory,
        "x509 -req -sha256 -days 365 -in delegation.csr -signkey delegation.key -out delegation.crt",
    );
    openssl(directory, "ecparam -name prime256v1 -genkey -noout -out second.key");
    openssl(directory, "req -x509 -new -key second.key -days 365 -subj /CN=second -out second.crt");
}

/// The ids in the row of the role, by the list of the delegations.
#[track_caller]
fn key_ids(list: &str) -> Vec<String> {
    let ids = list.split_whitespace().filter(|word| word.len() == 64 && !word.contains('-'));
    ids.map(str::to_owned).collect()
}

/// From the first delegation to the last.
fn live(url: &str, owner: Program, delegate: Program) {
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    make_keys(at);
    std::fs::write(at.join("file1.txt"), "hello v1\n").unwrap();
    std::fs::write(at.join("file2.txt"), "hello v2 longer\n").unwrap();
    let [owner, first, second] = [owner, delegate, delegate].map(|program| program.on(url));
    let readers = [Program::Go, Program::Ours].map(|program| program.on(url));
    // What the owner and all readers see, who know the collection from before, and those who do not.
    let seen = |expected: &str| {
        let list = readers[0].run(at, "list G");
        let rows = list.lines().skip(2).filter_map(|row| row.split_whitespace().next());
        let names: Vec<_> = rows.collect();
        assert_eq!(names.join(" "), expected, "{list}");
        for client in [&readers[1], &owner, &Program::Go.on(url), &Program::Ours.on(url)] {
            assert_eq!(client.run(at, "list G"), list);
        }
        let delegations = readers[0].run(at, "delegation list G");
        for client in [&readers[1], &owner] {
            assert_eq!(client.run(at, "delegation list G"), delegations);
        }
        delegations
    };

    owner.run(at, "init G");
    owner.run(at, "add G v1 file1.txt");
    owner.run(at, "publish G");
    owner.run(at, "key rotate G targets");
    owner.run(at, "key rotate G snapshot -r");
    owner.run(at, "delegation add G R delegation.crt --all-paths");
    owner.run(at, "publish G");
    let row = seen("v1");
    let [first_id] = key_ids(&row).try_into().unwrap();
    assert!(row.contains("targets/releases    \"\" <all paths>    "), "{row}");

    first.run(at, "key import delegation.key --role user");
    first.run(at, "add G v2 file2.txt -r R");
    first.run(at, "publish G");
    seen("v1 v2");
    let of_role = owner.run(at, "list G -r R");
    assert!(of_role.contains("\nv2 ") && !of_role.contains("\nv1 "), "{of_role}");
    first.fails(at, "add G v3 file1.txt -r targets -p");

    // A second key; each of the two suffices.
    owner.run(at, "delegation add G R second.crt -p");
    let ids = key_ids(&seen("v1 v2"));
    assert_eq!((ids.len(), &ids[0]), (2, &first_id));
    second.run(at, "key import second.key --role user");
    second.run(at, "add G v3 file1.txt -r R -p");
    seen("v1 v2 v3");
    second.run(at, "remove G v2 -r R -p");
    first.run(at, "witness G R -p");
    seen("v1 v3");

    // Nobody has signed with the key that is left, until its holder does.
    owner.run(at, &format!("delegation purge G --key {first_id} -p"));
    assert_eq!(key_ids(&seen("v1")), ids[1..]);
    if let Client::Ours(reader) = &readers[1] {
        let listed = reader.run(["list", GUN]);
        let words = "the targets of targets/releases are not shown";
        assert!(listed.stderr.contains(words), "{}", listed.report());
        let _ = listed.success();
    }
    first.fails(at, "add G v4 file1.txt -r R -p");
    second.run(at, "witness G R");
    second.run(at, "publish G");
    seen("v1 v3");

    // Paths count for everybody.
    owner.run(at, "delegation remove G R --all-paths");
    owner.run(at, "delegation add G R --paths w/ -p");
    assert!(seen("v1").contains("targets/releases    w/ "));
    second.fails(at, "add G v4 file1.txt -r R -p");
    second.run(at, "add G w/4 file1.txt -r R -p");
    seen("v1 w/4");

    owner.run(at, &format!("delegation remove G R {} -p", ids[1]));
    second.fails(at, "add G w/5 file1.txt -r R -p");
    seen("v1");
    owner.run(at, "delegation remove G R -y");
    owner.run(at, "publish G");
    assert_eq!(seen("v1"), "\n\nNo delegations present in this repository.\n\n\n");
    for delegate in [&first, &second] {
        delegate.fails(at, "add G w/6 file1.txt -r R -p");
    }
    owner.run(at, "add G v4 file1.txt -p");
    seen("v1 v4");
}

#[test]
fn our_program_alone_delegates_on_a_go_server() {
    live(&NotaryServer::start().url, Program::Ours, Program::Ours);
}

#[test]
fn our_program_alone_delegates_on_our_server() {
    live(&OwnServer::start().url, Program::Ours, Program::Ours);
}

#[test]
fn our_delegates_work_for_an_owner_with_the_go_client() {
    live(&NotaryServer::start().url, Program::Go, Program::Ours);
}

#[test]
fn delegates_with_the_go_client_work_for_us() {
    live(&NotaryServer::start().url, Program::Ours, Program::Go);
}

#[test]
fn delegates_with_the_go_client_work_for_us_on_our_server() {
    live(&OwnServer::start().url, Program::Ours, Program::Go);
}

/// What the owner of a collection and a delegate do, as both programs print it.
const LINES: &[&str] = &[
    "init G",
    "add G v1 file1.txt",
    "delegation add G targets/releases delegation.crt --all-paths",
    "delegation add G targets/releases second.crt --paths a/,b/",
    "delegation add G targets/qa second.pub --paths qa/,docs/",
    "status G",
    "publish G",
    "delegation list G",
    "key import second.key --role user",
    "add G qa/1 file1.txt -r targets/qa -p",
    "delegation add G targets/qa/sub delegation.crt --paths qa/sub/ -p",
    "delegation list G",
    "list G",
    "list G -r targets/qa",
    "witness G targets targets/qa",
    "publish G",
    "delegation remove G targets/qa --paths docs/ -p",
    "delegation remove G targets/releases --all-paths -p",
    "delegation list G",
    "delegation purge G --key SECOND -p",
    "delegation list G",
    "list G",
    "delegation add G targets/qa second.crt -p",
    "witness G targets/qa -p",
    "list G",
    "delegation remove G targets/releases FIRST -p",
    "delegation list G",
];

#[test]
fn both_programs_print_the_same_about_delegations() {
    for server in Server::all() {
        let home = tempfile::tempdir().unwrap();
        let at = home.path();
        make_keys(at);
        openssl(at, "ec -in second.key -pubout -out second.pub");
        std::fs::write(at.join("file1.txt"), "hello v1\n").unwrap();
        let go_server = NotaryServer::start();
        let (go, ours) = (Program::Go.on(&go_server.url), Program::Ours.on(&server.url()));
        let mut ids = Vec::new();
        for line in LINES {
            let line = match line.contains("FIRST") || line.contains("SECOND") {
                true => {
                    let ids: &[String] = &ids;
                    line.replace("FIRST", &ids[0]).replace("SECOND", &ids[1])
                }
                false => (*line).to_owned(),
            };
            let said = go.run(at, &line);
            assert_eq!(ours.run(at, &line), said, "{line}");
            if ids.is_empty() && line == "delegation list G" {
                ids = key_ids(&said)[1..].to_vec();
            }
        }
        assert_eq!(ids.len(), 2);
    }
}
