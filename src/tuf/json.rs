//! JSON as Go's decoder reads it, for everything that is signed but has no type of its own.
//!
//! The dialect matters because signatures are checked over re-encoded values: two programs that
//! decode a document differently would disagree about what was signed (`formats.md` §3.5).
//!
//! * Numbers are IEEE doubles and must be integral; outside `i64` they are refused.
//! * `\u` escapes are resolved, a lone surrogate becomes U+FFFD.
//! * Each byte that is not part of valid UTF-8 becomes one U+FFFD.
//! * A raw control character inside a string is a syntax error.
//! * Of equal member names the last one wins; [`Document::duplicate`] tells that there were any.
//! * Nesting is limited to [`MAX_DEPTH`].

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;
use thiserror::Error;

/// How many arrays and objects may be open at once.
pub const MAX_DEPTH: usize = 128;

/// The largest integer that, with all below it, is a double of its own. Beyond it some numbers are
/// verified as others than those that were signed.
pub const MAX_EXACT: i64 = (1 << 53) - 1;

/// A JSON value whose numbers are integers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Json {
    /// `[…]`
    Array(Vec<Json>),
    /// `true` or `false`
    Bool(bool),
    /// A number; Notary's metadata has no fractions.
    Integer(i64),
    /// `null`
    Null,
    /// `{…}`, members in the byte order of their names, which is the canonical order.
    Object(BTreeMap<String, Json>),
    /// `"…"`
    String(String),
}

/// A parsed text and what the value itself cannot tell about it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Document {
    /// A member name that some object has more than once.
    pub duplicate: Option<String>,
    /// The value.
    pub value: Json,
}

impl Json {
    /// Parses one JSON text, surrounded by nothing but white space.
    pub fn parse(text: &[u8]) -> Result<Document, JsonError> {
        let mut parser = Parser { text, at: 0, duplicate: None };
        parser.skip_space();
        let value = parser.value(0)?;
        parser.skip_space();
        match parser.peek() {
            None => Ok(Document { duplicate: parser.duplicate, value }),
            Some(_) => Err(parser.error(JsonProblem::Trailing)),
        }
    }

    /// Whether any number is beyond ±[`MAX_EXACT`].
    pub fn has_inexact_numbers(&self) -> bool {
        match self {
            Self::Array(items) => items.iter().any(Self::has_inexact_numbers),
            Self::Bool(_) | Self::Null | Self::String(_) => false,
            Self::Integer(number) => !(-MAX_EXACT..=MAX_EXACT).contains(number),
            Self::Object(members) => members.values().any(Self::has_inexact_numbers),
        }
    }

    /// Whether any string in the value holds a control character.
    ///
    /// Such a value has no canonical form that is JSON again, so Go clients cannot publish it.
    pub fn has_control_characters(&self) -> bool {
        self.any_text(&|text| text.chars().any(|c| c < ' '))
    }

    /// Whether any string in the value holds a character that Go escapes for HTML.
    ///
    /// Go clients sign such characters in custom data as escapes and verify them as themselves, so
    /// they can read the value but publish nothing on top of it (`formats.md` §4.5).
    pub fn has_html_characters(&self) -> bool {
        let special = |c| matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}');
        self.any_text(&|text| text.contains(special))
    }

    /// Whether `test` holds for any string or member name.
    fn any_text(&self, test: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Array(items) => items.iter().any(|item| item.any_text(test)),
            Self::Bool(_) | Self::Integer(_) | Self::Null => false,
            Self::Object(members) => {
                members.iter().any(|(name, value)| test(name) || value.any_text(test))
            }
            Self::String(text) => test(text),
        }
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Array(items) => items.serialize(serializer),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Null => serializer.serialize_unit(),
            Self::Object(members) => members.serialize(serializer),
            Self::String(value) => serializer.serialize_str(value),
        }
    }
}

/// Only from JSON text: the text is taken raw and parsed by the rules above.
impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let document = Self::parse(raw.get().as_bytes()).map_err(de::Error::custom)?;
        Ok(document.value)
    }
}

