//! The log view: follows, pauses, folds, searches, goes from error to error. Only the lines in view are read, and of
//! each only what can be seen, whatever the log's length.

mod draw;
mod finder;
mod going;
mod line;
mod search;
mod sgr;
mod times;

use ratatui::layout::Rect;

use crate::domain::log::Chunk;
use crate::store::log::Log;
use crate::ui::command::{Direction, Move};
use crate::ui::theme::Depth;
use finder::Finder;
use going::Goal;
use search::Search;
use times::Telling;

pub use draw::Shown;
pub use line::Line;

/// How far a step to the side goes, in columns.
const SIDE: usize = 16;
/// The most rows that one folded line gets.
const ROWS: usize = 40;
/// Columns for the marker and the sign of an error.
const MARGIN: u16 = 3;

/// What of a log is in view. Lines are kept by the byte at which they begin, so that they stay in view while the front
/// of the log falls out.
#[derive(Debug)]
pub struct Tail {
    follow: bool,
    wrap: bool,
    /// The line one is on.
    at: u64,
    /// The first line in view.
    top: u64,
    /// The first column in view.
    left: usize,
    /// How many lines above the one that holds the byte after `at` one goes once what is before the window is loaded.
    back: usize,
    /// Whether what leads to `at` is to be in view once it is loaded.
    lead: bool,
    telling: Telling,
    search: Search,
    /// The lines that tell of an error, as far as somebody asked for them.
    errors: Finder,
    /// Where one goes once it is found.
    goal: Option<Goal>,
    height: usize,
    width: usize,
}

impl Default for Tail {
    fn default() -> Self {
        let (search, errors) = (Search::default(), Finder::default());
        let (at, top, left, back, lead, goal, telling) = (0, 0, 0, 0, false, None, Telling::Off);
        Self {
            follow: true,
            wrap: false,
            at,
            top,
            left,
            back,
            lead,
            telling,
            search,
            errors,
            goal,
            height: 1,
            width: 1,
        }
    }
}

impl Tail {
    /// Begins at the end of another log; what is searched for, whether lines are folded and how times are told stays.
    pub fn reset(&mut self) {
        self.search.forget();
        let search = std::mem::take(&mut self.search);
        let (wrap, telling) = (self.wrap, self.telling);
        *self = Self { wrap, telling, search, height: self.height, width: self.width, ..Self::default() };
    }

    /// Whether it stays at the end of the log.
    pub const fn follows(&self) -> bool {
        self.follow
    }

    /// Whether long lines are folded.
    pub const fn wraps(&self) -> bool {
        self.wrap
    }

    /// What is searched for.
    pub fn words(&self) -> &str {
        self.search.words()
    }

    /// Holds the view within `log`, which is drawn in `area`.
    pub fn settle(&mut self, log: &Log, area: Rect) {
        self.height = usize::from(area.height).max(1);
        self.width = usize::from(area.width.saturating_sub(MARGIN + self.time_width(log))).max(1);
        self.search.settle(log);
        if self.away(log) {
            return;
        }
        let last = log.lines().saturating_sub(1);
        let back = std::mem::take(&mut self.back);
        let at = if self.follow { last } else { log.index(self.at + u64::from(back > 0)).saturating_sub(back) };
        let lead = std::mem::take(&mut self.lead) && !self.follow;
        let top = if lead { at.saturating_sub(self.height / 3) } else { log.index(self.top) };
        let top = top.clamp(self.first_with(log, at), at).min(self.first_with(log, last));
        self.put(log, at, top);
    }

    /// Whether the line one is on is not loaded yet.
    pub const fn away(&self, log: &Log) -> bool {
        let after = self.at >= log.end() && self.at < log.total();
        !self.follow && (self.at < log.missing() || after)
    }

