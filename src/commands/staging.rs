//! What is said about changes that were staged.

use super::Session;
use super::change::EditOutput;
use super::state;
use crate::error::shell_word;
use crate::repo::Error as RepoError;
use crate::repo::rebase::summary;
use crate::repo::stage::{StageReport, StageWarning};
use crate::tuf::role::Gun;

/// Warnings that are said; more are counted.
const MAX_WARNINGS: usize = 20;

/// Says what those who staged something should know.
pub fn tell(session: &mut Session<'_>, gun: &Gun, report: &StageReport) {
    let ui = &mut *session.ui;
    if let Some(updated) = &report.updated {
        state::tell(ui, session.now, updated);
    }
    let gun = shell_word(gun.as_str());
    for warning in report.warnings.iter().take(MAX_WARNINGS) {
        match warning {
            StageWarning::AlreadySo(change) => {
                let edit = EditOutput::of(change).map(|edit| edit.words(change.action));
                let edit = edit.filter(|words| !words.is_empty());
                ui.note(&format!(
                    "{}{}: this is so already, as far as is known here",
                    summary(change),
                    edit.map(|words| format!(" ({words})")).unwrap_or_default()
                ));
            }
            StageWarning::FewerKeys { role, threshold } => ui.warning(&format!(
                "{role} will have fewer keys than its threshold of {threshold}; it cannot be used \
                 until keys are added"
            )),
            StageWarning::NoSuchPath { path, role } => {
                ui.warning(&format!("{role} does not have the path {path:?}"));
            }
            StageWarning::NoSuchTarget { name, role } => {
                ui.warning(&format!("{name:?} is not in {role}, as far as is known here"));
            }
            StageWarning::Passed(error) => {
                ui.warning_about(&format!("{error}"), &**error);
                if let RepoError::Change { index, .. } = **error {
                    ui.hint(&format!("`notary reset {gun} -n {index}` drops it"));
                }
            }
            StageWarning::Unasked(error) => ui.warning_about(
                &format!("the collection as it is now could not be looked at: {error}"),
                &**error,
            ),
            StageWarning::Unjudged { why, is_no_answer: true } => {
                ui.note(&format!("staged unchecked: {why}"));
            }
            StageWarning::Unjudged { why, is_no_answer: false } => {
                ui.warning_about(&format!("staged unchecked: {why}"), &**why);
            }
            StageWarning::Unchecked { summary } => ui.warning(&format!(
                "{summary}: whether this is possible is seen when it is published, since part of \
                 the collection is not on this machine"
            )),
        }
    }
    let more = report.warnings.len().saturating_sub(MAX_WARNINGS);
    if more > 0 {
        ui.note(&format!("and {more} more of the kind"));
    }
}
