//! Public keys in files that people hand over: certificates, and bare public keys.
//!
//! What is accepted becomes a key of a delegation, so it must be one that every client can use: the
//! certificate is strong and valid now, and the key is in the one form from which its id is computed.

use thiserror::Error;
use time::OffsetDateTime;

use super::asn1;
use super::import::should_be_private_key;
use crate::tuf::algorithm::Algorithm;
use crate::tuf::key::{Curve, KeyType, PublicKey};
use crate::tuf::pem;
use crate::tuf::x509::{CERTIFICATE, Certificate, CertificateProblem};

/// The most bytes of a file with a public key.
pub const MAX_PUBLIC_BYTES: u64 = 1 << 20;

const PUBLIC_KEY: &str = "PUBLIC KEY";

/// The sizes of RSA keys whose signatures are accepted, in bits.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The first byte of a point of an elliptic curve that is written with both coordinates.
const UNCOMPRESSED: u8 = 4;

/// What a file says about a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GivenKey {
    /// The key as metadata will hold it.
    pub key: PublicKey,
    /// The certificate that it came in.
    pub certificate: Option<Certificate>,
}

/// Why a file is not used as a public key.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum PublicKeyError {
    /// The certificate is weak, or not valid now.
    #[error("the certificate of {common_name:?} is refused")]
    Certificate {
        /// Who it says it is for.
        common_name: String,
        /// What is wrong with it.
        #[source]
        problem: CertificateProblem,
    },
    /// Only one coordinate of the point is written down, which the Go program does not read.
    #[error("its point is compressed")]
    Compressed,
    /// There is no type of key for it.
    #[error("Notary has no certificates with Ed25519 keys")]
    Ed25519Certificate,
    /// Neither a certificate nor a public key.
    #[error("its first PEM block is `{0}`, neither `{CERTIFICATE}` nor `{PUBLIC_KEY}`")]
    Label(String),
    /// Not what its label promises.
    #[error("it is not a well-formed {0}")]
    Malformed(&'static str),
    /// No PEM text.
    #[error("there is no PEM block in it")]
    NoBlock,
    /// Something that nobody should hand over.
    #[error("it is a private key, and only its owner should have that")]
    Private,
    /// Too few bits to be secure, or too many to be computed with.
    #[error(
        "its RSA key has {0} bits, and must have {min} to {max}",
        min = RSA_BITS.start(),
        max = RSA_BITS.end()
    )]
    RsaSize(usize),
    /// A kind of key that no client of Notary knows; its object identifier.
    #[error("keys of the algorithm {0} are not supported")]
    UnknownAlgorithm(String),
    /// Not one of the curves of Notary; its name or object identifier.
    #[error("the elliptic curve {0} is not supported, only P-256, P-384 and P-521 are")]
    UnknownCurve(String),
}

impl GivenKey {
    /// Reads the first PEM block of a file, whatever follows it, as Go does.
    pub fn parse(text: &[u8], now: OffsetDateTime) -> Result<Self, PublicKeyError> {
        let block = pem::decode_all(text).into_iter().next().ok_or(PublicKeyError::NoBlock)?;
        match block.label.as_str() {
            CERTIFICATE => {
                let certificate = Certificate::from_der(&block.contents);
                let certificate = certificate.ok_or(PublicKeyError::Malformed("certificate"))?;
                certificate.check(Some(now)).map_err(|problem| {
                    let common_name = certificate.common_name().to_owned();
                    PublicKeyError::Certificate { common_name, problem }
                })?;
                if *bare(certificate.public_key().bytes())?.key_type() == KeyType::Ed25519 {
                    return Err(PublicKeyError::Ed25519Certificate);
                }
                Ok(Self { key: certificate.to_key(), certificate: Some(certificate) })
            }
            PUBLIC_KEY => Ok(Self { key: bare(&block.contents)?, certificate: None }),
            _ if should_be_private_key(&block) => Err(PublicKeyError::Private),
            other => Err(PublicKeyError::Label(other.to_owned())),
        }
    }
}

