//! The way to stderr, which several parts of the shell share.

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

use super::text::escape;

/// Speaks to whoever reads messages. When nobody does, there is nobody to tell, so failures to write
/// are passed over.
#[derive(Clone)]
pub struct Voice {
    stderr: Rc<RefCell<Box<dyn Write>>>,
    colour: bool,
}

impl Voice {
    /// Speaks through `stderr`.
    pub fn new(stderr: Box<dyn Write>, colour: bool) -> Self {
        Self { stderr: Rc::new(RefCell::new(stderr)), colour }
    }

    /// Whether to use colour.
    pub fn has_colour(&self) -> bool {
        self.colour
    }

    /// Says that something deserves attention.
    pub fn warning(&self, text: &str) {
        self.say("\u{1b}[1;33m", "warning: ", text);
    }

    /// Says something that is good to know, to those who have not asked for quiet.
    pub fn note(&self, text: &str) {
        self.say("", "", text);
    }

    /// Writes a line with a label in a style.
    pub(super) fn say(&self, style: &str, label: &str, text: &str) {
        let (style, reset) = match self.colour && !style.is_empty() {
            true => (style, "\u{1b}[0m"),
            false => ("", ""),
        };
        self.write(&format!("{style}{label}{reset}{}\n", escape(text)));
    }

    /// Writes text as it is.
    pub(super) fn write(&self, text: &str) {
        let _ = self.stderr.borrow_mut().write_all(text.as_bytes());
    }

    /// Makes sure that everything written so far is on its way.
    pub(super) fn flush(&self) {
        let _ = self.stderr.borrow_mut().flush();
    }
}
