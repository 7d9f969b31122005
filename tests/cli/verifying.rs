//! `verify`: where the payload comes from and where it goes.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;

use super::GUN;
use crate::support::{NotaryServer, Sandbox};

const CONTENT: &[u8] = b"con\0tent\xff\n";

fn publisher(server: &NotaryServer) -> Sandbox {
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", CONTENT);
    notary.write("other", "something else");
    let _ = notary.run(["init", GUN]).success();
    let _ = notary.run(["add", GUN, "file", "file", "-p"]).success();
    notary
}

#[test]
fn the_payload_goes_where_it_is_wanted() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let out = notary.work().join("out");
    let cases: [(&[&str], bool, bool); 9] = [
        (&["-i", "file"], true, false),
        (&["--input", "file"], true, false),
        (&[], true, false),
        (&["-o", "out"], false, true),
        (&["--output=out", "-ifile"], false, true),
        (&["-q"], false, false),
        (&["-q", "-o", "out", "-i", "file"], false, false),
        (&["--roles", "targets"], true, false),
        (&["-r", "targets", "-o", "./json"], false, false),
    ];
    for (options, on_stdout, in_file) in cases {
        let args = [&["verify", GUN, "file"], options].concat();
        let outcome = notary.run_with_input(&args, CONTENT);
        assert_eq!(outcome.code, 0, "{}", outcome.report());
        assert_eq!(outcome.raw_stdout, if on_stdout { CONTENT } else { b"" }, "{options:?}");
        assert_eq!(fs::read(&out).ok().as_deref(), in_file.then_some(CONTENT), "{options:?}");
        let _ = fs::remove_file(&out);
    }
    assert_eq!(fs::read(notary.work().join("json")).unwrap(), CONTENT);
}

#[test]
fn a_wrong_payload_goes_nowhere() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let out = notary.write("out", "as it was");
    for options in [&[][..], &["-q"], &["-o", "out"], &["--json"], &["-o", "json"]] {
        let args = [&["verify", GUN, "file", "-i", "other"], options].concat();
        let words = [
            "error: the payload is not \"file\" as it was signed",
            "  caused by: targets signed 10 bytes, sha256 ",
            "  caused by: the payload has 14 bytes, sha256 ",
        ];
        let _ = notary.refuses(args, 3, &words);
        assert_eq!(fs::read(&out).unwrap(), b"as it was");
    }
    // Neither a beginning nor an end of it.
    for input in [b"".as_slice(), b"con", b"con\0tent\xff\n\n", b"con\0tent\xff\r\n"] {
        let outcome = notary.run_with_input(["verify", GUN, "file"], input);
        assert_eq!(outcome.raw_stdout, b"", "{input:?}");
        let _ = outcome.failure(3, &["is not \"file\" as it was signed"]);
    }
}

#[test]
fn what_cannot_be_read_costs_no_request() {
    let notary = Sandbox::with_server("http://127.0.0.1:1");
    fs::create_dir(notary.work().join("directory")).unwrap();
    mkfifo(&notary, "pipe");
    for (input, why) in [
        ("missing", "there is no such file"),
        ("directory", "it is a directory"),
        ("pipe", "it is not a regular file"),
        ("/dev/zero", "it is not a regular file"),
    ] {
        let path = notary.work().join(input);
        let words = format!("cannot read `{}`: {why}", path.display());
        let _ = notary.refuses(["verify", GUN, "file", "-i", input], 1, &[&words]);
    }
}

fn mkfifo(notary: &Sandbox, name: &str) {
    let made = Command::new("mkfifo").arg(notary.work().join(name)).status().unwrap();
    assert!(made.success());
}

#[test]
fn an_existing_file_is_replaced_and_a_new_one_is_private() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let run = || {
        let _ = notary.run(["verify", GUN, "file", "-i", "file", "-o", "out"]).success();
        let out = notary.work().join("out");
        assert_eq!(fs::read(&out).unwrap(), CONTENT);
        fs::metadata(&out).unwrap().permissions().mode() & 0o777
    };
    assert_eq!(run(), 0o600);
    notary.write("out", "much longer than the payload that is to come");
    run();
    // The file behind a link is replaced, and the link stays.
    notary.write("real", "old");
    fs::remove_file(notary.work().join("out")).unwrap();
    symlink("real", notary.work().join("out")).unwrap();
    run();
    assert!(notary.work().join("out").is_symlink());
    assert_eq!(fs::read(notary.work().join("real")).unwrap(), CONTENT);
}

#[test]
fn pipes_and_devices_are_written_into_and_never_replaced() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    mkfifo(&notary, "pipe");
    let pipe = notary.work().join("pipe");
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::read(pipe).unwrap())
    };
    let _ = notary.run(["verify", GUN, "file", "-i", "file", "-o", "pipe"]).success();
    assert_eq!(reader.join().unwrap(), CONTENT);
    assert!(!fs::metadata(&pipe).unwrap().is_file());

    symlink("/dev/full", notary.work().join("device")).unwrap();
    let device = notary.work().join("device");
    let cannot = format!("cannot write `{}`", device.display());
    let words = [cannot.as_str(), "caused by: No space left on device"];
    let _ = notary.refuses(["verify", GUN, "file", "-i", "file", "-o", "device"], 1, &words);
    assert!(device.is_symlink());
}

#[test]
fn a_place_that_is_not_there_is_not_made() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let out = notary.work().join("no/such/out");
    let words = [format!("cannot write `{}`", out.display()), "No such file or directory".into()];
    let words = words.each_ref().map(String::as_str);
    let args = ["verify", GUN, "file", "-i", "file", "-o", "no/such/out"];
    let _ = notary.refuses(args, 1, &words);
    assert!(!notary.work().join("no").exists());
    fs::create_dir(notary.work().join("directory")).unwrap();
    let args = ["verify", GUN, "file", "-i", "file", "-o", "directory"];
    let _ = notary.refuses(args, 1, &["cannot write `", "Is a directory"]);
}

#[test]
fn a_report_can_be_had_instead_of_the_payload() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    for options in
        [&["--json"][..], &["-o", "json"], &["--output", "json"], &["--json", "-o", "out"]]
    {
        let args = [&["verify", GUN, "file", "-i", "file"], options].concat();
        let report = notary.run(args).json();
        assert_eq!(report["verified"], true, "{options:?}");
        assert_eq!(report["target"]["name"], "file", "{options:?}");
        assert!(!notary.work().join("json").exists());
    }
    assert_eq!(fs::read(notary.work().join("out")).unwrap(), CONTENT);
}

/// Larger than what waits in memory.
#[test]
fn large_payloads_are_held_back_as_well() {
    let server = NotaryServer::start();
    let notary = publisher(&server);
    let large = vec![b'x'; 6 << 20];
    notary.write("large", &large);
    let _ = notary.run(["add", GUN, "large", "large", "-p"]).success();
    let outcome = notary.run_with_input(["verify", GUN, "large"], &large);
    assert!(outcome.code == 0 && outcome.raw_stdout == large);
    let mut spoilt = large;
    *spoilt.last_mut().unwrap() = b'y';
    let outcome = notary.run_with_input(["verify", GUN, "large"], &spoilt);
    assert_eq!(outcome.raw_stdout, b"");
    let _ = outcome.failure(3, &["is not \"large\" as it was signed"]);
}
