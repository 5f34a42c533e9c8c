//! The sheet that stops the pain: three keys from it to the end of the pain.

use std::time::Duration;

use leverframe::app::Event;
use leverframe::store::past::Took;

use crate::support::rig::{Rig, environment, moved};

/// What going back to checkout's stable release does.
fn aborts(rig: &mut Rig) {
    rig.on_send = Box::new(|overview| {
        let environment = environment(overview, "checkout", "production");
        moved(environment);
        environment.held = true;
        let rollout = environment.rollout.as_mut().unwrap();
        rollout.phase = leverframe::domain::rollout::Phase::Aborted;
        let none = leverframe::domain::rollout::Weight::NONE;
        (rollout.set_weight, rollout.actual_weight) = (Some(none), Some(none));
        Ok(None)
    });
}

fn took(action: &str, target: &str, seconds: u64) -> Took {
    Took { action: action.into(), target: target.into(), took: Duration::from_secs(seconds) }
}

#[test]
fn three_keys_stop_the_pain_and_how_long_it_took_is_known_from_then_on() {
    let mut rig = Rig::new("shop");
    rig.press("j j !");
    assert!(rig.text().contains("Stop the pain · checkout"), "{}", rig.text());
    // Flags are quicker than what was never measured: to the canary itself.
    while !rig.text().lines().any(|line| line.contains("▌ abort canary")) {
        rig.press("down");
    }
    aborts(&mut rig);
    rig.press("enter");
    assert!(rig.text().contains("Abort canary checkout"), "{}", rig.text());
    rig.press("y");
    assert_eq!(rig.sent.len(), 1, "{}", rig.text());
    assert!(rig.text().contains("reached"), "{}", rig.text());
}

#[test]
fn the_way_that_was_quickest_here_comes_first_and_says_how_often_it_was_seen() {
    let mut rig = Rig::new("shop");
    let past = [3, 5, 4].map(|seconds| took("canary", "checkout/production", seconds));
    rig.happens(Event::Recalled(past.to_vec()));
    rig.happens(Event::Recalled(vec![took("rollback", "search/production", 7)]));
    rig.press("j j !");
    let text = rig.text();
    let line = |word: &str| text.lines().find(|line| line.contains(word)).unwrap_or_else(|| panic!("{word}: {text}"));
    assert!(line("abort canary").contains("▌ abort canary") && line("abort").contains("4.0 s, seen 3 times"), "{text}");
    assert!(line("roll back  ").contains("7.0 s on others"), "{text}");
    assert!(line(" off ").contains("up to 30 s"), "{text}");
}

#[test]
fn what_does_not_move_comes_last_and_says_why() {
    let mut rig = Rig::new("shop");
    rig.alive = false;
    rig.press("r j j !");
    let text = rig.text();
    assert!(text.contains("locked") && text.contains("does not answer"), "{text}");
    rig.press("enter");
    rig.press("y");
    assert!(rig.sent.is_empty(), "{}", rig.text());
}
