//! The life of a console: one lever from key to outcome, and everything that may come between.

mod eyes;
mod glass;
mod logs;
mod read_only;
mod relief;
mod rules;
mod session;
mod stops;

use jiff::SignedDuration;
use leverframe::actions::Action;
use leverframe::app::Event;
use leverframe::app::effect::Record;
use leverframe::app::telling::Telling;
use leverframe::app::unsettled::Unsettled;
use leverframe::capabilities::CapabilityError;
use leverframe::capabilities::error::Kind;
use leverframe::domain::ids::GateId;
use leverframe::domain::observation::{Facts, Observation, Subject};
use leverframe::domain::rollout::Weight;
use leverframe::domain::run::Status;
use leverframe::store::Store;
use leverframe::ui::Input;
use leverframe::ui::theme::File;

use crate::support::rig::{Rig, environment, moved};
use crate::support::world::Known;

/// The plan for 37 % on checkout's canary, on the screen with its calls.
fn plan() -> Rig {
    let mut rig = Rig::new("shop");
    rig.press("j j w 3 7 enter");
    assert!(rig.text().contains("Shift canary checkout"), "{}", rig.text());
    rig
}

fn weighs(rig: &mut Rig, percent: u8) {
    rig.on_send = Box::new(move |overview| {
        let environment = environment(overview, "checkout", "production");
        moved(environment);
        let rollout = environment.rollout.as_mut().unwrap();
        (rollout.set_weight, rollout.actual_weight) = (Weight::new(percent), Weight::new(percent));
        Ok(None)
    });
}

/// What the journal got, in words: the intent's action, or the outcome's state.
fn journal(rig: &Rig) -> Vec<String> {
    rig.journal
        .iter()
        .map(|record| match record {
            Record::Intent { action, target, .. } => format!("{action} {target}"),
            Record::Outcome { intent, outcome, .. } => format!("{:?}: {}", intent, outcome["state"].as_str().unwrap()),
        })
        .collect()
}

#[test]
fn a_lever_is_planned_confirmed_journalled_sent_once_and_watched_until_its_end_is_seen() {
    let mut rig = plan();
    assert!(rig.sent.is_empty() && rig.journal.is_empty());
    weighs(&mut rig, 37);
    rig.press("y");
    assert_eq!(rig.sent.len(), 1);
    assert_eq!(journal(&rig), ["canary checkout/production", "Some(1): reached"]);
    assert!(rig.text().contains("actual weight is 37 %"), "{}", rig.text());
}

#[test]
fn the_reason_that_is_typed_goes_to_the_source_and_into_the_journal() {
    let mut rig = plan();
    weighs(&mut rig, 37);
    rig.press("tab h o t tab y");
    let sent = rig.sent[0].body.clone().unwrap();
    assert_eq!(sent["reason"], "hot");
    let Record::Intent { reason, plan, .. } = &rig.journal[0] else { panic!("{:?}", rig.journal) };
    assert_eq!(reason.as_deref(), Some("hot"));
    assert!(plan["steps"][0].as_str().unwrap().contains("hot"), "{plan}");
}

#[test]
fn accepted_is_not_reached_and_what_is_never_seen_is_unknown() {
    let mut rig = plan();
    rig.press("y");
    assert!(rig.text().contains("watching until actual weight is 37 %"), "{}", rig.text());
    rig.passes(SignedDuration::from_mins(5));
    assert_eq!(journal(&rig), ["canary checkout/production", "Some(1): unknown"]);
    assert_eq!(rig.sent.len(), 1);
}

#[test]
fn what_moved_before_the_word_is_shown_anew_and_the_word_must_be_given_anew() {
    let mut rig = plan();
    let environment = rig.environment("checkout", "production");
    moved(environment);
    environment.rollout.as_mut().unwrap().set_weight = Weight::new(30);
    rig.passes(SignedDuration::from_secs(3));
    assert!(rig.text().contains("another plan than before: look again"), "{}", rig.text());
    weighs(&mut rig, 37);
    rig.press("y");
    assert_eq!(journal(&rig), ["canary checkout/production", "Some(1): reached"]);
}

