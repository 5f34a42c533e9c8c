//! One run: its stages as a graph, its jobs, and the log of the selected one.

mod ask;
mod choose;
mod draw;
mod graph;
mod jobs;
mod reading;
mod steps;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use jobs::names;

use super::{Asked, Hint, NO_ADDRESS, NO_RUN, Pane, or_say};
use crate::actions::{Unavailable, World};
use crate::clock::Timestamp;
use crate::domain::ids::{JobName, RunKey};
use crate::domain::log::LogKey;
use crate::domain::observation::Subject;
use crate::domain::run::{Job, Run, Status};
use crate::domain::sought::{Seek, Step};
use crate::store::log::Log as Loaded;
use crate::store::{Seen, Store};
use crate::ui::command::{Command, Lever, Log, Move, PaneKind, Section, View};
use crate::ui::links::Named;
use crate::ui::next::Next;
use crate::ui::reaction::{Focus, Reaction};
use crate::ui::scene::Scene;
use crate::ui::widgets::list::List;
use crate::ui::widgets::log::Tail;
use crate::ui::widgets::panel;

/// The part of the pane that has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    /// The list of jobs.
    #[default]
    Jobs,
    /// The log.
    Log,
}

/// Which job is to be selected once the run is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Wanted {
    /// The one that tells most, as long as nobody chose one.
    #[default]
    Telling,
    /// This one.
    Job(JobName),
    /// The one that was chosen.
    Chosen,
}

/// The pane's view state.
#[derive(Debug, Default)]
pub struct Runs {
    run: Option<RunKey>,
    jobs: List<JobName>,
    wanted: Wanted,
    /// The marked jobs, in the order of the pipeline.
    marked: Vec<JobName>,
    part: Part,
    log: Tail,
    /// The log that the view of it is on.
    on: Option<LogKey>,
}

impl Runs {
    fn seen<'a>(&self, store: &'a Store) -> Option<Seen<&'a Run>> {
        store.run(self.run.as_ref()?)
    }

    fn job<'a>(&self, store: &'a Store) -> Option<&'a Job> {
        let run = self.seen(store)?.value;
        run.job(self.jobs.selected()?).map(|(_, job)| job)
    }

    fn key(&self) -> Option<LogKey> {
        Some(LogKey { run: self.run.clone()?, job: self.jobs.selected()?.clone() })
    }

    fn loaded<'a>(&self, store: &'a Store) -> Option<&'a Loaded> {
        store.log(&self.key()?)
    }

    /// What is asked of the log: what is to be in view of it; where that is here, how long it has become.
    fn watched_log(&self, store: &Store) -> Option<Subject> {
        let (key, job) = (self.key()?, self.job(store)?);
        if matches!(job.status, Status::Queued | Status::Waiting) {
            return None;
        }
        // Of a log that is not known the end is asked for, however long it is.
        let Some(log) = store.log(&key) else { return Some(Subject::Log(key, u64::MAX)) };
        let over = job.status.ended() && log.closed();
        match self.log.wants(log) {
            Some(from) if !over || !log.ended() || from < log.end() => Some(Subject::Log(key, from)),
            None if !over => Some(Subject::Length(key)),
            _ => None,
        }
    }

    /// What is asked of when the log was written, while that is shown.
    fn watched_times(&self, store: &Store) -> Option<Subject> {
        let (key, timed) = (self.key()?, self.log.timed());
        let from = store.log(&key).filter(|_| timed).and_then(|log| log.times().wants(log.total()))?;
        Some(Subject::Times(key, from))
    }

    /// Shows another run, or the same again.
    fn open(&mut self, run: RunKey) {
        if self.run.as_ref() != Some(&run) {
            (self.jobs, self.marked, self.part) = (List::default(), Vec::new(), Part::default());
            self.run = Some(run);
        }
        self.wanted = Wanted::Telling;
    }

    fn moved(&mut self, to: Move, world: &World<'_>) {
        if self.run.is_none() {
            return;
        }
        match (to, self.part) {
            (Move::NextPart | Move::PreviousPart, Part::Jobs) => self.part = Part::Log,
            (Move::NextPart | Move::PreviousPart, Part::Log) => self.part = Part::Jobs,
            (_, Part::Jobs) => {
                if let Some(seen) = self.seen(world.store) {
                    self.move_jobs(to, seen.value);
                }
            }
            (_, Part::Log) => {
                if let Some(log) = self.loaded(world.store) {
                    self.log.update(to, log);
                }
            }
        }
    }

    fn view(&mut self, view: View, world: &World<'_>) -> Vec<Reaction> {
        if self.run.is_none() {
            return vec![Reaction::Say(NO_RUN.into())];
        }
        match view {
            View::Open | View::Logs if self.part == Part::Log => vec![Reaction::Say("this is the log".into())],
            View::Open | View::Logs => {
                self.part = Part::Log;
                Vec::new()
            }
            View::Beside(direction) => self.beside(direction, world.store),
            View::Sort => vec![Reaction::Say("jobs stand in the order of the pipeline".into())],
            View::Copy => {
                let line = self.loaded(world.store).filter(|_| self.part == Part::Log);
                let line = line.and_then(|log| self.log.current(log));
                let copied = line.or_else(|| self.run.as_ref().map(ToString::to_string));
                or_say(copied.map(Reaction::Copy), NO_RUN)
            }
            View::Browse => {
                let url = self.job(world.store).and_then(|job| job.url.clone());
                let url = url.or_else(|| self.seen(world.store).and_then(|seen| seen.value.url.clone()));
                or_say(url.map(|url| Reaction::Browse(url.to_string())), NO_ADDRESS)
            }
            _ => Vec::new(),
        }
    }
}

