//! A trend in characters: as many of the last values as fit, from the lowest to the highest of them.

/// The last `width` of `values` as bars; a missing value is a blank.
pub fn spark(values: &[Option<f64>], width: usize) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let values = &values[values.len().saturating_sub(width)..];
    let known = || values.iter().copied().flatten().filter(|value| value.is_finite());
    let (low, high) = known().fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
    // A trend is not made out of noise: what varies by less than a tenth is drawn nearly flat.
    let span = (high - low).max(high.abs() / 10.0);
    let bar = |value: f64| {
        let share = if span > 0.0 { (value - low) / span } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of seven is 0 to 7")]
        let step = (share * 7.0).round().clamp(0.0, 7.0) as usize;
        BARS[step]
    };
    values.iter().map(|value| value.filter(|value| value.is_finite()).map_or(' ', bar)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_goes_from_the_lowest_to_the_highest() {
        assert_eq!(spark(&[Some(0.0), Some(50.0), Some(100.0)], 8), "▁▅█");
        assert_eq!(spark(&[Some(1.0), None, Some(1.0)], 8), "▁ ▁");
        assert_eq!(spark(&[Some(100.0), Some(101.0)], 8), "▁▂");
        assert_eq!(spark(&[Some(9.0), Some(0.0), Some(1.0)], 2), "▁█");
        assert_eq!(spark(&[], 8), "");
    }
}
