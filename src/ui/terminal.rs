//! The person at the terminal: questions for secrets, and progress bars.

use std::fs::OpenOptions;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Read as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use signal_hook::consts::SIGINT;
use zeroize::Zeroizing;

use super::text::escape;
use crate::progress::{Progress, Silent, Task};
use crate::secret::{Prompt, PromptError, Secret};

/// Asks at the controlling terminal, whatever the standard streams are connected to.
#[derive(Clone, Copy, Debug, Default)]
pub struct TerminalPrompt;

#[cfg(unix)]
const TERMINAL: &str = "/dev/tty";
#[cfg(windows)]
const TERMINAL: &str = "CONOUT$";

#[cfg(unix)]
const KEYBOARD: &str = TERMINAL;
#[cfg(windows)]
const KEYBOARD: &str = "CONIN$";

/// The most bytes of an answer that is no secret.
const MAX_ANSWER: u64 = 4096;

impl TerminalPrompt {
    /// Whether somebody is there: the process was not started without a terminal, or with its
    /// input and messages redirected.
    fn is_attended() -> bool {
        io::stdin().is_terminal() || io::stderr().is_terminal()
    }
}

impl Prompt for TerminalPrompt {
    fn ask(&self, question: &str) -> Result<Secret, PromptError> {
        if !Self::is_attended() {
            return Err(PromptError::NoTerminal);
        }
        let interruption = Interruption::catch().map_err(PromptError::Io)?;
        // The question names roles and collections out of files that may come from anybody.
        let answer = rpassword::prompt_password(escape(question)).map(Zeroizing::new);
        drop(interruption);
        match answer {
            Ok(answer) => Ok(answer.trim().into()),
            Err(error) => Err(match error.kind() {
                io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof => {
                    // The line of the question is still open.
                    let _ = self.tell("");
                    PromptError::Interrupted
                }
                // No controlling terminal (ENXIO), or none on this system.
                io::ErrorKind::NotFound => PromptError::NoTerminal,
                _ if error.raw_os_error() == Some(NO_SUCH_DEVICE) => PromptError::NoTerminal,
                _ => PromptError::Io(error),
            }),
        }
    }

    fn ask_openly(&self, question: &str) -> Result<String, PromptError> {
        if !Self::is_attended() {
            return Err(PromptError::NoTerminal);
        }
        // The echo is as it was, so Ctrl-C may have its usual effect.
        let keyboard = OpenOptions::new().read(true).open(KEYBOARD);
        let keyboard = keyboard.map_err(|_| PromptError::NoTerminal)?;
        let terminal = OpenOptions::new().write(true).open(TERMINAL);
        let mut terminal = terminal.map_err(|_| PromptError::NoTerminal)?;
        write!(terminal, "{}", escape(question)).map_err(PromptError::Io)?;
        let mut answer = String::new();
        let read = BufReader::new(keyboard.take(MAX_ANSWER)).read_line(&mut answer);
        if read.map_err(PromptError::Io)? == 0 {
            let _ = self.tell("");
            return Err(PromptError::Interrupted);
        }
        Ok(answer.trim().to_owned())
    }

    fn tell(&self, line: &str) -> Result<(), PromptError> {
        if !Self::is_attended() {
            return Err(PromptError::NoTerminal);
        }
        let terminal = OpenOptions::new().write(true).open(TERMINAL);
        let mut terminal = terminal.map_err(|_| PromptError::NoTerminal)?;
        writeln!(terminal, "{}", escape(line)).map_err(PromptError::Io)
    }
}

/// `ENXIO`, which opening `/dev/tty` gives a process without a controlling terminal.
const NO_SUCH_DEVICE: i32 = 6;

/// While this exists, Ctrl-C ends the question instead of the process, so that the terminal gets
/// its echo back.
struct Interruption;

/// Whether Ctrl-C has its usual effect.
static USUAL: OnceLock<Arc<AtomicBool>> = OnceLock::new();

impl Interruption {
    fn catch() -> io::Result<Self> {
        let usual = match USUAL.get() {
            Some(usual) => usual,
            None => {
                let usual = Arc::new(AtomicBool::new(true));
                signal_hook::flag::register_conditional_default(SIGINT, usual.clone())?;
                USUAL.get_or_init(|| usual)
            }
        };
        usual.store(false, Ordering::SeqCst);
        Ok(Self)
    }
}

impl Drop for Interruption {
    fn drop(&mut self) {
        if let Some(usual) = USUAL.get() {
            usual.store(true, Ordering::SeqCst);
        }
    }
}

/// Progress bars on stderr, for tasks that take longer than a moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct TerminalProgress;

/// How long a task may take before it is shown.
const MOMENT: Duration = Duration::from_millis(500);

impl Progress for TerminalProgress {
    fn begin(&self, what: &str, total: Option<u64>) -> Box<dyn Task> {
        if !io::stderr().is_terminal() {
            return Box::new(Silent);
        }
        let bar = match total {
            Some(total) => ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden())
                .with_style(style("{msg} [{bar:30}] {bytes}/{total_bytes} {eta}")),
            None => ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden())
                .with_style(style("{msg} {spinner} {bytes}")),
        };
        bar.set_message(escape(what).into_owned());
        Box::new(Bar { bar, started: Instant::now(), shown: AtomicBool::new(false) })
    }
}

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template);
    style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ")
}

struct Bar {
    bar: ProgressBar,
    started: Instant,
    shown: AtomicBool,
}

impl Task for Bar {
    fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
        if self.started.elapsed() > MOMENT && !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
