//! Sign, publish and verify trusted collections on any Notary server.
//!
//! This library is the program `notary`; [`run`] is all of it. Its folders are layers, and each may
//! only use those below it:
//!
//! ```text
//! shell      cli  config  commands  ui  error             words, prompts, exit codes
//! use cases  repo                                         create, stage, update, rebase, publish, read
//!            server                                       judge, keep, sign, hand out
//! adapters   changelist  keys  store  remote  hashing     disk, network, passphrases
//!            credentials  fsutil  progress  registry  secret
//! engine     tuf                                          bytes and time in, values or errors out
//! ```
//!
//! Of the adapters, [`fsutil`], [`progress`] and [`secret`] serve the others, [`credentials`] serves
//! [`remote`], and [`remote`] makes the requests of [`registry`]; apart from that they do not know
//! each other.
//!
//! Trust is decided in [`tuf`] and nowhere else. Text reaches people through [`ui`] and nothing
//! else. What is read from the environment is read by `main` and interpreted by [`config`].

pub mod changelist;
pub mod cli;
pub mod commands;
pub mod config;
pub mod credentials;
pub mod error;
pub mod fsutil;
pub mod hashing;
pub mod keys;
pub mod progress;
pub mod registry;
pub mod remote;
pub mod repo;
pub mod secret;
pub mod server;
pub mod store;
pub mod tuf;
pub mod ui;

use std::ffi::OsString;
use std::rc::Rc;

use clap::error::ErrorKind;
use time::OffsetDateTime;
use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::FilterFn;

use crate::cli::{Cli, GlobalArgs};
use crate::commands::Session;
use crate::config::{Config, Surroundings};
use crate::credentials::Chain;
use crate::error::{CliError, Exit};
use crate::keys::passphrase::Sources;
use crate::keys::{OpenedKeys, TokenPlace};
use crate::secret::Prompt;
use crate::ui::{Asking, Lines, Manners, Streams, Ui};

/// Everything that a run depends on.
pub struct Invocation {
    /// The command line, beginning with the name of the program.
    pub args: Vec<OsString>,
    /// Directories and environment.
    pub around: Surroundings,
    /// The present.
    pub now: OffsetDateTime,
    /// Who is asked for passphrases and passwords.
    pub prompt: Box<dyn Prompt>,
    /// Input and output.
    pub streams: Streams,
}

/// Runs one command line and returns the exit code.
pub fn run(invocation: Invocation) -> u8 {
    let no_colour = invocation.around.var("NO_COLOR").is_some();
    let cli = match Cli::parse_from_args(&invocation.args) {
        Ok(cli) => cli,
        Err(error) => {
            let colour = cli::colour_in(&invocation.args);
            let manners = Manners { colour, no_colour, quiet: false };
            return explain_usage(Ui::new(invocation.streams, manners), error);
        }
    };
    let manners = Manners { colour: cli.global.color, no_colour, quiet: cli.global.quiet };
    let mut ui = Ui::new(invocation.streams, manners);
    let prompt = Rc::new(Asking::new(invocation.prompt, ui.voice()));
    let result = tracing::subscriber::with_default(log(&cli.global), || {
        run_command(&cli, &invocation.around, invocation.now, prompt, &mut ui)
    });
    let result = result.and_then(|()| Ok(ui.flush()?));
    match result {
        Ok(()) => Exit::Done as u8,
        Err(error) => {
            error.render(&mut ui);
            error.exit as u8
        }
    }
}

fn run_command(
    cli: &Cli,
    around: &Surroundings,
    now: OffsetDateTime,
    prompt: Rc<dyn Prompt>,
    ui: &mut Ui,
) -> Result<(), CliError> {
    let mut config = Config::load(&cli.global.overrides(), around)?;
    for warning in &config.warnings {
        ui.warning(warning);
    }
    // Only commands that ask the server of a directory need its passphrase.
    let server_passphrase = match config.servers.any_is_directory() {
        true => config::serve::key_passphrase(around)?,
        false => None,
    };
    let sources = Rc::new(Sources::new(config.passphrases.clone(), &config.trust_dir));
    if cli.global.password_stdin {
        config.logins.password = Some(commands::read_password(cli, ui)?);
    }
    let logins = Chain::new(config.logins.clone(), prompt.clone());
    let token = TokenPlace::new(config.token.clone());
    let mut session = Session {
        around,
        config,
        cwd: around.cwd.clone(),
        logins,
        now,
        offline: cli.global.offline,
        opened_keys: OpenedKeys::new(),
        prompt,
        server_passphrase,
        sources,
        token,
        trust_roots: cli.global.pinning.ids(),
        ui,
    };
    commands::run(&cli.command, &mut session)
}

/// Whose messages about the work are shown: our own, and which connections are made.
const SPEAKERS: [&str; 2] = ["notary", "hyper_util::client::legacy::connect"];

/// Where messages about the work go that only `--verbose` and `--debug` ask for.
fn log(global: &GlobalArgs) -> impl tracing::Subscriber + Send + Sync {
    let level = if global.debug {
        LevelFilter::from_level(Level::DEBUG)
    } else if global.verbose {
        LevelFilter::from_level(Level::INFO)
    } else {
        LevelFilter::OFF
    };
    // What libraries say of their frames is noise, and not in our hands.
    let ours =
        |metadata: &Metadata<'_>| SPEAKERS.iter().any(|it| metadata.target().starts_with(it));
    let speakers = FilterFn::new(ours);
    let lines = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(|| Lines(std::io::stderr()))
        .with_target(false)
        .with_ansi(false)
        .without_time()
        .finish();
    speakers.with_subscriber(lines)
}

/// Prints help, the version, or what is wrong with the command line.
fn explain_usage(mut ui: Ui, error: clap::Error) -> u8 {
    let is_answer = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let text = cli::harmless(error).render();
    let (plain, styled) = (text.to_string(), text.ansi().to_string());
    if !is_answer {
        ui.usage(&plain, &styled);
        return Exit::Usage as u8;
    }
    let printed = ui.help(&plain, &styled).and_then(|()| ui.flush());
    match printed.map_err(CliError::from) {
        Ok(()) => Exit::Done as u8,
        Err(error) => {
            error.render(&mut ui);
            error.exit as u8
        }
    }
}
