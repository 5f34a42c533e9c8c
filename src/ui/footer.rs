//! The footer: the keys that do something here and now, the most useful first; what is off is dim. A layer has its own.

use ratatui::layout::Rect;
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
    /// Each as it is written, with its command where that is the pane's.
    keys: Vec<(String, Option<Command>)>,
    label: &'static str,
    on: bool,
}

impl Item {
    fn width(&self) -> usize {
        self.keys.iter().map(|(key, _)| super::format::width(key) + 1).sum::<usize>() + super::format::width(self.label)
    }

    /// The command at column `x` of it: a key's own, and on the words the first.
    fn at(&self, x: usize) -> Option<Command> {
        let mut end = 0;
        let key = self.keys.iter().find(|(key, _)| {
            end += super::format::width(key) + 1;
            x < end
        });
        key.or_else(|| self.keys.first()).and_then(|(_, command)| *command)
    }
}

/// The footer of `pane` in at most `width` columns. Where not all fit, those that are off go first, then the last;
/// the help stays.
pub(super) fn line(scene: &Scene<'_>, pane: &dyn Pane, keymap: &Keymap, width: usize) -> Line<'static> {
    drawn(scene, items(scene, pane, keymap, width))
}

/// The command whose key or words stand at column `x` of the footer in `area`.
pub(super) fn command_at(scene: &Scene<'_>, pane: &dyn Pane, keymap: &Keymap, area: Rect, x: u16) -> Option<Command> {
    let mut from = usize::from(area.x);
    for item in items(scene, pane, keymap, usize::from(area.width)) {
        let to = from + item.width();
        if (from..to).contains(&usize::from(x)) {
            return item.at(usize::from(x) - from);
        }
        from = to + GAP;
    }
    None
}

fn items(scene: &Scene<'_>, pane: &dyn Pane, keymap: &Keymap, width: usize) -> Vec<Item> {
    let section = pane.section();
    let mut items: Vec<Item> = Vec::new();
    let everywhere = [View::Palette, View::Help].map(|view| Hint::on(Command::View(view)));
    for hint in pane.hints(&scene.world).into_iter().chain(everywhere) {
        let Some((record, key)) = keymap.shown(section, hint.command) else { continue };
        let (key, on) = ((key.label(scene.look.glyphs), Some(hint.command)), hint.off.is_none());
        match items.last_mut() {
            Some(last) if last.label == record.label => {
                last.keys.push(key);
                last.on |= on;
            }
            _ => items.push(Item { keys: vec![key], label: record.label, on }),
        }
    }
    fit(&mut items, width);
    items
}

/// The footer of the topmost layer, in at most `width` columns.
pub(super) fn of_layer(scene: &Scene<'_>, layer: &Layer, width: usize) -> Line<'static> {
    let key = |name: &&str| Key::parse(name).map(|key| (key.label(scene.look.glyphs), None));
    let item = |Named { keys, label, on }| Item { keys: keys.iter().filter_map(key).collect(), label, on };
    let mut items = layer.keys().into_iter().map(item).collect();
    fit(&mut items, width);
    drawn(scene, items)
}

fn drawn(scene: &Scene<'_>, items: Vec<Item>) -> Line<'static> {
    let mut line = Line::default();
    for item in items {
        if !line.spans.is_empty() {
            line.push_span(Span::raw(" ".repeat(GAP)));
        }
        let keys: Vec<_> = item.keys.iter().map(|(key, _)| key.as_str()).collect();
        let (key, label) = if item.on { (Role::Accent, Role::Dim) } else { (Role::Off, Role::Off) };
        line.push_span(scene.span(key, keys.join(" ")));
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
