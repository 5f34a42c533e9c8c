//! Confirmations by a second person: what one asks for, the phrase that is told another, and how it stands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::Revision;
use super::text::Text;

/// The plan that a second person is to confirm, in the words in which it is shown to both. It is confirmed as it stands:
/// one that differs in any of them is another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The deed.
    pub action: Text,
    /// What it acts on.
    pub target: Text,
    /// The revision it rests on.
    pub revision: Option<Revision>,
    /// How the target stands.
    pub before: Text,
    /// How it will stand.
    pub after: Text,
    /// The reason given.
    pub reason: Option<Text>,
}

/// What whoever asks is told, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The confirmation's identity.
    pub id: Text,
    /// What a second person types.
    pub phrase: Text,
    /// When it lapses.
    pub expires_at: Timestamp,
}

words! {
    /// How a confirmation stands.
    State {
        /// A second person may confirm it.
        Waiting = "waiting",
        /// A second person has.
        Confirmed = "confirmed",
        /// Whoever asked for it goes on with it; nobody can a second time.
        Used = "used",
        /// Whoever asked for it left it.
        Withdrawn = "withdrawn",
        /// Its time is over.
        Lapsed = "lapsed",
    } else Unknown = "unknown"
}

/// A confirmation as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// Its identity.
    pub id: Text,
    /// Who asks for it.
    pub asked_by: Text,
    /// Since when.
    pub asked_at: Timestamp,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// What is to be confirmed.
    pub words: Words,
    /// How it stands.
    pub state: State,
    /// Who has confirmed it.
    pub confirmed_by: Option<Text>,
    /// Why whoever looks may not confirm it.
    pub why_not: Option<Text>,
}

/// One step of a confirmation's life beside confirming it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Asks for one.
    Ask(Words),
    /// Looks for the one with this phrase.
    Find(Text),
    /// Leaves the one that was asked for.
    Withdraw(Text),
    /// Goes on with what was confirmed, if that is still the same.
    Use(Text, Words),
}

/// What is said to a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It was asked for.
    Asked(Asked),
    /// It stands so.
    Stands(Box<Confirmation>),
}
