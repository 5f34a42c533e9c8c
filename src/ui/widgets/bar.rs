//! A bar: a share of a whole as a line, for weights and progress; a number always stands beside it.

use ratatui::text::Span;

use crate::ui::scene::Scene;
use crate::ui::theme::Role;

/// A line of `width` columns, filled to `percent` in `role`; the rest is chrome.
pub fn bar(scene: &Scene<'_>, percent: u8, width: u16, role: Role) -> [Span<'static>; 2] {
    let width = usize::from(width);
    let filled = (usize::from(percent.min(100)) * width).div_ceil(100);
    [scene.span(role, "━".repeat(filled)), scene.span(Role::Chrome, "─".repeat(width - filled))]
}
