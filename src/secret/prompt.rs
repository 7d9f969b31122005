//! Asking a person for secrets.

use thiserror::Error;

use super::Secret;

/// The person at the terminal, who is asked for secrets there and nowhere else.
pub trait Prompt {
    /// Asks for a secret with `question`; white space around the answer does not count.
    fn ask(&self, question: &str) -> Result<Secret, PromptError>;

    /// Asks for something that others may see, such as the name of a user; white space around the
    /// answer does not count.
    fn ask_openly(&self, question: &str) -> Result<String, PromptError> {
        self.ask(question).map(|answer| answer.to_string())
    }

    /// Shows one line.
    fn tell(&self, line: &str) -> Result<(), PromptError>;

    /// Says that something deserves attention, also to those who have no terminal.
    fn warn(&self, line: &str) {
        // Who cannot be told anything cannot be told this.
        let _ = self.tell(line);
    }
}

/// Why nobody answered.
#[derive(Debug, Error)]
pub enum PromptError {
    /// Ctrl-C or Ctrl-D.
    #[error("interrupted")]
    Interrupted,
    /// The terminal failed.
    #[error("the terminal cannot be used")]
    Io(#[source] std::io::Error),
    /// Nobody is there.
    #[error("there is no terminal")]
    NoTerminal,
}
