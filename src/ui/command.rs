//! Commands: what a key means where the focus is. Nested by subject; the keymap, the footer, the help, the palette and
//! the configuration name them with the same words.

/// A command found for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    /// Move the selection or scroll.
    Move(Move),
    /// Look at something.
    View(View),
    /// Pull a lever; each ends in a plan.
    Lever(Lever),
    /// Change what holds for the whole console.
    Guard(Guard),
    /// In a log.
    Log(Log),
}

/// What holds for the whole console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guard {
    /// Call an emergency stop, or take it back.
    Freeze,
    /// Confirm what another person plans.
    Confirm,
    /// Make the glass before the rules whole again.
    Mend,
}

/// Moving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Move {
    /// One up.
    Up,
    /// One down.
    Down,
    /// One to the left.
    Left,
    /// One to the right.
    Right,
    /// To the first.
    Top,
    /// To the last.
    Bottom,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the next part of the pane.
    NextPart,
    /// To the part before.
    PreviousPart,
}

/// The panes, in the order of their tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaneKind {
    /// Every service's way to production.
    Board,
    /// One run with its log.
    Run,
    /// What waits for a person.
    Gates,
    /// Canaries and colours.
    Traffic,
    /// Feature flags.
    Flags,
    /// What lies between two environments.
    Changes,
}

/// Looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// Go to a pane.
    Pane(PaneKind),
    /// Open what is selected.
    Open,
    /// Back to where one came from; closes a layer.
    Back,
    /// The log of what is selected.
    Logs,
    /// What one environment of it has and another lacks.
    Changes,
    /// What stands beside it: the newer or the older run, another environment on either side of the changes.
    Beside(Direction),
    /// Every way to stop the pain of the selected service.
    Relief,
    /// Narrow the list, or search the log.
    Filter,
    /// Everything by name.
    Palette,
    /// The keys.
    Help,
    /// The next order of the list.
    Sort,
    /// Ask the sources now.
    Refresh,
    /// Copy what is selected.
    Copy,
    /// Open its address in a browser, or show it.
    Browse,
    /// The next theme.
    Theme,
    /// Another context.
    Context,
    /// Stop the program until the shell brings it back.
    Suspend,
    /// Leave.
    Quit,
}

/// Levers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lever {
    /// Let a run through its gate.
    Approve,
    /// Close a gate for a run.
    Reject,
    /// Bring a release into the next environment.
    Promote,
    /// Type a weight or a percentage.
    Weight,
    /// A canary's next or previous step.
    Step(Direction),
    /// Pause a canary, or let it go on.
    Pause,
    /// Give the candidate everything.
    Full,
    /// Give everything back to the stable release.
    Abort,
    /// Let the other colour serve.
    Flip,
    /// Go back to an earlier release.
    RollBack,
    /// Hold automatic deployment, or let it go on.
    Hold,
    /// Switch a flag.
    Toggle,
    /// Start, retry or cancel a run.
    Run(RunLever),
}

/// Forwards or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// To the next.
    Next,
    /// To the one before.
    Previous,
}

/// Levers on runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunLever {
    /// Start one.
    Start,
    /// Run again what failed, or the marked jobs.
    Retry,
    /// Stop it.
    Cancel,
}

/// In a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Log {
    /// Stay at its end.
    Follow,
    /// Fold long lines.
    Wrap,
    /// When each line was written: the time of day, since the job's start, or not at all.
    Times,
    /// To the next or previous hit.
    Hit(Direction),
    /// To the first line that tells of an error.
    Error,
    /// To the next line that tells of one, or the one before.
    ErrorBeside(Direction),
    /// To where the job's next step begins, or the one before.
    Step(Direction),
    /// Write all of it to a file.
    Save,
    /// Mark the job.
    Mark,
}

words! {
    /// The sections of the keymap: where a key has its meaning.
    Section {
        /// On the board.
        Board = "board",
        /// In a run, outside the log.
        Run = "run",
        /// In a log.
        Log = "log",
        /// In the queue of gates.
        Gates = "gates",
        /// Among canaries and colours.
        Traffic = "traffic",
        /// Among the flags.
        Flags = "flags",
        /// Among the changes.
        Changes = "changes",
    } else Global = "global"
}

impl PaneKind {
    /// Every pane there can be, in the order of the tabs.
    pub const ALL: [Self; 6] = [Self::Board, Self::Run, Self::Gates, Self::Traffic, Self::Flags, Self::Changes];

    /// Its name, as its tab writes it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Board => "Board",
            Self::Run => "Run",
            Self::Gates => "Gates",
            Self::Traffic => "Traffic",
            Self::Flags => "Flags",
            Self::Changes => "Changes",
        }
    }

    /// The section of the keymap that holds in it.
    pub const fn section(self) -> Section {
        match self {
            Self::Board => Section::Board,
            Self::Run => Section::Run,
            Self::Gates => Section::Gates,
            Self::Traffic => Section::Traffic,
            Self::Flags => Section::Flags,
            Self::Changes => Section::Changes,
        }
    }
}

impl From<Move> for Command {
    fn from(command: Move) -> Self {
        Self::Move(command)
    }
}

impl From<View> for Command {
    fn from(command: View) -> Self {
        Self::View(command)
    }
}

impl From<Lever> for Command {
    fn from(command: Lever) -> Self {
        Self::Lever(command)
    }
}

impl From<Log> for Command {
    fn from(command: Log) -> Self {
        Self::Log(command)
    }
}
