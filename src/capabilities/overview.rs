//! Overview: a source that tells everything about its services in one answer.

use async_trait::async_trait;

use super::CapabilityError;
use crate::domain::observation::Overview;

/// A source that brings its services, environments, gates, rollouts and flags by itself.
#[async_trait]
pub trait Overviews: Send + Sync {
    /// Everything, or `None` where nothing has changed since the last time it was asked.
    async fn overview(&self) -> Result<Option<Overview>, CapabilityError>;
}
