//! `delegation list`.

use clap::Args;
use serde::Serialize;

use super::shown_path;
use crate::commands::state::{self, Source, timestamp};
use crate::commands::{OutputArgs, Session};
use crate::error::CliError;
use crate::remote::Access;
use crate::repo::delegate::DelegationRow;
use crate::tuf::algorithm::Algorithm;
use crate::tuf::key::{KeyId, KeyType, PublicKey};
use crate::tuf::role::Gun;
use crate::tuf::x509::{Certificate, first_certificate};
use crate::ui::text::Table;

/// List the delegations of a collection
///
/// Gets the present state of the collection from the server, verifies it, and prints all
/// delegations of all levels: the prefixes of the names that they may sign, the ids of the keys, and
/// how many of these must sign. On a terminal and in JSON, it also tells what kinds of keys they
/// are, and to whom their certificates were given.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary delegation list example.com/scripts
  notary delegation list example.com/scripts --json | jq -r '.delegations[].role'")]
pub struct ListArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct ListOutput<'a> {
    gun: &'a Gun,
    source: Source,
    delegations: Vec<DelegationOutput<'a>>,
}

#[derive(Serialize)]
struct DelegationOutput<'a> {
    role: &'a str,
    paths: &'a [String],
    threshold: i64,
    keys: Vec<KeyOutput<'a>>,
}

#[derive(Serialize)]
struct KeyOutput<'a> {
    /// The canonical id.
    id: &'a KeyId,
    algorithm: Option<String>,
    certificate: Option<CertificateOutput>,
}

#[derive(Serialize)]
struct CertificateOutput {
    common_name: String,
    expires: String,
}

impl<'a> DelegationOutput<'a> {
    fn of(row: &'a DelegationRow) -> Self {
        let key = |(id, key): &'a (KeyId, Option<PublicKey>)| {
            let certificate = certificate(key.as_ref()).map(|certificate| CertificateOutput {
                common_name: certificate.common_name().to_owned(),
                expires: timestamp(certificate.not_after()),
            });
            KeyOutput { id, algorithm: algorithm(key.as_ref()), certificate }
        };
        Self {
            role: row.role.as_str(),
            paths: &row.paths,
            threshold: row.threshold,
            keys: row.keys.iter().map(key).collect(),
        }
    }
}

fn algorithm(key: Option<&PublicKey>) -> Option<String> {
    key.and_then(Algorithm::of).map(|algorithm| algorithm.to_string())
}

fn certificate(key: Option<&PublicKey>) -> Option<Certificate> {
    let key = key?;
    match key.key_type() {
        KeyType::EcdsaX509 | KeyType::RsaX509 => first_certificate(key.bytes()),
        _ => None,
    }
}

/// Runs `delegation list`.
pub fn list(session: &mut Session<'_>, args: &ListArgs) -> Result<(), CliError> {
    let opened = session.open(&args.gun, Access::Pull)?;
    let report = opened.collection().delegations().map_err(|error| opened.failed(error))?;
    state::tell(session.ui, session.now, &report.updated);
    let ui = &mut *session.ui;
    if args.output.is_json() {
        let delegations = report.delegations.iter().map(DelegationOutput::of).collect();
        let source = Source::of(&report.updated);
        return Ok(ui.json(&ListOutput { gun: &args.gun, source, delegations })?);
    }
    ui.line("")?;
    if report.delegations.is_empty() {
        for line in ["", "No delegations present in this repository.", "", ""] {
            ui.line(line)?;
        }
        return Ok(());
    }
    let for_people = ui.stdout_is_terminal();
    ui.table(&table(&report.delegations, for_people))?;
    Ok(ui.line("")?)
}

/// The table of the Go program, in which each path and each key has a row; with columns for the kind
/// of a key and its certificate if it is for people.
fn table(delegations: &[DelegationRow], for_people: bool) -> Table {
    let mut rows = Vec::new();
    for row in delegations {
        for index in 0..row.paths.len().max(row.keys.len()).max(1) {
            let first = |text: &str| if index == 0 { text.to_owned() } else { String::new() };
            let path = row.paths.get(index).map(|path| shown_path(path));
            let (id, key) = row.keys.get(index).map(|(id, key)| (id.as_str(), key)).unzip();
            let key = key.and_then(Option::as_ref);
            let mut cells = vec![
                first(row.role.as_str()),
                path.unwrap_or_default().to_owned(),
                id.unwrap_or_default().to_owned(),
            ];
            if for_people {
                let certificate = certificate(key).map(|certificate| {
                    let until = timestamp(certificate.not_after());
                    format!("{}, until {}", certificate.common_name(), &until[..10])
                });
                cells.extend([algorithm(key), certificate].map(Option::unwrap_or_default));
            }
            cells.push(first(&row.threshold.to_string()));
            rows.push(cells);
        }
    }
    let header: &[&str] = match for_people {
        true => &["ROLE", "PATHS", "KEY IDS", "ALGORITHM", "CERTIFICATE", "THRESHOLD"],
        false => &["ROLE", "PATHS", "KEY IDS", "THRESHOLD"],
    };
    Table { header, rows }
}
