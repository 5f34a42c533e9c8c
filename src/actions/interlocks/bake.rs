//! Bake time: how long a step stays before the next, so that what is slow to show has time to.

use super::Interlock;
use crate::actions::policy::TierPolicy;
use crate::domain::rollout::Rollout;

/// What the bake time of the present step says about going further; `None` where it has passed or there is none.
pub fn bake(rollout: &Rollout, rules: &TierPolicy) -> Option<Interlock> {
    let left = rollout.bake_left_ms.filter(|left| *left > 0)?.div_ceil(1000);
    let message = format!("{}:{:02} of this step's bake time is left", left / 60, left % 60);
    Some(Interlock::demanded(rules.bake, "bake", message, "waiting until it has passed"))
}
