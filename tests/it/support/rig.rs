//! The application without a terminal and without a network: events go through the real `update`, effects are answered
//! by a source whose words the test holds. Time stands still unless it is moved.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use leverframe::app::effect::Record;
use leverframe::app::unsettled::Unsettled;
use leverframe::app::{App, Effect, Event, Start, pull, update};
use leverframe::capabilities::CapabilityError;
use leverframe::domain::confirmation::{self, Asked, Confirmation, Said, State};
use leverframe::domain::environment::Environment;
use leverframe::domain::ids::{Revision, RunKey, SourceName};
use leverframe::domain::log::{Chunk, LogKey};
use leverframe::domain::observation::{Facts, Observation, Overview, Problem, ProblemKind, Subject};
use leverframe::domain::order::Call;
use leverframe::domain::sought::{Scan, Seek, Step};
use leverframe::domain::text::Text;
use leverframe::ui::theme::File;
use leverframe::ui::{Input, Session, Ui};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::screen::{key, lines, settings};
use super::world::Known;

/// What the source does when it is sent something.
type OnSend = Box<dyn FnMut(&mut Overview) -> Result<Option<RunKey>, CapabilityError>>;

/// How long a person takes from one key to the next.
const TYPING: SignedDuration = SignedDuration::from_millis(150);

/// An application, its one source and its journal.
pub struct Rig {
    app: App,
    now: Timestamp,
    waiting: VecDeque<Event>,
    wake_at: Option<Timestamp>,
    terminal: Terminal<TestBackend>,
    /// What the source says of everything.
    pub overview: Overview,
    /// Whether it answers.
    pub alive: bool,
    /// Whether the journal can be written.
    pub writable: bool,
    /// What it does when it is sent something.
    pub on_send: OnSend,
    /// What is kept of a second person's confirmation.
    pub confirmation: Option<Confirmation>,
    /// What was sent.
    pub sent: Vec<Call>,
    /// What the journal got.
    pub journal: Vec<Record>,
    /// What killed processes left behind, until it is settled.
    pub unsettled: Vec<Unsettled>,
    /// What was asked, in order.
    pub asked: Vec<Subject>,
    /// What the operator was told of, wherever they look.
    pub told: Vec<String>,
    /// The operator's theme files, if they are other than at the last look.
    pub themes: Option<Vec<File>>,
    /// What was kept of the screen.
    pub kept: Option<Session>,
    /// The logs that were to be saved, and whom they were asked of.
    pub saved: Vec<(SourceName, LogKey)>,
    /// The logs that the source keeps, and whether nothing will be added to them.
    pub logs: BTreeMap<LogKey, (Vec<u8>, bool)>,
    /// How many bytes of a log are looked through in a step.
    pub stride: usize,
    /// Whether what the source answers of logs is held back, and what was.
    pub hold: bool,
    pub held: Vec<Event>,
    /// What was looked through, `None` where that was given up.
    pub sought: Vec<Option<Seek>>,
    /// The exit code, once it has left.
    pub left: Option<u8>,
}

impl Rig {
    /// An application on the world called `name`, with everything answered.
    pub fn new(name: &str) -> Self {
        Self::after(name, Vec::new())
    }

    /// The same after processes that were killed and left this behind.
    pub fn after(name: &str, unsettled: Vec<Unsettled>) -> Self {
        Self::of(Known::load(name), unsettled)
    }

    /// An application that knows this, by its rules.
    pub fn of(known: Known, unsettled: Vec<Unsettled>) -> Self {
        let (now, overview) = (known.now, known.overview());
        let ui = Ui::new(settings((120, 36)));
        let start =
            Start { store: known.store, policy: known.policy, operator: known.operator, ui, mark: "test".into() };
        let mut rig = Self {
            app: App::new(start, now),
            now,
            waiting: VecDeque::new(),
            wake_at: None,
            terminal: Terminal::new(TestBackend::new(120, 36)).unwrap(),
            overview,
            alive: true,
            writable: true,
            on_send: Box::new(|_| Ok(None)),
            confirmation: None,
            sent: Vec::new(),
            journal: Vec::new(),
            unsettled,
            asked: Vec::new(),
            told: Vec::new(),
            themes: None,
            kept: None,
            saved: Vec::new(),
            logs: BTreeMap::new(),
            stride: 1 << 20,
            hold: false,
            held: Vec::new(),
            sought: Vec::new(),
            left: None,
        };
        rig.happens(Event::Due);
        rig
    }

