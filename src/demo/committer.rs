//! The committer: brings the shop to "ready", and then commits to its services in turn.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use super::api::{self, Api};
use super::repository::{self, Repository};
use super::seeding::{self, Order, Person};
use super::shop::{SAMPLES, Sample};
use crate::clock::{Clock as _, System};
use crate::domain::observation::Overview;
use crate::domain::service::Service;

/// How often the shop is looked at on its way to "ready".
const LOOK: Duration = Duration::from_millis(200);
/// How often the first runs are looked for.
const SOON: Duration = Duration::from_millis(50);
/// How long a service may stand still without being there, before it gets one release more.
const STUCK: Duration = Duration::from_secs(8);
/// The time from one commit to the next.
const EVERY: Duration = Duration::from_secs(30);
/// How soon a commit is tried again that found every service busy.
const AGAIN: Duration = Duration::from_secs(1);

/// The repositories, and the two people who operate them.
pub struct Committer {
    owner: Api,
    second: Api,
    program: String,
    repositories: BTreeMap<&'static str, Repository>,
    /// By service, the newest run when its last release was committed, and since when it has stood still.
    seen: BTreeMap<&'static str, Seen>,
}

#[derive(Default)]
struct Seen {
    run: u64,
    still_since: Option<Instant>,
}

/// Why the shop is not brought to "ready".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A repository.
    #[error(transparent)]
    Repository(#[from] repository::Fault),
    /// The engine.
    #[error(transparent)]
    Api(#[from] api::Fault),
}

/// The repositories below `folder`, each with its first release.
pub async fn open(folder: &Path, program: &str) -> Result<BTreeMap<&'static str, Repository>, repository::Fault> {
    let opened = SAMPLES.map(|sample| async move {
        let repository = Repository::open(folder, sample).await?;
        if repository.releases().await? == 0 {
            repository.commit(program, System.now()).await?;
        }
        Ok((sample.name, repository))
    });
    Ok(futures_util::future::try_join_all(opened).await?.into_iter().collect())
}

impl Committer {
    /// Registers the repositories with the engine.
    pub async fn new(
        repositories: BTreeMap<&'static str, Repository>,
        program: String,
        mut owner: Api,
        second: Api,
    ) -> Result<Self, Fault> {
        for repository in SAMPLES.iter().filter_map(|sample| repositories.get(sample.name)) {
            owner.register(repository.path.to_string_lossy().into_owned()).await?;
        }
        Ok(Self { owner, second, program, repositories, seen: BTreeMap::new() })
    }

    /// Waits until every service has a run.
    pub async fn first_runs(&mut self) {
        let begun = |overview: &Overview| {
            let mut services = SAMPLES.iter().map(|sample| seeding::service(overview, sample));
            services.all(|service| service.is_some_and(|service| service.latest_run.is_some()))
        };
        while !self.owner.overview().await.is_ok_and(|overview| begun(&overview)) {
            tokio::time::sleep(SOON).await;
        }
    }

    /// Brings every service to where it is to be at the start.
    pub async fn make_ready(&mut self) -> Result<(), Fault> {
        loop {
            // An engine that does not answer now may do so again.
            if let Ok(overview) = self.owner.overview().await {
                if seeding::is_ready(&overview) {
                    return Ok(());
                }
                self.go_on(&overview).await?;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn go_on(&mut self, overview: &Overview) -> Result<(), Fault> {
        for order in seeding::flags(&overview.flags) {
            self.order(&order).await;
        }
        for sample in SAMPLES {
            let Some(service) = seeding::service(overview, sample) else { continue };
            if seeding::reached(sample.goal, service) {
                continue;
            }
            match seeding::order(sample.goal, service) {
                Some(order) => self.order(&order).await,
                None if self.needs_a_release(sample, service).await? => self.commit(sample, service).await?,
                None => {}
            }
        }
        Ok(())
    }

    /// What is refused has moved meanwhile; the next look sees how.
    async fn order(&mut self, order: &Order) {
        let api = match order.by {
            Person::Owner => &mut self.owner,
            Person::Second => &mut self.second,
        };
        if let Err(fault) = api.order(&order.deed, &order.seen).await {
            tracing::debug!(%fault, "an order was not carried out");
        }
    }

    /// Whether the next of the first releases may follow, or one more is needed because nothing goes on.
    async fn needs_a_release(&mut self, sample: &Sample, service: &Service) -> Result<bool, Fault> {
        let Some(repository) = self.repositories.get(sample.name) else { return Ok(false) };
        let run = service.latest_run.as_ref().and_then(|run| run.number).unwrap_or(0);
        let seen = self.seen.entry(sample.name).or_default();
        let taken_up = run > seen.run && seeding::is_on_its_way(service);
        if taken_up && repository.releases().await? < sample.versions.len() {
            return Ok(true);
        }
        let now = System.instant();
        if seeding::is_busy(service) || !taken_up {
            seen.still_since = None;
        }
        let since = *seen.still_since.get_or_insert(now);
        Ok(now.duration_since(since) >= STUCK)
    }

    async fn commit(&mut self, sample: &Sample, service: &Service) -> Result<(), Fault> {
        let Some(repository) = self.repositories.get(sample.name) else { return Ok(()) };
        repository.commit(&self.program, System.now()).await?;
        let run = service.latest_run.as_ref().and_then(|run| run.number).unwrap_or(0);
        self.seen.insert(sample.name, Seen { run, still_since: None });
        Ok(())
    }

    /// Commits to one service after another, for as long as it is polled; never to one that is busy.
    pub async fn commit_in_turn(&mut self) {
        let mut turn = SAMPLES.iter().copied().cycle();
        let mut pause = EVERY;
        loop {
            tokio::time::sleep(pause).await;
            pause = AGAIN;
            let Ok(overview) = self.owner.overview().await else { continue };
            let free = |sample: &&Sample| {
                seeding::service(&overview, sample).is_some_and(|service| !seeding::is_busy(service))
            };
            let Some(sample) = turn.by_ref().take(SAMPLES.len()).find(free) else { continue };
            let Some(service) = seeding::service(&overview, sample) else { continue };
            match self.commit(sample, service).await {
                Ok(()) => pause = EVERY,
                Err(fault) => tracing::warn!(%fault, "a commit was not made; it is tried again"),
            }
        }
    }
}
