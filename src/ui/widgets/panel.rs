//! The frame of a region: its title on the left, what there is to say about it on the right, and at most one of them
//! around anything.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Padding, Widget};

use crate::ui::format;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;

/// Draws the frame and returns the room inside it.
///
/// ```text
/// ╭─ title ─────────────────── about ─╮
/// │                                   │
/// ```
pub fn panel(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, title: Line<'_>, about: Line<'_>) -> Rect {
    framed(scene, buffer, area, title, about, Role::Chrome)
}

/// The same with the border in `border`.
pub fn framed(
    scene: &Scene<'_>,
    buffer: &mut Buffer,
    area: Rect,
    title: Line<'_>,
    about: Line<'_>,
    border: Role,
) -> Rect {
    // Of a role's look a border takes the colour: reversed or underlined it would be a wall.
    let style = Style { fg: scene.style(border).fg, ..Style::new() };
    let style = if border == Role::Chrome { scene.style(border) } else { style };
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(style);
    let inner = inner(area);
    block.padding(Padding::horizontal(1)).render(area, buffer);
    let room = usize::from(area.width.saturating_sub(6));
    if area.height == 0 || room == 0 {
        return inner;
    }
    let title = cut_line(title, room);
    let left = title.width();
    on_border(buffer, area.x + 2, area.y, &title);
    let room = room.saturating_sub(left + 3);
    if about.width() > 0 && room > 8 {
        let about = cut_line(about, room);
        let width = u16::try_from(about.width()).unwrap_or(0);
        on_border(buffer, area.right().saturating_sub(width + 4), area.y, &about);
    }
    inner
}

/// The room inside a frame around `area`.
pub const fn inner(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(1),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// Writes `line` on a border, with a blank on either side.
fn on_border(buffer: &mut Buffer, x: u16, y: u16, line: &Line<'_>) {
    let width = u16::try_from(line.width()).unwrap_or(u16::MAX);
    buffer.set_string(x, y, " ", Style::new());
    buffer.set_line(x + 1, y, line, width);
    buffer.set_string(x + 1 + width, y, " ", Style::new());
}

/// `line` in at most `most` columns; what does not fit ends in `…`.
pub fn cut_line(mut line: Line<'_>, most: usize) -> Line<'_> {
    if line.width() <= most {
        return line;
    }
    let Some(mut room) = most.checked_sub(1) else { return Line::default() };
    for at in 0..line.spans.len() {
        let span = &mut line.spans[at];
        let width = span.width();
        if width > room {
            span.content = format!("{}…", format::fit(&span.content, room)).into();
            line.spans.truncate(at + 1);
            break;
        }
        room -= width;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(spans: &[&str], most: usize) -> String {
        cut_line(spans.iter().map(|s| (*s).to_owned()).collect::<Line<'_>>(), most).to_string()
    }

    #[test]
    fn a_line_that_is_too_long_says_so_wherever_its_parts_end() {
        assert_eq!(cut(&["abc", "def"], 6), "abcdef");
        assert_eq!(cut(&["abc", "def"], 5), "abcd…");
        assert_eq!(cut(&["abc", "def"], 4), "abc…");
        assert_eq!(cut(&["abc", "def"], 3), "ab…");
        assert_eq!(cut(&["abc", "", "d"], 3), "ab…");
        assert_eq!(cut(&["日本", "語"], 5), "日本…");
        assert_eq!(cut(&["abc"], 0), "");
        assert_eq!(cut(&["ab", "c"], 2), "a…");
    }
}
