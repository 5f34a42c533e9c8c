//! The glass before the rules, broken in the console.

use jiff::SignedDuration;
use leverframe::app::effect::Record;
use leverframe::domain::environment::Tier;

use crate::support::rig::Rig;
use crate::support::world::Known;

/// A console on the plan for 37 %, which an emergency stop locks; the policy lets that be broken, or not.
fn locked(break_glass: bool) -> Rig {
    let mut known = Known::load("shop");
    known.policy.tiers.entry(Tier::Production).or_default().break_glass = break_glass;
    known.stop(Vec::new(), true);
    let mut rig = Rig::of(known, Vec::new());
    rig.press("j j w 3 7 enter");
    assert!(rig.text().contains("emergency stop by bert"), "{}", rig.text());
    rig
}

/// The deeds and messages of the journal that are about the glass.
fn recorded(rig: &Rig) -> Vec<(&'static str, String)> {
    let of = |record: &Record| match record {
        Record::Outcome { action: action @ ("break_glass" | "mend_glass"), outcome, .. } => {
            Some((*action, outcome["message"].as_str().unwrap().to_owned()))
        }
        _ => None,
    };
    rig.journal.iter().filter_map(of).collect()
}

fn header(rig: &Rig) -> String {
    rig.text().lines().take(3).collect::<Vec<_>>().join("\n")
}

#[test]
fn it_is_broken_for_a_reason_says_so_everywhere_and_mends_by_itself() {
    let mut rig = locked(true);
    assert!(rig.text().contains("B break the glass"), "{}", rig.text());
    rig.press("B enter");
    assert!(rig.text().contains("breaks: emergency stop by bert everywhere"), "{}", rig.text());
    rig.press("d o w n enter");
    assert!(header(&rig).contains("GLASS BROKEN by anna: down · 14:59 left"), "{}", rig.text());
    assert!(rig.text().contains("broken: emergency stop by bert"), "{}", rig.text());
    let (action, says) = recorded(&rig).remove(0);
    assert_eq!(action, "break_glass");
    assert!(says.starts_with("broken by anna for 15 min: down (locked: emergency stop by bert"), "{says}");
    rig.press("y");
    assert_eq!(rig.sent.len(), 1, "{}", rig.text());
    assert_eq!(rig.sent[0].body.as_ref().unwrap()["reason"], "down", "the stop is broken for that reason");
    for pane in ["2", "3", "4", "5", "6"] {
        rig.press(pane);
        assert!(header(&rig).contains("GLASS BROKEN by anna: down"), "{pane}: {}", rig.text());
    }
    rig.passes(SignedDuration::from_mins(15));
    assert!(!header(&rig).contains("GLASS"), "{}", rig.text());
    assert_eq!(recorded(&rig)[1], ("mend_glass", "whole again: its time is over".to_owned()));
}

#[test]
fn it_is_mended_by_hand_and_then_the_locks_hold_again() {
    let mut rig = locked(true);
    rig.press("B d o w n enter esc M");
    assert!(!header(&rig).contains("GLASS") && rig.text().contains("whole again: by hand"), "{}", rig.text());
    rig.press("w 3 7 enter y");
    assert!(rig.sent.is_empty(), "{}", rig.text());
    assert_eq!(recorded(&rig).len(), 2);
    rig.press("esc M");
    assert!(rig.text().contains("the glass is whole"), "{}", rig.text());
}

#[test]
fn where_the_policy_does_not_let_it_or_the_journal_cannot_be_written_it_stays_whole() {
    let mut rig = locked(false);
    assert!(!rig.text().contains("break the glass"), "{}", rig.text());
    rig.press("B d o w n enter");
    assert!(!header(&rig).contains("GLASS"), "{}", rig.text());
    let mut rig = locked(true);
    rig.writable = false;
    rig.press("B d o w n enter y");
    assert!(!header(&rig).contains("GLASS") && rig.sent.is_empty(), "{}", rig.text());
}
