//! Rules that come to hold while a plan waits for a word.

use jiff::SignedDuration;
use leverframe::app::{Event, pull};
use leverframe::domain::environment::Tier;
use leverframe::domain::freeze::{Freeze, Window};

use crate::support::rig::Rig;
use crate::support::world::Known;

/// The plan for 37 % on checkout's canary, 42 minutes before a freeze begins.
fn plan() -> Rig {
    let mut known = Known::load("shop");
    let window = Window::parse("Fri 17:00", "Mon 08:00").unwrap();
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    known.policy.freezes = vec![Freeze { window, zone, tiers: vec![Tier::Production], reason: None }];
    let mut rig = Rig::of(known, Vec::new());
    rig.press("j j w 3 7 enter");
    let text = rig.text();
    assert!(text.contains("▲ freeze starts in 41 min (Fri 17:00 Europe/Berlin)"), "{text}");
    rig
}

#[test]
fn a_freeze_that_begins_while_the_plan_is_looked_at_locks_it_on_the_screen() {
    let mut rig = plan();
    rig.passes(SignedDuration::from_mins(41));
    assert!(rig.text().contains("y pull the lever"), "{}", rig.text());
    rig.passes(SignedDuration::from_mins(2));
    assert!(rig.text().contains("freeze until Mon 08:00 Europe/Berlin"), "{}", rig.text());
    rig.press("y");
    assert!(rig.sent.is_empty() && rig.journal.is_empty(), "{}", rig.text());
}

#[test]
fn a_word_that_comes_after_the_rule_has_changed_sends_nothing_even_if_the_plan_was_not_made_anew() {
    let mut rig = plan();
    rig.later(SignedDuration::from_mins(43));
    rig.happens(Event::Pulled(1, pull::Event::Confirmed { reason: None }));
    assert!(rig.sent.is_empty(), "{}", rig.text());
    assert!(
        rig.text().contains("refused, nothing was sent: a rule has changed since the plan was made"),
        "{}",
        rig.text()
    );
}
