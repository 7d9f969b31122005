//! Everything that people and scripts see goes through [`Ui`].
//!
//! * stdout carries data and the lines that say what was done; nothing else.
//! * stderr carries notes, warnings, errors, hints, questions and progress.
//! * Secrets are asked for at the terminal itself ([`terminal`]).
//! * Whatever text comes from elsewhere is escaped on its way out ([`text`]).
//!
//! Messages are lower case, without a full stop, names in backticks; they can be understood
//! without colour. `--quiet` silences notes and progress, never warnings and errors.

mod asking;
mod log;
pub mod terminal;
pub mod text;
mod voice;

pub use asking::Asking;
pub use log::Lines;
pub use voice::Voice;

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::Arc;

use clap::ValueEnum;
use serde::Serialize;

use crate::error::causes_of;
use crate::progress::{Progress, Silent};
use text::{Table, escape};

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum ColourChoice {
    /// Always, also into files and pipes
    Always,
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Never
    Never,
}

/// The standard streams of a run.
pub struct Streams {
    /// Where data is read from.
    pub stdin: Box<dyn Read>,
    /// Where data goes.
    pub stdout: Box<dyn Write>,
    /// Where messages go.
    pub stderr: Box<dyn Write>,
    /// Whether a person types the input.
    pub stdin_is_terminal: bool,
    /// Whether a person reads the data.
    pub stdout_is_terminal: bool,
    /// Whether a person reads the messages.
    pub stderr_is_terminal: bool,
}

/// How a run speaks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manners {
    /// When to use colour.
    pub colour: ColourChoice,
    /// Whether the environment asks for no colour.
    pub no_colour: bool,
    /// Whether to leave out notes and progress.
    pub quiet: bool,
}

/// How the label of a hint is coloured.
const HINT: &str = "\u{1b}[1;36m";

/// The one way out for text, and the one way in for answers.
pub struct Ui {
    stdin: BufReader<Box<dyn Read>>,
    stdout: Box<dyn Write>,
    stdin_is_taken: bool,
    stdin_is_terminal: bool,
    stdout_is_terminal: bool,
    colour_stdout: bool,
    voice: Voice,
    progress: Arc<dyn Progress>,
    quiet: bool,
}

impl Ui {
    /// Speaks through `streams`.
    pub fn new(streams: Streams, manners: Manners) -> Self {
        let colour = |is_terminal: bool| match manners.colour {
            ColourChoice::Always => true,
            ColourChoice::Auto => is_terminal && !manners.no_colour,
            ColourChoice::Never => false,
        };
        let progress: Arc<dyn Progress> = if streams.stderr_is_terminal && !manners.quiet {
            Arc::new(terminal::TerminalProgress)
        } else {
            Arc::new(Silent)
        };
        Self {
            stdin: BufReader::new(streams.stdin),
            stdin_is_taken: false,
            stdout: streams.stdout,
            stdin_is_terminal: streams.stdin_is_terminal,
            stdout_is_terminal: streams.stdout_is_terminal,
            colour_stdout: colour(streams.stdout_is_terminal),
            voice: Voice::new(streams.stderr, colour(streams.stderr_is_terminal)),
            progress,
            quiet: manners.quiet,
        }
    }

    /// Who shows the progress of long work.
    pub fn progress(&self) -> Arc<dyn Progress> {
        self.progress.clone()
    }

    /// The way to stderr, for those who have to say something while somebody else has this.
    pub fn voice(&self) -> Voice {
        self.voice.clone()
    }

    /// Whether notes are left out.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether a person types the input.
    pub fn stdin_is_terminal(&self) -> bool {
        self.stdin_is_terminal
    }

    /// Whether the input was something else than answers and data.
    pub fn stdin_is_taken(&self) -> bool {
        self.stdin_is_taken
    }

    /// Gives the whole input to one reader; from then on, no question is asked.
    pub fn take_stdin(&mut self) -> &mut dyn Read {
        self.stdin_is_taken = true;
        &mut self.stdin
    }

