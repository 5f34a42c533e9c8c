//! Reactions: what a pane or a layer wants of the application after a command.

use serde::{Deserialize, Serialize};

use crate::actions::Request;
use crate::domain::ids::{EnvironmentName, FlagKey, JobName, Place, RunKey, ServiceName, SourceName};
use crate::domain::log::LogKey;
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
    /// Wait no longer for a second person to confirm the plan of the dialog with this number.
    Withdraw {
        /// The dialog's number.
        dialog: u64,
    },
    /// Break the glass before the rules for this reason, because of these locks.
    BreakGlass {
        /// Why.
        reason: Text,
        /// What is locked.
        locks: Vec<Text>,
    },
    /// Make the glass whole again.
    MendGlass,
    /// Look for what another person asked for with this phrase.
    Find(Text),
    /// Go to a pane. The screen does this by itself; the application sees it only to fetch what is then visible.
    Show(PaneKind),
    /// Go to a pane and bring this into view there; else as [`Reaction::Show`].
    Open(PaneKind, Focus),
    /// Ask the sources now for what is on the screen.
    Refresh,
    /// Look whether a theme file is other than before.
    LookForThemes,
    /// Put this on the clipboard.
    Copy(String),
    /// Open this address.
    Browse(String),
    /// Write the whole log of a job to a file.
    SaveLog(LogKey),
    /// Use another context.
    Context(String),
    /// Say this in the status line.
    Say(Text),
    /// Stop the program until the shell brings it back.
    Suspend,
    /// Leave the program.
    Quit,
}

/// What is looked at, as one pane hands it to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Focus {
    /// A service.
    Service(ServiceName),
    /// A run.
    Run(RunKey),
    /// A job of a run, with its log.
    Job(RunKey, JobName),
    /// An environment of a service.
    Place(Place),
    /// A flag in an environment.
    Flag(SourceName, FlagKey, EnvironmentName),
}

impl Focus {
    /// The service that is looked at, if one is.
    pub const fn service(&self) -> Option<&ServiceName> {
        match self {
            Self::Service(service) => Some(service),
            Self::Run(run) | Self::Job(run, _) => Some(&run.service),
            Self::Place(place) => Some(&place.service),
            Self::Flag(..) => None,
        }
    }
}
