//! Who may do what: everybody, users of a password file, or whoever shows a token of a token server
//! (`formats.md` §8.4).
//!
//! A token counts when a certificate of the bundle, or one that comes from it, has signed it, when
//! it is of the right issuer and for this service, valid now, and allows the actions on the
//! collection that the request needs. The key is named in the token's header by `x5c`, `jwk` or
//! `kid`; whatever is said there, only keys that the bundle vouches for are tried.

use std::collections::BTreeMap;

use aws_lc_rs::digest;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method};
use data_encoding::{BASE32_NOPAD, BASE64};
use jsonwebtoken::{DecodingKey, Header, Validation, decode, decode_header};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::OffsetDateTime;

use super::route::Resource;
use crate::server::memo::Memo;
use crate::tuf::key::{KeyType, PublicKey};
use crate::tuf::pem::Block;
use crate::tuf::pin;
use crate::tuf::role::Gun;
use crate::tuf::x509::{self, Bundle, Certificate};

/// How far clocks may differ, in seconds.
const LEEWAY: u64 = 60;
/// The most bytes of a token or a login.
const MAX_CREDENTIALS: usize = 64 << 10;
/// Logins that were checked and are remembered.
const MAX_REMEMBERED: usize = 10_000;
/// A bcrypt hash that no password has, to take the same time for users who do not exist.
const NOBODY: &str = "$2b$10$abcdefghijklmnopqrstuu0000000000000000000000000000000";

/// How requests are let in.
pub enum Auth {
    /// Everybody may do everything.
    Nobody,
    /// Users with passwords may do everything.
    Passwords(Passwords),
    /// Tokens say what their bearers may do.
    Tokens(Tokens),
}

/// Why logins cannot be checked.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum AuthError {
    /// A line of a password file.
    #[error("line {0} is not of the form USER:HASH with a bcrypt hash")]
    Line(usize),
    /// A bundle of certificates.
    #[error("there is no certificate in it that can be used")]
    NoCertificate,
}

/// Something that a client may be allowed to do.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub struct Access {
    /// `repository` or `registry`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The collection, or `catalog`.
    pub name: String,
    /// `pull`, `push` and so on.
    pub actions: Vec<String>,
}

impl Access {
    /// What a request needs; `None` if everybody may make it.
    pub fn needed(method: &Method, resource: Option<&Resource>) -> Option<Self> {
        let repository = |gun: &Gun, actions: &[&str]| Self {
            kind: "repository".to_owned(),
            name: gun.to_string(),
            actions: actions.iter().map(|&action| action.to_owned()).collect(),
        };
        Some(match resource {
            Some(Resource::Health | Resource::Metrics) => return None,
            Some(Resource::File(gun, ..) | Resource::Changes(Some(gun))) => {
                repository(gun, &["pull"])
            }
            Some(Resource::Collection(gun)) if *method == Method::DELETE => repository(gun, &["*"]),
            Some(Resource::Key(gun, _)) if *method == Method::POST => repository(gun, &["*"]),
            Some(Resource::Collection(gun) | Resource::Key(gun, _)) => {
                repository(gun, &["push", "pull"])
            }
            Some(Resource::Ping | Resource::Changes(None)) | None => Self {
                kind: "registry".to_owned(),
                name: "catalog".to_owned(),
                actions: vec!["*".to_owned()],
            },
        })
    }

    fn scope(&self) -> String {
        format!("{}:{}:{}", self.kind, self.name, self.actions.join(","))
    }

    /// Whether `granted` covers all of it. As in Go, `*` stands for all actions.
    fn is_covered(&self, granted: &[Self]) -> bool {
        let same = granted.iter().filter(|one| one.kind == self.kind && one.name == self.name);
        let actions: Vec<&String> = same.flat_map(|one| &one.actions).collect();
        let is_granted =
            |needed: &String| actions.iter().any(|&granted| granted == needed || granted == "*");
        self.actions.iter().all(is_granted)
    }
}

