//! Private keys on hardware tokens, through PKCS#11.
//!
//! Nothing of this is touched unless a token is configured, and the module is loaded when keys are
//! needed, once in a run. A token that cannot be used is remembered with the reason: other keys may
//! do, and the shell tells people in any case.

mod address;
mod device;
mod error;
mod key;
mod login;
mod objects;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

pub use address::TokenAddress;
pub use device::Token;
pub use error::TokenError;
pub use key::TokenKey;
pub use objects::{SkippedKey, TokenKeyInfo};

use super::NewKeyKind;
use super::passphrase::Passphrases;
use crate::tuf::key::KeyId;
use crate::tuf::role::Gun;

/// The token of a run, which may not be configured, not be there, or not open.
#[derive(Default)]
pub struct TokenPlace {
    address: Option<TokenAddress>,
    opened: OnceCell<Option<Arc<Token>>>,
    problem: RefCell<Option<Rc<TokenError>>>,
}

impl TokenPlace {
    /// Names the token; nothing is loaded.
    pub fn new(address: Option<TokenAddress>) -> Self {
        Self { address, ..Self::default() }
    }

    /// Why the token cannot be used, as far as that was tried.
    pub fn problem(&self) -> Option<Rc<TokenError>> {
        self.problem.borrow().clone()
    }

    /// The token, if one is configured and there; whether it opens is another matter.
    pub fn token(&self) -> Option<&Arc<Token>> {
        let address = self.address.as_ref()?;
        let token = self.opened.get_or_init(|| match Token::open(address) {
            Ok(token) => Some(Arc::new(token)),
            Err(error) => {
                self.problem.replace(Some(Rc::new(error)));
                None
            }
        });
        token.as_ref()
    }

    /// The keys on the token that can be seen.
    pub fn keys(&self) -> Vec<TokenKeyInfo> {
        self.token().map(|token| token.keys()).unwrap_or_default()
    }

    /// Whether nobody has to be asked before keys on the token can be used.
    pub(super) fn opens_by_itself(&self, passphrases: &Passphrases<'_>) -> bool {
        self.token().is_some_and(|token| token.opens_by_itself(passphrases))
    }

    /// Whether the key can be seen on the token.
    pub(super) fn has(&self, id: &KeyId) -> bool {
        self.keys().iter().any(|key| key.id == *id)
    }

    /// Logs in if the token hides its keys until then; returns whether there are more now.
    pub(super) fn reveal(&self, passphrases: &Passphrases<'_>) -> Result<bool, Rc<TokenError>> {
        match self.token() {
            Some(token) if token.hides_keys() => {
                self.unlock(passphrases)?;
                Ok(!token.keys().is_empty())
            }
            _ => Ok(false),
        }
    }

    /// Opens a key; `None` when the token does not have it.
    pub(super) fn open(
        &self,
        id: &KeyId,
        passphrases: &Passphrases<'_>,
    ) -> Result<Option<TokenKey>, Rc<TokenError>> {
        match self.has(id) {
            true => self.unlock(passphrases)?.key(id).map_err(Rc::new),
            false => Ok(None),
        }
    }

    /// Makes a key on the token.
    pub(super) fn generate(
        &self,
        role: &str,
        gun: Option<&Gun>,
        kind: NewKeyKind,
        passphrases: &Passphrases<'_>,
    ) -> Result<TokenKey, Rc<TokenError>> {
        let kind = key::Made::new(kind)?;
        self.unlock(passphrases)?.generate(role, gun, kind).map_err(Rc::new)
    }

    /// Destroys a key on the token; nobody can bring it back.
    pub fn destroy(&self, id: &KeyId, passphrases: &Passphrases<'_>) -> Result<(), Rc<TokenError>> {
        self.unlock(passphrases)?.destroy(id).map_err(Rc::new)
    }

    /// The token, with all its keys ready for use.
    pub(super) fn unlock(
        &self,
        passphrases: &Passphrases<'_>,
    ) -> Result<&Arc<Token>, Rc<TokenError>> {
        let token = self.token();
        // One that did not open is not tried again.
        if let Some(problem) = self.problem() {
            return Err(problem);
        }
        let token = token.ok_or_else(|| Rc::new(TokenError::None))?;
        match token.log_in(passphrases) {
            Ok(()) => Ok(token),
            Err(error) => {
                let error = Rc::new(error);
                if !error.is_interruption() {
                    self.problem.replace(Some(error.clone()));
                }
                Err(error)
            }
        }
    }
}
