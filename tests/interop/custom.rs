//! Custom data of targets: what we sign must be something that Go clients can publish on top of.

use super::{GUN, Pair};

/// Custom data that both programs can publish.
const ACCEPTED: &[&str] = &[
    r#"{ "b" : [1, 2, {"z": null, "a": true}], "a": "text" }"#,
    r#""just text""#,
    "null",
    "[]",
    "-0",
    "9007199254740991",
    "-9007199254740991",
    "1e2",
    "1.0",
    r#"{"slash":"a\/b","unicode":"\u00e9\ud83c\udf89","quote":"\"\\"}"#,
    r#"{"":"empty name"}"#,
];

/// Custom data that somebody could not sign or verify, and why.
const REFUSED: &[(&str, &str)] = &[
    ("1.5", "number"),
    ("1e20", "number"),
    ("1e400", "number"),
    ("9007199254740993", "number"),
    ("18446744073709551616", "number"),
    (r#"{"a":1,"a":2}"#, "\"a\""),
    (r#""tab\t""#, "control characters"),
    (r#""<html>""#, "`<`"),
    (r#"{"url":"https://example.com/?a=1&b=2"}"#, "`&`"),
    (r#"{"<":1}"#, "`<`"),
    (r#""\u2028""#, "U+2028"),
    ("{", "end"),
    ("", "end"),
];

#[test]
fn go_publishes_on_top_of_whatever_custom_data_we_accept() {
    let pair = Pair::made_by_go();
    let file = pair.ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    let mut present = 0;
    for (index, custom) in ACCEPTED.iter().enumerate() {
        let json = pair.ours.write("custom.json", custom);
        let add = ["add", "-p", GUN, &format!("ours {index}"), file, "--custom"];
        pair.ours.run(add.into_iter().chain(json.to_str())).success();
        pair.go.run(["add", "-p", GUN, &format!("go {index}"), file]);
        present += 2;
        let list = pair.agreed_list();
        assert_eq!(list.lines().count(), 2 + present, "{custom}\n{list}");
    }
    // What Go signed again is still what we staged.
    let listed = pair.ours.run(["list", GUN, "--json"]).json();
    let targets = listed["targets"].as_array().unwrap();
    let ours = targets.iter().find(|target| target["name"] == "ours 0").unwrap();
    let expected = serde_json::json!({"a": "text", "b": [1, 2, {"a": true, "z": null}]});
    assert_eq!(ours["custom"], expected);
}

#[test]
fn custom_data_that_some_client_cannot_sign_is_refused_when_it_is_staged() {
    let pair = Pair::made_by_go();
    let file = pair.ours.write("payload", "payload");
    for (custom, why) in REFUSED {
        let json = pair.ours.write("custom.json", custom);
        let add = ["add", GUN, "v1", file.to_str().unwrap(), "--custom", json.to_str().unwrap()];
        let _ = pair.ours.run(add).failure(1, &["custom.json` cannot be signed", why]);
    }
    let nothing = format!("No unpublished changes for {GUN}\n");
    assert_eq!(pair.ours.run(["status", GUN]).success(), nothing);
}

#[test]
fn custom_data_that_go_staged_although_nobody_can_publish_it_is_named() {
    let pair = Pair::made_by_go();
    let shared = pair.sharing();
    let file = pair.ours.write("payload", "payload");
    let file = file.to_str().unwrap();
    for custom in ["1.5", "1e20", "9007199254740993", r#""<html>""#, r#""tab\t""#] {
        let json = pair.ours.write("custom.json", custom);
        shared.run(["add", GUN, "fine", file]);
        shared.run(["add", GUN, "v1", file, "--custom", json.to_str().unwrap()]);
        let words =
            ["staged change 1 (add \"v1\" in targets)", "reset interop.example.com/app -n 1"];
        let _ = pair.ours.run(["publish", GUN]).failure(1, &words);
        // Both are still there; the good one can be published once the bad one was dropped.
        pair.ours.run(["reset", GUN, "-n", "1"]).success();
        pair.ours.run(["publish", GUN]).success();
        assert!(pair.agreed_list().contains("fine "), "{custom}");
        pair.ours.run(["remove", "-p", GUN, "fine"]).success();
    }
    assert_eq!(pair.agreed_list(), super::EMPTY_LIST);
}
