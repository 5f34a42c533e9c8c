//! Seals: a backend that keeps, with each order, how far the journal of whoever gives it had come.

use async_trait::async_trait;

use super::CapabilityError;
use crate::domain::chain::Sealed;

/// A backend that seals journals.
#[async_trait]
pub trait Seals: Send + Sync {
    /// The header in which an order brings a seal.
    fn header(&self) -> &'static str;

    /// The seals of the journal whose first entry has this hash, the newest first.
    async fn sealed(&self, journal: &str) -> Result<Vec<Sealed>, CapabilityError>;
}
