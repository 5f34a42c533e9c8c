//! One event after another: what each changes, and what it wants done.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::levers::Remade;
use super::pull::{self, Want};
use super::schedule::Question;
use super::unsettled::{self, Unsettled};
use super::{App, Effect, Event};
use crate::actions::{Outcome, OutcomeState, Request, World};
use crate::domain::budget::Budget;
use crate::domain::ids::{ServiceName, SourceName};
use crate::domain::log::LogKey;
use crate::domain::observation::{Observation, Subject};
use crate::domain::order::Order;
use crate::store::past::Took;
use crate::store::{Part, Store};
use crate::ui::theme::File;
use crate::ui::{Notice, Reaction};

/// The last known state is kept so long after it first changed, and at the end.
const SAVE: SignedDuration = SignedDuration::from_secs(5);

/// Takes in what happened at `now`, and gives what is to be done about it.
pub fn update(app: &mut App, event: Event, now: Timestamp) -> Vec<Effect> {
    let mut effects = match event {
        Event::Entered(input) => app.entered(input, now),
        Event::Restored(part) => app.restored(*part),
        Event::Observed(observation) => app.observed(observation, now),
        Event::Heard(source, budget) => app.heard(&source, budget, now),
        Event::Sought(number, step) => app.sought(number, &step, now),
        Event::Pulled(number, event) => app.pulled(number, event, now),
        Event::Found(source, phrase, found) => app.found(source, phrase, found, now),
        Event::Noted(written) => app.noted(written, now),
        Event::Settled(found) => app.settled(found),
        Event::Recalled(past) => app.recalled(past),
        Event::Due => app.due(now),
        Event::ThemesRead(files) => app.themes(&files),
        Event::Painted => app.painted(),
        Event::Told(words) => app.told(words),
        Event::Ended(code) => return app.end(code, now),
    };
    if let Some(at) = effects.iter().position(|effect| matches!(effect, Effect::Exit(_))) {
        effects.truncate(at + 1);
        return effects;
    }
    app.look_after(now, &mut effects);
    effects
}

impl App {
    fn entered(&mut self, input: crate::ui::Input, now: Timestamp) -> Vec<Effect> {
        let Self { store, policy, operator, ui, .. } = self;
        let world = World { store, policy, operator, now, key: "" };
        if let crate::ui::Input::Focused(focused) = input {
            self.telling.focused(focused);
        }
        // Whoever comes back may have been at a theme file.
        let back = input == crate::ui::Input::Focused(true);
        let reactions = ui.input(input, &world);
        self.dirty = true;
        let look = back.then_some(Effect::LookForThemes);
        reactions.into_iter().flat_map(|reaction| self.react(reaction, now)).chain(look).collect()
    }

    fn react(&mut self, reaction: Reaction, now: Timestamp) -> Vec<Effect> {
        match reaction {
            Reaction::Ask(request) => self.ask(request, now),
            Reaction::Confirm { dialog, reason } => {
                let reason = self.reason(dialog, reason);
                self.pulled(dialog, pull::Event::Confirmed { reason }, now)
            }
            Reaction::BreakGlass { reason, locks } => self.break_glass(reason, &locks, now),
            Reaction::MendGlass => self.mend_glass("by hand", now),
            Reaction::Leave { dialog } => {
                self.levers.drop(dialog);
                Vec::new()
            }
            Reaction::Withdraw { dialog } => self.pulled(dialog, pull::Event::Withdrawn, now),
            Reaction::Find(phrase) => self.find(phrase),
            Reaction::Refresh => self.refresh(now),
            Reaction::LookForThemes => vec![Effect::LookForThemes],
            Reaction::Copy(text) => vec![Effect::Copy(text)],
            Reaction::Browse(address) => vec![Effect::Browse(address)],
            Reaction::SaveLog(log) => self.save_log(log),
            Reaction::Context(name) => vec![self.keep(now), Effect::Switch(name)],
            Reaction::Suspend => vec![Effect::Suspend],
            Reaction::Quit => self.end(0, now),
            // The screen has done these by itself.
            Reaction::Show(_) | Reaction::Open(..) | Reaction::Say(_) => Vec::new(),
        }
    }

    pub(super) fn ask(&mut self, request: Request, now: Timestamp) -> Vec<Effect> {
        let Self { store, policy, operator, levers, .. } = self;
        let world = World { store, policy, operator, now, key: "" };
        match levers.ask(request, &world) {
            Ok((number, plan)) => {
                let order = plan.order.clone();
                self.ui.plan(number, plan);
                self.unseen = true;
                vec![Effect::Describe(number, order)]
            }
            Err(why) => {
                self.ui.refuse(&why);
                Vec::new()
            }
        }
    }

    fn save_log(&self, log: LogKey) -> Vec<Effect> {
        match self.store.service(&log.run.service) {
            Some(seen) => vec![Effect::SaveLog(seen.source.clone(), log)],
            None => Vec::new(),
        }
    }

