//! Emergency stops: while one stands, nothing new is brought to the users of its tiers; what takes back or stops is free.

use jiff::Timestamp;

use super::Interlock;
use crate::domain::environment::Tier;
use crate::domain::ids::Revision;
use crate::domain::stop::moment;
use crate::store::Store;

/// What the emergency stops say about bringing something new into `tier` at `now`. They are freezes that people call, and
/// go by that name.
pub fn stop(store: &Store, tier: Tier, now: Timestamp) -> Vec<Interlock> {
    let holds = store.stops(now).filter(|(_, stop)| stop.holds(tier, now));
    let locked = holds.map(|(brake, stop)| {
        let alone = if brake.shared { "" } else { "; others do not see it" };
        let (end, until) = match stop.until {
            Some(at) => (format!("; until {}", moment(at)), format!("freeze off, or time: it ends {}", moment(at))),
            None => (String::new(), "freeze off".to_owned()),
        };
        let locked = Interlock::ruled("freeze", format!("{}{end}{alone}", stop.says()), until);
        Interlock { until: stop.until, ..locked }
    });
    locked.collect()
}

/// The revision of all emergency stops together: what a plan that they could lock rests on.
pub fn revision(store: &Store) -> Revision {
    Revision::of(store.brakes().map(|(source, brake)| (source.as_str(), brake.revision.as_str())))
}
