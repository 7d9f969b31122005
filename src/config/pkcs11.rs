//! Which hardware token is used: members of the configuration file, or a URI (RFC 7512) there or on
//! the command line.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use thiserror::Error;

use super::file::File;
use super::{ConfigError, Surroundings, expand_home};
use crate::keys::TokenAddress;
use crate::keys::passphrase::{Given, Kind};

const KEY: &str = "pkcs11";

/// Why a URI does not name a token.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum UriProblem {
    /// An attribute that does not help to find a token.
    #[error(
        "`{0}` cannot be used in it; there can be token, serial, model, manufacturer and slot-id, \
         and after a `?` module-path and pin-source"
    )]
    Attribute(String),
    /// An attribute that occurs twice.
    #[error("`{0}` occurs more than once")]
    Duplicate(String),
    /// There is no module.
    #[error("it names no module, as `?module-path=/usr/lib/module.so` at its end would")]
    NoModule,
    /// Not an attribute and its value.
    #[error("it is not of the form `pkcs11:token=LABEL?module-path=/usr/lib/module.so`")]
    Form,
    /// The PIN itself.
    #[error(
        "a PIN has no place in it, since others can read configuration and command lines: use \
         NOTARY_PKCS11_PIN, or `pin-source=file:/path` with a file that only you can read"
    )]
    PinValue,
    /// A source of the PIN other than a file.
    #[error("`pin-source` must be a file, as in `pin-source=file:/path`")]
    PinSource,
    /// A slot that is no number.
    #[error("`slot-id` must be a decimal number")]
    Slot,
}

/// A token, and the file with its PIN if one was named along with it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Named {
    address: TokenAddress,
    pin_file: Option<PathBuf>,
}

impl File {
    /// The token that is to be used, if any; a file with its PIN is added to `given`. `uri` is that of
    /// the command line, which wins; an empty one means that no token is used.
    pub(super) fn pkcs11(
        &self,
        uri: Option<&str>,
        around: &Surroundings,
        given: &mut Given,
    ) -> Result<Option<TokenAddress>, ConfigError> {
        let Some(uri) = uri else {
            let Some(named) = self.configured_token(around)? else { return Ok(None) };
            if let Some(file) = named.pin_file {
                given.configured.files.entry(Kind::Pin).or_insert(file);
            }
            return Ok(Some(named.address));
        };
        if uri.is_empty() {
            return Ok(None);
        }
        let wrong = |source| ConfigError::Token { place: None, source };
        let mut named = parse(uri).map_err(wrong)?.resolved(&around.cwd, around);
        if named.address.module.as_os_str().is_empty() {
            // What tells the token from others is enough where the module is configured.
            let configured = self.configured_token(around)?;
            let module = configured.map(|configured| configured.address.module);
            named.address.module = module.ok_or_else(|| wrong(UriProblem::NoModule))?;
        }
        if let Some(file) = named.pin_file {
            given.options.files.entry(Kind::Pin).or_insert(file);
        }
        Ok(Some(named.address))
    }

    fn configured_token(&self, around: &Surroundings) -> Result<Option<Named>, ConfigError> {
        let named = match self.value(KEY)? {
            None => return Ok(None),
            Some(value) => match value.as_str() {
                Some("") => return Ok(None),
                Some(uri) => self.token_of_uri(uri)?,
                None if value.is_object() => self.token_of_members()?,
                None => return Err(self.wrong(KEY, "an object or a `pkcs11:` URI")),
            },
        };
        Ok(Some(named.resolved(&self.resolve(""), around)))
    }

    fn token_of_uri(&self, uri: &str) -> Result<Named, ConfigError> {
        let wrong = |source| ConfigError::Token { place: Some(self.path.clone()), source };
        let named = parse(uri).map_err(wrong)?;
        match named.address.module.as_os_str().is_empty() {
            true => Err(wrong(UriProblem::NoModule)),
            false => Ok(named),
        }
    }

    fn token_of_members(&self) -> Result<Named, ConfigError> {
        self.only(KEY, &["module", "token", "serial", "slot", "pin_file"])?;
        let text = |key: &str| {
            let text = self.text(key)?.filter(|text| !text.is_empty());
            Ok::<_, ConfigError>(text.map(str::to_owned))
        };
        let slot = self.value("pkcs11.slot")?.map(|slot| {
            slot.as_u64().ok_or_else(|| self.wrong("pkcs11.slot", "the number of a slot"))
        });
        let module = text("pkcs11.module")?.ok_or_else(|| self.wrong("pkcs11.module", "a path"))?;
        let address = TokenAddress {
            module: module.into(),
            token: text("pkcs11.token")?,
            serial: text("pkcs11.serial")?,
            slot: slot.transpose()?,
            ..TokenAddress::default()
        };
        Ok(Named { address, pin_file: text("pkcs11.pin_file")?.map(PathBuf::from) })
    }
}

impl Named {
    /// Makes paths whole. The plain name of a library is left to the system to find.
    fn resolved(mut self, directory: &Path, around: &Surroundings) -> Self {
        let whole = |path: &Path| match path.to_str() {
            Some(text) => directory.join(expand_home(text, around)),
            None => directory.join(path),
        };
        if self.address.module.components().count() > 1 {
            self.address.module = whole(&self.address.module);
        }
        self.pin_file = self.pin_file.as_deref().map(whole);
        self
    }
}

