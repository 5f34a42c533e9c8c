//! What is loaded of a log: a window of raw bytes at its end, bounded, with its lines found. Of a line that was written
//! over only what was left last is kept, and of one without end only its beginning.

use jiff::Timestamp;

use super::times::Times;
use crate::domain::log::{self, Chunk};
use crate::domain::sought::LINE;

/// A window on a log. It never holds more than [`Log::MOST`] bytes; what falls out at the front is counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Log {
    from: u64,
    end: u64,
    bytes: Vec<u8>,
    starts: Vec<Start>,
    total: u64,
    ended: bool,
    /// Of what moment the newest answer is, and the newest one that brought what is here.
    told: Timestamp,
    placed: Timestamp,
    /// From when on it is known to be this log and no earlier one of its name.
    since: Timestamp,
    times: Times,
}

/// Where a line of what is here begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Start {
    /// The byte of the log.
    at: u64,
    /// The byte of what is here.
    byte: usize,
    /// How many bytes at its end are left out.
    left_out: u64,
}

impl Log {
    /// The most bytes kept of one log.
    pub const MOST: usize = 4 << 20;
    /// The most bytes kept of one line.
    pub const LINE: usize = LINE;

    /// Adds a piece that was asked for at `at`. One that begins before the window or does not continue it takes its
    /// place, unless the window was asked for later; one that is already here adds nothing, and one that tells only how
    /// long the log is moves nothing. An answer to an earlier question that does not fit to a later one changes nothing.
    pub fn append(&mut self, chunk: &Chunk, at: Timestamp) -> bool {
        let before = (self.from, self.end, self.total, self.ended);
        if at >= self.told {
            self.hear(chunk, at);
        } else if chunk.total > self.total {
            return false;
        }
        if self.bytes.is_empty() || chunk.from < self.from || chunk.from > self.end {
            if at >= self.placed && (self.bytes.is_empty() || !chunk.bytes.is_empty()) {
                self.place(chunk, at);
            }
        } else if let Some(new) = usize::try_from(self.end - chunk.from).ok().and_then(|at| chunk.bytes.get(at..)) {
            self.placed = self.placed.max(at);
            self.push(new);
        }
        before != (self.from, self.end, self.total, self.ended)
    }

    /// Takes in how long the log is. One that has become shorter is another.
    fn hear(&mut self, chunk: &Chunk, at: Timestamp) {
        if chunk.total < self.total {
            *self = Self { since: at, ..Self::default() };
        }
        self.ended = chunk.ended || self.ended && chunk.total == self.total;
        (self.total, self.told) = (chunk.total, at);
    }

    fn place(&mut self, chunk: &Chunk, at: Timestamp) {
        (self.from, self.end, self.placed) = (chunk.from, chunk.from, at);
        (self.bytes, self.starts) = (Vec::new(), Vec::new());
        self.push(&chunk.bytes);
    }

