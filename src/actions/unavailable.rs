//! Why a deed is not to be had, for people and for exit codes.

use crate::domain::text::Text;

words! {
    /// The kind of a refusal; each has its exit code.
    Refusal {
        /// It is already so: nothing is sent, and that is success.
        AlreadySo = "already_so",
        /// There is no such service, environment, run or flag.
        NotFound = "not_found",
        /// The source cannot be asked now.
        Unreachable = "unreachable",
        /// The backend does not allow it to this person.
        NotAllowed = "not_allowed",
        /// The world is not what it was when it was asked for.
        Moved = "moved",
        /// A rule of ours, or the state, stands in the way.
        Rule = "rule",
    } else Unknown = "unknown"
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unavailable {
    /// The kind.
    pub refusal: Refusal,
    /// The rule's or the state's name, for programs: `rollout`, `gate`, `read_only`.
    pub interlock: &'static str,
    /// In words.
    pub reason: Text,
    /// Who or what can clear it.
    pub cleared_by: Option<Text>,
}

impl Unavailable {
    fn new(refusal: Refusal, interlock: &'static str, reason: impl AsRef<str>) -> Self {
        Self { refusal, interlock, reason: Text::new(reason), cleared_by: None }
    }

    /// It is already so.
    pub fn already(reason: impl AsRef<str>) -> Self {
        Self::new(Refusal::AlreadySo, "state", reason)
    }

    /// The state does not allow it.
    pub fn state(interlock: &'static str, reason: impl AsRef<str>) -> Self {
        Self::new(Refusal::Rule, interlock, reason)
    }

    /// There is no such thing.
    pub fn not_found(reason: impl AsRef<str>) -> Self {
        Self::new(Refusal::NotFound, "name", reason)
    }

    /// It moved from what was expected.
    pub fn moved(reason: impl AsRef<str>) -> Self {
        Self::new(Refusal::Moved, "revision", reason)
    }

    /// The same, with who or what can clear it.
    #[must_use]
    pub fn cleared_by(mut self, who: impl AsRef<str>) -> Self {
        self.cleared_by = Some(Text::new(who));
        self
    }
}

impl std::fmt::Display for Unavailable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.reason.fmt(f)
    }
}
