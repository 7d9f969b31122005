//! Public keys, their ids, and the check of one signature by one key.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P521_SHA256_FIXED, ED25519, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use x509_parser::oid_registry::{
    OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_NIST_EC_P384, OID_NIST_EC_P521, Oid,
};
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::{canonical, pem, x509};

/// The id of a key: hex SHA-256 of the canonical JSON of the public key (`formats.md` §2.6).
///
/// Metadata names a certificate key by the id of the certificate (the *TUF id*); key files,
/// prompts and command lines use the id of the bare public key (the *canonical id*). Ids in
/// metadata are kept as they stand: one that does not belong to its key never verifies anything.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Deserialize, Serialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    const HEX_DIGITS: usize = 64;
    const SHORT_DIGITS: usize = 7;

    /// Accepts 64 lower-case hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        (text.len() == Self::HEX_DIGITS && text.bytes().all(hex)).then(|| Self(text.to_owned()))
    }

    /// The id as it stands in metadata; 64 hex digits unless the metadata is odd.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first digits, as prompts show them.
    pub fn short(&self) -> &str {
        self.0.get(..Self::SHORT_DIGITS).unwrap_or(&self.0)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of key the public bytes are.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum KeyType {
    /// PKIX `SubjectPublicKeyInfo` of an elliptic curve key.
    Ecdsa,
    /// PEM text of a certificate with an elliptic curve key, and perhaps its intermediates.
    EcdsaX509,
    /// 32 raw bytes.
    Ed25519,
    /// PKIX `SubjectPublicKeyInfo` of an RSA key.
    Rsa,
    /// PEM text of a certificate with an RSA key, and perhaps its intermediates.
    RsaX509,
    /// A type of the future: kept as it is, verifies nothing.
    Unknown(String),
}

impl KeyType {
    /// The name in metadata.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Ecdsa => "ecdsa",
            Self::EcdsaX509 => "ecdsa-x509",
            Self::Ed25519 => "ed25519",
            Self::Rsa => "rsa",
            Self::RsaX509 => "rsa-x509",
            Self::Unknown(name) => name,
        }
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<String> for KeyType {
    fn from(name: String) -> Self {
        let known = [Self::Ecdsa, Self::EcdsaX509, Self::Ed25519, Self::Rsa, Self::RsaX509];
        known.into_iter().find(|known| known.as_str() == name).unwrap_or(Self::Unknown(name))
    }
}

/// A public key as metadata holds it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct PublicKey {
    key_type: KeyType,
    public: Vec<u8>,
}

impl PublicKey {
    /// Wraps bytes of the form that [`KeyType`] documents; nothing is checked here.
    pub fn new(key_type: KeyType, public: Vec<u8>) -> Self {
        Self { key_type, public }
    }

    /// What the bytes are.
    pub fn key_type(&self) -> &KeyType {
        &self.key_type
    }

    /// The bytes, in the form that [`KeyType`] documents.
    pub fn bytes(&self) -> &[u8] {
        &self.public
    }

    /// The TUF id: that of the key exactly as it stands here.
    pub fn id(&self) -> KeyId {
        let preimage = canonical::to_vec(self);
        KeyId(HEXLOWER.encode(digest::digest(&digest::SHA256, &preimage).as_ref()))
    }

    /// The id of the bare public key, which for a certificate is the key of its first certificate.
    ///
    /// A certificate that cannot be read has no bare key; its TUF id is returned.
    pub fn canonical_id(&self) -> KeyId {
        match self.bare() {
            Some(bare) => bare.id(),
            None => self.id(),
        }
    }

    /// The key inside a certificate, or the key itself.
    pub fn bare(&self) -> Option<PublicKey> {
        match self.key_type {
            KeyType::EcdsaX509 | KeyType::RsaX509 => {
                x509::first_certificate(&self.public).map(|leaf| leaf.public_key().clone())
            }
            _ => Some(self.clone()),
        }
    }

