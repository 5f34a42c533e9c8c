//! What the engine knows and has decided: records as they are stored, and the pure rules by which they go on. No I/O;
//! `drive` performs what is decided here, `view` shows it.

pub mod confirmation;
pub mod deployment;
pub mod flag;
pub mod person;
pub mod place;
pub mod release;
pub mod revision;
pub mod run;
pub mod service;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::ids::{FlagKey, Place, ServiceName};
use crate::domain::release::VersionName;
use crate::domain::stop::Stop;
use crate::engine::spec::Pipeline;

/// A table of records. Cheap to clone; a change copies only the table and the record that it touches.
pub type Table<K, V> = Arc<BTreeMap<K, Arc<V>>>;

/// Everything that is decided, as of one transaction. Cheap to clone: readers hold a snapshot.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// Grows with every transaction of this process; for telling whether anything changed, never stored.
    pub generation: u64,
    /// The registered services.
    pub services: Table<ServiceName, service::Service>,
    /// Runs by service and number: all that have not ended, and the newest that have.
    pub runs: Table<(ServiceName, u64), run::Run>,
    /// Releases by service and version.
    pub releases: Table<(ServiceName, VersionName), release::Release>,
    /// Deployments by number: all that have not ended, and the newest that have.
    pub deployments: Table<u64, deployment::Deployment>,
    /// Environments of services: what runs there and what should.
    pub places: Table<Place, place::Standing>,
    /// Flags.
    pub flags: Table<FlagKey, flag::Flag>,
    /// People, by name.
    pub people: Table<String, person::Person>,
    /// The emergency stop, while one stands.
    pub stop: Option<Arc<Stop>>,
    /// Confirmations by a second person, by identity.
    pub confirmations: Table<String, confirmation::Confirmation>,
    /// Pipeline files by the digest of their text.
    pub pipelines: Table<String, Pipeline>,
}

impl State {
    /// The pipeline of a digest.
    pub fn pipeline(&self, digest: &str) -> Option<&Arc<Pipeline>> {
        self.pipelines.get(digest)
    }

    /// The pipeline that is in force for a service: the last good one of its registered branch.
    pub fn pipeline_of(&self, service: &ServiceName) -> Option<&Arc<Pipeline>> {
        self.pipeline(self.services.get(service)?.pipeline.as_deref()?)
    }

    /// The runs of a service, newest first.
    pub fn runs_of(&self, service: &ServiceName) -> impl Iterator<Item = &Arc<run::Run>> {
        self.runs.range((service.clone(), 0)..=(service.clone(), u64::MAX)).rev().map(|(_, run)| run)
    }

    /// The places of a service: those of its pipeline in force, in order, then any other where something still runs.
    pub fn places_of(&self, service: &ServiceName) -> Vec<Place> {
        let pipeline = self.pipeline_of(service);
        let declared = pipeline.iter().flat_map(|pipeline| &pipeline.environments);
        let mut places: Vec<Place> = declared
            .map(|environment| Place { service: service.clone(), environment: environment.name.clone() })
            .collect();
        let running = self.places.values().filter(|s| s.place.service == *service && s.live.is_some());
        for standing in running {
            if !places.contains(&standing.place) {
                places.push(standing.place.clone());
            }
        }
        places
    }

    /// The deployments to a place that have not ended, oldest first.
    pub fn open_deployments(&self, place: &Place) -> impl Iterator<Item = &Arc<deployment::Deployment>> {
        self.deployments.values().filter(move |deployment| deployment.place == *place && !deployment.stand.ended())
    }

    /// The release of a version.
    pub fn release(&self, service: &ServiceName, version: &VersionName) -> Option<&Arc<release::Release>> {
        self.releases.get(&(service.clone(), version.clone()))
    }
}
