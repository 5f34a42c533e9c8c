//! Numbers, times and names as the screen writes them: one way each. Widths are counted in terminal columns.

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::clock::since;

/// How many columns `text` takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// `text` in at most `most` columns; what does not fit ends in `…`.
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    // No byte takes more than a column.
    if text.len() <= most || text.width() <= most {
        return Cow::Borrowed(text);
    }
    match most.checked_sub(1) {
        Some(room) => Cow::Owned(format!("{}…", fit(text, room))),
        None => Cow::Borrowed(""),
    }
}

/// As much of the beginning of `text` as fits into `room` columns.
pub fn fit(text: &str, room: usize) -> &str {
    let mut used = 0;
    let mut kept = 0;
    for grapheme in text.graphemes(true) {
        used += grapheme.width();
        if used > room {
            break;
        }
        kept += grapheme.len();
    }
    &text[..kept]
}

/// A span in one unit: `<1 m`, `12 m`, `2 h`, `6 d`. Seconds are not told: they would keep the screen busy.
pub fn age(span: Duration) -> String {
    match span.as_secs() {
        0..60 => "<1 m".into(),
        s @ 60..3600 => format!("{} m", s / 60),
        s @ 3600..86_400 => format!("{} h", s / 3600),
        s => format!("{} d", s / 86_400),
    }
}

/// How long ago `at` was: `12 m ago`; `just now` under a minute.
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let span = since(at, now);
    if span < Duration::from_mins(1) { "just now".into() } else { format!("{} ago", age(span)) }
}

/// When the age of `at` is next written otherwise: by minutes, hours and days.
pub fn age_changes(at: Timestamp, now: Timestamp) -> Timestamp {
    let s = since(at, now).as_secs();
    plus(at, s - s % unit(s) + unit(s))
}

/// How long something took: `0m20`, `3m41`, `1h05`.
pub fn duration(span: Duration) -> String {
    let s = span.as_secs();
    if s < 3600 { format!("{}m{:02}", s / 60, s % 60) } else { format!("{}h{:02}", s / 3600, s % 3600 / 60) }
}

/// How long something has taken that began at `began` and still runs: by the second for ten minutes, then by the
/// minute, so that an old run does not keep the screen busy.
pub fn running(began: Timestamp, now: Timestamp) -> String {
    let span = since(began, now);
    match span.as_secs() {
        s @ 600..3600 => format!("{} m", s / 60),
        _ => duration(span),
    }
}

/// When [`running`] is next written otherwise.
pub fn running_changes(began: Timestamp, now: Timestamp) -> Timestamp {
    let s = since(began, now).as_secs();
    let unit = if s < 600 { 1 } else { 60 };
    plus(began, s - s % unit + unit)
}

/// What is left until `end`: `3:12`, from an hour on `2 h`, then `6 d`.
pub fn left(end: Timestamp, now: Timestamp) -> String {
    let span = since(now, end);
    match span.as_secs() {
        s @ 0..3600 => format!("{}:{:02}", s / 60, s % 60),
        _ => age(span),
    }
}

/// When [`left`] is next written otherwise; `None` when nothing is left.
pub fn left_changes(end: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let s = since(now, end).as_secs();
    down(end, now, if s < 3600 { 1 } else { unit(s) })
}

/// When the [`age`] of the span that is left until `end` is next written otherwise; `None` when nothing is left.
pub fn span_changes(end: Timestamp, now: Timestamp) -> Option<Timestamp> {
    down(end, now, unit(since(now, end).as_secs()))
}

/// The unit in which a span of so many seconds is told.
const fn unit(s: u64) -> u64 {
    match s {
        0..3600 => 60,
        3600..86_400 => 3600,
        _ => 86_400,
    }
}

/// A moment past the last whole `unit` of what is left, where the smaller number begins; the end itself at the last.
fn down(end: Timestamp, now: Timestamp, unit: u64) -> Option<Timestamp> {
    if end <= now {
        return None;
    }
    let s = since(now, end).as_secs();
    let whole = i64::try_from(s - s % unit).unwrap_or(i64::MAX);
    let moment = jiff::SignedDuration::from_nanos(i64::from(whole > 0));
    Some(end.saturating_sub(jiff::SignedDuration::from_secs(whole) - moment).unwrap_or(end))
}

/// An exact time for the detail: `14:05:33` today, `Fri 17:00` within a week, else the date.
pub fn exact(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let days = at.date().until(now.date()).map_or(i32::MAX, |span| span.get_days().abs());
    let shape = match days {
        0 => "%H:%M:%S",
        1..7 => "%a %H:%M",
        _ => "%Y-%m-%d %H:%M",
    };
    at.strftime(shape).to_string()
}

