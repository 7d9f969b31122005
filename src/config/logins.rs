//! Where logins to servers were said to be: by the command line and the environment.

use super::{Overrides, Surroundings};
use crate::credentials::Given;

/// Gathers everything that was given; nothing of it is read.
pub(super) fn gather(overrides: &Overrides, around: &Surroundings) -> Given {
    Given {
        user: overrides.user.clone(),
        password: None,
        auth: around.var("NOTARY_AUTH").map(Into::into),
        auth_file: around.var("NOTARY_AUTH_FILE").map(|path| around.cwd.join(path)),
    }
}
