//! Certificates of servers that are refused: which one, why, and who would have been trusted.
//!
//! What the verifiers say is short of all of that, so one of them is wrapped in [`Explained`], which
//! looks at the certificates once more when they are refused. It decides nothing.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, OtherError};
use rustls::{Error as TlsError, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use thiserror::Error;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

use super::TlsProblem;
use super::failure::shorten;

/// Names in a certificate that are shown; more are counted.
const MAX_NAMES: usize = 8;

/// Whose certificates are trusted.
#[derive(Clone, Debug)]
pub enum Authorities {
    /// Those in a file, and no others.
    File(PathBuf),
    /// Those of the operating system.
    System,
}

/// A refused certificate, in words.
#[derive(Debug, Error)]
#[error("{words}")]
pub struct Refused {
    /// What is wrong with it.
    pub problem: TlsProblem,
    words: String,
}

impl Refused {
    /// An authority that is trusted here, but not now.
    pub fn authority(authority: &CertificateDer<'_>, now: UnixTime) -> TlsError {
        let words = match Facts::of(authority) {
            Some(facts) => facts.untimely("an authority that is trusted here", now),
            None => "an authority that is trusted here is not valid now".to_owned(),
        };
        Self { problem: TlsProblem::Certificate, words }.into_error()
    }

    fn into_error(self) -> TlsError {
        TlsError::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(self))))
    }
}

/// A verifier that says more when it refuses.
#[derive(Debug)]
pub struct Explained<V> {
    /// The verifier.
    pub verifier: V,
    /// Whom it trusts.
    pub authorities: Authorities,
}

impl<V: ServerCertVerifier> Explained<V> {
    fn explain(
        &self,
        why: &CertificateError,
        chain: &[Facts],
        asked: &ServerName<'_>,
        now: UnixTime,
    ) -> Refused {
        let certificate = "the server's certificate";
        let refused = |problem, words| Refused { problem, words };
        let Some(leaf) = chain.first() else {
            return refused(TlsProblem::Certificate, format!("{certificate} cannot be read"));
        };
        let trusted = match &self.authorities {
            Authorities::File(path) => {
                format!("trusted are only the authorities in `{}`", path.display())
            }
            Authorities::System => "trusted are the authorities of this system".to_owned(),
        };
        let top = leaf.top(chain);
        match why {
            _ if is_own_authority(why) || top.is_self_signed() && is_unknown(why) => refused(
                TlsProblem::UnknownAuthority,
                match chain.len() {
                    1 => format!(
                        "{certificate} is its own authority, which is not trusted here: `{}`; \
                         {trusted}",
                        leaf.subject
                    ),
                    _ => format!(
                        "{certificate} is from an authority that is not trusted here: `{}` is from \
                         `{}`; {trusted}",
                        leaf.subject, top.subject
                    ),
                },
            ),
            CertificateError::UnknownIssuer => refused(
                TlsProblem::UnknownAuthority,
                format!(
                    "{certificate} is from an authority that is not trusted here: `{}` is from \
                     `{}`; {trusted}",
                    leaf.subject, top.issuer
                ),
            ),
            CertificateError::BadSignature => refused(
                TlsProblem::UnknownAuthority,
                format!(
                    "{certificate} is from a namesake of an authority that is trusted here: `{}` \
                     is from `{}`; {trusted}",
                    leaf.subject, top.issuer
                ),
            ),
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => {
                let untimely = chain.iter().position(|facts| !facts.is_valid(now)).unwrap_or(0);
                let what = match untimely {
                    0 => certificate.to_owned(),
                    _ => format!("an authority of {certificate}"),
                };
                refused(TlsProblem::Certificate, chain[untimely].untimely(&what, now))
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                let asked = asked.to_str();
                refused(
                    TlsProblem::Certificate,
                    format!(
                        "{certificate} is for another name: `{asked}` was asked for, but it is for \
                         {}",
                        leaf.listed_names()
                    ),
                )
            }
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                let words = format!("{certificate} is not one for servers: `{}`", leaf.subject);
                refused(TlsProblem::Certificate, words)
            }
            why => {
                let words = format!("{certificate} is refused: `{}` ({why})", leaf.subject);
                refused(TlsProblem::Certificate, words)
            }
        }
    }
}

