//! Unencrypted private keys in all their DER forms: PKCS#8, SEC 1, PKCS#1 and Notary's Ed25519.
//!
//! Reading is lenient (`formats.md` §2.3, R3): Go's own files are not what strict parsers expect,
//! other programs' files are not like Go's, and both are good keys.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use zeroize::Zeroizing;

use super::asn1::{self, EcPrivateKey, PrivateKeyInfo, RsaPrivateKey};
use super::error::{OpenError, Unsupported};
use super::private::PrivateKey;
use crate::tuf::key::KeyType;

/// Reads a PKCS#8 `PrivateKeyInfo`; bytes behind it are ignored.
pub(super) fn from_pkcs8(der: &[u8]) -> Result<PrivateKey, OpenError> {
    let info =
        PrivateKeyInfo::read(der).map_err(|_| OpenError::Malformed("it is not in PKCS#8 form"))?;
    if info.version > 1 {
        return Err(Unsupported::Version(info.version).into());
    }
    let key = info.private_key.as_bytes();
    match info.algorithm.oid {
        asn1::EC => from_ec(key, info.algorithm.parameters),
        asn1::ED25519 => from_rfc8410(key),
        asn1::NOTARY_ED25519 => from_notary_ed25519(key),
        asn1::RSA => from_pkcs1(key),
        other => Err(Unsupported::Algorithm(other.to_string()).into()),
    }
}

/// The key alone, without the container that tells its kind: SEC 1, PKCS#1 or Notary's Ed25519
/// blob. Databases of signers have it in this form.
pub fn to_raw(key: &PrivateKey) -> Zeroizing<Vec<u8>> {
    let der = key.to_pkcs8();
    let info = PrivateKeyInfo::read(&der).expect("keys are kept in PKCS#8 form");
    Zeroizing::new(info.private_key.as_bytes().to_vec())
}

/// Reads what [`to_raw`] makes of a key of this type.
pub fn from_raw(key_type: &KeyType, raw: &[u8]) -> Result<PrivateKey, OpenError> {
    match key_type {
        KeyType::Ecdsa | KeyType::EcdsaX509 => from_sec1(raw),
        KeyType::Ed25519 => from_notary_ed25519(raw),
        KeyType::Rsa | KeyType::RsaX509 => from_pkcs1(raw),
        KeyType::Unknown(name) => Err(Unsupported::Algorithm(name.clone()).into()),
    }
}

/// Reads a SEC 1 `ECPrivateKey` that names its curve; bytes behind it are ignored.
pub(super) fn from_sec1(der: &[u8]) -> Result<PrivateKey, OpenError> {
    from_ec(der, None)
}

/// Reads a PKCS#1 `RSAPrivateKey`; bytes behind it are ignored.
pub(super) fn from_pkcs1(der: &[u8]) -> Result<PrivateKey, OpenError> {
    let key: RsaPrivateKey<'_> = asn1::first(der)
        .map_err(|_| OpenError::Malformed("it is not an RSA key with two primes"))?;
    PrivateKey::from_rsa(&key)
}

/// Reads the blob `public ‖ seed ‖ public` of §2.4.
pub(super) fn from_notary_ed25519(blob: &[u8]) -> Result<PrivateKey, OpenError> {
    let malformed = OpenError::Malformed("it is not Notary's form of an Ed25519 key");
    let ([public, seed, again], []) = blob.as_chunks::<32>() else { return Err(malformed) };
    let key = PrivateKey::from_ed25519_seed(seed)?;
    let fits = public == again && key.public_key().bytes() == public;
    if fits { Ok(key) } else { Err(malformed) }
}

/// Reads the octets of RFC 8410, which Go's Notary cannot.
fn from_rfc8410(der: &[u8]) -> Result<PrivateKey, OpenError> {
    let seed = asn1::first::<&OctetStringRef>(der).ok();
    let seed = seed.and_then(|seed| <&[u8; 32]>::try_from(seed.as_bytes()).ok());
    PrivateKey::from_ed25519_seed(seed.ok_or(OpenError::Malformed("it is not an Ed25519 key"))?)
}

