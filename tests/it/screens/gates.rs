//! The queue of gates and the evidence card.

use leverframe::actions::Request;
use leverframe::domain::gate::{GateState, Verdict};
use leverframe::ui::Reaction;

use crate::support::screen::Screen;

#[test]
fn it_looks_like_this() {
    insta::assert_snapshot!("gates_140x40", Screen::new("shop", 140, 40).press("3").drawing());
    insta::assert_snapshot!("gates_80x24", Screen::new("shop", 80, 24).press("3").drawing());
}

#[test]
fn missing_evidence_is_shown_as_missing() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("3");
    assert!(screen.line("verdict").contains("? missing: nothing is measured in staging"), "{}", screen.text());
    assert!(screen.line("signature").contains("? missing: image: no signature of the digest"), "{}", screen.text());
    assert!(screen.line("freezes").contains("? missing: not given by engine"), "{}", screen.text());
    screen.known.change(|overview| {
        let payments = overview.services.iter_mut().find(|service| service.name.as_str() == "payments").unwrap();
        payments.latest_run.as_mut().unwrap().stages.retain(|stage| stage.name.as_str() != "test");
        payments.environments[2].gate.as_mut().unwrap().evidence.clear();
    });
    screen.paint();
    assert!(screen.line("tests  ").contains("? missing: no stage of the run tests anything"), "{}", screen.text());
    for label in ["scans", "signature", "freezes"] {
        assert!(screen.line(label).contains("? missing: not given by engine"), "{}", screen.text());
    }
}

#[test]
fn evidence_says_how_old_it_is_and_who_found_it() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("3");
    for (words, line) in [
        ("e2e: 31", "✓ e2e: 31 of 31  ci, 2 h ago"),
        ("scans", "✓ image: 0 critical  trivy, 2 h ago"),
        ("dependencies", "▲ dependencies: 2 medium  trivy, 2 d ago"),
        ("signature", "registry, age not told"),
    ] {
        assert!(screen.line(words).contains(line), "{words}: {}", screen.text());
    }
}

#[test]
fn it_says_what_goes_in_over_what_and_what_of_it_deserves_a_look() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("3");
    assert!(screen.line("deploys").contains("v1.9.2 over v1.9.1  which has served for 6 d"), "{}", screen.text());
    let changes = "▲ 3 changes, 4 files  1 migration, flag card-payments";
    assert!(screen.line("changes  ").contains(changes), "{}", screen.text());
    screen.known.change(|overview| {
        let payments = overview.services.iter_mut().find(|service| service.name.as_str() == "payments").unwrap();
        payments.environments[2].release = None;
    });
    screen.paint();
    assert!(screen.line("deploys").contains("v1.9.2 where nothing serves yet"), "{}", screen.text());
}

#[test]
fn a_card_that_is_cut_says_how_much_of_it_is_left() {
    let mut screen = Screen::new("shop", 80, 24);
    assert!(!screen.press("3").text().contains("a higher window"), "{}", screen.text());
    screen.resize(80, 20);
    let cut = "▲ 5 lines more, 3 missing or to be looked at; a higher window shows them";
    assert!(screen.text().contains(cut), "{}", screen.text());
}

#[test]
fn approving_asks_for_the_decision_on_exactly_this_run() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("3 a");
    let Some(Reaction::Ask(Request::Decide { place, run, verdict, .. })) = screen.wanted.last() else {
        panic!("{:?}", screen.wanted)
    };
    assert_eq!(place.to_string(), "payments · production");
    assert_eq!(run.as_ref().unwrap().as_str(), "17");
    assert_eq!(*verdict, Verdict::Approve);
    assert!(screen.text().contains("Approve gate payments · production"));
}

#[test]
fn approved_and_not_started_is_a_state_of_its_own() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.known.change(|overview| {
        let payments = overview.services.iter_mut().find(|service| service.name.as_str() == "payments").unwrap();
        payments.environments[2].gate.as_mut().unwrap().state = GateState::ApprovedNotStarted;
    });
    screen.press("3");
    assert!(screen.line("▌").contains("✓ approved, not started"), "{}", screen.text());
}

#[test]
fn who_may_not_decide_reads_why() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.known.change(|overview| {
        let payments = overview.services.iter_mut().find(|service| service.name.as_str() == "payments").unwrap();
        let gate = payments.environments[2].gate.as_mut().unwrap();
        gate.may_approve = Some(false);
        gate.why_not = Some("you started it".into());
    });
    screen.press("3");
    assert!(screen.line("▌").contains("○ you may not: you started it"), "{}", screen.text());
    screen.press("a").describe().press("y");
    assert!(screen.text().contains("locked: you started it; cleared by release, lead"), "{}", screen.text());
    assert!(!screen.wanted.iter().any(|wanted| matches!(wanted, Reaction::Confirm { .. })));
}

#[test]
fn an_empty_queue_says_what_would_be_here() {
    let text = Screen::new("trouble", 80, 24).press("3").text();
    assert!(text.contains("no gate waits for anybody"), "{text}");
}
