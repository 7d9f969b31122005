//! The protocol: paths, methods, headers, parameters and forms of answers.

use std::time::Duration;

use notary::server::http::{Behaviour, Caching};
use serde_json::{Value, json};

use super::site::Site;
use super::wire::{Local, ask, form, get, media_type, parse, post, send};
use crate::support::SIM_GUN;

const TEXT: &str = "text/plain; charset=utf-8";
const CURRENT: &str = "public, max-age=300, s-maxage=300, must-revalidate";
const CONSISTENT: &str = "public, max-age=2592000, s-maxage=2592000";

fn base() -> String {
    format!("/v2/{SIM_GUN}/_trust/tuf/")
}

/// A published collection, and a server that has it.
fn start(behaviour: Behaviour) -> (Site, Local) {
    let site = Site::published();
    let server = Local::start(site.storage.service(), behaviour);
    (site, server)
}

#[test]
fn every_kind_of_file_has_its_headers() {
    let (site, server) = start(Behaviour::default());
    let hash = site.served("targets").unwrap().file.sha256;
    for (name, cache) in [
        ("root.json".to_owned(), CURRENT),
        ("timestamp.json".to_owned(), CURRENT),
        ("snapshot.json".to_owned(), CURRENT),
        ("targets.json".to_owned(), CURRENT),
        ("1.root.json".to_owned(), CONSISTENT),
        ("01.timestamp.json".to_owned(), CONSISTENT),
        (format!("targets.{hash}.json"), CONSISTENT),
        (format!("targets.{}.json", hash.to_uppercase()), CONSISTENT),
    ] {
        let answer = get(&server.address, &format!("{}{name}", base()));
        assert_eq!(answer.status, 200, "{name}");
        assert_eq!(answer.header("content-type"), Some(TEXT), "{name}");
        assert_eq!(answer.header("cache-control"), Some(cache), "{name}");
        assert_eq!(answer.header("last-modified"), Some("Sat, 21 Nov 2026 03:00:00 GMT"));
        let length = answer.body.len().to_string();
        assert_eq!(answer.header("content-length"), Some(&*length), "{name}");
        for absent in ["etag", "pragma", "content-encoding"] {
            assert_eq!(answer.header(absent), None, "{name}");
        }
        let role = name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let role = role.split('.').next().unwrap();
        assert_eq!(answer.body, site.served(role).unwrap().file.bytes, "{name}");
    }
}

#[test]
fn nothing_but_files_may_be_kept_by_others() {
    let (_, server) = start(Behaviour::default());
    for (path, media_type, status) in [
        ("/v2/".to_owned(), TEXT, 200),
        ("/_notary_server/health".to_owned(), TEXT, 200),
        (format!("{}timestamp.key", base()), TEXT, 200),
        ("/v2/_trust/changefeed?records=1".to_owned(), TEXT, 200),
        (format!("{}9.root.json", base()), "application/json; charset=utf-8", 404),
    ] {
        let answer = get(&server.address, &path);
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), Some(media_type), "{path}");
        for absent in ["cache-control", "last-modified"] {
            assert_eq!(answer.header(absent), None, "{path}");
        }
    }
    assert_eq!(get(&server.address, "/v2/").body, b"{}");
}

#[test]
fn how_long_files_may_be_kept_is_a_setting() {
    let caching = Caching { current: Duration::ZERO, consistent: Duration::from_secs(7) };
    let (_, server) = start(Behaviour { caching, ..Behaviour::default() });
    let current = get(&server.address, &format!("{}root.json", base()));
    assert_eq!(current.header("cache-control"), Some("max-age=0, no-cache, no-store"));
    assert_eq!(current.header("pragma"), Some("no-cache"));
    let consistent = get(&server.address, &format!("{}1.root.json", base()));
    assert_eq!(consistent.header("cache-control"), Some("public, max-age=7, s-maxage=7"));
}

