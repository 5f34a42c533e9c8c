//! `cancel`: stop a run.

use clap::Args;

use super::Terms;
use crate::actions::Request;
use crate::cli::failure::Failure;
use crate::cli::session::{RunName, Session};

/// Which run.
#[derive(Debug, Clone, Args)]
pub struct CancelArgs {
    /// The run: SERVICE/ID or SERVICE/latest
    run: RunName,
    /// Kill its jobs at once
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    pub(super) terms: Terms,
}

impl CancelArgs {
    pub(super) async fn request(&self, session: &mut Session) -> Result<Request, Failure> {
        let (run, _) = session.run(&self.run).await?;
        Ok(Request::Cancel { run, force: self.force })
    }
}
