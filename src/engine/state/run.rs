//! Runs: one execution of a pipeline at a commit, with its stages and jobs; and how their statuses follow from one
//! another.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::person::Initiator;
use crate::domain::ids::{EnvironmentName, JobName, RunId, RunKey, ServiceName};
use crate::domain::release::VersionName;
use crate::domain::run::{StageKind, Status};
use crate::domain::text::Text;

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Of which service.
    pub service: ServiceName,
    /// Its number; the first of a service is 1. It is also its identity.
    pub number: u64,
    /// Which try of it this is; the first is 1.
    pub attempt: u32,
    /// The branch it runs for.
    pub branch: String,
    /// The commit's full hash.
    pub commit: String,
    /// The commit's first line.
    pub title: Text,
    /// The commit's author.
    pub author: Initiator,
    /// Whoever used start or retry.
    pub starter: Option<String>,
    /// The digest of its pipeline file; `None` if that could not be read.
    pub pipeline: Option<String>,
    /// How it stands.
    pub status: Status,
    /// Why it failed, where no job says it: a pipeline file that cannot be read.
    pub problem: Option<String>,
    /// Who told it to stop.
    pub cancel: Option<Cancel>,
    /// The release it made.
    pub release: Option<VersionName>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When its first job began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Its stages, in order.
    pub stages: Vec<Stage>,
}

/// An order to stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancel {
    /// Who gave it.
    pub by: String,
    /// Without letting the jobs end in order.
    pub force: bool,
}

/// One stage of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: StageKind,
    /// Its jobs; a release stage has one of the stage's name, a deploy stage one of the environment's.
    pub jobs: Vec<Job>,
}

/// One job of a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its name.
    pub name: JobName,
    /// How it stands.
    pub status: Status,
    /// Why it stands so.
    pub detail: Option<String>,
    /// Which try of it this is; 0 before it began. Each try has a log of its own; the newest is shown.
    pub attempt: u32,
    /// The environment it deploys into.
    pub environment: Option<EnvironmentName>,
    /// The deployment that it waits for.
    pub deployment: Option<u64>,
    /// The digest of the manifest of what it left behind.
    pub artifacts: Option<String>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The steps of its last try that had begun when it ended; `None` where nobody saw that end, and while it runs.
    #[serde(default)]
    pub steps: Option<Vec<Step>>,
}

/// A line of a job that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// How it stands.
    pub status: Status,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

impl Job {
    /// A job that has not begun.
    pub fn new(name: JobName, environment: Option<EnvironmentName>) -> Self {
        Self {
            name,
            status: Status::Queued,
            detail: None,
            attempt: 0,
            environment,
            deployment: None,
            artifacts: None,
            started_at: None,
            ended_at: None,
            steps: None,
        }
    }

    /// Ends it.
    pub fn end(&mut self, status: Status, detail: Option<String>, now: Timestamp) {
        self.status = status;
        self.detail = detail;
        self.ended_at = Some(now);
    }

    /// Makes it as if it had not begun; its attempts stay counted.
    pub fn reset(&mut self) {
        *self = Self { attempt: self.attempt, ..Self::new(self.name.clone(), self.environment.take()) };
    }
}

impl Stage {
    /// The job that makes the release, in a stage that does: it is the engine's own, and the last.
    pub fn release_job(&self) -> Option<&Job> {
        self.jobs.last().filter(|_| self.kind == StageKind::Release)
    }

    /// How the stage stands: the worst of what has ended once all have; what moves or waits before that.
    pub fn status(&self) -> Status {
        fold(&self.jobs.iter().map(|job| job.status))
    }

    /// When its first job began.
    pub fn started_at(&self) -> Option<Timestamp> {
        self.jobs.iter().filter_map(|job| job.started_at).min()
    }

    /// When its last job ended; `None` while one has not.
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.status().ended().then(|| self.jobs.iter().filter_map(|job| job.ended_at).max())?
    }
}

/// One status for several that stand side by side.
fn fold(statuses: &(impl Iterator<Item = Status> + Clone)) -> Status {
    let any = |wanted: Status| statuses.clone().any(|status| status == wanted);
    let all_ended = statuses.clone().all(Status::ended);
    let order: &[Status] = if all_ended {
        &[Status::Failed, Status::Cancelled, Status::Unstable, Status::Succeeded, Status::Skipped]
    } else {
        &[Status::Cancelling, Status::Running, Status::Waiting]
    };
    if let Some(found) = order.iter().copied().find(|status| any(*status)) {
        return found;
    }
    // Some have ended and some have not begun: the stage is under way.
    if !all_ended && statuses.clone().any(Status::ended) { Status::Running } else { Status::Queued }
}

impl Run {
    /// Its identity.
    pub fn id(&self) -> RunId {
        RunId::new(self.number.to_string())
    }

    /// Its identity with its service.
    pub fn key(&self) -> RunKey {
        RunKey { service: self.service.clone(), id: self.id() }
    }

    /// Its place in the table of runs.
    pub fn at(&self) -> (ServiceName, u64) {
        (self.service.clone(), self.number)
    }

    /// Who began it: whoever used start or retry, else the author.
    pub fn initiator(&self) -> Initiator {
        self.starter.as_deref().map_or_else(|| self.author.clone(), Initiator::person)
    }

    /// The stage that is at work or will be next; `None` when all have ended.
    pub fn current(&self) -> Option<usize> {
        self.stages.iter().position(|stage| !stage.status().ended())
    }

    /// The job called `name`.
    pub fn job(&self, name: &JobName) -> Option<&Job> {
        self.jobs().find(|job| job.name == *name)
    }

    /// The job called `name`, to change it.
    pub fn job_mut(&mut self, name: &JobName) -> Option<&mut Job> {
        self.stages.iter_mut().flat_map(|stage| &mut stage.jobs).find(|job| job.name == *name)
    }

    /// All jobs, in order.
    pub fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.stages.iter().flat_map(|stage| &stage.jobs)
    }

    /// All jobs, in order, to change them.
    pub fn jobs_mut(&mut self) -> impl Iterator<Item = &mut Job> {
        self.stages.iter_mut().flat_map(|stage| &mut stage.jobs)
    }

    /// The stage of the job called `name`.
    pub fn stage_of(&self, name: &JobName) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.jobs.iter().any(|job| job.name == *name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_stands_as_its_jobs_do() {
        use Status::{Cancelled, Cancelling, Failed, Queued, Running, Skipped, Succeeded, Waiting};
        let of = |statuses: &[Status]| fold(&statuses.iter().copied());
        assert_eq!(of(&[Queued, Queued]), Queued);
        assert_eq!(of(&[Succeeded, Queued]), Running);
        assert_eq!(of(&[Failed, Running]), Running);
        assert_eq!(of(&[Succeeded, Waiting]), Waiting);
        assert_eq!(of(&[Cancelling, Running]), Cancelling);
        assert_eq!(of(&[Succeeded, Failed]), Failed);
        assert_eq!(of(&[Succeeded, Cancelled]), Cancelled);
        assert_eq!(of(&[Skipped, Skipped]), Skipped);
        assert_eq!(of(&[Succeeded, Skipped]), Succeeded);
    }
}
