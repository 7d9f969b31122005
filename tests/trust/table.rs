//! Every kind of pin, and several at once, for clients in every state: what comes out, and what is
//! kept on the disk. Where the Go client can be told the same, its verdict is in the table as well.
//!
//! Differences from the Go client, all of them deliberate: it does not look at pins once there is a
//! valid root in its cache; it lower-cases the names in its configuration, so that pins of names with
//! capitals never match; it demands that certificates below an authority are for TLS servers.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{Published, SIM_GUN, Sandbox, Sim, SimKey, other_id, sim_now};
use crate::support::{Authority, Contents, Files, HttpServer, snapshot_of};

/// A collection with two versions of its root; each root certificate is issued by the authority,
/// directly or by way of an intermediate that comes with it.
struct World {
    authority: Authority,
    stranger: Authority,
    expired: Authority,
    first: Files,
    rotated: Files,
    old: String,
    new: String,
}

impl World {
    fn new(with_intermediate: bool) -> Self {
        let ca = |name: &'static str| Contents { name, is_ca: true, ..Contents::default() };
        let authority = Authority::new("right CA");
        let past = Contents { to: sim_now() - time::Duration::DAY, ..ca("expired CA") };
        let between = authority.below(ca("between"));
        let issue = || match with_intermediate {
            true => between.list(&SimKey::new(), Contents::default(), &[&between.pem]),
            false => authority.list(&SimKey::new(), Contents::default(), &[]),
        };
        let (old, new) = (issue(), issue());
        let mut sim = Sim::new();
        sim.list_keys("root", std::slice::from_ref(&old), 1).sign_with("root", [&old]);
        let first = sim.publish();
        sim.version("root", 2).list_keys("root", std::slice::from_ref(&new), 1);
        sim.sign_with("root", [&old, &new]);
        sim.version("snapshot", 2).version("timestamp", 2);
        let rotated = sim.publish();
        Self {
            authority,
            stranger: Authority::new("right CA"),
            expired: Authority::valid_as(past),
            first,
            rotated,
            old: old.id().to_string(),
            new: new.id().to_string(),
        }
    }

    fn fill_in(&self, text: &str) -> String {
        let other = other_id();
        text.replace("OLD", &self.old).replace("NEW", &self.new).replace("OTHER", &other)
    }
}

/// What is demanded.
struct Row {
    name: &'static str,
    /// `trust_pinning`, as JSON.
    configured: &'static str,
    /// What `notary trust pin` has kept: options.
    kept: &'static [&'static str],
    /// `--trust-root`.
    demanded: Option<&'static str>,
    /// Whether the first root and the second are accepted by a fresh client, and whether each is by
    /// one that has accepted the first before.
    accepts: Accepts,
}

/// The verdicts on the collection with its first root, seen by a fresh client and by one that knew it,
/// and on that with the second, likewise.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Accepts {
    fresh: bool,
    cached: bool,
    fresh_rotated: bool,
    follows: bool,
}

const ALL: Accepts = Accepts { fresh: true, cached: true, fresh_rotated: true, follows: true };
const NONE: Accepts = Accepts { fresh: false, cached: false, fresh_rotated: false, follows: false };
/// Only the first root is pinned.
const FIRST: Accepts = Accepts { fresh: true, cached: true, fresh_rotated: false, follows: false };
/// Only the second is: who knows the first must not go on using it, and cannot follow it either.
const SECOND: Accepts = Accepts { fresh_rotated: true, ..NONE };
/// What is known already, and what follows from it.
const KNOWN: Accepts = Accepts { cached: true, follows: true, ..NONE };

const ROW: Row = Row { name: "", configured: "{}", kept: &[], demanded: None, accepts: ALL };

