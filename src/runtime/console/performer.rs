//! The console's performer: each effect becomes a task, and what comes of it an event.

use std::cell::Cell;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use super::Console;
use super::queue::Tell;
use crate::app::effect::Record;
use crate::app::{Effect, Event, pull, recall};
use crate::backends::Backends;
use crate::clock::Clock;
use crate::domain::ids::SourceName;
use crate::domain::log::LogKey;
use crate::domain::observation::{Facts, Observation, Problem, ProblemKind, Subject};
use crate::domain::sought::Seek;
use crate::domain::text::Text;
use crate::runtime::journal::Journal;
use crate::runtime::themes::Folder;
use crate::runtime::{browse, perform, saved};

/// How many entries of the journal tell how long deeds take: the newest.
const RECALLED: u64 = 5000;

/// Has effects performed, and tells what came of them.
pub(super) struct Performer {
    backends: Arc<Backends>,
    clock: Arc<dyn Clock>,
    tasks: Handle,
    tell: Tell,
    /// Where the last known state and the session lie.
    saved: saved::Files,
    journal: Journal,
    themes: Arc<Folder>,
    /// What looks through a log.
    seeking: Cell<Option<AbortHandle>>,
}

impl Performer {
    pub(super) fn new(console: &Console, tasks: Handle, tell: Tell) -> Self {
        Self {
            backends: Arc::clone(&console.backends),
            clock: Arc::clone(&console.clock),
            tasks,
            tell,
            saved: console.saved.clone(),
            journal: Journal::open(&console.state_dir),
            themes: Arc::clone(&console.themes),
            seeking: Cell::new(None),
        }
    }

    /// Performs what does not concern the loop itself.
    pub(super) fn perform(&self, effect: Effect) {
        match effect {
            Effect::Refresh(source, subject) => self.ask(source, subject),
            Effect::Seek(number, source, wanted) => self.seek(number, source, wanted),
            Effect::StopSeeking => self.stop_seeking(),
            Effect::Describe(number, order) => {
                let calls = perform::describe(&self.backends, &order);
                self.tell.event(Event::Pulled(number, pull::Event::Described(calls)));
            }
            Effect::Step(number, source, step) => {
                let (backends, tell) = (Arc::clone(&self.backends), self.tell.clone());
                self.tasks.spawn(async move {
                    let said = perform::step(&backends, &source, &step).await;
                    tell.event(Event::Pulled(number, pull::Event::Stepped(said)));
                });
            }
            Effect::Find(source, phrase) => {
                let (backends, tell) = (Arc::clone(&self.backends), self.tell.clone());
                self.tasks.spawn(async move {
                    let found = perform::find(&backends, &source, &phrase).await;
                    tell.event(Event::Found(source, phrase, found));
                });
            }
            Effect::Record(number, record) => self.record(number, record),
            Effect::Note(record) => self.note(record),
            Effect::Settle => self.settle(),
            Effect::Recall => self.recall(),
            Effect::Send(number, source, calls) => {
                let (backends, tell, journal) = (Arc::clone(&self.backends), self.tell.clone(), self.journal.clone());
                self.tasks.spawn(async move {
                    let answer = perform::send(&backends, &source, &calls, Some(&journal)).await;
                    tell.event(Event::Pulled(number, pull::Event::Sent(answer)));
                });
            }
            Effect::Save(snapshot) => {
                let path = self.saved.last.clone();
                // Without it the next start has no first picture; nothing else is lost.
                self.tasks.spawn_blocking(move || kept(saved::save(&path, &snapshot)));
            }
            Effect::LookForThemes => self.look_for_themes(),
            // Small, and the last thing before another context.
            Effect::Keep(session) => kept(saved::keep(&self.saved.session, &session)),
            Effect::Browse(address) => self.browse(address),
            Effect::SaveLog(source, log) => self.save_log(source, log),
            // The loop's own.
            Effect::WakeAt(_)
            | Effect::Copy(_)
            | Effect::Notify(_)
            | Effect::Switch(_)
            | Effect::Suspend
            | Effect::Exit(_) => {}
        }
    }

    /// Performs at once what must be done before the program ends.
    pub(super) fn finish(&self, effect: Effect) {
        match effect {
            Effect::Record(_, record) | Effect::Note(record) => {
                drop(append(&self.journal, self.clock.as_ref(), &record));
            }
            Effect::Save(snapshot) => kept(saved::save(&self.saved.last, &snapshot)),
            Effect::Keep(session) => kept(saved::keep(&self.saved.session, &session)),
            _ => {}
        }
    }

