//! Retry a run: all of it, what failed, or some jobs and what comes after.

use std::time::Duration;

use super::World;
use super::expectation::Expectation;
use super::plan::{Action, Plan, Target};
use super::target::{self, Draft, Toward};
use super::unavailable::Unavailable;
use crate::domain::ids::{JobName, RunKey};
use crate::domain::order::{Deed, PipelineDeed, Retry};
use crate::domain::run::{Run, Status};
use crate::domain::text::Text;
use crate::store::Seen;

/// The plan to run `what` of a run again.
pub fn retry_run(world: &World<'_>, key: &RunKey, what: &Retry) -> Result<Plan, Unavailable> {
    let seen = target::run(world, key)?;
    let run = seen.value;
    possible(run, what)?;
    let draft = Draft {
        action: Action::Retry,
        title: "Retry run",
        before: format!("{}, attempt {}", run.status, run.attempt.unwrap_or(1)),
        after: again(what),
        about: Some(format!("{:.7} {}", run.commit.as_str(), run.title)),
        deed: Deed::Pipeline(PipelineDeed::Retry { run: key.clone(), what: what.clone() }),
        expectation: Expectation::Retried(key.clone(), run.attempt),
        limit: Duration::from_mins(1),
        interlocks: Vec::new(),
        undo: "cancel the run".into(),
        toward: Toward::Users,
    };
    Ok(draft.finish(
        world,
        run_target(run),
        Some(run.revision.clone()),
        &Seen { value: (), source: seen.source.clone(), at: seen.at },
    ))
}

/// A run as a target.
pub(super) fn run_target(run: &Run) -> Target {
    Target { path: run.key().to_string(), name: Text::new(run.key().to_string()), environment: None, tier: None }
}

fn possible(run: &Run, what: &Retry) -> Result<(), Unavailable> {
    if !run.status.ended() {
        let reason = format!("run {} is {}: it can be retried when it has ended", run.key(), run.status);
        return Err(Unavailable::state("run", reason).cleared_by("its end, or cancelling it"));
    }
    match what {
        Retry::Failed if run.status == Status::Succeeded => {
            Err(Unavailable::state("run", format!("nothing failed in run {}", run.key())))
        }
        Retry::Jobs(names) => names.iter().try_for_each(|name| there(run, name)),
        _ => Ok(()),
    }
}

fn there(run: &Run, name: &JobName) -> Result<(), Unavailable> {
    if run.job(name).is_some() {
        return Ok(());
    }
    let jobs: Vec<_> = run.stages.iter().flat_map(|stage| &stage.jobs).map(|job| job.name.to_string()).collect();
    Err(Unavailable::not_found(format!("run {} has no job `{name}`; it has {}", run.key(), jobs.join(", "))))
}

fn again(what: &Retry) -> String {
    match what {
        Retry::All => "all of it runs again".into(),
        Retry::Failed => "what failed runs again, and what comes after".into(),
        Retry::Jobs(names) if names.len() == 1 => format!("job {} runs again, and what comes after", names[0]),
        Retry::Jobs(names) => {
            let names: Vec<_> = names.iter().map(ToString::to_string).collect();
            format!("jobs {} run again, and what comes after the first", names.join(", "))
        }
    }
}
