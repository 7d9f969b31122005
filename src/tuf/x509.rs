//! Certificates: what of X.509 decides whether a root or a delegation key may be used.
//!
//! `formats.md` §3.4 has the rules. Certificates are containers for keys here: apart from CA pins
//! nobody checks a chain, and host names play no part.

use time::{Duration, OffsetDateTime};
use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::oid;
use x509_parser::oid_registry::{
    OID_KEY_TYPE_EC_PUBLIC_KEY, OID_PKCS1_RSAENCRYPTION, OID_PKCS1_SHA1WITHRSA,
    OID_SIG_DSA_WITH_SHA1, Oid,
};
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey as SubjectKey;

use super::key::{KeyType, PublicKey};
use super::pem::{self, Block};
use super::role::Gun;

/// The PEM label of certificates.
pub const CERTIFICATE: &str = "CERTIFICATE";

/// How far in the future a certificate may begin to be valid, for clocks that are a little off.
const NOT_BEFORE_LEEWAY: Duration = Duration::days(1);

const MIN_RSA_BITS: usize = 2048;

/// One parsed certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Certificate {
    common_name: String,
    der: Vec<u8>,
    is_ca: bool,
    not_after: OffsetDateTime,
    not_before: OffsetDateTime,
    public_key: PublicKey,
    weakness: Option<CertificateProblem>,
}

impl Certificate {
    /// Parses one DER certificate; `None` when it is malformed.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (rest, certificate) = X509Certificate::from_der(der).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let spki = certificate.public_key();
        let algorithm = &spki.algorithm.algorithm;
        let key_type = if *algorithm == OID_KEY_TYPE_EC_PUBLIC_KEY {
            KeyType::Ecdsa
        } else if *algorithm == OID_PKCS1_RSAENCRYPTION {
            KeyType::Rsa
        } else {
            KeyType::Unknown(algorithm.to_id_string())
        };
        let rsa_bits = match spki.parsed() {
            Ok(SubjectKey::RSA(key)) => Some(key.key_size()),
            _ => None,
        };
        let weakness = if SHA1_SIGNATURES.contains(&certificate.signature_algorithm.algorithm) {
            Some(CertificateProblem::Sha1)
        } else if rsa_bits.is_some_and(|bits| bits < MIN_RSA_BITS) {
            Some(CertificateProblem::ShortRsaKey)
        } else {
            None
        };
        // Notary-go: of several common names the last one counts.
        let common_name = certificate.subject().iter_common_name().last();
        Some(Self {
            common_name: common_name.and_then(|cn| cn.as_str().ok()).unwrap_or_default().to_owned(),
            is_ca: certificate.is_ca(),
            not_after: certificate.validity().not_after.to_datetime(),
            not_before: certificate.validity().not_before.to_datetime(),
            public_key: PublicKey::new(key_type, spki.raw.to_vec()),
            weakness,
            der: der.to_vec(),
        })
    }

    /// The encoded certificate.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The subject's common name, or the empty string.
    pub fn common_name(&self) -> &str {
        &self.common_name
    }

    /// Whether the certificate may issue others.
    pub fn is_ca(&self) -> bool {
        self.is_ca
    }

    /// The whole subject, as people write it.
    pub fn subject(&self) -> String {
        let parsed = X509Certificate::from_der(&self.der);
        parsed.map(|(_, certificate)| certificate.subject().to_string()).unwrap_or_default()
    }

    /// The first moment of validity.
    pub fn not_before(&self) -> OffsetDateTime {
        self.not_before
    }

    /// The last moment of validity.
    pub fn not_after(&self) -> OffsetDateTime {
        self.not_after
    }

    /// The bare key that the certificate is about.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The key as metadata names it when nothing comes with the certificate: its PEM text in Go's
    /// exact form.
    pub fn to_key(&self) -> PublicKey {
        let key_type = match self.public_key.key_type() {
            KeyType::Rsa => KeyType::RsaX509,
            _ => KeyType::EcdsaX509,
        };
        PublicKey::new(key_type, to_pem(&self.der).into_bytes())
    }

    /// Checks the strength of key and signature and, when `now` is given, the time of validity.
    pub fn check(&self, now: Option<OffsetDateTime>) -> Result<(), CertificateProblem> {
        if self.not_before > self.not_after {
            return Err(CertificateProblem::Inverted);
        }
        if let Some(weakness) = self.weakness {
            return Err(weakness);
        }
        let Some(now) = now else { return Ok(()) };
        if self.not_after < now {
            return Err(CertificateProblem::Expired(self.not_after));
        }
        if self.not_before > now.saturating_add(NOT_BEFORE_LEEWAY) {
            return Err(CertificateProblem::NotYetValid(self.not_before));
        }
        Ok(())
    }

    /// Whether the common name vouches for `gun`: equal to it or, ending in `*`, a prefix of it.
    pub fn is_for(&self, gun: &Gun) -> bool {
        let stem = self.common_name.trim_end_matches('*');
        if stem.len() < self.common_name.len() {
            gun.as_str().starts_with(stem)
        } else {
            gun.as_str() == stem
        }
    }
}

