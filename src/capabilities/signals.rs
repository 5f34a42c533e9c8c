//! Signals: what an environment's traffic looks like over time.

use async_trait::async_trait;

use super::CapabilityError;
use crate::domain::ids::Place;
use crate::domain::signal;

/// A backend that measures traffic.
#[async_trait]
pub trait Signals: Send + Sync {
    /// The last minutes at `place`, side by side.
    async fn signals(&self, place: &Place) -> Result<signal::Signals, CapabilityError>;
}
