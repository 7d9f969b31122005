//! What is said about the state that a command looked at.

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::repo::update::{Freshness, Updated, Warning};
use crate::tuf::error::Error as TrustError;
use crate::tuf::key::KeyId;

use crate::ui::Ui;

/// Where a state comes from, in JSON.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Source {
    /// The copy on this machine.
    Cache {
        /// When the server last confirmed it.
        checked_at: Option<String>,
        /// Until when it can be used.
        expires: String,
    },
    /// The server, just now.
    Server,
}

impl Source {
    /// The source of `updated`.
    pub fn of(updated: &Updated) -> Self {
        match &updated.freshness {
            Freshness::Cached { checked_at, expires, .. } => {
                Self::Cache { checked_at: checked_at.map(timestamp), expires: timestamp(*expires) }
            }
            Freshness::Online => Self::Server,
        }
    }
}

/// RFC 3339 in UTC, to the second. The last hours of the year 9999, which UTC cannot say, and the
/// first of the year 0 keep the zone that they were written with.
pub fn timestamp(at: OffsetDateTime) -> String {
    let at = at.checked_to_offset(time::UtcOffset::UTC).unwrap_or(at);
    let at = at.replace_nanosecond(0).unwrap_or(at);
    at.format(&Rfc3339).unwrap_or_else(|_| at.to_string())
}

/// Tells where the state comes from and what is odd about it.
pub fn tell(ui: &mut Ui, now: OffsetDateTime, updated: &Updated) {
    if let Freshness::Cached { checked_at, expires, because } = &updated.freshness {
        if let Some(error) = because {
            ui.warning_about(&error.to_string(), error);
        }
        let age = checked_at.map_or("at an unknown time".to_owned(), |at| ago(now - at));
        ui.warning(&format!(
            "using the copy on this machine, which the server confirmed {age}; it expires {}",
            timestamp(*expires)
        ));
    }
    warnings(ui, &updated.warnings);
}

/// Tells what is odd.
pub fn warnings(ui: &mut Ui, warnings: &[Warning]) {
    for warning in warnings {
        match warning {
            Warning::NearExpiry { role, at } => {
                ui.warning(&format!("{role} expires {} and should be signed again", timestamp(*at)))
            }
            Warning::NotCached(error) => {
                let words = format!("what was downloaded could not be kept: {error}");
                ui.warning_about(&words, error);
            }
            Warning::LeftOut { role, why } => {
                ui.warning(&format!("the copy of {role} is not published: {why}"));
            }
            Warning::Skipped { role, why, withholds } => {
                let why = why_skipped(why.as_ref());
                let also = if *withholds {
                    "; names that it may have signed are not shown from lower roles either"
                } else {
                    ""
                };
                ui.warning(&format!("the targets of {role} are not shown: {why}{also}"));
            }
        }
    }
}

/// Why the file of a delegation is not accepted.
pub fn why_skipped(why: Option<&TrustError>) -> String {
    why.map_or_else(|| "the server does not have its file".to_owned(), ToString::to_string)
}

/// Key ids in one line.
pub fn join<'i>(ids: impl IntoIterator<Item = &'i KeyId>) -> String {
    ids.into_iter().map(KeyId::as_str).collect::<Vec<_>>().join(", ")
}

/// A span of time before now as people say it.
fn ago(span: time::Duration) -> String {
    let seconds = span.whole_seconds().max(0);
    let (count, unit) = match seconds {
        0..60 => return "just now".to_owned(),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_the_largest_unit() {
        let ago = |seconds| ago(time::Duration::seconds(seconds));
        assert_eq!(ago(-5), "just now");
        assert_eq!(ago(90), "1 minute ago");
        assert_eq!(ago(7_300), "2 hours ago");
        assert_eq!(ago(900_000), "10 days ago");
    }
}
