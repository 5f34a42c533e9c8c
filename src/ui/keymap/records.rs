//! The keys: one record each. Footer, help, palette and configuration are made of these and of nothing else.

use crate::ui::command::{Command, Direction, Guard, Lever, Log, Move, PaneKind, RunLever, Section, View};

/// What the help groups by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Levers on gates, releases and traffic.
    Levers,
    /// Levers on runs.
    Runs,
    /// Going from one screen to another, and looking.
    Looking,
    /// Moving in lists.
    Moving,
    /// In a log.
    Logs,
    /// The program itself.
    Program,
}

impl Group {
    /// Every group, in the help's order.
    pub const ALL: [Self; 6] = [Self::Levers, Self::Runs, Self::Looking, Self::Moving, Self::Logs, Self::Program];

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Levers => "Levers",
            Self::Runs => "Runs",
            Self::Looking => "Looking",
            Self::Moving => "Moving",
            Self::Logs => "Logs",
            Self::Program => "Program",
        }
    }
}

/// One command: its name in the configuration, its keys, where they hold, and its words.
#[derive(Debug, PartialEq, Eq)]
pub struct Record {
    /// What it does.
    pub command: Command,
    /// Its name in the configuration.
    pub name: &'static str,
    /// Where it holds.
    pub sections: &'static [Section],
    /// Its keys, the one that is shown first.
    pub keys: &'static [&'static str],
    /// In a word or two, for the footer.
    pub label: &'static str,
    /// In a sentence, for the help.
    pub help: &'static str,
    /// Where the help shows it.
    pub group: Group,
}

const fn record(
    command: Command,
    name: &'static str,
    sections: &'static [Section],
    keys: &'static [&'static str],
    label: &'static str,
    help: &'static str,
    group: Group,
) -> Record {
    Record { command, name, sections, keys, label, help, group }
}

const fn lever(
    lever: Lever,
    name: &'static str,
    sections: &'static [Section],
    keys: &'static [&'static str],
    label: &'static str,
    help: &'static str,
) -> Record {
    record(Command::Lever(lever), name, sections, keys, label, help, Group::Levers)
}

const fn run(
    lever: RunLever,
    name: &'static str,
    sections: &'static [Section],
    keys: &'static [&'static str],
    label: &'static str,
    help: &'static str,
) -> Record {
    record(Command::Lever(Lever::Run(lever)), name, sections, keys, label, help, Group::Runs)
}

const fn view(
    view: View,
    name: &'static str,
    keys: &'static [&'static str],
    label: &'static str,
    help: &'static str,
) -> Record {
    record(Command::View(view), name, GLOBAL, keys, label, help, Group::Looking)
}

const fn looking(
    view: View,
    name: &'static str,
    sections: &'static [Section],
    keys: &'static [&'static str],
    label: &'static str,
    help: &'static str,
) -> Record {
    record(Command::View(view), name, sections, keys, label, help, Group::Looking)
}

