//! Flags: set a switch in an environment.

use crate::domain::order::{Call, FlagDeed, Order};

/// A backend that keeps feature flags.
pub trait Flags: Send + Sync {
    /// The exact calls that `deed` takes as part of `order`.
    fn calls(&self, deed: &FlagDeed, order: &Order) -> Vec<Call>;
}
