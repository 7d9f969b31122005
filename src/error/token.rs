//! Words for hardware tokens that cannot be used.

use std::error::Error as StdError;
use std::rc::Rc;

use super::{CliError, causes_of};
use crate::keys::TokenError;

/// A cause in words, perhaps above another one.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
struct Above {
    words: String,
    source: Option<Box<dyn StdError>>,
}

impl CliError {
    /// Whether this says already that the token cannot be used.
    pub fn is_about(&self, problem: &TokenError) -> bool {
        let Some(error) = &self.error else { return false };
        let problem = problem.to_string();
        error.to_string() == problem || causes_of(&**error).contains(&problem)
    }

    /// Adds, to a failure for the want of keys, that those on the token could not be had.
    pub fn without_token(mut self, problem: Rc<TokenError>) -> Self {
        let Some(error) = self.error.take() else { return self };
        self.hints.extend(hints(&problem));
        let of = |error: &(dyn StdError + 'static)| [vec![error.to_string()], causes_of(error)];
        let words = [of(&*error), of(&*problem)].concat().concat();
        self.error = words.into_iter().rev().fold(None, |source, words| {
            let above: Box<dyn StdError> = Box::new(Above { words, source });
            Some(above)
        });
        self
    }
}

/// What the user could do about a token.
pub(super) fn hints(error: &TokenError) -> Vec<String> {
    let hint = match error {
        TokenError::Failed { .. } | TokenError::UnsuitableKind(_) => return Vec::new(),
        TokenError::Pin(error) => return super::passphrases::hints(error),
        TokenError::Module { module, .. } => format!(
            "`{}` should be the PKCS#11 library that came with the token; correct `pkcs11` in the \
             configuration or `--pkcs11 URI`",
            module.display()
        ),
        TokenError::NoPinSet { .. } | TokenError::PinLocked { .. } => {
            "the tool that came with the token can set a new PIN".to_owned()
        }
        TokenError::NoSuchToken { .. } => {
            "plug it in, or correct `pkcs11` in the configuration or `--pkcs11 URI`".to_owned()
        }
        TokenError::NoToken { .. } => "plug it in; `--pkcs11=` does without".to_owned(),
        TokenError::None => "name it in the configuration, or with \
                             `--pkcs11 \"pkcs11:token=LABEL?module-path=FILE\"`"
            .to_owned(),
        TokenError::NotThere { .. } => "`notary key list` shows the keys that are there".to_owned(),
        TokenError::SeveralTokens { .. } => {
            "name one by `token`, `serial` or `slot` of `pkcs11` in the configuration, or with \
             `--pkcs11 \"pkcs11:token=LABEL\"`"
                .to_owned()
        }
        TokenError::StaticBuild { .. } => "use a build that is linked dynamically".to_owned(),
        TokenError::WrongPinThere { .. } => {
            "tokens lock themselves after some wrong PINs".to_owned()
        }
    };
    vec![hint]
}