fn is_unknown(why: &CertificateError) -> bool {
    matches!(why, CertificateError::UnknownIssuer)
}

/// Whether a certificate was refused because authorities are expected to have another for their
/// server.
fn is_own_authority(why: &CertificateError) -> bool {
    let CertificateError::Other(other) = why else { return false };
    let refusal = other.0.downcast_ref::<webpki::Error>();
    matches!(refusal, Some(webpki::Error::CaUsedAsEndEntity))
}

impl<V: ServerCertVerifier> ServerCertVerifier for Explained<V> {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let result = self.verifier.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        result.map_err(|error| match error {
            TlsError::InvalidCertificate(CertificateError::Other(other))
                if other.0.is::<Refused>() =>
            {
                TlsError::InvalidCertificate(CertificateError::Other(other))
            }
            TlsError::InvalidCertificate(why) => {
                let chain = std::iter::once(end_entity).chain(intermediates);
                let chain: Vec<_> = chain.map_while(Facts::of).collect();
                self.explain(&why, &chain, server_name, now).into_error()
            }
            error => error,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.verifier.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.verifier.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.verifier.root_hint_subjects()
    }
}

/// What is shown of a certificate.
#[derive(Debug)]
struct Facts {
    subject: String,
    issuer: String,
    /// The hosts and addresses that it is for.
    names: Vec<String>,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
}

impl Facts {
    fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
        let names = parsed.subject_alternative_name().ok().flatten();
        let names = names.iter().flat_map(|names| &names.value.general_names);
        let names = names.filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(shorten(name)),
            GeneralName::IPAddress(address) => Some(match *address {
                [a, b, c, d] => std::net::Ipv4Addr::new(*a, *b, *c, *d).to_string(),
                address => {
                    std::net::Ipv6Addr::from(<[u8; 16]>::try_from(address).ok()?).to_string()
                }
            }),
            _ => None,
        });
        Some(Self {
            subject: shorten(&parsed.subject().to_string()),
            issuer: shorten(&parsed.issuer().to_string()),
            names: names.collect(),
            not_before: parsed.validity().not_before.to_datetime(),
            not_after: parsed.validity().not_after.to_datetime(),
        })
    }

    fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }

    fn is_valid(&self, now: UnixTime) -> bool {
        let now = moment(now);
        self.not_before <= now && now <= self.not_after
    }

    /// The last of the certificates, each of which is from the next.
    fn top<'a>(&'a self, chain: &'a [Self]) -> &'a Self {
        let mut top = self;
        // No way up is longer than all of them, also if it goes in circles.
        for _ in chain {
            match chain.iter().find(|facts| facts.subject == top.issuer) {
                Some(above) => top = above,
                None => break,
            }
        }
        top
    }

    /// Says that it is too late, or too early, for `what`.
    fn untimely(&self, what: &str, now: UnixTime) -> String {
        let subject = &self.subject;
        match moment(now) < self.not_before {
            true => {
                let from = show_time(self.not_before);
                format!("{what} is not valid yet: `{subject}` is valid from {from} on")
            }
            false => {
                let until = show_time(self.not_after);
                format!("{what} has expired: `{subject}` was valid until {until}")
            }
        }
    }

    fn listed_names(&self) -> String {
        let shown: Vec<_> =
            self.names.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect();
        match (shown.as_slice(), self.names.len().saturating_sub(MAX_NAMES)) {
            ([], _) => "none".to_owned(),
            (shown, 0) => shown.join(", "),
            (shown, more) => format!("{} and {more} more", shown.join(", ")),
        }
    }
}

/// A moment as people read it.
pub fn show_time(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_else(|_| at.to_string())
}

/// The same moment.
pub fn moment(time: UnixTime) -> OffsetDateTime {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
