//! Releases: what a run fixed under a version, for good.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::ids::ServiceName;
use crate::domain::release::VersionName;
use crate::domain::text::Text;

/// An immutable release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Of which service.
    pub service: ServiceName,
    /// Its version.
    pub version: VersionName,
    /// The commit it was built from.
    pub commit: String,
    /// That commit's first line.
    pub title: Text,
    /// The digest of its manifest.
    pub digest: String,
    /// The digest of its pipeline file: it says how the release is started.
    pub pipeline: String,
    /// The number of the run that made it.
    pub run: u64,
    /// When.
    pub made_at: Timestamp,
    /// Whether its files were removed to make room. Made again with the same content, they are there again.
    #[serde(default)]
    pub gone: bool,
}
