//! What the queue of gates can be narrowed by.

use super::Waiting;
use crate::domain::filter::{Column, Facet, Value};
use crate::domain::gate::GateState;
use crate::ui::panes::filtering::all;

/// The columns.
pub const COLUMNS: &[Column] = &[
    Column::text(&["service"]),
    Column::text(&["env", "environment"]),
    Column::word(&["state"], || all(GateState::ALL, GateState::as_str)),
    Column::age(&["age"]),
    Column::text(&["version", "release"]),
    Column::text(&["by", "author"]),
    Column::text(&["source"]),
];

/// What stands in them for a gate.
pub fn facet<'a>(seen: &'a Waiting<'_>) -> Facet<'a> {
    let gate = seen.value;
    let mut facet = vec![
        ("service", Value::text(gate.service.visible())),
        ("env", Value::text(gate.environment.visible())),
        ("state", Value::text(gate.state.as_str())),
        ("source", Value::text(seen.source.visible())),
    ];
    facet.extend(gate.since.map(|at| ("age", Value::At(at))));
    facet.extend(gate.release.iter().map(|version| ("version", Value::text(version.visible()))));
    facet.extend(gate.initiator.iter().map(|by| ("by", Value::text(by.as_str()))));
    facet
}
