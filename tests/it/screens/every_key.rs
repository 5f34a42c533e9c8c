//! Every key of a keyboard in every place: what is bound does something or says why not, what is not does nothing.

use std::collections::BTreeMap;

use leverframe::domain::service::Service;
use leverframe::ui::command::{Command, PaneKind, Section, View};
use leverframe::ui::keymap::{Key, Keymap};
use leverframe::ui::{Input, Reaction};

use crate::support::screen::{NAMED, Screen, key, settings};
use crate::support::world::Known;

/// A place to press keys in: the world, the keys that bring it, and the section of the keymap that holds there.
const PLACES: &[(&str, &str, Section)] = &[
    ("shop", "j j", Section::Board),
    ("empty", "", Section::Board),
    ("shop", "2", Section::Run),
    ("empty", "2", Section::Run),
    ("shop", "l up up", Section::Log),
    ("shop", "l right", Section::Log),
    ("shop", "3 j", Section::Gates),
    ("empty", "3", Section::Gates),
    ("shop", "4 g", Section::Traffic),
    ("shop", "4 G", Section::Traffic),
    ("empty", "4", Section::Traffic),
    ("shop", "5", Section::Flags),
    ("shop", "5 j left", Section::Flags),
    ("empty", "5", Section::Flags),
    ("shop", "j 6 j", Section::Changes),
    ("empty", "6", Section::Changes),
];

/// The sections in which a pane's own key leads nowhere.
const PANES: [(PaneKind, Section); 7] = [
    (PaneKind::Board, Section::Board),
    (PaneKind::Run, Section::Run),
    (PaneKind::Run, Section::Log),
    (PaneKind::Gates, Section::Gates),
    (PaneKind::Traffic, Section::Traffic),
    (PaneKind::Flags, Section::Flags),
    (PaneKind::Changes, Section::Changes),
];

/// Every key of a keyboard, by name.
fn keyboard() -> Vec<String> {
    let printable = ('!'..='~').map(String::from);
    let held = ["ctrl-", "alt-"].into_iter().flat_map(|held| ('a'..='z').map(move |letter| format!("{held}{letter}")));
    let function = (1..=12).map(|number| format!("f{number}"));
    let named = NAMED.iter().map(|(name, _)| (*name).to_owned());
    printable.chain(held).chain(function).chain(named).collect()
}

/// A screen after `keys`.
fn at(known: &Known, keys: &str) -> Screen {
    let mut screen = Screen::with(known.clone(), settings((100, 24)));
    screen.press(keys);
    screen.wanted.clear();
    screen
}

/// The world called so, with two more gates beside the first.
fn three_gates(world: &str) -> Known {
    let mut known = Known::load(world);
    known.change(|overview| {
        let gated = |service: &&Service| service.environments.iter().any(|known| known.gate.is_some());
        let Some(first) = overview.services.iter().find(gated).cloned() else { return };
        for name in ["refunds", "vouchers"] {
            let mut other = first.clone();
            other.name = name.into();
            for gate in other.environments.iter_mut().filter_map(|known| known.gate.as_mut()) {
                gate.service = other.name.clone();
            }
            overview.services.push(other);
        }
    });
    known
}

