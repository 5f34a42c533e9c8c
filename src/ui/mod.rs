//! Everything drawn: keymap, theme, panes, layers, widgets. Reads the store and changes only its own view state; what
//! the operator wants done leaves as a [`Reaction`].

pub mod command;
mod dialogs;
mod dress;
mod footer;
pub mod format;
mod frame;
pub mod glyphs;
mod guards;
mod header;
pub mod input;
pub mod keymap;
pub mod layers;
pub mod links;
mod mouse;
pub mod next;
pub mod notice;
mod obey;
mod offers;
pub mod panes;
pub mod reaction;
pub mod scene;
mod session;
pub mod theme;
pub mod widgets;

use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use command::Command;
pub use frame::LEAST;
pub use input::Input;
pub use keymap::Keymap;
pub use notice::Notice;
pub use reaction::Reaction;
pub use scene::Scene;
pub use session::Session;

use crate::actions::World;
use crate::clock::Timestamp;
use crate::domain::observation::Subject;
use crate::domain::sought::{Seek, Step};
use crate::store::Store;
use glyphs::Glyphs;
use layers::Layer;
use links::Link;
use notice::Status;
use panes::Pane;
use reaction::Focus;
use scene::Look;
use theme::{Depth, Theme, Themes};
use widgets::scale::Scale;

/// How the operator wants the screen, as configuration, command line and environment say.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The theme's name; one that there is not becomes `mono`.
    pub theme: String,
    /// The themes there are.
    pub themes: Themes,
    /// The colours that the terminal has.
    pub depth: Depth,
    /// The signs that it can show.
    pub glyphs: Glyphs,
    /// The zone in which exact times are told.
    pub zone: TimeZone,
    /// The keys.
    pub keymap: Keymap,
    /// The contexts there are, in the configuration's order.
    pub contexts: Vec<String>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
}

/// The screen's state. The application gives it what the operator did and what became of it, and draws it.
///
/// In this order: [`Ui::input`] for what came from the terminal, [`Ui::settle`] after the store changed, [`Ui::draw`],
/// then [`Ui::drawn`] when the frame is out.
#[derive(Debug)]
pub struct Ui {
    look: Look,
    themes: Themes,
    keymap: Keymap,
    contexts: Vec<String>,
    size: (u16, u16),
    panes: Vec<Box<dyn Pane>>,
    current: usize,
    /// The panes one came from, the last on top.
    back: Vec<usize>,
    layers: Vec<Layer>,
    status: Status,
    /// What was selected when the last session ended, while it is not known yet.
    wanted: Option<Focus>,
    /// The lever that the mouse has gripped.
    pulled: Option<Scale>,
}

impl Ui {
    /// The screen on its first pane.
    pub fn new(settings: Settings) -> Self {
        let Settings { theme, themes, depth, glyphs, zone, keymap, contexts, size } = settings;
        let theme = themes.named(&theme, depth).unwrap_or_else(|| Theme::mono(depth));
        let mut status = Status::default();
        if let Some(trouble) = themes.trouble() {
            status.say(Notice::caution(trouble));
        }
        Self {
            look: Look { theme, glyphs, zone },
            themes,
            keymap,
            contexts,
            size,
            panes: panes::all(),
            current: 0,
            back: Vec::new(),
            layers: Vec::new(),
            status,
            wanted: None,
            pulled: None,
        }
    }

    /// The scene of `world` as this screen looks.
    pub const fn scene<'a>(&'a self, world: &World<'a>) -> Scene<'a> {
        Scene { world: *world, look: &self.look }
    }

    /// Holds selections to what they were on. To be called when the store has changed and before drawing.
    pub fn settle(&mut self, world: &World<'_>) {
        self.look_for_wanted(world);
        let area = self.areas(world).body;
        if let Some(pane) = self.panes.get_mut(self.current) {
            pane.settle(world, area);
        }
        let scene = Scene { world: *world, look: &self.look };
        let whole = Rect::new(0, 0, self.size.0, self.size.1);
        self.layers.iter_mut().for_each(|layer| layer.settle(&scene, whole));
    }

    /// A frame of this state is on the screen: dialogs in it have been seen, and may be answered.
    pub fn drawn(&mut self) {
        if !frame::too_small(self.size) {
            self.layers.iter_mut().for_each(Layer::drawn);
        }
    }

    /// What must be fetched beside the overview for what is in view.
    pub fn watched(&self, store: &Store) -> Vec<Subject> {
        let pane = self.pane().map(|pane| pane.watched(store)).unwrap_or_default();
        pane.into_iter().chain(self.layers.iter().flat_map(Layer::watched)).collect()
    }

    /// What is to be looked through at its source for what is in view; nothing while what is looked for is being typed.
    pub fn seeks(&self, store: &Store) -> Option<Seek> {
        let typing = matches!(self.layers.last(), Some(Layer::Filter(_)));
        self.pane().filter(|_| !typing)?.seeks(store)
    }

    /// Takes in what a step of the search at the source found, or that the source failed.
    pub fn sought(&mut self, seek: &Seek, step: Option<&Step>, world: &World<'_>) {
        let reactions = self.panes.get_mut(self.current).map(|pane| pane.sought(seek, step, world));
        for reaction in reactions.unwrap_or_default() {
            self.keep(reaction, world);
        }
    }

    /// The next time at which something drawn changes by itself: an age, a running duration, a countdown. `None` while
    /// nothing does.
    pub fn next_change(&self, world: &World<'_>) -> Option<Timestamp> {
        if frame::too_small(self.size) {
            return None;
        }
        let scene = self.scene(world);
        let pane = self.pane().and_then(|pane| pane.next_change(&scene, self.areas(world).body));
        let second = self.layers.iter().find_map(|layer| match layer {
            Layer::Second(second) => second.next_change(world.now),
            _ => None,
        });
        [pane, header::next_change(&scene), guards::next_change(&scene), second].into_iter().flatten().min()
    }

    /// Which words of a finished frame lead to an address; none while something lies over them.
    pub fn links(&self, world: &World<'_>, frame: &Buffer) -> Vec<Link> {
        if !self.layers.is_empty() || frame::too_small(self.size) {
            return Vec::new();
        }
        let named = self.pane().map(|pane| pane.addresses(world)).unwrap_or_default();
        links::find(frame, self.areas(world).body.intersection(frame.area), &named)
    }

    /// Where everything is on this screen.
    fn areas(&self, world: &World<'_>) -> frame::Areas {
        frame::areas(self.size, guards::count(world))
    }

    fn pane(&self) -> Option<&dyn Pane> {
        self.panes.get(self.current).map(|pane| &**pane)
    }
}
