//! Revisions: hashes of the facts that a plan rests on. What moves by itself without mattering to a plan (times, metrics,
//! readiness, progress of jobs) is not among them.

use std::borrow::Cow;

use super::State;
use super::deployment::{Deployment, Stand};
use super::flag::Setting;
use super::place::Standing;
use super::run::Run;
use crate::domain::ids::{EnvironmentName, FlagKey, Place, Revision};

/// Facts with their names, before they are hashed.
#[derive(Default)]
struct Facts(Vec<(&'static str, String)>);

impl Facts {
    fn fact(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.0.push((name, value.to_string()));
        self
    }

    fn maybe(self, name: &'static str, value: Option<impl std::fmt::Display>) -> Self {
        let value = value.map_or(Cow::Borrowed("-"), |value| Cow::Owned(format!("={value}")));
        self.fact(name, value)
    }

    fn revision(&self) -> Revision {
        Revision::of(self.0.iter().map(|(name, value)| (*name, value.as_str())))
    }
}

/// The revision of an environment.
pub fn environment(state: &State, place: &Place) -> Revision {
    let facts = Facts::default().fact("service", place.service.as_str()).fact("name", place.environment.as_str());
    let facts = match state.places.get(place) {
        Some(standing) => standing_facts(facts, standing),
        None => facts.fact("empty", true),
    };
    let gates = state.open_deployments(place).filter(|deployment| deployment.stand == Stand::AtGate);
    facts.maybe("gate", gates.last().map(|deployment| deployment.id)).revision()
}

fn standing_facts(facts: Facts, standing: &Standing) -> Facts {
    let serving = standing.serving_set();
    let facts = facts
        .maybe("release", standing.live.as_ref().map(|live| live.version.as_str()))
        .maybe("serving", standing.serving)
        .maybe("template", serving.map(|set| set.pipeline.as_str()))
        .maybe("color", serving.and_then(|set| set.color))
        .maybe("held", standing.hold.as_ref().map(|hold| hold.at));
    let Some(rollout) = &standing.rollout else { return facts.fact("rollout", "none") };
    facts
        .fact("rollout", rollout.deployment)
        .fact("phase", rollout.phase)
        .fact("candidate", rollout.version.as_str())
        .maybe("step", rollout.step)
        .fact("weight", rollout.weight.percent())
        .fact("by_hand", rollout.by_hand)
}

/// The revision of a gate.
pub fn gate(deployment: &Deployment) -> Revision {
    let decisions = deployment.gate.iter().flat_map(|gate| &gate.decisions);
    decisions
        .fold(
            Facts::default()
                .fact("gate", deployment.id)
                .fact("release", deployment.version.as_str())
                .fact("stand", format!("{:?}", deployment.stand)),
            |facts, decision| facts.fact("by", decision.by.as_str()).fact("verdict", decision.verdict),
        )
        .revision()
}

/// The revision of a flag's setting.
pub fn flag(key: &FlagKey, environment: &EnvironmentName, setting: &Setting) -> Revision {
    Facts::default()
        .fact("flag", key.as_str())
        .fact("environment", environment.as_str())
        .fact("enabled", setting.enabled)
        .maybe("percent", setting.percent)
        .fact("version", setting.version)
        .revision()
}

/// The revision of a run. Jobs that go on do not change it; its end, an order to stop and another attempt do.
pub fn run(run: &Run) -> Revision {
    let facts = Facts::default().fact("service", run.service.as_str()).fact("run", run.number);
    let facts = facts.fact("attempt", run.attempt).maybe("cancel", run.cancel.as_ref().map(|cancel| cancel.force));
    facts.maybe("ended", run.status.ended().then_some(run.status)).revision()
}
