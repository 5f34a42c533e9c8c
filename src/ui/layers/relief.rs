//! The sheet that stops the pain: every way for a service, the quickest first. Choosing one opens its plan.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::{Answer, held, middle};
use crate::actions::relief::{Way, Within, ways};
use crate::domain::ids::{EnvironmentName, ServiceName};
use crate::domain::observation::Subject;
use crate::ui::command::Move;
use crate::ui::format;
use crate::ui::glyphs::ATTENTION;
use crate::ui::reaction::Reaction;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::list::List;
use crate::ui::widgets::panel::{cut_line, framed, inner};
use crate::ui::widgets::table::{Column, Row, Table, Width};

/// The rows of the box that are no ways: its border, the headings, and a blank line.
const AROUND: u16 = 4;
/// The most lines that are said of the chosen way.
const ABOUT: u16 = 7;

/// The ways for one service.
#[derive(Debug)]
pub struct Relief {
    service: ServiceName,
    environment: Option<EnvironmentName>,
    ways: Vec<Way>,
    list: List<String>,
}

impl Relief {
    /// The ways for `service`; in one environment, where one is named.
    pub fn new(service: ServiceName, environment: Option<EnvironmentName>) -> Self {
        Self { service, environment, ways: Vec::new(), list: List::default() }
    }

    /// Looks for the ways anew, as the world is now, and holds the chosen one in view; `area` is the whole screen.
    pub fn settle(&mut self, scene: &Scene<'_>, area: Rect) {
        self.ways = ways(&scene.world, &self.service, self.environment.as_ref());
        let room = self.place(area).height.saturating_sub(AROUND + ABOUT);
        self.list.settle(&self.keys(), usize::from(room));
    }

    fn keys(&self) -> Vec<String> {
        self.ways.iter().map(|way| way.name.clone()).collect()
    }

    fn chosen(&self) -> Option<&Way> {
        self.ways.get(self.list.at())
    }

    /// Whether the chosen way can be taken.
    pub fn moves(&self) -> bool {
        self.chosen().is_some_and(Way::moves)
    }

    /// What is asked for beside the overview: what the ways would take back.
    pub fn watched(&self) -> Vec<Subject> {
        let back = |way: &Way| way.plan.as_ref().ok()?.back.clone().map(Box::new).map(Subject::TakenBack);
        let mut watched: Vec<_> = self.ways.iter().filter_map(back).collect();
        watched.sort_unstable();
        watched.dedup();
        watched
    }

    /// Takes a key: up and down, Enter shows the plan, Esc leaves.
    pub fn press(&mut self, key: &KeyEvent) -> Answer {
        let to = match key.code {
            _ if held(key) => return Answer::Stay,
            KeyCode::Esc => return Answer::Close,
            KeyCode::Enter => return self.taken(),
            KeyCode::Up | KeyCode::Char('k') => Move::Up,
            KeyCode::Down | KeyCode::Char('j' | '!') | KeyCode::Tab => Move::Down,
            KeyCode::Home | KeyCode::Char('g') => Move::Top,
            KeyCode::End | KeyCode::Char('G') => Move::Bottom,
            _ => return Answer::Stay,
        };
        self.list.update(to, &self.keys());
        Answer::Stay
    }

    fn taken(&self) -> Answer {
        self.chosen().map_or(Answer::Stay, |way| Answer::Done(Reaction::Ask(way.request.clone())))
    }

    /// Takes a click: on a way it chooses it, beside the sheet it leaves it.
    pub fn click(&mut self, at: Position, area: Rect) -> Answer {
        let place = self.place(area);
        if !place.contains(at) {
            return Answer::Close;
        }
        // The headings are the first line.
        if let Some(line) = at.y.checked_sub(inner(place).y + 1) {
            self.list.select_line(line.into(), &self.keys());
        }
        Answer::Stay
    }

    /// A turn of the wheel.
    pub fn scroll(&mut self, down: bool) {
        self.list.update(if down { Move::Down } else { Move::Up }, &self.keys());
    }

    /// What it is for.
    fn title(&self) -> String {
        match self.ways.first() {
            Some(way) => format!("Stop the pain · {} · {}", self.service, way.place.environment),
            None => format!("Stop the pain · {}", self.service),
        }
    }

    fn place(&self, area: Rect) -> Rect {
        let rows = u16::try_from(self.ways.len().max(1)).unwrap_or(u16::MAX);
        middle(area, area.width.saturating_sub(4).min(100), rows.saturating_add(AROUND + ABOUT))
    }

