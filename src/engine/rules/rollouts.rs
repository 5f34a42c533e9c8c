//! A rollout's life: it begins, its candidate gets healthy or does not, traffic moves, it ends with the candidate or with
//! the stable release. What is decided here is what should be; the driver tells when it is so.

use jiff::{SignedDuration, Timestamp};

use crate::domain::environment::Tier;
use crate::domain::ids::Place;
use crate::domain::rollout::{Color, Phase, RolloutKind, Weight};
use crate::engine::rules::arrivals::{rules_of, template};
use crate::engine::rules::{ladder, places};
use crate::engine::spec;
use crate::engine::state::State;
use crate::engine::state::deployment::{Cause, Deployment, Stand};
use crate::engine::state::place::{Goal, Kept, Live, Rollout, Set, Share, Standing};
use crate::engine::state::release::Release;
use crate::engine::store::Draft;

/// How long the release before stays running, so that going back takes no start.
const WARM: SignedDuration = SignedDuration::from_mins(10);

/// Begins the rollout of a queued deployment; `false` if it cannot be, which ends it.
pub fn begin(draft: &mut Draft, id: u64) -> bool {
    let Some(deployment) = draft.state().deployments.get(&id).cloned() else { return false };
    let place = &deployment.place;
    let release = draft.state().release(&place.service, &deployment.version).cloned();
    let environment = release.as_ref().and_then(|release| template(draft.state(), place, &release.pipeline)).cloned();
    let (Some(release), Some(environment)) = (release, environment) else {
        end(draft, id, Stand::Failed, Some("the release, or its pipeline file, is gone"));
        return true;
    };
    if serves(draft.place_mut(place), &release) {
        end(draft, id, Stand::Succeeded, Some(&format!("{} serves there already", release.version)));
        return true;
    }
    let now = draft.now;
    let standing = draft.place_mut(place);
    standing.rollout = Some(rollout(standing, &deployment, &release, &environment, now));
    if let Some(begun) = draft.deployment_mut(id) {
        begun.stand = Stand::Rolling;
        begun.began_at = Some(now);
    }
    let says = format!("{} goes in ({})", release.version, environment.rollout.kind());
    draft.record(&deployment.by, "deploy", places::target(place), says, deployment.reason.as_deref());
    true
}

fn serves(standing: &Standing, release: &Release) -> bool {
    standing.serving_set().is_some_and(|set| set.up && set.version == release.version)
}

fn rollout(
    standing: &mut Standing,
    deployment: &Deployment,
    release: &Release,
    environment: &spec::Environment,
    now: Timestamp,
) -> Rollout {
    let kind = environment.rollout.kind();
    let at_once = matches!(deployment.cause, Cause::RollBack | Cause::Flip);
    let stable = standing.serving;
    let candidate = candidate(standing, release, environment);
    Rollout {
        deployment: deployment.id,
        kind,
        // The very first release has nothing to be compared with: it takes all at once.
        ladder: kind == RolloutKind::Canary && !at_once && stable.is_some(),
        candidate,
        stable,
        version: release.version.clone(),
        commit: release.commit.clone(),
        goal: Goal::Healthy,
        phase: Phase::Progressing,
        step: None,
        weight: Weight::NONE,
        by_hand: false,
        baking_since: None,
        baked_ms: 0,
        message: None,
        failed: false,
        began_at: now,
        judged_since: None,
    }
}

/// The set that is brought in: one that still runs with this release, or a new one.
fn candidate(standing: &mut Standing, release: &Release, environment: &spec::Environment) -> u64 {
    if let Some(warm) = standing.up_with(&release.version).map(|set| set.id) {
        standing.set_mut(warm).into_iter().for_each(|set| set.keep_until = None);
        return warm;
    }
    let color = matches!(environment.rollout, spec::Rollout::BlueGreen { .. }).then(|| idle_color(standing));
    // One set a colour: what stood on it goes.
    for set in standing.sets.iter_mut().filter(|set| color.is_some() && set.color == color) {
        set.up = false;
    }
    let id = standing.next_set;
    standing.next_set += 1;
    standing.sets.push(Set {
        id,
        version: release.version.clone(),
        commit: release.commit.clone(),
        pipeline: release.pipeline.clone(),
        replicas: environment.replicas,
        color,
        up: true,
        keep_until: None,
        instances: Vec::new(),
    });
    id
}

