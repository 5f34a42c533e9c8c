//! Typing a number: a weight or a percentage. It asks for a plan; nothing is done here.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::{Answer, middle};
use crate::actions::request::FlagWish;
use crate::actions::{CanaryMove, Request};
use crate::domain::flag::FlagValue;
use crate::domain::ids::Place;
use crate::domain::rollout::Weight;
use crate::ui::reaction::Reaction;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::bar::bar;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::panel::{framed, inner};
use crate::ui::widgets::scale::Scale;

/// What a typed percentage is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Percentage {
    /// A canary's share of the traffic.
    Canary(Place),
    /// The share of users that a flag is on for; the wish's own value is passed over.
    Flag(FlagWish),
}

/// A percentage to be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is for.
    pub of: Percentage,
    /// What it is now.
    pub now: Weight,
}

impl Entry {
    /// What is asked for when `percent` was typed.
    pub fn request(&self, percent: Weight) -> Request {
        match &self.of {
            Percentage::Canary(place) => Request::Canary { place: place.clone(), to: CanaryMove::Set(percent) },
            Percentage::Flag(wish) => Request::SetFlag(FlagWish { value: FlagValue::Percent(percent), ..wish.clone() }),
        }
    }
}

/// A percentage as it is typed.
#[derive(Debug)]
pub struct Typing {
    entry: Entry,
    field: Field,
    hint: Option<String>,
}

impl Typing {
    /// Nothing typed yet.
    pub fn new(entry: Entry) -> Self {
        Self { entry, field: Field::default(), hint: None }
    }

    /// Takes a key: digits are typed, Enter asks for the plan.
    pub fn press(&mut self, key: &KeyEvent) -> Answer {
        self.hint = None;
        match key.code {
            KeyCode::Esc => return Answer::Close,
            KeyCode::Enter => return self.done(),
            KeyCode::Char('%' | ' ') => {}
            KeyCode::Char(c) if !c.is_ascii_digit() && key.modifiers.difference(KeyModifiers::SHIFT).is_empty() => {
                self.hint = Some("a whole number from 0 to 100".into());
            }
            KeyCode::Char(c) if c.is_ascii_digit() && self.field.text().len() >= 3 => {}
            _ => drop(self.field.press(key)),
        }
        Answer::Stay
    }

    fn done(&mut self) -> Answer {
        if let Some(percent) = self.field.text().parse().ok().and_then(Weight::new) {
            return Answer::Done(Reaction::Ask(self.entry.request(percent)));
        }
        self.hint = Some("a whole number from 0 to 100".into());
        Answer::Stay
    }

    /// Takes pasted text where it is a number; it is still Enter that asks.
    pub fn paste(&mut self, text: &str) {
        let text = text.trim().trim_end_matches('%').trim();
        if text.len() <= 3 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            self.field = Field::new(text);
        }
    }

    /// Takes what the mouse points at, as if it was typed; it is still Enter that asks.
    pub fn set(&mut self, percent: Weight) {
        self.hint = None;
        self.field = Field::new(&percent.percent().to_string());
    }

    /// Which percentages lie where on the screen `area`.
    pub fn scale(area: Rect) -> Scale {
        let rule = rule(inner(place(area)));
        Scale::new(rule.y, vec![(rule.x, 0), (rule.right().saturating_sub(1).max(rule.x), 100)])
    }

    /// What is typed, or what it is now while that is no percentage.
    fn percent(&self) -> Weight {
        self.field.text().parse().ok().and_then(Weight::new).unwrap_or(self.entry.now)
    }

    /// Draws it in the middle of `area`.
    ///
    /// ```text
    /// ╭─ Weight checkout · production ───────────╮
    /// │                                          │
    /// │  25 % → 37  %                            │
    /// │                                          │
    /// │  0 ━━━━━━━━━━━───────────────────── 100  │
    /// │                                          │
    /// │  ↵ show the plan    Esc leave it         │
    /// ╰──────────────────────────────────────────╯
    /// ```
    pub fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let place = place(area);
        Clear.render(place, frame.buffer_mut());
        frame.buffer_mut().set_style(place, scene.style(Role::Ground));
        let title = scene.span(Role::Heading, self.title());
        let inside = framed(scene, frame.buffer_mut(), place, title.into(), Line::default(), Role::Marker);
        let x = inside.x + 2;
        let label = scene.span(Role::Dim, format!("{} →", self.entry.now));
        let used = u16::try_from(label.width()).unwrap_or(0) + 1;
        frame.buffer_mut().set_span(x, inside.y + 1, &label, inside.width);
        self.field.draw(frame, Position { x: x + used, y: inside.y + 1 }, 4, true);
        frame.buffer_mut().set_span(x + used + 4, inside.y + 1, &scene.span(Role::Dim, "%"), 1);
        let rule = rule(inside);
        for (x, end) in [(x, "0"), (rule.right() + 1, "100")] {
            frame.buffer_mut().set_span(x, rule.y, &scene.span(Role::Dim, end), 3);
        }
        let line = Line::from(bar(scene, self.percent().percent(), rule.width, Role::Candidate).to_vec());
        frame.buffer_mut().set_line(rule.x, rule.y, &line, rule.width);
        let keys = match &self.hint {
            Some(hint) => scene.span(Role::Caution, hint.clone()).into(),
            None => Line::from(vec![
                scene.span(Role::Accent, scene.look.glyphs.enter()),
                scene.span(Role::Text, " show the plan    "),
                scene.span(Role::Accent, "Esc"),
                scene.span(Role::Text, " leave it"),
            ]),
        };
        frame.buffer_mut().set_line(x, inside.y + 5, &keys, inside.width.saturating_sub(3));
    }

    fn title(&self) -> String {
        match &self.entry.of {
            Percentage::Canary(place) => format!("Weight {place}"),
            Percentage::Flag(wish) => format!("{} · {}", wish.key, wish.environment),
        }
    }
}

/// Where it lies on the screen `area`.
fn place(area: Rect) -> Rect {
    middle(area, area.width.saturating_sub(4).min(52), 9)
}

/// Where the line of all percentages lies within its frame.
fn rule(inside: Rect) -> Rect {
    let width = inside.width.saturating_sub(10);
    Rect { x: inside.x + 4, y: inside.y + 3, width, height: 1 }
}
