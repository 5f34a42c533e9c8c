//! What the commits can be narrowed by.

use crate::domain::change::Commit;
use crate::domain::filter::{Column, Facet, Filter, Value};
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
    filter.passes(now, &texts, || (facet(store, commit), std::iter::empty()))
}

fn facet<'a>(store: &'a Store, commit: &'a Commit) -> Facet<'a> {
    let mut facet = vec![
        ("by", Value::text(commit.author.as_str())),
        ("title", Value::text(commit.title.as_str())),
        ("commit", Value::text(commit.id.as_str())),
    ];
    facet.extend(commit.files.iter().flatten().map(|file| ("file", Value::text(file.path.as_str()))));
    facet.extend(commit.at.map(|at| ("age", Value::At(at))));
    facet.extend(commit.file_count().map(|count| ("files", Value::Count(count))));
    facet.extend(commit.pull.iter().map(|pull| ("pull", Value::text(pull.as_str()))));
    facet.extend(commit.migrates().then(|| ("touches", Value::text("migration"))));
    for flag in store.flags_of(commit) {
        facet.extend([("touches", Value::text("flag")), ("flag", Value::text(flag.key.visible()))]);
    }
    facet
}
