//! The pins that `notary trust pin` keeps: `pins.json` in the trust directory, which the Go program
//! does not know.
//!
//! There is one list of all collections, outside of their directories, because a pin is what somebody
//! decided and not a copy of anything: it has to outlive the copy of the collection, whoever removes
//! that. Certificates of authorities are kept in the list itself, so that their file may go away.
//!
//! What cannot be understood, an unknown member too, is an error and never "no pins".

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::fsutil::{self, Drafts};
use crate::tuf::key::KeyId;
use crate::tuf::role::Gun;
use crate::tuf::x509;

const FILE: &str = "pins.json";
/// The kind of drafts that the file is before.
const KIND: &str = "pins";
/// Thousands of authorities.
const MAX_BYTES: u64 = 16 << 20;

/// The pins of one collection. Both kinds have to hold if there are both.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct KeptPins {
    /// TUF ids of root certificates, of which any will do.
    pub certificates: BTreeSet<KeyId>,
    /// CA certificates as PEM text, of which any will do.
    pub authorities: BTreeSet<String>,
}

impl KeptPins {
    /// Whether nothing is pinned.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.authorities.is_empty()
    }
}

/// The file of all pins in a trust directory.
#[derive(Clone, Debug)]
pub struct PinFile {
    trust_dir: PathBuf,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
    pins: Vec<Entry>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    gun: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    certificates: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    authorities: BTreeSet<String>,
}

impl PinFile {
    /// Uses `pins.json` in `trust_dir`; neither need exist.
    pub fn new(trust_dir: &Path) -> Self {
        Self { trust_dir: trust_dir.to_owned() }
    }

    /// The file.
    pub fn path(&self) -> PathBuf {
        self.trust_dir.join(FILE)
    }

    /// The pins of a collection; none if there are none. Nothing is created.
    pub fn read(&self, gun: &Gun) -> Result<KeptPins, StoreError> {
        Ok(self.read_all()?.remove(gun.as_str()).unwrap_or_default())
    }

    /// Changes the pins of a collection, while no other process does. Nothing is written if
    /// `change` fails or changes nothing. Returns the new pins.
    pub fn change<E: From<StoreError>>(
        &self,
        gun: &Gun,
        change: impl FnOnce(KeptPins) -> Result<KeptPins, E>,
    ) -> Result<KeptPins, E> {
        let drafts = Drafts::begin(&self.trust_dir, KIND).map_err(StoreError::from)?;
        let mut all = self.read_all()?;
        let old = all.remove(gun.as_str()).unwrap_or_default();
        let new = match change(old.clone()) {
            Ok(new) if new != old => new,
            result => {
                if all.is_empty() && old.is_empty() {
                    drafts.abandon().map_err(StoreError::from)?;
                    fsutil::remove_empty_dir(&self.trust_dir).map_err(StoreError::from)?;
                }
                return result;
            }
        };
        if !new.is_empty() {
            all.insert(gun.as_str().to_owned(), new.clone());
        }
        self.write_all(&all, drafts)?;
        Ok(new)
    }

    /// A list with the pins of this collection and no others, as it would be in the file.
    pub fn text_of(&self, gun: &Gun, pins: &KeptPins) -> Vec<u8> {
        text([(&gun.as_str().to_owned(), pins)].into_iter())
    }

    fn read_all(&self) -> Result<BTreeMap<String, KeptPins>, StoreError> {
        let path = self.path();
        match fsutil::read_bounded(&path, MAX_BYTES)? {
            None => Ok(BTreeMap::new()),
            Some(text) => parse(&text).map_err(|reason| StoreError::DamagedPins { path, reason }),
        }
    }

    fn write_all(
        &self,
        all: &BTreeMap<String, KeptPins>,
        drafts: Drafts,
    ) -> Result<(), StoreError> {
        if all.is_empty() {
            fsutil::remove_file(&self.path())?;
            fsutil::sync_parent(&self.path())?;
            return Ok(drafts.abandon()?);
        }
        Ok(drafts.replace_all(&[(self.path(), &text(all.iter()))])?)
    }
}

fn text<'p>(all: impl Iterator<Item = (&'p String, &'p KeptPins)>) -> Vec<u8> {
    let entry = |(gun, pins): (&String, &KeptPins)| Entry {
        gun: gun.clone(),
        certificates: pins.certificates.iter().map(KeyId::to_string).collect(),
        authorities: pins.authorities.clone(),
    };
    let written = Written { pins: all.map(entry).collect() };
    serde_json::to_vec_pretty(&written).expect("pins are plain data")
}

