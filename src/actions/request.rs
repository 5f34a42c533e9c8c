//! Requests: a deed as the operator asks for it, before anything is known of whether it can be done.

use jiff::Timestamp;

use crate::domain::environment::Tier;
use crate::domain::flag::FlagValue;
use crate::domain::gate::Verdict;
use crate::domain::ids::{EnvironmentName, FlagKey, Place, RunId, RunKey, ServiceName, SourceName};
use crate::domain::order::Retry;
use crate::domain::release::VersionName;
use crate::domain::rollout::{Color, Weight};
use crate::domain::text::Text;

/// What the operator wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Decide at the gate of a place.
    Decide {
        /// The place it guards.
        place: Place,
        /// Which run, where more than one waits.
        run: Option<RunId>,
        /// For or against.
        verdict: Verdict,
        /// What is said.
        comment: Option<Text>,
    },
    /// Bring a release in.
    Promote {
        /// Where.
        place: Place,
        /// Which; `None` is what is in the environment below.
        version: Option<VersionName>,
    },
    /// Move a canary.
    Canary {
        /// Where.
        place: Place,
        /// How.
        to: CanaryMove,
    },
    /// Let the other colour serve.
    Flip {
        /// Where.
        place: Place,
        /// To which; `None` is the other one.
        to: Option<Color>,
    },
    /// Go back to an earlier release.
    RollBack {
        /// Where.
        place: Place,
        /// To which; `None` is the last good one.
        to: Option<VersionName>,
        /// Only if this one is what serves or comes in.
        from: Option<VersionName>,
    },
    /// Hold automatic deployment, or let it go on.
    Hold {
        /// Where.
        place: Place,
        /// Held or not.
        on: bool,
    },
    /// Confirm what another person plans.
    Confirm {
        /// Where it was asked for.
        source: SourceName,
        /// The confirmation's identity.
        id: Text,
        /// The phrase that was told.
        phrase: Text,
    },
    /// Call an emergency stop, or take it back.
    Freeze(FreezeWish),
    /// Set a flag.
    SetFlag(FlagWish),
    /// Start a run.
    Start {
        /// Of which service.
        service: ServiceName,
        /// Of which branch.
        branch: Option<Text>,
    },
    /// Run again.
    Retry {
        /// Which run.
        run: RunKey,
        /// How much of it.
        what: Retry,
    },
    /// Stop a run.
    Cancel {
        /// Which run.
        run: RunKey,
        /// At once.
        force: bool,
    },
}

/// How a canary is to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CanaryMove {
    /// To this share.
    Set(Weight),
    /// To the next step.
    Next,
    /// To the step before.
    Previous,
    /// Nowhere, until told.
    Pause,
    /// On again.
    Resume,
    /// To everything.
    Full,
    /// Back to nothing.
    Abort,
}

/// An emergency stop as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FreezeWish {
    /// Called, or taken back.
    pub on: bool,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
    /// Where it holds; empty is everywhere.
    pub tiers: Vec<Tier>,
    /// Where it is kept, where more than one source can.
    pub source: Option<SourceName>,
}

/// Which flag, where, and what it is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagWish {
    /// Its key.
    pub key: FlagKey,
    /// Where.
    pub environment: EnvironmentName,
    /// What it becomes.
    pub value: FlagValue,
    /// Of which source, where more than one has the key.
    pub source: Option<SourceName>,
    /// Of which service, where more than one has the key.
    pub service: Option<ServiceName>,
}
