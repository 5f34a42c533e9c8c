//! Changes: the commits that one environment of a service has and another lacks, the files they touch, and what in them
//! deserves a second look.

mod choose;
mod columns;
mod commits;
mod detail;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use choose::sides_of;
use columns::{COLUMNS, passes};

use super::{Asked, Hint, Pane, or_say};
use crate::actions::{Unavailable, World};
use crate::clock::Timestamp;
use crate::domain::change::{self, Commit, File};
use crate::domain::environment::Environment;
use crate::domain::filter::Filter;
use crate::domain::ids::{EnvironmentName, ServiceName};
use crate::domain::observation::Subject;
use crate::domain::service::Service;
use crate::domain::text::Text;
use crate::store::{Seen, Store};
use crate::ui::command::{Command, Direction, Lever, Move, PaneKind, View};
use crate::ui::links::Named;
use crate::ui::next::Next;
use crate::ui::panes::derived::Derived;
use crate::ui::reaction::{Focus, Reaction};
use crate::ui::scene::Scene;
use crate::ui::widgets::list::List;
use crate::ui::widgets::panel;
use crate::ui::widgets::table::Table;

/// The least that the detail gets below the list, with its frame.
const DETAIL: u16 = 9;
/// From this many columns on the commit and the whole stand side by side.
const WIDE: u16 = 110;

/// What is said where no change is.
const NONE: &str = "no change is known here";

/// The part of the pane that has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    /// The list of commits.
    #[default]
    Commits,
    /// The files of the selected commit.
    Commit,
    /// The files of all commits together.
    Whole,
}

/// The pane's view state.
#[derive(Debug, Default)]
pub struct Changes {
    service: Option<ServiceName>,
    /// The environment that lacks the changes.
    from: Option<EnvironmentName>,
    /// The environment that has them.
    to: Option<EnvironmentName>,
    commits: List<Text>,
    touched: List<Text>,
    files: List<Text>,
    part: Part,
    filter: Filter,
    /// The places of the commits in the list, among those that are known.
    derived: Derived<usize>,
    ids: Derived<Text>,
}

/// Where the parts are. On a narrow screen the commit has the whole's place, but while the whole has the focus.
///
/// ```text
/// commits           commits
/// commit │ whole    commit
/// ```
struct Areas {
    commits: Rect,
    commit: Rect,
    whole: Rect,
}

fn paths(files: &[&File]) -> Vec<Text> {
    files.iter().map(|file| file.path.clone()).collect()
}

impl Changes {
    fn service<'a>(&self, store: &'a Store) -> Option<&'a Seen<Service>> {
        store.service(self.service.as_ref()?)
    }

    /// The environment that lacks the changes, and the one that has them.
    fn sides<'a>(&self, store: &'a Store) -> Option<(&'a Environment, &'a Environment)> {
        let service = &self.service(store)?.value;
        Some((service.environment(self.from.as_ref()?)?, service.environment(self.to.as_ref()?)?))
    }

    /// What lies between them, where something serves in both.
    fn known<'a>(&self, store: &'a Store) -> Option<&'a Seen<change::Changes>> {
        self.sides(store).filter(|(from, to)| from.release.is_some() && to.release.is_some())?;
        store.changes(self.service.as_ref()?, self.from.as_ref()?, self.to.as_ref()?)
    }

    fn commits<'a>(&self, store: &'a Store) -> &'a [Commit] {
        self.known(store).map(|seen| &seen.value.commits[..]).unwrap_or_default()
    }

    fn rows(&self, store: &Store, now: Timestamp) -> Arc<[usize]> {
        let shown = |commit: &Commit| self.filter.is_empty() || passes(&self.filter, store, commit, now);
        let known = self.commits(store).iter().enumerate();
        let derive = || known.filter(|(_, commit)| shown(commit)).map(|(at, _)| at).collect();
        self.derived.rows((store, now), &self.filter, "", derive)
    }

    fn ids(&self, world: &World<'_>) -> Arc<[Text]> {
        let commits = self.commits(world.store);
        let derive = || self.rows(world.store, world.now).iter().map(|at| commits[*at].id.clone()).collect();
        self.ids.rows((world.store, world.now), &self.filter, "", derive)
    }

    fn selected<'a>(&self, store: &'a Store) -> Option<&'a Commit> {
        let id = self.commits.selected()?;
        self.known(store)?.value.commits.iter().find(|commit| commit.id == *id)
    }

    fn areas(&self, area: Rect, rows: usize) -> Areas {
        let wanted = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(4).max(6);
        let height = wanted.min(area.height.saturating_sub(DETAIL)).max(6.min(area.height));
        let commits = Rect { height, ..area };
        let below = Rect { y: area.y + height, height: area.height - height, ..area };
        let none = Rect { height: 0, ..below };
        if area.width >= WIDE {
            let width = below.width / 2;
            let whole = Rect { x: below.x + width, width: below.width - width, ..below };
            return Areas { commits, commit: Rect { width, ..below }, whole };
        }
        match self.part {
            Part::Whole => Areas { commits, commit: none, whole: below },
            Part::Commits | Part::Commit => Areas { commits, commit: below, whole: none },
        }
    }

    fn move_in_part(&mut self, to: Move, world: &World<'_>) {
        let store = world.store;
        match self.part {
            Part::Commits => drop(self.commits.update(to, &self.ids(world))),
            Part::Commit => {
                let files = self.selected(store).map(Commit::by_weight).unwrap_or_default();
                self.touched.update(to, &paths(&files));
            }
            Part::Whole => {
                let files = self.known(store).map(|seen| seen.value.by_weight()).unwrap_or_default();
                self.files.update(to, &paths(&files));
            }
        }
    }

    fn address(&self, store: &Store) -> Option<Reaction> {
        let url = self.selected(store)?.url.as_ref();
        let source = &self.known(store)?.source;
        Some(url.map_or_else(
            || Reaction::Say(format!("{source} tells no address of a commit").into()),
            |url| Reaction::Browse(url.to_string()),
        ))
    }
}