#[test]
fn what_is_bound_does_something_or_says_why_not_and_what_is_not_does_nothing() {
    let keymap = Keymap::default();
    let mut silent = Vec::new();
    let mut ever: BTreeMap<(Section, String), bool> = BTreeMap::new();
    for (world, keys, section) in PLACES.iter().copied() {
        let known = if section == Section::Gates { three_gates(world) } else { Known::load(world) };
        let mut unbound = at(&known, keys);
        let before = unbound.sight();
        for name in keyboard() {
            let place = format!("{name} in {section} of {world} after {keys:?}");
            if let Some(command) = keymap.command(section, &key(&name)) {
                let mut screen = at(&known, keys);
                let changed = screen.press(&name).sight() != before || !screen.wanted.is_empty();
                // A list has ends, and where one is one need not go.
                let here = matches!(command, Command::View(View::Pane(kind)) if PANES.contains(&(kind, section)));
                let may = here || matches!(command, Command::Move(_));
                silent.extend((!changed && !may).then_some(place));
                *ever.entry((section, name)).or_default() |= changed || here;
            } else if name == "ctrl-c" {
                assert_eq!(at(&known, keys).press(&name).wanted, [Reaction::Quit], "{place}");
            } else {
                let changed = unbound.press(&name).sight() != before;
                let elsewhere = keymap.elsewhere(&key(&name)).is_some();
                assert_eq!((changed, unbound.wanted.as_slice()), (elsewhere, &[][..]), "{place}: {}", unbound.status());
                assert_eq!(unbound.status().contains("not here, but in"), elsewhere, "{place}");
                // What was said is gone with the next key.
                unbound.press("alt-f9");
            }
        }
    }
    silent.extend(
        ever.iter().filter(|(_, ever)| !**ever).map(|((section, name), _)| format!("{name} ever in {section}")),
    );
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn what_is_bound_is_listed_in_the_help() {
    let keymap = Keymap::default();
    for (world, keys, section) in PLACES.iter().copied().filter(|(world, ..)| *world == "shop") {
        let mut screen = Screen::with(Known::load(world), settings((140, 90)));
        screen.press(keys).press("?");
        for (record, keys) in keymap.listed(section) {
            let label = keys.first().map(|key| key.label(leverframe::ui::glyphs::Glyphs::Unicode)).unwrap();
            let text = screen.text();
            let told = text.lines().any(|line| line.contains(record.help) && line.contains(&label));
            assert!(told, "{label} for {} in {section}: {text}", record.name);
        }
    }
}

/// The layers: the world, the keys that open each, and whether what is typed is text there.
const LAYERS: &[(&str, &str, bool)] = &[
    ("shop", "?", true),
    ("shop", ":", true),
    ("shop", "/", true),
    ("shop", "/ c h", true),
    ("shop", "l /", true),
    ("shop", "j j w", false),
    ("shop", "j j w 3", false),
    ("shop", "5 w", false),
    ("shop", "j j P", false),
    ("shop", "j R", false),
    ("shop", "j j P tab", true),
    ("shop", "T", false),
    ("shop", "C", false),
];

/// What edits a line of text: it does nothing where there is nothing to edit.
const EDITING: [&str; 11] =
    ["backspace", "delete", "left", "right", "home", "end", "ctrl-a", "ctrl-e", "ctrl-w", "ctrl-u", "ctrl-k"];

/// What the footer shows: the keys of each item, by name.
fn items(screen: &Screen) -> Vec<Vec<String>> {
    let labels =
        [("↵", "enter"), ("↑", "up"), ("↓", "down"), ("←", "left"), ("→", "right"), ("Tab", "tab"), ("Esc", "esc")];
    let name = |word: &str| {
        let label = labels.iter().find(|(label, _)| *label == word).map(|(_, name)| (*name).to_owned());
        // A label begins with a word of two letters or more.
        label.or_else(|| (word.chars().count() == 1 || Key::parse(word).is_some()).then(|| word.to_owned()))
    };
    let items = screen.footer();
    let items = items.split("   ").map(|item| item.split(' ').map_while(name).collect::<Vec<_>>());
    items.filter(|keys| !keys.is_empty()).collect()
}

/// Whether `name` may do something in the layer after `keys`: what the footer shows, text and what edits it, and Ctrl-Z.
fn may(name: &str, (keys, text): (&str, bool), shown: &[Vec<String>]) -> bool {
    let letter = name.chars().count() == 1 || name == "space";
    let also: &[&str] = match keys {
        "?" => &["enter", "f1", "up", "down", "pgup", "pgdn"],
        ":" => &["shift-tab", "tab", "pgup", "pgdn"],
        "T" | "C" => &["tab", "j", "k", keys],
        _ if text => &["up", "down", "shift-tab"],
        // Whatever is typed for a number is taken or refused; what is longer than the screen scrolls.
        "j j w" | "j j w 3" | "5 w" if letter || EDITING.contains(&name) => return true,
        "j j w" | "j j w 3" | "5 w" => &[],
        _ => &["enter", "shift-tab", "j", "k", "pgup", "pgdn", "up", "down"],
    };
    let edits = text && (letter || EDITING.contains(&name));
    edits || name == "ctrl-z" || also.contains(&name) || shown.iter().flatten().any(|shown| shown == name)
}

#[test]
fn in_a_layer_what_the_footer_shows_works_and_the_rest_is_text_or_nothing() {
    for (world, keys, text) in LAYERS.iter().copied() {
        let known = Known::load(world);
        let opened = || {
            let mut screen = at(&known, keys);
            screen.describe();
            screen
        };
        let mut idle = opened();
        let before = idle.sight();
        let works = |name: &str| {
            let mut screen = opened();
            screen.press(name).sight() != before || !screen.wanted.is_empty()
        };
        let shown = items(&idle);
        assert!(shown.iter().flatten().any(|name| name == "esc"), "{keys}: {shown:?}");
        for item in &shown {
            assert!(item.iter().any(|name| works(name)), "{item:?} after {keys}:\n{}", opened().text());
        }
        for name in keyboard() {
            let place = format!("{name} after {keys}");
            if name == "ctrl-c" {
                assert_eq!(opened().press(&name).wanted, [Reaction::Quit], "{place}");
            } else if may(&name, (keys, text), &shown) {
                let letter = text && name.chars().count() == 1;
                assert!(works(&name) || !letter, "{place} is no text");
            } else {
                assert!(idle.press(&name).sight() == before, "{place}:\n{}", idle.text());
                assert!(idle.wanted.is_empty(), "{place}: {:?}", idle.wanted);
            }
        }
    }
}

#[test]
fn nothing_but_its_key_pulls_a_lever() {
    let known = Known::load("shop");
    for name in keyboard().into_iter().filter(|name| name != "y") {
        for keys in ["j j P", "j j P tab", "j R"] {
            let mut screen = at(&known, keys);
            screen.describe().press(&name);
            let confirms = screen.wanted.iter().any(|wanted| matches!(wanted, Reaction::Confirm { .. }));
            assert!(!confirms, "{name} after {keys}");
        }
    }
}

#[test]
fn a_key_of_a_screen_that_is_too_small_does_nothing() {
    let mut screen = Screen::new("shop", 20, 5);
    let before = screen.sight();
    for name in keyboard() {
        screen.press(&name);
        assert!(screen.sight() == before, "{name}:\n{}", screen.text());
    }
    assert!(screen.wanted.iter().all(|wanted| *wanted == Reaction::Quit), "{:?}", screen.wanted);
    screen.send(Input::Resized(160, 40));
    assert!(!screen.wanted.iter().any(|wanted| matches!(wanted, Reaction::Ask(_))));
}
