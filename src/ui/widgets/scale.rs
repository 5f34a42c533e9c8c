//! A scale: where on the screen a percentage lies, so that a lever that is drawn can be pulled with the mouse.

use ratatui::layout::Position;

use crate::domain::rollout::Weight;

/// Columns of one row and the percentages they stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    /// The row.
    y: u16,
    /// Some of the columns with their percentages, from left to right; between two of them it is in proportion.
    stops: Vec<(u16, u8)>,
}

impl Scale {
    /// A scale in row `y` through `stops`.
    pub const fn new(y: u16, stops: Vec<(u16, u8)>) -> Self {
        Self { y, stops }
    }

    /// Whether `at` lies on it.
    pub fn holds(&self, at: Position) -> bool {
        let ends = self.stops.first().zip(self.stops.last());
        at.y == self.y && ends.is_some_and(|(first, last)| (first.0..=last.0).contains(&at.x))
    }

    /// The percentage at column `x`; beyond an end it is that end's.
    pub fn at(&self, x: u16) -> Weight {
        let below = self.stops.iter().rev().find(|(column, _)| *column <= x).or_else(|| self.stops.first());
        let above = self.stops.iter().find(|(column, _)| *column >= x).or_else(|| self.stops.last());
        let (Some((left, low)), Some((right, high))) = (below, above) else { return Weight::NONE };
        let (width, along) = (u32::from(right.saturating_sub(*left)), u32::from(x.clamp(*left, *right) - left));
        let step = (u32::from(high.abs_diff(*low)) * along + width / 2).checked_div(width).unwrap_or(0);
        let step = u8::try_from(step).unwrap_or(0);
        let percent = if high >= low { low.saturating_add(step) } else { low.saturating_sub(step) };
        Weight::new(percent).unwrap_or(Weight::ALL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_in_proportion_between_its_stops_and_ends_at_its_ends() {
        let scale = Scale::new(3, vec![(10, 5), (13, 5), (23, 25), (33, 100)]);
        let percents: Vec<_> = [0, 10, 12, 18, 23, 28, 33, 90].iter().map(|x| scale.at(*x).percent()).collect();
        assert_eq!(percents, [5, 5, 5, 15, 25, 63, 100, 100]);
        assert!(scale.holds(Position::new(10, 3)) && scale.holds(Position::new(33, 3)));
        assert!(!scale.holds(Position::new(9, 3)) && !scale.holds(Position::new(20, 4)));
    }
}
