//! What the board's list can be narrowed by: the newest run, its stages, and each environment.

use std::iter::once_with;

use super::Selected;
use crate::domain::environment::{Environment, EnvironmentState, Tier};
use crate::domain::filter::{Column, Facet, Filter};
use crate::domain::gate::GateState;
use crate::domain::ids::ServiceName;
use crate::domain::release::VersionName;
use crate::domain::rollout::Phase;
use crate::domain::run::{Run, Status};
use crate::domain::text::Text;
use crate::store::Store;
use crate::store::attention::{self, Attention};
use crate::ui::panes::filtering::all;

/// The columns.
pub const COLUMNS: &[Column] = &[
    Column::text(&["service"]),
    Column::text(&["env", "environment"]),
    Column::word(&["state"], states),
    Column::age(&["age"]),
    Column::text(&["version", "release"]),
    Column::text(&["by", "author"]),
    Column::count(&["behind"]),
    Column::text(&["stage"]),
    Column::text(&["branch"]),
    Column::text(&["title"]),
    Column::word(&["tier"], || all(Tier::ALL, Tier::as_str)),
    Column::word(&["need"], || all(Attention::ALL, Attention::as_str)),
    Column::text(&["source"]),
];

/// Everything that a run, a gate, a rollout or an environment can be.
fn states() -> Vec<&'static str> {
    let mut states = all(Status::ALL, Status::as_str);
    states.extend(all(EnvironmentState::ALL, EnvironmentState::as_str));
    states.extend(all(Phase::ALL, Phase::as_str));
    states.extend(all(GateState::ALL, GateState::as_str));
    states.extend(["held", "unknown"]);
    states.sort_unstable();
    states.dedup();
    states
}

/// Whether the service called `name` passes.
pub fn passes(filter: &Filter, store: &Store, name: &ServiceName, now: jiff::Timestamp) -> bool {
    let Some(seen) = store.service(name) else { return false };
    let visible = name.visible();
    let need = match attention::of(&seen.value) {
        Attention::Calm => "",
        need => need.as_str(),
    };
    filter.passes(now, &[&visible, need], |facet| answers(seen, facet))
}

/// Whether the service with the run, one of its stages, or one of its environments answers.
fn answers(seen: Selected<'_>, own: Facet<'_>) -> bool {
    let service = &seen.value;
    let own = own
        .text("service", once_with(|| service.name.visible()))
        .text("source", once_with(|| seen.source.visible()))
        .text("need", once_with(|| attention::of(service).as_str()));
    own.passes()
        || service.latest_run.iter().any(|of| run(of, own))
        || service.environments.iter().any(|of| environment(of, own).passes())
}

fn run(run: &Run, own: Facet<'_>) -> bool {
    let whole = own
        .text("branch", [run.branch.as_str()])
        .text("title", [run.title.as_str()])
        .text("by", [run.author.as_str()])
        .text("version", run.release.iter().map(VersionName::visible))
        .at("age", run.created_at.or(run.started_at));
    whole.text("state", [run.status.as_str()]).passes()
        || run
            .stages
            .iter()
            .any(|stage| whole.text("state", [stage.status.as_str()]).text("stage", [stage.name.as_str()]).passes())
}

fn environment<'f>(environment: &Environment, own: Facet<'f>) -> Facet<'f> {
    let release = environment.release.as_ref();
    let behind = environment.behind.and_then(|behind| behind.changes);
    own.text("env", once_with(|| environment.name.visible()))
        .text("tier", [environment.tier.as_str()])
        .text("state", [environment.state.as_str()])
        .text("state", environment.gates().map(|gate| gate.state.as_str()))
        .text("state", environment.rollout.iter().map(|rollout| rollout.phase.as_str()))
        .text("state", environment.held.then_some("held"))
        .text("version", release.map(|release| release.version.visible()))
        .at("age", release.and_then(|release| release.deployed_at))
        .text("by", release.and_then(|release| release.deployed_by.as_ref()).map(Text::as_str))
        .count("behind", behind.map(u64::from))
}
