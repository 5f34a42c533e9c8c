//! Waiting for a second person: the phrase that they are told, and how long it can be used. Leaving it withdraws what was
//! asked for.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::{Answer, middle};
use crate::clock::Timestamp;
use crate::domain::confirmation::Asked;
use crate::ui::format;
use crate::ui::reaction::Reaction;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::panel::framed;

/// What is waited for.
#[derive(Debug)]
pub struct Second {
    dialog: u64,
    name: String,
    asked: Asked,
}

impl Second {
    /// The confirmation of the deed called `name`, whose dialog had this number.
    pub const fn new(dialog: u64, name: String, asked: Asked) -> Self {
        Self { dialog, name, asked }
    }

    /// The number that the deed's dialog had.
    pub const fn dialog(&self) -> u64 {
        self.dialog
    }

    /// Takes a key: `Esc` withdraws.
    pub fn press(&self, key: &KeyEvent) -> Answer {
        match key.code {
            KeyCode::Esc => Answer::Done(Reaction::Withdraw { dialog: self.dialog }),
            _ => Answer::Stay,
        }
    }

    /// When what is left of the phrase's time is told otherwise.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        format::left_changes(self.asked.expires_at, now)
    }

    /// Draws it in the middle of `area`.
    ///
    /// ```text
    /// ╭─ A second person must confirm it ─────────────────────────╮
    /// │                                                           │
    /// │  Promote checkout · production                            │
    /// │  leverframe confirm maple-otter-river-lantern-plum        │
    /// │  or V in their console · 9 m left                         │
    /// │                                                           │
    /// │  Esc withdraw it                                          │
    /// ╰───────────────────────────────────────────────────────────╯
    /// ```
    pub fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let place = middle(area, area.width.saturating_sub(4).min(76), 9);
        Clear.render(place, frame.buffer_mut());
        frame.buffer_mut().set_style(place, scene.style(Role::Ground));
        let title = scene.span(Role::Heading, "A second person must confirm it").into();
        let inside = framed(scene, frame.buffer_mut(), place, title, Line::default(), Role::Marker);
        let left = format::left(self.asked.expires_at, scene.now());
        let lines = [
            scene.span(Role::Text, self.name.as_str()).into(),
            Line::from(vec![
                scene.span(Role::Dim, "leverframe confirm "),
                scene.span(Role::Strong, self.asked.phrase.as_str()),
            ]),
            scene.span(Role::Dim, format!("at another terminal, with another token · {left} left")).into(),
            Line::default(),
            Line::from(vec![scene.span(Role::Accent, "Esc"), scene.span(Role::Text, " withdraw it: nothing is sent")]),
        ];
        for (line, y) in lines.iter().zip(inside.y + 1..inside.bottom()) {
            frame.buffer_mut().set_line(inside.x + 2, y, line, inside.width.saturating_sub(3));
        }
    }
}
