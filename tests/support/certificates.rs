//! Certificates for root keys, good ones and bad ones.

use notary::keys::PrivateKey;
use notary::tuf::key::{Curve, KeyType, PublicKey};
use notary::tuf::x509::to_pem;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
    PublicKeyData, SignatureAlgorithm,
};
use time::{Duration, OffsetDateTime};
use x509_parser::prelude::{FromDer as _, SubjectPublicKeyInfo};

use super::{SIM_GUN, SimKey, sim_now};

/// Somebody who issues certificates, and the CA certificate of that.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// The CA certificate.
    pub pem: String,
}

/// What stands in a certificate.
#[derive(Clone, Copy)]
pub struct Contents<'a> {
    pub name: &'a str,
    pub from: OffsetDateTime,
    pub to: OffsetDateTime,
    pub is_ca: bool,
}

impl Default for Contents<'_> {
    /// A leaf for the simulator's collection that is valid for a year around its present.
    fn default() -> Self {
        let half = Duration::days(182);
        Self { name: SIM_GUN, from: sim_now() - half, to: sim_now() + half, is_ca: false }
    }
}

impl<'a> Contents<'a> {
    /// The same of such a name, and around the time of the machine.
    pub fn now(name: &'a str) -> Self {
        let (now, half) = (OffsetDateTime::now_utc(), Duration::days(182));
        Self { name, from: now - half, to: now + half, is_ca: false }
    }
}

impl Contents<'_> {
    fn params(&self) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, self.name);
        (params.not_before, params.not_after) = (self.from, self.to);
        params.is_ca = match self.is_ca {
            true => IsCa::Ca(BasicConstraints::Unconstrained),
            false => IsCa::ExplicitNoCa,
        };
        params
    }
}

impl Authority {
    /// An authority whose certificate it signed itself.
    pub fn new(name: &str) -> Self {
        Self::valid_as(Contents { name, is_ca: true, ..Contents::default() })
    }

    /// An authority with such a certificate, signed by itself.
    pub fn valid_as(contents: Contents<'_>) -> Self {
        let (key, params) = (KeyPair::generate().unwrap(), contents.params());
        let pem = to_pem(params.self_signed(&key).unwrap().der());
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// An authority below this one.
    pub fn below(&self, contents: Contents<'_>) -> Self {
        let (key, params) = (KeyPair::generate().unwrap(), contents.params());
        let pem = to_pem(params.signed_by(&key, &self.issuer).unwrap().der());
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// The text of a certificate for a key.
    pub fn certify(&self, key: &PrivateKey, contents: Contents<'_>) -> String {
        to_pem(contents.params().signed_by(&Subject::of(key), &self.issuer).unwrap().der())
    }

    /// The key, listed with a certificate and whatever else shall follow it.
    pub fn list(&self, key: &SimKey, contents: Contents<'_>, rest: &[&str]) -> SimKey {
        let text = self.certify(&key.private, contents) + &rest.concat();
        key.listed_as(PublicKey::new(certificate_type(&key.private), text.into_bytes()))
    }
}

/// The type of a key that is listed with a certificate.
pub fn certificate_type(key: &PrivateKey) -> KeyType {
    match key.public_key().key_type() {
        KeyType::Rsa => KeyType::RsaX509,
        _ => KeyType::EcdsaX509,
    }
}

struct Subject {
    algorithm: &'static SignatureAlgorithm,
    der: Vec<u8>,
}

impl Subject {
    fn of(key: &PrivateKey) -> Self {
        let spki = key.public_key().bytes();
        let algorithm = match Curve::of(spki) {
            Some(Curve::P256) => &rcgen::PKCS_ECDSA_P256_SHA256,
            Some(Curve::P384) => &rcgen::PKCS_ECDSA_P384_SHA384,
            Some(Curve::P521) => &rcgen::PKCS_ECDSA_P521_SHA256,
            None => &rcgen::PKCS_RSA_SHA256,
        };
        let (_, parsed) = SubjectPublicKeyInfo::from_der(spki).unwrap();
        Self { algorithm, der: parsed.subject_public_key.data.to_vec() }
    }
}

impl PublicKeyData for Subject {
    fn der_bytes(&self) -> &[u8] {
        &self.der
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.algorithm
    }
}

/// Makes a certificate of an RSA issuer say that it is signed with SHA-1. Its signature becomes
/// invalid by that.
pub fn say_sha1(pem: &[u8]) -> String {
    // 1.2.840.113549.1.1.11 and .5.
    const SHA256: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
    let mut der = notary::tuf::pem::decode_all(pem)[0].contents.to_vec();
    let places: Vec<usize> = (0..der.len()).filter(|at| der[*at..].starts_with(&SHA256)).collect();
    assert_eq!(places.len(), 2);
    places.iter().for_each(|at| der[at + SHA256.len() - 1] = 5);
    to_pem(&der)
}
