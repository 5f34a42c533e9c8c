//! `canary`: move a canary.

use clap::{Args, ValueEnum};

use super::{PlaceArgs, Terms};
use crate::actions::{CanaryMove, Request};
use crate::cli::failure::Failure;
use crate::cli::session::Session;
use crate::domain::rollout::Weight;

/// Which canary, and how.
#[derive(Debug, Clone, Args)]
pub struct CanaryArgs {
    #[command(flatten)]
    at: PlaceArgs,
    /// How it moves
    #[arg(value_enum)]
    to: Move,
    /// With `set`: the share in percent, 0 to 100
    #[arg(value_parser = percent, required_if_eq("to", "set"))]
    weight: Option<Weight>,
    #[command(flatten)]
    pub(super) terms: Terms,
}

/// How a canary moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Move {
    /// To a share
    Set,
    /// To the next step
    Next,
    /// Nowhere, until it is resumed
    Pause,
    /// On again
    Resume,
    /// To everything
    Full,
    /// Back to nothing
    Abort,
}

/// A share in percent: `25` or `25%`.
pub(super) fn percent(text: &str) -> Result<Weight, &'static str> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse().ok();
    number.and_then(Weight::new).ok_or("a share is a whole number of percent, 0 to 100")
}

impl CanaryArgs {
    pub(super) fn request(&self, session: &Session) -> Result<Request, Failure> {
        let to = match (self.to, self.weight) {
            (Move::Set, Some(weight)) => CanaryMove::Set(weight),
            (Move::Set, None) => return Err(Failure::usage("`set` needs a share: canary SERVICE ENVIRONMENT set 25")),
            (_, Some(_)) => return Err(Failure::usage("only `set` takes a share")),
            (Move::Next, None) => CanaryMove::Next,
            (Move::Pause, None) => CanaryMove::Pause,
            (Move::Resume, None) => CanaryMove::Resume,
            (Move::Full, None) => CanaryMove::Full,
            (Move::Abort, None) => CanaryMove::Abort,
        };
        Ok(Request::Canary { place: self.at.place(session)?, to })
    }
}