/// Why a certificate does not count.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CertificateProblem {
    /// Past its last moment.
    #[error("it expired at {0}")]
    Expired(OffsetDateTime),
    /// Ends before it begins.
    #[error("it ends before it begins")]
    Inverted,
    /// More than a day before its first moment.
    #[error("it is not valid before {0}")]
    NotYetValid(OffsetDateTime),
    /// Signed over a SHA-1 hash.
    #[error("it is signed with SHA-1")]
    Sha1,
    /// RSA with fewer than 2048 bits.
    #[error("its RSA key is shorter than {MIN_RSA_BITS} bits")]
    ShortRsaKey,
}

const ECDSA_WITH_SHA1: Oid<'static> = oid!(1.2.840.10045.4.1);

const SHA1_SIGNATURES: [Oid<'static>; 3] =
    [ECDSA_WITH_SHA1, OID_PKCS1_SHA1WITHRSA, OID_SIG_DSA_WITH_SHA1];

/// A leaf certificate and the CA certificates that came with it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bundle {
    /// The certificate whose key signs.
    pub leaf: Certificate,
    /// CA certificates between the leaf and some authority, in file order.
    pub intermediates: Vec<Certificate>,
}

impl Bundle {
    /// Parses the public bytes of a certificate key.
    ///
    /// Only certificates may be in it, the first must not be a CA and all others must be
    /// (`formats.md` §3.4).
    pub fn parse(pem_text: &[u8]) -> Option<Self> {
        let mut certificates = certificates(pem_text)?.into_iter();
        let leaf = certificates.next().filter(|leaf| !leaf.is_ca())?;
        let intermediates: Vec<_> = certificates.collect();
        intermediates.iter().all(Certificate::is_ca).then_some(Self { leaf, intermediates })
    }

    /// The key as metadata names it: the PEM text of all certificates in Go's exact form.
    pub fn to_key(&self) -> PublicKey {
        let leaf = self.leaf.to_key();
        let rest = self.intermediates.iter().map(|certificate| to_pem(certificate.der()));
        let text = [leaf.bytes(), rest.collect::<String>().as_bytes()].concat();
        PublicKey::new(leaf.key_type().clone(), text)
    }
}

/// All certificates of a PEM text; `None` when there is none or anything else among them.
pub fn certificates(pem_text: &[u8]) -> Option<Vec<Certificate>> {
    let blocks = pem::decode_all(pem_text);
    if blocks.is_empty() || blocks.iter().any(|block| block.label != CERTIFICATE) {
        return None;
    }
    blocks.iter().map(|block| Certificate::from_der(&block.contents)).collect()
}

/// The certificate in the first block of a PEM text, whatever follows; its key is the one that
/// signs.
pub fn first_certificate(pem_text: &[u8]) -> Option<Certificate> {
    let block = pem::decode_all(pem_text).into_iter().next()?;
    Certificate::from_der(&block.contents)
}

/// One certificate as PEM text in Go's exact form.
pub fn to_pem(der: &[u8]) -> String {
    Block::new(CERTIFICATE, der.to_vec()).encode().to_string()
}
