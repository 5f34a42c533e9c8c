//! One file a deed of the operator: a pure function from the world to a plan, or to the reason why not. The console's
//! footer, greyed keys and palette, the command line and the tests all ask [`plan()`].

pub mod approve_gate;
pub mod cancel_run;
pub mod confirm;
pub mod document;
pub mod expectation;
pub mod facts;
pub mod flip;
pub mod freeze;
pub mod hold;
pub mod interlocks;
pub mod outcome;
pub mod plan;
pub mod policy;
pub mod promote;
pub mod relief;
pub mod request;
pub mod retry_run;
pub mod roll_back;
pub mod set_flag;
pub mod shift_canary;
pub mod start_run;
pub mod taken_back;
mod target;
pub mod unavailable;

use jiff::Timestamp;

pub use expectation::{Expectation, Progress};
pub use facts::Fact;
pub use outcome::{Outcome, OutcomeState};
pub use plan::{Action, Plan};
pub use policy::Policy;
pub use request::{CanaryMove, Request};
pub use unavailable::{Refusal, Unavailable};

use crate::domain::gate::Verdict;
use crate::domain::text::Text;
use crate::store::Store;

/// All that a plan may rest on.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// What is known.
    pub store: &'a Store,
    /// The rules of this console.
    pub policy: &'a Policy,
    /// Who acts.
    pub operator: &'a Operator,
    /// The time at which it is asked.
    pub now: Timestamp,
    /// Marks the one order that comes of it; never used twice.
    pub key: &'a str,
}

/// Who acts, and whether they may.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Operator {
    /// The name of the person at this terminal.
    pub name: String,
    /// Whether nothing may be sent.
    pub read_only: bool,
    /// Whether they break the glass before the rules, and why.
    pub glass: Option<Glass>,
}

/// The glass before the rules of the policy, broken by who acts: where the policy allows it, what those rules lock moves
/// all the same, and says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glass {
    /// Why.
    pub reason: Text,
    /// Until when it counts as broken.
    pub until: Timestamp,
}

/// The plan for what is requested, or why it is not to be had.
pub fn plan(world: &World<'_>, request: &Request) -> Result<Plan, Unavailable> {
    match request {
        Request::Decide { place, run, verdict: Verdict::Reject, comment } => {
            approve_gate::reject(world, place, run.as_ref(), comment.as_ref())
        }
        Request::Decide { place, run, comment, .. } => {
            approve_gate::approve(world, place, run.as_ref(), comment.as_ref())
        }
        Request::Promote { place, version } => promote::promote(world, place, version.as_ref()),
        Request::Canary { place, to } => shift_canary::shift_canary(world, place, *to),
        Request::Flip { place, to } => flip::flip(world, place, *to),
        Request::RollBack { place, to, from } => roll_back::roll_back(world, place, to.as_ref(), from.as_ref()),
        Request::Hold { place, on } => hold::hold(world, place, *on),
        Request::Confirm { source, id, phrase } => confirm::confirm(world, source, id, phrase),
        Request::Freeze(wish) => freeze::freeze(world, wish),
        Request::SetFlag(wish) => set_flag::set_flag(world, wish),
        Request::Start { service, branch } => start_run::start_run(world, service, branch.as_ref()),
        Request::Retry { run, what } => retry_run::retry_run(world, run, what),
        Request::Cancel { run, force } => cancel_run::cancel_run(world, run, *force),
    }
}
