//! Effects: everything the program wants done outside itself, as values that can be compared, logged and performed.

use jiff::Timestamp;
use serde_json::Value;

use crate::domain::confirmation::Step;
use crate::domain::ids::SourceName;
use crate::domain::log::LogKey;
use crate::domain::observation::Subject;
use crate::domain::order::{Call, Order};
use crate::domain::sought::Seek;
use crate::domain::text::Text;
use crate::store::Snapshot;
use crate::ui::Session;

/// Something to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask a source.
    Refresh(SourceName, Subject),
    /// Look through a stretch of a log at its source, and tell what was found; an earlier one is given up.
    Seek(u64, SourceName, Seek),
    /// Give up looking through a log.
    StopSeeking,
    /// Ask a backend which exact calls an order takes; nothing is sent.
    Describe(u64, Order),
    /// Take a step of a second person's confirmation of a plan.
    Step(u64, SourceName, Step),
    /// Look for what was asked for with this phrase.
    Find(SourceName, Text),
    /// Write to the journal.
    Record(u64, Record),
    /// Write to the journal what became of the glass before the rules.
    Note(Record),
    /// Put on record that nobody knows what came of the intents of killed processes.
    Settle,
    /// Read in the journal how long deeds took.
    Recall,
    /// Send a plan's calls, one after another, as they stand.
    Send(u64, SourceName, Vec<Call>),
    /// Come back with [`super::Event::Due`] at this time, and at no other.
    WakeAt(Option<Timestamp>),
    /// Keep the last known state.
    Save(Box<Snapshot>),
    /// Look whether a theme file is other than before.
    LookForThemes,
    /// Keep what was on the screen.
    Keep(Box<Session>),
    /// Put this on the clipboard.
    Copy(String),
    /// Tell the operator of this, also when they look elsewhere.
    Notify(Text),
    /// Open this address.
    Browse(String),
    /// Write the whole log of a job to a file in the present folder.
    SaveLog(SourceName, LogKey),
    /// Start over with another context.
    Switch(String),
    /// Stop the program until the shell brings it back.
    Suspend,
    /// Leave with this exit code.
    Exit(u8),
}

/// What the journal gets of a pull.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// What is about to be sent.
    Intent {
        /// The deed.
        action: &'static str,
        /// What it acts on.
        target: String,
        /// The plan, whole.
        plan: Value,
        /// The reason given.
        reason: Option<String>,
    },
    /// What came of it.
    Outcome {
        /// The deed.
        action: &'static str,
        /// What it acted on.
        target: String,
        /// The number of the entry that says what was about to be sent.
        intent: Option<u64>,
        /// What came of it.
        outcome: Value,
    },
}
