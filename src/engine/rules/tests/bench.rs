//! A bench: the state, a clock that is set by hand, and a driver that does what is decided when it is told to.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::domain::environment::Tier;
use crate::domain::gate::Verdict;
use crate::domain::ids::{GateId, JobName, Place, ServiceName};
use crate::domain::order::RolloutDeed;
use crate::domain::release::VersionName;
use crate::domain::run::Status;
use crate::domain::stop;
use crate::domain::text::Text;
use crate::engine::deeds::{self, Orderer};
use crate::engine::observed::{Health, Observed};
use crate::engine::rules::begin::{Commit, File, Wanted};
use crate::engine::rules::{begin, rollouts, settle};
use crate::engine::spec;
use crate::engine::state::deployment::Deployment;
use crate::engine::state::person::{Initiator, Person, Role};
use crate::engine::state::place::Standing;
use crate::engine::state::release::Release;
use crate::engine::state::run::Run;
use crate::engine::state::service::Service;
use crate::engine::state::{State, revision};
use crate::engine::store::Draft;
use crate::protocol::fault::{Fault, Reason};
use crate::protocol::{Accepted, Decide, Freeze, Hold, Promote, RollBack, Shift};

/// The pipeline up to its environments: one build job, one release.
pub const STAGES: &str = r#"
[service]
name = "shop"
[[stage]]
name = "build"
kind = "build"
[[stage.job]]
name = "compile"
run = ["make"]
[[stage]]
name = "release"
kind = "release"
version = "git"
"#;

/// An environment of a pipeline file; `more` is further keys.
pub fn environment(name: &str, tier: &str, more: &str) -> String {
    format!("[[environment]]\nname = \"{name}\"\ntier = \"{tier}\"\nstart = \"./shop\"\n{more}\n")
}

pub struct Bench {
    pub state: State,
    pub now: Timestamp,
    pub observed: Observed,
    pipeline: String,
}

impl Bench {
    pub fn new(environments: &str) -> Self {
        let mut bench = Self {
            state: State::default(),
            now: Timestamp::UNIX_EPOCH,
            observed: Observed::default(),
            pipeline: format!("{STAGES}{environments}"),
        };
        bench.write(register);
        bench
    }

    /// One transition, with everything that follows from it.
    pub fn write<T>(&mut self, change: impl FnOnce(&mut Draft) -> T) -> T {
        let mut draft = Draft::new(self.state.clone(), self.now);
        let value = change(&mut draft);
        settle(&mut draft);
        self.state = draft.state().clone();
        value
    }

    pub fn later(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
        self.write(|_| ());
    }

    /// A commit by Ada begins a run.
    pub fn commit(&mut self) -> u64 {
        let pipeline = self.pipeline.clone();
        self.write(|draft| commit(draft, &pipeline)).unwrap()
    }

    pub fn begin(&mut self, file: File) -> u64 {
        self.write(|draft| begin_run(draft, file)).unwrap()
    }

    /// A commit that is built and released; it arrives at the first environment.
    pub fn release(&mut self) -> u64 {
        let run = self.commit();
        self.end_job(run, "compile", Status::Succeeded);
        self.make_release(run);
        run
    }

    pub fn end_job(&mut self, run: u64, job: &str, status: Status) {
        self.write(|draft| end_job(draft, run, job, status));
    }

    pub fn make_release(&mut self, run: u64) {
        self.write(|draft| make_release(draft, run));
    }

    /// The driver: every set that should run is healthy, the router holds what it should, until nothing changes.
    pub fn drive(&mut self, environment: &str) {
        let place = at(environment);
        for _ in 0..10 {
            let before = self.state.places.get(&place).cloned();
            let Some(standing) = before.clone() else { return };
            for set in standing.sets.iter().filter(|set| set.up) {
                let health = Health { healthy: set.replicas, ..Health::default() };
                self.observed.sets.insert((place.clone(), set.id), health);
                self.write(|draft| rollouts::healthy(draft, &place, set.id));
            }
            let split = self.standing(environment).split();
            self.write(|draft| rollouts::applied(draft, &place, &split));
            if self.state.places.get(&place).cloned() == before {
                return;
            }
        }
        panic!("{environment} does not come to rest");
    }

