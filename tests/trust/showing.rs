//! `trust show`, the note on first use, and how a collection came to be trusted.

use std::fs;

use serde_json::{Value, json};
use time::Duration;

use super::{GUN, Published, SIM_GUN, Sandbox, Sim, SimKey, Site, other_id, show, sim_now};
use crate::support::{Authority, Contents, GoClient, snapshot_of};

/// Everything in the trust directory but locks.
fn files(notary: &Sandbox) -> Vec<String> {
    let files = snapshot_of(&notary.trust_dir()).into_keys();
    let names = files.map(|path| path.display().to_string());
    names.filter(|name| !name.ends_with("lock")).collect()
}

#[test]
fn a_copy_is_shown_with_all_that_is_known_of_it() {
    let site = Site::new();
    let reader = site.reader();
    let first = reader.run(["list", GUN]);
    let (id, key) = site.ids();
    let note = format!(
        "trusting {GUN} from now on, with the root certificate {id} that the server had first; if \
         its owner confirms that, `notary trust pin {GUN} --current` pins it\n"
    );
    assert_eq!(first.stderr, note, "{}", first.report());
    assert_eq!(reader.run(["list", GUN]).stderr, "");

    let shown = show(&reader);
    assert_eq!(shown["trusted"], true);
    assert_eq!(shown["source"]["kind"], "copy");
    assert_eq!(shown["pins"], json!([]));
    assert_eq!(shown["first_use"], "allowed");
    let provenance = &shown["provenance"];
    assert_eq!(provenance["ground"], "first-use");
    assert_eq!(provenance["version"], 1);
    assert_eq!(provenance["certificates"], json!([id]));
    assert_eq!(provenance["server"], site.server.url);
    let certificate = &shown["root"]["certificates"][0];
    assert_eq!(certificate["accepted"], true);
    assert_eq!(certificate["validity"], "valid");
    assert_eq!(certificate["subject"], format!("CN={GUN}"));

    // Other programs call the certificate the same.
    let pem = reader.run(["trust", "show", GUN, "--pem"]).success();
    assert_eq!(certificate["pem"], pem);
    let file = reader.write("root.pem", &pem);
    let fingerprint = std::process::Command::new("openssl")
        .args(["x509", "-noout", "-fingerprint", "-sha256", "-in"])
        .arg(file)
        .output()
        .unwrap();
    let fingerprint = String::from_utf8(fingerprint.stdout).unwrap();
    let shown_as = format!("Fingerprint={}", certificate["sha256"].as_str().unwrap());
    assert!(fingerprint.trim_end().ends_with(&shown_as), "{fingerprint} {shown_as}");

    let text = reader.run(["trust", "show", GUN]).success();
    for line in [
        format!("{GUN} is trusted"),
        format!("id:       {id}"),
        format!("key:      {key}"),
        "pinned:   nothing".to_owned(),
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
    }
    assert!(text.contains("\ntrusted:  at first sight on "), "{text}");
    // The publisher has not trusted anybody.
    assert_eq!(show(&site.publisher)["provenance"]["ground"], "made-here");
}

