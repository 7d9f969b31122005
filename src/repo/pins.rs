//! What the user accepts as root of a collection, and what happens when one is trusted that was not
//! known here.
//!
//! Pins are checked in [`crate::tuf::root_trust`], and nowhere else. Here is the one rule about
//! changing them by the way: whoever replaces the root keys of a collection on this machine, where
//! certificates of it are pinned with `notary trust pin`, pins the new ones with that as well, besides
//! the old ones. It is the act of the very person whose pins these are. They are pinned after the keys
//! were opened, before new ones are kept and before anything is sent: if the process is killed, or the
//! server refuses, a pin is left of a certificate whose key is in the key store, or nowhere, which lets
//! nobody else in; while a pin that came after the upload could be missing, and this machine would
//! refuse its own collection. Who uploads a root that was prepared on another machine has not chosen
//! its keys, and has to pin them first (`notary trust pin GUN --current --key NEW`). Pins in
//! the configuration and on the command line are not touched, nor are those of authorities, who alone
//! say what they have issued: against them, a new root is refused before it is sent.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::Collection;
use crate::store::{Beginning, Ground, PinFile, StoreError};
use crate::tuf::key::KeyId;
use crate::tuf::metadata::Payload as _;
use crate::tuf::pin::{Origin, Pin};
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::root_trust::{RootKey, RootVerifier, TrustedRoot};

/// What the user accepts as root of one collection.
#[derive(Debug)]
pub struct Pins {
    file: PinFile,
    pin: Pin,
    /// What it has become in this run.
    extended: OnceCell<Pin>,
}

/// A collection is trusted that was not known here.
#[derive(Debug)]
pub struct FirstUse<'a> {
    /// The collection.
    pub gun: &'a Gun,
    /// Why.
    pub ground: Ground,
    /// Whether that could be kept for the next run.
    pub is_kept: bool,
    /// The root keys that count.
    pub keys: Vec<RootKey>,
}

impl Pins {
    /// What is pinned in this run, of which the part with the origin [`Origin::Kept`] is in `file`.
    pub fn new(pin: Pin, file: PinFile) -> Self {
        Self { file, pin, extended: OnceCell::new() }
    }

    /// What is pinned at the moment.
    pub fn present(&self) -> &Pin {
        self.extended.get().unwrap_or(&self.pin)
    }

    /// Pins more certificates where certificates of `gun` are pinned with `notary trust pin`.
    pub(super) fn extend(&self, gun: &Gun, ids: &BTreeSet<KeyId>) -> Result<(), StoreError> {
        if !self.pin.origins().contains(&Origin::Kept) || self.extended.get().is_some() {
            return Ok(());
        }
        let kept = self.file.change::<StoreError>(gun, |mut kept| {
            if !kept.certificates.is_empty() {
                kept.certificates.extend(ids.iter().cloned());
            }
            Ok(kept)
        })?;
        let pinned = ids.intersection(&kept.certificates).cloned().collect();
        let _ = self.extended.set(self.pin.clone().or_certificates(Origin::Kept, &pinned));
        Ok(())
    }
}

impl Collection<'_> {
    /// The judge of this collection's roots.
    pub(super) fn root_verifier(&self) -> RootVerifier<'_> {
        RootVerifier { gun: self.gun, pin: self.pins.present(), now: self.now }
    }

    /// How the root comes to be trusted that is the first one here.
    pub(super) fn beginning(&self, root: &TrustedRoot) -> Beginning {
        let root = root.root();
        let keys = root.role(&RoleName::ROOT).map(|keys| keys.key_ids()).unwrap_or_default();
        Beginning {
            ground: Ground::of(self.pins.present()),
            at: Some(self.now),
            server: Some(self.remote.server().to_owned()),
            version: root.version(),
            certificates: keys.iter().cloned().collect(),
        }
    }

    /// Tells whoever wants to know that `root` is trusted from now on, although none was known.
    pub(super) fn tell_first_use(&self, root: &TrustedRoot, is_kept: bool) {
        let verifier = self.root_verifier();
        let mut keys = verifier.root_keys(root.root());
        keys.retain(|key| key.is_accepted);
        let ground = Ground::of(self.pins.present());
        (self.on_first_use)(&FirstUse { gun: self.gun, ground, is_kept, keys });
    }
}