    /// The byte from which on more of `log` is wanted: what holds the line one is on, what comes after the lines in view,
    /// or its end, however far that is ([`u64::MAX`]). Nothing where all that can be seen is here.
    pub fn wants(&self, log: &Log) -> Option<u64> {
        let (end, total) = (log.end(), log.total());
        if log.lines() == 0 || self.follow && end < total.saturating_sub(Chunk::MOST) {
            return Some(u64::MAX);
        }
        if self.away(log) {
            let from = self.at.saturating_sub(Chunk::MOST / 4 * 3);
            return Some(if (log.missing()..end).contains(&from) { end } else { from });
        }
        let near = log.index(self.at) + 2 * self.height >= log.lines();
        let kept = end >= total && end.saturating_sub(self.at) < Log::MOST as u64 / 4;
        (self.follow || near || kept).then_some(end)
    }

    fn put(&mut self, log: &Log, at: usize, top: usize) {
        self.at = log.at(at).unwrap_or_default();
        self.top = log.at(top).unwrap_or_default();
    }

    /// The first line that can be at the top while all of line `last` is in view.
    fn first_with(&self, log: &Log, last: usize) -> usize {
        let mut room = self.height;
        let mut first = last;
        for index in (0..=last).rev() {
            let rows = self.rows(log, index);
            if rows > room {
                break;
            }
            room -= rows;
            first = index;
        }
        first
    }

    fn rows(&self, log: &Log, index: usize) -> usize {
        if !self.wrap {
            return 1;
        }
        let raw = log.line(index).unwrap_or_default();
        Line::new(raw, self.width * ROWS, Depth::None).rows(self.width, self.most()).len()
    }

    /// The most rows that one folded line gets here: never the whole view.
    fn most(&self) -> usize {
        (self.height * 3 / 4).clamp(1, ROWS)
    }

    /// Moves: up stops following, to the end follows again, sideways shifts what is not folded.
    pub fn update(&mut self, to: Move, log: &Log) {
        self.goal = None;
        let last = log.lines().saturating_sub(1);
        let (at, page) = (log.index(self.at), self.height.saturating_sub(1).max(1));
        if self.leaves(to, at, page, log) {
            return;
        }
        let to = match to {
            Move::Up => at.saturating_sub(1),
            Move::Down => (at + 1).min(last),
            Move::PageUp => at.saturating_sub(page),
            Move::PageDown => (at + page).min(last),
            Move::Top => 0,
            Move::Bottom => return self.follow = true,
            Move::Left => return self.left = self.left.saturating_sub(SIDE),
            Move::Right => return self.shift(log),
            Move::NextPart | Move::PreviousPart => return,
        };
        if to != at || to == 0 {
            self.go(log, to);
        }
    }

    /// Goes before what is loaded, where `to` leads there; whether it does.
    fn leaves(&mut self, to: Move, at: usize, page: usize, log: &Log) -> bool {
        let lines = match to {
            Move::Up => 1,
            Move::PageUp => page,
            Move::Top => usize::MAX,
            _ => return false,
        };
        if log.missing() == 0 || lines <= at {
            return false;
        }
        self.follow = false;
        let top = to == Move::Top;
        (self.at, self.back) = if top { (0, 0) } else { (log.missing() - 1, lines - at) };
        self.top = self.at;
        true
    }

    /// To the right, as long as a line in view goes on there.
    fn shift(&mut self, log: &Log) {
        let top = log.index(self.top);
        let longest = (top..top + self.height).filter_map(|index| log.line(index)).map(<[u8]>::len).max().unwrap_or(0);
        if !self.wrap && self.left + self.width < longest {
            self.left += SIDE;
        }
    }

    fn go(&mut self, log: &Log, to: usize) {
        (self.follow, self.goal) = (false, None);
        self.at = log.at(to).unwrap_or_default();
    }

    /// Stays at the end of the log, or no longer.
    pub const fn follow(&mut self) {
        (self.follow, self.goal) = (!self.follow, None);
    }

    /// Folds long lines, or no longer.
    pub const fn wrap(&mut self) {
        self.wrap = !self.wrap;
        self.left = 0;
    }