const fn pane(kind: PaneKind, name: &'static str, keys: &'static [&'static str], help: &'static str) -> Record {
    view(View::Pane(kind), name, keys, kind.title(), help)
}

const fn program(view: View, name: &'static str, keys: &'static [&'static str], help: &'static str) -> Record {
    record(Command::View(view), name, GLOBAL, keys, name, help, Group::Program)
}

const fn moving(to: Move, name: &'static str, keys: &'static [&'static str], help: &'static str) -> Record {
    record(Command::Move(to), name, GLOBAL, keys, name, help, Group::Moving)
}

const fn part(to: Move, name: &'static str, keys: &'static [&'static str], help: &'static str) -> Record {
    record(Command::Move(to), name, GLOBAL, keys, "part", help, Group::Moving)
}

const fn sideways(to: Move, name: &'static str, keys: &'static [&'static str], help: &'static str) -> Record {
    record(Command::Move(to), name, SIDEWAYS, keys, name, help, Group::Moving)
}

const fn column(to: Move, name: &'static str, keys: &'static [&'static str], help: &'static str) -> Record {
    record(Command::Move(to), name, FLAGS, keys, "environment", help, Group::Moving)
}

const fn service(to: Move, name: &'static str, keys: &'static [&'static str], help: &'static str) -> Record {
    record(Command::Move(to), name, CHANGES, keys, "service", help, Group::Moving)
}

const fn log(
    log: Log,
    name: &'static str,
    sections: &'static [Section],
    keys: &'static [&'static str],
    label: &'static str,
    help: &'static str,
) -> Record {
    record(Command::Log(log), name, sections, keys, label, help, Group::Logs)
}

const GLOBAL: &[Section] = &[Section::Global];
const RUNS: &[Section] = &[Section::Board, Section::Run, Section::Log];
const GATES: &[Section] = &[Section::Board, Section::Gates, Section::Run];
const TRAFFIC: &[Section] = &[Section::Board, Section::Traffic];
const PLACES: &[Section] = &[Section::Board, Section::Traffic, Section::Gates];
const LOG: &[Section] = &[Section::Run, Section::Log];
const LISTS: &[Section] = &[Section::Board, Section::Gates, Section::Traffic, Section::Flags, Section::Changes];
/// Where `h` and `l` are not needed for moving.
const ROWS: &[Section] = &[Section::Board, Section::Run, Section::Log, Section::Gates, Section::Traffic];
/// Where there is something to the left and to the right.
const SIDEWAYS: &[Section] = &[Section::Board, Section::Run, Section::Log, Section::Traffic];
const FLAGS: &[Section] = &[Section::Flags];
const CHANGES: &[Section] = &[Section::Changes];

/// Every command.
pub const RECORDS: &[Record] = &[
    lever(Lever::Approve, "approve", GATES, &["a"], "approve", "let the run through its gate"),
    lever(Lever::Reject, "reject", GATES, &["x"], "reject", "close the gate for this run"),
    lever(Lever::Promote, "promote", PLACES, &["p"], "promote", "bring it into the next environment"),
    lever(Lever::Weight, "weight", TRAFFIC, &["w"], "weight", "type the canary's share of the traffic"),
    lever(Lever::Weight, "percentage", FLAGS, &["w"], "percentage", "type the share of users it is on for"),
    lever(Lever::Step(Direction::Next), "next_step", TRAFFIC, &["+", "="], "step", "the canary's next step"),
    lever(Lever::Step(Direction::Previous), "previous_step", TRAFFIC, &["-"], "step", "the canary's step before"),
    lever(Lever::Pause, "pause", TRAFFIC, &["space"], "pause", "pause the canary, or let it go on"),
    lever(Lever::Full, "full", TRAFFIC, &["P"], "promote fully", "give the candidate all the traffic"),
    lever(Lever::Abort, "abort", TRAFFIC, &["A"], "abort", "all traffic back to the stable release"),
    lever(Lever::Flip, "flip", TRAFFIC, &["b"], "flip", "let the other colour serve"),
    lever(Lever::RollBack, "roll_back", PLACES, &["R"], "roll back", "go back to the last good release at once"),
    lever(Lever::Hold, "hold", TRAFFIC, &["H"], "hold", "keep deployments out, or let them in"),
    lever(Lever::Toggle, "toggle", FLAGS, &["space"], "toggle", "switch the flag on or off"),
    run(RunLever::Start, "start", &[Section::Board, Section::Run], &["n"], "start", "start a run"),
    run(RunLever::Retry, "retry", RUNS, &["e"], "retry", "run what failed again, or marked jobs"),
    run(RunLever::Cancel, "cancel", RUNS, &["c"], "cancel", "stop the run"),
    record(Command::Log(Log::Mark), "mark", &[Section::Run], &["m"], "mark", "mark the job, for retry", Group::Runs),
    pane(PaneKind::Board, "board", &["1"], "every service's way to production"),
    pane(PaneKind::Run, "run", &["2"], "one run: stages, jobs, log"),
    pane(PaneKind::Gates, "gates", &["3"], "what waits for a person"),
    pane(PaneKind::Traffic, "traffic", &["4"], "canaries and colours"),
    pane(PaneKind::Flags, "flags", &["5"], "feature flags"),
    pane(PaneKind::Changes, "changes", &["6"], "what lies between two environments"),
    looking(View::Open, "targeting", FLAGS, &["t"], "targeting", "for whom the flag is on"),
    view(View::Open, "open", &["enter"], "open", "open what is selected"),
    view(View::Back, "back", &["esc"], "back", "back; close what is on top"),
    looking(View::Logs, "logs", ROWS, &["l"], "logs", "the log of what is selected"),
    looking(View::Changes, "what_changed", ROWS, &["d"], "changes", "what one environment has and another lacks"),
    looking(View::Beside(Direction::Previous), "older", LOG, &["["], "run", "the run before this one"),
    looking(View::Beside(Direction::Next), "newer", LOG, &["]"], "run", "the run after this one"),
    looking(View::Beside(Direction::Previous), "from", CHANGES, &["["], "environments", "another that lacks them"),
    looking(View::Beside(Direction::Next), "to", CHANGES, &["]"], "environments", "another that has them"),
    record(
        Command::View(View::Relief),
        "stop_the_pain",
        GLOBAL,
        &["!"],
        "stop the pain",
        "every way to stop it",
        Group::Levers,
    ),
    record(
        Command::Guard(Guard::Freeze),
        "freeze",
        GLOBAL,
        &["F"],
        "emergency stop",
        "call an emergency stop, or take it back",
        Group::Levers,
    ),
    record(
        Command::Guard(Guard::Confirm),
        "confirm_phrase",
        GLOBAL,
        &["V"],
        "confirm a phrase",
        "confirm what another person plans",
        Group::Levers,
    ),
    record(
        Command::Guard(Guard::Mend),
        "mend_glass",
        GLOBAL,
        &["M"],
        "mend the glass",
        "make the glass before the rules whole again",
        Group::Levers,
    ),
    looking(View::Filter, "filter", LISTS, &["/"], "filter", "narrow the list"),
    view(View::Sort, "sort", &["s"], "sort", "the next order of the list"),
    view(View::Refresh, "refresh", &["r"], "refresh", "ask the sources now"),
    view(View::Copy, "copy", &["y"], "copy", "copy what is selected"),
    view(View::Browse, "browse", &["o"], "browse", "open its address, or show it"),
    moving(Move::Up, "up", &["k", "up"], "one up"),
    moving(Move::Down, "down", &["j", "down"], "one down"),
    sideways(Move::Left, "left", &["left"], "one to the left"),
    sideways(Move::Right, "right", &["right"], "one to the right"),
    column(Move::Left, "left", &["h", "left"], "to the environment before"),
    column(Move::Right, "right", &["l", "right"], "to the next environment"),
    service(Move::Left, "left", &["h", "left"], "to the service before"),
    service(Move::Right, "right", &["l", "right"], "to the next service"),
    moving(Move::Top, "top", &["g", "home"], "to the first"),
    moving(Move::Bottom, "bottom", &["G", "end"], "to the last"),
    moving(Move::PageUp, "page_up", &["pgup"], "a page up"),
    moving(Move::PageDown, "page_down", &["pgdn"], "a page down"),
    part(Move::NextPart, "next_part", &["tab"], "to the next part of the pane"),
    part(Move::PreviousPart, "previous_part", &["shift-tab"], "to the part before"),
    log(Log::Follow, "follow", LOG, &["f"], "follow", "stay at the end of the log"),
    log(Log::Wrap, "wrap", LOG, &["z"], "wrap", "fold long lines"),
    log(Log::Times, "times", LOG, &["t"], "times", "when each line was written, in two ways"),
    log(Log::Error, "first_error", LOG, &["E"], "first error", "to the first line that tells of an error"),
    log(Log::ErrorBeside(Direction::Next), "next_error", LOG, &[">"], "error", "to the next line that tells of one"),
    log(Log::ErrorBeside(Direction::Previous), "previous_error", LOG, &["<"], "error", "to the error before"),
    log(Log::Step(Direction::Next), "next_job_step", LOG, &["}"], "step", "to where the job's next step begins"),
    log(Log::Step(Direction::Previous), "previous_job_step", LOG, &["{"], "step", "to where the step before begins"),
    log(Log::Save, "save", LOG, &["S"], "save", "write the whole log to a file in this folder"),
    record(Command::View(View::Filter), "search", LOG, &["/"], "search", "search the log for a pattern", Group::Logs),
    log(Log::Hit(Direction::Next), "next_hit", &[Section::Log], &["n"], "next hit", "to the next hit of the search"),
    log(Log::Hit(Direction::Previous), "previous_hit", &[Section::Log], &["N"], "hit before", "to the hit before"),
    program(View::Palette, "palette", &[":"], "everything by name"),
    program(View::Help, "help", &["?", "f1"], "these keys"),
    program(View::Theme, "theme", &["T"], "choose a theme"),
    program(View::Context, "context", &["C"], "choose a context"),
    program(View::Suspend, "suspend", &["ctrl-z"], "stop the program; `fg` brings it back"),
    program(View::Quit, "quit", &["q"], "leave; nothing is asked"),
];
