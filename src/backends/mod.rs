//! One folder a vendor, all of one shape; this file is the only list of them.

mod engine;
pub mod http;

use std::sync::Arc;

use http::{Hosts, Limits};
use jiff::tz::TimeZone;

use crate::capabilities::CapabilityError;
use crate::capabilities::calls::Calls;
use crate::capabilities::changes::Changes;
use crate::capabilities::confirmations::Confirmations;
use crate::capabilities::deployments::Deployments;
use crate::capabilities::error::Kind;
use crate::capabilities::flags::Flags;
use crate::capabilities::gates::Gates;
use crate::capabilities::host::Host;
use crate::capabilities::logs::Logs;
use crate::capabilities::overview::Overviews;
use crate::capabilities::pipelines::Pipelines;
use crate::capabilities::rollouts::Rollouts;
use crate::capabilities::seals::Seals;
use crate::capabilities::signals::Signals;
use crate::capabilities::stops::Stops;
use crate::clock::Clock;
use crate::config::{Source, SourceKind};
use crate::domain::confirmation::{Said, Step};
use crate::domain::ids::SourceName;
use crate::domain::observation::{Facts, Subject};
use crate::domain::order::{Call, Deed, Order};

/// What every connection needs of its surroundings.
#[derive(Clone)]
pub struct Ports {
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Whether nothing may be changed: then every change is refused before anything is sent.
    pub read_only: bool,
    /// The hosts that are asked: what one of them wishes holds for every connection to it.
    pub hosts: Hosts,
    /// Chance, from 0 to 1: so that many programs that were cut off together do not come back together.
    pub chance: fn() -> f64,
    /// The zone in which times are told.
    pub zone: TimeZone,
    /// What every connection keeps to.
    pub limits: Limits,
}

impl Ports {
    /// The usual limits, hosts that nobody has asked yet, and times told in UTC.
    pub fn new(clock: Arc<dyn Clock>, read_only: bool) -> Self {
        let (hosts, limits) = (Hosts::default(), Limits::USUAL);
        Self { clock, read_only, hosts, chance: rand::random, zone: TimeZone::UTC, limits }
    }
}

/// The connection to `source`. It asks nothing yet: what is wrong with it is what the first question fails with.
pub fn connect(source: &Source, ports: &Ports) -> Backend {
    match source.kind {
        SourceKind::Engine => engine::connect(source, ports),
    }
}

/// A connection to one source, and what it can do.
#[derive(Clone, Default)]
pub struct Backend {
    /// Tells everything in one answer.
    pub overviews: Option<Arc<dyn Overviews>>,
    /// Runs pipelines.
    pub pipelines: Option<Arc<dyn Pipelines>>,
    /// Keeps logs.
    pub logs: Option<Arc<dyn Logs>>,
    /// Keeps gates.
    pub gates: Option<Arc<dyn Gates>>,
    /// Puts releases into environments.
    pub deployments: Option<Arc<dyn Deployments>>,
    /// Moves traffic.
    pub rollouts: Option<Arc<dyn Rollouts>>,
    /// Keeps flags.
    pub flags: Option<Arc<dyn Flags>>,
    /// Keeps confirmations by a second person.
    pub confirmations: Option<Arc<dyn Confirmations>>,
    /// Keeps an emergency stop.
    pub stops: Option<Arc<dyn Stops>>,
    /// Keeps how far journals had come.
    pub seals: Option<Arc<dyn Seals>>,
    /// Measures traffic.
    pub signals: Option<Arc<dyn Signals>>,
    /// Knows the history of commits.
    pub changes: Option<Arc<dyn Changes>>,
    /// Tells of the other end itself.
    pub host: Option<Arc<dyn Host>>,
    /// Can be told to do something.
    pub calls: Option<Arc<dyn Calls>>,
}

/// The most bytes of a log that are asked for at once.
const LOG_PIECE: u64 = crate::domain::log::Chunk::MOST;

const SECOND: &str = "ask a second person";

