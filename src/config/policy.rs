//! The rules of this console, as the file sets them.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::document::{Table, Value};
use crate::domain::environment::Tier;
use crate::domain::freeze::{Freeze, Window};
use crate::domain::rollout::VerdictState;
use crate::domain::text::Text;

/// The rules, tier by tier; what is not said has the console's default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// When nothing new is brought to the users.
    pub freezes: Vec<Freeze>,
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
    /// The verdict that is needed to raise a candidate's weight.
    pub verdict: Option<VerdictState>,
    /// How many requests of the candidate a verdict must rest on.
    pub samples: Option<u32>,
    /// Whether a step's bake time must have passed.
    pub bake: Option<bool>,
    /// Whether evidence at a gate must be there and speak for the release.
    pub evidence: Option<bool>,
    /// Whether a release must have served in the environment below.
    pub order: Option<bool>,
    /// How many people it takes to bring something new.
    pub approvals: Option<u32>,
    /// Whether these rules may be broken with a reason.
    pub break_glass: Option<bool>,
}

const TIERS: [&str; 3] = ["development", "staging", "production"];
const RULES: [&str; 9] =
    ["max_age", "reason", "verdict", "samples", "bake", "evidence", "order", "approvals", "break_glass"];
const VERDICTS: [&str; 2] = ["pass", "marginal"];
const FREEZE: &str = "freeze = [{ from = \"Fri 17:00\", to = \"Mon 08:00\", zone = \"Europe/Berlin\" }]";
const MOMENT: &str =
    "write both as a day and a time, \"Fri 17:00\", or both as a date, \"2026-12-23 12:00\"; the end after the begin";

pub(super) fn read(root: &Table<'_, '_>) -> Policy {
    let Some(table) = root.get("policy").and_then(|value| value.table(&["freeze", "tiers"], "[policy]")) else {
        return Policy::default();
    };
    let freezes = table.each("freeze", FREEZE, &["from", "to", "zone", "tiers", "reason"]);
    let tiers = table.get("tiers").and_then(|value| value.table(&TIERS, "[policy.tiers]"));
    let tier = |word: &&str| {
        let rules = tiers.as_ref()?.get(word)?.table(&RULES, &format!("[policy.tiers.{word}]"))?;
        Some((Tier::from_word(word), tier_policy(&rules)))
    };
    Policy { freezes: freezes.iter().filter_map(freeze).collect(), tiers: TIERS.iter().filter_map(tier).collect() }
}

fn tier_policy(rules: &Table<'_, '_>) -> TierPolicy {
    let flag = |key| rules.get(key).and_then(|value: Value<'_, '_>| value.flag());
    TierPolicy {
        max_age: rules.get("max_age").and_then(|value| value.duration()),
        reason: flag("reason"),
        verdict: rules.get("verdict").and_then(|value| value.word(&VERDICTS)).map(VerdictState::from_word),
        samples: rules.get("samples").and_then(|value| value.whole(1..=u32::MAX)),
        bake: flag("bake"),
        evidence: flag("evidence"),
        order: flag("order"),
        approvals: rules.get("approvals").and_then(|value| value.whole(1..=2)),
        break_glass: flag("break_glass"),
    }
}

fn freeze(table: &Table<'_, '_>) -> Option<Freeze> {
    let (from, to) = (table.need("from", MOMENT)?, table.need("to", MOMENT)?);
    let zone = table.need("zone", "name the zone whose clocks it goes by: \"Europe/Berlin\", \"UTC\"")?;
    let window = Window::parse(from.text()?, to.text()?);
    if window.is_none() {
        to.fault("is not the end of a window in time", MOMENT);
    }
    let known = TimeZone::get(zone.text()?);
    if known.is_err() {
        zone.fault("is not a time zone", "write its name in the IANA database: \"Europe/Berlin\", \"UTC\"");
    }
    let tiers = table.get("tiers").map(|tiers| tiers.list("write a list of tiers"));
    let tiers = tiers.map(|tiers| tiers.iter().filter_map(|tier| tier.word(&TIERS)).map(Tier::from_word).collect());
    let reason = table.get("reason").and_then(|reason| reason.text()).map(Text::new);
    Some(Freeze { window: window?, zone: known.ok()?, tiers: tiers.unwrap_or_else(|| vec![Tier::Production]), reason })
}