    /// Asks every source for the overview, and for what else is on the screen.
    fn refresh(&mut self, now: Timestamp) -> Vec<Effect> {
        let sources = self.store.topology_handle();
        let overviews = sources.sources.iter().map(|source| (source.name.clone(), Subject::Overview));
        let questions: Vec<Question> = overviews.chain(self.schedule.watched().iter().cloned()).collect();
        questions.into_iter().filter_map(|question| self.question(question, now)).collect()
    }

    fn question(&mut self, question: Question, now: Timestamp) -> Option<Effect> {
        self.schedule.ask(question.clone(), now).then_some(Effect::Refresh(question.0, question.1))
    }

    fn observed(&mut self, observation: Observation, now: Timestamp) -> Vec<Effect> {
        let question = (observation.source.clone(), observation.subject.clone());
        let mut effects = Vec::new();
        if self.schedule.answered(&question) {
            effects.extend(self.question(question, now));
        }
        let tells = self.telling.hears(&observation);
        let changed = self.store.apply(observation);
        if changed.lasting && self.save_at.is_none() {
            self.save_at = Some(now.saturating_add(SAVE).unwrap_or(now));
        }
        if changed.facts || !tells {
            self.telling.learn(&self.store, tells);
        }
        if changed.facts {
            effects.extend(self.remake(now));
        }
        // Even where nothing else changed, what looked stale may be fresh now.
        self.dirty |= changed.facts || changed.freshness;
        for number in self.levers.under_way() {
            effects.extend(self.pulled(number, pull::Event::Learnt, now));
        }
        effects
    }

    /// What is left of a source's budget may lock a plan, or no longer.
    fn heard(&mut self, source: &SourceName, budget: Option<Budget>, now: Timestamp) -> Vec<Effect> {
        if self.store.hear(source, budget) { self.remake(now) } else { Vec::new() }
    }

    /// The plans that wait for a word are held against the world as it is now.
    pub(super) fn remake(&mut self, now: Timestamp) -> Vec<Effect> {
        let Self { store, policy, operator, levers, .. } = self;
        let remade = levers.remake(&World { store, policy, operator, now, key: "" });
        let mut effects = Vec::new();
        for (number, remade) in remade {
            self.unseen = true;
            match remade {
                Remade::Plan(plan) => {
                    effects.push(Effect::Describe(number, plan.order.clone()));
                    self.ui.plan(number, *plan);
                }
                Remade::Gone(why) => self.ui.gone(number, why),
            }
        }
        effects
    }

    fn pulled(&mut self, number: u64, event: pull::Event, now: Timestamp) -> Vec<Effect> {
        let described = matches!(event, pull::Event::Described(_));
        let wants = self.levers.update(number, event, &self.store, now);
        let effects = wants.into_iter().filter_map(|want| self.want(number, want, now)).collect();
        self.show_second(number);
        let Some(pull) = self.levers.pull(number) else { return effects };
        if let Some(outcome) = pull.outcome().cloned() {
            self.over(number, &outcome);
        } else if pull.under_way() {
            let says = pull.says();
            self.ui.progress(number, says);
            self.dirty = true;
        } else if described {
            let calls = pull.calls().to_vec();
            self.ui.described(number, calls);
            (self.unseen, self.dirty) = (true, true);
        }
        effects
    }

    fn over(&mut self, number: u64, outcome: &Outcome) {
        let plan = self.levers.pull(number).map(pull::Pull::plan);
        let took = outcome.took_ms.filter(|_| outcome.state == OutcomeState::Reached);
        if let (Some(plan), Some(took)) = (plan, took) {
            let (action, target) = (plan.action.as_str().to_owned(), plan.target.path.clone());
            self.store.note(Took { action, target, took: Duration::from_millis(took) });
        }
        self.ui.close(number, outcome);
        self.levers.drop(number);
        self.dirty = true;
    }

    fn want(&mut self, number: u64, want: Want, now: Timestamp) -> Option<Effect> {
        match want {
            Want::Record(record) => Some(Effect::Record(number, record)),
            Want::Describe => Some(Effect::Describe(number, self.order(number)?.clone())),
            Want::Refresh(source, subject) => self.question((source, subject), now),
            Want::Step(source, step) => Some(Effect::Step(number, source, step)),
            Want::Send(calls) => {
                let source = self.order(number)?.source.clone();
                Some(Effect::Send(number, source, calls))
            }
        }
    }

    fn order(&self, number: u64) -> Option<&Order> {
        self.levers.pull(number).map(|pull| &pull.plan().order)
    }

