//! Logs: a job's output as bytes with offsets, read piece by piece.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{JobName, RunKey};
use super::text::visible;

/// Which log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(clippy::module_name_repetitions, reason = "a bare `Key` is what keyboards have")]
pub struct LogKey {
    /// The run.
    pub run: RunKey,
    /// Its job.
    pub job: JobName,
}

/// A piece of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The byte at which it begins.
    pub from: u64,
    /// What the job wrote, raw: the reader makes it visible.
    pub bytes: Vec<u8>,
    /// The log's length as the source knows it now.
    pub total: u64,
    /// Whether nothing will be added any more.
    pub ended: bool,
}

impl Chunk {
    /// The most bytes that are asked for at once.
    pub const MOST: u64 = 512 << 10;
}

/// What stands in a log from a byte on was written at this moment or later, up to the next mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The byte.
    pub byte: u64,
    /// The moment.
    pub at: Timestamp,
}

/// When parts of a log were written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Times {
    /// The marks, in order; `None` where they were not kept.
    pub marks: Option<Vec<Mark>>,
    /// How long the log was.
    pub total: u64,
}

/// A log that comes in pieces, as lines without anything that a terminal would obey: what may be printed or kept.
#[derive(Debug, Default)]
pub struct Lines {
    at: u64,
    open: Vec<u8>,
}

impl Lines {
    /// The byte at which the next piece begins.
    pub const fn at(&self) -> u64 {
        self.at
    }

    /// The lines that `chunk` ends.
    pub fn take(&mut self, chunk: &Chunk) -> Vec<String> {
        self.at = chunk.from + chunk.bytes.len() as u64;
        self.open.extend_from_slice(&chunk.bytes);
        let Some(end) = self.open.iter().rposition(|byte| *byte == b'\n') else { return Vec::new() };
        let rest = self.open.split_off(end + 1);
        let whole = std::mem::replace(&mut self.open, rest);
        whole[..end].split(|byte| *byte == b'\n').map(clean).collect()
    }

    /// What came after the last line feed.
    pub fn rest(&mut self) -> Vec<String> {
        let rest = std::mem::take(&mut self.open);
        if rest.is_empty() { Vec::new() } else { vec![clean(&rest)] }
    }
}

/// A line as it may be printed: colours are left out, everything else that is hidden is made visible.
fn clean(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line));
    let mut plain = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let end = after.find(|c: char| !matches!(c, '0'..='9' | ';' | ':'));
        let color = end.and_then(|end| after[end..].strip_prefix('m'));
        if color.is_none() {
            plain.push_str("\u{1b}[");
        }
        rest = color.unwrap_or(after);
    }
    plain.push_str(rest);
    visible(&plain.replace('\t', "    ")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_go_and_everything_else_that_a_terminal_obeys_shows() {
        assert_eq!(clean(b"\x1b[1;32mok\x1b[0m done\r"), "ok done");
        assert_eq!(clean(b"a\x1b[2Jb\x07"), "a␛[2Jb␇");
        assert_eq!(clean(b"\xff"), "\u{fffd}");
    }

    #[test]
    fn lines_are_whole_wherever_the_pieces_are_cut() {
        let whole = b"one\ntwo\n\nfour";
        for cut in 0..whole.len() {
            let mut lines = Lines::default();
            let chunk =
                |from: usize, bytes: &[u8]| Chunk { from: from as u64, bytes: bytes.into(), total: 13, ended: true };
            let mut read = lines.take(&chunk(0, &whole[..cut]));
            read.extend(lines.take(&chunk(cut, &whole[cut..])));
            read.extend(lines.rest());
            assert_eq!(read, ["one", "two", "", "four"], "cut at {cut}");
        }
    }
}
