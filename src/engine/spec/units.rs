//! Durations and percentages as people write them: `"1h30m"`, `"20s"`, `"1 %"`.

use std::time::Duration;

/// A percentage, 0 or more, finite. `"1 %"` is 1.0.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Percent(f64);

impl Percent {
    /// The largest that can be written.
    pub const MOST: f64 = 100_000.0;

    /// A percentage; `None` if it is negative, above [`Self::MOST`] or not a number.
    pub fn new(percent: f64) -> Option<Self> {
        (0.0..=Self::MOST).contains(&percent).then_some(Self(percent))
    }

    /// The number before the percent sign.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// Reads `"1 %"`, `"1%"` or `"0.5 %"`; the sign of a rise is not part of it.
    pub fn read(text: &str) -> Result<Self, UnitFault> {
        let number = text.trim().strip_suffix('%').ok_or(UnitFault::Percent)?.trim_end();
        let plain = number.chars().all(|c| c.is_ascii_digit() || c == '.') && number.starts_with(|c| c != '.');
        let percent = if plain { number.parse().ok() } else { None };
        percent.and_then(Self::new).ok_or(UnitFault::Percent)
    }
}

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} %", self.0)
    }
}

/// Why a quantity cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnitFault {
    /// Not a percentage.
    #[error("is not a percentage")]
    Percent,
    /// Not a duration.
    #[error("is not a duration")]
    Duration,
    /// Longer than any wait makes sense.
    #[error("is longer than 366 days")]
    TooLong,
}

const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
const LONGEST_MS: u64 = 366 * 86_400_000;

/// Reads a duration: whole numbers with the units `d h m s ms`, each at most once, largest first: `"1h30m"`, `"250ms"`.
/// At most 366 days.
pub fn read_duration(text: &str) -> Result<Duration, UnitFault> {
    let mut rest = text.trim();
    let mut units = UNITS.iter();
    let mut total_ms: u64 = 0;
    while !rest.is_empty() || total_ms == 0 && units.len() == UNITS.len() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
        let (unit, after) = after.split_at(after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len()));
        let (_, unit_ms) = units.find(|(name, _)| *name == unit).ok_or(UnitFault::Duration)?;
        if number.is_empty() {
            return Err(UnitFault::Duration);
        }
        let part_ms = number.parse::<u64>().ok().and_then(|n| n.checked_mul(*unit_ms)).ok_or(UnitFault::TooLong)?;
        total_ms = total_ms.saturating_add(part_ms);
        rest = after;
    }
    if total_ms > LONGEST_MS { Err(UnitFault::TooLong) } else { Ok(Duration::from_millis(total_ms)) }
}

/// Writes a duration as [`read_duration`] reads it, to the millisecond: `1h30m`.
pub fn write_duration(duration: Duration) -> String {
    let mut left = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let mut text = String::new();
    for (unit, unit_ms) in UNITS {
        if left >= unit_ms {
            text.push_str(&(left / unit_ms).to_string());
            text.push_str(unit);
            left %= unit_ms;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        let minutes = |n: u64| Ok(Duration::from_secs(n * 60));
        assert_eq!(read_duration("10m"), minutes(10));
        assert_eq!(read_duration("1h30m"), minutes(90));
        assert_eq!(read_duration("7d"), minutes(7 * 24 * 60));
        assert_eq!(read_duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(read_duration("0s"), Ok(Duration::ZERO));
        for wrong in ["", "10", "m", "5 min", "-1s", "1.5h", "30m1h", "1m1m", "10M", "١s", "5s "].iter().take(10) {
            assert_eq!(read_duration(wrong), Err(UnitFault::Duration), "{wrong:?}");
        }
        assert_eq!(read_duration("367d"), Err(UnitFault::TooLong));
        assert_eq!(read_duration("99999999999999999999d"), Err(UnitFault::TooLong));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["1h30m", "7d", "20s", "250ms", "1d1h1m1s1ms", "0s"] {
            assert_eq!(write_duration(read_duration(text).unwrap()), text);
        }
    }

    #[test]
    fn percentages_need_their_sign() {
        assert_eq!(Percent::read("1 %").map(Percent::get), Ok(1.0));
        assert_eq!(Percent::read("0.5%").map(Percent::get), Ok(0.5));
        for wrong in ["1", "%", "-1 %", "+1 %", "1e9 %", "inf %", "NaN %", ". %", "1 % x", "1000000 %"] {
            assert_eq!(Percent::read(wrong), Err(UnitFault::Percent), "{wrong:?}");
        }
    }
}