const ROWS: &[Row] = &[
    Row { name: "nothing", ..ROW },
    Row { name: "disable_tofu", configured: r#"{"disable_tofu":true}"#, accepts: KNOWN, ..ROW },
    Row { name: "exact", configured: r#"{"certs":{"GUN":["OLD"]}}"#, accepts: FIRST, ..ROW },
    Row { name: "both", configured: r#"{"certs":{"GUN":["OLD","NEW"]}}"#, ..ROW },
    Row { name: "the next", configured: r#"{"certs":{"GUN":["NEW"]}}"#, accepts: SECOND, ..ROW },
    Row { name: "wrong", configured: r#"{"certs":{"GUN":["OTHER"]}}"#, accepts: NONE, ..ROW },
    Row { name: "empty list", configured: r#"{"certs":{"GUN":[]}}"#, accepts: NONE, ..ROW },
    Row { name: "wildcard", configured: r#"{"certs":{"sim.*":["OLD"]}}"#, accepts: FIRST, ..ROW },
    Row { name: "star", configured: r#"{"certs":{"*":["OTHER"]}}"#, accepts: NONE, ..ROW },
    Row {
        name: "longest wildcard",
        configured: r#"{"certs":{"*":["OTHER"],"sim.example/*":["OLD"],"sim.*":["OTHER"]}}"#,
        accepts: FIRST,
        ..ROW
    },
    Row {
        name: "exact beats wildcard",
        configured: r#"{"certs":{"sim.example/app*":["OTHER"],"GUN":["OLD"]}}"#,
        accepts: FIRST,
        ..ROW
    },
    Row {
        name: "certs beat ca",
        configured: r#"{"certs":{"*":["OLD"]},"ca":{"GUN":"stranger.pem"}}"#,
        accepts: FIRST,
        ..ROW
    },
    Row {
        name: "another name, case apart",
        configured: r#"{"certs":{"Sim.example/app":["OTHER"]}}"#,
        ..ROW
    },
    Row { name: "ca", configured: r#"{"ca":{"sim.example/":"ca.pem"}}"#, ..ROW },
    Row {
        name: "longest ca",
        configured: r#"{"ca":{"sim":"stranger.pem","sim.example/":"ca.pem","":"stranger.pem"}}"#,
        ..ROW
    },
    Row { name: "other ca", configured: r#"{"ca":{"":"stranger.pem"}}"#, accepts: NONE, ..ROW },
    Row { name: "several cas", configured: r#"{"ca":{"":"several.pem"}}"#, ..ROW },
    Row { name: "expired ca", configured: r#"{"ca":{"":"expired.pem"}}"#, accepts: NONE, ..ROW },
    Row { name: "kept key", kept: &["--key", "OLD"], accepts: FIRST, ..ROW },
    Row { name: "kept keys", kept: &["--key", "OLD", "--key", "NEW"], ..ROW },
    Row { name: "kept wrong key", kept: &["--key", "OTHER"], accepts: NONE, ..ROW },
    Row { name: "kept ca", kept: &["--ca", "ca.pem"], ..ROW },
    Row { name: "kept other ca", kept: &["--ca", "stranger.pem"], accepts: NONE, ..ROW },
    Row { name: "kept cas", kept: &["--ca", "stranger.pem", "--ca", "ca.pem"], ..ROW },
    Row {
        name: "kept key and ca",
        kept: &["--ca", "ca.pem", "--key", "NEW"],
        accepts: SECOND,
        ..ROW
    },
    Row {
        name: "kept key and other ca",
        kept: &["--ca", "stranger.pem", "--key", "OLD"],
        accepts: NONE,
        ..ROW
    },
    Row { name: "--trust-root", demanded: Some("OLD"), accepts: FIRST, ..ROW },
    Row { name: "--trust-root of both", demanded: Some("OLD,NEW"), ..ROW },
    Row { name: "--trust-root wrong", demanded: Some("OTHER"), accepts: NONE, ..ROW },
    Row {
        name: "kept without tofu",
        configured: r#"{"disable_tofu":true}"#,
        kept: &["--key", "OLD"],
        accepts: FIRST,
        ..ROW
    },
    Row {
        name: "--trust-root without tofu",
        configured: r#"{"disable_tofu":true}"#,
        demanded: Some("OLD"),
        accepts: FIRST,
        ..ROW
    },
    Row {
        name: "configured and kept agree on the second only",
        configured: r#"{"certs":{"GUN":["OTHER","NEW"]}}"#,
        kept: &["--key", "OLD", "--key", "NEW"],
        accepts: SECOND,
        ..ROW
    },
    Row {
        name: "configured and kept do not agree",
        configured: r#"{"certs":{"GUN":["OLD"]}}"#,
        kept: &["--key", "NEW"],
        accepts: NONE,
        ..ROW
    },
    Row {
        name: "configured, kept, and --trust-root",
        configured: r#"{"ca":{"":"ca.pem"}}"#,
        kept: &["--key", "OLD", "--key", "NEW"],
        demanded: Some("OTHER,OLD"),
        accepts: FIRST,
    },
    Row {
        name: "--trust-root does not make up for a pin",
        configured: r#"{"certs":{"GUN":["OTHER"]}}"#,
        demanded: Some("OLD"),
        accepts: NONE,
        ..ROW
    },
];

/// The files about the collection that are kept, apart from the time of the last contact.
fn kept(notary: &Sandbox) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut files = snapshot_of(&notary.collection_dir(SIM_GUN));
    files.retain(|path, _| path.extension().is_some_and(|ending| ending == "json"));
    files
}

struct Client<'w> {
    world: &'w World,
    row: &'w Row,
    notary: Sandbox,
    configuration: String,
}

impl<'w> Client<'w> {
    fn new(world: &'w World, row: &'w Row) -> Self {
        let mut notary = Sandbox::new();
        notary.now = Some(sim_now());
        notary.write("ca.pem", &world.authority.pem);
        notary.write("stranger.pem", &world.stranger.pem);
        notary.write("expired.pem", &world.expired.pem);
        let several = [&world.expired, &world.stranger, &world.authority];
        notary.write("several.pem", several.map(|one| one.pem.as_str()).concat());
        let pinning = world.fill_in(row.configured).replace("GUN", SIM_GUN);
        let pinning: Value = serde_json::from_str(&pinning).unwrap();
        let configuration = json!({ "trust_pinning": pinning }).to_string();
        notary.write("pins.json", &configuration);
        notary.write("none.json", "{}");
        Self { world, row, notary, configuration }
    }

    /// Pins what is kept; without a copy, so that nothing contradicts it.
    fn pin(&self) {
        if !self.row.kept.is_empty() {
            let options = self.row.kept.iter().map(|word| self.world.fill_in(word));
            let words = ["trust", "pin", SIM_GUN].map(str::to_owned).into_iter().chain(options);
            let _ = self.notary.run(words).success();
        }
    }

    fn list(&self, server: &HttpServer, is_pinned: bool) -> crate::support::Outcome {
        let file = if is_pinned { "pins.json" } else { "none.json" };
        let demanded = self.row.demanded.filter(|_| is_pinned);
        let demanded = demanded.map(|ids| ["--trust-root".into(), self.world.fill_in(ids)]);
        let words = ["-s", &server.url, "-c", file, "list", SIM_GUN].map(str::to_owned);
        self.notary.run(words.into_iter().chain(demanded.into_iter().flatten()))
    }

    #[track_caller]
    fn judge(&self, server: &HttpServer, state: &str, is_accepted: bool) {
        let before = kept(&self.notary);
        let outcome = self.list(server, true);
        let what =
            format!("{} ({state}): {}\n{}", self.row.name, self.configuration, outcome.report());
        assert_eq!(outcome.code, if is_accepted { 0 } else { 3 }, "{what}");
        match is_accepted {
            true => {
                assert!(kept(&self.notary).contains_key(Path::new("metadata/root.json")), "{what}")
            }
            false => assert_eq!(kept(&self.notary), before, "{what}"),
        }
    }
}

fn judge_all(with_intermediate: bool) {
    let world = World::new(with_intermediate);
    let first = Published::sim(&world.first).serve();
    let mut both = Published::sim(&world.rotated);
    both.put_as("1.root.json", world.first["root"].clone());
    both.put_as("2.root.json", world.rotated["root"].clone());
    let rotated = both.serve();
    for row in ROWS {
        let Accepts { fresh, cached, fresh_rotated, follows } = row.accepts;
        for (server, state, expected) in
            [(&first, "fresh", fresh), (&rotated, "fresh, rotated", fresh_rotated)]
        {
            let client = Client::new(&world, row);
            client.pin();
            client.judge(server, state, expected);
        }
        for (server, state, expected) in
            [(&first, "pinned later", cached), (&rotated, "pinned later, rotated", follows)]
        {
            let client = Client::new(&world, row);
            let _ = client.list(&first, false).success();
            // A pin that contradicts what is trusted can only be there before.
            let copy = client.notary.trust_dir().join("tuf");
            let aside = client.notary.work().join("tuf");
            fs::rename(&copy, &aside).unwrap();
            client.pin();
            fs::rename(&aside, &copy).unwrap();
            client.judge(server, state, expected);
        }
        if fresh {
            let client = Client::new(&world, row);
            client.pin();
            client.judge(&first, "pinned before", true);
            client.judge(&first, "seen again", true);
            client.judge(&rotated, "seen again, rotated", follows);
        }
    }
}

#[test]
fn every_pin_in_every_state() {
    judge_all(false);
}

#[test]
fn every_pin_in_every_state_with_an_intermediate() {
    judge_all(true);
}
