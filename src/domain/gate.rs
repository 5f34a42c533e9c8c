//! Gates: points where a run waits for a person, a check or a window.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::evidence::Evidence;
use super::ids::{EnvironmentName, GateId, Place, Revision, RunId, RunKey, ServiceName};
use super::release::VersionName;
use super::text::Text;

words! {
    /// How a gate stands.
    GateState {
        /// Somebody's decision is missing.
        Waiting = "waiting",
        /// Approved, and something else keeps the deployment from starting.
        ApprovedNotStarted = "approved_not_started",
        /// Open: the run has gone on.
        Approved = "approved",
        /// Closed for good for this run.
        Rejected = "rejected",
        /// Nobody decided in time.
        Expired = "expired",
    } else Unknown = "unknown"
}

/// One gate of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Its identity within its source.
    pub id: GateId,
    /// The service.
    pub service: ServiceName,
    /// The environment it guards.
    pub environment: EnvironmentName,
    /// The run that waits.
    pub run: RunId,
    /// The release that would go in.
    pub release: Option<VersionName>,
    /// How it stands.
    pub state: GateState,
    /// Since when it waits.
    pub since: Option<Timestamp>,
    /// When it closes by itself.
    pub expires_at: Option<Timestamp>,
    /// How many have approved, and how many must.
    pub approvals: Approvals,
    /// Who or which roles may decide.
    pub approvers: Vec<Text>,
    /// What was decided so far.
    pub decisions: Vec<Decision>,
    /// What else speaks for and against it, where the source tells.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// Who started what waits here.
    pub initiator: Option<Text>,
    /// Whether the signed-in person may decide; `None` where the source does not tell.
    pub may_approve: Option<bool>,
    /// Why not, in words.
    pub why_not: Option<Text>,
    /// Whether anything keeps the initiator or just anybody from passing.
    pub guarded: bool,
    /// Whether a decision needs a comment.
    pub comment_required: bool,
    /// The facts a plan about this gate rests on.
    pub revision: Revision,
}

impl Gate {
    /// The place it guards.
    pub fn place(&self) -> Place {
        Place { service: self.service.clone(), environment: self.environment.clone() }
    }

    /// The run that waits at it.
    pub fn run_key(&self) -> RunKey {
        RunKey { service: self.service.clone(), id: self.run.clone() }
    }

    /// Whether a person's decision would change something.
    pub const fn open(&self) -> bool {
        matches!(self.state, GateState::Waiting)
    }
}

/// A quorum and how much of it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Approvals {
    /// Approvals given.
    pub have: u32,
    /// Approvals needed.
    pub need: u32,
}

/// One person's word at a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who.
    pub by: Text,
    /// When.
    pub at: Timestamp,
    /// For or against.
    pub verdict: Verdict,
    /// What was said.
    pub comment: Option<Text>,
}

words! {
    /// For or against.
    Verdict {
        /// Let it pass.
        Approve = "approve",
        /// Do not.
        Reject = "reject",
    } else Unknown = "unknown"
}
