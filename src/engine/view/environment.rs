//! An environment as it is shown.

use crate::domain::environment::{Behind, Environment, EnvironmentState, Kept, Queued, Tier};
use crate::domain::ids::{Place, RunId};
use crate::domain::release::Release;
use crate::domain::rollout::Phase;
use crate::domain::text::Text;
use crate::engine::rules::{arrivals, rollouts};
use crate::engine::state::deployment::Stand;
use crate::engine::state::place::{Live, Standing};
use crate::engine::state::revision;
use crate::engine::view::{View, gate, rollout, waits};

/// One environment of one service.
pub fn environment(view: &View<'_>, place: &Place) -> Environment {
    let standing = view.state.places.get(place);
    let rules = arrivals::rules_of(view.state, place, None);
    let live = standing.and_then(|standing| standing.live.as_ref());
    let hold = standing.and_then(|standing| standing.hold.clone());
    let mut gates = gate::gates(view, place);
    let more_gates = if gates.is_empty() { Vec::new() } else { gates.split_off(1) };
    let (state, detail) = state(view, place, standing, !gates.is_empty());
    Environment {
        name: place.environment.clone(),
        tier: rules.map_or(Tier::Unknown, |rules| rules.tier),
        state,
        detail: detail.map(Text::new),
        url: standing.and_then(|standing| standing.port).map(|port| Text::new(format!("http://127.0.0.1:{port}"))),
        release: live.map(release),
        behind: behind(view, place, live),
        gate: gates.pop(),
        more_gates,
        guarded: rules.map(|rules| rules.gate.as_ref().is_some_and(|gate| !gate.self_approval)),
        rollout: standing.and_then(|standing| rollout::rollout(view, standing)),
        queued: queued(view, place),
        held: hold.is_some(),
        hold,
        kept: standing.map(|standing| kept(view, standing)).unwrap_or_default(),
        revision: revision::environment(view.state, place),
    }
}

fn release(live: &Live) -> Release {
    Release {
        version: live.version.clone(),
        commit: Text::new(&live.commit),
        digest: Some(Text::new(&live.digest)).filter(|digest| !digest.is_empty()),
        deployed_at: Some(live.deployed_at),
        deployed_by: Some(Text::new(&live.deployed_by)),
    }
}

/// How it stands, and what more there is to say.
fn state(
    view: &View<'_>,
    place: &Place,
    standing: Option<&std::sync::Arc<Standing>>,
    gate: bool,
) -> (EnvironmentState, Option<String>) {
    let Some(standing) = standing else { return (EnvironmentState::Empty, None) };
    if let Some(problem) = view.observed.problems.get(place) {
        return (EnvironmentState::Failed, Some(problem.to_string()));
    }
    if let Some(moving) = standing.under_way() {
        let person = rollouts::needs_a_person(view.state, moving, place);
        let state = if person { EnvironmentState::Waiting } else { EnvironmentState::Deploying };
        return (state, waits::rollout(view, standing));
    }
    if let Some(dead) = dead(view, standing) {
        return (EnvironmentState::Failed, Some(dead));
    }
    let gate = gate && view.state.open_deployments(place).any(|deployment| deployment.stand == Stand::AtGate);
    let last = standing.rollout.as_ref().filter(|last| last.phase == Phase::Aborted);
    let failed = last
        .filter(|last| last.failed)
        .map(|last| format!("{} was given up: {}", last.version, last.message.as_deref().unwrap_or_default()));
    match (gate, failed) {
        (true, _) => (EnvironmentState::Waiting, None),
        (_, Some(failed)) => (EnvironmentState::Failed, Some(failed)),
        _ if standing.live.is_none() => (EnvironmentState::Empty, None),
        _ => (EnvironmentState::Live, lame(view, standing)),
    }
}

/// In words, that nothing serves which should.
fn dead(view: &View<'_>, standing: &Standing) -> Option<String> {
    let set = standing.serving_set()?;
    let health = view.observed.sets.get(&(standing.place.clone(), set.id))?;
    let trouble = health.trouble.as_ref().map_or_else(String::new, |trouble| format!(": {trouble}"));
    (health.healthy == 0).then(|| format!("none of {} instances of {} is healthy{trouble}", set.replicas, set.version))
}

/// In words, that some of what serves is not well.
fn lame(view: &View<'_>, standing: &Standing) -> Option<String> {
    let set = standing.serving_set()?;
    let health = view.observed.sets.get(&(standing.place.clone(), set.id))?;
    let trouble = health.trouble.as_ref()?;
    let healthy = health.healthy;
    (healthy < set.replicas).then(|| format!("{healthy} of {} instances are healthy: {trouble}", set.replicas))
}

/// How far it is behind the environment below.
fn behind(view: &View<'_>, place: &Place, live: Option<&Live>) -> Option<Behind> {
    let places = view.places(&place.service);
    let at = places.iter().position(|other| other == place)?;
    let below = view.state.places.get(places.get(at.checked_sub(1)?)?)?.live.as_ref()?;
    let live = live?;
    if live.commit == below.commit {
        return Some(Behind { changes: Some(0), oldest_at: None });
    }
    let key = (place.service.clone(), live.commit.clone(), below.commit.clone());
    let distance = view.observed.distances.get(&key);
    Some(Behind { changes: distance.map(|d| d.changes), oldest_at: distance.and_then(|d| d.oldest_at) })
}

/// The newest release that waits for its turn here.
fn queued(view: &View<'_>, place: &Place) -> Option<Queued> {
    let waits = |stand| matches!(stand, Stand::AwaitsPromote | Stand::Queued);
    let next = view.state.open_deployments(place).filter(|deployment| waits(deployment.stand)).last()?;
    Some(Queued {
        version: next.version.clone(),
        run: Some(RunId::new(next.run.to_string())),
        waits: Text::new(waits::deployment_waits(view, next).unwrap_or_default()),
    })
}

fn kept(view: &View<'_>, standing: &Standing) -> Vec<Kept> {
    let warm = |version| {
        standing
            .up_with(version)
            .is_some_and(|set| set.replicas > 0 && view.observed.healthy(&standing.place, set.id) >= set.replicas)
    };
    let kept = standing.kept.iter().map(|kept| Kept {
        version: kept.live.version.clone(),
        commit: Text::new(&kept.live.commit),
        deployed_at: Some(kept.live.deployed_at),
        good: kept.good,
        warm: warm(&kept.live.version),
    });
    kept.collect()
}