impl Pane for Changes {
    fn kind(&self) -> PaneKind {
        PaneKind::Changes
    }

    fn settle(&mut self, world: &World<'_>, area: Rect) {
        let store = world.store;
        if self.service(store).is_none()
            && let Some(first) = store.by_attention().first()
        {
            self.open(first);
        }
        if self.sides(store).is_none()
            && let Some((from, to)) = self.service(store).and_then(|seen| sides_of(&seen.value))
        {
            let (from, to) = (from.name.clone(), to.name.clone());
            self.choose(&from, &to);
        }
        let ids = self.ids(world);
        let areas = self.areas(area, ids.len());
        let inside = panel::inner(areas.commits);
        self.commits.settle(&ids, Table::height(Rect { height: inside.height.saturating_sub(1), ..inside }));
        if let Some(seen) = self.known(store) {
            let height = detail::height(areas.whole, detail::whole_facts(store, &seen.value));
            self.files.settle(&paths(&seen.value.by_weight()), height);
        }
        if let Some(commit) = self.selected(store) {
            let height = detail::height(areas.commit, detail::commit_facts(store, commit, areas.commit.width));
            self.touched.settle(&paths(&commit.by_weight()), height);
        }
    }

    fn update(&mut self, command: Command, world: &World<'_>) -> Vec<Reaction> {
        let store = world.store;
        match command {
            Command::Move(Move::Left) => self.turn_service(store, false),
            Command::Move(Move::Right) => self.turn_service(store, true),
            Command::Move(Move::NextPart) => self.turn_part(true),
            Command::Move(Move::PreviousPart) => self.turn_part(false),
            Command::Move(to) => self.move_in_part(to, world),
            Command::View(View::Beside(_)) if self.sides(store).is_none() => {
                return vec![Reaction::Say("there are no two environments to choose from".into())];
            }
            Command::View(View::Beside(side)) => self.turn(store, side),
            Command::View(View::Open) if self.selected(store).is_none() => return vec![Reaction::Say(NONE.into())],
            Command::View(View::Open) if self.part == Part::Commits => self.part = Part::Commit,
            Command::View(View::Open) => return vec![Reaction::Say("a file opens nothing; it is only listed".into())],
            Command::View(View::Copy) => {
                return or_say(self.known(store).map(|seen| Reaction::Copy(store.notes(&seen.value))), NONE);
            }
            Command::View(View::Browse) => return or_say(self.address(store), NONE),
            Command::View(View::Sort) => return vec![Reaction::Say("changes stand newest first".into())],
            _ => {}
        }
        Vec::new()
    }

