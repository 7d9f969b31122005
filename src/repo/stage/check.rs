//! Judging changes before they are staged, by the rules by which they will be published.
//!
//! 1. The collection as it is known here is taken, whatever its age, with all that is staged already
//!    applied to it. A staged change that does not apply is passed over: it is not this one's fault.
//! 2. The new changes are applied to that. Whether their keys are here does not matter, since
//!    somebody else may publish; all other rules do. Beyond them, what would change nothing because it
//!    names a key or a role that does not exist is refused: it was meant to do something.
//! 3. What does not fit is judged again by the present state, if the server can be asked.
//! 4. If it does not fit that either, or nobody knows better, nothing at all is staged.
//!
//! Without a copy of the collection the server is asked at once, except about additions to `targets`,
//! which fit every collection: those are staged without it, as the Go program does. When it cannot
//! be asked nothing can be judged before it is published. Nor can what concerns a role whose file
//! should be there and is not; people are told, also why a server that does not help does not. Nothing
//! is staged when its files are not to be trusted, or when somebody who is asked for a login ends it.

use std::collections::BTreeSet;
use std::fmt;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::changelist::{Action, Change, DelegationPayload, Kind, Staged};
use crate::repo::rebase::{ChangeProblem, apply, purge_top, summary, with_staged, witnessed};
use crate::repo::update::{Freshness, Purpose, Updated};
use crate::repo::{Collection, Error};
use crate::tuf::edit::{Draft, EditError, Effect};
use crate::tuf::role::RoleName;
use crate::tuf::trusted::TrustedSet;
use crate::tuf::walk::Signer;

/// What people should know about changes that were staged.
#[derive(Debug, Default)]
pub struct StageReport {
    /// The state that the server was asked for since none was known here.
    pub updated: Option<Updated>,
    /// In the order of the changes, those staged before first.
    pub warnings: Vec<StageWarning>,
}

/// Something that does not keep a change from being staged.
#[derive(Debug)]
pub enum StageWarning {
    /// The collection is as the change would have it, or will be with what is staged.
    AlreadySo(Box<Change>),
    /// A role will have fewer keys than its threshold.
    FewerKeys {
        /// The role.
        role: RoleName,
        /// Its threshold.
        threshold: i64,
    },
    /// A path that is to be removed is not there.
    NoSuchPath {
        /// The path.
        path: String,
        /// The role.
        role: String,
    },
    /// A target that is to be removed is not there.
    NoSuchTarget {
        /// The target.
        name: String,
        /// The role.
        role: String,
    },
    /// Something that was staged before does not apply.
    Passed(Box<Error>),
    /// The copy on this machine had to do, although the server is there.
    Unasked(Box<Error>),
    /// Nothing was judged, since there is no state to judge by.
    Unjudged {
        /// Why there is none.
        why: Box<Error>,
        /// Whether that is since nobody answers or nobody was asked.
        is_no_answer: bool,
    },
    /// Part of the collection is not on this machine, so nobody knows whether the change applies.
    Unchecked {
        /// What the change does.
        summary: String,
    },
}

/// What changes were judged by.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Against {
    /// The collection on its server.
    Present,
    /// The copy on this machine.
    Copy {
        /// When the server last confirmed it.
        confirmed: Option<OffsetDateTime>,
        /// Why the server was not asked; `None` when nobody wanted to.
        unasked: Option<String>,
    },
    /// The collection that was made here and is not published.
    Unpublished,
}

impl fmt::Display for Against {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present => f.write_str("the collection as it is now"),
            Self::Unpublished => f.write_str("the collection as it was made on this machine"),
            Self::Copy { confirmed, unasked } => {
                f.write_str("the copy on this machine")?;
                let confirmed = confirmed.and_then(|at| at.replace_nanosecond(0).ok());
                if let Some(at) = confirmed.and_then(|at| at.format(&Rfc3339).ok()) {
                    write!(f, ", which the server confirmed {at}")?;
                }
                match unasked {
                    Some(why) => write!(f, ", since the server cannot be asked: {why}"),
                    None => Ok(()),
                }
            }
        }
    }
}

/// A change that does not fit.
struct Unfit {
    summary: String,
    why: ChangeProblem,
}

impl Unfit {
    fn by(self, against: Against) -> Error {
        Error::Unfit { against, summary: self.summary, why: Box::new(self.why) }
    }
}

