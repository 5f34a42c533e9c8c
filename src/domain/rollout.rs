//! Rollouts: how traffic moves to a release in an environment.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::release::VersionName;
use super::text::Text;

/// A share of traffic in percent, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Weight(u8);

impl Weight {
    /// None of the traffic.
    pub const NONE: Self = Self(0);
    /// All of it.
    pub const ALL: Self = Self(100);

    /// A weight of `percent`; `None` above 100.
    pub const fn new(percent: u8) -> Option<Self> {
        if percent <= 100 { Some(Self(percent)) } else { None }
    }

    /// The percentage.
    pub const fn percent(self) -> u8 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let percent = u8::deserialize(deserializer)?;
        Self::new(percent).ok_or_else(|| serde::de::Error::custom("a weight is 0 to 100"))
    }
}

impl std::fmt::Display for Weight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} %", self.0)
    }
}

words! {
    /// The way traffic moves.
    RolloutKind {
        /// All at once.
        Replace = "replace",
        /// Step by step.
        Canary = "canary",
        /// Two colours; one takes all.
        BlueGreen = "blue_green",
    } else Unknown = "unknown"
}

words! {
    /// What a rollout is doing.
    Phase {
        /// Nothing; the stable release takes all.
        Idle = "idle",
        /// Instances start, or traffic moves by itself.
        Progressing = "progressing",
        /// A person stopped it; it goes on when told.
        Paused = "paused",
        /// It stands at a step until a person or its bake time moves it.
        Waiting = "waiting",
        /// Traffic goes back to the stable release.
        Aborting = "aborting",
        /// The stable release serves all again; the candidate was given up.
        Aborted = "aborted",
        /// It cannot go on: instances do not get healthy.
        Degraded = "degraded",
        /// The candidate took over.
        Complete = "complete",
    } else Unknown = "unknown"
}

impl Phase {
    /// Whether a rollout is under way, so that a newer release must wait.
    pub const fn under_way(self) -> bool {
        matches!(self, Self::Progressing | Self::Paused | Self::Waiting | Self::Aborting | Self::Degraded)
    }
}

words! {
    /// One of the two sides of a blue/green environment.
    Color {
        /// The one.
        Blue = "blue",
        /// The other.
        Green = "green",
    } else Unknown = "unknown"
}

impl Color {
    /// The other side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Blue => Self::Green,
            Self::Green => Self::Blue,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// How traffic stands in an environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rollout {
    /// The way it moves.
    pub kind: RolloutKind,
    /// What it is doing.
    pub phase: Phase,
    /// In words, why it stands or what comes next.
    pub message: Option<Text>,
    /// The candidate's share as ordered.
    pub set_weight: Option<Weight>,
    /// The candidate's share as the router holds it.
    pub actual_weight: Option<Weight>,
    /// Where on the ladder it stands.
    pub step: Option<StepAt>,
    /// The ladder of a canary.
    pub steps: Vec<RolloutStep>,
    /// What is left of the present step's bake time; milliseconds.
    pub bake_left_ms: Option<u64>,
    /// What serves when nothing is under way, and what an abort goes back to.
    pub stable: Option<Side>,
    /// What is being brought in.
    pub candidate: Option<Side>,
    /// The colour that takes the traffic.
    pub active: Option<ColorSide>,
    /// The colour that does not.
    pub idle: Option<ColorSide>,
    /// The judgement over the candidate.
    pub verdict: Option<Verdict>,
}

impl Rollout {
    /// The present step's number; 0 before the first.
    pub fn at(&self) -> u32 {
        self.step.map_or(0, |step| step.index)
    }

    /// The step called `number`; the first is 1.
    pub fn rung(&self, number: u32) -> Option<&RolloutStep> {
        self.steps.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// Whether the weight was set by hand: it is not that of the step it stands on.
    pub fn by_hand(&self) -> bool {
        self.rung(self.at()).is_some_and(|rung| self.set_weight.is_some_and(|weight| weight != rung.weight))
    }

    /// The number of the step after this one; after a weight set by hand, of the first that has more.
    pub fn next_step(&self) -> u32 {
        self.steps_until(|rung, weight| rung <= weight).unwrap_or_else(|| self.at()).saturating_add(1)
    }

    /// The number of the step before this one; before a weight set by hand, of the last that has less. 0 if there is none.
    pub fn previous_step(&self) -> u32 {
        self.steps_until(|rung, weight| rung < weight).unwrap_or_else(|| self.at().saturating_sub(1))
    }

    /// How many steps from the first on are below a weight that was set by hand.
    fn steps_until(&self, below: impl Fn(Weight, Weight) -> bool) -> Option<u32> {
        let weight = self.set_weight.filter(|_| self.by_hand())?;
        u32::try_from(self.steps.iter().take_while(|rung| below(rung.weight, weight)).count()).ok()
    }
}

/// A position on the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepAt {
    /// The present step; the first is 1.
    pub index: u32,
    /// How many there are.
    pub count: u32,
}