/// The colour that does not serve; a place that had none before becomes blue.
fn idle_color(standing: &mut Standing) -> Color {
    let Some(serving) = standing.serving else { return Color::Blue };
    match standing.set_mut(serving) {
        Some(set) => set.color.get_or_insert(Color::Blue).other(),
        None => Color::Blue,
    }
}

/// The driver saw all instances of a set healthy: if it is the candidate that is waited for, traffic begins to move.
pub fn healthy(draft: &mut Draft, place: &Place, set: u64) {
    let waits = |rollout: &Rollout| rollout.candidate == set && rollout.goal == Goal::Healthy;
    if !draft.state().places.get(place).and_then(|standing| standing.under_way()).is_some_and(waits) {
        return;
    }
    let rungs = ladder::rungs(draft.state(), place);
    let now = draft.now;
    let Some(rollout) = draft.place_mut(place).under_way_mut() else { return };
    if rollout.ladder {
        ladder::stand_on(rollout, &rungs, 0, now);
    } else {
        complete(rollout);
    }
}

/// The driver gave up on a set's getting healthy: a candidate that was waited for is given up.
pub fn unhealthy(draft: &mut Draft, place: &Place, set: u64, why: &str) {
    let waits = |rollout: &Rollout| rollout.candidate == set && rollout.goal == Goal::Healthy;
    if draft.state().places.get(place).and_then(|standing| standing.under_way()).is_some_and(waits) {
        fail(draft, place, why);
    }
}

/// Gives up a candidate that failed by itself.
pub fn fail(draft: &mut Draft, place: &Place, why: &str) {
    abort(draft, place, why);
    draft.place_mut(place).under_way_mut().into_iter().for_each(|rollout| rollout.failed = true);
}

/// Lets the candidate take everything and end the rollout.
pub fn complete(rollout: &mut Rollout) {
    rollout.goal = Goal::Complete;
    rollout.phase = Phase::Progressing;
    rollout.weight = Weight::ALL;
    rollout.message = None;
}

/// Gives everything back to the stable release and ends the rollout. The hold, if there is to be one, is the caller's.
pub fn abort(draft: &mut Draft, place: &Place, why: &str) {
    let now = draft.now;
    let Some(rollout) = draft.place_mut(place).under_way_mut() else { return };
    rollout.stop_baking(now);
    rollout.goal = Goal::Abort;
    rollout.phase = Phase::Aborting;
    rollout.weight = Weight::NONE;
    rollout.by_hand = false;
    rollout.message = Some(why.to_owned());
}

/// The driver sees the router hold exactly `split`: what was waited for is so.
pub fn applied(draft: &mut Draft, place: &Place, split: &[Share]) {
    let Some(standing) = draft.state().places.get(place) else { return };
    let Some(rollout) = standing.under_way().filter(|_| standing.split() == split) else { return };
    match rollout.goal {
        Goal::Healthy => {}
        Goal::Weight => bake(draft, place),
        Goal::Complete => finish(draft, place),
        Goal::Abort => aborted(draft, place),
    }
}

/// The weight is there: the rung's bake time begins, and so does what is judged.
fn bake(draft: &mut Draft, place: &Place) {
    let rungs = ladder::rungs(draft.state(), place);
    let now = draft.now;
    let Some(rollout) = draft.state().places.get(place).and_then(|standing| standing.under_way()) else { return };
    let bakes = ladder::bakes(rollout, &rungs) && rollout.baking_since.is_none();
    let judged = rollout.judged_since.is_none() && rollout.weight > Weight::NONE;
    if !bakes && !judged {
        return;
    }
    let Some(rollout) = draft.place_mut(place).under_way_mut() else { return };
    if bakes {
        rollout.baking_since = Some(now);
    }
    if judged {
        rollout.judged_since = Some(now);
    }
}

