//! Deployments: promote a release, roll back, hold an environment.

use crate::domain::ids::Place;
use crate::domain::order::{Call, DeploymentDeed, Order};

/// A backend that puts releases into environments.
pub trait Deployments: Send + Sync {
    /// The exact calls that `deed` at `place` takes as part of `order`.
    fn calls(&self, place: &Place, deed: &DeploymentDeed, order: &Order) -> Vec<Call>;
}
