//! Traffic: every place whose traffic can move, and the selected one in detail: a canary's ladder or the two colours,
//! what both sides measure over time, and the verdict metric by metric.

mod charts;
mod columns;
mod detail;
mod rows;
mod verdict;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::board::{ask, bake_end, levers};
use columns::COLUMNS;

use super::{Asked, Hint, NO_ADDRESS, Pane, or_say};
use crate::actions::{Unavailable, World};
use crate::clock::Timestamp;
use crate::domain::environment::Environment;
use crate::domain::filter::Filter;
use crate::domain::ids::Place;
use crate::domain::observation::Subject;
use crate::domain::rollout::{Rollout, Verdict};
use crate::store::{Seen, Store};
use crate::ui::command::{Command, Lever, Move, PaneKind, View};
use crate::ui::format;
use crate::ui::next::Next;
use crate::ui::panes::derived::Derived;
use crate::ui::reaction::{Focus, Reaction};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::list::List;
use crate::ui::widgets::panel;
use crate::ui::widgets::scale::Scale;

/// The least height of the charts, with their frame.
const CHARTS: u16 = 5;

/// What is said where there is none.
const NO_PLACE: &str = "no place has traffic that can be moved";

/// The pane's view state.
#[derive(Debug, Default)]
pub struct Traffic {
    list: List<Place>,
    filter: Filter,
    derived: Derived<Place>,
    /// Which measure is drawn first.
    first: usize,
}

/// A place whose traffic can move.
type Moves<'a> = Seen<(Place, &'a Environment, &'a Rollout)>;

/// Where the parts are.
struct Areas {
    list: Rect,
    detail: Rect,
    charts: Rect,
    verdict: Rect,
}

/// Cuts the pane; what does not fit has no height.
///
/// ```text
/// list
/// ladder or colours
/// charts
/// verdict
/// ```
fn areas(area: Rect, rows: usize, selected: Option<(&Store, &Moves<'_>)>) -> Areas {
    let most = (area.height / 6).max(2);
    let list = u16::try_from(rows).unwrap_or(u16::MAX).clamp(1, most).saturating_add(2).min(area.height);
    let lines = selected.map_or(0, |(_, seen)| detail::height(seen.value.2));
    let metrics = selected.and_then(|(_, seen)| seen.value.2.verdict.as_ref()).map_or(0, verdict_height);
    let mut rest = Rect { y: area.y + list, height: area.height - list, ..area };
    let mut take = |height: u16| {
        let height = height.min(rest.height);
        let taken = Rect { height, ..rest };
        rest = Rect { y: rest.y + height, height: rest.height - height, ..rest };
        taken
    };
    let detail = take(lines);
    let left = area.height - list - detail.height;
    let verdict = if left >= metrics { metrics } else { 0 };
    let room = selected.filter(|_| left - verdict >= CHARTS);
    let charts = take(room.map_or(0, |(store, seen)| charts::height(left - verdict, store, &seen.value.0)));
    Areas { list: Rect { height: list, ..area }, detail, charts, verdict: take(verdict) }
}

fn verdict_height(verdict: &Verdict) -> u16 {
    u16::try_from(verdict.metrics.len()).unwrap_or(u16::MAX).saturating_add(3)
}

impl Traffic {
    /// The places in the list: those whose traffic moves first.
    fn rows(&self, store: &Store, now: Timestamp) -> Arc<[Place]> {
        let passes = |seen: &Moves<'_>| {
            self.filter.passes(now, &[&seen.value.0.to_string()], |facet| columns::answers(seen, facet))
        };
        let derive = || store.rollouts().into_iter().filter(passes).map(|seen| seen.value.0).collect();
        self.derived.rows((store, now), &self.filter, "", derive)
    }

    fn selected<'a>(&self, store: &'a Store) -> Option<Moves<'a>> {
        store.rollout(self.list.selected()?)
    }

    fn select(&mut self, world: &World<'_>, of: impl Fn(&Place) -> bool) -> bool {
        let rows = self.rows(world.store, world.now);
        rows.iter().find(|place| of(place)).is_some_and(|place| self.list.select(place, &rows))
    }
}

impl Pane for Traffic {
    fn kind(&self) -> PaneKind {
        PaneKind::Traffic
    }

    fn count(&self, world: &World<'_>) -> Option<(usize, Role)> {
        Some((world.store.counts().rollouts, Role::Candidate))
    }

    fn settle(&mut self, world: &World<'_>, area: Rect) {
        let rows = self.rows(world.store, world.now);
        let inside = panel::inner(areas(area, rows.len(), None).list);
        self.list.settle(&rows, usize::from(inside.height));
    }