impl Backend {
    /// The source's answer to a question.
    pub async fn answer(&self, subject: &Subject) -> Result<Facts, CapabilityError> {
        match subject {
            Subject::Overview => match has(self.overviews.as_ref(), "tell everything at once")?.overview().await? {
                Some(overview) => Ok(Facts::Overview(overview)),
                None => Ok(Facts::Unchanged),
            },
            Subject::Runs(service) => {
                let runs = has(self.pipelines.as_ref(), "list runs")?.runs(service).await?;
                Ok(Facts::Runs(service.clone(), runs))
            }
            Subject::Run(key) => {
                Ok(Facts::Run(Box::new(has(self.pipelines.as_ref(), "tell of a run")?.run(key).await?)))
            }
            Subject::Log(key, from) => {
                let chunk = has(self.logs.as_ref(), "give logs")?.read(key, *from, LOG_PIECE).await?;
                Ok(Facts::Log(key.clone(), chunk))
            }
            Subject::Length(key) => {
                let chunk = has(self.logs.as_ref(), "give logs")?.read(key, u64::MAX, 0).await?;
                Ok(Facts::Log(key.clone(), chunk))
            }
            Subject::Times(key, from) => {
                let times = has(self.logs.as_ref(), "give logs")?.times(key, *from).await?;
                Ok(Facts::Times(key.clone(), times))
            }
            Subject::Signals(place) => {
                Ok(Facts::Signals(has(self.signals.as_ref(), "measure traffic")?.signals(place).await?))
            }
            Subject::Confirmation(id) => {
                let told = has(self.confirmations.as_ref(), SECOND)?.confirmation(id).await?;
                Ok(Facts::Confirmation(Box::new(told)))
            }
            Subject::Changes(service, from, to) => {
                let told = has(self.changes.as_ref(), "tell changes")?.between(service, from, to).await?;
                Ok(Facts::Changes(Box::new(told)))
            }
            Subject::TakenBack(back) => {
                let told = has(self.changes.as_ref(), "tell changes")?.taken_back(back).await?;
                Ok(Facts::TakenBack(back.clone(), Box::new(told)))
            }
        }
    }

    /// The exact calls that `order` takes here; nothing is sent.
    pub fn describe(&self, order: &Order) -> Result<Vec<Call>, CapabilityError> {
        Ok(match &order.deed {
            Deed::Gate(deed) => has(self.gates.as_ref(), "decide at gates")?.calls(deed, order),
            Deed::Deployment(place, deed) => has(self.deployments.as_ref(), "deploy")?.calls(place, deed, order),
            Deed::Rollout(place, deed) => has(self.rollouts.as_ref(), "move traffic")?.calls(place, deed, order),
            Deed::Flag(deed) => has(self.flags.as_ref(), "set flags")?.calls(deed, order),
            Deed::Confirm(deed) => has(self.confirmations.as_ref(), SECOND)?.calls(deed, order),
            Deed::Stop(deed) => has(self.stops.as_ref(), "keep an emergency stop")?.calls(deed, order),
            Deed::Pipeline(deed) => has(self.pipelines.as_ref(), "run pipelines")?.calls(deed, order),
        })
    }

    /// Takes one step of a confirmation by a second person, once.
    pub async fn step(&self, step: &Step) -> Result<Said, CapabilityError> {
        has(self.confirmations.as_ref(), SECOND)?.step(step).await
    }

    /// Sends one call, once.
    pub async fn send(&self, call: &Call) -> Result<crate::capabilities::calls::Sent, CapabilityError> {
        has(self.calls.as_ref(), "be told to do anything")?.send(call).await
    }
}

fn has<'a, C: ?Sized>(capability: Option<&'a Arc<C>>, what: &str) -> Result<&'a C, CapabilityError> {
    let missing = || CapabilityError::new(Kind::Unsupported, format!("this source cannot {what}"));
    capability.map(AsRef::as_ref).ok_or_else(missing)
}

/// The connections by the names of their sources.
pub type Backends = std::collections::BTreeMap<SourceName, Arc<Backend>>;
