//! What the help and the palette offer where one is: made of the key records, and of what is known.

use std::collections::BTreeMap;

use super::Ui;
use super::command::{Command, PaneKind, Section, View};
use super::keymap::{Key, Record};
use super::layers::help::{Entry, Help};
use super::layers::palette::{Act, Item, Palette};
use super::panes::{Hint, Pane};
use super::reaction::{Focus, Reaction};
use crate::actions::World;
use crate::domain::ids::Place;
use crate::domain::service::Service;

impl Ui {
    /// The keys that hold in the present pane.
    pub(super) fn help(&self, world: &World<'_>) -> Help {
        let off = self.off(world);
        let entries = self.records().map(|(record, keys)| Entry {
            group: record.group,
            keys: keys.iter().map(Key::label).collect::<Vec<_>>().join(" "),
            help: record.help,
            off: off.get(&record.command).cloned(),
        });
        Help::new(entries.collect())
    }

    /// Everything by name: what can be done here, the panes, the services and their environments.
    pub(super) fn palette(&self, world: &World<'_>) -> Palette {
        let off = self.off(world);
        let commands = self.records().filter(|(record, _)| chosen(record.command)).map(|(record, keys)| Item {
            name: record.name.replace('_', " "),
            about: record.help.to_owned(),
            key: keys.first().map(Key::label).unwrap_or_default(),
            off: off.get(&record.command).cloned(),
            act: Act::Command(record.command),
        });
        let places = world.store.by_attention().iter().filter_map(|name| world.store.service(name));
        Palette::new(commands.chain(places.flat_map(|seen| places_of(&seen.value))).collect())
    }

    fn records(&self) -> impl Iterator<Item = (&'static Record, &[Key])> {
        let section = self.pane().map_or(Section::Global, Pane::section);
        let exists = |command| match command {
            Command::View(View::Pane(kind)) => self.panes.iter().any(|pane| pane.kind() == kind),
            _ => true,
        };
        self.keymap.listed(section).filter(move |(record, keys)| exists(record.command) && !keys.is_empty())
    }

    /// Why a command does nothing here and now.
    fn off(&self, world: &World<'_>) -> BTreeMap<Command, String> {
        let Some(pane) = self.pane() else { return BTreeMap::new() };
        let levers = self.records().filter_map(|(record, _)| match record.command {
            Command::Lever(lever) => Some(Hint::lever(pane, lever, world)),
            _ => None,
        });
        let hints = pane.hints(world).into_iter().chain(levers);
        hints.filter_map(|hint| Some((hint.command, hint.off?.to_string()))).collect()
    }
}

/// Whether a command is something to choose by name; moving is not.
const fn chosen(command: Command) -> bool {
    !matches!(command, Command::Move(_) | Command::View(View::Palette | View::Back))
}

fn places_of(service: &Service) -> impl Iterator<Item = Item> {
    let item = |name: String, about: &str, focus| Item {
        name,
        about: about.to_owned(),
        key: String::new(),
        off: None,
        act: Act::Reaction(Reaction::Open(PaneKind::Board, focus)),
    };
    let whole = item(service.name.to_string(), "service", Focus::Service(service.name.clone()));
    let environments = service.environments.iter().map(move |environment| {
        let place = Place { service: service.name.clone(), environment: environment.name.clone() };
        item(format!("{} {}", service.name, environment.name), "environment", Focus::Place(place))
    });
    [whole].into_iter().chain(environments)
}