#[test]
fn what_the_source_says_has_moved_is_told_and_nothing_is_claimed() {
    let mut rig = plan();
    rig.on_send = Box::new(|_| Err(CapabilityError::new(Kind::Moved(None), "it is at step 3 now")));
    rig.press("y");
    assert_eq!(journal(&rig), ["canary checkout/production", "Some(1): moved"]);
    assert!(rig.text().contains("it is at step 3 now"), "{}", rig.text());
}

#[test]
fn without_a_journal_nothing_is_sent() {
    let mut rig = plan();
    rig.writable = false;
    rig.press("y");
    assert!(rig.sent.is_empty());
    assert!(rig.text().contains("nothing was sent: the journal cannot be written"), "{}", rig.text());
}

#[test]
fn an_answer_that_never_came_is_watched_and_not_sent_again() {
    let mut rig = plan();
    rig.on_send = Box::new(|overview| {
        let environment = environment(overview, "checkout", "production");
        moved(environment);
        let rollout = environment.rollout.as_mut().unwrap();
        (rollout.set_weight, rollout.actual_weight) = (Weight::new(37), Weight::new(37));
        Err(CapabilityError::new(Kind::UnknownOutcome, "the connection was reset"))
    });
    rig.press("y");
    assert_eq!(rig.sent.len(), 1);
    assert_eq!(journal(&rig), ["canary checkout/production", "Some(1): reached"]);
}

#[test]
fn esc_leaves_a_plan_and_nothing_is_sent_or_journalled() {
    let mut rig = plan();
    rig.press("esc");
    assert!(!rig.text().contains("Shift canary"));
    assert!(rig.sent.is_empty() && rig.journal.is_empty());
}

#[test]
fn a_dead_source_keeps_what_was_known_locks_its_levers_and_recovers() {
    let mut rig = Rig::new("shop");
    rig.alive = false;
    rig.passes(SignedDuration::from_secs(30));
    assert!(rig.text().contains("engine does not answer"), "{}", rig.text());
    assert!(rig.text().contains("checkout"));
    rig.press("j j w 3 7 enter y");
    assert!(rig.sent.is_empty());
    rig.press("esc esc");
    rig.alive = true;
    rig.passes(SignedDuration::from_secs(3));
    assert!(!rig.text().contains("engine does not answer"), "{}", rig.text());
}

#[test]
fn whoever_leaves_before_the_end_was_seen_leaves_it_as_unknown() {
    let mut rig = plan();
    rig.press("y");
    rig.press("q");
    assert_eq!(rig.left, Some(0));
    assert_eq!(journal(&rig), ["canary checkout/production", "Some(1): unknown"]);
}

#[test]
fn what_a_killed_process_left_is_said_until_it_is_put_away() {
    let left = Unsettled { intent: 7, action: Action::Canary, target: "checkout/production".into() };
    let mut rig = Rig::after("shop", vec![left]);
    rig.press("j");
    let words = "the outcome of `canary checkout/production` (entry 7) is unknown: look at it";
    assert!(rig.text().contains(words), "{}", rig.text());
    rig.press("esc");
    assert!(!rig.text().contains("is unknown"), "{}", rig.text());
}

#[test]
fn a_signal_leaves_with_its_code() {
    let mut rig = Rig::new("shop");
    rig.happens(Event::Ended(143));
    assert_eq!(rig.left, Some(143));
}

#[test]
fn a_source_is_asked_at_its_pace_and_once_at_a_time() {
    let mut rig = Rig::new("shop");
    rig.asked.clear();
    rig.passes(SignedDuration::from_secs(10));
    let overviews = rig.asked.iter().filter(|subject| **subject == Subject::Overview).count();
    assert!((5..=11).contains(&overviews), "{overviews}");
}

#[test]
fn a_gate_that_comes_to_wait_for_me_is_told_once() {
    let mut rig = Rig::new("shop");
    let gate = rig.environment("payments", "production").gate.take();
    rig.passes(SignedDuration::from_secs(3));
    assert!(rig.told.is_empty(), "{:?}", rig.told);
    rig.environment("payments", "production").gate = gate;
    rig.passes(SignedDuration::from_secs(30));
    assert_eq!(rig.told, ["a gate waits for you: payments · production"]);
}

