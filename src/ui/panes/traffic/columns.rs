//! What the places whose traffic moves can be narrowed by.

use std::iter::once_with;

use super::Moves;
use crate::domain::filter::{Column, Facet};
use crate::domain::rollout::{Phase, RolloutKind};
use crate::ui::panes::filtering::all;

/// The columns.
pub const COLUMNS: &[Column] = &[
    Column::text(&["service"]),
    Column::text(&["env", "environment"]),
    Column::word(&["state", "phase"], || all(Phase::ALL, Phase::as_str)),
    Column::word(&["kind"], || all(RolloutKind::ALL, RolloutKind::as_str)),
    Column::text(&["version", "release"]),
    Column::text(&["source"]),
];

/// Whether `seen` answers.
pub fn answers(seen: &Moves<'_>, facet: Facet<'_>) -> bool {
    let (place, _, rollout) = &seen.value;
    let sides = [&rollout.stable, &rollout.candidate].into_iter().flatten().map(|side| side.version.visible());
    let colors = [&rollout.active, &rollout.idle].into_iter().flatten();
    let colors = colors.filter_map(|side| side.version.as_ref()).map(|version| version.visible());
    facet
        .text("service", once_with(|| place.service.visible()))
        .text("env", once_with(|| place.environment.visible()))
        .text("state", [rollout.phase.as_str()])
        .text("kind", [rollout.kind.as_str()])
        .text("source", once_with(|| seen.source.visible()))
        .text("version", sides.chain(colors))
        .passes()
}