    /// Asks a source; one whose part of the program fails is a source that failed, not the end of the console.
    fn ask(&self, source: SourceName, subject: Subject) {
        let (backends, clock, tell) = (Arc::clone(&self.backends), Arc::clone(&self.clock), self.tell.clone());
        let known = Arc::clone(&self.backends);
        let (asked, about, at) = (source.clone(), subject.clone(), clock.now());
        let asking = self.tasks.spawn(async move { perform::ask(&backends, clock.as_ref(), &asked, &about).await });
        self.tasks.spawn(async move {
            let observation = asking.await.unwrap_or_else(|_| failed_here(source.clone(), subject, at));
            if let Some(budget) = perform::budget(&known, &source) {
                tell.event(Event::Heard(source, Some(budget)));
            }
            tell.event(Event::Observed(observation));
        });
    }

    /// Looks through a log, instead of what was looked through before.
    fn seek(&self, number: u64, source: SourceName, wanted: Seek) {
        self.stop_seeking();
        let (backends, clock, tell) = (Arc::clone(&self.backends), Arc::clone(&self.clock), self.tell.clone());
        let seeking = self.tasks.spawn(async move { perform::seek(&backends, clock.as_ref(), &source, &wanted).await });
        self.seeking.set(Some(seeking.abort_handle()));
        self.tasks.spawn(async move {
            let step = match seeking.await {
                Ok(step) => step,
                Err(stopped) if stopped.is_cancelled() => return,
                Err(_) => Err(Text::new("a part of this program failed while it looked through the log")),
            };
            tell.event(Event::Sought(number, step));
        });
    }

    fn stop_seeking(&self) {
        if let Some(task) = self.seeking.take() {
            task.abort();
        }
    }

    fn record(&self, number: u64, record: Record) {
        let (journal, clock, tell) = (self.journal.clone(), Arc::clone(&self.clock), self.tell.clone());
        self.tasks.spawn_blocking(move || {
            let written = append(&journal, clock.as_ref(), &record);
            tell.event(Event::Pulled(number, pull::Event::Recorded(written)));
        });
    }

    fn note(&self, record: Record) {
        let (journal, clock, tell) = (self.journal.clone(), Arc::clone(&self.clock), self.tell.clone());
        self.tasks.spawn_blocking(move || {
            tell.event(Event::Noted(append(&journal, clock.as_ref(), &record)));
        });
    }

    fn settle(&self) {
        let (journal, clock, tell) = (self.journal.clone(), Arc::clone(&self.clock), self.tell.clone());
        self.tasks.spawn_blocking(move || {
            let settled = journal.settle(clock.now()).map_err(|fault| fault.to_string());
            tell.event(Event::Settled(settled));
        });
    }

    /// Where the journal cannot be read, nothing is told of the past; whoever acts is told of the journal.
    fn recall(&self) {
        let (journal, tell) = (self.journal.clone(), self.tell.clone());
        self.tasks.spawn_blocking(move || {
            let from = journal.last().unwrap_or_default().saturating_sub(RECALLED);
            let entries = journal.read(from, usize::MAX).unwrap_or_default();
            tell.event(Event::Recalled(entries.iter().filter_map(|entry| recall::took(&entry.says())).collect()));
        });
    }

    /// On this thread: a folder listed in microseconds is not worth the wake-up of another.
    fn look_for_themes(&self) {
        let (themes, tell) = (Arc::clone(&self.themes), self.tell.clone());
        self.tasks.spawn(async move {
            if let Some(files) = themes.changed() {
                tell.event(Event::ThemesRead(files));
            }
        });
    }

    fn save_log(&self, source: SourceName, log: LogKey) {
        let (backends, tell) = (Arc::clone(&self.backends), self.tell.clone());
        self.tasks.spawn(async move {
            let said = perform::save_log(&backends, &source, &log, Path::new(".")).await;
            tell.event(Event::Told(said));
        });
    }

    fn browse(&self, address: String) {
        let tell = self.tell.clone();
        self.tasks.spawn_blocking(move || {
            tell.event(Event::Told(browse::open(&address)));
        });
    }
}

/// What is not kept is missed at the next start and not before: nobody is told now.
fn kept(kept: io::Result<()>) {
    if let Err(error) = kept {
        tracing::warn!(%error, "what the next start would show was not kept");
    }
}

fn append(journal: &Journal, clock: &dyn Clock, record: &Record) -> Result<u64, String> {
    journal.append(record, clock.now()).map_err(|fault| fault.to_string())
}

fn failed_here(source: SourceName, subject: Subject, at: jiff::Timestamp) -> Observation {
    let problem = Problem {
        source: source.clone(),
        kind: ProblemKind::Internal,
        message: Text::new("a part of this program failed while it read the answer"),
        hint: None,
        since: None,
    };
    Observation { source, subject, at, facts: Facts::Failed(problem) }
}