impl Pane for Runs {
    fn kind(&self) -> PaneKind {
        PaneKind::Run
    }

    fn section(&self) -> Section {
        match self.part {
            Part::Jobs => Section::Run,
            Part::Log => Section::Log,
        }
    }

    fn settle(&mut self, world: &World<'_>, area: Rect) {
        if self.run.is_none() {
            self.run = choose::first(world.store);
        }
        let Some(seen) = self.seen(world.store) else { return };
        let areas = draw::areas(area, seen.value, self.part);
        self.settle_jobs(seen.value, usize::from(panel::inner(areas.jobs).height));
        let key = self.key();
        if self.on != key {
            self.on = key;
            self.log.reset();
        }
        if let Some(log) = self.loaded(world.store) {
            self.log.settle(log, draw::body(areas.log));
        }
    }

    fn update(&mut self, command: Command, world: &World<'_>) -> Vec<Reaction> {
        match command {
            Command::Move(to) => self.moved(to, world),
            Command::View(view) => return self.view(view, world),
            Command::Log(Log::Mark) => return self.mark(world.store),
            Command::Log(Log::Save) => return self.save(),
            Command::Log(command) => match self.loaded(world.store) {
                Some(log) => return self.obey_log(command, log, world),
                None => return vec![Reaction::Say("no log is loaded yet".into())],
            },
            Command::Lever(_) | Command::Guard(_) => {}
        }
        Vec::new()
    }

    fn ask(&self, lever: Lever, world: &World<'_>) -> Result<Asked, Unavailable> {
        ask::ask(self, lever, world.store)
    }

    fn hints(&self, world: &World<'_>) -> Vec<Hint> {
        ask::hints(self, world)
    }

    fn focus(&self, _world: &World<'_>) -> Option<Focus> {
        self.run.clone().map(Focus::Run)
    }

    fn look_at(&mut self, focus: &Focus, world: &World<'_>) {
        match focus {
            Focus::Run(run) => self.open(run.clone()),
            Focus::Job(run, job) => {
                self.open(run.clone());
                (self.wanted, self.part) = (Wanted::Job(job.clone()), Part::Log);
            }
            Focus::Service(service) => choose::newest(world.store, service).into_iter().for_each(|run| self.open(run)),
            Focus::Place(place) => choose::at(world.store, place).into_iter().for_each(|run| self.open(run)),
            Focus::Flag(..) => {}
        }
    }

    fn filter(&self) -> Option<&str> {
        Some(self.log.words())
    }

    fn narrow(&mut self, words: &str, world: &World<'_>) {
        if !words.is_empty() {
            self.part = Part::Log;
        }
        let log = self.key().and_then(|key| world.store.log(&key));
        self.log.search(words, log);
    }

    fn back(&mut self, world: &World<'_>) -> bool {
        if self.log.give_up() {
            return true;
        }
        if self.part == Part::Jobs {
            return false;
        }
        if self.log.words().is_empty() {
            self.part = Part::Jobs;
        } else {
            self.narrow("", world);
        }
        true
    }

    fn click(&mut self, at: Position, area: Rect, world: &World<'_>) -> Vec<Reaction> {
        let Some(seen) = self.seen(world.store) else { return Vec::new() };
        let areas = draw::areas(area, seen.value, self.part);
        let (jobs, log) = (panel::inner(areas.jobs), draw::body(areas.log));
        if jobs.contains(at) {
            self.part = Part::Jobs;
            self.wanted = Wanted::Chosen;
            self.jobs.select_line(usize::from(at.y - jobs.y), &names(seen.value));
        } else if log.contains(at) {
            self.part = Part::Log;
            if let Some(loaded) = self.loaded(world.store) {
                self.log.select_line(usize::from(at.y - log.y), loaded);
            }
        }
        Vec::new()
    }

    fn watched(&self, store: &Store) -> Vec<Subject> {
        let Some(run) = &self.run else { return Vec::new() };
        let log = [self.watched_log(store), self.watched_times(store)];
        let run = [Subject::Run(run.clone()), Subject::Runs(run.service.clone())];
        run.into_iter().chain(log.into_iter().flatten()).collect()
    }

    fn addresses(&self, world: &World<'_>) -> Vec<Named> {
        let run = self.seen(world.store).and_then(|seen| Named::run(seen.value));
        let job =
            self.job(world.store).and_then(|job| Named::new(format!("Log {}", job.name.visible()), job.url.as_ref()));
        run.into_iter().chain(job).collect()
    }

    fn seeks(&self, store: &Store) -> Option<Seek> {
        let key = self.key()?;
        self.log.seeks(&key, store.log(&key)?)
    }

    fn sought(&mut self, seek: &Seek, step: Option<&Step>, world: &World<'_>) -> Vec<Reaction> {
        self.found(seek, step, world)
    }

    fn next_change(&self, scene: &Scene<'_>, _area: Rect) -> Option<Timestamp> {
        let seen = self.seen(scene.store())?;
        let mut next = Next::new(scene.now());
        next.fresh(scene.store(), &seen.source, seen.at);
        next.age(Some(seen.at));
        next.age(seen.value.created_at.or(seen.value.started_at));
        let moving = |status| matches!(status, Status::Running | Status::Cancelling);
        for stage in &seen.value.stages {
            next.running(stage.started_at.filter(|_| moving(stage.status)));
            stage.jobs.iter().for_each(|job| next.running(job.started_at.filter(|_| moving(job.status))));
        }
        next.at()
    }

    fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        self.draw_all(scene, frame, area);
    }
}