impl Collection<'_> {
    /// Makes sure that `changes` fit the collection, as far as it is known.
    pub(super) fn check(&self, changes: &[Change]) -> Result<StageReport, Error> {
        let known = self.known_state().unwrap_or_else(|error| {
            // Whoever reads the collection is told; a copy that cannot be used tells nothing.
            tracing::info!(%error, "changes are staged unchecked");
            None
        });
        let Some(known) = known else { return self.check_without_copy(changes) };
        // Nothing that is staged can keep `targets` from signing another name. Whoever stages
        // thousands of files one by one should not have all of them read each time.
        if changes.iter().all(is_usual_addition)
            && let Ok(report) = judge(&known, &[], changes, Missing::Refused)
            && report.warnings.is_empty()
        {
            return Ok(report);
        }
        let staged = self.changelist.list()?;
        let unfit = match judge(&known, &staged, changes, Missing::Refused) {
            Ok(report) => return Ok(report),
            Err(unfit) => unfit,
        };
        if !self.was_published()? {
            return Err(unfit.by(Against::Unpublished));
        }
        let mut unasked = None;
        let mut failure = None;
        if !self.offline {
            match self.update(Purpose::Read) {
                Ok(now) => match now.freshness {
                    Freshness::Online => {
                        let report = judge(&now.set, &staged, changes, Missing::Refused);
                        return report.map_err(|unfit| unfit.by(Against::Present));
                    }
                    Freshness::Cached { because, .. } => unasked = because.map(Error::Remote),
                },
                Err(error) if error.is_end_of_staging() => return Err(error),
                Err(error) if error.is_no_answer() => unasked = Some(error),
                Err(error) => failure = Some(error),
            }
        }
        let against = self.against_copy(unasked.as_ref().or(failure.as_ref()));
        let mut report = judge(&known, &staged, changes, Missing::PassedOver)
            .map_err(|unfit| unfit.by(against))?;
        let failure = failure.map(|error| StageWarning::Unasked(Box::new(error)));
        report.warnings.splice(0..0, failure);
        Ok(report)
    }

    /// The copy on this machine, with why the server was not asked.
    pub(in crate::repo) fn against_copy(&self, unasked: Option<&Error>) -> Against {
        let unasked = unasked.map(|error| match error {
            // That the copy is no good for showing it says nothing here.
            Error::NoUsableCopy { remote, .. } => remote.to_string(),
            error => error.to_string(),
        });
        Against::Copy { confirmed: self.store.checked_at(), unasked }
    }

    fn check_without_copy(&self, changes: &[Change]) -> Result<StageReport, Error> {
        if changes.iter().all(is_usual_addition) {
            return Ok(StageReport::default());
        }
        let asked = match self.offline {
            true => Err(Error::NoCopy { gun: self.gun.clone() }),
            false => self.update(Purpose::Read),
        };
        match asked {
            Ok(now) => {
                let report = judge(&now.set, &self.changelist.list()?, changes, Missing::Refused)
                    .map_err(|unfit| unfit.by(Against::Present))?;
                Ok(StageReport { updated: Some(now), ..report })
            }
            Err(error) if error.is_end_of_staging() => Err(error),
            Err(error) => {
                let is_no_answer = self.offline || error.is_no_answer();
                let warning = StageWarning::Unjudged { why: Box::new(error), is_no_answer };
                Ok(StageReport { updated: None, warnings: vec![warning] })
            }
        }
    }
}

fn is_usual_addition(change: &Change) -> bool {
    (change.kind, change.action) == (Kind::Target, Action::Create)
        && change.role == RoleName::TARGETS.as_str()
}

/// What to do about roles whose files should be there and are not.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Missing {
    PassedOver,
    Refused,
}

/// Applies what is staged and then the new changes to `set`.
fn judge(
    set: &TrustedSet,
    staged: &[Staged],
    changes: &[Change],
    missing: Missing,
) -> Result<StageReport, Unfit> {
    let (mut draft, passed) = with_staged(set, staged, changes);
    // Whoever staged what cannot be judged here was told so, or had it judged by the server's state.
    let is_wrong = |error: &Error| match error {
        Error::Change { why, .. } => !is_unknown(set, why),
        _ => true,
    };
    let passed = passed.into_iter().filter(is_wrong);
    let mut warnings: Vec<StageWarning> =
        passed.map(|error| StageWarning::Passed(Box::new(error))).collect();
    let mut roles: BTreeSet<RoleName> = BTreeSet::new();
    let readable = staged.iter().filter_map(|staged| staged.change.as_ref().ok());
    let witnessed = witnessed(readable.chain(changes));
    for change in changes {
        if purge_top(change).is_some()
            && let Ok(payload) = change.delegation_payload()
        {
            let loses =
                |signer: &Signer| payload.remove_keys.iter().any(|id| signer.keys.contains(id));
            let losing = draft.roles().into_iter().filter(loses);
            roles.extend(losing.map(|signer| signer.node.role));
        }
        let judged = judge_one(&mut draft, change, &witnessed).and_then(|found| {
            // It fits a role that nobody has published into, but this is none.
            match edited(change).filter(|role| is_missing(set, role)) {
                Some(role) => Err(EditError::NoFile { role }.into()),
                None => Ok(found),
            }
        });
        match judged {
            Ok(mut found) => {
                // One command may need several changes of a delegation, which overlap.
                if roles.iter().any(|role| role.as_str() == change.role) {
                    found.retain(|warning| !matches!(warning, StageWarning::AlreadySo(_)));
                }
                warnings.extend(found);
            }
            Err(why) if missing == Missing::PassedOver && is_unknown(set, &why) => {
                warnings.push(StageWarning::Unchecked { summary: summary(change) });
            }
            Err(why) => return Err(Unfit { summary: summary(change), why }),
        }
        if change.kind == Kind::Delegation {
            roles.extend(RoleName::parse(&change.role).ok());
        }
    }
    for role in roles {
        if let Ok(keys) = draft.key_set(&role)
            && !keys.are_enough(keys.canonical_ids().len())
        {
            let threshold = keys.threshold;
            warnings.push(StageWarning::FewerKeys { role, threshold });
        }
    }
    Ok(StageReport { updated: None, warnings })
}