    fn ask(&self, _lever: Lever, _world: &World<'_>) -> Result<Asked, Unavailable> {
        Err(Unavailable::state("changes", "changes are only looked at; levers are on the board"))
    }

    fn hints(&self, world: &World<'_>) -> Vec<Hint> {
        let Some(seen) = self.service(world.store) else { return vec![Hint::on(View::Pane(PaneKind::Board))] };
        let mut hints = Vec::new();
        if seen.value.environments.len() > 1 {
            hints.extend([Direction::Previous, Direction::Next].map(|side| Hint::on(View::Beside(side))));
        }
        let beside = |to: &Move| self.beside(world.store, *to == Move::Right).is_some();
        hints.extend([Move::Left, Move::Right].into_iter().filter(beside).map(Hint::on));
        if !self.ids(world).is_empty() {
            hints.extend([Hint::on(Move::NextPart), Hint::on(View::Copy)]);
        }
        hints.push(Hint::on(View::Filter));
        hints
    }

    fn focus(&self, _world: &World<'_>) -> Option<Focus> {
        self.service.clone().map(Focus::Service)
    }

    fn look_at(&mut self, focus: &Focus, world: &World<'_>) {
        let Some(service) = focus.service().filter(|name| world.store.service(name).is_some()) else { return };
        self.open(service);
        if let Focus::Place(place) = focus
            && let Some(below) = world.store.service(service).and_then(|seen| seen.value.below(&place.environment))
        {
            self.choose(&place.environment, &below.name);
        }
    }

    narrowed_by!(COLUMNS);

    fn back(&mut self, _world: &World<'_>) -> bool {
        std::mem::take(&mut self.part) != Part::Commits
    }

    fn click(&mut self, at: Position, area: Rect, world: &World<'_>) -> Vec<Reaction> {
        let ids = self.ids(world);
        let areas = self.areas(area, ids.len());
        let inside = panel::inner(areas.commits);
        if inside.contains(at) && at.y > inside.y + 1 {
            self.part = Part::Commits;
            self.commits.select_line(usize::from(at.y - inside.y - 2), &ids);
        } else if areas.commit.contains(at) {
            self.part = Part::Commit;
        } else if areas.whole.contains(at) {
            self.part = Part::Whole;
        }
        Vec::new()
    }

    fn watched(&self, store: &Store) -> Vec<Subject> {
        let sides = self.sides(store).filter(|(from, to)| from.release.is_some() && to.release.is_some());
        let subject = sides.zip(self.service.clone()).map(|((from, to), service)| {
            let (from, to) = (from.name.clone(), to.name.clone());
            Subject::Changes(service, from, to)
        });
        subject.into_iter().collect()
    }

    fn addresses(&self, world: &World<'_>) -> Vec<Named> {
        let rows = self.rows(world.store, world.now);
        let shown = &rows[self.commits.window(rows.len())];
        let shown = shown.iter().filter_map(|at| self.commits(world.store).get(*at));
        shown.filter_map(|commit| Named::new(commit.short(), commit.url.as_ref())).collect()
    }

    fn next_change(&self, scene: &Scene<'_>, _area: Rect) -> Option<Timestamp> {
        let mut next = Next::new(scene.now());
        let seen = self.known(scene.store())?;
        next.fresh(scene.store(), &seen.source, seen.at);
        next.age(Some(seen.at));
        let rows = self.rows(scene.store(), scene.now());
        rows[self.commits.window(rows.len())].iter().for_each(|at| next.age(seen.value.commits[*at].at));
        next.age(self.selected(scene.store()).and_then(|commit| commit.at));
        next.at()
    }

    fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let rows = self.rows(scene.store(), scene.now());
        let areas = self.areas(area, rows.len());
        self.draw_commits(scene, frame.buffer_mut(), areas.commits, &rows);
        let Some(seen) = self.known(scene.store()) else { return };
        if let Some(commit) = self.selected(scene.store()) {
            self.draw_commit(scene, frame.buffer_mut(), areas.commit, seen, commit);
        }
        if !seen.value.commits.is_empty() || seen.value.file_count().is_some_and(|count| count > 0) {
            self.draw_whole(scene, frame.buffer_mut(), areas.whole, seen);
        }
    }
}
