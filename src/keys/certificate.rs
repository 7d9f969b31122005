//! Self-signed certificates, the form in which root keys stand in metadata.
//!
//! They are made as Go's Notary makes them (`formats.md` §3.4), field by field, and looked at with
//! the engine's eyes before anybody else gets to see them.

use aws_lc_rs::rand;
use rcgen::string::PrintableString;
use rcgen::{
    CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue,
    ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose, PublicKeyData, SerialNumber,
    SignatureAlgorithm, SigningKey,
};
use thiserror::Error;
use time::{Duration, OffsetDateTime, UtcOffset};

use super::asn1;
use super::pair::KeyPair;
use crate::tuf::key::{Curve, KeyType, PublicKey, SigningFailed};
use crate::tuf::role::Gun;
use crate::tuf::x509::{Bundle, CertificateProblem, to_pem};

/// How long certificates are valid: ten years without regard to leap days, as Go counts.
const LIFETIME: Duration = Duration::days(10 * 365);

/// Length of the random serial numbers, in bytes.
const SERIAL_BYTES: usize = 16;

/// `basicConstraints`, and a value of it that says nothing: not a CA, by default.
const BASIC_CONSTRAINTS: &[u64] = &[2, 5, 29, 19];
const NOT_A_CA: [u8; 2] = [0x30, 0x00];

/// Why no certificate can be made.
#[derive(Debug, Error)]
pub enum CertificateError {
    /// Clients would refuse the certificate.
    #[error("the certificate of the key cannot be used: {0}")]
    Problem(CertificateProblem),
    /// The key must not sign.
    #[error(transparent)]
    Signing(#[from] SigningFailed),
    /// Not a kind of key that Notary has certificates for.
    #[error("root keys need a certificate, and there is none for {0} keys")]
    UnsuitableKey(KeyType),
    /// What was written is not a certificate of the key for the collection.
    #[error("the certificate does not vouch for the collection")]
    Unusable,
    /// The library could not write the certificate.
    #[error("the certificate cannot be written")]
    Writing(#[source] rcgen::Error),
}

/// Makes the certificate for `key` as a root key of `gun`, valid for ten years from `now`.
pub fn root_certificate(
    gun: &Gun,
    key: &dyn KeyPair,
    now: OffsetDateTime,
) -> Result<PublicKey, CertificateError> {
    let subject = Subject::new(key)?;
    let certificate =
        parameters(gun, now).self_signed(&subject).map_err(CertificateError::Writing)?;
    let bundle = Bundle::parse(to_pem(certificate.der()).as_bytes());
    let bundle = bundle.ok_or(CertificateError::Unusable)?;
    bundle.leaf.check(Some(now)).map_err(CertificateError::Problem)?;
    if !bundle.leaf.is_for(gun) || bundle.leaf.public_key() != key.public_key() {
        return Err(CertificateError::Unusable);
    }
    Ok(bundle.to_key())
}

fn parameters(gun: &Gun, now: OffsetDateTime) -> CertificateParams {
    let now = now.checked_to_offset(UtcOffset::UTC).unwrap_or(now);
    let now = now.replace_nanosecond(0).expect("zero is a number of nanoseconds");
    let mut serial = [0; SERIAL_BYTES];
    rand::fill(&mut serial).expect("AWS-LC ends the process when there is no randomness");
    // Notary-go: the simple string type where it suffices.
    let name = match PrintableString::try_from(gun.as_str()) {
        Ok(name) => DnValue::PrintableString(name),
        Err(_) => DnValue::Utf8String(gun.to_string()),
    };
    let mut not_a_ca = CustomExtension::from_oid_content(BASIC_CONSTRAINTS, NOT_A_CA.to_vec());
    not_a_ca.set_criticality(true);

    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.not_before = now;
    parameters.not_after = now.saturating_add(LIFETIME);
    parameters.serial_number = Some(SerialNumber::from_slice(&serial));
    parameters.key_usages =
        vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::CodeSigning];
    // rcgen's own `ExplicitNoCa` would add a key identifier, which Go's certificates do not have.
    parameters.is_ca = IsCa::NoCa;
    parameters.custom_extensions = vec![not_a_ca];
    parameters
}

/// A key in rcgen's eyes. Handing over the key itself would leave a copy that nobody wipes.
struct Subject<'a> {
    algorithm: &'static SignatureAlgorithm,
    key: &'a dyn KeyPair,
    /// The point of an elliptic curve key, or the `RSAPublicKey`.
    public: Vec<u8>,
}

