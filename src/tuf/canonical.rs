//! Canonical JSON: the only place that makes bytes which are signed or verified.
//!
//! Members are sorted by the bytes of their names, there is no white space, and only `"` and `\`
//! are escaped in strings; every other character stands for itself, control characters included
//! (`formats.md` §3.5). Files on disk and on the wire carry the same text with the escapes that
//! Go's encoder adds for HTML ([`file_form`]); those are not part of what is signed.

use std::borrow::Cow;
use std::io;

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, Serializer};

use super::json::{Json, JsonError, MAX_DEPTH};

/// Encodes a value canonically.
///
/// Struct fields must be declared in alphabetical order of their JSON names and maps must be
/// `BTreeMap`s; the tests compare every metadata type with the generic encoding.
pub fn to_vec<T: Serialize>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    value
        .serialize(&mut Serializer::with_formatter(&mut out, CanonicalFormatter))
        .expect("metadata types serialise into memory without failing");
    out
}

/// Returns the canonical form of a JSON text, borrowed when the text already has that form.
pub fn from_text(text: &[u8]) -> Result<Cow<'_, [u8]>, CanonicalError> {
    if is_canonical(text) {
        return Ok(Cow::Borrowed(text));
    }
    let document = Json::parse(text)?;
    match document.duplicate {
        Some(name) => Err(CanonicalError::Duplicate(name)),
        None => Ok(Cow::Owned(to_vec(&document.value))),
    }
}

/// Turns canonical bytes into the bytes of a file: the same text with `<`, `>`, `&`, U+2028,
/// U+2029 and control characters as `\u` escapes.
pub fn file_form(canonical: &[u8]) -> Cow<'_, [u8]> {
    let separator =
        |rest: &[u8]| rest.starts_with(b"\xe2\x80\xa8") || rest.starts_with(b"\xe2\x80\xa9");
    let special = |(at, byte): (usize, &u8)| match byte {
        b'<' | b'>' | b'&' | 0..=0x1f => true,
        0xe2 => separator(&canonical[at..]),
        _ => false,
    };
    let count = canonical.iter().enumerate().filter(|found| special(*found)).count();
    if count == 0 {
        return Cow::Borrowed(canonical);
    }
    let mut out = Vec::with_capacity(canonical.len() + 5 * count);
    let mut at = 0;
    while at < canonical.len() {
        let byte = canonical[at];
        if !special((at, &byte)) {
            out.push(byte);
            at += 1;
        } else if byte == 0xe2 {
            out.extend_from_slice(if canonical[at + 2] == 0xa8 { b"\\u2028" } else { b"\\u2029" });
            at += 3;
        } else {
            out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
            at += 1;
        }
    }
    Cow::Owned(out)
}

/// Why a text has no canonical form.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CanonicalError {
    /// Two readers could take different values for this member (`formats.md` §13.2, N20).
    #[error("member {0:?} occurs more than once in one object")]
    Duplicate(String),
    /// Not JSON of Notary's dialect.
    #[error(transparent)]
    Json(#[from] JsonError),
}

struct CanonicalFormatter;

impl Formatter for CanonicalFormatter {
    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        let raw = match escape {
            CharEscape::Quote => return out.write_all(b"\\\""),
            CharEscape::ReverseSolidus => return out.write_all(b"\\\\"),
            CharEscape::AsciiControl(byte) => byte,
            CharEscape::Backspace => 0x08,
            CharEscape::CarriageReturn => b'\r',
            CharEscape::FormFeed => 0x0c,
            CharEscape::LineFeed => b'\n',
            CharEscape::Solidus => b'/',
            CharEscape::Tab => b'\t',
        };
        out.write_all(&[raw])
    }
}

/// Whether `text` is its own canonical form.
///
/// Errs on the side of `false`: texts with escaped member names or numbers of 16 and more digits
/// are left to the full parser.
fn is_canonical(text: &[u8]) -> bool {
    let mut scanner = Scanner { text, at: 0 };
    std::str::from_utf8(text).is_ok() && scanner.value(0).is_some() && scanner.at == text.len()
}

