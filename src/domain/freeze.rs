//! Freezes: times in which nothing new is brought to the users, every week or once, by the calendar of a zone.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use super::environment::Tier;
use super::text::Text;

/// One freeze.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    /// When.
    pub window: Window,
    /// Whose calendar and clocks it goes by.
    pub zone: TimeZone,
    /// Where it holds.
    pub tiers: Vec<Tier>,
    /// Why, for people.
    pub reason: Option<Text>,
}

/// When a freeze holds, by the clocks of its zone: from the first moment on, up to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Every week.
    Weekly(WeekTime, WeekTime),
    /// Once.
    Dated(DateTime, DateTime),
}

/// A time of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekTime {
    /// The day.
    pub day: Weekday,
    /// The time of that day.
    pub time: Time,
}

/// How a freeze stands at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It holds, until then.
    Holds(Zoned),
    /// It begins then.
    Begins(Zoned),
    /// It is over for good.
    Over,
}

impl Freeze {
    /// How it stands at `now`. Where the clocks are set forward over its begin or end, that moment comes as much later;
    /// where they are set back over it, it is the first of the two.
    pub fn standing(&self, now: Timestamp) -> Standing {
        let mut spans: Vec<_> =
            self.spans(now).into_iter().flatten().filter(|(_, end)| end.timestamp() > now).collect();
        spans.sort_by_key(|(begin, _)| begin.timestamp());
        match spans.into_iter().next() {
            Some((begin, end)) if begin.timestamp() <= now => Standing::Holds(end),
            Some((begin, _)) => Standing::Begins(begin),
            None => Standing::Over,
        }
    }

    /// A moment of it as people of its zone say it: `Mon 08:00 Europe/Berlin`.
    pub fn says(&self, moment: &Zoned) -> String {
        let zone = self.zone.iana_name().unwrap_or("local time");
        let pattern = if matches!(self.window, Window::Weekly(..)) { "%a %H:%M" } else { "%Y-%m-%d %H:%M" };
        format!("{} {zone}", moment.strftime(pattern))
    }

    /// The times in which it holds that are nearest to `now`; `None` where the calendar ends.
    fn spans(&self, now: Timestamp) -> Vec<Option<(Zoned, Zoned)>> {
        match self.window {
            Window::Dated(from, to) => vec![self.span(from, to)],
            Window::Weekly(from, to) => {
                let today = now.to_zoned(self.zone.clone()).date();
                (-1..=1).map(|week| self.week(today, week, from, to)).collect()
            }
        }
    }

    /// The span that begins in the week that is `week` weeks from the one in which `from` was last reached.
    fn week(&self, today: Date, week: i64, from: WeekTime, to: WeekTime) -> Option<(Zoned, Zoned)> {
        let since = i64::from(today.weekday().since(from.day));
        let first = today.checked_add(Span::new().try_days(week * 7 - since).ok()?).ok()?;
        let days = match i64::from(to.day.since(from.day)) {
            0 if to.time <= from.time => 7,
            days => days,
        };
        let last = first.checked_add(Span::new().try_days(days).ok()?).ok()?;
        self.span(first.to_datetime(from.time), last.to_datetime(to.time))
    }

    fn span(&self, from: DateTime, to: DateTime) -> Option<(Zoned, Zoned)> {
        Some((from.to_zoned(self.zone.clone()).ok()?, to.to_zoned(self.zone.clone()).ok()?))
    }
}

impl Window {
    /// The window between two moments as people write them: `Fri 17:00`, or `2026-12-23 12:00` and `2026-12-23`. `None`
    /// if one is neither, if they are not of one kind, or if the end does not come after the begin.
    pub fn parse(from: &str, to: &str) -> Option<Self> {
        if let (Some(from), Some(to)) = (WeekTime::parse(from), WeekTime::parse(to)) {
            return (from != to).then_some(Self::Weekly(from, to));
        }
        let (from, to) = (date_time(from)?, date_time(to)?);
        (from < to).then_some(Self::Dated(from, to))
    }
}

