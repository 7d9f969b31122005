//! The DER structures of private and public keys.
//!
//! Writing produces Go's exact bytes (`formats.md` §2.3); they are encrypted, so nobody compares
//! them, but a program that reads the one form is known to read ours. Reading passes over whatever
//! follows a structure, as Go does.

use der::asn1::{AnyRef, BitStringRef, Null, ObjectIdentifier, OctetStringRef, UintRef};
use der::{Decode, Encode, Reader, Sequence, SliceReader};
use pkcs5::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use crate::tuf::key::Curve;

/// `id-ecPublicKey`; the parameters name the curve.
pub(super) const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// The private arc under which Go's Notary stores Ed25519 keys, with a blob of its own.
pub(super) const NOTARY_ED25519: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11591.15.1");
/// Ed25519 as in RFC 8410.
pub(super) const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// `rsaEncryption`.
pub(super) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

const P224: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.33");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

/// Why lengths never overflow: everything that is encoded here came out of a small file.
const SMALL: &str = "keys are far smaller than DER's limit";

/// Decodes the structure at the start of `bytes`; what follows it, such as padding, is dropped.
pub(super) fn first<'a, T: Decode<'a, Error = der::Error>>(bytes: &'a [u8]) -> der::Result<T> {
    T::decode(&mut SliceReader::new(bytes)?)
}

/// The curve of an object identifier, or how to call one that is not supported.
pub(super) fn curve(oid: ObjectIdentifier) -> Result<Curve, String> {
    match oid {
        P224 => Err("P-224".to_owned()),
        P256 => Ok(Curve::P256),
        P384 => Ok(Curve::P384),
        P521 => Ok(Curve::P521),
        other => Err(other.to_string()),
    }
}

fn curve_oid(curve: Curve) -> ObjectIdentifier {
    match curve {
        Curve::P256 => P256,
        Curve::P384 => P384,
        Curve::P521 => P521,
    }
}

/// The parameters of an elliptic curve key: the name of the curve.
pub(super) fn named_curve(curve: Curve) -> Vec<u8> {
    encode(&curve_oid(curve)).to_vec()
}

/// PKCS#8 `PrivateKeyInfo`, also known as `OneAsymmetricKey`.
#[derive(Sequence)]
pub(super) struct PrivateKeyInfo<'a> {
    pub version: u8,
    pub algorithm: AlgorithmIdentifierRef<'a>,
    pub private_key: &'a OctetStringRef,
}

impl<'a> PrivateKeyInfo<'a> {
    /// Decodes the structure at the start of `bytes`.
    pub(super) fn read(bytes: &'a [u8]) -> der::Result<Self> {
        SliceReader::new(bytes)?.sequence(|reader| {
            let version = reader.decode()?;
            let algorithm = reader.decode()?;
            let private_key = reader.decode()?;
            // Attributes and a copy of the public key may follow; they change nothing.
            reader.drain(reader.remaining_len())?;
            Ok(Self { version, algorithm, private_key })
        })
    }
}

/// SEC 1 `ECPrivateKey`.
#[derive(Sequence)]
pub(super) struct EcPrivateKey<'a> {
    pub version: u8,
    pub private_key: &'a OctetStringRef,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub parameters: Option<AnyRef<'a>>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub public_key: Option<BitStringRef<'a>>,
}

/// PKCS#1 `RSAPrivateKey` with two primes.
#[derive(Sequence)]
pub(super) struct RsaPrivateKey<'a> {
    pub version: u8,
    pub modulus: UintRef<'a>,
    pub public_exponent: UintRef<'a>,
    pub private_exponent: UintRef<'a>,
    pub prime1: UintRef<'a>,
    pub prime2: UintRef<'a>,
    pub exponent1: UintRef<'a>,
    pub exponent2: UintRef<'a>,
    pub coefficient: UintRef<'a>,
}

/// PKCS#1 `RSAPublicKey`.
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    public_exponent: UintRef<'a>,
}

/// `ECDSA-Sig-Value`.
#[derive(Sequence)]
struct EcdsaSignature<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// A PKIX public key, in the form of Go's `x509.MarshalPKIXPublicKey`.
#[derive(Sequence)]
struct SubjectPublicKeyInfo<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    public_key: BitStringRef<'a>,
}

/// A `PrivateKeyInfo` of an elliptic curve key: version 1, as Go writes it.
pub(super) fn ec_private_key_info(curve: Curve, sec1: &[u8]) -> Zeroizing<Vec<u8>> {
    let oid = curve_oid(curve);
    let algorithm = AlgorithmIdentifierRef { oid: EC, parameters: Some(AnyRef::from(&oid)) };
    private_key_info(1, algorithm, sec1)
}

