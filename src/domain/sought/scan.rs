//! Looking through a log that comes in pieces. Many lines are looked at at once; only where something may be is a line
//! looked at by itself. What is held is one piece and one open line, however long the log.

use std::sync::Arc;

use regex::bytes::Regex;

use super::line::{ESCAPE, left_last, without_colours};
use super::{LINE, Seek, Sought, Step, errors};

/// How many bytes of lines are looked at at once.
const BLOCK: usize = 64 << 10;
/// So many lines of a block may look like hits and be none before its lines are looked at one by one.
const MISSES: usize = 16;

/// A stretch of a log on the way through.
#[derive(Debug)]
pub struct Scan {
    what: Arc<Sought>,
    room: usize,
    hits: Vec<u64>,
    /// The byte that comes next.
    next: u64,
    /// Where the line begins that has not ended yet.
    begins: u64,
    /// What has come of that line.
    open: Vec<u8>,
    /// Whether the beginning of that line was looked at: the rest of it is passed over.
    inside: bool,
    /// A block without what is hidden in it.
    plain: Vec<u8>,
}

impl Scan {
    /// Begins where `seek` says.
    pub fn new(seek: &Seek) -> Self {
        Self {
            what: Arc::new(seek.what.clone()),
            room: seek.room,
            hits: Vec::new(),
            next: seek.from,
            begins: seek.from,
            open: Vec::new(),
            inside: seek.inside,
            plain: Vec::new(),
        }
    }

    /// The byte that comes next.
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// How many lines were found.
    pub const fn found(&self) -> usize {
        self.hits.len()
    }

    /// Whether no more can be taken.
    pub const fn full(&self) -> bool {
        self.hits.len() >= self.room
    }

    /// Looks through the next piece. When it is full it goes no further, and what comes after is not looked at.
    pub fn take(&mut self, piece: &[u8]) {
        let lines = self.end_open(piece);
        let Some(last) = lines.iter().rposition(|byte| *byte == b'\n') else { return self.keep(lines) };
        let (mut whole, rest) = lines.split_at(last + 1);
        while !whole.is_empty() && !self.full() {
            let (block, after) = whole.split_at(block(whole));
            self.look(block);
            whole = after;
        }
        if !self.full() {
            self.begins = self.next;
            self.keep(rest);
        }
    }

    /// What was found, and where to go on. `total` is how long the log was, `ended` whether nothing will be added: then
    /// what comes after its last line feed is a line, too.
    pub fn finish(mut self, total: u64, ended: bool) -> Step {
        let end = self.next >= total && !self.full();
        if end && ended && !self.open.is_empty() {
            self.look_at_open();
            self.begins = self.next;
        }
        let to = if self.inside || self.open.is_empty() { self.next } else { self.begins };
        let full = self.full();
        let to = if full { self.begins } else { to };
        Step { hits: self.hits, to, inside: self.inside && !full, total, end, ended }
    }

    /// Ends the open line, where `piece` does; the lines after it.
    fn end_open<'a>(&mut self, piece: &'a [u8]) -> &'a [u8] {
        if self.open.is_empty() && !self.inside {
            return piece;
        }
        let Some(end) = piece.iter().position(|byte| *byte == b'\n') else { return piece };
        let (rest, lines) = piece.split_at(end + 1);
        self.keep(rest);
        if !self.inside {
            self.look_at_open();
        }
        self.inside = false;
        self.open.clear();
        self.begins = self.next;
        lines
    }

    /// Adds to the open line. Of one that is too long the beginning is looked at, and the rest passed over.
    fn keep(&mut self, bytes: &[u8]) {
        self.next += bytes.len() as u64;
        if self.inside {
            return;
        }
        self.open.extend_from_slice(bytes);
        if self.open.len() > LINE {
            let over = self.open.ends_with(b"\r");
            self.open = left_last(&self.open).to_vec();
            if self.open.len() > LINE {
                self.look_at_open();
                self.inside = true;
                self.open.clear();
            } else if over {
                self.open.push(b'\r');
            }
        }
    }

    fn look_at_open(&mut self) {
        let line = left_last(&self.open);
        if self.what.is_in(&line[..line.len().min(LINE)]) && !self.full() {
            self.hits.push(self.begins);
        }
    }

    /// Looks at whole lines.
    fn look(&mut self, block: &[u8]) {
        let mut plain = std::mem::take(&mut self.plain);
        let hidden = read(block, &mut plain);
        let text = if hidden { &plain } else { block };
        let mut place = Place { block, text, at: 0, raw: 0 };
        let what = Arc::clone(&self.what);
        let many = match &*what {
            Sought::Pattern(pattern) => pattern.over_lines(),
            Sought::Errors => errors::hints().map(|hints| (hints, true)),
        };
        let rest = many.map_or(Some(0), |(many, again)| self.look_at_many(many, again, &mut place));
        if let Some(from) = rest {
            self.look_one_by_one(&mut place, from);
        }
        if !self.full() {
            self.next += block.len() as u64;
        }
        self.plain = plain;
    }

    /// Looks at all lines at once, and with `again` at each that is found by itself; from where on all are to be looked at
    /// one by one, if they are.
    fn look_at_many(&mut self, many: &Regex, again: bool, place: &mut Place<'_>) -> Option<usize> {
        let (mut at, mut misses) = (0, 0);
        while let Some(found) = many.find_at(place.text, at).filter(|found| found.start() < place.text.len()) {
            let (begin, end) = place.line(found.start(), at);
            let line = &place.text[begin..end];
            let line = &line[..line.len().min(LINE)];
            // What was found may go on in the next line.
            let whole = !again && found.end() <= begin + line.len();
            if whole || self.what.is_in(line) {
                if self.hit(place, begin) {
                    return None;
                }
            } else {
                misses += 1;
            }
            at = end + 1;
            if misses > MISSES {
                return Some(at);
            }
        }
        None
    }

    fn look_one_by_one(&mut self, place: &mut Place<'_>, from: usize) {
        let mut begin = from;
        while begin < place.text.len() {
            let (_, end) = place.line(begin, begin);
            let line = &place.text[begin..end];
            if self.what.is_in(&line[..line.len().min(LINE)]) && self.hit(place, begin) {
                return;
            }
            begin = end + 1;
        }
    }

    /// Takes the line that begins at `begin`; whether no more can be taken, and then it goes on after that line.
    fn hit(&mut self, place: &mut Place<'_>, begin: usize) -> bool {
        place.go(begin);
        self.hits.push(self.next + place.raw as u64);
        if self.full() {
            let end = place.block[place.raw..].iter().position(|byte| *byte == b'\n');
            self.next += (place.raw + end.map_or(0, |end| end + 1)) as u64;
            self.begins = self.next;
        }
        self.full()
    }
}

