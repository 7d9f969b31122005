//! What is on a token: finding keys by their public halves.
//!
//! Private keys hide until somebody logs in, and an elliptic curve key never tells its public half.
//! So keys are known by the public key objects and certificates that most tokens show to everybody;
//! `CKA_ID` ties the objects of one key together. Once somebody has logged in, only keys count whose
//! private half is there.

use cryptoki::error::Result as Pkcs11Result;
use cryptoki::object::{Attribute, AttributeType, KeyType as Kind, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use der::Decode as _;
use der::asn1::{ObjectIdentifier, OctetStringRef};

use crate::keys::private::wrong_size;
use crate::keys::{asn1, belongs_to_one_gun};
use crate::tuf::algorithm::Algorithm;
use crate::tuf::key::{Curve, KeyId, KeyType, PublicKey};
use crate::tuf::role::Gun;
use crate::tuf::x509::Certificate;

/// The most objects of one class that are looked at.
const MAX_OBJECTS: usize = 1000;

/// How labels of keys begin that this program makes.
const LABEL: &str = "notary:";

/// A key on a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TokenKeyInfo {
    /// The collection it belongs to, for a targets, snapshot or timestamp key.
    pub gun: Option<String>,
    /// The canonical id.
    pub id: KeyId,
    /// The label of the key.
    pub label: String,
    /// The public half.
    pub public: PublicKey,
    /// The role it was made for; empty for keys that others made.
    pub role: String,
    /// The URI of the token.
    pub token: String,
    pub(super) name: Name,
}

/// A key on a token that Notary cannot use.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SkippedKey {
    /// The label of the key.
    pub label: String,
    /// What is wrong with it.
    pub reason: String,
}

/// What the objects of one key have in common: `CKA_ID`, or the label where that is empty.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Name {
    cka_id: Vec<u8>,
    label: Vec<u8>,
}

impl Name {
    fn is_same(&self, other: &Self) -> bool {
        match (self.cka_id.is_empty(), other.cka_id.is_empty()) {
            (true, true) => self.label == other.label,
            _ => self.cka_id == other.cka_id,
        }
    }

    fn attribute(&self) -> Attribute {
        match self.cka_id.is_empty() {
            true => Attribute::Label(self.label.clone()),
            false => Attribute::Id(self.cka_id.clone()),
        }
    }
}

/// The keys of a token, as far as they can be seen.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub keys: Vec<TokenKeyInfo>,
    pub skipped: Vec<SkippedKey>,
}

/// The label of a new key.
pub(super) fn label_of(role: &str, gun: Option<&Gun>) -> String {
    match gun {
        Some(gun) => format!("{LABEL}{role}:{gun}"),
        None => format!("{LABEL}{role}"),
    }
}

/// The role and the collection in a label.
fn parse_label(label: &str) -> (String, Option<String>) {
    let rest = label.strip_prefix(LABEL).unwrap_or_default();
    match rest.split_once(':') {
        Some((role, gun)) if belongs_to_one_gun(role) => (role.to_owned(), Some(gun.to_owned())),
        _ => (rest.to_owned(), None),
    }
}

/// Finds the keys that can be seen; when somebody is `logged_in`, exactly those that are there.
/// `token` is the URI of the token.
pub(super) fn list(session: &Session, token: &str, logged_in: bool) -> Pkcs11Result<Listing> {
    let privates = objects(session, ObjectClass::PRIVATE_KEY)?;
    let mut halves = Vec::new();
    for object in objects(session, ObjectClass::PUBLIC_KEY)? {
        halves.push((object.public_key(), object));
    }
    for object in objects(session, ObjectClass::CERTIFICATE)? {
        // Certificates of others have keys of kinds that are nobody's concern.
        if let Some(key) = object.certified_key() {
            halves.push((Ok(key), object));
        }
    }
    for object in &privates {
        // Some kinds of keys tell their public half even so.
        if !halves.iter().any(|(_, half)| half.name.is_same(&object.name)) {
            halves.push((object.public_key(), object.clone()));
        }
    }
    let mut listing = Listing::default();
    for (half, object) in halves {
        if logged_in && !privates.iter().any(|key| key.name.is_same(&object.name)) {
            continue;
        }
        let label = String::from_utf8_lossy(&object.name.label).into_owned();
        match half {
            Ok(public) => listing.add(token, public, label, object.name),
            Err(reason) => listing.skipped.push(SkippedKey { label, reason }),
        }
    }
    Ok(listing)
}

