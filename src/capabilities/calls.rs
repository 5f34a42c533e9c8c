//! Sending: the one way in which a plan's calls leave for a backend.

use async_trait::async_trait;

use super::CapabilityError;
use crate::domain::order::Call;

/// A backend that can be told to do something.
#[async_trait]
pub trait Calls: Send + Sync {
    /// Sends `call` once, as it stands. `Ok` means that the backend accepted it, never that the end is reached. An error
    /// of the kind `UnknownOutcome` means that it may have been carried out; of the kind `Moved`, that it was not.
    async fn send(&self, call: &Call) -> Result<Sent, CapabilityError>;
}

/// A call that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The run that it started, where the backend says so.
    pub run: Option<crate::domain::ids::RunKey>,
}
