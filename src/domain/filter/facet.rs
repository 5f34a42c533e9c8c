//! What a row answers of what a filter asks of columns. A row is asked in place: nothing is made ready that nobody asks for,
//! because thousands of rows are asked at each letter that is typed.

use jiff::{SignedDuration, Timestamp};

use super::has;

/// The most that can be asked of columns at once.
pub(super) const MOST: usize = 64;

/// What is asked of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) column: &'static str,
    pub(super) test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    Holds(Vec<String>),
    Is(Vec<&'static str>),
    Younger(SignedDuration),
    Older(SignedDuration),
    Less(u64),
    More(u64),
    Equal(u64),
}

/// What belongs together in a row, told column by column, by the first of its names. One part of a row has to answer
/// everything that is asked, so that `state:failed env:production` is a production that failed; what is the row's own
/// belongs to each of its parts, which go on from a copy.
#[derive(Debug, Clone, Copy)]
pub struct Facet<'f> {
    terms: &'f [Term],
    now: Timestamp,
    /// A bit for each term that is answered.
    answered: u64,
}

impl<'f> Facet<'f> {
    pub(super) const fn new(terms: &'f [Term], now: Timestamp) -> Self {
        Self { terms, now, answered: 0 }
    }

    /// Tells each of `texts`, texts or words, in `column`.
    #[must_use]
    pub fn text<T: AsRef<str>>(self, column: &str, texts: impl IntoIterator<Item = T>) -> Self {
        self.told(column, texts, |test, text| match test {
            Test::Holds(parts) => parts.iter().any(|part| has(text.as_ref(), part)),
            Test::Is(words) => words.contains(&text.as_ref()),
            _ => false,
        })
    }

    /// Tells when it was.
    #[must_use]
    pub fn at(self, column: &str, at: Option<Timestamp>) -> Self {
        let now = self.now;
        self.told(column, at, |test, at| match test {
            Test::Younger(age) => now.duration_since(*at) < *age,
            Test::Older(age) => now.duration_since(*at) > *age,
            _ => false,
        })
    }

    /// Tells how many there are.
    #[must_use]
    pub fn count(self, column: &str, count: Option<u64>) -> Self {
        self.told(column, count, |test, count| match test {
            Test::Less(most) => count < most,
            Test::More(least) => count > least,
            Test::Equal(wanted) => count == wanted,
            _ => false,
        })
    }

    /// Whether everything that is asked is answered.
    pub const fn passes(&self) -> bool {
        self.answered.count_ones() as usize == self.terms.len()
    }

    fn told<T>(mut self, column: &str, values: impl IntoIterator<Item = T>, holds: impl Fn(&Test, &T) -> bool) -> Self {
        let asked = |(_, term): &(usize, &Term)| term.column == column;
        if !self.terms.iter().enumerate().any(|term| asked(&term)) {
            return self;
        }
        for value in values {
            for (place, term) in self.terms.iter().enumerate().filter(asked) {
                self.answered |= u64::from(holds(&term.test, &value)) << place;
            }
        }
        self
    }
}
