//! Other programs with our backups: `age` and `tar`, and Go with what they unpack.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Site;
use crate::support::{GoClient, assert_same_files, snapshot_of};

const AGE: &str = "/usr/bin/age";

/// Runs a line in a shell, in the working directory.
fn shell(site: &Site, line: &str) {
    assert!(
        Path::new(AGE).exists(),
        "{AGE} is missing; `make test` installs it (Debian package `age`)"
    );
    let mut command = Command::new("bash");
    command.args(["-euo", "pipefail", "-c", line]).current_dir(site.notary.work());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn backups_are_unpacked_by_hand_into_keys_that_work() {
    let site = Site::with_keys_of("02-published/trust");
    let files = site.files();
    let _ = site.backup(&[]).success();
    fs::create_dir(site.notary.work().join("trust")).unwrap();
    shell(&site, "age -d -i identity keys.age | tar -x -C trust");
    let unpacked = site.notary.work().join("trust");
    assert_same_files(&snapshot_of(&unpacked.join("private")), &files, "unpacked by hand");
    let listed = GoClient::sharing("http://127.0.0.1:9", &unpacked).run(["key", "list"]);
    for path in files.keys() {
        let id = path.file_stem().unwrap().to_str().unwrap();
        assert!(listed.contains(id), "{listed}");
    }
}

#[test]
fn what_age_has_encrypted_again_is_restored() {
    let site = Site::with_keys_of("02-published/trust");
    let _ = site.backup(&[]).success();
    let recipient = site.identity.to_public();
    shell(
        &site,
        &format!(
            "age -d -i identity keys.age | age -r {recipient} -o new.age; mv new.age keys.age"
        ),
    );
    let other = site.moved();
    let _ = other.restore(&[]).success();
    assert_same_files(&other.files(), &site.files(), "restored");
    // GNU tar writes other headers.
    shell(
        &site,
        &format!(
            "mkdir t; age -d -i identity keys.age | tar -x -C t; \
             tar -c -C t manifest.json $(cd t; echo private/*) | age -r {recipient} > keys.age"
        ),
    );
    let other = site.moved();
    let _ = other.restore(&[]).success();
    assert_same_files(&other.files(), &site.files(), "restored");
}
