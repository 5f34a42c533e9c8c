//! Feature flags: every flag in every environment, who changed it last, and for whom it is on.

mod columns;
mod detail;
mod matrix;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use columns::COLUMNS;

use super::{Asked, Hint, Pane, or_say};
use crate::actions::request::FlagWish;
use crate::actions::{Request, Unavailable, World};
use crate::clock::Timestamp;
use crate::domain::filter::Filter;
use crate::domain::flag::{Flag, FlagState, FlagValue};
use crate::domain::ids::{EnvironmentName, FlagKey, SourceName};
use crate::domain::observation::Subject;
use crate::domain::rollout::Weight;
use crate::store::{Seen, Store};
use crate::ui::command::{Command, Lever, Move, PaneKind, View};
use crate::ui::layers::entry::{Entry, Percentage};
use crate::ui::next::Next;
use crate::ui::panes::derived::Derived;
use crate::ui::reaction::{Focus, Reaction};
use crate::ui::scene::Scene;
use crate::ui::widgets::list::List;
use crate::ui::widgets::panel;
use crate::ui::widgets::table::Table;

/// The least that the detail gets below the matrix, with its frame.
const DETAIL: u16 = 8;

/// What is said where none is selected.
const NO_FLAG: &str = "no flag is selected";

/// A flag's identity over all sources.
type Key = (SourceName, FlagKey);

/// The pane's view state.
#[derive(Debug, Default)]
pub struct Flags {
    list: List<Key>,
    /// The environment that one is on; at first the last, the one users feel.
    column: Option<EnvironmentName>,
    filter: Filter,
    derived: Derived<Key>,
    columns: Derived<EnvironmentName>,
    /// Whether the detail tells for whom the flag is on.
    targeting: bool,
}

fn key(seen: &Seen<Flag>) -> Key {
    (seen.source.clone(), seen.value.key.clone())
}

/// Every environment that a flag is in: those of the services in their order, then the others.
fn names(store: &Store) -> Vec<EnvironmentName> {
    let states = || store.flags().flat_map(|seen| &seen.value.environments);
    let used = |name: &&EnvironmentName| states().any(|state| state.name == **name);
    let mut names: Vec<_> = store.environments().iter().filter(used).cloned().collect();
    for state in states() {
        if !names.contains(&state.name) {
            names.push(state.name.clone());
        }
    }
    names
}

/// The matrix above, the detail below it.
fn areas(area: Rect, rows: usize) -> [Rect; 2] {
    let wanted = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(3).max(5);
    let list = wanted.min(area.height.saturating_sub(DETAIL)).max(5.min(area.height));
    [Rect { height: list, ..area }, Rect { y: area.y + list, height: area.height - list, ..area }]
}

impl Flags {
    fn rows(&self, store: &Store, now: Timestamp) -> Arc<[Key]> {
        let matching = |seen: &&Seen<Flag>| {
            let flag = &seen.value;
            let services: Vec<_> = flag.services.iter().map(ToString::to_string).collect();
            let text = format!("{} {} {}", flag.key, matrix::kind(flag), services.join(" "));
            self.filter.passes(now, &[&text], |facet| columns::answers(seen, facet))
        };
        let derive = || store.flags().filter(matching).map(key).collect();
        self.derived.rows((store, now), &self.filter, "", derive)
    }

    /// The environments that have a column.
    fn names(&self, store: &Store) -> Arc<[EnvironmentName]> {
        self.columns.rows((store, Timestamp::UNIX_EPOCH), &Filter::default(), "", || names(store))
    }

    fn selected<'a>(&self, store: &'a Store) -> Option<&'a Seen<Flag>> {
        let (source, key) = self.list.selected()?;
        store.flag(source, key)
    }

    /// The selected flag, and its state in the environment that one is on.
    fn cell<'a>(&self, store: &'a Store) -> Result<(&'a Flag, &'a FlagState), Unavailable> {
        let none = || Unavailable::state("selection", NO_FLAG);
        let flag = &self.selected(store).ok_or_else(none)?.value;
        let column = self.column.as_ref().ok_or_else(none)?;
        let state = flag.environments.iter().find(|state| state.name == *column);
        let state = state.ok_or_else(|| Unavailable::not_found(format!("{} is not in {column}", flag.key)))?;
        Ok((flag, state))
    }

    fn move_column(&mut self, store: &Store, right: bool) {
        let names = self.names(store);
        let at = self.column.as_ref().and_then(|name| names.iter().position(|known| known == name));
        let at = at.unwrap_or(names.len().saturating_sub(1));
        let to = if right { (at + 1).min(names.len().saturating_sub(1)) } else { at.saturating_sub(1) };
        self.column = names.get(to).cloned();
    }
}

fn wish(flag: &Flag, state: &FlagState, value: FlagValue) -> FlagWish {
    FlagWish {
        key: flag.key.clone(),
        environment: state.name.clone(),
        value,
        source: Some(flag.source.clone()),
        service: None,
    }
}

impl Pane for Flags {
    fn kind(&self) -> PaneKind {
        PaneKind::Flags
    }

    fn settle(&mut self, world: &World<'_>, area: Rect) {
        let rows = self.rows(world.store, world.now);
        let [list, _] = areas(area, rows.len());
        self.list.settle(&rows, Table::height(panel::inner(list)));
        let names = self.names(world.store);
        if self.column.as_ref().is_none_or(|name| !names.contains(name)) {
            self.column = names.last().cloned();
        }
    }

