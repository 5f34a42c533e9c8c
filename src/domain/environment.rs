//! Environments of a service: what runs there, what waits, what moves.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::gate::Gate;
use super::ids::{EnvironmentName, Revision, RunId};
use super::release::{Release, VersionName};
use super::rollout::Rollout;
use super::text::Text;

words! {
    /// How far an environment is from the users. A tier that is not known counts as production.
    Tier {
        /// For those who build.
        Development = "development",
        /// For those who try.
        Staging = "staging",
        /// For those who use.
        Production = "production",
    } else Unknown = "unknown"
}

impl Tier {
    /// Whether a mistake here is felt by users; a tier that is not known is treated so.
    pub const fn is_production(self) -> bool {
        matches!(self, Self::Production | Self::Unknown)
    }
}

words! {
    /// How an environment stands.
    EnvironmentState {
        /// Nothing was ever put there.
        Empty = "empty",
        /// A release serves, nothing moves.
        Live = "live",
        /// A release is being brought in.
        Deploying = "deploying",
        /// Something stands and waits for a person or for time.
        Waiting = "waiting",
        /// The last deployment failed, or nothing serves that should.
        Failed = "failed",
    } else Unknown = "unknown"
}

/// One environment of one service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// Its name.
    pub name: EnvironmentName,
    /// Its tier.
    pub tier: Tier,
    /// How it stands.
    pub state: EnvironmentState,
    /// In words, why it stands so, where there is more to say.
    pub detail: Option<Text>,
    /// Where its traffic goes in.
    pub url: Option<Text>,
    /// What serves there; under a canary the stable release.
    pub release: Option<Release>,
    /// How far it is behind the environment below.
    pub behind: Option<Behind>,
    /// The gate that waits before it, if one does.
    pub gate: Option<Gate>,
    /// Gates of further runs that wait there side by side with it, newest first.
    #[serde(default)]
    pub more_gates: Vec<Gate>,
    /// Whether a gate guards it at all; `None` where the source does not tell.
    pub guarded: Option<bool>,
    /// How traffic stands there.
    pub rollout: Option<Rollout>,
    /// The release that would come next: queued behind a rollout, a hold or a missing promote.
    pub queued: Option<Queued>,
    /// Whether automatic deployment is held.
    pub held: bool,
    /// Who held it, when and why.
    pub hold: Option<Hold>,
    /// Releases that were live here, newest first, that a rollback can go to at once.
    pub kept: Vec<Kept>,
    /// The facts a plan about this environment rests on.
    pub revision: Revision,
}

impl Environment {
    /// Every gate that waits before it, the newest run's first.
    pub fn gates(&self) -> impl Iterator<Item = &Gate> {
        self.gate.iter().chain(&self.more_gates)
    }
}

/// The distance between what is here and what is in the environment below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behind {
    /// How many commits are there and not here; `None` where it cannot be counted.
    pub changes: Option<u32>,
    /// When the oldest of them was made.
    pub oldest_at: Option<Timestamp>,
}

/// A release that waits for its turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// Which.
    pub version: VersionName,
    /// The run that brings it.
    pub run: Option<RunId>,
    /// What it waits for, in words.
    pub waits: Text,
}

/// An order that keeps automatic deployments out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Who gave it.
    pub by: Text,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<Text>,
}

/// A release that served here and is kept ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Which.
    pub version: VersionName,
    /// Its commit.
    pub commit: Text,
    /// When it was last put in.
    pub deployed_at: Option<Timestamp>,
    /// Whether it served without being aborted or rolled back from.
    pub good: bool,
    /// Whether its instances still run, so that going back takes no start.
    pub warm: bool,
}
