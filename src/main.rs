//! The program: gathers what the process was started with and hands it to the library.

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use notary::config::Surroundings;
use notary::ui::Streams;
use notary::ui::terminal::TerminalPrompt;
use notary::{Invocation, run};

fn main() -> ExitCode {
    keep_memory_private();
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

/// Keeps passphrases and keys out of core dumps, whoever collects them.
fn keep_memory_private() {
    // Where this cannot be had, there is nothing to put in its place.
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        let _ = setrlimit(Resource::Core, none);
    }
    // The limit does not count for programs that the kernel hands dumps to. This does, and it keeps
    // other processes of the user from looking into the memory.
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn nothing_can_be_dumped() {
        super::keep_memory_private();
        assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
        let limit = getrlimit(Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
    }
}
