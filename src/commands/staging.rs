//! What is said about changes that were staged.

use super::Session;
use crate::error::shell_word;
use crate::repo::Error as RepoError;
use crate::repo::stage::{StageReport, StageWarning};
use crate::tuf::role::Gun;

/// Warnings that are said; more are counted.
const MAX_WARNINGS: usize = 20;

/// Says what those who staged something should know.
pub fn tell(session: &mut Session<'_>, gun: &Gun, report: &StageReport) {
    let ui = &mut *session.ui;
    let gun = shell_word(gun.as_str());
    for warning in report.warnings.iter().take(MAX_WARNINGS) {
        match warning {
            StageWarning::AlreadySo { summary } => {
                ui.note(&format!("{summary}: this is so already, as far as is known here"));
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
