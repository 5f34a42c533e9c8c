//! `flip`: let the other colour serve.

use clap::{Args, ValueEnum};

use super::{PlaceArgs, Terms};
use crate::actions::Request;
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::domain::rollout::Color;

/// Where, and to which colour.
#[derive(Debug, Clone, Args)]
pub struct FlipArgs {
    #[command(flatten)]
    at: PlaceArgs,
    /// The colour that is to serve; the other one, if none is named
    #[arg(long, value_enum)]
    to: Option<Side>,
    #[command(flatten)]
    pub(super) terms: Terms,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Side {
    Blue,
    Green,
}

impl FlipArgs {
    pub(super) fn request(&self, session: &Session) -> Result<Request, Failure> {
        let to = self.to.map(|side| match side {
            Side::Blue => Color::Blue,
            Side::Green => Color::Green,
        });
        Ok(Request::Flip { place: self.at.place(session)?, to })
    }
}
