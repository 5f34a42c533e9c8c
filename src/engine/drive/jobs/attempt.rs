//! One try of a job: a checkout, what earlier stages left, the lines, what they leave behind.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::Mutex;

use super::lines::{Lines, Ran};
use super::log::{self, Log};
use super::orders::{Halt, Orders};
use super::{Try, Yard, release, report, surroundings};
use crate::domain::ids::JobName;
use crate::domain::release::VersionName;
use crate::engine::artifacts::{self, Manifest};
use crate::engine::git::{Repository, Sha};
use crate::engine::process::Mark;
use crate::engine::rules::jobs::{self, End, Listing};
use crate::engine::spec::{self, write_duration};
use crate::engine::state::run::{Run, Stage};
use crate::engine::store::Draft;

/// Why a try cannot go on, in words.
pub type Problem = String;

/// Runs one try of a job to its end, and tells of it.
pub async fn run(yard: Arc<Yard>, this: Try) {
    let state = yard.core.ledger.state();
    let Some(run) = state.runs.get(&this.at.run).cloned() else { return };
    let job = jobs::spec_of(&state, &run, &this.at.job).cloned();
    // Held until the release is told of: no other of the same version is laid out meanwhile.
    let _alone = if job.is_none() { Some(yard.releasing.lock().await) } else { None };
    let end = match job {
        Some(job) => with_log(&yard, &this, &run, Some(&job)).await,
        None if is_release(&run, &this) => with_log(&yard, &this, &run, None).await,
        None => End::Failed("its pipeline file can no longer be read; commit anew".to_owned()),
    };
    let (at, number, steps) = (this.at.clone(), this.number, this.steps.begun());
    let ended = move |draft: &mut Draft| {
        jobs::went_through(draft, &at, number, &steps);
        jobs::end(draft, &at, number, &end);
    };
    report(&yard.core, ended).await;
    let checkout = yard.core.folder.checkout(&run.service, run.number, &this.at.job, this.number);
    // Only room is lost if it stays; the next start of the engine removes it.
    let _ = tokio::fs::remove_dir_all(checkout).await;
}

fn is_release(run: &Run, this: &Try) -> bool {
    let release = run.stage_of(&this.at.job).and_then(|stage| stage.release_job());
    release.is_some_and(|release| release.name == this.at.job)
}

async fn with_log(yard: &Yard, this: &Try, run: &Run, job: Option<&spec::Job>) -> End {
    let path = yard.core.folder.log(&run.service, run.number, &this.at.job, this.number);
    let log = match Log::create(&path, log::MOST, Arc::clone(&yard.core.clock)).await {
        Ok(log) => Arc::new(Mutex::new(log)),
        Err(error) => return End::Failed(format!("its log cannot be written: {error}")),
    };
    let worked = match job {
        Some(job) => work(yard, this, run, job, &log).await,
        None => release::make(yard, run, &log).await,
    };
    let end = worked.unwrap_or_else(End::Failed);
    let last = match &end {
        End::Failed(says) => Some(says.as_str()),
        End::Stopped => Some("cancelled"),
        End::Interrupted => Some("interrupted: the engine ends"),
        End::Succeeded(_) | End::Released(..) => None,
    };
    if let Some(says) = last {
        log.lock().await.line(says).await;
    }
    if let Some(log) = Arc::into_inner(log) {
        log.into_inner().finish().await;
    }
    end
}

async fn work(yard: &Yard, this: &Try, run: &Run, job: &spec::Job, log: &Arc<Mutex<Log>>) -> Result<End, Problem> {
    let mut orders = Orders::new(yard.core.ledger.watch(), run.at(), job.timeout, yard.stop.clone());
    let folder = yard.core.folder.checkout(&run.service, run.number, &job.name, this.number);
    let version = check_out(yard, run, &job.name, &folder).await?;
    let lines = Lines {
        run: job.run.clone(),
        env: surroundings::of(run, &job.name, this.number, &version),
        folder: folder.clone(),
        mark: mark(yard, this, run),
        steps: &this.steps,
    };
    match lines.run(log, &mut orders).await {
        Ran::Well => Ok(End::Succeeded(collect(yard, &folder, job.artifacts.clone()).await?)),
        Ran::Badly(says) => Err(says),
        Ran::Halted(Halt::TimedOut) => Err(format!("took longer than {}", write_duration(job.timeout))),
        Ran::Halted(Halt::Cancelled) => Ok(End::Stopped),
        Ran::Halted(Halt::Interrupted) => Ok(End::Interrupted),
    }
}

