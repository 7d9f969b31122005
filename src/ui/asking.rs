//! Questions to the terminal, and warnings that come up while one is prepared.

use super::Voice;
use crate::keys::passphrase::{Passphrase, Prompt, PromptError};

/// Asks at the terminal, and warns where all warnings go.
pub struct Asking<'a> {
    terminal: &'a dyn Prompt,
    voice: Voice,
}

impl<'a> Asking<'a> {
    /// Puts both together.
    pub fn new(terminal: &'a dyn Prompt, voice: Voice) -> Self {
        Self { terminal, voice }
    }
}

impl Prompt for Asking<'_> {
    fn ask(&self, question: &str) -> Result<Passphrase, PromptError> {
        self.terminal.ask(question)
    }

    fn tell(&self, line: &str) -> Result<(), PromptError> {
        self.terminal.tell(line)
    }

    fn warn(&self, line: &str) {
        self.voice.warning(line);
    }
}