fn judge_one(
    draft: &mut Draft<'_>,
    change: &Change,
    witnessed: &BTreeSet<RoleName>,
) -> Result<Vec<StageWarning>, ChangeProblem> {
    let mut warnings = Vec::new();
    if change.kind == Kind::Delegation && change.action == Action::Update {
        let payload = change.delegation_payload().map_err(ChangeProblem::Payload)?;
        warnings.extend(find_removed(draft, change, payload)?);
    }
    if apply(draft, change, witnessed)? == Effect::Unchanged && warnings.is_empty() {
        warnings.push(match (change.kind, change.action) {
            (Kind::Delegation, Action::Delete) => {
                let role = RoleName::parse(&change.role)?;
                return Err(ChangeProblem::NothingThere { role });
            }
            (Kind::Target, Action::Delete) => {
                let (name, role) = (change.path.clone(), change.role.clone());
                StageWarning::NoSuchTarget { name, role }
            }
            _ => StageWarning::AlreadySo(Box::new(change.clone())),
        });
    }
    Ok(warnings)
}

/// Makes sure that the keys exist that an update of a delegation removes; returns the paths that do
/// not.
fn find_removed(
    draft: &Draft<'_>,
    change: &Change,
    payload: DelegationPayload,
) -> Result<Vec<StageWarning>, ChangeProblem> {
    if let Some(top) = purge_top(change) {
        let known = draft.keys_below(&top?);
        let unknown: Vec<_> =
            payload.remove_keys.into_iter().filter(|id| !known.contains(id)).collect();
        return if unknown.is_empty() {
            Ok(Vec::new())
        } else {
            Err(ChangeProblem::NobodysKeys(unknown))
        };
    }
    let role = RoleName::parse(&change.role)?;
    // A role that does not exist is refused when the change is applied.
    let Some(delegation) = draft.delegation(&role) else { return Ok(Vec::new()) };
    let removed = payload.remove_paths.into_iter();
    let gone = removed.filter(|path| !delegation.paths.contains(path));
    let gone = gone.map(|path| StageWarning::NoSuchPath { path, role: change.role.clone() });
    let gone = gone.collect();
    if !payload.remove_keys.is_empty() {
        let known = draft.key_set(&role)?.canonical_ids();
        let unknown: Vec<_> =
            payload.remove_keys.into_iter().filter(|id| !known.contains(id)).collect();
        if !unknown.is_empty() {
            let keys = known.into_iter().collect();
            return Err(ChangeProblem::UnknownKeys { role, unknown, keys });
        }
    }
    Ok(gone)
}

/// Whether a change may only seem not to fit: the snapshot describes a file of the role in question,
/// or of one above it, that is not there.
fn is_unknown(set: &TrustedSet, why: &ChangeProblem) -> bool {
    let (ChangeProblem::Edit(EditError::NoFile { role } | EditError::NoSuchRole { role })
    | ChangeProblem::NothingThere { role }) = why
    else {
        return false;
    };
    std::iter::successors(Some(role.clone()), RoleName::parent).any(|role| is_missing(set, &role))
}

/// Whether a role has a file, as the snapshot tells, that is not there.
fn is_missing(set: &TrustedSet, role: &RoleName) -> bool {
    set.file_of(role).is_none()
        && !set.refused().contains_key(role)
        && set.snapshot().is_some_and(|snapshot| snapshot.payload().entry(role).is_some())
}

/// The role whose file a change edits, if it names one.
fn edited(change: &Change) -> Option<RoleName> {
    let role = RoleName::parse(&change.role).ok()?;
    if change.kind == Kind::Delegation { role.parent() } else { Some(role) }
}
