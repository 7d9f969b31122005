//! The program: gathers what the process was started with and hands it to the library.

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use notary::config::Surroundings;
use notary::ui::Streams;
use notary::ui::terminal::TerminalPrompt;
use notary::{Invocation, run};

fn main() -> ExitCode {
    let streams = Streams {
        stdin_is_terminal: io::stdin().is_terminal(),
        stdout_is_terminal: io::stdout().is_terminal(),
        stderr_is_terminal: io::stderr().is_terminal(),
        stdin: Box::new(io::stdin()),
        stdout: Box::new(io::stdout()),
        stderr: Box::new(io::stderr()),
    };
    #[expect(clippy::disallowed_methods, reason = "the one place that looks at the process")]
    let invocation = Invocation {
        args: std::env::args_os().collect(),
        around: Surroundings {
            cwd: std::env::current_dir().unwrap_or_default(),
            home: home(),
            vars: std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?.into()))
                })
                .collect(),
        },
        now: time::OffsetDateTime::now_utc(),
        prompt: Box::new(TerminalPrompt),
        streams,
    };
    ExitCode::from(run(invocation))
}

/// The user's home directory.
///
/// Notary-go: where `HOME` decides, an unset or empty one means that there is none; the `directories`
/// crate would go on and ask the user database.
fn home() -> Option<std::path::PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "the one place that looks at the process")]
    if cfg!(unix) && std::env::var_os("HOME").is_none_or(|home| home.is_empty()) {
        return None;
    }
    directories::BaseDirs::new().map(|directories| directories.home_dir().to_owned())
}
