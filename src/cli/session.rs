//! A session: the configuration read, the context chosen, its sources connected; what they are asked, and what they
//! answered. It asks once; whoever needs to know more asks again.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde_json::Value;

use super::arguments::Globals;
use super::failure::{self, Failure, code};
use super::look;
use super::report::{self, Report};
use crate::actions::{Operator, Policy, World};
use crate::app::setup;
use crate::backends::http::Hosts;
use crate::backends::{Backends, Ports, connect};
use crate::clock::{Clock, System};
use crate::config::{self, Config, Context};
use crate::domain::ids::{EnvironmentName, Place, RunId, RunKey, ServiceName, SourceName};
use crate::domain::observation::{Facts, Observation, Problem, ProblemKind, Subject};
use crate::domain::service::Service;
use crate::domain::text::Text;
use crate::domain::topology::Topology;
use crate::runtime::journal::Journal;
use crate::runtime::{log, perform};
use crate::store::{Seen, Store};

/// How long a source may take to answer where nothing else is said.
const ANSWER: Duration = Duration::from_secs(15);

/// What a command works with.
pub struct Session {
    /// What holds for every command.
    pub globals: Globals,
    /// What is known.
    pub store: Store,
    /// The rules.
    pub policy: Policy,
    /// Who acts.
    pub operator: Operator,
    /// Where it is recorded.
    pub journal: Journal,
    /// The connections.
    pub backends: Arc<Backends>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The zone in which times are typed.
    pub zone: TimeZone,
}

impl Session {
    /// A session as configuration and command line say. Nothing is asked yet.
    pub fn open(globals: &Globals) -> Result<Self, Failure> {
        let config = look::configuration(globals)?;
        let context = config.context(globals.context.as_deref()).map_err(|fault| configuration(&fault))?;
        Self::of(globals, &config, context, &Hosts::default())
    }

    /// A session on a context of a configuration that was read already; what `hosts` wish holds for it, too. Nothing is
    /// asked yet.
    pub fn of(globals: &Globals, config: &Config, context: &Context, hosts: &Hosts) -> Result<Self, Failure> {
        if config.sources.is_empty() {
            return Err(no_source(config, context));
        }
        log::keep_in(&config.state_dir);
        let topology = setup::topology(config, context, globals.read_only);
        let clock: Arc<dyn Clock> = Arc::new(System);
        let zone = look::zone(config);
        let ports =
            Ports { hosts: hosts.clone(), zone: zone.clone(), ..Ports::new(Arc::clone(&clock), topology.read_only) };
        let connected = config.sources.iter().map(|source| (source.name.clone(), Arc::new(connect(source, &ports))));
        let backends = connected.collect();
        let journal = Journal::open(&config.state_dir);
        let session = Self::with(globals.clone(), topology, Policy::from(&config.policy), backends, journal, clock);
        Ok(Self { zone, ..session })
    }

    /// A session on connections that are there already.
    pub fn with(
        globals: Globals,
        topology: Topology,
        policy: Policy,
        backends: Backends,
        journal: Journal,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let operator = Operator { name: journal.actor().name.to_string(), read_only: topology.read_only, glass: None };
        let (store, backends) = (Store::new(Arc::new(topology)), Arc::new(backends));
        Self { globals, store, policy, operator, journal, backends, clock, zone: TimeZone::UTC }
    }

    /// The context's name.
    pub fn context(&self) -> &str {
        &self.store.topology().context
    }

    /// Whether standard output may have colours.
    pub fn color(&self) -> bool {
        report::colored(&self.globals)
    }

    /// The world as actions see it.
    pub fn world<'a>(&'a self, key: &'a str) -> World<'a> {
        let now = self.clock.now();
        World { store: &self.store, policy: &self.policy, operator: &self.operator, now, key }
    }

    /// Asks one source one thing, within the time that an answer may take.
    pub async fn question(&self, source: &SourceName, subject: &Subject) -> Observation {
        let (at, limit) = (self.clock.now(), self.globals.timeout.unwrap_or(ANSWER));
        let asking = perform::ask(&self.backends, &*self.clock, source, subject);
        tokio::time::timeout(limit, asking).await.unwrap_or_else(|_| {
            let message = Text::new(format!("no answer within {} ms", limit.as_millis()));
            let hint = Some(Text::new("give it more time with --timeout"));
            let kind = ProblemKind::Unreachable;
            let problem = Problem { source: source.clone(), kind, message, hint, since: None };
            let (source, subject) = (source.clone(), subject.clone());
            Observation { source, subject, at, facts: Facts::Failed(problem) }
        })
    }

    /// Asks one source one thing, and takes in what it says; its failure, if that is what it was.
    pub async fn ask(&mut self, source: &SourceName, subject: &Subject) -> Result<(), Failure> {
        let observation = self.question(source, subject).await;
        let failed = match &observation.facts {
            Facts::Failed(problem) => Err(Failure::of(problem)),
            _ => Ok(()),
        };
        self.store.apply(observation);
        self.store.hear(source, perform::budget(&self.backends, source));
        failed
    }

