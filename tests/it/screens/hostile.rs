//! Hostile text in every pane and layer, as bytes on a terminal: none of its signs is obeyed, and nothing is shifted.

use leverframe::domain::text::is_hidden;
use leverframe::runtime::terminal::screen::Screen as Written;
use ratatui::buffer::Buffer;
use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use crate::support::hostile::{corpus, poison};
use crate::support::screen::{Screen, settings};
use crate::support::world::Known;

/// Every pane, and every layer over one; each from where the one before has left.
const WALK: &[&str] = &[
    "j j",
    "!",
    "down enter",
    "esc esc",
    "R",
    "esc",
    "w 3 7 enter",
    "esc esc",
    ":",
    "down down",
    "esc",
    "?",
    "esc",
    "/",
    "e",
    "esc",
    "2",
    "l",
    "3",
    "a",
    "esc",
    "x",
    "esc",
    "4",
    "5",
    "space",
    "esc",
    "right space",
    "esc",
    "6",
    "d",
    "tab",
];

/// The shop with `hostile` in every text.
fn poisoned(hostile: &str) -> Known {
    Known::load_with("shop", |text| {
        let mut world: Value = serde_json::from_str(&text).unwrap();
        let (context, sources) = (world["context"].clone(), world["sources"].clone());
        poison(&mut world, hostile);
        (world["context"], world["sources"]) = (context, sources);
        for answer in world["answers"].as_array_mut().unwrap() {
            answer["source"] = "engine".into();
        }
        world.to_string()
    })
}

/// The signs in `bytes` that the terminal would obey and that are not the program's own: those move the caret, give
/// colours, and hold back a frame until it is whole.
fn obeyed(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(is_hidden) {
        let from = &rest[at..];
        let own = from.strip_prefix("\u{1b}[").and_then(|sequence| {
            let end = sequence.find(|c: char| !matches!(c, '0'..='9' | ';' | ':' | '?'))?;
            let own = ["?2026h", "?2026l", "?25l", "?25h"].contains(&&sequence[..=end]);
            (own || matches!(&sequence[end..=end], "m" | "H")).then(|| &sequence[end + 1..])
        });
        match own {
            Some(after) => rest = after,
            None => return Some(from.chars().take(40).collect::<String>().escape_unicode().to_string()),
        }
    }
    None
}

/// The first row in which the terminal shows something else than what was drawn.
fn shifted(terminal: &vt100::Screen, drawn: &Buffer) -> Option<String> {
    let (width, height) = (drawn.area.width, drawn.area.height);
    (0..height).find_map(|row| {
        (0..width).find_map(|column| {
            let told = terminal.cell(row, column)?;
            let cell = &drawn[(column, row)];
            // Behind a wide sign stands nothing of its own, and only the first marks over a letter are kept there.
            let wide =
                |back: u16| column.checked_sub(back).is_some_and(|at| drawn[(at, row)].symbol().width() > back.into());
            let behind = (1..4).any(wide);
            let first = |text: &str| text.chars().next().filter(|c| *c != ' ');
            let symbol = cell.symbol().replace('\u{fffd}', "?");
            let same = behind || told.is_wide_continuation() || first(told.contents()) == first(&symbol);
            (!same).then(|| format!("{column}, {row}: {:?} is {:?}", cell.symbol(), told.contents()))
        })
    })
}

/// Goes through all of it, and looks at what a terminal makes of each frame.
fn walked(name: &str, known: Known, size: (u16, u16)) {
    let mut screen = Screen::with(known, settings(size));
    let mut written = Written::of(size, false).unwrap();
    let mut terminal = vt100::Parser::new(size.1, size.0, 0);
    for keys in WALK {
        screen.press(keys);
        screen.describe();
        let Screen { ui, known, .. } = &screen;
        let drawn = written.draw(|frame| ui.draw(&known.world(), frame), |_| Vec::new()).unwrap();
        let bytes = drawn.unwrap_or_default();
        assert_eq!(obeyed(&bytes), None, "{name}, {size:?}, after {keys}");
        // This emulator leaves U+FFFD out, which terminals draw as any other sign.
        terminal.process(String::from_utf8(bytes).unwrap().replace('\u{fffd}', "?").as_bytes());
        let shifted = shifted(terminal.screen(), screen.buffer());
        assert_eq!(shifted, None, "{name}, {size:?}, after {keys}\n{}", screen.text());
    }
}

#[test]
fn nothing_hostile_is_obeyed_and_nothing_is_shifted() {
    for (at, (name, hostile)) in corpus().iter().enumerate() {
        walked(name, poisoned(hostile), [(80, 24), (140, 40)][at % 2]);
    }
}

#[test]
fn a_text_of_a_megabyte_is_cut() {
    let long = "\u{1b}[31m".to_owned() + &"x".repeat(1 << 20);
    let known = Known::load_with("shop", |text| {
        text.replace("Retry card authorisation once", &long.replace('\u{1b}', "\\u001b"))
    });
    walked("a megabyte", known, (140, 40));
}

#[test]
fn what_would_be_obeyed_is_found() {
    for (name, hostile) in corpus() {
        let hidden = hostile.chars().any(is_hidden);
        let harmless = ["a colour", "a moved cursor", "very long and escaped"].contains(&name);
        assert!(harmless || obeyed(hostile.as_bytes()).is_some() == hidden, "{name}");
    }
}
