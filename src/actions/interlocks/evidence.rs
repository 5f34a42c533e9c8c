//! Evidence: what speaks against letting a release pass its gate, and what is missing.

use super::Interlock;
use crate::actions::policy::TierPolicy;
use crate::domain::evidence::{Evidence, EvidenceState};
use crate::domain::gate::Gate;

/// What the evidence at a gate says.
pub fn evidence(gate: &Gate, rules: &TierPolicy) -> Interlock {
    let against = |found: &&Evidence| !matches!(found.state, EvidenceState::Pass | EvidenceState::Warn);
    let against: Vec<_> = gate.evidence.iter().filter(against).map(says).collect();
    if gate.evidence.is_empty() {
        let message = "no evidence is given here: no tests, scans or signature are known";
        return Interlock::demanded(rules.evidence, "evidence", message, "a source that gives evidence");
    }
    if !against.is_empty() {
        let message = against.join("; ");
        return Interlock::demanded(rules.evidence, "evidence", message, "a run in which it is there and passes");
    }
    let warned: Vec<_> = gate.evidence.iter().filter(|found| found.state == EvidenceState::Warn).map(says).collect();
    if warned.is_empty() {
        return Interlock::clear("evidence", format!("all {} pieces of evidence speak for it", gate.evidence.len()));
    }
    Interlock::caution("evidence", warned.join("; "))
}

fn says(found: &Evidence) -> String {
    let says = if found.says.as_str().is_empty() { String::new() } else { format!(", {}", found.says) };
    format!("{} {} {}{says}", found.kind, found.name, found.state)
}
