//! Confirmations by a second person, as they are kept: without the phrase.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::person::{Initiator, Person};
use crate::domain::confirmation::{self, State, Words};
use crate::domain::text::Text;

/// One confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// Its identity.
    pub id: String,
    /// What is kept of its phrase.
    pub hash: String,
    /// Who asks for it.
    pub asked_by: String,
    /// Since when.
    pub asked_at: Timestamp,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// What is to be confirmed.
    pub words: Words,
    /// How it was left; that its time is over is not written down.
    pub state: State,
    /// Who has confirmed it.
    pub confirmed_by: Option<String>,
}

impl Confirmation {
    /// How it stands at `now`.
    pub fn stands(&self, now: Timestamp) -> State {
        let open = matches!(self.state, State::Waiting | State::Confirmed);
        if open && now >= self.expires_at { State::Lapsed } else { self.state }
    }

    /// Why `person` may not confirm it at `now`; `None` if they may.
    pub fn why_not(&self, person: &Person, now: Timestamp) -> Option<String> {
        match self.stands(now) {
            State::Waiting if Initiator::person(&self.asked_by).is(&person.name) => {
                Some("you asked for it yourself: another person must confirm it".to_owned())
            }
            State::Waiting if !person.may_act() => Some("this needs a role that may act".to_owned()),
            State::Waiting => None,
            State::Confirmed => {
                Some(format!("{} has confirmed it", self.confirmed_by.as_deref().unwrap_or("somebody")))
            }
            State::Used => Some("the phrase was used".to_owned()),
            State::Withdrawn => Some(format!("{} has withdrawn it", self.asked_by)),
            State::Lapsed | State::Unknown => Some("the phrase has lapsed".to_owned()),
        }
    }

    /// As `person` sees it at `now`.
    pub fn view(&self, person: &Person, now: Timestamp) -> confirmation::Confirmation {
        confirmation::Confirmation {
            id: Text::new(&self.id),
            asked_by: Text::new(&self.asked_by),
            asked_at: self.asked_at,
            expires_at: self.expires_at,
            words: self.words.clone(),
            state: self.stands(now),
            confirmed_by: self.confirmed_by.as_ref().map(Text::new),
            why_not: self.why_not(person, now).map(Text::new),
        }
    }
}