    pub fn standing(&self, environment: &str) -> Standing {
        (**self.state.places.get(&at(environment)).unwrap()).clone()
    }

    pub fn run(&self, number: u64) -> Run {
        (**self.state.runs.get(&(shop(), number)).unwrap()).clone()
    }

    /// How the job that deploys `run` into `environment` stands.
    pub fn job(&self, run: u64, environment: &str) -> Status {
        self.run(run).job(&JobName::new(environment)).unwrap().status
    }

    pub fn live(&self, environment: &str) -> String {
        self.standing(environment).live.map_or_else(|| "nothing".into(), |live| live.version.to_string())
    }

    /// The split as `version percent` pairs.
    pub fn split(&self, environment: &str) -> Vec<(String, u8)> {
        let standing = self.standing(environment);
        let shares = standing.split().into_iter();
        shares.map(|share| (standing.set(share.set).unwrap().version.to_string(), share.weight.percent())).collect()
    }

    /// The deployment of a run to a place.
    pub fn deployment(&self, run: u64, environment: &str) -> Deployment {
        let of = |d: &&Arc<Deployment>| d.run == run && d.place == at(environment);
        (**self.state.deployments.values().rev().find(of).unwrap()).clone()
    }

    fn orderer(&self, who: &str, expect: crate::domain::ids::Revision) -> Orderer {
        let role = match who {
            "vera" => Role::Viewer,
            "otto" => Role::Operator,
            _ => Role::ReleaseManager,
        };
        let person = Person { name: who.into(), roles: vec![role], hash: String::new(), made_at: self.now };
        Orderer {
            person: Arc::new(person),
            expect: Some(expect),
            breaks: false,
            observed: Arc::new(self.observed.clone()),
        }
    }

    pub fn orderer_of(&self, who: &str, expect: crate::domain::ids::Revision) -> Orderer {
        self.orderer(who, expect)
    }

    fn order(
        &mut self,
        environment: &str,
        deed: impl FnOnce(&mut Draft, &Orderer, &Place) -> Result<Accepted, Fault>,
    ) -> Result<String, Reason> {
        let place = at(environment);
        let orderer = self.orderer("otto", revision::environment(&self.state, &place));
        self.try_write(|draft| deed(draft, &orderer, &place))
    }

    fn try_write(&mut self, deed: impl FnOnce(&mut Draft) -> Result<Accepted, Fault>) -> Result<String, Reason> {
        let before = self.state.clone();
        let done = self.write(deed);
        if done.is_err() {
            self.state = before;
        }
        done.map(|accepted| accepted.message.to_string()).map_err(|fault| fault.reason)
    }

    pub fn decide(&mut self, run: u64, environment: &str, who: &str, verdict: Verdict) -> Result<String, Reason> {
        let deployment = self.deployment(run, environment);
        let (orderer, gate) = (self.orderer(who, revision::gate(&deployment)), deployment.gate_id());
        self.decide_as(&orderer, &gate, verdict)
    }

    pub fn decide_as(&mut self, orderer: &Orderer, gate: &GateId, verdict: Verdict) -> Result<String, Reason> {
        let word = Decide { verdict, comment: None };
        self.try_write(|draft| deeds::decide::decide(draft, orderer, gate, &word))
    }

    pub fn shift(&mut self, environment: &str, deed: RolloutDeed) -> Result<String, Reason> {
        let order = Shift { deed, reason: None };
        self.order(environment, |draft, orderer, place| deeds::shift::shift(draft, orderer, place, &order))
    }

    pub fn promote(&mut self, environment: &str, run: u64) -> Result<String, Reason> {
        let order = Promote { version: version(run), reason: None };
        self.order(environment, |draft, orderer, place| deeds::promote::promote(draft, orderer, place, &order))
    }

