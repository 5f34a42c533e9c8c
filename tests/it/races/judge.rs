//! The judge: what a change does to a world, what it acts on, and whether the end that is wanted is so. In words of its
//! own, and not in those of the program that is judged.

use leverframe::domain::environment::Environment;
use leverframe::domain::flag::{FlagState, FlagValue};
use leverframe::domain::gate::{Gate, GateState, Verdict};
use leverframe::domain::ids::{Place, RunKey};
use leverframe::domain::observation::Overview;
use leverframe::domain::order::{Deed, DeploymentDeed, FlagDeed, GateDeed, PipelineDeed, RolloutDeed};
use leverframe::domain::release::VersionName;
use leverframe::domain::rollout::{Phase, Rollout, Weight};
use leverframe::domain::run::{Run, Status};
use leverframe::domain::service::Service;
use leverframe::domain::text::Text;

/// What a change acts on, as far as it matters to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// In words that are equal where it is the same.
    pub essence: String,
    /// The candidate, or the release on the idle colour.
    candidate: Option<VersionName>,
    step: u32,
    attempt: Option<u32>,
}

fn service<'a>(overview: &'a Overview, name: &str) -> Option<&'a Service> {
    overview.services.iter().find(|service| service.name.as_str() == name)
}

/// The environment at `place`.
pub fn environment<'a>(overview: &'a Overview, place: &Place) -> Option<&'a Environment> {
    service(overview, place.service.as_str())?.environment(&place.environment)
}

fn environment_mut<'a>(overview: &'a mut Overview, place: &Place) -> Option<&'a mut Environment> {
    let service = overview.services.iter_mut().find(|service| service.name == place.service)?;
    service.environments.iter_mut().find(|environment| environment.name == place.environment)
}

/// The run.
pub fn run<'a>(overview: &'a Overview, key: &RunKey) -> Option<&'a Run> {
    service(overview, key.service.as_str())?.latest_run.as_ref().filter(|run| run.id == key.id)
}

fn run_mut<'a>(overview: &'a mut Overview, key: &RunKey) -> Option<&'a mut Run> {
    let service = overview.services.iter_mut().find(|service| service.name == key.service)?;
    service.latest_run.as_mut().filter(|run| run.id == key.id)
}

fn gate<'a>(environment: &'a Environment, deed: &GateDeed) -> Option<&'a Gate> {
    environment.gates().find(|gate| gate.id == deed.gate)
}

fn flag<'a>(overview: &'a Overview, deed: &FlagDeed) -> Option<&'a FlagState> {
    let flag = overview.flags.iter().find(|flag| flag.key == deed.flag)?;
    flag.environments.iter().find(|state| state.name == deed.environment)
}

/// The run that a change starts.
pub fn started(deed: &Deed) -> Option<RunKey> {
    match deed {
        Deed::Pipeline(PipelineDeed::Start { service, .. }) => {
            Some(RunKey { service: service.clone(), id: "900".into() })
        }
        _ => None,
    }
}

/// What `deed` acts on in this world.
pub fn seen(overview: &Overview, deed: &Deed) -> Seen {
    let nothing = Seen { essence: "nothing".into(), candidate: None, step: 0, attempt: None };
    let of = |essence: String| Seen { essence, ..nothing.clone() };
    match deed {
        Deed::Gate(deed) => {
            let gate = environment(overview, &deed.place).and_then(|it| gate(it, deed));
            gate.map_or(nothing.clone(), |gate| {
                of(format!(
                    "{:?}",
                    (gate.state, &gate.run, &gate.release, gate.approvals, repository(overview, &deed.place))
                ))
            })
        }
        Deed::Deployment(place, deed) => environment(overview, place).map_or(nothing.clone(), |it| {
            let what = match deed {
                DeploymentDeed::Hold(_) => format!("{}", it.held),
                DeploymentDeed::Promote(_) | DeploymentDeed::RollBack(_) => serving(it),
            };
            of(format!("{what} {:?}", repository(overview, place)))
        }),
        Deed::Rollout(place, deed) => {
            environment(overview, place).and_then(|it| it.rollout.as_ref()).map_or(nothing.clone(), |rollout| Seen {
                candidate: candidate(rollout),
                step: rollout.at(),
                ..of(format!("{} {:?}", traffic(rollout, *deed), repository(overview, place)))
            })
        }
        Deed::Flag(deed) => flag(overview, deed)
            .map_or(nothing.clone(), |state| of(format!("{:?}", (state.enabled, state.percent, state.changed_at)))),
        Deed::Pipeline(PipelineDeed::Start { service: name, .. }) => {
            if service(overview, name.as_str()).is_some() {
                of(name.to_string())
            } else {
                nothing
            }
        }
        Deed::Pipeline(PipelineDeed::Retry { run: key, .. } | PipelineDeed::Cancel { run: key, .. }) => {
            run(overview, key).map_or(nothing.clone(), |run| Seen {
                attempt: run.attempt,
                ..of(format!("{:?}", (run.status.ended(), run.attempt, &run.commit)))
            })
        }
        Deed::Stop(_) | Deed::Confirm(_) => nothing,
    }
}