    fn due(&mut self, now: Timestamp) -> Vec<Effect> {
        self.wakes_at = None;
        self.dirty |= self.changes_at.is_some_and(|at| at <= now);
        let under_way = self.levers.under_way();
        let mut effects: Vec<_> =
            under_way.into_iter().flat_map(|number| self.pulled(number, pull::Event::Due, now)).collect();
        if self.levers.lapses_at().is_some_and(|at| at <= now) {
            effects.extend(self.remake(now));
            self.dirty = true;
        }
        if self.operator.glass.as_ref().is_some_and(|glass| glass.until <= now) {
            effects.extend(self.mend_glass("its time is over", now));
        }
        if self.save_at.is_some_and(|at| at <= now) {
            self.save_at = None;
            effects.push(Effect::Save(Box::new(self.snapshot())));
        }
        if !std::mem::replace(&mut self.settling, true) {
            effects.extend([Effect::Settle, Effect::Recall]);
        }
        effects
    }

    /// What killed processes left behind is said until it is put away.
    fn settled(&mut self, found: Result<Vec<Unsettled>, String>) -> Vec<Effect> {
        let words = match found {
            Ok(unsettled) => unsettled::says(&unsettled),
            Err(error) => Some(format!("whether an earlier deed is without its outcome cannot be told: {error}")),
        };
        if let Some(words) = words {
            self.ui.tell(Notice::caution(words));
            self.dirty = true;
        }
        Vec::new()
    }

    fn recalled(&mut self, past: Vec<Took>) -> Vec<Effect> {
        for deed in past {
            self.store.note(deed);
        }
        Vec::new()
    }

    fn themes(&mut self, files: &[File]) -> Vec<Effect> {
        self.ui.take_themes(files);
        self.dirty = true;
        Vec::new()
    }

    fn painted(&mut self) -> Vec<Effect> {
        if !self.unseen {
            self.ui.drawn();
        }
        Vec::new()
    }

    fn restored(&mut self, part: Part) -> Vec<Effect> {
        self.store.restore(part);
        self.dirty = true;
        Vec::new()
    }

    fn told(&mut self, words: String) -> Vec<Effect> {
        self.ui.say(Notice::note(words));
        self.dirty = true;
        Vec::new()
    }

    /// Leaves: what is under way is journalled as unknown, what is known is kept.
    fn end(&mut self, code: u8, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.operator.glass.is_some() {
            effects.extend(self.mend_glass("the console was left", now));
        }
        for number in self.levers.under_way() {
            let wants = self.levers.update(number, pull::Event::Left, &self.store, now);
            effects.extend(wants.into_iter().filter_map(|want| self.want(number, want, now)));
        }
        if self.save_at.take().is_some() {
            effects.push(Effect::Save(Box::new(self.snapshot())));
        }
        effects.extend([self.keep(now), Effect::Exit(code)]);
        effects
    }

    fn keep(&self, now: Timestamp) -> Effect {
        Effect::Keep(Box::new(self.ui.session(&self.world(now))))
    }

    /// What follows from every event: selections held, what came into view asked for, and the next moment named.
    fn look_after(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let Self { store, policy, operator, ui, .. } = self;
        let world = World { store, policy, operator, now, key: "" };
        if self.dirty {
            ui.settle(&world);
        }
        effects.extend(self.seek());
        let Self { store, policy, operator, ui, .. } = self;
        let world = World { store, policy, operator, now, key: "" };
        let watched = ui.watched(store);
        self.telling.watch(&watched, store);
        effects.extend(self.telling.due(now).map(Effect::Notify));
        let watched = watched.into_iter().filter_map(|subject| question_of(store, subject)).collect();
        self.schedule.watch(watched, store.moving());
        let topology = store.topology_handle();
        let due = self.schedule.due(&topology.sources, now);
        // A change of a theme is seen at the next overview at the latest: no time is named for it.
        let look = due.iter().any(|(_, subject)| *subject == Subject::Overview).then_some(Effect::LookForThemes);
        effects.extend(due.into_iter().map(|(source, subject)| Effect::Refresh(source, subject)).chain(look));
        if self.dirty || self.changes_at.is_none_or(|at| at <= now) {
            self.changes_at = ui.next_change(&world);
        }
        let asks = self.schedule.wake_at(&topology.sources);
        let mends = self.operator.glass.as_ref().map(|glass| glass.until);
        let wakes = [asks, self.changes_at, self.levers.wake_at(), self.save_at, self.telling.wake_at(), mends];
        let wake = wakes.into_iter().flatten().min();
        if wake != self.wakes_at {
            self.wakes_at = wake;
            effects.push(Effect::WakeAt(wake));
        }
    }
}

/// Who is asked for `subject`: the source of its service.
fn question_of(store: &Store, subject: Subject) -> Option<Question> {
    let service: &ServiceName = match &subject {
        Subject::Overview | Subject::Confirmation(_) => return None,
        Subject::Runs(service) | Subject::Changes(service, ..) => service,
        Subject::Run(run) => &run.service,
        Subject::Log(log, _) | Subject::Length(log) | Subject::Times(log, _) => &log.run.service,
        Subject::Signals(place) => &place.service,
        Subject::TakenBack(back) => &back.place.service,
    };
    let source: SourceName = store.service(service)?.source.clone();
    Some((source, subject))
}
