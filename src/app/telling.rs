//! What the operator is told of wherever they look: a gate that has come to wait for them, and the end of a run that they
//! had opened. Nothing is told by the first answer of a source, nor while the terminal is known to be looked at; what
//! comes in a burst is told in one.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::domain::ids::{GateId, Place, RunKey, SourceName};
use crate::domain::observation::{Facts, Observation, Subject};
use crate::domain::text::Text;
use crate::store::Store;

/// The least time from one notice to the next.
const APART: SignedDuration = SignedDuration::from_secs(10);
/// The most runs whose end is waited for.
const RUNS: usize = 50;

/// What is known of what waits, and what is still to be told.
#[derive(Debug, Default)]
pub struct Telling {
    /// The sources that have said what waits: what they say next can be new.
    heard: BTreeSet<SourceName>,
    gates: BTreeSet<(SourceName, Place, GateId)>,
    /// Runs that were opened and have not ended.
    runs: BTreeSet<RunKey>,
    /// Whether the operator is known to look at this terminal.
    looked_at: bool,
    untold: Vec<Text>,
    told_at: Option<Timestamp>,
}

impl Telling {
    /// The terminal came into focus, or went out of it.
    pub const fn focused(&mut self, focused: bool) {
        self.looked_at = focused;
    }

    /// The runs that are open on the screen are watched until they end.
    pub fn watch(&mut self, watched: &[Subject], store: &Store) {
        for subject in watched {
            let Subject::Run(key) = subject else { continue };
            if self.runs.len() < RUNS && store.run(key).is_some_and(|seen| !seen.value.status.ended()) {
                self.runs.insert(key.clone());
            }
        }
    }

    /// Whether `observation` can say that something is new; asked before the store takes it in.
    pub fn hears(&mut self, observation: &Observation) -> bool {
        matches!(observation.facts, Facts::Overview(_)) && !self.heard.insert(observation.source.clone())
    }

    /// Takes in what the store knows now; `tells` is whether what is new is to be told.
    pub fn learn(&mut self, store: &Store, tells: bool) {
        let (gates, ended) = (self.new_gates(store), self.ended(store));
        if tells && !self.looked_at {
            self.untold.extend(gates);
        }
        if !self.looked_at {
            self.untold.extend(ended);
        }
    }

    fn new_gates(&mut self, store: &Store) -> Vec<Text> {
        let before = std::mem::take(&mut self.gates);
        if store.counts().my_gates == 0 {
            return Vec::new();
        }
        let gates = store.gates();
        // What is only remembered of a source is no news, whenever it was read.
        let heard = gates.iter().filter(|seen| self.heard.contains(&seen.source));
        let mine = heard.filter(|seen| seen.value.open() && seen.value.may_approve == Some(true));
        let mut new = Vec::new();
        for seen in mine {
            let place = seen.value.place();
            let key = (seen.source.clone(), place.clone(), seen.value.id.clone());
            if !before.contains(&key) {
                new.push(Text::new(format!("a gate waits for you: {place}")));
            }
            self.gates.insert(key);
        }
        new
    }

    fn ended(&mut self, store: &Store) -> Vec<Text> {
        let mut words = Vec::new();
        self.runs.retain(|key| {
            let status = store.run(key).map(|seen| seen.value.status).filter(|status| status.ended());
            words.extend(status.map(|status| Text::new(format!("run {key} ended: {status}"))));
            status.is_none()
        });
        words
    }

    /// What is to be told at `now`.
    pub fn due(&mut self, now: Timestamp) -> Option<Text> {
        if self.wake_at()? > now {
            return None;
        }
        let newest = self.untold.pop()?;
        let more = std::mem::take(&mut self.untold).len();
        self.told_at = Some(now);
        Some(if more == 0 { newest } else { Text::new(format!("{newest}, and {more} more")) })
    }

    /// When something is to be told, if there is something.
    pub fn wake_at(&self) -> Option<Timestamp> {
        let may = self.told_at.and_then(|at| at.saturating_add(APART).ok()).unwrap_or(Timestamp::MIN);
        (!self.untold.is_empty()).then_some(may)
    }
}
