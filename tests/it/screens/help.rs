//! The help, the palette, and the choice of a theme and of a context.

use leverframe::ui::Reaction;
use leverframe::ui::theme::{Depth, Role, Theme};

use crate::support::screen::Screen;

#[test]
fn it_looks_like_this() {
    insta::assert_snapshot!("help_140x40", Screen::new("shop", 140, 40).press("?").drawing());
    insta::assert_snapshot!("help_80x24", Screen::new("shop", 80, 24).press("?").drawing());
    let mut screen = Screen::new("shop", 140, 40);
    insta::assert_snapshot!("palette_140x40", screen.press("j j j :").type_text("we").drawing());
    insta::assert_snapshot!("palette_80x24", Screen::new("shop", 80, 24).press(":").type_text("che").drawing());
}

#[test]
fn scrolling_stops_at_the_end_and_comes_back_at_once() {
    let mut screen = Screen::new("shop", 80, 24);
    screen.press("?").press(&"down ".repeat(200));
    let end = screen.text();
    assert!(end.contains("leave; nothing is asked"), "{end}");
    assert_ne!(screen.press("up").text(), end);
}

#[test]
fn typing_narrows_the_help() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("?").type_text("canary step");
    let text = screen.text();
    assert!(text.contains("the canary's next step") && !text.contains("leave; nothing is asked"), "{text}");
    screen.press("esc esc");
    assert!(screen.text().contains("Services"));
}

#[test]
fn the_palette_finds_a_command_by_a_few_letters() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("j j :").type_text("rolba");
    assert!(screen.text().contains("▌ roll back"), "{}", screen.text());
    screen.press("enter");
    assert!(screen.text().contains("Roll back checkout · production"), "{}", screen.text());
}

#[test]
fn the_palette_says_the_key_of_what_is_selected_and_why_it_is_off() {
    let mut screen = Screen::new("shop", 80, 24);
    screen.press("j j j :").type_text("weight");
    assert!(screen.text().contains("w weight: type the canary's share of the traffic"), "{}", screen.text());
    assert!(screen.line("▲ catalog").contains("catalog · production is blue/green, not a canary"), "{}", screen.text());
    screen.press("enter");
    assert_eq!(screen.status(), "▲ catalog · production is blue/green, not a canary");
}

#[test]
fn what_is_to_be_done_elsewhere_is_found_with_where() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("3 :").type_text("toggle");
    assert!(screen.text().contains("▲ not here, but in flags"), "{}", screen.text());
    screen.press("enter");
    assert_eq!(screen.status(), "○ not here, but in flags");
}

#[test]
fn the_palette_goes_to_a_run_a_flag_and_another_context() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press(":").type_text("search/92").press("enter");
    assert!(screen.text().contains("Rank by freshness") && screen.text().contains("Jobs"), "{}", screen.text());
    screen.press(":").type_text("newpri").press("enter");
    assert!(screen.line("▌").contains("new-price"), "{}", screen.text());
    screen.press(":").type_text("shop-stag").press("enter");
    assert_eq!(screen.wanted.last(), Some(&Reaction::Context("shop-staging".into())));
}

#[test]
fn the_palette_keeps_its_selection_in_view_on_a_small_screen() {
    let mut screen = Screen::new("shop", 60, 16);
    screen.press(":").press(&"down ".repeat(40));
    assert!(screen.text().lines().filter(|line| line.contains('▌')).count() > 1, "{}", screen.text());
}

#[test]
fn the_palette_goes_to_a_place() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press(":").type_text("catalog prod").press("enter");
    assert!(screen.line("▌").contains("catalog"), "{}", screen.text());
    assert!(screen.line("▌").contains("›●"), "its environment is chosen: {}", screen.line("▌"));
}

#[test]
fn a_theme_is_seen_while_it_is_chosen_and_escape_takes_it_back() {
    let mut screen = Screen::new("shop", 120, 36);
    let ground = |screen: &Screen| screen.buffer()[(0, 35)].bg;
    let of = |name| Theme::named(name, Depth::Rgb).unwrap();
    screen.press("T j esc T down");
    screen.press("esc");
    assert_eq!(ground(&screen), of("leverframe").style(Role::Ground).bg.unwrap());
    screen.press("T down enter");
    assert_eq!(ground(&screen), of("leverframe-light").style(Role::Ground).bg.unwrap());
}

#[test]
fn another_context_is_asked_for_only_when_it_is_another() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("C enter");
    assert!(screen.wanted.is_empty(), "{:?}", screen.wanted);
    screen.press("C down enter");
    assert_eq!(screen.wanted, [Reaction::Context("shop-staging".into())]);
}
