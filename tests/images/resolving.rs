//! `image resolve`: what Docker would pull, and nothing else.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use serde_json::json;

use crate::support::{HttpServer, Published, Response, SIM_GUN, Sandbox, Sim, sim_now};

/// The hash of what stands for a manifest.
fn sha256(text: impl AsRef<[u8]>) -> String {
    HEXLOWER.encode(digest(&SHA256, text.as_ref()).as_ref())
}

fn reader(sim: &Sim) -> (Sandbox, HttpServer) {
    let server = Published::sim(&sim.publish()).serve();
    let mut notary = Sandbox::with_server(&server.url);
    notary.now = Some(sim_now());
    (notary, server)
}

/// What is not trusted is not printed.
#[track_caller]
fn refuses(notary: &Sandbox, image: &str, code: u8, words: &[&str]) {
    let outcome = notary.run(["image", "resolve", image]).failure(code, words);
    assert_eq!(outcome.stdout, "");
}

fn image(tag: &str) -> String {
    format!("{SIM_GUN}:{tag}")
}

/// `targets` and `targets/releases` have both signed `both`, each one of its own, and others.
fn released() -> Sim {
    let mut sim = Sim::new();
    sim.delegate("targets/alice", &[""]);
    sim.delegate("targets/releases", &[""]);
    sim.add_target("targets", "both", "old").add_target("targets", "top", "of targets");
    sim.add_target("targets/releases", "both", "new");
    sim.add_target("targets/alice", "tested", "only by alice");
    sim
}

#[test]
fn releases_go_before_targets_and_nothing_else_counts() {
    let (notary, _server) = reader(&released());
    let resolved = |tag| notary.run(["image", "resolve", &image(tag)]).success();
    assert_eq!(resolved("both"), format!("{SIM_GUN}@sha256:{}\n", sha256("new")));
    assert_eq!(resolved("top"), format!("{SIM_GUN}@sha256:{}\n", sha256("of targets")));
    let words = ["\"tested\" is found in targets/alice,", "`notary list sim.example/app`"];
    refuses(&notary, &image("tested"), 4, &words);
    let words = ["sim.example/app has no target \"none\""];
    refuses(&notary, &image("none"), 4, &words);
}

#[test]
fn what_is_below_releases_is_not_released() {
    let mut sim = released();
    sim.delegate("targets/releases/beta", &[""]);
    sim.add_target("targets/releases/beta", "top", "beta");
    let (notary, _server) = reader(&sim);
    // As with Docker's client, what is found first counts, and then that it is not released.
    let words = ["\"top\" is found in targets/releases/beta,"];
    refuses(&notary, &image("top"), 4, &words);
}

#[test]
fn the_tag_is_latest_unless_one_is_given() {
    let mut sim = Sim::new();
    sim.add_target("targets", "latest", "newest");
    let (notary, _server) = reader(&sim);
    let line = notary.run(["image", "resolve", SIM_GUN, "-q"]).success();
    assert_eq!(line, format!("{SIM_GUN}@sha256:{}\n", sha256("newest")));
}

#[test]
fn a_digest_must_be_the_signed_one() {
    let (notary, _server) = reader(&released());
    let new = format!("sha256:{}", sha256("new"));
    let old = format!("sha256:{}", sha256("old"));
    let tested = format!("sha256:{}", sha256("only by alice"));
    for good in [format!("{SIM_GUN}:both@{new}"), format!("{SIM_GUN}@{new}")] {
        let line = notary.run(["image", "resolve", &good]).success();
        assert_eq!(line, format!("{SIM_GUN}@{new}\n"), "{good}");
    }
    let with_tag = format!("{SIM_GUN}:both@{old}");
    let words =
        format!("{old} is not the trusted digest of \"both\": targets/releases signed {new}");
    refuses(&notary, &with_tag, 3, &[&words]);
    // What `targets` has signed is hidden for everybody by what `targets/releases` has.
    for bad in [&old, &tested] {
        let words = format!("{bad} is not the trusted digest of any tag");
        refuses(&notary, &format!("{SIM_GUN}@{bad}"), 3, &[&words]);
    }
}

#[test]
fn json_has_the_role_and_the_size() {
    let (notary, _server) = reader(&released());
    let digest = format!("sha256:{}", sha256("new"));
    let report = notary.run(["image", "resolve", &image("both"), "--json"]).json();
    assert_eq!(report["image"], format!("{SIM_GUN}@{digest}"));
    assert_eq!(report["digest"], digest);
    assert_eq!(report["gun"], SIM_GUN);
    assert_eq!(report["source"], json!({ "kind": "server" }));
    assert_eq!(report["target"]["role"], "targets/releases");
    assert_eq!(report["target"]["name"], "both");
    assert_eq!(report["target"]["length"], 3);
}

