//! Outcomes: what came of a deed. "Accepted" is never success.

use super::unavailable::Refusal;
use crate::domain::text::Text;

words! {
    /// What came of a deed.
    OutcomeState {
        /// The end was seen.
        Reached = "reached",
        /// The contrary was seen.
        NotReached = "not_reached",
        /// Sent, and whether it was carried out cannot be said.
        Sent = "sent",
        /// A rule stood in the way: nothing was sent.
        Refused = "refused",
        /// The world had moved: nothing was changed.
        Moved = "moved",
        /// It failed before anything was changed.
        Failed = "failed",
        /// Nothing was sent: it was already so, or only asked for.
        None = "none",
    } else Unknown = "unknown"
}

/// What came of a deed, with its words and its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What came of it.
    pub state: OutcomeState,
    /// In words.
    pub message: Text,
    /// How long it took from sending to seeing; milliseconds.
    pub took_ms: Option<u64>,
    /// Who or what refused, where nothing was changed because of it.
    pub refusal: Option<Refusal>,
}

impl Outcome {
    /// An outcome that took no time.
    pub fn new(state: OutcomeState, message: impl AsRef<str>) -> Self {
        Self { state, message: Text::new(message), took_ms: None, refusal: None }
    }

    /// The same, for want of something that has an exit code of its own.
    #[must_use]
    pub const fn refused(mut self, refusal: Refusal) -> Self {
        self.refusal = Some(refusal);
        self
    }
}
