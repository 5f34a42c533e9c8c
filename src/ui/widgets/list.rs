//! A list's selection and window: kept by identity, so that a row that moves stays selected, and counted without
//! looking at the rows outside the window.

use std::ops::Range;

use crate::ui::command::Move;

/// What is selected of a list, and which part of it is in view. `K` is a row's identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<K> {
    selected: Option<K>,
    at: usize,
    offset: usize,
    height: usize,
}

impl<K> Default for List<K> {
    fn default() -> Self {
        Self { selected: None, at: 0, offset: 0, height: 1 }
    }
}

impl<K: Clone + PartialEq> List<K> {
    /// Finds the selection again among `rows`, of which `height` fit on the screen. What is gone gives its place to
    /// the row that now stands there; where nothing was selected the first row is, for good.
    pub fn settle(&mut self, rows: &[K], height: usize) {
        self.height = height.max(1);
        let found = match &self.selected {
            Some(key) if rows.get(self.at) == Some(key) => Some(self.at),
            Some(key) => rows.iter().position(|row| row == key),
            None => None,
        };
        self.at = found.unwrap_or(self.at).min(rows.len().saturating_sub(1));
        self.selected = rows.get(self.at).cloned();
        self.scroll(rows.len());
    }

    /// Moves the selection; `false` for a move that a list does not know.
    pub fn update(&mut self, to: Move, rows: &[K]) -> bool {
        let last = rows.len().saturating_sub(1);
        let page = self.height.saturating_sub(1).max(1);
        self.at = match to {
            Move::Up => self.at.saturating_sub(1),
            Move::Down => self.at.saturating_add(1).min(last),
            Move::Top => 0,
            Move::Bottom => last,
            Move::PageUp => self.at.saturating_sub(page),
            Move::PageDown => self.at.saturating_add(page).min(last),
            Move::Left | Move::Right | Move::NextPart | Move::PreviousPart => return false,
        };
        self.selected = rows.get(self.at).cloned();
        self.scroll(rows.len());
        true
    }

    /// Selects `key`, if it is among `rows`.
    pub fn select(&mut self, key: &K, rows: &[K]) -> bool {
        let Some(at) = rows.iter().position(|row| row == key) else { return false };
        (self.at, self.selected) = (at, Some(key.clone()));
        self.scroll(rows.len());
        true
    }

    /// Selects the row drawn `line` lines below the window's first, if there is one.
    pub fn select_line(&mut self, line: usize, rows: &[K]) -> bool {
        match rows.get(self.offset + line) {
            Some(key) if line < self.height => {
                let key = key.clone();
                self.select(&key, rows)
            }
            _ => false,
        }
    }

    /// The selected row's identity.
    pub const fn selected(&self) -> Option<&K> {
        self.selected.as_ref()
    }

    /// The selected row's place.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// The rows in view, of `len`.
    pub fn window(&self, len: usize) -> Range<usize> {
        let start = self.offset.min(len);
        start..(start + self.height).min(len)
    }

    fn scroll(&mut self, len: usize) {
        let most = len.saturating_sub(self.height);
        self.offset = self.offset.clamp((self.at + 1).saturating_sub(self.height), self.at).min(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_moves_stays_selected() {
        let mut list = List::default();
        list.settle(&["a", "b", "c"], 2);
        list.update(Move::Down, &["a", "b", "c"]);
        list.settle(&["b", "c", "a"], 2);
        assert_eq!((list.selected(), list.at()), (Some(&"b"), 0));
        list.settle(&["c", "a", "d", "b"], 2);
        assert_eq!((list.at(), list.window(4)), (3, 2..4));
    }

    #[test]
    fn the_first_row_is_selected_for_good() {
        let mut list = List::default();
        list.settle(&["a", "b"], 5);
        list.settle(&["b", "a"], 5);
        assert_eq!(list.selected(), Some(&"a"));
    }

    #[test]
    fn a_row_that_is_gone_leaves_its_place() {
        let mut list = List::default();
        list.settle(&["a", "b", "c"], 5);
        list.update(Move::Bottom, &["a", "b", "c"]);
        list.settle(&["a", "b"], 5);
        assert_eq!(list.selected(), Some(&"b"));
        list.settle(&[], 5);
        assert_eq!((list.selected(), list.window(0)), (None, 0..0));
    }

    #[test]
    fn the_window_follows_the_selection_and_never_shows_less_than_it_could() {
        let rows: Vec<_> = (0..100).collect();
        let mut list = List::default();
        list.settle(&rows, 10);
        list.update(Move::PageDown, &rows);
        assert_eq!((list.at(), list.window(100)), (9, 0..10));
        list.update(Move::Down, &rows);
        assert_eq!(list.window(100), 1..11);
        list.update(Move::Bottom, &rows);
        assert_eq!(list.window(100), 90..100);
        list.settle(&rows, 30);
        assert_eq!(list.window(100), 70..100);
        assert!(list.select_line(0, &rows));
        assert_eq!(list.at(), 70);
        assert!(!list.select_line(30, &rows));
    }
}