#[test]
fn what_the_server_offers_is_shown_and_neither_trusted_nor_kept() {
    let site = Site::new();
    let (id, _) = site.ids();
    let reader = site.reader();
    for args in [&["trust", "show", GUN][..], &["trust", "show", GUN, "--json"]] {
        let shown = reader.run(args);
        assert!(shown.stderr.contains("warning: NOT TRUSTED"), "{}", shown.report());
        assert!(shown.stdout.contains(&id), "{}", shown.report());
        let _ = shown.success();
        assert_eq!(files(&reader), Vec::<String>::new());
    }
    let shown = show(&reader);
    assert_eq!((&shown["trusted"], &shown["provenance"]), (&json!(false), &Value::Null));
    assert_eq!(shown["source"], json!({"kind": "server", "place": site.server.url}));
    let pem = reader.run(["trust", "show", GUN, "--pem"]);
    assert!(pem.stderr.contains("NOT TRUSTED") && pem.stdout.starts_with("-----BEGIN"));
    // What pins would say of it is told.
    let other = other_id();
    let args = ["--trust-root", &other, "trust", "show", GUN];
    let shown = reader.run(args).failure(3, &["no root certificate matches --trust-root"]);
    let words = "would be refused (no root certificate matches --trust-root";
    assert!(shown.stdout.contains(words), "{}", shown.report());
    let _ = reader.refuses(args.iter().chain(&["--pem"]), 3, &["matches --trust-root"]);
    // That nothing is pinned contradicts nothing.
    reader.write("c.json", r#"{"trust_pinning": {"disable_tofu": true}}"#);
    let args = ["-c", "c.json", "trust", "show", GUN];
    let shown = reader.run(args).success();
    assert!(shown.contains("would be refused (nothing is pinned"), "{shown}");
    assert_eq!(reader.run(args.iter().chain(&["--pem"])).success(), pem.stdout);
    assert_eq!(files(&reader), Vec::<String>::new());
    let _ = reader.refuses(["--offline", "trust", "show", GUN], 4, &["there is no copy"]);
    let _ = reader.refuses(["trust", "show", "example.com/none"], 4, &["does not have"]);
}

#[test]
fn quiet_leaves_out_the_note_and_what_fails_later_does_not() {
    let site = Site::new();
    let quiet = site.reader();
    assert_eq!(quiet.run(["-q", "list", GUN]).stderr, "");
    assert_eq!(show(&quiet)["provenance"]["ground"], "first-use");
    for args in [&["lookup", GUN, "nothing"][..], &["remove", GUN, "nothing"], &["publish", GUN]] {
        let outcome = site.reader().run(args);
        assert_eq!(outcome.stderr.matches("trusting ").count(), 1, "{}", outcome.report());
    }
}

#[test]
fn how_it_came_to_be_trusted_outlives_new_roots_but_not_other_programs() {
    let site = Site::new();
    let reader = site.reader();
    let _ = reader.run(["list", GUN]).success();
    let _ = site.publisher.run(["key", "rotate", GUN, "root", "-y"]).success();
    let _ = reader.run(["list", GUN]).success();
    let shown = show(&reader);
    assert_eq!(
        (&shown["root"]["version"], &shown["provenance"]["version"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(shown["provenance"]["ground"], "first-use");

    // Go keeps what it finds, and knows nothing of the rest.
    let go = GoClient::sharing(&site.server.url, &reader.trust_dir());
    let before = fs::read(reader.collection_dir(GUN).join("provenance.json")).unwrap();
    let _ = go.run(["list", GUN]);
    assert_eq!(fs::read(reader.collection_dir(GUN).join("provenance.json")).unwrap(), before);
    assert_eq!(show(&reader)["provenance"]["ground"], "first-use");
    let _ = site.publisher.run(["key", "rotate", GUN, "root", "-y"]).success();
    let _ = site.publisher.run(["key", "rotate", GUN, "targets"]).success();
    let _ = go.run(["list", GUN]);
    let unknown = |notary: &Sandbox| {
        let shown = show(notary);
        assert_eq!(shown["provenance"]["ground"], "unknown", "{shown}");
        assert_eq!(shown["provenance"]["at"], Value::Null);
        assert_eq!(shown["trusted"], true);
    };
    unknown(&reader);
    // Damaged, from the future, or not there, it is as good as nothing, and is made anew.
    let file = reader.collection_dir(GUN).join("provenance.json");
    for text in ["{", r#"{"ground":"new-kind","roots":[],"more":1}"#] {
        fs::write(&file, text).unwrap();
        unknown(&reader);
    }
    fs::remove_file(&file).unwrap();
    unknown(&reader);
    let _ = site.publisher.run(["key", "rotate", GUN, "root", "-y"]).success();
    let _ = site.publisher.run(["add", "-p", GUN, "x", "/dev/null"]);
    let _ = reader.run(["publish", GUN]);
    unknown(&reader);
}

#[test]
fn a_process_that_was_killed_leaves_no_wrong_provenance() {
    let site = Site::new();
    let reader = site.reader();
    let _ = reader.run(["list", GUN]).success();
    let directory = reader.collection_dir(GUN);
    let (root, note) = (directory.join("metadata/root.json"), directory.join("provenance.json"));
    let old = fs::read(&root).unwrap();
    let _ = site.publisher.run(["key", "rotate", GUN, "root", "-y"]).success();
    let _ = reader.run(["list", GUN]).success();
    // The note is in place before the root is.
    fs::write(&root, &old).unwrap();
    assert_eq!(show(&reader)["provenance"]["ground"], "first-use");
    // Of a first contact, there is a note and no root: the next one is a first contact again.
    fs::remove_dir_all(directory.join("metadata")).unwrap();
    fs::remove_file(directory.join("floors.json")).unwrap();
    assert!(note.exists());
    let (id, _) = site.ids();
    let again = reader.run(["list", GUN, "--trust-root", &id]);
    assert!(again.stderr.starts_with("trusting "), "{}", again.report());
    assert_eq!(show(&reader)["provenance"]["ground"], "trust-root");
}

#[test]
fn old_and_foreign_root_keys_are_marked() {
    let soon = Contents { to: sim_now() + Duration::days(30), ..Contents::default() };
    let later = sim_now() + Duration::days(300);
    let foreign = Contents { name: "elsewhere.example/app", to: later, ..Contents::default() };
    let authority = Authority::new("some CA");
    let keys = [
        authority.list(&SimKey::new(), soon, &[]),
        authority.list(&SimKey::new(), foreign, &[]),
        SimKey::new(),
    ];
    let mut sim = Sim::new();
    sim.list_keys("root", &keys, 1).sign_with("root", [&keys[0]]);
    let server = Published::sim(&sim.publish()).serve();
    let mut reader = Sandbox::with_server(&server.url);
    reader.now = Some(sim_now());
    let _ = reader.run(["list", SIM_GUN]).success();
    let shown = reader.run(["trust", "show", SIM_GUN, "--json"]).json();
    let certificates = shown["root"]["certificates"].as_array().unwrap();
    for (key, validity, problem) in [
        (&keys[0], json!("expiring"), Value::Null),
        (&keys[1], json!("valid"), json!("its certificate is for another collection")),
        (&keys[2], Value::Null, json!("it is not a certificate")),
    ] {
        let id = key.id().to_string();
        let certificate = certificates.iter().find(|one| one["certificate_id"] == id).unwrap();
        assert_eq!((&certificate["validity"], &certificate["problem"]), (&validity, &problem));
        assert_eq!(certificate["accepted"], problem.is_null());
    }
    // Later it can be seen that it has come to an end.
    reader.now = Some(sim_now() + Duration::days(31));
    let late = reader.run(["trust", "show", SIM_GUN]);
    assert!(late.stdout.contains("is NOT TRUSTED at present: "), "{}", late.report());
    assert!(late.stdout.contains(" (EXPIRED)"), "{}", late.report());
    assert!(late.stderr.contains("can only vouch for its successor"), "{}", late.report());
    assert_eq!(late.code, 0);
}
