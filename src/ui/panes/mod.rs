//! The panes, one a file: each keeps its view state, answers commands, draws from the scene and names its keys.

#[macro_use]
mod filtering;
pub mod board;
pub mod changes;
mod derived;
pub mod flags;
pub mod gates;
pub mod run;
pub mod traffic;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::actions::{self, Refusal, Request, Unavailable, World};
use crate::clock::Timestamp;
use crate::domain::filter::Column;
use crate::domain::observation::Subject;
use crate::domain::sought::{Seek, Step};
use crate::store::Store;
use crate::ui::command::{Command, Lever, PaneKind, Section};
use crate::ui::layers::entry::Entry;
use crate::ui::links::Named;
use crate::ui::reaction::{Focus, Reaction};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::scale::Scale;

/// One of the screens behind the tabs.
pub trait Pane: std::fmt::Debug + Send {
    /// Which pane it is.
    fn kind(&self) -> PaneKind;

    /// The section of the keymap that holds where the focus is now.
    fn section(&self) -> Section {
        self.kind().section()
    }

    /// A number for its tab, with its meaning; `None` where there is nothing to count.
    fn count(&self, _world: &World<'_>) -> Option<(usize, Role)> {
        None
    }

    /// Holds the selection to what it was on after the facts, the size or the filter changed. `area` is what
    /// [`Pane::draw`] will get. Always called before drawing.
    fn settle(&mut self, world: &World<'_>, area: Rect);

    /// Obeys a command: moves, views and those of the log. Levers never come here: see [`Pane::ask`].
    fn update(&mut self, command: Command, world: &World<'_>) -> Vec<Reaction>;

    /// What pulling `lever` on the selection asks for, or why there is nothing to ask for.
    fn ask(&self, lever: Lever, world: &World<'_>) -> Result<Asked, Unavailable>;

    /// The commands that mean something here and now, the most useful first, without those that work everywhere.
    fn hints(&self, world: &World<'_>) -> Vec<Hint>;

    /// What is selected, for the pane that comes next.
    fn focus(&self, world: &World<'_>) -> Option<Focus>;

    /// Brings `focus` into view, if it is here.
    fn look_at(&mut self, focus: &Focus, world: &World<'_>);

    /// What the list is narrowed to, or the log searched for.
    fn filter(&self) -> Option<&str> {
        None
    }

    /// The columns that the list can be narrowed by.
    fn columns(&self) -> &'static [Column] {
        &[]
    }

    /// Narrows the list to what `words` match, or searches the log.
    fn narrow(&mut self, _words: &str, _world: &World<'_>) {}

    /// The order of the list, where there is more than one.
    fn order(&self) -> &'static str {
        ""
    }

    /// Puts the list into the order called so.
    fn sort(&mut self, _order: &str) {}

    /// Goes one step back within the pane, from its log to its list; `false` where there is none.
    fn back(&mut self, _world: &World<'_>) -> bool {
        false
    }

    /// A click at `at` within `area`.
    fn click(&mut self, at: Position, area: Rect, world: &World<'_>) -> Vec<Reaction>;

    /// Where in `area` the lever for a weight is drawn, if one is: the mouse can pull it.
    fn lever(&self, _world: &World<'_>, _area: Rect) -> Option<Scale> {
        None
    }

    /// What must be fetched for it beside the overview.
    fn watched(&self, store: &Store) -> Vec<Subject>;

    /// Which words of what it draws lead to an address of the web.
    fn addresses(&self, _world: &World<'_>) -> Vec<Named> {
        Vec::new()
    }

    /// What is to be looked through at its source for it, a step at a time.
    fn seeks(&self, _store: &Store) -> Option<Seek> {
        None
    }

    /// Takes in what a step found, or that its source failed.
    fn sought(&mut self, _seek: &Seek, _step: Option<&Step>, _world: &World<'_>) -> Vec<Reaction> {
        Vec::new()
    }

    /// The next time at which something that it draws changes by itself.
    fn next_change(&self, scene: &Scene<'_>, area: Rect) -> Option<Timestamp>;

    /// Draws it.
    fn draw(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect);
}

/// Every pane there is, in the order of the tabs.
pub fn all() -> Vec<Box<dyn Pane>> {
    vec![
        Box::new(board::Board::default()),
        Box::new(run::Runs::default()),
        Box::new(gates::Gates::default()),
        Box::new(traffic::Traffic::default()),
        Box::new(flags::Flags::default()),
        Box::new(changes::Changes::default()),
    ]
}

/// What is said where no run is known.
const NO_RUN: &str = "no run is known here";
/// What is said where no address is known.
const NO_ADDRESS: &str = "no source tells an address of this";

/// What is wanted, or in words why there is nothing.
fn or_say(wanted: Option<Reaction>, words: &str) -> Vec<Reaction> {
    vec![wanted.unwrap_or_else(|| Reaction::Say(words.into()))]
}

/// What a lever asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A plan, at once.
    Plan(Request),
    /// A number first.
    Number(Entry),
}

/// A command of the footer and whether it does something now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Which command.
    pub command: Command,
    /// Why it does nothing, if it does not.
    pub off: Option<Unavailable>,
}

impl Hint {
    /// A command that works.
    pub fn on(command: impl Into<Command>) -> Self {
        Self { command: command.into(), off: None }
    }

    /// A lever, with whether a plan is to be had for what it asks.
    pub fn lever(pane: &dyn Pane, lever: Lever, world: &World<'_>) -> Self {
        Self {
            command: Command::Lever(lever),
            off: pane.ask(lever, world).and_then(|asked| possible(&asked, world)).err(),
        }
    }
}

/// Whether a plan is to be had for what is asked for.
pub(super) fn possible(asked: &Asked, world: &World<'_>) -> Result<(), Unavailable> {
    match asked {
        Asked::Plan(request) => actions::plan(world, request).map(drop),
        Asked::Number(entry) => match actions::plan(world, &entry.request(entry.now)) {
            Err(why) if why.refusal != Refusal::AlreadySo => Err(why),
            _ => Ok(()),
        },
    }
}