    pub fn roll_back(&mut self, environment: &str, run: u64) -> Result<String, Reason> {
        let order = RollBack { version: version(run), reason: None };
        self.order(environment, |draft, orderer, place| deeds::roll_back::roll_back(draft, orderer, place, &order))
    }

    /// A person calls a stop in these tiers, or takes it back.
    pub fn freeze(&mut self, on: bool, tiers: &[Tier], until: Option<Timestamp>) -> Result<String, Reason> {
        let orderer = self.orderer("otto", stop::revision(self.state.stop.as_deref()));
        let order = Freeze { on, until, tiers: tiers.to_vec(), reason: on.then(|| Text::new("paid twice")) };
        self.try_write(|draft| deeds::freeze::freeze(draft, &orderer, &order))
    }

    /// Promotes with the glass before the stop broken, for this reason.
    pub fn force(&mut self, environment: &str, run: u64, reason: Option<&str>) -> Result<String, Reason> {
        let (place, order) = (at(environment), Promote { version: version(run), reason: reason.map(Text::new) });
        let orderer = self.orderer("otto", revision::environment(&self.state, &place));
        let orderer = Orderer { breaks: true, ..orderer };
        self.try_write(|draft| deeds::promote::promote(draft, &orderer, &place, &order))
    }

    pub fn hold(&mut self, environment: &str, on: bool) -> Result<String, Reason> {
        let order = Hold { on, reason: None };
        self.order(environment, |draft, orderer, place| deeds::hold::hold(draft, orderer, place, &order))
    }
}

/// Registers the service.
pub fn register(draft: &mut Draft) {
    draft.add_service(Service {
        name: shop(),
        order: 1,
        repository: "/shop".into(),
        branch: "main".into(),
        head: None,
        pipeline: None,
        pipeline_commit: None,
        problem: None,
        unreachable: None,
        next_run: 1,
    });
}

/// A commit by Ada begins a run with this pipeline file.
pub fn commit(draft: &mut Draft, pipeline: &str) -> Option<u64> {
    let parsed = spec::parse(pipeline, spec::FILE).unwrap();
    let digest = crate::domain::chain::hex(&<sha2::Sha256 as sha2::Digest>::digest(pipeline));
    begin_run(draft, File::Good { digest, text: pipeline.into(), pipeline: Arc::new(parsed) })
}

fn begin_run(draft: &mut Draft, file: File) -> Option<u64> {
    let author = Initiator { name: "Ada".into(), email: Some("ada@example.org".into()) };
    let commit = Commit { id: "c".into(), title: Text::new("change"), author };
    begin::begin(draft, Wanted { service: shop(), branch: "main".into(), commit, file, starter: None })
}

/// A job of a run ends.
pub fn end_job(draft: &mut Draft, run: u64, job: &str, status: Status) {
    let now = draft.now;
    let job = draft.run_mut(&(shop(), run)).unwrap().job_mut(&JobName::new(job)).unwrap();
    job.started_at = Some(now);
    job.end(status, None, now);
}

/// A run makes its release.
pub fn make_release(draft: &mut Draft, run: u64) {
    let now = draft.now;
    let pipeline = draft.run_mut(&(shop(), run)).unwrap().pipeline.clone().unwrap();
    draft.add_release(Release {
        service: shop(),
        version: version(run),
        commit: "c".into(),
        title: Text::new("change"),
        digest: format!("sha256:{run}"),
        pipeline,
        run,
        made_at: now,
        gone: false,
    });
    let record = draft.run_mut(&(shop(), run)).unwrap();
    record.release = Some(version(run));
    record.job_mut(&JobName::new("release")).unwrap().end(Status::Succeeded, None, now);
}

pub fn shop() -> ServiceName {
    ServiceName::new("shop")
}

pub fn at(environment: &str) -> Place {
    Place::new("shop", environment)
}

/// The version that run `run` makes.
pub fn version(run: u64) -> VersionName {
    VersionName::new(format!("v{run}"))
}
