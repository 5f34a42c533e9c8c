//! Reactions: what a pane or a layer wants of the application after a command.

use crate::actions::Request;
use crate::domain::text::Text;
use crate::ui::command::PaneKind;

/// What is wanted. View state that changes inside a pane is not among it: a pane changes that by itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Reaction {
    /// Make a plan for this and show it, or say why it is not to be had.
    Ask(Request),
    /// Perform the plan of the dialog with this number, as it was shown.
    Confirm {
        /// The dialog's number.
        dialog: u64,
        /// The reason given.
        reason: Option<Text>,
    },
    /// Drop the plan of the dialog with this number: nothing is sent.
    Leave {
        /// The dialog's number.
        dialog: u64,
    },
    /// Go to a pane.
    Show(PaneKind),
    /// Ask the sources now for what is on the screen.
    Refresh,
    /// Put this on the clipboard.
    Copy(String),
    /// Open this address.
    Browse(String),
    /// Use another context.
    Context(String),
    /// Say this in the status line.
    Say(Text),
    /// Leave the program.
    Quit,
}
