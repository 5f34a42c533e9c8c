//! Four eyes in the console: the first shows a phrase and waits, the second types it and sees what it is about.

use jiff::SignedDuration;
use leverframe::app::effect::Record;
use leverframe::domain::confirmation::State;
use leverframe::domain::environment::Tier;
use leverframe::domain::rollout::Weight;

use crate::support::rig::{Rig, environment, moved};
use crate::support::world::Known;

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// A console whose policy asks for two, with the plan for 37 % confirmed by the first.
fn waiting() -> Rig {
    let mut known = Known::load("shop");
    known.policy.tiers.entry(Tier::Production).or_default().approvals = 2;
    known.change(|overview| overview.confirms = true);
    let mut rig = Rig::of(known, Vec::new());
    rig.on_send = Box::new(|overview| {
        let place = environment(overview, "checkout", "production");
        let rollout = place.rollout.as_mut().unwrap();
        (rollout.set_weight, rollout.actual_weight) = (Weight::new(37), Weight::new(37));
        moved(place);
        Ok(None)
    });
    rig.press("j j w 3 7 enter");
    assert!(rig.text().contains("a second person must confirm this, through engine"), "{}", rig.text());
    rig.press("y");
    rig
}

#[test]
fn the_phrase_is_shown_until_somebody_confirms_and_then_it_goes_on() {
    let mut rig = waiting();
    let text = rig.text();
    assert!(text.contains("leverframe confirm maple-otter-river-lantern-plum"), "{text}");
    assert!(text.contains("9:59 left"), "{text}");
    rig.passes(SignedDuration::from_mins(2));
    assert!(rig.sent.is_empty() && rig.journal.is_empty(), "{}", rig.text());
    rig.confirmed();
    rig.passes(SECOND * 3);
    assert_eq!(rig.sent.len(), 1, "{}", rig.text());
    assert!(!rig.text().contains("maple-otter"), "{}", rig.text());
    assert!(rig.text().contains("reached"), "{}", rig.text());
    let Some(Record::Intent { plan, .. }) = rig.journal.first() else { panic!("{:?}", rig.journal) };
    assert_eq!(plan["confirmed_by"], "bert");
    assert_eq!(rig.confirmation.unwrap().state, State::Used);
}

#[test]
fn leaving_withdraws_it() {
    let mut rig = waiting();
    rig.press("esc");
    rig.passes(SECOND);
    assert!(rig.sent.is_empty() && !rig.text().contains("maple-otter"), "{}", rig.text());
    assert!(rig.text().contains("withdrawn before a second person confirmed it"), "{}", rig.text());
    assert_eq!(rig.confirmation.unwrap().state, State::Withdrawn);
}

#[test]
fn what_nobody_confirms_in_time_lapses() {
    let mut rig = waiting();
    rig.passes(SignedDuration::from_mins(11));
    assert!(rig.sent.is_empty(), "{}", rig.text());
    assert!(rig.text().contains("nobody confirmed it in time"), "{}", rig.text());
}

#[test]
fn what_moved_while_the_second_person_looked_at_it_is_not_sent() {
    let mut rig = waiting();
    moved(environment(&mut rig.overview, "checkout", "production"));
    rig.confirmed();
    rig.passes(SECOND * 3);
    assert!(rig.sent.is_empty(), "{}", rig.text());
    assert!(rig.text().contains("it had moved, nothing was sent"), "{}", rig.text());
    assert_eq!(rig.confirmation.unwrap().state, State::Used, "it is used up");
}

#[test]
fn the_second_person_sees_what_it_is_about_and_confirms_it_like_any_plan() {
    let mut rig = waiting();
    rig.press("esc");
    let kept = rig.confirmation.as_mut().unwrap();
    kept.state = State::Waiting;
    rig.on_send = Box::new(|_| Ok(None));
    rig.press("V m a p l e enter");
    let text = rig.text();
    assert!(text.contains("anna asks for it") && text.contains("37 %"), "{text}");
    rig.press("y");
    rig.confirmed();
    rig.passes(SECOND * 3);
    assert_eq!(rig.sent.len(), 1, "{}", rig.text());
    assert!(rig.text().contains("confirmed: anna goes on with it"), "{}", rig.text());
}

#[test]
fn a_phrase_that_is_not_known_says_so() {
    let mut rig = waiting();
    rig.press("esc");
    rig.confirmation = None;
    rig.press("V n o enter");
    assert!(rig.text().contains("no such phrase"), "{}", rig.text());
}