/// Where and why a text is not acceptable JSON.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{problem} at byte {offset}")]
pub struct JsonError {
    /// Bytes before the place.
    pub offset: usize,
    /// What is wrong there.
    pub problem: JsonProblem,
}

/// What can be wrong with a JSON text.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum JsonProblem {
    /// A raw control character inside a string.
    #[error("unescaped control character in a string")]
    ControlCharacter,
    /// More than [`MAX_DEPTH`] levels.
    #[error("nested too deeply")]
    Depth,
    /// A backslash followed by something else than an escape.
    #[error("invalid escape sequence")]
    Escape,
    /// A number that is not written as JSON numbers are.
    #[error("malformed number")]
    MalformedNumber,
    /// A number with a fraction.
    #[error("number is not an integer")]
    NotIntegral,
    /// A number beyond 64 bits.
    #[error("number is out of range")]
    Range,
    /// Something after the value.
    #[error("unexpected data after the value")]
    Trailing,
    /// A character that cannot stand here.
    #[error("unexpected character")]
    Unexpected,
    /// The text stops too early.
    #[error("unexpected end")]
    UnexpectedEnd,
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    duplicate: Option<String>,
}

impl Parser<'_> {
    fn value(&mut self, depth: usize) -> Result<Json, JsonError> {
        if depth > MAX_DEPTH {
            return Err(self.error(JsonProblem::Depth));
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Json::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => Ok(Json::Integer(self.number()?)),
            Some(b't') => self.literal("true", Json::Bool(true)),
            Some(b'f') => self.literal("false", Json::Bool(false)),
            Some(b'n') => self.literal("null", Json::Null),
            _ => Err(self.unexpected()),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, JsonError> {
        let mut members = BTreeMap::new();
        self.at += 1;
        self.skip_space();
        if self.eat(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.unexpected());
            }
            let name = self.string()?;
            self.skip_space();
            self.expect(b':')?;
            self.skip_space();
            let value = self.value(depth + 1)?;
            if self.duplicate.is_none() && members.contains_key(&name) {
                self.duplicate = Some(name.clone());
            }
            members.insert(name, value);
            self.skip_space();
            if self.eat(b'}') {
                return Ok(Json::Object(members));
            }
            self.expect(b',')?;
            self.skip_space();
        }
    }

    fn array(&mut self, depth: usize) -> Result<Json, JsonError> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.eat(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if self.eat(b']') {
                return Ok(Json::Array(items));
            }
            self.expect(b',')?;
            self.skip_space();
        }
    }

    fn literal(&mut self, word: &str, value: Json) -> Result<Json, JsonError> {
        if self.text[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.unexpected())
        }
    }

    fn number(&mut self) -> Result<i64, JsonError> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') && self.digits() == 0 {
            return Err(self.error(JsonProblem::MalformedNumber));
        }
        if self.eat(b'.') && self.digits() == 0 {
            return Err(self.error(JsonProblem::MalformedNumber));
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            if self.digits() == 0 {
                return Err(self.error(JsonProblem::MalformedNumber));
            }
        }
        let problem = |problem| JsonError { offset: start, problem };
        let value: f64 = std::str::from_utf8(&self.text[start..self.at])
            .ok()
            .and_then(|digits| digits.parse().ok())
            .ok_or(problem(JsonProblem::MalformedNumber))?;
        // 2^63 itself is a double, the largest i64 is not.
        const LIMIT: f64 = 9_223_372_036_854_775_808.0;
        if !(-LIMIT..LIMIT).contains(&value) {
            return Err(problem(JsonProblem::Range));
        }
        if value.fract() != 0.0 {
            return Err(problem(JsonProblem::NotIntegral));
        }
        Ok(value as i64)
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let plain = self.text[self.at..]
                .iter()
                .position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f))
                .unwrap_or(self.text.len() - self.at);
            push_utf8(&mut out, &self.text[self.at..self.at + plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    out.push(self.escape()?);
                }
                Some(_) => return Err(self.error(JsonProblem::ControlCharacter)),
                None => return Err(self.unexpected()),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let byte = self.peek().ok_or_else(|| self.unexpected())?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex4()?;
                match char::from_u32(first) {
                    Some(c) => c,
                    None => self.surrogate(first),
                }
            }
            _ => {
                self.at -= 1;
                return Err(self.error(JsonProblem::Escape));
            }
        })
    }

    /// Joins `first` with the escape that follows when both make a pair; a lone half is replaced.
    fn surrogate(&mut self, first: u32) -> char {
        let before = self.at;
        if first < 0xdc00
            && self.eat(b'\\')
            && self.eat(b'u')
            && let Ok(second @ 0xdc00..=0xdfff) = self.hex4()
            && let Some(c) = char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
        {
            return c;
        }
        self.at = before;
        char::REPLACEMENT_CHARACTER
    }

    fn hex4(&mut self) -> Result<u32, JsonError> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| char::from(b).to_digit(16));
            value = value * 16 + digit.ok_or_else(|| self.error(JsonProblem::Escape))?;
            self.at += 1;
        }
        Ok(value)
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.eat(byte) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> JsonError {
        self.error(match self.peek() {
            Some(_) => JsonProblem::Unexpected,
            None => JsonProblem::UnexpectedEnd,
        })
    }

    fn error(&self, problem: JsonProblem) -> JsonError {
        JsonError { offset: self.at, problem }
    }
}