/// Reads an `ECPrivateKey`. A container that names the curve is believed before the key itself.
fn from_ec(der: &[u8], container: Option<AnyRef<'_>>) -> Result<PrivateKey, OpenError> {
    let key: EcPrivateKey<'_> =
        asn1::first(der).map_err(|_| OpenError::Malformed("it is not an elliptic curve key"))?;
    let named = |parameters: AnyRef<'_>| parameters.decode_as::<ObjectIdentifier>().ok();
    let curve = container.and_then(named).or_else(|| key.parameters.and_then(named));
    let curve = curve.ok_or(OpenError::Malformed("it does not name its elliptic curve"))?;
    let curve = asn1::curve(curve).map_err(Unsupported::Curve)?;
    PrivateKey::from_scalar(curve, key.private_key.as_bytes())
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;
    use crate::tuf::key::Curve;

    /// Puts a tag and a short length in front of the parts.
    fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let value = parts.concat();
        [&[tag, u8::try_from(value.len()).unwrap()], value.as_slice()].concat()
    }

    fn hex(text: &str) -> Vec<u8> {
        HEXLOWER.decode(text.as_bytes()).unwrap()
    }

    /// An elliptic curve key with optional names of the curve, in the container and in the key.
    fn ec(outer: Option<&str>, inner: Option<&str>, version: u8, trailer: &[u8]) -> Vec<u8> {
        let secret = tlv(0x04, &[&[7; 28]]);
        let inner = inner.map(|oid| tlv(0xa0, &[&hex(oid)])).unwrap_or_default();
        let sec1 = tlv(0x30, &[&[2, 1, 1], &secret, &inner]);
        let outer = outer.map(hex).unwrap_or_default();
        let algorithm = tlv(0x30, &[&hex("06072a8648ce3d0201"), &outer]);
        tlv(0x30, &[&[2, 1, version], &algorithm, &tlv(0x04, &[&sec1]), trailer])
    }

    const P224: &str = "06052b81040021";
    const P256: &str = "06082a8648ce3d030107";
    const P384: &str = "06052b81040022";
    const NULL: &str = "0500";

    #[test]
    fn every_kind_of_key_reads_what_it_writes() {
        let keys = [
            PrivateKey::from_scalar(Curve::P256, &[7; 28]).unwrap(),
            PrivateKey::from_scalar(Curve::P384, &[7; 28]).unwrap(),
            PrivateKey::from_scalar(Curve::P521, &[7; 28]).unwrap(),
            PrivateKey::from_ed25519_seed(&[7; 32]).unwrap(),
        ];
        for key in keys {
            let again = from_pkcs8(&key.to_pkcs8()).unwrap();
            assert_eq!(again.public_key(), key.public_key());
            assert_eq!(again.to_pkcs8(), key.to_pkcs8());
        }
    }

    #[test]
    fn containers_of_both_versions_with_trailers_are_read() {
        let id = PrivateKey::from_scalar(Curve::P256, &[7; 28]).unwrap().id().clone();
        let attributes = tlv(0xa0, &[&[0x30, 0]]);
        let public_key = tlv(0x81, &[&[0, 4, 5, 6]]);
        for version in [0, 1] {
            for trailer in
                [vec![], attributes.clone(), [attributes.as_slice(), &public_key].concat()]
            {
                let der = ec(Some(P256), Some(P256), version, &trailer);
                assert_eq!(*from_pkcs8(&der).unwrap().id(), id);
                assert_eq!(*from_pkcs8(&[der, vec![10; 10]].concat()).unwrap().id(), id);
            }
        }
        let der = ec(Some(P256), None, 2, &[]);
        assert_eq!(from_pkcs8(&der).unwrap_err(), Unsupported::Version(2).into());
    }

    #[test]
    fn the_curve_is_named_by_the_container_or_else_by_the_key() {
        let curve_of = |outer, inner| {
            from_pkcs8(&ec(outer, inner, 0, &[])).map(|key| Curve::of(key.public_key().bytes()))
        };
        assert_eq!(curve_of(Some(P256), None), Ok(Some(Curve::P256)));
        assert_eq!(curve_of(Some(P384), Some(P256)), Ok(Some(Curve::P384)));
        assert_eq!(curve_of(None, Some(P384)), Ok(Some(Curve::P384)));
        assert_eq!(curve_of(Some(NULL), Some(P384)), Ok(Some(Curve::P384)));
        let nameless = OpenError::Malformed("it does not name its elliptic curve");
        assert_eq!(curve_of(None, None), Err(nameless));
    }

    #[test]
    fn other_curves_and_algorithms_are_named() {
        let error = from_pkcs8(&ec(Some(P224), None, 0, &[])).unwrap_err();
        assert_eq!(error.to_string(), "the elliptic curve P-224 is not supported");
        let error = from_pkcs8(&ec(Some("06052b8104000a"), None, 0, &[])).unwrap_err();
        assert_eq!(error.to_string(), "the elliptic curve 1.3.132.0.10 is not supported");
        let x25519 = tlv(0x30, &[&hex("06032b656e")]);
        let der = tlv(0x30, &[&[2, 1, 0], &x25519, &[4, 0]]);
        let error = from_pkcs8(&der).unwrap_err();
        let text = "a private key of the algorithm 1.3.101.110 is not supported";
        assert_eq!(error.to_string(), text);
    }

    #[test]
    fn both_forms_of_ed25519_are_the_same_key() {
        let notary = PrivateKey::from_ed25519_seed(&[7; 32]).unwrap();
        let algorithm = tlv(0x30, &[&hex("06032b6570")]);
        let octets = tlv(0x04, &[&tlv(0x04, &[&[7; 32]])]);
        let standard = from_pkcs8(&tlv(0x30, &[&[2, 1, 0], &algorithm, &octets])).unwrap();
        assert_eq!(standard.id(), notary.id());
        assert_eq!(standard.to_pkcs8(), notary.to_pkcs8());
    }

    #[test]
    fn rsa_keys_have_two_primes_whose_numbers_fit() {
        let numbers = tlv(0x02, &[&[3]]).repeat(8);
        let third = tlv(0x30, &[]);
        let error = from_pkcs1(&tlv(0x30, &[&[2, 1, 1], &numbers, &third])).unwrap_err();
        assert_eq!(error, OpenError::Malformed("it is not an RSA key with two primes"));
        // A key that is too short is not looked at any further: it will never sign.
        assert!(from_pkcs1(&tlv(0x30, &[&[2, 1, 0], &numbers])).is_ok());
        let large = [&[0x02, 0x82, 1, 1, 0], [0xff; 256].as_slice()].concat();
        let numbers = [large.as_slice(), &tlv(0x02, &[&[3]]).repeat(7)].concat();
        let key = [&[0x30, 0x82, 1, 29, 2, 1, 0], numbers.as_slice()].concat();
        let error = from_pkcs1(&key).unwrap_err();
        assert_eq!(error, OpenError::Malformed("its RSA numbers do not fit"));
    }

    #[test]
    fn ed25519_blobs_must_fit_together() {
        let public = PrivateKey::from_ed25519_seed(&[7; 32]).unwrap().public_key().bytes().to_vec();
        let blob = [&public, [7; 32].as_slice(), &public].concat();
        assert!(from_notary_ed25519(&blob).is_ok());
        for position in [0, 40, 95] {
            let mut broken = blob.clone();
            broken[position] ^= 1;
            assert!(from_notary_ed25519(&broken).is_err(), "{position}");
        }
        for broken in [&[][..], &blob[..64], &blob[..95], &[blob.as_slice(), &[0]].concat()] {
            assert!(from_notary_ed25519(broken).is_err());
        }
    }

    #[test]
    fn no_shortened_or_altered_key_makes_the_reader_panic() {
        let good = PrivateKey::from_scalar(Curve::P256, &[7; 28]).unwrap().to_pkcs8();
        for length in 0..good.len() {
            assert!(from_pkcs8(&good[..length]).is_err());
        }
        for position in 0..good.len() {
            for bit in 0..8 {
                let mut altered = good.to_vec();
                altered[position] ^= 1 << bit;
                let _ = from_pkcs8(&altered);
                let _ = from_sec1(&altered);
                let _ = from_pkcs1(&altered);
            }
        }
    }
}
