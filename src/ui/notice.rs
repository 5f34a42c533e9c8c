//! Notices: what the line above the footer says. What a key could not do, what goes on, and what came of it.

use std::time::Duration;

use crate::actions::{Outcome, OutcomeState, Plan, Unavailable};
use crate::ui::format;
use crate::ui::glyphs::{self, Mark};

/// One thing to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its sign.
    pub mark: Mark,
    /// Its words.
    pub words: String,
}

impl Notice {
    /// Something to know.
    pub fn note(words: impl Into<String>) -> Self {
        Self { mark: glyphs::IDLE, words: words.into() }
    }

    /// Something that did not go.
    pub fn caution(words: impl Into<String>) -> Self {
        Self { mark: glyphs::ATTENTION, words: words.into() }
    }

    /// Why a lever does not move, and what would clear it.
    pub fn why(why: &Unavailable) -> Self {
        let cleared = why.cleared_by.as_ref().filter(|by| !by.is_empty());
        let cleared = cleared.map(|by| format!("; cleared by {by}")).unwrap_or_default();
        Self::caution(format!("{}{cleared}", why.reason))
    }

    /// What came of the deed called `name`.
    pub fn outcome(name: &str, outcome: &Outcome) -> Self {
        let message = &outcome.message;
        let (mark, words) = match outcome.state {
            OutcomeState::Reached => {
                let took = outcome.took_ms.map(|ms| format!(" in {}", span(ms))).unwrap_or_default();
                (glyphs::OK, format!("reached{took}: {message}"))
            }
            OutcomeState::NotReached => (glyphs::FAILED, format!("not reached: {message}")),
            OutcomeState::Sent | OutcomeState::Unknown => (glyphs::UNKNOWN, format!("unknown: {message}")),
            OutcomeState::Refused => (glyphs::FAILED, format!("refused, nothing was sent: {message}")),
            OutcomeState::Moved => (glyphs::ATTENTION, format!("it had moved, nothing was sent: {message}")),
            OutcomeState::Failed => (glyphs::FAILED, format!("failed: {message}")),
            OutcomeState::None => (glyphs::IDLE, message.to_string()),
        };
        Self { mark, words: format!("{name}: {words}") }
    }
}

/// `0.4 s`, `6 s`, `3m41`.
fn span(ms: u64) -> String {
    match ms {
        0..2000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        2000..60_000 => format!("{} s", ms / 1000),
        _ => format::duration(Duration::from_millis(ms)),
    }
}

/// A deed that was confirmed and is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Deed {
    dialog: u64,
    name: String,
    words: String,
}

/// What the line says, and what is under way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    said: Option<Notice>,
    deeds: Vec<Deed>,
    outcome: Option<Notice>,
}

/// A deed's name: what it does, to what, where.
pub fn name(plan: &Plan) -> String {
    let place = plan.target.environment.as_ref().map(|environment| format!(" · {environment}")).unwrap_or_default();
    format!("{} {}{place}", plan.title, plan.target.name)
}

impl Status {
    /// Says this until the next key.
    pub fn say(&mut self, notice: Notice) {
        self.said = Some(notice);
    }

    /// Says this until it is put away or a deed is confirmed.
    pub fn tell(&mut self, notice: Notice) {
        self.outcome = Some(notice);
    }

    /// The operator went on.
    pub fn hush(&mut self) {
        self.said = None;
    }

    /// A deed was confirmed.
    pub fn begin(&mut self, dialog: u64, plan: &Plan) {
        self.outcome = None;
        self.deeds.push(Deed { dialog, name: name(plan), words: "sending".into() });
    }

    /// How far it is.
    pub fn progress(&mut self, dialog: u64, words: String) {
        if let Some(deed) = self.deeds.iter_mut().find(|deed| deed.dialog == dialog) {
            deed.words = words;
        }
    }

    /// It is over; `name` is for a deed that was never confirmed.
    pub fn end(&mut self, dialog: u64, name: Option<String>, outcome: &Outcome) {
        let deed = self.deeds.iter().position(|deed| deed.dialog == dialog).map(|at| self.deeds.remove(at).name);
        let name = deed.or(name).unwrap_or_else(|| "Action".into());
        self.said = None;
        self.outcome = Some(Notice::outcome(&name, outcome));
    }

    /// Takes the last outcome away; `false` if none is shown.
    pub fn dismiss(&mut self) -> bool {
        self.outcome.take().is_some()
    }

    /// What is to be said now, if anything.
    pub fn now(&self) -> Option<Notice> {
        if self.said.is_some() {
            return self.said.clone();
        }
        let Some((last, others)) = self.deeds.split_last() else { return self.outcome.clone() };
        let more = if others.is_empty() { String::new() } else { format!("   (and {} more)", others.len()) };
        Some(Notice { mark: glyphs::RUNNING, words: format!("{}: {}{more}", last.name, last.words) })
    }
}
