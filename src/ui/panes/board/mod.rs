//! The board: every service's way from commit to production, those that need somebody first; and the selected one in
//! detail.

mod ask;
mod cells;
mod checks;
mod columns;
mod detail;
mod next;
mod rows;
mod traffic;
mod waits;
mod way;

use columns::{COLUMNS, passes};

pub(super) use ask::{ask, levers};
pub(super) use detail::commit_words;
pub(super) use waits::{bake_end, on_ladder};

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::{Asked, Hint, NO_ADDRESS, NO_RUN, Pane, or_say};
use crate::actions::{Unavailable, World};
use crate::clock::Timestamp;
use crate::domain::filter::Filter;
use crate::domain::ids::{EnvironmentName, Place, ServiceName};
use crate::domain::observation::Subject;
use crate::domain::run::{Job, Run, Status};
use crate::domain::service::Service;
use crate::store::{Seen, Store, lacking};
use crate::ui::command::{Command, Lever, Move, PaneKind, View};
use crate::ui::links::Named;
use crate::ui::panes::derived::Derived;
use crate::ui::panes::filtering::narrowed;
use crate::ui::reaction::{Focus, Reaction};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::follow::Follow;
use crate::ui::widgets::list::List;
use crate::ui::widgets::panel::{self, panel};
use crate::ui::widgets::table::Table;

/// The least that the detail gets below the list, with its frame.
const DETAIL: u16 = 9;

words! {
    /// The orders of the list.
    Order {
        /// By name.
        Name = "name",
        /// The newest run first.
        Newest = "newest run",
    } else Attention = "what needs you first"
}

impl Order {
    const fn next(self) -> Self {
        match self {
            Self::Attention => Self::Name,
            Self::Name => Self::Newest,
            Self::Newest => Self::Attention,
        }
    }
}

/// The board's view state.
#[derive(Debug, Default)]
pub struct Board {
    list: List<ServiceName>,
    detail: Follow<ServiceName>,
    /// The environment that levers are meant for, if one was chosen; otherwise each finds its own.
    column: Option<EnvironmentName>,
    order: Order,
    filter: Filter,
    derived: Derived<ServiceName>,
}

/// The selected service.
type Selected<'a> = &'a Seen<Service>;

impl Board {
    /// The services in the list, in its order.
    fn rows(&self, store: &Store, now: Timestamp) -> Arc<[ServiceName]> {
        self.derived.rows((store, now), &self.filter, self.order.as_str(), || {
            let shown = |name: &&ServiceName| self.filter.is_empty() || passes(&self.filter, store, name, now);
            let mut rows: Vec<_> = store.by_attention().iter().filter(shown).cloned().collect();
            match self.order {
                Order::Attention => {}
                Order::Name => rows.sort(),
                Order::Newest => rows.sort_by_cached_key(|name| std::cmp::Reverse(newest(store, name))),
            }
            rows
        })
    }

    fn selected<'a>(&self, store: &'a Store) -> Option<Selected<'a>> {
        store.service(self.list.selected()?)
    }

    /// What the detail is about.
    fn detailed<'a>(&self, store: &'a Store) -> Option<Selected<'a>> {
        store.service(self.detail.shown()?)
    }

    fn move_column(&mut self, store: &Store, right: bool) {
        let names = store.environments();
        let at = self.column.as_ref().and_then(|name| names.iter().position(|known| known == name));
        self.column = match (at, right) {
            (None, true) => names.first().cloned(),
            (None, false) => names.last().cloned(),
            (Some(at), true) => names.get(at + 1).cloned(),
            (Some(at), false) => at.checked_sub(1).and_then(|at| names.get(at).cloned()),
        };
    }

    fn about(&self, store: &Store, shown: usize) -> String {
        format!("{}{shown} of {} · {}", narrowed(&self.filter), store.count(), self.order)
    }
}

fn newest(store: &Store, name: &ServiceName) -> Option<Timestamp> {
    let run = store.service(name)?.value.latest_run.as_ref()?;
    run.started_at.max(run.created_at)
}

/// The job that tells most about how a run stands: the first that failed, else the first at work, else the last.
pub(super) fn telling(run: &Run) -> Option<&Job> {
    let jobs = || run.stages.iter().flat_map(|stage| &stage.jobs);
    let first = |status| jobs().find(|job| job.status == status);
    first(Status::Failed).or_else(|| first(Status::Running)).or_else(|| jobs().last())
}

/// The list above, the detail below it.
fn areas(area: Rect, rows: usize) -> [Rect; 2] {
    let wanted = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(3).max(5);
    let list = wanted.min(area.height.saturating_sub(DETAIL)).max(5.min(area.height));
    [Rect { height: list, ..area }, Rect { y: area.y + list, height: area.height - list, ..area }]
}

impl Pane for Board {
    fn kind(&self) -> PaneKind {
        PaneKind::Board
    }

    fn settle(&mut self, world: &World<'_>, area: Rect) {
        let rows = self.rows(world.store, world.now);
        let [list, _] = areas(area, rows.len());
        self.list.settle(&rows, Table::height(panel::inner(list)));
        self.detail.settle(self.list.selected(), world.now, |name| world.store.service(name).is_some());
        if self.column.as_ref().is_some_and(|name| !world.store.environments().contains(name)) {
            self.column = None;
        }
    }

