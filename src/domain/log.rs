//! Logs: a job's output as bytes with offsets, read piece by piece.

use serde::{Deserialize, Serialize};

use super::ids::{JobName, RunKey};

/// Which log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(clippy::module_name_repetitions, reason = "a bare `Key` is what keyboards have")]
pub struct LogKey {
    /// The run.
    pub run: RunKey,
    /// Its job.
    pub job: JobName,
}

/// A piece of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The byte at which it begins.
    pub from: u64,
    /// What the job wrote, raw: the reader makes it visible.
    pub bytes: Vec<u8>,
    /// The log's length as the source knows it now.
    pub total: u64,
    /// Whether nothing will be added any more.
    pub ended: bool,
}

impl Chunk {
    /// The most bytes that are asked for at once.
    pub const MOST: u64 = 512 << 10;
}
