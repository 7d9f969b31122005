//! Keys on hardware tokens, with SoftHSM for a token.

mod publishing;

use crate::support::{NotaryServer, Sandbox, SoftTokens};

const GUN: &str = "example.com/app";

/// A publisher whose token is plugged in.
fn publisher(server: &NotaryServer, tokens: &SoftTokens) -> Sandbox {
    let mut notary = Sandbox::with_server(&server.url);
    tokens.plug_into(&mut notary);
    notary.write("file", "content\n");
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
