//! Bringing keys back without losing any.

use std::fs;

use super::{ROOT, Site};
use crate::support::{GoClient, NotaryServer, Sandbox, assert_same_files};

/// A site with a backup of all its keys.
fn backed_up() -> Site {
    let site = Site::with_keys_of("02-published/trust");
    let _ = site.backup(&[]).success();
    site
}

#[test]
fn what_is_here_is_left_alone_and_the_rest_comes_back() {
    let site = backed_up();
    let files = site.files();
    let file = site.private().join(format!("{ROOT}.key"));
    let inode =
        |path: &std::path::Path| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap());
    let before = inode(&file);
    // As after an interruption.
    for path in files.keys().filter(|path| !path.starts_with(format!("{ROOT}.key"))) {
        fs::remove_file(site.private().join(path)).unwrap();
    }
    let listed = site.restore(&["--list"]).success();
    assert_eq!((listed.matches("   here\n").count(), listed.matches("not here\n").count()), (1, 2));
    let planned = site.restore(&["--dry-run"]).success();
    assert_eq!(planned.matches("would restore ").count(), 2, "{planned}");
    assert_eq!(site.files().len(), 1);
    let restored = site.restore(&[]).success();
    assert!(restored.contains(&format!("root key {ROOT} is here already\n")), "{restored}");
    assert_eq!(restored.matches("restored ").count(), 2, "{restored}");
    assert_same_files(&site.files(), &files, &restored);
    assert_eq!(inode(&file), before);
}

#[test]
fn some_keys_can_be_chosen() {
    let site = backed_up().moved();
    let restored = site.restore(&["--key", &ROOT[..7]]).success();
    assert_eq!(restored, format!("restored root key {ROOT}\n"));
    assert_eq!(site.files().len(), 1);
    let _ = site.restore(&["--key", "0000000"]).failure(4, &["no key 0000000", "--list"]);
    let json = site.restore(&["--list", "--json"]).json();
    let here = json["keys"].as_array().unwrap().iter().filter(|key| key["status"] == "here");
    assert_eq!(here.count(), 1);
}

#[test]
fn a_key_in_another_form_is_a_conflict() {
    let site = backed_up();
    let files = site.files();
    let path = site.private().join(format!("{ROOT}.key"));
    // The same key as another program has encrypted it would look like this.
    let text = fs::read_to_string(&path).unwrap();
    let other = text.replace("role: root", "role: user");
    fs::write(&path, &other).unwrap();
    let targets = files.keys().find(|path| !path.starts_with(format!("{ROOT}.key"))).unwrap();
    fs::remove_file(site.private().join(targets)).unwrap();

    let words =
        ["root key 07693a9 is here for the role `user`", "a key in the backup differ", "--force"];
    site.refuses_to_restore(8, &words);
    let _ = site.restore(&["--dry-run"]).failure(8, &words);
    let listed = site.restore(&["--list"]).success();
    assert_eq!(listed.matches(" differs\n").count(), 1, "{listed}");

    let _ = site.restore(&["--force"]).success();
    let mut expected = files;
    expected.insert(format!("archive/{ROOT}.pem").into(), other.into_bytes());
    assert_same_files(&site.files(), &expected, "both forms are there");
    // Once more, nothing is left to be done.
    let again = site.restore(&["--force"]).success();
    assert_eq!(again.matches(" is here already\n").count(), 3);
    assert_same_files(&site.files(), &expected, &again);
}

#[test]
fn another_passphrase_is_told_as_the_likely_reason() {
    let site = backed_up();
    let path = site.private().join(format!("{ROOT}.key"));
    let text = fs::read_to_string(&path).unwrap();
    // Other bytes in the encrypted part.
    let line = text.lines().nth_back(2).unwrap();
    let turned: String = line.chars().rev().collect();
    fs::write(&path, text.replace(line, &turned)).unwrap();
    site.refuses_to_restore(
        8,
        &["root key 07693a9 is here in another form, perhaps under another passphrase"],
    );
}

#[test]
fn a_damaged_file_makes_room_when_that_is_wanted() {
    let site = backed_up();
    let files = site.files();
    let path = site.private().join(format!("{ROOT}.key"));
    for number in 1..3 {
        fs::write(&path, "rubbish").unwrap();
        site.refuses_to_restore(8, &["is in the place of root key 07693a9, but damaged"]);
        let _ = site.restore(&["--force"]).success();
        let mut after = site.files();
        for number in 1..=number {
            let aside = format!("archive/{ROOT}.key.{number}.damaged");
            assert_eq!(after.remove(std::path::Path::new(&aside)).unwrap(), b"rubbish");
        }
        assert_same_files(&after, &files, "restored");
    }
    // What was set aside is no key to anybody.
    let listed = site.notary.run(["key", "list", "--json"]);
    assert_eq!(listed.stderr, "");
    assert_eq!(listed.json()["archived"], serde_json::json!([]));
}

#[test]
fn archived_keys_return_to_the_archive_and_nothing_else_in_it_is_touched() {
    let site = Site::with_keys_of("02-published/trust");
    let archived = site.archive(ROOT);
    let _ = site.backup(&["--key", ROOT]).success();
    let original = fs::read_to_string(&archived).unwrap();
    let other = original.replace("role: root", "role: user");
    fs::write(&archived, &other).unwrap();
    let done = site.restore(&[]).success();
    assert_eq!(done, format!("restored archived root key {ROOT}\n"));
    let second = archived.with_file_name(format!("{ROOT}.2.pem"));
    assert_eq!(fs::read_to_string(&archived).unwrap(), other);
    assert_eq!(fs::read_to_string(&second).unwrap(), original);
    assert!(site.restore(&[]).success().ends_with(" is here already\n"));
    assert_eq!(site.files().len(), 4);
}

#[test]
fn go_publishes_with_keys_that_were_restored() {
    const GUN: &str = "example.com/restored";
    let server = NotaryServer::start();
    let site = Site { notary: Sandbox::with_server(&server.url), ..Site::empty() };
    site.notary
        .write("identity", age::secrecy::ExposeSecret::expose_secret(&site.identity.to_string()));
    let file = site.notary.write("file", "content");
    let file = file.to_str().unwrap();
    let _ = site.notary.run(["init", "-p", GUN]).success();
    let _ = site.backup(&["--gun", GUN]).success();
    fs::remove_dir_all(site.notary.trust_dir()).unwrap();
    let _ = site.restore(&[]).success();
    let go = GoClient::sharing(&server.url, &site.notary.trust_dir());
    assert_eq!(site.notary.run(["key", "list"]).success(), go.run(["key", "list"]));
    go.run(["add", "-p", GUN, "one", file]);
    go.run(["key", "rotate", GUN, "snapshot", "-r"]);
    assert!(site.notary.run(["list", GUN]).success().contains("\none "));
}
