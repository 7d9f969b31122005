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
        warnings: &mut Vec<String>,
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
        let mut configured = self.configured_places(around)?;
        // Without a home, the file is whatever lies in the working directory.
        if overrides.config_file.is_none() && around.home.is_none() && configured.command.is_some()
        {
            configured.command = None;
            warnings.push(format!(
                "`passphrases.command` in `{}` is not run, since that file was not named and is \
                 not in a home directory",
                self.path.display()
            ));
        }
        let variables = NAMES.iter().filter_map(|names| variable(names.variable));
        let variable_files =
            NAMES.iter().filter_map(|names| variable_file(names.word, names.file_variable));
        Ok(Given {
            options,
            variables: variables.collect(),
            variable_files: variable_files.collect(),
            configured,
            keyring: match self.value("passphrases.keyring")? {
                None => None,
                Some(_) => Some(self.flag("passphrases.keyring")?),
            },
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Surroundings};

    fn load(text: &str, vars: &[(&str, &str)]) -> Result<Given, ConfigError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("c.json");
        fsutil::write_atomic(&path, text.as_bytes()).unwrap();
        let around = Surroundings {
            cwd: "/work".into(),
            home: Some("/home/alice".into()),
            vars: vars.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        };
        let overrides = Overrides { config_file: Some(path), ..Overrides::default() };
        let mut given = Config::load(&overrides, &around)?.passphrases;
        for path in given.configured.files.values_mut() {
            if let Ok(relative) = path.strip_prefix(directory.path()) {
                *path = Path::new("CONFIG").join(relative);
            }
        }
        Ok(given)
    }

    #[test]
    fn files_are_relative_to_who_names_them() {
        let text = r#"{"passphrases": {"files": {"root": "a", "targets/x": "~/b", "backup": "/c"},
            "command": "pass show x", "keyring": true}}"#;
        let vars = [("NOTARY_ROOT_PASSPHRASE_FILE", "d"), ("NOTARY_PKCS11_PIN_FILE", "/e")];
        let given = load(text, &vars).unwrap();
        let file = |word: &str, path: &str| (word.parse().unwrap(), PathBuf::from(path));
        let files =
            [file("root", "CONFIG/a"), file("targets/x", "/home/alice/b"), file("backup", "/c")];
        assert_eq!(given.configured.files, files.into());
        assert!(given.configured.command.is_some() && given.keyring == Some(true));
        assert_eq!(given.variable_files, [file("root", "/work/d"), file("pkcs11", "/e")]);
        // An empty variable is none.
        let given = load("{}", &[("NOTARY_ROOT_PASSPHRASE", "")]).unwrap();
        assert!(given.variables.is_empty() && given.keyring.is_none());
    }

    #[test]
    fn no_command_comes_from_the_working_directory() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".notary/config.json");
        let text = r#"{"passphrases": {"command": "echo x", "files": {"root": "a"}}}"#;
        fsutil::write_atomic(&path, text.as_bytes()).unwrap();
        let mut around = Surroundings { cwd: directory.path().into(), ..Surroundings::default() };
        let config = Config::load(&Overrides::default(), &around).unwrap();
        assert!(config.passphrases.configured.command.is_none());
        assert!(config.warnings.iter().any(|words| words.contains("is not run")));

        let named = Overrides { config_file: Some(path), ..Overrides::default() };
        let config = Config::load(&named, &around).unwrap();
        assert!(config.passphrases.configured.command.is_some());
        around.home = Some(directory.path().into());
        let config = Config::load(&Overrides::default(), &around).unwrap();
        assert!(config.passphrases.configured.command.is_some() && config.warnings.is_empty());
    }

    #[test]
    fn what_is_mistyped_is_named() {
        for (text, words) in [
            (r#"{"passphrases": {"file": {}}}"#, "`passphrases.file` in"),
            (r#"{"passphrases": {"files": {"tagets": "x"}}}"#, "`passphrases.files.tagets` in"),
            (r#"{"passphrases": {"files": {"targets": ""}}}"#, "must be a path"),
            (r#"{"passphrases": {"files": "x"}}"#, "must be an object"),
            (r#"{"passphrases": {"command": 1}}"#, "must be a string"),
            (r#"{"passphrases": {"keyring": "perhaps"}}"#, "must be true or false"),
        ] {
            let error = load(text, &[]).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        for text in ["targets", "=x", "targets=", "tagets=x"] {
            assert!(parse_file(text).is_err(), "{text}");
        }
        assert_eq!(parse_file("targets=a=b").unwrap().1, PathBuf::from("a=b"));
    }
}
