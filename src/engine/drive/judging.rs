//! Judging canaries: while one stands on a rung, the traffic of both sides since its first request is looked at every
//! second. What is judged is shown at once; it is written only when it moves the canary.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::analysis::verdict::{self, Condition, Measure};
use crate::domain::ids::Place;
use crate::domain::rollout::{Verdict, VerdictState};
use crate::engine::core::Core;
use crate::engine::router::Traffic;
use crate::engine::router::meter::Counts;
use crate::engine::rules::{judging, ladder};
use crate::engine::spec::{Conditions, Limit};
use crate::engine::state::State;
use crate::engine::state::place::{Rollout, Standing};

/// How often is looked.
const EVERY: Duration = Duration::from_secs(1);

/// Judges whatever stands on a rung, until `stop`.
pub async fn run(core: Arc<Core>, stop: CancellationToken) {
    let mut state = core.ledger.watch();
    let mut judge = Judge::default();
    loop {
        let decided = state.borrow_and_update().clone();
        let now = core.clock.now();
        let judged = judge.look(&decided, &core.traffic);
        show(&core, &judged);
        for (place, verdict) in &judged {
            if matters(&decided, place, verdict.as_ref(), now) {
                tell(&core, place.clone(), verdict.clone()).await;
            }
        }
        let pause = pause(&decided, judged.keys(), now);
        tokio::select! {
            () = stop.cancelled() => return,
            changed = state.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(pause), if !judged.is_empty() => {}
        }
    }
}

/// What was counted on both sides before a canary's first request.
#[derive(Default)]
struct Judge {
    before: HashMap<Place, (Timestamp, Counts, Counts)>,
}

impl Judge {
    /// The verdict over each canary that stands on a rung; `None` where its pipeline judges nothing.
    fn look(&mut self, state: &State, traffic: &Traffic) -> HashMap<Place, Option<Verdict>> {
        let mut judged = HashMap::new();
        for standing in state.places.values() {
            let Some((rollout, since)) = on_the_ladder(standing) else { continue };
            let Some(canary) = ladder::canary(state, &standing.place) else { continue };
            let conditions = canary.verdict.as_ref();
            let verdict = conditions.map(|conditions| self.judge(traffic, standing, rollout, since, conditions));
            judged.insert(standing.place.clone(), verdict);
        }
        self.before.retain(|place, _| judged.contains_key(place));
        judged
    }

    fn judge(
        &mut self,
        traffic: &Traffic,
        standing: &Standing,
        rollout: &Rollout,
        since: Timestamp,
        conditions: &Conditions,
    ) -> Verdict {
        let entrance = traffic.entrance(&standing.place);
        let total = |set: Option<u64>| set.map(|set| entrance.meter(set).total()).unwrap_or_default();
        let (stable, candidate) = (total(rollout.stable), total(Some(rollout.candidate)));
        let before = self.before.entry(standing.place.clone()).or_insert((since, stable, candidate));
        if before.0 != since {
            *before = (since, stable, candidate);
        }
        let (stable, candidate) = (stable.since(&before.1), candidate.since(&before.2));
        verdict::judge(&read(conditions), conditions.samples, &stable.sample(), &candidate.sample())
    }
}

/// The canary at a place that has had traffic, and since when.
fn on_the_ladder(standing: &Standing) -> Option<(&Rollout, Timestamp)> {
    let rollout = standing.under_way().filter(|rollout| rollout.ladder)?;
    Some((rollout, rollout.judged_since?))
}

/// A pipeline's conditions, as the judge reads them.
fn read(conditions: &Conditions) -> Vec<Condition> {
    let latency = |limit, quantile| (limit, Measure::Latency(quantile));
    let all = [(conditions.errors, Measure::Errors), latency(conditions.p95, 0.95), latency(conditions.p99, 0.99)];
    let limit = |limit| match limit {
        Limit::Share(share) => verdict::Limit::Absolute(share.get()),
        Limit::Rise(rise) => verdict::Limit::Rise(rise.get()),
        Limit::Latency(most) => verdict::Limit::Absolute(most.as_secs_f64() * 1000.0),
    };
    all.into_iter().filter_map(|(given, measure)| Some(Condition { measure, limit: limit(given?) })).collect()
}

/// Shows what is judged. Verdicts are metrics: they are no news by themselves.
fn show(core: &Core, judged: &HashMap<Place, Option<Verdict>>) {
    let shown = |(place, verdict): (&Place, &Option<Verdict>)| Some((place.clone(), verdict.clone()?));
    let verdicts: HashMap<_, _> = judged.iter().filter_map(shown).collect();
    if core.board.read().verdicts != verdicts {
        core.board.measure(|observed| observed.verdicts = verdicts);
    }
}

/// Whether a verdict moves the canary: it fails, or the bake time is over and it holds.
fn matters(state: &State, place: &Place, verdict: Option<&Verdict>, now: Timestamp) -> bool {
    let Some(rollout) = state.places.get(place).and_then(|standing| standing.under_way()) else { return false };
    let rungs = ladder::rungs(state, place);
    if rollout.baking_since.is_none() || !ladder::bakes(rollout, &rungs) {
        return false;
    }
    let baked = ladder::bake_left_ms(rollout, &rungs, now) == Some(0);
    match verdict.map(|verdict| verdict.state) {
        Some(VerdictState::Fail) => true,
        None | Some(VerdictState::Pass | VerdictState::Marginal) => baked,
        Some(VerdictState::NoData | VerdictState::Unknown) => false,
    }
}

/// Writes a verdict that moves the canary. If it cannot be written it is judged anew a moment later.
async fn tell(core: &Core, place: Place, verdict: Option<Verdict>) {
    let written = core.ledger.write(move |draft| {
        judging::judged(draft, &place, verdict.as_ref());
        Ok::<_, Infallible>(())
    });
    if let Err(fault) = written.await {
        tracing::warn!(%fault, "a verdict was not written");
    }
}

/// How long until it is worth looking again: a second, or less if a bake time ends before.
fn pause<'a>(state: &State, places: impl Iterator<Item = &'a Place>, now: Timestamp) -> Duration {
    let left = |place| {
        let rollout = state.places.get(place)?.under_way()?;
        ladder::bake_left_ms(rollout, &ladder::rungs(state, place), now).filter(|left| *left > 0)
    };
    places.filter_map(left).map(Duration::from_millis).min().map_or(EVERY, |left| left.min(EVERY))
}
