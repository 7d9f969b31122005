//! Configured pins are never passed over in silence.

use super::GUN;
use crate::support::Sandbox;

#[test]
fn a_pin_that_nobody_would_look_at_is_refused() {
    let typo = "is not known; there can be ca, certs, disable_tofu";
    let twice = "occurs more than once";
    for (name, text, words) in [
        ("typo.json", r#"{"trust_pinning": {"disable_tofoo": true}}"#, typo),
        ("typo.json", r#"{"Trust_Pinning": {"cert": {}}}"#, typo),
        ("typo.toml", "[trust_pinning]\ndisable-tofu = true\n", typo),
        ("typo.yaml", "trust_pinning:\n  cas: {}\n", typo),
        ("twice.json", r#"{"trust_pinning": {"disable_tofu": true}, "trust_pinning": {}}"#, twice),
        ("twice.json", r#"{"trust_pinning": {"ca": {"a": "1", "a": "2"}}}"#, twice),
        ("case.json", r#"{"trust_pinning": {"disable_tofu": true}, "Trust_Pinning": {}}"#, twice),
        ("case.toml", "[trust_pinning]\ndisable_tofu = true\nDisable_TOFU = false\n", twice),
        ("case.yaml", "trust_pinning: {}\nTRUST_PINNING: {}\n", twice),
        ("twice.toml", "[trust_pinning]\n[trust_pinning]\n", "cannot be parsed"),
        ("twice.yaml", "trust_pinning: {}\ntrust_pinning: {}\n", "cannot be parsed"),
    ] {
        let notary = Sandbox::new();
        let path = notary.write(name, text);
        let path = path.to_str().unwrap();
        let _ = notary.refuses(["-c", path, "status", GUN], 2, &[words, path]);
    }
}

#[test]
fn what_a_configuration_can_say_is_still_read() {
    let notary = Sandbox::new();
    let text = r#"{
        "x": [1, -2, 0.5, null, true, "\u00e9", {"a": {}, "A": {}}],
        "trust_pinning": {"ca": {"example.com": "a", "Example.com": "b"}, "Disable_Tofu": false}
    }"#;
    let path = notary.write("config.json", text);
    let _ = notary.run(["-c", path.to_str().unwrap(), "status", GUN]).success();
}
