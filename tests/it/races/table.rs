//! The table: every way in which the world moves, against every deed, at every moment and with every answer.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use leverframe::actions::{self, Outcome, OutcomeState};
use leverframe::app::pull::{Event, Pull, Want};
use leverframe::domain::observation::Facts;

use super::deeds::{Deed, all};
use super::judge;
use super::rounds;
use super::source::{ANSWERS, Answers, Source};
use super::ways::{WAYS, Way};
use crate::support::world::Known;

/// When the world moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// Before the word, and nobody was told.
    Unseen,
    /// Before the word, and the console has learnt it.
    Seen,
    /// After it was read again, before the change comes in.
    Reread,
    /// After the change came in.
    Sent,
}

const MOMENTS: [Moment; 4] = [Moment::Unseen, Moment::Seen, Moment::Reread, Moment::Sent];

/// A pull, and the world that it is in.
struct Race {
    source: Source,
    known: Known,
    now: Timestamp,
    moves: Option<(Way, Moment)>,
    forward: bool,
}

impl Race {
    fn new(known: &Known, deed: &Deed, answers: Answers, lag: u32) -> Self {
        let mut overview = known.overview();
        (deed.before)(&mut overview);
        let source = Source::new(overview, answers, lag, known.now);
        let mut known = known.clone();
        known.learn(Facts::Overview(source.overview.clone()));
        let now = known.now;
        Self { source, known, now, moves: None, forward: true }
    }

    /// The world moves, if this is the moment.
    fn at(&mut self, moment: Moment) {
        let Some((way, _)) = self.moves.take_if(|(_, when)| *when == moment) else { return };
        way.1(&mut self.source);
        if self.source.identity > 0 && moment != Moment::Unseen {
            // What is another thing has another revision; only before it is read again nobody can rely on that.
            self.source.tick();
        }
        if self.source.jumps {
            let hour = SignedDuration::from_hours(1);
            self.now = if self.forward { self.now + hour } else { self.now - hour };
        }
        self.source.watch();
    }

    /// The whole life of a pull.
    fn run(&mut self, deed: &Deed) -> Outcome {
        let plan =
            actions::plan(&self.known.world(), &deed.request).unwrap_or_else(|why| panic!("{}: {why:?}", deed.name));
        self.source.seen = Some(judge::seen(&self.source.overview, &plan.order.deed));
        let calls = Source::calls(&plan.order);
        let mut pull =
            Pull::new(plan, self.known.policy.tier(leverframe::domain::environment::Tier::Production).max_age, true);
        pull.update(Event::Described(Ok(calls)), &self.known.store, self.now);
        self.at(Moment::Unseen);
        if self.moves.is_some_and(|(_, moment)| moment == Moment::Seen) {
            self.at(Moment::Seen);
            self.later();
            let told = self.source.tell(&leverframe::domain::observation::Subject::Overview, self.now);
            self.known.store.apply(told);
        }
        self.through(&mut pull)
    }

    fn later(&mut self) {
        self.now += SignedDuration::from_micros(10);
    }

    fn through(&mut self, pull: &mut Pull) -> Outcome {
        let mut wants: VecDeque<Want> = self.told(pull, Event::Confirmed { reason: None });
        for round in 0_u32.. {
            while let Some(want) = wants.pop_front() {
                let event = self.perform(pull, want);
                wants.extend(self.told(pull, event));
            }
            if let Some(outcome) = pull.outcome() {
                return outcome.clone();
            }
            let span = if round < 8 { SignedDuration::from_millis(200) } else { SignedDuration::from_mins(4) };
            self.now += span;
            wants = self.told(pull, Event::Due);
            assert!(round < 40, "it does not end: {}", pull.says());
        }
        unreachable!()
    }

    fn told(&mut self, pull: &mut Pull, event: Event) -> VecDeque<Want> {
        self.later();
        pull.update(event, &self.known.store, self.now).into()
    }

