//! Pipelines: runs, their stages and jobs; start, retry, cancel.

use async_trait::async_trait;

use super::CapabilityError;
use crate::domain::ids::{RunKey, ServiceName};
use crate::domain::order::{Call, Order, PipelineDeed};
use crate::domain::run::Run;

/// A backend that runs pipelines.
#[async_trait]
pub trait Pipelines: Send + Sync {
    /// The runs of a service, newest first.
    async fn runs(&self, service: &ServiceName) -> Result<Vec<Run>, CapabilityError>;
    /// One run, whole.
    async fn run(&self, run: &RunKey) -> Result<Run, CapabilityError>;
    /// The exact calls that `deed` takes as part of `order`.
    fn calls(&self, deed: &PipelineDeed, order: &Order) -> Vec<Call>;
}
