//! `trust show`.

use aws_lc_rs::digest;
use clap::Args;
use data_encoding::HEXUPPER;
use serde::Serialize;
use time::OffsetDateTime;

use crate::commands::pins::{AppliedPin, AppliedPins};
use crate::commands::state::timestamp;
use crate::commands::{Opened, OutputArgs, Session};
use crate::error::{CliError, shell_word};
use crate::remote::Access;
use crate::repo::Error;
use crate::repo::pins::Pins;
use crate::repo::trust::{Seen, TrustReport, Verdict};
use crate::store::{Beginning, Ground, MetadataStore as _};
use crate::tuf::error::Error as TrustError;
use crate::tuf::key::KeyId;
use crate::tuf::pin::{Demand, Origin, PinError};
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::root_trust::RootKey;
use crate::tuf::sign::NEAR_EXPIRY;
use crate::tuf::x509::Certificate;
use crate::ui::Ui;

/// Show which root is trusted, and why
///
/// Shows the root of the collection on this machine: its certificates with the ids that pins take
/// (`id`) and that `notary key list` shows (`key`), until when they are valid, what is pinned and
/// where, and how the collection came to be trusted. The server is not asked.
///
/// If there is no copy of the collection here, the root is shown that the server offers, so that it
/// can be compared with what its owner says. Nothing is trusted or kept by that, and the output says
/// so.
///
/// A root that does not agree with the pins is shown as well, on this machine or on the server; then
/// the exit code is 3. It is 3 as well if what is pinned cannot be used. In both cases, --pem prints
/// nothing.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary trust show example.com/scripts
  notary trust show example.com/scripts --pem > root.pem
  notary trust show example.com/scripts --json | jq -r '.root.certificates[].certificate_id'")]
pub struct ShowArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Print nothing but the root certificates, as PEM text
    #[arg(long, conflicts_with_all = ["output", "json"])]
    pem: bool,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct TrustOutput<'a> {
    gun: &'a Gun,
    trusted: bool,
    /// Why it is not trusted, or of little use.
    problem: Option<String>,
    source: SourceOutput,
    root: RootOutput,
    pins: Vec<PinOutput>,
    first_use: &'static str,
    provenance: Option<&'a Beginning>,
}

#[derive(Serialize)]
struct SourceOutput {
    kind: &'static str,
    place: String,
}

#[derive(Serialize)]
struct RootOutput {
    version: u64,
    expires: String,
    validity: &'static str,
    threshold: i64,
    certificates: Vec<CertificateOutput>,
}

#[derive(Serialize)]
struct CertificateOutput {
    certificate_id: String,
    key_id: String,
    accepted: bool,
    problem: Option<String>,
    subject: Option<String>,
    not_before: Option<String>,
    not_after: Option<String>,
    validity: Option<&'static str>,
    sha256: Option<String>,
    pem: Option<String>,
}

/// A pin in JSON, and for the text as well.
#[derive(Serialize)]
pub(super) struct PinOutput {
    origin: &'static str,
    rule: Option<String>,
    file: Option<String>,
    certificates: Option<Vec<String>>,
    authorities: Option<Vec<String>>,
    /// Why it cannot be used.
    problem: Option<String>,
}

impl From<&AppliedPin> for PinOutput {
    fn from(pin: &AppliedPin) -> Self {
        let (mut certificates, mut authorities) = (None, None);
        match &pin.demand {
            Demand::Certificates(ids) => {
                certificates = Some(ids.iter().map(KeyId::to_string).collect());
            }
            Demand::Authority(ders) => {
                let parsed = ders.iter().filter_map(|der| Certificate::from_der(der));
                authorities = Some(parsed.map(|certificate| certificate.subject()).collect());
            }
        }
        Self {
            origin: match pin.origin {
                Origin::Configuration => "configuration",
                Origin::Kept | Origin::KeptAuthority => "trust-pin",
                Origin::CommandLine => "command-line",
            },
            rule: pin.rule.clone(),
            file: pin.file.as_ref().map(|file| file.display().to_string()),
            certificates,
            authorities,
            problem: pin.problem.as_ref().and_then(|it| Some(it.error.as_ref()?.to_string())),
        }
    }
}

impl PinOutput {
    /// In a line.
    pub(super) fn words(&self) -> String {
        let what = match (&self.certificates, &self.authorities) {
            (None, _) if self.problem.is_some() => "by a CA that cannot be used".to_owned(),
            (Some(ids), _) if ids.is_empty() => "no certificate at all".to_owned(),
            (Some(ids), _) => ids.join(" or "),
            (None, authorities) => {
                format!(
                    "issued by {}",
                    authorities.iter().flatten().cloned().collect::<Vec<_>>().join(" or ")
                )
            }
        };
        let file = self.file.as_ref().map(|file| format!(" in `{file}`")).unwrap_or_default();
        let place = match (self.origin, &self.rule) {
            ("configuration", Some(rule)) => format!("trust_pinning for {rule:?}{file}"),
            ("trust-pin", _) => format!("`notary trust pin`{file}"),
            _ => "--trust-root".to_owned(),
        };
        format!("{what}, by {place}")
    }
}

