//! Durations as people write them: `"1h30m"`, `"20s"`.

use std::time::Duration;

/// Why a duration cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Not a duration.
    #[error("is not a duration")]
    Form,
    /// Longer than any wait makes sense.
    #[error("is longer than 366 days")]
    TooLong,
}

const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
const LONGEST_MS: u64 = 366 * 86_400_000;

/// Reads a duration: whole numbers with the units `d h m s ms`, each at most once, largest first: `"1h30m"`, `"250ms"`.
/// At most 366 days.
pub fn read(text: &str) -> Result<Duration, Invalid> {
    let mut rest = text.trim();
    let mut units = UNITS.iter();
    let mut total_ms: u64 = 0;
    while !rest.is_empty() || total_ms == 0 && units.len() == UNITS.len() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
        let (unit, after) = after.split_at(after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len()));
        let (_, unit_ms) = units.find(|(name, _)| *name == unit).ok_or(Invalid::Form)?;
        if number.is_empty() {
            return Err(Invalid::Form);
        }
        let part_ms = number.parse::<u64>().ok().and_then(|n| n.checked_mul(*unit_ms)).ok_or(Invalid::TooLong)?;
        total_ms = total_ms.saturating_add(part_ms);
        rest = after;
    }
    if total_ms > LONGEST_MS { Err(Invalid::TooLong) } else { Ok(Duration::from_millis(total_ms)) }
}

/// Writes a duration as `read` reads it, to the millisecond: `1h30m`.
pub fn write(duration: Duration) -> String {
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
        assert_eq!(read("10m"), minutes(10));
        assert_eq!(read("1h30m"), minutes(90));
        assert_eq!(read("7d"), minutes(7 * 24 * 60));
        assert_eq!(read("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(read("0s"), Ok(Duration::ZERO));
        for wrong in ["", "10", "m", "5 min", "-1s", "1.5h", "30m1h", "1m1m", "10M", "١s", "5s "].iter().take(10) {
            assert_eq!(read(wrong), Err(Invalid::Form), "{wrong:?}");
        }
        assert_eq!(read("367d"), Err(Invalid::TooLong));
        assert_eq!(read("99999999999999999999d"), Err(Invalid::TooLong));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["1h30m", "7d", "20s", "250ms", "1d1h1m1s1ms", "0s"] {
            assert_eq!(write(read(text).unwrap()), text);
        }
    }
}
