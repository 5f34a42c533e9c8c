//! Runs: one execution of a pipeline, its stages, jobs and steps.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{EnvironmentName, JobName, Revision, RunId, RunKey, ServiceName};
use super::release::VersionName;
use super::text::Text;

words! {
    /// How a run, a stage or a job stands.
    Status {
        /// Accepted, not begun.
        Queued = "queued",
        /// Stands until a person, a check or a window lets it on.
        Waiting = "waiting",
        /// At work.
        Running = "running",
        /// Told to stop, not yet stopped.
        Cancelling = "cancelling",
        /// Ended well.
        Succeeded = "succeeded",
        /// Ended well but for something that is allowed to fail.
        Unstable = "unstable",
        /// Ended badly.
        Failed = "failed",
        /// Stopped by a person or a newer run.
        Cancelled = "cancelled",
        /// Not needed, or passed over.
        Skipped = "skipped",
    } else Unknown = "unknown"
}

impl Status {
    /// Whether nothing more happens by itself or by a person.
    pub const fn ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Unstable | Self::Failed | Self::Cancelled | Self::Skipped)
    }

    /// Whether it changes by itself right now.
    pub const fn moving(self) -> bool {
        matches!(self, Self::Queued | Self::Running | Self::Cancelling)
    }
}

words! {
    /// What a stage is for.
    StageKind {
        /// Makes artifacts.
        Build = "build",
        /// Tries them.
        Test = "test",
        /// Fixes them as an immutable version.
        Release = "release",
        /// Puts a release into an environment.
        Deploy = "deploy",
    } else Other = "other"
}

/// One execution of a service's pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The service whose pipeline it is.
    pub service: ServiceName,
    /// Its identity within the service.
    pub id: RunId,
    /// The number people call it by.
    pub number: Option<u64>,
    /// Which try of this run it is; the first is 1.
    pub attempt: Option<u32>,
    /// How it stands.
    pub status: Status,
    /// The branch or tag it runs for.
    #[serde(rename = "ref")]
    pub branch: Text,
    /// The commit's full hash.
    pub commit: Text,
    /// The commit's first line.
    pub title: Text,
    /// The commit's author.
    pub author: Text,
    /// Whoever used start or retry, else the author: the one whom "no self-approval" means.
    pub initiator: Option<Text>,
    /// Where it can be seen in a browser.
    pub url: Option<Text>,
    /// The release it made.
    pub release: Option<VersionName>,
    /// When it was accepted.
    pub created_at: Option<Timestamp>,
    /// When its first job began.
    pub started_at: Option<Timestamp>,
    /// How long it took, or has taken so far at the time of the observation; milliseconds.
    pub duration_ms: Option<u64>,
    /// How long it will still take, from this pipeline's history; milliseconds.
    pub eta_ms: Option<u64>,
    /// In words, what it waits for.
    pub waits: Option<Text>,
    /// The facts a plan about this run rests on.
    pub revision: Revision,
    /// Its stages, in order.
    pub stages: Vec<Stage>,
}

impl Run {
    /// The run's name for people and for the command line.
    pub fn key(&self) -> RunKey {
        RunKey { service: self.service.clone(), id: self.id.clone() }
    }

    /// The job called `name`, with its stage.
    pub fn job(&self, name: &JobName) -> Option<(&Stage, &Job)> {
        self.stages.iter().find_map(|stage| stage.jobs.iter().find(|job| job.name == *name).map(|job| (stage, job)))
    }

    /// The stage that decides how the run stands: the first that failed, moves or waits.
    pub fn current_stage(&self) -> Option<&Stage> {
        self.stages.iter().find(|stage| !matches!(stage.status, Status::Succeeded | Status::Skipped | Status::Unstable))
    }
}

/// A part of a run; stages follow one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Its name, unique in the run.
    pub name: Text,
    /// What it is for.
    pub kind: StageKind,
    /// How it stands.
    pub status: Status,
    /// How much is done, 0 to 100.
    pub progress: Option<u8>,
    /// When its first job began.
    pub started_at: Option<Timestamp>,
    /// How long it took, or has taken so far; milliseconds.
    pub duration_ms: Option<u64>,
    /// How long it will still take, from history; milliseconds.
    pub eta_ms: Option<u64>,
    /// Its jobs; they run side by side.
    pub jobs: Vec<Job>,
}

/// A piece of work of a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its name, unique in the run.
    pub name: JobName,
    /// How it stands.
    pub status: Status,
    /// Why it stands so, where there is more to say: the exit code, the line that failed, what it waits for.
    pub detail: Option<Text>,
    /// Where it can be seen in a browser.
    pub url: Option<Text>,
    /// The environment it deploys into.
    pub environment: Option<EnvironmentName>,
    /// How much is done, 0 to 100.
    pub progress: Option<u8>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// How long it took, or has taken so far; milliseconds.
    pub duration_ms: Option<u64>,
    /// Its steps, where the source tells them.
    pub steps: Vec<Step>,
}

/// A line of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it does; the command, where that is all there is.
    pub name: Text,
    /// How it stands.
    pub status: Status,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// How long it took, or has taken so far; milliseconds.
    pub duration_ms: Option<u64>,
}
