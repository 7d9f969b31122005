//! The same requests as in traces of Notary 0.7 get the same answers.

use std::collections::BTreeSet;

use notary::server::http::Behaviour;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::site::Shared;
use super::wire::{Answer, Local, ask, get, post};
use crate::support::{GoClient, read_golden};

const GUN: &str = "golden.example/http";

/// What Go's client does once more instead of the uploads of the trace, whose keys are not here.
const UPLOADS: &[(&str, &[&str])] = &[
    ("02-first-publish", &["publish", GUN]),
    ("04-publish-one-target", &["publish", GUN]),
    ("05-rotate-snapshot-to-server", &["key", "rotate", GUN, "snapshot", "-r"]),
    ("06-publish-with-server-snapshot", &["publish", GUN]),
    ("07-publish-nothing-server-snapshot", &[]),
    ("09-rotate-root", &["key", "rotate", GUN, "root"]),
];

const STEPS: &[&str] = &[
    "01-init",
    "02-first-publish",
    "03-list-after-first-publish",
    "04-publish-one-target",
    "05-rotate-snapshot-to-server",
    "06-publish-with-server-snapshot",
    "07-publish-nothing-server-snapshot",
    "08-list-stale-client",
    "09-rotate-root",
    "10-misc-and-errors",
    "11-delete-remote",
    "12-list-after-delete",
];

/// A path of the trace with the hash of our file in it.
fn our_path(server: &Local, path: &str) -> String {
    let Some((base, name)) = path.rsplit_once('/') else { return path.to_owned() };
    let Some((role, "json")) = name.rsplit_once('.') else { return path.to_owned() };
    let Some((role, hash)) = role.split_once('.') else { return path.to_owned() };
    if hash.len() != 64 {
        return path.to_owned();
    }
    let file = get(&server.address, &format!("{base}/{role}.json")).body;
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &file);
    format!("{base}/{role}.{}.json", data_encoding::HEXLOWER.encode(digest.as_ref()))
}

/// What must be the same in bodies: the names of members, but for ids; kinds; versions of what the
/// server signs; errors, but for the words of Go's library.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let is_id = |name: &str| name.len() == 64;
            let shaped = members.iter().map(|(name, value)| {
                let kept = ["_type", "code", "message", "Msg", "Name", "GUN", "Category", "count"];
                let value = if kept.contains(&&**name) && value.is_string() {
                    value.clone()
                } else {
                    shape(value)
                };
                (if is_id(name) { "ID".to_owned() } else { name.clone() }, value)
            });
            Value::Object(shaped.collect())
        }
        Value::Array(items) => {
            let shapes: BTreeSet<String> =
                items.iter().map(|item| shape(item).to_string()).collect();
            json!(shapes)
        }
        Value::Null => Value::Null,
        _ => json!("value"),
    }
}

/// What is compared of an answer.
fn gist(status: u16, header: impl Fn(&str) -> Option<String>, body: &[u8]) -> Value {
    // Go's server says "UTC", which HTTP does not know.
    let modified = header("last-modified").map(|date| date.replace("UTC", "GMT").len());
    json!({
        "status": status,
        "type": header("content-type"),
        "cache": header("cache-control"),
        "modified": modified,
        "body": match serde_json::from_slice::<Value>(body) {
            Ok(value) => shape(&value),
            Err(_) => json!(String::from_utf8_lossy(body)),
        },
    })
}

fn expected(response: &Value) -> Value {
    let status = response["status"].as_u64().unwrap();
    let headers = response["headers"].as_object().unwrap();
    let header = |name: &str| {
        let found = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str().unwrap().to_owned())
    };
    let body = response["body"].as_str().unwrap();
    gist(u16::try_from(status).unwrap(), header, body.as_bytes())
}

fn found(answer: &Answer) -> Value {
    gist(answer.status, |name| answer.header(name).map(str::to_owned), &answer.body)
}

#[test]
fn requests_of_go_clients_get_the_answers_of_gos_server() {
    let storage = Shared::new();
    // Go's local signer has keys of this kind.
    let service = storage.service_with(notary::server::Algorithm::Ed25519, None);
    let server = Local::start_at(service, Behaviour::default(), OffsetDateTime::now_utc);
    let notary = GoClient::new(&server.url());
    std::fs::write(notary.directory().join("file"), "content\n").unwrap();
    let add = |name: &str| drop(notary.run(["add", GUN, name, "file"]));
    notary.run(["init", GUN]);
    let mut compared = 0;
    for step in STEPS {
        match *step {
            "04-publish-one-target" => add("v1"),
            "06-publish-with-server-snapshot" => add("v2"),
            _ => {}
        }
        let trace: Value =
            serde_json::from_slice(&read_golden(format!("13-http/{step}.json"))).unwrap();
        for exchange in trace["exchanges"].as_array().unwrap() {
            let (request, response) = (&exchange["request"], &exchange["response"]);
            let text = |name: &str| request[name].as_str().unwrap();
            let (method, path, body) = (text("method"), text("path"), text("body"));
            let is_upload =
                method == "POST" && path.ends_with("/tuf/") && response["status"] == 200;
            let context = format!("{step}: {method} {path}");
            if is_upload {
                let (_, line) = UPLOADS.iter().find(|(known, _)| known == step).unwrap();
                if line.is_empty() {
                    // No parts at all, exactly as in the trace.
                    let kind = request["headers"]["Content-Type"].as_str().unwrap();
                    let headers = [("Content-Type", kind)];
                    let answer = ask(&server.address, method, path, &headers, body.as_bytes());
                    assert_eq!(found(&answer), expected(response), "{context}");
                } else {
                    notary.run(line.iter());
                }
                continue;
            }
            let code = response["body"].as_str().unwrap();
            let answer = if code.contains("\"VERSION\"") {
                // The file in the trace has foreign keys; ours is as little new.
                let root = get(&server.address, &format!("/v2/{GUN}/_trust/tuf/root.json")).body;
                post(&server.address, GUN, &super::wire::form([("root", &*root)]))
            } else {
                let path = our_path(&server, path);
                let kind = request["headers"]["Content-Type"].as_str();
                let headers: Vec<_> = kind.map(|kind| ("Content-Type", kind)).into_iter().collect();
                ask(&server.address, method, &path, &headers, body.as_bytes())
            };
            assert_eq!(found(&answer), expected(response), "{context}");
            compared += 1;
        }
    }
    assert!(compared > 50, "{compared}");
}