    /// Whether this is a bare key of a known type and well formed, so that it can verify anything.
    pub fn is_usable(&self) -> bool {
        use p384::pkcs8::DecodePublicKey as _;

        let parses = |algorithm: &'static dyn VerificationAlgorithm| {
            ParsedPublicKey::new(algorithm, &self.public).is_ok()
        };
        match self.key_type {
            KeyType::Ecdsa => match Curve::of(&self.public) {
                Some(Curve::P256) => parses(&ECDSA_P256_SHA256_FIXED),
                Some(Curve::P384) => {
                    p384::ecdsa::VerifyingKey::from_public_key_der(&self.public).is_ok()
                }
                Some(Curve::P521) => parses(&ECDSA_P521_SHA256_FIXED),
                None => false,
            },
            KeyType::Ed25519 => parses(&ED25519),
            KeyType::Rsa => parses(&RSA_PSS_2048_8192_SHA256),
            KeyType::EcdsaX509 | KeyType::RsaX509 | KeyType::Unknown(_) => false,
        }
    }

    /// Checks one signature over `message`.
    ///
    /// The key decides which methods it accepts; a signature whose declared method does not fit
    /// never verifies (`formats.md` §3.2).
    pub fn verify(&self, method: &Method, message: &[u8], signature: &[u8]) -> bool {
        let verify = |algorithm: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(algorithm, key).verify(message, signature).is_ok()
        };
        let Some(bare) = self.bare() else { return false };
        match (&bare.key_type, method) {
            (KeyType::Ecdsa, Method::Ecdsa) => match Curve::of(&bare.public) {
                Some(Curve::P256) => verify(&ECDSA_P256_SHA256_FIXED, &bare.public),
                Some(Curve::P384) => verify_p384(&bare.public, message, signature),
                Some(Curve::P521) => verify(&ECDSA_P521_SHA256_FIXED, &bare.public),
                None => false,
            },
            (KeyType::Ed25519, Method::Eddsa) => verify(&ED25519, &bare.public),
            (KeyType::Rsa, Method::RsaPss) => verify(&RSA_PSS_2048_8192_SHA256, &bare.public),
            (KeyType::Rsa, Method::RsaPkcs1v15) => {
                verify(&RSA_PKCS1_2048_8192_SHA256, &bare.public)
            }
            // Notary-go: this method is for keys whose public bytes are PEM instead of DER.
            (KeyType::Rsa, Method::RsaPyCrypto) => match pem::decode_all(&bare.public).first() {
                Some(block) => verify(&RSA_PSS_2048_8192_SHA256, &block.contents),
                None => false,
            },
            _ => false,
        }
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Value {
            private: (),
            public: String,
        }
        #[derive(Serialize)]
        struct Key<'a> {
            keytype: &'a str,
            keyval: Value,
        }
        let keyval = Value { private: (), public: BASE64.encode(&self.public) };
        Key { keytype: self.key_type.as_str(), keyval }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Value {
            public: Base64,
        }
        #[derive(Deserialize)]
        struct Key {
            keytype: String,
            keyval: Value,
        }
        let key = Key::deserialize(deserializer)?;
        Ok(Self { key_type: key.keytype.into(), public: key.keyval.public.0 })
    }
}

/// Bytes that are base64 with padding in JSON.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Base64(pub Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Base64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a base64 string")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Base64, E> {
                BASE64.decode(text.as_bytes()).map(Base64).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// How a signature was made.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Method {
    /// ECDSA over SHA-256 on any curve; `r‖s`, each padded to the width of the curve.
    Ecdsa,
    /// Ed25519.
    Eddsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256; verified, never made.
    RsaPkcs1v15,
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    RsaPss,
    /// RSASSA-PSS by a key in PEM form; verified, never made.
    RsaPyCrypto,
    /// A method of the future: kept as it is, verifies nothing.
    Unknown(String),
}

impl Method {
    /// The name in metadata.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Ecdsa => "ecdsa",
            Self::Eddsa => "eddsa",
            Self::RsaPkcs1v15 => "rsapkcs1v15",
            Self::RsaPss => "rsapss",
            Self::RsaPyCrypto => "pycrypto-pkcs#1 pss",
            Self::Unknown(name) => name,
        }
    }
}

impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Method {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Notary-go: names are lower-cased on reading.
        let name = String::deserialize(deserializer)?.to_lowercase();
        let known = [Self::Ecdsa, Self::Eddsa, Self::RsaPkcs1v15, Self::RsaPss, Self::RsaPyCrypto];
        let method = known.into_iter().find(|known| known.as_str() == name);
        Ok(method.unwrap_or(Self::Unknown(name)))
    }
}

/// Somebody who holds a private key and can sign with it.
pub trait Signer {
    /// The canonical id of the key.
    fn canonical_id(&self) -> &KeyId;

    /// The method of the signatures that [`sign`](Self::sign) makes.
    fn method(&self) -> Method;

    /// Signs `message` (canonical JSON).
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningFailed>;
}

/// The signers at hand, by canonical id.
pub type Signers = std::collections::BTreeMap<KeyId, Arc<dyn Signer>>;

/// A key that was opened but could not sign.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("key {key_id} could not sign: {reason}")]
pub struct SigningFailed {
    /// The canonical id.
    pub key_id: KeyId,
    /// What the cryptographic library or the token said.
    pub reason: String,
}

/// The elliptic curves that Notary's keys may lie on and this program can compute with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Curve {
    /// NIST P-256, the default.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
}

impl Curve {
    /// The curve of a PKIX `SubjectPublicKeyInfo`.
    pub fn of(spki: &[u8]) -> Option<Self> {
        let (_, spki) = SubjectPublicKeyInfo::from_der(spki).ok()?;
        let parameters = spki.algorithm.parameters.as_ref()?;
        if spki.algorithm.algorithm != OID_KEY_TYPE_EC_PUBLIC_KEY {
            return None;
        }
        let curves: [(Oid<'_>, Self); 3] = [
            (OID_EC_P256, Self::P256),
            (OID_NIST_EC_P384, Self::P384),
            (OID_NIST_EC_P521, Self::P521),
        ];
        let oid = parameters.as_oid().ok()?;
        curves.into_iter().find(|(known, _)| *known == oid).map(|(_, curve)| curve)
    }
}

/// P-384 with SHA-256 apart, because aws-lc-rs has this combination only for DER signatures.
fn verify_p384(spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    use p384::ecdsa::signature::hazmat::PrehashVerifier as _;
    use p384::pkcs8::DecodePublicKey as _;

    let key = p384::ecdsa::VerifyingKey::from_public_key_der(spki);
    let signature = p384::ecdsa::Signature::from_slice(signature);
    let hash = digest::digest(&digest::SHA256, message);
    matches!((key, signature), (Ok(key), Ok(signature)) if key.verify_prehash(hash.as_ref(), &signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_the_published_sample() {
        let public = BASE64.decode(b"tShuRO1+COI8yV9IPWWTOsssnH1nyTvPttebFxKw/YI=").unwrap();
        let key = PublicKey::new(KeyType::Ed25519, public);
        let id = "9f6d4133f631fed8401dc9d0c9a7ad906e601e34186a6621d88d832e9037f03d";
        assert_eq!(key.id().as_str(), id);
        assert_eq!(key.canonical_id().as_str(), id);
        assert_eq!(key.id().short(), "9f6d413");
    }

    #[test]
    fn unknown_types_and_methods_survive_and_verify_nothing() {
        let text = r#"{"keytype":"dilithium","keyval":{"private":null,"public":"AAEC"}}"#;
        let key: PublicKey = serde_json::from_str(text).unwrap();
        assert_eq!(canonical::to_vec(&key), text.as_bytes());
        assert!(!key.verify(&Method::Eddsa, b"", b""));
        let method: Method = serde_json::from_str("\"DILITHIUM\"").unwrap();
        assert_eq!(method, Method::Unknown("dilithium".into()));
    }

    #[test]
    fn key_ids_are_parsed_strictly() {
        let id = "9f6d4133f631fed8401dc9d0c9a7ad906e601e34186a6621d88d832e9037f03d";
        assert!(KeyId::parse(id).is_some());
        for bad in ["", "9f6d413", &id.to_uppercase(), &id[1..], &format!("{}g", &id[1..])] {
            assert!(KeyId::parse(bad).is_none(), "{bad:?}");
        }
    }
}
