//! A place: what runs in an environment of a service, what should, and how its traffic stands. The split of traffic
//! follows from this record alone, so that a restart finds it again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::environment;
use crate::domain::ids::Place;
use crate::domain::release::VersionName;
use crate::domain::rollout::{Color, Phase, RolloutKind, Weight};

/// What is decided for one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Which.
    pub place: Place,
    /// The port of its traffic; chosen once.
    pub port: Option<u16>,
    /// The releases that run here or did a moment ago.
    pub sets: Vec<Set>,
    /// The set that serves when nothing is under way.
    pub serving: Option<u64>,
    /// The release of that set.
    pub live: Option<Live>,
    /// The rollout that is under way, or the last one.
    pub rollout: Option<Rollout>,
    /// The order that keeps automatic deployments out.
    pub hold: Option<environment::Hold>,
    /// Releases that were live here, newest first, without the one that is.
    pub kept: Vec<Kept>,
    /// The next set's number.
    pub next_set: u64,
}

/// The instances of one release at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Set {
    /// Its number within the place.
    pub id: u64,
    /// The release.
    pub version: VersionName,
    /// Its commit.
    pub commit: String,
    /// The digest of the pipeline file that says how it is started.
    pub pipeline: String,
    /// How many instances it should have.
    pub replicas: u32,
    /// Its colour, under blue/green.
    pub color: Option<Color>,
    /// Whether it should run.
    pub up: bool,
    /// Until when it is kept running without serving.
    pub keep_until: Option<Timestamp>,
    /// Its instances: those that run or are about to.
    pub instances: Vec<Instance>,
}

/// One instance: a process on a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Its place in the set; the first is 1.
    pub slot: u32,
    /// How often this slot was started; with place, set and slot it names one process for ever.
    pub life: u64,
    /// The port it listens on.
    pub port: u16,
    /// The process, once it is known to be started.
    pub process: Option<serde_json::Value>,
}

/// The release that serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// Which.
    pub version: VersionName,
    /// Its commit.
    pub commit: String,
    /// Its digest.
    pub digest: String,
    /// The number of the run that made it.
    pub run: u64,
    /// When it took over.
    pub deployed_at: Timestamp,
    /// Who or what put it there.
    pub deployed_by: String,
}

/// A release that was live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What it was.
    pub live: Live,
    /// Whether it served without being rolled back from.
    pub good: bool,
}

/// A movement of traffic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    /// The deployment it belongs to.
    pub deployment: u64,
    /// The way it moves. What a person orders at once (going back, a flip) goes all at once whatever the kind.
    pub kind: RolloutKind,
    /// Whether it passes the ladder of its pipeline.
    pub ladder: bool,
    /// The set that is brought in.
    pub candidate: u64,
    /// The set that serves meanwhile.
    pub stable: Option<u64>,
    /// The release that is brought in.
    pub version: VersionName,
    /// Its commit.
    pub commit: String,
    /// What is wanted next.
    pub goal: Goal,
    /// How it stands.
    pub phase: Phase,
    /// The rung, the first is 0; `None` until the candidate is healthy.
    pub step: Option<usize>,
    /// The candidate's share as ordered.
    pub weight: Weight,
    /// Whether a person set the weight, so that it stays.
    pub by_hand: bool,
    /// Since when its present stretch of bake time runs; `None` while it does not.
    pub baking_since: Option<Timestamp>,
    /// Bake time of this rung before that; milliseconds.
    pub baked_ms: u64,
    /// Why it stands or ended so.
    pub message: Option<String>,
    /// Whether the candidate was not good enough, or did not get healthy; false where a person ended it.
    pub failed: bool,
    /// When it began.
    pub began_at: Timestamp,
    /// When the candidate first got traffic: what is judged begins here.
    pub judged_since: Option<Timestamp>,
}

/// What a rollout is to reach next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// A healthy candidate.
    Healthy,
    /// The set weight.
    Weight,
    /// All traffic on the candidate, and the end.
    Complete,
    /// All traffic on the stable set, and the end.
    Abort,
}

/// A share of the traffic for a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The set's number.
    pub set: u64,
    /// Its share.
    pub weight: Weight,
}

impl Standing {
    /// A place where nothing ever was.
    pub fn new(place: Place) -> Self {
        let (port, serving, live, rollout, hold) = (None, None, None, None, None);
        Self { place, port, sets: Vec::new(), serving, live, rollout, hold, kept: Vec::new(), next_set: 1 }
    }

    /// The rollout, if one is under way.
    pub fn under_way(&self) -> Option<&Rollout> {
        self.rollout.as_ref().filter(|rollout| rollout.phase.under_way())
    }

    /// The rollout, if one is under way, to change it.
    pub fn under_way_mut(&mut self) -> Option<&mut Rollout> {
        self.rollout.as_mut().filter(|rollout| rollout.phase.under_way())
    }

    /// The set of a number.
    pub fn set(&self, id: u64) -> Option<&Set> {
        self.sets.iter().find(|set| set.id == id)
    }

    /// The set of a number, to change it.
    pub fn set_mut(&mut self, id: u64) -> Option<&mut Set> {
        self.sets.iter_mut().find(|set| set.id == id)
    }

    /// The set that serves when nothing is under way.
    pub fn serving_set(&self) -> Option<&Set> {
        self.set(self.serving?)
    }

    /// A set of `version` that should run and is not on its way out.
    pub fn up_with(&self, version: &VersionName) -> Option<&Set> {
        self.sets.iter().rev().find(|set| set.up && set.version == *version)
    }

    /// How traffic is to be split: sets that get any, the stable one first. Empty if nothing is to serve.
    pub fn split(&self) -> Vec<Share> {
        let all = |set: Option<u64>| set.map(|set| Share { set, weight: Weight::ALL }).into_iter().collect();
        let Some(rollout) = self.under_way() else { return all(self.serving) };
        match rollout.goal {
            Goal::Healthy | Goal::Abort => all(rollout.stable),
            Goal::Complete => all(Some(rollout.candidate)),
            Goal::Weight => {
                let Some(stable) = rollout.stable else { return all(Some(rollout.candidate)) };
                let rest = Weight::new(100 - rollout.weight.percent()).unwrap_or_default();
                [(stable, rest), (rollout.candidate, rollout.weight)]
                    .into_iter()
                    .filter(|(_, weight)| *weight > Weight::NONE)
                    .map(|(set, weight)| Share { set, weight })
                    .collect()
            }
        }
    }
}

impl Rollout {
    /// How much of the present rung's bake time has passed.
    pub fn baked_ms(&self, now: Timestamp) -> u64 {
        let stretch = self.baking_since.map_or(0, |since| crate::clock::since(since, now).as_millis());
        self.baked_ms.saturating_add(u64::try_from(stretch).unwrap_or(u64::MAX))
    }

    /// Stops the bake clock, keeping what has passed.
    pub fn stop_baking(&mut self, now: Timestamp) {
        self.baked_ms = self.baked_ms(now);
        self.baking_since = None;
    }
}