#[test]
fn what_is_only_remembered_of_a_silent_source_is_no_news() {
    let (known, nothing) = (Known::load("shop"), Known::load("empty"));
    let (mut telling, now) = (Telling::default(), known.now);
    let mut hears = |source: &str, store: &Store| {
        let (source, facts) = (source.into(), Facts::Overview(known.overview()));
        let tells = telling.hears(&Observation { source, subject: Subject::Overview, at: now, facts });
        telling.learn(store, tells);
        telling.due(now)
    };
    assert_eq!(hears("other", &nothing.store), None);
    // The rest of the last known state was read meanwhile, and the engine has not answered yet.
    assert_eq!(hears("other", &known.store), None);
    assert_eq!(hears("engine", &known.store), None, "the first answer");
}

#[test]
fn another_gate_is_told_also_while_one_closes_but_not_to_who_looks() {
    let mut rig = Rig::new("shop");
    let gate = rig.environment("payments", "production").gate.clone().unwrap();
    for (id, focused) in [("g-2", false), ("g-3", true), ("g-4", false)] {
        rig.happens(Event::Entered(Input::Focused(focused)));
        let mut gate = gate.clone();
        gate.id = GateId::new(id);
        rig.environment("payments", "production").gate = Some(gate);
        rig.passes(SignedDuration::from_secs(30));
    }
    assert_eq!(rig.told, ["a gate waits for you: payments · production"; 2]);
}

#[test]
fn the_end_of_a_run_that_was_opened_is_told_and_a_burst_in_one() {
    let mut rig = Rig::new("shop");
    let running = |rig: &Rig| {
        let runs = rig.overview.services.iter().enumerate();
        let mut running =
            runs.filter(|(_, service)| service.latest_run.as_ref().is_some_and(|run| !run.status.ended()));
        running.next().map(|(at, _)| at).unwrap()
    };
    let at = running(&rig);
    let name = rig.overview.services[at].name.clone();
    rig.press(&format!("/ {} enter enter", name.as_str().chars().map(String::from).collect::<Vec<_>>().join(" ")));
    rig.press("1");
    let run = rig.overview.services[at].latest_run.as_mut().unwrap();
    run.status = Status::Failed;
    let key = run.key();
    rig.passes(SignedDuration::from_secs(3));
    assert_eq!(rig.told, [format!("run {key} ended: failed")]);
    let gates = ["g-2", "g-3", "g-4"];
    let gate = rig.environment("payments", "production").gate.clone().unwrap();
    for id in gates {
        let mut gate = gate.clone();
        gate.id = GateId::new(id);
        rig.environment("payments", "production").gate = Some(gate);
        rig.passes(SignedDuration::from_secs(2));
    }
    assert_eq!(rig.told.len(), 1, "{:?}", rig.told);
    rig.passes(SignedDuration::from_secs(5));
    assert_eq!(rig.told[1], "a gate waits for you: payments · production, and 2 more");
    rig.passes(SignedDuration::from_secs(60));
    assert_eq!(rig.told.len(), 2, "{:?}", rig.told);
}

#[test]
fn theme_files_are_looked_at_when_the_terminal_comes_into_focus_and_with_the_overview() {
    let broken =
        |name: &str| Some(vec![File { name: name.into(), shown: format!("{name}.toml"), text: Ok("[roles".into()) }]);
    let mut rig = Rig::new("shop");
    rig.themes = broken("one");
    rig.happens(Event::Entered(Input::Focused(false)));
    assert!(rig.themes.is_some(), "nobody looks");
    rig.happens(Event::Entered(Input::Focused(true)));
    assert!(rig.text().contains("one.toml:1: this is no TOML"), "{}", rig.text());
    rig.themes = broken("two");
    rig.passes(SignedDuration::from_secs(5));
    assert!(rig.text().contains("two.toml:1: this is no TOML"), "{}", rig.text());
}

#[test]
fn a_log_is_saved_by_whom_its_service_comes_from_and_it_is_said() {
    let mut rig = Rig::new("shop");
    rig.press("2 S");
    let [(source, log)] = &rig.saved[..] else { panic!("{:?}", rig.saved) };
    assert_eq!((source.as_str(), log.run.to_string(), log.job.as_str()), ("engine", "search/92".into(), "e2e"));
    assert!(rig.text().contains("saved in e2e.log"), "{}", rig.text());
}
