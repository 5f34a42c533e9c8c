//! `rollback`: go back to an earlier release.

use clap::Args;

use super::{PlaceArgs, Terms};
use crate::actions::Request;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::domain::release::VersionName;

/// Where, and to what.
#[derive(Debug, Clone, Args)]
pub struct RollbackArgs {
    #[command(flatten)]
    at: PlaceArgs,
    /// The release to go back to; the last good one, if none is named
    #[arg(long, value_name = "V", value_parser = crate::cli::name::<VersionName>)]
    to: Option<VersionName>,
    /// Only if this is the release to be got rid of
    #[arg(long, value_name = "V", value_parser = crate::cli::name::<VersionName>)]
    from: Option<VersionName>,
    #[command(flatten)]
    pub(super) terms: Terms,
}

impl RollbackArgs {
    pub(super) fn request(&self, session: &Session) -> Result<Request, Failure> {
        Ok(Request::RollBack { place: self.at.place(session)?, to: self.to.clone(), from: self.from.clone() })
    }
}
