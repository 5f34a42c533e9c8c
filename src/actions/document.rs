//! Plans, outcomes and refusals as JSON: the same document goes to standard output and into the journal.

use serde_json::{Value, json};

use super::interlocks::Interlock;
use super::outcome::Outcome;
use super::plan::Plan;
use super::unavailable::Unavailable;
use crate::domain::order::Call;

/// A plan with its exact calls.
pub fn plan(plan: &Plan, calls: &[Call]) -> Value {
    let mut steps: Vec<Value> = calls.iter().map(|call| Value::from(call.to_string())).collect();
    steps.push(Value::from(plan.watch()));
    json!({
        "action": plan.action.as_str(),
        "target": plan.target.path,
        "facts": plan.facts.iter().map(|fact| json!({ "name": fact.name, "value": fact.value })).collect::<Vec<_>>(),
        "revision": plan.revision,
        "seen_at": plan.seen_at,
        "before": plan.before,
        "after": plan.after,
        "about": plan.about,
        "steps": steps,
        "interlocks": plan.interlocks.iter().map(interlock).collect::<Vec<_>>(),
        "undo": plan.undo,
        "confirmed_by": null,
        "source": plan.source(),
        "key": plan.order.key,
    })
}

/// One rule and what it says.
pub fn interlock(interlock: &Interlock) -> Value {
    json!({
        "name": interlock.name,
        "state": interlock.state.as_str(),
        "message": interlock.message,
        "cleared_by": interlock.cleared_by,
    })
}

/// What came of it.
pub fn outcome(outcome: &Outcome) -> Value {
    json!({ "state": outcome.state.as_str(), "message": outcome.message, "took_ms": outcome.took_ms })
}

/// Why it was not to be had.
pub fn refusal(unavailable: &Unavailable) -> Value {
    json!({
        "interlock": unavailable.interlock,
        "reason": unavailable.reason,
        "cleared_by": unavailable.cleared_by,
    })
}

/// The rule that stands in the way of a plan, as a refusal.
pub fn locked(interlock: &Interlock) -> Value {
    json!({
        "interlock": interlock.name,
        "reason": interlock.message,
        "cleared_by": interlock.cleared_by,
    })
}
