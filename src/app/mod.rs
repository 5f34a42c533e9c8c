//! The one place where state changes: events in, effects out. No I/O, no waiting, no clock; time comes with the event.

pub mod effect;
pub mod event;
mod glass;
pub mod levers;
pub mod pull;
pub mod recall;
pub mod schedule;
mod second;
mod seeking;
pub mod setup;
pub mod telling;
pub mod unsettled;
mod update;

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::buffer::Buffer;

pub use effect::Effect;
pub use event::Event;
pub use update::update;

use crate::actions::{Glass, Operator, Policy, World};
use crate::store::{Snapshot, Store};
use crate::ui::links::Link;
use crate::ui::{Session, Ui};
use levers::Levers;
use schedule::Schedule;
use seeking::Seeking;
use telling::Telling;

/// The whole state of a console.
#[derive(Debug)]
pub struct App {
    store: Store,
    policy: Policy,
    operator: Operator,
    /// The glass that is broken once that is on record.
    breaking: Option<Glass>,
    ui: Ui,
    schedule: Schedule,
    seeking: Seeking,
    levers: Levers,
    telling: Telling,
    /// Whether something that can be on the screen changed since the last frame.
    dirty: bool,
    /// Whether a dialog came or changed since the last frame: it has not been seen yet.
    unseen: bool,
    /// When something drawn changes by itself.
    changes_at: Option<Timestamp>,
    /// The time that was last asked for with [`Effect::WakeAt`].
    wakes_at: Option<Timestamp>,
    /// When the last known state is to be kept, if it has changed since it was.
    save_at: Option<Timestamp>,
    /// Whether what killed processes left behind was asked for.
    settling: bool,
}

/// What a console begins with.
#[derive(Debug)]
pub struct Start {
    /// What is known: nothing, or what was kept.
    pub store: Store,
    /// The rules.
    pub policy: Policy,
    /// Who acts.
    pub operator: Operator,
    /// The screen.
    pub ui: Ui,
    /// Marks the orders of this start of the program; never used by another one.
    pub mark: String,
}

impl App {
    /// A console that has not been told anything yet. Its first frame can be drawn at once.
    pub fn new(start: Start, now: Timestamp) -> Self {
        let Start { store, policy, operator, ui, mark } = start;
        let mut app = Self {
            store,
            policy,
            operator,
            breaking: None,
            ui,
            schedule: Schedule::default(),
            seeking: Seeking::default(),
            levers: Levers::new(mark),
            telling: Telling::default(),
            dirty: true,
            unseen: false,
            changes_at: None,
            wakes_at: None,
            save_at: None,
            settling: false,
        };
        let world = World { store: &app.store, policy: &app.policy, operator: &app.operator, now, key: "" };
        app.ui.settle(&world);
        app
    }

    /// Goes on where the last session of this context ended.
    pub fn restore(&mut self, session: Session, now: Timestamp) {
        let Self { store, policy, operator, ui, .. } = self;
        let world = World { store, policy, operator, now, key: "" };
        ui.restore(session, &world);
        ui.settle(&world);
    }

    /// A frame is about to be drawn: it counts as having everything that is there now. Whether anything changed.
    pub const fn take_dirty(&mut self) -> bool {
        self.unseen = self.unseen && !self.dirty;
        std::mem::replace(&mut self.dirty, false)
    }

    /// Whether something changed since the last frame.
    pub const fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Something outside the state changed: the terminal's size, or what is on it.
    pub const fn mark_dirty(&mut self) {
        self.dirty = true;
    }

    /// Draws what is known at `now`; nothing is learnt by it.
    pub fn draw(&self, frame: &mut Frame<'_>, now: Timestamp) {
        self.ui.draw(&self.world(now), frame);
    }

    /// Which words of a finished frame lead to an address of the web.
    pub fn links(&self, frame: &Buffer, now: Timestamp) -> Vec<Link> {
        self.ui.links(&self.world(now), frame)
    }

    /// What is known.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// What is to be kept over the program's end.
    pub fn snapshot(&self) -> Snapshot {
        self.store.snapshot()
    }

    const fn world(&self, now: Timestamp) -> World<'_> {
        World { store: &self.store, policy: &self.policy, operator: &self.operator, now, key: "" }
    }
}