#[test]
fn keys_are_public_halves_of_the_two_roles() {
    let (site, server) = start(Behaviour::default());
    for role in ["timestamp", "snapshot"] {
        let path = format!("{}{role}.key", base());
        let now = get(&server.address, &path).json();
        let ids = site.payload("root")["roles"][role]["keyids"].clone();
        let published = &site.payload("root")["keys"][ids[0].as_str().unwrap()];
        assert_eq!(now, *published, "{role}");
        let next = ask(&server.address, "POST", &path, &[], b"");
        assert_eq!(next.status, 200);
        let next = next.json();
        assert_ne!(next["keyval"]["public"], now["keyval"]["public"], "{role}");
        assert_eq!(ask(&server.address, "POST", &path, &[], b"").json(), next, "{role}");
    }
    for role in ["root", "targets", "targets/a", "bogus"] {
        let answer = get(&server.address, &format!("{}{role}.key", base()));
        assert_eq!((answer.status, &*answer.code()), (404, "METADATA_NOT_FOUND"), "{role}");
    }
}

#[test]
fn methods_are_those_of_the_protocol() {
    let (_, server) = start(Behaviour::default());
    let root = format!("{}root.json", base());
    for (method, path, status) in [
        ("HEAD", &*root, 404),
        ("PUT", &*root, 404),
        ("POST", &*root, 404),
        ("DELETE", &*root, 404),
        ("POST", "/v2/", 404),
        ("GET", &*base(), 404),
        ("PUT", "/v2/x", 404),
        ("OPTIONS", &*root, 405),
        ("PATCH", &*root, 405),
        ("BREW", "/v2/", 405),
        ("DELETE", "/v2/unknown/_trust/tuf/", 200),
        ("DELETE", &*base(), 200),
        ("GET", &*root, 404),
    ] {
        let answer = ask(&server.address, method, path, &[], b"");
        assert_eq!(answer.status, status, "{method} {path}");
        if status == 200 {
            assert_eq!(answer.body, b"");
        }
    }
}

#[test]
fn only_collections_with_the_right_beginning_are_served() {
    let prefixes = |list: &[&str]| Behaviour {
        gun_prefixes: list.iter().map(|&prefix| prefix.to_owned()).collect(),
        ..Behaviour::default()
    };
    let requests = |server: &Local| {
        let ask = |method: &str, name: &str| {
            ask(&server.address, method, &format!("{}{name}", base()), &[], b"").status
        };
        let feed = format!("/v2/{SIM_GUN}/_trust/changefeed?records=1");
        [
            ask("GET", "root.json"),
            ask("GET", "timestamp.key"),
            ask("POST", "timestamp.key"),
            get(&server.address, &feed).status,
            ask("DELETE", ""),
        ]
    };
    let (site, server) = start(prefixes(&["sim.example/"]));
    assert_eq!(requests(&server), [200; 5]);
    assert!(site.served("root").is_err());
    let (site, server) = start(prefixes(&["sim.example/ap/", "example.com/"]));
    assert_eq!(requests(&server), [404; 5]);
    let refused = post(&server.address, SIM_GUN, &form([]));
    assert_eq!((refused.status, &*refused.code()), (400, "INVALID_GUN"));
    assert!(site.served("root").is_ok());
    assert_eq!(get(&server.address, "/v2/").status, 200);
}

#[test]
fn the_feed_takes_numbers() {
    let (site, server) = start(Behaviour::default());
    for _ in 0..4 {
        site.upload(&[]).unwrap();
    }
    site.service.delete(&site.sim.gun, site.sim.now).unwrap();
    let ids = |query: &str| {
        let answer = get(&server.address, &format!("/v2/_trust/changefeed{query}"));
        assert_eq!(answer.status, 200, "{query}");
        let answer = answer.json();
        let ids = |value: &Value| value["ID"].as_str().unwrap().parse().unwrap();
        let records: Vec<u64> = answer["records"].as_array().unwrap().iter().map(ids).collect();
        assert_eq!(answer["count"], records.len(), "{query}");
        records
    };
    for (query, expected) in [
        ("?records=2", &[1, 2][..]),
        ("?records=0", &[1, 2, 3, 4, 5, 6]),
        ("?records=99999999999", &[1, 2, 3, 4, 5, 6]),
        ("?records=2&change_id=3", &[4, 5]),
        ("?records=2&change_id=6", &[]),
        ("?records=-2&change_id=3", &[1, 2]),
        ("?records=-2&change_id=-1", &[5, 6]),
        ("?records=2&change_id=-1", &[5, 6]),
        ("?records=-9223372036854775808&change_id=3", &[1, 2]),
        ("?records=1&change_id=&other=x", &[1]),
    ] {
        assert_eq!(ids(query), expected, "{query}");
    }
    for query in ["", "?records=", "?records=x", "?records=1.5", "?records=1&change_id=x"] {
        let answer = get(&server.address, &format!("/v2/_trust/changefeed{query}"));
        assert_eq!((answer.status, &*answer.code()), (400, "INVALID_PARAMETERS"), "{query}");
    }
    let of = |gun: &str| {
        let path = format!("/v2/{gun}/_trust/changefeed?records=-1&change_id=-1");
        get(&server.address, &path).json()
    };
    let deletion = json!({
        "count": 1,
        "records": [{
            "ID": "6",
            "CreatedAt": "2026-11-21T03:00:00Z",
            "GUN": SIM_GUN,
            "Version": 0,
            "SHA256": "",
            "Category": "deletion",
        }],
    });
    assert_eq!(of(SIM_GUN), deletion);
    assert_eq!(of("unknown"), json!({ "count": 0, "records": [] }));
}

