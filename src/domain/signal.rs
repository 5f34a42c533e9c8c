//! Signals: what an environment's traffic looks like over time, per side of a rollout.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::Place;
use super::release::VersionName;
use super::text::Text;

/// The signals of one place over the same span, one series a side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signals {
    /// Where.
    pub place: Place,
    /// Seconds that one point stands for.
    pub step_s: u32,
    /// Side by side: `stable` and `candidate`, or `blue` and `green`.
    pub series: Vec<Series>,
}

/// One side's signals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The side: `stable`, `candidate`, `blue`, `green`.
    pub track: Text,
    /// The release on it.
    pub version: Option<VersionName>,
    /// Oldest first; a span without requests has no latency, and that is not zero.
    pub points: Vec<Point>,
}

/// One span of one side.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// When the span began.
    pub at: Timestamp,
    /// Requests in it.
    pub requests: u64,
    /// Of these, failed: answered 5xx, or not at all.
    pub errors: u64,
    /// Median latency in milliseconds.
    pub p50_ms: Option<f64>,
    /// 95th percentile in milliseconds.
    pub p95_ms: Option<f64>,
    /// 99th percentile in milliseconds.
    pub p99_ms: Option<f64>,
}

impl Point {
    /// Failed requests in percent of all; `None` without any.
    #[expect(clippy::cast_precision_loss, reason = "counts of requests in seconds stay far below 2^52")]
    pub fn error_percent(&self) -> Option<f64> {
        (self.requests > 0).then(|| self.errors as f64 * 100.0 / self.requests as f64)
    }
}
