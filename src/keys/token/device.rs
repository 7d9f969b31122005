//! A token: reaching it through its module, choosing it among others, and keys that appear and
//! disappear on it.
//!
//! All that is said to a token is said under one lock, since a session is nothing for two threads.

use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::rand;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as Pkcs11Error, Result as Pkcs11Result, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, ObjectHandle};
use cryptoki::session::Session;
use cryptoki::slot::{Slot, TokenInfo};

use super::address::{TokenAddress, uri_of};
use super::error::{TokenError, explain};
use super::key::{Made, TokenKey};
use super::objects::{self, Listing, SkippedKey, TokenKeyInfo};
use crate::keys::passphrase::Passphrase;
use crate::tuf::key::KeyId;
use crate::tuf::role::Gun;

/// A token that can be talked to.
pub struct Token {
    label: String,
    slot: Slot,
    // Dropped in this order: sessions end before the module does.
    state: Mutex<State>,
    module: Module,
}

pub(super) struct State {
    pub session: Session,
    pub listing: Listing,
    pub login: Login,
    /// Kept for keys that want it for every signature.
    pub pin: Option<Passphrase>,
}

/// Whether private keys can be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Login {
    /// After the PIN has been given.
    Needed,
    /// Now.
    Done,
    /// Always.
    NotNeeded,
}

impl Token {
    /// Loads the module and finds the token.
    pub fn open(address: &TokenAddress) -> Result<Self, TokenError> {
        let module = Module::load(&address.module)?;
        let (slot, info) = choose(&module, address)?;
        let label = info.label().to_owned();
        tracing::info!(token = label, "using a token");
        let failed = |error: Pkcs11Error| TokenError::Failed {
            action: "be read",
            reason: explain(&error),
            token: label.clone(),
        };
        let session = module.0.open_ro_session(slot).map_err(failed)?;
        let login = match info.login_required() {
            true => Login::Needed,
            false => Login::NotNeeded,
        };
        let listing =
            objects::list(&session, &uri_of(&label), login != Login::Needed).map_err(failed)?;
        let state = Mutex::new(State { session, listing, login, pin: None });
        Ok(Self { label, slot, state, module })
    }

    /// The label.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Its URI, as tables show it.
    fn location(&self) -> String {
        uri_of(&self.label)
    }

    /// The keys that can be seen.
    pub fn keys(&self) -> Vec<TokenKeyInfo> {
        self.state().listing.keys.clone()
    }

    /// The keys that can be seen but not used.
    pub fn skipped(&self) -> Vec<SkippedKey> {
        self.state().listing.skipped.clone()
    }