/// A number in short: `812`, `41 k`, `10.2 k`, `1.3 M`.
pub fn count(n: u64) -> String {
    let (unit, name) = match n {
        0..1000 => return n.to_string(),
        1000..1_000_000 => (1000, 'k'),
        _ => (1_000_000, 'M'),
    };
    match (n / unit, n % unit * 10 / unit) {
        (whole @ 0..100, tenth) if tenth > 0 => format!("{whole}.{tenth} {name}"),
        (whole, _) => format!("{whole} {name}"),
    }
}

/// A size: `812 B`, `41 KB`, `3.2 MB`.
pub fn bytes(n: u64) -> String {
    let (unit, name) = match n {
        0..1000 => return format!("{n} B"),
        1000..1_000_000 => (1000, "KB"),
        _ => (1_000_000, "MB"),
    };
    match (n / unit, n % unit * 10 / unit) {
        (whole @ 0..10, tenth) if tenth > 0 => format!("{whole}.{tenth} {name}"),
        (whole, _) => format!("{whole} {name}"),
    }
}

/// A number in full, grouped: `10 214`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A percentage with as many places as its size deserves: `0.12 %`, `3.4 %`, `25 %`.
pub fn percent(value: f64) -> String {
    format!("{} %", number(value))
}

/// A measured value with as many places as its size deserves: `0.12`, `3.4`, `184`.
pub fn number(value: f64) -> String {
    match value.abs() {
        v if v < 1.0 => format!("{value:.2}"),
        v if v < 10.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// A commit's hash in short.
pub fn commit(hash: &str) -> &str {
    hash.char_indices().nth(7).map_or(hash, |(end, _)| &hash[..end])
}

/// `1 change`, `3 changes`.
pub fn plural(n: u64, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

fn plus(at: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    at.saturating_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(s: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + s).unwrap()
    }

    #[test]
    fn long_names_end_in_an_ellipsis_and_never_in_half_a_character() {
        assert_eq!(cut("checkout", 8), "checkout");
        assert_eq!(cut("checkout", 6), "check…");
        assert_eq!(cut("日本語サービス", 6), "日本…");
        assert_eq!(cut("日本語", 6), "日本語");
        assert_eq!(cut("e\u{301}clair", 3), "e\u{301}c…");
        assert_eq!(cut("x", 0), "");
        for most in 0..12 {
            assert!(width(&cut("Grüße 日本 for all", most)) <= most);
        }
    }

    #[test]
    fn spans_are_told_in_one_unit() {
        let told = [5, 60, 3599, 3600, 86_399, 86_400 * 6].map(|s| age(Duration::from_secs(s)));
        assert_eq!(told, ["<1 m", "1 m", "59 m", "1 h", "23 h", "6 d"]);
        let took = [0, 20, 62, 221, 3600, 3900].map(|s| duration(Duration::from_secs(s)));
        assert_eq!(took, ["0m00", "0m20", "1m02", "3m41", "1h00", "1h05"]);
        assert_eq!([0, 42, 192, 3599, 3600].map(|s| left(at(s), at(0))), ["0:00", "0:42", "3:12", "59:59", "1 h"]);
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [812, 1000, 10_214, 41_000, 1_300_000, 999_999].map(count),
            ["812", "1 k", "10.2 k", "41 k", "1.3 M", "999 k"]
        );
        assert_eq!([812, 41_900, 3_200_000].map(bytes), ["812 B", "41 KB", "3.2 MB"]);
        assert_eq!([0, 999, 10_214, 1_000_000].map(grouped), ["0", "999", "10 214", "1 000 000"]);
        assert_eq!([0.12, 3.41, 25.0, -0.5].map(percent), ["0.12 %", "3.4 %", "25 %", "-0.50 %"]);
        assert_eq!((commit("3f9c2e1d00"), commit("3f9")), ("3f9c2e1", "3f9"));
    }

    #[test]
    fn what_changes_by_itself_changes_when_it_says() {
        for s in [0, 59, 60, 61, 599, 600, 3599, 3600, 7300, 90_000] {
            let (next, before) = (age_changes(at(0), at(s)), at(s));
            assert_ne!(ago(at(0), next), ago(at(0), before), "age after {s}");
            let next = running_changes(at(0), at(s));
            assert!(next > at(s), "running after {s}");
            let next = left_changes(at(s + 1), at(0)).unwrap();
            assert_ne!(left(at(s + 1), next), left(at(s + 1), at(0)), "left {s}");
        }
        assert_eq!(left_changes(at(0), at(0)), None);
    }

    #[test]
    fn exact_times_get_shorter_the_nearer_they_are() {
        let now: Timestamp = "2026-06-05T15:00:00Z".parse().unwrap();
        assert_eq!(exact("2026-06-05T14:05:33Z".parse().unwrap(), now, &TimeZone::UTC), "14:05:33");
        assert_eq!(exact("2026-06-03T15:00:00Z".parse().unwrap(), now, &TimeZone::UTC), "Wed 15:00");
        assert_eq!(exact("2026-05-01T15:00:00Z".parse().unwrap(), now, &TimeZone::UTC), "2026-05-01 15:00");
    }
}
