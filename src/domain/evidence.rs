//! Evidence at a gate: what speaks for letting a release pass, and what is missing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::text::Text;

words! {
    /// What a piece of evidence says.
    EvidenceState {
        /// It speaks for the release.
        Pass = "pass",
        /// Something to look at.
        Warn = "warn",
        /// It speaks against.
        Fail = "fail",
        /// It should be there and is not.
        Missing = "missing",
    } else Unknown = "unknown"
}

words! {
    /// What a piece of evidence is about.
    EvidenceKind {
        /// What tests found.
        Test = "test",
        /// What a scan of code, dependencies or image found.
        Scan = "scan",
        /// Whether the artifact is signed by who should.
        Signature = "signature",
        /// Whether a window in which nothing may change is open or near.
        Freeze = "freeze",
    } else Other = "other"
}

/// One line of the evidence card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is about.
    pub kind: EvidenceKind,
    /// Its name: `e2e`, `image`, `Friday`.
    pub name: Text,
    /// What it says.
    pub state: EvidenceState,
    /// In words, with its numbers.
    pub says: Text,
    /// Since when it holds.
    pub at: Option<Timestamp>,
    /// Who or what found it.
    pub by: Option<Text>,
}
