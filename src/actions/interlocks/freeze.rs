//! Freezes: while one holds, nothing new is brought to the users of its tiers; what takes back or stops is free.

use jiff::Timestamp;

use super::Interlock;
use crate::actions::policy::Policy;
use crate::clock::since;
use crate::domain::environment::Tier;
use crate::domain::freeze::{Freeze, Standing};

/// How long before its begin a freeze is worth a word.
const SOON: std::time::Duration = std::time::Duration::from_hours(4);

/// What the freezes of `tier` say at `now`; `None` where there is none that still comes.
pub fn freeze(policy: &Policy, tier: Tier, now: Timestamp) -> Option<Interlock> {
    let standing: Vec<_> = policy.freezes(tier).map(|freeze| (freeze, freeze.standing(now))).collect();
    let holds = standing.iter().filter_map(|(freeze, standing)| match standing {
        Standing::Holds(end) => Some((*freeze, end)),
        _ => None,
    });
    if let Some((freeze, end)) = holds.max_by_key(|(_, end)| end.timestamp()) {
        let message = format!("freeze until {}{}", freeze.says(end), reason(freeze));
        let cleared_by = format!("time: it ends {}", freeze.says(end));
        return Some(Interlock::ruled("freeze", message, cleared_by).until(end.timestamp()));
    }
    let begins = standing.iter().filter_map(|(freeze, standing)| match standing {
        Standing::Begins(begin) => Some((*freeze, begin)),
        _ => None,
    });
    let (freeze, begin) = begins.min_by_key(|(_, begin)| begin.timestamp())?;
    let left = since(now, begin.timestamp());
    let says = freeze.says(begin);
    let interlock = if left > SOON {
        Interlock::clear("freeze", format!("no freeze before {says}"))
    } else {
        Interlock::caution("freeze", format!("freeze starts in {} min ({says}){}", left.as_secs() / 60, reason(freeze)))
    };
    Some(interlock.until(begin.timestamp()))
}

fn reason(freeze: &Freeze) -> String {
    freeze.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default()
}
