//! The help: every key that holds where one is, by subject; typing narrows it.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::{Answer, Named, UP_AND_DOWN, held, middle};
use crate::ui::format;
use crate::ui::keymap::Group;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::field::Field;
use crate::ui::widgets::panel::{cut_line, framed};

/// One line of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its subject.
    pub group: Group,
    /// Its keys, as they are shown.
    pub keys: String,
    /// What it does.
    pub help: &'static str,
    /// Why it does nothing now, if it does not.
    pub off: Option<String>,
}

/// The keys.
#[derive(Debug)]
pub struct Help {
    entries: Vec<Entry>,
    field: Field,
    scrolled: usize,
    /// How many lines do not fit on the screen.
    hidden: usize,
}

impl Help {
    /// The help with `entries`.
    pub fn new(entries: Vec<Entry>) -> Self {
        Self { entries, field: Field::default(), scrolled: 0, hidden: 0 }
    }

    /// Takes a key: letters narrow, arrows scroll, Esc and `?` leave.
    pub fn press(&mut self, key: &KeyEvent) -> Answer {
        match key.code {
            KeyCode::Esc if self.field.text().is_empty() => return Answer::Close,
            KeyCode::Esc => self.field = Field::default(),
            _ if held(key) => drop(self.field.press(key)),
            KeyCode::Char('?') | KeyCode::Enter | KeyCode::F(1) => return Answer::Close,
            KeyCode::Up => self.scroll(false),
            KeyCode::Down => self.scroll(true),
            KeyCode::PageUp => self.scrolled = self.scrolled.saturating_sub(10),
            KeyCode::PageDown => self.scrolled += 10,
            _ => {
                self.field.press(key);
                self.scrolled = 0;
            }
        }
        Answer::Stay
    }

    /// The keys that do something beside typing.
    pub fn keys(&self) -> Vec<Named> {
        let scroll = (self.hidden > 0).then(|| Named::on(UP_AND_DOWN, "scroll"));
        let leave = if self.field.text().is_empty() { "leave" } else { "clear" };
        scroll.into_iter().chain([Named::on(&["esc"], leave)]).collect()
    }

    /// Takes pasted text into the words that narrow.
    pub fn paste(&mut self, text: &str) {
        self.field.paste(text);
    }

    /// A line up or down.
    pub const fn scroll(&mut self, down: bool) {
        self.scrolled = if down { self.scrolled + 1 } else { self.scrolled.saturating_sub(1) };
    }

    /// Takes a click on the screen `area`: beside the help it closes it.
    pub fn click(&self, at: Position, scene: &Scene<'_>, area: Rect) -> Answer {
        if self.place(scene, area).0.contains(at) { Answer::Stay } else { Answer::Close }
    }

    /// Where it stands in `area`, and the lines of its columns.
    fn place(&self, scene: &Scene<'_>, area: Rect) -> (Rect, Vec<Vec<Line<'static>>>) {
        let columns = if area.width >= 2 * COLUMN + 10 { 2 } else { 1 };
        let stacks = stacks(self.groups(scene), columns);
        let width = (COLUMN + 2) * u16::try_from(columns).unwrap_or(1) + 4;
        let height = u16::try_from(tallest(&stacks)).unwrap_or(u16::MAX).saturating_add(4);
        (middle(area, width.min(area.width), height.min(area.height.saturating_sub(2))), stacks)
    }

    /// Holds what is scrolled within what there is.
    pub fn settle(&mut self, scene: &Scene<'_>, area: Rect) {
        let (place, stacks) = self.place(scene, area);
        self.hidden = tallest(&stacks).saturating_sub(usize::from(place.height.saturating_sub(4)));
        self.scrolled = self.scrolled.min(self.hidden);
    }

