//! Environment order: a release goes from environment to environment; where it has not been, nobody has seen it work.

use super::Interlock;
use crate::actions::policy::TierPolicy;
use crate::domain::environment::Environment;
use crate::domain::release::VersionName;

/// What the environment `below`, if there is one, says about bringing `version` in.
pub fn environment_order(below: Option<&Environment>, version: &VersionName, rules: &TierPolicy) -> Interlock {
    let Some(below) = below else { return Interlock::clear("environment_order", "the first environment") };
    let there = below.release.as_ref().is_some_and(|release| release.version == *version);
    let was = below.kept.iter().any(|kept| kept.version == *version);
    match (there, was) {
        (true, _) => Interlock::clear("environment_order", format!("{version} serves in {}", below.name)),
        (_, true) => Interlock::caution("environment_order", format!("{version} no longer serves in {}", below.name)),
        _ => Interlock::demanded(
            rules.order,
            "environment_order",
            format!("{version} has not served in {}", below.name),
            format!("promoting it to {} first", below.name),
        ),
    }
}
