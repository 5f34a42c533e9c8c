//! Text from outside: commit titles, branch names, log lines, a vendor's messages. What is hidden in it (control,
//! bidirectional and zero-width characters) is made visible once, here, before it reaches any screen, file or clipboard.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use serde::{Deserialize, Deserializer, Serialize};

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

/// `raw` with every hidden character written out: controls as their pictures (`␛`), the others as `‹U+202E›`.
/// A text without any is returned as it is.
pub fn visible(raw: &str) -> Cow<'_, str> {
    if !raw.chars().any(is_hidden) {
        return Cow::Borrowed(raw);
    }
    let mut clean = String::with_capacity(raw.len() + 8);
    for c in raw.chars() {
        match c {
            '\u{0}'..='\u{1f}' => clean.extend(char::from_u32(0x2400 + u32::from(c))),
            '\u{7f}' => clean.push('\u{2421}'),
            c if is_hidden(c) => {
                let _ = write!(clean, "‹U+{:04X}›", u32::from(c));
            }
            c => clean.push(c),
        }
    }
    Cow::Owned(clean)
}

/// Whether a terminal would obey `c` or draw nothing for it: C0, DEL, C1, line and paragraph separators,
/// bidirectional controls, zero-width and other format characters, variation selectors, tags, noncharacters.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        | '\u{fdd0}'..='\u{fdef}')
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
