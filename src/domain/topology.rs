//! The topology: which sources and services a console looks at, as made once from the configuration.

use std::time::Duration;

use super::ids::{ServiceName, SourceName};

/// What a console looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topology {
    /// The context's name, for the header.
    pub context: String,
    /// Whether the context is marked as dangerous.
    pub danger: bool,
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// The sources, in the configuration's order.
    pub sources: Vec<Source>,
    /// Only these services are shown; `None` shows all.
    pub services: Option<Vec<ServiceName>>,
}

/// One source as the console knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub name: SourceName,
    /// How often it is asked.
    pub pace: Pace,
}

/// How often a source is asked for the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// While something moves: the overview, and what is on the screen.
    pub moving: Duration,
    /// What is on the screen beside the overview, while nothing moves.
    pub visible: Duration,
    /// Otherwise.
    pub hidden: Duration,
}

impl Pace {
    /// A source of one's own, on this machine or near it.
    pub const NEAR: Self =
        Self { moving: Duration::from_secs(1), visible: Duration::from_secs(2), hidden: Duration::from_secs(2) };
    /// A hosted API with a budget.
    pub const HOSTED: Self =
        Self { moving: Duration::from_secs(10), visible: Duration::from_secs(10), hidden: Duration::from_mins(1) };
}

impl Topology {
    /// Whether `service` is shown.
    pub fn shows(&self, service: &ServiceName) -> bool {
        self.services.as_ref().is_none_or(|names| names.contains(service))
    }
}
