//! `add --recursive`: what is found, what it is called, and all or nothing.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

use super::GUN;
use crate::support::Sandbox;

/// The names of the staged targets, in their order.
fn staged(notary: &Sandbox) -> Vec<String> {
    let status = notary.run(["status", GUN, "--json"]).json();
    let changes = status["changes"].as_array().unwrap().iter();
    changes.map(|change| change["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn files_are_called_by_their_paths_below_the_directory() {
    for (paths, prefix, expected) in [
        (&["tree"][..], None, &["a", "b/c", "b/d/e"][..]),
        (&["tree/"], None, &["a", "b/c", "b/d/e"]),
        (&["./tree/../tree"], None, &["a", "b/c", "b/d/e"]),
        (&["tree"], Some("v1/"), &["v1/a", "v1/b/c", "v1/b/d/e"]),
        (&["tree"], Some("v1-"), &["v1-a", "v1-b/c", "v1-b/d/e"]),
        (&["tree/b"], None, &["c", "d/e"]),
        (&["tree/b/c"], None, &["c"]),
        (&["tree/b/d", "tree/a"], Some("x/"), &["x/e", "x/a"]),
        (&["."], None, &["tree/a", "tree/b/c", "tree/b/d/e"]),
    ] {
        let notary = Sandbox::new();
        for name in ["tree/a", "tree/b/c", "tree/b/d/e"] {
            notary.write(name, "12345");
        }
        fs::create_dir_all(notary.work().join("tree/b/empty")).unwrap();
        let mut args = [&["add", GUN, "--recursive"], paths].concat();
        args.extend(prefix.iter().flat_map(|prefix| ["--prefix", prefix]));
        let count = expected.len();
        let what = if count == 1 { "target" } else { "targets" };
        assert_eq!(
            notary.run(&args).success(),
            format!(
                "Addition of {count} {what} ({} B) to repository \"{GUN}\" staged for next publish.\n",
                5 * count
            )
        );
        assert_eq!(staged(&notary), expected, "{args:?}");
    }
}

#[test]
fn every_role_and_the_custom_data_apply_to_every_file() {
    let notary = Sandbox::new();
    notary.write("tree/a", "1");
    notary.write("tree/b", "2");
    notary.write("custom.json", r#"{"k":1}"#);
    let args =
        ["add", GUN, "--recursive", "tree", "-r", "targets,targets/x", "--custom", "custom.json"];
    let _ = notary.run(args).success();
    assert_eq!(staged(&notary), ["a", "a", "b", "b"]);
    let changes = crate::support::snapshot_of(&notary.collection_dir(GUN).join("changelist"));
    for change in changes.into_values() {
        let change: serde_json::Value = serde_json::from_slice(&change).unwrap();
        let data = data_encoding::BASE64.decode(change["data"].as_str().unwrap().as_bytes());
        let data: serde_json::Value = serde_json::from_slice(&data.unwrap()).unwrap();
        assert_eq!(data["custom"]["k"], 1);
    }
}

#[test]
fn what_is_no_file_is_left_out_with_a_warning() {
    let notary = Sandbox::new();
    notary.write("tree/file", "1");
    notary.write("outside/secret", "2");
    let tree = notary.work().join("tree");
    symlink("file", tree.join("link-to-file")).unwrap();
    symlink("../outside", tree.join("link-to-directory")).unwrap();
    symlink("nowhere", tree.join("link-to-nothing")).unwrap();
    symlink(".", tree.join("link-to-itself")).unwrap();
    let _socket = UnixListener::bind(tree.join("socket")).unwrap();
    assert!(Command::new("mkfifo").arg(tree.join("pipe")).status().unwrap().success());
    let outcome = notary.run(["add", GUN, "--recursive", "tree"]);
    for name in
        ["link-to-directory", "link-to-file", "link-to-itself", "link-to-nothing", "pipe", "socket"]
    {
        let path = tree.join(name);
        let warning =
            format!("warning: `{}` is not a regular file and is left out\n", path.display());
        assert!(outcome.stderr.contains(&warning), "{}", outcome.report());
    }
    assert_eq!(outcome.stderr.lines().count(), 6, "{}", outcome.report());
    let _ = outcome.success();
    assert_eq!(staged(&notary), ["file"]);
}

/// Who names a link means what it points to.
#[test]
fn links_that_are_given_themselves_are_followed() {
    let notary = Sandbox::new();
    notary.write("tree/file", "1");
    symlink("tree", notary.work().join("directory")).unwrap();
    symlink("tree/file", notary.work().join("link")).unwrap();
    let _ =
        notary.run(["add", GUN, "--recursive", "directory", "--prefix", "d/", "link"]).success();
    assert_eq!(staged(&notary), ["d/file", "d/link"]);
}

#[test]
fn nothing_is_staged_when_anything_is_wrong() {
    let notary = Sandbox::new();
    notary.write("good/a", "1");
    notary.write("good/b", "2");
    notary.write("same/a", "1");
    notary.write("control/x\u{7}", "1");
    fs::create_dir_all(notary.work().join("empty/of/files")).unwrap();
    let strange = notary.work().join("strange");
    fs::create_dir(&strange).unwrap();
    fs::write(strange.join(OsStr::from_bytes(b"caf\xe9")), "1").unwrap();
    assert!(Command::new("mkfifo").arg(notary.work().join("pipe")).status().unwrap().success());
    symlink("nowhere", notary.work().join("dangling")).unwrap();
    symlink("loop", notary.work().join("loop")).unwrap();
    notary.write("custom.json", "{");
    let place = |name: &str| notary.work().join(name).display().to_string();
    for (paths, code, words) in [
        (&["good", "missing"][..], 1, format!("cannot read `{}`", place("missing"))),
        (&["good", "dangling"], 1, format!("cannot read `{}`", place("dangling"))),
        (&["good", "loop"], 1, format!("cannot read `{}`", place("loop"))),
        (&["good", "empty"], 1, format!("there are no files to add in `{}`", place("empty"))),
        (
            &["good", "same"],
            1,
            format!(
                "`{}` and `{}` would both become the target \"a\"",
                place("good/a"),
                place("same/a")
            ),
        ),
        (&["good", "good"], 1, "would both become the target \"a\"".to_owned()),
        (&["good", "control"], 2, "contains a control character".to_owned()),
        (&["good", "strange"], 2, "is not valid Unicode".to_owned()),
        (&["good", "pipe"], 1, format!("cannot read `{}`", place("pipe"))),
        (&["good", "/dev/null"], 1, "cannot read `/dev/null`".to_owned()),
        (&["good", ""], 2, "the name of a file or directory cannot be empty".to_owned()),
        (&["good", "--roles", "root"], 2, "root cannot sign targets".to_owned()),
        (
            &["good", "--custom", "custom.json"],
            1,
            format!("the custom data in `{}`", place("custom.json")),
        ),
        (&["good", "--custom", "missing"], 1, format!("cannot read `{}`", place("missing"))),
    ] {
        let args = [&["add", GUN, "--recursive"], paths].concat();
        let outcome = notary.refuses(&args, code, &[&words]);
        assert!(!outcome.stderr.contains("entity"), "{}", outcome.report());
        assert!(!notary.trust_dir().exists(), "{}", outcome.report());
    }
    // What was staged before stays.
    let _ = notary.run(["add", GUN, "--recursive", "good"]).success();
    let _ = notary.refuses(["add", GUN, "--recursive", "good", "missing"], 1, &["missing"]);
    assert_eq!(staged(&notary), ["a", "b"]);
}

/// Root can read everything, so what is unreadable is on a file system that says so.
#[test]
fn a_file_that_cannot_be_read_is_named() {
    let notary = Sandbox::new();
    let args = ["add", GUN, "--recursive", "/proc/self/task", "--prefix", "x/"];
    let outcome = notary.refuses(args, 1, &["cannot read `/proc/self/task/"]);
    assert!(outcome.stderr.contains("caused by: "), "{}", outcome.report());
    assert!(!notary.trust_dir().exists());
}

/// A later addition of the same name takes the place of an earlier one.
#[test]
fn a_name_can_be_staged_again() {
    let notary = Sandbox::new();
    notary.write("tree/a", "1");
    for _ in 0..2 {
        let _ = notary.run(["add", GUN, "--recursive", "tree"]).success();
    }
    let _ = notary.run(["remove", GUN, "a"]).success();
    assert_eq!(staged(&notary), ["a", "a", "a"]);
}

#[test]
fn prefix_and_recursive_belong_together() {
    let notary = Sandbox::new();
    notary.write("file", "1");
    let _ = notary.refuses(["add", GUN, "file", "file", "--prefix", "x"], 2, &["--recursive"]);
    for args in [&["add", GUN][..], &["add", GUN, "--recursive"], &["add"]] {
        let outcome =
            notary.refuses(args, 2, &["Usage: notary add [OPTIONS] <GUN> <TARGET> <FILE>"]);
        assert!(outcome.stderr.contains("--recursive <PATH>..."), "{}", outcome.report());
    }
    let words = ["needs the name of a target and a file", "hint: `notary add GUN --recursive PATH"];
    let _ = notary.refuses(["add", GUN, "file"], 2, &words);
    notary.write("tree/file", "1");
    let tree = notary.work().join("tree");
    let hint = format!("hint: `notary add {GUN} --recursive {}`", tree.display());
    let _ = notary.refuses(["add", GUN, "t", "tree"], 1, &["it is a directory", &hint]);
}
