//! A line of a log as it reads: what was written over and what only colours is gone.

use std::borrow::Cow;

use memchr::memchr;

/// What begins a sequence that a terminal obeys.
pub const ESCAPE: u8 = 0x1b;

/// A line, raw, without its colours; of what was written over only what was left last. Every other sequence stays.
pub fn plain(raw: &[u8]) -> Cow<'_, [u8]> {
    let line = left_last(raw);
    if !line.contains(&ESCAPE) {
        return Cow::Borrowed(line);
    }
    let mut plain = Vec::with_capacity(line.len());
    without_colours(line, &mut plain);
    Cow::Owned(plain)
}

/// What is left of a line after its carriage returns: what stands before one is gone where something follows it.
pub fn left_last(raw: &[u8]) -> &[u8] {
    let end = raw.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
    let begin = raw[..end].iter().rposition(|byte| *byte == b'\r').map_or(0, |at| at + 1);
    &raw[begin..end]
}

/// Adds `raw` to `plain` without its colours.
pub fn without_colours(mut raw: &[u8], plain: &mut Vec<u8>) {
    while let Some(at) = memchr(ESCAPE, raw) {
        let (before, sequence) = raw.split_at(at);
        plain.extend_from_slice(before);
        let length = colour(sequence);
        if length == 0 {
            plain.push(ESCAPE);
        }
        raw = &sequence[length.max(1)..];
    }
    plain.extend_from_slice(raw);
}

/// How many bytes the colour takes that `sequence` begins with; none where it begins with something else.
fn colour(sequence: &[u8]) -> usize {
    let Some(body) = sequence.strip_prefix(b"\x1b[") else { return 0 };
    let end = body.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b';' | b':'));
    end.filter(|end| body[*end] == b'm').map_or(0, |end| end + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_go_and_what_was_written_over_goes() {
        for (raw, said) in [
            ("er\u{1b}[1;31mror\u{1b}[0m\r\n", "error"),
            ("10 %\r20 %\r\r100 %\r\n", "100 %"),
            ("a\u{1b}[2Jb\u{1b}[3", "a\u{1b}[2Jb\u{1b}[3"),
            ("\r\n", ""),
            ("", ""),
            ("Grüße", "Grüße"),
        ] {
            assert_eq!(String::from_utf8_lossy(&plain(raw.as_bytes())), said, "{raw:?}");
        }
    }
}
