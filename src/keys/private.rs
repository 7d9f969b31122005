//! Private keys in memory, ready to sign.
//!
//! Secrets are wiped when a key is dropped: those in buffers of this program by `Zeroizing`, those
//! inside the cryptographic libraries by the libraries. Nothing here prints them.

use std::fmt;
use std::ops::RangeInclusive;

use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P521_SHA256_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaEncoding, RsaKeyPair,
};
use p384::ecdsa::signature::hazmat::PrehashSigner as _;
use p384::ecdsa::{Signature as P384Signature, SigningKey as P384KeyPair};
use zeroize::Zeroizing;

use super::asn1;
use super::error::OpenError;
use super::pair::KeyPair;
use crate::tuf::key::{Curve, KeyId, KeyType, Method, PublicKey, Signer, SigningFailed};

/// The sizes of RSA keys whose signatures are accepted, in bits (`formats.md` §3.2).
const RSA_BITS: RangeInclusive<usize> = 2048..=8192;

/// A private key: ECDSA on P-256, P-384 or P-521, RSA, or Ed25519.
pub struct PrivateKey {
    id: KeyId,
    pkcs8: Zeroizing<Vec<u8>>,
    public: PublicKey,
    secret: Secret,
}

enum Secret {
    /// P-256 or P-521.
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    /// Apart, because aws-lc-rs cannot sign with P-384 and SHA-256.
    P384(P384KeyPair),
    Rsa(RsaKeyPair),
    /// An RSA key that has an id but must not sign, by its size in bits.
    RsaOutOfRange(usize),
}

impl PrivateKey {
    /// Makes a key of the secret number of an elliptic curve key, big-endian.
    ///
    /// Notary-go: leading zeros may be missing or superfluous. The public key is computed; whatever
    /// a file says about it is not looked at.
    pub(super) fn from_scalar(curve: Curve, scalar: &[u8]) -> Result<Self, OpenError> {
        let misfit = || OpenError::Malformed("its secret number does not fit the curve");
        let scalar = fixed_width(curve, scalar).ok_or_else(misfit)?;
        let aws_lc = |algorithm: &'static EcdsaSigningAlgorithm| {
            let sec1 = asn1::ec_private_key(curve, &scalar, None);
            EcdsaKeyPair::from_private_key_der(algorithm, &sec1).ok().map(|key| {
                let point = key.public_key().as_ref().to_vec();
                (Secret::Ecdsa(key), point)
            })
        };
        let key = match curve {
            Curve::P256 => aws_lc(&ECDSA_P256_SHA256_FIXED_SIGNING),
            Curve::P384 => P384KeyPair::from_slice(&scalar).ok().map(|key| {
                let point = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
                (Secret::P384(key), point)
            }),
            Curve::P521 => aws_lc(&ECDSA_P521_SHA256_FIXED_SIGNING),
        };
        let (secret, point) = key.ok_or_else(misfit)?;
        let public = PublicKey::new(KeyType::Ecdsa, asn1::ec_public_key(curve, &point));
        let sec1 = asn1::ec_private_key(curve, &scalar, Some(&point));
        Ok(Self::new(public, asn1::ec_private_key_info(curve, &sec1), secret))
    }

    /// Makes a key of an RSA key in the form of PKCS#1.
    ///
    /// A key of a size that must not sign is still a key: it has an id, under which it can be
    /// listed and removed.
    pub(super) fn from_rsa(key: &asn1::RsaPrivateKey<'_>) -> Result<Self, OpenError> {
        let pkcs1 = asn1::encode(key);
        let bits = bit_length(key.modulus.as_bytes());
        let secret = if RSA_BITS.contains(&bits) {
            let key = RsaKeyPair::from_der(&pkcs1);
            Secret::Rsa(key.map_err(|_| OpenError::Malformed("its RSA numbers do not fit"))?)
        } else {
            Secret::RsaOutOfRange(bits)
        };
        let public = PublicKey::new(KeyType::Rsa, asn1::rsa_public_key(key));
        Ok(Self::new(public, asn1::other_private_key_info(asn1::RSA, &pkcs1), secret))
    }

    /// Makes a key of the secret half of an Ed25519 key.
    pub(super) fn from_ed25519_seed(seed: &[u8; 32]) -> Result<Self, OpenError> {
        let key = Ed25519KeyPair::from_seed_unchecked(seed)
            .map_err(|_| OpenError::Malformed("its secret half cannot be used"))?;
        let public = key.public_key().as_ref().to_vec();
        // §2.4: Go keeps the public half in front of its own expanded form, which repeats it.
        let blob = Zeroizing::new([&public, seed.as_slice(), &public].concat());
        let pkcs8 = asn1::other_private_key_info(asn1::NOTARY_ED25519, &blob);
        Ok(Self::new(PublicKey::new(KeyType::Ed25519, public), pkcs8, Secret::Ed25519(key)))
    }

    fn new(public: PublicKey, pkcs8: Zeroizing<Vec<u8>>, secret: Secret) -> Self {
        Self { id: public.id(), pkcs8, public, secret }
    }

    /// The public half, never in a certificate.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The canonical id, by which files, prompts and command lines name the key.
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// The unencrypted PKCS#8 `PrivateKeyInfo`, DER, in exactly Go's form (`formats.md` §2.3).
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        self.pkcs8.clone()
    }

    fn sign_p384(
        &self,
        key: &P384KeyPair,
        hash: &'static digest::Algorithm,
        message: &[u8],
    ) -> Result<Vec<u8>, SigningFailed> {
        let hash = digest::digest(hash, message);
        let signature: Result<P384Signature, _> = key.sign_prehash(hash.as_ref());
        Ok(signature.map_err(|error| self.failed(error))?.to_bytes().to_vec())
    }

    fn sign_rsa(
        &self,
        key: &RsaKeyPair,
        padding: &'static dyn RsaEncoding,
        message: &[u8],
    ) -> Result<Vec<u8>, SigningFailed> {
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(padding, &SystemRandom::new(), message, &mut signature)
            .map_err(|error| self.failed(error))?;
        Ok(signature)
    }

    fn failed(&self, reason: impl fmt::Display) -> SigningFailed {
        SigningFailed { key_id: self.id.clone(), reason: reason.to_string() }
    }
}

