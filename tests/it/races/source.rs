//! A source that is a world of its own: it tells what it is, takes changes that name the revision it has, and keeps on
//! record what it was sent and what it really did.

use jiff::Timestamp;
use leverframe::actions::facts::revision_now;
use leverframe::capabilities::CapabilityError;
use leverframe::capabilities::error::Kind;
use leverframe::domain::ids::{Revision, RunKey};
use leverframe::domain::observation::{Facts, Observation, Overview, Problem, ProblemKind, Subject};
use leverframe::domain::order::{Call, Deed, DeploymentDeed, Order, RolloutDeed};
use leverframe::domain::text::Text;
use leverframe::store::Store;

use super::judge::{self, Seen};

/// How a source takes a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// Does it and says so.
    Plainly,
    /// Does it, and the answer is lost.
    LostAfter,
    /// The request is lost, and nobody knows.
    LostBefore,
    /// Says that it will, and never does.
    OnlyAccepts,
    /// Does it, and tells what was before for a while.
    Stale,
    /// Does not answer any more.
    Down,
}

/// All of them.
pub const ANSWERS: [Answers; 6] =
    [Answers::Plainly, Answers::LostAfter, Answers::LostBefore, Answers::OnlyAccepts, Answers::Stale, Answers::Down];

/// The source, and what it did.
pub struct Source {
    pub overview: Overview,
    pub answers: Answers,
    pub rights: bool,
    pub identity: u32,
    pub jumps: bool,
    pub began: Timestamp,
    /// After so many looks an effect is seen.
    pub lag: u32,
    /// What was seen when the plan was made.
    pub seen: Option<Seen>,
    /// The changes that came in.
    pub came: u32,
    /// Those that were carried out, and what each acted on.
    pub did: Vec<Seen>,
    /// Whether the end that was wanted was so at any time since.
    pub held_once: bool,
    sent: Option<Deed>,
    due: Option<(u32, Deed)>,
    before: Overview,
    looks: u32,
    ticks: u32,
    told: u32,
}

impl Source {
    pub fn new(overview: Overview, answers: Answers, lag: u32, began: Timestamp) -> Self {
        let before = overview.clone();
        let mut source = Self {
            overview,
            answers,
            rights: true,
            identity: 0,
            jumps: false,
            began,
            lag,
            seen: None,
            came: 0,
            did: Vec::new(),
            held_once: false,
            sent: None,
            due: None,
            before,
            looks: 0,
            ticks: 0,
            told: 0,
        };
        source.tick();
        source.before = source.overview.clone();
        source
    }

    /// Gives everything another revision.
    pub fn tick(&mut self) {
        self.ticks += 1;
        let revision = || Revision::new(format!("r{}", self.ticks));
        for service in &mut self.overview.services {
            service.latest_run.iter_mut().for_each(|run| run.revision = revision());
            for environment in &mut service.environments {
                environment.revision = revision();
                environment.gate.iter_mut().for_each(|gate| gate.revision = revision());
            }
        }
        self.overview.flags.iter_mut().flat_map(|flag| &mut flag.environments).for_each(|it| it.revision = revision());
    }

    /// The calls that an order takes.
    pub fn calls(order: &Order) -> Vec<Call> {
        let expect = order.expect.as_ref().map(|revision| ("If-Match".to_owned(), revision.as_str().to_owned()));
        let body = serde_json::to_value(&order.deed).ok();
        vec![Call { verb: Text::new("POST"), target: "/lever".into(), headers: expect.into_iter().collect(), body }]
    }

