//! Observations: what a source said, and when. Every value on the screen began as one of these.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::change::{Back, Changes};
use super::confirmation::Confirmation;
use super::flag::Flag;
use super::ids::SourceName;
use super::log::{Chunk, LogKey, Times};
use super::run::Run;
use super::service::Service;
use super::signal::Signals;
use super::stop::Brake;
use super::text::Text;

/// One answer of one source, or its failure to answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Who said it.
    pub source: SourceName,
    /// What it was asked.
    pub subject: Subject,
    /// When it was true: the moment the source answered.
    pub at: Timestamp,
    /// What was said.
    pub facts: Facts,
}

/// What a source can say.
#[derive(Debug, Clone, PartialEq)]
pub enum Facts {
    /// Everything about all its services: the board.
    Overview(Overview),
    /// The same as last time, seen again just now.
    Unchanged,
    /// The runs of a service, newest first.
    Runs(super::ids::ServiceName, Vec<Run>),
    /// One run, whole.
    Run(Box<Run>),
    /// A piece of a log.
    Log(LogKey, Chunk),
    /// When a log was written.
    Times(LogKey, Times),
    /// How a confirmation by a second person stands.
    Confirmation(Box<Confirmation>),
    /// Traffic over time.
    Signals(Signals),
    /// What lies between two environments.
    Changes(Box<Changes>),
    /// What going back takes back.
    TakenBack(Box<Back>, Box<Changes>),
    /// No answer, or one that cannot be used.
    Failed(Problem),
}

/// All that a source knows of its services, in one answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Overview {
    /// The services, in the source's order.
    pub services: Vec<Service>,
    /// The flags.
    pub flags: Vec<Flag>,
    /// Who the source takes us for.
    pub login: Option<Login>,
    /// Whether an emergency stop stands; `None` where the source keeps none.
    #[serde(default)]
    pub brake: Option<Box<Brake>>,
    /// Whether a second person can confirm there what one plans.
    #[serde(default)]
    pub confirms: bool,
}

/// Who we are to a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// The name.
    pub name: Text,
    /// The roles.
    pub roles: Vec<Text>,
    /// Whether it may change anything.
    pub may_write: bool,
}

/// What a refresh asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// The board: services, environments, gates, rollouts, flags.
    Overview,
    /// The runs of a service.
    Runs(super::ids::ServiceName),
    /// One run with its jobs.
    Run(super::ids::RunKey),
    /// A log, from this byte on.
    Log(LogKey, u64),
    /// How long a log is.
    Length(LogKey),
    /// When a log was written, from this byte on.
    Times(LogKey, u64),
    /// How a confirmation by a second person stands.
    Confirmation(Text),
    /// Traffic over time at a place.
    Signals(super::ids::Place),
    /// The changes between two environments of a service: (service, from, to).
    Changes(super::ids::ServiceName, super::ids::EnvironmentName, super::ids::EnvironmentName),
    /// What going back takes back.
    TakenBack(Box<Back>),
}

words! {
    /// What kind of trouble a source has.
    ProblemKind {
        /// No connection, or no answer in time.
        Unreachable = "unreachable",
        /// The credential is missing or not accepted.
        Unauthorized = "unauthorized",
        /// The credential lacks a permission.
        Forbidden = "forbidden",
        /// It is not there.
        NotFound = "not_found",
        /// Asked too often.
        RateLimited = "rate_limited",
        /// The source failed.
        Server = "server",
        /// The answer is not what the source's API says.
        Malformed = "malformed",
        /// The source cannot do this.
        Unsupported = "unsupported",
        /// A part of this program failed.
        Internal = "internal",
    } else Unknown = "unknown"
}

/// A source's trouble, in words for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Which source.
    pub source: SourceName,
    /// What kind.
    pub kind: ProblemKind,
    /// What failed and where.
    pub message: Text,
    /// What to do.
    pub hint: Option<Text>,
    /// Since when.
    pub since: Option<Timestamp>,
}
