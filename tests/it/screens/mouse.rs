//! The mouse: it chooses, moves and drags, is never needed, and confirms nothing.

use crossterm::event::{MouseButton, MouseEventKind};
use leverframe::actions::{CanaryMove, Request};
use leverframe::domain::rollout::Weight;
use leverframe::ui::Reaction;

use crate::support::screen::Screen;

const DOWN: MouseEventKind = MouseEventKind::Down(MouseButton::Left);
const DRAG: MouseEventKind = MouseEventKind::Drag(MouseButton::Left);
const UP: MouseEventKind = MouseEventKind::Up(MouseButton::Left);

/// The percentage that stands in the entry of a weight.
fn typed(screen: &Screen) -> String {
    let line = screen.line("25 % →");
    let typed = line.split('→').nth(1).and_then(|rest| rest.split('%').next());
    typed.unwrap().trim().to_owned()
}

fn asked(screen: &Screen) -> Option<u8> {
    match screen.wanted.last() {
        Some(Reaction::Ask(Request::Canary { to: CanaryMove::Set(weight), .. })) => Some(weight.percent()),
        _ => None,
    }
}

#[test]
fn the_ladder_of_a_canary_is_pulled_and_enter_asks_for_the_plan() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("4 g");
    let (half, whole) = (screen.find("50 %"), screen.find("100 %"));
    screen.mouse(DOWN, half);
    assert!(screen.text().contains("Weight checkout · production"), "{}", screen.text());
    assert_eq!(typed(&screen), "50");
    screen.mouse(DRAG, whole);
    assert_eq!(typed(&screen), "100");
    // The hand may leave the row, and go beyond the end.
    screen.mouse(DRAG, (0, 35));
    let lowest = typed(&screen).parse::<u8>().unwrap();
    assert!(lowest < 25, "{lowest}");
    screen.mouse(DRAG, (half.0.midpoint(whole.0), half.1)).mouse(UP, half);
    let between: u8 = typed(&screen).parse().unwrap();
    assert!((51..100).contains(&between), "{between}");
    screen.mouse(DRAG, whole);
    assert_eq!(typed(&screen), between.to_string(), "it was let go");
    assert!(screen.wanted.is_empty(), "{:?}", screen.wanted);
    screen.press("enter");
    assert_eq!(asked(&screen), Some(between));
}

#[test]
fn the_line_of_percentages_is_pulled_in_the_entry_of_a_weight() {
    let mut screen = Screen::new("shop", 80, 24);
    screen.press("j j w");
    let (left, row) = screen.find("0 ━");
    screen.mouse(DOWN, (left + 2, row));
    assert_eq!(typed(&screen), "0");
    screen.mouse(DRAG, (79, row));
    assert_eq!(typed(&screen), "100");
    screen.mouse(DRAG, (0, 0));
    assert_eq!(typed(&screen), "0");
    let middle = screen.find("100").0.midpoint(left + 2);
    screen.mouse(DRAG, (middle, row)).mouse(UP, (middle, row));
    assert!(typed(&screen).parse::<u8>().unwrap().abs_diff(50) < 4, "{}", typed(&screen));
    // A key goes on from there.
    screen.press("backspace backspace").type_text("37").press("enter");
    assert_eq!(asked(&screen), Some(37));
}

#[test]
fn a_drag_that_began_elsewhere_or_that_a_key_ended_pulls_nothing() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("4 g");
    let half = screen.find("50 %");
    screen.mouse(DOWN, (half.0, half.1 + 1)).mouse(DRAG, half);
    assert!(!screen.text().contains("Weight checkout"), "{}", screen.text());
    screen.mouse(UP, half).mouse(DOWN, half).press("esc").press("w").mouse(DRAG, half);
    assert_eq!(typed(&screen), "", "the hand held another entry");
}

#[test]
fn a_lever_that_cannot_move_says_why_when_it_is_gripped() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.known.change(|overview| {
        let service = overview.services.iter_mut().find(|known| known.name.as_str() == "checkout").unwrap();
        let rollout = service.environments.last_mut().unwrap().rollout.as_mut().unwrap();
        rollout.phase = leverframe::domain::rollout::Phase::Aborted;
        rollout.set_weight = Some(Weight::NONE);
    });
    screen.paint();
    screen.press("4 /").type_text("checkout").press("enter");
    screen.click_on("50 %");
    assert!(screen.status().contains("no canary is under way"), "{}", screen.status());
    assert!(!screen.text().contains("show the plan"), "{}", screen.text());
}

