//! Configuration files: JSON, TOML or YAML by their ending, read with limits, looked up by dotted
//! keys.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::{ConfigError, format};
use crate::fsutil;

const MAX_CONFIG_BYTES: u64 = 1 << 20;

/// A parsed configuration file; one that does not exist has no values.
pub(super) struct File {
    pub(super) path: PathBuf,
    /// What stands in front of its keys, for one that is a section of a file.
    prefix: String,
    values: Map<String, Value>,
}

impl File {
    /// Reads a file; `None` when nothing is there.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, ConfigError> {
        let Some(text) = fsutil::read_bounded(path, MAX_CONFIG_BYTES)? else { return Ok(None) };
        let (prefix, values) = (String::new(), format::parse(path, &text)?);
        Ok(Some(Self { path: path.to_owned(), prefix, values }))
    }

    /// A file without values.
    pub(super) fn empty(path: PathBuf) -> Self {
        Self { path, prefix: String::new(), values: Map::new() }
    }

    /// The object at a dotted key, as a file of its own; one that is not there has no values.
    pub(super) fn section(&self, key: &str) -> Result<Self, ConfigError> {
        match self.value(key)? {
            None => Ok(self.below(key, Map::new())),
            Some(Value::Object(values)) => Ok(self.below(key, values.clone())),
            Some(_) => Err(self.wrong(key, "an object")),
        }
    }

    /// The object that is the member of exactly this name, dots and all.
    pub(super) fn member(&self, name: &str) -> Result<Self, ConfigError> {
        match self.values.get(name) {
            Some(Value::Object(values)) => Ok(self.below(name, values.clone())),
            _ => Err(self.wrong(name, "an object")),
        }
    }

    fn below(&self, key: &str, values: Map<String, Value>) -> Self {
        Self { path: self.path.clone(), prefix: self.full(&format!("{key}.")), values }
    }

    /// A key as it is in the whole file.
    pub(super) fn full(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// The value at a dotted key. Names are compared without case, as Go's library does.
    pub(super) fn value(&self, key: &str) -> Result<Option<&Value>, ConfigError> {
        let mut members = &self.values;
        let mut parts = key.split('.').peekable();
        while let Some(part) = parts.next() {
            let mut named = members.iter().filter(|(name, _)| name.eq_ignore_ascii_case(part));
            let found = named.next();
            if let Some((name, _)) = named.next() {
                let reason = format!("member `{name}` occurs more than once, case apart");
                return Err(ConfigError::Parse { path: self.path.clone(), reason });
            }
            match found {
                None | Some((_, Value::Null)) => return Ok(None),
                Some((_, value)) if parts.peek().is_none() => return Ok(Some(value)),
                Some((_, Value::Object(inner))) => members = inner,
                Some((name, _)) => return Err(self.wrong(name, "an object")),
            }
        }
        Ok(None)
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<&str>, ConfigError> {
        self.value(key)?
            .map(|value| value.as_str().ok_or_else(|| self.wrong(key, "a string")))
            .transpose()
    }

    pub(super) fn flag(&self, key: &str) -> Result<bool, ConfigError> {
        match self.value(key)? {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(true),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(false),
            Some(_) => Err(self.wrong(key, "true or false")),
        }
    }

    /// The members of an object, with their names as they are; the empty key is for all of it.
    pub(super) fn members(&self, key: &str) -> Result<Vec<(&String, &Value)>, ConfigError> {
        if key.is_empty() {
            return Ok(self.values.iter().collect());
        }
        match self.value(key)? {
            None => Ok(Vec::new()),
            Some(Value::Object(members)) => Ok(members.iter().collect()),
            Some(_) => Err(self.wrong(key, "an object")),
        }
    }

    /// Refuses members of an object that are not known, so that a mistyped one is not passed over.
    pub(super) fn only(&self, key: &str, known: &[&str]) -> Result<(), ConfigError> {
        let is_known = |name: &str| known.iter().any(|known| known.eq_ignore_ascii_case(name));
        match self.members(key)?.iter().find(|(name, _)| !is_known(name)) {
            None => Ok(()),
            Some((name, _)) => Err(ConfigError::Unknown {
                key: self.full(&match key.is_empty() {
                    true => String::clone(name),
                    false => format!("{key}.{name}"),
                }),
                path: self.path.clone(),
                known: known.join(", "),
            }),
        }
    }

    pub(super) fn wrong(&self, key: &str, expected: &'static str) -> ConfigError {
        ConfigError::Value { key: self.full(key), path: self.path.clone(), expected }
    }

    /// A path in the file is relative to the file.
    pub(super) fn resolve(&self, path: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(path)
    }
}
