//! Publishing when the root is about to expire.

use time::{Duration, OffsetDateTime};

use super::GUN;
use crate::support::{NotaryServer, Sandbox};

const ROOT_PASSPHRASE: &str = "NOTARY_ROOT_PASSPHRASE";

#[test]
fn a_root_near_its_expiry_is_left_alone_when_its_key_cannot_be_opened() {
    let server = NotaryServer::start();
    let mut notary = Sandbox::with_server(&server.url);
    notary.now = Some(OffsetDateTime::now_utc() - Duration::days(3560));
    notary.run(["init", GUN]).success();
    notary.now = None;
    notary.write("tool", "content");

    // The key is here and its passphrase is not, which is how machines publish.
    let passphrase = notary.vars.remove(ROOT_PASSPHRASE).unwrap();
    for name in ["first", "second"] {
        notary.run(["add", GUN, name, "tool"]).success();
        let published = notary.run(["publish", GUN, "--json"]);
        assert!(published.stderr.contains("the root expires soon, and no root key could be used"));
        let report: serde_json::Value = serde_json::from_str(&published.success()).unwrap();
        let roles = report["files"].as_array().unwrap().iter().map(|file| file["role"].clone());
        let sent: Vec<_> = roles.collect();
        assert_eq!(sent.contains(&"root".into()), name == "first", "{report}");
        assert_eq!(super::signed(&server, GUN, "root")["version"], 1);
    }
    // Whoever is asked and interrupts wants nothing to be published.
    notary.run(["add", GUN, "third", "tool"]).success();
    notary.typed = Some(vec![]);
    let _ = notary.run(["publish", GUN]).failure(130, &["interrupted"]);
    notary.typed = None;
    // With the passphrase the root is signed again.
    notary.vars.insert(ROOT_PASSPHRASE.into(), passphrase);
    let published = notary.run(["publish", GUN]);
    assert!(published.stderr.contains("published root version 2"), "{}", published.report());
    assert!(!published.stderr.contains("expires soon"), "{}", published.report());
}

#[test]
fn an_expired_root_is_not_published_without_its_key() {
    let server = NotaryServer::start();
    let mut notary = Sandbox::with_server(&server.url);
    notary.now = Some(OffsetDateTime::now_utc() - Duration::days(3640));
    notary.run(["init", GUN]).success();
    notary.vars.remove(ROOT_PASSPHRASE);
    // Once it has expired, nobody could read what is published without it.
    notary.now = Some(OffsetDateTime::now_utc() + Duration::days(11));
    let refused = notary.run(["publish", GUN]);
    let _ = refused.failure(7, &["there is no passphrase for", ROOT_PASSPHRASE]);
}
