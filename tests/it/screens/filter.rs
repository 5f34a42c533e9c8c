//! The typed filter: words and columns, on every pane that has a list.

use crate::support::screen::Screen;

/// How many rows of the pane that `key` opens pass `words`.
fn passing(key: &str, words: &str) -> usize {
    let mut screen = Screen::new("shop", 140, 40);
    screen.press(key).press("/").type_text(words).press("enter");
    let text = screen.text();
    let head = text.lines().position(|line| line.contains("──") && line.contains('╭')).unwrap();
    let rows = text.lines().skip(head + 1).take_while(|line| !line.contains('╰'));
    let heads = ["SERVICE", "FLAG ", "COMMIT", "lacks what", "; Esc shows all"];
    rows.filter(|row| !heads.iter().any(|head| row.contains(head)) && !row.trim_matches(['│', ' ']).is_empty()).count()
}

#[test]
fn the_board_is_narrowed_by_what_a_service_and_its_environments_are() {
    for (words, rows) in [
        ("state:failed", 1),
        ("state:failed env:production", 0),
        ("service:check", 1),
        ("check state:waiting env:prod", 1),
        ("stage:test state:failed", 1),
        ("behind>3", 1),
        ("behind>2", 2),
        ("tier:production version:v1.9.1", 1),
        ("env:staging version:v1.9.1", 0),
        ("by:ben state:waiting", 1),
        ("by:dora", 1),
        ("age<1h service:search", 1),
        ("age>4w", 0),
        ("need:waits_for_me", 1),
        ("nosuch:x check", 1),
    ] {
        assert_eq!(passing("1", words), rows, "{words}");
    }
}

#[test]
fn the_other_lists_are_narrowed_by_what_is_in_them() {
    for (key, words, rows) in [
        ("3", "by:ben", 1),
        ("3", "by:anna", 0),
        ("3", "age>1h state:waiting env:production", 1),
        ("4", "kind:canary", 1),
        ("4", "kind:canary,blue", 2),
        ("5", "kind:kill", 1),
        ("5", "env:production percent<50", 1),
        ("5", "env:dev percent<50", 0),
        ("j d", "touches:migration", 1),
        ("j d", "flag:card", 1),
        ("j d", "by:ben files>1", 1),
        ("j d", "file:cargo", 1),
    ] {
        assert_eq!(passing(key, words), rows, "{key} /{words}");
    }
}

#[test]
fn what_is_not_understood_is_said_beside_it_and_nothing_is_lost() {
    let mut screen = Screen::new("shop", 80, 24);
    screen.press("/");
    assert!(
        screen.status().starts_with('/') && screen.status().contains("words, or service: env:"),
        "{}",
        screen.status()
    );
    screen.type_text("stat:failed");
    assert!(screen.status().ends_with("▲ there is no column `stat`; did you mean state?"), "{}", screen.status());
    assert!(screen.text().contains("/stat:failed, not all of it understood · 9 of 9"), "{}", screen.text());
    screen.press("enter");
    assert!(screen.text().contains("/stat:failed, not all"), "{}", screen.text());
    screen.press("/");
    assert!(screen.status().starts_with("/ stat:failed"), "{}", screen.status());
    screen.press("esc esc");
    assert!(screen.text().contains("9 of 9"), "{}", screen.text());
}

#[test]
fn a_log_is_searched_for_whatever_is_typed() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("l /").type_text("state:");
    assert!(!screen.status().contains("column"), "{}", screen.status());
}
