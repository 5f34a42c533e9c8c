//! Read-only under every binding of the keymap and under random keys: nothing is sent. `LEVERFRAME_LOOPS` says how many
//! times 500 keys there are, `LEVERFRAME_SEED` repeats an earlier run.

use std::sync::Arc;

use leverframe::app::Event;
use leverframe::app::effect::Record;
use leverframe::backends::{Backends, Ports, connect};
use leverframe::capabilities::CapabilityError;
use leverframe::capabilities::error::Kind;
use leverframe::clock::System;
use leverframe::runtime::perform;
use leverframe::ui::keymap::RECORDS;
use leverframe::ui::{Command, Input};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;

use crate::backends::source;
use crate::support::faulty::Faulty;
use crate::support::rig::Rig;
use crate::support::screen::key;
use crate::support::world::Known;

/// The keys that are pressed for each of the loops.
const KEYS: usize = 500;

fn told(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

/// Every key of the keymap that is bound to such a command, once.
fn bindings(such: impl Fn(Command) -> bool) -> Vec<&'static str> {
    let bound = RECORDS.iter().filter(|record| such(record.command));
    let mut keys: Vec<_> = bound.flat_map(|record| record.keys.iter().copied()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A console under random fingers.
struct Fingers {
    rig: Rig,
    random: StdRng,
    keys: usize,
}

impl Fingers {
    /// On the shop, for somebody who may look only if `read_only`.
    fn new(read_only: bool) -> Self {
        let seed = told("LEVERFRAME_SEED").unwrap_or_else(rand::random);
        println!("to repeat it: LEVERFRAME_SEED={seed}");
        let mut known = Known::load("shop");
        known.operator.read_only = read_only;
        Self { rig: Rig::of(known, Vec::new()), random: StdRng::seed_from_u64(seed), keys: 0 }
    }

    fn press(&mut self, name: &str) {
        self.rig.happens(Event::Entered(Input::Key(key(name))));
        self.rig.passes(jiff::SignedDuration::from_millis(150));
        self.keys += 1;
    }

    /// A pane, a row, the binding, and what somebody in a hurry presses after it.
    fn try_out(&mut self, binding: &str, all: &[&'static str]) {
        let pane = self.random.random_range(1..=6);
        self.press(&pane.to_string());
        for _ in 0..self.random.random_range(0..3) {
            self.press("j");
        }
        self.press(binding);
        for _ in 0..self.random.random_range(1..4) {
            let usual = self.random.random_bool(0.8);
            let from = if usual { &["y", "y", "y", "enter", "5"][..] } else { all };
            let key = from.choose(&mut self.random).copied().unwrap_or("y");
            self.press(key);
        }
        self.press("esc");
        if self.random.random_bool(0.5) {
            self.press("esc");
        }
    }

    /// Every binding, each with a lever after it, and on until there were enough keys; after each, `looks` has its say.
    fn go_on(&mut self, mut looks: impl FnMut(&mut Rig)) {
        let enough = usize::try_from(told("LEVERFRAME_LOOPS").unwrap_or(2)).unwrap() * KEYS;
        let (all, levers) = (bindings(|_| true), bindings(|command| matches!(command, Command::Lever(_))));
        while self.keys < enough {
            for binding in &all {
                let lever = levers.choose(&mut self.random).copied().unwrap();
                for key in [binding, lever] {
                    self.try_out(key, &all);
                    looks(&mut self.rig);
                }
            }
        }
    }
}

#[test]
fn under_read_only_no_key_sends_anything_or_puts_it_on_record() {
    let mut fingers = Fingers::new(true);
    assert!(fingers.rig.text().lines().next().unwrap().contains("[read-only]"), "{}", fingers.rig.text());
    fingers.go_on(|rig| {
        assert!(rig.sent.is_empty(), "{:?}", rig.sent);
        let intents = rig.journal.iter().filter(|record| matches!(record, Record::Intent { .. }));
        assert_eq!(intents.count(), 0);
    });
}

/// The lock on the levers taken away: the gate of the transport holds alone.
#[test]
fn what_passes_every_lock_is_stopped_by_the_gate() {
    let tasks = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let overview = json!({ "services": [], "flags": [], "login": null });
    let server = tasks.block_on(Faulty::new(&overview, ""));
    let ports = Ports::new(Arc::new(System), true);
    let backend = Arc::new(connect(&source(&server.url(), ""), &ports));
    let backends: Backends = [("here".into(), backend)].into_iter().collect();
    let mut fingers = Fingers::new(false);
    let refused = || CapabilityError::new(Kind::ReadOnly, "read-only is on: nothing was sent");
    fingers.rig.on_send = Box::new(move |_| Err(refused()));
    // One lever is pulled for certain, whatever the chances of the others.
    "1 j j w 3 7 enter y".split(' ').for_each(|name| fingers.press(name));
    assert_eq!(fingers.rig.sent.len(), 1, "{}", fingers.rig.text());
    let mut stopped = 0;
    fingers.go_on(|rig| {
        for call in std::mem::take(&mut rig.sent) {
            let error = tasks.block_on(perform::send(&backends, &"here".into(), &[call], None)).unwrap_err();
            assert_eq!((error.kind, error.message), (refused().kind, refused().message));
            stopped += 1;
        }
    });
    assert!(stopped > 0, "none of {} keys would have sent anything", fingers.keys);
    assert_eq!(server.asked(), Vec::<String>::new());
}
