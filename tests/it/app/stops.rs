//! An emergency stop from the console: called, seen on every screen, obeyed, taken back.

use jiff::SignedDuration;
use leverframe::app::effect::Record;
use leverframe::domain::stop::{Brake, Stop};
use leverframe::domain::text::Text;

use crate::support::rig::Rig;
use crate::support::world::Known;

/// A console whose engine keeps a stop, and calls or takes back what it is sent.
fn rig() -> Rig {
    let mut known = Known::load("shop");
    known.change(|overview| overview.brake = Some(Box::new(Brake::new(None, true))));
    let mut rig = Rig::of(known, Vec::new());
    rig.on_send = Box::new(|overview| {
        let standing = overview.brake.as_ref().is_some_and(|brake| brake.stop.is_some());
        let since = "2026-06-05T14:18:00Z".parse().unwrap();
        let (by, reason) = (Text::new("anna"), Some(Text::new("paid twice")));
        let until = Some("2026-06-05T16:18:00Z".parse().unwrap());
        let stop = Stop { by, since, until, reason, tiers: Vec::new() };
        overview.brake = Some(Box::new(Brake::new((!standing).then_some(stop), true)));
        Ok(None)
    });
    rig
}

#[test]
fn it_is_called_for_a_reason_said_on_every_screen_and_taken_back() {
    let mut rig = rig();
    rig.press("F");
    assert!(rig.text().contains("until it is taken back"), "{}", rig.text());
    rig.press("s o o n enter");
    assert!(rig.text().contains("a time to come"), "{}", rig.text());
    rig.press("backspace backspace backspace backspace 2 h enter y");
    assert!(rig.sent.is_empty() && rig.text().contains("a reason is required"), "{}", rig.text());
    rig.press("tab p a i d enter y");
    rig.passes(SignedDuration::from_secs(2));
    assert_eq!(rig.sent.len(), 1, "{}", rig.text());
    for pane in ["1", "2", "3", "4", "5", "6"] {
        rig.press(pane);
        let text = rig.text();
        let line = text.lines().nth(1).unwrap();
        assert!(line.contains("emergency stop by anna everywhere: paid twice · until"), "{pane}: {text}");
    }
    rig.press("1 j j w 6 0 enter");
    assert!(rig.text().contains("emergency stop by anna everywhere: paid twice"), "{}", rig.text());
    assert!(rig.text().contains("freeze off"), "{}", rig.text());
    rig.press("y");
    assert_eq!(rig.sent.len(), 1, "what raises a weight is locked");
    rig.press("esc F y");
    rig.passes(SignedDuration::from_secs(2));
    assert_eq!(rig.sent.len(), 2, "{}", rig.text());
    assert!(!rig.text().lines().nth(1).unwrap().contains("emergency stop"), "{}", rig.text());
    let intents = rig.journal.iter().filter(|record| matches!(record, Record::Intent { action: "freeze", .. })).count();
    assert_eq!((intents, rig.journal.len()), (2, 4));
}

#[test]
fn a_stop_that_is_called_while_a_plan_is_looked_at_locks_it() {
    let mut rig = rig();
    rig.press("j j w 3 7 enter");
    assert!(rig.text().contains("y pull the lever"), "{}", rig.text());
    call(&mut rig);
    rig.passes(SignedDuration::from_secs(3));
    rig.press("y");
    assert!(rig.sent.is_empty() && rig.text().contains("locked: emergency stop by anna"), "{}", rig.text());
}

#[test]
fn a_stop_that_comes_between_the_word_and_the_sending_sends_nothing() {
    let mut rig = rig();
    rig.press("j j w 3 7 enter");
    rig.later(SignedDuration::from_mins(2));
    call(&mut rig);
    rig.press("y");
    assert!(rig.sent.is_empty(), "{}", rig.text());
    assert!(rig.text().contains("emergency stop"), "{}", rig.text());
}

/// Somebody else calls the stop.
fn call(rig: &mut Rig) {
    (rig.on_send)(&mut rig.overview).unwrap();
}
