//! What a passphrase is wanted for: which sources may have it, and how it is spoken of.

use std::path::Path;
use std::str::FromStr;

use thiserror::Error;

use super::remembered::Mark;
use crate::keys::KeyInfo;
use crate::keys::role::belongs_to_one_gun;
use crate::tuf::key::KeyId;
use crate::tuf::role::RoleName;

/// A kind of secret. Each has variables and a word in `--passphrase-file` of its own.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// The passphrase of a backup.
    Backup,
    /// What a key is to be encrypted with from now on.
    New,
    /// The PIN of a hardware token.
    Pin,
    /// The passphrase of a root key.
    Root,
    /// The passphrase of a snapshot key.
    Snapshot,
    /// The passphrase of a targets key.
    Targets,
    /// The passphrase of the key of a client certificate.
    Tls,
    /// The passphrase of a timestamp key; Notary has no variable for those, since clients do not
    /// hold them.
    Timestamp,
    /// The passphrase of any other key, by the role it was made for. As a source, `delegation` is
    /// for all of them.
    Other(String),
}

/// How a kind is called where people say where its secrets are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Names {
    /// In front of the path in `--passphrase-file`.
    pub word: &'static str,
    /// The variable with the secret.
    pub variable: &'static str,
    /// The variable with the path of a file that it is in.
    pub file_variable: &'static str,
}

const fn names(word: &'static str, variable: &'static str, file: &'static str) -> Names {
    Names { word, variable, file_variable: file }
}

const BACKUP: Names = names("backup", "NOTARY_BACKUP_PASSPHRASE", "NOTARY_BACKUP_PASSPHRASE_FILE");
const DELEGATION: Names =
    names("delegation", "NOTARY_DELEGATION_PASSPHRASE", "NOTARY_DELEGATION_PASSPHRASE_FILE");
const NEW: Names = names("new", "NOTARY_NEW_PASSPHRASE", "NOTARY_NEW_PASSPHRASE_FILE");
const PIN: Names = names("pkcs11", "NOTARY_PKCS11_PIN", "NOTARY_PKCS11_PIN_FILE");
const ROOT: Names = names("root", "NOTARY_ROOT_PASSPHRASE", "NOTARY_ROOT_PASSPHRASE_FILE");
const SNAPSHOT: Names =
    names("snapshot", "NOTARY_SNAPSHOT_PASSPHRASE", "NOTARY_SNAPSHOT_PASSPHRASE_FILE");
const TARGETS: Names =
    names("targets", "NOTARY_TARGETS_PASSPHRASE", "NOTARY_TARGETS_PASSPHRASE_FILE");

const TLS: Names = names("tls", "NOTARY_TLS_PASSPHRASE", "NOTARY_TLS_PASSPHRASE_FILE");

/// The names of all kinds that have some.
pub const NAMES: [Names; 8] = [ROOT, TARGETS, SNAPSHOT, DELEGATION, NEW, BACKUP, PIN, TLS];

/// Why a word in `--passphrase-file` is not a kind.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("`{0}` is not known; there can be {known}", known = UnknownKind::KNOWN)]
pub struct UnknownKind(pub String);

impl UnknownKind {
    /// The words that are known.
    pub const KNOWN: &str = "root, targets, snapshot, a role such as targets/releases, delegation, \
                             new, backup, pkcs11 and tls";
}

