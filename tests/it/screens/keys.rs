//! Keys: what the footer shows works or says why; what means nothing here says so or does nothing.

use leverframe::actions::Request;
use leverframe::ui::keymap::Keymap;
use leverframe::ui::{Input, Reaction};

use crate::support::screen::{Screen, key};

/// The keys that the footer shows, by name.
fn shown(screen: &Screen) -> Vec<String> {
    let words = ["↵", "Tab", "Esc"];
    let names = ["enter", "tab", "esc"];
    let items: Vec<_> = screen.footer().split("   ").map(str::to_owned).collect();
    items
        .iter()
        .flat_map(|item| {
            let mut keys: Vec<_> = item.split(' ').collect();
            keys.pop();
            // What is a key ends where the label begins: labels are words of two letters and more.
            keys.into_iter().filter(|key| key.chars().count() == 1 || words.contains(key) || *key == "space")
        })
        .map(|key| words.iter().position(|word| *word == key).map_or(key, |at| names[at]).to_owned())
        .collect()
}

#[test]
fn every_key_of_the_footer_does_something_or_says_why() {
    for world in ["shop", "trouble", "odd_names"] {
        for pane in ["1", "2", "3", "4", "5", "6"] {
            let rows = if pane == "1" { Screen::new(world, 200, 36).known.store.count() } else { 3 };
            for down in 0..rows {
                let opened = || {
                    let mut screen = Screen::new(world, 200, 36);
                    screen.press(pane);
                    screen.press(&"j ".repeat(down));
                    screen.wanted.clear();
                    screen
                };
                let before = opened().text();
                for name in shown(&opened()) {
                    let mut screen = opened();
                    screen.press(&name);
                    let changed = screen.text() != before || !screen.wanted.is_empty();
                    assert!(changed, "{name} in pane {pane} of {world}, row {down}:\n{before}");
                }
            }
        }
    }
}

#[test]
fn a_key_that_is_off_says_why() {
    let mut screen = Screen::new("shop", 160, 36);
    screen.press("j j j w");
    assert_eq!(screen.status(), "▲ catalog · production is blue/green, not a canary");
    assert!(screen.wanted.is_empty());
    screen.press("j a");
    assert_eq!(screen.status(), "▲ nothing waits at a gate of inventory · production");
}

#[test]
fn a_key_that_is_bound_elsewhere_says_where_and_another_does_nothing() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("3 b");
    assert_eq!(screen.status(), "○ let the other colour serve: not here, but in board");
    let before = screen.text();
    screen.press("ü");
    assert_eq!(screen.status(), "");
    assert_ne!(before, screen.text());
    assert!(screen.wanted.iter().all(|wanted| !matches!(wanted, Reaction::Ask(_))), "{:?}", screen.wanted);
}

#[test]
fn quitting_never_asks() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("q");
    assert_eq!(screen.wanted, [Reaction::Quit]);
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("j j P tab ctrl-c");
    assert_eq!(screen.wanted.last(), Some(&Reaction::Quit), "Ctrl-C leaves from anywhere");
}

#[test]
fn tabs_are_those_of_the_panes_there_are_and_can_be_clicked() {
    let mut screen = Screen::new("shop", 120, 36);
    let tabs = screen.text().lines().nth(1).unwrap().to_owned();
    assert!(tabs.contains("1 Board") && tabs.contains("3 Gates 1"), "{tabs}");
    assert!(!tabs.contains("Insights"));
    let at = tabs.find("Gates").unwrap();
    screen.click(u16::try_from(at).unwrap(), 1);
    assert!(screen.text().contains("APPROVALS"), "{}", screen.text());
    screen.press("esc");
    assert!(screen.text().contains("Services"), "Esc goes back to where one came from");
}

#[test]
fn a_click_selects_and_the_wheel_moves() {
    let mut screen = Screen::new("shop", 120, 36);
    let row = screen.text().lines().position(|line| line.contains("accounts")).unwrap();
    screen.click(20, u16::try_from(row).unwrap());
    assert!(screen.line("▌").contains("accounts"));
    let kind = crossterm::event::MouseEventKind::ScrollUp;
    let modifiers = crossterm::event::KeyModifiers::NONE;
    screen.send(Input::Mouse(crossterm::event::MouseEvent { kind, column: 20, row: 8, modifiers }));
    screen.paint();
    assert!(screen.line("▌").contains("checkout"), "{}", screen.text());
}

#[test]
fn what_was_looked_at_goes_along_to_the_next_pane() {
    let mut screen = Screen::new("shop", 120, 36);
    screen.press("j 3 a");
    assert!(
        matches!(screen.wanted.last(), Some(Reaction::Ask(Request::Decide { place, .. })) if place.service.as_str() == "payments")
    );
}

#[test]
fn a_key_release_is_no_key() {
    let mut screen = Screen::new("shop", 120, 36);
    let mut event = key("q");
    event.kind = crossterm::event::KeyEventKind::Release;
    screen.send(Input::Key(event));
    assert!(screen.wanted.is_empty());
}

#[test]
fn the_keys_of_the_design_are_the_keys() {
    use leverframe::ui::command::Section;
    let keymap = Keymap::default();
    let at = |section, name: &str| {
        let found = keymap.listed(section).find(|(record, _)| record.name == name).unwrap();
        found.1.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    let agreed = [
        (Section::Board, "approve", "a"),
        (Section::Board, "promote", "p"),
        (Section::Board, "weight", "w"),
        (Section::Board, "roll_back", "R"),
        (Section::Gates, "reject", "x"),
        (Section::Traffic, "full", "P"),
        (Section::Traffic, "abort", "A"),
        (Section::Traffic, "flip", "b"),
        (Section::Traffic, "pause", "space"),
        (Section::Traffic, "previous_step", "-"),
        (Section::Flags, "toggle", "space"),
        (Section::Flags, "percentage", "w"),
        (Section::Run, "mark", "m"),
        (Section::Run, "retry", "e"),
        (Section::Run, "cancel", "c"),
        (Section::Run, "start", "n"),
        (Section::Run, "follow", "f"),
        (Section::Log, "wrap", "z"),
        (Section::Log, "next_hit", "n"),
        (Section::Log, "previous_hit", "N"),
        (Section::Board, "copy", "y"),
        (Section::Board, "what_changed", "d"),
        (Section::Changes, "from", "["),
        (Section::Changes, "to", "]"),
        (Section::Board, "browse", "o"),
        (Section::Board, "theme", "T"),
        (Section::Board, "context", "C"),
        (Section::Board, "quit", "q"),
    ];
    for (section, name, keys) in agreed {
        assert_eq!(at(section, name), keys, "{name}");
    }
}
