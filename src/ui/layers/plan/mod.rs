//! The plan dialog: the exact calls, the target, before and after, the interlocks, how to undo it, and one key that
//! pulls the lever. Nothing typed before it was on the screen counts, and nothing pasted ever does.

mod draw;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};

use super::{Answer, Named, UP_AND_DOWN, held};
use crate::actions::{Plan, Unavailable};
use crate::domain::order::Call;
use crate::ui::reaction::Reaction;
use crate::ui::widgets::field::Field;

/// A plan that waits for a word.
#[derive(Debug)]
pub struct Dialog {
    number: u64,
    plan: Plan,
    calls: Option<Vec<Call>>,
    /// Whether it is on the screen, and whether its calls are.
    shown: Shown,
    at: Part,
    reason: Field,
    typed: Field,
    /// Why the last `y` did nothing.
    hint: Option<String>,
    gone: Option<Unavailable>,
    scrolled: u16,
    /// How many lines of it do not fit on the screen.
    hidden: u16,
}

/// How much of a dialog is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    Nothing,
    WithoutCalls,
    All,
}

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Nowhere to type: `y` confirms.
    Buttons,
    /// Into the name that confirms.
    Typed,
    /// Into the reason.
    Reason,
}

impl Dialog {
    /// The dialog `number` for `plan`; its calls come later.
    pub fn new(number: u64, plan: Plan) -> Self {
        Self {
            number,
            plan,
            calls: None,
            shown: Shown::Nothing,
            at: Part::Buttons,
            reason: Field::default(),
            typed: Field::default(),
            hint: None,
            gone: None,
            scrolled: 0,
            hidden: 0,
        }
    }

    /// Its number.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Its plan.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Puts a new plan in the place of the old one; what was typed stays, and the new one must be looked at anew.
    pub fn replace(&mut self, plan: Plan) {
        self.plan = plan;
        self.calls = None;
        self.gone = None;
        self.shown = Shown::Nothing;
        self.hint = Some("this is another plan than before: look again".into());
    }

    /// The calls it takes.
    pub fn describe(&mut self, calls: Vec<Call>) {
        self.calls = Some(calls);
        self.shown = self.shown.min(Shown::WithoutCalls);
    }

    /// The plan is no longer to be had.
    pub fn close_for(&mut self, why: Unavailable) {
        self.gone = Some(why);
    }

    /// A frame with it in it is on the screen.
    pub const fn drawn(&mut self) {
        self.shown = if self.calls.is_some() { Shown::All } else { Shown::WithoutCalls };
    }

    /// The keys that do something where the caret is.
    pub fn keys(&self) -> Vec<Named> {
        if self.at != Part::Buttons {
            return vec![Named::on(&["tab"], "next"), Named::on(&["enter", "esc"], "leave the field")];
        }
        let glass = (!self.plan.breakable.is_empty()).then(|| Named::on(&["B"], "break the glass"));
        let pull = Named { keys: &["y"], label: "pull the lever", on: self.inert().is_none() };
        let scroll = (self.hidden > 0).then(|| Named::on(UP_AND_DOWN, "scroll"));
        let rest = [Named::on(&["tab"], "write"), Named::on(&["esc"], "leave it")];
        [pull].into_iter().chain(glass).chain(scroll).chain(rest).collect()
    }

    /// Takes a key.
    pub fn press(&mut self, key: &KeyEvent) -> Answer {
        if self.shown == Shown::Nothing {
            return Answer::Stay;
        }
        self.hint = None;
        match (self.at, key.code) {
            (Part::Buttons, _) if held(key) => {}
            (_, KeyCode::Tab) => self.next_part(1),
            (_, KeyCode::BackTab) => self.next_part(2),
            (Part::Buttons, KeyCode::Esc) => return self.leave(),
            (Part::Buttons, KeyCode::Char('y')) if key.modifiers.is_empty() => return self.confirm(key),
            (Part::Buttons, KeyCode::Char('B')) if !self.plan.breakable.is_empty() => {
                return Answer::Glass(self.plan.breakable.clone());
            }
            (Part::Buttons, KeyCode::Enter) => self.hint = Some("Enter pulls nothing: y does".into()),
            (Part::Buttons, KeyCode::Up | KeyCode::PageUp | KeyCode::Char('k')) => self.scroll(false),
            (Part::Buttons, KeyCode::Down | KeyCode::PageDown | KeyCode::Char('j')) => self.scroll(true),
            (Part::Buttons, _) => {}
            (_, KeyCode::Esc | KeyCode::Enter) => self.at = Part::Buttons,
            (Part::Reason, _) => drop(self.reason.press(key)),
            (Part::Typed, _) => drop(self.typed.press(key)),
        }
        Answer::Stay
    }

    /// One step back: out of the field, then out of the plan.
    fn leave(&mut self) -> Answer {
        match std::mem::replace(&mut self.at, Part::Buttons) {
            Part::Buttons => Answer::Done(Reaction::Leave { dialog: self.number }),
            Part::Typed | Part::Reason => Answer::Stay,
        }
    }

    fn next_part(&mut self, steps: usize) {
        let parts: &[Part] = match self.plan.typed {
            Some(_) => &[Part::Buttons, Part::Typed, Part::Reason],
            None => &[Part::Buttons, Part::Reason],
        };
        let at = parts.iter().position(|part| *part == self.at).unwrap_or(0);
        let steps = if steps == 1 { 1 } else { parts.len() - 1 };
        self.at = parts[(at + steps) % parts.len()];
    }

    fn confirm(&mut self, key: &KeyEvent) -> Answer {
        if key.kind == KeyEventKind::Repeat {
            return Answer::Stay;
        }
        let unseen = || (self.shown != Shown::All).then(|| "the exact calls are not on the screen yet".to_owned());
        if let Some(why) = self.inert().or_else(unseen) {
            self.hint = Some(why);
            return Answer::Stay;
        }
        Answer::Done(Reaction::Confirm { dialog: self.number, reason: self.reason.given() })
    }

    /// Why `y` does nothing now, although all is on the screen.
    fn inert(&self) -> Option<String> {
        if let Some(gone) = &self.gone {
            return Some(gone.to_string());
        }
        if let Some(lock) = self.plan.lock() {
            let cleared = lock.cleared_by.as_ref().filter(|by| !by.is_empty());
            let cleared = cleared.map(|by| format!("; cleared by {by}")).unwrap_or_default();
            return Some(format!("locked: {}{cleared}", lock.message));
        }
        if self.calls.is_none() {
            return Some(format!("{} has not named the exact calls yet", self.plan.source()));
        }
        if let Some(name) = &self.plan.typed
            && self.typed.text() != name
        {
            return Some(format!("type {name} first: Tab goes there"));
        }
        (self.plan.reason_required && self.reason.given().is_none())
            .then(|| "a reason is required: Tab goes there".into())
    }

    /// Takes pasted text: into the reason, and nowhere else.
    pub fn paste(&mut self, text: &str) {
        if self.shown == Shown::Nothing {
            return;
        }
        match self.at {
            Part::Reason => self.reason.paste(text),
            Part::Typed => self.hint = Some("the name is typed, not pasted".into()),
            Part::Buttons => self.hint = Some("a paste confirms nothing".into()),
        }
    }

    /// Moves what is too long for the screen.
    pub const fn scroll(&mut self, down: bool) {
        self.scrolled = if down { self.scrolled.saturating_add(1) } else { self.scrolled.saturating_sub(1) };
    }
}