    fn perform(&mut self, pull: &Pull, want: Want) -> Event {
        self.later();
        match want {
            Want::Refresh(_, subject) => {
                let told = self.source.tell(&subject, self.now);
                self.known.store.apply(told);
                Event::Learnt
            }
            Want::Step(..) => unreachable!("no second person is needed"),
            Want::Describe => Event::Described(Ok(Source::calls(&pull.plan().order))),
            Want::Record(_) => Event::Recorded(Ok(1)),
            Want::Send(calls) => {
                self.at(Moment::Reread);
                let answer = self.source.take(&calls);
                self.at(Moment::Sent);
                Event::Sent(answer)
            }
        }
    }

    /// What the judge says against the outcome; nothing where all is as it is said.
    fn verdict(&self, outcome: &Outcome) -> Option<String> {
        let (source, seen) = (&self.source, self.source.seen.as_ref().unwrap());
        let said = match outcome.state {
            OutcomeState::Reached if !source.held_once => "false success",
            OutcomeState::Moved | OutcomeState::Refused | OutcomeState::Failed if !source.did.is_empty() => {
                "said to be nothing, and something was done"
            }
            OutcomeState::Reached | OutcomeState::Unknown | OutcomeState::NotReached if source.came == 0 => {
                "said to be sent, and nothing came"
            }
            OutcomeState::Sent | OutcomeState::None => "no outcome",
            _ if source.came > 1 || source.did.len() > 1 => "done twice",
            _ if source.did.iter().any(|acted| acted.essence != seen.essence) => "wrong target",
            _ => return None,
        };
        Some(format!("{said}: {} {}; did {:?}, seen {seen:?}", outcome.state, outcome.message, source.did))
    }
}

/// A number that looks like chance and is the same every time.
fn mixed(parts: [u64; 3]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |mix: u64, part| {
        let mix = (mix ^ part).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mix ^ (mix >> 29)
    })
}

fn pick<T: Copy>(all: &[T], mix: u64) -> T {
    all[usize::try_from(mix % all.len() as u64).unwrap()]
}

#[test]
fn a_deed_in_a_world_that_stands_still_or_only_ticks_is_done() {
    let known = Known::load("shop");
    let ticks = WAYS.iter().find(|(name, _)| *name == "the revisions tick").unwrap();
    for deed in all() {
        for moves in [None, Some((*ticks, Moment::Unseen)), Some((*ticks, Moment::Seen))] {
            let mut race = Race::new(&known, &deed, Answers::Plainly, 1);
            race.moves = moves;
            let outcome = race.run(&deed);
            assert_eq!(outcome.state, OutcomeState::Reached, "{}: {}", deed.name, outcome.message);
            assert_eq!((race.verdict(&outcome), race.source.did.len()), (None, 1), "{}", deed.name);
        }
    }
}

#[test]
fn no_way_in_which_the_world_moves_makes_a_deed_act_on_another_target_or_claim_an_end_that_is_not() {
    let known = Known::load("shop");
    let (mut wrong, mut raced, mut acted) = (Vec::new(), 0_u32, 0_usize);
    for (row, deed) in (0..).zip(all()) {
        for (column, way) in (0..).zip(WAYS) {
            for round in 0..rounds(10) {
                let mix = mixed([row, column, round]);
                let (moment, answers) = (pick(&MOMENTS, mix), pick(&ANSWERS, mix >> 8));
                let mut race = Race::new(&known, &deed, answers, u32::try_from((mix >> 16) % 3).unwrap());
                (race.moves, race.forward) = (Some((way, moment)), mix >> 20 & 1 == 0);
                let outcome = race.run(&deed);
                (raced, acted) = (raced + 1, acted + race.source.did.len());
                let said = race.verdict(&outcome);
                wrong.extend(said.map(|said| format!("{} · {} · {moment:?} · {answers:?}: {said}", deed.name, way.0)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {raced}:\n{}", wrong.len(), wrong.join("\n"));
    println!("{raced} races, {acted} acted");
}
