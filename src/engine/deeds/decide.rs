//! A decision at a gate.

use crate::domain::gate::{Decision, Verdict};
use crate::domain::ids::GateId;
use crate::domain::text::Text;
use crate::engine::deeds::{Orderer, accepted, freeze, refuse};
use crate::engine::rules::places::target;
use crate::engine::state::deployment::{Deployment, Gate, Stand};
use crate::engine::state::person::Person;
use crate::engine::state::revision;
use crate::engine::store::Draft;
use crate::protocol::fault::Fault;
use crate::protocol::{Accepted, Decide};

/// Takes a person's word: enough approvals open the gate, one rejection closes it for good.
pub fn decide(draft: &mut Draft, orderer: &Orderer, gate: &GateId, word: &Decide) -> Result<Accepted, Fault> {
    let found = Deployment::of_gate(gate).and_then(|id| draft.state().deployments.get(&id).cloned());
    let Some((deployment, standing)) = found.as_ref().and_then(|found| Some((found, found.gate.as_ref()?))) else {
        return Err(refuse::not_found(format!("there is no gate {gate}")));
    };
    let person = &orderer.person;
    has_role(person, standing)?;
    orderer.saw(&revision::gate(deployment))?;
    match word.verdict {
        Verdict::Approve => may_approve(deployment, standing, person)?,
        Verdict::Reject => may_reject(deployment)?,
        Verdict::Unknown => return Err(refuse::invalid("a verdict is approve or reject")),
    }
    if standing.comment_required && word.comment.as_ref().is_none_or(|comment| comment.as_str().trim().is_empty()) {
        return Err(refuse::not_possible_until("a decision at this gate needs a comment", "say why"));
    }
    let new = word.verdict == Verdict::Approve;
    let breaks = new && freeze::admit(draft, orderer, &deployment.place, word.comment.as_ref())?;
    Ok(enter(draft, deployment, person, (word, breaks)))
}

fn enter(draft: &mut Draft, deployment: &Deployment, person: &Person, (word, breaks): (&Decide, bool)) -> Accepted {
    let (id, now) = (deployment.id, draft.now);
    let by = Text::new(&person.name);
    let decision = Decision { by, at: now, verdict: word.verdict, comment: word.comment.clone() };
    let mut says = format!("{} is {}d", deployment.version, word.verdict);
    if let Some(record) = draft.deployment_mut(id) {
        record.breaks |= breaks;
        let (have, need) = record.gate.as_mut().map_or((0, 0), |gate| {
            gate.decisions.push(decision);
            (gate.approvals(), gate.need)
        });
        if word.verdict == Verdict::Reject {
            let comment = word.comment.as_ref().map_or_else(String::new, |comment| format!(": {comment}"));
            record.end(Stand::Rejected, Some(format!("rejected by {}{comment}", person.name)), now);
            "rejected".clone_into(&mut says);
        } else if have >= need {
            record.stand = Stand::Queued;
        } else {
            says = format!("approved; {have} of {need} approvals are there");
        }
    }
    let reason = word.comment.as_ref().map(Text::as_str);
    draft.record(&person.name, word.verdict.as_str(), target(&deployment.place), says.clone(), reason);
    let after =
        draft.state().deployments.get(&id).map_or_else(|| revision::gate(deployment), |after| revision::gate(after));
    accepted(after, says)
}

/// Refuses whoever has none of the gate's roles.
fn has_role(person: &Person, gate: &Gate) -> Result<(), Fault> {
    if person.has_one_of(&gate.roles) {
        return Ok(());
    }
    Err(refuse::forbidden(format!("this gate is decided by {}", gate.roles.join(", "))))
}

/// Refuses an approval that would not count.
fn may_approve(deployment: &Deployment, gate: &Gate, person: &Person) -> Result<(), Fault> {
    open(deployment)?;
    match why_not(deployment, gate, person) {
        Some(why) if gate.decided_by(&person.name) => Err(refuse::not_possible(why)),
        Some(why) => Err(refuse::forbidden(why)),
        None => Ok(()),
    }
}

/// Why `person` may not approve at a gate that stands; `None` if they may.
pub fn why_not(deployment: &Deployment, gate: &Gate, person: &Person) -> Option<String> {
    if !person.has_one_of(&gate.roles) {
        return Some(format!("needs the role {}", gate.roles.join(" or ")));
    }
    if gate.decided_by(&person.name) {
        return Some("you have decided already".to_owned());
    }
    let own = !gate.self_approval && deployment.initiator.is(&person.name);
    own.then(|| format!("you started it ({})", deployment.initiator.name))
}

fn open(deployment: &Deployment) -> Result<(), Fault> {
    let says = match deployment.stand {
        Stand::AtGate => return Ok(()),
        Stand::Rejected => "the gate was rejected",
        Stand::Expired => "the gate has expired",
        Stand::Cancelled => "the run was cancelled",
        Stand::Replaced => "a newer release took its turn",
        _ => "the gate is already approved",
    };
    Err(refuse::not_possible(says))
}

/// What is approved and has not begun can still be stopped.
fn may_reject(deployment: &Deployment) -> Result<(), Fault> {
    if deployment.stand == Stand::Queued { Ok(()) } else { open(deployment) }
}