    /// Goes to the next of `lines`, which stand in order, or to the one before; where it went, if there is one.
    pub fn to_one_of(&mut self, lines: &[usize], direction: Direction, log: &Log) -> Option<usize> {
        let at = self.place(log);
        let to = *match direction {
            Direction::Next => lines.iter().find(|line| **line > at),
            Direction::Previous => lines.iter().rfind(|line| **line < at),
        }?;
        self.show(log, to);
        Some(to)
    }

    /// The line one is on: behind the last while the end is followed.
    fn place(&self, log: &Log) -> usize {
        if self.follow { log.lines() } else { log.index(self.at) }
    }

    /// Goes to a line and shows what leads to it, and more of what comes of it.
    fn show(&mut self, log: &Log, index: usize) {
        self.go(log, index);
        self.top = log.at(index.saturating_sub(self.height / 3)).unwrap_or_default();
    }

    /// Selects the line drawn `line` rows below the first; folded lines count as many rows as they have.
    pub fn select_line(&mut self, line: usize, log: &Log) {
        let mut below = 0;
        for index in log.index(self.top)..log.lines() {
            below += self.rows(log, index);
            if below > line {
                return self.go(log, index);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: jiff::Timestamp = jiff::Timestamp::UNIX_EPOCH;
    const LINE: u64 = 100;
    const TOTAL: u64 = 40 << 20;

    /// Answers what the view wants, from a log of lines of one length, until nothing new comes; how much was read.
    fn answer(tail: &mut Tail, log: &mut Log) -> u64 {
        let mut read = 0;
        while let Some(from) = tail.wants(log) {
            let from = if from == log.end() { from } else { from.min(TOTAL - Chunk::MOST) };
            let (chunk, before) = (piece(from), log.clone());
            log.append(&chunk, AT);
            tail.settle(log, Rect::new(0, 0, 80, 20));
            if *log == before {
                break;
            }
            read += chunk.bytes.len() as u64;
        }
        read
    }

    fn piece(from: u64) -> Chunk {
        let end = (from + Chunk::MOST).min(TOTAL);
        let bytes = (from..end).map(|at| if at % LINE == LINE - 1 { b'\n' } else { b'x' }).collect();
        Chunk { from, bytes, total: TOTAL, ended: true }
    }

    #[test]
    fn all_of_a_long_log_is_reached_by_reading_only_what_is_shown() {
        let (mut tail, mut log) = (Tail::default(), Log::default());
        assert_eq!(answer(&mut tail, &mut log), Chunk::MOST);
        tail.update(Move::Top, &log);
        assert_eq!(answer(&mut tail, &mut log), Chunk::MOST);
        assert_eq!((tail.at, tail.top, log.missing()), (0, 0, 0));
        tail.update(Move::Bottom, &log);
        assert_eq!(answer(&mut tail, &mut log), Chunk::MOST);
        assert_eq!(log.end(), TOTAL);
    }

    #[test]
    fn a_page_up_past_what_is_loaded_goes_on_by_a_page() {
        let (mut tail, mut log) = (Tail::default(), Log::default());
        answer(&mut tail, &mut log);
        for _ in 0..2000 {
            let before = tail.at / LINE;
            tail.update(Move::PageUp, &log);
            answer(&mut tail, &mut log);
            assert_eq!(before - tail.at / LINE, 19, "from line {before}");
        }
        assert!(log.end() - log.missing() <= Log::MOST as u64);
    }

    #[test]
    fn an_answer_that_comes_too_late_takes_nobody_back() {
        let (mut tail, mut log) = (Tail::default(), Log::default());
        answer(&mut tail, &mut log);
        tail.update(Move::Top, &log);
        let late = piece(tail.wants(&log).unwrap());
        tail.update(Move::Bottom, &log);
        log.append(&late, AT);
        tail.settle(&log, Rect::new(0, 0, 80, 20));
        assert_eq!(tail.wants(&log), Some(u64::MAX), "the end is wanted, not what was wanted before");
        answer(&mut tail, &mut log);
        assert_eq!((log.end(), tail.at), (TOTAL, (TOTAL - 1) / LINE * LINE));
    }
}
