//! Rest: when a host asks to be left alone, and for how long.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::limits::Limits;
use crate::capabilities::host::Heard;

/// For how long the host that answered so wants to be left alone; `None` if it does not.
pub(super) fn asked(status: StatusCode, headers: &HeaderMap, heard: &Heard, limits: &Limits) -> Option<Duration> {
    let fails = status.is_client_error() || status.is_server_error();
    let after = if fails { after(headers, heard) } else { None };
    let spent = heard.budget.filter(|budget| budget.left == 0).and_then(|budget| budget.resets_at);
    let spent = spent.map(|at| until(at, heard));
    let unsaid = (status == StatusCode::TOO_MANY_REQUESTS).then_some(limits.unsaid);
    let span = after.or(spent).or(unsaid)?;
    (!span.is_zero()).then(|| span.min(limits.rest))
}

/// `Retry-After`: so many seconds, or a date.
fn after(headers: &HeaderMap, heard: &Heard) -> Option<Duration> {
    let text = headers.get(reqwest::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // What is too large for a number is no less long.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    Some(until(jiff::fmt::rfc2822::parse(text).ok()?.timestamp(), heard))
}

/// The span to a moment of the host's clock, told by that clock where it tells it: what is past there is none.
fn until(at: Timestamp, heard: &Heard) -> Duration {
    let span = at.duration_since(heard.date.unwrap_or(heard.at));
    Duration::try_from(span.max(SignedDuration::ZERO)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::heard::heard;
    use super::*;

    fn wants(status: u16, lines: &[(&'static str, &str)]) -> Option<u64> {
        let name = reqwest::header::HeaderName::from_static;
        let headers = lines.iter().map(|(of, value)| (name(of), value.parse().unwrap())).collect();
        let heard = heard(&headers, "2026-01-01T00:00:00Z".parse().unwrap());
        let status = StatusCode::from_u16(status).unwrap();
        asked(status, &headers, &heard, &Limits::USUAL).map(|span| span.as_secs())
    }

    #[test]
    fn a_rest_is_so_many_seconds_or_until_a_date() {
        for status in [403, 429, 503] {
            assert_eq!(wants(status, &[("retry-after", "7")]), Some(7), "{status}");
            assert_eq!(wants(status, &[("retry-after", "Thu, 01 Jan 2026 00:00:09 GMT")]), Some(9), "{status}");
        }
        assert_eq!(wants(200, &[("retry-after", "7")]), None);
        assert_eq!(wants(503, &[]), None);
    }

    #[test]
    fn a_host_whose_clock_is_wrong_is_understood_by_its_own() {
        let date = ("date", "Thu, 01 Jan 2026 05:00:00 GMT");
        assert_eq!(wants(429, &[date, ("retry-after", "Thu, 01 Jan 2026 05:00:30 GMT")]), Some(30));
    }

    #[test]
    fn a_rest_without_sense_is_no_longer_than_an_hour_and_no_shorter_than_it_says() {
        assert_eq!(wants(429, &[("retry-after", "99999999999999999999999")]), Some(3600));
        assert_eq!(wants(429, &[("retry-after", "Fri, 01 Jan 2100 00:00:00 GMT")]), Some(3600));
        assert_eq!(wants(429, &[("retry-after", "Wed, 01 Jan 2020 00:00:00 GMT")]), None);
        assert_eq!(wants(429, &[("retry-after", "0")]), None);
        for nothing in ["soon", "-5", "", "1.5"] {
            assert_eq!(wants(429, &[("retry-after", nothing)]), Some(60), "{nothing}");
            assert_eq!(wants(503, &[("retry-after", nothing)]), None, "{nothing}");
        }
    }

    #[test]
    fn a_budget_that_is_spent_is_a_rest_whatever_the_answer_was() {
        let spent =
            |left: &'static str| [("ratelimit-limit", "60"), ("ratelimit-remaining", left), ("ratelimit-reset", "90")];
        for status in [200, 304, 403, 429] {
            assert_eq!(wants(status, &spent("0")), Some(90), "{status}");
        }
        assert_eq!(wants(200, &spent("1")), None);
    }
}
