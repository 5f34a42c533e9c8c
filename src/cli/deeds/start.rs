//! `start`: start a run of a service, or a job of a run that has ended.

use clap::Args;

use super::Terms;
use crate::actions::Request;
use crate::cli::failure::{Failure, code};
use crate::cli::session::{RunName, Session};
use crate::domain::ids::JobName;
use crate::domain::order::Retry;
use crate::domain::text::Text;

/// What to start.
#[derive(Debug, Clone, Args)]
pub struct StartArgs {
    /// A service; with JOB: a run of it, SERVICE/ID or SERVICE/latest
    #[arg(value_name = "SERVICE|RUN")]
    what: String,
    /// A job of the run
    job: Option<String>,
    /// The branch; the one that the service is registered with, if none is named
    #[arg(long, value_name = "B", conflicts_with = "job")]
    branch: Option<String>,
    /// A value that the pipeline asks for; may be given more than once
    #[arg(long = "input", value_name = "K=V", conflicts_with = "job")]
    inputs: Vec<String>,
    #[command(flatten)]
    pub(super) terms: Terms,
}

impl StartArgs {
    pub(super) async fn request(&self, session: &mut Session) -> Result<Request, Failure> {
        if let Some(job) = &self.job {
            let run: RunName = self.what.parse().map_err(Failure::usage)?;
            let (run, _) = session.run(&run).await?;
            return Ok(Request::Retry { run, what: Retry::Jobs(vec![JobName::new(job)]) });
        }
        let service = session.service(&self.what.as_str().into())?.value.name.clone();
        if !self.inputs.is_empty() {
            let message = format!("the pipeline of {service} asks for no inputs");
            return Err(Failure::new(code::REFUSED, "unsupported", message).hint("leave --input out"));
        }
        Ok(Request::Start { service, branch: self.branch.as_ref().map(Text::new) })
    }
}
