//! The flags as they are shown.

use crate::domain::flag::{Flag, FlagKind, FlagState};
use crate::domain::ids::{EnvironmentName, SourceName};
use crate::domain::rollout::Weight;
use crate::domain::text::Text;
use crate::engine::deeds::set_flag::{environments, setting};
use crate::engine::state::{flag, revision};
use crate::engine::view::View;

/// All flags, by key.
pub fn flags(view: &View<'_>) -> Vec<Flag> {
    view.state.flags.values().map(|record| one(view, record)).collect()
}

fn one(view: &View<'_>, record: &flag::Flag) -> Flag {
    let environments = environments(view.state, record);
    Flag {
        key: record.key.clone(),
        // The engine does not know what a console calls it.
        source: SourceName::new("engine"),
        services: record.services.iter().cloned().collect(),
        kind: record.kind,
        kill_switch: record.kind == FlagKind::KillSwitch,
        description: record.description.as_ref().map(Text::new),
        environments: environments.into_iter().map(|name| state(record, name)).collect(),
    }
}

fn state(record: &flag::Flag, name: EnvironmentName) -> FlagState {
    let setting = setting(record, &name);
    FlagState {
        enabled: setting.enabled,
        percent: Some(setting.percent.unwrap_or(Weight::ALL)),
        variants: Vec::new(),
        segments: Vec::new(),
        revision: revision::flag(&record.key, &name, &setting),
        changed_at: setting.changed_at,
        changed_by: setting.changed_by.as_ref().map(Text::new),
        name,
    }
}
