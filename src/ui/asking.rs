//! Questions to the terminal, and warnings that come up while one is prepared.

use super::Voice;
use crate::secret::{Prompt, PromptError, Secret};

/// Asks at the terminal, and warns where all warnings go.
pub struct Asking {
    terminal: Box<dyn Prompt>,
    voice: Voice,
}

impl Asking {
    /// Puts both together.
    pub fn new(terminal: Box<dyn Prompt>, voice: Voice) -> Self {
        Self { terminal, voice }
    }
}

impl Prompt for Asking {
    fn ask(&self, question: &str) -> Result<Secret, PromptError> {
        self.terminal.ask(question)
    }

    fn ask_openly(&self, question: &str) -> Result<String, PromptError> {
        self.terminal.ask_openly(question)
    }

    fn tell(&self, line: &str) -> Result<(), PromptError> {
        self.terminal.tell(line)
    }

    fn warn(&self, line: &str) {
        self.voice.warning(line);
    }
}
