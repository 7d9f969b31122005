//! Which roots are accepted in this run: what the configuration, the file of pins and the command
//! line say, put together; and what is said when a collection is trusted that was not known here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;

use super::{Session, state};
use crate::error::{CliError, Exit, shell_word};
use crate::fsutil;
use crate::repo::pins::FirstUse;
use crate::store::{Ground, KeptPins, PinFile};
use crate::tuf::key::KeyId;
use crate::tuf::pin::{Chosen, Demand, Origin, Pin};
use crate::tuf::role::Gun;
use crate::ui::Ui;

/// The most bytes of a file of pinned certificates.
const MAX_CA_BYTES: u64 = 4 << 20;

/// The option that says what the root has to be like.
#[derive(Args, Clone, Debug)]
pub struct TrustRootArgs {
    /// Id of the root certificate that the collection must have; can be repeated
    ///
    /// With several ids, separated by commas or by repeating the option, one of them must be that of
    /// a root certificate. `notary trust show GUN` and `notary init` print these ids. This is
    /// demanded in addition to what is pinned otherwise, of a collection that was trusted before as
    /// well; and it makes the first contact safe, also where `trust_pinning.disable_tofu` forbids
    /// to trust at first sight.
    #[arg(long, global = true, value_name = "ID")]
    pub trust_root: Vec<CertificateIds>,
}

impl TrustRootArgs {
    /// The ids; none if the option was not used.
    pub fn ids(&self) -> BTreeSet<KeyId> {
        self.trust_root.iter().flat_map(|ids| &ids.0).cloned().collect()
    }
}

/// Ids of certificates, separated by commas.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CertificateIds(Vec<KeyId>);

impl FromStr for CertificateIds {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = |text: &str| KeyId::parse(&text.trim().to_ascii_lowercase());
        let ids = text.split(',').map(id).collect::<Option<_>>();
        ids.map(Self).ok_or("the id of a root certificate has 64 hex digits")
    }
}

/// One condition on roots, and where it is written.
pub struct AppliedPin {
    /// Who demands it.
    pub origin: Origin,
    /// What.
    pub demand: Demand,
    /// The name or prefix that it is configured for.
    pub rule: Option<String>,
    /// The file that it is from.
    pub file: Option<PathBuf>,
    /// Why nobody can know what is demanded. Nothing fulfils such a demand.
    pub problem: Option<CliError>,
}

impl AppliedPin {
    fn new(
        origin: Origin,
        demand: Result<Demand, CliError>,
        rule: Option<String>,
        file: Option<PathBuf>,
    ) -> Self {
        let (demand, problem) = match demand {
            Ok(demand) => (demand, None),
            Err(error) => (Demand::Authority(Vec::new()), Some(error)),
        };
        Self { origin, demand, rule, file, problem }
    }
}

/// All that is demanded of the root of one collection.
pub struct AppliedPins {
    /// What must hold, all of it.
    pub pins: Vec<AppliedPin>,
    /// Whether the configuration forbids to trust at first sight.
    pub is_first_use_disabled: bool,
}

impl AppliedPins {
    /// The same if all of them can be used.
    fn usable(mut self) -> Result<Self, CliError> {
        match self.take_problem() {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }

    /// Why one of them cannot be used, if one cannot.
    pub fn take_problem(&mut self) -> Option<CliError> {
        self.pins.iter_mut().find_map(|pin| pin.problem.take())
    }

    /// As the engine wants it.
    pub fn pin(&self) -> Pin {
        let pin = if self.is_first_use_disabled { Pin::KNOWN_ONLY } else { Pin::FIRST_USE };
        self.pins.iter().fold(pin, |pin, one| pin.and(one.origin, one.demand.clone()))
    }
}

impl Session<'_> {
    /// The pins that `notary trust pin` keeps.
    pub fn pin_file(&self) -> PinFile {
        PinFile::new(&self.config.trust_dir)
    }

    /// What is demanded of the root of a collection in this run.
    pub fn pins_of(&self, gun: &Gun) -> Result<AppliedPins, CliError> {
        self.pins_to_show(gun)?.usable()
    }

    /// The same for looking at them, also if some of them cannot be used: those refuse everything.
    pub fn pins_to_show(&self, gun: &Gun) -> Result<AppliedPins, CliError> {
        Ok(self.gather_pins(gun, self.pin_file().read(gun)?))
    }

