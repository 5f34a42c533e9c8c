//! Deployments: one attempt to put a release into an environment, from its arrival there to its end.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::person::Initiator;
use crate::domain::gate::{Decision, Verdict};
use crate::domain::ids::{GateId, Place};
use crate::domain::release::VersionName;

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// Its number; the first of this engine is 1.
    pub id: u64,
    /// Where it goes.
    pub place: Place,
    /// What it brings.
    pub version: VersionName,
    /// The run that made the release.
    pub run: u64,
    /// Whether that run waits for its end.
    pub by_run: bool,
    /// What brought it about.
    pub cause: Cause,
    /// Whom "no self-approval" means.
    pub initiator: Initiator,
    /// Who or what is named as having deployed it.
    pub by: String,
    /// The reason a person gave.
    pub reason: Option<String>,
    /// Whether a person broke an emergency stop for it.
    #[serde(default)]
    pub breaks: bool,
    /// How far it is.
    pub stand: Stand,
    /// Why it stands or ended so, where there is more to say.
    pub detail: Option<String>,
    /// Its gate, once it has stood at one.
    pub gate: Option<Gate>,
    /// When it arrived.
    pub arrived_at: Timestamp,
    /// When its rollout began.
    pub began_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// What brought a deployment about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The run went on by itself.
    Automatic,
    /// A person promoted the release.
    Promote,
    /// A person went back to it.
    RollBack,
    /// A person flipped the colours.
    Flip,
}

/// How far a deployment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    /// A person must promote it.
    AwaitsPromote,
    /// It stands at the gate.
    AtGate,
    /// It waits for its turn: a hold, or another rollout.
    Queued,
    /// It is the place's rollout.
    Rolling,
    /// It serves, or served.
    Succeeded,
    /// It did not get healthy, or was aborted.
    Failed,
    /// Its run was cancelled.
    Cancelled,
    /// A newer release took its turn.
    Replaced,
    /// Rejected at the gate.
    Rejected,
    /// Nobody decided in time.
    Expired,
}

impl Stand {
    /// Whether nothing more happens to it.
    pub const fn ended(self) -> bool {
        !matches!(self, Self::AwaitsPromote | Self::AtGate | Self::Queued | Self::Rolling)
    }

    /// Whether it has not begun and has not ended.
    pub const fn waits(self) -> bool {
        matches!(self, Self::AwaitsPromote | Self::AtGate | Self::Queued)
    }
}

/// A gate and what was decided there. The rules are those that were in force when the release arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Approvals needed.
    pub need: u32,
    /// Roles that may decide.
    pub roles: Vec<String>,
    /// Whether the initiator may approve.
    pub self_approval: bool,
    /// Whether a decision needs a comment.
    pub comment_required: bool,
    /// Since when it stands.
    pub since: Timestamp,
    /// When it closes by itself.
    pub expires_at: Timestamp,
    /// What was decided, in order.
    pub decisions: Vec<Decision>,
}

impl Gate {
    /// How many have approved; nobody counts twice.
    pub fn approvals(&self) -> u32 {
        let count = self.decisions.iter().filter(|decision| decision.verdict == Verdict::Approve).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Whether `person` has decided already.
    pub fn decided_by(&self, person: &str) -> bool {
        self.decisions.iter().any(|decision| decision.by.as_str() == crate::domain::text::visible(person))
    }
}

impl Deployment {
    /// The identity of its gate.
    pub fn gate_id(&self) -> GateId {
        GateId::new(format!("gate-{}", self.id))
    }

    /// The deployment that a gate's identity belongs to.
    pub fn of_gate(id: &GateId) -> Option<u64> {
        id.as_str().strip_prefix("gate-")?.parse().ok()
    }

    /// Whether a person ordered it, so that a hold does not keep it out.
    pub const fn deliberate(&self) -> bool {
        !matches!(self.cause, Cause::Automatic)
    }

    /// Ends it.
    pub fn end(&mut self, stand: Stand, detail: Option<String>, now: Timestamp) {
        self.stand = stand;
        self.detail = detail;
        self.ended_at = Some(now);
    }
}
