//! A line to type in. What it holds never has a hidden character in it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Position;
use ratatui::text::Span;
use tui_input::{Input, InputRequest};

use crate::domain::text::{Text, is_hidden};
use crate::ui::format;

/// A line and the caret in it.
#[derive(Debug, Clone, Default)]
pub struct Field {
    input: Input,
}

impl Field {
    /// The longest line, in characters.
    const MOST: usize = 500;

    /// A line that holds `text`, with the caret at its end.
    pub fn new(text: &str) -> Self {
        Self { input: Input::new(text.to_owned()) }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// What was typed, without blanks around it; `None` where that is nothing.
    pub fn given(&self) -> Option<Text> {
        let text = self.text().trim();
        (!text.is_empty()).then(|| Text::new(text))
    }

    /// Takes a key that edits; `false` for one that does not.
    pub fn press(&mut self, key: &KeyEvent) -> bool {
        let Some(request) = request(key) else { return false };
        if !matches!(request, InputRequest::InsertChar(_)) || self.text().chars().count() < Self::MOST {
            self.input.handle(request);
        }
        true
    }

    /// Takes pasted text as one line.
    pub fn paste(&mut self, text: &str) {
        for c in text.chars() {
            let c = if c.is_whitespace() { ' ' } else { c };
            if !is_hidden(c) && self.text().chars().count() < Self::MOST {
                self.input.handle(InputRequest::InsertChar(c));
            }
        }
    }

    /// The part of the line that fits into `width` columns with the caret in it, and where the caret then is.
    pub fn shown(&self, width: usize) -> (Span<'static>, u16) {
        let before: String = self.text().chars().take(self.input.cursor()).collect();
        let room = width.saturating_sub(1);
        let mut start = 0;
        while format::width(&before[start..]) > room {
            start += before[start..].chars().next().map_or(1, char::len_utf8);
        }
        let caret = u16::try_from(format::width(&before[start..])).unwrap_or(0);
        (Span::raw(format::fit(&self.text()[start..], width).to_owned()), caret)
    }

    /// Draws the line at `at` in `width` columns; where it has the focus the terminal's caret stands in it.
    pub fn draw(&self, frame: &mut ratatui::Frame<'_>, at: Position, width: u16, focused: bool) {
        let (text, caret) = self.shown(usize::from(width));
        frame.buffer_mut().set_span(at.x, at.y, &text, width);
        if focused {
            frame.set_cursor_position(Position { x: at.x + caret, y: at.y });
        }
    }
}

fn request(key: &KeyEvent) -> Option<InputRequest> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
        KeyCode::Char('a') if ctrl => InputRequest::GoToStart,
        KeyCode::Char('e') if ctrl => InputRequest::GoToEnd,
        KeyCode::Char('w') if ctrl => InputRequest::DeletePrevWord,
        KeyCode::Char('u') if ctrl => InputRequest::DeleteFromStart,
        KeyCode::Char('k') if ctrl => InputRequest::DeleteTillEnd,
        KeyCode::Char(_) if ctrl || key.modifiers.contains(KeyModifiers::ALT) => return None,
        KeyCode::Char(c) if is_hidden(c) => return None,
        KeyCode::Char(c) => InputRequest::InsertChar(c),
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Field {
        let mut field = Field::default();
        text.chars().for_each(|c| assert!(field.press(&KeyEvent::from(KeyCode::Char(c)))));
        field
    }

    #[test]
    fn a_paste_is_one_line_without_anything_hidden() {
        let mut field = typed("a");
        field.paste("b\nc\u{202e}d\u{1b}[31m");
        assert_eq!(field.text(), "ab cd[31m");
    }

    #[test]
    fn the_caret_stays_in_view() {
        let field = typed("a long reason");
        assert_eq!(field.shown(6).1, 5);
        assert_eq!(field.shown(6).0.content, "eason");
        assert_eq!(field.shown(40).0.content, "a long reason");
        assert_eq!(typed("日本語").shown(5).0.content, "本語");
    }

    #[test]
    fn blanks_are_nothing() {
        assert_eq!(typed("  ").given(), None);
        assert_eq!(typed(" why ").given(), Some(Text::new("why")));
    }
}
