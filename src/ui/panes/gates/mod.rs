//! The queue of gates over all services: those the one who looks may decide first, the oldest first; and the evidence
//! for the selected one.

mod card;
mod columns;
mod evidence;

use std::borrow::Cow;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use columns::COLUMNS;

use super::{Asked, Hint, NO_ADDRESS, Pane, or_say};
use crate::actions::{Request, Unavailable, World};
use crate::clock::{Timestamp, since};
use crate::domain::filter::Filter;
use crate::domain::gate::{Gate, GateState, Verdict};
use crate::domain::ids::{GateId, Place, SourceName};
use crate::domain::observation::Subject;
use crate::store::{Seen, Store};
use crate::ui::command::{Command, Lever, Move, PaneKind, View};
use crate::ui::format;
use crate::ui::glyphs;
use crate::ui::links::Named;
use crate::ui::next::Next;
use crate::ui::panes::derived::Derived;
use crate::ui::panes::filtering::narrowed;
use crate::ui::reaction::{Focus, Reaction};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::list::List;
use crate::ui::widgets::panel::{self, cut_line, panel};
use crate::ui::widgets::table::{Column, Row, Table, Width};

/// The least that the card gets below the queue, with its frame; of a high window it gets half.
const CARD: u16 = 13;
/// From this many columns on the queue tells who started what waits, and whether one may decide.
const WIDE: u16 = 100;

/// What is said where none waits.
const NO_GATE: &str = "no gate waits here";

/// A gate's identity over all sources.
type Key = (SourceName, GateId, Place);

/// The queue's view state.
#[derive(Debug, Default)]
pub struct Gates {
    list: List<Key>,
    filter: Filter,
    derived: Derived<Key>,
}

type Waiting<'a> = Seen<&'a Gate>;

fn key(seen: &Waiting<'_>) -> Key {
    (seen.source.clone(), seen.value.id.clone(), seen.value.place())
}

fn waiting<'a>(store: &'a Store, (source, id, place): &Key) -> Option<Waiting<'a>> {
    store.gate(place, id).filter(|seen| seen.source == *source)
}

impl Gates {
    fn rows(&self, store: &Store, now: Timestamp) -> Arc<[Key]> {
        let passes = |seen: &&Waiting<'_>| {
            let name = format!("{} {}", seen.value.service, seen.value.environment);
            self.filter.passes(now, &[&name], |facet| columns::answers(seen, facet))
        };
        let derive = || store.gates().iter().filter(passes).map(key).collect();
        self.derived.rows((store, now), &self.filter, "", derive)
    }

    fn selected<'a>(&self, store: &'a Store) -> Option<Waiting<'a>> {
        waiting(store, self.list.selected()?)
    }
}

/// The queue above, the card below it.
fn areas(area: Rect, rows: usize) -> [Rect; 2] {
    let wanted = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(3).max(5);
    let card = CARD.max(area.height / 2);
    let list = wanted.min(area.height.saturating_sub(card)).max(5.min(area.height));
    [Rect { height: list, ..area }, Rect { y: area.y + list, height: area.height - list, ..area }]
}

impl Pane for Gates {
    fn kind(&self) -> PaneKind {
        PaneKind::Gates
    }

    fn count(&self, world: &World<'_>) -> Option<(usize, Role)> {
        Some((world.store.counts().gates, Role::Waiting))
    }

    fn settle(&mut self, world: &World<'_>, area: Rect) {
        let rows = self.rows(world.store, world.now);
        let [list, _] = areas(area, rows.len());
        self.list.settle(&rows, Table::height(panel::inner(list)));
    }

    fn update(&mut self, command: Command, world: &World<'_>) -> Vec<Reaction> {
        let gate = self.selected(world.store).map(|seen| seen.value);
        match command {
            Command::Move(Move::NextPart | Move::PreviousPart) => {
                return vec![Reaction::Say("the queue has no other part".into())];
            }
            Command::Move(to) => {
                self.list.update(to, &self.rows(world.store, world.now));
            }
            Command::View(View::Open | View::Logs) => {
                let run = gate.map(|gate| Reaction::Open(PaneKind::Run, Focus::Run(gate.run_key())));
                return or_say(run, NO_GATE);
            }
            Command::View(View::Copy) => {
                return or_say(gate.map(|gate| Reaction::Copy(gate.run_key().to_string())), NO_GATE);
            }
            Command::View(View::Browse) => {
                let run = gate.and_then(|gate| world.store.run(&gate.run_key()));
                let url = run.and_then(|run| run.value.url.as_ref().map(ToString::to_string));
                return or_say(url.map(Reaction::Browse), NO_ADDRESS);
            }
            Command::View(View::Sort) => {
                return vec![Reaction::Say("the queue has one order: yours first, then the oldest".into())];
            }
            _ => {}
        }
        Vec::new()
    }

