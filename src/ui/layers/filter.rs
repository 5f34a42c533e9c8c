//! Typing what a list is narrowed to, or what a log is searched for. The list follows while it is typed; what is not
//! understood is said beside it.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Answer;
use crate::domain::filter::{self, Column};
use crate::ui::format;
use crate::ui::glyphs::ATTENTION;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::panel::cut_line;

/// The least that the words get beside what is said of them.
const LEAST: u16 = 24;

/// Words being typed.
#[derive(Debug)]
pub struct Filter {
    field: Field,
    /// What was there before; Esc brings it back.
    before: String,
    /// The columns that the list has.
    columns: &'static [Column],
}

impl Filter {
    /// Goes on with `words` for a list that has `columns`.
    pub fn new(words: &str, columns: &'static [Column]) -> Self {
        Self { field: Field::new(words), before: words.to_owned(), columns }
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

    /// What is said of what was typed: the first thing that is not understood; before anything is, what there is to ask.
    fn says(&self, scene: &Scene<'_>) -> Line<'static> {
        if self.columns.is_empty() {
            return Line::default();
        }
        if self.field.text().is_empty() {
            let columns = self.columns.iter().map(Column::begins).collect::<Vec<_>>().join(" ");
            return scene.span(Role::Dim, format!("words, or {columns}")).into();
        }
        let parsed = filter::Filter::parse(self.field.text(), self.columns);
        let fault = parsed.faults().first().map(ToString::to_string);
        fault.map_or_else(Line::default, |fault| {
            vec![scene.mark(ATTENTION), Span::raw(" "), scene.span(Role::Caution, fault)].into()
        })
    }

    /// Draws it on the line above the footer.
    pub fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let line =
            Rect { x: area.x + 1, y: area.bottom().saturating_sub(2), width: area.width.saturating_sub(2), height: 1 };
        frame.buffer_mut().set_string(area.x, line.y, " ".repeat(usize::from(area.width)), scene.style(Role::Ground));
        frame.buffer_mut().set_span(line.x, line.y, &scene.span(Role::Accent, "/"), 1);
        let room = line.width.saturating_sub(2);
        let typed = u16::try_from(format::width(self.field.text())).unwrap_or(u16::MAX).saturating_add(1);
        let says = self.says(scene);
        let field = if says.width() == 0 { room } else { typed.clamp(LEAST.min(room), room.max(LEAST) / 2).min(room) };
        self.field.draw(frame, Position { x: line.x + 2, y: line.y }, field, true);
        let rest = room.saturating_sub(field + 2);
        let x = line.x + 2 + field + 2;
        frame.buffer_mut().set_line(x, line.y, &cut_line(says, usize::from(rest)), rest);
    }
}
