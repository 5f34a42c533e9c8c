//! Outcomes: what must be seen for a deed to count as reached, and what came of it. "Accepted" is never success.

use jiff::Timestamp;

use super::unavailable::Refusal;
use crate::domain::environment::{Environment, EnvironmentState};
use crate::domain::flag::FlagValue;
use crate::domain::gate::{Gate, GateState, Verdict};
use crate::domain::ids::{EnvironmentName, FlagKey, GateId, Place, RunKey, SourceName};
use crate::domain::release::VersionName;
use crate::domain::rollout::{Color, Phase, Rollout, RolloutKind, Weight};
use crate::domain::run::{Run, Status};
use crate::domain::text::Text;
use crate::store::Store;

words! {
    /// What came of a deed.
    OutcomeState {
        /// The end was seen.
        Reached = "reached",
        /// The contrary was seen.
        NotReached = "not_reached",
        /// Sent, and whether it was carried out cannot be said.
        Sent = "sent",
        /// A rule stood in the way: nothing was sent.
        Refused = "refused",
        /// The world had moved: nothing was changed.
        Moved = "moved",
        /// It failed before anything was changed.
        Failed = "failed",
        /// Nothing was sent: it was already so, or only asked for.
        None = "none",
    } else Unknown = "unknown"
}

/// What came of a deed, with its words and its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What came of it.
    pub state: OutcomeState,
    /// In words.
    pub message: Text,
    /// How long it took from sending to seeing; milliseconds.
    pub took_ms: Option<u64>,
    /// Who or what refused, where nothing was changed because of it.
    pub refusal: Option<Refusal>,
}

impl Outcome {
    /// An outcome that took no time.
    pub fn new(state: OutcomeState, message: impl AsRef<str>) -> Self {
        Self { state, message: Text::new(message), took_ms: None, refusal: None }
    }

    /// The same, for want of something that has an exit code of its own.
    #[must_use]
    pub const fn refused(mut self, refusal: Refusal) -> Self {
        self.refusal = Some(refusal);
        self
    }
}

