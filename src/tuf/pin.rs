//! Trust pinning: which root certificates the user accepts for a collection.
//!
//! 1. Of the configuration, exactly one rule applies to a collection (`formats.md` §9.5), in this
//!    order: certificate ids pinned for its exact name; those pinned for the longest `prefix*`; a
//!    certificate authority pinned for the longest prefix; else whatever root is seen first, unless
//!    that is forbidden. Names are compared with their case.
//! 2. Besides, there are the pins that `notary trust pin` has kept for exactly this collection, and
//!    what the command line demands of the root (`--trust-root`).
//! 3. All of them must hold at once, of one and the same certificate: a root key counts only if its
//!    certificate fulfils every condition. None of them makes up for another one. The others are as
//!    good as not there, and so are their signatures: as many of those that fulfil all must have
//!    signed as the root demands.
//! 4. Whoever pins has said which root is right, so that a collection can be trusted at first sight
//!    although that is forbidden without a pin.
//! 5. They are checked whenever a root is loaded, also when it was accepted before. Only a root that
//!    has become too old, and can do nothing but vouch for its successor, is exempt: the successor
//!    is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
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
    /// The rule that applies to `gun`.
    pub fn choose(&self, gun: &Gun) -> Chosen<'_, A> {
        let name = gun.as_str();
        let exact = || self.certs.get_key_value(name);
        let wildcard = || {
            let stems =
                self.certs.iter().filter_map(|rule| Some((rule.0.strip_suffix('*')?, rule)));
            let fitting = stems.filter(|(stem, _)| name.starts_with(stem));
            fitting.max_by_key(|(stem, _)| stem.len()).map(|(_, rule)| rule)
        };
        let authority = || {
            let prefixes = self.ca.iter().filter(|(prefix, _)| name.starts_with(prefix.as_str()));
            prefixes.max_by_key(|(prefix, _)| prefix.len())
        };
        if let Some((rule, ids)) = exact().or_else(wildcard) {
            Chosen::Certificates { rule, ids }
        } else if let Some((rule, authority)) = authority() {
            Chosen::Authority { rule, authority }
        } else if self.disable_tofu {
            Chosen::KnownOnly
        } else {
            Chosen::FirstUse
        }
    }
}

/// The rule of the configuration for one collection, before an authority's certificates have been
/// read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Chosen<'a, A> {
    /// See [`Demand::Authority`].
    Authority {
        /// The prefix that it is configured for.
        rule: &'a str,
        /// The authority.
        authority: &'a A,
    },
    /// See [`Demand::Certificates`].
    Certificates {
        /// The name or `prefix*` that they are configured for.
        rule: &'a str,
        /// TUF ids of certificates.
        ids: &'a BTreeSet<KeyId>,
    },
    /// The first root seen is trusted, later ones must follow from it.
    FirstUse,
    /// Only a collection that is known already is trusted.
    KnownOnly,
}

/// Who demands something of a root.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Origin {
    /// The configuration.
    Configuration,
    /// The certificates that `notary trust pin` has kept.
    Kept,
    /// The authorities that it has kept.
    KeptAuthority,
    /// The command line of this run.
    CommandLine,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configuration => "trust_pinning",
            Self::Kept | Self::KeptAuthority => "what `notary trust pin` has pinned",
            Self::CommandLine => "--trust-root",
        })
    }
}

/// What a root certificate must be like.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Demand {
    /// It must chain to one of these CA certificates (DER).
    Authority(Vec<Vec<u8>>),
    /// It must have one of these TUF ids.
    Certificates(BTreeSet<KeyId>),
}

impl Demand {
    /// Reads the PEM text of a certificate authority for [`Demand::Authority`].
    ///
    /// Certificates that are expired or weak at `now` do not count; one must remain.
    pub fn authority(pem_text: &[u8], now: OffsetDateTime) -> Result<Self, PinError> {
        let certificates = x509::certificates(pem_text).ok_or(PinError::UnreadableAuthority)?;
        let usable = certificates.iter().filter(|certificate| certificate.check(Some(now)).is_ok());
        let ders: Vec<_> = usable.map(|certificate| certificate.der().to_vec()).collect();
        if ders.is_empty() { Err(PinError::UnusableAuthority) } else { Ok(Self::Authority(ders)) }
    }

    /// Whether a root certificate is as demanded; `id` is its TUF id.
    fn accepts(&self, id: &KeyId, bundle: &Bundle, now: OffsetDateTime) -> bool {
        match self {
            Self::Authority(authorities) => chains_to(bundle, authorities, now),
            Self::Certificates(ids) => ids.contains(id),
        }
    }
}

/// What the user accepts as root of one collection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pin {
    /// All of them must hold.
    conditions: Vec<(Origin, Demand)>,
    /// Whether any root will do at first sight when there are no conditions.
    trusts_first_use: bool,
}

impl Pin {
    /// Nothing is pinned: the first root seen is trusted, later ones must follow from it.
    pub const FIRST_USE: Self = Self { conditions: Vec::new(), trusts_first_use: true };