/// Reads a URI; the module is empty when it names none.
fn parse(uri: &str) -> Result<Named, UriProblem> {
    let rest = uri.strip_prefix("pkcs11:").ok_or(UriProblem::Form)?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let Named { mut address, mut pin_file } = Named::default();
    let mut seen = Vec::new();
    for (attributes, separator) in [(path, ';'), (query, '&')] {
        for attribute in attributes.split(separator).filter(|attribute| !attribute.is_empty()) {
            let (name, value) = attribute.split_once('=').ok_or(UriProblem::Form)?;
            if seen.contains(&(name, separator)) {
                return Err(UriProblem::Duplicate(name.to_owned()));
            }
            seen.push((name, separator));
            let value = percent_decode_str(value).decode_utf8().map_err(|_| UriProblem::Form)?;
            let value = value.into_owned();
            match (separator, name) {
                (';', "token") => address.token = Some(value),
                (';', "serial") => address.serial = Some(value),
                (';', "model") => address.model = Some(value),
                (';', "manufacturer") => address.manufacturer = Some(value),
                (';', "slot-id") => {
                    address.slot = Some(value.parse().map_err(|_| UriProblem::Slot)?);
                }
                ('&', "module-path") => address.module = value.into(),
                ('&', "pin-source") => pin_file = Some(file_of(&value)?),
                (_, "pin-value") => return Err(UriProblem::PinValue),
                _ => return Err(UriProblem::Attribute(name.to_owned())),
            }
        }
    }
    Ok(Named { address, pin_file })
}

/// The file of `pin-source`: a path, or a `file` URI.
fn file_of(source: &str) -> Result<PathBuf, UriProblem> {
    let path = source.strip_prefix("file:").unwrap_or(source);
    let path = path.strip_prefix("//").unwrap_or(path);
    // Elsewhere, `|command` runs a program; what else has a scheme is not a file.
    let scheme = path.split('/').next().unwrap_or_default();
    match path.is_empty() || path.starts_with('|') || scheme.contains(':') {
        true => Err(UriProblem::PinSource),
        false => Ok(path.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(uri: &str) -> Named {
        parse(uri).unwrap_or_else(|error| panic!("{uri}: {error}"))
    }

    #[test]
    fn uris_name_module_and_token() {
        let named = parsed(
            "pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial=3d3c96c0;\
             token=My%3bToken;slot-id=17?module-path=/usr/lib/a%20b.so&pin-source=file:/etc/pin",
        );
        assert_eq!(
            named.address,
            TokenAddress {
                module: "/usr/lib/a b.so".into(),
                token: Some("My;Token".into()),
                serial: Some("3d3c96c0".into()),
                model: Some("SoftHSM v2".into()),
                manufacturer: Some("SoftHSM project".into()),
                slot: Some(17),
            }
        );
        assert_eq!(named.pin_file, Some("/etc/pin".into()));
        let shown = "pkcs11:token=My%3BToken;serial=3d3c96c0;model=SoftHSM%20v2;\
                     manufacturer=SoftHSM%20project;slot-id=17";
        assert_eq!(named.address.to_string(), shown);
        assert_eq!(parsed("pkcs11:"), Named::default());
        for source in ["/etc/pin", "file:/etc/pin", "file:///etc/pin", "file:%2Fetc%2Fpin"] {
            let named = parsed(&format!("pkcs11:?pin-source={source}"));
            assert_eq!(named.pin_file, Some("/etc/pin".into()), "{source}");
        }
    }

    #[test]
    fn uris_that_name_no_token_are_refused() {
        let attribute = |name: &str| UriProblem::Attribute(name.to_owned());
        for (uri, problem) in [
            ("", UriProblem::Form),
            ("file:/usr/lib/module.so", UriProblem::Form),
            ("pkcs11:token", UriProblem::Form),
            ("pkcs11:token=%ff", UriProblem::Form),
            ("pkcs11:token=a;token=b", UriProblem::Duplicate("token".into())),
            ("pkcs11:slot-id=0x1", UriProblem::Slot),
            ("pkcs11:object=key", attribute("object")),
            ("pkcs11:module-path=/a", attribute("module-path")),
            ("pkcs11:?token=a", attribute("token")),
            ("pkcs11:?module-name=opensc", attribute("module-name")),
            ("pkcs11:?pin-value=1234", UriProblem::PinValue),
            ("pkcs11:pin-value=1234", UriProblem::PinValue),
            ("pkcs11:?pin-source=|cat%20pin", UriProblem::PinSource),
            ("pkcs11:?pin-source=https://a/pin", UriProblem::PinSource),
            ("pkcs11:?pin-source=", UriProblem::PinSource),
        ] {
            assert_eq!(parse(uri), Err(problem), "{uri}");
        }
    }

    #[test]
    fn no_problem_repeats_the_pin() {
        let text = parse("pkcs11:?pin-value=1234").unwrap_err().to_string();
        assert!(!text.contains("1234") && text.contains("NOTARY_PKCS11_PIN"), "{text}");
    }
}
