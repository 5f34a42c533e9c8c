//! Worlds: what the sources said, from small files under `tests/worlds/`, brought into a store the way the program does.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use leverframe::actions::{Operator, Policy, World};
use leverframe::domain::change::Changes;
use leverframe::domain::environment::Tier;
use leverframe::domain::ids::{JobName, RunKey, SourceName};
use leverframe::domain::log::{Chunk, LogKey};
use leverframe::domain::observation::{Facts, Observation, Overview, Problem, Subject};
use leverframe::domain::run::Run;
use leverframe::domain::signal::Signals;
use leverframe::domain::stop::{Brake, Stop};
use leverframe::domain::text::Text;
use leverframe::domain::topology::{Pace, Source, Topology};
use leverframe::store::Store;

/// A world as its file states it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    now: Timestamp,
    context: String,
    danger: bool,
    sources: Vec<SourceName>,
    #[serde(default)]
    answers: Vec<Answer>,
    #[serde(default)]
    runs: Vec<Run>,
    #[serde(default)]
    signals: Vec<Signals>,
    #[serde(default)]
    changes: Vec<Changes>,
    #[serde(default)]
    histories: Vec<Vec<Run>>,
    #[serde(default)]
    logs: Vec<Log>,
}

/// A job's output, line by line.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Log {
    run: RunKey,
    job: JobName,
    lines: Vec<String>,
    ended: bool,
}

impl Log {
    fn facts(self) -> Facts {
        let bytes = self.lines.iter().flat_map(|line| line.bytes().chain([b'\n'])).collect::<Vec<_>>();
        let total = bytes.len() as u64;
        let key = LogKey { run: self.run, job: self.job };
        Facts::Log(key, Chunk { from: 0, bytes, total, ended: self.ended })
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    source: SourceName,
    at: Timestamp,
    overview: Option<Overview>,
    problem: Option<Problem>,
}

/// All that a screen is drawn from, with the time standing still.
#[derive(Clone)]
pub struct Known {
    /// What is known.
    pub store: Store,
    /// The rules.
    pub policy: Policy,
    /// Who looks.
    pub operator: Operator,
    /// The time.
    pub now: Timestamp,
}

impl Known {
    /// The world called `name`.
    pub fn load(name: &str) -> Self {
        Self::load_with(name, |text| text)
    }

    /// The world called `name` as it is when its file's text is changed.
    pub fn load_with(name: &str, change: impl FnOnce(String) -> String) -> Self {
        let path = format!("{}/tests/worlds/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let text = change(text);
        let file: File = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let sources = file.sources.iter().map(|name| Source { name: name.clone(), pace: Pace::NEAR }).collect();
        let topology =
            Topology { context: file.context, danger: file.danger, read_only: false, sources, services: None };
        let mut known = Self {
            store: Store::new(Arc::new(topology)),
            policy: Policy::default(),
            operator: Operator { name: "anna".into(), read_only: false, glass: None },
            now: file.now,
        };
        for answer in file.answers {
            let facts = match (answer.overview, answer.problem) {
                (Some(overview), _) => Facts::Overview(overview),
                (None, Some(problem)) => Facts::Failed(problem),
                (None, None) => panic!("{path}: an answer holds an overview or a problem"),
            };
            known.store.apply(Observation { source: answer.source, subject: Subject::Overview, at: answer.at, facts });
        }
        let facts = file.runs.into_iter().map(|run| Facts::Run(Box::new(run)));
        let facts = facts.chain(file.histories.into_iter().map(|runs| Facts::Runs(runs[0].service.clone(), runs)));
        let facts = facts.chain(file.logs.into_iter().map(Log::facts));
        let facts = facts.chain(file.signals.into_iter().map(Facts::Signals));
        facts.chain(file.changes.into_iter().map(Box::new).map(Facts::Changes)).for_each(|facts| known.learn(facts));
        known
    }

    /// The first source says `facts` just now.
    pub fn learn(&mut self, facts: Facts) {
        let source = self.store.topology().sources.last().unwrap().name.clone();
        self.store.apply(Observation { source, subject: Subject::Overview, at: self.now, facts });
    }

    /// What the first service's overview becomes when `change` is made to it, seen just now.
    pub fn change(&mut self, change: impl Fn(&mut Overview)) {
        let mut overview = self.overview();
        change(&mut overview);
        self.learn(Facts::Overview(overview));
    }

    /// A stop stands that bert called a quarter of an hour ago, for two hours.
    pub fn stop(&mut self, tiers: Vec<Tier>, shared: bool) {
        let since = self.now.saturating_sub(SignedDuration::from_mins(15)).unwrap();
        let until = since.saturating_add(SignedDuration::from_hours(2)).ok();
        let (by, reason) = (Text::new("bert"), Some(Text::new("orders are paid twice")));
        let brake = Brake::new(Some(Stop { by, since, until, reason, tiers }), shared);
        self.change(|overview| overview.brake = Some(Box::new(brake.clone())));
    }

    /// What the first source said of everything.
    pub fn overview(&self) -> Overview {
        let source = self.store.topology().sources.last().unwrap().name.clone();
        let services = self.store.services().filter(|seen| seen.source == source).map(|seen| seen.value.clone());
        let flags = self.store.flags().map(|seen| seen.value.clone());
        let login = self.store.sources()[&source].login.clone();
        let brake = self.store.sources()[&source].brake.clone();
        let confirms = self.store.sources()[&source].confirms;
        Overview { services: services.collect(), flags: flags.collect(), login, brake, confirms }
    }

    /// As actions and screens see it.
    pub fn world(&self) -> World<'_> {
        World { store: &self.store, policy: &self.policy, operator: &self.operator, now: self.now, key: "key-1" }
    }
}
