//! The frame cap: at most thirty frames a second in the long run, and a few at once, so that a key that comes right
//! after a change is answered at once, too.

use std::time::{Duration, Instant};

/// The shortest time from one frame to the next, in the long run.
const FRAME: Duration = Duration::from_millis(33);
/// How many frames may follow each other at once after a rest.
const BURST: u32 = 3;

/// When the next frame may be drawn.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// When all frames so far would have been drawn, one each [`FRAME`].
    even: Option<Instant>,
}

impl Pace {
    /// How long to wait before the next frame.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        let ahead = self.even.map_or(Duration::ZERO, |even| even.saturating_duration_since(now));
        ahead.saturating_sub(FRAME * (BURST - 1))
    }

    /// A frame went to the terminal.
    pub(super) fn count(&mut self, now: Instant) {
        self.even = Some(self.even.map_or(now, |even| even.max(now)) + FRAME);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock as _, System};

    /// How many frames a console draws within `span`, if something changes all the time.
    fn frames(span: Duration) -> u32 {
        let (mut pace, begin, mut passed, mut drawn) = (Pace::default(), System.instant(), Duration::ZERO, 0);
        while passed < span {
            match pace.wait(begin + passed) {
                Duration::ZERO => {
                    pace.count(begin + passed);
                    drawn += 1;
                }
                wait => passed += wait,
            }
        }
        drawn
    }

    #[test]
    fn a_few_frames_at_once_and_thirty_a_second_in_the_long_run() {
        assert_eq!(frames(Duration::from_millis(1)), BURST);
        assert_eq!(frames(Duration::from_secs(1)), 30 + BURST);
        assert_eq!(frames(Duration::from_mins(1)), 60 * 1000 / 33 + BURST);
    }

    #[test]
    fn a_rest_gives_the_burst_back_and_no_more() {
        let (mut pace, begin) = (Pace::default(), System.instant());
        (0..BURST).for_each(|_| pace.count(begin));
        assert!(!pace.wait(begin).is_zero());
        let later = begin + Duration::from_mins(1);
        for _ in 0..BURST {
            assert!(pace.wait(later).is_zero());
            pace.count(later);
        }
        assert!(!pace.wait(later).is_zero());
    }
}
