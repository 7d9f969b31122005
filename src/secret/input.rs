//! Secrets out of files and pipes, with limits, and without leaving pieces of them in memory.

use std::fs::File;
use std::io::{self, Read};

use zeroize::Zeroizing;

use super::Secret;

/// Reads the first line, without its end, and as little as may be behind it. A longer one than
/// `max` bytes is an error.
pub fn first_line(reader: &mut impl Read, max: usize) -> io::Result<Secret> {
    // Room for all of it at once: growing would leave pieces of a secret behind in memory.
    let mut text = Zeroizing::new(vec![0; max + 1]);
    let mut length = 0;
    let end = loop {
        if let Some(end) = text[..length].iter().position(|byte| *byte == b'\n') {
            break end;
        }
        if length > max {
            return Err(too_large("its first line has no end"));
        }
        match reader.read(&mut text[length..]) {
            Ok(0) => break length,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    };
    text.truncate(end);
    if text.last() == Some(&b'\r') {
        text.pop();
    }
    to_text(&text, "its first line is not UTF-8")
}

/// Reads everything, of at most `max` bytes, without the end of the last line.
pub fn read_all(reader: &mut impl Read, max: usize) -> io::Result<Secret> {
    let mut text = Zeroizing::new(Vec::with_capacity(max + 2));
    reader.take(max as u64 + 1).read_to_end(&mut text)?;
    if text.len() > max {
        return Err(too_large("it is too long"));
    }
    for end in [b'\n', b'\r'] {
        if text.last() == Some(&end) {
            text.pop();
        }
    }
    to_text(&text, "it is not UTF-8")
}

fn to_text(bytes: &[u8], otherwise: &str) -> io::Result<Secret> {
    let text = std::str::from_utf8(bytes).map(Secret::from);
    text.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, otherwise))
}

fn too_large(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, what)
}

/// Whether a file is one that not only its owner can read.
pub fn is_readable_by_others(file: &File) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        file.metadata().is_ok_and(|file| file.is_file() && file.mode() & 0o044 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}