fn finish(draft: &mut Draft, place: &Place) {
    let Some(standing) = draft.state().places.get(place).cloned() else { return };
    let Some(rollout) = standing.under_way() else { return };
    let Some(deployment) = draft.state().deployments.get(&rollout.deployment).cloned() else { return };
    let release = draft.state().release(&place.service, &rollout.version).cloned();
    let keep = keep_time(draft.state(), place);
    let now = draft.now;
    let standing = draft.place_mut(place);
    let back = goes_back(standing, &deployment);
    let live = Live {
        version: rollout.version.clone(),
        commit: rollout.commit.clone(),
        digest: release.map_or_else(String::new, |release| release.digest.clone()),
        run: deployment.run,
        deployed_at: now,
        deployed_by: deployment.by.clone(),
    };
    keep_last(standing, live, back);
    warm_only(standing, rollout.candidate, now.checked_add(keep).unwrap_or(Timestamp::MAX));
    standing.serving = Some(rollout.candidate);
    if let Some(rollout) = standing.rollout.as_mut() {
        rollout.phase = Phase::Complete;
    }
    end(draft, deployment.id, Stand::Succeeded, None);
    draft.record("engine", "deployed", places::target(place), format!("{} serves all", deployment.version), None);
}

/// Whether a release is left because it was not good: a person went back from it.
fn goes_back(standing: &Standing, deployment: &Deployment) -> bool {
    let older = standing.live.as_ref().is_some_and(|live| live.run > deployment.run);
    deployment.cause == Cause::RollBack || (deployment.cause == Cause::Flip && older)
}

fn keep_last(standing: &mut Standing, live: Live, back: bool) {
    standing.kept.retain(|kept| kept.live.version != live.version);
    if let Some(last) = standing
        .live
        .replace(live)
        .filter(|last| standing.live.as_ref().is_some_and(|live| live.version != last.version))
    {
        standing.kept.insert(0, Kept { live: last, good: !back });
    }
    standing.kept.truncate(places::KEPT);
}

/// Of all sets that do not serve, only the one that did until now is kept running.
fn warm_only(standing: &mut Standing, candidate: u64, until: Timestamp) {
    let last = standing.serving;
    for set in standing.sets.iter_mut().filter(|set| set.id != candidate && set.up) {
        set.keep_until = Some(until);
        set.up = last == Some(set.id);
    }
    standing.set_mut(candidate).into_iter().for_each(|set| set.keep_until = None);
}

fn keep_time(state: &State, place: &Place) -> SignedDuration {
    let rules = rules_of(state, place, None);
    match rules.map(|rules| (&rules.rollout, rules.tier)) {
        Some((spec::Rollout::BlueGreen { keep_idle }, _)) => SignedDuration::try_from(*keep_idle).unwrap_or(WARM),
        Some((_, Tier::Development)) => SignedDuration::ZERO,
        _ => WARM,
    }
}

fn aborted(draft: &mut Draft, place: &Place) {
    let Some(rollout) = draft.place_mut(place).under_way_mut() else { return };
    rollout.phase = Phase::Aborted;
    let (candidate, deployment, why) = (rollout.candidate, rollout.deployment, rollout.message.clone());
    let standing = draft.place_mut(place);
    if standing.serving != Some(candidate) {
        standing.set_mut(candidate).into_iter().for_each(|set| set.up = false);
    }
    let version = standing.rollout.as_ref().map_or_else(String::new, |rollout| rollout.version.to_string());
    end(draft, deployment, Stand::Failed, why.as_deref());
    let says = format!("{version} was given up: {}", why.unwrap_or_default());
    draft.record("engine", "aborted", places::target(place), says, None);
}

fn end(draft: &mut Draft, id: u64, stand: Stand, why: Option<&str>) {
    let now = draft.now;
    if let Some(deployment) = draft.deployment_mut(id) {
        deployment.end(stand, why.map(str::to_owned), now);
    }
}

/// Whether nothing moves this rollout but a person: paused, at a manual rung, at a weight set by hand.
pub fn needs_a_person(state: &State, rollout: &Rollout, place: &Place) -> bool {
    let stands = rollout.goal == Goal::Weight;
    rollout.phase == Phase::Paused || (stands && !ladder::bakes(rollout, &ladder::rungs(state, place)))
}
