//! The forms of the configuration file: JSON, TOML and YAML, told apart by its ending.

use std::fmt;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::ConfigError;

/// Parses a configuration file.
pub(super) fn parse(path: &Path, text: &[u8]) -> Result<Map<String, Value>, ConfigError> {
    let broken = |reason: String| ConfigError::Parse { path: path.to_owned(), reason };
    let utf8 = || std::str::from_utf8(text).map_err(|error| broken(error.to_string()));
    let value = match path.extension().and_then(|ending| ending.to_str()) {
        Some("json") => {
            let unique: Unique =
                serde_json::from_slice(text).map_err(|error| broken(error.to_string()))?;
            unique.0
        }
        Some("toml") => {
            let text = utf8()?;
            toml::from_str(text).map_err(|error| broken(explain_toml(&error, text)))?
        }
        Some("yaml" | "yml") => {
            serde_saphyr::from_str(utf8()?).map_err(|error| broken(explain_yaml(&error)))?
        }
        _ => return Err(ConfigError::Format { path: path.to_owned() }),
    };
    match value {
        Value::Object(values) => Ok(values),
        Value::Null => Ok(Map::new()),
        _ => Err(broken("it is not an object".to_owned())),
    }
}

/// A JSON value in whose objects no member occurs twice: of two, one would be dropped in silence,
/// and it could be the one with the pins. The other forms do not allow that by themselves.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Unique;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Unique, E> {
        Ok(Unique(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Unique, E> {
        Ok(Unique(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Unique, E> {
        Ok(Unique(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Unique, E> {
        Ok(Unique(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Unique, E> {
        Ok(Unique(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Unique, A::Error> {
        let mut values = Vec::new();
        while let Some(Unique(value)) = items.next_element()? {
            values.push(value);
        }
        Ok(Unique(Value::Array(values)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Unique, A::Error> {
        let mut values = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if values.contains_key(&name) {
                return Err(A::Error::custom(format!("member `{name}` occurs more than once")));
            }
            let Unique(value) = members.next_value()?;
            values.insert(name, value);
        }
        Ok(Unique(Value::Object(values)))
    }
}

/// The reason and its place in one line, and nothing of the file itself, in which there may be a
/// password.
fn explain_toml(error: &toml::de::Error, text: &str) -> String {
    let reason = error.message();
    match error.span().and_then(|span| text.get(..span.start)) {
        Some(before) => {
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            format!("{reason} at line {line} column {column}")
        }
        None => reason.to_owned(),
    }
}

/// Like [`explain_toml`].
fn explain_yaml(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