    /// Nothing is pinned, and only a collection that is known already is trusted.
    pub const KNOWN_ONLY: Self = Self { conditions: Vec::new(), trusts_first_use: false };

    /// [`Pin::FIRST_USE`], for those who never pin anything.
    pub fn none() -> &'static Self {
        static NONE: Pin = Pin::FIRST_USE;
        &NONE
    }

    /// One demand of the configuration.
    pub fn configured(demand: Demand) -> Self {
        Self::KNOWN_ONLY.and(Origin::Configuration, demand)
    }

    /// The same with one more condition.
    pub fn and(mut self, origin: Origin, demand: Demand) -> Self {
        self.conditions.push((origin, demand));
        self
    }

    /// The same with more certificates where certificates are demanded by `origin`.
    pub fn or_certificates(mut self, origin: Origin, more: &BTreeSet<KeyId>) -> Self {
        for (by, demand) in &mut self.conditions {
            if let Demand::Certificates(ids) = demand
                && *by == origin
            {
                ids.extend(more.iter().cloned());
            }
        }
        self
    }

    /// Who demands something, each once.
    pub fn origins(&self) -> BTreeSet<Origin> {
        self.conditions.iter().map(|(origin, _)| *origin).collect()
    }

    /// Checks that a root may be taken at all when none is known yet.
    pub(super) fn check_first_use(&self) -> Result<(), PinError> {
        match self.conditions.is_empty() && !self.trusts_first_use {
            true => Err(PinError::FirstUse),
            false => Ok(()),
        }
    }

    /// Whether a root certificate fulfils all conditions; `id` is its TUF id.
    pub(super) fn accepts(&self, id: &KeyId, bundle: &Bundle, now: OffsetDateTime) -> bool {
        self.conditions.iter().all(|(_, demand)| demand.accepts(id, bundle, now))
    }

    /// What is wrong with a root that is signed well by `bundles`, of which `need` must sign, and
    /// not by those of them that fulfil all conditions.
    pub(super) fn too_few(
        &self,
        bundles: &BTreeMap<KeyId, Bundle>,
        need: i64,
        now: OffsetDateTime,
    ) -> PinError {
        let is_met = |demand: &Demand| bundles.iter().all(|(id, it)| demand.accepts(id, it, now));
        let unmet = self.conditions.iter().filter(|(_, demand)| !is_met(demand));
        let by = unmet.map(|(origin, _)| *origin).collect();
        PinError::TooFew { found: bundles.keys().cloned().collect(), by, need }
    }

    /// Leaves only those root certificates that fulfil all conditions; there must be some.
    pub(super) fn select(
        &self,
        bundles: &mut BTreeMap<KeyId, Bundle>,
        now: OffsetDateTime,
    ) -> Result<(), PinError> {
        let found: Vec<KeyId> = bundles.keys().cloned().collect();
        let is_met = |demand: &Demand| bundles.iter().any(|(id, it)| demand.accepts(id, it, now));
        let unmet = self.conditions.iter().filter(|(_, demand)| !is_met(demand));
        let mut by: BTreeSet<Origin> = unmet.map(|(origin, _)| *origin).collect();
        bundles.retain(|id, bundle| self.accepts(id, bundle, now));
        if !bundles.is_empty() {
            return Ok(());
        }
        if by.is_empty() {
            // Each is fulfilled by some certificate, but no certificate fulfils all.
            by = self.origins();
        }
        Err(PinError::NoMatch { found, by })
    }
}

/// Why a root is not accepted although its signatures are right.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PinError {
    /// Nothing is pinned, nothing is known, and first use is disabled.
    #[error("nothing is pinned for this collection and trust on first use is disabled")]
    FirstUse,
    /// No certificate of the root is as demanded.
    #[error("no root certificate matches {}; the root has {}", all(.by), list(.found))]
    NoMatch {
        /// The TUF ids of the certificates in the root.
        found: Vec<KeyId>,
        /// Whose demands are not met.
        by: BTreeSet<Origin>,
    },
    /// The root is signed well, but too few of those who did are as demanded.
    #[error(
        "the root certificates that match {} and have signed are fewer than the {need} that must; \
         the root has {}", all(.by), list(.found)
    )]
    TooFew {
        /// The TUF ids of the certificates in the root.
        found: Vec<KeyId>,
        /// Whose demands leave some of them out.
        by: BTreeSet<Origin>,
        /// How many must sign.
        need: i64,
    },
    /// The pinned CA file holds something else than certificates.
    #[error("the pinned certificate authority cannot be read: not a PEM file of certificates")]
    UnreadableAuthority,
    /// All certificates of the pinned CA file are expired or weak.
    #[error("the pinned certificate authority has no certificate that is valid now")]
    UnusableAuthority,
}

fn all(origins: &BTreeSet<Origin>) -> String {
    let mut words: Vec<_> = origins.iter().map(Origin::to_string).collect();
    words.dedup();
    words.join(" and ")
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
