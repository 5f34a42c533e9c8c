//! What is kept: the files of releases that run, may be gone back to, or are among the newest; and what the newest runs
//! left behind. What a release was stays on record for good.

use std::collections::BTreeSet;

use crate::domain::ids::ServiceName;
use crate::domain::release::VersionName;
use crate::engine::state::State;
use crate::engine::state::place::Standing;
use crate::engine::store::Draft;

/// How many releases of a service keep their files, whether they are anywhere or not.
const RELEASES: usize = 20;
/// How many ended runs of a service keep what they left behind, so that they can be run again from their middle.
const RUNS: usize = 20;

/// A release.
pub type At = (ServiceName, VersionName);

/// The releases whose files nobody needs any more.
pub fn superfluous(state: &State) -> Vec<At> {
    let needed = needed(state);
    let there = state.releases.iter().filter(|(at, release)| !release.gone && !needed.contains(*at));
    there.map(|(at, _)| at.clone()).collect()
}

/// Notes that the files of these releases go: before they do. Those that are needed by now stay; the ones that go.
pub fn let_go(draft: &mut Draft, wanted: &[At]) -> Vec<At> {
    let going: Vec<At> = superfluous(draft.state()).into_iter().filter(|at| wanted.contains(at)).collect();
    for at in &going {
        if let Some(release) = draft.release_mut(at) {
            release.gone = true;
        }
    }
    going
}

/// The digests of the listings whose contents are needed: those of releases that are there, and of the newest runs.
pub fn listings(state: &State) -> BTreeSet<String> {
    let releases = state.releases.values().filter(|release| !release.gone).map(|release| release.digest.clone());
    let runs = state.services.keys().flat_map(|service| {
        let mut ended = 0;
        state.runs_of(service).filter(move |run| {
            ended += usize::from(run.status.ended());
            !run.status.ended() || ended <= RUNS
        })
    });
    let left = runs.flat_map(|run| run.jobs().filter_map(|job| job.artifacts.clone()));
    releases.chain(left).collect()
}

fn needed(state: &State) -> BTreeSet<At> {
    let mut needed = BTreeSet::new();
    for service in state.services.keys() {
        let mut releases: Vec<_> = state.releases.values().filter(|release| release.service == *service).collect();
        releases.sort_by_key(|release| std::cmp::Reverse(release.made_at));
        needed.extend(releases.into_iter().take(RELEASES).map(|release| (service.clone(), release.version.clone())));
    }
    for standing in state.places.values() {
        needed.extend(versions(standing).map(|version| (standing.place.service.clone(), version.clone())));
    }
    let open = state.deployments.values().filter(|deployment| !deployment.stand.ended());
    needed.extend(open.map(|deployment| (deployment.place.service.clone(), deployment.version.clone())));
    let runs = state.runs.values().filter(|run| !run.status.ended());
    needed.extend(runs.filter_map(|run| Some((run.service.clone(), run.release.clone()?))));
    needed
}

/// All versions that a place has or may go back to.
fn versions(standing: &Standing) -> impl Iterator<Item = &VersionName> {
    let sets = standing.sets.iter().map(|set| &set.version);
    let kept = standing.kept.iter().map(|kept| &kept.live.version);
    let rollout = standing.rollout.iter().map(|rollout| &rollout.version);
    let live = standing.live.iter().map(|live| &live.version);
    sets.chain(kept).chain(rollout).chain(live)
}
