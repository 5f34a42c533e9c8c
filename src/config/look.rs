//! How the screen looks and answers: theme, signs, time, mouse, links, notices, keys.

use super::document::{Table, Value};

/// How the screen looks and answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The theme; `None` leaves the choice to the screen.
    pub theme: Option<Theme>,
    /// The signs.
    pub glyphs: Glyphs,
    /// The zone of exact times.
    pub time: Time,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Whether words lead to their addresses.
    pub links: Links,
    /// How one is told of what waits or fails.
    pub notify: Vec<Notify>,
}

impl Default for Look {
    fn default() -> Self {
        let (glyphs, time, links) = (Glyphs::default(), Time::default(), Links::default());
        Self { theme: None, glyphs, time, mouse: true, links, notify: vec![Notify::Bell] }
    }
}

/// A theme by its name, or one for dark and one for light terminals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Theme {
    /// The same on every terminal.
    Always(String),
    /// By the terminal's background.
    Either {
        /// On a dark one.
        dark: String,
        /// On a light one.
        light: String,
    },
}

/// Which signs are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// What the terminal can show.
    #[default]
    Auto,
    /// All of them.
    Unicode,
    /// Only ASCII.
    Ascii,
}

/// The zone of exact times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Time {
    /// The machine's.
    #[default]
    Local,
    /// UTC.
    Utc,
}

/// Whether runs, commits and addresses on the screen are links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Links {
    /// Where the terminal is known to have links.
    #[default]
    Auto,
    /// On every terminal.
    Always,
    /// On none.
    Never,
}

/// A way to tell of what waits or fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notify {
    /// The terminal's bell.
    Bell,
    /// The terminal's notice, OSC 9.
    Osc9,
    /// The terminal's notice, OSC 777.
    Osc777,
    /// The terminal's notice, OSC 99.
    Osc99,
    /// A program, with its arguments.
    Command(Vec<String>),
}

/// One change of the keymap: `[keys.SECTION]`, `ACTION = "KEY"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChange {
    /// The section.
    pub section: String,
    /// The action's name.
    pub action: String,
    /// Its keys; none take its keys away.
    pub keys: Vec<String>,
}

pub(super) fn read(root: &Table<'_, '_>) -> Look {
    let default = Look::default();
    let glyphs = root.get("glyphs").and_then(|value| value.word(&["auto", "unicode", "ascii"]));
    let time = root.get("time").and_then(|value| value.word(&["local", "utc"]));
    Look {
        theme: theme(root),
        glyphs: match glyphs {
            Some("unicode") => Glyphs::Unicode,
            Some("ascii") => Glyphs::Ascii,
            _ => Glyphs::Auto,
        },
        time: if time == Some("utc") { Time::Utc } else { Time::Local },
        links: match root.get("links").and_then(|value| value.word(&["auto", "always", "never"])) {
            Some("always") => Links::Always,
            Some("never") => Links::Never,
            _ => Links::Auto,
        },
        mouse: root.get("mouse").and_then(|value| value.flag()).unwrap_or(default.mouse),
        notify: root.get("notify").map_or(default.notify, |value| {
            let ways = value.list("notify = [\"bell\"]");
            ways.iter().filter_map(notify).collect()
        }),
    }
}

/// The theme of a table that may have one: the file's own or a context's.
pub(super) fn theme(table: &Table<'_, '_>) -> Option<Theme> {
    let value = table.get("theme")?;
    if !value.is_table() {
        return value.name().map(Theme::Always);
    }
    let both = value.table(&["dark", "light"], "`theme`")?;
    let hint = "theme = { dark = \"leverframe\", light = \"leverframe-light\" }";
    let name = |key| both.need(key, hint).and_then(|value| value.name());
    let (dark, light) = (name("dark"), name("light"));
    Some(Theme::Either { dark: dark?, light: light? })
}

fn notify(value: &Value<'_, '_>) -> Option<Notify> {
    if value.is_table() {
        let table = value.table(&["command"], "`notify`")?;
        return Some(Notify::Command(command(&table, "{ command = [\"notify-send\", \"leverframe\"] }")?));
    }
    Some(match value.word(&["bell", "osc9", "osc777", "osc99"])? {
        "osc9" => Notify::Osc9,
        "osc777" => Notify::Osc777,
        "osc99" => Notify::Osc99,
        _ => Notify::Bell,
    })
}

/// The program and its arguments under `command`.
pub(super) fn command(table: &Table<'_, '_>, hint: &str) -> Option<Vec<String>> {
    let value = table.need("command", hint)?;
    let words: Option<Vec<String>> = value.list(hint).iter().map(|word| Some(word.text()?.to_owned())).collect();
    let words = words?;
    if words.first().is_none_or(|program| program.trim().is_empty()) && value.is_list() {
        value.fault("names no program", hint);
        return None;
    }
    (!words.is_empty()).then_some(words)
}

/// Every change of the keymap, in the order of the file.
pub(super) fn keys(root: &Table<'_, '_>) -> Vec<KeyChange> {
    let hint = "write [keys.board] and below it: roll_back = \"R\"";
    let Some(sections) = root.get("keys").and_then(|value| value.named(hint)) else { return Vec::new() };
    let mut changes = Vec::new();
    for (section, value) in sections.entries() {
        let Some(actions) = value.named(hint) else { continue };
        for (action, value) in actions.entries() {
            let Some(keys) = key_list(&value) else { continue };
            changes.push(KeyChange { section: section.to_owned(), action: action.to_owned(), keys });
        }
    }
    changes
}

fn key_list(value: &Value<'_, '_>) -> Option<Vec<String>> {
    if value.is_list() {
        return value.list("").iter().map(|key| Some(key.text()?.to_owned())).collect();
    }
    Some(vec![value.text()?.to_owned()])
}
