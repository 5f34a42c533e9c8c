//! Confirmations: a backend at which a second person can confirm what one plans, and which knows both.

use async_trait::async_trait;

use super::CapabilityError;
use crate::domain::confirmation::{Confirmation, Said, Step};
use crate::domain::order::{Call, ConfirmDeed, Order};
use crate::domain::text::Text;

/// A backend that keeps confirmations.
#[async_trait]
pub trait Confirmations: Send + Sync {
    /// How one stands.
    async fn confirmation(&self, id: &Text) -> Result<Confirmation, CapabilityError>;

    /// Takes one step, once.
    async fn step(&self, step: &Step) -> Result<Said, CapabilityError>;

    /// The exact calls that confirm one; nothing is sent.
    fn calls(&self, deed: &ConfirmDeed, order: &Order) -> Vec<Call>;
}
