//! Typing a number: a weight or a percentage. It asks for a plan; nothing is done here.

use crate::actions::request::FlagWish;
use crate::actions::{CanaryMove, Request};
use crate::domain::flag::FlagValue;
use crate::domain::ids::Place;
use crate::domain::rollout::Weight;

/// What a typed percentage is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Percentage {
    /// A canary's share of the traffic.
    Canary(Place),
    /// The share of users that a flag is on for; the wish's own value is passed over.
    Flag(FlagWish),
}

/// A percentage to be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is for.
    pub of: Percentage,
    /// What it is now.
    pub now: Weight,
}

impl Entry {
    /// What is asked for when `percent` was typed.
    pub fn request(&self, percent: Weight) -> Request {
        match &self.of {
            Percentage::Canary(place) => Request::Canary { place: place.clone(), to: CanaryMove::Set(percent) },
            Percentage::Flag(wish) => Request::SetFlag(FlagWish { value: FlagValue::Percent(percent), ..wish.clone() }),
        }
    }
}
