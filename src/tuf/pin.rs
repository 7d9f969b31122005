//! Trust pinning: which root certificates the user accepts for a collection.
//!
//! Exactly one mode applies to a collection (`formats.md` §9.5), in this order: certificate ids
//! pinned for its exact name; those pinned for the longest `prefix*`; a certificate authority
//! pinned for the longest prefix; else whatever root is seen first, unless that is forbidden.
//! Names are compared with their case, and the pin is checked whenever a root is loaded.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rustls_pki_types::{CertificateDer, UnixTime};
use time::OffsetDateTime;
use webpki::{EndEntityCert, KeyPurposeIdIter, anchor_from_trusted_cert};

use super::key::KeyId;
use super::role::Gun;
use super::x509::{self, Bundle};

/// What the user configured for all collections; `A` is how an authority is given.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustPinning<A> {
    /// Root certificate ids by collection name or `prefix*`.
    pub certs: BTreeMap<String, BTreeSet<KeyId>>,
    /// Certificate authorities by prefix of collection names.
    pub ca: BTreeMap<String, A>,
    /// Whether an unpinned collection is refused at first sight.
    pub disable_tofu: bool,
}

impl<A> Default for TrustPinning<A> {
    fn default() -> Self {
        Self { certs: BTreeMap::new(), ca: BTreeMap::new(), disable_tofu: false }
    }
}

impl<A> TrustPinning<A> {
    /// The mode that applies to `gun`.
    pub fn choose(&self, gun: &Gun) -> Chosen<'_, A> {
        let name = gun.as_str();
        let wildcard = || {
            let stems =
                self.certs.iter().filter_map(|(key, ids)| Some((key.strip_suffix('*')?, ids)));
            stems.filter(|(stem, _)| name.starts_with(stem)).max_by_key(|(stem, _)| stem.len())
        };
        let authority = || {
            let prefixes = self.ca.iter().filter(|(prefix, _)| name.starts_with(prefix.as_str()));
            prefixes.max_by_key(|(prefix, _)| prefix.len())
        };
        if let Some(ids) = self.certs.get(name) {
            Chosen::Certificates(ids)
        } else if let Some((_, ids)) = wildcard() {
            Chosen::Certificates(ids)
        } else if let Some((_, authority)) = authority() {
            Chosen::Authority(authority)
        } else if self.disable_tofu {
            Chosen::KnownOnly
        } else {
            Chosen::FirstUse
        }
    }
}

/// The mode for one collection, before an authority's certificates have been read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Chosen<'a, A> {
    /// See [`Pin::Authority`].
    Authority(&'a A),
    /// See [`Pin::Certificates`].
    Certificates(&'a BTreeSet<KeyId>),
    /// See [`Pin::FirstUse`].
    FirstUse,
    /// See [`Pin::KnownOnly`].
    KnownOnly,
}

/// The mode for one collection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Pin {
    /// A root certificate must chain to one of these CA certificates (DER).
    Authority(Vec<Vec<u8>>),
    /// A root certificate must have one of these TUF ids.
    Certificates(BTreeSet<KeyId>),
    /// The first root seen is trusted, later ones must follow from it.
    FirstUse,
    /// Only a collection that is known already is trusted.
    KnownOnly,
}

impl Pin {
    /// Reads the PEM text of a certificate authority for [`Pin::Authority`].
    ///
    /// Certificates that are expired or weak at `now` do not count; one must remain.
    pub fn authority(pem_text: &[u8], now: OffsetDateTime) -> Result<Self, PinError> {
        let certificates = x509::certificates(pem_text).ok_or(PinError::UnreadableAuthority)?;
        let usable = certificates.iter().filter(|certificate| certificate.check(Some(now)).is_ok());
        let ders: Vec<_> = usable.map(|certificate| certificate.der().to_vec()).collect();
        if ders.is_empty() { Err(PinError::UnusableAuthority) } else { Ok(Self::Authority(ders)) }
    }

    /// Checks that a root may be taken at all when none is known yet.
    pub(super) fn check_first_use(&self) -> Result<(), PinError> {
        match self {
            Self::KnownOnly => Err(PinError::FirstUse),
            _ => Ok(()),
        }
    }

    /// Whether a root certificate is pinned; `id` is its TUF id.
    pub(super) fn accepts(&self, id: &KeyId, bundle: &Bundle, now: OffsetDateTime) -> bool {
        match self {
            Self::Authority(authorities) => chains_to(bundle, authorities, now),
            Self::Certificates(ids) => ids.contains(id),
            Self::FirstUse | Self::KnownOnly => true,
        }
    }
}

/// Why a root is not accepted although its signatures are right.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PinError {
    /// Nothing is pinned, nothing is known, and first use is disabled.
    #[error("nothing is pinned for this collection and trust on first use is disabled")]
    FirstUse,
    /// No certificate of the root agrees with the pin.
    #[error("no root certificate matches trust_pinning; the root has {}", list(.found))]
    NoMatch {
        /// The TUF ids of the certificates in the root.
        found: Vec<KeyId>,
    },
    /// The pinned CA file holds something else than certificates.
    #[error("the pinned certificate authority cannot be read: not a PEM file of certificates")]
    UnreadableAuthority,
    /// All certificates of the pinned CA file are expired or weak.
    #[error("the pinned certificate authority has no certificate that is valid now")]
    UnusableAuthority,
}

fn list(ids: &[KeyId]) -> String {
    let ids: Vec<_> = ids.iter().map(KeyId::as_str).collect();
    ids.join(", ")
}

/// Whether the leaf has a valid chain to one of the authorities (DER).
///
/// Notary-go insists on the extended key usage for TLS servers, which the certificates that it
/// makes itself do not have (`formats.md` §13.2, N4); any usage is accepted here.
pub fn chains_to(bundle: &Bundle, authorities: &[Vec<u8>], now: OffsetDateTime) -> bool {
    let der = |bytes: &Vec<u8>| CertificateDer::from(bytes.clone());
    let authorities: Vec<_> = authorities.iter().map(der).collect();
    let anchors: Vec<_> =
        authorities.iter().filter_map(|der| anchor_from_trusted_cert(der).ok()).collect();
    let intermediates: Vec<_> =
        bundle.intermediates.iter().map(|ca| CertificateDer::from(ca.der().to_vec())).collect();
    let leaf = CertificateDer::from(bundle.leaf.der().to_vec());
    let Ok(leaf) = EndEntityCert::try_from(&leaf) else { return false };
    let seconds = u64::try_from(now.unix_timestamp()).unwrap_or(0);
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    leaf.verify_for_usage(
        webpki::ALL_VERIFICATION_ALGS,
        &anchors,
        &intermediates,
        time,
        AnyUsage,
        None,
        None,
    )
    .is_ok()
}

struct AnyUsage;

impl webpki::ExtendedKeyUsageValidator for AnyUsage {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        Ok(())
    }
}
