//! How the engine says no: one shape for every refusal, with the reason as a word for programs and a sentence for people.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Revision;
use crate::domain::text::Text;

words! {
    /// Why the engine refuses.
    Reason {
        /// No token, or one it does not know (401).
        Unauthorized = "unauthorized",
        /// The person's roles do not allow it, or it is their own change (403).
        Forbidden = "forbidden",
        /// There is no such thing (404).
        NotFound = "not_found",
        /// The target's revision is not the one given (409).
        Moved = "moved",
        /// An emergency stop stands (409).
        Frozen = "frozen",
        /// The state does not allow it: a rollout is under way, the gate is closed (422).
        NotPossible = "not_possible",
        /// The request cannot be read (400).
        Invalid = "invalid",
        /// A change without the revision it rests on (428).
        RevisionMissing = "revision_missing",
        /// The engine has paused, for want of disk space (503).
        Paused = "paused",
        /// The engine failed; the change was not made (500).
        Internal = "internal",
    } else Unknown = "unknown"
}

impl Reason {
    /// The HTTP status it travels under.
    pub const fn status(self) -> u16 {
        match self {
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Moved | Self::Frozen => 409,
            Self::NotPossible => 422,
            Self::Invalid => 400,
            Self::RevisionMissing => 428,
            Self::Paused => 503,
            Self::Internal | Self::Unknown => 500,
        }
    }
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Why, for programs.
    pub reason: Reason,
    /// Why, for people.
    pub message: Text,
    /// What to do.
    pub hint: Option<Text>,
    /// The target's revision now, where it moved.
    pub revision: Option<Revision>,
    /// The target as it stands now, where it moved.
    pub current: Option<serde_json::Value>,
}
