//! `list` and `lookup`: what is in a collection.

use clap::Args;
use data_encoding::HEXLOWER;
use serde::Serialize;
use std::collections::BTreeMap;

use super::state::{self, Source};
use super::{OutputArgs, RolesArgs, Session};
use crate::error::CliError;
use crate::remote::Access;
use crate::repo::read::TargetRow;
use crate::tuf::json::Json;
use crate::tuf::metadata::FileMeta;
use crate::tuf::role::Gun;
use crate::ui::text::Table;

/// List the targets of a collection
///
/// Gets the present state of the collection from the server, verifies it, and prints the name,
/// SHA-256, size and role of every target. A name that several roles have signed is shown once: the
/// role nearer to the top wins, and of roles side by side the one that was delegated to first.
///
/// With --roles, only these roles and those below them are looked at, the first having the highest
/// priority.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary list example.com/scripts
  notary list example.com/scripts --roles targets/releases,targets
  notary list example.com/scripts --json | jq -r '.targets[].name'")]
pub struct ListArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    #[command(flatten)]
    roles: RolesArgs,

    #[command(flatten)]
    output: OutputArgs,

    #[arg(hide = true)]
    extra: Vec<String>,
}

/// Show one target of a collection
///
/// Prints the name, the hash and the size of the target, as the role with the highest priority has
/// signed it.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary lookup example.com/scripts setup.sh
  notary lookup example.com/scripts setup.sh --json")]
pub struct LookupArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Name of the target
    target: String,

    #[command(flatten)]
    roles: RolesArgs,

    #[command(flatten)]
    output: OutputArgs,

    #[arg(hide = true)]
    extra: Vec<String>,
}

/// A target in JSON.
#[derive(Serialize)]
pub struct TargetOutput<'a> {
    name: &'a str,
    role: &'a str,
    length: i64,
    /// Hex, by the name of the algorithm.
    hashes: BTreeMap<&'a str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom: Option<&'a Json>,
}

/// The hashes of a target in hex, by the name of the algorithm.
pub fn hex_hashes(meta: &FileMeta) -> BTreeMap<&str, String> {
    let hashes = meta.hashes.iter();
    hashes.map(|(name, hash)| (name.as_str(), HEXLOWER.encode(&hash.0))).collect()
}

impl<'a> TargetOutput<'a> {
    /// The form of `row`.
    pub fn of(row: &'a TargetRow) -> Self {
        Self {
            name: &row.name,
            role: row.role.as_str(),
            length: row.meta.length,
            hashes: hex_hashes(&row.meta),
            custom: row.meta.custom.as_ref(),
        }
    }
}

#[derive(Serialize)]
struct ListOutput<'a> {
    gun: &'a Gun,
    source: Source,
    targets: Vec<TargetOutput<'a>>,
}

#[derive(Serialize)]
struct LookupOutput<'a> {
    gun: &'a Gun,
    source: Source,
    target: TargetOutput<'a>,
}

/// Runs `list`.
pub fn list(session: &mut Session<'_>, args: &ListArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let opened = session.open(&args.gun, Access::Pull)?;
    let report =
        opened.collection().list(&args.roles.roles()?).map_err(|error| opened.failed(error))?;
    state::tell(session.ui, session.now, &report.updated);
    if report.withheld > 0 {
        let are = if report.withheld == 1 { "target is" } else { "targets are" };
        session.ui.warning(&format!(
            "{} {are} not shown because a role above cannot be read",
            report.withheld
        ));
    }
    if args.output.is_json() {
        let targets = report.targets.iter().map(TargetOutput::of).collect();
        let source = Source::of(&report.updated);
        return Ok(session.ui.json(&ListOutput { gun: &args.gun, source, targets })?);
    }
    if report.targets.is_empty() {
        for line in ["", "No targets present in this repository.", ""] {
            session.ui.line(line)?;
        }
        return Ok(());
    }
    let rows = report.targets.into_iter().map(|row| {
        let digest = row.meta.sha256().unwrap_or_default();
        vec![row.name, digest, row.meta.length.to_string(), row.role.to_string()]
    });
    let table = Table { header: &["NAME", "DIGEST", "SIZE (BYTES)", "ROLE"], rows: rows.collect() };
    Ok(session.ui.table(&table)?)
}

/// Runs `lookup`.
pub fn lookup(session: &mut Session<'_>, args: &LookupArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let opened = session.open(&args.gun, Access::Pull)?;
    let report = opened
        .collection()
        .lookup(&args.target, &args.roles.roles()?)
        .map_err(|error| opened.failed(error))?;
    state::tell(session.ui, session.now, &report.updated);
    let row = &report.target.map_err(|error| opened.failed(error))?;
    if args.output.is_json() {
        let source = Source::of(&report.updated);
        let target = TargetOutput::of(row);
        return Ok(session.ui.json(&LookupOutput { gun: &args.gun, source, target })?);
    }
    let hash = match (row.meta.sha256(), row.meta.sha512()) {
        (None, Some(sha512)) => format!("sha512:{sha512}"),
        (sha256, _) => format!("sha256:{}", sha256.unwrap_or_default()),
    };
    Ok(session.ui.line(&format!("{} {hash} {}", row.name, row.meta.length))?)
}