    /// Writes a line of data.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        self.data(format!("{}\n", escape(text)).as_bytes())
    }

    /// Writes an item of a list below a line of data, as the Go program does.
    pub fn item(&mut self, text: &str) -> io::Result<()> {
        self.data(format!("\t- {}\n", escape(text)).as_bytes())
    }

    /// Writes help, with colour where that is wanted.
    pub fn help(&mut self, plain: &str, styled: &str) -> io::Result<()> {
        self.data(if self.colour_stdout { styled } else { plain }.as_bytes())
    }

    /// Says what is wrong with the command line, with colour where that is wanted.
    pub fn usage(&mut self, plain: &str, styled: &str) {
        self.voice.write(if self.voice.has_colour() { styled } else { plain });
    }

    /// Whether a person reads the data.
    pub fn stdout_is_terminal(&self) -> bool {
        self.stdout_is_terminal
    }

    /// Whether the lines of the table would be broken by a terminal that is not that wide.
    pub fn is_too_narrow_for(&self, table: &Table) -> bool {
        let width = self.stdout_is_terminal.then(text::terminal_width).flatten();
        width.is_some_and(|width| table.drawn_width() > width)
    }

    /// Writes a table of data: drawn for people, plain for programs.
    pub fn table(&mut self, table: &Table) -> io::Result<()> {
        let text =
            if self.stdout_is_terminal { table.drawn(self.colour_stdout) } else { table.plain() };
        self.data(text.as_bytes())
    }

    /// Writes data as JSON. JSON has its own escapes, so text is exact.
    pub fn json<T: Serialize>(&mut self, value: &T) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(value)?;
        text.push(b'\n');
        self.data(&text)
    }

    /// Writes to stdout. Once its reader went away, for instance `head`, nothing is written any
    /// more; that must not keep a command from doing what it was asked for.
    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        let written = self.stdout.write_all(bytes);
        self.unless_closed(written)
    }

    fn unless_closed(&mut self, written: io::Result<()>) -> io::Result<()> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.stdout = Box::new(io::sink());
                Ok(())
            }
            result => result,
        }
    }

    /// Where raw data is written.
    pub fn stdout(&mut self) -> &mut dyn Write {
        &mut self.stdout
    }

    /// Where raw data is read.
    pub fn stdin(&mut self) -> &mut dyn Read {
        &mut self.stdin
    }

    /// Says something that is good to know.
    pub fn note(&mut self, text: &str) {
        if !self.quiet {
            self.voice.note(text);
        }
    }

    /// Says that something deserves attention.
    pub fn warning(&mut self, text: &str) {
        self.voice.warning(text);
    }

    /// Says that something deserves attention, and what caused `error`, which the text speaks of.
    pub fn warning_about(&mut self, text: &str, error: &(dyn Error + 'static)) {
        self.warning(text);
        self.causes(&causes_of(error));
    }

    fn causes(&mut self, causes: &[String]) {
        for cause in causes {
            self.voice.say("", "  caused by: ", cause);
        }
    }

    /// Says what failed and why, and what could be done.
    pub fn error(&mut self, headline: &str, causes: &[String], hints: &[String]) {
        self.voice.say("\u{1b}[1;31m", "error: ", headline);
        self.causes(causes);
        for hint in hints {
            self.voice.say(HINT, "hint: ", hint);
        }
    }

    /// Says what could be done next.
    pub fn hint(&mut self, text: &str) {
        if !self.quiet {
            self.voice.say(HINT, "hint: ", text);
        }
    }

    /// Asks a question that is answered with yes or no; anything else is a no.
    ///
    /// The answer may come from a person or from a pipe. It is a no if the input was taken.
    pub fn confirm(&mut self, question: &str) -> bool {
        if self.stdin_is_taken {
            return false;
        }
        // When nobody reads messages, a pipe may still have the answer.
        self.voice.write(&format!("{} (yes/no) ", escape(question)));
        self.voice.flush();
        // More than a word is no answer to this, so there is no need to read it.
        const MAX_ANSWER: u64 = 1024;
        let mut answer = String::new();
        let read = (&mut self.stdin).take(MAX_ANSWER).read_line(&mut answer).unwrap_or(0);
        if !self.stdin_is_terminal || read == 0 {
            self.voice.write("\n");
        }
        matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
    }

    /// Makes sure that everything written so far is on its way.
    pub fn flush(&mut self) -> io::Result<()> {
        let flushed = self.stdout.flush();
        self.unless_closed(flushed)?;
        self.voice.flush();
        Ok(())
    }
}
