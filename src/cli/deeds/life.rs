//! The life of one deed without a screen: planned, shown, confirmed, and pulled as the console pulls it, until its end
//! is seen, the time is up, or a signal ends the program.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::Value;

use super::Terms;
use super::answer::{self, Answer};
use super::confirm::{self, Word};
use crate::actions::interlocks::State;
use crate::actions::{self, Outcome, OutcomeState, Plan, Refusal, Request, Unavailable, document, taken_back};
use crate::app::effect::Record;
use crate::app::pull::{Event, Pull, Want};
use crate::cli::ask::somebody_there;
use crate::cli::failure::{Failure, code, code_of_refusal};
use crate::cli::report;
use crate::cli::session::Session;
use crate::cli::signals::Signals;
use crate::clock::since;
use crate::domain::ids::Revision;
use crate::domain::observation::Subject;
use crate::domain::order::Call;
use crate::domain::text::Text;
use crate::runtime::perform;

/// How long the history of commits may take before a way back is shown without it.
const HISTORY: Duration = Duration::from_secs(2);

/// Plans what is requested, and does it on these terms.
pub async fn live(session: &mut Session, signals: Signals, request: &Request, terms: &Terms) -> Answer {
    let key = format!("{:032x}", rand::random::<u128>());
    let mut plan = match actions::plan(&session.world(&key), request) {
        Ok(plan) => plan,
        Err(unavailable) => return unavailable_as(session, request, &unavailable, terms).await,
    };
    // Known before the calls are asked for, so that those that are shown are those that are sent.
    plan.order.reason = confirm::reason(terms, comment(request));
    let calls = match perform::describe(&session.backends, &plan.order) {
        Ok(calls) => calls,
        Err(error) => return Answer::failed(&Failure::of(&error.problem(plan.source()))),
    };
    let left = left(session, &plan, terms).await;
    let mut shown = document::plan(&plan, &calls);
    shown["leaves"] = left.iter().map(|line| Value::from(line.words.as_str())).collect();
    let lines = answer::plan(&plan, &calls, &left, session.color());
    let lock = lock(&plan, terms, session, request);
    if terms.dry_run {
        return asked_for(shown, lines, lock);
    }
    if let Some((refusal, code)) = lock {
        return refuse(session, request, Answer { lines, ..Answer::refused(shown, refusal, code) }).await;
    }
    pull((session, signals), request, terms, (plan, shown, lines)).await
}

/// What going back takes back and leaves. It is asked for only where somebody is to read it before the lever moves, and is
/// not waited for: the way back must not hang on a history of commits.
async fn left(session: &mut Session, plan: &Plan, terms: &Terms) -> Vec<taken_back::Line> {
    if let Some(back) = plan.back.clone().filter(|_| terms.dry_run || !terms.yes) {
        let asked = Subject::TakenBack(Box::new(back));
        let answer = session.ask(plan.source(), &asked);
        // Without an answer the lines say that it is not known.
        drop(tokio::time::timeout(HISTORY, answer).await);
    }
    taken_back::lines(&session.world(plan.order.key.as_str()), plan)
}

/// Confirms and pulls a plan that nothing stands in the way of.
async fn pull(
    (session, mut signals): (&mut Session, Signals),
    request: &Request,
    terms: &Terms,
    (mut plan, shown, lines): (Plan, Value, String),
) -> Answer {
    if session.globals.json && !terms.yes && somebody_there() {
        report::note(&lines);
    } else if !session.globals.json {
        report::say(&lines);
    }
    let word = tokio::select! {
        word = confirm::ask(&plan, terms) => word,
        signal = signals.next() => return ended_by(signal, Answer::nothing(shown, "ended by a signal: nothing was sent")),
    };
    let reason = match word {
        Word::Yes(reason) => reason,
        Word::No(why, cleared_by) => {
            let unconfirmed = Unavailable::state("confirmation", why).cleared_by(cleared_by);
            let answer = Answer::refused(shown, document::refusal(&unconfirmed), code::REFUSED);
            return refuse(session, request, answer).await;
        }
    };
    plan.order.reason.clone_from(&reason);
    plan.limit = session.globals.timeout.unwrap_or(plan.limit);
    let max_age = session.policy.tier(plan.target.tier.unwrap_or_default()).max_age;
    let pull = Pull::new(plan, max_age, !terms.no_wait).within(session.globals.timeout);
    let mut driven = Driven { pull, session, signals, ended_by: None, told: false };
    let outcome = driven.through(reason).await;
    let signal = driven.ended_by;
    let answer = Answer::pulled(shown, outcome);
    signal.map_or_else(|| answer.clone(), |signal| ended_by(signal, answer.clone()))
}

/// What is said at the gate, where that is what is asked for.
const fn comment(request: &Request) -> Option<&Text> {
    match request {
        Request::Decide { comment, .. } => comment.as_ref(),
        _ => None,
    }
}

/// An answer whose exit code is the signal's, unless the end was seen before.
fn ended_by(signal: u8, answer: Answer) -> Answer {
    if answer.outcome.state == OutcomeState::Reached { answer } else { Answer { code: signal, ..answer } }
}

