//! What is known, and when it was true: observations are applied here, and the views are derived as they come. Nothing
//! is fetched here, and nothing is learnt from drawing.

mod apply;
pub mod attention;
mod between;
pub mod freshness;
pub mod log;
pub mod matrix;
pub mod past;
mod snapshot;
mod times;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

pub use apply::Changed;
pub use between::lacking;
pub use snapshot::{Part, Snapshot, Summary};

use crate::domain::budget::Budget;
use crate::domain::change::{Back, Changes};
use crate::domain::confirmation::Confirmation;
use crate::domain::flag::Flag;
use crate::domain::ids::{EnvironmentName, FlagKey, Place, RunKey, ServiceName, SourceName};
use crate::domain::log::LogKey;
use crate::domain::observation::{Login, Problem};
use crate::domain::run::Run;
use crate::domain::service::Service;
use crate::domain::signal::Signals;
use crate::domain::stop::{Brake, Stop};
use crate::domain::text::Text;
use crate::domain::topology::Topology;

/// A value, who said it, and when it was true.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen<T> {
    /// What was said.
    pub value: T,
    /// Who said it.
    pub source: SourceName,
    /// When it was true.
    pub at: Timestamp,
}

/// How a source stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceState {
    /// When it last answered.
    pub answered_at: Option<Timestamp>,
    /// What is wrong with it now, if anything is.
    pub problem: Option<Problem>,
    /// Who it takes us for.
    pub login: Option<Login>,
    /// Whether an emergency stop stands; `None` where it keeps none.
    pub brake: Option<Box<Brake>>,
    /// Whether a second person can confirm there what one plans.
    pub confirms: bool,
    /// How often it may still be asked, where it tells.
    pub budget: Option<Budget>,
    /// When all that it tells in one answer was true.
    pub overview_at: Option<Timestamp>,
}

/// One state of the facts: equal to another as long as none of them has changed since.
#[derive(Debug, Clone, Default)]
pub struct Edition(Arc<()>);

impl PartialEq for Edition {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Everything known.
#[derive(Debug, Clone)]
pub struct Store {
    topology: Arc<Topology>,
    sources: BTreeMap<SourceName, SourceState>,
    services: BTreeMap<ServiceName, Seen<Service>>,
    by_attention: Vec<ServiceName>,
    runs: BTreeMap<RunKey, Seen<Run>>,
    histories: BTreeMap<ServiceName, Seen<Vec<Run>>>,
    flags: BTreeMap<(SourceName, FlagKey), Seen<Flag>>,
    signals: BTreeMap<Place, Seen<Signals>>,
    confirmations: BTreeMap<String, Seen<Confirmation>>,
    changes: BTreeMap<(ServiceName, EnvironmentName, EnvironmentName), Seen<Changes>>,
    taken_back: BTreeMap<Back, Seen<Changes>>,
    /// The logs that were looked at last, the newest at the end.
    logs: Vec<(LogKey, log::Log)>,
    past: past::Past,
    environments: Vec<EnvironmentName>,
    counts: matrix::Counts,
    /// How many services of the last known state are not read yet.
    unread: usize,
    edition: Edition,
}

impl Store {
    /// A store that knows nothing yet of what `topology` names.
    pub fn new(topology: Arc<Topology>) -> Self {
        let sources = topology.sources.iter().map(|source| (source.name.clone(), SourceState::default())).collect();
        Self {
            topology,
            sources,
            services: BTreeMap::new(),
            by_attention: Vec::new(),
            runs: BTreeMap::new(),
            histories: BTreeMap::new(),
            flags: BTreeMap::new(),
            signals: BTreeMap::new(),
            confirmations: BTreeMap::new(),
            changes: BTreeMap::new(),
            taken_back: BTreeMap::new(),
            logs: Vec::new(),
            past: past::Past::default(),
            environments: Vec::new(),
            counts: matrix::Counts::default(),
            unread: 0,
            edition: Edition::default(),
        }
    }

    /// The present state of the facts; freshness is none of them.
    pub const fn edition(&self) -> &Edition {
        &self.edition
    }

    /// What the console looks at.
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// The same, to be kept beside the store.
    pub fn topology_handle(&self) -> Arc<Topology> {
        Arc::clone(&self.topology)
    }

    /// Whether anything moves by itself: a run, a deployment, a rollout.
    pub const fn moving(&self) -> bool {
        self.counts.moving > 0
    }

    /// How long deeds took.
    pub const fn past(&self) -> &past::Past {
        &self.past
    }