impl Kind {
    /// The kind of the keys of a role, as it is written in key files.
    pub fn of_role(role: &str) -> Self {
        match role {
            "root" => Self::Root,
            "snapshot" => Self::Snapshot,
            "targets" => Self::Targets,
            "timestamp" => Self::Timestamp,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The names for this kind; keys of delegations share theirs.
    pub fn names(&self) -> Option<Names> {
        Some(match self {
            Self::Backup => BACKUP,
            Self::New => NEW,
            Self::Pin => PIN,
            Self::Root => ROOT,
            Self::Snapshot => SNAPSHOT,
            Self::Targets => TARGETS,
            Self::Tls => TLS,
            Self::Timestamp => return None,
            Self::Other(_) => DELEGATION,
        })
    }

    /// Whether what was given for this kind may be meant for `wanted`.
    pub fn covers(&self, wanted: &Self) -> bool {
        let is_for_all = matches!(self, Self::Other(role) if role == DELEGATION.word);
        self == wanted || is_for_all && matches!(wanted, Self::Other(_))
    }

    /// Whether it is for more than one role, so that those for one go first.
    pub fn is_general(&self) -> bool {
        matches!(self, Self::Other(role) if role == DELEGATION.word)
    }

    /// Whether a wrong one counts: tokens lock after a few.
    pub fn is_counted(&self) -> bool {
        *self == Self::Pin
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    /// Reads the word of `--passphrase-file` and of `passphrases.files`.
    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        match word {
            "backup" => Ok(Self::Backup),
            "new" => Ok(Self::New),
            "pkcs11" => Ok(Self::Pin),
            "tls" => Ok(Self::Tls),
            "root" | "snapshot" | "targets" | "delegation" => Ok(Self::of_role(word)),
            _ => match RoleName::parse(word) {
                Ok(role) if role.is_delegation() => Ok(Self::of_role(word)),
                _ => Err(UnknownKind(word.to_owned())),
            },
        }
    }
}

/// One secret that is wanted, and how people recognise what it is for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which sources may have it.
    pub kind: Kind,
    /// The role of the key; `backup`, `pkcs11` or `tls` for what is no key of a collection.
    pub role: String,
    /// The collection of the key, if it serves only one.
    pub gun: Option<String>,
    /// The canonical id of the key.
    pub id: Option<KeyId>,
    /// How questions call it: `targets key with ID 7c4528d (example.com/app)`.
    pub subject: String,
    /// How messages call it: `targets key 7c4528d of example.com/app`.
    pub name: String,
}

impl Wanted {
    /// The passphrase of a key that is about to be stored for `role`. `gun` is left out of account
    /// for roles whose keys may serve many collections.
    pub fn new_key(role: &str, gun: Option<&str>, id: &KeyId) -> Self {
        Self::key(role, gun.filter(|_| belongs_to_one_gun(role)), id)
    }

    /// The passphrase of a key in a store.
    pub fn stored(info: &KeyInfo) -> Self {
        Self::key(&info.role, info.gun.as_deref(), &info.id)
    }

    /// The passphrase of a key whose passphrase is remembered.
    pub fn marked(id: &KeyId, mark: &Mark) -> Self {
        Self::key(&mark.role, mark.gun.as_deref(), id)
    }

    fn key(role: &str, gun: Option<&str>, id: &KeyId) -> Self {
        let short = id.short();
        // Keys may have been made for no role.
        let key = if role.is_empty() { "key".to_owned() } else { format!("{role} key") };
        let (subject, name) = match gun.filter(|gun| !gun.is_empty()) {
            Some(gun) => {
                (format!("{key} with ID {short} ({gun})"), format!("{key} {short} of {gun}"))
            }
            None => (format!("{key} with ID {short}"), format!("{key} {short}")),
        };
        Self {
            kind: Kind::of_role(role),
            role: role.to_owned(),
            gun: gun.map(str::to_owned),
            id: Some(id.clone()),
            subject,
            name,
        }
    }

    /// The passphrase that is to replace the one of a stored key: only what was given as a new one
    /// counts, not what opens keys of its role.
    pub fn replacing(info: &KeyInfo) -> Self {
        Self { kind: Kind::New, ..Self::stored(info) }
    }

    /// The passphrase of a key in a file that is to become a key of `role`.
    pub fn key_file(role: &RoleName, path: &Path) -> Self {
        let subject = format!("{role} key");
        let name = format!("the key in `{}`", path.display());
        Self::named(Kind::of_role(role.as_str()), role.as_str(), subject, name)
    }

    /// The passphrase of a key that is to be imported for `role`; `place` says where it is, and `id`
    /// is what the file says.
    pub fn imported(role: &str, gun: Option<&str>, id: Option<&KeyId>, place: &str) -> Self {
        let with_id = id.map_or_else(String::new, |id| format!(" with ID {}", id.short()));
        let of_gun = gun.map_or_else(String::new, |gun| format!(" ({gun})"));
        let subject = format!("{role} key{with_id}{of_gun} in {place}");
        let name = format!("the {role} key in {place}");
        let gun = gun.map(str::to_owned);
        Self { gun, ..Self::named(Kind::of_role(role), role, subject, name) }
    }

