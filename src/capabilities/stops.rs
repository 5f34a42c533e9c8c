//! Stops: a backend that keeps an emergency stop. Whether one stands, its overview tells.

use crate::domain::order::{Call, Order, StopDeed};

/// A backend on which an emergency stop can be called.
pub trait Stops: Send + Sync {
    /// The exact calls that call it or take it back; nothing is sent.
    fn calls(&self, deed: &StopDeed, order: &Order) -> Vec<Call>;
}