/// A request that is not let in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Denied {
    /// The value of `WWW-Authenticate`.
    pub challenge: String,
    /// What the request needs.
    pub needed: Access,
}

impl Auth {
    /// Whether anybody at all is kept out.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Nobody)
    }

    /// Lets a request in, or not. Checking a password takes its time.
    pub fn check(
        &self,
        headers: &HeaderMap,
        needed: Option<Access>,
        now: OffsetDateTime,
    ) -> Result<(), Denied> {
        let Some(needed) = needed else { return Ok(()) };
        match self {
            Self::Nobody => Ok(()),
            Self::Passwords(passwords) => match credentials(headers, "Basic") {
                Some(login) if passwords.accept(login) => Ok(()),
                _ => {
                    let challenge = format!("Basic realm=\"{}\"", quoted(&passwords.realm));
                    Err(Denied { challenge, needed })
                }
            },
            Self::Tokens(tokens) => tokens.check(headers, needed, now),
        }
    }
}

/// What a client shows, if it is of this scheme.
fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (found, credentials) = value.split_once(' ')?;
    let is_fit = found.eq_ignore_ascii_case(scheme) && credentials.len() <= MAX_CREDENTIALS;
    is_fit.then(|| credentials.trim())
}

/// Text for a quoted string of a header.
fn quoted(text: &str) -> String {
    let visible = text.chars().filter(|c| c.is_ascii() && !c.is_ascii_control());
    visible.flat_map(|c| (matches!(c, '"' | '\\')).then_some('\\').into_iter().chain([c])).collect()
}

/// Users and their passwords.
pub struct Passwords {
    realm: String,
    /// Hashes of logins that were right, so that bcrypt is not run for every request.
    remembered: Memo<[u8; 32], ()>,
    users: BTreeMap<String, String>,
}

impl Passwords {
    /// Reads lines of `USER:HASH` as `htpasswd -B` writes them.
    pub fn parse(realm: String, text: &str) -> Result<Self, AuthError> {
        let mut users = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (user, hash) = line.split_once(':').ok_or(AuthError::Line(index + 1))?;
            let is_bcrypt = ["$2a$", "$2b$", "$2y$"].iter().any(|form| hash.starts_with(form));
            if user.is_empty() || !is_bcrypt || hash.len() != NOBODY.len() {
                return Err(AuthError::Line(index + 1));
            }
            users.insert(user.to_owned(), hash.to_owned());
        }
        Ok(Self { realm, remembered: Memo::new(MAX_REMEMBERED), users })
    }

    fn accept(&self, login: &str) -> bool {
        let digest = digest::digest(&digest::SHA256, login.as_bytes());
        let Ok(known): Result<[u8; 32], _> = digest.as_ref().try_into() else { return false };
        if self.remembered.get(&known).is_some() {
            return true;
        }
        let Some((user, password)) = BASE64
            .decode(login.as_bytes())
            .ok()
            .and_then(|login| String::from_utf8(login).ok())
            .and_then(|login| login.split_once(':').map(|(u, p)| (u.to_owned(), p.to_owned())))
        else {
            return false;
        };
        let hash = self.users.get(&user).map_or(NOBODY, String::as_str);
        let is_right = bcrypt::verify(zeroize::Zeroizing::new(password).as_bytes(), hash);
        let is_right = is_right.unwrap_or(false) && self.users.contains_key(&user);
        if is_right {
            self.remembered.insert(known, ());
        }
        is_right
    }
}

/// Whose tokens count, and for what.
pub struct Tokens {
    authorities: Vec<Vec<u8>>,
    certificates: Vec<Certificate>,
    issuer: String,
    realm: String,
    service: String,
}

#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    access: Vec<Access>,
}

