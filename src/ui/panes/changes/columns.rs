//! What the commits can be narrowed by.

use std::iter::once_with;

use crate::domain::change::Commit;
use crate::domain::filter::{Column, Facet, Filter};
use crate::domain::text::Text;
use crate::store::Store;

/// The columns.
pub const COLUMNS: &[Column] = &[
    Column::text(&["by", "author"]),
    Column::text(&["title"]),
    Column::text(&["file", "path"]),
    Column::age(&["age"]),
    Column::word(&["touches"], || vec!["migration", "flag"]),
    Column::text(&["flag"]),
    Column::count(&["files"]),
    Column::text(&["pull"]),
    Column::text(&["commit"]),
];

/// Whether `commit` passes.
pub fn passes(filter: &Filter, store: &Store, commit: &Commit, now: jiff::Timestamp) -> bool {
    let mut texts = vec![commit.title.as_str(), commit.author.as_str(), commit.id.as_str()];
    texts.extend(commit.files.iter().flatten().map(|file| file.path.as_str()));
    filter.passes(now, &texts, |facet| answers(store, commit, facet))
}

fn answers(store: &Store, commit: &Commit, facet: Facet<'_>) -> bool {
    let facet = facet
        .text("by", [commit.author.as_str()])
        .text("title", [commit.title.as_str()])
        .text("commit", [commit.id.as_str()])
        .text("file", commit.files.iter().flatten().map(|file| file.path.as_str()))
        .at("age", commit.at)
        .count("files", commit.file_count())
        .text("pull", commit.pull.iter().map(Text::as_str))
        .text("touches", commit.migrates().then_some("migration"));
    facet
        .text("touches", once_with(|| store.flags_of(commit).next()).flatten().map(|_| "flag"))
        .text("flag", once_with(|| store.flags_of(commit)).flatten().map(|flag| flag.key.visible()))
        .passes()
}
