//! Logging in to a token with its PIN.
//!
//! Tokens count wrong PINs and lock themselves after a few. So what a token says about the tries that
//! are left is told before the next one, and [`Passphrases`] tries nothing twice without a person.

use cryptoki::error::{Error as Pkcs11Error, Result as Pkcs11Result, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::ObjectHandle;
use cryptoki::session::{Session, UserType};
use cryptoki::slot::TokenInfo;
use cryptoki::types::AuthPin;

use super::device::{Login, State, Token};
use super::error::TokenError;
use crate::keys::passphrase::{Passphrase, Passphrases, Wanted};

impl Token {
    /// Whether nobody has to be asked before keys can be used.
    pub(super) fn opens_by_itself(&self, passphrases: &Passphrases<'_>) -> bool {
        self.state().login != Login::Needed || passphrases.known(&self.pin()).is_some()
    }

    /// Logs in, if that has not been done yet.
    pub(super) fn log_in(&self, passphrases: &Passphrases<'_>) -> Result<(), TokenError> {
        let mut state = self.state();
        if state.login != Login::Needed {
            return Ok(());
        }
        state.pin = self.find_pin(&state.session, passphrases)?;
        state.login = Login::Done;
        self.refresh(&mut state)
    }

    /// Tries PINs until the session is logged in; returns the right one, unless it was typed on the
    /// token itself.
    fn find_pin(
        &self,
        session: &Session,
        passphrases: &Passphrases<'_>,
    ) -> Result<Option<Passphrase>, TokenError> {
        let info = self.check_pin_usable()?;
        if info.protected_authentication_path() {
            passphrases.warn(&format!("enter the PIN on the keypad of token `{}`", self.label()));
            return match self.try_pin(session, None)? {
                true => Ok(None),
                false => Err(TokenError::WrongPinThere { token: self.label().to_owned() }),
            };
        }
        self.warn_about_tries(&info, passphrases);
        passphrases.existing(&self.pin(), |pin| {
            if self.try_pin(session, Some(pin))? {
                return Ok(Some(Some(Passphrase::from(pin))));
            }
            self.warn_about_tries(&self.check_pin_usable()?, passphrases);
            Ok(None)
        })
    }

    fn pin(&self) -> Wanted {
        Wanted::pin(self.label())
    }

    /// Whether the PIN is right.
    fn try_pin(&self, session: &Session, pin: Option<&str>) -> Result<bool, TokenError> {
        let secret = pin.map(|pin| AuthPin::new(pin.into()));
        let token = || self.label().to_owned();
        match session.login(UserType::User, secret.as_ref()) {
            Ok(()) | Err(Pkcs11Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(true),
            Err(Pkcs11Error::Pkcs11(
                RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange,
                _,
            )) => Ok(false),
            Err(Pkcs11Error::Pkcs11(RvError::PinLocked, _)) => {
                Err(TokenError::PinLocked { token: token() })
            }
            Err(Pkcs11Error::Pkcs11(RvError::UserPinNotInitialized, _)) => {
                Err(TokenError::NoPinSet { token: token() })
            }
            Err(error) => Err(self.failed("be unlocked", &error)),
        }
    }

    /// Makes sure that a try makes sense.
    fn check_pin_usable(&self) -> Result<TokenInfo, TokenError> {
        let info = self.info()?;
        if info.user_pin_locked() {
            return Err(TokenError::PinLocked { token: self.label().to_owned() });
        }
        if !info.user_pin_initialized() && !info.protected_authentication_path() {
            return Err(TokenError::NoPinSet { token: self.label().to_owned() });
        }
        Ok(info)
    }

    /// Tells what the token says about the tries that are left.
    fn warn_about_tries(&self, info: &TokenInfo, passphrases: &Passphrases<'_>) {
        let label = self.label();
        if info.user_pin_final_try() {
            passphrases.warn(&format!("another wrong PIN locks token `{label}`"));
        } else if info.user_pin_count_low() {
            passphrases.warn(&format!("some more wrong PINs lock token `{label}`"));
        }
    }
}

/// Signs with a key that wants the PIN for every signature (`CKA_ALWAYS_AUTHENTICATE`).
///
/// The standard wants it between the beginning and the end of the operation, which only an operation
/// in parts leaves room for; modules that do not sign in parts may take it right before.
pub(super) fn sign_with_pin(
    state: &State,
    object: ObjectHandle,
    mechanism: &Mechanism<'_>,
    data: &[u8],
) -> Pkcs11Result<Vec<u8>> {
    let pin = state.pin.as_ref().map(|pin| AuthPin::new((&**pin).into()));
    let log_in = || state.session.login(UserType::ContextSpecific, pin.as_ref());
    if log_in().is_ok() {
        match state.session.sign(mechanism, object, data) {
            Err(Pkcs11Error::Pkcs11(RvError::UserNotLoggedIn, _)) => {}
            result => return result,
        }
    }
    state.session.sign_init(mechanism, object)?;
    log_in()?;
    state.session.sign_update(data)?;
    state.session.sign_final()
}
