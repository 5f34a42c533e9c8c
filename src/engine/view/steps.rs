//! The steps of a job: the lines of its pipeline file, each as it is on record or, while the job runs, as it is seen.

use crate::clock::{Timestamp, since};
use crate::domain::run::{self, Status};
use crate::domain::text::Text;
use crate::engine::rules::jobs::{self, At};
use crate::engine::state::run::{Job, Run, Step};
use crate::engine::view::{View, history};

/// The steps of a job; none for the engine's own, which have no lines.
pub fn steps(view: &View<'_>, run: &Run, job: &Job) -> Vec<run::Step> {
    let Some(spec) = jobs::spec_of(view.state, run, &job.name) else { return Vec::new() };
    let at = At { run: run.at(), job: job.name.clone() };
    let seen = view.observed.steps.get(&at.key()).filter(|_| !job.status.ended());
    let known = job.steps.as_ref().or(seen);
    let rest = not_begun(job, known.is_some());
    let lines = spec.run.iter().enumerate();
    lines.map(|(index, line)| step(line, known.and_then(|steps| steps.get(index)), rest, view.now)).collect()
}

/// How the lines stand of which it is not told that they began; `known` says whether it would have been told.
fn not_begun(job: &Job, known: bool) -> Status {
    match job.status {
        status if !status.ended() => Status::Queued,
        Status::Succeeded | Status::Unstable => Status::Succeeded,
        _ if known || job.started_at.is_none() => Status::Skipped,
        _ => Status::Unknown,
    }
}

fn step(line: &str, begun: Option<&Step>, rest: Status, now: Timestamp) -> run::Step {
    run::Step {
        name: Text::new(line),
        status: begun.map_or(rest, |step| step.status),
        started_at: begun.map(|step| step.started_at),
        duration_ms: begun.map(|step| history::ms(since(step.started_at, step.ended_at.unwrap_or(now)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::JobName;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn job(status: Status, begun: bool) -> Job {
        let started_at = begun.then_some(NOW);
        Job { status, started_at, ..Job::new(JobName::new("compile"), None) }
    }

    #[test]
    fn a_line_that_did_not_begin_is_queued_while_it_may_and_then_skipped() {
        for moving in [Status::Queued, Status::Running, Status::Cancelling] {
            assert_eq!(not_begun(&job(moving, true), true), Status::Queued);
        }
        assert_eq!(not_begun(&job(Status::Failed, true), true), Status::Skipped);
        assert_eq!(not_begun(&job(Status::Cancelled, false), false), Status::Skipped);
    }

    #[test]
    fn what_nobody_saw_is_unknown_unless_all_must_have_ended_well() {
        assert_eq!(not_begun(&job(Status::Failed, true), false), Status::Unknown);
        assert_eq!(not_begun(&job(Status::Succeeded, true), false), Status::Succeeded);
    }

    #[test]
    fn a_line_that_runs_has_taken_the_time_until_now() {
        let begun = Step { status: Status::Running, started_at: NOW, ended_at: None };
        let now = NOW + jiff::SignedDuration::from_secs(2);
        let shown = step("make", Some(&begun), Status::Queued, now);
        assert_eq!((shown.status, shown.duration_ms), (Status::Running, Some(2000)));
    }
}