    /// Lets an event happen, and everything that follows from it at this moment; then draws.
    pub fn happens(&mut self, event: Event) {
        self.waiting.push_back(event);
        while let Some(event) = self.waiting.pop_front() {
            // Each event a moment after the last, as in life.
            self.now = self.now.saturating_add(SignedDuration::from_micros(1)).unwrap();
            for effect in update(&mut self.app, event, self.now) {
                self.perform(effect);
            }
        }
        self.paint();
    }

    /// Goes on where a session ended.
    pub fn restore(&mut self, session: Session) {
        self.app.restore(session, self.now);
        self.app.mark_dirty();
        self.paint();
    }

    fn paint(&mut self) {
        if self.app.take_dirty() {
            let (app, now) = (&self.app, self.now);
            self.terminal.draw(|frame| app.draw(frame, now)).unwrap();
            let effects = update(&mut self.app, Event::Painted, self.now);
            for effect in effects {
                self.perform(effect);
            }
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Refresh(source, subject) => {
                self.asked.push(subject.clone());
                if source.as_str() == "engine" {
                    let facts = self.answer(&subject);
                    self.now = self.now.saturating_add(SignedDuration::from_micros(1)).unwrap();
                    let of_log = matches!(subject, Subject::Log(..) | Subject::Length(_) | Subject::Times(..));
                    let event = Event::Observed(Observation { source, subject, at: self.now, facts });
                    self.answered(event, of_log);
                }
            }
            Effect::Seek(number, _, seek) => {
                let step = self.step(&seek);
                self.sought.push(Some(seek));
                self.answered(Event::Sought(number, step), true);
            }
            Effect::StopSeeking => self.sought.push(None),
            Effect::Describe(number, order) => {
                let call = Call {
                    verb: Text::new("POST"),
                    target: "/lever".into(),
                    headers: vec![("Idempotency-Key".into(), order.key.to_string())],
                    body: order.reason.map(|reason| serde_json::json!({ "reason": reason })),
                };
                self.waiting.push_back(Event::Pulled(number, pull::Event::Described(Ok(vec![call]))));
            }
            Effect::Step(number, _, step) => {
                let said = self.step_taken(&step);
                self.waiting.push_back(Event::Pulled(number, pull::Event::Stepped(Ok(said))));
            }
            Effect::Find(source, phrase) => {
                let found = self.confirmation.clone().map(Box::new).ok_or_else(|| Text::new("no such phrase"));
                self.waiting.push_back(Event::Found(source, phrase, found));
            }
            Effect::Record(number, record) => {
                let written = if self.writable { Ok(self.journal.len() as u64 + 1) } else { Err("disk full".into()) };
                if self.writable {
                    self.journal.push(record);
                }
                self.waiting.push_back(Event::Pulled(number, pull::Event::Recorded(written)));
            }
            Effect::Send(number, _, calls) => {
                self.sent.extend(calls);
                let answer = (self.on_send)(&mut self.overview);
                self.waiting.push_back(Event::Pulled(number, pull::Event::Sent(answer)));
            }
            Effect::Note(record) => {
                let written = if self.writable { Ok(0) } else { Err("disk full".into()) };
                self.journal.extend(self.writable.then_some(record));
                self.waiting.push_back(Event::Noted(written));
            }
            Effect::Settle => self.waiting.push_back(Event::Settled(Ok(std::mem::take(&mut self.unsettled)))),
            Effect::Recall => self.waiting.push_back(Event::Recalled(Vec::new())),
            Effect::WakeAt(at) => self.wake_at = at,
            Effect::Exit(code) => self.left = Some(code),
            Effect::Notify(words) => self.told.push(words.to_string()),
            Effect::LookForThemes => self.waiting.extend(self.themes.take().map(Event::ThemesRead)),
            Effect::SaveLog(source, log) => {
                self.waiting.push_back(Event::Told(format!("saved in {}.log", log.job)));
                self.saved.push((source, log));
            }
            Effect::Keep(session) => self.kept = Some(*session),
            Effect::Save(_) | Effect::Copy(_) | Effect::Browse(_) | Effect::Switch(_) | Effect::Suspend => {}
        }
    }

    /// What the source says to a step of a confirmation, which it remembers.
    fn step_taken(&mut self, step: &confirmation::Step) -> Said {
        let expires_at = self.now.saturating_add(SignedDuration::from_mins(10)).unwrap();
        let id = Text::new("c1");
        if let confirmation::Step::Ask(words) = step {
            let (asked_at, words) = (self.now, words.clone());
            self.confirmation = Some(Confirmation {
                id: id.clone(),
                asked_by: "anna".into(),
                asked_at,
                expires_at,
                words,
                state: State::Waiting,
                confirmed_by: None,
                why_not: None,
            });
            return Said::Asked(Asked { id, phrase: "maple-otter-river-lantern-plum".into(), expires_at });
        }
        let kept = self.confirmation.as_mut().unwrap();
        kept.state = if matches!(step, confirmation::Step::Use(..)) { State::Used } else { State::Withdrawn };
        Said::Stands(Box::new(kept.clone()))
    }

