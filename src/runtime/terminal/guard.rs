//! The input guard: answers of the terminal that nobody asked for, such as its background colour, arrive as keys
//! (`Alt-]`, then letters, to the bell or `Alt-\`). They are swallowed, so that no answer pulls a lever.

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Swallows from an introducer to its end, at most this many keys.
const MOST: usize = 4096;
/// A person types slower than this; an answer comes at once.
const SILENCE: Duration = Duration::from_millis(30);

/// Decides key by key.
#[derive(Debug, Default)]
pub struct Guard {
    inside: Option<(Instant, usize)>,
}

impl Guard {
    /// Whether this key is a person's.
    pub fn passes(&mut self, key: &KeyEvent, now: Instant) -> bool {
        if let Some((last, count)) = self.inside {
            if now.duration_since(last) < SILENCE && count < MOST {
                self.inside = (!ends(key)).then_some((now, count + 1));
                return false;
            }
            self.inside = None;
        }
        if introduces(key) {
            self.inside = Some((now, 0));
            return false;
        }
        true
    }
}

fn introduces(key: &KeyEvent) -> bool {
    key.modifiers.contains(KeyModifiers::ALT) && matches!(key.code, KeyCode::Char(']' | 'P' | '_' | '^' | 'X'))
}

fn ends(key: &KeyEvent) -> bool {
    let control_g = key.code == KeyCode::Char('g') && key.modifiers.contains(KeyModifiers::CONTROL);
    let terminator = key.code == KeyCode::Char('\\') && key.modifiers.contains(KeyModifiers::ALT);
    control_g || terminator
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock as _, System};

    fn typed(guard: &mut Guard, keys: &[(KeyCode, KeyModifiers)], at: Instant) -> usize {
        keys.iter().filter(|(code, modifiers)| guard.passes(&KeyEvent::new(*code, *modifiers), at)).count()
    }

    #[test]
    fn a_late_colour_answer_is_no_key() {
        let (mut guard, at) = (Guard::default(), System.instant());
        let answer: Vec<_> = std::iter::once((KeyCode::Char(']'), KeyModifiers::ALT))
            .chain("11;rgb:1e1e/1e1e/2e2e".chars().map(|c| (KeyCode::Char(c), KeyModifiers::NONE)))
            .chain([(KeyCode::Char('\\'), KeyModifiers::ALT)])
            .collect();
        assert_eq!(typed(&mut guard, &answer, at), 0);
        assert_eq!(typed(&mut guard, &[(KeyCode::Char('j'), KeyModifiers::NONE)], at), 1);
    }

    #[test]
    fn an_answer_that_never_ends_ends_with_silence() {
        let (mut guard, at) = (Guard::default(), System.instant());
        assert_eq!(typed(&mut guard, &[(KeyCode::Char(']'), KeyModifiers::ALT)], at), 0);
        assert_eq!(typed(&mut guard, &[(KeyCode::Char('j'), KeyModifiers::NONE)], at + SILENCE), 1);
    }
}
