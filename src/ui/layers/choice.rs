//! Choosing one of a few: a theme, which is shown at once, or a context.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::{Answer, held, middle};
use crate::ui::command::Move;
use crate::ui::reaction::Reaction;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::list::List;
use crate::ui::widgets::panel::{framed, inner};
use crate::ui::widgets::table::{Column, Row, Table, Width};

/// The rows of the box that are no names.
const AROUND: u16 = 2;

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The theme.
    Theme,
    /// The context.
    Context,
}

/// A few names, one of them chosen now.
#[derive(Debug)]
pub struct Choice {
    of: Of,
    names: Vec<String>,
    list: List<String>,
    before: String,
}

impl Choice {
    /// The names to choose from, and the present one.
    pub fn new(of: Of, names: Vec<String>, now: &str) -> Self {
        let mut list = List::default();
        list.settle(&names, names.len());
        list.select(&now.to_owned(), &names);
        Self { of, names, list, before: now.to_owned() }
    }

    /// There are other names `of` this to choose from now.
    pub fn renew(&mut self, of: Of, names: &[String]) {
        if self.of == of {
            self.names = names.to_vec();
        }
    }

    /// Holds the chosen one in view; `area` is the whole screen.
    pub fn settle(&mut self, area: Rect) {
        self.list.settle(&self.names, self.names.len().min(usize::from(area.height.saturating_sub(AROUND))));
    }

    /// Whether what is chosen shows on the screen below.
    pub const fn shows_itself(&self) -> bool {
        matches!(self.of, Of::Theme)
    }

    fn chosen(&self) -> String {
        self.list.selected().cloned().unwrap_or_else(|| self.before.clone())
    }

    fn moved(&mut self, to: Move) -> Answer {
        self.list.update(to, &self.names);
        match self.of {
            Of::Theme => Answer::Theme(self.chosen(), true),
            Of::Context => Answer::Stay,
        }
    }

    /// Takes a key: up and down, Enter takes, Esc leaves everything as it was.
    pub fn press(&mut self, key: &KeyEvent) -> Answer {
        if held(key) {
            return Answer::Stay;
        }
        match (key.code, self.of) {
            (KeyCode::Up | KeyCode::Char('k'), _) => self.moved(Move::Up),
            (KeyCode::Down | KeyCode::Char('j'), _) => self.moved(Move::Down),
            (KeyCode::Char('T'), Of::Theme) | (KeyCode::Char('C'), Of::Context) | (KeyCode::Tab, _) => {
                let last = self.list.at() + 1 == self.names.len();
                self.moved(if last { Move::Top } else { Move::Down })
            }
            (KeyCode::Enter, _) => self.taken(),
            (KeyCode::Esc, _) => self.left(),
            _ => Answer::Stay,
        }
    }

    fn taken(&self) -> Answer {
        match self.of {
            Of::Theme => Answer::Theme(self.chosen(), false),
            Of::Context if self.chosen() == self.before => Answer::Close,
            Of::Context => Answer::Done(Reaction::Context(self.chosen())),
        }
    }

    fn left(&self) -> Answer {
        match self.of {
            Of::Theme => Answer::Theme(self.before.clone(), false),
            Of::Context => Answer::Close,
        }
    }

    /// Takes a click on the screen `area`: on a name it takes that, beside the box it leaves everything as it was.
    pub fn click(&mut self, at: Position, area: Rect) -> Answer {
        let place = self.place(area);
        if !place.contains(at) {
            return self.left();
        }
        let line = at.y.checked_sub(inner(place).y);
        let chosen = line.is_some_and(|line| self.list.select_line(line.into(), &self.names));
        if chosen { self.taken() } else { Answer::Stay }
    }

    fn place(&self, area: Rect) -> Rect {
        let height = u16::try_from(self.names.len()).unwrap_or(u16::MAX).saturating_add(AROUND);
        middle(area, area.width.saturating_sub(4).min(44), height)
    }

    /// A turn of the wheel.
    pub fn scroll(&mut self, down: bool) {
        self.list.update(if down { Move::Down } else { Move::Up }, &self.names);
    }

    /// Draws it in the middle of `area`.
    pub fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let place = self.place(area);
        Clear.render(place, frame.buffer_mut());
        frame.buffer_mut().set_style(place, scene.style(Role::Ground));
        let title = if self.of == Of::Theme { "Theme" } else { "Context" };
        let (take, leave) = (scene.look.glyphs.enter(), "Esc");
        let about = Line::from(vec![
            scene.span(Role::Accent, take),
            scene.span(Role::Dim, " take   "),
            scene.span(Role::Accent, leave),
            scene.span(Role::Dim, " leave"),
        ]);
        let inside =
            framed(scene, frame.buffer_mut(), place, scene.span(Role::Heading, title).into(), about, Role::Marker);
        let columns = [Column::new("", Width::Rest(8))];
        let table = Table {
            columns: &columns,
            window: self.list.window(self.names.len()),
            selected: Some(self.list.at()),
            headings: false,
        };
        table.draw(scene, frame.buffer_mut(), inside, |at| {
            let name = self.names.get(at).map_or("", String::as_str);
            let role = if name == self.before { Role::Strong } else { Role::Text };
            Row { cells: vec![scene.span(role, crate::domain::text::visible(name)).into()], stale: false }
        });
    }
}