    /// What it says when it is asked.
    pub fn tell(&mut self, subject: &Subject, at: Timestamp) -> Observation {
        self.looks += 1;
        self.comes_true();
        let failed = |kind, message: &str| {
            let message = Text::new(message);
            Facts::Failed(Problem { source: "engine".into(), kind, message, hint: None, since: None })
        };
        let stale = self.answers == Answers::Stale && !self.did.is_empty() && self.told < 3;
        self.told += u32::from(!self.did.is_empty());
        let overview = if stale { &self.before } else { &self.overview };
        let facts = match subject {
            _ if self.answers == Answers::Down => failed(ProblemKind::Unreachable, "connection refused"),
            Subject::Run(key) => match judge::run(overview, key) {
                Some(run) => Facts::Run(Box::new(run.clone())),
                None => failed(ProblemKind::NotFound, "no such run"),
            },
            Subject::Runs(name) => {
                let service = overview.services.iter().find(|service| service.name == *name);
                Facts::Runs(name.clone(), service.and_then(|service| service.latest_run.clone()).into_iter().collect())
            }
            _ => Facts::Overview(self.login(overview.clone())),
        };
        Observation { source: "engine".into(), subject: subject.clone(), at, facts }
    }

    fn login(&self, mut overview: Overview) -> Overview {
        overview.login.iter_mut().for_each(|login| login.may_write = self.rights);
        overview
    }

    /// Takes a change, as its way is.
    pub fn take(&mut self, calls: &[Call]) -> Result<Option<RunKey>, CapabilityError> {
        let error = |kind, words: &str| Err(CapabilityError::new(kind, words));
        if self.answers == Answers::Down {
            return error(Kind::Unreachable, "connection refused");
        }
        self.came += 1;
        let call = &calls[0];
        let deed: Deed = serde_json::from_value(call.body.clone().unwrap()).unwrap();
        self.sent = Some(deed.clone());
        if self.answers == Answers::LostBefore {
            self.watch();
            return error(Kind::UnknownOutcome, "the connection was reset");
        }
        if !self.rights {
            return error(Kind::Forbidden, "your token may only look");
        }
        if self.overview.brake.as_ref().is_some_and(|brake| brake.stop.is_some()) && to_users(&deed) {
            return error(Kind::Refused, "an emergency stop stands");
        }
        let expected = call.headers.first().map(|(_, revision)| Revision::new(revision.clone()));
        if expected != self.revision(&deed) || !self.there(&deed) {
            return error(Kind::Moved(None), "it has moved");
        }
        let acted = judge::seen(&self.overview, &deed);
        let run = judge::started(&deed);
        if self.answers != Answers::OnlyAccepts {
            self.did.push(acted);
            self.due = Some((self.looks + self.lag, deed));
        }
        self.comes_true();
        if self.answers == Answers::LostAfter {
            error(Kind::UnknownOutcome, "the connection was reset")
        } else {
            Ok(run)
        }
    }

    fn revision(&self, deed: &Deed) -> Option<Revision> {
        let order = Order {
            source: "engine".into(),
            deed: deed.clone(),
            expect: None,
            reason: None,
            breaks: false,
            key: Text::new(""),
        };
        revision_now(&self.store(), &order)
    }

    fn store(&self) -> Store {
        let mut known = crate::support::world::Known::load("empty").store;
        let facts = Facts::Overview(self.overview.clone());
        known.apply(Observation { source: "engine".into(), subject: Subject::Overview, at: self.began, facts });
        known
    }

    fn there(&self, deed: &Deed) -> bool {
        match deed {
            Deed::Rollout(place, _) => judge::environment(&self.overview, place).is_some_and(|it| it.rollout.is_some()),
            _ => true,
        }
    }

    /// An effect whose time has come.
    fn comes_true(&mut self) {
        if let Some((_, deed)) = self.due.take_if(|(at, _)| *at <= self.looks) {
            judge::apply(&mut self.overview, &deed);
            self.tick();
        }
        self.watch();
    }

    /// Notes whether what is wanted is so now.
    pub fn watch(&mut self) {
        if let (Some(deed), Some(seen)) = (&self.sent, &self.seen) {
            self.held_once |= judge::holds(&self.overview, deed, seen);
        }
    }
}

/// Whether a stop keeps it out.
fn to_users(deed: &Deed) -> bool {
    match deed {
        Deed::Gate(deed) => deed.verdict == leverframe::domain::gate::Verdict::Approve,
        Deed::Deployment(_, deed) => matches!(deed, DeploymentDeed::Promote(_)),
        Deed::Rollout(_, deed) => matches!(deed, RolloutDeed::Complete | RolloutDeed::Resume),
        _ => false,
    }
}