/// How long something will still be valid.
fn validity(from: Option<OffsetDateTime>, to: OffsetDateTime, now: OffsetDateTime) -> &'static str {
    if to < now {
        "expired"
    } else if from.is_some_and(|from| from > now) {
        "future"
    } else if to < now.saturating_add(NEAR_EXPIRY) {
        "expiring"
    } else {
        "valid"
    }
}

/// The same for people, behind a point in time.
fn mark(validity: &str) -> &'static str {
    match validity {
        "expired" => " (EXPIRED)",
        "expiring" => " (expires soon)",
        "future" => " (not valid yet)",
        _ => "",
    }
}

impl CertificateOutput {
    fn of(key: &RootKey, now: OffsetDateTime) -> Self {
        let leaf = key.bundle.as_ref().map(|bundle| &bundle.leaf);
        Self {
            certificate_id: key.id.to_string(),
            key_id: key.key.canonical_id().to_string(),
            accepted: key.is_accepted,
            problem: key.problem.map(|problem| problem.to_string()),
            subject: leaf.map(Certificate::subject),
            not_before: leaf.map(|leaf| timestamp(leaf.not_before())),
            not_after: leaf.map(|leaf| timestamp(leaf.not_after())),
            validity: leaf.map(|leaf| validity(Some(leaf.not_before()), leaf.not_after(), now)),
            sha256: leaf.map(fingerprint),
            pem: leaf.and_then(|_| pem(key)),
        }
    }
}

/// The SHA-256 of a certificate, as other programs write it.
fn fingerprint(certificate: &Certificate) -> String {
    let hex = HEXUPPER.encode(digest::digest(&digest::SHA256, certificate.der()).as_ref());
    let pairs = hex.as_bytes().chunks(2).map(String::from_utf8_lossy).collect::<Vec<_>>();
    pairs.join(":")
}

/// The certificate of a root key, and those that it came with.
fn pem(key: &RootKey) -> Option<String> {
    let bundle = key.bundle.as_ref()?;
    String::from_utf8(bundle.to_key().bytes().to_vec()).ok()
}

/// Runs `trust show`.
pub fn show(session: &mut Session<'_>, args: &ShowArgs) -> Result<(), CliError> {
    let mut pins = session.pins_to_show(&args.gun)?;
    let opened = Opened {
        pins: Pins::new(pins.pin(), session.pin_file()),
        ..session.open_unpinned(&args.gun, Access::Pull)
    };
    let report = opened.collection().show_trust(&opened.store);
    let report = report.map_err(|error| opened.failed(error))?;
    let root_file = opened.store.location(&RoleName::ROOT);
    let server = opened.collection().remote.server().to_owned();
    if let Seen::Offered = report.seen {
        let gun = &args.gun;
        session.ui.warning(&format!(
            "NOT TRUSTED: there is no copy of {gun} on this machine; this is what {server} offers, \
             of which nothing is kept"
        ));
    }
    if let Verdict::Stale(why) = &report.verdict {
        session.ui.warning(&format!("this root can only vouch for its successor: {why}"));
    }
    let refused = match (&report.seen, &report.verdict) {
        (Seen::Here(_), Verdict::Refused(source)) => {
            let source = source.clone();
            Some(opened.failed(Error::UnusableAnchor { path: root_file.clone(), source }))
        }
        // There is nothing that it contradicts.
        (Seen::Offered, Verdict::Refused(TrustError::Pin(PinError::FirstUse))) => None,
        (Seen::Offered, Verdict::Refused(source)) => Some(opened.failed(source.clone())),
        _ => None,
    };
    if args.pem {
        if let Some(refused) = pins.take_problem().or(refused) {
            return Err(refused);
        }
        let usable = report.keys.iter().filter(|key| key.problem.is_none());
        for text in usable.filter_map(pem) {
            text.lines().try_for_each(|line| session.ui.line(line))?;
        }
        return Ok(());
    }
    let source = match report.seen {
        Seen::Here(_) => SourceOutput { kind: "copy", place: root_file.display().to_string() },
        Seen::Offered => SourceOutput { kind: "server", place: server },
    };
    let output = output(&args.gun, session.now, &report, &pins, source);
    match args.output.is_json() {
        true => session.ui.json(&output)?,
        false => tell(session.ui, &output)?,
    }
    pins.take_problem().or(refused).map_or(Ok(()), Err)
}

