//! The plan dialog: what it shows, and what must never confirm it.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use leverframe::actions::{self, CanaryMove, Outcome, OutcomeState, Request};
use leverframe::domain::ids::Place;
use leverframe::domain::rollout::Weight;
use leverframe::ui::{Input, Reaction};

use crate::support::screen::{Screen, key};

fn on_checkout(width: u16, height: u16) -> Screen {
    let mut screen = Screen::new("shop", width, height);
    screen.press("j j");
    screen
}

/// The dialog for 37 %, with its calls on the screen.
fn ready() -> Screen {
    let mut screen = on_checkout(120, 36);
    screen.press("w").type_text("37").press("enter").describe();
    screen.wanted.clear();
    screen
}

fn confirmed(screen: &Screen) -> bool {
    screen.wanted.iter().any(|wanted| matches!(wanted, Reaction::Confirm { .. }))
}

#[test]
fn it_looks_like_this() {
    let mut screen = on_checkout(140, 40);
    insta::assert_snapshot!("weight_140x40", screen.press("w").type_text("37").drawing());
    insta::assert_snapshot!("plan_asking_140x40", screen.press("enter").drawing());
    insta::assert_snapshot!("plan_140x40", screen.describe().drawing());
    let mut screen = on_checkout(80, 24);
    insta::assert_snapshot!("plan_80x24", screen.press("w").type_text("37").press("enter").describe().drawing());
}

#[test]
fn a_weight_typed_ahead_of_its_entry_counts() {
    let mut screen = on_checkout(120, 36);
    for name in ["w", "3", "7", "enter"] {
        screen.send(Input::Key(key(name)));
    }
    let to = CanaryMove::Set(Weight::new(37).unwrap());
    let asked = Reaction::Ask(Request::Canary { place: Place::new("checkout", "production"), to });
    assert_eq!(screen.wanted.last(), Some(&asked));
}

#[test]
fn y_typed_before_the_dialog_was_drawn_is_dropped() {
    let mut screen = on_checkout(120, 36);
    for name in ["w", "3", "7", "enter", "y", "y"] {
        screen.send(Input::Key(key(name)));
    }
    screen.describe();
    assert!(!confirmed(&screen));
    screen.press("y");
    assert!(confirmed(&screen));
}

#[test]
fn y_does_nothing_before_the_exact_calls_are_on_the_screen() {
    let mut screen = on_checkout(120, 36);
    screen.press("P y");
    assert!(!confirmed(&screen));
    assert!(screen.text().contains("engine has not named the exact calls yet"), "{}", screen.text());
    // Told, and not yet drawn.
    let dialog = screen.dialog();
    screen.ui.described(dialog, Vec::new());
    screen.send(Input::Key(key("y")));
    assert!(!confirmed(&screen));
    screen.paint();
    screen.press("y");
    assert!(confirmed(&screen));
}

#[test]
fn y_confirms_once_and_the_outcome_is_said() {
    let mut screen = ready();
    screen.press("y");
    assert_eq!(screen.wanted, [Reaction::Confirm { dialog: screen.dialog(), reason: None }]);
    assert_eq!(screen.status(), "◐ Shift canary checkout · production: sending");
    let outcome = Outcome { took_ms: Some(6100), ..Outcome::new(OutcomeState::Reached, "actual weight is 37 %") };
    let dialog = screen.dialog();
    screen.ui.progress(dialog, "sent, watching until actual weight is 37 %");
    screen.paint();
    assert!(screen.status().ends_with("sent, watching until actual weight is 37 %"));
    screen.ui.close(dialog, &outcome);
    screen.paint();
    assert_eq!(screen.status(), "✓ Shift canary checkout · production: reached in 6 s: actual weight is 37 %");
    screen.press("esc");
    assert_eq!(screen.status(), "");
}

#[test]
fn neither_enter_nor_the_opening_key_nor_any_other_confirms() {
    for name in ["enter", "w", "space", "q", "Y", "P"] {
        let mut screen = ready();
        screen.press(name);
        assert!(screen.wanted.is_empty(), "{name}: {:?}", screen.wanted);
    }
    let mut screen = ready();
    screen.send(Input::Key(KeyEvent::new(KeyCode::Char('y'), KeyModifiers::CONTROL)));
    assert!(screen.wanted.is_empty());
}

#[test]
fn a_held_y_does_not_confirm() {
    let mut screen = ready();
    let held = KeyEvent::new_with_kind(KeyCode::Char('y'), KeyModifiers::NONE, KeyEventKind::Repeat);
    screen.send(Input::Key(held));
    assert!(!confirmed(&screen));
}

