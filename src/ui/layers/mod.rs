//! The layers over the panes: plan, entry, help, palette. Keys go to the topmost; drawing goes bottom up.

pub mod choice;
pub mod entry;
pub mod filter;
pub mod help;
pub mod palette;
pub mod plan;
pub mod relief;
pub mod second;
pub mod words;

use crossterm::event::{KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::command::Command;
use super::reaction::Reaction;
use super::scene::Scene;
use super::widgets::scale::Scale;
use crate::domain::observation::Subject;
use crate::domain::text::Text;

/// One layer.
#[derive(Debug)]
pub enum Layer {
    /// A plan to be confirmed.
    Plan(Box<plan::Dialog>),
    /// A number to be typed.
    Entry(entry::Typing),
    /// A second person is waited for.
    Second(second::Second),
    /// A few words to be typed.
    Words(words::Words),
    /// Words that narrow the list below.
    Filter(filter::Filter),
    /// The keys.
    Help(help::Help),
    /// Everything by name.
    Palette(Box<palette::Palette>),
    /// One of a few: a theme, a context.
    Choice(choice::Choice),
    /// Every way to stop the pain.
    Relief(Box<relief::Relief>),
}

/// What a layer does after a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It stays.
    Stay,
    /// It goes.
    Close,
    /// The glass before these locks is to be broken: over it, the reason is asked for.
    Glass(Vec<Text>),
    /// It goes, and this is obeyed.
    Obey(Command),
    /// It goes, and this is wanted.
    Done(Reaction),
    /// The list below is narrowed to what was typed; with `false` the layer goes.
    Narrow(String, bool),
    /// This theme is looked at; with `false` the layer goes.
    Theme(String, bool),
}

/// Keys that do one kind of thing in a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// The keys, by name.
    pub keys: &'static [&'static str],
    /// What they do, in a word or two.
    pub label: &'static str,
    /// Whether they do it now.
    pub on: bool,
}

impl Named {
    /// Keys that work.
    const fn on(keys: &'static [&'static str], label: &'static str) -> Self {
        Self { keys, label, on: true }
    }
}

/// The keys that move in a list or in a text that is longer than the screen.
const UP_AND_DOWN: &[&str] = &["up", "down"];

impl Layer {
    /// The keys that do something in it beside typing, for the footer.
    pub fn keys(&self) -> Vec<Named> {
        match self {
            Self::Plan(dialog) => dialog.keys(),
            Self::Words(words) => vec![Named::on(&["enter"], words.takes()), Named::on(&["esc"], "leave it")],
            Self::Entry(_) => vec![Named::on(&["enter"], "show the plan"), Named::on(&["esc"], "leave it")],
            Self::Second(_) => vec![Named::on(&["esc"], "withdraw it")],
            Self::Filter(_) => vec![Named::on(&["enter"], "keep"), Named::on(&["esc"], "take back")],
            Self::Help(help) => help.keys(),
            Self::Relief(relief) => vec![
                Named::on(UP_AND_DOWN, "choose"),
                Named { keys: &["enter"], label: "show its plan", on: relief.moves() },
                Named::on(&["esc"], "leave"),
            ],
            Self::Palette(_) | Self::Choice(_) => {
                vec![Named::on(UP_AND_DOWN, "choose"), Named::on(&["enter"], "take"), Named::on(&["esc"], "leave")]
            }
        }
    }

    /// What must be fetched beside the overview for what it shows.
    pub fn watched(&self) -> Vec<Subject> {
        match self {
            Self::Plan(dialog) => {
                dialog.plan().back.clone().map(Box::new).map(Subject::TakenBack).into_iter().collect()
            }
            Self::Relief(relief) => relief.watched(),
            _ => Vec::new(),
        }
    }

    /// Takes a key.
    pub fn press(&mut self, key: &KeyEvent) -> Answer {
        match self {
            Self::Plan(dialog) => dialog.press(key),
            Self::Entry(typing) => typing.press(key),
            Self::Words(words) => words.press(key),
            Self::Second(second) => second.press(key),
            Self::Filter(filter) => filter.press(key),
            Self::Help(help) => help.press(key),
            Self::Palette(palette) => palette.press(key),
            Self::Choice(choice) => choice.press(key),
            Self::Relief(relief) => relief.press(key),
        }
    }

