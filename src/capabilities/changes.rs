//! Changes: what lies between two environments.

use async_trait::async_trait;

use super::CapabilityError;
use crate::domain::change::{self, Back};
use crate::domain::ids::{EnvironmentName, ServiceName};

/// A backend that knows the history of commits.
#[async_trait]
pub trait Changes: Send + Sync {
    /// The commits that `to` has and `from` lacks.
    async fn between(
        &self,
        service: &ServiceName,
        from: &EnvironmentName,
        to: &EnvironmentName,
    ) -> Result<change::Changes, CapabilityError>;

    /// The commits that the release which is got rid of has, and the one that comes back lacks.
    async fn taken_back(&self, back: &Back) -> Result<change::Changes, CapabilityError>;
}
