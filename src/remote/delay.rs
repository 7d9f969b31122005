//! How long a server asks to be left alone: the header `Retry-After` (RFC 9110 §10.2.3).
//!
//! It is a number of seconds or a moment. A moment counts from the server's own `Date`, since the
//! clocks of two machines may differ by more than the time to wait; without `Date`, it says nothing.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// How long the server asks to wait, if it does.
pub fn requested_delay(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
    let value = text(RETRY_AFTER)?;
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that is too large is a very long time.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let moment = httpdate::parse_http_date(value).ok()?;
    let now = httpdate::parse_http_date(text(DATE)?).ok()?;
    // What is over need not be waited for.
    Some(moment.duration_since(now).unwrap_or_default())
}

/// A time to wait, for people.
pub fn in_words(delay: Duration) -> String {
    match delay.as_secs() {
        seconds @ ..=120 => format!("{seconds} s"),
        seconds @ ..=7200 => format!("{} minutes", seconds.div_ceil(60)),
        seconds => format!("{} hours", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_seconds_or_a_moment_of_the_servers_clock() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (value, date, seconds) in [
            ("0", None, Some(0)),
            (" 120 ", None, Some(120)),
            ("99999999999999999999999", None, Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(date), Some(30)),
            ("Sunday, 06-Nov-94 08:49:38 GMT", Some(date), Some(1)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(date), Some(0)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", None, None),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some("now"), None),
            ("-1", None, None),
            ("1.5", None, None),
            ("", None, None),
            ("soon", Some(date), None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, value.parse().unwrap());
            if let Some(date) = date {
                headers.insert(DATE, date.parse().unwrap());
            }
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(requested_delay(&headers), expected, "{value} {date:?}");
        }
        assert_eq!(requested_delay(&HeaderMap::new()), None);
    }

    #[test]
    fn people_are_told_in_units_of_their_own() {
        let words = |seconds| in_words(Duration::from_secs(seconds));
        assert_eq!(
            (words(31), words(121), words(90_000)),
            ("31 s".into(), "3 minutes".into(), "25 hours".into())
        );
    }
}
