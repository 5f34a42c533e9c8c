//! What a client and an instance may take.

use std::time::Duration;

/// What a client and an instance may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest head; bytes.
    pub head: usize,
    /// The most fields in a head.
    pub fields: usize,
    /// How long a client may take for a head, and how long its connection may rest between two.
    pub head_within: Duration,
    /// The largest body of a request; bytes.
    pub body: u64,
    /// How long an instance may take until its answer begins.
    pub answer_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: 16 << 10,
            fields: 100,
            head_within: Duration::from_secs(10),
            body: 64 << 20,
            answer_within: Duration::from_mins(1),
        }
    }
}
