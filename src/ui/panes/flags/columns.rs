//! What the flags can be narrowed by: the flag, and its state in each environment.

use super::matrix;
use crate::domain::filter::{Column, Facet, Value};
use crate::domain::flag::{Flag, FlagState};
use crate::domain::rollout::Weight;
use crate::store::Seen;

/// The columns.
pub const COLUMNS: &[Column] = &[
    Column::text(&["flag", "key"]),
    Column::text(&["kind"]),
    Column::text(&["service"]),
    Column::text(&["env", "environment"]),
    Column::word(&["state"], || vec!["on", "off"]),
    Column::count(&["percent"]),
    Column::age(&["age"]),
    Column::text(&["by"]),
    Column::text(&["source"]),
];

/// What stands in them for a flag, and for each of its environments.
pub fn facets(seen: &Seen<Flag>) -> (Facet<'_>, impl Iterator<Item = Facet<'_>>) {
    let flag = &seen.value;
    let mut own = vec![
        ("flag", Value::text(flag.key.visible())),
        ("kind", Value::text(matrix::kind(flag))),
        ("source", Value::text(seen.source.visible())),
    ];
    own.extend(flag.services.iter().map(|service| ("service", Value::text(service.visible()))));
    (own, flag.environments.iter().map(state))
}

fn state(state: &FlagState) -> Facet<'_> {
    let percent = if state.enabled { state.percent } else { Some(Weight::NONE) };
    let mut facet = vec![
        ("env", Value::text(state.name.visible())),
        ("state", Value::text(if state.enabled { "on" } else { "off" })),
    ];
    facet.extend(percent.map(|percent| ("percent", Value::Count(u64::from(percent.percent())))));
    facet.extend(state.changed_at.map(|at| ("age", Value::At(at))));
    facet.extend(state.changed_by.iter().map(|by| ("by", Value::text(by.as_str()))));
    facet
}
