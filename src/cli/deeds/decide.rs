//! `approve` and `reject`: a person's word at a gate.

use clap::Args;

use super::{PlaceArgs, Terms};
use crate::actions::Request;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::domain::gate::Verdict;
use crate::domain::ids::RunId;
use crate::domain::text::Text;

/// Where, which run, and what is said.
#[derive(Debug, Clone, Args)]
pub struct DecideArgs {
    #[command(flatten)]
    at: PlaceArgs,
    /// The run that is meant, where more than one waits: ID or SERVICE/ID
    #[arg(long, value_name = "RUN")]
    run: Option<String>,
    /// What is said at the gate
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    pub(super) terms: Terms,
}

impl DecideArgs {
    pub(super) fn request(&self, session: &Session, verdict: Verdict) -> Result<Request, Failure> {
        let place = self.at.place(session)?;
        let run = self.run.as_deref().map(|run| RunId::new(run.rsplit('/').next().unwrap_or(run)));
        let comment = self.comment.as_ref().or(self.terms.reason.as_ref()).map(Text::new);
        Ok(Request::Decide { place, run, verdict, comment })
    }
}
