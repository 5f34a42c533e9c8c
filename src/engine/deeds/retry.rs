//! Retry: run again what is asked for, and everything after it.

use crate::domain::ids::JobName;
use crate::domain::order::Retry;
use crate::domain::run::Status;
use crate::domain::text::Text;
use crate::engine::deeds::{Orderer, accepted, refuse};
use crate::engine::state::revision;
use crate::engine::state::run::{Run, Stage};
use crate::engine::store::Draft;
use crate::protocol::fault::Fault;
use crate::protocol::{Accepted, Again};

/// Makes another attempt of a run that has ended. `run` is the record, which may be older than what is in memory.
pub fn retry(draft: &mut Draft, orderer: &Orderer, run: &Run, order: &Again) -> Result<Accepted, Fault> {
    orderer.may_act()?;
    let run = draft.state().runs.get(&run.at()).map_or_else(|| run.clone(), |known| (**known).clone());
    orderer.saw(&revision::run(&run))?;
    if !run.status.ended() {
        let message = format!("run {} is {}", run.key(), run.status);
        return Err(refuse::not_possible_until(message, "wait for its end, or cancel it"));
    }
    if run.pipeline.is_none() {
        let message = format!("the pipeline file of run {} cannot be read", run.key());
        return Err(refuse::not_possible_until(message, "mend it and commit: that begins a new run"));
    }
    let mut again = run.clone();
    let first = reset(&mut again, &order.what)?;
    forget_release(&mut again, first);
    again.attempt += 1;
    again.starter = Some(orderer.person.name.clone());
    again.status = Status::Queued;
    (again.cancel, again.problem, again.started_at, again.ended_at) = (None, None, None, None);
    let now = revision::run(&again);
    let says = format!("run {} begins attempt {}", again.key(), again.attempt);
    draft.add_run(again);
    let reason = order.reason.as_ref().map(Text::as_str);
    draft.record(&orderer.person.name, "retry", run.key().to_string(), says.clone(), reason);
    Ok(accepted(now, says))
}

/// Makes the jobs that run again as if they had not begun; the first stage among them.
fn reset(run: &mut Run, what: &Retry) -> Result<usize, Fault> {
    let bad = |status: Status| matches!(status, Status::Failed | Status::Cancelled | Status::Unstable);
    if let Retry::Jobs(names) = what
        && let Some(name) = names.iter().find(|name| !run.stages.iter().any(|stage| has(stage, name)))
    {
        return Err(refuse::not_found(format!("run {} has no job {name}", run.key())));
    }
    let first = match what {
        Retry::All => Some(0),
        Retry::Failed => run.stages.iter().position(|stage| stage.jobs.iter().any(|job| bad(job.status))),
        Retry::Jobs(names) => run.stages.iter().position(|stage| names.iter().any(|name| has(stage, name))),
    };
    let first = first.ok_or_else(|| match what {
        Retry::Jobs(_) => refuse::not_found(format!("no job of run {} was named", run.key())),
        _ => refuse::not_possible(format!("nothing failed in run {}", run.key())),
    })?;
    for (at, stage) in run.stages.iter_mut().enumerate().skip(first) {
        for job in &mut stage.jobs {
            let again = match what {
                _ if at > first => true,
                Retry::All => true,
                Retry::Failed => job.status != Status::Succeeded,
                // What the stage makes of its jobs is made anew as well.
                Retry::Jobs(names) => names.contains(&job.name) || job.status != Status::Succeeded,
            };
            if again {
                job.reset();
            }
        }
    }
    Ok(first)
}

fn has(stage: &Stage, name: &JobName) -> bool {
    stage.jobs.iter().any(|job| job.name == *name)
}

/// A release that is made again is another release.
fn forget_release(run: &mut Run, first: usize) {
    let made_again = run.stages.iter().skip(first).any(|stage| {
        stage.kind == crate::domain::run::StageKind::Release
            && stage.jobs.iter().any(|job| job.status == Status::Queued)
    });
    if made_again {
        run.release = None;
    }
}
