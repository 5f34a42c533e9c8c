//! What the places whose traffic moves can be narrowed by.

use super::Moves;
use crate::domain::filter::{Column, Facet, Value};
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

/// What stands in them for a place.
pub fn facet<'a>(seen: &'a Moves<'_>) -> Facet<'a> {
    let (place, _, rollout) = &seen.value;
    let sides = [&rollout.stable, &rollout.candidate].into_iter().flatten().map(|side| side.version.visible());
    let colors = [&rollout.active, &rollout.idle].into_iter().flatten();
    let colors = colors.filter_map(|side| side.version.as_ref()).map(|version| version.visible());
    let mut facet = vec![
        ("service", Value::text(place.service.visible())),
        ("env", Value::text(place.environment.visible())),
        ("state", Value::text(rollout.phase.as_str())),
        ("kind", Value::text(rollout.kind.as_str())),
        ("source", Value::text(seen.source.visible())),
    ];
    facet.extend(sides.chain(colors).map(|version| ("version", Value::text(version))));
    facet
}
