//! What the filters of the panes share.

use crate::domain::filter::Filter;

/// What a [`Pane`](super::Pane) answers about its list where the pane keeps what it is narrowed to in `self.filter`, and the
/// list can be narrowed by `$columns`.
macro_rules! narrowed_by {
    ($columns:expr) => {
        fn filter(&self) -> Option<&str> {
            Some(self.filter.text())
        }

        fn columns(&self) -> &'static [$crate::domain::filter::Column] {
            $columns
        }

        fn narrow(&mut self, words: &str, _world: &World<'_>) {
            self.filter = Filter::parse(words, $columns);
        }
    };
}

/// Every word of a vocabulary.
pub fn all<T: Copy>(values: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    values.iter().map(|value| word(*value)).collect()
}

/// What a list is narrowed to, before what else is said of it: `/state:failed · `; nothing while it is not.
pub fn narrowed(filter: &Filter) -> String {
    match (filter.text(), filter.faults()) {
        ("", _) => String::new(),
        (text, []) => format!("/{text} · "),
        (text, _) => format!("/{text}, not all of it understood · "),
    }
}