/// Walks over a text and gives up (`None`) at the first thing that canonical JSON does not have.
struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    fn value(&mut self, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match *self.text.get(self.at)? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string().map(drop),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        if self.eat(b'}') {
            return Some(());
        }
        let mut previous: Option<&[u8]> = None;
        loop {
            let name = self.string()?;
            if name.contains(&b'\\') || previous.is_some_and(|previous| previous >= name) {
                return None;
            }
            previous = Some(name);
            if !self.eat(b':') {
                return None;
            }
            self.value(depth + 1)?;
            if self.eat(b'}') {
                return Some(());
            }
            if !self.eat(b',') {
                return None;
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        if self.eat(b']') {
            return Some(());
        }
        loop {
            self.value(depth + 1)?;
            if self.eat(b']') {
                return Some(());
            }
            if !self.eat(b',') {
                return None;
            }
        }
    }

    /// Returns the bytes between the quotes, escapes and all.
    fn string(&mut self) -> Option<&'a [u8]> {
        if !self.eat(b'"') {
            return None;
        }
        let start = self.at;
        loop {
            match *self.text.get(self.at)? {
                b'"' => break,
                b'\\' => match *self.text.get(self.at + 1)? {
                    b'"' | b'\\' => self.at += 2,
                    _ => return None,
                },
                0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(&self.text[start..self.at - 1])
    }

    fn number(&mut self) -> Option<()> {
        // Every integer of up to 15 digits is a double of its own.
        const EXACT_DIGITS: usize = 15;
        let negative = self.eat(b'-');
        let start = self.at;
        while matches!(self.text.get(self.at), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        let digits = &self.text[start..self.at];
        match digits {
            [] => None,
            [b'0'] if !negative => Some(()),
            [b'0', ..] => None,
            _ if digits.len() > EXACT_DIGITS => None,
            _ => Some(()),
        }
    }

    fn literal(&mut self, word: &[u8]) -> Option<()> {
        let found = self.text[self.at..].starts_with(word);
        self.at += word.len();
        found.then_some(())
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_texts_are_recognised() {
        for text in [
            "{}",
            "[]",
            "0",
            "-1",
            "999999999999999",
            r#"{"":1,"A":[true,false,null],"a":{"é":"\"\\"}}"#,
            "\"<>&\u{2028}\u{7f}\"",
        ] {
            assert!(is_canonical(text.as_bytes()), "{text}");
            assert!(matches!(from_text(text.as_bytes()), Ok(Cow::Borrowed(_))), "{text}");
        }
    }

    #[test]
    fn other_spellings_are_reencoded_to_the_same_bytes() {
        for (text, canonical) in [
            (" { \"b\" : 1 , \"a\" : 2 } ", r#"{"a":2,"b":1}"#),
            ("-0", "0"),
            ("1e2", "100"),
            ("9007199254740993", "9007199254740992"),
            (r#""\u003c\/""#, "\"</\""),
            (r#""a\tb""#, "\"a\tb\""),
            (r#"{"\\":1,"z":2}"#, r#"{"\\":1,"z":2}"#),
            (r#"{"z":2,"\u0061":1}"#, r#"{"a":1,"z":2}"#),
        ] {
            assert!(!is_canonical(text.as_bytes()), "{text}");
            assert_eq!(from_text(text.as_bytes()).unwrap(), canonical.as_bytes(), "{text}");
        }
    }

    #[test]
    fn what_only_looks_canonical_is_not() {
        for text in [
            "",
            "{",
            "01",
            "00",
            "-",
            "{\"a\":1,\"a\":1}",
            "{\"b\":1,\"a\":1}",
            "tru",
            "\"\n\"",
            "[1,]",
            "1 ",
        ] {
            assert!(!is_canonical(text.as_bytes()), "{text:?}");
        }
        assert!(!is_canonical(&[b'"', 0xff, b'"']));
        assert!(!is_canonical("[".repeat(100_000).as_bytes()));
    }

    #[test]
    fn repeated_members_have_no_canonical_form() {
        assert_eq!(from_text(br#"{"a":1,"a":1}"#), Err(CanonicalError::Duplicate("a".into())));
    }

    #[test]
    fn files_escape_what_go_escapes() {
        let canonical = "\"<>&\u{2028}\u{2029}\u{20ac}\u{1b}é\"";
        assert_eq!(
            file_form(canonical.as_bytes()),
            r#""\u003c\u003e\u0026\u2028\u2029€\u001bé""#.as_bytes()
        );
        assert!(matches!(file_form(b"plain"), Cow::Borrowed(_)));
    }
}