    /// Takes note of a deed that reached its end.
    pub fn note(&mut self, deed: past::Took) {
        self.past.note(deed);
    }

    /// Takes note of how often a source may still be asked; whether that is news.
    pub fn hear(&mut self, source: &SourceName, budget: Option<Budget>) -> bool {
        let Some(state) = self.sources.get_mut(source) else { return false };
        std::mem::replace(&mut state.budget, budget) != budget
    }

    /// Each source and how it stands.
    pub fn sources(&self) -> &BTreeMap<SourceName, SourceState> {
        &self.sources
    }

    /// The sources that keep an emergency stop, and what each keeps.
    pub fn brakes(&self) -> impl Iterator<Item = (&SourceName, &Brake)> {
        self.sources.iter().filter_map(|(name, state)| Some((name, state.brake.as_deref()?)))
    }

    /// The emergency stops that stand at `now`, with where each is kept.
    pub fn stops(&self, now: Timestamp) -> impl Iterator<Item = (&Brake, &Stop)> {
        let kept = self.brakes().filter_map(|(_, brake)| Some((brake, brake.stop.as_ref()?)));
        kept.filter(move |(_, stop)| stop.stands(now))
    }

    /// The services by name.
    pub fn services(&self) -> impl Iterator<Item = &Seen<Service>> {
        self.services.values()
    }

    /// How many services are known, those of the last known state that are not read yet among them.
    pub fn count(&self) -> usize {
        self.services.len() + self.unread
    }

    /// One service.
    pub fn service(&self, name: &ServiceName) -> Option<&Seen<Service>> {
        self.services.get(name)
    }

    /// The services' names, those that need somebody first.
    pub fn by_attention(&self) -> &[ServiceName] {
        &self.by_attention
    }

    /// Every environment name in use, in order from development to production.
    pub fn environments(&self) -> &[EnvironmentName] {
        &self.environments
    }

    /// One run: the detailed answer where there is one, else as the board or the history tells it; the newer wins.
    pub fn run(&self, key: &RunKey) -> Option<Seen<&Run>> {
        let detailed = self.runs.get(key).map(|seen| seen.map(|run| run));
        let latest = self.services.get(&key.service).and_then(|seen| {
            let run = seen.value.latest_run.as_ref().filter(|run| run.id == key.id)?;
            Some(Seen { value: run, source: seen.source.clone(), at: seen.at })
        });
        let listed = self.histories.get(&key.service).and_then(|seen| {
            let run = seen.value.iter().find(|run| run.id == key.id)?;
            Some(Seen { value: run, source: seen.source.clone(), at: seen.at })
        });
        [detailed, latest, listed].into_iter().flatten().max_by_key(|seen| seen.at)
    }

    /// The runs of a service, newest first.
    pub fn runs(&self, service: &ServiceName) -> Option<&Seen<Vec<Run>>> {
        self.histories.get(service)
    }

    /// How many flags are known.
    pub fn flag_count(&self) -> usize {
        self.flags.len()
    }

    /// The flags, by source and key.
    pub fn flags(&self) -> impl Iterator<Item = &Seen<Flag>> {
        self.flags.values()
    }

    /// One flag.
    pub fn flag(&self, source: &SourceName, key: &FlagKey) -> Option<&Seen<Flag>> {
        self.flags.get(&(source.clone(), key.clone()))
    }

    /// A confirmation by a second person, by its identity.
    pub fn confirmation(&self, id: &Text) -> Option<&Seen<Confirmation>> {
        self.confirmations.get(id.as_str())
    }

    /// Traffic over time at a place.
    pub fn signals(&self, place: &Place) -> Option<&Seen<Signals>> {
        self.signals.get(place)
    }

    /// What `to` has and `from` lacks.
    pub fn changes(
        &self,
        service: &ServiceName,
        from: &EnvironmentName,
        to: &EnvironmentName,
    ) -> Option<&Seen<Changes>> {
        self.changes.get(&(service.clone(), from.clone(), to.clone()))
    }

    /// What going back takes back.
    pub fn taken_back(&self, back: &Back) -> Option<&Seen<Changes>> {
        self.taken_back.get(back)
    }

    /// What is loaded of a log.
    pub fn log(&self, key: &LogKey) -> Option<&log::Log> {
        self.logs.iter().find(|(known, _)| known == key).map(|(_, log)| log)
    }
}

impl<T> Seen<T> {
    /// The same provenance for a part of the value.
    pub fn map<'a, U>(&'a self, part: impl FnOnce(&'a T) -> U) -> Seen<U> {
        Seen { value: part(&self.value), source: self.source.clone(), at: self.at }
    }
}
