//! `status` and `reset`: the changes that are staged.

use clap::Args;
use serde::Serialize;

use super::change::EditOutput;
use super::{OutputArgs, Session};
use crate::changelist::{Change, Staged};
use crate::cli::Words;
use crate::error::{CliError, Exit};
use crate::remote::Access;
use crate::tuf::role::Gun;
use crate::ui::text::{self, Table};

/// Show the changes that are staged
///
/// Lists what the next `notary publish` would change, in the order in which it was staged. The
/// numbers can be given to `notary reset`. On a terminal and in JSON, it also tells which keys and
/// paths of a delegation are changed. Nobody is asked, and nothing is created.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary status example.com/scripts
  notary status example.com/scripts --json")]
pub struct StatusArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    #[command(flatten)]
    output: OutputArgs,

    #[arg(hide = true)]
    extra: Vec<String>,
}

/// Drop staged changes
///
/// Drops the changes with the given numbers, as `notary status` shows them, or all of them.
#[derive(Args, Debug)]
#[command(
    group(clap::ArgGroup::new("which").required(true).multiple(true).args(["numbers", "all"])),
    after_long_help = "\
Examples:
  notary reset example.com/scripts -n 0,2
  notary reset example.com/scripts --all"
)]
pub struct ResetArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Numbers of the changes, separated by commas or by repeating the option
    #[arg(short, long = "number", value_name = "NUMBERS", value_parser = numbers)]
    numbers: Vec<Numbers>,

    /// Drop all changes
    #[arg(long)]
    all: bool,

    #[arg(hide = true)]
    extra: Vec<String>,
}

#[derive(Clone, Debug)]
struct Numbers(Vec<usize>);

fn numbers(text: &str) -> Result<Numbers, String> {
    let words: Words = text.parse().map_err(str::to_owned)?;
    if words.0.is_empty() {
        return Err("the number of a staged change is missing".to_owned());
    }
    let number = |word: String| {
        word.parse().map_err(|_| format!("{word:?} is not the number of a staged change"))
    };
    words.0.into_iter().map(number).collect::<Result<_, _>>().map(Numbers)
}

#[derive(Serialize)]
struct StatusOutput<'a> {
    gun: &'a Gun,
    /// Whether the collection was made here and never published.
    unpublished: bool,
    changes: Vec<ChangeOutput<'a>>,
}

/// A staged change in JSON; a damaged one has nothing but its number and the error.
#[derive(Serialize)]
struct ChangeOutput<'a> {
    number: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "type")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    edit: Option<EditOutput>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl<'a> ChangeOutput<'a> {
    fn of(number: usize, staged: &'a Staged) -> Self {
        let change = staged.change.as_ref();
        Self {
            number,
            action: change.ok().map(|change| change.action.as_str()),
            role: change.ok().map(|change| change.role.as_str()),
            kind: change.ok().map(|change| change.kind.as_str()),
            path: change.ok().map(|change| change.path.as_str()),
            edit: change.ok().and_then(EditOutput::of),
            error: change.err().map(ToString::to_string),
        }
    }
}

/// Runs `status`.
pub fn status(session: &mut Session<'_>, args: &StatusArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let opened = session.open_unpinned(&args.gun, Access::Pull);
    let report = opened.collection().status().map_err(|error| opened.failed(error))?;
    let ui = &mut *session.ui;
    if args.output.is_json() {
        let changes = report.staged.iter().enumerate();
        let changes = changes.map(|(number, staged)| ChangeOutput::of(number, staged)).collect();
        let unpublished = report.unpublished;
        ui.json(&StatusOutput { gun: &args.gun, unpublished, changes })?;
    } else {
        if report.unpublished {
            ui.note(&format!("{} was made on this machine and is not published yet", args.gun));
        }
        if report.staged.is_empty() {
            ui.line(&format!("No unpublished changes for {}", args.gun))?;
        } else {
            ui.line(&format!("Unpublished changes for {}:", args.gun))?;
            ui.line("")?;
            let for_people = ui.stdout_is_terminal();
            ui.table(&table(&report.staged, for_people))?;
        }
    }
    match report.staged.into_iter().find_map(|staged| staged.change.err()) {
        Some(damaged) => Err(opened.failed(damaged)),
        None => Ok(()),
    }
}

/// The table of the Go program; the one for people says of a delegation what is changed.
fn table(staged: &[Staged], for_people: bool) -> Table {
    let what = |change: &Change| match EditOutput::of(change).filter(|_| for_people) {
        Some(edit) => edit.words(change.action),
        None => change.path.clone(),
    };
    let row = |(number, staged): (usize, &Staged)| match &staged.change {
        Ok(change) => vec![
            number.to_string(),
            change.action.as_str().to_owned(),
            change.role.clone(),
            change.kind.as_str().to_owned(),
            what(change),
        ],
        Err(_) => {
            let unknown = || "?".to_owned();
            vec![number.to_string(), "damaged".to_owned(), unknown(), unknown(), unknown()]
        }
    };
    let rows = staged.iter().enumerate().map(row).collect();
    let header: &[&str] = match for_people {
        true => &["#", "ACTION", "SCOPE", "TYPE", "PATH OR CHANGE"],
        false => &["#", "ACTION", "SCOPE", "TYPE", "PATH"],
    };
    Table { header, rows }
}

/// Runs `reset`.
pub fn reset(session: &mut Session<'_>, args: &ResetArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let opened = session.open_unpinned(&args.gun, Access::Pull);
    let collection = opened.collection();
    let failed = |error| opened.failed(crate::repo::Error::Path(error));
    let mut staged: Vec<_> =
        collection.changelist.list().map_err(failed)?.into_iter().map(Some).collect();
    let ids: Vec<_> = if args.all {
        staged.into_iter().flatten().map(|staged| staged.id).collect()
    } else {
        let mut ids = Vec::new();
        let mut wanted: Vec<usize> = args.numbers.iter().flat_map(|n| &n.0).copied().collect();
        wanted.sort_unstable();
        wanted.dedup();
        for number in wanted {
            match staged.get_mut(number).and_then(Option::take) {
                Some(staged) => ids.push(staged.id),
                None => {
                    let words = format!("{} has no staged change {number}", args.gun);
                    let hint = format!("`notary status {}` shows the staged changes", args.gun);
                    return Err(CliError::new(Exit::NotFound, words).hint(hint));
                }
            }
        }
        ids
    };
    collection.changelist.remove(&ids).map_err(failed)?;
    session.ui.note(&format!("dropped {}", text::count(ids.len(), "change")));
    let line = format!("Successfully reset specified changes for repository {}", args.gun);
    Ok(session.ui.line(&line)?)
}
