//! `retry`: run again.

use clap::Args;

use super::Terms;
use crate::actions::Request;
use crate::cli::failure::Failure;
use crate::cli::session::{RunName, Session};
use crate::domain::ids::JobName;
use crate::domain::order::Retry;

/// Which run, and how much of it.
#[derive(Debug, Clone, Args)]
pub struct RetryArgs {
    /// The run: SERVICE/ID or SERVICE/latest
    run: RunName,
    /// Only what failed, and what comes after
    #[arg(long, conflicts_with = "jobs")]
    failed: bool,
    /// Only this job, and what comes after; may be given more than once
    #[arg(long = "job", value_name = "J")]
    jobs: Vec<String>,
    #[command(flatten)]
    pub(super) terms: Terms,
}

impl RetryArgs {
    pub(super) async fn request(&self, session: &mut Session) -> Result<Request, Failure> {
        let (run, _) = session.run(&self.run).await?;
        let what = match &self.jobs[..] {
            [] if self.failed => Retry::Failed,
            [] => Retry::All,
            jobs => Retry::Jobs(jobs.iter().map(JobName::new).collect()),
        };
        Ok(Request::Retry { run, what })
    }
}
