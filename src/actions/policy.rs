//! The policy: the rules of this console, as the configuration sets them.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::config;
use crate::domain::environment::Tier;

/// The rules, tier by tier.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// What holds in each tier; a tier that is missing has the default.
    pub tiers: BTreeMap<Tier, TierPolicy>,
}

/// The rules of one tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::module_name_repetitions, reason = "the policy of one tier, beside the policy of all")]
pub struct TierPolicy {
    /// What is older than this is fetched again before acting.
    pub max_age: Duration,
    /// Whether an action needs a reason.
    pub reason: bool,
}

impl Default for TierPolicy {
    fn default() -> Self {
        Self { max_age: Duration::from_secs(30), reason: false }
    }
}

impl Policy {
    /// What holds in `tier`; a tier that is not known has production's rules.
    pub fn tier(&self, tier: Tier) -> TierPolicy {
        let tier = if tier.is_production() { Tier::Production } else { tier };
        self.tiers.get(&tier).copied().unwrap_or_default()
    }
}

impl From<&config::Policy> for Policy {
    /// The rules as the file sets them, with the defaults where it says nothing.
    fn from(policy: &config::Policy) -> Self {
        let rules = |said: &config::TierPolicy| {
            let default = TierPolicy::default();
            TierPolicy {
                max_age: said.max_age.unwrap_or(default.max_age),
                reason: said.reason.unwrap_or(default.reason),
            }
        };
        Self { tiers: policy.tiers.iter().map(|(tier, said)| (*tier, rules(said))).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_file_does_not_say_has_its_default() {
        let said = config::TierPolicy { max_age: None, reason: Some(true) };
        let policy = Policy::from(&config::Policy { tiers: [(Tier::Production, said)].into() });
        assert_eq!(policy.tier(Tier::Production), TierPolicy { reason: true, ..TierPolicy::default() });
        assert_eq!(policy.tier(Tier::Staging), TierPolicy::default());
    }
}
