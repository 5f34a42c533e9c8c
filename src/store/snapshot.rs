//! The last known state as it is kept over the program's end, and painted first with its age at the next start. It comes
//! in parts, so that the first picture waits only for what it shows, however much is kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::matrix::Counts;
use super::{Edition, Seen, Store};
use crate::domain::flag::Flag;
use crate::domain::ids::{EnvironmentName, SourceName};
use crate::domain::service::Service;

/// How many services the first part holds: more than a large screen shows.
const FIRST: usize = 100;

/// What was known, with each value's provenance.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// What is told of all of it.
    pub summary: Summary,
    /// What a first picture shows: the services that need somebody first.
    pub first: Part,
    /// Everything else.
    pub rest: Part,
}

/// What a first picture tells of all that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The shape's version; another one is not read.
    pub version: u32,
    /// The context it belongs to.
    pub context: String,
    /// How many services there are.
    pub services: usize,
    /// How much needs attention.
    pub counts: Counts,
    /// The environments of all services, in order.
    pub environments: Vec<EnvironmentName>,
}

/// A part of what was known.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Part {
    /// Services.
    pub services: Vec<Kept<Service>>,
    /// Flags.
    pub flags: Vec<Kept<Flag>>,
}

/// One value and its provenance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept<T> {
    /// What was said.
    pub value: T,
    /// Who said it.
    pub source: SourceName,
    /// When it was true.
    pub at: Timestamp,
}

impl Summary {
    /// The version of the shape that this program writes and reads.
    pub const VERSION: u32 = 2;
}

impl Store {
    /// What is worth keeping.
    pub fn snapshot(&self) -> Snapshot {
        let ordered = self.by_attention.iter().filter_map(|name| self.services.get(name));
        let mut services: Vec<_> = ordered.map(keep).collect();
        let later = services.split_off(services.len().min(FIRST));
        let summary = Summary {
            version: Summary::VERSION,
            context: self.topology.context.clone(),
            services: services.len() + later.len(),
            counts: self.counts,
            environments: self.environments.clone(),
        };
        let rest = Part { services: later, flags: self.flags.values().map(keep).collect() };
        Snapshot { summary, first: Part { services, flags: Vec::new() }, rest }
    }

    /// Takes up the first part of what was kept; [`Store::restore`] is to follow. One of another context is passed over.
    pub fn begin(&mut self, summary: Summary, first: Part) {
        if summary.version != Summary::VERSION || summary.context != self.topology.context {
            return;
        }
        self.unread = summary.services.saturating_sub(first.services.len());
        self.take_up(first);
        if self.unread > 0 {
            (self.counts, self.environments) = (summary.counts, summary.environments);
        }
    }

    /// Takes up the rest. What a source has said since then is newer, and what it no longer names is gone.
    pub fn restore(&mut self, mut rest: Part) {
        let answered = |source: &SourceName| self.sources.get(source).is_some_and(|state| state.answered_at.is_some());
        rest.services.retain(|kept| !answered(&kept.source));
        rest.flags.retain(|kept| !answered(&kept.source));
        self.unread = 0;
        self.take_up(rest);
    }

    /// Takes up a part, with the times at which it was true. Sources and services that are no longer configured are
    /// passed over.
    fn take_up(&mut self, part: Part) {
        for kept in part.services {
            if self.sources.contains_key(&kept.source) && self.topology.shows(&kept.value.name) {
                self.services.entry(kept.value.name.clone()).or_insert_with(|| seen(kept));
            }
        }
        for kept in part.flags {
            if self.sources.contains_key(&kept.source) {
                self.flags.entry((kept.source.clone(), kept.value.key.clone())).or_insert_with(|| seen(kept));
            }
        }
        self.derive();
        self.edition = Edition::default();
    }
}

fn keep<T: Clone>(seen: &Seen<T>) -> Kept<T> {
    Kept { value: seen.value.clone(), source: seen.source.clone(), at: seen.at }
}

fn seen<T>(kept: Kept<T>) -> Seen<T> {
    Seen { value: kept.value, source: kept.source, at: kept.at }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::observation::{Facts, Observation, Overview, Subject};
    use crate::domain::topology::{Pace, Source, Topology};

    fn store() -> Store {
        let sources = vec![Source { name: "engine".into(), pace: Pace::NEAR }];
        Store::new(Arc::new(Topology {
            context: "shop".into(),
            danger: false,
            read_only: false,
            sources,
            services: None,
        }))
    }

    fn overview(services: usize, at: i64) -> Observation {
        let services = (0..services).map(|at| Service {
            name: format!("service-{at:04}").as_str().into(),
            repository: None,
            problem: None,
            latest_run: None,
            environments: Vec::new(),
        });
        let overview = Overview { services: services.collect(), ..Overview::default() };
        Observation {
            source: "engine".into(),
            subject: Subject::Overview,
            at: Timestamp::from_second(at).unwrap(),
            facts: Facts::Overview(overview),
        }
    }

    #[test]
    fn the_first_part_tells_of_all_and_the_rest_completes_it() {
        let mut before = store();
        before.apply(overview(250, 1));
        let Snapshot { summary, first, rest } = before.snapshot();
        let mut after = store();
        after.begin(summary, first);
        assert_eq!((after.count(), after.by_attention().len()), (250, FIRST));
        assert_eq!(after.by_attention(), &before.by_attention()[..FIRST]);
        after.restore(rest);
        assert_eq!((after.count(), after.by_attention()), (250, before.by_attention()));
        assert_eq!(after.snapshot(), before.snapshot());
    }

    #[test]
    fn what_a_source_said_meanwhile_is_not_undone() {
        let mut before = store();
        before.apply(overview(250, 1));
        let Snapshot { summary, first, rest } = before.snapshot();
        let mut after = store();
        after.begin(summary, first);
        after.apply(overview(120, 2));
        after.restore(rest);
        assert_eq!((after.count(), after.by_attention().len()), (120, 120));
    }

    #[test]
    fn what_is_of_another_context_is_passed_over() {
        let mut before = store();
        before.apply(overview(3, 1));
        let Snapshot { summary, first, .. } = before.snapshot();
        let mut after = store();
        after.begin(Summary { context: "else".into(), ..summary.clone() }, first.clone());
        after.begin(Summary { version: 1, ..summary }, first);
        assert_eq!(after.count(), 0);
    }
}