fn output<'a>(
    gun: &'a Gun,
    now: OffsetDateTime,
    report: &'a TrustReport,
    pins: &AppliedPins,
    source: SourceOutput,
) -> TrustOutput<'a> {
    let (is_accepted, problem) = match &report.verdict {
        Verdict::Accepted => (true, None),
        Verdict::Stale(why) | Verdict::Refused(why) => (false, Some(why.to_string())),
    };
    let pinned: Vec<_> = pins.pins.iter().map(PinOutput::from).collect();
    let unusable = pinned.iter().find_map(|pin| pin.problem.clone());
    let (is_accepted, problem) = (is_accepted && unusable.is_none(), unusable.or(problem));
    let provenance = match &report.seen {
        Seen::Here(beginning) => Some(beginning),
        Seen::Offered => None,
    };
    TrustOutput {
        gun,
        trusted: is_accepted && provenance.is_some(),
        problem,
        source,
        root: RootOutput {
            version: report.version,
            expires: timestamp(report.expires),
            validity: validity(None, report.expires, now),
            threshold: report.threshold,
            certificates: report.keys.iter().map(|key| CertificateOutput::of(key, now)).collect(),
        },
        pins: pinned,
        first_use: if pins.is_first_use_disabled { "disabled" } else { "allowed" },
        provenance,
    }
}

/// How the collection came to be trusted.
fn origin(beginning: &Beginning) -> String {
    let at = beginning.at.map(|at| format!(" on {}", timestamp(at))).unwrap_or_default();
    let from = beginning.server.as_ref().map(|it| format!(", from {it}")).unwrap_or_default();
    let version = beginning.version;
    match beginning.ground {
        Ground::FirstUse => format!("at first sight{at}{from}, with root version {version}"),
        Ground::MadeHere => format!("made on this machine{at}"),
        Ground::Pinned => format!("as it was pinned{at}{from}, with root version {version}"),
        Ground::TrustRoot => {
            format!("as --trust-root demanded{at}{from}, with root version {version}")
        }
        Ground::Unknown => {
            "unknown: the root was put here by another program, or an earlier edition of this one"
                .to_owned()
        }
    }
}

fn tell(ui: &mut Ui, output: &TrustOutput<'_>) -> Result<(), CliError> {
    let gun = output.gun;
    let refused = output.problem.as_ref();
    ui.line(&match (output.provenance, refused) {
        (None, None) => format!("{gun} is NOT TRUSTED; {} offers:", output.source.place),
        (None, Some(why)) => {
            format!(
                "{gun} is NOT TRUSTED, and would be refused ({why}); {} offers:",
                output.source.place
            )
        }
        (Some(_), None) => format!("{gun} is trusted"),
        (Some(_), Some(why)) => format!("{gun} is NOT TRUSTED at present: {why}"),
    })?;
    let root = &output.root;
    ui.line(&format!(
        "root:     version {}, {} of {} keys must sign, expires {}{}",
        root.version,
        root.threshold,
        root.certificates.len(),
        root.expires,
        mark(root.validity)
    ))?;
    if let Some(beginning) = output.provenance {
        ui.line(&format!("trusted:  {}", origin(beginning)))?;
    }
    for pin in &output.pins {
        ui.line(&format!("pinned:   {}", pin.words()))?;
    }
    if output.pins.is_empty() {
        let words = match output.first_use {
            "disabled" => "nothing; trust_pinning.disable_tofu forbids to trust at first sight",
            _ => "nothing",
        };
        ui.line(&format!("pinned:   {words}"))?;
    }
    for certificate in &root.certificates {
        ui.line("")?;
        ui.line(&format!("id:       {}", certificate.certificate_id))?;
        ui.line(&format!("key:      {}", certificate.key_id))?;
        if let (Some(subject), Some(from), Some(to), Some(validity), Some(sha256)) = (
            &certificate.subject,
            &certificate.not_before,
            &certificate.not_after,
            certificate.validity,
            &certificate.sha256,
        ) {
            ui.line(&format!("subject:  {subject}"))?;
            ui.line(&format!("valid:    {from} to {to}{}", mark(validity)))?;
            ui.line(&format!("SHA-256:  {sha256}"))?;
        }
        if let Some(problem) = &certificate.problem {
            ui.line(&format!("unusable: {problem}"))?;
        } else if !certificate.accepted {
            ui.line("unusable: it is not pinned")?;
        }
    }
    if output.provenance.is_some() && output.pins.is_empty() && refused.is_none() {
        let gun = shell_word(gun.as_str());
        ui.hint(&format!("`notary trust pin {gun} --current` pins it"));
    }
    if output.provenance.is_none() {
        let gun = shell_word(gun.as_str());
        let words = "when its owner has told you the right id";
        ui.hint(&format!("{words}, `notary trust pin {gun} --key ID` pins it"));
    }
    Ok(())
}