/// Appends `bytes`, with one U+FFFD for each byte that is not part of valid UTF-8.
///
/// `String::from_utf8_lossy` replaces longer sequences by one character, Go does not.
fn push_utf8(out: &mut String, mut bytes: &[u8]) {
    loop {
        match std::str::from_utf8(bytes) {
            Ok(rest) => return out.push_str(rest),
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                out.push_str(std::str::from_utf8(valid).unwrap_or_default());
                out.push(char::REPLACEMENT_CHARACTER);
                bytes = &rest[1..];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> JsonProblem {
        Json::parse(text.as_bytes()).unwrap_err().problem
    }

    #[test]
    fn malformed_texts_are_refused_with_the_reason() {
        use JsonProblem::*;
        for (text, why) in [
            ("", UnexpectedEnd),
            ("{", UnexpectedEnd),
            ("[1,", UnexpectedEnd),
            ("\"open", UnexpectedEnd),
            ("{\"a\":1,}", Unexpected),
            ("{a:1}", Unexpected),
            ("[1 2]", Unexpected),
            ("nul", Unexpected),
            ("<html>", Unexpected),
            ("1 2", Trailing),
            ("01", Trailing),
            ("-", MalformedNumber),
            ("1.", MalformedNumber),
            ("1e", MalformedNumber),
            ("1.5", NotIntegral),
            ("1e20", Range),
            ("1e400", Range),
            ("\"\\x\"", Escape),
            ("\"\\u12g4\"", Escape),
            ("\"a\nb\"", ControlCharacter),
        ] {
            assert_eq!(problem(text), why, "{text:?}");
        }
        assert_eq!(problem(&"[".repeat(100_000)), Depth);
    }

    #[test]
    fn nesting_up_to_the_limit_is_read() {
        let text = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert!(Json::parse(text.as_bytes()).is_ok());
    }

    #[test]
    fn duplicate_members_are_reported_and_the_last_wins() {
        let document = Json::parse(br#"{"x":{"a":1,"a":2}}"#).unwrap();
        assert_eq!(document.duplicate.as_deref(), Some("a"));
        let Json::Object(outer) = document.value else { panic!() };
        assert_eq!(outer["x"], Json::Object([("a".to_owned(), Json::Integer(2))].into()));
    }

    #[test]
    fn control_characters_are_found_at_any_depth() {
        let value = |text: &str| Json::parse(text.as_bytes()).unwrap().value;
        assert!(value(r#"{"a":[{"b\n":1}]}"#).has_control_characters());
        assert!(value(r#"["\u001b"]"#).has_control_characters());
        assert!(!value(r#"{"a":["é\u007f",1,null]}"#).has_control_characters());
        assert!(value(r#"{"a":[{"\u003c":1}]}"#).has_html_characters());
        assert!(!value(r#"{"a":["/'+=\u202a"]}"#).has_html_characters());
    }
}
