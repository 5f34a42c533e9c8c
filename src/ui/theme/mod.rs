//! Themes: what each meaning looks like. Everything drawn asks for a role; colours are named only in `themes/*.toml`.

mod depth;
mod paint;
mod parse;
mod themes;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

pub use depth::{ColorWish, Depth};
pub use themes::{File, Themes};

use paint::Sheet;

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

    /// Every role, in order.
    fn every() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().chain([Self::Text])
    }
}

/// The themes that come with the program: name and text.
const BUILT_IN: [(&str, &str); 9] = [
    ("leverframe", include_str!("../../../themes/leverframe.toml")),
    ("leverframe-light", include_str!("../../../themes/leverframe-light.toml")),
    ("terminal", include_str!("../../../themes/terminal.toml")),
    ("high-contrast", include_str!("../../../themes/high-contrast.toml")),
    ("colorblind", include_str!("../../../themes/colorblind.toml")),
    ("catppuccin-mocha", include_str!("../../../themes/catppuccin-mocha.toml")),
    ("gruvbox-dark", include_str!("../../../themes/gruvbox-dark.toml")),
    ("dracula", include_str!("../../../themes/dracula.toml")),
    ("mono", include_str!("../../../themes/mono.toml")),
];

/// The text of the theme called `name`, if it comes with the program.
fn built_in(name: &str) -> Option<&'static str> {
    BUILT_IN.into_iter().find(|(known, _)| *known == name).map(|(_, text)| text)
}

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

    /// The program's theme called `name` at `depth`; without colour it looks as `mono`. `None` for an unknown name.
    pub fn named(name: &str, depth: Depth) -> Option<Self> {
        let text = built_in(name)?;
        let text = if depth == Depth::None { built_in("mono")? } else { text };
        Some(Self::of(name, &parse::read(text, name).ok()?, depth))
    }

    /// The theme without colour.
    pub fn mono(depth: Depth) -> Self {
        Self::named("mono", depth).unwrap_or_else(|| Self::of("mono", &Sheet::default(), depth))
    }

    fn of(name: &str, sheet: &Sheet, depth: Depth) -> Self {
        let mut styles = [Style::new(); Role::COUNT];
        Role::every().for_each(|role| styles[role.at()] = sheet.style(role, depth));
        Self { name: name.to_owned(), depth, styles }
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
