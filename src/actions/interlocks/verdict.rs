//! Verdict: what the judge says about giving the candidate more.

use super::Interlock;
use crate::actions::policy::TierPolicy;
use crate::domain::rollout::{Rollout, VerdictState};

/// What the verdict says about raising the candidate's weight.
pub fn verdict(rollout: &Rollout, rules: &TierPolicy) -> Interlock {
    let asks = rules.verdict.map(|worst| format!("a verdict of {worst}, as the policy asks")).unwrap_or_default();
    let demanded = |message: &str| Interlock::demanded(rules.verdict.is_some(), "verdict", message, &asks);
    let Some(verdict) = &rollout.verdict else { return demanded("no verdict: no metrics are configured") };
    let score = verdict.score.map(|score| format!(" {score} of 100")).unwrap_or_default();
    let says = format!("verdict {}{score}{}", verdict.state, worst(rollout));
    match verdict.state {
        VerdictState::Pass => Interlock::clear("verdict", says),
        VerdictState::NoData => demanded("no verdict yet: too few requests to the candidate"),
        VerdictState::Marginal if rules.verdict == Some(VerdictState::Marginal) => Interlock::caution("verdict", says),
        _ => demanded(&says),
    }
}

fn worst(rollout: &Rollout) -> String {
    let metrics = rollout.verdict.iter().flat_map(|verdict| &verdict.metrics);
    let broken = metrics.filter(|metric| matches!(metric.state, VerdictState::Fail | VerdictState::Marginal));
    broken.fold(String::new(), |words, metric| format!("{words}; {} needs {}", metric.name, metric.condition))
}
