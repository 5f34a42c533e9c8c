//! Beginning a run: from a commit and its pipeline file to stages and jobs that have not begun.

use std::collections::HashSet;
use std::sync::Arc;

use crate::domain::ids::{JobName, ServiceName};
use crate::domain::run::{StageKind, Status};
use crate::domain::text::Text;
use crate::engine::rules::flags;
use crate::engine::spec::{Environment, Pipeline};
use crate::engine::state::person::Initiator;
use crate::engine::state::run::{Job, Run, Stage};
use crate::engine::store::Draft;

/// A commit as the repository tells it.
#[derive(Debug, Clone)]
pub struct Commit {
    /// Its full hash.
    pub id: String,
    /// Its first line.
    pub title: Text,
    /// Its author.
    pub author: Initiator,
}

/// The pipeline file at a commit.
#[derive(Debug, Clone)]
pub enum File {
    /// Read and checked.
    Good {
        /// The digest of the text.
        digest: String,
        /// The text.
        text: String,
        /// What it says.
        pipeline: Arc<Pipeline>,
    },
    /// Refused, with what is wrong in it.
    Broken(String),
}

/// What a run is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Of which service.
    pub service: ServiceName,
    /// For which branch.
    pub branch: String,
    /// At which commit.
    pub commit: Commit,
    /// With which pipeline file.
    pub file: File,
    /// The person who started it; `None` for a commit that was seen.
    pub starter: Option<String>,
}

/// Makes the run; its number, or `None` if the service is gone. The file of the registered branch comes into force, or
/// is named as the service's problem; the last good one then stays.
pub fn begin(draft: &mut Draft, wanted: Wanted) -> Option<u64> {
    let registered = draft.state().services.get(&wanted.service)?.branch == wanted.branch;
    if registered {
        put_in_force(draft, &wanted);
    }
    let service = draft.service_mut(&wanted.service)?;
    let number = service.next_run;
    service.next_run += 1;
    let (pipeline, problem, stages) = match wanted.file {
        File::Good { digest, text, pipeline } => {
            draft.keep_pipeline(&digest, &text, Arc::clone(&pipeline));
            (Some(digest), None, stages(&pipeline))
        }
        File::Broken(problem) => {
            let stages = vec![refused(&problem, draft.now)];
            (None, Some(problem), stages)
        }
    };
    let broken = problem.is_some();
    draft.add_run(Run {
        service: wanted.service,
        number,
        attempt: 1,
        branch: wanted.branch,
        commit: wanted.commit.id,
        title: wanted.commit.title,
        author: wanted.commit.author,
        starter: wanted.starter,
        pipeline,
        status: if broken { Status::Failed } else { Status::Queued },
        problem,
        cancel: None,
        release: None,
        created_at: draft.now,
        started_at: None,
        ended_at: broken.then_some(draft.now),
        stages,
    });
    Some(number)
}

fn put_in_force(draft: &mut Draft, wanted: &Wanted) {
    let Some(service) = draft.service_mut(&wanted.service) else { return };
    match &wanted.file {
        File::Good { digest, pipeline, .. } if pipeline.service == wanted.service => {
            service.pipeline = Some(digest.clone());
            service.pipeline_commit = Some(wanted.commit.id.clone());
            service.problem = None;
            flags::declare(draft, pipeline);
        }
        File::Good { pipeline, .. } => {
            let other = pipeline.service.visible().into_owned();
            service.problem = Some(format!("the pipeline file now names another service: {other}"));
        }
        File::Broken(problem) => service.problem = Some(problem.clone()),
    }
}

/// The one stage of a run whose pipeline file is refused: it shows where the run ended, and its log says why.
fn refused(problem: &str, now: jiff::Timestamp) -> Stage {
    let mut job = Job::new(JobName::new(crate::engine::spec::FILE), None);
    job.started_at = Some(now);
    job.end(Status::Failed, problem.lines().next().map(str::to_owned), now);
    Stage { name: "pipeline file".to_owned(), kind: StageKind::Other, jobs: vec![job] }
}

/// The stages of a run: those of the file, then one for each environment.
fn stages(pipeline: &Pipeline) -> Vec<Stage> {
    let mut taken: HashSet<String> =
        pipeline.stages.iter().flat_map(|stage| &stage.jobs).map(|job| job.name.as_str().to_owned()).collect();
    let mut stages: Vec<Stage> = Vec::new();
    for stage in &pipeline.stages {
        let mut jobs: Vec<Job> = stage.jobs.iter().map(|job| Job::new(job.name.clone(), None)).collect();
        if stage.kind == StageKind::Release {
            jobs.push(Job::new(unique(&mut taken, &stage.name, "release"), None));
        }
        stages.push(Stage { name: stage.name.clone(), kind: stage.kind, jobs });
    }
    stages.extend(pipeline.environments.iter().map(|environment| deploy(&mut taken, environment)));
    stages
}

fn deploy(taken: &mut HashSet<String>, environment: &Environment) -> Stage {
    let name = environment.name.as_str();
    let job = Job::new(unique(taken, name, "deploy"), Some(environment.name.clone()));
    Stage { name: name.to_owned(), kind: StageKind::Deploy, jobs: vec![job] }
}

/// `name`, unless a job of the file has it; then with `what` before it, and underscores until it is free.
fn unique(taken: &mut HashSet<String>, name: &str, what: &str) -> JobName {
    let mut name = name.to_owned();
    if taken.contains(&name) {
        name = format!("{what}-{name}");
    }
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    JobName::new(name)
}