/// One rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::module_name_repetitions, reason = "a bare `Step` is what jobs have")]
pub struct RolloutStep {
    /// The candidate's share on it.
    pub weight: Weight,
    /// Whether it stays until a person moves it.
    pub manual: bool,
    /// How long it stays otherwise; milliseconds.
    pub bake_ms: Option<u64>,
}

/// A release that takes part in a rollout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Its version.
    pub version: VersionName,
    /// Its commit.
    pub commit: Option<Text>,
    /// How many instances should run.
    pub replicas: Option<u32>,
    /// How many are healthy.
    pub healthy: Option<u32>,
}

/// One colour and what is on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColorSide {
    /// Which.
    pub color: Color,
    /// The release on it, if any.
    pub version: Option<VersionName>,
    /// Its commit.
    pub commit: Option<Text>,
    /// How many instances should run.
    pub replicas: Option<u32>,
    /// How many are healthy.
    pub healthy: Option<u32>,
    /// Until when its instances stay up for an instant flip back.
    pub kept_until: Option<Timestamp>,
}

words! {
    /// What the judge says.
    VerdictState {
        /// Everything holds.
        Pass = "pass",
        /// Close to a limit.
        Marginal = "marginal",
        /// A limit is broken.
        Fail = "fail",
        /// Too few samples to say anything.
        NoData = "no_data",
    } else Unknown = "unknown"
}

/// The judgement over a candidate, with its numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The worst of the metrics.
    pub state: VerdictState,
    /// 0 to 100: the share of metrics that pass, a marginal one counting half; `None` without data.
    pub score: Option<u8>,
    /// Metric by metric.
    pub metrics: Vec<Metric>,
}

/// One metric of a verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// What is measured: `error rate`, `latency p95`.
    pub name: Text,
    /// The unit of the values: `%` or `ms`.
    pub unit: Text,
    /// The stable release's value.
    pub stable: Option<f64>,
    /// The candidate's.
    pub candidate: Option<f64>,
    /// The condition as the pipeline states it: `≤ 1 %`, `≤ +10 %`.
    pub condition: Text,
    /// The highest value allowed for the candidate now, the condition applied to the baseline.
    pub limit: Option<f64>,
    /// How many requests of the candidate the value rests on.
    pub samples: u64,
    /// The judgement.
    pub state: VerdictState,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canary(step: u32, weight: u8) -> Rollout {
        let rungs = [10, 25, 50, 100].map(|weight| serde_json::json!({ "weight": weight, "manual": false }));
        let rollout = serde_json::json!({
            "kind": "canary", "phase": "waiting", "set_weight": weight, "actual_weight": weight,
            "step": { "index": step, "count": 4 }, "steps": rungs,
        });
        serde_json::from_value(rollout).unwrap()
    }

    #[test]
    fn the_steps_beside_a_weight_set_by_hand_are_those_above_and_below_it() {
        let beside = |step, weight| {
            let rollout = canary(step, weight);
            (rollout.by_hand(), rollout.previous_step(), rollout.next_step())
        };
        assert_eq!((beside(1, 10), beside(2, 25), beside(4, 100)), ((false, 0, 2), (false, 1, 3), (false, 3, 5)));
        assert_eq!((beside(1, 40), beside(2, 37), beside(3, 5)), ((true, 2, 3), (true, 2, 3), (true, 0, 1)));
        assert_eq!((beside(2, 100), beside(1, 25)), ((true, 3, 5), (true, 1, 3)));
        let before = Rollout { step: None, ..canary(1, 0) };
        assert_eq!((before.by_hand(), before.previous_step(), before.next_step()), (false, 0, 1));
    }
}
