//! When the lines of a log were written, beside them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Tail;
use crate::clock::since;
use crate::store::log::Log;

/// Columns that a time takes, with the blank after it.
pub const WIDTH: u16 = 9;

/// How times are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Telling {
    /// Not at all.
    #[default]
    Off,
    /// As the time of day.
    OfDay,
    /// Since the job's start.
    SinceStart,
}

impl Tail {
    /// Tells times in the next way, or no longer; says what there is to say.
    pub fn time(&mut self, log: &Log) -> Option<&'static str> {
        self.telling = match self.telling {
            Telling::Off => Telling::OfDay,
            Telling::OfDay => Telling::SinceStart,
            Telling::SinceStart => Telling::Off,
        };
        match self.telling {
            Telling::Off => None,
            _ if log.times().none() => {
                self.telling = Telling::Off;
                Some("this log has no times: its source keeps none")
            }
            Telling::OfDay => Some("when lines were written, as the time of day"),
            Telling::SinceStart => Some("when lines were written, since the job's start"),
        }
    }

    /// Whether times are to be told.
    pub fn timed(&self) -> bool {
        self.telling != Telling::Off
    }

    /// The columns that times take beside `log`.
    pub fn time_width(&self, log: &Log) -> u16 {
        if self.timed() && log.times().known() { WIDTH } else { 0 }
    }

    /// The time of line `index`, in the columns of one.
    pub fn time_of(&self, log: &Log, index: usize, began: Option<Timestamp>, zone: &TimeZone) -> Option<String> {
        let at = log.times().at(log.at(index)?)?;
        Some(match self.telling {
            Telling::Off => return None,
            Telling::OfDay => at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string(),
            Telling::SinceStart => format!("{:>8}", after(began.or_else(|| log.times().begin())?, at)),
        })
    }
}

/// `+0:41`, `+1:02:03`.
fn after(began: Timestamp, at: Timestamp) -> String {
    let s = since(began, at).as_secs();
    let (hours, minutes, seconds) = (s / 3600, s / 60 % 60, s % 60);
    if hours > 0 { format!("+{hours}:{minutes:02}:{seconds:02}") } else { format!("+{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_after_the_start_is_told_to_the_second() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let told = [0, 41, 723, 3723, 360_000].map(|second| after(at(7), at(7 + second)));
        assert_eq!(told, ["+0:00", "+0:41", "+12:03", "+1:02:03", "+100:00:00"]);
        assert_eq!(after(at(7), at(6)), "+0:00", "clocks differ");
    }
}
