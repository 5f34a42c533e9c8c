//! Emergency stops: a person's word that nothing new is brought to the users, until somebody takes it back or its time is
//! over. What takes back or stops is free of it.

use jiff::civil::{DateTime, Time};
use jiff::{Span, Timestamp, Zoned};
use serde::{Deserialize, Serialize};

use super::environment::Tier;
use super::ids::Revision;
use super::text::Text;

/// One emergency stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Who called it.
    pub by: Text,
    /// When.
    pub since: Timestamp,
    /// When it ends by itself; `None` where only a person ends it.
    pub until: Option<Timestamp>,
    /// Why.
    pub reason: Option<Text>,
    /// Where it holds; empty is everywhere.
    pub tiers: Vec<Tier>,
}

/// Where a source keeps an emergency stop, and whether one stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brake {
    /// The facts that a plan to pull or to loosen it rests on.
    pub revision: Revision,
    /// The stop, while one stands.
    pub stop: Option<Stop>,
    /// Whether others see it too.
    pub shared: bool,
}

impl Stop {
    /// Whether it stands at `now`.
    pub fn stands(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// Whether it stands at `now` and holds in `tier`; a tier that is not known counts as production.
    pub fn holds(&self, tier: Tier, now: Timestamp) -> bool {
        let tier = if tier.is_production() { Tier::Production } else { tier };
        self.stands(now) && (self.tiers.is_empty() || self.tiers.contains(&tier))
    }

    /// Where it holds, in words.
    pub fn place(&self) -> String {
        place(&self.tiers)
    }

    /// Why and where, in words: `in production: orders are paid twice`.
    pub fn says(&self) -> String {
        let reason = self.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        format!("emergency stop by {} {}{reason}", self.by, self.place())
    }
}

impl Brake {
    /// The brake that holds `stop`.
    pub fn new(stop: Option<Stop>, shared: bool) -> Self {
        Self { revision: revision(stop.as_ref()), stop, shared }
    }
}

/// The revision of a brake that holds `stop`.
pub fn revision(stop: Option<&Stop>) -> Revision {
    let Some(stop) = stop else { return Revision::of([("stop", "none")]) };
    let until = stop.until.map(|until| until.to_string()).unwrap_or_default();
    let (since, place) = (stop.since.to_string(), stop.place());
    Revision::of([("stop", stop.by.as_str()), ("since", &since), ("until", &until), ("place", &place)])
}

/// These tiers in words; none is everywhere.
pub fn place(tiers: &[Tier]) -> String {
    let words: Vec<_> = tiers.iter().map(|tier| tier.as_str()).collect();
    if words.is_empty() { "everywhere".into() } else { format!("in {}", words.join(" and ")) }
}

/// A moment as everybody understands it, whatever their clocks show: `2026-12-01 18:00 UTC`.
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// The moment that people mean by `words` at `now`: a span (`2h`, `30m`), a time of day (`18:00`, the next one), a date
/// and a time (`2026-12-02 08:00`), or a moment as machines write it. `None` if it is none of them or has passed.
pub fn until(words: &str, now: &Zoned) -> Option<Timestamp> {
    let words = words.trim();
    let at =
        words.parse().ok().or_else(|| dated(words, now)).or_else(|| daily(words, now)).or_else(|| span(words, now));
    at.filter(|at| *at > now.timestamp())
}

fn dated(words: &str, now: &Zoned) -> Option<Timestamp> {
    let at = DateTime::strptime("%Y-%m-%d %H:%M", words).ok()?;
    Some(at.to_zoned(now.time_zone().clone()).ok()?.timestamp())
}

fn daily(words: &str, now: &Zoned) -> Option<Timestamp> {
    let time = Time::strptime("%H:%M", words).ok()?;
    let day = if time > now.time() { now.date() } else { now.date().tomorrow().ok()? };
    Some(day.to_datetime(time).to_zoned(now.time_zone().clone()).ok()?.timestamp())
}

fn span(words: &str, now: &Zoned) -> Option<Timestamp> {
    Some(now.checked_add(words.parse::<Span>().ok()?).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Zoned {
        "2026-12-01T15:30:00+01:00[Europe/Berlin]".parse().unwrap()
    }

    #[test]
    fn a_moment_is_written_in_the_ways_in_which_people_write_one() {
        for (words, at) in [
            ("2h", "2026-12-01T16:30:00Z"),
            ("90m", "2026-12-01T16:00:00Z"),
            ("1d", "2026-12-02T14:30:00Z"),
            ("18:00", "2026-12-01T17:00:00Z"),
            ("08:00", "2026-12-02T07:00:00Z"),
            ("2026-12-24 12:00", "2026-12-24T11:00:00Z"),
            ("2026-12-01T20:00:00Z", "2026-12-01T20:00:00Z"),
        ] {
            assert_eq!(until(words, &now()), Some(at.parse().unwrap()), "{words}");
        }
        for words in ["", "soon", "25:00", "-2h", "0s", "2026-11-30 12:00", "2026-12-01T10:00:00Z"] {
            assert_eq!(until(words, &now()), None, "{words}");
        }
    }

    #[test]
    fn it_holds_where_it_was_called_for_and_until_its_time_is_over() {
        let (since, until): (Timestamp, Timestamp) =
            ("2026-12-01T14:00:00Z".parse().unwrap(), "2026-12-01T16:00:00Z".parse().unwrap());
        let stop = |tiers| Stop { by: Text::new("anna"), since, until: Some(until), reason: None, tiers };
        let before = until.saturating_sub(jiff::SignedDuration::from_secs(1)).unwrap();
        assert!(stop(Vec::new()).holds(Tier::Development, before));
        assert!(stop(vec![Tier::Production]).holds(Tier::Unknown, before), "what is not known counts as production");
        assert!(!stop(vec![Tier::Production]).holds(Tier::Staging, before));
        assert!(!stop(Vec::new()).holds(Tier::Production, until));
        assert_ne!(revision(None), revision(Some(&stop(Vec::new()))));
        assert_ne!(revision(Some(&stop(vec![Tier::Staging]))), revision(Some(&stop(Vec::new()))));
    }
}
