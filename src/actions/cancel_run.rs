//! Cancel a run, leaving no process behind.

use std::time::Duration;

use super::World;
use super::expectation::Expectation;
use super::plan::{Action, Plan};
use super::retry_run::run_target;
use super::target::{self, Draft, Toward};
use super::unavailable::Unavailable;
use crate::domain::ids::RunKey;
use crate::domain::order::{Deed, PipelineDeed};
use crate::domain::run::Status;
use crate::store::Seen;

/// The plan to stop a run; with `force`, without letting its jobs end in order.
pub fn cancel_run(world: &World<'_>, key: &RunKey, force: bool) -> Result<Plan, Unavailable> {
    let seen = target::run(world, key)?;
    let run = seen.value;
    match run.status {
        Status::Cancelled => return Err(Unavailable::already(format!("run {key} is already cancelled"))),
        status if status.ended() => {
            return Err(Unavailable::state("run", format!("run {key} has ended: {status}")));
        }
        Status::Cancelling if !force => return Err(Unavailable::already(format!("run {key} is already cancelling"))),
        _ => {}
    }
    let draft = Draft {
        action: Action::Cancel,
        title: "Cancel run",
        before: run.status.to_string(),
        after: "cancelled".into(),
        about: Some(if force { "its jobs are killed at once".into() } else { "its jobs get 10 s to end".into() }),
        deed: Deed::Pipeline(PipelineDeed::Cancel { run: key.clone(), force }),
        expectation: Expectation::Cancelled(key.clone()),
        limit: Duration::from_mins(1),
        interlocks: Vec::new(),
        undo: "retry the run".into(),
        toward: Toward::Safety,
    };
    Ok(draft.finish(
        world,
        run_target(run),
        Some(run.revision.clone()),
        &Seen { value: (), source: seen.source.clone(), at: seen.at },
    ))
}