#[test]
fn images_without_sha256_are_not_trusted() {
    let mut sim = Sim::new();
    sim.add_target("targets", "odd", "text");
    sim.unset("targets", "/targets/odd/hashes/sha256");
    let (notary, _server) = reader(&sim);
    let words = ["targets signed \"odd\" without a SHA-256"];
    refuses(&notary, &image("odd"), 3, &words);
}

#[test]
fn what_cannot_be_verified_is_not_trusted() {
    // The file of the role that goes first is not there, so nobody knows what it signed.
    let files = released().publish();
    let mut published = Published::sim(&files);
    published.put_as(
        &format!("targets/releases.{}.json", sha256(&files["targets/releases"])),
        b"{}".to_vec(),
    );
    let server = published.serve();
    let mut notary = Sandbox::with_server(&server.url);
    notary.now = Some(sim_now());
    let words = ["targets/releases, which may have signed \"both\", cannot be read"];
    refuses(&notary, &image("both"), 3, &words);

    // All of it is outdated.
    let (mut notary, _server) = reader(&released());
    notary.now = Some(sim_now() + time::Duration::days(365 * 20));
    refuses(&notary, &image("both"), 3, &["expired"]);
}

#[test]
fn targets_does_not_stand_in_for_releases_that_cannot_be_read() {
    let expired = |sim: &mut Sim, role: &str| {
        sim.expires(role, sim_now() - time::Duration::days(1));
    };
    let mut outdated = released();
    expired(&mut outdated, "targets/releases");
    let mut unsigned = released();
    unsigned.signatures("targets/releases", json!([]));
    for (sim, why) in [(outdated, "expired"), (unsigned, "sign")] {
        let (notary, _server) = reader(&sim);
        // It would be what `targets` has, and once was the newest; `top` may be signed there as well.
        for tag in ["both", "top", "none"] {
            let words = format!("targets/releases, which may have signed {tag:?}, cannot be read");
            refuses(&notary, &image(tag), 3, &[&words, why]);
        }
        for text in ["old", "of targets", "new"] {
            let digest = format!("sha256:{}", sha256(text));
            let words = ["targets/releases, which may have signed \"", why];
            refuses(&notary, &format!("{SIM_GUN}@{digest}"), 3, &words);
        }
    }

    // What it may not have signed is that of `targets`, and what it has signed is not asked of others.
    let mut sim = Sim::new();
    sim.delegate("targets/releases", &["1."]).delegate("targets/alice", &[""]);
    sim.add_target("targets", "2.0", "two");
    expired(&mut sim, "targets/releases");
    let (notary, _server) = reader(&sim);
    let two = format!("{SIM_GUN}@sha256:{}", sha256("two"));
    for image in [&image("2.0"), &two] {
        assert_eq!(notary.run(["image", "resolve", image]).success(), format!("{two}\n"));
    }
    let mut sim = released();
    expired(&mut sim, "targets/alice");
    let (notary, _server) = reader(&sim);
    let line = notary.run(["image", "resolve", &image("both")]).success();
    assert_eq!(line, format!("{SIM_GUN}@sha256:{}\n", sha256("new")));
    // A role below it would go before `targets`, too, but not before itself.
    let mut sim = released();
    sim.delegate("targets/releases/beta", &[""]);
    expired(&mut sim, "targets/releases/beta");
    let (notary, _server) = reader(&sim);
    let line = notary.run(["image", "resolve", &image("both")]).success();
    assert_eq!(line, format!("{SIM_GUN}@sha256:{}\n", sha256("new")));
    let words = ["targets/releases/beta, which may have signed \"top\", cannot be read"];
    refuses(&notary, &image("top"), 3, &words);
}

#[test]
fn collections_that_are_not_there_have_a_code_of_their_own() {
    let server = HttpServer::start(|_| Response::not_found());
    let notary = Sandbox::with_server(&server.url);
    refuses(&notary, "alpine:3.20", 4, &["docker.io/library/alpine"]);
    let asked = &server.requests()[0].path;
    assert!(asked.starts_with("/v2/docker.io/library/alpine/_trust/tuf/"), "{asked}");
    for (bad, words) in [
        ("Alpine", "small letters"),
        ("https://host.example/app", "does not begin with `https://`"),
        ("alpine@sha256:12", "64 hex digits"),
        ("a..b/c", "no host"),
    ] {
        refuses(&notary, bad, 2, &[words]);
    }
    let long = format!("example.com/{}", "a".repeat(250));
    refuses(&notary, &long, 2, &["more than 255 bytes"]);
}

#[test]
fn the_copy_on_this_machine_serves_offline_until_it_expires() {
    let (notary, server) = reader(&released());
    let online = notary.run(["image", "resolve", &image("both")]).success();
    server.forget();
    let offline = notary.run(["--offline", "image", "resolve", &image("both")]);
    assert!(offline.stderr.contains("using the copy on this machine"), "{}", offline.report());
    assert_eq!(offline.success(), online);
    assert_eq!(server.brief(), [""; 0]);
}