impl Tokens {
    /// Trusts the certificates in `bundle`, and those that come from them, to sign tokens.
    pub fn new(
        realm: String,
        service: String,
        issuer: String,
        bundle: &[u8],
    ) -> Result<Self, AuthError> {
        let certificates = x509::certificates(bundle).ok_or(AuthError::NoCertificate)?;
        let authorities = certificates.iter().filter(|certificate| certificate.is_ca());
        let authorities = authorities.map(|one| one.der().to_vec()).collect();
        Ok(Self { authorities, certificates, issuer, realm, service })
    }

    fn check(
        &self,
        headers: &HeaderMap,
        needed: Access,
        now: OffsetDateTime,
    ) -> Result<(), Denied> {
        let fault = match credentials(headers, "Bearer") {
            None => "",
            Some(token) => match self.verify(token, now) {
                Some(granted) if needed.is_covered(&granted) => return Ok(()),
                Some(_) => ",error=\"insufficient_scope\"",
                None => ",error=\"invalid_token\"",
            },
        };
        let challenge = format!(
            "Bearer realm=\"{}\",service=\"{}\",scope=\"{}\"{fault}",
            quoted(&self.realm),
            quoted(&self.service),
            quoted(&needed.scope())
        );
        Err(Denied { challenge, needed })
    }

    /// What a token allows; `None` when it does not count.
    fn verify(&self, token: &str, now: OffsetDateTime) -> Option<Vec<Access>> {
        let header = decode_header(token).ok()?;
        let mut validation = Validation::new(header.alg);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_audience(&[&self.service]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        let keys = self.keys(&header, now);
        let claims = keys
            .iter()
            .find_map(|key| decode::<Claims>(token, &decoding_key(key)?, &validation).ok())?;
        Some(claims.claims.access)
    }

    /// The keys that may have signed a token with this header.
    fn keys(&self, header: &Header, now: OffsetDateTime) -> Vec<PublicKey> {
        let of_jwk = header.jwk.as_ref().and_then(|jwk| jwk.common.x509_chain.as_ref());
        if let Some(chain) = header.x5c.as_ref().or(of_jwk) {
            return self.key_of_chain(chain, now).into_iter().collect();
        }
        let known =
            self.certificates.iter().filter(|certificate| certificate.check(Some(now)).is_ok());
        let keys = known.map(Certificate::public_key);
        let named = keys.filter(|key| header.kid.as_ref().is_none_or(|id| *id == libtrust_id(key)));
        named.cloned().collect()
    }

    /// The key of the first certificate in a chain, if the bundle vouches for it.
    fn key_of_chain(&self, chain: &[String], now: OffsetDateTime) -> Option<PublicKey> {
        let parse = |text: &String| Certificate::from_der(&BASE64.decode(text.as_bytes()).ok()?);
        let mut chain = chain.iter().map(parse).collect::<Option<Vec<_>>>()?.into_iter();
        let leaf = chain.next()?;
        leaf.check(Some(now)).ok()?;
        let key = leaf.public_key().clone();
        if self.certificates.contains(&leaf) {
            return Some(key);
        }
        let bundle = Bundle { leaf, intermediates: chain.collect() };
        pin::chains_to(&bundle, &self.authorities, now).then_some(key)
    }
}

fn decoding_key(key: &PublicKey) -> Option<DecodingKey> {
    let pem = Block::new("PUBLIC KEY", key.bytes().to_vec()).encode();
    match key.key_type() {
        KeyType::Ecdsa => DecodingKey::from_ec_pem(pem.as_bytes()).ok(),
        KeyType::Rsa => DecodingKey::from_rsa_pem(pem.as_bytes()).ok(),
        _ => None,
    }
}

/// The name that Docker's libraries give to a key: 240 bits of a hash in groups of four letters.
fn libtrust_id(key: &PublicKey) -> String {
    let digest = digest::digest(&digest::SHA256, key.bytes());
    let text = BASE32_NOPAD.encode(&digest.as_ref()[..30]);
    let groups = text.as_bytes().chunks(4).map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(":")
}
