//! The session: what the operator had on the screen, so that the next start of the same context goes on there.

use serde::{Deserialize, Serialize};

use super::Ui;
use super::command::{PaneKind, Section};
use super::panes::Pane;
use super::reaction::Focus;
use crate::actions::World;

/// The pane one was in, and how each pane was looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The shape's version; another one is not read.
    pub version: u32,
    /// The context it belongs to.
    pub context: String,
    /// The pane, by the section of its keys.
    pub pane: Section,
    /// How each pane was looked at.
    pub panes: Vec<Kept>,
}

/// How a pane was looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Which pane.
    pub pane: Section,
    /// What its list was narrowed to.
    pub filter: String,
    /// In which order it stood.
    pub order: String,
    /// What was selected.
    pub selected: Option<Focus>,
}

impl Session {
    /// The version of the shape that this program writes and reads.
    pub const VERSION: u32 = 1;
}

impl Ui {
    /// What is to be kept of the screen.
    pub fn session(&self, world: &World<'_>) -> Session {
        let kept = |pane: &dyn Pane| Kept {
            pane: pane.kind().section(),
            filter: narrowed(pane),
            order: pane.order().to_owned(),
            selected: pane.focus(world),
        };
        Session {
            version: Session::VERSION,
            context: world.store.topology().context.clone(),
            pane: self.pane().map_or(Section::Global, |pane| pane.kind().section()),
            panes: self.panes.iter().map(|pane| kept(&**pane)).collect(),
        }
    }

    /// Goes on where a session ended; one of another context or of another shape is passed over. What was selected and
    /// is not known yet is selected once it is, unless the operator has done something by then.
    pub fn restore(&mut self, session: Session, world: &World<'_>) {
        if session.version != Session::VERSION || session.context != world.store.topology().context {
            return;
        }
        for kept in session.panes {
            let Some(at) = self.panes.iter().position(|pane| pane.kind().section() == kept.pane) else { continue };
            let pane = &mut *self.panes[at];
            pane.sort(&kept.order);
            let found = kept.selected.as_ref().is_none_or(|selected| look_again(pane, selected, &kept.filter, world));
            if kept.pane == session.pane {
                self.current = at;
                self.wanted = kept.selected.filter(|_| !found);
            }
        }
    }

    /// Selects what was selected when the session ended, as soon as it is there.
    pub(super) fn look_for_wanted(&mut self, world: &World<'_>) {
        let Some(pane) = self.panes.get_mut(self.current) else { return };
        if let Some(wanted) = self.wanted.take() {
            let filter = narrowed(&**pane);
            if !look_again(&mut **pane, &wanted, &filter, world) {
                self.wanted = Some(wanted);
            }
        }
    }
}

/// What the list of `pane` is narrowed to; the search of a log is no part of a session.
fn narrowed(pane: &dyn Pane) -> String {
    if pane.kind() == PaneKind::Run { String::new() } else { pane.filter().unwrap_or_default().to_owned() }
}

/// Selects `wanted` in a list narrowed to `filter`; `false` where it is not there.
fn look_again(pane: &mut dyn Pane, wanted: &Focus, filter: &str, world: &World<'_>) -> bool {
    pane.look_at(wanted, world);
    // Looking may have widened the list.
    pane.narrow(filter, world);
    pane.focus(world).as_ref() == Some(wanted)
}
