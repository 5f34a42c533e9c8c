//! What the help and the palette offer where one is: made of the key records, and of what is known.

use std::collections::BTreeMap;

use super::Ui;
use super::command::{Command, PaneKind, Section, View};
use super::keymap::{Key, RECORDS, Record};
use super::layers::help::{Entry, Help};
use super::layers::palette::{Act, Item, Palette};
use super::panes::{Hint, Pane};
use super::reaction::{Focus, Reaction};
use crate::actions::World;
use crate::domain::flag::Flag;
use crate::domain::ids::{Place, SourceName};
use crate::domain::service::Service;

impl Ui {
    /// The keys that hold in the present pane.
    pub(super) fn help(&self, world: &World<'_>) -> Help {
        let off = self.off(world);
        let entries = self.records().map(|(record, keys)| Entry {
            group: record.group,
            keys: keys.iter().map(|key| key.label(self.look.glyphs)).collect::<Vec<_>>().join(" "),
            help: record.help,
            off: off.get(&record.command).cloned(),
        });
        Help::new(entries.collect())
    }

    /// Everything by name: what can be done here and elsewhere, the panes, the services with their environments and
    /// newest runs, the flags, the contexts.
    pub(super) fn palette(&self, world: &World<'_>) -> Palette {
        let off = self.off(world);
        let commands = self.records().filter(|(record, _)| chosen(record.command)).map(|(record, keys)| Item {
            name: record.name.replace('_', " "),
            about: record.help.to_owned(),
            key: keys.first().map(|key| key.label(self.look.glyphs)).unwrap_or_default(),
            off: off.get(&record.command).cloned(),
            act: Act::Command(record.command),
        });
        let store = world.store;
        let services = store.by_attention().iter().filter_map(|name| store.service(name));
        let items = commands
            .chain(services.flat_map(|seen| places_of(&seen.value)))
            .chain(store.flags().filter_map(|seen| flag(&seen.source, &seen.value)))
            .chain(self.other_contexts(world))
            .chain(self.elsewhere());
        Palette::new(items.collect())
    }

    fn other_contexts<'a>(&'a self, world: &World<'a>) -> impl Iterator<Item = Item> {
        let present = &world.store.topology().context;
        self.contexts.iter().filter(move |name| *name != present).map(|name| {
            let shown = crate::domain::text::visible(name);
            offer(format!("context {shown}"), "another context".into(), Reaction::Context(name.clone()))
        })
    }

    /// The commands that mean something in other panes only: so that who looks for one learns where it is.
    fn elsewhere(&self) -> impl Iterator<Item = Item> {
        let section = self.pane().map_or(Section::Global, Pane::section);
        let here = move |name| self.keymap.listed(section).any(|(known, _)| known.name == name);
        let records = RECORDS.iter().filter(move |record| chosen(record.command) && !here(record.name));
        records.map(|record| {
            let sections: Vec<_> = record.sections.iter().map(|section| section.as_str()).collect();
            let off = format!("not here, but in {}", sections.join(", "));
            let there = record.sections.first().and_then(|there| self.keymap.shown(*there, record.command));
            let key = there.map(|(_, key)| key.label(self.look.glyphs)).unwrap_or_default();
            let act = Act::Reaction(Reaction::Say(off.as_str().into()));
            Item { name: record.name.replace('_', " "), about: record.help.to_owned(), key, off: Some(off), act }
        })
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

/// Something to go to.
const fn offer(name: String, about: String, to: Reaction) -> Item {
    Item { name, about, key: String::new(), off: None, act: Act::Reaction(to) }
}

fn places_of(service: &Service) -> impl Iterator<Item = Item> {
    let name = &service.name;
    let whole = Reaction::Open(PaneKind::Board, Focus::Service(name.clone()));
    let whole = offer(name.to_string(), "service".into(), whole);
    let environments = service.environments.iter().map(move |environment| {
        let place = Place { service: name.clone(), environment: environment.name.clone() };
        let to = Reaction::Open(PaneKind::Board, Focus::Place(place));
        offer(format!("{name} {}", environment.name), "environment".into(), to)
    });
    let run = service.latest_run.iter().map(|run| {
        let to = Reaction::Open(PaneKind::Run, Focus::Run(run.key()));
        offer(run.key().to_string(), format!("run: {}", run.title), to)
    });
    [whole].into_iter().chain(environments).chain(run)
}

fn flag(source: &SourceName, flag: &Flag) -> Option<Item> {
    let environment = flag.environments.last()?.name.clone();
    let to = Reaction::Open(PaneKind::Flags, Focus::Flag(source.clone(), flag.key.clone(), environment));
    Some(offer(flag.key.to_string(), "flag".into(), to))
}
