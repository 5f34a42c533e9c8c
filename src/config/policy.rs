//! The rules of this console, as the file sets them.

use std::collections::BTreeMap;
use std::time::Duration;

use super::document::Table;
use crate::domain::environment::Tier;

/// The rules, tier by tier; what is not said has the console's default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// What the file says of a tier.
    pub tiers: BTreeMap<Tier, TierPolicy>,
}

/// What the file says of one tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TierPolicy {
    /// What is older than this is fetched again before acting.
    pub max_age: Option<Duration>,
    /// Whether an action needs a reason.
    pub reason: Option<bool>,
}

const TIERS: [&str; 3] = ["development", "staging", "production"];

pub(super) fn read(root: &Table<'_, '_>) -> Policy {
    let table = root.get("policy").and_then(|value| value.table(&["tiers"], "[policy]"));
    let tiers = table.and_then(|table| table.get("tiers")?.table(&TIERS, "[policy.tiers]"));
    let Some(tiers) = tiers else { return Policy::default() };
    let tier = |word: &&str| {
        let rules = tiers.get(word)?.table(&["max_age", "reason"], &format!("[policy.tiers.{word}]"))?;
        let max_age = rules.get("max_age").and_then(|value| value.duration());
        let reason = rules.get("reason").and_then(|value| value.flag());
        Some((Tier::from_word(word), TierPolicy { max_age, reason }))
    };
    Policy { tiers: TIERS.iter().filter_map(tier).collect() }
}
