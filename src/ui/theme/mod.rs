//! Themes: what each meaning looks like. Everything drawn asks for a role; colours are named only in `themes/*.toml`.

mod depth;
mod parse;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

pub use depth::{ColorWish, Depth};
pub use parse::Invalid;

words! {
    /// What something means, and therefore how it looks.
    Role {
        /// The screen's background, and what is drawn where nothing else is said.
        Ground = "ground",
        /// Text that stands out: versions that move, names of what is selected.
        Strong = "strong",
        /// Units, headings of columns, hints.
        Dim = "dim",
        /// A key or a tab that does nothing here and now.
        Off = "off",
        /// Borders and rules; never text.
        Chrome = "chrome",
        /// Titles of regions.
        Heading = "heading",
        /// Focus: the keys, the tab one is on.
        Accent = "accent",
        /// The bar beside the selected row.
        Marker = "marker",
        /// Put over the selected row; the states in it keep their colours.
        Selection = "selection",
        /// Ended well, holds.
        Ok = "ok",
        /// At work.
        Running = "running",
        /// Waits for a person.
        Waiting = "waiting",
        /// Something to look at.
        Caution = "caution",
        /// Failed.
        Failed = "failed",
        /// Production contexts and places.
        Danger = "danger",
        /// Older than it should be.
        Stale = "stale",
        /// Queued, cancelled, skipped, not serving.
        Idle = "idle",
        /// The colour that takes the traffic.
        Serving = "serving",
        /// The stable release beside a candidate.
        Stable = "stable",
        /// The release that is being brought in.
        Candidate = "candidate",
        /// A limit in a chart.
        Limit = "limit",
        /// Where a search found what was typed.
        Match = "match",
        /// What lies under a dialog.
        Veil = "veil",
    } else Text = "text"
}

impl Role {
    const COUNT: usize = Self::ALL.len() + 1;

    /// The place of the role in a theme's table. The words run from the first to the last as declared.
    const fn at(self) -> usize {
        self as usize
    }
}

/// The themes that come with the program: name and text.
const BUILT_IN: [(&str, &str); 4] = [
    ("leverframe", include_str!("../../../themes/leverframe.toml")),
    ("leverframe-light", include_str!("../../../themes/leverframe-light.toml")),
    ("terminal", include_str!("../../../themes/terminal.toml")),
    ("mono", include_str!("../../../themes/mono.toml")),
];

/// A theme, ready for one depth of colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    name: String,
    depth: Depth,
    styles: [Style; Role::COUNT],
}

impl Theme {
    /// The names of the themes that come with the program.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.into_iter().map(|(name, _)| name)
    }

    /// The theme called `name` at `depth`; without colour it is always `mono`. `None` for an unknown name.
    pub fn named(name: &str, depth: Depth) -> Option<Self> {
        let wanted = if depth == Depth::None { "mono" } else { name };
        let known = BUILT_IN.into_iter().any(|(known, _)| known == name);
        let (_, text) = BUILT_IN.into_iter().find(|(known, _)| known.eq(&wanted))?;
        let theme = Self::parse(name, text, depth).ok()?;
        known.then_some(theme)
    }

    /// The theme called `name` at `depth`, or `mono` where there is none of that name.
    pub fn or_mono(name: &str, depth: Depth) -> Self {
        Self::named(name, depth).or_else(|| Self::named("mono", depth)).unwrap_or_else(|| Self {
            name: "plain".into(),
            depth,
            styles: [Style::new(); Role::COUNT],
        })
    }

    /// Reads a theme file.
    pub fn parse(name: &str, text: &str, depth: Depth) -> Result<Self, Invalid> {
        let styles = parse::styles(text, depth)?;
        Ok(Self { name: name.to_owned(), depth, styles })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The depth of colour it is made for.
    pub const fn depth(&self) -> Depth {
        self.depth
    }

    /// How `role` looks.
    pub const fn style(&self, role: Role) -> Style {
        self.styles[role.at()]
    }

    /// Dims all of `area`, for a dialog over it: every cell loses its own colour and weight.
    pub fn veil(&self, buffer: &mut Buffer, area: Rect) {
        let style = self.style(Role::Ground).patch(self.style(Role::Veil));
        for position in area.intersection(buffer.area).positions() {
            if let Some(cell) = buffer.cell_mut(position) {
                cell.modifier = Modifier::empty();
                cell.set_style(style);
            }
        }
    }
}

#[cfg(test)]
mod tests;
