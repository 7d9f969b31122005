//! Keys on hardware tokens, with SoftHSM for a token.

mod keys;
mod pins;
mod publishing;
mod refusals;

use crate::support::{NotaryServer, Outcome, PIN, Sandbox, SoftTokens};

const GUN: &str = "example.com/app";

/// A publisher whose token is plugged in.
fn publisher(server: &NotaryServer, tokens: &SoftTokens) -> Sandbox {
    publisher_with(server, tokens, &uri(""))
}

/// A publisher who names a token.
fn publisher_with(server: &NotaryServer, tokens: &SoftTokens, uri: &str) -> Sandbox {
    let mut notary = Sandbox::with_server(&server.url);
    tokens.plug_into_as(&mut notary, uri);
    notary.vars.insert("NOTARY_PKCS11_PIN".into(), PIN.into());
    notary.write("file", "content\n");
    notary
}

/// The URI of a token that SoftHSM's module reaches.
fn uri(attributes: &str) -> String {
    format!("pkcs11:{attributes}?module-path={}", SoftTokens::module().display())
}

/// Names another token.
fn renamed(mut notary: Sandbox, uri: &str) -> Sandbox {
    let at = notary.options.iter().position(|option| option == "--pkcs11").unwrap();
    notary.options[at + 1] = uri.to_owned();
    notary
}

/// The keys that are listed, as role and where they are.
fn listed(notary: &Sandbox) -> Vec<(String, String)> {
    let keys = notary.run_process(["key", "list", "--json"]).json();
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let place = |key: &serde_json::Value| text(&key["token"]).unwrap_or_else(|| "file".to_owned());
    let keys = keys["keys"].as_array().unwrap();
    keys.iter().map(|key| (text(&key["role"]).unwrap(), place(key))).collect()
}

/// Makes sure that a run failed with one error block, and no warning besides it.
#[track_caller]
fn assert_one_error(outcome: Outcome, code: u8, words: &[&str]) {
    let outcome = outcome.failure(code, words);
    assert_eq!(outcome.stderr.matches("error: ").count(), 1, "{}", outcome.report());
    assert_eq!(outcome.stderr.matches("warning: ").count(), 0, "{}", outcome.report());
}
