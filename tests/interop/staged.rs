//! Changes of every kind that a Go client has staged, published by us: the server gets what the Go
//! client would have sent.

use std::collections::BTreeMap;

use notary::keys::root_certificate;
use notary::tuf::key::PublicKey;
use notary::tuf::role::Gun;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{DelegationKey, GUN, Pair};
use crate::support::{GoClient, HttpServer, Request, Response, copy_dir, pass_on, uploaded};

/// A collection with a few delegations that Go made in a trust directory that we share, and keys.
struct Collection {
    pair: Pair,
    go: GoClient,
    /// `K0` to `K4` in command lines are the files of the public keys, `ID0` to `ID4` their ids.
    keys: Vec<DelegationKey>,
}

impl Collection {
    fn new() -> Self {
        let pair = Pair::start();
        let go = pair.sharing();
        let keys: Vec<_> = (0..5).map(|_| DelegationKey::new()).collect();
        for key in &keys {
            key.give_to(&pair.ours.trust_dir());
        }
        pair.ours.write("F", "file");
        let collection = Self { pair, go, keys };
        collection.stage(&[
            "init G",
            "add G v1 F",
            "add G v2 F",
            "delegation add G targets/a K0 --paths a/,x/",
            "delegation add G targets/b K1 K2 --all-paths",
            "delegation add G targets/a/n K3 --paths a/n/",
            "add G a/1 F -r targets/a",
            "add G b1 F -r targets/b",
            "add G b2 F -r targets/b",
            "add G a/n/1 F -r targets/a/n",
            "publish G",
            "list G",
        ]);
        collection
    }

    /// Runs Go command lines.
    #[track_caller]
    fn stage(&self, lines: &[&str]) {
        for line in lines {
            self.go.run(line.split(' ').map(|word| self.word(word)));
        }
    }

    fn word(&self, word: &str) -> String {
        let work = self.pair.ours.work();
        let key = |number: &str| &self.keys[number.parse::<usize>().unwrap()];
        match word {
            "G" => GUN.to_owned(),
            "C4" => work.join("C4").to_str().unwrap().to_owned(),
            "C0" => work.join("C0").to_str().unwrap().to_owned(),
            "F" => work.join("F").to_str().unwrap().to_owned(),
            _ if word.starts_with("ID") => key(&word[2..]).id().to_owned(),
            _ if word.starts_with('K') => {
                key(&word[1..]).public_pem(&self.pair.ours).to_str().unwrap().to_owned()
            }
            _ => word.to_owned(),
        }
    }

    /// What the Go client would upload now.
    #[track_caller]
    fn upload_of_go(&self) -> Upload {
        let url = self.pair.server.url.clone();
        let front = HttpServer::start(move |request| match request.method.as_str() {
            "POST" => Response::status(500, "not really"),
            _ => pass_on(&url, request),
        });
        let copy = tempfile::tempdir().unwrap();
        copy_dir(&self.pair.ours.trust_dir(), copy.path());
        let (code, said) =
            GoClient::sharing(&front.url, copy.path()).try_run(["publish", GUN], b"");
        let posts: Vec<_> = front.requests().into_iter().filter(|r| r.method == "POST").collect();
        assert!(code == 1 && posts.len() == 1, "{said}");
        Upload::of(&posts[0])
    }

    /// Publishes, and returns what was uploaded.
    #[track_caller]
    fn upload_of_ours(&self) -> Upload {
        let url = self.pair.server.url.clone();
        let front = HttpServer::start(move |request| pass_on(&url, request));
        let publish = ["-s", &front.url, "publish", GUN];
        let outcome = self.pair.ours.run(publish);
        outcome.success();
        let posts: Vec<_> = front.requests().into_iter().filter(|r| r.method == "POST").collect();
        assert_eq!(posts.len(), 1);
        Upload::of(&posts[0])
    }

    /// Makes sure that we publish what Go would publish, and that everybody can read it.
    #[track_caller]
    fn compare(&self) -> Upload {
        let (go, ours) = (self.upload_of_go(), self.upload_of_ours());
        assert_eq!(ours, go);
        self.pair.agreed_list();
        let delegations = |go: &GoClient| go.run(["delegation", "list", GUN]);
        assert_eq!(delegations(&self.go), delegations(&GoClient::new(&self.pair.server.url)));
        let nothing = format!("No unpublished changes for {GUN}\n");
        assert_eq!(self.go.run(["status", GUN]), nothing);
        ours
    }
}

