//! Where passphrases were said to be: by the command line, the environment and the configuration.

use std::path::{Path, PathBuf};

use super::file::File;
use super::{ConfigError, Overrides, Surroundings, expand_home};
use crate::fsutil;
use crate::keys::passphrase::{Given, Kind, NAMES, Places, UnknownKind};

const FILES: &str = "passphrases.files";

/// What `word=path` on the command line stands for.
pub fn parse_file(text: &str) -> Result<(Kind, PathBuf), String> {
    match text.split_once('=') {
        Some((word, path)) if !path.is_empty() => {
            let kind = word.parse::<Kind>().map_err(|error| error.to_string())?;
            Ok((kind, path.into()))
        }
        _ => Err("it is not of the form ROLE=PATH".to_owned()),
    }
}

impl File {
    /// Gathers everything that was given; nothing of it is read.
    pub(super) fn passphrases(
        &self,
        overrides: &Overrides,
        around: &Surroundings,
    ) -> Result<Given, ConfigError> {
        self.only("passphrases", &["command", "files", "keyring"])?;
        let given = &overrides.passphrases;
        let absolute = |path: &Path| around.cwd.join(path);
        let options = Places {
            files: given.files.iter().map(|(kind, path)| (kind.clone(), absolute(path))).collect(),
            command: given.command.clone(),
        };
        let variable = |name: &'static str| Some((name, around.var(name)?.into()));
        let variable_file = |word: &str, name: &'static str| {
            let path = absolute(Path::new(around.var(name)?));
            Some((word.parse().ok()?, path))
        };
        let variables = NAMES.iter().filter_map(|names| variable(names.variable));
        let variable_files =
            NAMES.iter().filter_map(|names| variable_file(names.word, names.file_variable));
        Ok(Given {
            options,
            variables: variables.collect(),
            variable_files: variable_files.collect(),
            configured: self.configured_places(around)?,
        })
    }

    fn configured_places(&self, around: &Surroundings) -> Result<Places, ConfigError> {
        let mut places = Places::default();
        for (word, path) in self.members(FILES)? {
            let key = || format!("{FILES}.{word}");
            let kind = word.parse::<Kind>().map_err(|_| ConfigError::Unknown {
                key: key(),
                path: self.path.clone(),
                known: UnknownKind::KNOWN.to_owned(),
            })?;
            let path = path.as_str().filter(|path| !path.is_empty());
            let path = path.ok_or_else(|| self.wrong(&key(), "a path"))?;
            let path = expand_home(path, around);
            places.files.insert(kind, fsutil::parent(&self.path).join(path));
        }
        let command = self.text("passphrases.command")?.filter(|line| !line.is_empty());
        places.command = command.map(|line| line.to_owned().into());
        Ok(places)
    }
}