#[test]
fn a_paste_never_confirms() {
    let mut screen = ready();
    screen.send(Input::Paste("y".into()));
    screen.send(Input::Paste("y\n".into()));
    screen.paint();
    assert!(!confirmed(&screen));
    assert!(screen.text().contains("a paste confirms nothing"));
    screen.press("tab");
    screen.send(Input::Paste("because\ny".into()));
    screen.paint();
    assert!(!confirmed(&screen));
    assert!(screen.line("Reason").contains("because y"));
}

#[test]
fn in_the_reason_every_letter_is_text_and_leaves_with_the_plan() {
    let mut screen = ready();
    screen.press("tab").type_text("yes, q").press("enter");
    assert!(!confirmed(&screen));
    assert!(screen.wanted.is_empty(), "{:?}", screen.wanted);
    screen.press("y");
    assert_eq!(screen.wanted, [Reaction::Confirm { dialog: screen.dialog(), reason: Some("yes, q".into()) }]);
}

#[test]
fn escape_leaves_the_field_and_then_the_plan() {
    let mut screen = ready();
    screen.press("tab").type_text("y").press("esc");
    assert!(screen.wanted.is_empty());
    screen.press("esc");
    assert_eq!(screen.wanted, [Reaction::Leave { dialog: screen.dialog() }]);
    assert!(!screen.text().contains("pull the lever"));
}

#[test]
fn a_required_reason_is_asked_for() {
    let mut screen = on_checkout(120, 36);
    let request = Request::Canary { place: Place::new("checkout", "production"), to: CanaryMove::Full };
    let mut plan = actions::plan(&screen.known.world(), &request).unwrap();
    plan.reason_required = true;
    screen.ui.plan(0, plan);
    screen.paint();
    screen.describe().press("y");
    assert!(!confirmed(&screen));
    assert!(screen.text().contains("a reason is required: Tab goes there"), "{}", screen.text());
    screen.press("tab").type_text("launch").press("esc y");
    assert!(confirmed(&screen));
}

#[test]
fn where_a_name_must_be_typed_it_is_typed_whole_and_not_pasted() {
    let mut screen = on_checkout(120, 36);
    let request = Request::Canary { place: Place::new("checkout", "production"), to: CanaryMove::Full };
    let mut plan = actions::plan(&screen.known.world(), &request).unwrap();
    plan.typed = Some("checkout".into());
    screen.ui.plan(0, plan);
    screen.paint();
    screen.describe().press("y");
    assert!(screen.text().contains("type checkout first: Tab goes there"), "{}", screen.text());
    screen.press("tab");
    screen.send(Input::Paste("checkout".into()));
    screen.paint();
    assert!(screen.text().contains("the name is typed, not pasted"));
    screen.type_text("checkou").press("esc y");
    assert!(!confirmed(&screen));
    screen.press("tab").type_text("t").press("esc y");
    assert!(confirmed(&screen));
}

#[test]
fn a_lock_says_what_clears_it() {
    let mut screen = on_checkout(120, 36);
    screen.known.operator.read_only = true;
    screen.press("A").describe().press("y");
    assert!(!confirmed(&screen));
    assert!(screen.text().contains("locked: "), "{}", screen.text());
}

#[test]
fn a_plan_that_took_the_place_of_another_must_be_looked_at_anew() {
    let mut screen = ready();
    let request = Request::Canary { place: Place::new("checkout", "production"), to: CanaryMove::Full };
    let plan = actions::plan(&screen.known.world(), &request).unwrap();
    let dialog = screen.dialog();
    screen.ui.plan(dialog, plan);
    screen.send(Input::Key(key("y")));
    assert!(!confirmed(&screen));
    screen.paint();
    assert!(screen.text().contains("another plan than before: look again"), "{}", screen.text());
    screen.press("y");
    assert!(!confirmed(&screen), "its calls are not there yet");
    screen.describe().press("y");
    assert!(confirmed(&screen));
}

#[test]
fn calls_that_are_longer_than_the_screen_can_be_read_whole() {
    let mut screen = Screen::new("shop", 60, 16);
    screen.press("j j P").describe();
    let mut seen = screen.text();
    for _ in 0..20 {
        seen.push_str(screen.press("down").text().as_str());
    }
    for words in ["POST", "If-Match: 88231", "watch until", "undo", "Reason", "pull the lever"] {
        assert!(seen.contains(words), "{words} in\n{seen}");
    }
}