/// What of an upload does not depend on when it was made.
#[derive(Debug, Eq, PartialEq)]
struct Upload {
    /// The content of each file, without expiry and without descriptions of files that were
    /// uploaded, too.
    content: BTreeMap<String, Value>,
    /// By which keys each file is signed.
    signers: BTreeMap<String, Vec<String>>,
}

impl Upload {
    #[track_caller]
    fn of(request: &Request) -> Self {
        let files = uploaded(request);
        let mut upload = Self { content: BTreeMap::new(), signers: BTreeMap::new() };
        for (role, bytes) in &files {
            let mut file: Value = serde_json::from_slice(bytes).unwrap();
            let signatures = file["signatures"].as_array().unwrap().iter();
            let ids = signatures.map(|signature| signature["keyid"].as_str().unwrap().to_owned());
            let mut ids: Vec<String> = ids.collect();
            ids.sort();
            upload.signers.insert(role.clone(), ids);
            let content = &mut file["signed"];
            content.as_object_mut().unwrap().remove("expires").unwrap();
            for described in files.keys() {
                if role == "snapshot" && described != "snapshot" {
                    content["meta"][described] = json!("uploaded, too");
                }
            }
            upload.content.insert(role.clone(), content.take());
        }
        upload
    }
}

/// What Go stages, and which files are uploaded for it.
const STAGED: &[(&[&str], &str)] = &[
    (
        &[
            "add G new F",
            "remove G v1",
            "remove G nobody-has-it",
            "add G x/2 F -r targets,targets/a",
            "remove G b1 -r targets/b",
            "addhash G hash 5 --sha256 \
             2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        ],
        "snapshot targets targets/a targets/b",
    ),
    (&["add G a/n/2 F -r targets/a/n"], "snapshot targets/a/n"),
    (&["delegation add G targets/new K4 --paths q/,p/"], "snapshot targets"),
    (
        &["delegation add G targets/new K4 --paths q/,p/", "add G p/1 F -r targets/new"],
        "snapshot targets targets/new",
    ),
    (&["delegation add G targets/b/below K4 --all-paths"], "snapshot targets/b"),
    (&["delegation add G targets/new K4"], "snapshot targets"),
    (&["delegation add G targets/a K4 K0 --paths z/,a/"], "snapshot targets"),
    (&["delegation add G targets/a --paths z/"], "snapshot targets"),
    (&["delegation add G targets/a --all-paths"], "snapshot targets"),
    (&["delegation remove G targets/a --paths x/,unknown/"], "snapshot targets"),
    (&["delegation remove G targets/a --all-paths"], "snapshot targets"),
    (&["delegation remove G targets/b ID1 ID4"], "snapshot targets"),
    (&["delegation remove G targets/b ID1 --paths x/"], "snapshot targets"),
    (&["delegation remove G targets/b ID1 ID2 --all-paths"], "snapshot targets"),
    (&["delegation remove G targets/b -y"], "snapshot targets"),
    (&["delegation remove G targets/a -y"], "snapshot targets"),
    (&["delegation remove G targets/a -y", "delegation remove G targets/b -y"], "snapshot targets"),
    (&["delegation remove G targets/a/n -y"], "snapshot targets/a"),
    (&["delegation purge G --key ID0"], "snapshot targets"),
    (&["delegation purge G --key ID1 --key ID3"], "snapshot targets targets/a"),
    (&["witness G targets"], "snapshot targets"),
    (&["witness G targets/b targets/a/n"], "snapshot targets/a/n targets/b"),
    (
        &[
            "delegation remove G targets/b ID1 ID2",
            "delegation add G targets/b K4",
            "witness G targets/b",
        ],
        "snapshot targets targets/b",
    ),
];

#[test]
fn what_go_staged_is_published_as_go_would_have() {
    for (lines, files) in STAGED {
        let collection = Collection::new();
        collection.stage(lines);
        let upload = collection.compare();
        let uploaded: Vec<_> = upload.content.keys().map(String::as_str).collect();
        assert_eq!(uploaded.join(" "), *files, "{lines:?}");
    }
}

/// What we stage for the Go client to publish. Roles are made before they are changed.
const STAGED_BY_US: &[&[&str]] = &[
    &["delegation add G targets/new K4 --paths q/,p/", "add G p/1 F -r targets/new"],
    &["delegation add G targets/new C4 K0 --all-paths", "add G p/1 F -r targets/new"],
    &["delegation add G targets/b/below K4 --all-paths"],
    &["delegation add G targets/a K4 K0 --paths z/,a/"],
    &["delegation remove G targets/a --paths x/"],
    &["delegation remove G targets/a --all-paths", "delegation add G targets/a --paths c/"],
    &["delegation remove G targets/b ID1"],
    &["delegation remove G targets/a -y", "delegation remove G targets/b -y"],
    &["delegation purge G --key ID1 --key ID3"],
    &["witness G targets/b targets/a/n targets"],
];

#[test]
fn what_we_staged_is_published_alike_by_both() {
    for lines in STAGED_BY_US {
        let collection = Collection::new();
        let certificate = root_certificate(
            &Gun::parse("any").unwrap(),
            &collection.keys[4].0,
            OffsetDateTime::now_utc(),
        )
        .unwrap();
        collection.pair.ours.write("C4", certificate.bytes());
        for line in *lines {
            let words = line.split(' ').map(|word| collection.word(word));
            let _ = collection.pair.ours.run(words).success();
        }
        let _ = collection.compare();
    }
}

#[test]
fn the_go_client_creates_delegations_with_our_threshold_and_changes_none() {
    let collection = Collection::new();
    let ours = |line: &str| {
        let words = line.split(' ').map(|word| collection.word(word));
        let _ = collection.pair.ours.run(words).success();
    };
    let thresholds = || {
        let roles = collection.pair.signed("targets")["delegations"]["roles"].take();
        let threshold = |role: &Value| (role["name"].to_string(), role["threshold"].to_string());
        roles.as_array().unwrap().iter().map(threshold).collect::<BTreeMap<_, _>>()
    };
    let of = |role: &str| thresholds()[&format!("\"targets/{role}\"")].clone();
    ours("delegation add G targets/new K4 K0 --all-paths --threshold 2");
    ours("delegation add G targets/b --threshold 2");
    collection.stage(&["publish G"]);
    assert_eq!((of("new"), of("b")), ("2".to_owned(), "1".to_owned()));
    ours("delegation add G targets/b --threshold 2 -p");
    assert_eq!((of("new"), of("b")), ("2".to_owned(), "2".to_owned()));
    let row = collection.go.run(["delegation", "list", GUN]);
    let row = row.lines().find(|line| line.starts_with("targets/b ")).unwrap().to_owned();
    assert!(row.ends_with("    2"), "{row}");
}

#[test]
fn certificates_that_go_staged_become_delegation_keys() {
    let collection = Collection::new();
    let gun = Gun::parse("anything").unwrap();
    let key = &collection.keys[4].0;
    let certificate = root_certificate(&gun, key, OffsetDateTime::now_utc()).unwrap();
    collection.pair.ours.write("C0", certificate.bytes());
    collection.stage(&[
        "delegation add G targets/new C0 --all-paths",
        "delegation add G targets/b C0",
        "add G by-certificate F -r targets/new",
    ]);
    let upload = collection.compare();
    // In the metadata it is known by the id of the certificate, for `purge` by that of the key.
    assert_eq!(upload.signers["targets/new"], [certificate.id().as_str()]);
    collection.stage(&["delegation purge G --key ID4"]);
    let upload = collection.compare();
    assert!(
        upload.content["targets"]["delegations"]["keys"].get(certificate.id().as_str()).is_none()
    );
}

#[test]
fn keys_are_purged_where_they_can_be() {
    let collection = Collection::new();
    collection.stage(&["delegation add -p G targets/a/n K4", "delegation add -p G targets/b K4"]);
    // Nobody here can sign for targets/a, where one of the keys is listed.
    let private = collection.pair.ours.trust_dir().join("private");
    let key = private.join(format!("{}.key", collection.keys[0].id()));
    std::fs::remove_file(key).unwrap();
    collection.stage(&["delegation purge G --key ID4"]);
    let upload = collection.compare();
    assert_eq!(upload.content.keys().collect::<Vec<_>>(), ["snapshot", "targets"]);
    let ids = &upload.content["targets"]["delegations"]["keys"];
    assert!(ids.get(collection.keys[4].id()).is_none());
    assert!(ids.get(collection.keys[2].id()).is_some());
}

#[test]
fn a_delegation_that_lost_its_signatures_is_signed_again_by_its_new_key() {
    let collection = Collection::new();
    collection
        .stage(&["delegation remove -p G targets/b ID1 ID2", "delegation add -p G targets/b K4"]);
    assert!(!collection.go.run(["list", GUN]).contains("b1 "));
    collection.stage(&["witness G targets/b"]);
    let upload = collection.compare();
    assert_eq!(upload.signers["targets/b"], [collection.keys[4].id()]);
    assert!(collection.go.run(["list", GUN]).contains("b1 "));
}

/// What Go stages although it does not fit the collection, and what we say about it.
const UNFIT: &[(&[&str], &str)] = &[
    (&["add G n F -r targets/none"], "there is no role targets/none"),
    (&["add G elsewhere F -r targets/a"], "may not sign \"elsewhere\""),
    (&["add G n F -r targets/*"], "is not a role name"),
    (&["delegation add G targets/q --paths x/"], "needs at least one key"),
    (&["delegation add G targets/none/x K4"], "there is no role targets/none"),
    (&["delegation add G targets/a/n --paths elsewhere/"], "outside the paths of its parent"),
    (&["delegation remove G targets/none --paths x"], "there is no role targets/none"),
    (&["witness G targets/none"], "there is no role targets/none"),
    (&["witness G root"], "not possible for role root"),
    (&["witness G snapshot"], "not possible for role snapshot"),
    (&["witness G x/y"], "x/y"),
];

#[test]
fn what_go_cannot_publish_we_name_and_keep() {
    let collection = Collection::new();
    let before = collection.pair.agreed_list();
    for (lines, why) in UNFIT {
        collection.stage(&["add G good F"]);
        collection.stage(lines);
        let status = collection.go.run(["status", GUN]);
        let (code, said) = collection.go.try_run(["publish", GUN], b"");
        assert_eq!(code, 1, "{lines:?}: {said}");
        let refused = collection.pair.ours.run(["publish", GUN]);
        let _ = refused.failure(1, &["staged change 1 (", why, "-n 1` drops it"]);
        assert_eq!(collection.pair.ours.run(["status", GUN]).success(), status);
        assert_eq!(collection.pair.agreed_list(), before, "{lines:?}");
        collection.pair.ours.run(["reset", GUN, "--all"]).success();
    }
}

/// Stages what `key rotate` of the Go client does: a role gets other keys.
fn stage_role_keys(collection: &Collection, role: &str, keys: &[Value]) {
    let payload = json!({ "keys": keys, "role": role }).to_string();
    let data = data_encoding::BASE64.encode(payload.as_bytes());
    let change =
        json!({ "action": "create", "role": "root", "type": "role", "path": role, "data": data });
    let directory = collection.pair.ours.collection_dir(GUN).join("changelist");
    let name = "01795227066616854054_e83715a6-93f9-4efe-8340-26d3d3d4ae51.change";
    std::fs::write(directory.join(name), change.to_string()).unwrap();
}

fn key_json(key: &PublicKey) -> Value {
    let public = data_encoding::BASE64.encode(key.bytes());
    json!({ "keytype": key.key_type().as_str(), "keyval": { "public": public, "private": null } })
}

#[test]
fn staged_keys_of_base_roles_replace_the_old_ones() {
    let gun = Gun::parse(GUN).unwrap();
    for (role, files) in [
        ("targets", "root snapshot targets"),
        ("snapshot", "root snapshot"),
        ("root", "root snapshot"),
    ] {
        let collection = Collection::new();
        let key = &collection.keys[4].0;
        let public = match role {
            "root" => root_certificate(&gun, key, OffsetDateTime::now_utc()).unwrap(),
            _ => key.public_key().clone(),
        };
        stage_role_keys(&collection, role, &[key_json(&public)]);
        let before = collection.pair.signed("root")["roles"][role]["keyids"][0].clone();
        let upload = collection.compare();
        let uploaded: Vec<_> = upload.content.keys().map(String::as_str).collect();
        assert_eq!(uploaded.join(" "), files);
        let id = public.id();
        assert_eq!(collection.pair.signed("root")["roles"][role]["keyids"], json!([id.as_str()]));
        match role {
            "root" => assert_eq!(upload.signers["root"].len(), 2),
            _ => assert_eq!(upload.signers[role], [id.as_str()]),
        }
        assert_ne!(before, json!(id.as_str()));
        // Old keys stay on this machine, and all goes on with the new ones.
        collection.stage(&["add -p G later F"]);
        collection.pair.ours.run(["add", "-p", GUN, "ours", &collection.word("F")]).success();
        assert!(collection.pair.agreed_list().contains("ours "));
    }
}
