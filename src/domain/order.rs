//! Orders: what a plan's steps tell a backend to do, in the trade's words; and the exact calls a backend makes of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::environment::Tier;
use super::flag::FlagValue;
use super::gate::Verdict;
use super::ids::{EnvironmentName, FlagKey, GateId, JobName, Place, Revision, RunKey, ServiceName, SourceName};
use super::release::VersionName;
use super::rollout::{Color, Weight};
use super::text::Text;

/// One change that a backend is asked to make, and the facts it must still find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The source that carries it out.
    pub source: SourceName,
    /// What to do.
    pub deed: Deed,
    /// The revision that must still hold; a source where it does not refuses, and nothing has changed.
    pub expect: Option<Revision>,
    /// The reason given, for the source's own record.
    pub reason: Option<Text>,
    /// Whether an emergency stop is broken by it, for the reason given.
    #[serde(default)]
    pub breaks: bool,
    /// Marks this one order, so that a repetition of it does nothing.
    pub key: Text,
}

/// A change, by what it acts on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// At a gate.
    Gate(GateDeed),
    /// On an environment.
    Deployment(Place, DeploymentDeed),
    /// On the traffic of an environment.
    Rollout(Place, RolloutDeed),
    /// On a flag.
    Flag(FlagDeed),
    /// On a pipeline.
    Pipeline(PipelineDeed),
    /// Of the emergency stop.
    Stop(StopDeed),
    /// For another person.
    Confirm(ConfirmDeed),
}

/// A decision at a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateDeed {
    /// Which gate.
    pub gate: GateId,
    /// The place it guards.
    pub place: Place,
    /// The run that waits.
    pub run: RunKey,
    /// For or against.
    pub verdict: Verdict,
    /// What is said.
    pub comment: Option<Text>,
}

/// What can be done to an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeploymentDeed {
    /// Bring a release in, the way the environment does it.
    Promote(VersionName),
    /// Go back to an earlier release at once, and hold the environment.
    RollBack(VersionName),
    /// Hold automatic deployment, or let it go on.
    Hold(bool),
}

/// What can be done to traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RolloutDeed {
    /// Give the candidate this share.
    SetWeight(Weight),
    /// Go to this step of the ladder; the first is 1.
    GoToStep(u32),
    /// Stop where it is.
    Pause,
    /// Go on.
    Resume,
    /// Give the candidate everything.
    Complete,
    /// Give everything back to the stable release.
    Abort,
    /// Let this colour serve.
    Flip(Color),
}

/// A flag's new state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagDeed {
    /// Which flag.
    pub flag: FlagKey,
    /// In which environment.
    pub environment: EnvironmentName,
    /// What it becomes.
    pub value: FlagValue,
}

/// An emergency stop that is called, or taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopDeed {
    /// Called or taken back.
    pub on: bool,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
    /// Where it holds; empty is everywhere.
    pub tiers: Vec<Tier>,
}

/// A confirmation of what another person plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmDeed {
    /// Its identity.
    pub id: Text,
    /// The phrase that the other one told.
    pub phrase: Text,
}

/// What can be done to runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PipelineDeed {
    /// Start a run of a branch, or of the default one.
    Start {
        /// Which service.
        service: ServiceName,
        /// Which branch.
        branch: Option<Text>,
    },
    /// Run again: everything, only what failed, or one job.
    Retry {
        /// Which run.
        run: RunKey,
        /// What of it.
        what: Retry,
    },
    /// Stop a run; with force, at once.
    Cancel {
        /// Which run.
        run: RunKey,
        /// Without waiting for its jobs to end in order.
        force: bool,
    },
}

/// How much of a run is run again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// All of it.
    All,
    /// What failed or was cancelled, and what comes after.
    Failed,
    /// These jobs, and what comes after the first of them.
    Jobs(Vec<JobName>),
}

/// One exact call of a backend, as it is shown in a plan and as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The verb: an HTTP method, or the protocol's own.
    pub verb: Text,
    /// The target: a path below the source's address.
    pub target: String,
    /// Headers that matter to the outcome, such as `If-Match`.
    pub headers: Vec<(String, String)>,
    /// The body, if there is one.
    pub body: Option<serde_json::Value>,
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.verb, super::text::visible(&self.target))?;
        match &self.body {
            Some(body) => write!(f, "  {}", super::text::visible(&body.to_string())),
            None => Ok(()),
        }
    }
}
