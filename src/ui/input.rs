//! What comes from the terminal, as plain data. A key's meaning depends on where the focus is; it is found in the keymap.

use crossterm::event::{KeyEvent, MouseEvent};

/// One thing the operator did at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed, repeated or released.
    Key(KeyEvent),
    /// Text was pasted; it never confirms anything and is never keys.
    Paste(String),
    /// The mouse was used.
    Mouse(MouseEvent),
    /// The terminal has this many columns and rows now.
    Resized(u16, u16),
    /// The terminal came into focus, or lost it.
    Focused(bool),
}
