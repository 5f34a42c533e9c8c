//! What a pipeline file says, once it has been read and checked. Plain data; every default is already in it.

use std::time::Duration;

use super::units::Percent;
use crate::domain::environment::Tier;
use crate::domain::flag::FlagKind;
use crate::domain::ids::{EnvironmentName, FlagKey, JobName, ServiceName};
use crate::domain::rollout::{RolloutKind, Weight};
use crate::domain::run::StageKind;

/// A service's way from commit to production.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// The service.
    pub service: ServiceName,
    /// The stages, in the order in which they run; at least one. At most one is of kind `release`, and exactly one if
    /// there are environments.
    pub stages: Vec<Stage>,
    /// The environments, in the order in which a release passes them; none for what is only built.
    pub environments: Vec<Environment>,
    /// The flags that the service reads.
    pub flags: Vec<Flag>,
}

/// Jobs that run side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its name; no other stage and no environment has it.
    pub name: String,
    /// What it is for. Never unknown.
    pub kind: StageKind,
    /// Its jobs; empty only in a release stage.
    pub jobs: Vec<Job>,
    /// How its release gets its version; `Some` exactly in the release stage.
    pub version: Option<VersionScheme>,
}

/// How a release gets its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionScheme {
    /// From the tags of the repository, `git describe`.
    Git,
}

/// One piece of work in a checkout of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its name; unique in the whole file.
    pub name: JobName,
    /// The lines, each run by `sh -e -c`, in order; at least one, none blank. What a line leaves running ends with it.
    pub run: Vec<String>,
    /// Globs of the files that it leaves behind, relative to its checkout.
    pub artifacts: Vec<String>,
    /// How long all its lines together may take; 30 minutes unless told.
    pub timeout: Duration,
    /// Whether it may be run anew when the engine ended while it ran; false unless told.
    pub repeatable: bool,
}

/// A place where a release runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    /// Its name.
    pub name: EnvironmentName,
    /// How far it is from the users. Never unknown; never lower than that of the environment before it.
    pub tier: Tier,
    /// The command of an instance, run by `sh`; it listens on `$PORT`.
    pub start: String,
    /// How many instances run; 1 to 64.
    pub replicas: u32,
    /// How an instance shows that it is well; `None`: by accepting connections.
    pub health: Option<Health>,
    /// The decision that a release waits for before it comes in; `None`: nobody is asked.
    pub gate: Option<Gate>,
    /// How traffic moves to a new release.
    pub rollout: Rollout,
    /// Whether a release goes on to here by itself (up to the gate); otherwise a person promotes it.
    pub auto: bool,
}

/// How an instance shows that it is well: `GET path` answers 2xx.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The path asked for; begins with `/`.
    pub path: String,
    /// How long after its start an instance may take; 30 seconds unless told.
    pub within: Duration,
}

/// The people whose yes is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// How many of them; at least 1.
    pub approvals: u32,
    /// Roles that may decide, of `viewer`, `operator`, `release-manager`, `admin`; `release-manager` unless told.
    pub roles: Vec<String>,
    /// Whether the initiator may approve; false unless told.
    pub self_approval: bool,
    /// How long the gate waits; 7 days unless told.
    pub expires: Duration,
    /// Whether a decision needs a comment; false unless told.
    pub comment_required: bool,
}

/// How traffic moves to a new release.
#[derive(Debug, Clone, PartialEq)]
pub enum Rollout {
    /// All at once, as soon as the new instances are healthy.
    Replace,
    /// Step by step.
    Canary(Canary),
    /// To the idle colour at once.
    BlueGreen {
        /// How long the colour that was left stays up for an instant flip back; 30 minutes unless told.
        keep_idle: Duration,
    },
}

impl Rollout {
    /// The kind's word.
    pub const fn kind(&self) -> RolloutKind {
        match self {
            Self::Replace => RolloutKind::Replace,
            Self::Canary(_) => RolloutKind::Canary,
            Self::BlueGreen { .. } => RolloutKind::BlueGreen,
        }
    }
}

/// A ladder of weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Canary {
    /// The rungs; weights rise strictly, the last is 100.
    pub steps: Vec<Step>,
    /// What the candidate must hold to be given more; `None`: nothing is judged.
    pub verdict: Option<Conditions>,
    /// What happens when it does not.
    pub on_fail: OnFail,
}

/// One rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The candidate's share on it.
    pub weight: Weight,
    /// Whether it stays until a person moves it.
    pub manual: bool,
    /// How long it stays otherwise: its own `bake`, else the rollout's, else 5 minutes.
    pub bake: Duration,
}

/// What the candidate of a canary must hold; at least one limit is set.
#[derive(Debug, Clone, PartialEq)]
pub struct Conditions {
    /// The share of its requests that may fail; always [`Limit::Share`].
    pub errors: Option<Limit>,
    /// The 95th percentile of its latency; [`Limit::Rise`] or [`Limit::Latency`].
    pub p95: Option<Limit>,
    /// The 99th percentile of its latency; [`Limit::Rise`] or [`Limit::Latency`].
    pub p99: Option<Limit>,
    /// With fewer requests of the candidate than this, nothing is judged; 50 unless told.
    pub samples: u64,
}

/// A limit, as the file writes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// `"1 %"`: at most this share of the requests.
    Share(Percent),
    /// `"+10 %"`: at most so much more than the stable release's value.
    Rise(Percent),
    /// `"250ms"`: at most this long.
    Latency(Duration),
}

/// What a failed verdict does to a canary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnFail {
    /// All traffic goes back to the stable release.
    #[default]
    Abort,
    /// The weight stays as it is until a person decides.
    Pause,
}

/// A flag that the service reads, declared so that it exists before anybody sets it; off everywhere at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Its key.
    pub key: FlagKey,
    /// What it is for; `release` unless told.
    pub kind: FlagKind,
    /// What it does, for people.
    pub description: Option<String>,
}
