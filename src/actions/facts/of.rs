//! Which facts each deed rests on. What only stops or takes back rests on fewer: it has to work while things move.

use super::Fact;
use crate::domain::confirmation::Confirmation;
use crate::domain::environment::Environment;
use crate::domain::flag::FlagState;
use crate::domain::gate::Gate;
use crate::domain::ids::{Place, RunKey};
use crate::domain::order::{Deed, DeploymentDeed, FlagDeed, Order, PipelineDeed, RolloutDeed};
use crate::domain::release::VersionName;
use crate::domain::rollout::{ColorSide, Rollout, Side};
use crate::domain::run::Run;
use crate::domain::service::Service;
use crate::domain::stop::Stop;
use crate::domain::text::Text;
use crate::store::Store;

/// What `order` rests on, as it is known now; `None` where its target is gone, or another source has it.
pub fn facts(store: &Store, order: &Order) -> Option<Vec<Fact>> {
    match &order.deed {
        Deed::Gate(deed) => {
            let (service, environment) = place(store, order, &deed.place)?;
            let gate = environment.gates().find(|gate| gate.id == deed.gate)?;
            Some(identity(service).into_iter().chain(at_gate(gate)).collect())
        }
        Deed::Deployment(at, deed) => {
            let (service, environment) = place(store, order, at)?;
            Some(identity(service).into_iter().chain(deployment(service, environment, deed)).collect())
        }
        Deed::Rollout(at, deed) => {
            let (service, environment) = place(store, order, at)?;
            let rollout = environment.rollout.as_ref()?;
            Some(identity(service).into_iter().chain(traffic(rollout, *deed)).collect())
        }
        Deed::Flag(deed) => Some(flag(setting(store, order, deed)?)),
        Deed::Pipeline(PipelineDeed::Start { service, .. }) => {
            let seen = store.service(service).filter(|seen| seen.source == order.source)?;
            Some(identity(&seen.value))
        }
        Deed::Pipeline(PipelineDeed::Retry { run, .. }) => known(store, order, run).map(|run| ended(run).to_vec()),
        Deed::Pipeline(PipelineDeed::Cancel { run, .. }) => known(store, order, run).map(|run| going(run).to_vec()),
        Deed::Confirm(deed) => {
            let seen = store.confirmation(&deed.id).filter(|seen| seen.source == order.source)?;
            Some(asked(&seen.value).to_vec())
        }
        Deed::Stop(_) => {
            let brake = store.sources().get(&order.source)?.brake.as_ref()?;
            let stands = brake.stop.as_ref().map_or_else(|| "none".into(), Stop::says);
            Some(vec![fact("emergency stop", stands), fact("its revision", brake.revision.as_str())])
        }
    }
}

fn fact(name: &'static str, value: impl AsRef<str>) -> Fact {
    Fact { name, value: Text::new(value) }
}

fn maybe(name: &'static str, value: Option<impl std::fmt::Display>) -> Fact {
    fact(name, value.map_or_else(|| "none".into(), |value| value.to_string()))
}

fn place<'a>(store: &'a Store, order: &Order, at: &Place) -> Option<(&'a Service, &'a Environment)> {
    let seen = store.service(&at.service).filter(|seen| seen.source == order.source)?;
    Some((&seen.value, seen.value.environment(&at.environment)?))
}

fn known<'a>(store: &'a Store, order: &Order, run: &RunKey) -> Option<&'a Run> {
    store.run(run).filter(|seen| seen.source == order.source).map(|seen| seen.value)
}

fn setting<'a>(store: &'a Store, order: &Order, deed: &FlagDeed) -> Option<&'a FlagState> {
    let flag = &store.flag(&order.source, &deed.flag)?.value;
    flag.environments.iter().find(|state| state.name == deed.environment)
}

/// That it is the same service, and not another of its name.
fn identity(service: &Service) -> Vec<Fact> {
    vec![maybe("repository", service.repository.as_ref())]
}

fn at_gate(gate: &Gate) -> [Fact; 5] {
    let approvals = gate.approvals;
    [
        maybe("release", gate.release.as_ref()),
        fact("run", gate.run.as_str()),
        fact("gate", gate.state.as_str()),
        fact("approvals", format!("{} of {}", approvals.have, approvals.need)),
        fact("your word", gate.may_approve.map_or("not known", |may| if may { "counts" } else { "does not count" })),
    ]
}

fn serves(environment: &Environment) -> Fact {
    let release = environment.release.as_ref();
    maybe("release", release.map(|release| format!("{} ({:.7})", release.version, release.commit.as_str())))
}

fn side(name: &'static str, side: Option<&Side>) -> Fact {
    maybe(name, side.map(|side| named(&side.version, side.commit.as_ref())))
}

fn named(version: &VersionName, commit: Option<&Text>) -> String {
    commit.map_or_else(|| version.to_string(), |commit| format!("{version} ({:.7})", commit.as_str()))
}

