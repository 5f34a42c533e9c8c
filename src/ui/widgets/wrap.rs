//! Folding text into lines of a width: at blanks where there are any, within a word where there are none.

use crate::ui::format;

/// `text` in lines of at most `width` columns; nothing of it is lost but the blanks at which it is folded.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    // A percentage stays in one piece.
    let text = text.replace(" %", "\u{a0}%");
    for word in text.split(' ') {
        let mut word = word;
        let mut columns = format::width(word);
        if used > 0 && used + 1 + columns > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else if !line.is_empty() {
            line.push(' ');
            used += 1;
        }
        while columns > width {
            let part = format::fit(word, width);
            lines.push(part.to_owned());
            word = &word[part.len()..];
            columns = format::width(word);
        }
        line.push_str(word);
        used += columns;
    }
    lines.push(line);
    lines.into_iter().map(|line| line.replace('\u{a0}', " ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_in_words_only_where_they_must() {
        assert_eq!(wrap("watch until actual weight is 50 %", 14), ["watch until", "actual weight", "is 50 %"]);
        assert_eq!(wrap("weight is 50 % now", 12), ["weight is", "50 % now"]);
        assert_eq!(wrap("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
        assert_eq!(wrap("", 4), [""]);
        for width in 2..20 {
            let folded = wrap("PUT /v1/services/checkout {\"weight\":50,\"reason\":null}", width);
            assert!(folded.iter().all(|line| format::width(line) <= width));
            assert_eq!(folded.concat().replace(' ', ""), "PUT/v1/services/checkout{\"weight\":50,\"reason\":null}");
        }
    }
}
