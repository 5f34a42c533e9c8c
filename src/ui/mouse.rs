//! The mouse: clicks choose, the wheel moves, and a weight can be dragged. None of it is needed, and none of it confirms.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::command::{Command, Lever, Move};
use super::layers::Layer;
use super::reaction::Reaction;
use super::scene::Scene;
use super::{Ui, footer, frame, header};
use crate::actions::World;

/// How many rows a turn of the wheel moves.
const WHEEL: usize = 3;

impl Ui {
    pub(super) fn mouse(&mut self, mouse: MouseEvent, world: &World<'_>) -> Vec<Reaction> {
        if frame::too_small(self.size) {
            return Vec::new();
        }
        let at = Position { x: mouse.column, y: mouse.row };
        match mouse.kind {
            MouseEventKind::ScrollUp => return self.wheel(Move::Up, world),
            MouseEventKind::ScrollDown => return self.wheel(Move::Down, world),
            MouseEventKind::Down(MouseButton::Left) => return self.press_at(at, world),
            MouseEventKind::Drag(MouseButton::Left) => self.pull(at.x),
            MouseEventKind::Up(MouseButton::Left) => self.pulled = None,
            _ => {}
        }
        Vec::new()
    }

    fn wheel(&mut self, to: Move, world: &World<'_>) -> Vec<Reaction> {
        if let Some(layer) = self.layers.last_mut() {
            layer.scroll(to == Move::Down);
            return Vec::new();
        }
        (0..WHEEL).flat_map(|_| self.pass_on(Command::Move(to), world)).collect()
    }

    fn press_at(&mut self, at: Position, world: &World<'_>) -> Vec<Reaction> {
        self.status.hush();
        let whole = Rect::new(0, 0, self.size.0, self.size.1);
        let body = self.areas(world).body;
        let lever = match self.layers.last() {
            Some(layer) => layer.lever(whole),
            None => self.pane().and_then(|pane| pane.lever(world, body)),
        };
        self.pulled = lever.filter(|scale| scale.holds(at));
        if self.pulled.is_some() {
            return self.grip(at.x, world);
        }
        let scene = Scene { world: *world, look: &self.look };
        match self.layers.last_mut() {
            Some(layer) => {
                let answer = layer.click(at, &scene, whole);
                self.answered(answer, world)
            }
            None => self.click(at, world),
        }
    }

    /// A lever is gripped: what it would be set to is as good as typed, and follows the mouse until that lets go.
    fn grip(&mut self, x: u16, world: &World<'_>) -> Vec<Reaction> {
        let opened = if self.layers.is_empty() { self.obey(Lever::Weight.into(), world) } else { Vec::new() };
        self.pull(x);
        opened
    }

    fn pull(&mut self, x: u16) {
        if let (Some(scale), Some(Layer::Entry(typing))) = (&self.pulled, self.layers.last_mut()) {
            typing.set(scale.at(x));
        }
    }

    fn click(&mut self, at: Position, world: &World<'_>) -> Vec<Reaction> {
        let areas = self.areas(world);
        let scene = self.scene(world);
        if areas.tabs.contains(at) {
            if let Some(kind) = header::tab_at(&scene, &self.panes, &self.keymap, areas.tabs, at.x) {
                self.show(kind, None, world);
            }
            return Vec::new();
        }
        if areas.footer.contains(at) {
            let command =
                self.pane().and_then(|pane| footer::command_at(&scene, pane, &self.keymap, areas.footer, at.x));
            return command.map(|command| self.obey(command, world)).unwrap_or_default();
        }
        match self.panes.get_mut(self.current) {
            Some(pane) if areas.body.contains(at) => pane.click(at, areas.body, world),
            _ => Vec::new(),
        }
    }
}
