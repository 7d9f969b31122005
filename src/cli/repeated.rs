//! Options of all commands that can be repeated, on both sides of the command's name.
//!
//! Of such an option, clap forgets what was in front of the command when there is more behind it.
//! What was forgotten is found by reading the command line once more with a definition in which each
//! level of commands has an option of its own.

use std::ffi::OsString;

use clap::{Arg, ArgMatches, Command as Definition};

/// Puts into `values` all that the command line `args` has of the option with this id, from the
/// outside in, if clap has forgotten some.
pub(super) fn complete<T: Clone + Send + Sync + 'static>(
    definition: &Definition,
    args: &[OsString],
    id: &str,
    values: &mut Vec<T>,
) -> Result<(), clap::Error> {
    let option = definition.get_arguments().find(|arg| arg.get_id() == id);
    let Some(name) = option.and_then(Arg::get_long) else { return Ok(()) };
    let name = format!("--{name}");
    let is_given = |arg: &&OsString| arg.as_encoded_bytes().starts_with(name.as_bytes());
    if args.iter().filter(is_given).count() > values.len() {
        *values = all(&everywhere(definition.clone(), id).try_get_matches_from(args)?, id);
    }
    Ok(())
}

/// Lets each level of commands have its own option.
fn everywhere(definition: Definition, id: &str) -> Definition {
    fn add(definition: Definition, option: &Arg) -> Definition {
        definition.arg(option).mut_subcommands(|command| add(command, option))
    }
    let definition = definition.mut_arg(id, |option| option.global(false));
    let option = definition.get_arguments().find(|arg| arg.get_id() == id).cloned();
    match option {
        Some(option) => definition.mut_subcommands(|command| add(command, &option)),
        None => definition,
    }
}

/// The values of all levels, from the outside in.
fn all<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Vec<T> {
    let here = matches.get_many(id).into_iter().flatten().cloned();
    let below = matches.subcommand().map(|(_, below)| all(below, id));
    here.chain(below.into_iter().flatten()).collect()
}