#[test]
fn no_click_pulls_the_lever_of_a_plan() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("j j P").describe();
    screen.wanted.clear();
    screen.click_on("y pull the lever");
    assert!(screen.text().contains("a click pulls nothing: y does"), "{}", screen.text());
    let (width, height) = (120, 36);
    let before = screen.find("Reason");
    for (column, row) in (0..height).flat_map(|row| (0..width).step_by(7).map(move |column| (column, row))) {
        screen.mouse(DOWN, (column, row)).mouse(DRAG, (column, row)).mouse(UP, (column, row));
        assert!(!screen.wanted.iter().any(|wanted| matches!(wanted, Reaction::Confirm { .. })), "{column} {row}");
        if !screen.text().contains("pull the lever") {
            screen = Screen::new("shop", 120, 36);
            screen.press("j j P").describe();
        }
    }
    assert_eq!(screen.find("Reason"), before);
}

#[test]
fn the_fields_and_the_way_out_of_a_plan_are_clicked() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("j j P").describe();
    screen.wanted.clear();
    screen.click_on("Reason").type_text("launch");
    assert!(screen.line("Reason").contains("launch"), "{}", screen.text());
    // The first click leaves the field, the next the plan.
    screen.click_on("Esc leave the field");
    assert!(screen.wanted.is_empty() && screen.text().contains("leave it"), "{}", screen.text());
    screen.click(3, 8);
    assert!(screen.text().contains("pull the lever"), "a click beside it leaves it open");
    screen.click_on("Esc leave it");
    assert_eq!(screen.wanted, [Reaction::Leave { dialog: screen.dialog() }]);
}

#[test]
fn what_the_palette_finds_is_clicked_and_a_click_beside_it_closes_it() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press(":").type_text("catalog").click_on("catalog production");
    assert!(screen.line("▌").contains("catalog"), "{}", screen.text());
    let before = screen.text();
    screen.press(":").click(20, 5);
    assert_eq!(screen.text(), before, "it is closed, and nothing under it was clicked");
}

#[test]
fn a_theme_and_a_context_are_clicked() {
    let mut screen = Screen::new("shop", 120, 36);
    let ground = |screen: &Screen| screen.buffer()[(0, 35)].bg;
    let before = ground(&screen);
    screen.press("T").click_on("leverframe-light");
    let light = ground(&screen);
    assert_ne!(light, before);
    screen.press("T").click_on("dracula");
    assert_ne!(ground(&screen), light);
    let dracula = ground(&screen);
    screen.press("T j").click(0, 0);
    assert_eq!(ground(&screen), dracula, "a click beside it takes back what was looked at");
    screen.press("C").click_on("shop-staging");
    assert_eq!(screen.wanted.last(), Some(&Reaction::Context("shop-staging".into())));
}

#[test]
fn the_help_scrolls_by_the_wheel_and_a_click_beside_it_closes_it() {
    let mut screen = Screen::new("shop", 80, 24);
    let board = screen.text();
    let top = screen.press("?").text();
    screen.mouse(MouseEventKind::ScrollDown, (40, 12));
    assert_ne!(screen.text(), top);
    screen.mouse(MouseEventKind::ScrollUp, (40, 12));
    assert_eq!(screen.text(), top);
    screen.click(40, 12);
    assert_eq!(screen.text(), top, "a click on it does nothing");
    screen.click(0, 0);
    assert_eq!(screen.text(), board);
}

#[test]
fn the_wheel_moves_in_a_list_and_in_a_log() {
    let mut screen = Screen::new("shop", 80, 24);
    screen.mouse(MouseEventKind::ScrollDown, (20, 8));
    assert!(screen.line("▌").contains("catalog"), "{}", screen.text());
    screen.press("g l");
    let end = screen.text();
    screen.mouse(MouseEventKind::ScrollUp, (20, 12));
    assert_ne!(screen.text(), end);
    screen.mouse(MouseEventKind::ScrollDown, (20, 12)).press("G");
    assert_eq!(screen.text(), end);
}

#[test]
fn a_key_of_the_footer_can_be_clicked() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("j j").click_on("P promote fully");
    assert!(screen.text().contains("pull the lever"), "{}", screen.text());
    assert!(matches!(screen.wanted.last(), Some(Reaction::Ask(_))), "{:?}", screen.wanted);
    screen.press("esc").click_on("- step");
    assert!(matches!(screen.wanted.last(), Some(Reaction::Ask(Request::Canary { to: CanaryMove::Previous, .. }))));
    screen.press("esc").click_on("help");
    assert!(screen.text().contains("type to narrow"), "{}", screen.text());
}