/// What a dry run says: the plan, and what stands in its way. Read-only does not stand in the way of looking.
fn asked_for(shown: Value, lines: String, lock: Option<(Value, u8)>) -> Answer {
    let answer = Answer { lines, ..Answer::nothing(shown, "dry run: nothing was sent") };
    match lock {
        None => answer,
        Some((refusal, code)) => {
            let code = if code == code::MOVED { code } else { code::REFUSED };
            let says = format!("dry run: it would be refused: {}", refusal["reason"].as_str().unwrap_or("a rule"));
            Answer { outcome: Outcome::new(OutcomeState::None, says), refusal, code, ..answer }
        }
    }
}

/// What stands in the way of a plan, with its exit code; of several, the first in the contract's order.
fn lock(plan: &Plan, terms: &Terms, session: &Session, request: &Request) -> Option<(Value, u8)> {
    let locked = plan.interlocks.iter().filter(|interlock| interlock.state == State::Locked);
    let counted = locked.filter(|interlock| !(terms.dry_run && interlock.name == "read_only"));
    let mut locks: Vec<_> =
        counted.map(|interlock| (document::locked(interlock), code_of_refusal(interlock.refusal))).collect();
    locks.extend(moved(session, request, terms).map(|moved| (document::refusal(&moved), code::MOVED)));
    let first = code::first(locks.iter().map(|(_, code)| *code))?;
    locks.into_iter().find(|(_, code)| *code == first)
}

/// That the target has another revision than the one that is expected.
fn moved(session: &Session, request: &Request, terms: &Terms) -> Option<Unavailable> {
    let expected = terms.expect.as_ref()?;
    let now = revisions(session, request);
    if now.contains(expected) {
        return None;
    }
    let now: Vec<_> = now.iter().map(ToString::to_string).collect();
    let now = if now.is_empty() { "none".into() } else { now.join(" or ") };
    let reason = format!("its revision is {now}, not {expected}: nothing was sent");
    Some(Unavailable::moved(reason).cleared_by("looking again, and leaving --expect out or naming the new revision"))
}

/// The revisions that what is requested may rest on, as they are now.
fn revisions(session: &Session, request: &Request) -> Vec<Revision> {
    let store = &session.store;
    match request {
        Request::Decide { place, run, .. } => {
            let Some(seen) = store.place(place) else { return Vec::new() };
            let meant = seen.value.1.gates().filter(|gate| run.as_ref().is_none_or(|run| gate.run == *run));
            meant.map(|gate| gate.revision.clone()).chain([seen.value.1.revision.clone()]).collect()
        }
        Request::Promote { place, .. }
        | Request::Canary { place, .. }
        | Request::Flip { place, .. }
        | Request::RollBack { place, .. }
        | Request::Hold { place, .. } => {
            store.place(place).map(|seen| seen.value.1.revision.clone()).into_iter().collect()
        }
        Request::Freeze(wish) => {
            let kept = store.brakes().filter(|(source, _)| wish.source.as_ref().is_none_or(|name| name == *source));
            kept.map(|(_, brake)| brake.revision.clone()).collect()
        }
        Request::SetFlag(wish) => {
            let flags = store.flags().filter(|seen| seen.value.key == wish.key);
            let flags = flags.filter(|seen| wish.source.as_ref().is_none_or(|source| seen.source == *source));
            let states = flags.flat_map(|seen| &seen.value.environments);
            states.filter(|state| state.name == wish.environment).map(|state| state.revision.clone()).collect()
        }
        Request::Retry { run, .. } | Request::Cancel { run, .. } => {
            store.run(run).map(|seen| seen.value.revision.clone()).into_iter().collect()
        }
        Request::Start { .. } | Request::Confirm { .. } => Vec::new(),
    }
}

/// What is said where there is no plan.
async fn unavailable_as(session: &Session, request: &Request, why: &Unavailable, terms: &Terms) -> Answer {
    if why.refusal == Refusal::NotFound {
        return Answer::failed(&session.missing(Failure::new(code::USAGE, "not_found", why.reason.as_str())));
    }
    let moved = moved(session, request, terms);
    let why = moved.as_ref().unwrap_or(why);
    if why.refusal == Refusal::AlreadySo {
        return Answer::nothing(Value::Null, why.reason.as_str());
    }
    let answer = Answer::refused(Value::Null, document::refusal(why), code_of_refusal(why.refusal));
    if terms.dry_run { answer } else { refuse(session, request, answer).await }
}

/// Writes a refusal into the journal. Where that fails, the refusal stands all the same, and both are said.
async fn refuse(session: &Session, request: &Request, mut answer: Answer) -> Answer {
    let (action, target) = named(request);
    let outcome = document::outcome(&answer.outcome);
    let record = Record::Outcome { action, target, intent: None, outcome };
    if let Err(said) = append(session, record).await {
        let failure = Failure::new(code::FAILED, "journal", format!("the refusal could not be recorded: {said}"));
        answer.problem = Some(failure);
    }
    answer
}

