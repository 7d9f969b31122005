//! The configuration file, the options that overrule it, and the environment.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::GUN;
use crate::support::{
    HttpServer, NotaryServer, Published, Response, Sandbox, copy_dir, golden, snapshot_of,
};

const SCENARIO: &str = "02-published";
const PUBLISHED: &str = "golden.example/published";

/// The same configuration in all forms.
fn forms(url: &str, trust_dir: &str) -> [(&'static str, String); 7] {
    [
        ("c.json", json!({"remote_server": {"url": url}, "trust_dir": trust_dir}).to_string()),
        (
            "C.JSON.json",
            format!(r#"{{"Remote_Server":{{"URL":"{url}"}},"TRUST_DIR":"{trust_dir}"}}"#),
        ),
        ("c.toml", format!("trust_dir = '{trust_dir}'\n[remote_server]\nurl = \"{url}\" # here\n")),
        ("dotted.toml", format!("trust_dir = '{trust_dir}'\nremote_server.url = '{url}'\n")),
        ("c.yaml", format!("---\nremote_server:\n  url: {url}\ntrust_dir: '{trust_dir}'\n")),
        ("c.yml", format!("remote_server: {{url: '{url}'}} # here\ntrust_dir: {trust_dir}\n")),
        (
            "more.json",
            json!({
                "remote_server": {"url": url}, "trust_dir": trust_dir,
                "logging": {"level": "debug"}, "reporting": null, "unknown": [1, {"a": 2}],
            })
            .to_string(),
        ),
    ]
}

#[test]
fn every_form_of_the_file_says_the_same() {
    let server = Published::golden(SCENARIO, PUBLISHED).serve();
    for (name, text) in forms(&server.url, "elsewhere") {
        let notary = Sandbox::new().at_golden_time();
        notary.write(&format!("sub/{name}"), text);
        let path = format!("sub/{name}");
        for option in [["-c", &path], ["--configFile", &path]] {
            let listed = notary.run([&option[..], &["list", PUBLISHED]].concat()).success();
            assert!(listed.contains("v1"), "{name}\n{listed}");
        }
        // Relative to the working directory, as in the Go program.
        assert!(notary.work().join("elsewhere/tuf").exists(), "{name}");
        assert!(!notary.trust_dir().exists(), "{name}");
    }
}

#[test]
fn the_file_at_home_is_read_when_no_other_is_given() {
    let server = Published::golden(SCENARIO, PUBLISHED).serve();
    let notary = Sandbox::new().at_golden_time();
    let home = notary.trust_dir().join("config.json");
    fs::create_dir_all(notary.trust_dir()).unwrap();
    fs::write(&home, json!({"remote_server": {"url": server.url}}).to_string()).unwrap();
    let _ = notary.run(["list", PUBLISHED]).success();
    // A file that is given takes its place altogether.
    notary.write("empty.json", "{}");
    let own = format!("{}/server does not have", notary.trust_dir().display());
    let _ = notary.refuses(["list", PUBLISHED, "-c", "empty.json"], 4, &[&own]);
    fs::write(&home, "{").unwrap();
    let words = [format!("`{}` cannot be parsed", home.display())];
    let _ = notary.refuses(["list", PUBLISHED], 2, &[&words[0]]);
    let _ = notary.run(["list", PUBLISHED, "-c", "empty.json", "-s", &server.url]).success();
}

#[test]
fn options_win_over_the_file_and_the_last_one_over_the_others() {
    let server = Published::golden(SCENARIO, PUBLISHED).serve();
    let notary = Sandbox::new().at_golden_time();
    let file = json!({"remote_server": {"url": "http://127.0.0.1:1"}, "trust_dir": "from-file"});
    notary.write("c.json", file.to_string());
    let list = ["-c", "c.json", "list", PUBLISHED];
    let _ = notary.refuses(list, 5, &["cannot be reached (http://127.0.0.1:1/v2/"]);
    for (options, trust_dir) in [
        (&["-s", &server.url][..], "from-file"),
        (&["--server", &server.url, "-d", "one"], "one"),
        (&["-s", "http://127.0.0.1:2", &format!("-s{}", server.url), "-dtwo"], "two"),
        (&[&format!("--server={}", server.url), "-d", "x", "--trustDir=three"], "three"),
        // Only the shell knows what `~` means here.
        (&["-s", &server.url, "-d", "~/x"], "~/x"),
    ] {
        let _ = notary.run([&list[..], options].concat()).success();
        let _ = notary.run([options, &list[..]].concat()).success();
        assert!(notary.work().join(trust_dir).join("tuf").exists(), "{options:?}");
    }
    // An empty server is none, and so the file's counts.
    let _ = notary.refuses(["-c", "c.json", "list", GUN, "-s", ""], 5, &["http://127.0.0.1:1/"]);
}

#[test]
fn a_tilde_in_the_file_is_the_home_directory() {
    let server = Published::golden(SCENARIO, PUBLISHED).serve();
    for (trust_dir, place) in [("~/trust", "../home/trust"), ("~", "../home"), ("~x", "~x")] {
        let notary = Sandbox::with_server(&server.url).at_golden_time();
        notary.write("c.json", json!({"trust_dir": trust_dir}).to_string());
        let _ = notary.run(["-c", "c.json", "list", PUBLISHED]).success();
        assert!(notary.work().join(place).join("tuf").exists(), "{trust_dir}");
    }
}

#[test]
fn the_environment_does_not_overrule_the_file() {
    let mut notary = Sandbox::new();
    for name in ["NOTARY_TRUST_DIR", "NOTARY_SERVER", "NOTARY_REMOTE_SERVER_URL", "TRUST_DIR"] {
        notary.vars.insert(name.to_owned(), "http://127.0.0.1:1".to_owned());
    }
    let own = format!("{}/server does not have", notary.trust_dir().display());
    let _ = notary.refuses(["list", GUN], 4, &[&own]);
    notary.write("file", "content");
    let _ = notary.run(["add", GUN, "t", "file"]).success();
    assert!(notary.collection_dir(GUN).exists());
}

/// Without a home directory, the working directory has to do, and that is told.
#[test]
fn without_a_home_directory_the_working_directory_is_used() {
    let notary = Sandbox::new();
    notary.write("file", "content");
    let place = notary.work().join(".notary");
    for home in [None, Some("")] {
        let mut process = notary.process(["add", GUN, "t", "file"]);
        match home {
            None => process.env_remove("HOME"),
            Some(home) => process.env("HOME", home),
        };
        let output = process.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        let warning = format!(
            "warning: there is no home directory; keys and metadata are kept in `{}`\n",
            place.display()
        );
        assert_eq!(stderr, warning);
        assert!(place.join("tuf").join(GUN).exists());
    }
    // Not when the place is given anyhow.
    let mut process = notary.process(["status", GUN, "-d", "here"]);
    assert_eq!(process.env_remove("HOME").output().unwrap().stderr, b"");
}

#[test]
fn a_file_that_makes_no_sense_is_named_with_the_reason() {
    let notary = Sandbox::new();
    let id = "0".repeat(64);
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(5000), close.repeat(5000));
    let yaml_bomb = (0..30).fold("a0: &a0 [x]\n".to_owned(), |text, n| {
        format!("{text}a{0}: &a{0} [{1}]\n", n + 1, vec![format!("*a{n}"); 9].join(","))
    });
    for (name, text, why) in [
        ("a.json", "{", "cannot be parsed: EOF"),
        ("b.json", "", "cannot be parsed: EOF"),
        ("c.json", "[]", "cannot be parsed: it is not an object"),
        ("d.json", "\"\u{1b}[2J\"", "cannot be parsed: "),
        ("e.json", r#"{"trust_dir": 1}"#, "`trust_dir` in"),
        ("f.json", r#"{"remote_server": "x"}"#, "must be an object"),
        ("g.json", r#"{"remote_server": {"skipTLSVerify": "maybe"}}"#, "must be true or false"),
        ("h.json", r#"{"trust_pinning": {"certs": {"a": "b"}}}"#, "a list of key ids of 64 hex"),
        ("i.json", r#"{"trust_pinning": {"certs": {"\u001b[2J": 3}}}"#, "certs.\\x1b[2J`"),
        (
            "j.json",
            &format!(r#"{{"trust_pinning": {{"certs": {{"a": ["{}"]}}}}}}"#, id.replace('0', "A")),
            "64 hex",
        ),
        ("k.json", r#"{"trust_pinning": {"ca": {"a": 1}}}"#, "must be a path"),
        ("l.json", r#"{"trust_pinning": {"ca": []}}"#, "must be an object"),
        ("m.json", &deep("[", "]"), "cannot be parsed: recursion limit"),
        ("n.json", &deep("{\"a\":", "}"), "cannot be parsed: recursion limit"),
        ("o.toml", "a = 1\nb = ", "expected literal string at line 2 column 5\n"),
        ("p.toml", &format!("a = {}", deep("[", "]")), "cannot be parsed: "),
        ("q.toml", &format!("{} = 1", "a.".repeat(20_000)), "cannot be parsed: "),
        ("r.yaml", "a: [", "cannot be parsed: "),
        ("s.yaml", "a: 1\nb: c: d", "not allowed in this context at line 2, column 5\n"),
        ("t.yaml", &deep("[", "]"), "cannot be parsed: "),
        ("u.yaml", &yaml_bomb, "cannot be parsed: "),
        ("v.yaml", "- a\n- b\n", "it is not an object"),
        ("w.ini", "[a]", "has no known ending: use .json, .toml, .yaml or .yml"),
        ("x", "{}", "has no known ending"),
        (".json", "{}", "has no known ending"),
    ] {
        let path = notary.write(name, text);
        let outcome = notary.refuses(["status", GUN, "-c", name], 2, &[why]);
        let named = format!("`{}`", path.display());
        assert!(outcome.stderr.contains(&named), "{}", outcome.report());
        assert!(outcome.stderr.len() < 2000, "{name}: {} bytes", outcome.stderr.len());
        assert!(!outcome.stderr.contains('\u{1b}'), "{}", outcome.report());
        assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.report());
        assert!(!outcome.stderr.contains("\\n"), "{}", outcome.report());
    }
    // Nothing of the file is repeated.
    for (name, text) in [
        ("0.json", r#"{"remote_server": {"url": "http://u:sesame@h"} x"#),
        ("0.toml", "url = 'http://u:sesame@h' x"),
        ("0.yaml", "{url: 'http://u:sesame@h' ]"),
    ] {
        notary.write(name, text);
        let outcome = notary.refuses(["status", GUN, "-c", name], 2, &["cannot be parsed: "]);
        assert!(!outcome.stderr.contains("sesame"), "{}", outcome.report());
    }
    let not_utf8: [(&str, &[u8]); 3] =
        [("8.json", b"{\"a\": \"\xff\"}"), ("8.toml", b"a = '\xff'"), ("8.yaml", b"a: \xff")];
    for (name, text) in not_utf8 {
        let path = notary.write(name, text);
        let words = [format!("`{}` cannot be parsed: ", path.display())];
        let _ = notary.refuses(["status", GUN, "-c", name], 2, &[&words[0]]);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_the_reason() {
    let notary = Sandbox::new();
    fs::create_dir(notary.work().join("directory.json")).unwrap();
    let sparse = fs::File::create(notary.work().join("huge.json")).unwrap();
    sparse.set_len(10 << 30).unwrap();
    let cases = [
        ("missing.json", 2, "there is no configuration file `", ""),
        ("directory.json", 1, "cannot read `", "caused by: it is a directory"),
        ("huge.json", 1, "cannot read `", "caused by: it is larger than 1048576 bytes"),
        ("/dev/zero", 1, "cannot read `", "caused by: it is not a regular file"),
    ];
    for (name, code, what, why) in cases {
        let named = format!("{what}{}`", notary.work().join(name).display());
        let _ = notary.refuses(["status", GUN, "-c", name], code, &[&named, why]);
    }
}

#[test]
fn what_is_no_address_of_a_server_is_refused() {
    let notary = Sandbox::new();
    for address in [
        "localhost",
        "localhost:4443",
        "ftp://host",
        "http:",
        "http://",
        "https://:4443",
        "/path",
        "http://host:port",
        "http://host:70000",
        "http://a b",
        "http://host/?query",
        "http://host/#part",
        "http://[::1",
        "file://tmp",
        "file:///tmp?query",
        "nonsense",
        "-",
    ] {
        let words = format!("server address {address:?} is not of the form http(s)://HOST");
        let _ = notary.refuses([&format!("--server={address}"), "list", GUN], 2, &[&words]);
        notary.write("c.json", json!({"remote_server": {"url": address}}).to_string());
        let _ = notary.refuses(["-c", "c.json", "status", GUN], 2, &[&words]);
    }
}

/// A login in an address is used, and never shown, whatever happens.
#[test]
fn a_password_in_the_address_of_a_server_is_never_shown() {
    let notary = Sandbox::new();
    for address in [
        "http://user:sesame@host:port",
        "user:sesame@host",
        "ftp://user:sesame@host",
        "http://user:ses/ame@host",
        "https://user:sesame@host/?q",
        "http://us@er:sesame@:1",
        "http:/user:sesame@host:port",
        "://user:sesame@",
        "//user:sesame@host#x",
    ] {
        let outcome = notary.refuses(["-D", "-s", address, "list", GUN], 2, &["server address"]);
        assert!(!outcome.stderr.contains("ses"), "{}", outcome.report());
        assert!(!outcome.stderr.contains("user"), "{}", outcome.report());
    }
    let server = HttpServer::start(|request| match request.path.contains("refused") {
        true => Response::status(401, "{}"),
        false => Response::not_found(),
    });
    let with_login = server.url.replace("http://", "http://user:sesame@");
    for (address, gun, code) in [
        (with_login.as_str(), GUN, 4),
        (&with_login, "refused", 6),
        ("http://user:sesame@127.0.0.1:1", GUN, 5),
        ("https://user:sesame@127.0.0.1:1", GUN, 5),
    ] {
        for command in
            [&["list", gun][..], &["init", gun], &["publish", gun], &["delete", gun, "--remote"]]
        {
            let output =
                notary.process([&["-D", "-s", address], command].concat()).output().unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            let stdout = String::from_utf8(output.stdout).unwrap();
            assert!(!format!("{stdout}{stderr}").contains("sesame"), "{command:?}\n{stderr}");
            // `init` of what is not there goes on to ask for a key.
            if command[0] != "init" {
                assert_eq!(output.status.code(), Some(code), "{command:?}\n{stderr}");
            }
        }
    }
}

/// Files for TLS are found beside the configuration file, or from the working directory.
#[test]
fn files_for_tls_are_named_when_they_cannot_be_used() {
    let notary = Sandbox::with_server("https://127.0.0.1:1");
    let junk = notary.write("junk.pem", "junk");
    notary.write("sub/junk.pem", "junk");
    let beside = notary.work().join("sub/junk.pem");
    let missing = notary.work().join("missing.pem");
    let show = |path: &Path| format!("`{}`", path.display());
    let options: [(&[&str], &str, &Path); 5] = [
        (&["--tlscacert", "junk.pem"], "has no usable certificate", &junk),
        (&["--tlscacert", "missing.pem"], "there is no file", &missing),
        (&["--tlscacert", "."], "cannot be read", &notary.work()),
        (&["--tlscert", "junk.pem", "--tlskey", "junk.pem"], "no client certificate in", &junk),
        (&["--tlscert", "junk.pem", "--tlskey", "missing.pem"], "no client certificate in", &junk),
    ];
    for (options, why, path) in options {
        let args = [&["list", GUN], options].concat();
        let outcome = notary.refuses(&args, 2, &[why]);
        let shown = show(path).replace("/.`", "`");
        assert!(outcome.stderr.replace("/.`", "`").contains(&shown), "{}", outcome.report());
    }
    for (options, file) in [
        (&["--tlscert", "junk.pem"][..], json!({})),
        (&["--tlskey", "junk.pem"], json!({})),
        (&[], json!({"tls_client_cert": "x"})),
        (&[], json!({"tls_client_key": "x"})),
    ] {
        notary.write("sub/c.json", json!({"remote_server": file}).to_string());
        let args = [&["list", GUN, "-c", "sub/c.json"], options].concat();
        let words = ["give both or neither", "hint: `--tlscert FILE --tlskey FILE` gives both"];
        let _ = notary.refuses(&args, 2, &words);
    }
    for (file, why) in [
        (json!({"root_ca": "junk.pem"}), "has no usable certificate"),
        (
            json!({"tls_client_cert": "junk.pem", "tls_client_key": "junk.pem"}),
            "no client certificate in",
        ),
    ] {
        notary.write("sub/c.json", json!({"remote_server": file}).to_string());
        let outcome = notary.refuses(["list", GUN, "-c", "sub/c.json"], 2, &[why, &show(&beside)]);
        assert!(!outcome.stderr.contains(&show(&junk)), "{}", outcome.report());
        // Options win, one by one.
        let args = ["list", GUN, "-c", "sub/c.json", "--tlscacert", "missing.pem"];
        let _ = notary.refuses(args, 2, &["there is no file", &show(&missing)]);
    }
}

#[test]
fn switched_off_tls_verification_is_warned_about() {
    let notary = Sandbox::new();
    let warning = "warning: the certificate of https://127.0.0.1:1 is not checked \
                   (`skipTLSVerify`): whoever is in between can pass for this server\n";
    for on in [json!(true), json!("true"), json!("TRUE")] {
        let server = json!({"url": "https://user:sesame@127.0.0.1:1", "skipTLSVerify": on});
        notary.write("one.json", json!({"remote_server": server}).to_string());
        notary.write("several.json", json!({"remotes": {GUN: server}}).to_string());
        for file in ["one.json", "several.json"] {
            let outcome = notary.run(["-c", file, "-q", "list", GUN]);
            assert!(outcome.stderr.starts_with(warning), "{}", outcome.report());
            let outcome = notary.run(["-c", file, "--offline", "list", GUN]);
            assert!(!outcome.stderr.contains("warning"), "{}", outcome.report());
        }
        let outcome = notary.run(["-c", "several.json", "list", "other/app"]);
        assert!(!outcome.stderr.contains("warning"), "{}", outcome.report());
    }
}

/// What is wrong is the pin, or the server: forgetting what is trusted would not help.
#[test]
fn a_pin_that_does_not_match_hints_at_the_configuration() {
    let server = Published::golden(SCENARIO, PUBLISHED).serve();
    let certs = json!({"trust_pinning": {"certs": {PUBLISHED: ["0".repeat(64)]}}});
    let no_tofu = json!({"trust_pinning": {"disable_tofu": true}});
    for (pins, cached, why) in [
        (&certs, false, "no root certificate matches trust_pinning; the root has "),
        (&certs, true, "no root certificate matches trust_pinning; the root has "),
        (&no_tofu, false, "nothing is pinned for this collection and trust on first use"),
    ] {
        let notary = Sandbox::with_server(&server.url).at_golden_time();
        if cached {
            copy_dir(&golden(SCENARIO).join("trust"), &notary.trust_dir());
        }
        let file = notary.write("sub/pins.json", pins.to_string());
        let hint = format!("hint: see `trust_pinning` in `{}`", file.display());
        for args in
            [&["list", PUBLISHED][..], &["lookup", PUBLISHED, "v1"], &["publish", PUBLISHED]]
        {
            let args = [args, &["-c", "sub/pins.json"]].concat();
            let outcome = notary.refuses(args, 3, &[why, &hint]);
            assert!(!outcome.stderr.contains("notary delete"), "{}", outcome.report());
        }
    }
    let notary = Sandbox::with_server(&server.url).at_golden_time();
    copy_dir(&golden(SCENARIO).join("trust"), &notary.trust_dir());
    fs::write(notary.trust_dir().join("config.json"), certs.to_string()).unwrap();
    let hint = format!("in `{}`", notary.trust_dir().join("config.json").display());
    let _ = notary.refuses(["list", PUBLISHED], 3, &[&hint]);
}

#[test]
fn a_pinned_authority_that_cannot_be_used_is_named() {
    let notary = Sandbox::with_server("http://127.0.0.1:1");
    notary.write("sub/junk.pem", "junk");
    for (file, why) in [
        ("junk.pem", "not a PEM file of certificates"),
        ("missing.pem", "there is no such file"),
        (".", "it is a directory"),
    ] {
        let pins = json!({"trust_pinning": {"ca": {"example.com/": file}}});
        notary.write("sub/c.json", pins.to_string());
        let path = notary.work().join("sub").join(file);
        let words = format!("the pinned CA `{}` cannot be used: ", path.display());
        let _ = notary.refuses(["list", GUN, "-c", "sub/c.json"], 3, &[&words, why]);
        let status = notary.run(["status", GUN, "-c", "sub/c.json"]).success();
        assert_eq!(status, format!("No unpublished changes for {GUN}\n"));
    }
}

#[test]
fn why_a_server_cannot_be_reached_is_told() {
    let notary = Sandbox::with_server("http://127.0.0.1:1").at_golden_time();
    let gone = "the server cannot be reached (http://127.0.0.1:1/v2/";
    let _ = notary.refuses(
        ["list", PUBLISHED],
        5,
        &[gone, "caused by: connection refused by the server at 127.0.0.1:1"],
    );

    copy_dir(&golden(SCENARIO).join("trust"), &notary.trust_dir());
    let outcome = notary.run(["list", PUBLISHED]);
    let warning: Vec<_> = outcome.stderr.lines().collect();
    assert!(warning[0].starts_with(&format!("warning: {gone}")), "{}", outcome.report());
    assert_eq!(warning[1], "  caused by: connection refused by the server at 127.0.0.1:1");
    assert!(warning[2].starts_with("warning: using the copy on this machine"), "{warning:?}");
    let _ = outcome.success();

    fs::write(notary.collection_dir(PUBLISHED).join("metadata/targets.json"), "{}").unwrap();
    let outcome = notary.refuses(["list", PUBLISHED], 5, &[gone]);
    let block: Vec<_> = outcome.stderr.lines().collect();
    assert!(block[0].ends_with(", and the copy on this machine cannot be used"), "{block:?}");
    assert_eq!(block[1], "  caused by: connection refused by the server at 127.0.0.1:1");
    assert!(block[2].starts_with("  caused by: "), "{block:?}");
    assert_eq!(block[3..], ["hint: check the server's address (`-s URL`)"]);
}

#[test]
fn a_trust_directory_that_is_none_is_named() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let file = notary.write("file", "content");
    let before = snapshot_of(&notary.work());
    for args in [
        &["add", GUN, "t", "file"][..],
        &["delete", GUN],
        &["init", GUN],
        &["key", "list"],
        &["list", GUN],
        &["publish", GUN],
        &["remove", GUN, "t"],
        &["reset", GUN, "--all"],
        &["status", GUN],
    ] {
        let args = [args, &["-d", "file"]].concat();
        let outcome = notary.refuses(args, 1, &[&format!(" `{}/", file.display())]);
        // The one when something is looked for below it, the other when something is to be made.
        let causes = ["caused by: Not a directory", "caused by: File exists"];
        assert!(causes.iter().any(|cause| outcome.stderr.contains(cause)), "{}", outcome.report());
        assert!(snapshot_of(&notary.work()) == before);
    }
}