#[test]
fn paths_lead_nowhere_but_to_collections() {
    let (_, server) = start(Behaviour::default());
    let long = "a/".repeat(3000);
    for path in [
        "/",
        "//",
        "/v2",
        "/v2/..",
        "/v2/../../etc/passwd",
        "/v2/%2e%2e/_trust/tuf/root.json",
        "/v2/sim.example/app/../app/_trust/tuf/root.json",
        "/v2/sim.example//app/_trust/tuf/root.json",
        "//v2/sim.example/app/_trust/tuf/root.json",
        "/v2/sim.example/app/_trust/tuf/%2e%2e/root.json",
        "/v2/sim.example/app/_trust/tuf/root.json/",
        "/v2/sim.example/app/_trust/tuf/root.json%00",
        "/v2/sim.example/app%00/_trust/tuf/root.json",
        "/v2/SIM.example/app/_trust/tuf/root.json",
        "/v2/sim.example/app/_trust/tuf/ROOT.json",
        "/v2/'%20OR%201=1--/_trust/tuf/root.json",
        "/v2/%25/_trust/tuf/root.json",
        "/v2/%ff%fe/_trust/tuf/root.json",
        &format!("/v2/{long}_trust/tuf/root.json"),
        "*",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = parse(&send(&server.address, request.as_bytes()));
        assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
    }
    // What is only spelled differently is the same, also with a whole address as proxies send it.
    for path in [
        "/v2/sim%2eexample/app/_trust/tuf/root.json",
        "/v2/sim.example%2Fapp/_trust/tuf/root.json",
        "http://x/v2/sim.example/app/_trust/tuf/root.json?query",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assert_eq!(parse(&send(&server.address, request.as_bytes())).status, 200, "{path}");
    }
}

#[test]
fn what_is_in_parts_of_any_kind_is_an_upload() {
    let site = Site::with_server_snapshot();
    let files = site.sim.publish();
    let body = form([("root.json", &*files["root"]), ("targets", &*files["targets"])]);
    let with_break = [b"\r\n", &*body].concat();
    for (body, media_type) in [
        (&body, media_type()),
        (&body, media_type().replace("form-data", "mixed")),
        (&body, media_type().replace("multipart", "MultiPart")),
        (&with_break, media_type()),
    ] {
        let server = Local::start(site.storage.service(), Behaviour::default());
        let headers = [("Content-Type", &*media_type)];
        let answer = ask(&server.address, "POST", &base(), &headers, body);
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!((answer.status, said), (200, String::new()), "{media_type}");
        site.read().unwrap();
        site.service.delete(&site.sim.gun, site.sim.now).unwrap();
    }
}

#[test]
fn answers_are_compressed_for_those_who_ask_for_it_also_over_http_2() {
    let (site, server) = start(Behaviour::default());
    let expected = site.served("root").unwrap().file.bytes;
    let path = format!("{}root.json", base());
    let packed = ask(&server.address, "GET", &path, &[("Accept-Encoding", "gzip")], b"");
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.header("vary").is_some_and(|vary| vary.contains("accept-encoding")));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let fetched = runtime.block_on(async {
        let client = reqwest::Client::builder().http2_prior_knowledge().no_proxy().build().unwrap();
        let answer = client.get(format!("{}{path}", server.url())).send().await.unwrap();
        assert_eq!(answer.version(), reqwest::Version::HTTP_2);
        answer.bytes().await.unwrap()
    });
    assert_eq!(fetched, expected);
}