    /// A second person confirms what was asked for.
    pub fn confirmed(&mut self) {
        let kept = self.confirmation.as_mut().unwrap();
        (kept.state, kept.confirmed_by) = (State::Confirmed, Some("bert".into()));
    }

    fn answered(&mut self, event: Event, of_log: bool) {
        if self.hold && of_log {
            self.held.push(event);
        } else {
            self.waiting.push_back(event);
        }
    }

    /// Lets what was held back come now, and holds nothing back any more.
    pub fn release(&mut self) {
        self.hold = false;
        while !self.held.is_empty() {
            let event = self.held.remove(0);
            self.happens(event);
        }
    }

    /// The piece of a log that is asked for.
    fn piece(&self, key: &LogKey, from: u64, most: u64) -> Option<Chunk> {
        let (log, ended) = self.logs.get(key)?;
        let total = log.len() as u64;
        let from = if from == u64::MAX { total.saturating_sub(most) } else { from.min(total) };
        let end = total.min(from + most);
        let bytes = log[usize::try_from(from).unwrap()..usize::try_from(end).unwrap()].to_vec();
        Some(Chunk { from, bytes, total, ended: *ended && end == total })
    }

    fn step(&self, seek: &Seek) -> Result<Step, Text> {
        let piece = self.alive.then(|| self.piece(&seek.log, seek.from, self.stride as u64)).flatten();
        let piece = piece.ok_or_else(|| Text::new("not here"))?;
        let mut scan = Scan::new(seek);
        scan.take(&piece.bytes);
        Ok(scan.finish(piece.total, piece.ended))
    }

    fn answer(&self, subject: &Subject) -> Facts {
        let failed = |kind, message: &str| {
            let message = Text::new(message);
            Facts::Failed(Problem { source: "engine".into(), kind, message, hint: None, since: None })
        };
        match subject {
            _ if !self.alive => failed(ProblemKind::Unreachable, "connection refused"),
            Subject::Overview => Facts::Overview(self.overview.clone()),
            Subject::Confirmation(_) if self.confirmation.is_some() => {
                Facts::Confirmation(Box::new(self.confirmation.clone().unwrap()))
            }
            Subject::Log(key, from) if self.logs.contains_key(key) => {
                Facts::Log(key.clone(), self.piece(key, *from, Chunk::MOST).unwrap())
            }
            Subject::Length(key) if self.logs.contains_key(key) => {
                Facts::Log(key.clone(), self.piece(key, u64::MAX, 0).unwrap())
            }
            _ => failed(ProblemKind::NotFound, "not here"),
        }
    }

    /// Presses keys by name, a frame after each.
    pub fn press(&mut self, keys: &str) {
        for name in keys.split_whitespace() {
            self.happens(Event::Entered(Input::Key(key(name))));
            self.passes(TYPING);
        }
    }

    /// Lets time pass: the application is woken when it asked to be, and at no other moment.
    pub fn passes(&mut self, span: SignedDuration) {
        let end = self.now.saturating_add(span).unwrap();
        while let Some(at) = self.wake_at.filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.wake_at = None;
            self.happens(Event::Due);
        }
        self.now = self.now.max(end);
    }

    /// Lets time pass in which nobody is woken.
    pub fn later(&mut self, span: SignedDuration) {
        self.now = self.now.saturating_add(span).unwrap();
    }

    /// The environment of a service as the source tells it.
    pub fn environment(&mut self, service: &str, name: &str) -> &mut Environment {
        environment(&mut self.overview, service, name)
    }

    /// What is on the screen.
    pub fn text(&self) -> String {
        lines(self.terminal.backend().buffer()).join("\n")
    }
}

/// The environment of a service in an overview.
pub fn environment<'a>(overview: &'a mut Overview, service: &str, name: &str) -> &'a mut Environment {
    let service = overview.services.iter_mut().find(|known| known.name.as_str() == service).unwrap();
    service.environments.iter_mut().find(|known| known.name.as_str() == name).unwrap()
}

/// Another revision than the one that is there.
pub fn moved(environment: &mut Environment) {
    environment.revision = Revision::new(format!("{}x", environment.revision.as_str()));
}
