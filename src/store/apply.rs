//! Applying an observation: the only way in which the store changes.

use std::collections::HashSet;

use super::{Edition, Seen, Store, attention, log};
use crate::domain::change::Changes;
use crate::domain::ids::{EnvironmentName, RunKey, ServiceName, SourceName};
use crate::domain::log::LogKey;
use crate::domain::observation::{Facts, Observation, Overview, Problem, Subject};
use crate::domain::run::Run;

/// How many logs are kept.
const LOGS: usize = 6;

/// What an observation changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changed {
    /// Something that can be on the screen.
    pub facts: bool,
    /// Something that is kept over the program's end.
    pub lasting: bool,
    /// Only the time at which it was true.
    pub freshness: bool,
}

impl Store {
    /// Takes in what a source said. What is older than what is known is dropped: versions never move back.
    pub fn apply(&mut self, observation: Observation) -> Changed {
        let Observation { source, subject, at, facts } = observation;
        let failed = matches!(facts, Facts::Failed(..));
        let mut changed = match facts {
            Facts::Overview(overview) => self.apply_overview(&source, at, overview),
            Facts::Unchanged => self.touch(&source, at, &subject),
            Facts::Runs(service, runs) => newer(&mut self.histories, service, runs, &source, at),
            Facts::Run(run) => newer(&mut self.runs, run.key(), *run, &source, at),
            Facts::Log(key, chunk) => {
                let facts = self.log_mut(key).append(&chunk, at);
                Changed { facts, ..Changed::default() }
            }
            Facts::Times(key, times) => {
                let facts = self.log_mut(key).date(&times, at);
                Changed { facts, ..Changed::default() }
            }
            Facts::Signals(signals) => newer(&mut self.signals, signals.place.clone(), signals, &source, at),
            Facts::Confirmation(told) => newer(&mut self.confirmations, told.id.to_string(), *told, &source, at),
            Facts::Changes(changes) => newer(&mut self.changes, key_of(&changes), *changes, &source, at),
            Facts::TakenBack(back, changes) => newer(&mut self.taken_back, *back, *changes, &source, at),
            Facts::Failed(problem) => self.fail(&source, at, &subject, problem),
        };
        if !failed {
            changed.facts |= self.recover(&source, at);
        }
        if changed.facts {
            self.edition = Edition::default();
        }
        changed
    }

    /// The log of `key`. Only those that were looked at last are kept: a day of looking at logs must not fill the memory.
    fn log_mut(&mut self, key: LogKey) -> &mut log::Log {
        let known = self.logs.iter().position(|(known, _)| *known == key);
        let entry = known.map_or_else(|| (key, log::Log::default()), |at| self.logs.remove(at));
        if self.logs.len() >= LOGS {
            self.logs.remove(0);
        }
        &mut self.logs.push_mut(entry).1
    }

    fn apply_overview(&mut self, source: &SourceName, at: jiff::Timestamp, overview: Overview) -> Changed {
        if self.services.values().any(|seen| seen.source == *source && seen.at > at) {
            return Changed::default();
        }
        let mut changed = Changed { freshness: true, ..Changed::default() };
        let shown: Vec<_> =
            overview.services.into_iter().filter(|service| self.topology.shows(&service.name)).collect();
        let before = self.services.len();
        let named: HashSet<_> = shown.iter().map(|service| &service.name).collect();
        self.services.retain(|name, seen| seen.source != *source || named.contains(name));
        changed.facts |= self.services.len() != before;
        for service in shown {
            changed.facts |= newer(&mut self.services, service.name.clone(), service, source, at).facts;
        }
        changed.facts |= self.apply_flags(source, at, overview.flags);
        let state = self.sources.entry(source.clone()).or_default();
        changed.facts |= state.login != overview.login;
        changed.facts |= state.brake != overview.brake;
        changed.facts |= state.confirms != overview.confirms;
        (state.login, state.brake, state.overview_at) = (overview.login, overview.brake, Some(at));
        state.confirms = overview.confirms;
        if changed.facts {
            self.derive();
        }
        changed.lasting = changed.facts;
        changed
    }

    fn apply_flags(&mut self, source: &SourceName, at: jiff::Timestamp, flags: Vec<crate::domain::flag::Flag>) -> bool {
        let before = self.flags.len();
        let named: HashSet<_> = flags.iter().map(|flag| &flag.key).collect();
        self.flags.retain(|(known, key), _| known != source || named.contains(key));
        let mut changed = self.flags.len() != before;
        for mut flag in flags {
            flag.source = source.clone();
            changed |= newer(&mut self.flags, (source.clone(), flag.key.clone()), flag, source, at).facts;
        }
        changed
    }

