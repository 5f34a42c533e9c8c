//! Samples: a verdict over a handful of requests is none.

use super::Interlock;
use crate::actions::policy::TierPolicy;
use crate::domain::rollout::Rollout;

/// What the policy's number of requests says about the verdict; `None` where it demands none.
pub fn samples(rollout: &Rollout, rules: &TierPolicy) -> Option<Interlock> {
    let needed = u64::from(rules.samples?);
    let metrics = rollout.verdict.iter().flat_map(|verdict| &verdict.metrics);
    let have = metrics.map(|metric| metric.samples).min().unwrap_or(0);
    let message = format!("the verdict rests on {have} requests of the candidate, the policy asks for {needed}");
    Some(if have < needed {
        Interlock::ruled("samples", message, "more traffic to the candidate, or time")
    } else {
        Interlock::clear("samples", format!("the verdict rests on {have} requests (needs {needed})"))
    })
}
