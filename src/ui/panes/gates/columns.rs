//! What the queue of gates can be narrowed by.

use std::iter::once_with;

use super::Waiting;
use crate::domain::filter::{Column, Facet};
use crate::domain::gate::GateState;
use crate::domain::release::VersionName;
use crate::domain::text::Text;
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

/// Whether `seen` answers.
pub fn answers(seen: &Waiting<'_>, facet: Facet<'_>) -> bool {
    let gate = seen.value;
    facet
        .text("service", once_with(|| gate.service.visible()))
        .text("env", once_with(|| gate.environment.visible()))
        .text("state", [gate.state.as_str()])
        .text("source", once_with(|| seen.source.visible()))
        .at("age", gate.since)
        .text("version", gate.release.iter().map(VersionName::visible))
        .text("by", gate.initiator.iter().map(Text::as_str))
        .passes()
}
