//! `key list`.

use clap::Args;
use serde::Serialize;

use crate::commands::{OutputArgs, Session};
use crate::error::CliError;
use crate::keys::{KeyInfo, KeyStore as _};
use crate::ui::text::Table;

/// List the private keys of this machine
///
/// Shows the role of each key and, for keys that serve one collection only, its name. Root keys and
/// keys of delegations may serve many. Nothing is decrypted.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary key list
  notary key list --json | jq -r '.keys[] | select(.role == \"root\") | .key_id'")]
pub struct ListArgs {
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct KeysOutput {
    keys: Vec<KeyOutput>,
}

#[derive(Serialize)]
struct KeyOutput {
    role: String,
    gun: Option<String>,
    /// The canonical id.
    key_id: String,
    file: String,
    encrypted: bool,
}

/// Runs `key list`.
pub fn list(session: &mut Session<'_>, args: &ListArgs) -> Result<(), CliError> {
    let store = session.key_store();
    let mut listing = store.list()?;
    // Root keys first, then by collection, role and id.
    listing.keys.sort_by(|a, b| {
        let order = |key: &KeyInfo| {
            let gun = key.gun.clone().unwrap_or_default();
            (key.role != "root", gun, key.role.clone(), key.id.clone())
        };
        order(a).cmp(&order(b))
    });
    for unreadable in &listing.unreadable {
        session.ui.warning_about(&unreadable.to_string(), unreadable);
    }
    if args.output.is_json() {
        let keys = listing.keys.into_iter().map(|key| KeyOutput {
            role: key.role,
            gun: key.gun,
            key_id: key.id.to_string(),
            file: key.location.display().to_string(),
            encrypted: key.encrypted,
        });
        return Ok(session.ui.json(&KeysOutput { keys: keys.collect() })?);
    }
    session.ui.line("")?;
    if listing.keys.is_empty() {
        session.ui.line("No signing keys found.")?;
    } else {
        let location = store.directory().display().to_string();
        let row = |key: KeyInfo| {
            let gun = shorten(&key.gun.unwrap_or_default(), MAX_GUN);
            vec![key.role, gun, key.id.to_string(), shorten(&location, MAX_LOCATION)]
        };
        let rows = listing.keys.into_iter().map(row).collect();
        session.ui.table(&Table { header: &["ROLE", "GUN", "KEY ID", "LOCATION"], rows })?;
    }
    Ok(session.ui.line("")?)
}

const MAX_GUN: usize = 25;
const MAX_LOCATION: usize = 40;

/// Replaces the beginning of long text by dots; the end tells more.
fn shorten(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_owned();
    }
    let mut start = text.len() - (max - 3);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    format!("...{}", &text[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_keeps_its_end() {
        assert_eq!(shorten("short", 25), "short");
        assert_eq!(
            shorten("0123456789abcdefghijklmnopqrstuvwxyz", 25),
            "...efghijklmnopqrstuvwxyz"
        );
        assert_eq!(shorten("ééééééééé", 10), "...ééé");
    }
}
