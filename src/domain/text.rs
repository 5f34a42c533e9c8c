//! Text from outside: commit titles, branch names, log lines, a vendor's messages. What is hidden in it (control,
//! bidirectional and zero-width characters) is made visible once, here, before it reaches any screen, file or clipboard.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use serde::{Deserialize, Deserializer, Serialize};
use unicode_width::UnicodeWidthChar as _;

/// A line of text that holds no hidden character: safe for a terminal, a log, a title and the clipboard.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// The longest text kept, in characters; what is longer ends in `…`.
    pub const MOST: usize = 4096;

    /// Makes what is hidden in `raw` visible and keeps the result.
    pub fn new(raw: impl AsRef<str>) -> Self {
        let raw = raw.as_ref();
        let end = raw.char_indices().nth(Self::MOST).map_or(raw.len(), |(at, _)| at);
        let mut clean = visible(&raw[..end]).into_owned();
        if end < raw.len() {
            clean.push('…');
        }
        Self(clean)
    }

    /// The visible text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(Cow::<'de, str>::deserialize(deserializer)?))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl<S: AsRef<str>> From<S> for Text {
    fn from(raw: S) -> Self {
        Self::new(raw)
    }
}

/// How many marks may stand over one letter; more of them climb into the lines above.
const MARKS: usize = 6;

/// `raw` with every hidden character written out: controls as their pictures (`␛`), the others as `‹U+202E›`, and so every
/// mark that is one too many over its letter. A text without any is returned as it is.
pub fn visible(raw: &str) -> Cow<'_, str> {
    if raw.is_ascii() && !raw.bytes().any(|byte| byte.is_ascii_control()) {
        return Cow::Borrowed(raw);
    }
    let mut marks = 0;
    let mut shown = |c: char| {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        !is_hidden(c) && marks <= MARKS
    };
    let Some(first) = raw.char_indices().find(|(_, c)| !shown(*c)).map(|(at, _)| at) else {
        return Cow::Borrowed(raw);
    };
    let mut clean = String::with_capacity(raw.len() + 8);
    clean.push_str(&raw[..first]);
    // The first that does not stay has been counted.
    for (at, c) in raw[first..].char_indices() {
        match c {
            '\u{0}'..='\u{1f}' => clean.extend(char::from_u32(0x2400 + u32::from(c))),
            '\u{7f}' => clean.push('\u{2421}'),
            c if at > 0 && shown(c) => clean.push(c),
            c => {
                let _ = write!(clean, "‹U+{:04X}›", u32::from(c));
            }
        }
    }
    Cow::Owned(clean)
}

/// Whether `c` is drawn over the letter before it.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && c.width() == Some(0)
}

/// The JSON `text` with every hidden character in its strings as an escape, so that it says the same and can be looked at.
pub fn escaped(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| c != '\n' && is_hidden(c);
    if !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(clean, "\\u{unit:04x}");
            }
        } else {
            clean.push(c);
        }
    }
    Cow::Owned(clean)
}

/// Whether a terminal would obey `c` or draw nothing for it: C0, DEL, C1, line and paragraph separators,
/// bidirectional controls, zero-width and other format characters, variation selectors, tags, noncharacters. And those
/// after which terminals do not agree where they are: what changes the sign before it and is as wide as one itself.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{ff9e}'..='\u{ff9f}')
        || (u32::from(c) & 0xfffe) == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_look_different() {
        assert_ne!(Text::new("pr\0od"), Text::new("prod"));
        assert_ne!(Text::new("pr\u{200b}od"), Text::new("prod"));
        assert_eq!(Text::new("\u{1b}[31m").as_str(), "␛[31m");
        assert_eq!(Text::new("a\u{202e}b").as_str(), "a‹U+202E›b");
        assert_eq!(Text::new("Grüße 日本").as_str(), "Grüße 日本");
    }

    #[test]
    fn a_letter_has_few_marks_and_the_rest_is_written_out() {
        let with = |marks: usize| format!("a{}", "\u{301}".repeat(marks));
        assert_eq!(visible(&with(MARKS)), with(MARKS));
        assert_eq!(visible(&with(MARKS + 2)), with(MARKS) + "‹U+0301›‹U+0301›");
        assert_eq!(visible(&(with(MARKS + 1) + &with(2))), with(MARKS) + "‹U+0301›" + &with(2));
    }

    #[test]
    fn what_is_hidden_in_json_is_escaped_and_says_the_same() {
        let value = serde_json::json!({ "a\u{202e}": "\u{9b}31m \u{e0041} \u{7f} ü\n" });
        let text = value.to_string();
        let clean = escaped(&text);
        assert!(!clean.chars().any(is_hidden), "{clean}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&clean).unwrap(), value);
    }

    #[test]
    fn a_text_without_end_is_cut_and_says_so() {
        let long = Text::new("x".repeat(Text::MOST + 1));
        assert_eq!(long.as_str().chars().count(), Text::MOST + 1);
        assert!(long.as_str().ends_with('…'));
    }

    #[test]
    fn nothing_hidden_survives() {
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            assert!(!visible(&c.to_string()).chars().any(is_hidden), "{c:?}");
        }
    }
}
