//! A directory instead of a server.

use std::os::unix::fs::PermissionsExt as _;

use url::Url;

use crate::support::{Sandbox, copy_dir, snapshot_of};

const GUN: &str = "example.com/embedded";

#[test]
fn asking_makes_nothing() {
    let notary = Sandbox::new();
    let directory = notary.work().join("server");
    let url = Url::from_file_path(&directory).unwrap().to_string();
    for server in [&["-s", &url][..], &[]] {
        for words in [&["list", GUN][..], &["lookup", GUN, "v1"], &["verify", GUN, "v1"]] {
            let _ = notary.run([server, words].concat()).failure(4, &[]);
        }
    }
    assert!(!directory.exists());
    assert!(!notary.trust_dir().join("server").exists());
}

#[test]
fn what_is_in_the_directory_is_for_its_owner() {
    let notary = Sandbox::new();
    let _ = notary.run(["init", GUN, "-p"]).success();
    let directory = notary.trust_dir().join("server");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&directory) & 0o777, 0o700);
    let files = snapshot_of(&directory);
    // Nothing but the database is left when nobody uses it.
    assert_eq!(files.keys().map(|name| name.to_str().unwrap()).collect::<Vec<_>>(), ["notary.db"]);
    assert_eq!(mode(&directory.join("notary.db")) & 0o777, 0o600);
    let reader = Sandbox::new();
    let url = Url::from_file_path(&directory).unwrap().to_string();
    let _ = reader.run(["-s", &url, "list", GUN]).success();
    assert_eq!(snapshot_of(&directory).keys().count(), 1);
}

#[test]
fn a_damaged_database_is_named() {
    let notary = Sandbox::new();
    let _ = notary.run(["init", GUN, "-p"]).success();
    let path = notary.trust_dir().join("server/notary.db");
    let whole = std::fs::read(&path).unwrap();
    let mut garbled = whole.clone();
    garbled[4096..].fill(0xff);
    for damaged in [b"garbage".repeat(1000), garbled, whole[..whole.len() / 2].to_vec()] {
        std::fs::write(&path, &damaged).unwrap();
        // Somebody who has nothing in the cache.
        let reader = Sandbox::new();
        let url = Url::from_file_path(path.parent().unwrap()).unwrap().to_string();
        let _ = reader.run(["-s", &url, "list", GUN]).failure(1, &[path.to_str().unwrap()]);
        assert_eq!(std::fs::read(&path).unwrap(), damaged);
    }
    std::fs::write(&path, &whole).unwrap();
    let _ = notary.run(["list", GUN]).success();
}

#[test]
fn a_place_where_nothing_can_be_written_is_named() {
    let notary = Sandbox::new();
    let file = notary.write("file", "content");
    let below = file.join("server");
    let url = Url::from_file_path(&below).unwrap().to_string();
    let _ = notary.run(["-s", &url, "init", GUN, "-p"]).failure(1, &[below.to_str().unwrap()]);
}

#[test]
fn processes_that_publish_at_once_all_succeed() {
    // Each can lose at most once to each other one, and tries twelve times.
    const PUBLISHERS: usize = 8;
    let directory = tempfile::tempdir().unwrap();
    let url = Url::from_file_path(directory.path()).unwrap().to_string();
    let owner = Sandbox::with_server(&url);
    let _ = owner.run(["init", GUN, "-p"]).success();
    let publishers: Vec<Sandbox> = (0..PUBLISHERS)
        .map(|_| {
            let publisher = Sandbox::with_server(&url);
            copy_dir(&owner.trust_dir(), &publisher.trust_dir());
            publisher.write("file", "content");
            publisher
        })
        .collect();
    let processes: Vec<_> = publishers
        .iter()
        .enumerate()
        .map(|(number, publisher)| {
            let name = format!("v{number}");
            let mut command = publisher.process(["add", GUN, &name, "file", "-p"]);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", output.status);
    }
    let listed = Sandbox::with_server(&url).run(["list", GUN]).success();
    for number in 0..PUBLISHERS {
        assert!(listed.contains(&format!("v{number} ")), "{listed}");
    }
}
