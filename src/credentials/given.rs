//! Logins that a run was given for its servers: by the command line and by the environment.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::basic;
use super::{CredentialsError, Found, Login, Programs};
use crate::secret::{Prompt, Secret, first_line, is_readable_by_others};

/// The most bytes of a login; tokens that serve as passwords are long.
pub(super) const MAX_BYTES: usize = 64 << 10;

const VARIABLE: &str = "`NOTARY_AUTH`";

/// What a run was given to find logins; nothing of it has been read.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Whose login is to be used, by the command line; an empty name for nobody's.
    pub user: Option<String>,
    /// The password that came with it through a pipe; without one, somebody is asked for it.
    pub password: Option<Secret>,
    /// The value of `NOTARY_AUTH`.
    pub auth: Option<Secret>,
    /// The file whose first line is what `NOTARY_AUTH` could be.
    pub auth_file: Option<PathBuf>,
    /// The directory of Docker's configuration.
    pub docker: Option<PathBuf>,
    /// How Docker's credential helpers are run.
    pub programs: Programs,
    /// The trust directory, where the list of stored logins is.
    pub trust_dir: Option<PathBuf>,
}

impl Given {
    /// The login of the environment. What is malformed is told, and counts as none.
    pub(super) fn of_environment(
        &self,
        prompt: &dyn Prompt,
    ) -> Result<Option<Found>, CredentialsError> {
        let warn = |place: &str, error: basic::BasicError| {
            prompt.warn(&format!("the login in {place} is not used: {error}"));
        };
        if let Some(word) = &self.auth {
            match basic::login(word) {
                Ok(login) => return Ok(Some(Found { login, source: VARIABLE.to_owned() })),
                Err(error) => warn(VARIABLE, error),
            }
        }
        let Some(path) = &self.auth_file else { return Ok(None) };
        let source = format!("`{}`", path.display());
        match basic::login(&read(path, prompt)?) {
            Ok(login) => Ok(Some(Found { login, source })),
            Err(error) => {
                warn(&source, error);
                Ok(None)
            }
        }
    }

    /// The login of the command line, if it is complete.
    pub(super) fn of_options(&self) -> Option<Found> {
        let user = self.user.clone().filter(|user| !user.is_empty())?;
        let password = self.password.clone()?;
        Some(Found {
            login: Login::Password { user, password },
            source: "the command line".to_owned(),
        })
    }
}

fn read(path: &Path, prompt: &dyn Prompt) -> Result<Secret, CredentialsError> {
    let failed = |why: std::io::Error| {
        let why = why.to_string();
        CredentialsError::File { path: path.to_owned(), why }
    };
    let mut file = File::open(path).map_err(failed)?;
    if is_readable_by_others(&file) {
        prompt.warn(&format!(
            "others can read the login in `{}`; `chmod 600` keeps it to you",
            path.display()
        ));
    }
    first_line(&mut file, MAX_BYTES).map_err(failed)
}