    /// What is demanded if these are the pins that `notary trust pin` keeps.
    pub fn pins_with(&self, gun: &Gun, kept: KeptPins) -> Result<AppliedPins, CliError> {
        self.gather_pins(gun, kept).usable()
    }

    fn gather_pins(&self, gun: &Gun, kept: KeptPins) -> AppliedPins {
        let mut pins: Vec<AppliedPin> = self.configured_pin(gun).into_iter().collect();
        let file = self.pin_file();
        let mut keep = |origin, demand| {
            let file = Some(file.path());
            pins.push(AppliedPin::new(origin, demand, None, file));
        };
        if !kept.certificates.is_empty() {
            keep(Origin::Kept, Ok(Demand::Certificates(kept.certificates)));
        }
        if !kept.authorities.is_empty() {
            let text: String = kept.authorities.into_iter().collect();
            let demand = Demand::authority(text.as_bytes(), self.now).map_err(|error| {
                let words = format!("the CA that is pinned for {gun} cannot be used: {error}");
                let gun = shell_word(gun.as_str());
                CliError::new(Exit::Trust, words)
                    .hint(format!("`notary trust pin {gun} --ca FILE` pins another one besides"))
                    .hint(format!("`notary trust show {gun}` shows what is trusted here"))
            });
            keep(Origin::KeptAuthority, demand);
        }
        if !self.trust_roots.is_empty() {
            let demand = Demand::Certificates(self.trust_roots.clone());
            pins.push(AppliedPin::new(Origin::CommandLine, Ok(demand), None, None));
        }
        AppliedPins { pins, is_first_use_disabled: self.config.pinning.disable_tofu }
    }

    fn configured_pin(&self, gun: &Gun) -> Option<AppliedPin> {
        let (rule, demand, file) = match self.config.pinning.choose(gun) {
            Chosen::FirstUse | Chosen::KnownOnly => return None,
            Chosen::Certificates { rule, ids } => {
                (rule, Ok(Demand::Certificates(ids.clone())), self.config.file.clone())
            }
            Chosen::Authority { rule, authority } => {
                (rule, self.read_authority(authority), authority.clone())
            }
        };
        let rule = Some(rule.to_owned());
        Some(AppliedPin::new(Origin::Configuration, demand, rule, Some(file)))
    }

    /// Reads the file of a certificate authority.
    fn read_authority(&self, path: &Path) -> Result<Demand, CliError> {
        let text = read_authority(path)?;
        let demand = Demand::authority(&text, self.now);
        demand.map_err(|error| unusable_authority(path, &error.to_string()))
    }
}

/// Reads the file of a certificate authority that is or will be pinned.
pub fn read_authority(path: &Path) -> Result<Vec<u8>, CliError> {
    match fsutil::read_bounded(path, MAX_CA_BYTES) {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(unusable_authority(path, "there is no such file")),
        Err(error) => Err(unusable_authority(path, &error.source.to_string())),
    }
}

/// What is wrong with the file of a pinned certificate authority.
pub fn unusable_authority(path: &Path, why: &str) -> CliError {
    let words = format!("the pinned CA `{}` cannot be used: {why}", path.display());
    CliError::new(Exit::Trust, words)
}

/// Says of which collections the root was trusted at first sight; a note, which `--quiet` leaves
/// out like others. `notary trust show` tells it later as well.
pub fn teller(ui: &Ui) -> Box<dyn Fn(&FirstUse<'_>)> {
    let voice = ui.voice();
    match ui.is_quiet() {
        true => Box::new(|_| ()),
        false => Box::new(move |first| voice.note(&words(first))),
    }
}

fn words(first: &FirstUse<'_>) -> String {
    let gun = first.gun;
    let when = if first.is_kept { "from now on" } else { "this time" };
    let names = first.keys.iter().filter_map(|key| {
        let name = key.bundle.as_ref()?.leaf.common_name();
        (name != gun.as_str()).then(|| format!(" ({name})"))
    });
    let certificates = match first.keys.len() {
        1 => "the root certificate",
        _ => "the root certificates",
    };
    let ids = state::join(first.keys.iter().map(|key| &key.id)) + &names.collect::<String>();
    let why = match first.ground {
        Ground::Pinned => ", as it is pinned".to_owned(),
        Ground::TrustRoot => ", as --trust-root demands".to_owned(),
        _ => format!(
            " that the server had first; if its owner confirms that, `notary trust pin {} \
             --current` pins it",
            shell_word(gun.as_str())
        ),
    };
    format!("trusting {gun} {when}, with {certificates} {ids}{why}")
}
