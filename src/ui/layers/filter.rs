//! Typing what a list is narrowed to, or what a log is searched for. The list follows while it is typed.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::Answer;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::field::Field;

/// Words being typed.
#[derive(Debug)]
pub struct Filter {
    field: Field,
    /// What was there before; Esc brings it back.
    before: String,
}

impl Filter {
    /// Goes on with `words`.
    pub fn new(words: &str) -> Self {
        Self { field: Field::new(words), before: words.to_owned() }
    }

    /// Takes a key: letters narrow, Enter keeps, Esc takes it back.
    pub fn press(&mut self, key: &KeyEvent) -> Answer {
        match key.code {
            KeyCode::Esc => Answer::Narrow(std::mem::take(&mut self.before), false),
            KeyCode::Enter | KeyCode::Up | KeyCode::Down => Answer::Narrow(self.field.text().to_owned(), false),
            _ if self.field.press(key) => Answer::Narrow(self.field.text().to_owned(), true),
            _ => Answer::Stay,
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) -> Answer {
        self.field.paste(text);
        Answer::Narrow(self.field.text().to_owned(), true)
    }

    /// Draws it on the line above the footer.
    pub fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let line =
            Rect { x: area.x + 1, y: area.bottom().saturating_sub(2), width: area.width.saturating_sub(2), height: 1 };
        frame.buffer_mut().set_string(area.x, line.y, " ".repeat(usize::from(area.width)), scene.style(Role::Ground));
        frame.buffer_mut().set_span(line.x, line.y, &scene.span(Role::Accent, "/"), 1);
        self.field.draw(frame, Position { x: line.x + 2, y: line.y }, line.width.saturating_sub(2), true);
    }
}
