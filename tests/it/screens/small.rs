//! Sizes: from too small to very large, and ASCII.

use leverframe::ui::Reaction;
use leverframe::ui::glyphs::Glyphs;

use crate::support::screen::{Screen, settings};
use crate::support::world::Known;

#[test]
fn a_screen_that_is_too_small_says_so_and_obeys_only_quit() {
    let mut screen = Screen::new("shop", 59, 16);
    assert_eq!(screen.text().trim(), "too small: 59x16, 60x16 at least");
    screen.press("j a R ? : w enter y");
    assert!(screen.wanted.is_empty(), "{:?}", screen.wanted);
    assert_eq!(screen.text().trim(), "too small: 59x16, 60x16 at least");
    screen.press("q");
    assert_eq!(screen.wanted, [Reaction::Quit]);
    screen.resize(80, 24);
    assert!(screen.text().contains("Services"));
}

#[test]
fn what_a_very_small_screen_says_can_be_read_whole() {
    let mut screen = Screen::new("shop", 20, 5);
    assert_eq!(screen.text().trim_end(), "too small: 20x5,\n60x16 at least");
    screen.resize(1, 1);
    assert_eq!(screen.text().chars().count(), 1, "{}", screen.text());
}

#[test]
fn every_size_can_be_drawn_with_every_layer() {
    for (width, height) in [(1, 1), (60, 16), (61, 17), (80, 24), (99, 30), (100, 30), (140, 40), (300, 100)] {
        for keys in [
            "j j",
            "2",
            "l",
            "l z",
            "3",
            "4",
            "4 G",
            "5",
            "5 t",
            "j d",
            "j d tab",
            "j d tab tab",
            "?",
            ":",
            "T",
            "C",
            "/",
            "j j w",
            "j j P",
            "j R",
        ] {
            let mut screen = Screen::new("shop", width, height);
            screen.press(keys).describe();
            assert_eq!(screen.buffer().area.width, width);
        }
    }
}

#[test]
fn a_dialog_that_was_open_while_the_screen_was_too_small_was_not_seen() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("j j P");
    screen.resize(40, 10);
    screen.describe();
    screen.press("y");
    screen.resize(120, 36);
    assert!(!screen.wanted.iter().any(|wanted| matches!(wanted, Reaction::Confirm { .. })));
}

#[test]
fn in_ascii_nothing_of_ours_is_more_than_ascii() {
    for keys in [
        "j j", "j j j", "2", "3", "4 g", "4 G", "5", "5 t", "j d", "?", ":", "j j P", "l", "T", "C", "/", "j j w",
        "j R", "j a",
    ] {
        let mut plain = settings((140, 40));
        plain.glyphs = Glyphs::Ascii;
        let mut screen = Screen::with(Known::load("shop"), plain);
        screen.press(keys).describe();
        let strange: String = screen.text().chars().filter(|c| !c.is_ascii()).collect();
        assert_eq!(strange, "", "{keys}:\n{}", screen.text());
    }
}