    /// Draws it over `area`.
    ///
    /// ```text
    /// ╭─ Stop the pain · checkout · production ─────────── cures first, the quickest first ─╮
    /// │  WAY                     WHAT CHANGES          UNTIL IT IS FELT                      │
    /// │▌ abort canary            25 % → 0 %, given up  5.1 s, seen 3 times                   │
    /// │  kill switch cards off   on → off              up to 30 s                            │
    /// │  roll back               v2.14.0 → v2.13.4     up to 60 s                            │
    /// │                                                                                      │
    /// │  undo    promote the release again: it starts at the first step                      │
    /// │  leaves  ▲ data and configuration stay; …                                            │
    /// ```
    pub fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let place = self.place(area);
        Clear.render(place, frame.buffer_mut());
        frame.buffer_mut().set_style(place, scene.style(Role::Ground));
        let title = Line::from(scene.span(Role::Danger, self.title()));
        let about = scene.span(Role::Dim, "cures first, the quickest first").into();
        let inside = framed(scene, frame.buffer_mut(), place, title, about, Role::Danger);
        if self.ways.is_empty() {
            let nothing = scene.span(Role::Dim, "there is nothing here that could be taken back");
            frame.buffer_mut().set_span(inside.x + 2, inside.y + 1, &nothing, inside.width.saturating_sub(2));
            return;
        }
        let rows = inside.height.saturating_sub(ABOUT);
        let columns = [
            Column::new("WAY", Width::Fit(12, 34)),
            Column::new("WHAT CHANGES", Width::Rest(12)),
            Column::new("UNTIL IT IS FELT", Width::Fit(10, 24)),
        ];
        let window = self.list.window(self.ways.len());
        let table = Table { columns: &columns, window, selected: Some(self.list.at()), headings: true };
        table.draw(
            scene,
            frame.buffer_mut(),
            Rect { height: rows, width: inside.width.saturating_sub(1), ..inside },
            |at| self.ways.get(at).map(|way| row(scene, way)).unwrap_or_default(),
        );
        let below = inside.bottom().saturating_sub(ABOUT) + 1..inside.bottom();
        let room = inside.width.saturating_sub(3);
        for (line, y) in self.chosen().into_iter().flat_map(|way| said(scene, way)).zip(below) {
            frame.buffer_mut().set_line(inside.x + 2, y, &cut_line(line, usize::from(room)), room);
        }
    }
}

fn row<'a>(scene: &Scene<'_>, way: &'a Way) -> Row<'a> {
    let role = if way.moves() { Role::Text } else { Role::Off };
    let changes = match &way.plan {
        Ok(plan) => format!("{} {} {}", plan.before, scene.look.glyphs.text("→"), plan.after),
        Err(why) => why.to_string(),
    };
    Row {
        cells: vec![
            scene.span(if way.moves() { Role::Strong } else { role }, way.name.as_str()).into(),
            scene.span(role, changes).into(),
            scene.span(Role::Dim, felt(way)).into(),
        ],
        stale: false,
    }
}

/// How long until it is felt, and how that is known.
fn felt(way: &Way) -> String {
    let times = |times: usize| format::plural(times as u64, "time");
    match way.within {
        _ if !way.cures => "stops nothing yet".into(),
        Within::Measured(took, count) => format!("{}, seen {}", span(took), times(count)),
        Within::Elsewhere(took, _) => format!("{} on others", span(took)),
        Within::AtMost(most) => format!("up to {}", span(most)),
        Within::Never => String::new(),
    }
}

fn span(span: Duration) -> String {
    match span.as_millis() {
        ms @ 0..10_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        10_000..120_000 => format!("{} s", span.as_secs()),
        _ => format::duration(span),
    }
}

/// What is said of the chosen way: what stands in its way, what it takes with it, what it leaves, how it is undone.
fn said(scene: &Scene<'_>, way: &Way) -> Vec<Line<'static>> {
    let line = |name: &str, role, words: String| {
        Line::from(vec![scene.span(Role::Dim, format!("{name:8}")), scene.span(role, words)])
    };
    let mut lines = Vec::new();
    match &way.plan {
        Err(why) => lines.push(line("not now", Role::Caution, why.to_string())),
        Ok(plan) => {
            if let Some(lock) = plan.lock() {
                lines.push(line("locked", Role::Caution, lock.message.to_string()));
            }
            lines.push(line("undo", Role::Text, plan.undo.to_string()));
            let reason = if plan.reason_required { "a reason and a word" } else { "a word" };
            lines.push(line("needs", Role::Text, format!("{reason}, in its plan")));
            let holds = plan.interlocks.iter().find(|rule| rule.name == "hold");
            lines.extend(holds.map(|rule| line("also", Role::Text, rule.message.to_string())));
        }
    }
    for (at, left) in way.leaves.iter().enumerate() {
        let mut leaves = line(if at == 0 { "leaves" } else { "" }, Role::Text, left.words.to_string());
        let mark = if left.heed { scene.mark(ATTENTION) } else { scene.span(Role::Text, " ") };
        leaves.spans.insert(1, mark);
        leaves.spans.insert(2, scene.span(Role::Text, " "));
        lines.push(leaves);
    }
    lines
}