/// The name is never used again: a try has a number of its own.
fn mark(yard: &Yard, this: &Try, run: &Run) -> Mark {
    let name = format!("job/{}/{}/{}/{}", run.service, run.number, this.at.job, this.number);
    Mark::new(&yard.core.identity, name)
}

/// Puts the files of the commit and what earlier stages left into `folder`; the version that the commit gets.
async fn check_out(yard: &Yard, run: &Run, job: &JobName, folder: &Path) -> Result<VersionName, Problem> {
    let (repository, sha) = commit(yard, run).await?;
    let (exported, version) = tokio::join!(repository.export(&sha, folder), repository.describe(&sha));
    exported.map_err(|fault| said(&fault, fault.hint().as_deref()))?;
    let version = version.map_err(|fault| said(&fault, fault.hint().as_deref()))?;
    let stage = run.stages.iter().position(|stage| stage.jobs.iter().any(|other| other.name == *job));
    let earlier = left_by(yard, &run.stages[..stage.unwrap_or(0)]).await?;
    if !earlier.entries.is_empty() {
        let (store, folder) = (yard.store.clone(), folder.to_owned());
        blocking(move || store.lay(&earlier, &folder, false)).await?;
    }
    Ok(version)
}

/// The repository of a run, and its commit there.
pub async fn commit(yard: &Yard, run: &Run) -> Result<(Repository, Sha), Problem> {
    let state = yard.core.ledger.state();
    let service = state.services.get(&run.service).ok_or("its service is gone")?;
    let repository = yard.core.repository(&service.repository).await;
    let repository = repository.map_err(|fault| said(&fault, fault.hint().as_deref()))?;
    let sha = Sha::new(&run.commit).ok_or("its commit has no full name")?;
    Ok((repository, sha))
}

/// What the jobs of some stages left behind, all together; a later stage may replace what an earlier one left.
pub async fn left_by(yard: &Yard, stages: &[Stage]) -> Result<Manifest, Problem> {
    let mut all = Manifest::default();
    for stage in stages {
        let mut of_stage = Manifest::default();
        for job in &stage.jobs {
            let Some(digest) = &job.artifacts else { continue };
            let listing = yard.core.ledger.manifest(digest.clone()).await.map_err(|fault| fault.to_string())?;
            let listing = listing.ok_or_else(|| format!("what {} left is gone; run it again: retry", job.name))?;
            let manifest = Manifest::read(&listing).map_err(|fault| fault.to_string())?;
            if let Some(path) = of_stage.conflict(&manifest) {
                return Err(format!(
                    "two jobs of {} left different files at {path}; give them different places",
                    stage.name
                ));
            }
            of_stage.overlay(manifest);
        }
        all.overlay(of_stage);
    }
    Ok(all)
}

async fn collect(yard: &Yard, folder: &Path, globs: Vec<String>) -> Result<Option<Listing>, Problem> {
    if globs.is_empty() {
        return Ok(None);
    }
    let (store, folder) = (yard.store.clone(), folder.to_owned());
    let (digest, body) = blocking(move || artifacts::collect(&store, &folder, &globs)?.listing()).await?;
    Ok(Some(Listing { digest, body }))
}

/// Work with files, on a thread that may block.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, artifacts::Fault> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|fault| said(&fault, fault.hint())),
        Err(error) => Err(error.to_string()),
    }
}

fn said(fault: &impl std::fmt::Display, hint: Option<&str>) -> Problem {
    hint.map_or_else(|| fault.to_string(), |hint| format!("{fault}; {hint}"))
}
