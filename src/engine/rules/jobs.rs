//! Jobs: which are to begin, and what their ends bring. Whoever runs them asks here, and tells here.

use std::sync::Arc;

use crate::domain::ids::{JobName, ServiceName};
use crate::domain::release::VersionName;
use crate::domain::run::Status;
use crate::engine::spec;
use crate::engine::state::State;
use crate::engine::state::release::Release;
use crate::engine::state::run::{Job, Run, Stage, Step};
use crate::engine::store::Draft;

/// A job of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The run.
    pub run: (ServiceName, u64),
    /// The job.
    pub job: JobName,
}

impl At {
    /// Service, number of the run, job.
    pub fn key(&self) -> (ServiceName, u64, JobName) {
        (self.run.0.clone(), self.run.1, self.job.clone())
    }
}

/// What a job left behind: a listing of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Its digest.
    pub digest: String,
    /// Its text.
    pub body: String,
}

/// How a try of a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Well, with what it left behind.
    Succeeded(Option<Listing>),
    /// With a release, which is made in the same moment.
    Released(VersionName, Listing),
    /// Badly, and why.
    Failed(String),
    /// It was told to stop.
    Stopped,
    /// The engine ended while it ran.
    Interrupted,
}

/// The jobs that may begin now, those of the oldest run first. Deployments are no such jobs.
pub fn due(state: &State) -> Vec<At> {
    let mut runs: Vec<&Arc<Run>> =
        state.runs.values().filter(|run| !run.status.ended() && run.cancel.is_none()).collect();
    runs.sort_by_key(|run| (run.created_at, run.number));
    runs.into_iter().flat_map(|run| due_of(run)).collect()
}

fn due_of(run: &Run) -> Vec<At> {
    let Some(stage) = run.current().map(|current| &run.stages[current]) else { return Vec::new() };
    let due = stage.jobs.iter().filter(|job| may_begin(stage, job));
    due.map(|job| At { run: run.at(), job: job.name.clone() }).collect()
}

/// The release of a stage is made once all jobs beside it have ended well.
fn may_begin(stage: &Stage, job: &Job) -> bool {
    let own = job.environment.is_none() && job.status == Status::Queued;
    let well = |job: &Job| matches!(job.status, Status::Succeeded | Status::Unstable);
    let is_release = stage.release_job().is_some_and(|release| release.name == job.name);
    own && (!is_release || stage.jobs.iter().all(|other| other.name == job.name || well(other)))
}

/// What the pipeline file of a run says of a job; `None` for the one that makes the release.
pub fn spec_of<'a>(state: &'a State, run: &Run, job: &JobName) -> Option<&'a spec::Job> {
    let stages = &state.pipeline(run.pipeline.as_deref()?)?.stages;
    stages.iter().flat_map(|stage| &stage.jobs).find(|other| other.name == *job)
}

/// A job begins; the number of this try, or `None` if it may not.
pub fn begin(draft: &mut Draft, at: &At) -> Option<u32> {
    let may = due_of(draft.state().runs.get(&at.run)?).contains(at);
    let now = draft.now;
    let job = draft.run_mut(&at.run).filter(|_| may)?.job_mut(&at.job)?;
    job.reset();
    job.attempt += 1;
    (job.status, job.started_at) = (Status::Running, Some(now));
    Some(job.attempt)
}

/// What a try of a job that is about to end has gone through. Whatever another try brings is passed over.
pub fn went_through(draft: &mut Draft, at: &At, attempt: u32, steps: &[Step]) {
    let job = draft.run_mut(&at.run).and_then(|run| run.job_mut(&at.job));
    if let Some(job) = job.filter(|job| runs(job, attempt)) {
        job.steps = Some(steps.to_vec());
    }
}

/// A try of a job has ended. Whatever another try brings is passed over.
pub fn end(draft: &mut Draft, at: &At, attempt: u32, end: &End) {
    let Some(run) = draft.state().runs.get(&at.run).cloned() else { return };
    if !run.job(&at.job).is_some_and(|job| runs(job, attempt)) {
        return;
    }
    match end {
        End::Succeeded(left) => succeed(draft, at, left.as_ref()),
        End::Released(version, listing) => match release(draft, &run, version, listing) {
            Ok(()) => succeed(draft, at, Some(listing)),
            Err(says) => close(draft, at, Status::Failed, Some(says)),
        },
        End::Failed(says) => close(draft, at, Status::Failed, Some(says.clone())),
        End::Stopped => stop(draft, at, &run),
        End::Interrupted if run.cancel.is_some() => stop(draft, at, &run),
        End::Interrupted => interrupt(draft, at, &run),
    }
}

