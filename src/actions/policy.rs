//! The policy: the rules of this console, as the configuration sets them.

use std::collections::BTreeMap;
use std::time::Duration;

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