/// What must be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// A decision read back, and what it means for the run.
    Decided(GateId, Place, RunKey, Verdict),
    /// The release takes traffic there, or stands at its gate.
    Promoted(Place, VersionName),
    /// The target serves all traffic.
    Serves(Place, VersionName),
    /// The candidate has exactly this share.
    Weight(Place, Weight),
    /// The ladder stands at this step, the router at its weight.
    Step(Place, u32, Weight),
    /// The rollout is paused, or is not.
    Paused(Place, bool),
    /// The stable release serves all.
    Aborted(Place),
    /// This colour serves all.
    Active(Place, Color),
    /// The hold reads back so.
    Held(Place, bool),
    /// The flag reads back so.
    Flag(SourceName, FlagKey, EnvironmentName, FlagValue),
    /// The run is there; which one, the backend says when it accepts.
    Started(Option<RunKey>),
    /// The run is under way again.
    Retried(RunKey, Option<u32>),
    /// The run stops.
    Cancelled(RunKey),
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
            Self::Decided(_, place, run, Verdict::Reject) => {
                write!(f, "run {run} will not pass to {}", place.environment)
            }
            Self::Decided(_, place, ..) => write!(f, "the decision for {} is read back", place.environment),
            Self::Promoted(place, version) => {
                write!(f, "{version} takes traffic in {} or stands at its gate", place.environment)
            }
            Self::Serves(place, version) => write!(f, "{version} serves all of {}", place.environment),
            Self::Weight(_, weight) | Self::Step(_, _, weight) => write!(f, "actual weight is {weight}"),
            Self::Paused(_, true) => f.write_str("the rollout is paused"),
            Self::Paused(_, false) => f.write_str("the rollout goes on"),
            Self::Aborted(place) => write!(f, "the stable release serves all of {}", place.environment),
            Self::Active(place, color) => write!(f, "{color} serves all of {}", place.environment),
            Self::Held(place, true) => write!(f, "{} is held", place.environment),
            Self::Held(place, false) => write!(f, "{} is not held", place.environment),
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
            Self::Started(run) => run.as_ref().map_or(Progress::Pending, |run| started(store, run)),
            Self::Retried(run, attempt) => with_run(store, run, sent_at, |run| retried(run, *attempt)),
            Self::Cancelled(run) => with_run(store, run, sent_at, cancelled),
            Self::Flag(source, key, environment, value) => flag(store, sent_at, source, key, environment, *value),
            Self::Decided(gate, place, run, verdict) => {
                with_place(store, place, sent_at, |environment| decided(store, environment, gate, run, *verdict))
            }
            Self::Promoted(place, version) => {
                with_place(store, place, sent_at, |environment| promoted(environment, version))
            }
            Self::Serves(place, version) => {
                with_place(store, place, sent_at, |environment| serves(environment, version))
            }
            Self::Held(place, on) => with_place(store, place, sent_at, |environment| held(environment, *on)),
            Self::Weight(place, _)
            | Self::Step(place, ..)
            | Self::Paused(place, _)
            | Self::Aborted(place)
            | Self::Active(place, _) => with_place(store, place, sent_at, |environment| match &environment.rollout {
                Some(rollout) => self.traffic(rollout, environment),
                None => Progress::contradicted("there is no rollout any more"),
            }),
        }
    }

    fn traffic(&self, rollout: &Rollout, environment: &Environment) -> Progress {
        match self {
            Self::Weight(_, weight) => weighs(rollout, *weight),
            Self::Step(_, step, weight) => match rollout.step {
                Some(at) if at.index == *step || rollout.phase == Phase::Complete => weighs(rollout, *weight),
                Some(at) if at.index > *step => Progress::reached(format!("already at step {}", at.index)),
                _ => contrary(rollout),
            },
            Self::Paused(_, true) if rollout.phase == Phase::Paused => Progress::reached("paused"),
            Self::Paused(_, false) if rollout.phase != Phase::Paused => Progress::reached("goes on"),
            Self::Aborted(_) => aborted(rollout, environment),
            Self::Active(_, color) => active(rollout, *color),
            _ => Progress::Pending,
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

fn started(store: &Store, run: &RunKey) -> Progress {
    match store.run(run) {
        Some(seen) => Progress::reached(format!("run {run} is {}", seen.value.status)),
        None => Progress::Pending,
    }
}

fn retried(run: &Run, attempt: Option<u32>) -> Progress {
    let newer = run.attempt.zip(attempt).is_none_or(|(now, before)| now > before);
    if newer && (!run.status.ended() || attempt.is_some()) {
        return Progress::reached(format!("run {} is {}", run.key(), run.status));
    }
    Progress::Pending
}

fn cancelled(run: &Run) -> Progress {
    match run.status {
        Status::Cancelled => Progress::reached(format!("run {} is cancelled", run.key())),
        status if status.ended() => Progress::contradicted(format!("run {} ended first: {status}", run.key())),
        _ => Progress::Pending,
    }
}

fn flag(
    store: &Store,
    sent_at: Timestamp,
    source: &SourceName,
    key: &FlagKey,
    environment: &EnvironmentName,
    value: FlagValue,
) -> Progress {
    let Some(seen) = store.flag(source, key).filter(|seen| seen.at > sent_at) else { return Progress::Pending };
    match seen.value.environments.iter().find(|state| state.name == *environment) {
        Some(state) if state.is(value) => Progress::reached(format!("{key} is {state} in {environment}")),
        Some(_) => Progress::Pending,
        None => Progress::contradicted(format!("{key} is not in {environment} any more")),
    }
}

fn decided(store: &Store, environment: &Environment, gate: &GateId, run: &RunKey, verdict: Verdict) -> Progress {
    let still = environment.gates().find(|standing| standing.id == *gate);
    match (verdict, still) {
        (Verdict::Approve, Some(standing)) => approval(standing),
        (Verdict::Approve, None) => match store.run(run).map(|seen| seen.value.status) {
            Some(Status::Cancelled | Status::Failed) => Progress::contradicted(format!("run {run} has ended")),
            _ => Progress::reached("approved; the run has left the gate"),
        },
        (_, Some(standing)) if standing.state == GateState::Rejected => {
            Progress::reached("rejected; the run will not pass")
        }
        (_, Some(standing)) if standing.state == GateState::Approved => Progress::contradicted("the gate was approved"),
        (_, Some(_)) => Progress::Pending,
        (_, None) => match store.run(run).map(|seen| seen.value.status) {
            Some(Status::Failed | Status::Cancelled) => Progress::reached("rejected; the run will not pass"),
            Some(Status::Succeeded) => Progress::contradicted("the run has passed"),
            _ => Progress::Pending,
        },
    }
}

fn approval(gate: &Gate) -> Progress {
    match gate.state {
        GateState::Approved => Progress::reached("approved; the run has left the gate"),
        GateState::ApprovedNotStarted => Progress::reached("approved, not started"),
        GateState::Rejected => Progress::contradicted("the gate was rejected"),
        GateState::Expired => Progress::contradicted("the gate has expired"),
        GateState::Waiting | GateState::Unknown => {
            let approvals = gate.approvals;
            let mine = gate.may_approve == Some(false)
                && gate.decisions.iter().any(|decision| decision.verdict == Verdict::Approve);
            if mine {
                Progress::reached(format!("approved; {} of {} are there", approvals.have, approvals.need))
            } else {
                Progress::Pending
            }
        }
    }
}

fn promoted(environment: &Environment, version: &VersionName) -> Progress {
    let mut gates = environment.gates();
    if gates.any(|gate| gate.open() && gate.release.as_ref() == Some(version)) {
        return Progress::reached(format!("{version} stands at its gate"));
    }
    if environment.release.as_ref().is_some_and(|release| release.version == *version) {
        return Progress::reached(format!("{version} serves"));
    }
    let Some(rollout) = &environment.rollout else { return Progress::Pending };
    let candidate = rollout.candidate.as_ref().is_some_and(|side| side.version == *version);
    let weight = rollout.actual_weight.unwrap_or_default();
    match rollout.phase {
        Phase::Degraded | Phase::Aborted if candidate => Progress::contradicted(why(rollout)),
        Phase::Waiting if candidate && rollout.kind == RolloutKind::BlueGreen => {
            Progress::reached(format!("{version} is healthy on the idle colour"))
        }
        _ if candidate && weight > Weight::NONE => Progress::reached(format!("{version} has {weight}")),
        _ if environment.state == EnvironmentState::Failed => Progress::contradicted(why(rollout)),
        _ => Progress::Pending,
    }
}

fn serves(environment: &Environment, version: &VersionName) -> Progress {
    let here = environment.release.as_ref().is_some_and(|release| release.version == *version);
    let moving = environment.rollout.as_ref().filter(|rollout| rollout.phase.under_way());
    match moving {
        None if here => Progress::reached(format!("{version} serves all traffic")),
        Some(rollout) if rollout.phase == Phase::Degraded => Progress::contradicted(why(rollout)),
        None if environment.state == EnvironmentState::Failed => {
            let detail = environment.detail.as_ref().map_or("the deployment failed", Text::as_str);
            Progress::contradicted(detail)
        }
        _ => Progress::Pending,
    }
}

fn held(environment: &Environment, on: bool) -> Progress {
    match (environment.held == on, on) {
        (true, true) => Progress::reached("held"),
        (true, false) => Progress::reached("not held"),
        (false, _) => Progress::Pending,
    }
}

fn weighs(rollout: &Rollout, weight: Weight) -> Progress {
    match rollout.actual_weight {
        Some(actual) if actual == weight && rollout.set_weight == Some(weight) => {
            Progress::reached(format!("actual weight is {weight}"))
        }
        _ if rollout.phase == Phase::Complete && weight == Weight::ALL => {
            Progress::reached("the candidate serves all traffic")
        }
        _ => contrary(rollout),
    }
}

fn contrary(rollout: &Rollout) -> Progress {
    match rollout.phase {
        Phase::Aborting | Phase::Aborted | Phase::Degraded | Phase::Idle => Progress::contradicted(why(rollout)),
        _ => Progress::Pending,
    }
}

fn aborted(rollout: &Rollout, environment: &Environment) -> Progress {
    let none = rollout.actual_weight.unwrap_or_default() == Weight::NONE;
    match rollout.phase {
        Phase::Aborted | Phase::Idle if none => {
            let stable = environment
                .release
                .as_ref()
                .map_or_else(|| "the stable release".into(), |release| release.version.to_string());
            Progress::reached(format!("{stable} serves all traffic"))
        }
        Phase::Complete => Progress::contradicted("the candidate had already taken over"),
        _ => Progress::Pending,
    }
}

fn active(rollout: &Rollout, color: Color) -> Progress {
    match &rollout.active {
        Some(side) if side.color == color => Progress::reached(format!("{color} serves all traffic")),
        _ if rollout.phase == Phase::Degraded => Progress::contradicted(why(rollout)),
        _ => Progress::Pending,
    }
}

fn why(rollout: &Rollout) -> String {
    match &rollout.message {
        Some(message) => format!("{}: {message}", rollout.phase),
        None => rollout.phase.to_string(),
    }
}
