//! A run as it is shown: its record with progress, times still needed and what it waits for.

use crate::clock::since;
use crate::domain::ids::JobName;
use crate::domain::run::{self, StageKind, Status};
use crate::domain::text::Text;
use crate::engine::state::revision;
use crate::engine::state::run::{Job, Run, Stage};
use crate::engine::view::steps::steps;
use crate::engine::view::{View, history, waits};

/// One run, whole.
pub fn run(view: &View<'_>, run: &Run) -> run::Run {
    let stages: Vec<run::Stage> = run.stages.iter().map(|one| stage(view, run, one)).collect();
    let ended = run.ended_at.unwrap_or(view.now);
    run::Run {
        service: run.service.clone(),
        id: run.id(),
        number: Some(run.number),
        attempt: Some(run.attempt),
        status: run.status,
        branch: Text::new(&run.branch),
        commit: Text::new(&run.commit),
        title: run.title.clone(),
        author: Text::new(&run.author.name),
        initiator: Some(Text::new(run.initiator().name)),
        url: None,
        release: run.release.clone(),
        created_at: Some(run.created_at),
        started_at: run.started_at,
        duration_ms: run.started_at.map(|started| history::ms(since(started, ended))),
        eta_ms: eta(run, &stages),
        waits: waits::run(view, run),
        revision: revision::run(run),
        stages,
    }
}

/// What is left of the stage at work, and the usual time of those after it up to the first deployment: from there on
/// people and bake times decide.
fn eta(run: &Run, stages: &[run::Stage]) -> Option<u64> {
    if !matches!(run.status, Status::Queued | Status::Running) {
        return None;
    }
    let work = stages.iter().filter(|stage| !stage.status.ended() && stage.kind != StageKind::Deploy);
    let left: Option<Vec<u64>> = work.map(|stage| stage.eta_ms).collect();
    left.filter(|left| !left.is_empty()).map(|left| left.iter().sum())
}

fn stage(view: &View<'_>, run: &Run, stage: &Stage) -> run::Stage {
    let status = stage.status();
    let started = stage.started_at();
    let usual = history::stage(view.state, run, &stage.name);
    let passed = started.map(|started| since(started, stage.ended_at().unwrap_or(view.now)));
    let moving = matches!(status, Status::Queued | Status::Running) && !run.status.ended();
    let eta = usual.filter(|_| moving).map(|usual| usual.saturating_sub(passed.unwrap_or_default()));
    run::Stage {
        name: Text::new(&stage.name),
        kind: stage.kind,
        status,
        progress: match status {
            Status::Succeeded => Some(100),
            Status::Running => usual.zip(passed).map(|(usual, passed)| history::progress(passed, usual)),
            _ => None,
        },
        started_at: started,
        duration_ms: passed.map(history::ms),
        eta_ms: eta.map(history::ms),
        jobs: stage.jobs.iter().map(|one| job(view, run, one)).collect(),
    }
}

fn job(view: &View<'_>, run: &Run, job: &Job) -> run::Job {
    let passed = job.started_at.map(|started| since(started, job.ended_at.unwrap_or(view.now)));
    let usual = || history::job(view.state, run, job.name.as_str());
    run::Job {
        name: JobName::new(job.name.as_str()),
        status: job.status,
        detail: job.detail.as_ref().map(Text::new).or_else(|| waits::job(view, job)),
        url: None,
        environment: job.environment.clone(),
        progress: match job.status {
            Status::Succeeded => Some(100),
            Status::Running => usual().zip(passed).map(|(usual, passed)| history::progress(passed, usual)),
            _ => None,
        },
        started_at: job.started_at,
        duration_ms: passed.map(history::ms),
        steps: steps(view, run, job),
    }
}