    /// Takes pasted text. It is text or nothing; never a key, and never a confirmation.
    pub fn paste(&mut self, text: &str) -> Answer {
        match self {
            Self::Plan(dialog) => dialog.paste(text),
            Self::Entry(typing) => typing.paste(text),
            Self::Words(words) => words.paste(text),
            Self::Filter(filter) => return filter.paste(text),
            Self::Help(help) => help.paste(text),
            Self::Palette(palette) => palette.paste(text),
            Self::Choice(_) | Self::Relief(_) | Self::Second(_) => {}
        }
        Answer::Stay
    }

    /// Takes a click; `area` is the whole screen. What lies under the layer gets none, and none confirms anything.
    pub fn click(&mut self, at: Position, scene: &Scene<'_>, area: Rect) -> Answer {
        match self {
            Self::Plan(dialog) => dialog.click(at, scene, area),
            Self::Help(help) => help.click(at, scene, area),
            Self::Palette(palette) => palette.click(at, area),
            Self::Choice(choice) => choice.click(at, area),
            Self::Relief(relief) => relief.click(at, area),
            Self::Entry(_) | Self::Words(_) | Self::Second(_) | Self::Filter(_) => Answer::Stay,
        }
    }

    /// Which percentages lie where on the screen `area`, if a lever is drawn in it.
    pub fn lever(&self, area: Rect) -> Option<Scale> {
        matches!(self, Self::Entry(_)).then(|| entry::Typing::scale(area))
    }

    /// A turn of the wheel, up or down.
    pub fn scroll(&mut self, down: bool) {
        match self {
            Self::Plan(dialog) => dialog.scroll(down),
            Self::Help(help) => help.scroll(down),
            Self::Palette(palette) => palette.scroll(down),
            Self::Choice(choice) => choice.scroll(down),
            Self::Relief(relief) => relief.scroll(down),
            Self::Entry(_) | Self::Words(_) | Self::Second(_) | Self::Filter(_) => {}
        }
    }

    /// Holds what is scrolled within what there is; `area` is the whole screen.
    pub fn settle(&mut self, scene: &Scene<'_>, area: Rect) {
        match self {
            Self::Plan(dialog) => dialog.settle(scene, area),
            Self::Help(help) => help.settle(scene, area),
            Self::Palette(palette) => palette.settle(area),
            Self::Choice(choice) => choice.settle(area),
            Self::Relief(relief) => relief.settle(scene, area),
            Self::Entry(_) | Self::Words(_) | Self::Second(_) | Self::Filter(_) => {}
        }
    }

    /// A frame with it in it is on the screen.
    pub const fn drawn(&mut self) {
        if let Self::Plan(dialog) = self {
            dialog.drawn();
        }
    }

    /// Whether what lies below it is dimmed.
    pub const fn veils(&self) -> bool {
        match self {
            Self::Filter(_) => false,
            // A theme is chosen by looking at the screen in it.
            Self::Choice(choice) => !choice.shows_itself(),
            _ => true,
        }
    }

    /// Draws it over `area`, the whole screen.
    pub fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        match self {
            Self::Plan(dialog) => dialog.draw(scene, frame, area),
            Self::Entry(typing) => typing.draw(scene, frame, area),
            Self::Words(words) => words.draw(scene, frame, area),
            Self::Second(second) => second.draw(scene, frame, area),
            Self::Filter(filter) => filter.draw(scene, frame, area),
            Self::Help(help) => help.draw(scene, frame, area),
            Self::Palette(palette) => palette.draw(scene, frame, area),
            Self::Choice(choice) => choice.draw(scene, frame, area),
            Self::Relief(relief) => relief.draw(scene, frame, area),
        }
    }
}

/// Whether a control key or the like is held: then a letter is none.
pub(super) fn held(key: &KeyEvent) -> bool {
    key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
}

/// A box of `width` × `height` in the middle of `area`, a little above it, never larger than it.
pub(super) fn middle(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    let y = area.y + (area.height - height) * 2 / 5;
    Rect { x: area.x + (area.width - width) / 2, y, width, height }
}
