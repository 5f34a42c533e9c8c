//! Interlocks: rules that must be clear before a lever moves, one a file, each pure.

pub mod bake;
pub mod environment_order;
pub mod evidence;
pub mod four_eyes;
pub mod freeze;
pub mod freshness;
pub mod glass;
pub mod hold;
pub mod lookalike;
pub mod permission;
pub mod quorum;
pub mod rate_budget;
pub mod read_only;
pub mod samples;
pub mod stop;
pub mod verdict;

use jiff::Timestamp;

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
    /// When it begins to say something else by itself, where that can be told.
    pub until: Option<Timestamp>,
    /// Whether only the policy of this console locks it, so that the policy can let it be broken.
    pub ours: bool,
}

impl Interlock {
    /// A rule with nothing against.
    pub fn clear(name: &'static str, message: impl AsRef<str>) -> Self {
        let (message, refusal) = (Text::new(message), Refusal::Unknown);
        Self { name, state: State::Clear, message, cleared_by: None, refusal, until: None, ours: false }
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

    /// A rule of this console's policy that stands in the way.
    pub fn ruled(name: &'static str, message: impl AsRef<str>, cleared_by: impl AsRef<str>) -> Self {
        Self { ours: true, ..Self::locked(name, Refusal::Rule, message, cleared_by) }
    }

    /// A rule that locks if the policy `demands` it, and otherwise only says what it has to say.
    pub fn demanded(demands: bool, name: &'static str, message: impl AsRef<str>, cleared_by: impl AsRef<str>) -> Self {
        if demands { Self::ruled(name, message, cleared_by) } else { Self::caution(name, message) }
    }

    /// The same, with when it begins to say something else.
    #[must_use]
    pub fn until(self, at: Timestamp) -> Self {
        Self { until: Some(at), ..self }
    }
}
