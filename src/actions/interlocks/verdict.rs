//! Verdict: what the judge says about giving the candidate more.

use super::Interlock;
use crate::domain::rollout::{Rollout, VerdictState};

/// What the verdict says about raising the candidate's weight.
pub fn verdict(rollout: &Rollout) -> Interlock {
    let Some(verdict) = &rollout.verdict else {
        return Interlock::caution("verdict", "no verdict: no metrics are configured");
    };
    let score = verdict.score.map(|score| format!(" {score} of 100")).unwrap_or_default();
    match verdict.state {
        VerdictState::Pass => Interlock::clear("verdict", format!("verdict pass{score}")),
        VerdictState::NoData => Interlock::caution("verdict", "no verdict yet: too few requests to the candidate"),
        state => Interlock::caution("verdict", format!("verdict {state}{score}{}", worst(rollout))),
    }
}

fn worst(rollout: &Rollout) -> String {
    let metrics = rollout.verdict.iter().flat_map(|verdict| &verdict.metrics);
    let broken = metrics.filter(|metric| matches!(metric.state, VerdictState::Fail | VerdictState::Marginal));
    broken.fold(String::new(), |words, metric| format!("{words}; {} needs {}", metric.name, metric.condition))
}