    fn update(&mut self, command: Command, world: &World<'_>) -> Vec<Reaction> {
        match command {
            Command::Move(Move::Left | Move::PreviousPart) => self.move_column(world.store, false),
            Command::Move(Move::Right | Move::NextPart) => self.move_column(world.store, true),
            Command::Move(to) => drop(self.list.update(to, &self.rows(world.store, world.now))),
            Command::View(View::Open) if self.selected(world.store).is_none() => {
                return vec![Reaction::Say(NO_FLAG.into())];
            }
            Command::View(View::Open) => self.targeting = !self.targeting,
            Command::View(View::Copy) => {
                let copied = self.selected(world.store).map(|seen| Reaction::Copy(seen.value.key.to_string()));
                return or_say(copied, NO_FLAG);
            }
            Command::View(View::Sort) => return vec![Reaction::Say("flags stand by source and key".into())],
            Command::View(View::Browse) => {
                return vec![Reaction::Say("no source tells an address of a flag".into())];
            }
            _ => {}
        }
        Vec::new()
    }

    fn ask(&self, lever: Lever, world: &World<'_>) -> Result<Asked, Unavailable> {
        let (flag, state) = self.cell(world.store)?;
        match lever {
            Lever::Toggle => {
                let value = if state.enabled { FlagValue::Off } else { FlagValue::On };
                Ok(Asked::Plan(Request::SetFlag(wish(flag, state, value))))
            }
            Lever::Weight => {
                let now = if state.enabled { state.percent.unwrap_or(Weight::ALL) } else { Weight::NONE };
                let of = Percentage::Flag(wish(flag, state, FlagValue::Percent(now)));
                Ok(Asked::Number(Entry { of, now }))
            }
            _ => Err(Unavailable::state("flag", "a flag is switched, or set to a percentage")),
        }
    }

    fn hints(&self, world: &World<'_>) -> Vec<Hint> {
        if self.selected(world.store).is_none() {
            return vec![Hint::on(View::Pane(PaneKind::Board))];
        }
        let levers = [Lever::Toggle, Lever::Weight].map(|lever| Hint::lever(self, lever, world));
        let mut hints: Vec<_> = levers.into_iter().chain([Hint::on(View::Open)]).collect();
        let names = self.names(world.store);
        let at = self.column.as_ref().and_then(|name| names.iter().position(|known| known == name)).unwrap_or(0);
        hints.extend((at > 0).then(|| Hint::on(Move::Left)));
        hints.extend((at + 1 < names.len()).then(|| Hint::on(Move::Right)));
        hints.extend([View::Filter, View::Copy].map(Hint::on));
        hints
    }

    fn focus(&self, world: &World<'_>) -> Option<Focus> {
        let seen = self.selected(world.store)?;
        Some(Focus::Flag(seen.source.clone(), seen.value.key.clone(), self.column.clone()?))
    }

    fn look_at(&mut self, focus: &Focus, world: &World<'_>) {
        let rows = self.rows(world.store, world.now);
        let found = match focus {
            Focus::Flag(source, key, _) => rows.iter().find(|(from, known)| from == source && known == key),
            other => other.service().and_then(|service| {
                let read = |flag: &Flag| flag.services.contains(service);
                rows.iter().find(|(from, known)| world.store.flag(from, known).is_some_and(|seen| read(&seen.value)))
            }),
        };
        if let Some(found) = found {
            self.list.select(found, &rows);
        }
        match focus {
            Focus::Flag(_, _, environment) => self.column = Some(environment.clone()),
            Focus::Place(place) => self.column = Some(place.environment.clone()),
            _ => {}
        }
    }

    narrowed_by!(COLUMNS);

    fn back(&mut self, _world: &World<'_>) -> bool {
        std::mem::take(&mut self.targeting)
    }

    fn click(&mut self, at: Position, area: Rect, world: &World<'_>) -> Vec<Reaction> {
        let rows = self.rows(world.store, world.now);
        let inside = panel::inner(areas(area, rows.len())[0]);
        if inside.contains(at) && at.y > inside.y {
            self.list.select_line(usize::from(at.y - inside.y - 1), &rows);
        }
        Vec::new()
    }

    fn watched(&self, _store: &Store) -> Vec<Subject> {
        Vec::new()
    }

    fn next_change(&self, scene: &Scene<'_>, _area: Rect) -> Option<Timestamp> {
        let mut next = Next::new(scene.now());
        let rows = self.rows(scene.store(), scene.now());
        let shown = rows[self.list.window(rows.len())].iter();
        for seen in shown.filter_map(|(source, key)| scene.store().flag(source, key)) {
            next.fresh(scene.store(), &seen.source, seen.at);
            next.age(matrix::newest(&seen.value).and_then(|state| state.changed_at));
        }
        if let Some(seen) = self.selected(scene.store()) {
            next.age(Some(seen.at));
            seen.value.environments.iter().for_each(|state| next.age(state.changed_at));
        }
        next.at()
    }

    fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let rows = self.rows(scene.store(), scene.now());
        let [list, rest] = areas(area, rows.len());
        self.draw_matrix(scene, frame.buffer_mut(), list, &rows);
        if let Some(seen) = self.selected(scene.store()).filter(|_| !rows.is_empty()) {
            self.draw_detail(scene, frame.buffer_mut(), rest, seen);
        }
    }
}
