//! Quorum: whose word counts at a gate, as its source tells; nobody's own release is theirs to let pass.

use super::Interlock;
use crate::actions::unavailable::Refusal;
use crate::domain::gate::Gate;
use crate::domain::text::Text;

/// What the gate says about this person's word.
pub fn quorum(gate: &Gate) -> Interlock {
    match (gate.may_approve, &gate.why_not) {
        (Some(true), _) => Interlock::clear("quorum", "you may decide here"),
        (Some(false), why) => {
            let why = why.as_ref().map_or("you may not decide here", Text::as_str);
            let who: Vec<_> = gate.approvers.iter().map(Text::as_str).collect();
            Interlock::locked("quorum", Refusal::NotAllowed, why, who.join(", "))
        }
        (None, _) => Interlock::caution("quorum", "the source does not say whether you may decide"),
    }
}