/// A `PrivateKeyInfo` of any other key: version 0, and without the customary NULL, as Go writes it.
pub(super) fn other_private_key_info(oid: ObjectIdentifier, key: &[u8]) -> Zeroizing<Vec<u8>> {
    private_key_info(0, AlgorithmIdentifierRef { oid, parameters: None }, key)
}

fn private_key_info(
    version: u8,
    algorithm: AlgorithmIdentifierRef<'_>,
    key: &[u8],
) -> Zeroizing<Vec<u8>> {
    let private_key = OctetStringRef::new(key).expect(SMALL);
    encode(&PrivateKeyInfo { version, algorithm, private_key })
}

/// An `ECPrivateKey` with the curve and, once it is known, the point of the public key.
pub(super) fn ec_private_key(
    curve: Curve,
    scalar: &[u8],
    point: Option<&[u8]>,
) -> Zeroizing<Vec<u8>> {
    let oid = curve_oid(curve);
    encode(&EcPrivateKey {
        version: 1,
        private_key: OctetStringRef::new(scalar).expect(SMALL),
        parameters: Some(AnyRef::from(&oid)),
        public_key: point.map(|point| BitStringRef::from_bytes(point).expect(SMALL)),
    })
}

/// The PKIX form of an elliptic curve key.
pub(super) fn ec_public_key(curve: Curve, point: &[u8]) -> Vec<u8> {
    let oid = curve_oid(curve);
    let algorithm = AlgorithmIdentifierRef { oid: EC, parameters: Some(AnyRef::from(&oid)) };
    let public_key = BitStringRef::from_bytes(point).expect(SMALL);
    encode(&SubjectPublicKeyInfo { algorithm, public_key }).to_vec()
}

/// The PKIX form of an Ed25519 key (RFC 8410), which metadata has as bare bytes.
pub(super) fn ed25519_public_key(bytes: &[u8]) -> Vec<u8> {
    let algorithm = AlgorithmIdentifierRef { oid: ED25519, parameters: None };
    let public_key = BitStringRef::from_bytes(bytes).expect(SMALL);
    encode(&SubjectPublicKeyInfo { algorithm, public_key }).to_vec()
}

/// The PKIX form of the public half of an RSA key.
pub(super) fn rsa_public_key(key: &RsaPrivateKey<'_>) -> Vec<u8> {
    pkix_rsa(&RsaPublicKey { modulus: key.modulus, public_exponent: key.public_exponent })
}

/// The PKIX form of an RSA key with these big-endian numbers; `None` when they are absurdly large.
pub(super) fn rsa_public_key_of(modulus: &[u8], public_exponent: &[u8]) -> Option<Vec<u8>> {
    const MAX_BYTES: usize = 4096;
    if modulus.len().max(public_exponent.len()) > MAX_BYTES {
        return None;
    }
    let number = |bytes| UintRef::new(bytes).expect(SMALL);
    let (modulus, public_exponent) = (number(modulus), number(public_exponent));
    Some(pkix_rsa(&RsaPublicKey { modulus, public_exponent }))
}

fn pkix_rsa(key: &RsaPublicKey<'_>) -> Vec<u8> {
    let algorithm = AlgorithmIdentifierRef { oid: RSA, parameters: Some(Null.into()) };
    let key = encode(key);
    let public_key = BitStringRef::from_bytes(&key).expect(SMALL);
    encode(&SubjectPublicKeyInfo { algorithm, public_key }).to_vec()
}

/// The key inside a PKIX public key: a point, or an `RSAPublicKey`.
pub(super) fn subject_public_key(spki: &[u8]) -> Option<Vec<u8>> {
    let spki = SubjectPublicKeyInfo::from_der(spki).ok()?;
    spki.public_key.as_bytes().map(<[u8]>::to_vec)
}

/// The algorithm of a PKIX public key, and the object identifier that its parameters may be.
pub(super) fn public_key_algorithm(
    spki: &[u8],
) -> Option<(ObjectIdentifier, Option<ObjectIdentifier>)> {
    let algorithm = SubjectPublicKeyInfo::from_der(spki).ok()?.algorithm;
    Some((algorithm.oid, algorithm.parameters_oid().ok()))
}

/// The PKIX form of an `RSAPublicKey`, encoded anew.
pub(super) fn rsa_public_key_again(key: &[u8]) -> Option<Vec<u8>> {
    RsaPublicKey::from_der(key).ok().map(|key| pkix_rsa(&key))
}

/// The DER form of an ECDSA signature `r‖s`.
pub(super) fn ecdsa_signature(raw: &[u8]) -> Vec<u8> {
    let (r, s) = raw.split_at(raw.len() / 2);
    let (r, s) = (UintRef::new(r).expect(SMALL), UintRef::new(s).expect(SMALL));
    encode(&EcdsaSignature { r, s }).to_vec()
}

/// Encodes a structure into a buffer that is wiped.
pub(super) fn encode(value: &impl Encode) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(value.to_der().expect(SMALL))
}
