//! Percentages as people write them: `"1 %"`.

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
    pub fn read(text: &str) -> Result<Self, NotPercent> {
        let number = text.trim().strip_suffix('%').ok_or(NotPercent)?.trim_end();
        let plain = number.chars().all(|c| c.is_ascii_digit() || c == '.') && number.starts_with(|c| c != '.');
        let percent = if plain { number.parse().ok() } else { None };
        percent.and_then(Self::new).ok_or(NotPercent)
    }
}

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} %", self.0)
    }
}

/// The text is not a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a percentage")]
pub struct NotPercent;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_need_their_sign() {
        assert_eq!(Percent::read("1 %").map(Percent::get), Ok(1.0));
        assert_eq!(Percent::read("0.5%").map(Percent::get), Ok(0.5));
        for wrong in ["1", "%", "-1 %", "+1 %", "1e9 %", "inf %", "NaN %", ". %", "1 % x", "1000000 %"] {
            assert_eq!(Percent::read(wrong), Err(NotPercent), "{wrong:?}");
        }
    }
}
