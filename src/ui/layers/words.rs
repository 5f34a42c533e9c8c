//! Typing a few words that something else is made of: when an emergency stop ends, the phrase
//! that another person told, why the glass is broken. Nothing is done here.

use crossterm::event::{KeyCode, KeyEvent};
use jiff::Zoned;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::{Answer, middle};
use crate::actions::Request;
use crate::actions::request::FreezeWish;
use crate::domain::ids::SourceName;
use crate::domain::stop::until;
use crate::domain::text::Text;
use crate::ui::reaction::Reaction;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::panel::framed;
use crate::ui::widgets::wrap::wrap;

/// What the words are for.
#[derive(Debug, Clone, PartialEq)]
pub enum Of {
    /// When an emergency stop of this source ends, as it is meant at this time.
    Until(Option<SourceName>, Zoned),
    /// Why the glass before these locks is broken.
    Glass(Vec<Text>),
    /// The phrase that another person was given for a second one.
    Phrase,
}

/// Words as they are typed.
#[derive(Debug)]
pub struct Words {
    of: Of,
    field: Field,
    hint: Option<&'static str>,
}

impl Words {
    /// Nothing typed yet.
    pub fn new(of: Of) -> Self {
        Self { of, field: Field::default(), hint: None }
    }

    /// Takes a key: letters are typed, Enter takes the words.
    pub fn press(&mut self, key: &KeyEvent) -> Answer {
        self.hint = None;
        match key.code {
            KeyCode::Esc => return Answer::Close,
            KeyCode::Enter => return self.done(),
            _ => drop(self.field.press(key)),
        }
        Answer::Stay
    }

    fn done(&mut self) -> Answer {
        match self.made() {
            Ok(reaction) => Answer::Done(reaction),
            Err(hint) => {
                self.hint = Some(hint);
                Answer::Stay
            }
        }
    }

    /// What comes of the words; or what they should be.
    fn made(&self) -> Result<Reaction, &'static str> {
        let words = self.field.text().trim();
        match &self.of {
            Of::Glass(locks) => {
                let reason = self.field.given().ok_or(WHY)?;
                Ok(Reaction::BreakGlass { reason, locks: locks.clone() })
            }
            Of::Phrase => self.field.given().map(Reaction::Find).ok_or(SPOKEN),
            Of::Until(source, now) => {
                let end = if words.is_empty() { None } else { Some(until(words, now).ok_or(WHEN)?) };
                let wish = FreezeWish { on: true, until: end, tiers: Vec::new(), source: source.clone() };
                Ok(Reaction::Ask(Request::Freeze(wish)))
            }
        }
    }

    /// What Enter does with the words.
    pub const fn takes(&self) -> &'static str {
        match self.of {
            Of::Glass(_) => "break it",
            Of::Phrase => "look at it",
            Of::Until(..) => "show the plan",
        }
    }

    /// Takes pasted text; it is still Enter that takes the words.
    pub fn paste(&mut self, text: &str) {
        self.field.paste(text);
    }

    /// Draws it in the middle of `area`.
    ///
    /// ```text
    /// ╭─ Emergency stop ─────────────────────────╮
    /// │                                          │
    /// │  until  2h                               │
    /// │                                          │
    /// │  2h, 18:00 or "2026-12-24 12:00"; none … │
    /// ╰──────────────────────────────────────────╯
    /// ```
    pub fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let width = area.width.saturating_sub(4).min(72);
        let locks = self.locks(usize::from(width.saturating_sub(7)));
        let place = middle(area, width, 7 + u16::try_from(locks.len()).unwrap_or(0));
        Clear.render(place, frame.buffer_mut());
        frame.buffer_mut().set_style(place, scene.style(Role::Ground));
        let (title, label, about) = self.says();
        let title = scene.span(Role::Heading, title).into();
        let inside = framed(scene, frame.buffer_mut(), place, title, Line::default(), Role::Marker);
        let (x, width) = (inside.x + 2, inside.width.saturating_sub(3));
        let label = scene.span(Role::Dim, label);
        let used = u16::try_from(label.width()).unwrap_or(0) + 2;
        frame.buffer_mut().set_span(x, inside.y + 1, &label, width);
        self.field.draw(frame, Position { x: x + used, y: inside.y + 1 }, width.saturating_sub(used), true);
        let below = match self.hint {
            Some(hint) => scene.span(Role::Caution, hint),
            None => scene.span(Role::Dim, about),
        };
        frame.buffer_mut().set_span(x, inside.y + 3, &below, width);
        for (line, y) in locks.into_iter().zip(inside.y + 4..inside.bottom()) {
            frame.buffer_mut().set_span(x, y, &scene.span(Role::Danger, line), width);
        }
    }

    /// What is broken, line by line.
    fn locks(&self, width: usize) -> Vec<String> {
        let Of::Glass(locks) = &self.of else { return Vec::new() };
        locks.iter().flat_map(|lock| wrap(&format!("breaks: {lock}"), width)).collect()
    }

    /// The title, what the words are, and what they may be.
    const fn says(&self) -> (&'static str, &'static str, &'static str) {
        match self.of {
            Of::Glass(_) => ("Break the glass for 15 minutes", "reason", WHY),
            Of::Phrase => ("Confirm what another person plans", "phrase", SPOKEN),
            Of::Until(..) => ("Emergency stop", "until", "2h, 18:00 or 2026-12-24 12:00; none: until it is taken back"),
        }
    }
}

const SPOKEN: &str = "the words that the other person was given: maple-otter-…";
const WHY: &str = "why: it stays on record, and on every screen of this console";
const WHEN: &str = "a time to come: 2h, 18:00 or 2026-12-24 12:00; or nothing";