    fn update(&mut self, command: Command, world: &World<'_>) -> Vec<Reaction> {
        let run = self.selected(world.store).and_then(|seen| seen.value.latest_run.as_ref());
        match command {
            Command::Move(Move::Left | Move::PreviousPart) => self.move_column(world.store, false),
            Command::Move(Move::Right | Move::NextPart) => self.move_column(world.store, true),
            Command::Move(to) => {
                self.list.update(to, &self.rows(world.store, world.now));
            }
            Command::View(View::Open) => {
                return or_say(run.map(|run| Reaction::Open(PaneKind::Run, Focus::Run(run.key()))), NO_RUN);
            }
            Command::View(View::Logs) => {
                let job = run.and_then(|run| Some(Focus::Job(run.key(), telling(run)?.name.clone())));
                return or_say(job.map(|job| Reaction::Open(PaneKind::Run, job)), NO_RUN);
            }
            Command::View(View::Sort) => {
                self.order = self.order.next();
                return vec![Reaction::Say(format!("sorted by {}", self.order).into())];
            }
            Command::View(View::Copy) => {
                return or_say(run.map(|run| Reaction::Copy(run.commit.to_string())), NO_RUN);
            }
            Command::View(View::Browse) => return or_say(self.address(world.store), NO_ADDRESS),
            _ => {}
        }
        Vec::new()
    }

    fn ask(&self, lever: Lever, world: &World<'_>) -> Result<Asked, Unavailable> {
        let seen =
            self.selected(world.store).ok_or_else(|| Unavailable::state("selection", "no service is selected"))?;
        ask(&seen.value, self.column.as_ref(), lever)
    }

    fn hints(&self, world: &World<'_>) -> Vec<Hint> {
        let Some(seen) = self.selected(world.store) else { return Vec::new() };
        let known = levers(&seen.value, self.column.as_ref());
        let mut hints: Vec<_> = known.into_iter().map(|lever| Hint::lever(self, lever, world)).collect();
        hints.push(Hint::on(View::Relief));
        let run = seen.value.latest_run.as_ref();
        let views = [View::Open, View::Logs].into_iter().filter(|_| run.is_some());
        hints.extend(views.chain([View::Changes, View::Filter, View::Sort]).map(Hint::on));
        hints
    }

    fn focus(&self, world: &World<'_>) -> Option<Focus> {
        let seen = self.selected(world.store)?;
        match &self.column {
            Some(environment) => {
                Some(Focus::Place(Place { service: seen.value.name.clone(), environment: environment.clone() }))
            }
            None => Some(Focus::Service(seen.value.name.clone())),
        }
    }

    fn look_at(&mut self, focus: &Focus, world: &World<'_>) {
        let Some(service) = focus.service() else { return };
        if !self.list.select(service, &self.rows(world.store, world.now)) {
            self.filter = Filter::default();
            self.list.select(service, &self.rows(world.store, world.now));
        }
        // Who jumps does not run through the list.
        self.detail = Follow::default();
        if let Focus::Place(place) = focus {
            self.column = Some(place.environment.clone());
        }
    }

    narrowed_by!(COLUMNS);

    fn order(&self) -> &'static str {
        self.order.as_str()
    }

    fn sort(&mut self, order: &str) {
        self.order = Order::from_word(order);
    }

    fn back(&mut self, _world: &World<'_>) -> bool {
        self.column.take().is_some()
    }

    fn click(&mut self, at: Position, area: Rect, world: &World<'_>) -> Vec<Reaction> {
        let rows = self.rows(world.store, world.now);
        let [list, _] = areas(area, rows.len());
        let inside = panel::inner(list);
        if inside.contains(at) && at.y > inside.y {
            self.list.select_line(usize::from(at.y - inside.y - 1), &rows);
        }
        Vec::new()
    }

    fn watched(&self, store: &Store) -> Vec<Subject> {
        let Some(seen) = self.detailed(store) else { return Vec::new() };
        let traffic = traffic::place(&seen.value).map(|environment| {
            Subject::Signals(Place { service: seen.value.name.clone(), environment: environment.name.clone() })
        });
        let changes = lacking(&seen.value)
            .map(|(here, below)| Subject::Changes(seen.value.name.clone(), here.name.clone(), below.name.clone()));
        traffic.into_iter().chain(changes).collect()
    }

    fn addresses(&self, world: &World<'_>) -> Vec<Named> {
        let Some(seen) = self.detailed(world.store) else { return Vec::new() };
        let places = seen.value.environments.iter().filter_map(|known| Named::itself(known.url.as_ref()));
        places.chain(seen.value.latest_run.as_ref().and_then(Named::run)).collect()
    }

    fn next_change(&self, scene: &Scene<'_>, _area: Rect) -> Option<Timestamp> {
        let rows = self.rows(scene.store(), scene.now());
        let shown = rows[self.list.window(rows.len())].iter().filter_map(|name| scene.store().service(name));
        let drawn = next::next_change(scene, shown, self.detailed(scene.store()));
        drawn.into_iter().chain(self.detail.next_change()).min()
    }

    fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let rows = self.rows(scene.store(), scene.now());
        let [list, rest] = areas(area, rows.len());
        let title = scene.span(Role::Heading, "Services").into();
        let about = scene.span(Role::Dim, self.about(scene.store(), rows.len())).into();
        let inside = panel(scene, frame.buffer_mut(), list, title, about);
        if rows.is_empty() {
            return self.draw_empty(scene, frame, inside);
        }
        self.draw_list(scene, frame, inside, &rows, area.width);
        if let Some(seen) = self.detailed(scene.store()) {
            detail::draw(scene, frame.buffer_mut(), rest, seen, self.column.as_ref());
        }
    }
}

impl Board {
    fn address(&self, store: &Store) -> Option<Reaction> {
        let service = &self.selected(store)?.value;
        let column = self.column.as_ref().and_then(|name| service.environment(name));
        let place = column.and_then(|environment| environment.url.as_ref());
        let run = service.latest_run.as_ref().and_then(|run| run.url.as_ref());
        let any = || service.environments.iter().rev().find_map(|environment| environment.url.as_ref());
        place.or(run).or_else(any).map(|url| Reaction::Browse(url.to_string()))
    }
}
