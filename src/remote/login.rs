//! Finding out whether a login is right, before it is kept.
//!
//! The server is asked for `/v2/`, which has nothing but tells who may come in. Where it wants a
//! token, it is the token server that knows logins; a token of its says that the login is right, and
//! whether the server lets its bearer see `/v2/` does not matter then.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use super::auth::scope::Scope;
use super::failure::without_login;
use super::transport::{Endpoint, Get, Transport};
use super::{Proof, RemoteError};
use crate::credentials::{Credentials, CredentialsError, Effort, Found, Place};
use crate::progress::Progress;

/// The most bytes of the answer to `/v2/`.
const MAX_BYTES: u64 = 64 << 10;

/// What a server makes of a login.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LoginCheck {
    /// It is right.
    Accepted,
    /// The server does not want any.
    NotWanted,
}

/// Shows a login to a server; a wrong one is an error.
pub fn check_login(
    endpoint: Endpoint,
    found: Found,
    progress: Arc<dyn Progress>,
) -> Result<LoginCheck, RemoteError> {
    let mut url = without_login(&endpoint.url);
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["v2", ""]);
    }
    let login = Rc::new(Only { found, is_wanted: Cell::new(false) });
    let transport = Transport::new(endpoint, login.clone(), progress);
    let get = Get { url: &url, accept: &[], only_head: false, max: MAX_BYTES };
    match transport.get(&get, &Scope::nothing()) {
        Ok(_) if login.is_wanted.get() => Ok(LoginCheck::Accepted),
        Ok(_) => Ok(LoginCheck::NotWanted),
        Err(error) if is_known_to_token_server(&error) => Ok(LoginCheck::Accepted),
        Err(error) => Err(error),
    }
}

/// Whether it was the server that refused a request, and it had a token for the login.
fn is_known_to_token_server(error: &RemoteError) -> bool {
    let refusal = error.refusal();
    refusal.is_some_and(|refusal| matches!(refusal.shown, Proof::Login { as_token: true, .. }))
}

/// One login and no other.
struct Only {
    found: Found,
    is_wanted: Cell<bool>,
}

impl Credentials for Only {
    fn find(&self, _: &Place, _: Effort) -> Result<Option<Found>, CredentialsError> {
        self.is_wanted.set(true);
        Ok(Some(self.found.clone()))
    }

    fn refused(&self, _: &Place, _: &Found) {}
}
