//! Everything drawn: keymap, theme, panes, layers, widgets. Reads the store and changes only its own view state; what
//! the operator wants done leaves as a [`Reaction`].

pub mod command;
pub mod format;
pub mod glyphs;
pub mod input;
pub mod keymap;
pub mod layers;
pub mod panes;
pub mod reaction;
pub mod scene;
pub mod theme;
pub mod widgets;

pub use command::Command;
pub use input::Input;
pub use reaction::Reaction;
pub use scene::Scene;
