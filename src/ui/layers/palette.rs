//! The palette: everything by name. Commands, panes, services, places, runs, flags and contexts, found by a few of their
//! letters; of the one that is selected it says the key, and why it is off.

use crossterm::event::{KeyCode, KeyEvent};
use neo_frizbee::{Config, Matcher, Pattern};
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::{Answer, middle};
use crate::ui::command::{Command, Move};
use crate::ui::glyphs::ATTENTION;
use crate::ui::reaction::Reaction;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::list::List;
use crate::ui::widgets::panel::{cut_line, framed, inner};
use crate::ui::widgets::table::{Column, Row, Table, Width};

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its name: what is typed for it.
    pub name: String,
    /// What it is or does, beside it.
    pub about: String,
    /// Its key, where it has one.
    pub key: String,
    /// Why it does nothing now, if it does not.
    pub off: Option<String>,
    /// What happens when it is chosen.
    pub act: Act,
}

/// What a chosen item does.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Obeys a command.
    Command(Command),
    /// Goes somewhere.
    Reaction(Reaction),
}

/// How many rows of the palette are in view at most.
const ROWS: u16 = 12;
/// How many lines tell of the selected one.
const ABOUT: u16 = 2;
/// What is neither rows nor about them: the frame, the field, and a blank line after it and after the rows.
const REST: u16 = 5;

/// The names; and each with the words about it.
type Texts = [Vec<String>; 2];

/// Everything by name.
#[derive(Debug)]
pub struct Palette {
    items: Vec<Item>,
    /// What is looked through, from the first letter on.
    texts: Option<Texts>,
    field: Field,
    /// The places of the items that match, the best first.
    found: Vec<usize>,
    list: List<usize>,
}

impl Palette {
    /// The palette over `items`.
    pub fn new(items: Vec<Item>) -> Self {
        let mut palette =
            Self { items, texts: None, field: Field::default(), found: Vec::new(), list: List::default() };
        palette.search();
        palette
    }

    fn patterns(&self) -> Vec<Pattern> {
        self.field.text().split_whitespace().map(Pattern::from).collect()
    }

    fn selected(&self) -> Option<&Item> {
        self.list.selected().and_then(|at| self.items.get(*at))
    }

    fn search(&mut self) {
        let patterns = self.patterns();
        self.found = if patterns.is_empty() {
            (0..self.items.len()).collect()
        } else {
            let mut matcher = Matcher::from_patterns(&patterns, &Config::default());
            // A name that matches comes before words about it that do.
            let mut known = vec![false; self.items.len()];
            let mut found = Vec::new();
            for texts in self.texts.get_or_insert_with(|| texts(&self.items)) {
                for one in matcher.match_list(texts) {
                    let Ok(at) = usize::try_from(one.index) else { continue };
                    if !std::mem::replace(&mut known[at], true) {
                        found.push(at);
                    }
                }
            }
            found
        };
        self.list = List::default();
        self.list.settle(&self.found, usize::from(ROWS));
    }

    /// Holds the selection in view; `area` is the whole screen.
    pub fn settle(&mut self, area: Rect) {
        self.list.settle(&self.found, usize::from(place(area).height.saturating_sub(ABOUT + REST)));
    }

    /// Takes a key: letters search, arrows choose, Enter takes.
    pub fn press(&mut self, key: &KeyEvent) -> Answer {
        let to = match key.code {
            KeyCode::Esc => return Answer::Close,
            KeyCode::Enter => return self.taken(),
            KeyCode::Up | KeyCode::BackTab => Move::Up,
            KeyCode::Down | KeyCode::Tab => Move::Down,
            KeyCode::PageUp => Move::PageUp,
            KeyCode::PageDown => Move::PageDown,
            _ => {
                if self.field.press(key) {
                    self.search();
                }
                return Answer::Stay;
            }
        };
        self.list.update(to, &self.found);
        Answer::Stay
    }

    fn taken(&self) -> Answer {
        match self.selected().map(|item| &item.act) {
            Some(Act::Command(command)) => Answer::Obey(*command),
            Some(Act::Reaction(reaction)) => Answer::Done(reaction.clone()),
            None => Answer::Stay,
        }
    }

    /// Takes pasted text into the words that search.
    pub fn paste(&mut self, text: &str) {
        self.field.paste(text);
        self.search();
    }

    /// A turn of the wheel.
    pub fn scroll(&mut self, down: bool) {
        self.list.update(if down { Move::Down } else { Move::Up }, &self.found);
    }

    /// Takes a click on the screen `area`: on a row it takes what is there, beside the palette it closes it.
    pub fn click(&mut self, at: Position, area: Rect) -> Answer {
        let place = place(area);
        if !place.contains(at) {
            return Answer::Close;
        }
        let line = at.y.checked_sub(inner(place).y + 2);
        let chosen = line.is_some_and(|line| self.list.select_line(line.into(), &self.found));
        if chosen { self.taken() } else { Answer::Stay }
    }

