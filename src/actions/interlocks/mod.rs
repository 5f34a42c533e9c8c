//! Interlocks: rules that must be clear before a lever moves, one a file, each pure.

pub mod freshness;
pub mod hold;
pub mod permission;
pub mod read_only;
pub mod verdict;

use super::unavailable::Refusal;
use crate::domain::text::Text;

words! {
    /// What a rule says.
    State {
        /// Nothing against it.
        Clear = "clear",
        /// Something to know first.
        Caution = "caution",
        /// Not now.
        Locked = "locked",
    } else Unknown = "unknown"
}

/// One rule and what it says about one plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interlock {
    /// The rule's name, for programs.
    pub name: &'static str,
    /// What it says.
    pub state: State,
    /// In words.
    pub message: Text,
    /// Who or what can clear it.
    pub cleared_by: Option<Text>,
    /// The kind of refusal, if it is locked.
    pub refusal: Refusal,
}

impl Interlock {
    /// A rule with nothing against.
    pub fn clear(name: &'static str, message: impl AsRef<str>) -> Self {
        Self { name, state: State::Clear, message: Text::new(message), cleared_by: None, refusal: Refusal::Unknown }
    }

    /// A rule with something to say.
    pub fn caution(name: &'static str, message: impl AsRef<str>) -> Self {
        Self { state: State::Caution, ..Self::clear(name, message) }
    }

    /// A rule that stands in the way.
    pub fn locked(name: &'static str, refusal: Refusal, message: impl AsRef<str>, cleared_by: impl AsRef<str>) -> Self {
        let cleared_by = Some(Text::new(cleared_by));
        Self { state: State::Locked, cleared_by, refusal, ..Self::clear(name, message) }
    }
}