/// Says what killed processes left without an outcome, once that is on record. A journal that cannot be written stops
/// the deed at its own first entry, in words.
pub async fn settle(session: &Session) {
    let (journal, at) = (session.journal.clone(), session.clock.now());
    let settled = tokio::task::spawn_blocking(move || journal.settle(at)).await;
    for open in settled.into_iter().flatten().flatten() {
        report::note(&format!("note: {}\n", open.says()));
    }
}

async fn append(session: &Session, record: Record) -> Result<u64, String> {
    let (journal, at) = (session.journal.clone(), session.clock.now());
    let writing = tokio::task::spawn_blocking(move || journal.append(&record, at));
    match writing.await {
        Ok(written) => written.map_err(|fault| fault.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

/// The deed and its target as the journal names them.
fn named(request: &Request) -> (&'static str, String) {
    use crate::domain::gate::Verdict;
    let at = |place: &crate::domain::ids::Place| format!("{}/{}", place.service, place.environment);
    match request {
        Request::Decide { place, verdict: Verdict::Reject, .. } => ("reject", at(place)),
        Request::Decide { place, .. } => ("approve", at(place)),
        Request::Promote { place, .. } => ("promote", at(place)),
        Request::Canary { place, .. } => ("canary", at(place)),
        Request::Flip { place, .. } => ("flip", at(place)),
        Request::RollBack { place, .. } => ("rollback", at(place)),
        Request::Hold { place, .. } => ("hold", at(place)),
        Request::Confirm { id, .. } => ("confirm", id.to_string()),
        Request::Freeze(wish) => ("freeze", wish.source.as_ref().map_or_else(|| "all".into(), ToString::to_string)),
        Request::SetFlag(wish) => ("flag", format!("{}/{}", wish.key, wish.environment)),
        Request::Start { service, .. } => ("start", service.to_string()),
        Request::Retry { run, .. } => ("retry", run.to_string()),
        Request::Cancel { run, .. } => ("cancel", run.to_string()),
    }
}

/// A pull and its owner, who performs what it wants.
struct Driven<'s> {
    session: &'s mut Session,
    pull: Pull,
    signals: Signals,
    /// The exit code of the signal that ended it, if one did.
    ended_by: Option<u8>,
    /// Whether the phrase for a second person was told.
    told: bool,
}

impl Driven<'_> {
    /// Performs from the calls to the outcome.
    async fn through(&mut self, reason: Option<Text>) -> Outcome {
        let described = perform::describe(&self.session.backends, &self.pull.plan().order);
        let mut wants: VecDeque<Want> = self.tell(Event::Described(described)).into();
        wants.extend(self.tell(Event::Confirmed { reason }));
        loop {
            while let Some(want) = wants.pop_front() {
                let event = self.perform(want).await;
                wants.extend(self.tell(event));
            }
            self.tell_phrase();
            if let Some(outcome) = self.pull.outcome() {
                return outcome.clone();
            }
            let event = self.wait().await;
            wants.extend(self.tell(event));
        }
    }

    /// Says what a second person is to be told, beside the document.
    fn tell_phrase(&mut self) {
        let Some(asked) = self.pull.asked().filter(|_| !self.told) else { return };
        self.told = true;
        let left = since(self.session.clock.now(), asked.expires_at).as_secs().div_ceil(60);
        let phrase = &asked.phrase;
        report::note(&format!("waiting for a second person, {left} min left: leverframe confirm {phrase}\n"));
    }

    fn tell(&mut self, event: Event) -> Vec<Want> {
        let now = self.session.clock.now();
        self.pull.update(event, &self.session.store, now)
    }

    async fn perform(&mut self, want: Want) -> Event {
        match want {
            // What is being written is waited for: a signal does not tear it.
            Want::Record(record) => Event::Recorded(append(self.session, record).await),
            Want::Step(source, step) => Event::Stepped(perform::step(&self.session.backends, &source, &step).await),
            Want::Refresh(source, subject) => {
                let asking = self.session.question(&source, &subject);
                tokio::select! {
                    observation = asking => {
                        self.session.store.apply(observation);
                        Event::Learnt
                    }
                    signal = self.signals.next() => self.left(signal),
                }
            }
            Want::Describe => Event::Described(perform::describe(&self.session.backends, &self.pull.plan().order)),
            Want::Send(calls) => self.send(&calls).await,
        }
    }

    async fn send(&mut self, calls: &[Call]) -> Event {
        let source = self.pull.plan().source().clone();
        tokio::select! {
            answer = perform::send(&self.session.backends, &source, calls, Some(&self.session.journal)) => Event::Sent(answer),
            signal = self.signals.next() => {
                self.ended_by = Some(signal);
                Event::Left
            }
        }
    }

    /// Waits until the pull wants to hear of time.
    async fn wait(&mut self) -> Event {
        let now = self.session.clock.now();
        let span = self.pull.wake_at().map_or(std::time::Duration::ZERO, |at| since(now, at));
        tokio::select! {
            () = tokio::time::sleep(span) => Event::Due,
            signal = self.signals.next() => self.left(signal),
        }
    }

    fn left(&mut self, signal: u8) -> Event {
        self.ended_by = Some(signal);
        Event::Left
    }
}
