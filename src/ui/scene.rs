//! The scene: all that drawing may read. Drawing learns nothing and changes nothing.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::actions::World;
use crate::store::Store;
use crate::ui::format;
use crate::ui::glyphs::{Glyphs, Mark};
use crate::ui::theme::{Role, Theme};

/// How the operator wants things to look.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The colours.
    pub theme: Theme,
    /// The signs.
    pub glyphs: Glyphs,
    /// The zone in which exact times are told.
    pub zone: TimeZone,
}

/// What is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// What is known, the rules, who looks, and the time of the frame.
    pub world: World<'a>,
    /// How it is to look.
    pub look: &'a Look,
}

impl<'a> Scene<'a> {
    /// What is known.
    pub const fn store(&self) -> &'a Store {
        self.world.store
    }

    /// The time of the frame.
    pub const fn now(&self) -> Timestamp {
        self.world.now
    }

    /// How `role` looks.
    pub const fn style(&self, role: Role) -> Style {
        self.look.theme.style(role)
    }

    /// `text` as `role` looks.
    pub fn span<'t>(&self, role: Role, text: impl Into<std::borrow::Cow<'t, str>>) -> Span<'t> {
        Span::styled(text, self.style(role))
    }

    /// A state's sign.
    pub fn mark(&self, mark: Mark) -> Span<'static> {
        Span::styled(mark.glyph, self.style(mark.role))
    }

    /// The exact time `at`, in the reader's zone.
    pub fn exact(&self, at: Timestamp) -> String {
        format::exact(at, self.now(), &self.look.zone)
    }
}