    fn update(&mut self, command: Command, world: &World<'_>) -> Vec<Reaction> {
        let seen = self.selected(world.store);
        let place = seen.as_ref().map(|seen| &seen.value.0);
        match command {
            Command::Move(Move::Right | Move::NextPart) => self.first = charts::after(self.first),
            Command::Move(Move::Left | Move::PreviousPart) => self.first = charts::before(self.first),
            Command::Move(to) => drop(self.list.update(to, &self.rows(world.store, world.now))),
            Command::View(View::Open | View::Logs) => {
                let run = place.map(|place| Reaction::Open(PaneKind::Run, Focus::Place(place.clone())));
                return or_say(run, NO_PLACE);
            }
            Command::View(View::Copy) => return or_say(place.map(|place| Reaction::Copy(place.to_string())), NO_PLACE),
            Command::View(View::Browse) => {
                let url = seen.as_ref().and_then(|seen| seen.value.1.url.as_ref());
                return or_say(url.map(|url| Reaction::Browse(url.to_string())), NO_ADDRESS);
            }
            Command::View(View::Sort) => {
                return vec![Reaction::Say("what moves comes first, then by name".into())];
            }
            _ => {}
        }
        Vec::new()
    }

    fn ask(&self, lever: Lever, world: &World<'_>) -> Result<Asked, Unavailable> {
        let none = || Unavailable::state("selection", NO_PLACE);
        let place = self.selected(world.store).ok_or_else(none)?.value.0;
        let service = world.store.service(&place.service).ok_or_else(none)?;
        ask(&service.value, Some(&place.environment), lever)
    }

    fn hints(&self, world: &World<'_>) -> Vec<Hint> {
        let Some(seen) = self.selected(world.store) else { return vec![Hint::on(View::Pane(PaneKind::Board))] };
        let Place { service, environment } = &seen.value.0;
        let known = world.store.service(service).map(|seen| levers(&seen.value, Some(environment)));
        let mut hints: Vec<_> = known.into_iter().flatten().map(|lever| Hint::lever(self, lever, world)).collect();
        hints.extend([View::Relief, View::Open, View::Changes, View::Filter].map(Hint::on));
        hints
    }

    fn focus(&self, world: &World<'_>) -> Option<Focus> {
        Some(Focus::Place(self.selected(world.store)?.value.0))
    }

    fn look_at(&mut self, focus: &Focus, world: &World<'_>) {
        let exact = match focus {
            Focus::Place(place) => self.select(world, |known| known == place),
            _ => false,
        };
        if !exact && let Some(service) = focus.service() {
            self.select(world, |known| known.service == *service);
        }
    }

    narrowed_by!(COLUMNS);

    fn click(&mut self, at: Position, area: Rect, world: &World<'_>) -> Vec<Reaction> {
        let rows = self.rows(world.store, world.now);
        let inside = panel::inner(areas(area, rows.len(), None).list);
        if inside.contains(at) {
            self.list.select_line(usize::from(at.y - inside.y), &rows);
        }
        Vec::new()
    }

    fn lever(&self, world: &World<'_>, area: Rect) -> Option<Scale> {
        let seen = self.selected(world.store)?;
        let rows = self.rows(world.store, world.now).len();
        detail::lever(areas(area, rows, Some((world.store, &seen))).detail, seen.value.2)
    }

    fn watched(&self, store: &Store) -> Vec<Subject> {
        self.selected(store).map(|seen| Subject::Signals(seen.value.0)).into_iter().collect()
    }

    fn next_change(&self, scene: &Scene<'_>, _area: Rect) -> Option<Timestamp> {
        let mut next = Next::new(scene.now());
        let rows = self.rows(scene.store(), scene.now());
        for seen in rows[self.list.window(rows.len())].iter().filter_map(|place| scene.store().rollout(place)) {
            let rollout = seen.value.2;
            next.fresh(scene.store(), &seen.source, seen.at);
            if rollout.phase.under_way() {
                next.left(bake_end(rollout, seen.at));
            }
            let kept = rollout.idle.as_ref().and_then(|idle| idle.kept_until);
            next.merge(kept.and_then(|until| format::span_changes(until, scene.now())));
            next.left(kept);
        }
        if let Some(seen) = self.selected(scene.store()) {
            next.age(Some(seen.at));
            next.age(seen.value.1.hold.as_ref().map(|hold| hold.at));
            if let Some(signals) = scene.store().signals(&seen.value.0) {
                next.fresh(scene.store(), &signals.source, signals.at);
                next.age(Some(signals.at));
            }
        }
        next.at()
    }

    fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let rows = self.rows(scene.store(), scene.now());
        let selected = self.selected(scene.store());
        let areas = areas(area, rows.len(), selected.as_ref().map(|seen| (scene.store(), seen)));
        let buffer = frame.buffer_mut();
        self.draw_list(scene, buffer, areas.list, &rows);
        let Some(seen) = selected else { return };
        detail::draw(scene, buffer, areas.detail, &seen);
        if areas.charts.height > 0 {
            charts::draw(scene, buffer, areas.charts, &seen, self.first);
        }
        if let Some(verdict) = seen.value.2.verdict.as_ref().filter(|_| areas.verdict.height > 0) {
            verdict::draw(scene, buffer, areas.verdict, verdict);
        }
    }
}