    /// Asks every source for everything; the first failure if none answers.
    pub async fn ask_all(&mut self) -> Result<(), Failure> {
        let sources: Vec<_> = self.store.topology().sources.iter().map(|source| source.name.clone()).collect();
        let asking = sources.iter().map(|source| self.question(source, &Subject::Overview));
        let answers = futures_util::future::join_all(asking).await;
        let failed: Vec<_> = answers
            .iter()
            .filter_map(|answer| match &answer.facts {
                Facts::Failed(problem) => Some(Failure::of(problem)),
                _ => None,
            })
            .collect();
        let none = failed.len() == answers.len();
        for answer in answers {
            self.store.apply(answer);
        }
        for source in &sources {
            self.store.hear(source, perform::budget(&self.backends, source));
        }
        let worst = code::first(failed.iter().map(|failure| failure.code));
        match failed.into_iter().find(|failure| Some(failure.code) == worst) {
            Some(failure) if none => Err(failure),
            _ => Ok(()),
        }
    }

    /// What is wrong with the sources now.
    pub fn problems(&self) -> Vec<Problem> {
        self.store.sources().values().filter_map(|state| state.problem.clone()).collect()
    }

    /// The service called `name`.
    pub fn service(&self, name: &ServiceName) -> Result<&Seen<Service>, Failure> {
        self.store.service(name).ok_or_else(|| {
            let known = self.store.services().map(|seen| seen.value.name.as_str());
            self.missing(Failure::unknown("service", name.as_str(), known))
        })
    }

    /// The place called so, or why there is none.
    pub fn place(&self, service: &ServiceName, environment: &EnvironmentName) -> Result<Place, Failure> {
        let known = &self.service(service)?.value;
        if known.environment(environment).is_none() {
            let names = known.environments.iter().map(|environment| environment.name.as_str());
            return Err(Failure::unknown(&format!("environment of {service}"), environment.as_str(), names));
        }
        Ok(Place { service: service.clone(), environment: environment.clone() })
    }

    /// That a name is not known, unless a source that may know it does not answer: then that.
    pub fn missing(&self, unknown: Failure) -> Failure {
        self.problems().first().map_or(unknown, Failure::of)
    }

    /// The run written `SERVICE/ID` or `SERVICE/latest`, freshly read, and who knows it.
    pub async fn run(&mut self, written: &RunName) -> Result<(RunKey, SourceName), Failure> {
        let seen = self.service(&written.service)?;
        let source = seen.source.clone();
        let latest = seen.value.latest_run.as_ref().map(|run| run.id.clone());
        let id = match (&written.id, latest) {
            (Some(id), _) => id.clone(),
            (None, Some(latest)) => latest,
            (None, None) => {
                return Err(Failure::new(code::USAGE, "not_found", format!("{} has no run yet", written.service)));
            }
        };
        let key = RunKey { service: written.service.clone(), id };
        match self.ask(&source, &Subject::Run(key.clone())).await {
            Ok(()) => Ok((key, source)),
            Err(failure) if failure.code == code::USAGE => Err(self.no_run(&source, &key).await),
            Err(failure) => Err(failure),
        }
    }

    async fn no_run(&mut self, source: &SourceName, key: &RunKey) -> Failure {
        // The list is for the hint only.
        let _ = self.ask(source, &Subject::Runs(key.service.clone())).await;
        let runs = self.store.runs(&key.service).map(|seen| &seen.value[..]).unwrap_or_default();
        let known: Vec<_> = runs.iter().take(5).map(|run| run.key().to_string()).collect();
        Failure::unknown("run", &key.to_string(), known.iter().map(String::as_str))
    }

    /// A report of this session.
    pub fn report(&self, data: Value, lines: String) -> Report {
        Report { context: Some(self.context().to_owned()), ..Report::new(data, lines) }.with(self.problems())
    }

    /// The report of a failure in this session.
    pub fn failed(&self, failure: &Failure) -> Report {
        Report { context: Some(self.context().to_owned()), ..Report::failed(failure) }
    }
}

/// A run as it is written on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunName {
    /// Its service.
    pub service: ServiceName,
    /// Which; `None` is the latest.
    pub id: Option<RunId>,
}

impl std::str::FromStr for RunName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.rsplit_once('/') {
            Some((service, id)) if !service.is_empty() && !id.is_empty() => {
                Ok(Self { service: service.into(), id: (id != "latest").then(|| id.into()) })
            }
            _ => Err("a run is written SERVICE/ID or SERVICE/latest"),
        }
    }
}

/// What is wrong with the configuration.
pub fn configuration(fault: &config::Fault) -> Failure {
    let failure = Failure::new(code::USAGE, "configuration", fault.to_string());
    match fault.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn no_source(config: &Config, context: &Context) -> Failure {
    let place =
        config.path.as_ref().map_or_else(|| "there is no configuration".into(), |path| path.display().to_string());
    let message = format!("context {} has no source to look at: {place}", context.name);
    Failure::new(code::USAGE, "configuration", message).hint(
        "write one: leverframe config init; or name one with --config FILE or LEVERFRAME_CONFIG; an engine has its own",
    )
}

/// Whether a failure says that a source could not be read at all.
pub const fn lost(failure: &Failure) -> bool {
    matches!(failure.code, failure::code::UNREACHABLE | failure::code::NOT_ALLOWED)
}
