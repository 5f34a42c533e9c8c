//! What the filters of the panes share.

use crate::domain::filter::Filter;

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