fn deployment(service: &Service, environment: &Environment, deed: &DeploymentDeed) -> Vec<Fact> {
    let rollout = environment.rollout.as_ref().filter(|rollout| rollout.phase.under_way());
    let candidate = side("candidate", rollout.and_then(|rollout| rollout.candidate.as_ref()));
    match deed {
        DeploymentDeed::Promote(_) => {
            let below = service.below(&environment.name).and_then(|below| below.release.as_ref());
            let gates: Vec<_> = environment.gates().filter(|gate| gate.open()).map(|gate| gate.run.as_str()).collect();
            vec![
                serves(environment),
                candidate,
                held(environment),
                maybe("below", below.map(|release| named(&release.version, Some(&release.commit)))),
                fact("at the gate", gates.join(", ")),
            ]
        }
        DeploymentDeed::RollBack(to) => {
            let kept = environment.kept.iter().find(|kept| kept.version == *to);
            let kept = maybe("kept", kept.map(|kept| named(&kept.version, Some(&kept.commit))));
            vec![serves(environment), candidate, kept]
        }
        DeploymentDeed::Hold(_) => vec![held(environment)],
    }
}

fn held(environment: &Environment) -> Fact {
    let by = environment.hold.as_ref().map(|hold| format!(" by {}", hold.by)).unwrap_or_default();
    fact("hold", if environment.held { format!("on{by}") } else { "off".into() })
}

fn traffic(rollout: &Rollout, deed: RolloutDeed) -> Vec<Fact> {
    let mut facts = vec![fact("phase", rollout.phase.as_str())];
    if let RolloutDeed::Flip(_) = deed {
        facts.extend([color("active", rollout.active.as_ref()), color("idle", rollout.idle.as_ref())]);
        let ready =
            rollout.idle.as_ref().is_some_and(|idle| idle.healthy.unwrap_or(0) > 0 && idle.healthy >= idle.replicas);
        facts.push(fact("idle colour", if ready { "healthy" } else { "not healthy" }));
        return facts;
    }
    facts.extend([side("stable", rollout.stable.as_ref()), side("candidate", rollout.candidate.as_ref())]);
    if deed != RolloutDeed::Abort {
        facts.extend([maybe("step", rollout.step.map(|step| step.index)), maybe("weight", rollout.set_weight)]);
    }
    if more(rollout, deed) {
        facts.push(maybe("verdict", rollout.verdict.as_ref().map(|verdict| verdict.state)));
    }
    facts
}

/// Whether the candidate gets more by it.
fn more(rollout: &Rollout, deed: RolloutDeed) -> bool {
    let to = match deed {
        RolloutDeed::SetWeight(weight) => Some(weight),
        RolloutDeed::GoToStep(step) => rollout.rung(step).map(|rung| rung.weight),
        RolloutDeed::Complete | RolloutDeed::Resume => return true,
        RolloutDeed::Pause | RolloutDeed::Abort | RolloutDeed::Flip(_) => None,
    };
    to.is_some_and(|to| to > rollout.set_weight.unwrap_or_default())
}

fn color(name: &'static str, side: Option<&ColorSide>) -> Fact {
    let version = |side: &ColorSide| side.version.as_ref().map(|version| named(version, side.commit.as_ref()));
    maybe(name, side.map(|side| format!("{} {}", side.color, version(side).unwrap_or_default())))
}

fn flag(state: &FlagState) -> Vec<Fact> {
    let words = |words: Vec<String>| if words.is_empty() { "none".to_owned() } else { words.join(", ") };
    vec![
        fact("flag", if state.enabled { "on" } else { "off" }),
        maybe("share", state.percent),
        fact("variants", words(state.variants.iter().map(ToString::to_string).collect())),
        fact("segments", words(state.segments.iter().map(ToString::to_string).collect())),
        maybe("last set", state.changed_at),
        maybe("last set by", state.changed_by.as_ref()),
    ]
}

fn ended(run: &Run) -> [Fact; 3] {
    [fact("run", run.status.as_str()), maybe("attempt", run.attempt), fact("commit", run.commit.as_str())]
}

/// What is confirmed is what was shown.
fn asked(confirmation: &Confirmation) -> [Fact; 5] {
    let words = &confirmation.words;
    [
        fact("asks", confirmation.asked_by.as_str()),
        fact("for", format!("{} {}", words.action, words.target)),
        fact("change", format!("{} → {}", words.before, words.after)),
        maybe("revision", words.revision.as_ref()),
        fact("confirmation", confirmation.state.as_str()),
    ]
}

/// A run goes from one job to the next while one looks; that matters only when it ends.
fn going(run: &Run) -> [Fact; 3] {
    let stands = if run.status.ended() { run.status.as_str() } else { "under way" };
    [fact("run", stands), maybe("attempt", run.attempt), fact("commit", run.commit.as_str())]
}
