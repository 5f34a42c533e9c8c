//! The policy: the rules of this console, as the configuration sets them.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::config;
use crate::domain::environment::Tier;
use crate::domain::freeze::Freeze;
use crate::domain::rollout::VerdictState;

/// The rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// When nothing new is brought to the users.
    pub freezes: Vec<Freeze>,
    /// What holds in each tier; a tier that is missing has the default.
    pub tiers: BTreeMap<Tier, TierPolicy>,
}

/// The rules of one tier. What is not demanded is said where it is missing, and stands in nobody's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::module_name_repetitions, reason = "the policy of one tier, beside the policy of all")]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule that is demanded or not")]
pub struct TierPolicy {
    /// What is older than this is read again before acting; at zero it always is.
    pub max_age: Duration,
    /// Whether an action needs a reason.
    pub reason: bool,
    /// The worst verdict with which a candidate's weight may be raised; `None` where none is demanded.
    pub verdict: Option<VerdictState>,
    /// How many requests of the candidate that verdict must rest on.
    pub samples: Option<u32>,
    /// Whether a step's bake time must have passed.
    pub bake: bool,
    /// Whether evidence at a gate must be there and speak for the release.
    pub evidence: bool,
    /// Whether a release must have served in the environment below.
    pub order: bool,
    /// How many people it takes: with 2, a second person confirms.
    pub approvals: u32,
    /// Whether the rules above, and a freeze, may be broken with a reason.
    pub break_glass: bool,
}

impl Default for TierPolicy {
    fn default() -> Self {
        Self {
            max_age: Duration::ZERO,
            reason: false,
            verdict: None,
            samples: None,
            bake: false,
            evidence: false,
            order: false,
            approvals: 1,
            break_glass: false,
        }
    }
}

impl Policy {
    /// What holds in `tier`; a tier that is not known has production's rules.
    pub fn tier(&self, tier: Tier) -> TierPolicy {
        self.tiers.get(&known(tier)).copied().unwrap_or_default()
    }

    /// The freezes that hold in `tier` at their times; a tier that is not known has production's.
    pub fn freezes(&self, tier: Tier) -> impl Iterator<Item = &Freeze> {
        self.freezes.iter().filter(move |freeze| freeze.tiers.contains(&known(tier)))
    }
}

fn known(tier: Tier) -> Tier {
    if tier.is_production() { Tier::Production } else { tier }
}

impl From<&config::Policy> for Policy {
    /// The rules as the file sets them, with the defaults where it says nothing.
    fn from(policy: &config::Policy) -> Self {
        let rules = |said: &config::TierPolicy| {
            let default = TierPolicy::default();
            TierPolicy {
                max_age: said.max_age.unwrap_or(default.max_age),
                reason: said.reason.unwrap_or(default.reason),
                verdict: said.verdict.or(default.verdict),
                samples: said.samples.or(default.samples),
                bake: said.bake.unwrap_or(default.bake),
                evidence: said.evidence.unwrap_or(default.evidence),
                order: said.order.unwrap_or(default.order),
                approvals: said.approvals.unwrap_or(default.approvals),
                break_glass: said.break_glass.unwrap_or(default.break_glass),
            }
        };
        let tiers = policy.tiers.iter().map(|(tier, said)| (*tier, rules(said))).collect();
        Self { freezes: policy.freezes.clone(), tiers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_file_does_not_say_has_its_default() {
        let said = config::TierPolicy { reason: Some(true), ..config::TierPolicy::default() };
        let policy = Policy::from(&config::Policy { freezes: Vec::new(), tiers: [(Tier::Production, said)].into() });
        assert_eq!(policy.tier(Tier::Production), TierPolicy { reason: true, ..TierPolicy::default() });
        assert_eq!(policy.tier(Tier::Unknown), policy.tier(Tier::Production));
        assert_eq!(policy.tier(Tier::Staging), TierPolicy::default());
    }
}
