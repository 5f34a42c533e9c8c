//! Logs: a job's output by byte offset.

use async_trait::async_trait;

use super::CapabilityError;
use crate::domain::log::{Chunk, LogKey, Times};

/// A backend that keeps logs.
#[async_trait]
pub trait Logs: Send + Sync {
    /// At most `most` bytes of the log from byte `from` on; fewer where the log ends, none where nothing was added. From
    /// [`u64::MAX`] on it is the last `most` bytes; with none of them, how long the log is.
    async fn read(&self, log: &LogKey, from: u64, most: u64) -> Result<Chunk, CapabilityError>;

    /// When the log was written from byte `from` on. Where no times are kept there are none.
    async fn times(&self, _log: &LogKey, _from: u64) -> Result<Times, CapabilityError> {
        Ok(Times::default())
    }
}