/// Reads a PKIX public key.
///
/// Ids of keys are computed from these bytes, so there must be no second way to write the same key.
fn bare(spki: &[u8]) -> Result<PublicKey, PublicKeyError> {
    const MALFORMED: PublicKeyError = PublicKeyError::Malformed("public key");
    let inner = asn1::subject_public_key(spki).ok_or(MALFORMED)?;
    let (algorithm, parameters) = asn1::public_key_algorithm(spki).ok_or(MALFORMED)?;
    let (key, only_form) = match algorithm {
        asn1::EC => {
            let curve: Curve =
                asn1::curve(parameters.ok_or(MALFORMED)?).map_err(PublicKeyError::UnknownCurve)?;
            if inner.first().is_some_and(|form| *form != UNCOMPRESSED) {
                return Err(PublicKeyError::Compressed);
            }
            let key = PublicKey::new(KeyType::Ecdsa, spki.to_vec());
            (key, Some(asn1::ec_public_key(curve, &inner)))
        }
        asn1::ED25519 => {
            let only_form = asn1::ed25519_public_key(&inner);
            (PublicKey::new(KeyType::Ed25519, inner), Some(only_form))
        }
        asn1::RSA => {
            let key = PublicKey::new(KeyType::Rsa, spki.to_vec());
            match Algorithm::of(&key) {
                Some(Algorithm::Rsa(bits)) if !RSA_BITS.contains(&bits) => {
                    return Err(PublicKeyError::RsaSize(bits));
                }
                _ => (key, asn1::rsa_public_key_again(&inner)),
            }
        }
        other => return Err(PublicKeyError::UnknownAlgorithm(other.to_string())),
    };
    match only_form.is_some_and(|form| form == spki) && key.is_usable() {
        true => Ok(key),
        false => Err(MALFORMED),
    }
}

#[cfg(test)]
mod tests {
    use time::format_description::well_known::Rfc3339;

    use super::*;
    use crate::keys::PrivateKey;
    use crate::tuf::pem::Block;

    fn now() -> OffsetDateTime {
        OffsetDateTime::parse("2026-11-21T03:00:00Z", &Rfc3339).unwrap()
    }

    fn parse(spki: &[u8]) -> Result<PublicKey, PublicKeyError> {
        let text = Block::new(PUBLIC_KEY, spki.to_vec()).encode();
        GivenKey::parse(text.as_bytes(), now()).map(|given| given.key)
    }

    #[test]
    fn public_keys_of_every_kind_become_those_of_their_private_halves() {
        let mut keys: Vec<_> = [Curve::P256, Curve::P384, Curve::P521]
            .map(|curve| PrivateKey::from_scalar(curve, &[7; 20]).unwrap())
            .into();
        keys.push(PrivateKey::from_ed25519_seed(&[7; 32]).unwrap());
        for key in keys {
            let block = super::super::public_block(key.public_key(), "any");
            let given = GivenKey::parse(block.encode().as_bytes(), now()).unwrap();
            assert_eq!(given, GivenKey { key: key.public_key().clone(), certificate: None });
            assert_eq!(given.key.id(), *key.id());
        }
    }

    #[test]
    fn there_is_one_way_to_write_a_key() {
        let key = PrivateKey::generate_ecdsa_p256();
        let spki = key.public_key().bytes();
        assert_eq!(parse(spki).unwrap(), *key.public_key());
        let malformed = Err(PublicKeyError::Malformed("public key"));
        assert_eq!(parse(&[spki, &[0]].concat()), malformed);
        assert_eq!(parse(&spki[..spki.len() - 1]), malformed);
        let off_the_curve = [&spki[..spki.len() - 1], &[spki[spki.len() - 1] ^ 1]].concat();
        assert_eq!(parse(&off_the_curve), malformed);
        let point = asn1::subject_public_key(spki).unwrap();
        let compressed = [&[2 + (point[64] & 1)], &point[1..33]].concat();
        let compressed = asn1::ec_public_key(Curve::P256, &compressed);
        assert_eq!(parse(&compressed), Err(PublicKeyError::Compressed));
        assert_eq!(parse(&asn1::ed25519_public_key(&[7; 31])), malformed);
        assert_eq!(parse(b""), malformed);
    }

    #[test]
    fn rsa_keys_have_a_size_that_can_be_verified_with() {
        let key = |bytes: usize| {
            let modulus = [&[0xc1][..], &vec![1; bytes - 1]].concat();
            asn1::rsa_public_key_of(&modulus, &[1, 0, 1]).unwrap()
        };
        for bytes in [128, 255, 1025] {
            assert_eq!(parse(&key(bytes)), Err(PublicKeyError::RsaSize(bytes * 8)));
        }
        for bytes in [256, 1024] {
            assert_eq!(*parse(&key(bytes)).unwrap().key_type(), KeyType::Rsa);
        }
    }

    #[test]
    fn other_things_are_refused_by_their_names() {
        let given = |label: &str| {
            let text = Block::new(label, vec![1, 2, 3]).encode();
            GivenKey::parse(text.as_bytes(), now()).unwrap_err()
        };
        for label in ["EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"] {
            assert_eq!(given(label), PublicKeyError::Private, "{label}");
        }
        assert_eq!(given("DH PARAMETERS"), PublicKeyError::Label("DH PARAMETERS".into()));
        assert_eq!(given(CERTIFICATE), PublicKeyError::Malformed("certificate"));
        assert_eq!(given(PUBLIC_KEY), PublicKeyError::Malformed("public key"));
        assert_eq!(GivenKey::parse(b"no PEM", now()), Err(PublicKeyError::NoBlock));
    }
}