fn repository<'a>(overview: &'a Overview, place: &Place) -> Option<&'a str> {
    service(overview, place.service.as_str())?.repository.as_ref().map(Text::as_str)
}

fn serving(environment: &Environment) -> String {
    let rollout = environment.rollout.as_ref().filter(|rollout| rollout.phase.under_way());
    let release = environment.release.as_ref().map(|release| (&release.version, &release.commit));
    format!("{release:?} {:?}", rollout.and_then(candidate))
}

fn candidate(rollout: &Rollout) -> Option<VersionName> {
    let idle = rollout.idle.as_ref().and_then(|idle| idle.version.clone());
    rollout.candidate.as_ref().map(|side| side.version.clone()).or(idle)
}

fn traffic(rollout: &Rollout, deed: RolloutDeed) -> String {
    let sides = |sides: [Option<&VersionName>; 2]| format!("{sides:?}");
    let stable = rollout.stable.as_ref().map(|side| &side.version);
    let active = rollout.active.as_ref().and_then(|side| side.version.as_ref());
    let here = candidate(rollout);
    match deed {
        RolloutDeed::Abort => sides([stable, here.as_ref()]),
        RolloutDeed::Flip(_) => sides([active, here.as_ref()]),
        _ => format!("{:?} {}", (rollout.phase, rollout.at(), rollout.set_weight), sides([stable, here.as_ref()])),
    }
}

/// Carries `deed` out.
pub fn apply(overview: &mut Overview, deed: &Deed) {
    match deed {
        Deed::Gate(deed) => {
            let state =
                if deed.verdict == Verdict::Approve { GateState::ApprovedNotStarted } else { GateState::Rejected };
            let gates = environment_mut(overview, &deed.place).into_iter().flat_map(|it| it.gate.iter_mut());
            gates.filter(|gate| gate.id == deed.gate).for_each(|gate| gate.state = state);
        }
        Deed::Deployment(place, deed) => {
            if let Some(it) = environment_mut(overview, place) {
                deployed(it, deed);
            }
        }
        Deed::Rollout(place, deed) => environment_mut(overview, place).into_iter().for_each(|it| shifted(it, *deed)),
        Deed::Flag(deed) => {
            let flags = overview.flags.iter_mut().filter(|flag| flag.key == deed.flag);
            let states = flags.flat_map(|flag| &mut flag.environments).filter(|it| it.name == deed.environment);
            states.for_each(|state| state.enabled = deed.value != FlagValue::Off);
        }
        Deed::Pipeline(PipelineDeed::Start { service, .. }) => {
            let services = overview.services.iter_mut().filter(|known| known.name == *service);
            services.filter_map(|service| service.latest_run.as_mut()).for_each(|run| run.id = "900".into());
        }
        Deed::Pipeline(PipelineDeed::Retry { run, .. }) => run_mut(overview, run).into_iter().for_each(|run| {
            (run.status, run.attempt) = (Status::Queued, Some(run.attempt.unwrap_or(1) + 1));
        }),
        Deed::Pipeline(PipelineDeed::Cancel { run, .. }) => {
            if let Some(run) = run_mut(overview, run) {
                run.status = Status::Cancelled;
            }
        }
        Deed::Stop(_) | Deed::Confirm(_) => {}
    }
}

fn deployed(environment: &mut Environment, deed: &DeploymentDeed) {
    match deed {
        DeploymentDeed::Hold(on) => environment.held = *on,
        DeploymentDeed::Promote(version) | DeploymentDeed::RollBack(version) => {
            environment.release.iter_mut().for_each(|release| release.version = version.clone());
            environment.rollout.iter_mut().for_each(|rollout| rollout.phase = Phase::Aborted);
        }
    }
}