impl Listing {
    fn add(&mut self, token: &str, public: PublicKey, label: String, name: Name) {
        let problem = match Algorithm::of(&public) {
            Some(Algorithm::Rsa(bits)) => wrong_size(bits),
            _ if public.is_usable() => None,
            _ => Some("its public half is invalid".to_owned()),
        };
        if let Some(reason) = problem {
            self.skipped.push(SkippedKey { label, reason });
            return;
        }
        let id = public.id();
        // A certificate beside the public key says nothing new, except perhaps the label.
        if self.keys.iter().any(|key| key.id == id) {
            return;
        }
        let (role, gun) = parse_label(&label);
        let token = token.to_owned();
        self.keys.push(TokenKeyInfo { gun, id, label, public, role, token, name });
    }
}

/// The private half of a key.
pub(super) fn private_half(
    session: &Session,
    key: &TokenKeyInfo,
) -> Pkcs11Result<Option<ObjectHandle>> {
    let template = [Attribute::Class(ObjectClass::PRIVATE_KEY), key.name.attribute()];
    let mut found = session.iter_objects(&template)?;
    found.next().transpose()
}

/// All objects of a key, the private one first.
pub(super) fn all_of(session: &Session, key: &TokenKeyInfo) -> Pkcs11Result<Vec<ObjectHandle>> {
    let mut found = Vec::new();
    for class in [ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY, ObjectClass::CERTIFICATE] {
        let template = [Attribute::Class(class), key.name.attribute()];
        let handles: Pkcs11Result<Vec<_>> =
            session.iter_objects(&template)?.take(MAX_OBJECTS).collect();
        found.extend(handles?);
    }
    Ok(found)
}

/// The public half of a key pair that was just made.
pub(super) fn public_half(session: &Session, handle: ObjectHandle) -> Result<PublicKey, String> {
    read(session, handle, KEY_ATTRIBUTES).public_key()
}

/// What an object says about itself.
#[derive(Clone, Debug)]
struct Object {
    attributes: Vec<Attribute>,
    name: Name,
}

const KEY_ATTRIBUTES: &[AttributeType] = &[
    AttributeType::Id,
    AttributeType::Label,
    AttributeType::KeyType,
    AttributeType::EcParams,
    AttributeType::EcPoint,
    AttributeType::Modulus,
    AttributeType::PublicExponent,
    AttributeType::PublicKeyInfo,
];

const CERTIFICATE_ATTRIBUTES: &[AttributeType] =
    &[AttributeType::Id, AttributeType::Label, AttributeType::Value];

fn objects(session: &Session, class: ObjectClass) -> Pkcs11Result<Vec<Object>> {
    let attributes = match class {
        ObjectClass::CERTIFICATE => CERTIFICATE_ATTRIBUTES,
        _ => KEY_ATTRIBUTES,
    };
    let template = [Attribute::Class(class)];
    let handles: Pkcs11Result<Vec<_>> =
        session.iter_objects(&template)?.take(MAX_OBJECTS).collect();
    Ok(handles?.into_iter().map(|handle| read(session, handle, attributes)).collect())
}

/// Values are asked for one by one: tokens differ in what they know, and in what becomes of the
/// others when one is missing.
fn read(session: &Session, handle: ObjectHandle, kinds: &[AttributeType]) -> Object {
    let mut object = Object { attributes: Vec::new(), name: Name::default() };
    for kind in kinds {
        match session.get_attributes(handle, &[*kind]) {
            Ok(found) => object.attributes.extend(found),
            Err(error) => tracing::debug!(%error, ?kind, "the token does not tell an attribute"),
        }
    }
    for attribute in &object.attributes {
        match attribute {
            Attribute::Id(id) => object.name.cka_id.clone_from(id),
            Attribute::Label(label) => object.name.label.clone_from(label),
            _ => {}
        }
    }
    object
}

