//! What the flags can be narrowed by: the flag, and its state in each environment.

use std::iter::once_with;

use super::matrix;
use crate::domain::filter::{Column, Facet};
use crate::domain::flag::{Flag, FlagState};
use crate::domain::ids::ServiceName;
use crate::domain::rollout::Weight;
use crate::domain::text::Text;
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

/// Whether the flag with one of its environments answers.
pub fn answers(seen: &Seen<Flag>, own: Facet<'_>) -> bool {
    let flag = &seen.value;
    let own = own
        .text("flag", once_with(|| flag.key.visible()))
        .text("kind", [matrix::kind(flag)])
        .text("source", once_with(|| seen.source.visible()))
        .text("service", flag.services.iter().map(ServiceName::visible));
    own.passes() || flag.environments.iter().any(|state| environment(state, own).passes())
}

fn environment<'f>(state: &FlagState, own: Facet<'f>) -> Facet<'f> {
    let percent = if state.enabled { state.percent } else { Some(Weight::NONE) };
    own.text("env", once_with(|| state.name.visible()))
        .text("state", [if state.enabled { "on" } else { "off" }])
        .count("percent", percent.map(|percent| u64::from(percent.percent())))
        .at("age", state.changed_at)
        .text("by", state.changed_by.iter().map(Text::as_str))
}
