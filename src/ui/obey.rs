//! Obeying: keys become commands where the focus is, commands change the view or leave as reactions.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::command::{Command, Guard, PaneKind, Section, View};
use super::input::Input;
use super::layers::choice::{Choice, Of};
use super::layers::entry::Typing;
use super::layers::filter::Filter;
use super::layers::relief::Relief;
use super::layers::words::{self, Words};
use super::layers::{Answer, Layer};
use super::notice::Notice;
use super::panes::{Asked, Pane, possible};
use super::reaction::{Focus, Reaction};
use super::{Ui, frame};
use crate::actions::request::FreezeWish;
use crate::actions::{self, Request, World};
use crate::domain::ids::{FlagKey, SourceName};

impl Ui {
    /// Takes what came from the terminal and returns what is wanted of the application.
    pub fn input(&mut self, input: Input, world: &World<'_>) -> Vec<Reaction> {
        self.settle(world);
        if matches!(input, Input::Key(_) | Input::Paste(_) | Input::Mouse(_)) {
            self.wanted = None;
        }
        let reactions = match input {
            Input::Key(key) if key.kind != KeyEventKind::Release => self.press(&key, world),
            Input::Paste(text) => self.paste(&text, world),
            Input::Mouse(mouse) => self.mouse(mouse, world),
            Input::Resized(width, height) => {
                self.size = (width, height);
                Vec::new()
            }
            Input::Key(_) | Input::Focused(_) => Vec::new(),
        };
        let wanted = reactions.into_iter().filter_map(|reaction| self.keep(reaction, world)).collect();
        self.settle(world);
        wanted
    }

    /// Does what the screen does by itself; the rest is the application's.
    pub(super) fn keep(&mut self, reaction: Reaction, world: &World<'_>) -> Option<Reaction> {
        match reaction {
            Reaction::Show(kind) => self.show(kind, None, world),
            Reaction::Open(kind, focus) => self.show(kind, Some(&focus), world),
            Reaction::Say(words) => self.status.say(Notice::note(words.as_str())),
            Reaction::Confirm { dialog, .. } => {
                if let Some(Layer::Plan(open)) = self.layers.pop_if(|layer| is_dialog(layer, dialog)) {
                    self.status.begin(dialog, open.plan());
                }
                return Some(reaction);
            }
            Reaction::Leave { dialog } => {
                self.layers.retain(|layer| !is_dialog(layer, dialog));
                return Some(reaction);
            }
            _ => return Some(reaction),
        }
        None
    }

    fn press(&mut self, key: &KeyEvent, world: &World<'_>) -> Vec<Reaction> {
        if matches!(key.code, KeyCode::Char('c')) && key.modifiers.contains(KeyModifiers::CONTROL) {
            return vec![Reaction::Quit];
        }
        let section = self.pane().map_or(Section::Global, Pane::section);
        let command = self.keymap.command(section, key);
        if frame::too_small(self.size) {
            return if command == Some(Command::View(View::Quit)) { vec![Reaction::Quit] } else { Vec::new() };
        }
        self.status.hush();
        self.pulled = None;
        let stops = command == Some(Command::View(View::Suspend)) && key.modifiers.contains(KeyModifiers::CONTROL);
        if stops {
            // Control keys are no text: the program can be stopped from wherever one is.
            return vec![Reaction::Suspend];
        }
        if let Some(layer) = self.layers.last_mut() {
            let answer = layer.press(key);
            return self.answered(answer, world);
        }
        if let Some(command) = command {
            return self.obey(command, world);
        }
        if let Some((record, elsewhere)) = self.keymap.elsewhere(key) {
            self.status.say(Notice::note(format!("{}: not here, but in {elsewhere}", record.help)));
        }
        Vec::new()
    }

    pub(super) fn answered(&mut self, answer: Answer, world: &World<'_>) -> Vec<Reaction> {
        match answer {
            Answer::Stay => {}
            Answer::Close => drop(self.layers.pop()),
            Answer::Glass(locks) => self.layers.push(Layer::Words(Words::new(words::Of::Glass(locks)))),
            Answer::Obey(command) => {
                self.layers.pop();
                return self.obey(command, world);
            }
            Answer::Done(
                reaction @ (Reaction::Confirm { .. } | Reaction::Leave { .. } | Reaction::Withdraw { .. }),
            ) => return vec![reaction],
            Answer::Done(reaction) => {
                self.layers.pop();
                return vec![reaction];
            }
            Answer::Narrow(words, stay) => {
                if !stay {
                    self.layers.pop();
                }
                if let Some(pane) = self.panes.get_mut(self.current) {
                    pane.narrow(&words, world);
                }
            }
            Answer::Theme(name, stay) => {
                if !stay {
                    self.layers.pop();
                }
                self.wear(&name);
            }
        }
        Vec::new()
    }

    pub(super) fn obey(&mut self, command: Command, world: &World<'_>) -> Vec<Reaction> {
        match command {
            Command::View(view) => return self.view(view, world),
            Command::Guard(Guard::Freeze) => return self.freeze(world),
            Command::Guard(Guard::Mend) => return vec![Reaction::MendGlass],
            Command::Guard(Guard::Confirm) => self.layers.push(Layer::Words(Words::new(words::Of::Phrase))),
            Command::Lever(lever) => {
                let asked = self.pane().map(|pane| pane.ask(lever, world));
                match asked {
                    Some(Ok(Asked::Plan(request))) => return vec![Reaction::Ask(request)],
                    Some(Ok(asked @ Asked::Number(_))) => match (possible(&asked, world), asked) {
                        (Ok(()), Asked::Number(entry)) => self.layers.push(Layer::Entry(Typing::new(entry))),
                        (Err(why), _) => self.refuse(&why),
                        _ => {}
                    },
                    Some(Err(why)) => self.refuse(&why),
                    None => {}
                }
            }
            Command::Move(_) | Command::Log(_) => return self.pass_on(command, world),
        }
        Vec::new()
    }

