//! Where logins to servers were said to be: by the command line and the environment.

use std::path::{Path, PathBuf};

use super::{Overrides, Surroundings};
use crate::credentials::{Given, Programs};

/// What begins the names of variables that are not for other programs.
const OWN_VARIABLES: &str = "NOTARY_";

/// Gathers everything that was given; nothing of it is read.
pub(super) fn gather(overrides: &Overrides, around: &Surroundings, trust_dir: &Path) -> Given {
    let own = around.vars.keys().filter(|name| name.starts_with(OWN_VARIABLES));
    let programs = Programs {
        path: around.var("PATH").map(Into::into),
        withheld: own.cloned().collect(),
        ..Programs::default()
    };
    Given {
        user: overrides.user.clone(),
        password: None,
        auth: around.var("NOTARY_AUTH").map(Into::into),
        auth_file: around.var("NOTARY_AUTH_FILE").map(|path| around.cwd.join(path)),
        docker: docker_directory(around),
        programs,
        trust_dir: Some(trust_dir.to_owned()),
    }
}

/// Where Docker has its configuration, if anywhere.
pub(super) fn docker_directory(around: &Surroundings) -> Option<PathBuf> {
    match (around.var("DOCKER_CONFIG"), &around.home) {
        (Some(directory), _) => Some(around.cwd.join(directory)),
        (None, Some(home)) => Some(home.join(".docker")),
        (None, None) => None,
    }
}