impl Object {
    /// Looks for one attribute that has a value.
    fn find<'a>(
        &'a self,
        wanted: impl Fn(&'a Attribute) -> Option<&'a Vec<u8>>,
    ) -> Option<&'a [u8]> {
        let mut found = self.attributes.iter().filter_map(wanted).filter(|value| !value.is_empty());
        found.next().map(Vec::as_slice)
    }

    fn certified_key(&self) -> Option<PublicKey> {
        let der = self.find(|attribute| match attribute {
            Attribute::Value(value) => Some(value),
            _ => None,
        })?;
        Some(Certificate::from_der(der)?.public_key().clone()).filter(PublicKey::is_usable)
    }

    /// The public half of a key object, or why there is none.
    fn public_key(&self) -> Result<PublicKey, String> {
        let kind = self.attributes.iter().find_map(|attribute| match attribute {
            Attribute::KeyType(kind) => Some(*kind),
            _ => None,
        });
        let public = match kind {
            Some(Kind::EC) => self.ec_key(),
            Some(Kind::RSA) => self.rsa_key(),
            _ => Err("it is neither an elliptic curve key nor RSA".to_owned()),
        };
        public.or_else(|reason| self.described_key().ok_or(reason))
    }

    fn ec_key(&self) -> Result<PublicKey, String> {
        let parameters = self.find(|attribute| match attribute {
            Attribute::EcParams(value) => Some(value),
            _ => None,
        });
        let point = self.find(|attribute| match attribute {
            Attribute::EcPoint(value) => Some(value),
            _ => None,
        });
        let (parameters, point) = parameters.zip(point).ok_or("its public half is not there")?;
        let oid = ObjectIdentifier::from_der(parameters).map_err(|_| "its curve has no name")?;
        let curve = asn1::curve(oid).map_err(|other| format!("its curve is {other}"))?;
        // Some tokens leave the OCTET STRING away that should be around it. One point in 256 looks as
        // if it had one.
        let point = match point.len() == 1 + 2 * width(curve) {
            true => point,
            false => <&OctetStringRef>::from_der(point).map_or(point, OctetStringRef::as_bytes),
        };
        if point.len() > 1 + 2 * width(curve) {
            return Err("its public half is invalid".to_owned());
        }
        Ok(PublicKey::new(KeyType::Ecdsa, asn1::ec_public_key(curve, point)))
    }

    fn rsa_key(&self) -> Result<PublicKey, String> {
        let modulus = self.find(|attribute| match attribute {
            Attribute::Modulus(value) => Some(value),
            _ => None,
        });
        let exponent = self.find(|attribute| match attribute {
            Attribute::PublicExponent(value) => Some(value),
            _ => None,
        });
        let (modulus, exponent) = modulus.zip(exponent).ok_or("its public half is not there")?;
        let spki = asn1::rsa_public_key_of(modulus, exponent).ok_or("its numbers are too large")?;
        Ok(PublicKey::new(KeyType::Rsa, spki))
    }

    /// The public half as newer tokens write it down beside the private one.
    fn described_key(&self) -> Option<PublicKey> {
        let spki = self.find(|attribute| match attribute {
            Attribute::PublicKeyInfo(value) => Some(value),
            _ => None,
        })?;
        let spki = asn1::ec_public_key(Curve::of(spki)?, &asn1::subject_public_key(spki)?);
        Some(PublicKey::new(KeyType::Ecdsa, spki))
    }
}

/// The bytes of a coordinate.
pub(super) fn width(curve: Curve) -> usize {
    match curve {
        Curve::P256 => 32,
        Curve::P384 => 48,
        Curve::P521 => 66,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_tell_role_and_collection() {
        let gun = Gun::parse("host:5000/app").unwrap();
        for (role, gun) in
            [("root", None), ("targets", Some(&gun)), ("targets", None), ("a:b", None)]
        {
            let label = label_of(role, gun);
            assert_eq!(parse_label(&label), (role.to_owned(), gun.map(Gun::to_string)), "{label}");
        }
        for label in ["", "notary", "my key", "SIGN key:x", "Notary:root"] {
            assert_eq!(parse_label(label), (String::new(), None), "{label}");
        }
    }

    #[test]
    fn objects_without_an_id_belong_together_by_their_label() {
        let name = |id: &[u8], label: &[u8]| Name { cka_id: id.to_vec(), label: label.to_vec() };
        assert!(name(&[1], b"a").is_same(&name(&[1], b"b")));
        assert!(!name(&[1], b"a").is_same(&name(&[2], b"a")));
        assert!(!name(&[1], b"a").is_same(&name(&[], b"a")));
        assert!(name(&[], b"a").is_same(&name(&[], b"a")));
        assert!(!name(&[], b"a").is_same(&name(&[], b"b")));
    }

    fn ec(parameters: &[u8], point: &[u8]) -> Result<PublicKey, String> {
        let attributes = vec![
            Attribute::KeyType(Kind::EC),
            Attribute::EcParams(parameters.to_vec()),
            Attribute::EcPoint(point.to_vec()),
        ];
        Object { attributes, name: Name::default() }.public_key()
    }

    #[test]
    fn points_are_read_with_and_without_their_wrapping() {
        let key = crate::keys::PrivateKey::generate_ecdsa_p256();
        let point = asn1::subject_public_key(key.public_key().bytes()).unwrap();
        let p256 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
        let wrapped = [&[0x04, 0x41], point.as_slice()].concat();
        assert_eq!(ec(&p256, &point).as_ref(), Ok(key.public_key()));
        assert_eq!(ec(&p256, &wrapped).as_ref(), Ok(key.public_key()));
        let p224 = [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x21];
        assert_eq!(ec(&p224, &wrapped), Err("its curve is P-224".to_owned()));
        assert_eq!(ec(&p256, &[]), Err("its public half is not there".to_owned()));
        assert_eq!(ec(&p256, &[4; 99]), Err("its public half is invalid".to_owned()));
        assert_eq!(ec(&[0x30, 0x00], &point), Err("its curve has no name".to_owned()));
    }
}
