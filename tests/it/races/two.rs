//! Two consoles at once on one engine: each has planned from the same facts, both pull at the same moment. One acts; the
//! other is told what moved.

use std::collections::VecDeque;
use std::sync::Arc;

use leverframe::actions::request::FlagWish;
use leverframe::actions::{Operator, Outcome, OutcomeState, Plan, Policy, Request, World, plan};
use leverframe::app::pull::{Event, Pull, Want};
use leverframe::backends::{Backends, Ports, connect};
use leverframe::clock::{Clock as _, System, since};
use leverframe::config::{Places, load_from};
use leverframe::domain::environment::Environment;
use leverframe::domain::flag::FlagValue;
use leverframe::domain::ids::{Place, SourceName};
use leverframe::domain::observation::Subject;
use leverframe::domain::rollout::Weight;
use leverframe::domain::topology::{Pace, Source, Topology};
use leverframe::runtime::journal::Journal;
use leverframe::runtime::perform;
use leverframe::store::Store;

use super::rounds;
use crate::cli::bench::Bench;

/// A console without a screen.
struct Console {
    backends: Backends,
    source: SourceName,
    store: Store,
    journal: Journal,
    policy: Policy,
    operator: Operator,
}

impl Console {
    /// One that asks the engine of `bench`, with a journal of its own.
    fn new(bench: &Bench, name: &str) -> Self {
        let config = load_from(Some(&bench.folder.path().join("config.toml")), &Places::default()).unwrap();
        let source = config.sources[0].name.clone();
        let backend = connect(&config.sources[0], &Ports::new(Arc::new(System), false));
        let sources = vec![Source { name: source.clone(), pace: Pace::NEAR }];
        let topology = Topology { context: "race".into(), danger: false, read_only: false, sources, services: None };
        Self {
            backends: [(source.clone(), Arc::new(backend))].into(),
            source,
            store: Store::new(Arc::new(topology)),
            journal: Journal::open(&bench.folder.path().join(name)),
            policy: Policy::default(),
            operator: Operator { name: name.into(), ..Operator::default() },
        }
    }

    async fn look(&mut self, subject: &Subject) {
        let told = perform::ask(&self.backends, &System, &self.source, subject).await;
        self.store.apply(told);
    }

    async fn plan(&mut self, request: &Request, key: &str) -> Plan {
        self.look(&Subject::Overview).await;
        let Self { store, policy, operator, .. } = self;
        plan(&World { store, policy, operator, now: System.now(), key }, request).unwrap()
    }

    /// Pulls, from the word to the outcome.
    async fn pull(&mut self, plan: Plan) -> Outcome {
        let max_age = self.policy.tier(plan.target.tier.unwrap_or_default()).max_age;
        let mut pull = Pull::new(plan, max_age, true);
        let described = perform::describe(&self.backends, &pull.plan().order);
        pull.update(Event::Described(described), &self.store, System.now());
        let mut wants: VecDeque<Want> = self.tell(&mut pull, Event::Confirmed { reason: None });
        loop {
            while let Some(want) = wants.pop_front() {
                let event = self.perform(&pull, want).await;
                wants.extend(self.tell(&mut pull, event));
            }
            if let Some(outcome) = pull.outcome() {
                return outcome.clone();
            }
            let span = pull.wake_at().map(|at| since(System.now(), at)).unwrap_or_default();
            tokio::time::sleep(span).await;
            wants = self.tell(&mut pull, Event::Due);
        }
    }

    fn tell(&self, pull: &mut Pull, event: Event) -> VecDeque<Want> {
        pull.update(event, &self.store, System.now()).into()
    }

    async fn perform(&mut self, pull: &Pull, want: Want) -> Event {
        match want {
            Want::Refresh(_, subject) => {
                self.look(&subject).await;
                Event::Learnt
            }
            Want::Step(..) => unreachable!("no second person is needed"),
            Want::Describe => Event::Described(perform::describe(&self.backends, &pull.plan().order)),
            Want::Record(record) => {
                let written = self.journal.append(&record, System.now());
                Event::Recorded(written.map_err(|fault| fault.to_string()))
            }
            Want::Send(calls) => Event::Sent(perform::send(&self.backends, &self.source, &calls, None).await),
        }
    }

    fn environment(&self, place: &Place) -> &Environment {
        self.store.place(place).unwrap().value.1
    }

    fn share(&self) -> Option<Weight> {
        let flag = &self.store.flag(&self.source, &"new-basket".into()).unwrap().value;
        flag.environments.iter().find(|state| state.name.as_str() == "production").unwrap().percent
    }
}

fn share(round: u64, of: u64) -> Weight {
    Weight::new(u8::try_from(1 + (2 * round + of) % 98).unwrap()).unwrap()
}

fn flag(to: Weight) -> Request {
    Request::SetFlag(FlagWish {
        key: "new-basket".into(),
        environment: "production".into(),
        value: FlagValue::Percent(to),
        source: None,
        service: None,
    })
}

/// Both have planned before either pulls.
async fn race(consoles: &mut [Console; 2], requests: [Request; 2], round: u64) -> [Outcome; 2] {
    let [one, other] = consoles;
    let first = one.plan(&requests[0], &format!("one-{round}")).await;
    let second = other.plan(&requests[1], &format!("other-{round}")).await;
    assert_eq!(first.revision, second.revision);
    let (one, other) = tokio::join!(one.pull(first), other.pull(second));
    [one, other]
}

/// Which of them acted: exactly one, and the other was told that it moved.
fn winner(outcomes: &[Outcome; 2], round: u64) -> usize {
    let states = outcomes.each_ref().map(|outcome| outcome.state);
    let winner = match states {
        [OutcomeState::Reached, OutcomeState::Moved] => 0,
        [OutcomeState::Moved, OutcomeState::Reached] => 1,
        _ => panic!("round {round}: {outcomes:?}"),
    };
    let told = outcomes[1 - winner].message.as_str();
    assert!(told.contains("moved") || told.contains("not what"), "{told}");
    winner
}

#[test]
fn of_two_consoles_that_pull_at_once_exactly_one_acts_and_the_other_is_told_what_moved() {
    let bench = Bench::new();
    let tasks = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    tasks.block_on(async {
        let mut consoles = [Console::new(&bench, "one"), Console::new(&bench, "other")];
        let staging = Place::new("checkout", "staging");
        for round in 0..rounds(100) {
            if round % 4 == 3 {
                consoles[0].look(&Subject::Overview).await;
                let on = !consoles[0].environment(&staging).held;
                let hold = || Request::Hold { place: staging.clone(), on };
                winner(&race(&mut consoles, [hold(), hold()], round).await, round);
                consoles[0].look(&Subject::Overview).await;
                assert_eq!(consoles[0].environment(&staging).held, on);
                continue;
            }
            let outcomes = race(&mut consoles, [flag(share(round, 0)), flag(share(round, 1))], round).await;
            let won = winner(&outcomes, round);
            consoles[0].look(&Subject::Overview).await;
            assert_eq!(consoles[0].share(), Some(share(round, won as u64)), "round {round}: {outcomes:?}");
        }
        for console in &consoles {
            assert_eq!(console.journal.verify(&[]).unwrap().broken, None);
        }
    });
}