    /// The passphrase of a backup in a file.
    pub fn backup(path: &Path) -> Self {
        let name = format!("backup `{}`", path.display());
        Self::named(Kind::Backup, BACKUP.word, name.clone(), name)
    }

    /// The PIN of a hardware token, which people know by its label.
    pub fn pin(token: &str) -> Self {
        let name = format!("token `{token}`");
        Self::named(Kind::Pin, PIN.word, name.clone(), name)
    }

    /// The passphrase of the key of a client certificate in a file.
    pub fn client_key(path: &Path) -> Self {
        let name = format!("client key `{}`", path.display());
        Self::named(Kind::Tls, TLS.word, name.clone(), name)
    }

    fn named(kind: Kind, role: &str, subject: String, name: String) -> Self {
        Self { kind, role: role.to_owned(), gun: None, id: None, subject, name }
    }

    /// What kind of secret it is, in one word.
    pub fn noun(&self) -> &'static str {
        if self.kind == Kind::Pin { "PIN" } else { "passphrase" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(word: &str) -> Kind {
        word.parse().unwrap()
    }

    #[test]
    fn every_role_has_its_names() {
        for (role, variable) in [
            ("root", Some("NOTARY_ROOT_PASSPHRASE")),
            ("targets", Some("NOTARY_TARGETS_PASSPHRASE")),
            ("snapshot", Some("NOTARY_SNAPSHOT_PASSPHRASE")),
            ("timestamp", None),
            ("targets/releases", Some("NOTARY_DELEGATION_PASSPHRASE")),
            ("user", Some("NOTARY_DELEGATION_PASSPHRASE")),
            ("", Some("NOTARY_DELEGATION_PASSPHRASE")),
            // Names that mean something else on the command line are just roles in key files.
            ("backup", Some("NOTARY_DELEGATION_PASSPHRASE")),
            ("new", Some("NOTARY_DELEGATION_PASSPHRASE")),
        ] {
            let names = Kind::of_role(role).names();
            assert_eq!(names.map(|names| names.variable), variable, "{role}");
        }
    }

    #[test]
    fn words_are_kinds_and_mistyped_ones_are_refused() {
        for names in NAMES {
            assert_eq!(kind(names.word).names(), Some(names));
        }
        assert_eq!(kind("targets/releases"), Kind::Other("targets/releases".into()));
        for word in ["", "tagets", "timestamp", "Root", "targets/", "targets/*", "user"] {
            assert_eq!(word.parse::<Kind>(), Err(UnknownKind(word.to_owned())));
        }
    }

    #[test]
    fn what_is_for_delegations_is_for_every_other_role() {
        let delegation = kind("delegation");
        for (role, covered) in [
            ("targets/releases", true),
            ("user", true),
            ("delegation", true),
            ("", true),
            ("targets", false),
            ("root", false),
            ("timestamp", false),
        ] {
            assert_eq!(delegation.covers(&Kind::of_role(role)), covered, "{role}");
        }
        assert!(!delegation.covers(&Kind::Backup) && !delegation.covers(&Kind::New));
        assert!(kind("targets/a").covers(&Kind::of_role("targets/a")));
        assert!(!kind("targets/a").covers(&Kind::of_role("targets/a/b")));
    }

    #[test]
    fn keys_are_named_with_their_collection_if_they_have_one() {
        let id = KeyId::parse(&"7c4528d0".repeat(8)).unwrap();
        for (role, gun, subject, name) in [
            (
                "targets",
                Some("example.com/app"),
                "targets key with ID 7c4528d (example.com/app)",
                "targets key 7c4528d of example.com/app",
            ),
            ("targets", None, "targets key with ID 7c4528d", "targets key 7c4528d"),
            ("root", Some("example.com/app"), "root key with ID 7c4528d", "root key 7c4528d"),
            ("", None, "key with ID 7c4528d", "key 7c4528d"),
        ] {
            let wanted = Wanted::new_key(role, gun, &id);
            assert_eq!((wanted.subject.as_str(), wanted.name.as_str()), (subject, name));
        }
    }
}