impl WeekTime {
    fn parse(words: &str) -> Option<Self> {
        let (day, time) = words.split_once(' ')?;
        Some(Self { day: weekday(day)?, time: Time::strptime("%H:%M", time.trim()).ok()? })
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word.to_ascii_lowercase().as_str() {
        "mon" | "monday" => Weekday::Monday,
        "tue" | "tuesday" => Weekday::Tuesday,
        "wed" | "wednesday" => Weekday::Wednesday,
        "thu" | "thursday" => Weekday::Thursday,
        "fri" | "friday" => Weekday::Friday,
        "sat" | "saturday" => Weekday::Saturday,
        "sun" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

fn date_time(words: &str) -> Option<DateTime> {
    let whole = DateTime::strptime("%Y-%m-%d %H:%M", words).ok();
    whole.or_else(|| Some(Date::strptime("%Y-%m-%d", words).ok()?.to_datetime(Time::midnight())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn freeze(from: &str, to: &str, zone: &str) -> Freeze {
        let zone = TimeZone::get(zone).unwrap();
        Freeze { window: Window::parse(from, to).unwrap(), zone, tiers: vec![Tier::Production], reason: None }
    }

    /// How a freeze stands at a moment, in words.
    fn at(freeze: &Freeze, now: &str) -> String {
        match freeze.standing(now.parse().unwrap()) {
            Standing::Holds(end) => format!("holds until {} = {}", freeze.says(&end), end.timestamp()),
            Standing::Begins(begin) => format!("begins {} = {}", freeze.says(&begin), begin.timestamp()),
            Standing::Over => "over".into(),
        }
    }

    #[test]
    fn a_week_end_is_frozen_from_its_begin_up_to_its_end() {
        let freeze = freeze("Fri 17:00", "Mon 08:00", "Europe/Berlin");
        let begins = "begins Fri 17:00 Europe/Berlin = 2026-11-27T16:00:00Z";
        let holds = "holds until Mon 08:00 Europe/Berlin = 2026-11-30T07:00:00Z";
        for (now, says) in [
            ("2026-11-23T07:00:00Z", begins),
            ("2026-11-25T10:00:00Z", begins),
            ("2026-11-27T15:59:59Z", begins),
            ("2026-11-27T16:00:00Z", holds),
            ("2026-11-29T12:00:00Z", holds),
            ("2026-11-30T06:59:59Z", holds),
            ("2026-11-30T07:00:00Z", "begins Fri 17:00 Europe/Berlin = 2026-12-04T16:00:00Z"),
        ] {
            assert_eq!(at(&freeze, now), says, "at {now}");
        }
    }

    #[test]
    fn summer_and_winter_time_move_it_as_they_move_the_clocks() {
        let weekly = freeze("Fri 17:00", "Mon 08:00", "Europe/Berlin");
        // The clocks are set back on Sunday, 2026-10-25: the freeze is an hour longer.
        assert_eq!(at(&weekly, "2026-10-23T15:00:00Z"), "holds until Mon 08:00 Europe/Berlin = 2026-10-26T07:00:00Z");
        assert_eq!(at(&weekly, "2026-10-23T14:59:59Z"), "begins Fri 17:00 Europe/Berlin = 2026-10-23T15:00:00Z");
        // 02:30 does not exist on 2026-03-29: it begins when those clocks show 03:30.
        let gap = freeze("2026-03-29 02:30", "2026-03-29 06:00", "Europe/Berlin");
        assert_eq!(at(&gap, "2026-03-29T00:00:00Z"), "begins 2026-03-29 03:30 Europe/Berlin = 2026-03-29T01:30:00Z");
        // 02:30 comes twice on 2026-10-25: the first counts.
        let fold = freeze("2026-10-25 02:30", "2026-10-25 06:00", "Europe/Berlin");
        assert_eq!(
            at(&fold, "2026-10-25T00:30:00Z"),
            "holds until 2026-10-25 06:00 Europe/Berlin = 2026-10-25T05:00:00Z"
        );
    }

    #[test]
    fn what_was_once_is_over_for_good() {
        let freeze = freeze("2026-12-23 12:00", "2027-01-02", "UTC");
        assert_eq!(at(&freeze, "2026-12-23T11:59:59Z"), "begins 2026-12-23 12:00 UTC = 2026-12-23T12:00:00Z");
        assert_eq!(at(&freeze, "2026-12-31T23:59:59Z"), "holds until 2027-01-02 00:00 UTC = 2027-01-02T00:00:00Z");
        assert_eq!(at(&freeze, "2027-01-02T00:00:00Z"), "over");
    }

    #[test]
    fn within_one_day_and_almost_the_whole_week() {
        let night = freeze("Sat 01:00", "Sat 05:00", "UTC");
        assert_eq!(at(&night, "2026-11-28T04:59:00Z"), "holds until Sat 05:00 UTC = 2026-11-28T05:00:00Z");
        assert_eq!(at(&night, "2026-11-28T05:00:00Z"), "begins Sat 01:00 UTC = 2026-12-05T01:00:00Z");
        let almost_all = freeze("Tue 12:00", "Tue 10:00", "UTC");
        assert_eq!(at(&almost_all, "2026-11-24T11:00:00Z"), "begins Tue 12:00 UTC = 2026-11-24T12:00:00Z");
        assert_eq!(at(&almost_all, "2026-11-24T09:59:00Z"), "holds until Tue 10:00 UTC = 2026-11-24T10:00:00Z");
    }

    #[test]
    fn what_is_no_window_is_none() {
        for (from, to) in [
            ("Fri 17:00", "Fri 17:00"),
            ("Fri 17:00", "2026-12-23"),
            ("Fri", "Mon 08:00"),
            ("Fri 25:00", "Mon 08:00"),
            ("Someday 10:00", "Mon 08:00"),
            ("2026-12-23", "2026-12-23"),
            ("2026-12-24", "2026-12-23"),
            ("2026-02-30", "2026-03-01"),
        ] {
            assert_eq!(Window::parse(from, to), None, "{from} to {to}");
        }
    }
}
