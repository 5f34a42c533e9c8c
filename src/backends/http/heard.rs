//! What the headers of any answer tell of the host.

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{self, HeaderMap};

use crate::capabilities::host::{Budget, Heard};

/// What `headers`, which came at this moment, tell.
pub(super) fn heard(headers: &HeaderMap, at: Timestamp) -> Heard {
    Heard { at, date: date(headers), budget: budget(headers, at) }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let said = text(headers, header::DATE.as_str())?;
    jiff::fmt::rfc2822::parse(said).ok().map(|at| at.timestamp())
}

/// The budget, by the names that hosts give it: with `x-` (GitHub, Gitea) or without (GitLab, the IETF's draft).
fn budget(headers: &HeaderMap, at: Timestamp) -> Option<Budget> {
    ["x-ratelimit", "ratelimit"].into_iter().find_map(|name| {
        let number = |of: &str| text(headers, &format!("{name}-{of}"))?.parse::<u64>().ok();
        let (left, limit) = (number("remaining")?, number("limit")?);
        Some(Budget { left, limit, resets_at: number("reset").and_then(|number| resets_at(number, at)) })
    })
}

/// A host tells a moment (seconds since 1970) or a span (seconds from now on): a span is never as long as a moment.
fn resets_at(number: u64, at: Timestamp) -> Option<Timestamp> {
    const LONGEST: u64 = 366 * 24 * 60 * 60;
    let seconds = i64::try_from(number).ok()?;
    if number > LONGEST {
        Timestamp::from_second(seconds).ok()
    } else {
        at.checked_add(SignedDuration::from_secs(seconds)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &[(&'static str, &str)]) -> Heard {
        let pairs = lines.iter().map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()));
        heard(&pairs.collect(), "2026-01-01T00:00:00Z".parse().unwrap())
    }

    #[test]
    fn the_clock_is_the_date() {
        let heard = told(&[("date", "Thu, 01 Jan 2026 00:05:00 GMT")]);
        assert_eq!(heard.date, "2026-01-01T00:05:00Z".parse().ok());
        assert_eq!(told(&[("date", "soon")]).date, None);
    }

    #[test]
    fn the_budget_has_two_names_and_its_end_two_forms() {
        let of = |name: &str, reset: &str| {
            let names = ["limit", "remaining", "reset"].map(|of| format!("{name}-{of}"));
            let values = ["5000", "312", reset];
            let pairs = names.iter().zip(values).map(|(name, value)| {
                (header::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap())
            });
            heard(&pairs.collect(), "2026-01-01T00:00:00Z".parse().unwrap()).budget.unwrap()
        };
        let half_an_hour = "2026-01-01T00:30:00Z".parse().ok();
        for budget in [of("x-ratelimit", "1767227400"), of("ratelimit", "1800")] {
            assert_eq!(budget, Budget { left: 312, limit: 5000, resets_at: half_an_hour });
        }
        assert_eq!(told(&[("x-ratelimit-limit", "5000")]).budget, None);
    }
}
