//! Rollouts: shift a canary, flip colours, abort.

use crate::domain::ids::Place;
use crate::domain::order::{Call, Order, RolloutDeed};

/// A backend that moves traffic.
pub trait Rollouts: Send + Sync {
    /// The exact calls that `deed` at `place` takes as part of `order`.
    fn calls(&self, place: &Place, deed: &RolloutDeed, order: &Order) -> Vec<Call>;
}