/// A block of lines, what is read of it, and the same line in both.
struct Place<'a> {
    block: &'a [u8],
    text: &'a [u8],
    at: usize,
    raw: usize,
}

impl Place<'_> {
    /// Where the line in the text begins and ends that holds byte `at`; it begins at `after` or later.
    fn line(&self, at: usize, after: usize) -> (usize, usize) {
        let begin = self.text[after..at].iter().rposition(|byte| *byte == b'\n').map_or(after, |feed| after + feed + 1);
        let end = self.text[at..].iter().position(|byte| *byte == b'\n').map_or(self.text.len(), |feed| at + feed);
        (begin, end)
    }

    /// Goes on to the line that begins at `begin` in the text.
    fn go(&mut self, begin: usize) {
        if self.text.len() == self.block.len() {
            self.raw = begin;
        } else {
            for _ in self.text[self.at..begin].iter().filter(|byte| **byte == b'\n') {
                self.raw += self.block[self.raw..].iter().position(|byte| *byte == b'\n').map_or(0, |feed| feed + 1);
            }
        }
        self.at = begin;
    }
}

/// How much of some whole lines is looked at at once.
fn block(lines: &[u8]) -> usize {
    let Some(some) = lines.get(..BLOCK) else { return lines.len() };
    if let Some(last) = some.iter().rposition(|byte| *byte == b'\n') {
        return last + 1;
    }
    lines[BLOCK..].iter().position(|byte| *byte == b'\n').map_or(lines.len(), |feed| BLOCK + feed + 1)
}

/// Makes whole lines plain, where something is hidden in them; whether there is.
fn read(block: &[u8], plain: &mut Vec<u8>) -> bool {
    let hidden = |sign: u8| block.contains(&sign);
    let (over, coloured) = (hidden(b'\r'), hidden(ESCAPE));
    plain.clear();
    if over {
        for line in block.split_inclusive(|byte| *byte == b'\n') {
            without_colours(left_last(line), plain);
            plain.push(b'\n');
        }
    } else if coloured {
        without_colours(block, plain);
    }
    over || coloured
}

#[cfg(test)]
mod tests {
    use super::super::Pattern;
    use super::*;
    use crate::domain::ids::{JobName, RunKey};
    use crate::domain::log::LogKey;

    fn seek(what: Sought) -> Seek {
        let run = RunKey { service: "search".into(), id: "92".into() };
        Seek { log: LogKey { run, job: JobName::new("e2e") }, what, from: 0, inside: false, one: false, room: 1000 }
    }

    fn pattern(words: &str) -> Sought {
        Sought::Pattern(Pattern::new(words).unwrap())
    }

    /// Looks through `log` in pieces of `piece` bytes.
    fn scan(seek: &Seek, log: &[u8], piece: usize, ended: bool) -> Step {
        let mut scan = Scan::new(seek);
        for piece in log[usize::try_from(seek.from).unwrap()..].chunks(piece) {
            scan.take(piece);
        }
        scan.finish(log.len() as u64, ended)
    }

