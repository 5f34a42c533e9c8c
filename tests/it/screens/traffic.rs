//! Traffic: canaries with their ladder, charts and verdict, both colours, and the levers that move them.

use leverframe::actions::{CanaryMove, Request};
use leverframe::domain::environment::Environment;
use leverframe::domain::ids::Place;
use leverframe::domain::observation::Subject;
use leverframe::domain::rollout::{Phase, VerdictState, Weight};
use leverframe::ui::Reaction;
use leverframe::ui::glyphs::Glyphs;

use crate::support::screen::{Screen, settings};
use crate::support::world::Known;

fn production(screen: &mut Screen, service: &str, change: impl Fn(&mut Environment)) {
    screen.known.change(|overview| {
        let service = overview.services.iter_mut().find(|known| known.name.as_str() == service).unwrap();
        change(service.environments.last_mut().unwrap());
    });
    screen.paint();
}

fn canary(screen: &Screen) -> CanaryMove {
    match screen.wanted.last() {
        Some(Reaction::Ask(Request::Canary { place, to })) => {
            assert_eq!(*place, Place::new("checkout", "production"));
            *to
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_looks_like_this() {
    insta::assert_snapshot!("traffic_140x40", Screen::new("shop", 140, 40).press("4 g").drawing());
    insta::assert_snapshot!("traffic_80x24", Screen::new("shop", 80, 24).press("4 g").drawing());
    insta::assert_snapshot!("traffic_colours_140x40", Screen::new("shop", 140, 40).press("4 G").drawing());
    insta::assert_snapshot!("traffic_colours_80x24", Screen::new("shop", 80, 24).press("4 G").drawing());
    let mut plain = settings((100, 30));
    plain.glyphs = Glyphs::Ascii;
    insta::assert_snapshot!("traffic_ascii_100x30", Screen::with(Known::load("shop"), plain).press("4 g").drawing());
}

#[test]
fn every_lever_of_a_canary_asks_for_its_plan() {
    let levers = [
        ("+", CanaryMove::Next),
        ("-", CanaryMove::Previous),
        ("space", CanaryMove::Pause),
        ("P", CanaryMove::Full),
        ("A", CanaryMove::Abort),
    ];
    for (key, to) in levers {
        let mut screen = Screen::new("shop", 120, 36);
        screen.press("4 g").press(key);
        assert_eq!(canary(&screen), to, "{key}");
    }
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("4 g w").type_text("37").press("enter");
    assert_eq!(canary(&screen), CanaryMove::Set(Weight::new(37).unwrap()));
}

#[test]
fn a_paused_canary_goes_on_with_the_key_that_paused_it() {
    let mut screen = Screen::new("shop", 120, 36);
    production(&mut screen, "checkout", |environment| {
        environment.rollout.as_mut().unwrap().phase = Phase::Paused;
    });
    screen.press("4 g space");
    assert_eq!(canary(&screen), CanaryMove::Resume);
    screen.press("esc");
    assert!(screen.text().contains("is paused at 25 % until somebody lets it go on"), "{}", screen.text());
}

#[test]
fn set_and_actual_weight_stand_side_by_side() {
    let mut screen = Screen::new("shop", 120, 36);
    production(&mut screen, "checkout", |environment| {
        environment.rollout.as_mut().unwrap().actual_weight = Weight::new(18);
    });
    screen.press("4 g");
    assert!(screen.line("▌").contains("set 25 %  actual 18 %"), "{}", screen.text());
}

#[test]
fn the_other_colour_serves_after_b_and_a_canary_has_none() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("4 G b");
    let Some(Reaction::Ask(Request::Flip { place, .. })) = screen.wanted.last() else { panic!("{:?}", screen.wanted) };
    assert_eq!(*place, Place::new("catalog", "production"));
    screen.press("esc g b");
    assert_eq!(screen.status(), "▲ checkout · production is not blue/green");
}

#[test]
fn both_colours_tell_their_version_health_share_and_the_time_to_flip_back() {
    let mut screen = Screen::new("shop", 140, 40);
    screen.press("4 G");
    let (blue, green) = (screen.line("● blue   v5.3.0"), screen.line("○ green  v5.2.8"));
    assert!(blue.contains("100 %") && blue.contains("✓ 2 of 2 healthy"), "{blue}");
    assert!(green.contains("0 %") && green.contains("flip back at once, 22:30 left"), "{green}");
    production(&mut screen, "catalog", |environment| {
        environment.rollout.as_mut().unwrap().idle.as_mut().unwrap().healthy = Some(1);
    });
    assert!(screen.line("○ green  v5.2.8").contains("✗ 1 of 2 healthy"), "{}", screen.text());
    screen.press("b");
    assert!(screen.status().contains("green is not healthy"), "{}", screen.status());
}

#[test]
fn a_metric_without_data_says_so() {
    let mut screen = Screen::new("shop", 120, 36);
    production(&mut screen, "checkout", |environment| {
        let metric = &mut environment.rollout.as_mut().unwrap().verdict.as_mut().unwrap().metrics[1];
        (metric.candidate, metric.samples, metric.state) = (None, 0, VerdictState::NoData);
    });
    screen.press("4 g");
    let line = screen.line("≤ +10 %");
    assert!(line.contains("—") && line.contains("? no data"), "{line}");
    assert!(screen.text().contains("1 metric without data"), "{}", screen.text());
}

#[test]
fn what_is_measured_is_asked_for_where_one_looks() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("4 g");
    assert_eq!(screen.ui.watched(&screen.known.store), [Subject::Signals(Place::new("checkout", "production"))]);
    screen.press("G");
    assert_eq!(screen.ui.watched(&screen.known.store), [Subject::Signals(Place::new("catalog", "production"))]);
    assert!(screen.text().contains("nothing is measured yet"), "{}", screen.text());
}

#[test]
fn another_measure_comes_first_with_tab() {
    let mut screen = Screen::new("shop", 80, 24);
    screen.press("4 g");
    assert!(screen.text().contains("error rate %  ┄"), "{}", screen.text());
    screen.press("tab tab");
    assert!(screen.text().contains("requests /s  ┄"), "{}", screen.text());
    screen.press("shift-tab");
    assert!(screen.text().contains("latency p95 ms  ┄"), "{}", screen.text());
}

#[test]
fn signals_that_are_old_say_their_age() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("4 g");
    screen.known.now = screen.known.now.checked_add(jiff::SignedDuration::from_mins(7)).unwrap();
    screen.paint();
    assert!(screen.line("Candidate against stable").contains("seen 7 m ago"), "{}", screen.text());
    assert!(screen.line("▌").contains("? 5 m"), "{}", screen.text());
}

#[test]
fn a_canary_that_is_over_says_what_serves() {
    let mut screen = Screen::new("shop", 120, 36);
    production(&mut screen, "checkout", |environment| {
        environment.rollout.as_mut().unwrap().phase = Phase::Aborted;
    });
    screen.press("4").press("/").type_text("checkout").press("enter");
    assert!(screen.text().contains("no canary is under way (aborted): v2.13.4 serves all"), "{}", screen.text());
    screen.press("w");
    assert!(screen.status().contains("no canary is under way"), "{}", screen.status());
}

#[test]
fn the_place_that_was_selected_on_the_board_is_selected_here() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("j j j 4");
    assert!(screen.line("▌").contains("catalog"), "{}", screen.text());
    screen.press("enter");
    assert!(screen.text().contains("catalog run 63"), "{}", screen.text());
}

#[test]
fn without_any_it_says_how_one_comes() {
    let mut screen = Screen::new("empty", 80, 24);
    assert!(screen.press("4").text().contains("a pipeline's `rollout` brings them"), "{}", screen.text());
    assert_eq!(screen.press("A").status(), "▲ no place has traffic that can be moved");
}
