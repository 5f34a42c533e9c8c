//! Expectations: what must be seen for a deed to count as reached, and how far it is by what is known. "Accepted" is
//! never enough.

mod confirmations;
mod flags;
mod gates;
mod places;
mod rollouts;
mod runs;
mod stops;

use jiff::Timestamp;

use crate::domain::environment::Environment;
use crate::domain::flag::FlagValue;
use crate::domain::gate::Verdict;
use crate::domain::ids::{EnvironmentName, FlagKey, GateId, Place, RunKey, SourceName};
use crate::domain::release::VersionName;
use crate::domain::rollout::{Color, Weight};
use crate::domain::run::Run;
use crate::domain::text::Text;
use crate::store::Store;

/// What must be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// A decision read back, and what it means for the run and its release.
    Decided(Decided, Place),
    /// The release takes traffic there, or stands at its gate.
    Promoted(Place, VersionName),
    /// The target serves all traffic.
    Serves(Place, VersionName),
    /// This candidate has exactly this share.
    Weight(Place, Option<VersionName>, Weight),
    /// The ladder stands at this step, the router at its weight.
    Step(Place, Option<VersionName>, Rung),
    /// The rollout is paused, or is not.
    Paused(Place, bool),
    /// The stable release serves all.
    Aborted(Place),
    /// This colour serves all, with this release.
    Active(Place, Color, Option<VersionName>),
    /// The hold reads back so.
    Held(Place, bool),
    /// The emergency stop reads back so.
    Stopped(SourceName, bool),
    /// The confirmation reads back.
    Confirmed(Text),
    /// The flag reads back so.
    Flag(SourceName, FlagKey, EnvironmentName, FlagValue),
    /// The run is there; which one, the backend says when it accepts.
    Started(Option<RunKey>),
    /// The run is under way again.
    Retried(RunKey, Option<u32>),
    /// The run stops.
    Cancelled(RunKey),
}

/// A decision that must read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// At which gate.
    pub gate: GateId,
    /// For which run.
    pub run: RunKey,
    /// With which release.
    pub release: Option<VersionName>,
    /// For or against.
    pub verdict: Verdict,
}

/// A step of a ladder that must be stood on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rung {
    /// Where it stood.
    pub from: u32,
    /// Where it is to stand.
    pub to: u32,
    /// The weight there.
    pub weight: Weight,
}

/// How far a deed is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The end is seen.
    Reached(Text),
    /// Not yet.
    Pending,
    /// The contrary is seen.
    Contradicted(Text),
}

impl Progress {
    fn reached(words: impl AsRef<str>) -> Self {
        Self::Reached(Text::new(words))
    }

    fn contradicted(words: impl AsRef<str>) -> Self {
        Self::Contradicted(Text::new(words))
    }
}

impl std::fmt::Display for Expectation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Decided(decided, place) if decided.verdict == Verdict::Reject => {
                write!(f, "run {} will not pass to {}", decided.run, place.environment)
            }
            Self::Decided(_, place) => write!(f, "the decision for {} is read back", place.environment),
            Self::Promoted(place, version) => {
                write!(f, "{version} takes traffic in {} or stands at its gate", place.environment)
            }
            Self::Serves(place, version) => write!(f, "{version} serves all of {}", place.environment),
            Self::Weight(_, _, weight) | Self::Step(_, _, Rung { weight, .. }) => {
                write!(f, "actual weight is {weight}")
            }
            Self::Paused(_, true) => f.write_str("the rollout is paused"),
            Self::Paused(_, false) => f.write_str("the rollout goes on"),
            Self::Aborted(place) => write!(f, "the stable release serves all of {}", place.environment),
            Self::Active(place, color, _) => write!(f, "{color} serves all of {}", place.environment),
            Self::Held(place, true) => write!(f, "{} is held", place.environment),
            Self::Held(place, false) => write!(f, "{} is not held", place.environment),
            Self::Confirmed(_) => f.write_str("the confirmation is read back"),
            Self::Stopped(_, true) => f.write_str("the emergency stop stands"),
            Self::Stopped(_, false) => f.write_str("no emergency stop stands"),
            Self::Flag(_, key, environment, value) => write!(f, "{key} is {value} in {environment}"),
            Self::Started(_) => f.write_str("the run is there"),
            Self::Retried(run, _) => write!(f, "run {run} is under way"),
            Self::Cancelled(run) => write!(f, "run {run} has stopped"),
        }
    }
}

impl Expectation {
    /// How far it is by what `store` has learnt since `sent_at`; what was seen before says nothing.
    pub fn progress(&self, store: &Store, sent_at: Timestamp) -> Progress {
        match self {
            Self::Started(run) => {
                run.as_ref().map_or(Progress::Pending, |run| with_run(store, run, sent_at, runs::started))
            }
            Self::Retried(run, attempt) => with_run(store, run, sent_at, |run| runs::retried(run, *attempt)),
            Self::Cancelled(run) => with_run(store, run, sent_at, runs::cancelled),
            Self::Flag(source, key, environment, value) => {
                let seen = store.flag(source, key).filter(|seen| seen.at > sent_at);
                seen.map_or(Progress::Pending, |seen| flags::set(&seen.value, environment, *value))
            }
            Self::Confirmed(id) => confirmations::confirmed(store, id, sent_at),
            Self::Stopped(source, on) => stops::stopped(store, source, *on, sent_at),
            Self::Decided(decided, place) => {
                with_place(store, place, sent_at, |environment| gates::decided(store, environment, decided))
            }
            Self::Promoted(place, version) => {
                with_place(store, place, sent_at, |environment| places::promoted(environment, version))
            }
            Self::Serves(place, version) => {
                with_place(store, place, sent_at, |environment| places::serves(environment, version))
            }
            Self::Held(place, on) => with_place(store, place, sent_at, |environment| places::held(environment, *on)),
            Self::Weight(place, ..)
            | Self::Step(place, ..)
            | Self::Paused(place, _)
            | Self::Aborted(place)
            | Self::Active(place, ..) => with_place(store, place, sent_at, |environment| match &environment.rollout {
                Some(rollout) => rollouts::moved(self, rollout, environment),
                None => Progress::contradicted("there is no rollout any more"),
            }),
        }
    }
}

fn with_place(store: &Store, place: &Place, sent_at: Timestamp, judge: impl Fn(&Environment) -> Progress) -> Progress {
    match store.place(place) {
        Some(seen) if seen.at > sent_at => judge(seen.value.1),
        _ => Progress::Pending,
    }
}

fn with_run(store: &Store, run: &RunKey, sent_at: Timestamp, judge: impl Fn(&Run) -> Progress) -> Progress {
    match store.run(run) {
        Some(seen) if seen.at > sent_at => judge(seen.value),
        _ => Progress::Pending,
    }
}
