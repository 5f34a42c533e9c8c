//! The frame: header, tabs, the pane, the line that says things, the keys; and the layers over them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::layers::Layer;
use super::scene::Scene;
use super::theme::Role;
use super::widgets::panel::cut_line;
use super::widgets::wrap::wrap;
use super::{Ui, footer, guards, header};
use crate::actions::World;

/// The smallest screen, columns and rows.
pub const LEAST: (u16, u16) = (60, 16);
/// From this many rows on a blank one separates the tabs from the pane.
const AIRY_ROWS: u16 = 30;
/// From this many columns on the pane stands one column in.
const AIRY_COLUMNS: u16 = 100;

/// Where everything is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Areas {
    pub header: Rect,
    pub guards: Rect,
    pub tabs: Rect,
    pub body: Rect,
    pub status: Rect,
    pub footer: Rect,
}

/// Whether a screen of this size can show nothing useful.
pub(super) const fn too_small((width, height): (u16, u16)) -> bool {
    width < LEAST.0 || height < LEAST.1
}

/// Cuts a screen of this size, with so many lines below the header.
///
/// ```text
/// header
/// guards
/// tabs
///
///   body
///
/// status
/// footer
/// ```
pub(super) fn areas((width, height): (u16, u16), guards: u16) -> Areas {
    let line = |y: u16| Rect { x: 1.min(width), y, width: width.saturating_sub(2), height: 1.min(height) };
    let top = guards + if height >= AIRY_ROWS { 3 } else { 2 };
    let margin = u16::from(width >= AIRY_COLUMNS);
    Areas {
        header: line(0),
        guards: Rect { height: guards, ..line(1) },
        tabs: line(1 + guards),
        body: Rect {
            x: margin,
            y: top,
            width: width.saturating_sub(2 * margin),
            height: height.saturating_sub(top + 2),
        },
        status: line(height.saturating_sub(2)),
        footer: line(height.saturating_sub(1)),
    }
}

impl Ui {
    /// Draws what there is. Nothing is learnt and nothing changed by it.
    pub fn draw(&self, world: &World<'_>, frame: &mut Frame<'_>) {
        let scene = self.scene(world);
        let area = frame.area();
        frame.buffer_mut().set_style(area, scene.style(Role::Ground));
        if too_small((area.width, area.height)) {
            small(&scene, frame, area);
        } else {
            self.draw_pane(&scene, frame);
            self.draw_layers(&scene, frame, area);
        }
        self.look.glyphs.settle(frame.buffer_mut());
    }

    fn draw_pane(&self, scene: &Scene<'_>, frame: &mut Frame<'_>) {
        let area = frame.area();
        let areas = areas((area.width, area.height), guards::count(&scene.world));
        header::draw(scene, frame.buffer_mut(), areas.header);
        guards::draw(scene, frame.buffer_mut(), areas.guards);
        header::draw_tabs(scene, frame.buffer_mut(), areas.tabs, &self.panes, self.current, &self.keymap);
        if let Some(pane) = self.pane() {
            pane.draw(scene, frame, areas.body);
            let line = footer::line(scene, pane, &self.keymap, usize::from(areas.footer.width));
            frame.buffer_mut().set_line(areas.footer.x, areas.footer.y, &line, areas.footer.width);
        }
        if let Some(notice) = self.status.now() {
            let words = cut_line(
                Line::from(vec![scene.mark(notice.mark), Span::raw(" "), scene.span(Role::Text, notice.words)]),
                usize::from(areas.status.width),
            );
            frame.buffer_mut().set_line(areas.status.x, areas.status.y, &words, areas.status.width);
        }
    }

    fn draw_layers(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        for (at, layer) in self.layers.iter().enumerate() {
            if layer.veils() {
                self.look.theme.veil(frame.buffer_mut(), area);
            }
            if at + 1 == self.layers.len() {
                draw_keys(scene, frame, layer);
            }
            layer.draw(scene, frame, area);
        }
    }
}

/// The keys of the topmost layer in the place of the pane's, which do nothing now.
fn draw_keys(scene: &Scene<'_>, frame: &mut Frame<'_>, layer: &Layer) {
    let area = areas((frame.area().width, frame.area().height), 0).footer;
    Clear.render(area, frame.buffer_mut());
    frame.buffer_mut().set_style(area, scene.style(Role::Ground));
    let line = footer::of_layer(scene, layer, usize::from(area.width));
    frame.buffer_mut().set_line(area.x, area.y, &line, area.width);
}

fn small(scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
    let words = format!("too small: {}x{}, {}x{} at least", area.width, area.height, LEAST.0, LEAST.1);
    let lines = wrap(&words, usize::from(area.width));
    for (words, y) in lines.into_iter().zip(area.y..area.bottom()) {
        frame.buffer_mut().set_stringn(area.x, y, words, usize::from(area.width), scene.style(Role::Text));
    }
}
