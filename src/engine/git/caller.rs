//! Who calls git: how long a call may take, and whose process it is.

use std::sync::Arc;
use std::time::Duration;

use super::command::Git;
use crate::engine::process::Mark;

/// The first part of the names by which the calls of an engine are marked.
const NAME: &str = "git/";

/// How long git may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For what is answered from the disk.
    pub local: Duration,
    /// For what goes over the network.
    pub network: Duration,
}

impl Default for Limits {
    /// 60 seconds from the disk, 10 minutes over the network.
    fn default() -> Self {
        Self { local: Duration::from_mins(1), network: Duration::from_mins(10) }
    }
}

/// Whoever calls git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    limits: Limits,
    /// The engine's identity; `None` outside of one.
    engine: Option<Arc<str>>,
}

impl From<Limits> for Caller {
    /// Somebody outside of an engine.
    fn from(limits: Limits) -> Self {
        Self { limits, engine: None }
    }
}

impl Caller {
    /// The engine that is known by `identity`: its calls carry its mark, so that its next start finds them.
    pub fn engine(identity: &str) -> Self {
        Self { limits: Limits::default(), engine: Some(identity.into()) }
    }

    /// Whether a process that is marked with this name is a call of git. One that is killed leaves its locks in the
    /// mirror; one that is asked to end takes them away.
    pub fn is_call(name: &str) -> bool {
        name.starts_with(NAME)
    }

    /// A call of `git WHAT` that is answered from the disk.
    pub(super) fn local(&self, what: &'static str) -> Git {
        self.call(what, self.limits.local)
    }

    /// A call of `git WHAT` that goes over the network.
    pub(super) fn network(&self, what: &'static str) -> Git {
        self.call(what, self.limits.network)
    }

    fn call(&self, what: &'static str, limit: Duration) -> Git {
        let git = Git::new(what, limit);
        match &self.engine {
            Some(engine) => {
                let name = format!("{NAME}{what}/{:032x}", rand::random::<u128>());
                git.marked(&Mark::new(engine.as_ref(), name))
            }
            None => git,
        }
    }
}
