//! `promote`: bring a release into an environment.

use clap::Args;

use super::Terms;
use crate::actions::Request;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::domain::ids::{EnvironmentName, ServiceName};
use crate::domain::release::VersionName;

/// What goes where.
#[derive(Debug, Clone, Args)]
pub struct PromoteArgs {
    /// The service
    #[arg(value_parser = crate::cli::name::<ServiceName>)]
    service: ServiceName,
    /// The environment that it goes into
    #[arg(long, value_name = "ENVIRONMENT", value_parser = crate::cli::name::<EnvironmentName>)]
    to: EnvironmentName,
    /// The release; what serves in the environment before, if none is named
    #[arg(long, value_name = "V", value_parser = crate::cli::name::<VersionName>)]
    release: Option<VersionName>,
    #[command(flatten)]
    pub(super) terms: Terms,
}

impl PromoteArgs {
    pub(super) fn request(&self, session: &Session) -> Result<Request, Failure> {
        Ok(Request::Promote { place: session.place(&self.service, &self.to)?, version: self.release.clone() })
    }
}