    fn ask(&self, lever: Lever, world: &World<'_>) -> Result<Asked, Unavailable> {
        let none = || Unavailable::state("selection", NO_GATE);
        let gate = self.selected(world.store).ok_or_else(none)?.value;
        let decide = |verdict| {
            let (place, run) = (gate.place(), Some(gate.run.clone()));
            Ok(Asked::Plan(Request::Decide { place, run, verdict, comment: None }))
        };
        match lever {
            Lever::Approve => decide(Verdict::Approve),
            Lever::Reject => decide(Verdict::Reject),
            Lever::Promote => Ok(Asked::Plan(Request::Promote { place: gate.place(), version: gate.release.clone() })),
            Lever::RollBack => Ok(Asked::Plan(Request::RollBack { place: gate.place(), to: None, from: None })),
            _ => Err(Unavailable::state("gate", "a gate is approved or rejected")),
        }
    }

    fn hints(&self, world: &World<'_>) -> Vec<Hint> {
        if self.selected(world.store).is_none() {
            return vec![Hint::on(View::Pane(PaneKind::Board))];
        }
        let levers = [Lever::Approve, Lever::Reject].map(|lever| Hint::lever(self, lever, world));
        levers.into_iter().chain([View::Open, View::Changes, View::Filter].map(Hint::on)).collect()
    }

    fn focus(&self, world: &World<'_>) -> Option<Focus> {
        Some(Focus::Place(self.selected(world.store)?.value.place()))
    }

    fn look_at(&mut self, focus: &Focus, world: &World<'_>) {
        let rows = self.rows(world.store, world.now);
        let of = |(_, _, here): &&Key| match focus {
            Focus::Place(place) => here == place,
            other => other.service() == Some(&here.service),
        };
        if let Some(found) = rows.iter().find(of) {
            self.list.select(found, &rows);
        }
    }

    narrowed_by!(COLUMNS);

    fn click(&mut self, at: Position, area: Rect, world: &World<'_>) -> Vec<Reaction> {
        let rows = self.rows(world.store, world.now);
        let inside = panel::inner(areas(area, rows.len())[0]);
        if inside.contains(at) && at.y > inside.y {
            self.list.select_line(usize::from(at.y - inside.y - 1), &rows);
        }
        Vec::new()
    }

    fn watched(&self, store: &Store) -> Vec<Subject> {
        let Some(seen) = self.selected(store) else { return Vec::new() };
        let gate = seen.value;
        let below = store.service(&gate.service).and_then(|service| service.value.below(&gate.environment));
        let changes =
            below.map(|below| Subject::Changes(gate.service.clone(), gate.environment.clone(), below.name.clone()));
        [Subject::Run(gate.run_key())].into_iter().chain(changes).collect()
    }

    fn addresses(&self, world: &World<'_>) -> Vec<Named> {
        let gate = self.selected(world.store).map(|seen| seen.value);
        let run = gate.and_then(|gate| Some((gate, world.store.run(&gate.run_key())?.value)));
        run.and_then(|(gate, run)| Named::new(format!("run {}", gate.run), run.url.as_ref())).into_iter().collect()
    }

    fn next_change(&self, scene: &Scene<'_>, _area: Rect) -> Option<Timestamp> {
        let mut next = Next::new(scene.now());
        let rows = self.rows(scene.store(), scene.now());
        for seen in rows[self.list.window(rows.len())].iter().filter_map(|key| waiting(scene.store(), key)) {
            next.fresh(scene.store(), &seen.source, seen.at);
            next.age(seen.value.since);
            next.left(seen.value.expires_at);
        }
        if let Some(seen) = self.selected(scene.store()) {
            card::next_change(&mut next, scene, seen.value);
        }
        next.at()
    }

    fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let rows = self.rows(scene.store(), scene.now());
        let [list, rest] = areas(area, rows.len());
        let counts = scene.store().counts();
        let mine = if counts.my_gates > 0 { format!("{} for you · ", counts.my_gates) } else { String::new() };
        let filter = narrowed(&self.filter);
        let about = scene.span(Role::Dim, format!("{filter}{mine}yours first, oldest first")).into();
        let title = scene.span(Role::Heading, "Gates").into();
        let inside = panel(scene, frame.buffer_mut(), list, title, about);
        if rows.is_empty() {
            return self.draw_empty(scene, frame, inside);
        }
        self.draw_queue(scene, frame, inside, &rows, area.width >= WIDE);
        if let Some(seen) = self.selected(scene.store()) {
            card::draw(scene, frame.buffer_mut(), rest, &seen);
        }
    }
}