    fn push(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.bytes.last().is_none_or(|last| *last == b'\n') {
                self.starts.push(Start { at: self.end, byte: self.bytes.len(), left_out: 0 });
            }
            self.extend(piece);
            self.end += piece.len() as u64;
        }
        if self.bytes.len() > Self::MOST {
            self.shorten();
        }
    }

    /// Adds to the last line. What stands before a carriage return is gone as soon as something is written over it.
    fn extend(&mut self, piece: &[u8]) {
        let Some(line) = self.starts.last_mut() else { return };
        let said = piece.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
        let (said, rest) = piece.split_at(said);
        if !said.is_empty() {
            let over = said.iter().rposition(|byte| *byte == b'\r').map(|at| at + 1);
            if over.is_some() || self.bytes.ends_with(b"\r") {
                self.bytes.truncate(line.byte);
                line.left_out = 0;
            }
            let said = &said[over.unwrap_or_default()..];
            let room = Self::LINE.saturating_sub(self.bytes.len() - line.byte).min(said.len());
            self.bytes.extend_from_slice(&said[..room]);
            line.left_out += (said.len() - room) as u64;
        }
        if rest.starts_with(b"\r") && !self.bytes.ends_with(b"\r") {
            self.bytes.push(b'\r');
        }
        if rest.ends_with(b"\n") {
            self.bytes.push(b'\n');
        }
    }

    /// Drops the older half at a line's start, so that dropping is rare.
    fn shorten(&mut self) {
        let least = self.bytes.len() - Self::MOST / 2;
        let keep = self.starts.partition_point(|start| start.byte < least);
        // A line is shorter than what is kept: one begins in it.
        let Some(first) = self.starts.get(keep).copied() else { return };
        self.bytes.drain(..first.byte);
        self.starts.drain(..keep);
        self.starts.iter_mut().for_each(|start| start.byte -= first.byte);
        self.from = first.at;
    }

    /// The byte after the last one here: where the next piece begins.
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// How many bytes of the log lie before what is here.
    pub const fn missing(&self) -> u64 {
        self.from
    }

    /// How long the log is at its source.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// Takes in when it was written, asked for at `at`; whether that is new.
    pub fn date(&mut self, times: &log::Times, at: Timestamp) -> bool {
        at >= self.since && self.times.take(times)
    }

    /// When it was written, as far as that is known.
    pub const fn times(&self) -> &Times {
        &self.times
    }

    /// Whether nothing will be added to it.
    pub const fn closed(&self) -> bool {
        self.ended
    }

    /// Whether its end is here and nothing will be added.
    pub const fn ended(&self) -> bool {
        self.ended && self.end >= self.total
    }

    /// How many lines are here.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The byte of the log at which line `index` of what is here begins; it stays the line's when the front falls out.
    pub fn at(&self, index: usize) -> Option<u64> {
        self.starts.get(index).map(|start| start.at)
    }

    /// The line of what is here that holds byte `at` of the log: the first where that lies before it, the last where
    /// it lies after.
    pub fn index(&self, at: u64) -> usize {
        self.starts.partition_point(|start| start.at <= at).saturating_sub(1)
    }

    /// Line `index` of what is here, raw, without its line feed and a carriage return before it.
    pub fn line(&self, index: usize) -> Option<&[u8]> {
        let start = self.starts.get(index)?.byte;
        let end = self.starts.get(index + 1).map_or(self.bytes.len(), |next| next.byte);
        let line = &self.bytes[start..end];
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// How many bytes at the end of line `index` are left out: what it has beyond [`Log::LINE`].
    pub fn left_out(&self, index: usize) -> u64 {
        self.starts.get(index).map_or(0, |start| start.left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::UNIX_EPOCH;

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
            log.append(&chunk(0, &whole[..cut], 13), AT);
            log.append(&chunk(cut as u64, &whole[cut..], 13), AT);
            assert_eq!(lines(&log), ["one", "two", "", "four"], "cut at {cut}");
        }
    }

    #[test]
    fn a_piece_seen_twice_counts_once_and_a_gap_starts_anew() {
        let mut log = Log::default();
        log.append(&chunk(0, "one\ntwo\n", 8), AT);
        assert!(!log.append(&chunk(4, "two\n", 8), AT));
        assert!(log.append(&chunk(4, "two\nthree\n", 14), AT));
        assert_eq!(lines(&log), ["one", "two", "three"]);
        log.append(&chunk(100, "far\n", 104), AT);
        assert_eq!((lines(&log), log.missing()), (vec!["far"], 100));
    }

    #[test]
    fn a_piece_from_before_the_window_takes_its_place() {
        let mut log = Log::default();
        log.append(&chunk(8, "three\n", 14), AT);
        assert!(log.append(&chunk(0, "one\ntwo\nth", 14), AT));
        assert_eq!((lines(&log), log.missing(), log.end()), (vec!["one", "two", "th"], 0, 10));
        log.append(&chunk(10, "ree\n", 14), AT);
        assert_eq!(lines(&log), ["one", "two", "three"]);
    }

    #[test]
    fn an_answer_to_an_earlier_question_does_not_undo_a_later_one() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut log = Log::default();
        log.append(&chunk(0, "one\ntwo\n", 20), at(3));
        assert!(!log.append(&chunk(12, "far\n", 16), at(2)), "what is here was asked for later");
        assert!(!log.append(&chunk(0, "one\n", 99), at(1)), "it was never so long");
        assert!(log.append(&chunk(8, "three\n", 14), at(2)), "what goes on fits, however late");
        assert_eq!((lines(&log), log.total()), (vec!["one", "two", "three"], 20));
        assert!(log.append(&chunk(2, "x", 3), at(4)));
        assert_eq!((lines(&log), log.total()), (vec!["x"], 3), "it begins anew");
    }

    #[test]
    fn how_long_it_is_moves_nothing_of_what_is_here() {
        let mut log = Log::default();
        log.append(&chunk(0, "one\ntwo\n", 8), AT);
        assert!(log.append(&Chunk { from: 99, bytes: Vec::new(), total: 99, ended: true }, AT));
        assert_eq!((lines(&log), log.end(), log.total()), (vec!["one", "two"], 8, 99));
        assert!(log.closed() && !log.ended());
        log.append(&chunk(8, "three\n", 99), AT);
        assert!(log.closed(), "an end that was told stays told");
    }

    #[test]
    fn a_line_is_found_again_by_the_byte_at_which_it_begins() {
        let mut log = Log::default();
        log.append(&chunk(100, "one\ntwo\nthree", 113), AT);
        assert_eq!((log.at(1), log.at(3)), (Some(104), None));
        assert_eq!([0, 100, 103, 104, 107, 108, 999].map(|at| log.index(at)), [0, 0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn it_never_holds_more_than_its_most() {
        let mut log = Log::default();
        let line = format!("{}\n", "x".repeat(99));
        let piece = line.repeat(5000);
        for i in 0..30 {
            log.append(&chunk(i * piece.len() as u64, &piece, (i + 1) * piece.len() as u64), AT);
        }
        assert!(log.end() - log.missing() <= Log::MOST as u64);
        assert_eq!(log.end(), 30 * piece.len() as u64);
        assert!((0..log.lines()).all(|i| log.line(i).unwrap().len() == 99));
    }

    #[test]
    fn of_a_line_that_is_written_over_only_what_was_left_last_is_kept() {
        let whole = "one\r\n10 %\r20 %\r\r100 %\r\nlast\r\n";
        for cut in 0..=whole.len() {
            let mut log = Log::default();
            log.append(&chunk(0, &whole[..cut], 29), AT);
            log.append(&chunk(cut as u64, &whole[cut..], 29), AT);
            assert_eq!(lines(&log), ["one", "100 %", "last"], "cut at {cut}");
            assert_eq!((log.end(), log.at(1), log.at(2)), (29, Some(5), Some(23)), "places are those of the source");
        }
    }

    #[test]
    fn a_progress_bar_that_never_ends_takes_the_room_of_one_line() {
        let mut log = Log::default();
        log.append(&chunk(0, "before\n", 7), AT);
        for round in 0..40 {
            let piece = format!("{round:0>9} %\r").repeat(50_000);
            log.append(&chunk(log.end(), &piece, log.end() + piece.len() as u64), AT);
            assert!(log.bytes.len() < 64, "{}", log.bytes.len());
        }
        assert_eq!((lines(&log), log.missing()), (vec!["before", "000000039 %"], 0));
        log.append(&chunk(log.end(), &"\r".repeat(1 << 20), log.end() + (1 << 20)), AT);
        assert!(log.bytes.len() < 64, "{}", log.bytes.len());
    }

    #[test]
    fn of_a_line_without_end_the_beginning_is_kept_and_the_rest_counted() {
        let mut log = Log::default();
        log.append(&chunk(0, "before\n", 7), AT);
        let piece = "x".repeat(512 << 10);
        for _ in 0..20 {
            log.append(&chunk(log.end(), &piece, log.end() + piece.len() as u64), AT);
        }
        log.append(&chunk(log.end(), "\nafter", log.end() + 6), AT);
        assert_eq!((log.lines(), log.line(0), log.line(2)), (3, Some(&b"before"[..]), Some(&b"after"[..])));
        assert_eq!(log.line(1).unwrap().len(), Log::LINE);
        assert_eq!([0, 1, 2].map(|line| log.left_out(line)), [0, 9 << 20, 0]);
        log.append(&chunk(log.end(), &"\r".repeat(3), log.end() + 3), AT);
        log.append(&chunk(log.end(), "done", log.end() + 4), AT);
        assert_eq!(log.line(2), Some(&b"done"[..]));
    }
}