    /// Draws it in the upper part of `area`.
    ///
    /// ```text
    /// ╭─ Everything by name ────────────── 3 of 70 ─╮
    /// │  : wei                                      │
    /// │                                             │
    /// │▌ weight   type the canary's share         w │
    /// │                                             │
    /// │  w weight: type the canary's share …        │
    /// │  ▲ catalog · production is blue/green …     │
    /// ```
    pub fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let place = place(area);
        Clear.render(place, frame.buffer_mut());
        frame.buffer_mut().set_style(place, scene.style(Role::Ground));
        let about = scene.span(Role::Dim, format!("{} of {}", self.found.len(), self.items.len())).into();
        let title = scene.span(Role::Heading, "Everything by name").into();
        let inside = framed(scene, frame.buffer_mut(), place, title, about, Role::Marker);
        frame.buffer_mut().set_span(inside.x + 2, inside.y, &scene.span(Role::Accent, ":"), 1);
        self.field.draw(frame, Position { x: inside.x + 4, y: inside.y }, inside.width.saturating_sub(6), true);
        if self.found.is_empty() {
            let nothing = scene.span(Role::Dim, "nothing is called that");
            frame.buffer_mut().set_span(inside.x + 2, inside.y + 2, &nothing, inside.width.saturating_sub(2));
            return;
        }
        let room = inside.width.saturating_sub(1);
        let body = Rect { y: inside.y + 1, width: room, height: inside.height.saturating_sub(ABOUT + 2), ..inside };
        self.draw_rows(scene, frame.buffer_mut(), body);
        let below = inside.bottom().saturating_sub(ABOUT)..inside.bottom();
        let room = room.saturating_sub(2);
        for (line, y) in self.selected().into_iter().flat_map(|item| said(scene, item)).zip(below) {
            frame.buffer_mut().set_line(inside.x + 2, y, &cut_line(line, usize::from(room)), room);
        }
    }

    fn draw_rows(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
        let columns = [
            Column::new("", Width::Fit(16, 34)),
            Column::new("", Width::Rest(10)),
            Column::right("", Width::Fit(1, 8)),
        ];
        let window = self.list.window(self.found.len());
        let table = Table { columns: &columns, window, selected: Some(self.list.at()), headings: true };
        let patterns = self.patterns();
        let mut matcher = (!patterns.is_empty()).then(|| Matcher::from_patterns(&patterns, &Config::default()));
        table.draw(scene, buffer, area, |at| {
            let item = self.found.get(at).and_then(|at| self.items.get(*at));
            item.map(|item| row(scene, item, &hits(matcher.as_mut(), &item.name))).unwrap_or_default()
        });
    }
}

fn texts(items: &[Item]) -> Texts {
    let names = items.iter().map(|item| item.name.clone()).collect();
    [names, items.iter().map(|item| format!("{} {}", item.name, item.about)).collect()]
}

/// Where the palette lies on the screen `area`.
fn place(area: Rect) -> Rect {
    middle(area, area.width.saturating_sub(4).min(84), ROWS + ABOUT + REST)
}

/// The places of the characters of `name` that were looked for.
fn hits(matcher: Option<&mut Matcher>, name: &str) -> Vec<usize> {
    let found = matcher.and_then(|matcher| matcher.match_one_indices(name, 0));
    found.iter().flat_map(|found| &found.indices).filter_map(|at| usize::try_from(*at).ok()).collect()
}

/// What is said of the selected item: its key and what it does, and why it does nothing.
fn said(scene: &Scene<'_>, item: &Item) -> Vec<Line<'static>> {
    let mut about = Line::default();
    if !item.key.is_empty() {
        about.push_span(scene.span(Role::Accent, format!("{} ", item.key)));
    }
    about.push_span(scene.span(Role::Strong, item.name.clone()));
    about.push_span(scene.span(Role::Dim, format!(": {}", item.about)));
    let off = item.off.as_ref().map(|off| vec![scene.mark(ATTENTION), scene.span(Role::Caution, format!(" {off}"))]);
    [about].into_iter().chain(off.map(Line::from)).collect()
}

fn row<'a>(scene: &Scene<'_>, item: &'a Item, hits: &[usize]) -> Row<'a> {
    let (name, key) = if item.off.is_some() { (Role::Off, Role::Off) } else { (Role::Text, Role::Accent) };
    let letters = item.name.chars().enumerate().map(|(at, letter)| {
        let role = if hits.contains(&at) { Role::Accent } else { name };
        scene.span(role, letter.to_string())
    });
    let about = item.off.as_deref().unwrap_or(&item.about);
    Row {
        cells: vec![
            letters.collect::<Vec<_>>().into(),
            Line::from(scene.span(Role::Dim, about)),
            Line::from(scene.span(key, item.key.as_str())),
        ],
        stale: false,
    }
}
