//! `completion`: scripts for shells.

use clap::{Args, Command as Definition, CommandFactory as _};
use clap_complete::Shell;

use super::Session;
use crate::cli::Cli;
use crate::error::CliError;

/// Print a script that completes commands and options in a shell
///
/// The same scripts come with the program in the directory `completions`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary completion bash > /etc/bash_completion.d/notary
  notary completion zsh > \"${fpath[1]}/_notary\"
  notary completion fish > ~/.config/fish/completions/notary.fish")]
pub struct CompletionArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,

    /// Leave out the descriptions of commands and options
    #[arg(long)]
    no_descriptions: bool,

    #[arg(hide = true)]
    extra: Vec<String>,
}

/// Runs `completion`.
pub fn completion(session: &mut Session<'_>, args: &CompletionArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let script = script(args.shell, !args.no_descriptions);
    Ok(session.ui.stdout().write_all(&script)?)
}

/// The script for a shell.
pub fn script(shell: Shell, descriptions: bool) -> Vec<u8> {
    let mut definition = Cli::command();
    if !descriptions {
        definition = without_descriptions(definition);
    }
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definition, "notary", &mut script);
    script
}

fn without_descriptions(definition: Definition) -> Definition {
    definition
        .about(None)
        .long_about(None)
        .mut_args(|arg| arg.help(None).long_help(None))
        .mut_subcommands(without_descriptions)
}