impl<'a> Subject<'a> {
    fn new(key: &'a dyn KeyPair) -> Result<Self, CertificateError> {
        key.check_size()?;
        let public = key.public_key();
        let algorithm = match (public.key_type(), Curve::of(public.bytes())) {
            (KeyType::Ecdsa, Some(Curve::P256)) => &rcgen::PKCS_ECDSA_P256_SHA256,
            (KeyType::Ecdsa, Some(Curve::P384)) => &rcgen::PKCS_ECDSA_P384_SHA384,
            (KeyType::Ecdsa, Some(Curve::P521)) => &rcgen::PKCS_ECDSA_P521_SHA256,
            (KeyType::Rsa, None) => &rcgen::PKCS_RSA_SHA256,
            (other, _) => return Err(CertificateError::UnsuitableKey(other.clone())),
        };
        let public = asn1::subject_public_key(public.bytes());
        let public = public.expect("ECDSA and RSA keys are in PKIX form");
        Ok(Self { algorithm, key, public })
    }
}

impl PublicKeyData for Subject<'_> {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.algorithm
    }
}

impl SigningKey for Subject<'_> {
    fn sign(&self, body: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.key.sign_certificate(body).map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

#[cfg(test)]
mod tests {
    use time::format_description::well_known::Rfc3339;
    use x509_parser::prelude::{FromDer as _, X509Certificate};

    use super::*;
    use crate::keys::PrivateKey;
    use crate::tuf::pem;

    fn at(text: &str) -> OffsetDateTime {
        OffsetDateTime::parse(text, &Rfc3339).unwrap()
    }

    fn now() -> OffsetDateTime {
        at("2026-11-21T08:30:00.75+05:30")
    }

    fn der(key: &PublicKey) -> Vec<u8> {
        pem::decode_all(key.bytes())[0].contents.to_vec()
    }

    fn hex(der: &[u8]) -> String {
        data_encoding::HEXLOWER.encode(der)
    }

    #[test]
    fn certificates_have_the_fields_of_go() {
        let gun = Gun::parse("golden.example/app").unwrap();
        let key = PrivateKey::generate_ecdsa_p256();
        let certificate = root_certificate(&gun, &key, now()).unwrap();
        assert_eq!(*certificate.key_type(), KeyType::EcdsaX509);
        assert_eq!(certificate.canonical_id(), *key.id());

        let der = der(&certificate);
        let (_, parsed) = X509Certificate::from_der(&der).unwrap();
        assert_eq!(parsed.version().0, 2);
        assert_eq!(parsed.subject().to_string(), "CN=golden.example/app");
        assert_eq!(parsed.subject(), parsed.issuer());
        assert!(parsed.raw_serial().len() >= SERIAL_BYTES - 2);
        let validity = parsed.validity();
        assert_eq!(validity.not_before.to_datetime(), at("2026-11-21T03:00:00Z"));
        assert_eq!(validity.not_after.to_datetime(), at("2036-11-18T03:00:00Z"));
        assert_eq!(parsed.signature_algorithm.algorithm.to_id_string(), "1.2.840.10045.4.3.2");

        // Exactly these extensions: a critical key usage, code signing, and a critical "no CA".
        let extensions = "a3353033\
            300e0603551d0f0101ff0404030205a0\
            30130603551d25040c300a06082b06010505070303\
            300c0603551d130101ff04023000";
        assert!(hex(&der).contains(extensions), "{}", hex(&der));
    }

    #[test]
    fn the_name_is_a_printable_string_where_possible() {
        let key = PrivateKey::generate_ecdsa_p256();
        for (name, tag) in [("host:5000/App", "13"), ("a_b", "0c"), ("uni/é漢😀", "0c")] {
            let gun = Gun::parse(name).unwrap();
            let certificate = root_certificate(&gun, &key, now()).unwrap();
            let bundle = Bundle::parse(certificate.bytes()).unwrap();
            assert_eq!(bundle.leaf.common_name(), name);
            let encoded = format!("0603550403{tag}{:02x}{}", name.len(), hex(name.as_bytes()));
            assert_eq!(hex(&der(&certificate)).matches(&encoded).count(), 2, "{name}");
        }
    }

    #[test]
    fn serial_numbers_differ() {
        let gun = Gun::parse("app").unwrap();
        let key = PrivateKey::generate_ecdsa_p256();
        let certificates = [(), ()].map(|()| root_certificate(&gun, &key, now()).unwrap());
        assert_ne!(certificates[0].id(), certificates[1].id());
        assert_eq!(certificates[0].canonical_id(), certificates[1].canonical_id());
    }

    #[test]
    fn every_curve_signs_its_own_certificate() {
        let gun = Gun::parse("app").unwrap();
        for curve in [Curve::P256, Curve::P384, Curve::P521] {
            let key = PrivateKey::from_scalar(curve, &[7; 20]).unwrap();
            assert!(root_certificate(&gun, &key, now()).is_ok(), "{curve:?}");
        }
    }

    #[test]
    fn ed25519_keys_get_none() {
        let key = PrivateKey::from_ed25519_seed(&[7; 32]).unwrap();
        let error = root_certificate(&Gun::parse("app").unwrap(), &key, now()).unwrap_err();
        let text = "root keys need a certificate, and there is none for ed25519 keys";
        assert_eq!(error.to_string(), text);
    }
}
