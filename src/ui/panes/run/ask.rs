//! The levers of a run: again, stop, and the gate it waits at.

use super::{Part, Runs};
use crate::actions::{Request, Unavailable, World};
use crate::domain::environment::Environment;
use crate::domain::gate::{Gate, Verdict};
use crate::domain::ids::RunKey;
use crate::domain::order::Retry;
use crate::domain::run::Status;
use crate::store::Store;
use crate::ui::command::{Direction, Lever, Log, PaneKind, RunLever, View};
use crate::ui::panes::{Asked, Hint};

/// What `lever` asks for on the run that is shown.
pub fn ask(pane: &Runs, lever: Lever, store: &Store) -> Result<Asked, Unavailable> {
    let run = pane.run.clone().ok_or_else(|| Unavailable::state("selection", "no run is shown"))?;
    let status = store.run(&run).map(|seen| seen.value.status);
    let request = match lever {
        Lever::Run(RunLever::Start) => Request::Start { service: run.service, branch: None },
        // Asked again, what is being cancelled is ended at once.
        Lever::Run(RunLever::Cancel) => Request::Cancel { run, force: status == Some(Status::Cancelling) },
        Lever::Run(RunLever::Retry) => {
            let whole = matches!(status, Some(Status::Succeeded | Status::Unstable | Status::Skipped));
            let otherwise = if whole { Retry::All } else { Retry::Failed };
            let marked = pane.marked.clone();
            Request::Retry { run, what: if marked.is_empty() { otherwise } else { Retry::Jobs(marked) } }
        }
        Lever::Approve => decide(store, &run, Verdict::Approve)?,
        Lever::Reject => decide(store, &run, Verdict::Reject)?,
        _ => return Err(Unavailable::state("run", "a run is retried or cancelled")),
    };
    Ok(Asked::Plan(request))
}

/// The gate that a run waits at.
fn gate<'a>(store: &'a Store, run: &RunKey) -> Option<&'a Gate> {
    let environments = &store.service(&run.service)?.value.environments;
    let mut gates = environments.iter().flat_map(Environment::gates).filter(|gate| gate.run == run.id);
    gates.find(|gate| gate.open())
}

fn decide(store: &Store, run: &RunKey, verdict: Verdict) -> Result<Request, Unavailable> {
    let gate = gate(store, run).ok_or_else(|| Unavailable::state("gate", format!("run {run} waits at no gate")))?;
    Ok(Request::Decide { place: gate.place(), run: Some(run.id.clone()), verdict, comment: None })
}

/// The keys that do something on the run that is shown.
pub fn hints(pane: &Runs, world: &World<'_>) -> Vec<Hint> {
    let Some(seen) = pane.seen(world.store) else { return vec![Hint::on(View::Pane(PaneKind::Board))] };
    let run = seen.value;
    let lever = |lever| Hint::lever(pane, lever, world);
    let mut hints = Vec::new();
    if pane.part == Part::Jobs {
        if gate(world.store, &run.key()).is_some() {
            hints.extend([lever(Lever::Approve), lever(Lever::Reject)]);
        }
        let levers =
            if run.status.ended() { [RunLever::Retry, RunLever::Start] } else { [RunLever::Cancel, RunLever::Start] };
        hints.extend(levers.map(|one| lever(Lever::Run(one))));
        hints.extend([Hint::on(View::Logs), Hint::on(Log::Mark)]);
        hints.extend([Direction::Previous, Direction::Next].map(|to| Hint::on(View::Beside(to))));
        hints.extend([Log::Error, Log::Follow].map(Hint::on));
        hints.push(Hint::on(View::Changes));
        return hints;
    }
    hints.extend([Log::Follow, Log::Wrap].map(Hint::on));
    hints.push(Hint::on(View::Filter));
    if !pane.log.words().is_empty() {
        hints.extend([Direction::Next, Direction::Previous].map(|to| Hint::on(Log::Hit(to))));
    }
    hints.push(Hint::on(Log::Error));
    hints.extend([Direction::Next, Direction::Previous].map(|to| Hint::on(Log::ErrorBeside(to))));
    if pane.job(world.store).is_some_and(|job| !job.steps.is_empty()) {
        hints.extend([Direction::Next, Direction::Previous].map(|to| Hint::on(Log::Step(to))));
    }
    hints.extend([Hint::on(View::Back), Hint::on(Log::Save), Hint::on(View::Copy)]);
    let again = if run.status.ended() { RunLever::Retry } else { RunLever::Cancel };
    hints.extend([lever(Lever::Run(again)), Hint::on(Log::Times)]);
    hints
}
