//! `key list`.

use std::collections::BTreeSet;
use std::path::Path;

use clap::Args;
use serde::Serialize;

use crate::commands::{OutputArgs, Session};
use crate::error::CliError;
use crate::keys::KeyStore as _;
use crate::repo::inventory::{Inventory, KeyReport, KeyStatus, KeyUse};
use crate::tuf::role::Gun;
use crate::ui::text::Table;

/// List the private keys of this machine
///
/// Shows the role of each key and, for keys that serve one collection only, its name. Root keys and
/// keys of delegations may serve many. Nothing is decrypted. Keys on the hardware token are shown as
/// well, as far as it shows them before anybody logs in.
///
/// On a terminal, and with --long, it also shows what kind of key each is and its status: `in use`
/// when a collection that is cached on this machine names it, `orphan` when none does, `archived`
/// when it was taken out of use. `server` are the keys that are not here because the server signs
/// with them. With --all there are also the keys that somebody else has (`elsewhere`).
///
/// Collections that were never looked at from this machine are not known, so an orphan may still be
/// in use.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary key list
  notary key list --long --gun example.com/scripts
  notary key list --json | jq -r '.keys[] | select(.role == \"root\") | .key_id'
  notary key list --json | jq -r '.keys[] | select(.status == \"orphan\") | .key_id'")]
pub struct ListArgs {
    /// Only keys that were made for this collection or are in use for it (repeatable)
    #[arg(short, long, value_name = "GUN")]
    gun: Vec<Gun>,

    /// Only keys that were made for this role or are in use for it (repeatable)
    #[arg(short, long, value_name = "ROLE")]
    role: Vec<String>,

    /// Show kind and status of keys, archived keys and the server's, also into pipes
    #[arg(short, long)]
    long: bool,

