//! What is loaded of a log: a window of raw bytes at its end, bounded, with its lines found.

use crate::domain::log::Chunk;

/// A window on a log. It never holds more than [`Log::MOST`] bytes; what falls out at the front is counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Log {
    from: u64,
    bytes: Vec<u8>,
    starts: Vec<usize>,
    total: u64,
    ended: bool,
}

impl Log {
    /// The most bytes kept of one log.
    pub const MOST: usize = 4 << 20;
    /// Adds a piece. One that does not continue the window replaces it; one that is already here adds nothing.
    pub fn append(&mut self, chunk: &Chunk) -> bool {
        let before = (self.from, self.bytes.len(), self.total, self.ended);
        (self.total, self.ended) = (chunk.total, chunk.ended);
        let end = self.end();
        if self.bytes.is_empty() || chunk.from > end || chunk.total < end {
            (self.from, self.bytes, self.starts) = (chunk.from, Vec::new(), Vec::new());
            self.push(&chunk.bytes);
        } else if let Some(new) = usize::try_from(end - chunk.from).ok().and_then(|known| chunk.bytes.get(known..)) {
            self.push(new);
        }
        before != (self.from, self.bytes.len(), self.total, self.ended)
    }

    fn push(&mut self, bytes: &[u8]) {
        let mut at = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        if at == 0 && !bytes.is_empty() {
            self.starts.push(0);
        } else if at > 0 && self.bytes[at - 1] == b'\n' && !bytes.is_empty() {
            self.starts.push(at);
        }
        while let Some(newline) = self.bytes[at..].iter().position(|byte| *byte == b'\n') {
            at += newline + 1;
            if at < self.bytes.len() {
                self.starts.push(at);
            }
        }
        if self.bytes.len() > Self::MOST {
            self.shorten();
        }
    }

    /// Drops the older half at a line's start, so that dropping is rare.
    fn shorten(&mut self) {
        let least = self.bytes.len() - Self::MOST / 2;
        let keep = self.starts.partition_point(|start| *start < least);
        let cut = self.starts.get(keep).copied().unwrap_or(least);
        self.bytes.drain(..cut);
        self.from += cut as u64;
        self.starts.drain(..keep);
        self.starts.iter_mut().for_each(|start| *start -= cut);
        if self.starts.first() != Some(&0) {
            self.starts.insert(0, 0);
        }
    }

    /// The byte after the last one here: where the next piece begins.
    pub fn end(&self) -> u64 {
        self.from + self.bytes.len() as u64
    }

    /// How many bytes of the log lie before what is here.
    pub const fn missing(&self) -> u64 {
        self.from
    }

    /// How long the log is at its source.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// Whether all of it is there and nothing will be added.
    pub fn ended(&self) -> bool {
        self.ended && self.end() >= self.total
    }

    /// How many lines are here.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The byte of the log at which line `index` of what is here begins; it stays the line's when the front falls out.
    pub fn at(&self, index: usize) -> Option<u64> {
        self.starts.get(index).map(|start| self.from + *start as u64)
    }

    /// The line of what is here that holds byte `at` of the log: the first where that lies before it, the last where
    /// it lies after.
    pub fn index(&self, at: u64) -> usize {
        let within = usize::try_from(at.saturating_sub(self.from)).unwrap_or(usize::MAX);
        self.starts.partition_point(|start| *start <= within).saturating_sub(1)
    }

    /// Line `index` of what is here, raw, without its line feed.
    pub fn line(&self, index: usize) -> Option<&[u8]> {
        let start = *self.starts.get(index)?;
        let end = self.starts.get(index + 1).copied().unwrap_or(self.bytes.len());
        let line = &self.bytes[start..end];
        Some(line.strip_suffix(b"\n").unwrap_or(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(from: u64, bytes: &str, total: u64) -> Chunk {
        Chunk { from, bytes: bytes.into(), total, ended: false }
    }

    fn lines(log: &Log) -> Vec<&str> {
        (0..log.lines()).map(|i| std::str::from_utf8(log.line(i).unwrap()).unwrap()).collect()
    }

    #[test]
    fn pieces_join_wherever_they_are_cut() {
        let whole = "one\ntwo\n\nfour";
        for cut in 0..=whole.len() {
            let mut log = Log::default();
            log.append(&chunk(0, &whole[..cut], 13));
            log.append(&chunk(cut as u64, &whole[cut..], 13));
            assert_eq!(lines(&log), ["one", "two", "", "four"], "cut at {cut}");
        }
    }

    #[test]
    fn a_piece_seen_twice_counts_once_and_a_gap_starts_anew() {
        let mut log = Log::default();
        log.append(&chunk(0, "one\ntwo\n", 8));
        assert!(!log.append(&chunk(4, "two\n", 8)));
        assert!(log.append(&chunk(4, "two\nthree\n", 14)));
        assert_eq!(lines(&log), ["one", "two", "three"]);
        log.append(&chunk(100, "far\n", 104));
        assert_eq!((lines(&log), log.missing()), (vec!["far"], 100));
    }

    #[test]
    fn a_line_is_found_again_by_the_byte_at_which_it_begins() {
        let mut log = Log::default();
        log.append(&chunk(100, "one\ntwo\nthree", 113));
        assert_eq!((log.at(1), log.at(3)), (Some(104), None));
        assert_eq!([0, 100, 103, 104, 107, 108, 999].map(|at| log.index(at)), [0, 0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn it_never_holds_more_than_its_most() {
        let mut log = Log::default();
        let line = format!("{}\n", "x".repeat(99));
        let piece = line.repeat(5000);
        for i in 0..30 {
            log.append(&chunk(i * piece.len() as u64, &piece, (i + 1) * piece.len() as u64));
        }
        assert!(log.end() - log.missing() <= Log::MOST as u64);
        assert_eq!(log.end(), 30 * piece.len() as u64);
        assert!((0..log.lines()).all(|i| log.line(i).unwrap().len() == 99));
    }
}
