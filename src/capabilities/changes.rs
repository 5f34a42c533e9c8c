//! Changes: what lies between two environments.

use async_trait::async_trait;

use super::CapabilityError;
use crate::domain::change;
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
}