    /// What was seen before was seen again, just so.
    fn touch(&mut self, source: &SourceName, at: jiff::Timestamp, subject: &Subject) -> Changed {
        match subject {
            Subject::Overview => {
                self.services.values_mut().filter(|seen| seen.source == *source).for_each(|seen| seen.at = at);
                self.flags.values_mut().filter(|seen| seen.source == *source).for_each(|seen| seen.at = at);
                self.sources.get_mut(source).into_iter().for_each(|state| state.overview_at = Some(at));
            }
            Subject::Runs(service) => self.histories.get_mut(service).into_iter().for_each(|seen| seen.at = at),
            Subject::Run(key) => self.runs.get_mut(key).into_iter().for_each(|seen| seen.at = at),
            Subject::Signals(place) => self.signals.get_mut(place).into_iter().for_each(|seen| seen.at = at),
            Subject::Confirmation(id) => {
                self.confirmations.get_mut(id.as_str()).into_iter().for_each(|seen| seen.at = at);
            }
            Subject::Log(..)
            | Subject::Length(_)
            | Subject::Times(..)
            | Subject::Changes(..)
            | Subject::TakenBack(_) => {}
        }
        Changed { freshness: true, ..Changed::default() }
    }

    fn fail(&mut self, source: &SourceName, at: jiff::Timestamp, subject: &Subject, mut problem: Problem) -> Changed {
        // A detail that is gone says nothing about the source as a whole.
        if *subject != Subject::Overview && problem.kind == crate::domain::observation::ProblemKind::NotFound {
            return Changed::default();
        }
        let state = self.sources.entry(source.clone()).or_default();
        problem.since = state.problem.as_ref().and_then(|known| known.since).or(Some(at));
        let facts = state.problem.as_ref() != Some(&problem);
        state.problem = Some(problem);
        Changed { facts, ..Changed::default() }
    }

    fn recover(&mut self, source: &SourceName, at: jiff::Timestamp) -> bool {
        let state = self.sources.entry(source.clone()).or_default();
        state.answered_at = state.answered_at.max(Some(at));
        state.problem.take().is_some()
    }

    /// Derives the views that depend on all services.
    pub(super) fn derive(&mut self) {
        let mut order: Vec<_> =
            self.services.values().map(|seen| (attention::of(&seen.value), &seen.value.name)).collect();
        order.sort();
        let order = order.into_iter().map(|(_, name)| name.clone()).collect();
        self.by_attention = order;
        self.counts = self.count_all();
        self.environments = environments(self.services.values().map(|seen| &seen.value));
    }
}

/// Every environment's name once; the place in the order is its tier's, then the one its services give it.
fn environments<'a>(services: impl Iterator<Item = &'a crate::domain::service::Service>) -> Vec<EnvironmentName> {
    let mut names: Vec<(_, usize, EnvironmentName)> = Vec::new();
    for service in services {
        for (at, environment) in service.environments.iter().enumerate() {
            if !names.iter().any(|(_, _, name)| *name == environment.name) {
                names.push((environment.tier, at, environment.name.clone()));
            }
        }
    }
    names.sort();
    names.into_iter().map(|(_, _, name)| name).collect()
}

fn newer<K: Ord, V: PartialEq>(
    map: &mut std::collections::BTreeMap<K, Seen<V>>,
    key: K,
    value: V,
    source: &SourceName,
    at: jiff::Timestamp,
) -> Changed {
    let facts = match map.get_mut(&key) {
        Some(seen) if seen.at > at => return Changed::default(),
        Some(seen) => {
            seen.at = at;
            let moved = seen.value != value || seen.source != *source;
            seen.source = source.clone();
            seen.value = value;
            moved
        }
        None => {
            map.insert(key, Seen { value, source: source.clone(), at });
            true
        }
    };
    Changed { facts, lasting: facts, freshness: true }
}

fn key_of(changes: &Changes) -> (ServiceName, EnvironmentName, EnvironmentName) {
    (changes.service.clone(), changes.from.clone(), changes.to.clone())
}

/// The key under which a run is kept.
impl From<&Run> for RunKey {
    fn from(run: &Run) -> Self {
        run.key()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::ids::{JobName, RunId};
    use crate::domain::log::Chunk;
    use crate::domain::topology::Topology;

    fn key(run: u32) -> LogKey {
        let run = RunKey { service: "search".into(), id: RunId::new(run.to_string()) };
        LogKey { run, job: JobName::new("e2e") }
    }

    #[test]
    fn only_the_logs_that_were_looked_at_last_are_kept() {
        let (context, sources) = ("shop".to_owned(), Vec::new());
        let topology = Topology { context, danger: false, read_only: false, sources, services: None };
        let mut store = Store::new(Arc::new(topology));
        for run in [1, 2, 3, 4, 5, 6, 1, 7, 8] {
            let chunk = Chunk { from: 0, bytes: b"line\n".to_vec(), total: 5, ended: true };
            let subject = Subject::Log(key(run), 0);
            let (source, at) = (SourceName::new("engine"), jiff::Timestamp::UNIX_EPOCH);
            store.apply(Observation { source, subject, at, facts: Facts::Log(key(run), chunk) });
        }
        let kept: Vec<u32> = (1..=8).filter(|run| store.log(&key(*run)).is_some()).collect();
        assert_eq!(kept, [1, 4, 5, 6, 7, 8]);
    }
}
