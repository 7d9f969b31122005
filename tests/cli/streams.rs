//! Where output goes, and what becomes of a command when it cannot go there.

use std::fs::OpenOptions;
use std::io::Read as _;
use std::process::{Command, Output, Stdio};

use super::GUN;
use crate::support::{NotaryServer, Sandbox};

/// Runs a process whose stdout is a pipe that nobody reads.
fn without_reader(mut command: Command) -> Output {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    command.stdout(writer).stderr(Stdio::piped()).output().unwrap()
}

/// Runs a process whose stdout is on a disk that is full.
fn on_a_full_disk(mut command: Command) -> (Option<i32>, String) {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command.stdout(full).stderr(Stdio::piped()).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// A publisher with a published collection and one more staged change.
fn publisher(server: &NotaryServer) -> Sandbox {
    let notary = Sandbox::with_server(&server.url);
    notary.write("one", "1");
    notary.write("two", "2");
    let _ = notary.run(["init", GUN]).success();
    let _ = notary.run(["add", GUN, "one", "one", "-p"]).success();
    let _ = notary.run(["add", GUN, "two", "two"]).success();
    notary
}

const PRINTING: [&[&str]; 12] = [
    &["--help"],
    &["--version"],
    &["add", "--help"],
    &["completion", "bash"],
    &["key", "list"],
    &["key", "list", "--json"],
    &["list", GUN],
    &["list", GUN, "--json"],
    &["lookup", GUN, "one"],
    &["status", GUN],
    &["verify", GUN, "one", "-i", "one"],
    &["version"],
];

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    for args in PRINTING {
        let output = without_reader(notary.process(args));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}\n{stderr}");
        assert_eq!(stderr, "", "{args:?}");
    }
}

#[test]
fn a_command_does_its_work_although_nobody_reads_what_it_says() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let targets = || {
        let json = notary.run(["list", GUN, "--json"]).json();
        json["targets"].as_array().unwrap().len()
    };
    let output = without_reader(notary.process(["publish", GUN]));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(targets(), 2);
    let output = without_reader(notary.process(["remove", GUN, "two", "-p"]));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(targets(), 1);
    let output = without_reader(notary.process(["delete", GUN, "--remote", "--yes"]));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let _ = notary.run(["list", GUN]).failure(4, &["does not have"]);
}

#[test]
fn a_full_disk_is_a_failure_that_is_told() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let more: [&[&str]; 3] = [
        &["publish", GUN],
        &["publish", GUN, "--json"],
        &["verify", GUN, "one", "--json", "-i", "one"],
    ];
    for args in PRINTING.iter().chain(&more) {
        let (code, stderr) = on_a_full_disk(notary.process(*args));
        assert_eq!(code, Some(1), "{args:?}\n{stderr}");
        let block =
            "error: cannot write to stdout\n  caused by: No space left on device (os error 28)\n";
        assert!(stderr.ends_with(block), "{args:?}\n{stderr}");
    }
}

#[test]
fn messages_that_nobody_reads_are_no_failure() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    for args in [&["publish", GUN][..], &["list", GUN, "extra"], &["status", GUN]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let status = notary.process(args).stdout(Stdio::null()).stderr(writer).status().unwrap();
        assert_eq!(status.code(), Some(0), "{args:?}");
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let status = notary.process(args).stdout(Stdio::null()).stderr(full).status().unwrap();
        assert_eq!(status.code(), Some(0), "{args:?}");
    }
}

#[test]
fn the_first_lines_of_a_long_list_can_be_had() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    for index in 0..200 {
        notary.write(&format!("many/{index}"), "content");
    }
    let prefix = "long/".repeat(100);
    let args = ["add", GUN, "--recursive", "many", "--prefix", &prefix, "-p"];
    let _ = notary.run(args).success();
    let mut process = notary
        .process(["list", GUN])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 16];
    process.stdout.take().unwrap().read_exact(&mut first).unwrap();
    assert!(first.starts_with(b"NAME  "));
    let output = process.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

/// Data on stdout, everything else on stderr: what `2>/dev/null` leaves is what scripts use.
#[test]
fn notes_and_warnings_never_mix_with_data() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let listed = notary.run(["list", GUN]);
    let (stdout, stderr) = (listed.stdout.clone(), listed.stderr.clone());
    assert_eq!(stderr, "");
    for extra in [&["extra"][..], &["--offline"], &["-v"], &["-D"]] {
        let outcome = notary.run([&["list", GUN], extra].concat());
        assert_eq!(outcome.stdout, stdout, "{extra:?}");
    }
    let warned = notary.run(["list", GUN, "extra", "more"]);
    assert_eq!(
        warned.stderr,
        "warning: ignoring the extra argument `extra`\nwarning: ignoring the extra argument `more`\n"
    );
    let quiet = notary.run(["list", GUN, "extra", "--quiet"]);
    assert_eq!(quiet.stderr, "warning: ignoring the extra argument `extra`\n");
}

#[test]
fn verbose_and_debug_tell_about_requests_on_stderr() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let run = |options: &[&str]| {
        let args = [&["lookup", GUN, "one"], options].concat();
        let output = notary.process(args).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stdout.starts_with(b"one sha256:"));
        String::from_utf8(output.stderr).unwrap()
    };
    for options in [&[][..], &["-v"], &["--verbose"]] {
        assert_eq!(run(options), "", "{options:?}");
    }
    for options in [&["-D"][..], &["--debug"], &["-D", "-v"]] {
        let stderr = run(options);
        assert!(stderr.contains("DEBUG request url="), "{options:?}\n{stderr}");
        assert!(stderr.contains("timestamp.json status=200"), "{options:?}\n{stderr}");
    }
}
