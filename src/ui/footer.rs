//! The footer: the keys that do something here and now, the most useful first; what is off is dim. A layer has its own.

use ratatui::text::{Line, Span};

use super::command::{Command, View};
use super::keymap::{Key, Keymap};
use super::layers::{Layer, Named};
use super::panes::{Hint, Pane};
use super::scene::Scene;
use super::theme::Role;

/// Columns between two keys.
const GAP: usize = 3;

/// One key, or several that do the same kind of thing.
struct Item {
    keys: Vec<String>,
    label: &'static str,
    on: bool,
}

impl Item {
    fn width(&self) -> usize {
        self.keys.iter().map(|key| super::format::width(key) + 1).sum::<usize>() + super::format::width(self.label)
    }
}

/// The footer of `pane` in at most `width` columns. Where not all fit, those that are off go first, then the last;
/// the help stays.
pub(super) fn line(scene: &Scene<'_>, pane: &dyn Pane, keymap: &Keymap, width: usize) -> Line<'static> {
    let section = pane.section();
    let mut items: Vec<Item> = Vec::new();
    let everywhere = [View::Palette, View::Help].map(|view| Hint::on(Command::View(view)));
    for hint in pane.hints(&scene.world).into_iter().chain(everywhere) {
        let Some((record, key)) = keymap.shown(section, hint.command) else { continue };
        let (key, on) = (key.label(scene.look.glyphs), hint.off.is_none());
        match items.last_mut() {
            Some(last) if last.label == record.label => {
                last.keys.push(key);
                last.on |= on;
            }
            _ => items.push(Item { keys: vec![key], label: record.label, on }),
        }
    }
    drawn(scene, items, width)
}

/// The footer of the topmost layer, in at most `width` columns.
pub(super) fn of_layer(scene: &Scene<'_>, layer: &Layer, width: usize) -> Line<'static> {
    let label = |name: &&str| Key::parse(name).map(|key| key.label(scene.look.glyphs));
    let item =
        |Named { keys, label: words, on }| Item { keys: keys.iter().filter_map(label).collect(), label: words, on };
    drawn(scene, layer.keys().into_iter().map(item).collect(), width)
}

fn drawn(scene: &Scene<'_>, mut items: Vec<Item>, width: usize) -> Line<'static> {
    fit(&mut items, width);
    let mut line = Line::default();
    for item in items {
        if !line.spans.is_empty() {
            line.push_span(Span::raw(" ".repeat(GAP)));
        }
        let (key, label) = if item.on { (Role::Accent, Role::Dim) } else { (Role::Off, Role::Off) };
        line.push_span(scene.span(key, item.keys.join(" ")));
        line.push_span(scene.span(label, format!(" {}", item.label)));
    }
    line
}

fn fit(items: &mut Vec<Item>, width: usize) {
    let taken = |items: &[Item]| items.iter().map(|item| item.width() + GAP).sum::<usize>().saturating_sub(GAP);
    while taken(items) > width && items.len() > 1 {
        let last_off = items.iter().rposition(|item| !item.on);
        items.remove(last_off.unwrap_or(items.len() - 2));
    }
}