    /// Whether there may be keys that cannot be seen before somebody logs in.
    pub(super) fn hides_keys(&self) -> bool {
        let state = self.state();
        state.login == Login::Needed && state.listing.keys.is_empty()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the token says about itself at the moment.
    pub(super) fn info(&self) -> Result<TokenInfo, TokenError> {
        self.module.0.get_token_info(self.slot).map_err(|error| self.failed("be read", &error))
    }

    pub(super) fn failed(&self, action: &'static str, error: &Pkcs11Error) -> TokenError {
        TokenError::Failed { action, reason: explain(error), token: self.label.clone() }
    }

    /// Looks at the keys again, after a login or a change.
    pub(super) fn refresh(&self, state: &mut State) -> Result<(), TokenError> {
        let listing = objects::list(&state.session, &self.location(), state.login != Login::Needed);
        state.listing = listing.map_err(|error| self.failed("be read", &error))?;
        Ok(())
    }

    /// A key as somebody who can sign; `None` when its private half is not there. Somebody must
    /// have logged in.
    pub(super) fn key(self: &Arc<Self>, id: &KeyId) -> Result<Option<TokenKey>, TokenError> {
        let state = self.state();
        let Some(info) = state.listing.keys.iter().find(|key| key.id == *id) else {
            return Ok(None);
        };
        let found = objects::private_half(&state.session, info);
        let found = found.map_err(|error| self.failed("be read", &error))?;
        Ok(found.map(|object| TokenKey::new(self.clone(), object, info.public.clone())))
    }

    /// Makes a key pair, of which the private half never leaves the token. Somebody must have
    /// logged in.
    pub(super) fn generate(
        self: &Arc<Self>,
        role: &str,
        gun: Option<&Gun>,
        made: Made,
    ) -> Result<TokenKey, TokenError> {
        let failed = |error: &Pkcs11Error| self.failed("make a key", error);
        let label = objects::label_of(role, gun);
        // Ties the two halves together until there is an id.
        let mut name = [0; 32];
        rand::fill(&mut name).expect("AWS-LC ends the process when there is no randomness");
        let common = |id: &[u8]| {
            vec![
                Attribute::Token(true),
                Attribute::Label(label.clone().into_bytes()),
                Attribute::Id(id.to_vec()),
            ]
        };
        let mut public = common(&name);
        public.extend([Attribute::Private(false), Attribute::Verify(true)]);
        public.extend(made.parameters());
        let mut private = common(&name);
        private.extend([
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
        ]);
        let session = self.module.0.open_rw_session(self.slot).map_err(|error| failed(&error))?;
        let mut state = self.state();
        let pair = session.generate_key_pair(&made.mechanism(), &public, &private);
        let (public, private) = pair.map_err(|error| failed(&error))?;
        let key = match objects::public_half(&session, public) {
            Ok(key) if key.is_usable() => key,
            other => {
                for object in [private, public] {
                    session.destroy_object(object).map_err(|error| failed(&error))?;
                }
                let reason = other.err().unwrap_or_else(|| "it made an invalid one".to_owned());
                return Err(TokenError::Failed {
                    action: "make a key",
                    reason,
                    token: self.label.clone(),
                });
            }
        };
        rename(&session, [public, private], &name, &key.id());
        self.refresh(&mut state)?;
        drop(state);
        self.key(&key.id())?.ok_or_else(|| TokenError::Failed {
            action: "make a key",
            reason: "it does not show the new one".to_owned(),
            token: self.label.clone(),
        })
    }

    /// Destroys a key for good. Somebody must have logged in.
    pub(super) fn destroy(&self, id: &KeyId) -> Result<(), TokenError> {
        let failed = |error: Pkcs11Error| self.failed("destroy a key", &error);
        let session = self.module.0.open_rw_session(self.slot).map_err(failed)?;
        let mut state = self.state();
        let Some(key) = state.listing.keys.iter().find(|key| key.id == *id) else {
            return Err(TokenError::NotThere { id: id.clone(), token: self.label.clone() });
        };
        for object in objects::all_of(&session, key).map_err(failed)? {
            session.destroy_object(object).map_err(failed)?;
        }
        self.refresh(&mut state)
    }

    /// Lets a private key sign.
    pub(super) fn sign(
        &self,
        object: ObjectHandle,
        mechanism: &Mechanism<'_>,
        data: &[u8],
    ) -> Pkcs11Result<Vec<u8>> {
        let state = self.state();
        match state.session.sign(mechanism, object, data) {
            Err(Pkcs11Error::Pkcs11(RvError::UserNotLoggedIn, _)) if state.pin.is_some() => {
                super::login::sign_with_pin(&state, object, mechanism, data)
            }
            result => result,
        }
    }
}

/// Gives both halves of a new key its id for a name. Where that is not possible, the old name does as
/// well: what matters is that both have the same.
fn rename(session: &Session, halves: [ObjectHandle; 2], old: &[u8], id: &KeyId) {
    let id = data_encoding::HEXLOWER.decode(id.as_str().as_bytes());
    let id = Attribute::Id(id.expect("ids are hex digits"));
    let set = |half: ObjectHandle, id: &Attribute| {
        session.update_attributes(half, std::slice::from_ref(id)).inspect_err(|error| {
            tracing::debug!(%error, "the token does not let keys be renamed");
        })
    };
    let [public, private] = halves;
    if set(public, &id).is_ok() && set(private, &id).is_err() {
        // What cannot be undone is told when the key is looked for.
        let _ = set(public, &Attribute::Id(old.to_vec()));
    }
}

/// A module that is loaded and initialised.
///
/// It is never unloaded: many modules leave threads and exit handlers behind, and a process whose
/// code is taken away crashes.
struct Module(ManuallyDrop<Pkcs11>);

impl Module {
    fn load(path: &Path) -> Result<Self, TokenError> {
        let unusable = |error: &Pkcs11Error| TokenError::Module {
            module: path.to_owned(),
            reason: explain(error),
        };
        if cfg!(all(unix, target_feature = "crt-static")) {
            return Err(TokenError::StaticBuild { module: path.to_owned() });
        }
        let module = Pkcs11::new(path).map_err(|error| unusable(&error))?;
        let module = Self(ManuallyDrop::new(module));
        match module.0.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Pkcs11Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(module),
            Err(error) => Err(unusable(&error)),
        }
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        if let Err(error) = Pkcs11::clone(&self.0).finalize() {
            tracing::debug!(%error, "the PKCS#11 module did not end well");
        }
    }
}

/// Finds the one token that an address means.
fn choose(module: &Module, address: &TokenAddress) -> Result<(Slot, TokenInfo), TokenError> {
    let slots = module.0.get_slots_with_token().map_err(|error| TokenError::Module {
        module: address.module.clone(),
        reason: explain(&error),
    })?;
    let info = |slot: Slot| match module.0.get_token_info(slot) {
        Ok(info) => info.token_initialized().then_some((slot, info)),
        Err(error) => {
            tracing::debug!(%error, %slot, "a token does not say what it is");
            None
        }
    };
    let present: Vec<(Slot, TokenInfo)> = slots.into_iter().filter_map(info).collect();
    if present.is_empty() {
        return Err(TokenError::NoToken { module: address.module.clone() });
    }
    let is_meant = |(slot, info): &&(Slot, TokenInfo)| {
        let fits = |wanted: &Option<String>, value: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == value)
        };
        fits(&address.token, info.label())
            && fits(&address.serial, info.serial_number())
            && fits(&address.model, info.model())
            && fits(&address.manufacturer, info.manufacturer_id())
            && address.slot.is_none_or(|wanted| wanted == slot.id())
    };
    let mut meant: Vec<_> = present.iter().filter(is_meant).cloned().collect();
    let describe = |tokens: &[(Slot, TokenInfo)]| {
        let describe = |(slot, info): &(Slot, TokenInfo)| {
            format!("{} (serial {}, slot {slot})", info.label(), info.serial_number())
        };
        tokens.iter().map(describe).collect()
    };
    match meant.len() {
        1 => Ok(meant.remove(0)),
        0 => Err(TokenError::NoSuchToken {
            module: address.module.clone(),
            present: describe(&present),
            wanted: address.to_string(),
        }),
        _ => Err(TokenError::SeveralTokens { tokens: describe(&meant) }),
    }
}