/// Whether this try of a job runs.
fn runs(job: &Job, attempt: u32) -> bool {
    job.attempt == attempt && matches!(job.status, Status::Running | Status::Cancelling)
}

/// At the start of an engine: no job runs that another one began.
pub fn interrupt_all(draft: &mut Draft) {
    let open = draft.state().runs.values().filter(|run| !run.status.ended());
    let running = |job: &&Job| job.environment.is_none() && matches!(job.status, Status::Running | Status::Cancelling);
    let found: Vec<(At, u32)> = open
        .flat_map(|run| {
            run.jobs().filter(running).map(|job| (At { run: run.at(), job: job.name.clone() }, job.attempt))
        })
        .collect();
    for (at, attempt) in found {
        end(draft, &at, attempt, &End::Interrupted);
    }
}

/// Why a release of this version cannot hold this: a release never changes.
pub fn refuse_other(state: &State, service: &ServiceName, version: &VersionName, digest: &str) -> Option<String> {
    let known = state.release(service, version).filter(|known| known.digest != digest)?;
    Some(format!(
        "release {version} was made by run {} with other content, and a release never changes; commit anew or tag the \
         commit: that gives it a version of its own",
        known.run
    ))
}

fn release(draft: &mut Draft, run: &Run, version: &VersionName, listing: &Listing) -> Result<(), String> {
    if let Some(says) = refuse_other(draft.state(), &run.service, version, &listing.digest) {
        return Err(says);
    }
    let pipeline = run.pipeline.clone().ok_or("the run has no pipeline file")?;
    draft.add_release(Release {
        service: run.service.clone(),
        version: version.clone(),
        commit: run.commit.clone(),
        title: run.title.clone(),
        digest: listing.digest.clone(),
        pipeline,
        run: run.number,
        made_at: draft.now,
        gone: false,
    });
    let at = (run.service.clone(), version.clone());
    if draft.state().releases.get(&at).is_some_and(|known| known.gone) {
        draft.release_mut(&at).into_iter().for_each(|known| known.gone = false);
    }
    if let Some(record) = draft.run_mut(&run.at()) {
        record.release = Some(version.clone());
    }
    Ok(())
}

fn succeed(draft: &mut Draft, at: &At, left: Option<&Listing>) {
    if let Some(listing) = left {
        draft.keep_manifest(&listing.digest, listing.body.clone());
    }
    close(draft, at, Status::Succeeded, None);
    if let Some(job) = draft.run_mut(&at.run).and_then(|run| run.job_mut(&at.job)) {
        job.artifacts = left.map(|listing| listing.digest.clone());
    }
}

fn stop(draft: &mut Draft, at: &At, run: &Run) {
    let says = run.cancel.as_ref().map(|cancel| format!("cancelled by {}", cancel.by));
    close(draft, at, Status::Cancelled, says);
}

/// Run anew if it may be, else left to a person.
fn interrupt(draft: &mut Draft, at: &At, run: &Run) {
    let is_release =
        run.stage_of(&at.job).is_some_and(|stage| stage.release_job().is_some_and(|release| release.name == at.job));
    if is_release || spec_of(draft.state(), run, &at.job).is_some_and(|job| job.repeatable) {
        if let Some(job) = draft.run_mut(&at.run).and_then(|run| run.job_mut(&at.job)) {
            job.reset();
            job.detail = Some("interrupted: the engine ended; it runs again".to_owned());
        }
        return;
    }
    let says = "interrupted: the engine ended while it ran; whether it may run again is for a person to say: retry";
    close(draft, at, Status::Failed, Some(says.to_owned()));
}

fn close(draft: &mut Draft, at: &At, status: Status, detail: Option<String>) {
    let now = draft.now;
    if let Some(job) = draft.run_mut(&at.run).and_then(|run| run.job_mut(&at.job)) {
        job.end(status, detail, now);
    }
}