    /// What a line by line search finds.
    fn one_by_one(what: &Sought, log: &[u8]) -> Vec<u64> {
        let mut at = 0;
        let lines = log.split_inclusive(|byte| *byte == b'\n').filter_map(|line| {
            let begin = at;
            at += line.len() as u64;
            what.is_in(left_last(line)).then_some(begin)
        });
        lines.collect()
    }

    const LOG: &[u8] =
        b"one\nTwo\r\nth\x1b[31mree\x1b[0m\n\n10 %\r20 %\r100 %\nerror: 1\n0 failed\nfour two\n\xff\xfe\nlast two";

    #[test]
    fn it_finds_what_is_found_line_by_line_however_the_log_is_cut() {
        let sought = [
            "two", "three", "^$", "^t", "o$", "20", "100", "\\s", "[^x]", "e\\s*f", "(?s)e.f", "\\Aone", "\\btwo",
            "o\\b.*o", "x*", "r{2}",
        ];
        for what in sought.map(pattern).into_iter().chain([Sought::Errors]) {
            let found = one_by_one(&what, LOG);
            for piece in 1..=LOG.len() {
                let step = scan(&seek(what.clone()), LOG, piece, true);
                assert_eq!(step.hits, found, "{what:?} in pieces of {piece}");
                assert_eq!((step.to, step.end, step.inside), (LOG.len() as u64, true, false));
            }
        }
    }

    #[test]
    fn long_logs_are_looked_through_in_blocks() {
        let mut log = Vec::new();
        for line in 0..40_000 {
            let colour = if line % 5000 < 2500 { "\u{1b}[32m" } else { "" };
            log.extend(format!("{colour}line {line} is in a block{}\n", if line % 7 == 0 { "\r" } else { "" }).bytes());
        }
        for what in [
            pattern("line 1?999 "),
            pattern("k$"),
            pattern("9 [^y]*line 3"),
            pattern("nowhere"),
            pattern("\\b1?99\\b.*k$"),
            Sought::Errors,
        ] {
            let found = one_by_one(&what, &log);
            let step = scan(&Seek { room: 50_000, ..seek(what.clone()) }, &log, 1 << 20, true);
            assert_eq!(step.hits, found, "{what:?}");
        }
    }

    #[test]
    fn a_line_that_has_not_ended_is_looked_at_again_once_it_has() {
        let first = scan(&seek(pattern("two")), LOG, 16, false);
        assert_eq!((first.hits.last(), first.to, first.end), (Some(&59), 71, true));
        let rest = scan(&Seek { from: first.to, ..seek(pattern("two")) }, LOG, 16, true);
        assert_eq!((rest.hits, rest.to), (vec![71], LOG.len() as u64));
    }

    #[test]
    fn it_stops_where_no_more_can_be_taken_and_goes_on_from_there() {
        let log = "two\r\n".repeat(10) + "three\n" + &"x two\n".repeat(3);
        let mut seek = Seek { room: 4, ..seek(pattern("two")) };
        let mut hits = Vec::new();
        for _ in 0..4 {
            let step = scan(&seek, log.as_bytes(), 64, true);
            hits.extend(step.hits);
            seek.from = step.to;
        }
        assert_eq!(hits, one_by_one(&seek.what, log.as_bytes()));
    }

    #[test]
    fn of_a_line_without_end_only_the_beginning_is_looked_at_and_little_is_held() {
        let mut scan = Scan::new(&seek(pattern("here")));
        scan.take(b"before\nhere ");
        for _ in 0..40 {
            scan.take(&vec![b'x'; 256 << 10]);
            assert!(scan.open.len() <= LINE);
        }
        scan.take(b"here\nhere\n");
        assert_eq!(scan.finish(0, false).hits, [7, 7 + 5 + (10 << 20) + 5]);
        let mut scan = Scan::new(&seek(pattern("100")));
        for percent in 0..=100 {
            scan.take(format!("{percent:>3} % of the index\r").repeat(5000).as_bytes());
            assert!(scan.open.len() <= LINE + 100_000);
        }
        scan.take(b"\n");
        assert_eq!(scan.finish(0, false).hits, [0]);
    }

    #[test]
    fn a_step_may_end_within_a_line_without_end() {
        let long = [b"here ".repeat(400 << 10), b"\nhere\n".to_vec()].concat();
        let mut first = Scan::new(&seek(pattern("here")));
        first.take(&long[..1_500_000]);
        let step = first.finish(long.len() as u64, false);
        assert_eq!((&step.hits[..], step.to, step.inside, step.end), (&[0][..], 1_500_000, true, false));
        let mut second = Scan::new(&Seek { from: step.to, inside: true, ..seek(pattern("here")) });
        second.take(&long[1_500_000..]);
        assert_eq!(second.finish(long.len() as u64, true).hits, [(2000 << 10) + 1]);
    }
}