impl Signer for PrivateKey {
    fn canonical_id(&self) -> &KeyId {
        &self.id
    }

    fn method(&self) -> Method {
        match self.secret {
            Secret::Ecdsa(_) | Secret::P384(_) => Method::Ecdsa,
            Secret::Ed25519(_) => Method::Eddsa,
            Secret::Rsa(_) | Secret::RsaOutOfRange(_) => Method::RsaPss,
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningFailed> {
        match &self.secret {
            Secret::Ecdsa(key) => {
                let signature = key.sign(&SystemRandom::new(), message);
                Ok(signature.map_err(|error| self.failed(error))?.as_ref().to_vec())
            }
            Secret::Ed25519(key) => {
                let signature = key.try_sign(message);
                Ok(signature.map_err(|error| self.failed(error))?.as_ref().to_vec())
            }
            // §3.2: SHA-256 whatever the curve.
            Secret::P384(key) => self.sign_p384(key, &digest::SHA256, message),
            // The salt of this encoding is as long as the hash: the 32 bytes of §3.2.
            Secret::Rsa(key) => self.sign_rsa(key, &RSA_PSS_SHA256, message),
            Secret::RsaOutOfRange(_) => self.check_size().map(|()| Vec::new()),
        }
    }
}

impl KeyPair for PrivateKey {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// With SHA-384 on P-384.
    fn sign_certificate(&self, body: &[u8]) -> Result<Vec<u8>, SigningFailed> {
        match &self.secret {
            Secret::Ecdsa(_) => Ok(asn1::ecdsa_signature(&self.sign(body)?)),
            Secret::P384(key) => {
                Ok(asn1::ecdsa_signature(&self.sign_p384(key, &digest::SHA384, body)?))
            }
            Secret::Rsa(key) => self.sign_rsa(key, &RSA_PKCS1_SHA256, body),
            Secret::Ed25519(_) | Secret::RsaOutOfRange(_) => self.sign(body),
        }
    }

    fn check_size(&self) -> Result<(), SigningFailed> {
        let Secret::RsaOutOfRange(bits) = self.secret else { return Ok(()) };
        wrong_size(bits).map_or(Ok(()), |reason| Err(self.failed(reason)))
    }
}

/// What is wrong with an RSA key of so many bits.
pub(super) fn wrong_size(bits: usize) -> Option<String> {
    let (min, max) = (RSA_BITS.start(), RSA_BITS.end());
    (!RSA_BITS.contains(&bits))
        .then(|| format!("it is an RSA key of {bits} bits, and must have {min} to {max}"))
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey")
            .field("id", &self.id)
            .field("type", self.public.key_type())
            .finish_non_exhaustive()
    }
}

/// Brings a number to the width of the curve; `None` when it is zero or too large for that.
fn fixed_width(curve: Curve, number: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let width = match curve {
        Curve::P256 => 32,
        Curve::P384 => 48,
        Curve::P521 => 66,
    };
    let digits = &number[number.iter().position(|byte| *byte != 0)?..];
    let mut fixed = Zeroizing::new(vec![0; width]);
    let zeros = width.checked_sub(digits.len())?;
    fixed[zeros..].copy_from_slice(digits);
    Some(fixed)
}

/// The number of bits of a big-endian number without leading zero bytes.
fn bit_length(number: &[u8]) -> usize {
    let zeros = number.first().map_or(0, |byte| byte.leading_zeros() as usize);
    number.len() * 8 - zeros
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed(byte: u8) -> [u8; 32] {
        [byte; 32]
    }

    #[test]
    fn generated_keys_differ_and_sign() {
        let (one, two) = (PrivateKey::generate_ecdsa_p256(), PrivateKey::generate_ecdsa_p256());
        assert_ne!(one.id(), two.id());
        let signature = one.sign(b"message").unwrap();
        assert_eq!(signature.len(), 64);
        assert!(one.public_key().verify(&one.method(), b"message", &signature));
        assert!(!one.public_key().verify(&one.method(), b"another", &signature));
        assert!(!two.public_key().verify(&two.method(), b"message", &signature));
    }

    #[test]
    fn every_curve_signs_with_sha256_at_its_width() {
        for (curve, width) in [(Curve::P256, 32), (Curve::P384, 48), (Curve::P521, 66)] {
            let key = PrivateKey::from_scalar(curve, &[7; 20]).unwrap();
            assert_eq!(Curve::of(key.public_key().bytes()), Some(curve));
            for message in [b"".as_slice(), b"message"] {
                let signature = key.sign(message).unwrap();
                assert_eq!(signature.len(), 2 * width);
                assert!(key.public_key().verify(&Method::Ecdsa, message, &signature), "{curve:?}");
            }
        }
    }

    #[test]
    fn leading_zeros_of_secret_numbers_do_not_matter() {
        let short = PrivateKey::from_scalar(Curve::P256, &[9; 31]).unwrap();
        let exact = PrivateKey::from_scalar(Curve::P256, &[[0].as_slice(), &[9; 31]].concat());
        let long = PrivateKey::from_scalar(Curve::P256, &[[0; 9].as_slice(), &[9; 31]].concat());
        assert_eq!(short.id(), exact.unwrap().id());
        assert_eq!(short.id(), long.unwrap().id());
    }

    #[test]
    fn secret_numbers_outside_the_curve_are_refused() {
        for curve in [Curve::P256, Curve::P384, Curve::P521] {
            for number in [[].as_slice(), &[0; 32], &[0xff; 66], &[1; 67]] {
                let result = PrivateKey::from_scalar(curve, number);
                assert!(matches!(result, Err(OpenError::Malformed(_))), "{curve:?} {number:?}");
            }
        }
    }

    #[test]
    fn ed25519_follows_rfc_8032() {
        let key = PrivateKey::from_ed25519_seed(&seed(0)).unwrap();
        let public = data_encoding::HEXLOWER.encode(key.public_key().bytes());
        assert_eq!(public, "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29");
        let signature = key.sign(b"message").unwrap();
        assert!(key.public_key().verify(&Method::Eddsa, b"message", &signature));
    }

    #[test]
    fn debug_output_has_no_secret() {
        let text = format!("{:?}", PrivateKey::from_ed25519_seed(&seed(0xab)).unwrap());
        assert!(text.starts_with("PrivateKey { id: KeyId("), "{text}");
        assert!(!text.contains("171") && !text.contains("abab"), "{text}");
    }

    #[test]
    fn bit_lengths_are_exact() {
        for (number, bits) in [(&[][..], 0), (&[1], 1), (&[0x80], 8), (&[1, 0], 9)] {
            assert_eq!(bit_length(number), bits, "{number:?}");
        }
    }
}