    /// Draws it over most of `area`: the groups in as many columns as fit, one group whole in one column.
    pub fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let (place, stacks) = self.place(scene, area);
        Clear.render(place, frame.buffer_mut());
        frame.buffer_mut().set_style(place, scene.style(Role::Ground));
        let about = Line::from(vec![
            scene.span(Role::Dim, "type to narrow  "),
            scene.span(Role::Accent, "↑↓"),
            scene.span(Role::Dim, " scroll  "),
            scene.span(Role::Accent, "Esc"),
            scene.span(Role::Dim, " leave"),
        ]);
        let title = scene.span(Role::Heading, "Keys").into();
        let inside = framed(scene, frame.buffer_mut(), place, title, about, Role::Marker);
        frame.buffer_mut().set_span(inside.x + 2, inside.y, &scene.span(Role::Accent, "/"), 1);
        let at = Position { x: inside.x + 4, y: inside.y };
        self.field.draw(frame, at, inside.width.saturating_sub(6), true);
        let body = Rect {
            x: inside.x + 2,
            y: inside.y + 2,
            width: inside.width.saturating_sub(3),
            height: inside.height.saturating_sub(2),
        };
        draw_stacks(scene, frame, body, &stacks, self.scrolled);
    }

    /// The lines of each group that has any left.
    fn groups(&self, scene: &Scene<'_>) -> Vec<Vec<Line<'static>>> {
        let words = self.field.text().to_lowercase();
        let matches = |entry: &&Entry| {
            words.split_whitespace().all(|word| {
                entry.help.to_lowercase().contains(word)
                    || entry.keys.to_lowercase().contains(word)
                    || entry.group.title().to_lowercase().contains(word)
            })
        };
        let mut groups = Vec::new();
        for group in Group::ALL {
            let lines: Vec<_> = self.entries.iter().filter(|entry| entry.group == group).filter(matches).collect();
            if !lines.is_empty() {
                let head = Line::from(scene.span(Role::Heading, group.title()));
                groups.push([head].into_iter().chain(lines.into_iter().map(|entry| line(scene, entry))).collect());
            }
        }
        if groups.is_empty() {
            groups.push(vec![scene.span(Role::Dim, "no key does that here").into()]);
        }
        groups
    }
}

/// How wide a column of the help is.
const COLUMN: u16 = 55;
/// How wide the keys in it are.
const KEYS: usize = 9;

fn line(scene: &Scene<'_>, entry: &Entry) -> Line<'static> {
    let keys = format::cut(&entry.keys, KEYS).into_owned();
    let pad = " ".repeat(KEYS + 1 - format::width(&keys));
    let (key, words) = if entry.off.is_some() { (Role::Off, Role::Off) } else { (Role::Accent, Role::Text) };
    let mut line = Line::from(vec![scene.span(key, keys), Span::raw(pad), scene.span(words, entry.help)]);
    if let Some(off) = &entry.off {
        line.push_span(scene.span(Role::Off, format!(": {off}")));
    }
    line
}

/// The groups one below the other, in `columns` stacks, cut where the higher of two is lowest.
fn stacks(mut groups: Vec<Vec<Line<'static>>>, columns: usize) -> Vec<Vec<Line<'static>>> {
    let height = |groups: &[Vec<Line<'_>>]| groups.iter().map(|group| group.len() + 1).sum::<usize>();
    if columns < 2 || groups.len() < 2 {
        return vec![groups.join(&Line::default())];
    }
    let cut = (1..groups.len()).min_by_key(|at| height(&groups[..*at]).max(height(&groups[*at..])));
    let second = groups.split_off(cut.unwrap_or(1));
    vec![groups.join(&Line::default()), second.join(&Line::default())]
}

fn tallest(stacks: &[Vec<Line<'_>>]) -> usize {
    stacks.iter().map(Vec::len).max().unwrap_or(0)
}

fn draw_stacks(scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect, stacks: &[Vec<Line<'static>>], scrolled: usize) {
    let width = area.width / u16::try_from(stacks.len()).unwrap_or(1).max(1);
    let hidden = tallest(stacks).saturating_sub(usize::from(area.height));
    let from = scrolled.min(hidden);
    for (stack, x) in stacks.iter().zip((area.x..).step_by(usize::from(width.max(1)))) {
        for (line, y) in stack.iter().skip(from).zip(area.y..area.bottom()) {
            let line = cut_line(line.clone(), usize::from(width.saturating_sub(2)));
            frame.buffer_mut().set_line(x, y, &line, width);
        }
    }
    if hidden > from {
        let more = scene.span(Role::Caution, format!("↓ {} more", hidden - from));
        let width = u16::try_from(more.width()).unwrap_or(0);
        frame.buffer_mut().set_span(area.right().saturating_sub(width + 1), area.bottom(), &more, width);
    }
}
