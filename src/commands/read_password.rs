//! `--password-stdin`.

use crate::cli::{Cli, Command};
use crate::error::{CliError, Exit};
use crate::secret::{Secret, read_all};
use crate::ui::Ui;

/// The most bytes of a password; tokens and key files serve as such.
const MAX_BYTES: usize = 64 << 10;

/// Reads the password for `--password-stdin`, if the command line leaves stdin to it.
pub fn read_password(cli: &Cli, ui: &mut Ui) -> Result<Secret, CliError> {
    let usage = |words: &str| Err(CliError::new(Exit::Usage, words));
    if cli.global.username.as_deref().is_none_or(str::is_empty) {
        return usage("`--password-stdin` needs `--username NAME`");
    }
    if let Some((what, hint)) = cli.command.reads_stdin() {
        let words = format!("stdin cannot have both the password and {what}");
        return Err(CliError::new(Exit::Usage, words).hint(hint));
    }
    if ui.stdin_is_terminal() {
        let error = CliError::new(Exit::Usage, "`--password-stdin` needs the password on a pipe");
        return Err(error.hint("without it, the password is asked for"));
    }
    match read_all(&mut ui.take_stdin(), MAX_BYTES) {
        Ok(password) if password.is_empty() => usage("there is no password on stdin"),
        Ok(password) => Ok(password),
        Err(error) => Err(CliError::new(
            Exit::Failed,
            format!("the password on stdin cannot be read: {error}"),
        )),
    }
}

impl Command {
    /// What the command reads from stdin, and how to have it from elsewhere. Questions are not
    /// counted: they refuse to be asked when it comes to that.
    fn reads_stdin(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Verify(args) if args.reads_stdin() => {
                Some(("the payload", "`--input FILE` reads the payload from a file"))
            }
            _ => None,
        }
    }
}