impl Gates {
    /// The queue.
    ///
    /// ```text
    ///   SERVICE    ENVIRONMENT  RELEASE   STARTED BY  APPROVALS  WAITS  CLOSES IN
    /// ▌ payments   production   v1.9.2    ben         1 of 2     2 h    22 h        ◆ you may decide
    /// ```
    fn draw_queue(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect, rows: &[Key], wide: bool) {
        let mut columns = vec![
            Column::new("SERVICE", Width::Fit(8, 24)),
            Column::new("ENVIRONMENT", Width::Fit(11, 16)),
            Column::new("RELEASE", Width::Fit(8, 16)),
        ];
        if wide {
            columns.push(Column::new("STARTED BY", Width::Fit(10, 18)));
        }
        columns.extend([
            Column::new("APPROVALS", Width::Fixed(9)),
            Column::right("WAITS", Width::Fixed(5)),
            Column::right(if wide { "CLOSES IN" } else { "CLOSES" }, Width::Fixed(if wide { 9 } else { 6 })),
            Column::new("", Width::Rest(10)),
        ]);
        let table = Table {
            columns: &columns,
            window: self.list.window(rows.len()),
            selected: Some(self.list.at()),
            headings: true,
        };
        let inside = Rect { width: area.width.saturating_sub(1), ..area };
        table.draw(scene, frame.buffer_mut(), inside, |at| {
            let seen = rows.get(at).and_then(|key| waiting(scene.store(), key));
            seen.map(|seen| row(scene, &seen, at == self.list.at(), wide)).unwrap_or_default()
        });
    }

    fn draw_empty(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let words: Cow<'_, str> = if self.filter.text().is_empty() {
            "no gate waits for anybody; runs that stand before an environment and need a word appear here".into()
        } else {
            format!("no gate matches /{}; Esc shows all", self.filter.text()).into()
        };
        let line = cut_line(scene.span(Role::Dim, words).into(), usize::from(area.width.saturating_sub(3)));
        frame.buffer_mut().set_line(area.x + 2, area.y + 1, &line, area.width.saturating_sub(3));
    }
}

fn row(scene: &Scene<'_>, seen: &Waiting<'_>, selected: bool, wide: bool) -> Row<'static> {
    let gate = seen.value;
    let text = |role, words: String| Line::from(scene.span(role, words));
    let name = if selected { Role::Strong } else { Role::Text };
    let age = gate.since.map(|at| format::age(since(at, scene.now()))).unwrap_or_default();
    let left = gate.expires_at.filter(|_| gate.open()).map(|at| format::left(at, scene.now())).unwrap_or_default();
    let release = gate.release.as_ref().map_or_else(|| "—".into(), ToString::to_string);
    let mut cells = vec![
        text(name, gate.service.to_string()),
        text(Role::Text, gate.environment.to_string()),
        text(Role::Text, release),
    ];
    if wide {
        cells.push(text(Role::Dim, gate.initiator.as_ref().map_or_else(|| "—".into(), ToString::to_string)));
    }
    cells.extend([
        text(Role::Text, format!("{} of {}", gate.approvals.have, gate.approvals.need)),
        text(Role::Text, age),
        text(Role::Text, left),
        standing(scene, gate),
    ]);
    Row { cells, stale: scene.store().overdue(&seen.source, seen.at, scene.now()).is_some() }
}

/// What the gate stands for the one who looks.
fn standing(scene: &Scene<'_>, gate: &Gate) -> Line<'static> {
    let (mark, words) = match (gate.state, gate.may_approve) {
        (GateState::Waiting, Some(true)) => (glyphs::WAITING, "you may decide".to_owned()),
        (GateState::Waiting, Some(false)) => {
            let why = gate.why_not.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            (glyphs::IDLE, format!("you may not{why}"))
        }
        (GateState::ApprovedNotStarted, _) => (glyphs::OK, "approved, not started".to_owned()),
        (state, _) => (glyphs::gate(state), state.as_str().replace('_', " ")),
    };
    vec![scene.mark(mark), Span::raw(" "), scene.span(mark.role, words)].into()
}