/// Reads the list; each collection has one entry, and each entry pins something.
fn parse(text: &[u8]) -> Result<BTreeMap<String, KeptPins>, String> {
    let written: Written = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let mut all = BTreeMap::new();
    for entry in written.pins {
        let gun = Gun::parse(&entry.gun).map_err(|error| error.to_string())?;
        let id =
            |id: &String| KeyId::parse(id).ok_or_else(|| format!("{id:?} is no certificate id"));
        let pins = KeptPins {
            certificates: entry.certificates.iter().map(id).collect::<Result<_, _>>()?,
            authorities: entry.authorities,
        };
        if pins.authorities.iter().any(|text| x509::certificates(text.as_bytes()).is_none()) {
            return Err(format!("an authority of {gun} is not a certificate"));
        }
        if pins.is_empty() {
            return Err(format!("nothing is pinned for {gun}"));
        }
        if all.insert(entry.gun, pins).is_some() {
            return Err(format!("{gun} occurs more than once"));
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(id: &KeyId) -> KeptPins {
        KeptPins { certificates: [id.clone()].into(), authorities: BTreeSet::new() }
    }

    fn id(digit: &str) -> KeyId {
        KeyId::parse(&digit.repeat(64)).unwrap()
    }

    #[test]
    fn pins_are_kept_for_exactly_one_name_and_reading_creates_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let file = PinFile::new(&directory.path().join("trust"));
        let guns = ["a/b", "A/b", "a"].map(|gun| Gun::parse(gun).unwrap());
        assert!(file.read(&guns[0]).unwrap().is_empty());
        assert!(fsutil::list_dir(directory.path()).unwrap().is_empty());
        let keep =
            |gun: &Gun, pins: KeptPins| file.change::<StoreError>(gun, |_| Ok(pins)).unwrap();
        keep(&guns[0], pin(&id("0")));
        keep(&guns[1], pin(&id("1")));
        assert_eq!(file.read(&guns[0]).unwrap(), pin(&id("0")));
        assert_eq!(file.read(&guns[1]).unwrap(), pin(&id("1")));
        assert!(file.read(&guns[2]).unwrap().is_empty());
        keep(&guns[0], KeptPins::default());
        assert!(file.read(&guns[0]).unwrap().is_empty());
        keep(&guns[1], KeptPins::default());
        assert!(fsutil::list_dir(&directory.path().join("trust")).unwrap().is_empty());
    }

    #[test]
    fn what_is_not_understood_is_an_error_and_not_no_pins() {
        let directory = tempfile::tempdir().unwrap();
        let file = PinFile::new(directory.path());
        let (zeros, upper) = ("0".repeat(64), "A".repeat(64));
        let entry = |rest: &str| format!(r#"{{"pins":[{{"gun":"a"{rest}}}]}}"#);
        let certificates = |id: &str| format!(r#","certificates":["{id}"]"#);
        let good = entry(&certificates(&zeros));
        let one = good.trim_start_matches(r#"{"pins":["#).trim_end_matches("]}");
        for text in [
            String::new(),
            "{".to_owned(),
            "[]".to_owned(),
            "{}".to_owned(),
            good.replace("pins", "pin"),
            good.replace(r#""a""#, r#""/a""#),
            good.replace("certificates", "certificate"),
            entry(""),
            entry(&certificates(&upper)),
            entry(&certificates("0")),
            entry(r#","authorities":["no PEM"]"#),
            format!(r#"{{"pins":[{one},{one}]}}"#),
            good.replace("]}", r#"],"unless":"something new"}"#),
        ] {
            fsutil::write_atomic(&file.path(), text.as_bytes()).unwrap();
            for gun in ["a", "b"] {
                let gun = Gun::parse(gun).unwrap();
                let result = file.read(&gun);
                assert!(matches!(result, Err(StoreError::DamagedPins { .. })), "{text}");
                let result = file.change::<StoreError>(&gun, |_| Ok(pin(&id("1"))));
                assert!(matches!(result, Err(StoreError::DamagedPins { .. })), "{text}");
            }
        }
        fsutil::write_atomic(&file.path(), good.as_bytes()).unwrap();
        assert_eq!(file.read(&Gun::parse("a").unwrap()).unwrap(), pin(&id("0")));
    }
}
