//! `delegation`: who may sign which names of a collection.

mod add;
mod keys;
mod list;
mod purge;
mod remove;

use std::io;

use clap::{Args, Subcommand};

use super::Session;
use crate::cli::Words;
use crate::error::{CliError, Exit};
use crate::keys::{IdPrefix, NoMatch};
use crate::tuf::key::KeyId;
use crate::tuf::role::RoleName;
use crate::ui::Ui;

/// How the empty prefix, which every name has, is shown.
pub const ALL_PATHS: &str = "\"\" <all paths>";

/// Manage who may sign which targets
///
/// A delegation is a role below `targets`, such as targets/releases, with keys of its own and the
/// prefixes of the names that it may sign. Whoever has one of the keys adds targets to the role and
/// publishes them with no other key. A delegation can delegate further: targets/releases/beta is one
/// of targets/releases, and can sign nothing that targets/releases cannot.
#[derive(Args, Debug)]
pub struct DelegationArgs {
    #[command(subcommand)]
    command: DelegationCommand,
}

#[derive(Debug, Subcommand)]
enum DelegationCommand {
    Add(add::AddArgs),
    List(list::ListArgs),
    Purge(purge::PurgeArgs),
    Remove(remove::RemoveArgs),
}

/// Runs a command below `delegation`.
pub fn delegation(session: &mut Session<'_>, args: &DelegationArgs) -> Result<(), CliError> {
    match &args.command {
        DelegationCommand::Add(args) => add::add(session, args),
        DelegationCommand::List(args) => list::list(session, args),
        DelegationCommand::Purge(args) => purge::purge(session, args),
        DelegationCommand::Remove(args) => remove::remove(session, args),
    }
}

/// The name of a delegation on the command line.
fn delegation_name(text: &str) -> Result<RoleName, String> {
    let role = RoleName::parse(text).ok().filter(RoleName::is_delegation);
    role.ok_or_else(|| {
        "a delegation is named `targets/…` with the characters a-z 0-9 - _, in less than 256 bytes"
            .to_owned()
    })
}

/// The options that name paths.
#[derive(Args, Clone, Debug)]
struct PathsArgs {
    /// Prefixes of names, separated by commas or by repeating the option
    #[arg(long, value_name = "PREFIXES")]
    paths: Vec<Words>,

    /// All names
    #[arg(long)]
    all_paths: bool,
}

impl PathsArgs {
    /// The prefixes; `None` if the option was not used.
    fn prefixes(&self) -> Result<Option<Vec<String>>, CliError> {
        if self.paths.is_empty() {
            return Ok(None);
        }
        let paths: Vec<_> = self.paths.iter().flat_map(|words| words.0.clone()).collect();
        if let Some(path) = paths.iter().find(|path| path.chars().any(char::is_control)) {
            let words = format!("the path {path:?} contains a control character");
            return Err(CliError::new(Exit::Usage, words));
        }
        Ok(Some(paths))
    }
}

/// Paths as the Go program prints them: sorted, each in a line of its own.
fn shown(paths: &[String]) -> String {
    let mut paths: Vec<&str> = paths.iter().map(|path| shown_path(path)).collect();
    paths.sort_unstable();
    paths.join("\n")
}

fn shown_path(path: &str) -> &str {
    if path.is_empty() { ALL_PATHS } else { path }
}

/// Key ids as the Go program prints a list of them.
fn shown_ids(ids: &[KeyId]) -> String {
    let ids: Vec<_> = ids.iter().map(KeyId::as_str).collect();
    format!("[{}]", ids.join(" "))
}

/// Writes what may be several lines with an empty one before and one behind it.
fn say(ui: &mut Ui, text: &str) -> io::Result<()> {
    ui.line("")?;
    text.split('\n').try_for_each(|line| ui.line(line))?;
    ui.line("")
}

/// The keys that ids or their beginnings stand for: those of `known`, and whatever is whole.
fn find_ids<'i>(
    prefixes: &[IdPrefix],
    known: impl IntoIterator<Item = &'i KeyId> + Copy,
    whose: &str,
) -> Result<Vec<KeyId>, CliError> {
    let find = |prefix: &IdPrefix| match (prefix.find(known), prefix.whole()) {
        (_, Some(id)) | (Ok(id), None) => Ok(id),
        (Err(NoMatch::Unknown { prefix }), None) => {
            let words = format!("no key of {whose} that is known here begins with {prefix}");
            Err(CliError::new(Exit::Usage, words).hint("all 64 digits name any key"))
        }
        (Err(error @ NoMatch::Ambiguous { .. }), None) => {
            Err(CliError { exit: Exit::Usage, ..error.into() })
        }
    };
    prefixes.iter().map(find).collect()
}
