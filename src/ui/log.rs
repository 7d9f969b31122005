//! The way of messages about the work to stderr, one line for each.

use std::io::{self, Write};

use super::text::escape;

/// Writes messages that repeat words of servers, helpers and files, harmless for terminals.
///
/// Each write is one message with its line break, as the logging library makes them.
pub struct Lines<W>(pub W);

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, message: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(message);
        let line = escape(text.strip_suffix('\n').unwrap_or(&text));
        self.0.write_all(format!("{line}\n").as_bytes())?;
        Ok(message.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_message_is_obeyed_by_a_terminal() {
        let mut out = Vec::new();
        let message = "DEBUG why=\u{1b}]0;x\u{7}\u{202e}a\nb\n";
        Lines(&mut out).write_all(message.as_bytes()).unwrap();
        assert_eq!(out, b"DEBUG why=\\x1b]0;x\\x07\\u{202e}a\\nb\n");
    }
}