    /// Show in addition the keys that somebody else has; implies --long
    #[arg(short, long)]
    all: bool,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct KeysOutput {
    keys: Vec<KeyOutput>,
    archived: Vec<KeyOutput>,
    named: Vec<KeyOutput>,
}

#[derive(Serialize)]
struct KeyOutput {
    role: String,
    gun: Option<String>,
    /// The canonical id.
    key_id: String,
    file: Option<String>,
    token: Option<String>,
    encrypted: Option<bool>,
    algorithm: Option<String>,
    status: String,
    uses: BTreeSet<KeyUse>,
}

impl From<KeyReport> for KeyOutput {
    fn from(key: KeyReport) -> Self {
        Self {
            role: key.role,
            gun: key.gun,
            key_id: key.id.to_string(),
            file: key.location.map(|file| file.display().to_string()),
            token: key.token,
            encrypted: key.encrypted,
            algorithm: key.algorithm.map(|algorithm| algorithm.to_string()),
            status: key.status.to_string(),
            uses: key.uses,
        }
    }
}

/// Runs `key list`.
pub fn list(session: &mut Session<'_>, args: &ListArgs) -> Result<(), CliError> {
    let store = session.key_store();
    let (here, archived) = (store.list()?, store.archived()?);
    let is_json = args.output.is_json();
    let is_long = args.long || args.all || session.ui.stdout_is_terminal();
    // The table of the Go program knows nothing of collections.
    let inventory = match is_json || is_long || !args.gun.is_empty() || !args.role.is_empty() {
        true => Inventory::of(&session.config.trust_dir),
        false => Inventory::default(),
    };
    for unreadable in &here.unreadable {
        session.ui.warning_about(&unreadable.to_string(), unreadable);
    }
    if is_json || is_long {
        for unreadable in &archived.unreadable {
            session.ui.warning_about(&unreadable.to_string(), unreadable);
        }
    }
    for unreadable in &inventory.unreadable {
        session.ui.warning_about(&unreadable.to_string(), unreadable);
    }
    let token = session.token.token().cloned();
    for key in token.iter().flat_map(|token| token.skipped()) {
        let name = format!("the key `{}` on the hardware token", key.label);
        session.ui.warning(&format!("{name} cannot be used: {}", key.reason));
    }
    let on_token = token.map(|token| token.keys()).unwrap_or_default();
    let mut keys = inventory.report(here.keys, archived.keys, on_token);
    keys.retain(|key| {
        (args.gun.is_empty() || args.gun.iter().any(|gun| key.serves(gun)))
            && (args.role.is_empty() || args.role.iter().any(|role| key.has_role(role)))
    });
    if is_json {
        let of = |wanted: &dyn Fn(&KeyReport) -> bool| {
            keys.iter().filter(|key| wanted(key)).cloned().map(KeyOutput::from).collect()
        };
        let is_archived = |key: &KeyReport| key.status == KeyStatus::Archived;
        return Ok(session.ui.json(&KeysOutput {
            keys: of(&KeyReport::is_here),
            archived: of(&is_archived),
            named: of(&|key| key.location.is_none() && key.token.is_none()),
        })?);
    }
    keys.retain(|key| match key.status {
        KeyStatus::InUse | KeyStatus::Orphan => true,
        KeyStatus::Archived => is_long,
        KeyStatus::Server => args.all || (is_long && key.is_ours),
        KeyStatus::Elsewhere => args.all,
    });
    session.ui.line("")?;
    if keys.is_empty() {
        session.ui.line("No signing keys found.")?;
    } else if is_long {
        let long = |is_short| long_table(&keys, &session.config.trust_dir, is_short);
        let is_narrow = !args.long && session.ui.is_too_narrow_for(&long(false));
        session.ui.table(&long(is_narrow))?;
    } else {
        session.ui.table(&table_of_go(keys, store.directory()))?;
    }
    Ok(session.ui.line("")?)
}

const MAX_GUN: usize = 25;
const MAX_LOCATION: usize = 40;

/// The table of the Go program, which shows the directory of keys and not their files.
fn table_of_go(keys: Vec<KeyReport>, directory: &Path) -> Table {
    let directory = directory.display().to_string();
    let row = |key: KeyReport| {
        let gun = shorten(&key.gun.unwrap_or_default(), MAX_GUN);
        let location = shorten(key.token.as_ref().unwrap_or(&directory), MAX_LOCATION);
        vec![key.role, gun, key.id.to_string(), location]
    };
    let rows = keys.into_iter().map(row).collect();
    Table { header: &["ROLE", "GUN", "KEY ID", "LOCATION"], rows }
}

/// The table with all that is known; locations are relative to the trust directory.
fn long_table(keys: &[KeyReport], trust_dir: &Path, is_short: bool) -> Table {
    let unknown = || "-".to_owned();
    let row = |key: &KeyReport| {
        let twins = keys.iter().filter(|other| other.id.short() == key.id.short());
        let is_unique = twins.clone().all(|twin| twin.id == key.id);
        let id = if is_short && is_unique { key.id.short() } else { key.id.as_str() };
        let location = key.location.as_deref().and_then(Path::parent).map(|directory| {
            directory.strip_prefix(trust_dir).unwrap_or(directory).display().to_string()
        });
        vec![
            key.role.clone(),
            collections(key),
            id.to_owned(),
            key.algorithm.map_or_else(unknown, |algorithm| algorithm.to_string()),
            key.status.to_string(),
            location.or_else(|| key.token.clone()).unwrap_or_else(unknown),
        ]
    };
    let header = &["ROLE", "GUN", "KEY ID", "ALGORITHM", "STATUS", "LOCATION"];
    Table { header, rows: keys.iter().map(row).collect() }
}

/// The collection that a key was made for, else the first that uses it and how many others do.
fn collections(key: &KeyReport) -> String {
    let using: BTreeSet<&Gun> = key.uses.iter().map(|used| &used.gun).collect();
    match (&key.gun, using.first(), using.len()) {
        (Some(gun), ..) => gun.clone(),
        (None, Some(first), 1) => first.to_string(),
        (None, Some(first), count) => format!("{first} (+{})", count - 1),
        (None, None, _) => String::new(),
    }
}

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
