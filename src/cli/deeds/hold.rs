//! `hold`: keep automatic deployment out, or let it in again.

use clap::{Args, ValueEnum};

use super::{PlaceArgs, Terms};
use crate::actions::Request;
use crate::cli::failure::Failure;
use crate::cli::session::Session;

/// Where, and whether.
#[derive(Debug, Clone, Args)]
pub struct HoldArgs {
    #[command(flatten)]
    at: PlaceArgs,
    /// Held or not
    #[arg(value_enum)]
    hold: Switch,
    #[command(flatten)]
    pub(super) terms: Terms,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Switch {
    /// So.
    On,
    /// Not so.
    Off,
}

impl HoldArgs {
    pub(super) fn request(&self, session: &Session) -> Result<Request, Failure> {
        Ok(Request::Hold { place: self.at.place(session)?, on: self.hold == Switch::On })
    }
}
