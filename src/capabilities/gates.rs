//! Gates: decide for or against what waits.

use crate::domain::order::{Call, GateDeed, Order};

/// A backend that keeps gates.
pub trait Gates: Send + Sync {
    /// The exact calls that `deed` takes as part of `order`.
    fn calls(&self, deed: &GateDeed, order: &Order) -> Vec<Call>;
}
