//! Which token is meant, and how people write that down.

use std::fmt;
use std::path::PathBuf;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Names a token: the module that reaches it, and what tells it from others.
///
/// Everything that is given must fit.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct TokenAddress {
    /// The PKCS#11 module: a path, or the plain name of a library that the system finds.
    pub module: PathBuf,
    /// The label of the token.
    pub token: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// The slot that it is in.
    pub slot: Option<u64>,
}

impl TokenAddress {
    fn attributes(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let attributes = [
            ("token", &self.token),
            ("serial", &self.serial),
            ("model", &self.model),
            ("manufacturer", &self.manufacturer),
        ];
        attributes.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)))
    }
}

impl fmt::Display for TokenAddress {
    /// Writes what tells the token from others as a URI (RFC 7512).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attributes = self.attributes().map(|(name, value)| format!("{name}={}", encode(value)));
        let slot = self.slot.map(|slot| format!("slot-id={slot}"));
        let attributes: Vec<String> = attributes.chain(slot).collect();
        write!(f, "pkcs11:{}", attributes.join(";"))
    }
}

/// The URI of a token with this label.
pub(super) fn uri_of(label: &str) -> String {
    format!("pkcs11:token={}", encode(label))
}

/// What need not be encoded in a path attribute.
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encode(value: &str) -> String {
    utf8_percent_encode(value, ATTRIBUTE).to_string()
}
