//! How long things take, from this pipeline's history: the middle of the newest runs in which they succeeded.

use std::time::Duration;

use jiff::Timestamp;

use crate::clock::since;
use crate::domain::run::Status;
use crate::engine::state::State;
use crate::engine::state::run::Run;

/// How many earlier runs are looked at.
const RUNS: usize = 9;

/// How long the stage called `name` took in earlier runs of the same service; the median.
pub fn stage(state: &State, run: &Run, name: &str) -> Option<Duration> {
    let earlier = state.runs_of(&run.service).filter(|other| other.number != run.number);
    let durations = earlier.filter_map(|other| {
        let same = other.stages.iter().find(|stage| stage.name == name)?;
        (same.status() == Status::Succeeded).then(|| span(same.started_at(), same.ended_at()))?
    });
    median(durations.take(RUNS).collect())
}

/// How long the job called `name` took in earlier runs.
pub fn job(state: &State, run: &Run, name: &str) -> Option<Duration> {
    let earlier = state.runs_of(&run.service).filter(|other| other.number != run.number);
    let durations = earlier.filter_map(|other| {
        let job = other.jobs().find(|job| job.name.as_str() == name)?;
        (job.status == Status::Succeeded).then(|| span(job.started_at, job.ended_at))?
    });
    median(durations.take(RUNS).collect())
}

fn span(from: Option<Timestamp>, to: Option<Timestamp>) -> Option<Duration> {
    Some(since(from?, to?))
}

fn median(mut durations: Vec<Duration>) -> Option<Duration> {
    durations.sort_unstable();
    durations.get(durations.len() / 2).copied()
}

/// A duration in whole milliseconds.
pub fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// How much of `expected` has passed, in percent; what takes longer than ever stays at 99.
pub fn progress(passed: Duration, expected: Duration) -> u8 {
    let percent = passed.as_millis().saturating_mul(100) / expected.as_millis().max(1);
    u8::try_from(percent.min(99)).unwrap_or(99)
}
