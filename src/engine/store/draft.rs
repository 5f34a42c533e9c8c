//! A transition that is being put together: a copy of the state that can be changed, and what of it must be written.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::audit::Entry;
use crate::domain::chain::Seal;
use crate::domain::ids::{FlagKey, Place, ServiceName};
use crate::domain::release::VersionName;
use crate::domain::stop::Stop;
use crate::engine::spec::Pipeline;
use crate::engine::state::confirmation::Confirmation;
use crate::engine::state::deployment::Deployment;
use crate::engine::state::flag::Flag;
use crate::engine::state::person::Person;
use crate::engine::state::place::Standing;
use crate::engine::state::release::Release;
use crate::engine::state::run::Run;
use crate::engine::state::service::Service;
use crate::engine::state::{State, Table};

/// A record that was changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Changed {
    Service(ServiceName),
    Run(ServiceName, u64),
    Release(ServiceName, VersionName),
    Deployment(u64),
    Place(Place),
    Flag(FlagKey),
    Person(String),
    Stop,
    Confirmation(String),
}

/// The answer to a marked order, for when it comes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The order's mark, with the person who sent it.
    pub key: String,
    /// A digest of the whole request.
    pub request: String,
    /// The HTTP status it was answered with.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// A transition under way. It is written as a whole, or not at all.
pub struct Draft {
    /// The moment at which it happens.
    pub now: Timestamp,
    pub(super) state: State,
    pub(super) changed: BTreeSet<Changed>,
    pub(super) entries: Vec<Entry>,
    pub(super) pipelines: Vec<(String, String)>,
    pub(super) manifests: Vec<(String, String)>,
    pub(super) answers: Vec<Answer>,
    /// How far the journal of whoever does it had come.
    seal: Option<Seal>,
}

impl Draft {
    /// A transition of `state`.
    pub fn new(state: State, now: Timestamp) -> Self {
        let (changed, entries) = (BTreeSet::new(), Vec::new());
        let (pipelines, manifests, answers) = (Vec::new(), Vec::new(), Vec::new());
        Self { now, state, changed, entries, pipelines, manifests, answers, seal: None }
    }

    /// What is recorded from here on seals the journal of whoever does it.
    pub fn seal(&mut self, seal: Option<Seal>) {
        self.seal = seal;
    }