fn shifted(environment: &mut Environment, deed: RolloutDeed) {
    let Some(rollout) = &mut environment.rollout else { return };
    let weigh = |rollout: &mut Rollout, weight: Weight| {
        (rollout.set_weight, rollout.actual_weight) = (Some(weight), Some(weight));
    };
    match deed {
        RolloutDeed::SetWeight(weight) => weigh(rollout, weight),
        RolloutDeed::GoToStep(step) => {
            let weight = rollout.rung(step).map_or(Weight::NONE, |rung| rung.weight);
            weigh(rollout, weight);
            rollout.step.iter_mut().for_each(|at| at.index = step);
        }
        RolloutDeed::Pause => rollout.phase = Phase::Paused,
        RolloutDeed::Resume => rollout.phase = Phase::Progressing,
        RolloutDeed::Complete => {
            rollout.phase = Phase::Complete;
            weigh(rollout, Weight::ALL);
            let version = candidate(rollout);
            environment.release.iter_mut().zip(version).for_each(|(release, version)| release.version = version);
        }
        RolloutDeed::Abort => {
            rollout.phase = Phase::Aborted;
            weigh(rollout, Weight::NONE);
        }
        RolloutDeed::Flip(_) => std::mem::swap(&mut rollout.active, &mut rollout.idle),
    }
}

/// Whether the end that `deed` wants, by what was `seen` when it was planned, is so in this world.
pub fn holds(overview: &Overview, deed: &Deed, seen: &Seen) -> bool {
    match deed {
        Deed::Gate(deed) => environment(overview, &deed.place).is_some_and(|it| gate_holds(overview, it, deed)),
        Deed::Deployment(place, deed) => environment(overview, place).is_some_and(|it| match deed {
            DeploymentDeed::Hold(on) => it.held == *on,
            DeploymentDeed::Promote(version) | DeploymentDeed::RollBack(version) => {
                it.release.as_ref().is_some_and(|release| release.version == *version)
                    && !it.rollout.as_ref().is_some_and(|rollout| rollout.phase.under_way())
            }
        }),
        Deed::Rollout(place, deed) => environment(overview, place).is_some_and(|it| rollout_holds(it, *deed, seen)),
        Deed::Flag(deed) => flag(overview, deed).is_some_and(|state| state.is(deed.value)),
        Deed::Pipeline(PipelineDeed::Start { .. }) => started(deed).is_some_and(|key| run(overview, &key).is_some()),
        Deed::Pipeline(PipelineDeed::Retry { run: key, .. }) => {
            run(overview, key).is_some_and(|run| run.attempt > seen.attempt)
        }
        Deed::Pipeline(PipelineDeed::Cancel { run: key, .. }) => {
            run(overview, key).is_some_and(|run| run.status == Status::Cancelled)
        }
        Deed::Stop(_) | Deed::Confirm(_) => false,
    }
}

fn gate_holds(overview: &Overview, environment: &Environment, deed: &GateDeed) -> bool {
    let ended = run(overview, &deed.run).is_some_and(|run| matches!(run.status, Status::Failed | Status::Cancelled));
    match gate(environment, deed) {
        Some(gate) if deed.verdict == Verdict::Approve => {
            matches!(gate.state, GateState::Approved | GateState::ApprovedNotStarted)
        }
        Some(gate) => gate.state == GateState::Rejected,
        None => deed.verdict == Verdict::Reject && ended,
    }
}

fn rollout_holds(environment: &Environment, deed: RolloutDeed, seen: &Seen) -> bool {
    let Some(rollout) = &environment.rollout else { return false };
    let over = rollout.phase == Phase::Complete;
    let same = candidate(rollout) == seen.candidate;
    let weighs = |to: Weight| rollout.set_weight == Some(to) && rollout.actual_weight == Some(to);
    match deed {
        RolloutDeed::SetWeight(to) => (same && weighs(to)) || (over && to == Weight::ALL),
        RolloutDeed::GoToStep(step) => {
            let rung = rollout.rung(step).map_or(Weight::NONE, |rung| rung.weight);
            let passed = seen.step < step && rollout.at() > step;
            same && (passed || (weighs(rung) && (over || rollout.at() == step)))
        }
        RolloutDeed::Pause => rollout.phase == Phase::Paused,
        RolloutDeed::Resume => matches!(rollout.phase, Phase::Progressing | Phase::Waiting | Phase::Complete),
        RolloutDeed::Complete => {
            let release = environment.release.as_ref().map(|release| &release.version);
            release == seen.candidate.as_ref() && !rollout.phase.under_way()
        }
        RolloutDeed::Abort => rollout.phase == Phase::Aborted && weighs(Weight::NONE),
        RolloutDeed::Flip(color) => {
            rollout.active.as_ref().is_some_and(|active| active.color == color && active.version == seen.candidate)
        }
    }
}
