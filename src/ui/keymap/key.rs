//! A key as people write it: `R`, `space`, `enter`, `shift-tab`, `ctrl-c`.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::ui::glyphs::Glyphs;

/// One key with what is held beside it. Letters carry their case; a shift that is in the letter is not counted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// The keys that are not characters, by name; the first name of a key is the one shown.
const NAMED: &[(&str, KeyCode)] = &[
    ("space", KeyCode::Char(' ')),
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backspace", KeyCode::Backspace),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("insert", KeyCode::Insert),
    ("delete", KeyCode::Delete),
];

impl Key {
    /// Reads a key's name; `None` for one that there is not.
    pub fn parse(name: &str) -> Option<Self> {
        let (held, name) = match name.rsplit_once('-') {
            // A lone `-`, also with something held: `-`, `ctrl--`.
            Some((held, "")) => (held.strip_suffix('-').unwrap_or(held), "-"),
            Some((held, name)) => (held, name),
            None => ("", name),
        };
        let mut modifiers = KeyModifiers::NONE;
        for word in held.split('-').filter(|word| !word.is_empty()) {
            modifiers |= match word {
                "ctrl" => KeyModifiers::CONTROL,
                "alt" => KeyModifiers::ALT,
                "shift" => KeyModifiers::SHIFT,
                _ => return None,
            };
        }
        let code = code(name)?;
        Some(Self::new(code, modifiers))
    }

    fn new(code: KeyCode, mut modifiers: KeyModifiers) -> Self {
        let code = match code {
            KeyCode::Char(c) => {
                let shifted = modifiers.contains(KeyModifiers::SHIFT) && c.is_ascii_lowercase();
                modifiers.remove(KeyModifiers::SHIFT);
                KeyCode::Char(if shifted { c.to_ascii_uppercase() } else { c })
            }
            KeyCode::BackTab => {
                modifiers |= KeyModifiers::SHIFT;
                KeyCode::Tab
            }
            other => other,
        };
        let counted = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        Self { code, modifiers: modifiers & counted }
    }

    /// The key that the terminal tells of.
    pub fn of(event: &KeyEvent) -> Self {
        Self::new(event.code, event.modifiers)
    }

    /// As the footer writes it: like its name, Enter as its sign.
    pub fn label(&self, glyphs: Glyphs) -> String {
        match (self.code, self.modifiers) {
            (KeyCode::Enter, KeyModifiers::NONE) => glyphs.enter().into(),
            (KeyCode::Up, KeyModifiers::NONE) => "↑".into(),
            (KeyCode::Down, KeyModifiers::NONE) => "↓".into(),
            (KeyCode::Left, KeyModifiers::NONE) => "←".into(),
            (KeyCode::Right, KeyModifiers::NONE) => "→".into(),
            (KeyCode::Esc, KeyModifiers::NONE) => "Esc".into(),
            (KeyCode::Tab, KeyModifiers::NONE) => "Tab".into(),
            _ => self.to_string(),
        }
    }
}

fn code(name: &str) -> Option<KeyCode> {
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return (!letter.is_control()).then_some(KeyCode::Char(letter));
    }
    if let Some(number) = name.strip_prefix('f').and_then(|number| number.parse().ok()) {
        return (1..=12).contains(&number).then_some(KeyCode::F(number));
    }
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, code)| *code)
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (modifier, word) in
            [(KeyModifiers::CONTROL, "ctrl-"), (KeyModifiers::ALT, "alt-"), (KeyModifiers::SHIFT, "shift-")]
        {
            if self.modifiers.contains(modifier) {
                f.write_str(word)?;
            }
        }
        if let Some((name, _)) = NAMED.iter().find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "f{n}"),
            _ => f.write_str("?"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_it_is_read() {
        for name in ["R", "r", "space", "enter", "shift-tab", "ctrl-c", "alt-x", "f1", "-", "+", "ctrl--", "é", "pgup"]
        {
            assert_eq!(Key::parse(name).unwrap_or_else(|| panic!("{name}")).to_string(), name);
        }
        for name in ["", "nosuch", "meta-x", "f13", "f0"] {
            assert_eq!(Key::parse(name), None, "{name}");
        }
    }

    #[test]
    fn however_a_terminal_tells_it_a_key_is_one_key() {
        let event = |code, modifiers| Key::of(&KeyEvent::new(code, modifiers));
        assert_eq!(Key::parse("R"), Some(event(KeyCode::Char('R'), KeyModifiers::SHIFT)));
        assert_eq!(Key::parse("R"), Some(event(KeyCode::Char('R'), KeyModifiers::NONE)));
        assert_eq!(Key::parse("R"), Some(event(KeyCode::Char('r'), KeyModifiers::SHIFT)));
        assert_eq!(Key::parse("shift-tab"), Some(event(KeyCode::BackTab, KeyModifiers::NONE)));
        assert_eq!(Key::parse("?"), Some(event(KeyCode::Char('?'), KeyModifiers::SHIFT)));
    }
}