    pub(super) fn pass_on(&mut self, command: Command, world: &World<'_>) -> Vec<Reaction> {
        self.panes.get_mut(self.current).map(|pane| pane.update(command, world)).unwrap_or_default()
    }

    fn view(&mut self, view: View, world: &World<'_>) -> Vec<Reaction> {
        match view {
            View::Pane(kind) => self.show(kind, None, world),
            View::Changes => self.show(PaneKind::Changes, None, world),
            View::Back => self.step_back(world),
            View::Filter => match self.pane().and_then(|pane| Some(Filter::new(pane.filter()?, pane.columns()))) {
                Some(filter) => self.layers.push(Layer::Filter(filter)),
                None => self.status.say(Notice::note("there is no list to narrow here")),
            },
            View::Palette => self.layers.push(Layer::Palette(Box::new(self.palette(world)))),
            View::Help => self.layers.push(Layer::Help(self.help(world))),
            View::Relief => self.relieve(world),
            View::Theme => {
                self.choose_theme();
                return vec![Reaction::LookForThemes];
            }
            View::Context => self.choose_context(world),
            View::Refresh => {
                self.status.say(Notice::note("asking the sources"));
                return vec![Reaction::Refresh];
            }
            View::Suspend => return vec![Reaction::Suspend],
            View::Quit => return vec![Reaction::Quit],
            View::Open | View::Logs | View::Beside(_) | View::Sort | View::Copy | View::Browse => {
                return self.pass_on(Command::View(view), world);
            }
        }
        Vec::new()
    }

    /// Takes back the emergency stop that stands; else asks when one that is called ends.
    fn freeze(&mut self, world: &World<'_>) -> Vec<Reaction> {
        let standing =
            world.store.brakes().find(|(_, brake)| brake.stop.as_ref().is_some_and(|it| it.stands(world.now)));
        if let Some((source, _)) = standing {
            return vec![Reaction::Ask(Request::Freeze(FreezeWish {
                source: Some(source.clone()),
                ..FreezeWish::default()
            }))];
        }
        let source = world.store.brakes().next().map(|(source, _)| source.clone());
        let now = world.now.to_zoned(self.look.zone.clone());
        match actions::plan(
            world,
            &Request::Freeze(FreezeWish { on: true, source: source.clone(), ..FreezeWish::default() }),
        ) {
            Ok(_) => self.layers.push(Layer::Words(Words::new(words::Of::Until(source, now)))),
            Err(why) => self.refuse(&why),
        }
        Vec::new()
    }

    /// Opens the sheet of all that stops the pain of what is selected.
    fn relieve(&mut self, world: &World<'_>) {
        let focus = self.pane().and_then(|pane| pane.focus(world));
        let of_flag =
            |source: &SourceName, key: &FlagKey| world.store.flag(source, key)?.value.services.first().cloned();
        let (service, environment) = match &focus {
            Some(Focus::Flag(source, key, environment)) => (of_flag(source, key), Some(environment.clone())),
            Some(Focus::Place(place)) => (Some(place.service.clone()), Some(place.environment.clone())),
            Some(focus) => (focus.service().cloned(), None),
            None => (None, None),
        };
        match service {
            Some(service) => self.layers.push(Layer::Relief(Box::new(Relief::new(service, environment)))),
            None => self.status.say(Notice::note("no service is selected whose pain could be stopped")),
        }
    }

    fn choose_context(&mut self, world: &World<'_>) {
        if self.contexts.len() > 1 {
            let now = world.store.topology().context.clone();
            self.layers.push(Layer::Choice(Choice::new(Of::Context, self.contexts.clone(), &now)));
        } else {
            self.status.say(Notice::note("the configuration has only this context"));
        }
    }

    /// One step back: out of a part of the pane, then to everything in the list, then to the pane one came from.
    fn step_back(&mut self, world: &World<'_>) {
        let Some(pane) = self.panes.get_mut(self.current) else { return };
        if pane.back(world) {
            return;
        }
        if pane.filter().is_some_and(|words| !words.is_empty()) {
            pane.narrow("", world);
        } else if !self.status.dismiss() {
            match self.back.pop() {
                Some(before) => self.current = before,
                None => self.status.say(Notice::note("there is nothing to go back to")),
            }
        }
    }

    /// Goes to a pane and hands it what was looked at.
    pub(super) fn show(&mut self, kind: PaneKind, focus: Option<&Focus>, world: &World<'_>) {
        let Some(at) = self.panes.iter().position(|pane| pane.kind() == kind) else {
            return self.status.say(Notice::note(format!("there is no pane {} yet", kind.title())));
        };
        let focus = focus.cloned().or_else(|| self.pane().and_then(|pane| pane.focus(world)));
        if at != self.current {
            self.back.retain(|before| *before != at);
            self.back.push(self.current);
            self.current = at;
        }
        if let Some(focus) = focus {
            self.settle(world);
            self.panes[at].look_at(&focus, world);
        }
    }

    fn paste(&mut self, text: &str, world: &World<'_>) -> Vec<Reaction> {
        if frame::too_small(self.size) {
            return Vec::new();
        }
        let Some(layer) = self.layers.last_mut() else { return Vec::new() };
        let answer = layer.paste(text);
        self.answered(answer, world)
    }
}

fn is_dialog(layer: &Layer, dialog: u64) -> bool {
    matches!(layer, Layer::Plan(open) if open.number() == dialog)
}
