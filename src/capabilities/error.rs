//! How asking a backend fails: one error for all of them, by what it means for the one who asked.

use jiff::Timestamp;

use crate::domain::ids::SourceName;
use crate::domain::observation::{Problem, ProblemKind};
use crate::domain::text::Text;

/// What a failure means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// No connection; nothing was sent.
    Unreachable,
    /// No answer in time to a read.
    Timeout,
    /// The credential is missing or not accepted (401).
    Unauthorized,
    /// The credential lacks a permission (403).
    Forbidden,
    /// It is not there (404).
    NotFound,
    /// The target is not what the call expected (409, 412); nothing was changed. Holds what the backend says it is now.
    Moved(Option<Box<serde_json::Value>>),
    /// The backend understood and will not (400, 422, 428).
    Refused,
    /// Asked too often; not before this time.
    RateLimited(Option<Timestamp>),
    /// The backend failed (5xx).
    Server,
    /// The answer is not what the backend's API says.
    Malformed,
    /// Read-only is on: nothing was sent.
    ReadOnly,
    /// The backend cannot do this.
    Unsupported,
    /// Sent, and no answer came: it may have been carried out.
    UnknownOutcome,
}

/// A failure, with words for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[expect(clippy::module_name_repetitions, reason = "it is used far from its module, beside other errors")]
pub struct CapabilityError {
    /// What it means.
    pub kind: Kind,
    /// What failed, and where.
    pub message: Text,
    /// What to do.
    pub hint: Option<Text>,
}

impl CapabilityError {
    /// A failure without a hint.
    pub fn new(kind: Kind, message: impl AsRef<str>) -> Self {
        Self { kind, message: Text::new(message), hint: None }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl AsRef<str>) -> Self {
        self.hint = Some(Text::new(hint));
        self
    }

    /// The failure as the store keeps it for `source`.
    pub fn problem(self, source: &SourceName) -> Problem {
        let kind = match self.kind {
            Kind::Unreachable | Kind::Timeout | Kind::UnknownOutcome => ProblemKind::Unreachable,
            Kind::Unauthorized => ProblemKind::Unauthorized,
            Kind::Forbidden => ProblemKind::Forbidden,
            Kind::NotFound => ProblemKind::NotFound,
            Kind::RateLimited(_) => ProblemKind::RateLimited,
            Kind::Server | Kind::Moved(_) | Kind::Refused => ProblemKind::Server,
            Kind::Malformed => ProblemKind::Malformed,
            Kind::ReadOnly | Kind::Unsupported => ProblemKind::Unsupported,
        };
        Problem { source: source.clone(), kind, message: self.message, hint: self.hint, since: None }
    }
}
