//! The forms of the configuration file: JSON, TOML and YAML, told apart by its ending.

use std::path::Path;

use serde_json::{Map, Value};

use super::ConfigError;

/// Parses a configuration file.
pub(super) fn parse(path: &Path, text: &[u8]) -> Result<Map<String, Value>, ConfigError> {
    let broken = |reason: String| ConfigError::Parse { path: path.to_owned(), reason };
    let utf8 = || std::str::from_utf8(text).map_err(|error| broken(error.to_string()));
    let value = match path.extension().and_then(|ending| ending.to_str()) {
        Some("json") => serde_json::from_slice(text).map_err(|error| broken(error.to_string()))?,
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
