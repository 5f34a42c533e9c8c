//! Streams: an answer piece by piece, as long as it goes on. For logs: what is read is not kept.

use std::time::Duration;

use reqwest::Response;

use super::answer::{self, Answer};
use crate::capabilities::CapabilityError;

/// An answer that is read piece by piece.
#[derive(Debug)]
pub struct Pieces {
    response: Response,
    /// The same answer without its body: for what is said of it.
    head: Answer,
    idle: Duration,
}

impl Pieces {
    /// The answer's pieces; one whose end could not be seen is refused.
    pub(super) fn of(response: Response, idle: Duration) -> Result<Self, CapabilityError> {
        let head = Answer::head(&response);
        if head.is_open_ended() {
            return Err(head.malformed("does not say where it ends"));
        }
        Ok(Self { response, head, idle })
    }

    /// The next piece; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, CapabilityError> {
        let chunk = answer::within(self.idle, self.response.chunk(), &self.head).await?;
        Ok(chunk.map(|bytes| bytes.to_vec()))
    }
}