    /// The state as it stands in this transition.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.entries.is_empty() && self.answers.is_empty()
    }

    /// Records what is done, in the transaction in which it is done.
    pub fn record(&mut self, by: &str, action: &str, target: String, says: String, reason: Option<&str>) {
        let reason = reason.map(str::to_owned);
        let (by, action, seal) = (by.into(), action.into(), self.seal.clone());
        self.entries.push(Entry { at: self.now, by, action, target, says, reason, seal });
    }

    /// Keeps the answer to a marked order.
    pub fn answer(&mut self, answer: Answer) {
        self.answers.push(answer);
    }

    /// Keeps a pipeline file by its digest.
    pub fn keep_pipeline(&mut self, digest: &str, text: &str, pipeline: Arc<Pipeline>) {
        if !self.state.pipelines.contains_key(digest) {
            Arc::make_mut(&mut self.state.pipelines).insert(digest.to_owned(), pipeline);
            self.pipelines.push((digest.to_owned(), text.to_owned()));
        }
    }

    /// Keeps a manifest's listing by its digest.
    pub fn keep_manifest(&mut self, digest: &str, body: String) {
        self.manifests.push((digest.to_owned(), body));
    }

    /// A service, to change it.
    pub fn service_mut(&mut self, name: &ServiceName) -> Option<&mut Service> {
        let record = record_mut(&mut self.state.services, name)?;
        self.changed.insert(Changed::Service(name.clone()));
        Some(record)
    }

    /// Adds a service.
    pub fn add_service(&mut self, service: Service) {
        self.changed.insert(Changed::Service(service.name.clone()));
        Arc::make_mut(&mut self.state.services).insert(service.name.clone(), Arc::new(service));
    }

    /// A run, to change it.
    pub fn run_mut(&mut self, at: &(ServiceName, u64)) -> Option<&mut Run> {
        let record = record_mut(&mut self.state.runs, at)?;
        self.changed.insert(Changed::Run(at.0.clone(), at.1));
        Some(record)
    }

    /// Adds a run.
    pub fn add_run(&mut self, run: Run) {
        self.changed.insert(Changed::Run(run.service.clone(), run.number));
        Arc::make_mut(&mut self.state.runs).insert(run.at(), Arc::new(run));
    }

    /// Adds a release; one that is there stays as it is.
    pub fn add_release(&mut self, release: Release) {
        let at = (release.service.clone(), release.version.clone());
        if !self.state.releases.contains_key(&at) {
            self.changed.insert(Changed::Release(at.0.clone(), at.1.clone()));
            Arc::make_mut(&mut self.state.releases).insert(at, Arc::new(release));
        }
    }

    /// A release, to note whether its files are there; nothing else of it changes.
    pub fn release_mut(&mut self, at: &(ServiceName, VersionName)) -> Option<&mut Release> {
        let record = record_mut(&mut self.state.releases, at)?;
        self.changed.insert(Changed::Release(at.0.clone(), at.1.clone()));
        Some(record)
    }

    /// A deployment, to change it.
    pub fn deployment_mut(&mut self, id: u64) -> Option<&mut Deployment> {
        let record = record_mut(&mut self.state.deployments, &id)?;
        self.changed.insert(Changed::Deployment(id));
        Some(record)
    }

    /// The number that the next deployment gets.
    pub fn next_deployment(&self) -> u64 {
        self.state.deployments.last_key_value().map_or(1, |(id, _)| id + 1)
    }

    /// Adds a deployment.
    pub fn add_deployment(&mut self, deployment: Deployment) {
        self.changed.insert(Changed::Deployment(deployment.id));
        Arc::make_mut(&mut self.state.deployments).insert(deployment.id, Arc::new(deployment));
    }

    /// A place, to change it; made if nothing ever was there.
    pub fn place_mut(&mut self, place: &Place) -> &mut Standing {
        self.changed.insert(Changed::Place(place.clone()));
        let table = Arc::make_mut(&mut self.state.places);
        let standing = table.entry(place.clone()).or_insert_with(|| Arc::new(Standing::new(place.clone())));
        Arc::make_mut(standing)
    }

    /// A flag, to change it.
    pub fn flag_mut(&mut self, key: &FlagKey) -> Option<&mut Flag> {
        let record = record_mut(&mut self.state.flags, key)?;
        self.changed.insert(Changed::Flag(key.clone()));
        Some(record)
    }

    /// Adds a flag.
    pub fn add_flag(&mut self, flag: Flag) {
        self.changed.insert(Changed::Flag(flag.key.clone()));
        Arc::make_mut(&mut self.state.flags).insert(flag.key.clone(), Arc::new(flag));
    }

    /// Adds a confirmation, or writes how it stands.
    pub fn put_confirmation(&mut self, confirmation: Confirmation) {
        self.changed.insert(Changed::Confirmation(confirmation.id.clone()));
        Arc::make_mut(&mut self.state.confirmations).insert(confirmation.id.clone(), Arc::new(confirmation));
    }

    /// Forgets confirmations that lapsed before `then`.
    pub fn forget_confirmations(&mut self, then: Timestamp) {
        let old = self.state.confirmations.values().filter(|known| known.expires_at < then);
        let old: Vec<_> = old.map(|known| known.id.clone()).collect();
        for id in old {
            Arc::make_mut(&mut self.state.confirmations).remove(&id);
            self.changed.insert(Changed::Confirmation(id));
        }
    }

    /// Calls an emergency stop, or takes it back.
    pub fn set_stop(&mut self, stop: Option<Stop>) {
        self.changed.insert(Changed::Stop);
        self.state.stop = stop.map(Arc::new);
    }

    /// Adds a person, or gives one new roles and a new token.
    pub fn put_person(&mut self, person: Person) {
        self.changed.insert(Changed::Person(person.name.clone()));
        Arc::make_mut(&mut self.state.people).insert(person.name.clone(), Arc::new(person));
    }
}

fn record_mut<'a, K: Ord + Clone, V: Clone>(table: &'a mut Table<K, V>, key: &K) -> Option<&'a mut V> {
    // Looked up first, so that a key that is not there does not copy the table.
    table.contains_key(key).then_some(())?;
    Arc::make_mut(table).get_mut(key).map(Arc::make_mut)
}
